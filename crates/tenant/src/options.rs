//! How the sandbox behaves.

use std::time::Duration;

/// How the sandbox behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxOptions {
    /// Whether answers deviate from the documentation, in the ways that [`Sandbox::drifts`](crate::Sandbox::drifts) names.
    pub drift: bool,
    /// How long each answer takes.
    pub latency: Duration,
    /// Answers every n-th request with 429 (RFC 6585 section 4); `None` or 0 for no request.
    pub throttle_every: Option<u64>,
}

impl Default for SandboxOptions {
    fn default() -> SandboxOptions {
        SandboxOptions { drift: false, latency: Duration::from_millis(2), throttle_every: Some(20) }
    }
}
