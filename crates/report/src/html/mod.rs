//! Results as one self-contained HTML file: no network, no other files, nothing but a little script of its own.
//!
//! - [`html`]: the page as a whole (`page.rs`, `options.rs`); its charts (`charts.rs`)
//! - `defects.rs`: a report on pages: its defects; `excerpt.rs`: the line of one, and what corrects it
//! - `changes.rs`: a report on two sets: what changed, by kind; `effect.rs`: what that does to a caller
//! - `compared.rs`: this run beside an earlier one
//! - `entry.rs`: the contracts, as rows of the list and as contract pages
//! - `exchange.rs`: documented beside observed, line by line
//! - `pack.rs`: contract pages are kept compressed until they are opened, so that 8,000 of them stay small
//! - `coded.rs`: names in sentences
//! - `report.css`, `report.js`: what the file looks like and does
//!
//! Whatever stands in a contract or a response is text: maud escapes it, and the policy of the file (Content Security Policy Level 3)
//! runs no script but its own.

mod changes;
mod charts;
mod coded;
mod compared;
mod defects;
mod effect;
mod entry;
mod excerpt;
mod exchange;
mod options;
mod pack;
mod page;

pub use options::Options;
pub use page::html;
