//! insta's files: reviewed normal forms, the drift of live runs, and what waits for review.
//!
//! - [`snapshot_path`], [`pending_path`], [`live_folder`], [`Origin`]: where each is, and the files that are there (`layout.rs`)
//! - [`InstaFile`]: a file as insta reads and writes it (`insta_file.rs`)
//! - [`read_snapshot`]: the reviewed normal form of a contract (`reviewed.rs`)
//! - [`settings()`]: how `cargo test` compares snapshots (`settings.rs`)

mod insta_file;
mod layout;
mod reviewed;
mod settings;

pub use insta_file::{InstaFile, content_line, pending_text};
pub use layout::{
    Origin, drift_files, live_folder, names_snapshot, origin, pending_files, pending_path, snapshot_path,
};
pub(crate) use layout::{accepted_drift, unreferenced};
pub use reviewed::{SnapshotError, read_file, read_snapshot};
pub use settings::settings;
pub(crate) use settings::snapshot_name;
