//! A documentation page as data: Markdown text in, [`Page`] out; no I/O, and no page can make it fail.
//!
//! What is wrong with a page becomes a [`Diagnostic`](crate::diagnostic::Diagnostic), never an error that stops the import.
//!
//! - [`Page`]: the page's elements in document order, from one pass of a CommonMark parser (`markdown.rs`), its HTTP blocks
//!   and their pairing
//! - [`Fence`], [`Table`], [`Heading`], [`Prose`], [`Comment`]: those elements (`element.rs`, `inline.rs`)
//! - [`Message`]: a fenced block read as an HTTP message (`message.rs`), from its [`StartLine`] on (`start_line.rs`); blocks whose
//!   closing fence is missing (`unclosed.rs`)
//! - [`Block`], [`Metadata`]: the HTTP blocks of a page with their metadata comments (`block.rs`, `metadata.rs`); finding
//!   them (`candidate.rs`, `blocks.rs`)
//! - `loose_table.rs`: tables that CommonMark takes for paragraphs
//! - [`Include`], [`Inclusion`]: the files that a page includes, read by whoever has files (`inclusion.rs`); `include.rs`: the directives
//! - [`Language`]: whether the page's prose can be read (`language.rs`)
//! - `zone.rs`: the parts of a page that are for some readers only; `answer.rs`: responses without a status line
//! - `marks.rs`, `accepted.rs`: what the authors accept; `version.rs`: the version that a page documents; `text_before.rs`, `text_behind.rs`: text that introduces something, and behind a list
//! - [`Pairing`]: which response answers which request (`pairing.rs`); `slugify`: headings as anchors (`slug.rs`); `sections.rs`: sections in
//!   other languages

mod accepted;
mod answer;
mod block;
mod blocks;
mod body_block;
mod candidate;
mod element;
mod include;
mod inclusion;
mod inline;
mod language;
mod loose_table;
mod markdown;
mod marks;
mod message;
mod metadata;
mod moniker;
mod pairing;
mod sections;
mod slug;
mod start_line;
mod text_before;
mod text_behind;
mod unclosed;
mod version;
mod zone;

pub use block::{Block, BlockKind};
pub use element::{Cell, Comment, Element, Fence, Heading, Line, Mark, Prose, Table};
pub use inclusion::{Include, IncludedFile, Inclusion};
pub use language::Language;
pub use markdown::Page;
pub use message::{Defect, Header, Message, header};
pub use metadata::{Metadata, NotMetadata};
pub use pairing::{Extra, Pair, Pairing};
pub(crate) use slug::slugify;
pub(crate) use start_line::is_near_method;
pub use start_line::{Problem, RequestLine, StartLine, StatusLine, Unreadable};
pub(crate) use version::{version_of_folders, version_of_path};
pub use zone::Zone;
