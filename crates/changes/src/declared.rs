//! The documented JSON bodies of a contract, with what is declared of their values.

use graph_contracts::contract::{Body, Contract, Placeholder, Type, Typed};
use graph_contracts::json::{Json, Path, Step};
use graph_contracts::normal::is_annotation;

/// A body with what is declared of it.
#[derive(Clone, Copy)]
pub(crate) struct DeclaredBody<'c> {
    pub(crate) json: &'c Json,
    pub(crate) typed: Typed<'c>,
    pub(crate) placeholders: &'c [Placeholder],
}

/// The documented JSON body of a request.
pub(crate) fn request(contract: &Contract) -> Option<DeclaredBody<'_>> {
    let request = &contract.request;
    let json = request.body.as_ref().and_then(Body::as_json)?;
    let body_type = request.body_type.as_deref();
    let typed = Typed { body: json, body_type, wrapped: false, types: &contract.types };
    Some(DeclaredBody { json, typed, placeholders: &request.placeholders })
}

/// The documented JSON body of a response.
pub(crate) fn response(contract: &Contract) -> Option<DeclaredBody<'_>> {
    let response = &contract.response;
    let json = response.body.as_ref().and_then(Body::as_json)?;
    let body_type = response.body_type.as_deref();
    let typed = Typed { body: json, body_type, wrapped: response.wrapped, types: &contract.types };
    Some(DeclaredBody { json, typed, placeholders: &response.placeholders })
}

/// The same path with every element the first one.
pub(crate) fn any_element(path: &Path) -> Path {
    path.steps().iter().fold(Path::root(), |path, step| match step {
        Step::Name(name) => path.member(name),
        Step::Index(_) => path.element(0),
    })
}

/// Whether a path is that of an annotation.
pub(crate) fn names_annotation(path: &Path) -> bool {
    matches!(path.steps().last(), Some(Step::Name(name)) if is_annotation(name))
}

/// Whether the page of a type documents a property.
pub(crate) fn has_property(own: &Type, name: &str) -> bool {
    own.properties.iter().any(|own| own.name == name) || own.others.iter().any(|other| other == name)
}
