//! JSON trees in contract files.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Json, Member, parse};

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(number) => {
                let raw = RawValue::from_string(number.literal().to_owned()).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(members) => serializer.collect_map(members.iter().map(|Member { name, value }| (name, value))),
        }
    }
}

/// The beginning of a text in at most that many bytes, and whether more would have come.
pub(crate) fn bounded<E>(most: usize, write: impl FnOnce(&mut &mut [u8]) -> Result<(), E>) -> (String, bool) {
    let mut bytes = vec![0; most];
    let mut rest = bytes.as_mut_slice();
    let is_cut = write(&mut rest).is_err();
    let left = rest.len();
    bytes.truncate(most - left);
    // A character may be cut in two.
    let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    bytes.truncate(valid);
    (String::from_utf8(bytes).unwrap_or_default(), is_cut)
}

impl Json {
    /// The beginning of the value as compact JSON, in at most that many bytes.
    pub(crate) fn beginning(&self, most: usize) -> String {
        bounded(most, |out| serde_json::to_writer(out, self)).0
    }
}

/// Reads the value's own text, so it works only below `serde_json` (which hands out raw text).
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        parse(raw.get()).map(|parsed| parsed.json).map_err(D::Error::custom)
    }
}

impl schemars::JsonSchema for Json {
    fn schema_name() -> Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Any JSON value, as documented." })
    }
}
