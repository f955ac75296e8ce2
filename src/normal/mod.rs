//! The normal form of an exchange: the text that is snapshotted. The documented request, then status, the header fields that
//! count and the body of the response, with volatile values masked by shape.
//!
//! - [`normalize()`]: a response and its contract become a [`NormalForm`] (`normalize.rs`, `normalization_plan.rs`)
//! - [`NormalForm`], [`NormalRequest`], [`Node`], [`Text`], [`Mask`]: what it consists of (`form.rs`)
//! - [`Level`]: how closely values are compared (`level.rs`)
//! - [`Shape`]: what a masked value looks like (`shape.rs`)
//! - [`VolatileRules`]: which values are volatile, from `volatile.toml` (`volatile.rs`); [`UsedRules`]: which of them
//!   select something (`used_rules.rs`)
//! - `NormalForm` as text and back (`text.rs`)

mod declarations;
mod form;
mod identifiers;
mod level;
mod normalization_plan;
mod normalize;
mod path_limits;
mod paths;
mod shape;
mod text;
mod used_rules;
mod volatile;

pub use declarations::{
    DeclarationChange, Declarations, DeclaredProperty, DeclaredType, PropertyRules, deprecation_in_words,
};
pub use form::{Declared, Identified, Mask, Node, NormalBody, NormalForm, NormalHeader, NormalRequest, Piece, Text};
pub use level::Level;
pub use normalization_plan::{NormalizationPlan, Rule};
pub use normalize::{is_annotation, may_have_content, normalize};
pub(crate) use paths::PathSet;
pub use shape::Shape;
pub use text::{FormError, is_dangerous};
pub use used_rules::UsedRules;
pub use volatile::{DEFAULT_RULES, RuleError, VOLATILE_FILE, VolatileRules};
