//! The values that expressions have, and how they compare.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use graph_contracts::json::{Json, Number};
use graph_contracts::query::{Literal, PropertyPath};

/// So many digits of a fraction of a second are compared.
const NANOSECONDS: usize = 9;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, Number>),
    Text(Cow<'a, str>),
    /// A point in time that the request states.
    Instant(Timestamp),
    /// An object or an array.
    Other,
}

impl<'a> Value<'a> {
    pub(super) fn of_json(json: &'a Json) -> Value<'a> {
        match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(Cow::Borrowed(number)),
            Json::String(text) => Value::Text(Cow::Borrowed(text)),
            Json::Array(_) | Json::Object(_) => Value::Other,
        }
    }

    pub(super) fn of_literal(literal: &'a Literal) -> Result<Value<'a>, String> {
        let beyond = |text: &str| format!("`{text}` is beyond the times that can be compared");
        Ok(match literal {
            Literal::Null => Value::Null,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Number(number) => Value::Number(Cow::Borrowed(number)),
            Literal::Text(text) => Value::Text(Cow::Borrowed(text)),
            Literal::DateTime(text) | Literal::Date(text) => {
                instant(text).map(Value::Instant).ok_or_else(|| beyond(text))?
            }
            Literal::Time(text) => Value::Text(Cow::Borrowed(text.trim_end_matches('0').trim_end_matches('.'))),
            Literal::Duration(text) => Value::Text(Cow::Borrowed(text)),
        })
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// What kind of value it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::Instant(_) => "a time",
            Value::Other => "an object or a collection",
        }
    }

    /// The order of two values, neither of them null; `None` for values that do not compare. Case does not matter: most properties of
    /// Microsoft Graph are compared without it.
    pub(super) fn compared(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            // False comes before true (OData URL Conventions 4.01 section 5.1.5).
            (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
            (Value::Number(one), Value::Number(other)) => Some(numbers(one, other)),
            // Large numbers may be strings (OData JSON Format 4.01 section 3.2).
            (Value::Text(one), Value::Number(other)) => Some(numbers(&Number::from_literal(one)?, other)),
            (Value::Number(one), Value::Text(other)) => Some(numbers(one, &Number::from_literal(other)?)),
            (Value::Text(one), Value::Text(other)) => Some(match (time(one), time(other)) {
                (Some(one), Some(other)) => one.cmp(&other),
                _ => one.to_lowercase().cmp(&other.to_lowercase()),
            }),
            (Value::Text(one), Value::Instant(other)) => Some(instant(one)?.cmp(other)),
            (Value::Instant(one), Value::Text(other)) => Some(one.cmp(&instant(other)?)),
            (Value::Instant(one), Value::Instant(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }

    /// What `$orderby` sorts by.
    pub(super) fn sort_key(&self) -> SortKey {
        match self {
            Value::Null => SortKey::Null,
            Value::Bool(value) => SortKey::Bool(*value),
            Value::Number(number) => SortKey::Number(Decimal::of(number)),
            Value::Instant(time) => SortKey::Time(*time),
            Value::Text(text) => time(text).map_or_else(|| SortKey::Text(text.to_lowercase()), SortKey::Time),
            Value::Other => SortKey::Other,
        }
    }
}

/// The order in which `$orderby` has values: null comes first, and false before true (OData URL Conventions 4.01 section 5.1.5). Nothing says
/// how values of different types are ordered; here they are by type.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SortKey {
    Null,
    Bool(bool),
    Number(Decimal),
    Time(Timestamp),
    Text(String),
    Other,
}

/// A number of any size, to be ordered: its significant digits, and how many of them, or how many zeros, are before the point.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    scale: i128,
    digits: String,
}

impl Decimal {
    fn of(number: &Number) -> Decimal {
        let (negative, rest) =
            number.literal().strip_prefix('-').map_or((false, number.literal()), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        // Beyond 64 bits an exponent is at the bound.
        let bound = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = i128::from(exponent.parse::<i64>().unwrap_or(bound));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let scale = exponent + whole.len() as i128 - (all.len() - digits.len()) as i128;
        let digits = digits.trim_end_matches('0').to_owned();
        // Zero has no sign and no scale.
        if digits.is_empty() {
            return Decimal { negative: false, scale: i128::MIN, digits };
        }
        Decimal { negative, scale, digits }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let size = || self.scale.cmp(&other.scale).then_with(|| self.digits.cmp(&other.digits));
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => size(),
            (true, true) => size().reverse(),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn numbers(one: &Number, other: &Number) -> Ordering {
    Decimal::of(one).cmp(&Decimal::of(other))
}

/// The time of a text that looks like one with an offset.
fn time(text: &str) -> Option<Timestamp> {
    let looks_so = text.len() >= "2017-01-01T00:00Z".len() && text.as_bytes().get(10) == Some(&b'T');
    if looks_so { instant(text) } else { None }
}

/// The point in time of a date with a time and an offset, or the beginning of a date (in UTC).
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(date) = text.parse::<Date>()
        && !text.contains('T')
    {
        return date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    // Services send up to 12 digits of a second.
    let fraction = text.find('.').map_or(text.len(), |at| at + 1);
    let digits = text[fraction..].bytes().take_while(u8::is_ascii_digit).count();
    let kept = fraction + digits.min(NANOSECONDS);
    format!("{}{}", &text[..kept], &text[fraction + digits..]).parse().ok()
}

/// The member of an object, by its name as written, or else in any case.
pub(super) fn member<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    let Json::Object(members) = object else { return None };
    let exact = members.iter().find(|member| member.name == name);
    let own = exact.or_else(|| members.iter().find(|member| member.name.eq_ignore_ascii_case(name)));
    own.map(|member| &member.value)
}

/// What a path of names leads to; `Ok(None)` where a member is not there.
///
/// # Errors
///
/// When a collection is in its way, with the names up to that.
pub(super) fn walk<'a>(from: &'a Json, path: &PropertyPath) -> Result<Option<&'a Json>, String> {
    let mut value = from;
    for (index, name) in path.names.iter().enumerate() {
        match value {
            Json::Array(_) => {
                return Err(format!("`{}` is a collection, which needs `any` or `all`", path.names[..index].join("/")));
            }
            Json::Null => return Ok(Some(&Json::Null)),
            _ => match member(value, name) {
                Some(found) => value = found,
                None => return Ok(None),
            },
        }
    }
    Ok(Some(value))
}

/// Whether the last member of a path is there; in what is null, nothing is.
pub(super) fn reaches(from: &Json, path: &PropertyPath) -> bool {
    let found = path.names.iter().try_fold(from, |value, name| member(value, name));
    found.is_some() || walk(from, path).is_err()
}
