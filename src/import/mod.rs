//! Folders of pages become a folder of contracts.
//!
//! - [`import`]: the whole of it (`run.rs`): first every page is looked at (can it be read, what is it called), then each is
//!   built and its contracts are written, several pages at a time and none kept
//! - `pages.rs`: which files are pages, and reading them; `resources.rs`: the types that their resource pages describe
//! - [`Counts`]: what became of every HTTP block (`counts.rs`)
//! - `write.rs`: contracts to files, without losing what people changed
//! - [`Import`], [`ListEntry`]: the result (`result.rs`)

mod counts;
mod pages;
mod report;
mod resources;
mod result;
mod run;
mod write;

pub use counts::Counts;
pub use pages::{PageFile, find_pages, read_all, read_page};
pub use resources::Resources;
pub use result::{Import, ListEntry};
pub use run::{ImportError, ImportOptions, Progress, import};
