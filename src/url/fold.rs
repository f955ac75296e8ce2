//! Segments as Microsoft Graph reads them.

/// The namespace of Microsoft Graph, in lower case.
const NAMESPACE: &str = "microsoft.graph.";

/// A decoded segment as Microsoft Graph reads it: in any case, with or without its namespace, and with or without the parentheses of a
/// function that takes nothing (OData URL Conventions 4.01 section 4.3.5; Microsoft Graph documentation, "Calling conventions").
pub(crate) fn fold(decoded: &str) -> String {
    let lower = decoded.to_lowercase();
    let bare = lower.strip_suffix("()").filter(|bare| !bare.is_empty()).map(str::to_owned);
    without_namespace(bare.unwrap_or(lower), true)
}

/// A text in lower case without the namespace, if it is the beginning of a segment.
pub(super) fn without_namespace(lower: String, is_first: bool) -> String {
    match lower.strip_prefix(NAMESPACE).filter(|bare| is_first && !bare.is_empty()) {
        Some(bare) => bare.to_owned(),
        None => lower,
    }
}
