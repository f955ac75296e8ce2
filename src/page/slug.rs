//! Headings and names as anchors and file names.

/// Text in lower case, with `-` for whatever is neither letter nor digit.
pub(crate) fn slugify(text: &str) -> String {
    if text.is_ascii() {
        // Every heading is read, and nearly all of them are in English.
        let sign = |byte: u8| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' };
        let mut slug: Vec<u8> = text.bytes().map(sign).collect();
        slug.dedup_by(|next, last| *next == b'-' && *last == b'-');
        slug.pop_if(|last| *last == b'-');
        if slug.first() == Some(&b'-') {
            slug.remove(0);
        }
        return String::from_utf8(slug).unwrap_or_default();
    }
    let mut slug = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().flat_map(char::to_lowercase));
    }
    slug
}
