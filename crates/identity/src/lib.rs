//! Access tokens and TLS for live runs. It is a crate of its own because TLS takes minutes to build, and only live runs need it.
//!
//! - [`http`]: HTTP clients with TLS, the system's certificate authorities and others, and proxies from the environment
//! - [`Source`]: access tokens of Microsoft Entra ID by azure_identity (`source.rs`)
//! - `certificate.rs`, `github.rs`: what proves who a client is, where azure_identity has nothing of its own

mod certificate;
mod github;
pub mod http;
mod source;

pub use source::{Source, scope};
