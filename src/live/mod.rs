//! Live runs: contracts against a tenant.
//!
//! - [`Profile`], [`Cloud`]: what a run is to do, from TOML (`profile.rs`)
//! - [`PlaceKey`]: where a parameter stands in a route (`place.rs`)
//! - [`Plan`], [`Step`]: what a run is going to do, in which order, and what it leaves out (`plan.rs`)
//! - [`Needs`], [`Account`]: permissions (`permission.rs`)
//! - [`Objects`]: from the route of a step to the path that is sent (`resolve.rs`)
//! - [`drifted`]: what drifted, as a form that can be reviewed (`drift.rs`)
//! - [`Verdict`]: documented, last accepted and now; insta's own files (`review.rs`)
//! - `fill.rs`: puts values where documentation has the names of types

mod drift;
mod fill;
mod permission;
mod place;
mod plan;
mod profile;
mod resolve;
mod review;

pub use drift::drifted;
pub use fill::fill;
pub use permission::{Account, Needs, least_privileged, missing};
pub use place::{PlaceKey, Segment, key_segment, quoted};
pub use plan::{Conditions, Phase, Plan, PlannedSegment, Skip, Source, Step};
pub use profile::{Cloud, Profile, ProfileError, parse_duration};
pub use resolve::{Objects, Resolution};
pub use review::{Accepted, Evidence, Verdict, accepted, live_folder, remove_pending, verdict, write_pending};
