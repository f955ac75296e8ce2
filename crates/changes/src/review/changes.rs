//! The difference of two normal forms as changes that a reviewer decides on.

use std::collections::{BTreeSet, HashMap};

use super::classify::{About, kind_of};
use super::patch::sample_of;
use super::restore::restored;
use crate::declared::{self, DeclaredBody, Side, any_element, names_annotation};
use crate::diff::{Found, area, by_cause, one_contract};
use crate::judgment::{Volatile, is_evolvable};
use crate::{Change, Kind, NOTHING, Place};
use graph_contracts::at::{At, DeclaredPart, RequestPart};
use graph_contracts::compare::{Context, Mismatch, MismatchKind, OTHER_LENGTH, Reference, compare};
use graph_contracts::contract::{Contract, Declaration, content_type};
use graph_contracts::edm::LargeNumbers;
use graph_contracts::json::{self, Path};
use graph_contracts::normal::{Node, NormalForm};
use graph_contracts::service::{Fit, ServiceDeclared, ServiceKinds, ServiceProperty, ServiceRules, ServiceValue};
use graph_contracts::source::SourceLine;

/// Which answers two forms are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The stub's: both are as documented, now and when they were reviewed.
    Stub,
    /// A live service's: every difference from the documentation is one that its types and echoes do not allow.
    Live,
}

/// The change from having no reviewed form to having one.
pub(crate) fn new_contract(contract: &Contract) -> Change {
    let after = format!("{} {}: {}", contract.request.method, contract.request.url, contract.response.status);
    let words = (NOTHING.to_owned(), after);
    change(contract, Kind::NewContract, &contract.id, None, words, (None, Some(contract.location())))
}

/// Everything in which a contract's form `new` departs from `old`, what breaks first.
pub fn changes(contract: &Contract, of: Of, old: &NormalForm, new: &NormalForm) -> Vec<Change> {
    // Values of a live form are masked by shape already; comparing by shape again would find a mask like anything.
    let reference = if of == Of::Stub { Reference::Snapshot } else { Reference::Documentation };
    let found = compare(old, new, reference, &mut Context::new(contract)).mismatches;
    let mut changes = match of {
        Of::Stub => documented(contract, (old, new), found),
        Of::Live => {
            let rules = contract.service_rules();
            let drift = Drift::new(contract, (old, new), rules.as_ref());
            let is_of_request = |mismatch: &Mismatch| matches!(mismatch.at, At::Request(_));
            let (of_request, of_response): (Vec<Mismatch>, Vec<Mismatch>) = found.into_iter().partition(is_of_request);
            // The request is as documented, now and when the drift was accepted.
            let old = NormalForm { request: old.request.clone(), ..new.clone() };
            let mut changes = documented(contract, (&old, new), of_request);
            changes.extend(of_response.into_iter().map(|mismatch| drift.change(mismatch)));
            changes
        }
    };
    changes.sort_by_key(|change| !change.is_breaking());
    changes
}

/// Which change each mismatch of a live service's form with an earlier one is.
pub(super) fn live_kinds(contract: &Contract, forms: (&NormalForm, &NormalForm), mismatches: &[Mismatch]) -> Vec<Kind> {
    let rules = contract.service_rules();
    let drift = Drift::new(contract, forms, rules.as_ref());
    mismatches.iter().map(|mismatch| drift.kind(mismatch)).collect()
}

/// What differs between two documented forms: what a comparison of two sets finds in the contracts that they are of, and of the
/// other mismatches that they are there. `cargo test` fails for them.
fn documented(contract: &Contract, (old, new): (&NormalForm, &NormalForm), mismatches: Vec<Mismatch>) -> Vec<Change> {
    let (before, after) = (restored(contract, old), restored(contract, new));
    let volatile = (Volatile::of_form(&before, old), Volatile::of_form(&after, new));
    let mut found = one_contract((&before, &volatile.0), (&after, &volatile.1));
    let judged = Judged::new(&found);
    let others = mismatches.into_iter().filter(|mismatch| !judged.has(&mismatch.at));
    let others: Vec<Change> = others
        .map(|Mismatch { kind, at, expected, actual, source, .. }| {
            let kind = unjudged(kind, &at);
            change(contract, kind, &at.to_string(), Some(at), (expected, actual), (None, Some(source)))
        })
        .collect();
    for own in &mut found {
        // What was is a snapshot, which has no page.
        own.place.old = None;
        if let Some(spot) = &own.place.spot
            && matches!(own.kind, Kind::SampleChanged | Kind::AnnotationChanged)
        {
            own.key = spot.to_string();
        }
    }
    let mut changes = by_cause(found);
    for change in &mut changes {
        if let [Place { spot: Some(spot), .. }] = change.places.as_slice()
            && !matches!(spot, At::Declared(_))
        {
            change.subject = spot.to_string();
        }
    }
    changes.extend(others);
    changes
}

/// Where something was judged.
struct Judged {
    spots: BTreeSet<At>,
    /// The types and properties; names that differ in their case alone are one.
    declared: BTreeSet<DeclaredPart>,
    /// Whether permissions are others.
    has_permissions: bool,
    /// Whether the operation is another one.
    is_other_operation: bool,
}

impl Judged {
    fn new(found: &[Found]) -> Judged {
        let spots = || found.iter().filter_map(|own| own.place.spot.as_ref());
        let is_of_operation =
            |own: &Found| matches!(own.kind, Kind::OperationRemoved | Kind::OperationAdded | Kind::RouteRewritten);
        let declared = spots().filter_map(|spot| match spot {
            At::Declared(part) => Some(in_lower_case(part)),
            _ => None,
        });
        let declared = declared.collect();
        let spots = spots().map(any_element_of).collect();
        let is_of_permissions = |own: &Found| is_of_permissions(own.kind);
        let has_permissions = found.iter().any(is_of_permissions);
        Judged { spots, declared, has_permissions, is_other_operation: found.iter().any(is_of_operation) }
    }

    /// Whether a change of what is declared was judged.
    fn has_declared(&self, of: &DeclaredPart) -> bool {
        if of.is_of_permissions() { self.has_permissions } else { self.declared.contains(&in_lower_case(of)) }
    }

    /// Whether a mismatch is at, or in, something that was judged, or follows from it.
    fn has(&self, at: &At) -> bool {
        let around = |path: &Path, spot: fn(Path) -> At| {
            let mut path = Some(any_element(path));
            std::iter::from_fn(move || {
                let own = path.take()?;
                path = own.parent();
                Some(spot(own))
            })
            .any(|spot| self.spots.contains(&spot))
        };
        match at {
            At::Path(path) => around(path, At::Path),
            At::Request(RequestPart::Path(path)) => around(path, |path| At::Path(path).in_request()),
            At::Request(RequestPart::Line | RequestPart::Routes) if self.is_other_operation => true,
            // The media type comes and goes with the body.
            At::Header(name) if name == "content-type" => self.spots.contains(at) || self.spots.contains(&At::Body),
            At::Request(RequestPart::Header(name)) if name == "content-type" => {
                self.spots.contains(at) || self.spots.contains(&At::Body.in_request())
            }
            At::Declared(of) => self.has_declared(of),
            at => self.spots.contains(at),
        }
    }
}

fn in_lower_case(part: &DeclaredPart) -> DeclaredPart {
    match part {
        DeclaredPart::Type(name) => DeclaredPart::Type(name.to_lowercase()),
        DeclaredPart::Property(type_name, property) => {
            DeclaredPart::Property(type_name.to_lowercase(), property.to_lowercase())
        }
        part => part.clone(),
    }
}

fn is_of_permissions(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PermissionAdded
            | Kind::PermissionRemoved
            | Kind::AccountAdded
            | Kind::AccountRemoved
            | Kind::PermissionsRestated
    )
}

fn any_element_of(spot: &At) -> At {
    match spot {
        At::Path(path) => At::Path(any_element(path)),
        At::Request(RequestPart::Path(path)) => At::Path(any_element(path)).in_request(),
        spot => spot.clone(),
    }
}

/// What a mismatch of two documented forms is in which their rules and samples do not differ for a caller.
fn unjudged(kind: MismatchKind, at: &At) -> Kind {
    match at {
        At::Header(_) => Kind::ResponseHeaderChanged,
        At::Declared(of) if of.is_of_permissions() => Kind::PermissionsRestated,
        At::Declared(_) => Kind::PropertyTyped,
        At::Request(RequestPart::Header(_)) => Kind::RequestHeaderChanged,
        At::Path(_) if kind == MismatchKind::DuplicateMember => Kind::ResponseMemberRepeated,
        At::Path(path) | At::Request(RequestPart::Path(path)) if names_annotation(path) => Kind::AnnotationChanged,
        _ => Kind::SampleChanged,
    }
}

/// A change in the one place of a contract.
fn change(
    contract: &Contract,
    kind: Kind,
    at: &str,
    spot: Option<At>,
    (before, after): (String, String),
    (old, new): (Option<SourceLine>, Option<SourceLine>),
) -> Change {
    let places = vec![Place { item: contract.id.clone(), at: at.to_owned(), spot, old, new }];
    Change { kind, area: area(contract), subject: at.to_owned(), before, after, places, mismatch: None }
}

/// What a live service answered, in two forms.
struct Drift<'c> {
    contract: &'c Contract,
    old: &'c NormalForm,
    new: &'c NormalForm,
    response: Declared<'c>,
    /// What the contract keeps of the service's metadata, which goes before the page.
    rules: Option<&'c ServiceRules>,
}

impl<'c> Drift<'c> {
    fn new(
        contract: &'c Contract,
        (old, new): (&'c NormalForm, &'c NormalForm),
        rules: Option<&'c ServiceRules>,
    ) -> Drift<'c> {
        let response = Declared::of(declared::body(contract, Side::Response));
        Drift { contract, old, new, response, rules }
    }

    fn change(&self, mismatch: Mismatch) -> Change {
        let kind = self.kind(&mismatch);
        let Mismatch { at, expected, actual, source, kind: found, .. } = mismatch;
        let own = change(self.contract, kind, &at.to_string(), Some(at), (expected, actual), (Some(source), None));
        Change { mismatch: Some(found), ..own }
    }

    fn kind(&self, mismatch: &Mismatch) -> Kind {
        let mut about = About { was_empty: mismatch.expected == NOTHING, ..About::default() };
        let mut kind = mismatch.kind;
        if let At::Path(path) = &mismatch.at {
            about.is_annotation = names_annotation(path);
            let property = self.response.at(path).property;
            about.is_nullable = property.is_some_and(|property| property.nullable == Some(true));
            let values = property.map(|property| property.values.as_slice()).unwrap_or_default();
            about.is_evolvable = is_evolvable(values);
            let (before, after) = (self.old.body.at(path), self.new.body.at(path));
            let mut is_enumeration = !values.is_empty();
            if let Some(ServiceValue::Declared(own)) = self.rules.map(|rules| self.contract.response_value(rules, path))
            {
                about.fit = after.map(|after| fit(own, after, self.contract)).unwrap_or_default();
                about.is_nullable = may_be_null(own).unwrap_or(about.is_nullable);
                about.is_navigation = own.property().is_some_and(|property| property.navigation);
                if let ServiceKinds::Enumeration(own) = own.kinds() {
                    (is_enumeration, about.is_evolvable) = (true, own.is_evolvable());
                }
            }
            about.was_empty = before.is_none_or(|before| before.kind() == json::Kind::Null);
            about.lost_echo = is_echo(self.old, path) && !is_echo(self.new, path);
            kind = refined(kind, (before, after), about, is_enumeration);
        }
        kind_of(kind, about)
    }
}

/// How a value of an answer stands beside what is declared of it. Where the form has a mask, a value of its shape stands.
fn fit(own: ServiceDeclared<'_>, value: &Node, contract: &Contract) -> Fit {
    let sample = match value {
        Node::Mask(mask) => sample_of(*mask),
        value => value.to_json(),
    };
    match sample.kind() {
        json::Kind::Null => Fit::Unknown,
        kind => own.fit(kind, || sample, LargeNumbers::of(content_type(&contract.response.headers))),
    }
}

/// Whether what is declared lets a value be null, if that is known. A collection is never null (OData CSDL 4.01 section 7.2.1).
fn may_be_null(own: ServiceDeclared<'_>) -> Option<bool> {
    if own.is_collection() { Some(false) } else { own.property().and_then(ServiceProperty::may_be_null) }
}

/// The kind of a difference between values of a live service, given what masks say of them.
fn refined(
    kind: MismatchKind,
    (before, after): (Option<&Node>, Option<&Node>),
    about: About,
    is_enumeration: bool,
) -> MismatchKind {
    let (Some(before), Some(after)) = (before, after) else { return kind };
    match kind {
        _ if after.as_str() == Some(OTHER_LENGTH) => MismatchKind::Length,
        MismatchKind::VolatileShape if before.kind() != after.kind() => MismatchKind::Type,
        // A live value that only were another one would be no drift.
        MismatchKind::Value if is_enumeration => MismatchKind::Enum,
        MismatchKind::Value if !about.lost_echo => MismatchKind::Format,
        kind => kind,
    }
}

/// Whether a response repeats at a path what its request sent there.
pub(super) fn is_echo(form: &NormalForm, path: &Path) -> bool {
    let sent = form.request.body.at(path);
    sent.is_some() && sent == form.body.at(path)
}

/// What a contract declares of the values of a body, whatever the element.
struct Declared<'c>(HashMap<Path, Declaration<'c>>);

impl<'c> Declared<'c> {
    fn of(body: Option<DeclaredBody<'c>>) -> Declared<'c> {
        let mut found = HashMap::new();
        if let Some(body) = body {
            body.typed.visit(|_, cursor, declared| {
                found.entry(any_element(&cursor.path())).or_insert(declared);
            });
        }
        Declared(found)
    }

    fn at(&self, path: &Path) -> Declaration<'c> {
        self.0.get(&any_element(path)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::contract::{PageName, TypeIndex, build};
    use graph_contracts::page::Page;

    /// A contract that sends a name and gets a lamp.
    fn contract() -> Contract {
        let text = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n\
            |Property|Type|Description|\n|:--|:--|:--|\n|name|String|The name.|\n\
            |power|power|The power. The possible values are: `on`, `off`, `unknownFutureValue`.|\n\
            |mode|mode|The mode. The possible values are: `day`, `night`.|\n\n## Example\n\n```http\n\
            POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"a\", \"power\": \"on\", \
            \"mode\": \"day\"}\n```\n\n```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n\
            {\n\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"a\", \"power\": \"on\", \"mode\": \"day\", \"watts\": 60, \"none\": null, \"made\": \"2024-01-01\"}\n```\n";
        let page = Page::parse("lamp-post.md", text);
        build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1
    }

    fn form(status: u16, headers: &str, body: &str) -> NormalForm {
        let text = format!(
            "POST https://graph.microsoft.com/v1.0/lamps\nroute /lamps\ncontent-type: application/json\n\n\
             {{\"name\": \"a\"}}\n\nHTTP {status}\n{headers}\n{body}"
        );
        NormalForm::parse(&text).expect("a form")
    }

    const BODY: &str =
        r#"{"name": "a", "power": "on", "mode": "day", "watts": 60, "none": null, "made": "2024-01-01"}"#;

    /// The changes when a piece of the body becomes another.
    #[track_caller]
    fn check(of: Of, from: &str, to: &str, expected: &[&str]) {
        assert!(BODY.contains(from), "{from}");
        let headers = "content-type: application/json\n";
        let (old, new) = (form(201, headers, BODY), form(201, headers, &BODY.replacen(from, to, 1)));
        check_forms(of, &old, &new, expected);
    }

    #[track_caller]
    fn check_forms(of: Of, old: &NormalForm, new: &NormalForm, expected: &[&str]) {
        check_contract(&contract(), of, (old, new), expected);
    }

    #[track_caller]
    fn check_contract(contract: &Contract, of: Of, (old, new): (&NormalForm, &NormalForm), expected: &[&str]) {
        let line = |change: Change| {
            let effect = if change.is_breaking() { "breaks" } else { "passes" };
            let source = change.source().map(ToString::to_string).unwrap_or_default();
            format!("{} {effect} {} {} > {} {source}", change.kind, change.subject, change.before, change.after)
        };
        let found: Vec<String> = changes(contract, of, old, new).into_iter().map(line).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_the_contract_keeps_of_metadata_goes_before_the_page_in_what_a_service_answers() {
        let metadata = serde_json::json!({
            "document": "v1.0.csdl",
            "messages": {},
            "types": {
                "microsoft.graph.lamp": { "entity": { "line": 3, "complete": true, "properties": {
                    "name": { "type": "Edm.String", "line": 4 },
                    "mode": { "type": "microsoft.graph.mode", "line": 5 },
                    "watts": { "type": "Edm.Double", "nullable": false, "line": 6 },
                    "none": { "type": "microsoft.graph.lamp", "navigation": true, "line": 7 },
                    "made": { "type": "Edm.DateTimeOffset", "line": 8 },
                } } },
                "microsoft.graph.mode": { "enumeration": { "line": 9, "members": ["day", "night", "dusk", "unknownFutureValue"] } },
            },
        });
        let mut kept = contract();
        kept.metadata = Some(Box::new(serde_json::from_value(metadata).expect("what a contract keeps")));
        let check = |from: &str, to: &str, by_page: &str, by_metadata: &str| {
            assert!(BODY.contains(from), "{from}");
            let headers = "content-type: application/json\n";
            let forms = (&form(201, headers, BODY), &form(201, headers, &BODY.replacen(from, to, 1)));
            for (contract, expected) in [(&contract(), by_page), (&kept, by_metadata)] {
                check_contract(contract, Of::Live, forms, &[&format!("{expected} lamp-post.md:31")]);
            }
        };
        let dusk = "$['mode'] \"day\" > \"dusk\"";
        let made = "$['made'] \"2024-01-01\" > [datetime]";
        for (from, to, by_page, by_metadata) in [
            // The page calls the enumeration closed, and lists less of it.
            ("\"day\"", "\"dusk\"", format!("enum-value-added breaks {dusk}"), format!("sample-changed passes {dusk}")),
            (
                "\"day\"",
                "\"noon\"",
                "enum-value-added breaks $['mode'] \"day\" > \"noon\"".to_owned(),
                "evolvable-enum-value-added passes $['mode'] \"day\" > \"noon\"".to_owned(),
            ),
            // The page shows another form than the service has.
            (
                "\"2024-01-01\"",
                "\"[datetime]\"",
                format!("response-value-form breaks {made}"),
                format!("sample-changed passes {made}"),
            ),
            (
                "60",
                "\"[number]\"",
                "response-value-form breaks $['watts'] 60 > [number]".to_owned(),
                "sample-changed passes $['watts'] 60 > [number]".to_owned(),
            ),
            (
                "\"2024-01-01\"",
                "null",
                "response-member-null breaks $['made'] \"2024-01-01\" > null".to_owned(),
                "sample-changed passes $['made'] \"2024-01-01\" > null".to_owned(),
            ),
            (
                ", \"none\": null",
                "",
                "response-member-removed breaks $['none'] null > nothing".to_owned(),
                "response-member-unshown passes $['none'] null > nothing".to_owned(),
            ),
        ] {
            check(from, to, &by_page, &by_metadata);
        }
        for (from, to, both) in [
            ("60", "\"[string]\"", "response-member-retyped breaks $['watts'] 60 > [string]"),
            ("60", "null", "response-member-null breaks $['watts'] 60 > null"),
            ("\"a\"", "\"b\"", "echo-lost breaks $['name'] \"a\" > \"b\""),
            (", \"watts\": 60", "", "response-member-removed breaks $['watts'] 60 > nothing"),
        ] {
            check(from, to, both, both);
        }
    }

    #[test]
    fn members_come_go_and_become_others() {
        let check = |of, from, to, text: &str| {
            // What a page shows no more has the line of the object around it, and so has what no page shows.
            let line = match of {
                Of::Stub if text.ends_with("> nothing") => 30,
                Of::Stub if text.contains("'hue'") => 32,
                Of::Live if text.contains("'hue'") => 30,
                _ => 31,
            };
            check(of, from, to, &[&format!("{text} lamp-post.md:{line}")]);
        };
        for of in [Of::Stub, Of::Live] {
            check(of, ", \"watts\": 60", "", "response-member-removed breaks $['watts'] 60 > nothing");
            let added = "response-member-added passes $['hue'] nothing > [string]";
            check(of, "60", "60, \"hue\": \"[string]\"", added);
            check(of, "60", "\"[string]\"", "response-member-retyped breaks $['watts'] 60 > [string]");
            check(of, "60", "[]", "response-member-retyped breaks $['watts'] 60 > []");
            check(
                of,
                "60",
                "60, \"watts\": \"[int]\"",
                "response-member-repeated breaks $['watts'] the member once > [int]",
            );
            check(of, "\"day\"", "\"dusk\"", "enum-value-added breaks $['mode'] \"day\" > \"dusk\"");
            check(of, "\"on\"", "\"dim\"", "evolvable-enum-value-added passes $['power'] \"on\" > \"dim\"");
        }
    }

    #[test]
    fn what_a_document_shows_is_a_sample_and_what_a_service_does_is_a_drift() {
        let check = |from, to, of_stub: &str, of_live: &str| {
            let place = "lamp-post.md:31";
            check(Of::Stub, from, to, &[&format!("{of_stub} {place}")]);
            check(Of::Live, from, to, &[&format!("{of_live} {place}")]);
        };
        check(
            "60",
            "null",
            "sample-changed passes $['watts'] 60 > null",
            "response-member-null breaks $['watts'] 60 > null",
        );
        check(
            "\"a\"",
            "\"b\"",
            "sample-changed passes $['name'] \"a\" > \"b\"",
            "echo-lost breaks $['name'] \"a\" > \"b\"",
        );
        check(
            "\"2024-01-01\"",
            "\"x\"",
            "sample-changed passes $['made'] \"2024-01-01\" > \"x\"",
            "response-value-form breaks $['made'] \"2024-01-01\" > \"x\"",
        );
        let form = "response-value-form breaks $['made'] \"2024-01-01\" > [datetime]";
        check("\"2024-01-01\"", "\"[datetime]\"", form, form);
    }

    #[test]
    fn a_sample_of_the_stub_is_no_drift_of_a_service() {
        let place = "lamp-post.md:31";
        check(Of::Stub, "60", "61", &[&format!("sample-changed passes $['watts'] 60 > 61 {place}")]);
        check(Of::Live, "60", "\"[int]\"", &[&format!("response-value-form breaks $['watts'] 60 > [int] {place}")]);
        check(Of::Stub, "null", "1", &[&format!("sample-changed passes $['none'] null > 1 {place}")]);
        let other = "\"[another number of elements]\"";
        check(Of::Live, "60", other, &[&format!("response-length breaks $['watts'] 60 > {other} {place}")]);
    }

    #[test]
    fn status_headers_and_bodies_change_too() {
        let headers = "content-type: application/json\n";
        let old = form(201, headers, BODY);
        check_forms(Of::Live, &old, &form(404, "", ""), &["status-changed breaks status 201 > 404 lamp-post.md:27"]);
        let found = ["response-header-changed passes header content-type application/json > nothing lamp-post.md:27"];
        check_forms(Of::Stub, &old, &form(201, "", BODY), &found);
        let found = ["response-header-added passes header etag nothing > x lamp-post.md:27"];
        check_forms(Of::Stub, &old, &form(201, &format!("{headers}etag: x\n"), BODY), &found);
        let found = ["response-media-type breaks header content-type application/json > text/html lamp-post.md:28"];
        check_forms(Of::Live, &old, &form(201, "content-type: text/html\n", BODY), &found);
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, "| [text]\n"));
        assert_eq!(
            (shown.len(), shown[0].kind, shown[0].is_breaking()),
            (1, Kind::ResponseBodyRetyped, true),
            "{shown:?}"
        );
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, ""));
        assert_eq!(
            (shown.len(), shown[0].kind, shown[0].is_breaking()),
            (1, Kind::ResponseBodyRemoved, true),
            "{shown:?}"
        );
    }

    #[test]
    fn a_changed_request_is_told_from_a_changed_response() {
        let old = form(201, "", BODY);
        let text = old.to_string().replacen("\"name\": \"a\"", "\"name\": \"b\"", 1);
        let new = NormalForm::parse(&text).expect("a form");
        let expected = ["sample-changed passes request $['name'] \"a\" > \"b\" lamp-post.md:23"];
        check_forms(Of::Stub, &old, &new, &expected);
    }

    #[test]
    fn a_new_contract_breaks_nobody() {
        let change = new_contract(&contract());
        assert!(!change.is_breaking() && change.after.ends_with("/lamps: 201"), "{change:?}");
    }
}
