//! Patches as people read and apply them.

use similar::TextDiff;

/// The unified diff of a file; `None` if it is missing.
pub fn unified_diff(name: &str, existing: Option<&str>, text: &str) -> String {
    // Where a name has a blank, a tab says where it ends.
    let tab = if name.contains(' ') { "\t" } else { "" };
    let old = if existing.is_some() { format!("a/{name}{tab}") } else { "/dev/null".to_owned() };
    TextDiff::from_lines(existing.unwrap_or_default(), text)
        .unified_diff()
        .context_radius(3)
        .header(&old, &format!("b/{name}{tab}"))
        .to_string()
}
