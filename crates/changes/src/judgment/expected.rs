//! What a declaration allows, and whether values are as declared.

use std::collections::BTreeMap;

use super::is_evolvable;
use graph_contracts::contract::{Property, Type, UNTYPED};
use graph_contracts::edm::{LargeNumbers, Primitive, conforms, unknown_member};
use graph_contracts::json::{Json, Kind, parse};

/// What the declared type of a value says of its JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expected<'c> {
    /// Nobody says, or the type is one of which no more is known.
    #[default]
    Unknown,
    /// An array.
    Array,
    /// A value of a primitive type.
    Primitive(Primitive),
    /// A string that is one of these values, or several of them.
    Enumeration(&'c [String]),
    /// An object.
    Object,
}

impl<'c> Expected<'c> {
    /// What a property's type says of its value, or of an element of it.
    pub(crate) fn of(property: &'c Property, is_element: bool, types: &BTreeMap<String, Type>) -> Expected<'c> {
        let Property { type_name, collection, from_example, values, .. } = property;
        match type_name.strip_prefix("Edm.").and_then(Primitive::read) {
            _ if *collection && !is_element => Expected::Array,
            None | Some(Primitive::String) if !values.is_empty() => Expected::Enumeration(values),
            _ if *from_example || type_name == UNTYPED => Expected::Unknown,
            Some(primitive) => Expected::Primitive(primitive),
            None if types.contains_key(type_name) => Expected::Object,
            None => Expected::Unknown,
        }
    }

    /// Whether a value is as declared, but for quotes; `None` if that is not known.
    pub(crate) fn allows(self, value: &Json) -> Option<bool> {
        match self {
            Expected::Unknown => None,
            Expected::Array => Some(value.kind() == Kind::Array),
            Expected::Object => Some(value.kind() == Kind::Object),
            Expected::Primitive(primitive) => Some(is_of(primitive, value)),
            Expected::Enumeration(_) => Some(value.kind() == Kind::String),
        }
    }

    /// The part of a text that the enumeration does not list, in whatever case.
    pub(crate) fn unlisted(self, text: &str) -> Option<&str> {
        let Expected::Enumeration(values) = self else { return None };
        unknown_member(text, None, |name| values.iter().any(|value| value.eq_ignore_ascii_case(name)))
    }

    /// Whether it is an enumeration that has a text for a value.
    pub(crate) fn lists(self, text: &str) -> bool {
        matches!(self, Expected::Enumeration(_)) && self.unlisted(text).is_none()
    }

    /// Whether it is an enumeration whose callers were told to expect further values.
    pub(crate) fn is_evolvable(self) -> bool {
        matches!(self, Expected::Enumeration(values) if is_evolvable(values))
    }
}

/// Whether a value is one of a primitive type, perhaps with quotes around it: pages have them by mistake, and large numbers by the media type
/// (OData JSON Format 4.01 section 3.2).
fn is_of(primitive: Primitive, value: &Json) -> bool {
    let is = |value: &Json| conforms(primitive, value, LargeNumbers::Numbers);
    let is_quoted = || {
        primitive.kind() != Kind::String
            && value.as_str().and_then(|text| parse(text).ok()).is_some_and(|own| is(&own.json))
    };
    is(value) || is_quoted()
}
