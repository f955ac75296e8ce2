//! The rule for the headings of sections: what is nearly the name of one that rules read is a slip, and its section would not be read.

use super::Linter;
use super::nearest::{is_nearly, most_wrong};
use crate::compare::excerpt;
use crate::diagnostic::Code;
use crate::page::{Element, Language};

/// The names of the sections of pages about operations and resources, as they are written.
const SECTIONS: [&str; 17] = [
    "HTTP request",
    "Permissions",
    "Request headers",
    "Optional request headers",
    "Request body",
    "Request",
    "Response",
    "Response body",
    "Response headers",
    "Function parameters",
    "Path parameters",
    "Query parameters",
    "Optional query parameters",
    "Properties",
    "Relationships",
    "JSON representation",
    "Methods",
];

/// Checks the headings of an English page. What has an anchor is known by it.
pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    for element in &page.elements {
        let Element::Heading(heading) = element else { continue };
        if heading.level < 2 || heading.anchor.is_some() {
            continue;
        }
        let text = heading.text.trim().trim_end_matches(':');
        // The language is asked for last, since it takes the words of the whole page.
        if let Some(meant) = meant(text).filter(|_| page.language() == Language::English) {
            let message = format!("there is no section `{}`; did you mean `{meant}`?", excerpt(text));
            let column = page.column_of(heading.line, text);
            linter.report_at(Code::HeadingMisspelled, (heading.line, column), message);
        }
    }
}

/// The section that a heading means which is nearly its name.
fn meant(text: &str) -> Option<&'static str> {
    let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    if !is_plain {
        return None;
    }
    let own = text.to_ascii_lowercase();
    let mut near = SECTIONS.iter().filter(|section| is_misspelled(&own, &section.to_ascii_lowercase()));
    near.next().filter(|_| near.next().is_none()).copied()
}

/// No name of a section is longer.
const LONGEST: usize = 32;

/// Whether a heading is the name of a section but for a letter in one word or more, both in lower case.
fn is_misspelled(own: &str, section: &str) -> bool {
    let (own, section): (Vec<&str>, Vec<&str>) = (own.split_whitespace().collect(), section.split(' ').collect());
    let is_same = |own: &str, word: &str| own.trim_end_matches('s') == word.trim_end_matches('s');
    let pairs = || own.iter().zip(&section);
    own.len() == section.len()
        && pairs().all(|(own, word)| is_same(own, word) || is_nearly(own, word, most_wrong(word)))
        && pairs().any(|(own, word)| !is_same(own, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[test]
    fn a_heading_that_is_nearly_the_name_of_a_section_is_misspelled() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(meant(text), expected, "{text}");
        check("Respnse", Some("Response"));
        check("Requst headers", Some("Request headers"));
        check("HTTP reqest", Some("HTTP request"));
        check("Permissons", Some("Permissions"));
        check("Request bdoy", Some("Request body"));
        check("JSON represenation", Some("JSON representation"));
        check("Optional qeury parameters", Some("Optional query parameters"));
        for text in [
            "Response",
            "RESPONSE",
            "Responses",
            "HTTP requests",
            "Permission",
            "Request 1",
            "Response code",
            "Responder",
            "Requester",
            "Property",
            "Method",
            "Request header",
            "Example",
            "Exemple",
            "Réponse",
            "",
            "Remarks",
            "Path parameter",
            "Response note",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn it_is_reported_on_english_pages() {
        let check = |prose: &str, heading: &str, expected: &[(u32, u32)]| {
            assert_eq!(
                places(&format!("# Get lamp\n\n{prose}\n\n{heading}\n"), Code::HeadingMisspelled),
                expected,
                "{heading}"
            );
        };
        let english = "Get the lamp that is in the house of the owner.";
        check(english, "## Respnse", &[(5, 4)]);
        check(english, "# Respnse", &[]);
        check(english, "## <a name=\"response\"></a>Respnse", &[]);
        check("De lamp die in het huis van de eigenaar staat en niet kan worden verplaatst.", "## Methodes", &[]);
    }
}
