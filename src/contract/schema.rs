//! The JSON Schema of contract files, generated from the types.

use super::Contract;

/// The schema's file name in the contracts folder.
pub const SCHEMA_FILE: &str = "schema.json";

/// The text of the schema file.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Contract);
    // A schema is plain JSON, which always serializes.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The way from a contract's file to the schema, which lies in the contracts folder itself.
pub(super) fn schema_path(id: &str) -> String {
    format!("{}{}", "../".repeat(id.matches('/').count()), SCHEMA_FILE)
}
