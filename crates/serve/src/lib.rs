//! Contracts as a server for every client of Microsoft Graph.
//!
//! - [`Server`]: listens, and ends in order (`server.rs`, `connection.rs`, `connections.rs`); [`ServeOptions`]: how it behaves (`serve_options.rs`)
//! - `router.rs`: from a request to its answer: what is of the server itself, and what is of Microsoft Graph; `app.rs`: what every connection
//!   shares
//! - [`Incoming`], `reply.rs`: a request and an answer, as plain data (`incoming.rs`); `body.rs`: receives the body of a request; [`BodyStream`]: one
//!   that is passed on (`body_stream.rs`); `spool.rs`: keeps files out of memory
//! - `service.rs`: the answers of Microsoft Graph: authorization, batches, and what each contract says
//! - [`Documentation`]: the answer that a contract documents (`documented.rs`); `prepared.rs`: what of it is always the same; `readable.rs`: as clients can read it; `links.rs`: URLs in it that lead back to
//!   the server, and what they lead to; `shaping.rs`: query options applied to it; `bytes.rs`: content that a page only describes
//! - `addresses.rs`: other ways to write what a path leads to; `expansion.rs`: what is expanded from other pages;
//!   [`cast_of`]: casts that a page describes in words (`casts.rs`)
//! - `uploads.rs`: upload sessions without a tenant
//! - `stateful.rs`: the answers of a tenant that remembers; [`Fault`]: faults that are asked for (`faults.rs`)
//! - [`Upstream`]: a service to which requests are sent on instead (`upstream.rs`)
//! - `authorization.rs`: whether the token of a request will do; `claims.rs`: what it says; `$batch`: [`requests_within`] (`batch.rs`)
//! - `Tls`: https, and a proxy, with the feature `tls` (`tls/`)
//! - `sign_in/`: what stands in the place of Microsoft identity platform
//! - [`Entry`]: one request in the journal; [`HarFile`]: requests as an HTTP Archive; [`Observed`]: one as it is (`journal/`)
//! - `admin/`: what the server says of itself, below [`ADMIN`]

mod addresses;
mod admin;
mod app;
mod authorization;
mod batch;
mod body;
mod body_stream;
mod bytes;
mod casts;
mod claims;
mod connection;
mod connections;
mod documented;
mod expansion;
mod faults;
mod graph_error;
mod incoming;
mod journal;
mod links;
mod prepared;
mod readable;
mod reply;
mod router;
mod serve_options;
mod server;
mod service;
mod shaping;
mod sign_in;
mod spool;
mod stateful;
#[cfg(feature = "tls")]
mod tls;
mod uploads;
mod upstream;

pub use admin::ADMIN;
pub use batch::{MOST_REQUESTS, RequestWithin, is_batch, requests_within};
pub use body_stream::BodyStream;
pub use casts::cast_of;
pub use documented::Documentation;
pub use faults::{FAULT_HEADER, Fault, FaultOptions, Latency, PlannedFault, RandomFault, RetryAfter, Throttle};
pub use graph_contracts_tenant::{SeedError, Seeds};
pub use incoming::Incoming;
pub use journal::{Entry, HarFile, Journal, Observed, Summary, Within, har};
pub use serve_options::{Authorization, FailOn, ServeOptions, State};
pub use server::{ServeError, Server};
pub use sign_in::sign_in_hosts;
#[cfg(feature = "tls")]
pub use tls::{Authority, Certificate, Tls, TlsError, trusted_bundle};
pub use upstream::{Outgoing, Return, Returned, Upstream};
