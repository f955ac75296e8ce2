//! Executable contracts from the Microsoft Graph documentation.
//!
//! Every request and response that a documentation page shows is a [`Contract`]. A [`Stub`] answers the documented requests as
//! documented, and refuses any other request with an explanation. So it tests a client without a tenant, a network or a mock of
//! your own. [`judge`] compares any response with what the page says.
//!
//! # Test your client
//!
//! Start a stub on a folder of contracts, and send your client's requests there instead of to `https://graph.microsoft.com`:
//!
//! ```
//! use std::sync::Arc;
//!
//! use graph_contracts::{Client, NormalizationPlan, Level, Outcome, Refusal, Store, Stub, judge};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Arc::new(Store::read("contracts".as_ref())?);
//! let stub = Stub::serve(Arc::clone(&store)).await?;
//!
//! // Your client, here reqwest: what no page documents is refused, with the nearest contract and every difference from it.
//! let answer = reqwest::get(format!("{}/beta/deviceAppManagement/mobileApps/1/userStatuses", stub.uri())).await?;
//! let refusal = Refusal::from_body(&answer.bytes().await?).ok_or("no refusal")?;
//! assert!(!refusal.differences.is_empty());
//!
//! // The documented request of a contract, and what its answer is worth.
//! let contract = &store.contracts[0];
//! let route = &contract.routes[0].path;
//! let exchange = Client::new(&stub.uri())?.send(contract, route).await?;
//! let plan = NormalizationPlan::new(contract, &store.rules, Level::Exact)?;
//! let judged = judge(&plan, route, &exchange.response, None);
//! assert_eq!(judged.outcome, Outcome::Matched, "{:?}", judged.mismatches);
//! # Ok(())
//! # }
//! ```
//!
//! `examples/own_client.rs` tests a small client this way.
//!
//! # Run contracts
//!
//! [`contract_tests`] makes each contract of a [`Project`] a test of its own, named by its id. [`replay`](replay()) runs all of them
//! and returns a [`Run`]. A [`Client`] sends the request of a contract to any provider, so that the same judgment works for a live
//! service; compare it at [`Level::Shape`], because its values cannot be predicted.
//!
//! # What is promised
//!
//! The names on this page. The modules are public for the other packages of the workspace only, are hidden from this documentation,
//! and may change at any time. `docs/architecture.md` describes them.

#[doc(inline)]
pub use self::{
    at::At,
    compare::{Mismatch, MismatchKind, Severity},
    contract::Contract,
    harness::{Project, contract_tests},
    http::{Exchange, Limits, ReceivedResponse, SendError},
    matching::{Difference, Refusal},
    normal::{Level, NormalizationPlan},
    replay::{Client, Outcome, ReplayError, ReplayOptions, RouteOutcome, Run, judge, replay},
    source::SourceLine,
    store::{Store, StoreError},
    stub::{Stub, StubBuilder, StubError, StubRequest},
};

// Internal, without any promise: what the other packages of this workspace need.
#[doc(hidden)]
pub mod at;
mod byte_set;
#[doc(hidden)]
pub mod command_line;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod configuration;
#[doc(hidden)]
pub mod contract;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod edit;
#[doc(hidden)]
pub mod edm;
#[doc(hidden)]
pub mod file;
#[doc(hidden)]
pub mod harness;
#[doc(hidden)]
pub mod http;
#[doc(hidden)]
pub mod import;
#[doc(hidden)]
pub mod json;
#[doc(hidden)]
pub mod lint;
mod lower_case;
#[doc(hidden)]
pub mod matching;
#[doc(hidden)]
pub mod meant;
#[doc(hidden)]
pub mod normal;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod query;
#[doc(hidden)]
pub mod replay;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod service;
#[doc(hidden)]
pub mod snapshot;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod store;
#[doc(hidden)]
pub mod stub;
#[doc(hidden)]
pub mod unified_diff;
#[doc(hidden)]
pub mod url;
