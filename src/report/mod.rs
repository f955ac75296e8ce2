//! Results as people read them on a terminal, as far as one contract and a replay are concerned. The other renderers are a crate of their
//! own.
//!
//! - [`Terminal`]: lines for a terminal, with ANSI styles that the caller strips where they are not wanted (`terminal.rs`, `replay.rs`)
//! - [`causes`]: what mismatches have in common (`causes.rs`)

pub mod causes;
mod replay;
mod terminal;

pub use terminal::{BAD, BOLD, DIM, GOOD, ROOM_FOR_DETAILS, Terminal, WARN, count, cut, safe};
