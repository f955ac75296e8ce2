//! Masks as regular expressions, in what the engines of Java, JavaScript and Rust have in common.

use graph_contracts::normal::{Piece, Shape, Text};

const GUID: &str = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";
const DATE: &str = "-?([0-9]{4}|[1-9][0-9]{4,})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const DATE_TIME: &str = "-?([0-9]{4}|[1-9][0-9]{4,})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
                         T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,12})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
const DURATION: &str =
    "[+-]?P([0-9]+D(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?|T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)";

/// What a text of a shape matches, without anchors.
pub(crate) fn of_shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Guid => GUID,
        Shape::DateTime => DATE_TIME,
        Shape::Date => DATE,
        Shape::Duration => DURATION,
        Shape::Int => "-?[0-9]+",
        Shape::Number => "-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?",
        Shape::Bool => "(true|false)",
        Shape::String => "[\\s\\S]+",
        Shape::Empty => "",
    }
}

/// A pattern for a whole text.
pub(crate) fn whole(pattern: &str) -> String {
    format!("^{pattern}$")
}

/// What a text with masks in it matches, whole.
pub(crate) fn of_text(text: &Text) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => escaped(text),
        Piece::Mask(mask) => of_shape(mask.shape).to_owned(),
    };
    whole(&text.0.iter().map(piece).collect::<String>())
}

/// What a content type matches, whole and in any case, that is this media type, perhaps with a charset behind it that is not UTF-8, as the normal
/// form has it. Other parameters may follow; of those whose names begin with `ch`, none but a charset is registered for JSON or text.
pub(crate) fn of_content_type(normal: &str) -> String {
    let (media_type, charset) = normal.split_once("; charset=").map_or((normal, None), |(one, two)| (one, Some(two)));
    let charset = charset.map_or_else(|| "(utf-?8|us-ascii)".to_owned(), escaped);
    let parameter = format!("(charset\\s*=\\s*\"?{charset}\"?|(c[^h;=]|[^c;=\\s])[^;]*)");
    whole(&format!("\\s*{}\\s*(;\\s*{parameter}\\s*)*;?\\s*", escaped(media_type)))
}

/// A text that stands for itself.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\^$.|?*+()[]{}".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Regex::new(pattern).expect(pattern).is_match(text)
    }

    /// Texts of a form, nearly of it, and any.
    const NEARLY: &str = "[+-]?P?[0-9]{0,3}D?T?[0-9]{0,2}[HMS.]?[0-9]{0,2}S?|[0-9a-fA-F]{7,8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{11,12}|\
                          -?[0-9]{4,5}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,13})?)?(Z|[+-][0-2][0-9]:[0-6][0-9])?)?|.{0,8}";

    proptest! {
        #[test]
        fn a_pattern_of_a_form_matches_what_the_comparison_takes_for_it(text in NEARLY) {
            let shape = Shape::of_string(&text);
            for own in [Shape::Guid, Shape::DateTime, Shape::Date, Shape::Duration] {
                let found = matches(&whole(of_shape(own)), &text);
                // That a month has such a day is the limit `calendar`.
                let is_calendar = matches!(own, Shape::DateTime | Shape::Date) && shape == Shape::String;
                let is_right = found == (shape == own) || (is_calendar && found);
                prop_assert!(is_right, "{own} {text:?}: {shape}");
            }
        }

        #[test]
        fn an_escaped_text_matches_itself_alone(text in ".{0,12}", other in ".{0,12}") {
            let pattern = whole(&escaped(&text));
            prop_assert!(matches(&pattern, &text));
            prop_assert_eq!(matches(&pattern, &other), text == other);
        }
    }

    #[test]
    fn no_day_that_a_calendar_has_is_missed_or_made_up_by_more_than_its_month() {
        for (date, expected) in
            [("2024-02-30", true), ("2024-02-32", false), ("2024-13-01", false), ("20240-01-01", true)]
        {
            assert_eq!(matches(&whole(of_shape(Shape::Date)), date), expected, "{date}");
        }
    }

    #[test]
    fn a_content_type_is_its_media_type_in_a_charset() {
        let check = |normal: &str, value: &str, expected: bool| {
            let pattern = format!("(?i){}", of_content_type(normal));
            assert_eq!(matches(&pattern, value), expected, "{normal}: {value}");
        };
        check("application/json", "application/json", true);
        check("application/json", "Application/JSON; odata.metadata=minimal; charset=utf-8", true);
        check("application/json", "application/json;charset=\"UTF8\";IEEE754Compatible=false", true);
        check("application/json", "application/json; charset=utf-16", false);
        check("application/json", "application/json; a=b; charset=utf-16", false);
        check("application/json", "application/jsonx", false);
        check("application/json", "text/html", false);
        check("text/plain; charset=utf-16", "text/plain; charset=UTF-16", true);
    }
}
