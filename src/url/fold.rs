//! Segments as Microsoft Graph reads them.

/// The namespace of Microsoft Graph, in lower case, and its alias, which clients that Kiota generates write in casts (`members/graph.user`).
const NAMESPACES: [&str; 2] = ["microsoft.graph.", "graph."];

/// A decoded segment as Microsoft Graph reads it: in any case, with or without its namespace, and with or without the parentheses of a
/// function that takes nothing (OData URL Conventions 4.01 section 4.3.5; Microsoft Graph documentation, "Calling conventions").
pub(crate) fn fold(decoded: &str) -> String {
    let lower = decoded.to_lowercase();
    let bare = lower.strip_suffix("()").filter(|bare| !bare.is_empty());
    without_namespace(bare.unwrap_or(&lower)).to_owned()
}

/// A name in lower case without the namespace of Microsoft Graph, unless nothing else is there.
pub fn without_namespace(lower: &str) -> &str {
    let bare = NAMESPACES.iter().find_map(|namespace| lower.strip_prefix(namespace));
    bare.filter(|bare| !bare.is_empty()).unwrap_or(lower)
}
