//! Executable contracts from the Microsoft Graph documentation.
//!
//! Every documented request/response pair becomes a contract. A contract is replayed against a stub (or a live endpoint), the
//! response is reduced to a normal form in which volatile values are masked, and that is compared with what is documented and
//! with a reviewed snapshot.
//!
//! ```text
//! page.md ──parse──► Page ──build──► Contract ──replay──► Exchange ──normalise──► NormalForm ──compare──► Outcome ──► report
//!   page               contract            stub, replay              normal                   compare              report
//! ```
//!
//! | module | what goes in, what comes out |
//! |---|---|
//! | [`page`] | Markdown to [`page::Page`], its HTTP blocks and which of them are pairs |
//! | [`contract`] | a page to [`contract::Contract`]s |
//! | [`store`] | a folder of contract files to its contracts; which of them are meant |
//! | [`url`] | documented URLs to their parts: host, version, segments, parameters, query |
//! | [`import`] | folders of pages to a folder of contracts |
//! | [`lint`] | folders of pages to [`Diagnostic`]s |
//! | [`stub`] | contracts to a server that answers as documented, for replays and for tests of one's own client |
//! | [`http`] | a contract to the request that is sent; a request to its response, within limits |
//! | [`replay`] | contracts to [`replay::Outcome`]s |
//! | [`normal`] | a response to its [`normal::NormalForm`], by the rules for volatile values |
//! | [`compare`] | two normal forms to [`compare::Mismatch`]es |
//! | [`snapshot`] | reviewed normal forms in files of insta |
//! | [`harness`] | a project's contracts to tests that runners list and run, one for each |
//! | [`report`] | results to text and JSON |
//!
//! Parsing, building, normalising and comparing are pure. Only [`import`], [`store`], [`snapshot`], [`harness`], the stub and the
//! replay do I/O.
//!
//! To test a client of one's own against the documentation, start a [`stub::Stub`]; `examples/own_client.rs` shows how.

pub mod compare;
pub mod contract;
mod diagnostic;
pub mod harness;
pub mod http;
pub mod import;
pub mod json;
pub mod lint;
pub mod normal;
pub mod page;
pub mod replay;
pub mod report;
pub mod snapshot;
pub mod source;
pub mod store;
pub mod stub;
mod unified_diff;
pub mod url;

pub use self::http::{Exchange, ReceivedResponse, SentRequest};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use unified_diff::unified_diff;
