//! Values as messages show them.

/// The longest part of a value that a message shows, in characters.
pub(crate) const EXCERPT: usize = 120;

/// The beginning of a text, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    if text.len() <= EXCERPT && !text.contains('\n') {
        return text.to_owned();
    }
    let mut line: String = text.chars().take(EXCERPT).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if text.chars().nth(EXCERPT).is_some() {
        line.push('…');
    }
    line
}
