//! What the server says of itself.
//!
//! - `addresses.rs`: the addresses, and who may ask them
//! - `events.rs`: requests as they come, as server-sent events
//! - `page.rs`: the page that shows them (`page.html`, `page.css`, `page.js`)

mod addresses;
mod events;
mod page;

pub use addresses::ADMIN;
pub(crate) use addresses::router;
