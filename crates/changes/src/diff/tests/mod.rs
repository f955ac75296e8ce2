//! Tests of comparisons, each with a change that has to be seen or must not be: contracts (`contracts.rs`), which of them are the
//! same (`pairs.rs`), metadata (`metadata.rs`) by who sees the values (`directions.rs`), contracts that keep metadata (`kept_rules.rs`), properties of any comparison (`laws.rs`), and
//! where each kind of change is found, in reviews too (`kinds.rs`).

mod contracts;
mod directions;
mod kept_rules;
mod kinds;
mod laws;
mod metadata;
mod pairs;
mod support;
