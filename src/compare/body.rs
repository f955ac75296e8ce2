//! Compares two JSON bodies in normal form, value by value.

use std::collections::HashSet;

use super::comparing::{Comparing, Trial};
use super::control::{own_type, removed_form};
use super::excerpt::{EXCERPT, excerpt};
use super::identity::{Agreement, is_like};
use super::place::Place;
use super::presence::{Departure, NOTHING, SENT};
use super::typed::{self, form};
use super::{MismatchKind, Rule, RuleSource, Severity};
use crate::at::At;
use crate::edm::Primitive;
use crate::json::{Json, Key, Kind, Pair, pairs};
use crate::normal::{Level, Mask, Node, Shape, Text, is_annotation};

impl Comparing<'_, '_> {
    fn report_at(&mut self, kind: MismatchKind, place: &Place<'_>, expected: &str, actual: &str) {
        self.report_sides(Severity::Error, kind, place, || (expected.to_owned(), actual.to_owned()));
    }

    /// At the shape level, only what the request sent is compared by value: then it is the request that decides, and not the example.
    fn report_difference(&mut self, kind: MismatchKind, place: &Place<'_>) {
        let sides = || (shown(place.expected), shown(place.actual));
        let is_by_rule = self.context.level == Level::Shape && self.has_room(Severity::Error);
        match is_by_rule.then(|| self.sent(place)).flatten() {
            Some(line) => {
                let rule = Some(Rule::new(RuleSource::Request(line), SENT));
                self.report_departure(Departure { kind, severity: Severity::Error, rule }, place, sides);
            }
            None => self.report_sides(Severity::Error, kind, place, sides),
        }
    }

    fn report_twice(&mut self, place: &Place<'_>) {
        let sides = || ("the member once".to_owned(), shown(place.actual));
        self.report_sides(Severity::Error, MismatchKind::DuplicateMember, place, sides);
    }

    /// Most differences of a hostile response are only counted; what they would say is not made.
    fn report_sides(
        &mut self,
        severity: Severity,
        kind: MismatchKind,
        place: &Place<'_>,
        sides: impl FnOnce() -> (String, String),
    ) {
        if self.has_room(severity) {
            let at = At::Path(place.path());
            let source = self.context.source(self.side, &at);
            let rule = self.example_rule(&source, &at);
            self.keep(source, severity, kind, at, sides(), rule);
        }
    }

    /// Compares the value at a place, and all in it.
    pub(super) fn value(&mut self, place: &Place<'_>) {
        self.count();
        let by_shape = self.context.level == Level::Shape;
        let is_echo = place.is_echo() && !self.context.is_server_set(place);
        match (place.expected, place.actual) {
            (Node::Object(_), Node::Object(_)) => self.object(place),
            (Node::Array(expected), Node::Array(actual)) if by_shape && !is_echo => {
                self.collection(place, expected, actual);
            }
            (Node::Array(expected), Node::Array(actual)) => self.array(place, expected, actual),
            _ if by_shape && (!is_echo || place.actual.kind() == Kind::Null) => {
                if let Some(departure) = self.departure(place) {
                    self.report_departure(departure, place, || (shown(place.expected), shown(place.actual)));
                } else if place.expected.kind() == Kind::Null && place.actual.kind() != Kind::Null {
                    if !self.context.declared(self.side, place).says_anything() {
                        self.unheld();
                    }
                    self.duplicates(place);
                }
            }
            (Node::Mask(one), Node::Mask(other)) => match self.identities.agree(*one, *other) {
                Agreement::Same => {}
                Agreement::OtherShape => self.report_difference(MismatchKind::VolatileShape, place),
                Agreement::OtherIdentity | Agreement::Unverified => {
                    self.report_difference(MismatchKind::Identity, place);
                }
            },
            (Node::Mask(mask), Node::String(text)) if text.as_literal().is_some_and(|text| is_like(*mask, text)) => {
                self.unverified_at(place, vec![*mask]);
            }
            (Node::String(one), Node::String(other)) => self.string(place, one, other),
            (Node::String(one), Node::Mask(other)) if one.as_literal() == self.identified.text(*other) => {}
            (Node::Plain(Json::Number(one)), Node::Plain(Json::Number(other))) if one.same_value(other) => {
                // `7.0` is the number 7, and no integer (OData ABNF `int32Value`).
                let is_fraction = one.is_integer() && !other.is_integer();
                if is_fraction && self.context.declared(self.side, place).primitive().is_some_and(Primitive::is_integer)
                {
                    self.report_difference(MismatchKind::Format, place);
                }
            }
            (Node::Plain(one), Node::Plain(other)) if one == other => {}
            (expected, actual) => self.report_difference(kind_of_difference(expected, actual), place),
        }
    }

    fn report_departure(&mut self, departure: Departure, place: &Place<'_>, sides: impl FnOnce() -> (String, String)) {
        let Departure { kind, severity, rule } = departure;
        if self.has_room(severity) {
            let at = At::Path(place.path());
            let source = self.context.source(self.side, &at);
            self.keep(source, severity, kind, at, sides(), rule);
        }
    }

    /// Members of the same name are compared in their order: a documented member may occur twice, too.
    fn object(&mut self, place: &Place<'_>) {
        let by_shape = self.context.level == Level::Shape;
        let is_removed = by_shape && self.is_removed(place);
        let pairs = pairs(place.expected, place.actual).unwrap_or_default();
        let has_more = pairs.iter().any(|pair| pair.one.is_none());
        let place = &self.context.typed(self.side, place);
        let mut seen = HashSet::new();
        for Pair { key, one, other } in pairs {
            let Key::Name(name) = key else { continue };
            let place = place.member(name, one.unwrap_or(&NOTHING), other.unwrap_or(&NOTHING));
            match (one, other) {
                (Some(_), Some(_)) => self.value(&place),
                // Of what is gone, the key is there.
                (Some(_), None) if is_removed => {}
                (Some(_), None) => self.missing(&place),
                (None, Some(_)) if is_removed && !seen.contains(name) => self.duplicates(&place),
                _ if seen.contains(name) => {
                    self.report_twice(&place);
                }
                // The service may always add annotations (OData JSON Format 4.01 section 4.6).
                _ if by_shape && is_annotation(name) => {}
                _ => self.undocumented(&place),
            }
            if has_more {
                seen.insert(name);
            }
        }
    }

    fn missing(&mut self, place: &Place<'_>) {
        let expected = || shown(place.expected);
        if self.context.level == Level::Shape {
            let departure = self.missing_by_shape(place);
            return self.report_departure(departure, place, || (expected(), "nothing".to_owned()));
        }
        let sides = || (expected(), "nothing".to_owned());
        self.report_sides(Severity::Error, MismatchKind::MissingMember, place, sides);
    }

    /// A member that the example does not have.
    fn undocumented(&mut self, place: &Place<'_>) {
        if self.context.level == Level::Exact {
            let sides = || ("nothing".to_owned(), shown(place.actual));
            return self.report_sides(Severity::Error, MismatchKind::UndocumentedMember, place, sides);
        }
        self.duplicates(place);
        if let Some(departure) = self.undocumented_by_shape(place) {
            let declared = self.context.declared(self.side, place);
            let expected = declared.property.map_or("nothing", |property| property.type_name.as_str());
            self.report_departure(departure, place, || (expected.to_owned(), shown(place.actual)));
        }
    }

    /// Members that occur twice within a value that is compared with nothing.
    fn duplicates(&mut self, place: &Place<'_>) {
        self.count();
        match place.actual {
            Node::Object(members) => {
                let mut seen = HashSet::new();
                for (name, value) in members {
                    let place = place.member(name, &NOTHING, value);
                    if !seen.insert(name.as_str()) {
                        self.report_twice(&place);
                    }
                    self.duplicates(&place);
                }
            }
            Node::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.duplicates(&place.element(index, index, &NOTHING, item));
                }
            }
            Node::Mask(_) | Node::String(_) | Node::Plain(_) => {}
        }
    }

    /// Element by element.
    fn array(&mut self, place: &Place<'_>, expected: &[Node], actual: &[Node]) {
        for (index, (one, other)) in expected.iter().zip(actual).enumerate() {
            self.value(&place.element(index, index, one, other));
        }
        self.length(place, expected, actual);
    }

    fn length(&mut self, place: &Place<'_>, expected: &[Node], actual: &[Node]) {
        if expected.len() != actual.len() {
            self.report_at(MismatchKind::Length, place, &elements(expected.len()), &elements(actual.len()));
        }
    }

    /// Each element has to agree with one of the documented elements. Their number and order cannot be
    /// predict, unless the request sent them.
    fn collection(&mut self, place: &Place<'_>, expected: &[Node], actual: &[Node]) {
        let mut used = vec![false; expected.len()];
        let forms: Vec<bool> = expected.iter().map(removed_form).collect();
        for (index, other) in actual.iter().enumerate() {
            let is_removed = self.is_removed(&place.element(index, index, &NOTHING, other));
            if expected.is_empty() || (!is_removed && !forms.contains(&false)) {
                self.value(&place.element(index, index, &NOTHING, other));
            } else if let Some(other_type) = undocumented_type(expected, other).filter(|_| !is_removed) {
                let documented = own_type(&expected[0]).unwrap_or_default();
                let place = place.element(index, index, &NOTHING, other);
                self.duplicates(&place);
                let sides = || (documented.to_owned(), other_type.to_owned());
                self.report_sides(Severity::Notice, MismatchKind::Type, &place, sides);
            } else {
                let template = self.element(place, index, expected, other, (&forms, is_removed));
                used[template] |= forms[template] == is_removed;
            }
        }
        if actual.is_empty() && !expected.is_empty() && !place.sends_elements() {
            self.nothing_asserted(place, expected);
        }
        if place.sends_elements() {
            self.length(place, expected, actual);
            self.lost_echoes(place, expected, actual, &used);
        }
        for (index, _) in used.iter().enumerate().filter(|(_, used)| !**used) {
            let unused = place.element(index, index, &expected[index], &NOTHING);
            self.not_asserted(&unused);
        }
    }

    /// Says that a list is empty, so that its documented elements are compared with nothing.
    fn nothing_asserted(&mut self, place: &Place<'_>, expected: &[Node]) {
        let says = "the list is empty, so nothing of its elements was asserted".to_owned();
        let rule = Some(Rule { source: RuleSource::Protocol, says });
        let departure = Departure { kind: MismatchKind::Length, severity: Severity::Notice, rule };
        self.report_departure(departure, place, || (elements(expected.len()), elements(0)));
    }

    /// Elements that the request sent, and that no element of the response is.
    fn lost_echoes(&mut self, place: &Place<'_>, expected: &[Node], actual: &[Node], used: &[bool]) {
        if expected.len() != actual.len() {
            return;
        }
        for (index, (one, other)) in expected.iter().zip(actual).enumerate().filter(|(index, _)| !used[*index]) {
            let place = place.element(index, index, one, other);
            if place.has_echoes() {
                self.report_difference(MismatchKind::Value, &place);
            }
        }
    }

    /// Compares an element with the documented one that it agrees with, or else with the nearest, and says which that is. One
    /// that has `null` or nothing where the element has something is no better for that.
    fn element(
        &mut self,
        place: &Place<'_>,
        index: usize,
        expected: &[Node],
        actual: &Node,
        (forms, is_removed): (&[bool], bool),
    ) -> usize {
        let own = own_type(actual);
        let is_form = forms.contains(&is_removed);
        let same_type = |candidate: &usize| {
            let template = &expected[*candidate];
            let is_type = own.is_none() || own_type(template).is_none_or(|other| Some(other) == own);
            (is_removed || is_type) && (!is_form || forms[*candidate] == is_removed)
        };
        let first = Some(index).filter(|index| *index < expected.len());
        let others = (0..expected.len()).filter(|other| Some(*other) != first);
        let candidates: Vec<usize> = first.into_iter().chain(others).filter(same_type).collect();
        let mut nearest: Option<(usize, Trial)> = None;
        let before = self.progress();
        for candidate in &candidates {
            self.value(&place.element(index, *candidate, &expected[*candidate], actual));
            if candidates.len() == 1 {
                return *candidate;
            }
            let trial = self.take_since(before);
            let is_best = trial.rank == (false, 0, 0);
            if nearest.as_ref().is_none_or(|(_, nearest)| trial.rank < nearest.rank) {
                nearest = Some((*candidate, trial));
            }
            if is_best || !self.may_try() {
                break;
            }
        }
        let (candidate, trial) = match nearest {
            Some(nearest) => nearest,
            None => return 0,
        };
        self.put_back(trial);
        candidate
    }

    fn string(&mut self, place: &Place<'_>, expected: &Text, actual: &Text) {
        let kind = match self.identities.agree_texts(expected, actual, self.identified) {
            Some((Agreement::Same, _)) => return,
            Some((Agreement::Unverified, masks)) => return self.unverified_at(place, masks),
            Some((Agreement::OtherIdentity, _)) => MismatchKind::Identity,
            Some((Agreement::OtherShape, _)) => MismatchKind::VolatileShape,
            None => self.kind_of_text(place, &expected.to_string(), &actual.to_string()),
        };
        self.report_difference(kind, place);
    }

    fn unverified_at(&mut self, place: &Place<'_>, masks: Vec<Mask>) {
        self.unverified(masks, At::Path(place.path()), shown(place.expected), shown(place.actual));
    }

    /// What is wrong with a string that is not the documented one: it may be no member of the documented enumeration, or not
    /// have the form of its type.
    fn kind_of_text(&self, place: &Place<'_>, expected: &str, actual: &str) -> MismatchKind {
        let declared = self.context.declared(self.side, place);
        if let Some(values) = declared.enumeration()
            && typed::is_member(values, expected)
            && !typed::is_member(values, actual)
        {
            return MismatchKind::Enum;
        }
        let form = declared.primitive().and_then(Shape::of_type).or_else(|| form(expected));
        // A documented value that does not have the form of its own type cannot be compared with the response.
        let is_malformed =
            form.is_some_and(|form| Shape::of_string(expected) == form && Shape::of_string(actual) != form);
        if is_malformed { MismatchKind::Format } else { MismatchKind::Value }
    }
}

fn elements(count: usize) -> String {
    if count == 1 { "1 element".to_owned() } else { format!("{count} elements") }
}

/// What is wrong with a value of another kind.
pub(super) fn kind_of_difference(expected: &Node, actual: &Node) -> MismatchKind {
    match (expected.kind(), actual.kind()) {
        (_, Kind::Null) => MismatchKind::Null,
        (Kind::Array, Kind::Object) | (Kind::Object, Kind::Array) => MismatchKind::Structure,
        _ if matches!(expected, Node::Mask(_)) => MismatchKind::VolatileShape,
        (one, other) if one == other => MismatchKind::Value,
        _ => MismatchKind::Type,
    }
}

/// The type that an object says it is, if none of the documented elements is of that type and all say theirs.
fn undocumented_type<'n>(documented: &[Node], actual: &'n Node) -> Option<&'n str> {
    let own = own_type(actual)?;
    documented.iter().all(|element| own_type(element).is_some_and(|other| other != own)).then_some(own)
}

fn shown(node: &Node) -> String {
    match node {
        Node::Mask(mask) => mask.to_string(),
        Node::String(text) => excerpt(&Json::String(text.to_string()).to_string()),
        Node::Plain(value) => excerpt(&value.to_string()),
        // No character takes more than four bytes.
        Node::Array(_) | Node::Object(_) => excerpt(&node.beginning(4 * (EXCERPT + 1))),
    }
}
