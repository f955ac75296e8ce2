//! A documentation page as data: Markdown text in, [`Page`] out; no I/O, and no page can make it fail.
//!
//! What is wrong with a page becomes a [`Diagnostic`](crate::diagnostic::Diagnostic), never an error that stops the import.
//!
//! - [`Page`]: the page's elements in document order, from one pass of a CommonMark parser (`markdown.rs`), its HTTP blocks
//!   and their pairing
//! - [`Fence`], [`Table`], [`Heading`], [`Prose`], [`Comment`]: those elements (`element.rs`)
//! - [`Message`]: a fenced block read as an HTTP message (`message.rs`)
//! - [`Block`], [`Metadata`]: the HTTP blocks of a page with their metadata comments (`block.rs`, `metadata.rs`)
//! - [`Language`]: whether the page's prose can be read (`language.rs`)
//! - [`Pairing`]: which response answers which request (`pairing.rs`); `slugify`: headings as anchors (`slug.rs`)

mod block;
mod element;
mod language;
mod markdown;
mod message;
mod metadata;
mod pairing;
mod slug;

pub use block::{Block, BlockKind};
pub use element::{Cell, Comment, Element, Fence, Heading, Line, Prose, Table};
pub use language::Language;
pub use markdown::Page;
pub use message::{Defect, Header, Message, RequestLine, StartLine, StatusLine, header};
pub use metadata::Metadata;
pub use pairing::{Extra, Pair, Pairing};
pub(crate) use slug::slugify;
