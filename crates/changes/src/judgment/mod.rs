//! What a difference means for a caller: one judgment for comparing sets and for reviewing snapshots.
//!
//! The rule decides, and the sample only where nobody states a rule: what both sides declare, and the direction in which the value goes.
//! What neither says is unknown, and breaks nobody.
//!
//! - [`Values`], [`Volatile`]: the values of a body by place, with what is declared of them (`values.rs`)
//! - [`Expected`]: what a declaration allows, and whether values are as declared (`expected.rs`)
//! - [`of_values`]: two samples of one value (`samples.rs`)
//! - [`of_member`]: a member that only one side shows (`member.rs`)
//! - [`retyped`], [`Use`]: two declared types (`declared_types.rs`)
//! - [`added_value`], [`further_value`], [`removed_value`], [`recased_property`], [`recased_value`], [`is_evolvable`], [`SENTINEL`]: values of enumerations that come,
//!   go, or are written otherwise (`enumeration.rs`)

mod declared_types;
mod enumeration;
mod expected;
mod member;
mod samples;
mod values;

pub(crate) use declared_types::{DeclaredType, TypeFact, Use, retyped};
pub(crate) use enumeration::{
    SENTINEL, added_value, further_value, is_evolvable, recased_property, recased_value, removed_value,
};
pub(crate) use expected::Expected;
pub(crate) use member::{MemberFacts, of_member};
pub(crate) use samples::of_values;
pub(crate) use values::{Value, Values, Volatile};
