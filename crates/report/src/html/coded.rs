//! Sentences in which names stand between backticks, as in Markdown.

use maud::{Markup, html};

use graph_contracts::report::safe;

/// The sentence as HTML, with the names as code. A backtick without its other one is a backtick.
pub(super) fn coded(sentence: &str) -> Markup {
    let sentence = safe(sentence);
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { (sentence) };
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if !index.is_multiple_of(2) { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, expected: &str) {
        assert_eq!(coded(sentence).into_string(), expected);
    }

    #[test]
    fn names_between_backticks_are_code_and_nothing_is_markup() {
        check("no names", "no names");
        check("`a` is not a `b<c`", "<code>a</code> is not a <code>b&lt;c</code>");
        check("a ` and <b>", "a ` and &lt;b&gt;");
        check("", "");
    }
}
