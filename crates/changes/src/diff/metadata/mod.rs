//! What differs between two documents of a service's metadata.
//!
//! - which types are the same, also where they were renamed (`pair.rs`); what else has one name (`named.rs`)
//! - types, properties and enumeration values (`types.rs`, `properties.rs`)
//! - who sees the values of which types (`uses.rs`)
//! - actions and functions (`operations.rs`), the entity container (`elements.rs`)
//! - what annotations allow (`notes.rs`)
//! - what each of them is called, and a change of it (`item.rs`)

mod elements;
mod facets;
mod item;
mod named;
mod notes;
mod operations;
mod pair;
mod properties;
mod types;
mod uses;

use self::pair::Model;
use super::found::Found;
use graph_contracts_odata::check::Metadata;
use graph_contracts_odata::csdl::Csdl;

/// Everything in which two documents differ.
pub(super) fn changes(old: &Metadata<'_>, new: &Metadata<'_>) -> Vec<Found> {
    let model = Model::new(old, new);
    let mut found = Vec::new();
    types::changes(&model, &mut found);
    operations::changes(&model, &mut found);
    elements::changes(&model, &mut found);
    found
}

/// The qualified names of the types and operations of a document, and the names of the elements of its container.
pub(super) fn names(csdl: &Csdl<'_>) -> impl Iterator<Item = String> {
    let types = csdl.declarations().map(|(id, _)| csdl.full_name(id));
    let operations = csdl.operations.iter().map(|own| csdl.operation_name(own));
    let elements = csdl.elements.iter().map(|own| own.name.to_owned());
    types.chain(operations).chain(elements)
}
