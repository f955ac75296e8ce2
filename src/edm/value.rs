//! Whether a JSON value is one of a primitive type.

use super::form::is_base64;
use super::geo::is_geometry;
use super::{Primitive, is_date, is_date_time, is_duration, is_guid, is_time_of_day};
use crate::json::{Json, Kind, Number};

/// How a message writes values of `Edm.Int64` and `Edm.Decimal`, which are beyond the numbers that IEEE 754 has (OData JSON Format 4.01
/// section 3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LargeNumbers {
    /// As JSON numbers.
    #[default]
    Numbers,
    /// As strings: the media type has `IEEE754Compatible=true`.
    Strings,
}

impl LargeNumbers {
    /// What a media type with its parameters asks for. Names of parameters are read in any case (RFC 9110 section 5.6.6), and so is the
    /// value.
    pub fn of(media_type: &str) -> LargeNumbers {
        let asks =
            media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
                name.trim().eq_ignore_ascii_case("IEEE754Compatible")
                    && value.trim().trim_matches('"').eq_ignore_ascii_case("true")
            });
        if asks { LargeNumbers::Strings } else { LargeNumbers::Numbers }
    }
}

/// Whether a value is one of a primitive type, as JSON writes it (OData JSON Format 4.01 section 7.1). `null` is a value of none: whether
/// it may stand there is another question.
pub fn conforms(primitive: Primitive, value: &Json, large_numbers: LargeNumbers) -> bool {
    match (primitive, value) {
        (Primitive::Boolean, Json::Bool(_)) | (Primitive::String | Primitive::Stream, Json::String(_)) => true,
        (Primitive::Int64 | Primitive::Decimal, Json::String(text)) => {
            large_numbers == LargeNumbers::Strings
                && Number::from_literal(text).is_some_and(|number| is_number(primitive, &number))
        }
        (Primitive::Int64 | Primitive::Decimal, Json::Number(_)) if large_numbers == LargeNumbers::Strings => false,
        (primitive, Json::Number(number)) => is_number(primitive, number),
        (Primitive::Double | Primitive::Single, Json::String(text)) => matches!(text.as_str(), "INF" | "-INF" | "NaN"),
        (Primitive::Binary, Json::String(text)) => is_base64(text),
        (Primitive::Date, Json::String(text)) => is_date(text),
        (Primitive::DateTimeOffset, Json::String(text)) => is_date_time(text),
        (Primitive::Duration, Json::String(text)) => is_duration(text),
        (Primitive::Guid, Json::String(text)) => is_guid(text),
        (Primitive::TimeOfDay, Json::String(text)) => is_time_of_day(text),
        (geo, value) => value.kind() == Kind::Object && is_geometry(geo, value),
    }
}

/// Whether a number is in the range of a type. Integers have neither a fraction nor an exponent (`int32Value` and its like).
fn is_number(primitive: Primitive, number: &Number) -> bool {
    let literal = number.literal();
    match primitive {
        Primitive::Byte => literal.parse::<u8>().is_ok(),
        Primitive::SByte => literal.parse::<i8>().is_ok(),
        Primitive::Int16 => literal.parse::<i16>().is_ok(),
        Primitive::Int32 => literal.parse::<i32>().is_ok(),
        Primitive::Int64 => literal.parse::<i64>().is_ok(),
        Primitive::Decimal | Primitive::Double | Primitive::Single => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These values are of the type, and the others are not.
    #[track_caller]
    fn check(primitive: Primitive, large_numbers: LargeNumbers, good: &[&str], bad: &[&str]) {
        let is_value = |json: &str| conforms(primitive, &crate::json::parse(json).expect(json).json, large_numbers);
        good.iter().for_each(|json| assert!(is_value(json), "{primitive:?} {json}"));
        bad.iter().for_each(|json| assert!(!is_value(json), "{primitive:?} {json}"));
    }

    #[test]
    fn values_are_of_their_types() {
        use LargeNumbers::Numbers;
        check(Primitive::Boolean, Numbers, &["true"], &["\"true\"", "1", "{}", "null"]);
        check(Primitive::String, Numbers, &["\"\"", "\"2017-01-01\""], &["1", "[]"]);
        check(Primitive::Stream, Numbers, &["\"a\""], &["1"]);
        check(Primitive::Byte, Numbers, &["0", "255"], &["256", "-1", "1.0"]);
        check(Primitive::SByte, Numbers, &["-128", "127"], &["128", "-129"]);
        check(Primitive::Int16, Numbers, &["-32768"], &["32768", "\"1\""]);
        check(Primitive::Int32, Numbers, &["-2147483648"], &["2147483648", "1e2", "1.0"]);
        check(Primitive::Int64, Numbers, &["9223372036854775807"], &["9223372036854775808", "\"1\""]);
        check(Primitive::Decimal, Numbers, &["12345678901234567890.123"], &["\"1.5\"", "\"INF\""]);
        check(Primitive::Double, Numbers, &["-1e300", "\"INF\"", "\"-INF\"", "\"NaN\""], &["\"1\"", "\"inf\""]);
        check(Primitive::Single, Numbers, &["1"], &["\"1\""]);
        check(Primitive::Binary, Numbers, &["\"AQID\""], &["\"a b\"", "[1]"]);
        check(Primitive::Date, Numbers, &["\"2017-01-01\""], &["\"2017-01-01T00:00:00Z\"", "20170101"]);
        check(Primitive::DateTimeOffset, Numbers, &["\"2017-01-01T00:00:00Z\""], &["\"2017-01-01\""]);
        check(Primitive::Duration, Numbers, &["\"PT1H\""], &["\"1 hour\"", "3600"]);
        check(Primitive::TimeOfDay, Numbers, &["\"08:00:00\""], &["\"8 o'clock\""]);
        check(Primitive::Guid, Numbers, &["\"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\""], &["\"1e5b41ba\""]);
        check(Primitive::GeographyPoint, Numbers, &[r#"{"type": "Point", "coordinates": [1, 2]}"#], &["\"1, 2\""]);
    }

    #[test]
    fn large_numbers_are_strings_where_the_media_type_says_so() {
        use LargeNumbers::Strings;
        check(Primitive::Int64, Strings, &["\"12\"", "\"-1\""], &["12", "\"abc\"", "\"1.5\"", "\"\""]);
        check(Primitive::Decimal, Strings, &["\"1.50\"", "\"1e3\""], &["1.5", "\"a\""]);
        check(Primitive::Int32, Strings, &["12"], &["\"12\""]);
        check(Primitive::Double, Strings, &["1.5"], &["\"1.5\""]);
    }

    #[test]
    fn the_media_type_says_how_large_numbers_are_written() {
        let check = |media_type: &str, expected| assert_eq!(LargeNumbers::of(media_type), expected, "{media_type}");
        check("application/json;IEEE754Compatible=true", LargeNumbers::Strings);
        check("application/json; odata.metadata=full; ieee754compatible=TRUE", LargeNumbers::Strings);
        check("application/json;IEEE754Compatible=false", LargeNumbers::Numbers);
        check("application/json", LargeNumbers::Numbers);
        check("", LargeNumbers::Numbers);
    }
}
