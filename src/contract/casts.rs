//! Whether a page says that what it documents may be cast to derived types: "OData cast is also enabled".

use super::sentences::{denies, is, is_one_of, sentences};
use crate::page::{Element, Page};

/// What a page calls the section about options, by its names in URLs.
const SECTIONS: [&str; 2] = ["query-parameters", "optional-query-parameters"];

/// Words that say that something is possible.
const POSSIBLE: [&str; 6] = ["allowed", "available", "enabled", "possible", "supported", "supports"];

/// Whether a sentence in the section about query parameters says that OData casts are possible (OData URL Conventions 4.01 section 4.11).
pub(super) fn says_casts(page: &Page<'_>) -> bool {
    let prose = SECTIONS.iter().flat_map(|section| page.section(section)).filter_map(|element| match element {
        Element::Prose(prose) => Some(prose.text.as_ref()),
        _ => None,
    });
    prose
        .filter(|text| text.contains("cast"))
        .any(|text| sentences(text, |word| word.ends_with(['.', ';'])).any(|own| says(&own)))
}

fn says(sentence: &[&str]) -> bool {
    has_cast(sentence)
        && sentence.iter().any(|word| is_one_of(word, &POSSIBLE))
        && !sentence.iter().any(|word| denies(word))
}

/// Whether words speak of a cast of OData.
pub(super) fn has_cast(words: &[&str]) -> bool {
    words.windows(2).any(|pair| is(pair[0], "OData") && is_one_of(pair[1], &["cast", "casts", "casting"]))
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    /// Whether each contract of a page with that text on options and these examples says that casts are possible.
    #[track_caller]
    fn check(section: &str, examples: &[&str], expected: &[bool]) {
        let mut text = format!(
            "# List lamps\n\n## HTTP request\n\n```http\nGET /me/lamps\nGET /lamps\n```\n\n{section}\n\n## Examples\n"
        );
        for example in examples {
            text += &format!("\n### Example\n\n```http\n{example}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n");
        }
        let page = Page::parse("v1.0/lamp-list.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let found: Vec<bool> = built.contracts.iter().map(|(_, own)| own.request.casts).collect();
        assert_eq!(found, expected, "{text}");
    }

    const PLAIN: &str = "GET https://graph.microsoft.com/v1.0/lamps";

    #[test]
    fn a_sentence_says_that_casts_are_possible() {
        let said = |text: &str, expected: bool| {
            check(&format!("## Optional query parameters\n\n{text}"), &[PLAIN], &[expected]);
            check(&format!("## Query parameters\n\n{text}"), &[PLAIN], &[expected]);
        };
        said("It has `$count`. OData cast is also enabled, for example, you can cast to get just the bulbs.", true);
        said("This method supports OData casts.", true);
        said("OData cast is not supported.", false);
        said("OData cast isn't enabled. `$count` is supported.", false);
        said("OData cast isn’t enabled.", false);
        said("The result is cast to a number, and `$count` is supported.", false);
        check("## Details\n\nOData cast is enabled.", &[PLAIN], &[false]);
    }

    #[test]
    fn an_example_that_casts_says_so_for_the_page() {
        let (cast, counted) = (format!("{PLAIN}/microsoft.graph.bulb"), format!("{PLAIN}/microsoft.graph.bulb/$count"));
        check("", &[PLAIN, &cast], &[true, false]);
        check("", &[PLAIN, &counted], &[true, false]);
        check("", &[PLAIN, &format!("{PLAIN}/$count")], &[false, false]);
        check("", &[PLAIN], &[false]);
    }
}
