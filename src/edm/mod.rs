//! The primitive types of OData and the JSON values that are theirs. Pages, requests, responses and metadata are judged by one set of
//! rules: the ABNF construction rules of OData 4.01, and the OData JSON Format 4.01 section 7.1.
//!
//! - [`Primitive`]: the types (`primitive.rs`)
//! - [`conforms`], [`LargeNumbers`]: whether a JSON value is one of a type (`value.rs`)
//! - `form.rs`: the forms of strings that stand for other values; `geo.rs`: places and shapes as GeoJSON
//! - [`unknown_member`]: whether a text is a value of an enumeration (`enumeration.rs`)

mod enumeration;
mod form;
mod geo;
mod primitive;
mod value;

pub use enumeration::unknown_member;
pub(crate) use form::{is_date, is_date_time, is_duration, is_guid, is_time_of_day};
pub use primitive::Primitive;
pub use value::{LargeNumbers, conforms};
