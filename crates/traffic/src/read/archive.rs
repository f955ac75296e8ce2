//! An HTTP Archive, of which no more than one entry is in memory.

use std::fmt;
use std::io::BufRead;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::entry::record;
use super::{Each, ReadError};

pub(super) fn read(source: impl BufRead, each: &mut Each<'_>) -> Result<(), ReadError> {
    let mut deserializer = serde_json::Deserializer::from_reader(source);
    let mut state = Archive { each, is_of_server: false, has_entries: false };
    let read = deserializer.deserialize_map(Document(&mut state)).and_then(|()| deserializer.end());
    let has_entries = state.has_entries;
    let failed = |error: &serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        // The position stands before the message already; one about a value could quote it.
        let reason = match error.classify() {
            Category::Data => "a value is not of the type that HAR 1.2 has there".to_owned(),
            _ => error.to_string(),
        };
        let reason = reason.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&reason).to_owned();
        let reason = if has_entries { reason } else { format!("neither an HTTP Archive nor a journal: {reason}") };
        ReadError { line, column, reason, ..ReadError::default() }
    };
    read.map_err(|error| failed(&error))?;
    if has_entries {
        return Ok(());
    }
    let reason = "neither an HTTP Archive, which has `log` with `entries`, nor a journal".to_owned();
    Err(ReadError { line: 1, column: 1, reason, ..ReadError::default() })
}

struct Archive<'a, 'e> {
    each: &'a mut Each<'e>,
    is_of_server: bool,
    has_entries: bool,
}

/// The whole document.
struct Document<'s, 'a, 'e>(&'s mut Archive<'a, 'e>);

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `log`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "log" {
                map.next_value_seed(Log(&mut *self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The member `log`.
struct Log<'s, 'a, 'e>(&'s mut Archive<'a, 'e>);

impl<'de> DeserializeSeed<'de> for Log<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Log<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `entries`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "entries" => map.next_value_seed(Entries(&mut *self.0))?,
                "creator" => {
                    let text = map.next_value::<Box<RawValue>>()?;
                    let creator: Value = serde_json::from_str(text.get()).map_err(A::Error::custom)?;
                    self.0.is_of_server = creator["name"] == "graph-contracts";
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The array of the entries.
struct Entries<'s, 'a, 'e>(&'s mut Archive<'a, 'e>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.0.has_entries = true;
        // As text, so that an entry that is not like one keeps no other from being read.
        while let Some(entry) = entries.next_element::<Box<RawValue>>()? {
            let is_of_server = self.0.is_of_server;
            (self.0.each)(&|number| record(entry.get(), number, is_of_server));
        }
        Ok(())
    }
}
