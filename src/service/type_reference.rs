//! How the declarations of a service refer to a type.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A type as it is referred to; as text, `microsoft.graph.user` or `Collection(microsoft.graph.user)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub struct TypeReference {
    /// The qualified name of the type, or of the collection's elements.
    pub name: String,
    /// Whether it is a collection.
    pub collection: bool,
}

impl fmt::Display for TypeReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TypeReference { name, collection } = self;
        if *collection { write!(f, "Collection({name})") } else { f.write_str(name) }
    }
}

impl From<String> for TypeReference {
    fn from(text: String) -> TypeReference {
        let inner = text.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        TypeReference { collection: inner.is_some(), name: inner.unwrap_or(&text).to_owned() }
    }
}

impl From<TypeReference> for String {
    fn from(own: TypeReference) -> String {
        own.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_is_written() {
        for (text, name, collection) in [
            ("n.lamp", "n.lamp", false),
            ("Collection(n.lamp)", "n.lamp", true),
            ("Collection(n.lamp", "Collection(n.lamp", false),
            ("", "", false),
        ] {
            let read = TypeReference::from(text.to_owned());
            assert_eq!((read.name.as_str(), read.collection), (name, collection), "{text}");
            assert_eq!(read.to_string(), text);
        }
    }
}
