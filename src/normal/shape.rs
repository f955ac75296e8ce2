//! What a value looks like: the part of a volatile value that is still compared.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::edm::Primitive;
use crate::edm::{is_date, is_date_time, is_duration, is_guid};
use crate::json::Json;

/// The shapes of scalar values.
#[derive(
    Clone,
    Copy,
    Debug,
    Display,
    EnumString,
    IntoStaticStr,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    strum::VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Shape {
    /// A GUID in the form `8-4-4-4-12` (OData ABNF `guidValue`).
    Guid,
    /// A date with time and offset (OData ABNF `dateTimeOffsetValue`).
    DateTime,
    /// A date (OData ABNF `dateValue`).
    Date,
    /// A duration (ISO 8601, OData ABNF `durationValue`).
    Duration,
    /// A number without fraction and exponent.
    Int,
    /// Any other number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A string that is not empty, of no other shape.
    String,
    /// The empty string.
    Empty,
}

impl Shape {
    /// Every shape.
    pub const ALL: &[Shape] = <Shape as strum::VariantArray>::VARIANTS;

    /// The word that stands in a mask.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The shape of a JSON value; `null`, arrays and objects have none.
    pub fn of(value: &Json) -> Option<Shape> {
        match value {
            Json::Bool(_) => Some(Shape::Bool),
            Json::Number(number) if number.is_integer() => Some(Shape::Int),
            Json::Number(_) => Some(Shape::Number),
            Json::String(text) => Some(Shape::of_string(text)),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        }
    }

    /// The shape of a header field's value, which may be an integer without being JSON.
    pub fn of_field(value: &str) -> Shape {
        let is_int = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        if is_int { Shape::Int } else { Shape::of_string(value) }
    }

    /// Whether a JSON value has this shape.
    pub(crate) fn fits(self, value: &Json) -> bool {
        match (self, value) {
            // The other shapes need not be tried.
            (Shape::DateTime, Json::String(text)) => is_date_time(text),
            (shape, value) => Shape::of(value) == Some(shape),
        }
    }

    /// The shape of a JSON string.
    pub fn of_string(text: &str) -> Shape {
        if text.is_empty() {
            Shape::Empty
        } else if is_guid(text) {
            Shape::Guid
        } else if is_date_time(text) {
            Shape::DateTime
        } else if is_date(text) {
            Shape::Date
        } else if is_duration(text) {
            Shape::Duration
        } else {
            Shape::String
        }
    }

    /// The shape of every value of a type, where there is one that no text has by chance.
    pub(crate) fn of_type(primitive: Primitive) -> Option<Shape> {
        match primitive {
            Primitive::DateTimeOffset => Some(Shape::DateTime),
            Primitive::Date => Some(Shape::Date),
            Primitive::Duration => Some(Shape::Duration),
            Primitive::Guid => Some(Shape::Guid),
            _ => None,
        }
    }

    /// Whether equal values of this shape mean the same thing, so that they get the same number: identifiers do, two equal
    /// counters or points in time may be equal by chance.
    pub fn identifies(self) -> bool {
        matches!(self, Shape::Guid | Shape::String)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: Option<Shape>) {
        assert_eq!(Shape::of(&crate::json::parse(json).expect(json).json), expected, "{json}");
    }

    #[test]
    fn values_have_the_shape_they_look_like() {
        check("\"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\"", Some(Shape::Guid));
        check("\"2017-01-01T00:02:49.3205976-08:00\"", Some(Shape::DateTime));
        check("\"2017-01-01T00:02:49Z\"", Some(Shape::DateTime));
        check("\"9999-12-31T23:59:59.9999999Z\"", Some(Shape::DateTime));
        check("\"0001-01-01T00:00:00+14:00\"", Some(Shape::DateTime));
        check("\"2017-01-01T00:02Z\"", Some(Shape::DateTime));
        check("\"2017-01-01\"", Some(Shape::Date));
        check("\"P1DT2H\"", Some(Shape::Duration));
        check("12", Some(Shape::Int));
        check("-1.5", Some(Shape::Number));
        check("true", Some(Shape::Bool));
        check("\"text\"", Some(Shape::String));
        check("\"\"", Some(Shape::Empty));
        check("null", None);
        check("{}", None);
    }

    #[test]
    fn what_nearly_looks_like_a_shape_is_a_string() {
        for text in [
            "1e5b41ba41ba1e5bba415b1eba415b1e",
            "{1e5b41ba-41ba-1e5b-ba41-5b1eba415b1}",
            "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1g",
            "2017-13-01T00:02:49Z",
            "2017-01-01 00:02:49Z",
            "2017-01-01T00:02:49",
            "2017-01-01T25:02:49Z",
            "2017-02-30T00:02:49Z",
            "2017-01-01T00:02:49Z[UTC]",
            "2017-01-01T00:02:49+0000",
            "2017-01-01T000249Z",
            "2017-01-01T00:02:49,5Z",
            "2017-01-01T00:02:49z",
            "2017-01-01T00:02:60Z",
            "2017-02-30",
            "12",
            "P",
            "Pt",
            "Peter",
        ] {
            assert_eq!(Shape::of_string(text), Shape::String, "{text}");
        }
    }

    #[test]
    fn a_field_may_be_an_integer() {
        assert_eq!(Shape::of_field("238"), Shape::Int);
        assert_eq!(Shape::of_field("238 bytes"), Shape::String);
    }
}
