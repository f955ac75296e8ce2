//! Headings and names as anchors and file names.

/// Text in lower case, with `-` for whatever is neither letter nor digit.
pub(crate) fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    if text.is_ascii() {
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(word);
        }
        slug.make_ascii_lowercase();
        return slug;
    }
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().flat_map(char::to_lowercase));
    }
    slug
}
