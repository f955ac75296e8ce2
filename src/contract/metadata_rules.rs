//! What a contract keeps of the service's metadata: of the types that its messages have, what they may be.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::{ServiceType, TypeReference};

/// What metadata says of a contract's messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetadataRules {
    /// The document: the name of its file, or its URL; of several, the first. Lines are lines of it where a type names no other.
    pub document: String,
    /// The types of the messages on each of the contract's routes that is not in `routes`.
    #[serde(default, skip_serializing_if = "MessageTypes::is_unknown")]
    pub messages: MessageTypes,
    /// The types of the messages on routes where they are others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub routes: BTreeMap<String, MessageTypes>,
    /// The types that the messages have, by their qualified names.
    pub types: BTreeMap<String, ServiceType>,
}

/// The types of the bodies of an operation's request and response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageTypes {
    /// What the operation takes; of an action, its own name, by which `types` has its parameters. Absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TypeReference")]
    pub request: Option<TypeReference>,
    /// What the operation returns with the documented status. Absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TypeReference")]
    pub response: Option<TypeReference>,
}

impl MessageTypes {
    /// Whether nothing is known of either.
    fn is_unknown(&self) -> bool {
        *self == MessageTypes::default()
    }
}

impl MetadataRules {
    /// The types of the messages on a route.
    pub fn messages_on(&self, route: &str) -> &MessageTypes {
        self.routes.get(route).unwrap_or(&self.messages)
    }
}
