//! insta's files: reviewed normal forms, the drift of live runs, and what waits for review.
//!
//! - [`snapshot_path`], [`pending_path`], [`live_folder`], [`Origin`]: where each is, and the files that are there (`layout.rs`)
//! - [`SnapshotFolders`]: the folders, as insta's variables have them (`folders.rs`)
//! - [`InstaFile`]: a file as insta reads and writes it, and the names of what it says of itself, [`info`] (`insta_file.rs`)
//! - [`RouteForms`]: the forms of a contract's routes as one text (`route_forms.rs`)
//! - [`documented_digest`]: what a live snapshot was compared with (`documented.rs`)
//! - `declared_info.rs`: what a contract declares, as insta's metadata
//! - [`write_pending`]: what waits for review (`pending.rs`)
//! - [`read_snapshot`]: the reviewed normal form of a contract (`reviewed.rs`)
//! - [`settings()`]: how `cargo test` compares snapshots (`settings.rs`)

mod declared_info;
mod documented;
mod folders;
mod insta_file;
mod layout;
mod pending;
mod reviewed;
mod route_forms;
mod settings;

pub use documented::documented_digest;
pub use folders::{SnapshotFolders, WORKSPACE_ROOT};
pub(crate) use folders::{folder_in, workspace_around};
pub use insta_file::{InstaFile, content_line, info, pending_text};
pub use layout::{
    Origin, accepted_drift, live_folder, names_snapshot, origin, pending_files, pending_path, snapshot_path,
    unreferenced,
};
pub use pending::{leaves_pending, remove_pending, write_pending};
pub(crate) use reviewed::read_insta;
pub use reviewed::{SnapshotError, read_file, read_snapshot};
pub use route_forms::{OnRoute, RouteForm, RouteForms};
pub use settings::settings;
pub(crate) use settings::{settings_of_drift, snapshot_name};
