//! Texts in files of Hurl, by its grammar (hurl.dev, "Grammar"): two braces open a template, and escapes are written with a backslash.

/// A text between double quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, &['"']))
}

/// A text between backticks, in which a body of one line stands.
pub(crate) fn in_backticks(text: &str) -> String {
    format!("`{}`", escaped(text, &['`']))
}

/// The value of a header field, or a URL, which ends with its line. A `#` would begin a comment; blanks at its ends would be lost.
pub(crate) fn unquoted(text: &str) -> String {
    let escaped = escaped(text, &['#']);
    let blank = |text: &str| text.replace(' ', "\\u{20}");
    let start = escaped.len() - escaped.trim_start_matches(' ').len();
    let end = escaped.trim_end_matches(' ').len().max(start);
    format!("{}{}{}", blank(&escaped[..start]), &escaped[start..end], blank(&escaped[end..]))
}

/// The name of a header field (a `key-string`).
pub(crate) fn key(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    text.chars().map(|c| if is_plain(c) { c.to_string() } else { format!("\\u{{{:x}}}", u32::from(c)) }).collect()
}

/// A comment, which ends with its line.
pub(crate) fn comment(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    format!("# {}", visible.trim())
}

/// JSON as a body. Two braces beside each other can only stand in a string of it.
pub(crate) fn json_body(json: &str) -> String {
    json.replace("{{", "\\u007b\\u007b")
}

fn escaped(text: &str, also: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '{' if before == '{' => escaped.push_str("\\u{7b}"),
            c if c.is_control() => escaped.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c if also.contains(&c) => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, in_quotes: &str, without: &str) {
        assert_eq!((quoted(text).as_str(), unquoted(text).as_str()), (in_quotes, without), "{text:?}");
    }

    #[test]
    fn texts_are_escaped_by_the_grammar() {
        check("a", "\"a\"", "a");
        check("a \"b\" `c` #d", "\"a \\\"b\\\" `c` #d\"", "a \"b\" `c` \\#d");
        check(" a  ", "\" a  \"", "\\u{20}a\\u{20}\\u{20}");
        check("  ", "\"  \"", "\\u{20}\\u{20}");
        check("\\d\n\t\u{7}ä😀", "\"\\\\d\\n\\t\\u{7}ä😀\"", "\\\\d\\n\\t\\u{7}ä😀");
    }

    #[test]
    fn no_braces_open_a_template() {
        check("{{a}}", "\"{\\u{7b}a}}\"", "{\\u{7b}a}}");
        check("{{{", "\"{\\u{7b}\\u{7b}\"", "{\\u{7b}\\u{7b}");
        assert_eq!(json_body(r#"{"a": "{{b}}", "c": {"d": 1}}"#), r#"{"a": "\u007b\u007bb}}", "c": {"d": 1}}"#);
    }

    #[test]
    fn names_and_comments_keep_to_their_place() {
        assert_eq!(key("x-a.b_c!"), "x-a.b_c\\u{21}");
        assert_eq!(comment("a\nGET http://b "), "# a GET http://b");
        assert_eq!(in_backticks("`a\nb`"), "`\\`a\\nb\\``");
    }
}
