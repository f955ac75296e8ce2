//! How request and response belong together.

use serde::Serialize;

/// How request and response of a contract belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PairKind {
    /// The response follows the request.
    Pair,
    /// The response is documented with another request, and names this one too.
    Shared,
    /// The response is a further one to the request of a pair.
    Extra,
}
