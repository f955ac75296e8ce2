//! The tree: what a JSON text says, in its own order and its own number literals.

use serde_json::value::RawValue;

/// One JSON value.
///
/// Equality is that of the text: members in another order, or `1.0` beside `1`, are not equal. Comparison by meaning is the
/// task of [`crate::compare`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as its literal.
    Number(Number),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object: its members as written, duplicates included.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The member's name, unescaped.
    pub name: String,
    /// The member's value.
    pub value: Json,
}

/// The kinds of JSON value, as RFC 8259 section 3 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind's name with its article, as a sentence needs it.
    pub fn with_article(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}

/// A JSON number as its literal, so that 64-bit integers and decimals lose nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(String);

impl Number {
    /// Takes a literal that the JSON grammar allows (RFC 8259 section 6); `None` for any other text.
    pub fn from_literal(literal: &str) -> Option<Number> {
        let raw: &RawValue = serde_json::from_str(literal).ok()?;
        let is_number = raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
        is_number.then(|| Number(raw.get().to_owned()))
    }

    /// Takes a literal that a JSON parser has just read as a number.
    pub(super) fn from_parsed(literal: &str) -> Number {
        Number(literal.to_owned())
    }

    /// The literal as written.
    pub fn literal(&self) -> &str {
        &self.0
    }

    /// Whether the number is written without fraction and exponent.
    pub fn is_integer(&self) -> bool {
        !self.0.contains(['.', 'e', 'E'])
    }

    /// Whether both literals denote the same number, whatever their size: `1.0`, `1` and `10e-1` do.
    pub fn same_value(&self, other: &Number) -> bool {
        self.0 == other.0 || decimal(&self.0) == decimal(&other.0)
    }
}

/// A number as its sign, its significant digits without outer zeros, and the power of ten of the last digit.
fn decimal(literal: &str) -> (bool, String, i128) {
    let (negative, rest) = literal.strip_prefix('-').map_or((false, literal), |rest| (true, rest));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    // An exponent beyond 64 bits is kept at the bound: such numbers are equal only when nothing else differs.
    let saturated = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let exponent = i128::from(exponent.parse::<i64>().unwrap_or(saturated));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    let exponent = exponent - fraction.len() as i128 + (digits.len() - significant.len()) as i128;
    match significant.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        significant => (negative, significant.to_owned(), exponent),
    }
}

impl Json {
    /// The value's kind.
    pub fn kind(&self) -> Kind {
        match self {
            Json::Null => Kind::Null,
            Json::Bool(_) => Kind::Boolean,
            Json::Number(_) => Kind::Number,
            Json::String(_) => Kind::String,
            Json::Array(_) => Kind::Array,
            Json::Object(_) => Kind::Object,
        }
    }

    /// The first member of that name, if the value is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members.iter().find(|m| m.name == name).map(|m| &m.value),
            _ => None,
        }
    }

    /// The text of a string value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// How many values are inside this one, at any depth.
    pub fn descendants(&self) -> usize {
        match self {
            Json::Array(items) => items.iter().map(|item| 1 + item.descendants()).sum(),
            Json::Object(members) => members.iter().map(|member| 1 + member.value.descendants()).sum(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
        }
    }

    /// The value as `serde_json` models it, for JSONPath queries: the last of duplicate members wins, and a number that
    /// fits no 64-bit type becomes a float.
    pub fn to_value(&self) -> serde_json::Value {
        match self {
            Json::Null => serde_json::Value::Null,
            Json::Bool(value) => (*value).into(),
            Json::Number(number) => serde_json::from_str(number.literal()).unwrap_or_default(),
            Json::String(text) => text.as_str().into(),
            Json::Array(items) => items.iter().map(Json::to_value).collect(),
            Json::Object(members) => members.iter().map(|m| (m.name.clone(), m.value.to_value())).collect(),
        }
    }

    /// The value as indented JSON text (two blanks, no final line end).
    pub fn to_pretty(&self) -> String {
        // Serializing a tree of strings into memory cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// The value as compact JSON text.
impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| std::fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(a: &str, b: &str, expected: bool) {
        let (Some(x), Some(y)) = (Number::from_literal(a), Number::from_literal(b)) else {
            panic!("{a} and {b} should be numbers");
        };
        assert_eq!(x.same_value(&y), expected, "{a} and {b}");
        assert_eq!(y.same_value(&x), expected, "{b} and {a}");
    }

    #[test]
    fn numbers_are_equal_when_they_denote_the_same_value() {
        check_same("1", "1.0", true);
        check_same("1", "10e-1", true);
        check_same("-0", "0.00", true);
        check_same("1E+2", "100", true);
        check_same("0.5", "5e-1", true);
    }

    #[test]
    fn numbers_beyond_64_bits_and_beyond_floats_are_told_apart() {
        check_same("9223372036854775807", "9223372036854775806", false);
        check_same("12345678901234567890.10", "12345678901234567890.1", true);
        check_same("12345678901234567890.10", "12345678901234567890.11", false);
        check_same("1e999999999999999999999", "2e999999999999999999999", false);
        check_same("-1", "1", false);
        check_same("10", "1", false);
    }

    #[test]
    fn a_literal_that_is_no_number_is_refused() {
        for literal in ["", "abc", "\"1\"", "1.", "01", "+1", "null"] {
            assert_eq!(Number::from_literal(literal), None, "{literal}");
        }
    }

    #[test]
    fn a_tree_survives_writing_and_reading() -> Result<(), serde_json::Error> {
        let text = r#"{"b":[1.10,-0,18446744073709551616,{"a":null,"a":true}],"a":"\u0007é"}"#;
        let json: Json = serde_json::from_str(text)?;
        assert_eq!(json.to_string(), text);
        Ok(())
    }
}
