//! Patches of documentation pages: an example as a live service answers.
//!
//! - [`patches`], [`Patches`]: the drift of live runs as one unified diff for each page (`run.rs`)
//! - `page.rs`: puts one drift into one page, and checks by importing the page again that nothing drifts any longer
//! - `edit.rs`: which edits a drift asks for, and which need a person; `example.rs`: the JSON of an example edited in its own layout
//! - `lines.rs`: lines of a block put back into the page, with what stands around them
//! - `sample.rs`: values for masks

mod edit;
mod example;
mod lines;
mod page;
mod report;
mod run;
mod sample;

pub(super) use sample::sample_of;

pub use run::{PagePatch, Patches, Unpatched, patches};
