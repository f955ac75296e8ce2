//! TLS, and the proxy that lets clients run unchanged.
//!
//! - [`Tls`]: what a server needs for both (`settings.rs`); [`Certificate`]: whose certificate it shows
//! - [`Authority`]: signs certificates for the hosts that the proxy intercepts, and for this machine (`authority.rs`, `certificates.rs`)
//! - [`trusted_bundle`]: a file of everybody whom clients are to trust (`bundle.rs`)
//! - [`TlsError`]: why there is no TLS (`error.rs`)
//! - `proxy.rs`: CONNECT, and requests for other hosts

mod authority;
mod bundle;
mod certificates;
mod error;
pub(crate) mod proxy;
mod settings;

pub use authority::Authority;
pub use bundle::trusted_bundle;
pub use error::TlsError;
pub(crate) use settings::stands_for;
pub use settings::{Certificate, Tls};
