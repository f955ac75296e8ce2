//! The documented JSON bodies of a contract, with what is declared of their values.

use std::fmt;

use graph_contracts::contract::{Contract, Placeholder, Type, Typed};
use graph_contracts::json::{Path, Step};
use graph_contracts::normal::is_annotation;

/// Request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
}

impl Side {
    /// Which of two kinds of change is one of this side.
    pub(crate) fn of<T>(self, of_request: T, of_response: T) -> T {
        match self {
            Side::Request => of_request,
            Side::Response => of_response,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of("request", "response"))
    }
}

/// A body with what is declared of it.
#[derive(Clone, Copy)]
pub(crate) struct DeclaredBody<'c> {
    pub(crate) typed: Typed<'c>,
    pub(crate) placeholders: &'c [Placeholder],
}

/// The documented JSON body of the request or the response.
pub(crate) fn body(contract: &Contract, side: Side) -> Option<DeclaredBody<'_>> {
    let (typed, placeholders) = match side {
        Side::Request => (Typed::of_request(contract)?, &contract.request.placeholders),
        Side::Response => (Typed::of_response(contract)?, &contract.response.placeholders),
    };
    Some(DeclaredBody { typed, placeholders })
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
