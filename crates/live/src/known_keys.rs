//! The keys that a collection had, of which only salted digests are kept: they belong to others.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What digests are salted with: random, and another one for each ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Salt(String);

impl Salt {
    /// A new salt.
    pub fn new() -> Salt {
        let mut bytes = [0; 18];
        fastrand::fill(&mut bytes);
        Salt(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The digest of a key, whatever the case of its letters: services differ in whether that matters, and show it in either.
    fn digest(&self, key: &str) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.0, key.to_lowercase()).as_bytes());
        URL_SAFE_NO_PAD.encode(&digest[..15])
    }
}

impl Default for Salt {
    fn default() -> Salt {
        Salt::new()
    }
}

/// The keys that a collection had when it was listed whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownKeys(BTreeSet<String>);

impl KnownKeys {
    /// These keys.
    pub fn new<'k>(salt: &Salt, keys: impl IntoIterator<Item = &'k str>) -> KnownKeys {
        KnownKeys(keys.into_iter().map(|key| salt.digest(key)).collect())
    }

    /// Whether a key was there.
    pub fn has(&self, salt: &Salt, key: &str) -> bool {
        self.0.contains(&salt.digest(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_again_in_any_case_and_are_not_written_down() {
        let salt = Salt::new();
        let seen = KnownKeys::new(&salt, ["Ab-1", "ada@contoso.com"]);
        assert!(seen.has(&salt, "aB-1") && seen.has(&salt, "ada@contoso.com") && !seen.has(&salt, "ab-2"));
        assert!(!seen.has(&Salt::new(), "Ab-1"), "another ledger has another salt");
        let written = serde_json::to_string(&seen).expect("JSON");
        assert!(
            !written.contains("ada") && serde_json::from_str::<KnownKeys>(&written).expect("JSON") == seen,
            "{written}"
        );
    }
}
