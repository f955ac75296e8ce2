//! Live runs: contracts against a tenant.
//!
//! What to do, without a socket:
//!
//! - [`Profile`], [`Identity`]: what a run is to do, and as whom, from TOML (`profile.rs`, `identity.rs`, `base_url.rs`); [`ProfileProblem`]: what is wrong with
//!   them, and [`KeyPlaces`]: where that stands (`profile_keys.rs`, `profile_placeholder.rs`, `profile_problem.rs`, `unmatched_places.rs`); [`LiveOptions`]: what it needs beside (`live_options.rs`)
//! - [`Plan`], [`Step`]: what a run is going to do, in which order, and what it leaves out (`plan.rs`, `planned_step.rs`, `phase.rs`,
//!   `skip.rs`)
//! - [`Effect`], [`EffectClass`]: what a step does beyond its own object (`effect/`)
//! - [`Needs`], [`Account`], [`Lack`]: permissions (`permission.rs`)
//! - [`ParameterPosition`]: where a parameter stands in a route (`parameter_position.rs`); [`Objects`]: from the route of a step to the path that is
//!   sent (`resolve.rs`)
//! - `request.rs`: the request that is sent
//!
//! Doing it:
//!
//! - [`run`]: plan, act, compare, clean up (`run.rs`, `step.rs`, `judge.rs`, `cleanup.rs`); [`LiveRun`]: what became of it
//!   (`outcome.rs`)
//! - `session.rs`: what the steps of a run share; `ended.rs`: why a step has no response; `discreet.rs`: mismatches without what a tenant
//!   holds
//! - Whose an object is: `ownership.rs`, by what a response names and an object says; [`Marker`] (`marker.rs`); what a collection has and had
//!   (`listing.rs`, [`KnownKeys`]); reading back (`sight.rs`)
//! - `creation.rs`: creates and proves; `contents.rs`, `collections.rs`: what is within an object; `removal.rs`: deletes and reads back;
//!   `recycling.rs`: what the service keeps; `settlement.rs`: what creations did; `cleanup.rs`: what is left; [`find_marked`](find_marked()): without a ledger
//! - [`Transport`]: sends a request with a token, within a pace and limits, and repeats it where that is safe; else there is a
//!   [`LiveError`] (`transport.rs`, `live_error.rs`, [`CertificateProblem`]); `retry.rs`: what follows an attempt
//! - [`Pace`], [`Manners`]: how fast a run may be, and how long it may wait (`pace.rs`)
//! - [`Tokens`], [`TokenSource`]: where tokens come from, and when they are refreshed (`token.rs`); [`AccessToken`] (`access_token.rs`)
//! - [`Ledger`]: what a run was about to write and what it created, on disk before it matters (`ledger/`)
//! - [`learn`](mod@learn): which values differ between two reads, and the volatile rules that would cover them
//! - [`Drift`]: how a service departs on a route (`drift.rs`); [`Verdict`]: documented, last accepted and now (`verdict.rs`)
//! - `PendingDrift`: the one pending snapshot of a contract, however many routes it has; insta's own files (`pending_drift.rs`)

mod access_token;
mod base_url;
mod body_container;
mod bound_values;
mod certificate_problem;
mod cleanup;
mod collections;
mod contents;
mod creation;
mod discreet;
mod drift;
mod effect;
mod effects_of_plan;
mod ended;
mod find_marked;
mod identity;
mod judge;
mod kept_rules;
mod known_keys;
pub mod learn;
mod ledger;
mod listing;
mod live_error;
mod live_options;
mod marker;
mod outcome;
mod ownership;
mod pace;
mod parameter_position;
mod pending_drift;
mod permission;
mod phase;
mod plan;
mod plan_report;
mod planned_step;
mod profile;
mod profile_keys;
mod profile_placeholder;
mod profile_problem;
mod public_names;
mod recycling;
mod removal;
mod report;
mod request;
mod resolve;
mod retry;
mod run;

mod session;
mod settlement;
mod sight;
mod skip;
mod step;
mod token;
mod transport;
mod unmatched_places;
mod verdict;

pub use access_token::{AccessToken, Claims};
pub use base_url::checked_base;
pub use certificate_problem::CertificateProblem;
pub use discreet::discreet;
pub use drift::Drift;
pub use effect::{Because, Effect, EffectClass, NoEffectClass};
pub use effects_of_plan::EffectsOfClass;
pub use find_marked::{FoundMarked, find_marked};
pub use graph_contracts::contract::Cloud;
pub use identity::{Identity, IdentityKind};
pub use known_keys::{KnownKeys, Salt};
pub use ledger::{Creation, Destination, Intent, IntentId, Ledger, LedgerError, Left, LeftObject, Suspect};
pub use live_error::{About, LiveError};
pub use live_options::{LIST_LIMIT, LiveOptions, SETTLING};
pub use marker::{Marked, Marker};
pub use outcome::{LiveOutcome, LiveRun, StepOutcome, Traffic};
pub use pace::{Manners, NoTurn, Pace, Turn};
pub use parameter_position::ParameterPosition;
pub use permission::{Account, Lack, Needs, least_privileged, missing};
pub use phase::Phase;
pub use plan::Plan;
pub use planned_step::{Conditions, PlannedSegment, Source, Step};
pub use profile::{MetadataSource, Profile, ProfileError, parse_duration};
pub use profile_problem::{KeyPlaces, ProfileProblem};
pub use resolve::{Objects, Resolution};
pub use run::run;
pub use skip::Skip;
pub use token::{ReadyToken, TokenError, TokenFuture, TokenSource, Tokens};
pub use transport::{LiveExchange, Transport};
pub use verdict::{Accepted, Verdict, accepted, verdict};
