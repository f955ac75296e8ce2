//! Checks values against the types that the metadata declares (OData JSON Format 4.01 section 7).

use crate::csdl::EnumType;
use graph_contracts::compare::conforms;
use graph_contracts::contract::Primitive;
use graph_contracts::json::{Json, Kind};

/// Whether what stands for a value is a single one, as `String` or `name-value` is: `{names}` may be several.
pub(super) fn is_single_sample(value: &Json) -> bool {
    value
        .as_str()
        .is_some_and(|text| !text.trim().is_empty() && !text.contains(['{', '<', '…']) && !text.contains("..."))
}

/// Whether a value is one of a primitive type. Of a type that is not known, every value is. `large_as_text` is whether large numbers
/// are strings, as with `IEEE754Compatible=true` (section 3.2).
pub(super) fn has_type(value: &Json, type_name: &str, large_as_text: bool) -> bool {
    let Some(primitive) = type_name.strip_prefix("Edm.").and_then(Primitive::read) else { return true };
    match (primitive, value) {
        // How bytes are shown in a page is a matter of taste.
        (Primitive::Binary | Primitive::Stream, value) => value.kind() == Kind::String,
        (Primitive::Int64 | Primitive::Decimal, Json::String(text)) => {
            large_as_text && graph_contracts::json::Number::from_literal(text).is_some()
        }
        // Samples are often cut or made up.
        (Primitive::Guid, Json::String(text)) => {
            conforms(primitive, value) || text.to_lowercase().contains("xxx") || !text.contains('-')
        }
        _ => conforms(primitive, value),
    }
}

/// The first of the names in a value that is not a member of the enumeration, if the value is a string.
pub(super) fn unknown_member<'v>(value: &'v str, enumeration: &EnumType<'_>) -> Option<&'v str> {
    let is_member = |name: &str| {
        // Numbers stand for members, too (section 7.1).
        name.parse::<i64>().is_ok() || enumeration.members.iter().any(|member| member.name == name)
    };
    if is_member(value) {
        return None;
    }
    // Flags are separated by commas; pages list alternatives with other separators.
    let separators: &[char] = if enumeration.is_flags { &[',', '|'] } else { &['|'] };
    value.split(separators).map(str::trim).find(|name| !is_member(name))
}
