//! TLS, and the proxy that lets clients run unchanged.
//!
//! - [`Tls`]: what a server needs for both (`settings.rs`); [`Certificate`]: whose certificate it shows
//! - [`Authority`]: signs certificates for the hosts that the proxy intercepts, and for this machine (`authority.rs`, `certificates.rs`)
//! - [`TlsError`]: why there is no TLS (`error.rs`)
//! - `proxy.rs`: CONNECT, and requests for other hosts

mod authority;
mod certificates;
mod error;
pub(crate) mod proxy;
mod settings;

pub use authority::Authority;
pub use error::TlsError;
pub use settings::{Certificate, Tls};
