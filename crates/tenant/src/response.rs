//! An answer as plain data, for whatever server sends it.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::blob::Blob;
use crate::query::Note;

/// An answer of the tenant.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The header fields. Those about the transport (`Content-Length`, `Date`) are up to the server.
    pub headers: HeaderMap,
    /// The body; what answers `HEAD` has the one that `GET` has.
    pub body: Bytes,
    /// The body instead, where not all of it is in memory.
    pub file: Option<Blob>,
    /// Where the answer is from.
    pub origin: Origin,
    /// The id of the contract that the answer follows. Without one, it follows from what the tenant holds.
    pub contract: Option<String>,
    /// What of the request was not applied.
    pub notes: Vec<Note>,
}

/// Where an answer is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// What the tenant holds, as the request has left it.
    State,
    /// What is documented: the operation reads and changes nothing that the tenant holds.
    Documented,
    /// A refusal such as the service has: what is not there, not valid, or there already.
    Refusal,
    /// A refusal because no contract has the path, or the path with this method.
    Undocumented,
}
