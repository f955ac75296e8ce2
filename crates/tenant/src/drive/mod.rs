//! Drives: items by identifier and by path, their content, and uploads in chunks (Microsoft Graph documentation, "Addressing resources in a
//! drive", "driveItem resource type").
//!
//! - `path.rs`: the path of an item, in any of its forms
//! - `item.rs`: what an item is like
//! - `operations.rs`: what a request does to an item; `change.rs`: makes and changes items; `tree.rs`: folders and names; `content.rs`: the bytes
//!   of a file
//! - `session.rs`: upload sessions; `upload.rs`: what requests do to them; `attachment.rs`: those of attachments; `unread.rs`:
//!   what is refused before its body is sent
//! - `routes.rs`: which contract documents what can be done with items

mod attachment;
mod change;
mod content;
mod item;
mod operations;
mod path;
mod routes;
mod session;
mod tree;
mod unread;
mod upload;

pub(super) use content::Content;
pub use path::item_addresses;
pub(super) use routes::DriveRoutes;
pub use session::{ChunkRange, ChunkRefusal, session as upload_session, session_end};
pub(super) use session::{Finished, Upload};
