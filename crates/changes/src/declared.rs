//! The documented JSON bodies of a contract, with what is declared of their values.

use graph_contracts::contract::{Body, Contract, Placeholder, Typed};
use graph_contracts::json::{Json, Path, Step};

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
