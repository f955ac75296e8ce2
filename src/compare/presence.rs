//! What a value that is null, absent or not documented means at the shape level, and which rule says so.
//!
//! OData properties are nullable unless their type says otherwise, and collections are never null (OData CSDL 4.01 section 7.2.1). A
//! service leaves out what is null only if it says so (`omit-values`, OData Protocol 4.01 section 8.2.8.6), and what a request does not
//! select (section 11.2.5.1) or expand (OData JSON Format 4.01 section 8).

use super::comparing::Comparing;
use super::context::Side;
use super::control::{bare_type, own_type, removed_form};
use super::place::Place;
use super::typed::{self, Declared};
use super::{MismatchKind, Rule, RuleSource, Severity};
use crate::at::At;
use crate::json::{Cursor, Json, Kind};
use crate::normal::{Node, is_annotation};
use crate::service::{Fit, ServiceDeclared, ServiceProperty, ServiceValue};
use crate::source::SourceLine;

/// What the request says of a value that it sent.
pub(super) const SENT: &str = "the request sent a value";

/// In what a value departs from the example, and what that means.
pub(super) struct Departure {
    pub(super) kind: MismatchKind,
    pub(super) severity: Severity,
    /// What decided; not named any more where there are more differences than are kept.
    pub(super) rule: Option<Rule>,
}

impl Comparing<'_, '_> {
    /// In what a value departs from what stands in its place in the example, or from what is declared of it.
    pub(super) fn departure(&mut self, place: &Place<'_>) -> Option<Departure> {
        let (expected, actual) = (place.expected, place.actual);
        // What the page shows is never wrong, even if it is not of its own type.
        if expected == actual {
            return None;
        }
        let declared = self.context.declared(self.side, place);
        if place.name() == Some("@odata.type") && actual.kind() == Kind::String {
            let same = expected.as_str().map(bare_type) == actual.as_str().map(bare_type);
            if same {
                return None;
            }
            let rule = Some(self.context.page_rule(self.side, &Declared::default(), place, None));
            return Some(Departure { kind: MismatchKind::Type, severity: Severity::Error, rule });
        }
        let service = self.context.service(self.side, place);
        if actual.kind() == Kind::Null {
            return self.null(place, &declared, service);
        }
        let placeholder = self.context.placeholder(self.side, place);
        let page = typed::difference(&declared, placeholder, expected, actual);
        let own = match service {
            ServiceValue::Declared(own) => own.fit(actual.kind(), || actual.to_json(), declared.large_numbers),
            ServiceValue::Unknown | ServiceValue::Undeclared { .. } => Fit::Unknown,
        };
        let (kind, severity, by_service) = match (page, mismatch_of(own)) {
            (None, None) => return None,
            (Some(kind), None) if own == Fit::Fits => (kind, Severity::Notice, true),
            (Some(kind), None) => (kind, Severity::Error, false),
            (Some(kind), Some(_)) => (kind, Severity::Error, true),
            (None, Some(kind)) => {
                let lists_members = declared.enumeration().is_some() || declared.primitive().is_some();
                let is_silent = match kind {
                    MismatchKind::Enum => !lists_members,
                    _ => expected.kind() == Kind::Null && !declared.says_anything(),
                };
                (kind, if is_silent { Severity::Error } else { Severity::Notice }, true)
            }
        };
        if self.is_terse() {
            return Some(Departure { kind, severity, rule: None });
        }
        let rule = match service {
            ServiceValue::Declared(own) if by_service => rule_of_type(own, actual, kind, severity),
            _ => {
                let says = placeholder.map(|name| format!("a placeholder for {name}"));
                self.context.page_rule(self.side, &declared, place, says)
            }
        };
        let rule = Some(rule);
        Some(Departure { kind, severity, rule })
    }

    /// What a null means where there may be a value.
    fn null(&mut self, place: &Place<'_>, declared: &Declared<'_>, service: ServiceValue<'_>) -> Option<Departure> {
        let found = self.null_rule(place, declared, service)?;
        let (severity, rule) = found;
        Some(Departure { kind: MismatchKind::Null, severity, rule: Some(rule) })
    }

    fn null_rule(
        &mut self,
        place: &Place<'_>,
        declared: &Declared<'_>,
        service: ServiceValue<'_>,
    ) -> Option<(Severity, Rule)> {
        let shown = place.expected.kind();
        if shown != Kind::Null {
            if let Some(line) = self.sent(place) {
                return Some((Severity::Error, Rule::new(RuleSource::Request(line), SENT)));
            }
            let wrapper =
                |place: &Place<'_>| matches!(place.cursor, Cursor::Member(_, "value")) && is_root(place.parent);
            let is_whole = place.parent.is_none() || (wrapper(place) && declared.property.is_none());
            // An element of a collection that is a whole body is an entity, or something else that has members.
            let is_entity = matches!(place.cursor, Cursor::Element(..))
                && shown == Kind::Object
                && place.parent.is_some_and(|parent| parent.parent.is_none() || wrapper(parent))
                && declared.property.is_none();
            if is_whole || is_entity {
                let says = if is_entity { "an entity is never null" } else { "the body has a value" };
                return Some((Severity::Error, self.sample(place, says)));
            }
        }
        let never = |what: &str| format!("{what} is a collection, which is never null");
        let severity = |is_nullable: bool| if is_nullable { Severity::Notice } else { Severity::Error };
        if let ServiceValue::Declared(own) = service {
            if own.is_collection() {
                return Some((Severity::Error, service_rule(own, never(&own.subject()))));
            }
            match (own.property().and_then(ServiceProperty::may_be_null), declared.nullable()) {
                // What the page allows is no drift.
                (Some(false), Some(true)) | (None, _) => {}
                (Some(true), _) if shown == Kind::Null => return None,
                (Some(is_nullable), _) => {
                    let says = format!("{} is {}nullable", own.subject(), if is_nullable { "" } else { "not " });
                    return Some((severity(is_nullable), service_rule(own, says)));
                }
            }
        }
        if declared.is_collection() {
            let name = declared.property.map_or_else(String::new, |property| format!("`{}`", property.name));
            let rule = self.context.page_rule(self.side, declared, place, Some(never(&name)));
            return Some((Severity::Error, rule));
        }
        if shown == Kind::Array {
            return Some((Severity::Error, self.sample(place, &never("what the example shows"))));
        }
        match (declared.nullable(), declared.property) {
            (Some(false), Some(property)) => {
                let says = Some(format!("`{}` is not nullable", property.name));
                Some((Severity::Error, self.context.page_rule(self.side, declared, place, says)))
            }
            _ if shown == Kind::Null => None,
            (Some(true), Some(property)) => {
                let says = Some(format!("`{}` is nullable", property.name));
                Some((Severity::Notice, self.context.page_rule(self.side, declared, place, says)))
            }
            _ => {
                let says = "a value may be null unless its type says otherwise";
                Some((Severity::Notice, Rule::new(RuleSource::Protocol, says)))
            }
        }
    }

    /// What the example says.
    fn sample(&mut self, place: &Place<'_>, says: &str) -> Rule {
        Rule::new(RuleSource::Sample(self.context.source(self.side, &At::Path(place.path()))), says)
    }

    /// Where the request sent a value in that place, or within it.
    pub(super) fn sent(&mut self, place: &Place<'_>) -> Option<SourceLine> {
        if self.context.is_server_set(place) {
            return None;
        }
        let line = self.context.sent(place);
        let is_repeated = place.is_echo() || place.has_echoes() || place.sends_elements();
        line.or_else(|| is_repeated.then(|| self.context.source(Side::Request, &At::Body)))
    }

    /// A member that the example has and the response does not.
    pub(super) fn missing_by_shape(&mut self, place: &Place<'_>) -> Departure {
        let (severity, rule) = self.missing_rule(place);
        Departure { kind: MismatchKind::MissingMember, severity, rule: Some(rule) }
    }

    fn missing_rule(&mut self, place: &Place<'_>) -> (Severity, Rule) {
        // How many annotations a service sends depends on the metadata that the client asks for, and on the data (OData JSON
        // Format 4.01 section 3.1), also where the request sent them: minimal metadata has no `@odata.type` that can be guessed.
        if place.name().is_some_and(is_annotation) {
            return (Severity::Notice, Rule::new(RuleSource::Protocol, "annotations may be left out"));
        }
        let names = place.names();
        if self.context.selection.leaves_out(&names) {
            let line = self.context.source(Side::Request, &At::Status);
            return (Severity::Notice, Rule::new(RuleSource::Request(line), "`$select` does not name it"));
        }
        if let Some(line) = self.sent(place) {
            return (Severity::Error, Rule::new(RuleSource::Request(line), SENT));
        }
        if place.expected.kind() == Kind::Null {
            return (Severity::Notice, self.sample(place, "the example has null"));
        }
        let mut nullable = self.context.declared(self.side, place).nullable();
        match self.context.service(self.side, place) {
            ServiceValue::Declared(own) => {
                if own.property().is_some_and(|property| property.navigation) && !self.context.selection.expands(&names)
                {
                    let says = format!("{} is a navigation property, which the request does not expand", own.subject());
                    return (Severity::Notice, service_rule(own, says));
                }
                let declared = own.property().and_then(ServiceProperty::may_be_null);
                nullable = if own.is_collection() { Some(false) } else { declared.or(nullable) };
            }
            // What an object says it is may lack what the example's object has.
            ServiceValue::Undeclared { rules, owner, line, .. } if place.parent.is_some_and(says_other_type) => {
                return (
                    Severity::Notice,
                    rule_at(rules.source_line(owner, line), format!("{owner} has no such property")),
                );
            }
            ServiceValue::Undeclared { .. } | ServiceValue::Unknown => {}
        }
        if self.context.omits_nulls && nullable != Some(false) && place.expected.kind() != Kind::Array {
            let says = "the service leaves out what is null (`Preference-Applied: omit-values`)";
            return (Severity::Notice, Rule::new(RuleSource::Protocol, says));
        }
        (Severity::Error, self.sample(place, "the example has a value"))
    }

    /// A member that the example does not have, at the shape level. The table of the page, or of the type's own page, may, or the
    /// service may declare it.
    pub(super) fn undocumented_by_shape(&mut self, place: &Place<'_>) -> Option<Departure> {
        let declared = self.context.declared(self.side, place);
        if declared.property.is_some() || self.context.is_declared_elsewhere(place) {
            return self.departure_of_more(place, &declared);
        }
        let (by_page, says, page) = self.context.undocumented(place);
        let service = self.context.service(self.side, place);
        let severity = match service {
            ServiceValue::Declared(_) => {
                if let Some(departure) = self.departure_of_more(place, &declared) {
                    return Some(departure);
                }
                if self.context.is_strict() { by_page } else { Severity::Notice }
            }
            ServiceValue::Undeclared { open: true, .. } => Severity::Notice,
            ServiceValue::Undeclared { .. } | ServiceValue::Unknown => by_page,
        };
        let kind = MismatchKind::UndocumentedMember;
        if self.is_terse() {
            return Some(Departure { kind, severity, rule: None });
        }
        let rule = match (service, page) {
            (ServiceValue::Declared(own), _) => service_rule(own, format!("{} is declared", own.subject())),
            (ServiceValue::Undeclared { rules, owner, line, open }, _) if by_page == Severity::Error => {
                let says = if open { format!("{owner} is open") } else { format!("{owner} has no such property") };
                rule_at(rules.source_line(owner, line), says)
            }
            (_, Some(page)) => Rule::new(RuleSource::Page(SourceLine::new(page, 1)), says),
            _ => self.sample(place, says),
        };
        Some(Departure { kind, severity, rule: Some(rule) })
    }

    /// In what a value departs from what is declared of it, where the example has none.
    fn departure_of_more(&mut self, place: &Place<'_>, declared: &Declared<'_>) -> Option<Departure> {
        if place.actual.kind() != Kind::Null {
            return self.departure(place);
        }
        let service = self.context.service(self.side, place);
        self.null(place, declared, service)
    }

    /// Whether an object is of what a delta response says of an entity or link that is gone, or of a link that is new (OData JSON
    /// Format 4.01 section 15): of those only the key counts, and what else they have.
    pub(super) fn is_removed(&self, place: &Place<'_>) -> bool {
        let is_element = matches!(place.cursor, Cursor::Element(..));
        is_element && self.is_delta && removed_form(place.actual)
    }
}

/// What it is that a value other than null departs from what is declared of it in; `None` where it does not.
fn mismatch_of(fit: Fit) -> Option<MismatchKind> {
    match fit {
        Fit::Unknown | Fit::Fits => None,
        Fit::Structure => Some(MismatchKind::Structure),
        Fit::Type => Some(MismatchKind::Type),
        Fit::Format => Some(MismatchKind::Format),
        Fit::Member => Some(MismatchKind::Enum),
    }
}

/// What is declared of a value's type, in words. A member of an enumeration is named.
fn rule_of_type(own: ServiceDeclared<'_>, actual: &Node, kind: MismatchKind, severity: Severity) -> Rule {
    let collection = if own.is_collection() { "a collection of " } else { "" };
    let says = match (kind, severity) {
        (MismatchKind::Enum, Severity::Notice) if actual.as_str().is_some() => {
            let name = actual.as_str().unwrap_or_default();
            format!("`{name}` is a member of {}", own.type_ref.name)
        }
        (MismatchKind::Enum, _) => format!("{} has no such member", own.type_ref.name),
        _ => format!("{} is {collection}{}", own.subject(), own.type_ref.name),
    };
    service_rule(own, says)
}

/// What is declared of a value, and where.
fn service_rule(own: ServiceDeclared<'_>, says: String) -> Rule {
    rule_at(own.source_line(), says)
}

fn rule_at(line: SourceLine, says: String) -> Rule {
    Rule { source: RuleSource::Metadata(line), says }
}

/// Whether a place is the whole body.
fn is_root(place: Option<&Place<'_>>) -> bool {
    place.is_some_and(|place| place.parent.is_none())
}

/// Whether an object says that it is of another type than the example's object.
fn says_other_type(object: &Place<'_>) -> bool {
    let actual = own_type(object.actual);
    actual.is_some() && actual != own_type(object.expected)
}

impl<'p> Place<'p> {
    /// The names that lead to a member from the entity, or from the elements of the collection, that is the body.
    pub(super) fn names(&self) -> Vec<&'p str> {
        let mut names = Vec::new();
        let mut place = Some(self);
        while let Some(own) = place {
            names.extend(own.name());
            place = own.parent;
        }
        names.reverse();
        // What stands in `value` is what the request is for.
        let is_wrapped = names.len() > 1 && names[0] == "value";
        if is_wrapped { names.split_off(1) } else { names }
    }
}

/// Nothing, which an undocumented value is compared with.
pub(super) const NOTHING: Node = Node::Plain(Json::Null);
