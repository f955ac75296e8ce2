//! Headings and names as anchors and file names.

/// Text in lower case, with `-` for whatever is neither letter nor digit.
pub(crate) fn slugify(text: &str) -> String {
    if text.is_ascii() {
        // Every heading is read, and nearly all of them are in English.
        let mut slug = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                slug.push(byte.to_ascii_lowercase());
            } else if slug.last().is_some_and(|last| *last != b'-') {
                slug.push(b'-');
            }
        }
        if slug.last() == Some(&b'-') {
            slug.pop();
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
