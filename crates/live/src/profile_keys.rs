//! The keys that a table of a profile may have: the fields of the type that reads it, so that no list can differ from them.

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
}
