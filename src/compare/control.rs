//! Control information by which an object says what it is (OData JSON Format 4.01 sections 4.6 and 15).

use crate::json::Kind;
use crate::normal::Node;

/// The type that an object says it is of.
pub(super) fn own_type(object: &Node) -> Option<&str> {
    object.get("@odata.type").or_else(|| object.get("@type")).and_then(Node::as_str).map(bare_type)
}

/// The name of a type in an annotation, where `#` may stand before it (OData JSON Format 4.01 section 4.6.3).
pub(super) fn bare_type(annotation: &str) -> &str {
    annotation.strip_prefix('#').unwrap_or(annotation)
}

/// Whether an object has the form of a deleted entity, in OData 4.01 or 4.0, or of an added or deleted link.
pub(super) fn removed_form(object: &Node) -> bool {
    let has = |name: &str| object.get(name).is_some_and(|value| value.kind() == Kind::Object);
    let context = object.get("@odata.context").or_else(|| object.get("@context")).and_then(Node::as_str);
    has("@removed") || has("@odata.removed") || context.is_some_and(is_change_context)
}

/// Whether a context URL is that of a deleted entity, or of a link that was added or deleted (OData Protocol 4.01 section 10).
fn is_change_context(context: &str) -> bool {
    ["/$deletedEntity", "/$deletedLink", "/$link"].iter().any(|end| context.ends_with(end))
}

/// Whether a body says that it is a delta response: it leads to the next one (OData JSON Format 4.01 section 15).
pub(super) fn is_delta(body: &Node) -> bool {
    let has = |name: &str| body.get(name).is_some();
    let context = body.get("@odata.context").or_else(|| body.get("@context")).and_then(Node::as_str);
    has("@odata.deltaLink") || has("@deltaLink") || context.is_some_and(|context| context.ends_with("/$delta"))
}
