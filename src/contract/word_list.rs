//! Lists of words in lower case that texts are searched for, in whatever case they write them.
//!
//! Nearly all texts are ASCII, which need not be copied into lower case for that.

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::HashMap;

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

/// Lists of words in lower case by their names, as a file has them: one list a line, its name, and the words with `|` between them.
pub(super) struct WordLists(HashMap<&'static str, Words>);

/// One of the lists, and how texts are searched for its words.
struct Words {
    words: Vec<&'static str>,
    search: OnceLock<WordList>,
}

impl WordLists {
    /// Reads a file.
    pub(super) fn read(text: &'static str) -> WordLists {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let list =
            |words: &'static str| Words { words: words.split('|').map(str::trim).collect(), search: OnceLock::new() };
        WordLists(lines.filter_map(|line| line.split_once(": ")).map(|(name, words)| (name, list(words))).collect())
    }

    /// The words of a list.
    pub(super) fn words(&self, name: &str) -> &[&'static str] {
        self.0.get(name).map_or(&[], |list| &list.words)
    }

    /// Where a text has the first of the words of a list.
    pub(super) fn first_in(&self, text: &str, name: &str) -> Option<usize> {
        let list = self.0.get(name)?;
        list.search.get_or_init(|| WordList::of(&list.words)).first_in(text)
    }

    /// Whether the bare text is one of the words of a list: in lower case, with single blanks, and without marks at its ends.
    pub(super) fn is_one(&self, text: &str, name: &str) -> bool {
        self.words(name).contains(&bare(text).as_str())
    }

    /// How many lists there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A text in lower case, with single blanks, and without marks at its ends.
pub(super) fn bare(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '.' | '。' | '．' | '*' | '!' | ';' | ':' | '`' | '\u{200b}');
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_mark(c));
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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
