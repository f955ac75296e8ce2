//! The simulated tenant: one engine for the sandbox of live runs and for whatever else serves contracts with state. It is a test double. It
//! knows what the contracts say and makes up the rest; that a client agrees with it says nothing about the real service.
//!
//! # The engine
//!
//! [`Engine::answer`] takes a [`Request`] as plain data and gives a [`Response`] as plain data: status, header fields, body, which contract was
//! followed ([`Response::contract`]), where the answer is from ([`Origin`]), and what of the request was not applied ([`Response::notes`]).
//! It has no server, asks for no token, and may be shared by threads.
//!
//! ```
//! use std::sync::Arc;
//!
//! use graph_contracts::store::Store;
//! use graph_contracts_tenant::{Engine, EngineOptions, Manner, Origin, Request};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts");
//! let store = Arc::new(Store::read(contracts.as_ref())?);
//! let engine = Engine::new(store, EngineOptions { manner: Manner::AsService });
//! let response = engine.answer(&Request {
//!     method: "GET",
//!     path: "/v1.0/deviceAppManagement/managedEBooks",
//!     query: "$top=1",
//!     headers: &http::HeaderMap::new(),
//!     body: b"",
//!     file: None,
//!     base_url: "http://127.0.0.1:4010",
//!     contract: None,
//! });
//! assert_eq!((response.status.as_u16(), response.origin), (200, Origin::State));
//! # Ok(())
//! # }
//! ```
//!
//! [`query`] applies system query options of OData to any JSON, without contracts.
//!
//! # The files
//!
//! - [`Engine`], [`EngineOptions`], [`Manner`]: from a request to its answer (`engine.rs`); [`Request`] (`request.rs`); [`Response`], [`Origin`]
//!   (`response.rs`)
//! - `expansion.rs`: `$expand`; `precondition.rs`: `If-Match` and `If-None-Match`, by the tags of `entity_tag.rs`; `hidden.rs`: what is written and never read
//! - `operations.rs`: what each operation does; `call.rs`: one request at a path that is known; `likeness.rs`: which contract it is most like
//! - `routes.rs`: the resource paths of the contracts as a tree, and what each contract does to the resource at its path;
//!   `action.rs`: what does something instead of making an object; `found.rs`: a path that was found there
//! - `resolve.rs`: where a path leads: keys in any form, `me`, links; `links.rs`: `$ref` and `@odata.bind`; `inverses.rs`: links
//!   that follow from others; `well_known.rs`: words that address what every tenant has; `validation.rs`: whether a body may make
//!   or change an object
//! - `mail.rs`: mail that is sent
//! - `deleted.rs`: what is deleted and can be restored
//! - `delta.rs`: delta queries; [`Seeds`]: what the tenant has at the beginning (`seeds.rs`, `sow.rs`)
//! - `drive/`: items of drives by identifier and by path, their content, and uploads in chunks, whose rules are those of every upload
//!   ([`ChunkRange`], [`upload_session`], [`session_end`]); the other addresses of an item ([`item_addresses`])
//! - [`Blob`], [`Kept`]: the bytes of a file, wherever they are (`blob.rs`)
//! - `tenant.rs`: what the tenant holds (`tenant/aside.rs`: what is set aside); `objects.rs`: objects as they are kept and shown
//! - `declarations.rs`: what a contract declares of its messages
//! - `documented.rs`: the resource within a documented body; `type_names.rs`: the types that contracts name
//! - `values.rs`: bodies as a service would make them: what was sent, the rest like the documented values but not equal
//! - `identifiers.rs`: identifiers that repeat from run to run
//! - `answer.rs`: answers, and errors in the form of OData
//! - [`query`]: system query options (`query/`)
//! - [`Sandbox`]: the engine behind a server, for live runs that need no configuration (`server.rs`, `responder.rs`); [`SandboxOptions`]: how it
//!   behaves (`options.rs`); [`Logged`]: a request that it answered (`logged.rs`); `token.rs`: the token endpoint and its tokens;
//!   [`Drift`]: the named deviations (`drift.rs`)

mod action;
mod answer;
mod blob;
mod call;
mod declarations;
mod deleted;
mod delta;
mod documented;
mod drift;
mod drive;
mod engine;
mod entity_tag;
mod expansion;
mod found;
mod hidden;
mod identifiers;
mod inverses;
mod likeness;
mod links;
mod logged;
mod mail;
mod objects;
mod operations;
mod options;
mod precondition;
pub mod query;
mod request;
mod resolve;
mod responder;
mod response;
mod routes;
mod seeds;
mod server;
mod sow;
mod tenant;
mod token;
mod type_names;
mod validation;
mod values;
mod well_known;

pub use blob::{Blob, Kept};
pub use drift::Drift;
pub use drive::{ChunkRange, ChunkRefusal, item_addresses, session_end, upload_session};
pub use engine::{Engine, EngineOptions, Manner};
pub use logged::Logged;
pub use options::SandboxOptions;
pub use request::Request;
pub use response::{Origin, Response};
pub use seeds::{SeedError, Seeds};
pub use server::{Sandbox, SandboxError};
