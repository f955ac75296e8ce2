//! What the check asks of a segment of a documented path beyond reading it.

use graph_contracts::url::{Argument, Segment};

/// Whether a segment is a placeholder, and its name one of a key: `{id}`, `{message-id}`, `<userId>`, `{id | userPrincipalName}`.
pub(super) fn is_key_placeholder(segment: &Segment) -> bool {
    let inner = segment.name.trim_matches(['{', '}', '<', '>', '(', ')', ' ']);
    let is_key = |word: &str| {
        let word = word.trim();
        matches!(word.to_ascii_lowercase().as_str(), "id" | "userprincipalname" | "upn" | "guid")
            || word.ends_with("Id")
            || ["-id", "_id", " id"].iter().any(|end| word.to_ascii_lowercase().ends_with(end))
    };
    segment.is_placeholder() && inner.split('|').any(is_key)
}

/// Why a segment is not well formed: nothing stands between two slashes, or its parentheses do not fit (OData URL Conventions 4.01 section 4.3).
pub(super) fn not_well_formed(segment: &Segment) -> Option<String> {
    let text = segment.text.trim();
    if text.is_empty() {
        return Some("nothing stands between two slashes; a key may be missing".to_owned());
    }
    // What is in a placeholder or in quotation marks is a value, and the path of an item may have any characters.
    let is_value = segment.has_colon || text.starts_with(['{', '<']) || text.contains('\'');
    let count = |c: char| text.matches(c).count();
    (!is_value && count('(') != count(')')).then(|| format!("the parentheses of `{text}` are not balanced"))
}

/// A segment without a list of selected properties, which a context URL has where a path has a key: `users(id,mail)`.
pub(super) fn without_selection(mut segment: Segment) -> Segment {
    let is_selected =
        |own: &Argument| own.name.is_none() && own.value.chars().all(|c| c.is_alphanumeric() || "_()/*,+ ".contains(c));
    segment.arguments = segment.arguments.filter(|arguments| !arguments.iter().all(is_selected));
    segment
}

/// Whether two segments are the same, whatever their case, namespace and arguments.
pub(super) fn is_like(one: &Segment, other: &Segment) -> bool {
    let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_lowercase();
    bare(&one.name) == bare(&other.name)
}
