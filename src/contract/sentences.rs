//! Texts as the words of their sentences.

/// The words of each sentence, with what is written at their ends. `is_end` says of a word whether it is the last one of a sentence.
pub(super) fn sentences(text: &str, is_end: impl Fn(&str) -> bool) -> impl Iterator<Item = Vec<&str>> {
    let mut words = text.split_whitespace();
    std::iter::from_fn(move || {
        let mut sentence = Vec::new();
        for word in words.by_ref() {
            sentence.push(word);
            if is_end(word) {
                break;
            }
        }
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// A word without what is written at its ends.
pub(super) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '$')
}

/// Whether it is that word, in any case.
pub(super) fn is(word: &str, expected: &str) -> bool {
    bare(word).eq_ignore_ascii_case(expected)
}

/// Whether it is one of those words, in any case.
pub(super) fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|own| is(word, own))
}

/// Whether it denies what its sentence says.
pub(super) fn denies(word: &str) -> bool {
    is_one_of(word, &["not", "never"]) || is_contracted_not(bare(word))
}

/// Whether a word ends as "isn't" does, with either apostrophe.
pub(super) fn is_contracted_not(word: &str) -> bool {
    word.ends_with("n't") || word.ends_with("n’t")
}
