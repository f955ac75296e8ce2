//! Lists of words in lower case that texts are searched for, in whatever case they write them.
//!
//! Nearly all texts are ASCII, which need not be copied into lower case for that.

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use foldhash::HashMap;

/// Words in lower case that texts are searched for, all of them at once.
pub(super) struct WordList(Searchers);

impl WordList {
    /// The list of these words.
    pub(super) fn of(words: &[&'static str]) -> WordList {
        WordList(Searchers::of(words, MatchKind::LeftmostFirst))
    }

    /// Whether one of the words occurs in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.first_in(text).is_some()
    }

    /// Where the first of them is in the text in lower case.
    pub(super) fn first_in(&self, text: &str) -> Option<usize> {
        let (searcher, text) = self.0.for_text(text)?;
        Some(searcher.find(text.as_ref())?.start())
    }
}

/// Several lists of words in lower case that texts are searched for at once, each known by its place among them.
pub(super) struct WordGroups<const COUNT: usize> {
    searchers: Searchers,
    /// The list of each word.
    groups: Vec<usize>,
}

impl<const COUNT: usize> WordGroups<COUNT> {
    /// The lists of these words.
    pub(super) fn of(lists: [&[&'static str]; COUNT]) -> WordGroups<COUNT> {
        let words = lists.iter().zip(0..).flat_map(|(words, group)| words.iter().map(move |word| (*word, group)));
        let (words, groups): (Vec<&str>, Vec<usize>) =
            ascii_first(words.collect(), |(word, _)| *word).into_iter().unzip();
        WordGroups { searchers: Searchers::of(&words, MatchKind::Standard), groups }
    }

    /// For each list, whether one of its words occurs in a text.
    pub(super) fn in_text(&self, text: &str) -> [bool; COUNT] {
        let mut found = [false; COUNT];
        // Hardly any text has one, and finding that out takes half as long as finding words that overlap.
        if let Some((searcher, text)) = self.searchers.for_text(text)
            && searcher.is_match(text.as_ref())
        {
            for word in searcher.find_overlapping_iter(text.as_ref()) {
                found[self.groups[word.pattern().as_usize()]] = true;
            }
        }
        found
    }
}

/// What finds words in texts.
struct Searchers {
    /// Those of ASCII come first.
    words: Vec<&'static str>,
    kind: MatchKind,
    /// Finds the words of ASCII, the only ones that a text of ASCII can have.
    ascii: Option<AhoCorasick>,
    /// Finds all words, as soon as some text may have others.
    all: OnceLock<Option<AhoCorasick>>,
}

impl Searchers {
    fn of(words: &[&'static str], kind: MatchKind) -> Searchers {
        let words = ascii_first(words.to_vec(), |word| *word);
        let of_ascii = words.partition_point(|word| word.is_ascii());
        let ascii = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(kind).build(&words[..of_ascii]).ok();
        Searchers { words, kind, ascii, all: OnceLock::new() }
    }

    /// What finds the words in a text, and the form of the text that it reads.
    fn for_text<'t>(&self, text: &'t str) -> Option<(&AhoCorasick, Cow<'t, str>)> {
        if text.is_ascii() {
            return Some((self.ascii.as_ref()?, Cow::Borrowed(text)));
        }
        // A table of all states for the words of all languages would take longer to make than hundreds of pages take to be searched.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        let all = || AhoCorasick::builder().kind(kind).match_kind(self.kind).build(&self.words).ok();
        Some((self.all.get_or_init(all).as_ref()?, Cow::Owned(text.to_lowercase())))
    }
}

/// The same with words of ASCII before all others.
fn ascii_first<T>(mut words: Vec<T>, word: impl Fn(&T) -> &str) -> Vec<T> {
    words.sort_by_key(|own| !word(own).is_ascii());
    words
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

/// Words in lower case, one of which a text may be as a whole.
pub(super) struct WordSet {
    /// By their number of bytes, of which few words have the same.
    by_length: Vec<Vec<&'static str>>,
}

impl WordSet {
    /// The set of these words.
    pub(super) fn of(words: &[&'static str]) -> WordSet {
        let longest = words.iter().map(|word| word.len()).max().unwrap_or_default();
        let mut by_length = vec![Vec::new(); longest + 1];
        words.iter().for_each(|word| by_length[word.len()].push(*word));
        WordSet { by_length }
    }

    /// Whether a text is one of them, in whatever case.
    pub(super) fn has(&self, text: &str) -> bool {
        let of_length = |length: usize| self.by_length.get(length).map_or(&[][..], Vec::as_slice);
        if text.is_ascii() {
            return of_length(text.len()).iter().any(|word| word.eq_ignore_ascii_case(text));
        }
        let lower = text.to_lowercase();
        of_length(lower.len()).contains(&lower.as_str())
    }
}

/// Whether a text is one of these words in lower case. Of longer lists, see [`WordSet`].
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
    fn a_text_has_words_of_several_lists() {
        let groups = WordGroups::of([&["größe", "lamp"], &["ampere", "свет"], &["lampe"]]);
        let check = |text: &str, expected: [bool; 3]| assert_eq!(groups.in_text(text), expected, "{text}");
        check("The LAMP", [true, false, false]);
        check("Lampere", [true, true, true]);
        check("die GRÖßE, СВЕТ", [true, true, false]);
        check("a light, ein Licht", [false; 3]);
        check("", [false; 3]);
    }

    #[test]
    fn a_text_is_a_word_in_any_case() {
        for text in ["Yes", "yes", "SÍ", "sí", "да", "ДА"] {
            assert!(is_one_of(text, &["yes", "sí", "да"]) && WordSet::of(&["yes", "sí", "да"]).has(text), "{text}");
        }
        for text in ["", "ye", "si", "yes."] {
            assert!(!is_one_of(text, &["yes", "sí", "да"]) && !WordSet::of(&["yes", "sí", "да"]).has(text), "{text}");
        }
    }
}
