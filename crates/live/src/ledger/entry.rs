//! What the lines of a ledger say.

use std::fmt;
use std::time::Duration;

use graph_contracts::url::without_query;
use jiff::Timestamp;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::known_keys::{KnownKeys, Salt};
use crate::marker::Marked;

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// Where a run writes: an object is deleted only where it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// Scheme, host and port.
    base: String,
    /// The tenant.
    tenant: String,
}

impl Destination {
    /// The tenant of that identifier at that base URL.
    pub fn new(base: &Url, tenant: &str) -> Destination {
        Destination { base: base.origin().ascii_serialization(), tenant: tenant.to_ascii_lowercase() }
    }

    /// The name of the file for the ledger of this tenant at this provider.
    pub fn file_name(&self) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.base, self.tenant).as_bytes());
        let digits: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        format!("{digits}.ledger.jsonl")
    }

    /// A path of the provider as a URL.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A URL without its query, and as a path if it is at this provider.
    pub(super) fn relative(&self, url: &str) -> String {
        let url = without_query(url);
        match Url::parse(url) {
            Ok(parsed) if parsed.origin().ascii_serialization() == self.base => parsed.path().to_owned(),
            _ => url.to_owned(),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tenant {} at {}", self.tenant, self.base)
    }
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// The version of the format.
    pub(super) ledger: u32,
    #[serde(flatten)]
    pub(super) destination: Destination,
    /// As whom the run that began it signed in, without any secret.
    pub(super) identity: String,
    /// What the digests of others' keys are salted with.
    pub(super) salt: Salt,
}

/// A number for an intent, unique within its ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub(super) u64);

/// A request that was about to be sent, and that writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its number.
    pub n: IntentId,
    /// The contract.
    pub contract: String,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub url: String,
    /// When it was about to be sent, by this machine's clock.
    pub time: Timestamp,
    /// For a request that creates an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation: Option<Creation>,
    /// For a request that changes an object of the run's: the text with the marker that it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What is known of a creation before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creation {
    /// The marker that is sent; without one, nothing could be marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marked: Option<Marked>,
    /// When it was about to be sent, by the service's clock as far as it is known.
    pub time: Timestamp,
    /// The keys that the collection had.
    pub before: KnownKeys,
}

impl Intent {
    /// The marker that a creation sends, if it sends one.
    pub fn marked(&self) -> Option<&Marked> {
        self.creation.as_ref()?.marked.as_ref()
    }

    /// How long ago the request was sent; nothing if the clock was set back since then.
    pub fn age(&self) -> Duration {
        age(self.time)
    }

    /// What may be there because this request was sent and what it did is not known, and how to look for it.
    pub fn advice(&self, destination: &Destination) -> String {
        let Intent { contract, method, url, time, creation, .. } = self;
        let at = destination.url(url);
        let look = match (method.as_str(), creation) {
            ("POST", Some(Creation { marked: Some(marked), .. })) => format!(
                "what it creates may exist: GET {at}, and delete what carries {} in its `{}`",
                marked.marker, marked.member
            ),
            ("POST", _) => format!(
                "what it creates may exist: GET {at} (or, for an action, the object it acts on), and delete what was created since then"
            ),
            ("DELETE", _) => format!("it may be deleted: GET {at}"),
            _ => format!("it may be changed, or created: GET {at}, and undo what was changed since then"),
        };
        format!(
            "{method} {url} of {contract} at {time:.0} in {destination} has no answer that says what it did; {look}"
        )
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "lowercase")]
pub(super) enum Entry {
    /// A request is about to be sent.
    Intent(Intent),
    /// It created this, as is proven.
    Created {
        n: IntentId,
        url: String,
        time: Timestamp,
        /// When the object says that it was created, in its own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<String>,
    },
    /// The service has put this into what it created.
    Content { n: IntentId, url: String },
    /// It may have created this, or somebody else has.
    Suspect {
        n: IntentId,
        url: String,
        why: String,
        /// Whether an answer names it as what the request created.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        named: bool,
    },
    /// Somebody else has created this, as is proven.
    Disowned { n: IntentId, url: String },
    /// It was answered; what a creation left of that is to be seen in its collection.
    Answered { n: IntentId, status: u16, attempts: u32 },
    /// There is no answer.
    Failed { n: IntentId, ambiguous: bool, attempts: u32, why: String },
    /// Its collection has all that it created, as was seen twice after the settling time.
    Settled { n: IntentId },
    /// What was created is no longer there, as was read.
    Gone { url: String },
    /// Somebody has looked after a request whose effect is not known, and after what it may have created.
    Acknowledged { n: IntentId },
}

/// How long ago a time was; nothing if the clock was set back since then.
pub(super) fn age(time: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(time)).unwrap_or_default()
}
