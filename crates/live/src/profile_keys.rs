//! The keys that a table of a profile may have: the fields of the type that reads it, so that no list can differ from them.

use std::fmt;

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};

/// What reads a table; it asks for nothing but the names of the fields.
struct Fields<'f>(&'f mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        Err(Error::custom("only its fields were asked for"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("it is no table"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

/// The keys of the table that a type reads.
pub(super) fn keys_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // It always fails: nothing is read.
    drop(T::deserialize(Fields(&mut fields)));
    fields
}

/// Whether a value is one that somebody has to replace: nothing, or what stands in angle brackets, braces or square brackets, as in samples.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let is_between = |(open, close): (char, char)| value.starts_with(open) && value.ends_with(close);
    value.is_empty()
        || value == "…"
        || value == "..."
        || [('<', '>'), ('{', '}'), ('[', ']')].into_iter().any(is_between)
}

/// What a key or an entry is that has no value yet, as the middle of a message.
pub(super) struct NoValue<'v>(pub(super) &'v str);

impl fmt::Display for NoValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.trim().is_empty() { "is empty" } else { "is still a placeholder" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Identity, Profile};

    #[test]
    fn the_keys_are_those_that_are_read() {
        assert!(keys_of::<Profile>().contains(&"write_below"));
        assert_eq!(keys_of::<Identity>()[..2], ["kind", "client_id"]);
        assert_eq!(keys_of::<String>(), [""; 0]);
    }

    #[test]
    fn what_somebody_has_to_replace_is_a_placeholder() {
        for text in ["", " ", "…", "<tenant id>", "{tenant}", "[id]"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["contoso.onmicrosoft.com", "d2c5e3f0", "a<b>"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
