//! Which contract answers a request: one engine for every server, indexed by the paths of all routes, without I/O.
//!
//! - [`Matcher`]: finds the contract ([`Matched`]), or says why none fits ([`Refusal`], `refusal.rs`); [`Mode`]: by the sample or by the rule
//!   (`matcher.rs`)
//! - [`Received`]: a request as a server received it (`received.rs`)
//! - `route_index.rs`: the paths of all routes as a tree; `path_segment.rs`: a received segment as it is looked up there; `letters.rs`: which names
//!   cannot be alike
//! - `expectation.rs`: what a contract expects of a request, and where a request departs from it ([`Difference`], `difference.rs`);
//!   `header.rs`: the same for header fields, `body.rs` for JSON bodies
//! - `rule.rs`: what the types of a body permit, whatever its sample is; `option_values.rs`: what OData permits of its options; [`Note`]: what is tolerated and said (`note.rs`)
//! - `rank.rs`: which of several contracts that fit is meant; `action.rs`: what is an action

mod action;
mod body;
mod difference;
mod expectation;
mod header;
mod letters;
mod matcher;
mod note;
mod option_values;
mod path_segment;
mod rank;
mod received;
mod refusal;
mod route_index;
mod rule;

pub use difference::Difference;
pub use expectation::NOTHING;
pub use header::{CONTRACT_HEADER, SOURCE_HEADER, bearer_token, field_value, is_bearer};
pub use matcher::{Matched, Matcher, Mode};
pub use note::{Note, NoteKind};
pub use received::{Received, request_line};
pub use refusal::{Nearest, REFUSED, Refusal, RefusalReason};
pub use rule::NOT_JSON;
