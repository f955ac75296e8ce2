//! The sandbox: a small simulated tenant for live runs that need no configuration. It is a test double. It knows what the
//! contracts say and makes up the rest; that a client agrees with it says nothing about the real service.
//!
//! - [`Sandbox`]: starts the server (`server.rs`); [`SandboxOptions`]: how it behaves (`options.rs`); [`Logged`]: a request that it answered
//!   (`logged.rs`)
//! - `service.rs`: from a request to its answer: authentication, throttling, routing, and what each operation does
//! - `routes.rs`: the resource paths of the contracts as a tree, and what each contract does to the resource at its path
//! - `tenant.rs`: what the tenant holds
//! - `documented.rs`: the resource within a documented body
//! - `values.rs`: bodies as a service would make them: what was sent, the rest like the documented values but not equal
//! - `identifiers.rs`: identifiers that repeat from run to run
//! - `token.rs`: the token endpoint and its tokens
//! - `answer.rs`: answers, and errors in the form of OData
//! - [`Drift`]: the named deviations (`drift.rs`)

mod answer;
mod documented;
mod drift;
mod identifiers;
mod logged;
mod options;
mod routes;
mod server;
mod service;
mod tenant;
mod token;
mod values;

pub use drift::Drift;
pub use logged::Logged;
pub use options::SandboxOptions;
pub use server::{Sandbox, SandboxError};
