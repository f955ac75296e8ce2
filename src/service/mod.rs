//! What a service declares of itself, as data: whoever reads its metadata fills it, and what is not in it is unknown.
//!
//! - [`ServiceType`], [`ServiceProperty`]: what is declared (`declared.rs`); [`TypeReference`]: how a type is referred to
//!   (`type_reference.rs`)
//! - [`ServiceRules`]: the types of a document, or those that a contract keeps, looked up by name and member; [`ServiceValue`],
//!   [`ServiceDeclared`]: what is found (`rules.rs`), also of the values of a body (`body.rs`)
//! - [`Fit`]: whether a value is one of what is declared (`fit.rs`)

mod body;
mod declared;
mod fit;
mod rules;
mod type_reference;

pub use declared::{
    Access, DefinitionType, EnumerationType, SENTINEL, ServiceProperty, ServiceType, StructuredKind, StructuredType,
};
pub use fit::Fit;
pub use rules::{ServiceDeclared, ServiceKinds, ServiceMember, ServiceRules, ServiceValue};
pub use type_reference::TypeReference;
