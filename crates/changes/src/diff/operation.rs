//! Operations: methods on URL templates.

use graph_contracts::contract::{Contract, Route};
use graph_contracts::normal::NormalForm;
use graph_contracts::url::{Segment, Target};

/// A method on a URL template, whatever its parameters are called: version, method and path.
pub(crate) type OperationKey = (String, String, String);

/// The operations that a contract documents, with their routes.
pub(super) fn operations(contract: &Contract) -> impl Iterator<Item = (OperationKey, &Route)> {
    let version = version(contract).to_lowercase();
    let method = &contract.request.method;
    contract.routes.iter().map(move |route| ((version.clone(), method.clone(), normalized(&route.path)), route))
}

/// The same of the form of a contract with that id.
pub(super) fn operations_of_form(id: &str, form: &NormalForm) -> Vec<OperationKey> {
    let (method, url) = form.request.line.split_once(' ').unwrap_or((&form.request.line, ""));
    let of_id = || id.split('/').next().unwrap_or_default();
    let version = Target::read(url).version.unwrap_or_else(of_id).to_lowercase();
    form.request.routes.iter().map(|route| (version.clone(), method.to_owned(), normalized(route))).collect()
}

/// The version of the API that a contract is about.
pub(super) fn version(contract: &Contract) -> &str {
    let of_id = || contract.id.split('/').next().unwrap_or_default();
    contract.api_version.as_deref().unwrap_or_else(of_id)
}

/// A template without the names of its parameters, and without samples for them, as pages without a template have. Letters count
/// without their case, as they do for Microsoft Graph, and operations may be written with its namespace and with empty parentheses, or
/// without. All forms in which OData writes keys and parameters are one.
pub(crate) fn normalized(path: &str) -> String {
    let segments = Segment::of_path(path).into_iter().flat_map(Segment::in_one_form).map(|segment| segment.unnamed());
    segments.map(|segment| if is_guid(&segment) { "/{}".to_owned() } else { format!("/{}", bare(&segment)) }).collect()
}

/// The name of an operation without what it may be written with (OData URL Conventions 4.01 section 4.3.5).
fn bare(segment: &str) -> &str {
    let name = segment.strip_suffix("()").unwrap_or(segment);
    match name.get(..NAMESPACE.len()).filter(|start| start.eq_ignore_ascii_case(NAMESPACE)) {
        Some(_) => &name[NAMESPACE.len()..],
        None => name,
    }
}

const NAMESPACE: &str = "microsoft.graph.";

fn is_guid(segment: &str) -> bool {
    segment.len() == 36 && uuid::Uuid::try_parse(segment).is_ok()
}

/// The part of the service that a contract belongs to: the version and the first segment of its URL.
pub(crate) fn area(contract: &Contract) -> String {
    let path = contract.routes.first().map(|route| route.path.as_str()).unwrap_or_default();
    let first = Segment::of_path(path).into_iter().next().map_or_else(|| "/".to_owned(), |segment| segment.name);
    format!("{} {first}", version(contract))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_a_url_are_one() {
        let check = |one: &str, other: &str| assert_eq!(normalized(one), normalized(other));
        check("/users/{id}/messages", "/users('{user-id}')/Messages");
        check("/users/{id}", "/users({id})");
        check("/a/f(on={on},until='{until}')", "/a/f(until='{x}',on={y})");
        check("/users/{id}/microsoft.graph.sendMail", "/users/{id}/sendMail");
        check("/users/{id}/microsoft.graph.delta()", "/users/{id}/delta");
        assert_ne!(normalized("/a/microsoft.graph.b.f"), normalized("/a/f"));
        assert_ne!(normalized("/a/f(on={on})"), normalized("/a/f(until={on})"));
    }
}
