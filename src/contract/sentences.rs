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
