//! The service's own description of itself: OData CSDL 4.0 in XML, as `GET {version}/$metadata` answers.
//!
//! - [`Csdl`]: the schemas of a document, and what is looked up in them (`model.rs`, `lookup.rs`)
//! - [`document_text`]: the text of a document that came as bytes (`document.rs`)
//! - reading a document, and what can be wrong with it ([`CsdlError`], `read.rs`): its elements (`tree.rs`, `attributes.rs`), schemas (`schema.rs`),
//!   annotations (`annotation.rs`, `value.rs`), and what annotations with a target are about (`target.rs`)
//! - the annotations that say what a client may do (`notes.rs`)
//! - several documents that describe one service (`documents.rs`, `joined.rs`, `declared_twice.rs`); what is in documents that were not given (`elsewhere.rs`)
//! - names that nearly are others (`nearest.rs`)
//!
//! Only what contracts can be checked against is read; other elements and annotations are skipped. Names and types are kept as they
//! stand in the text, which the model borrows, and resolved when they are looked up.

mod annotation;
mod attributes;
mod declared_twice;
mod document;
mod documents;
mod elsewhere;
#[cfg(test)]
mod hostile;
mod joined;
mod lookup;
mod model;
mod nearest;
mod notes;
mod read;
mod schema;
#[cfg(test)]
mod shown;
mod target;
mod tree;
mod value;

pub use document::{DocumentError, document_text};
pub use lookup::TypeRef;
pub use model::{
    Binding, Csdl, Declaration, Element, ElementKind, EnumMember, EnumType, Facets, Operation, OperationKind,
    Parameter, Property, StructuredKind, StructuredType, TypeId, TypeKind,
};
pub use nearest::nearest;
pub(crate) use notes::without_casts;
pub use notes::{Ability, Capability, Deprecation, Notes};
pub use read::CsdlError;
