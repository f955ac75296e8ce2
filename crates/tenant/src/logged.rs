//! What the sandbox remembers of requests.

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// The path and query as sent; very long ones are cut off.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}
