//! Tests of comparisons, each with a change that has to be seen or must not be: contracts (`contracts.rs`), which of them are the
//! same (`pairs.rs`), metadata (`metadata.rs`), contracts that keep metadata (`kept_rules.rs`), properties of any comparison (`laws.rs`), and the agreement with reviews (`review.rs`).

mod contracts;
mod kept_rules;
mod laws;
mod metadata;
mod pairs;
mod review;
mod support;
