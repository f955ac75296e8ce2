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

    /// The digest of a key as it is.
    fn digest(&self, key: &str) -> String {
        let digest = Sha256::digest(format!("{}\n{key}", self.0).as_bytes());
        URL_SAFE_NO_PAD.encode(&digest[..15])
    }
}

impl Default for Salt {
    fn default() -> Salt {
        Salt::new()
    }
}

/// The keys that a collection had when it was listed whole: as they are, and in lower case. Services differ in whether the case of letters
/// matters, and show keys in either.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownKeys {
    exact: BTreeSet<String>,
    lower: BTreeSet<String>,
}

/// Whether a key was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It was.
    Yes,
    /// It was not.
    No,
    /// One that differs only in the case of its letters was: it may be the same.
    InAnotherCase,
}

impl KnownKeys {
    /// These keys.
    pub fn new<'k>(salt: &Salt, keys: impl IntoIterator<Item = &'k str>) -> KnownKeys {
        let digests = keys.into_iter().map(|key| (salt.digest(key), salt.digest(&key.to_lowercase())));
        let (exact, lower) = digests.unzip();
        KnownKeys { exact, lower }
    }

    /// Whether a key was there.
    pub(crate) fn has(&self, salt: &Salt, key: &str) -> Known {
        if self.exact.contains(&salt.digest(key)) {
            Known::Yes
        } else if self.lower.contains(&salt.digest(&key.to_lowercase())) {
            Known::InAnotherCase
        } else {
            Known::No
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_again_in_any_case_and_are_not_written_down() {
        let salt = Salt::new();
        let seen = KnownKeys::new(&salt, ["Ab-1", "ada@contoso.com"]);
        let known = ["Ab-1", "aB-1", "ab-2"].map(|key| seen.has(&salt, key));
        assert_eq!(known, [Known::Yes, Known::InAnotherCase, Known::No]);
        assert_eq!(seen.has(&Salt::new(), "Ab-1"), Known::No, "another ledger has another salt");
        let written = serde_json::to_string(&seen).expect("JSON");
        assert!(
            !written.contains("ada") && serde_json::from_str::<KnownKeys>(&written).expect("JSON") == seen,
            "{written}"
        );
    }
}
