//! HTTP as every client of this workspace speaks it, whatever the provider.
//!
//! - [`set_up`]: a client that decides nothing by itself (`client.rs`)
//! - [`OutgoingRequest`]: what a contract sends, and its URL at a provider; `path_on`: the path on a route (`request.rs`)
//! - [`receive()`]: sends a request and receives the response whole, within [`Limits`]; else there is a [`SendError`]
//!   (`receive.rs`, `limits.rs`, `send_error.rs`); [`decoded_body`]: undoes the content codings of a request (`decode.rs`)
//! - [`Exchange`], [`SentRequest`], [`ReceivedResponse`]: what went over the wire (`exchange.rs`)
//! - [`ByteRange`]: the part of some bytes that a request asks for (`byte_range.rs`)
//! - [`is_hop_by_hop`]: header fields of one connection (`headers.rs`)
//! - [`in_units`]: durations as messages show them (`duration.rs`)
//! - [`shown`], [`is_local`]: how URLs may be shown, and which are of this machine (`urls.rs`)

mod byte_range;
mod client;
mod decode;
mod duration;
mod exchange;
mod headers;
mod limits;
mod receive;
mod request;
mod send_error;
mod urls;

pub use byte_range::ByteRange;
pub use client::set_up;
pub use decode::decoded_body;
pub use duration::in_units;
pub use exchange::{Exchange, ReceivedResponse, SentRequest};
pub use headers::is_hop_by_hop;
pub use limits::Limits;
pub use receive::receive;
pub use request::OutgoingRequest;
pub(crate) use request::path_on;
pub use send_error::{Cause, SendError, causes, with_causes};
pub use urls::{is_local, shown};
