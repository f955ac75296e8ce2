//! Checks values against the types that the metadata declares (OData JSON Format 4.01 section 7).

use crate::csdl::EnumType;
use graph_contracts::edm::{self, LargeNumbers, Primitive, conforms};
use graph_contracts::json::{Json, Kind};

/// Whether what stands for a value is a single one, as `String` or `name-value` is: `{names}` may be several.
pub(super) fn is_single_sample(value: &Json) -> bool {
    value
        .as_str()
        .is_some_and(|text| !text.trim().is_empty() && !text.contains(['{', '<', '…']) && !text.contains("..."))
}

/// Whether a value is one of a primitive type. Of a type that is not known, every value is.
pub(super) fn has_type(value: &Json, type_name: &str, large_numbers: LargeNumbers) -> bool {
    let Some(primitive) = type_name.strip_prefix("Edm.").and_then(Primitive::read) else { return true };
    match (primitive, value) {
        // How bytes are shown in a page is a matter of taste.
        (Primitive::Binary | Primitive::Stream, value) => value.kind() == Kind::String,
        // Samples are often cut or made up.
        (Primitive::Guid, Json::String(text)) if text.to_lowercase().contains("xxx") || !text.contains('-') => true,
        _ => conforms(primitive, value, large_numbers),
    }
}

/// The first of the names in a value that is not a member of the enumeration, if the value is a string.
pub(super) fn unknown_member<'v>(value: &'v str, enumeration: &EnumType<'_>) -> Option<&'v str> {
    let is_member = |name: &str| enumeration.members.iter().any(|member| member.name == name);
    // Pages list alternatives with a bar between them.
    value.split('|').map(str::trim).find_map(|name| edm::unknown_member(name, Some(enumeration.is_flags), is_member))
}
