//! Lists of words in lower case that texts are searched for, in whatever case they write them.
//!
//! Nearly all texts are ASCII, which need not be copied into lower case for that.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};

/// Words in lower case that texts are searched for, all of them at once.
pub(super) struct WordList(Option<AhoCorasick>);

impl WordList {
    /// The list of these words.
    pub(super) fn of(words: &[&str]) -> WordList {
        let builder = &mut AhoCorasick::builder();
        WordList(builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).build(words).ok())
    }

    /// Whether one of the words occurs in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.first_in(text).is_some()
    }

    /// Where the first of them is in the text in lower case.
    pub(super) fn first_in(&self, text: &str) -> Option<usize> {
        let found = self.0.as_ref()?.find(folded(text).as_ref())?;
        Some(found.start())
    }
}

/// A text as it is if it is ASCII, or else in lower case.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// Whether a text is one of these words in lower case.
pub(super) fn is_one_of(text: &str, words: &[&str]) -> bool {
    if text.is_ascii() {
        words.iter().any(|word| word.eq_ignore_ascii_case(text))
    } else {
        words.contains(&text.to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_script() {
        let list = WordList::of(&["lamp", "свет", "größe"]);
        let check = |text: &str, expected: Option<usize>| assert_eq!(list.first_in(text), expected, "{text}");
        check("The LAMP and a lamp", Some(4));
        check("СВЕТ", Some(0));
        check("die GRÖSSE", None);
        check("die GRÖßE", Some(4));
        check("a light", None);
        check("", None);
        assert!(list.is_in("lamps") && !list.is_in("lam"));
    }

    #[test]
    fn a_text_is_a_word_in_any_case() {
        for text in ["Yes", "yes", "SÍ", "sí", "да", "ДА"] {
            assert!(is_one_of(text, &["yes", "sí", "да"]), "{text}");
        }
        for text in ["", "ye", "si", "yes."] {
            assert!(!is_one_of(text, &["yes", "sí", "да"]), "{text}");
        }
    }
}
