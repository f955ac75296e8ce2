//! Compares two JSON bodies in normal form, value by value.

use std::collections::{HashMap, HashSet, VecDeque};

use super::compare::{Comparison, excerpt};
use super::identity::Agreement;
use super::{At, MismatchKind};
use crate::contract::Primitive;
use crate::json::{Json, Kind, Path};
use crate::normal::{Node, Shape, Text};

pub(super) struct BodyComparison<'b, 'c, 'a>(&'b mut Comparison<'c, 'a>);

impl<'b, 'c, 'a> BodyComparison<'b, 'c, 'a> {
    pub(super) fn new(comparison: &'b mut Comparison<'c, 'a>) -> Self {
        BodyComparison(comparison)
    }

    pub(super) fn compare(&mut self, expected: &Node, actual: &Node) {
        self.value(&Path::root(), expected, actual);
    }

    fn report(&mut self, kind: MismatchKind, path: &Path, expected: impl Into<String>, actual: impl Into<String>) {
        self.0.report(kind, At::Path(path.clone()), expected, actual);
    }

    fn value(&mut self, path: &Path, expected: &Node, actual: &Node) {
        match (expected, actual) {
            (Node::Object(expected), Node::Object(actual)) => self.object(path, expected, actual),
            (Node::Array(expected), Node::Array(actual)) => self.array(path, expected, actual),
            (Node::Mask(one), Node::Mask(other)) => match self.0.identities.agree(*one, *other) {
                Agreement::Same => {}
                Agreement::OtherShape => {
                    self.report(MismatchKind::VolatileShape, path, one.to_string(), other.to_string())
                }
                Agreement::OtherIdentity => {
                    self.report(MismatchKind::Identity, path, one.to_string(), other.to_string())
                }
            },
            (Node::String(one), Node::String(other)) => self.string(path, one, other),
            (Node::Plain(Json::Number(one)), Node::Plain(Json::Number(other))) if one.same_value(other) => {}
            (Node::Plain(one), Node::Plain(other)) if one == other => {}
            _ => {
                let kind = self.kind_of_difference(expected, actual);
                self.report(kind, path, shown(expected), shown(actual));
            }
        }
    }

    /// Members of the same name are compared in their order: a documented member may occur twice, too.
    fn object(&mut self, path: &Path, expected: &[(String, Node)], actual: &[(String, Node)]) {
        let mut by_name: HashMap<&str, VecDeque<&Node>> = HashMap::new();
        actual.iter().for_each(|(name, value)| by_name.entry(name).or_default().push_back(value));
        for (name, value) in expected {
            let path = path.member(name);
            match by_name.get_mut(name.as_str()).and_then(VecDeque::pop_front) {
                Some(other) => self.value(&path, value, other),
                None => self.report(MismatchKind::MissingMember, &path, shown(value), "nothing"),
            }
        }
        let documented: HashSet<&str> = expected.iter().map(|(name, _)| name.as_str()).collect();
        let mut seen = HashSet::new();
        for (name, _) in actual {
            // What is left of a name has no counterpart.
            let Some(value) = by_name.get_mut(name.as_str()).and_then(VecDeque::pop_front) else { continue };
            let path = path.member(name);
            if documented.contains(name.as_str()) || !seen.insert(name.as_str()) {
                self.report(MismatchKind::DuplicateMember, &path, "the member once", shown(value));
            } else {
                self.report(MismatchKind::UndocumentedMember, &path, "nothing", shown(value));
            }
        }
    }

    fn array(&mut self, path: &Path, expected: &[Node], actual: &[Node]) {
        for (index, (one, other)) in expected.iter().zip(actual).enumerate() {
            self.value(&path.element(index), one, other);
        }
        if expected.len() != actual.len() {
            let elements = |count: usize| if count == 1 { "1 element".to_owned() } else { format!("{count} elements") };
            self.report(MismatchKind::Length, path, elements(expected.len()), elements(actual.len()));
        }
    }

    fn string(&mut self, path: &Path, expected: &Text, actual: &Text) {
        let kind = match self.0.identities.agree_texts(expected, actual) {
            Some(Agreement::Same) => return,
            Some(Agreement::OtherIdentity) => MismatchKind::Identity,
            Some(Agreement::OtherShape) => MismatchKind::VolatileShape,
            None => self.kind_of_text(path, &expected.to_string(), &actual.to_string()),
        };
        self.report(kind, path, quoted(expected), quoted(actual));
    }

    /// What is wrong with a string that is not the documented one: it may be no member of the documented enumeration, or not
    /// have the form of its type.
    fn kind_of_text(&self, path: &Path, expected: &str, actual: &str) -> MismatchKind {
        let property = self.0.context.property(self.0.side, path);
        if let Some(property) = property {
            let values = &property.values;
            if values.iter().any(|value| value == expected) && !values.iter().any(|value| value == actual) {
                return MismatchKind::Enum;
            }
        }
        let shape = match property.and_then(|property| Primitive::read(&property.type_name)) {
            Some(Primitive::DateTimeOffset) => Shape::DateTime,
            Some(Primitive::Date) => Shape::Date,
            Some(Primitive::Guid) => Shape::Guid,
            Some(Primitive::Duration) => Shape::Duration,
            _ => Shape::of_string(expected),
        };
        let has_form = matches!(shape, Shape::DateTime | Shape::Date | Shape::Guid | Shape::Duration);
        // A documented value that does not have the form of its own type cannot be held against the response.
        if has_form && Shape::of_string(expected) == shape && Shape::of_string(actual) != shape {
            MismatchKind::Format
        } else {
            MismatchKind::Value
        }
    }

    fn kind_of_difference(&self, expected: &Node, actual: &Node) -> MismatchKind {
        let (one, other) = (kind(expected), kind(actual));
        match (one, other) {
            (_, Kind::Null) => MismatchKind::Null,
            (Kind::Array, Kind::Object) | (Kind::Object, Kind::Array) => MismatchKind::Structure,
            _ if matches!(expected, Node::Mask(_)) => MismatchKind::VolatileShape,
            _ if one == other => MismatchKind::Value,
            _ => MismatchKind::Type,
        }
    }
}

/// The JSON kind of a value in normal form.
fn kind(node: &Node) -> Kind {
    match node {
        Node::Mask(mask) => match mask.shape {
            Shape::Int | Shape::Number => Kind::Number,
            Shape::Bool => Kind::Boolean,
            _ => Kind::String,
        },
        Node::String(_) => Kind::String,
        Node::Plain(value) => value.kind(),
        Node::Array(_) => Kind::Array,
        Node::Object(_) => Kind::Object,
    }
}

fn shown(node: &Node) -> String {
    match node {
        Node::Mask(mask) => mask.to_string(),
        Node::String(text) => quoted(text),
        Node::Plain(value) => value.to_string(),
        Node::Array(_) | Node::Object(_) => excerpt(&node.to_json().to_string()),
    }
}

fn quoted(text: &Text) -> String {
    excerpt(&Json::String(text.to_string()).to_string())
}
