//! Folders of pages become a folder of contracts.
//!
//! - [`import`]: the whole of it (`run.rs`): first every page is looked at (can it be read, what is it called), then each is
//!   built and its contracts are written, several pages at a time and none kept
//! - [`ImportOptions`]: what is asked for (`import_options.rs`); [`ImportError`]: why there is no import (`import_error.rs`)
//! - [`PageSet`]: which files are pages, what they are called, and reading them (`pages.rs`, `pages_root.rs`); `resources.rs`: the types that their resource pages describe
//! - [`read_inclusions`]: the files that a page includes (`includes.rs`)
//! - [`Counts`]: what became of every HTTP block (`counts.rs`)
//! - `write.rs`: contracts to files, without losing what people changed
//! - [`Import`], [`ListEntry`], [`Written`]: the result (`result.rs`)

mod counts;
mod import_error;
mod import_options;
mod includes;
mod pages;
mod pages_root;
mod report;
mod resources;
mod result;
mod run;
mod write;

pub use counts::Counts;
pub use import_error::ImportError;
pub use import_options::ImportOptions;
pub(crate) use includes::included_places;
pub use includes::read_inclusions;
pub use pages::{PageFile, PageSet, may_be_page, read_all, read_page};
pub(crate) use report::{not_followed, shown};
pub use resources::Resources;
pub use result::{Import, ListEntry, Written};
pub use run::{Progress, import};
