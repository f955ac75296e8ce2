//! A drift of one route: the form, and what is told of it.

use graph_contracts::at::At;
use graph_contracts::compare::{Context, Reference, compare};
use graph_contracts::contract::Contract;
use graph_contracts::json::{Kind, Path};
use graph_contracts::normal::{Node, NormalBody, NormalForm};

/// How a service departs on a route from what is documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The documented form with what drifted put into it.
    pub form: NormalForm,
    /// What drifts, a line each, without the samples around it.
    pub signature: String,
    /// Each drift with its page and line, a line each.
    pub lines: Vec<String>,
    /// The request: method and URL template.
    pub request: String,
    /// The service's id of the request, for support cases.
    pub request_id: Option<String>,
}

/// What drifts in a form: the kind, the place, what is documented there and what came, a line each, sorted. Of a documented value, only the JSON
/// type counts: an accepted drift is still the same when the page shows another sample.
pub(super) fn signature(contract: &Contract, documented: &NormalForm, drifted: &NormalForm) -> String {
    let found = compare(documented, drifted, Reference::Documentation, &mut Context::new(contract));
    let mut lines: Vec<String> = found
        .mismatches
        .iter()
        .map(|mismatch| {
            let expected = match &mismatch.at {
                At::Path(path) => json_type(&documented.body, path).to_owned(),
                _ => mismatch.expected.clone(),
            };
            format!("{} at {}: {expected} > {}", mismatch.kind, mismatch.at, mismatch.actual)
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

/// The JSON type of the value at a path.
fn json_type(body: &NormalBody, path: &Path) -> &'static str {
    match body.at(path).map(Node::kind) {
        None => "nothing",
        Some(Kind::Null) => "null",
        Some(Kind::Boolean) => "boolean",
        Some(Kind::Number) => "number",
        Some(Kind::String) => "string",
        Some(Kind::Array) => "array",
        Some(Kind::Object) => "object",
    }
}
