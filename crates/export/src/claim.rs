//! What a replay asserts of an answer at the exact level, one claim a place: read off the normal form that the comparison works with, so that
//! the masks, and what no rule masks because the request sent it, are decided in one place.

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Lines, Path};
use graph_contracts::normal::{Mask, Node, NormalBody, NormalizationPlan, Text};
use graph_contracts::source::SourceLine;

/// All claims about the answer to a contract's request.
#[derive(Debug)]
pub(crate) struct Claims {
    /// The status.
    pub(crate) status: u16,
    /// Header fields, by name.
    pub(crate) headers: Vec<HeaderClaim>,
    /// The body.
    pub(crate) body: BodyClaim,
}

/// What a header field is claimed to be.
#[derive(Debug)]
pub(crate) struct HeaderClaim {
    /// Its name in lower case.
    pub(crate) name: String,
    /// Its value.
    pub(crate) value: Text,
    /// Whether it is documented more than once.
    pub(crate) is_list: bool,
    /// Where it is documented.
    pub(crate) source: SourceLine,
}

/// What the body is claimed to be.
#[derive(Debug)]
pub(crate) enum BodyClaim {
    /// No body.
    None,
    /// Some bytes.
    Binary,
    /// This text.
    Text(String),
    /// JSON, with its values, parents first.
    Json(Vec<ValueClaim>),
}

/// What a value of a JSON body is claimed to be.
#[derive(Debug)]
pub(crate) struct ValueClaim {
    /// Where it is.
    pub(crate) path: Path,
    /// What it is.
    pub(crate) claim: Claim,
    /// Where that is documented.
    pub(crate) source: SourceLine,
}

/// A claim about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// An object with these members and no others, but for annotations.
    Object(Vec<String>),
    /// An array of so many elements.
    Array(usize),
    /// This scalar, or `null`.
    Value(Json),
    /// A value that looks like that.
    Masked(Mask),
    /// Text with volatile values in it.
    Text(Text),
}

impl Claims {
    /// What is claimed of the answers that a plan is for.
    pub(crate) fn of(plan: &NormalizationPlan<'_>) -> Claims {
        let (contract, documented) = (plan.contract(), plan.documented());
        let headers = documented.headers.iter().map(|header| {
            let mut own = contract.response.headers.iter().filter(|own| own.name.eq_ignore_ascii_case(&header.name));
            let line = own.next().map_or(contract.source.response.line, |own| own.line);
            HeaderClaim {
                name: header.name.clone(),
                value: header.value.clone(),
                is_list: own.next().is_some(),
                source: contract.source_line(line),
            }
        });
        let body = match &documented.body {
            NormalBody::None => BodyClaim::None,
            NormalBody::Binary => BodyClaim::Binary,
            NormalBody::Text(_) => BodyClaim::Text(text_of(contract)),
            NormalBody::Json(node) => {
                let lines = contract.response.body.as_ref().and_then(Body::as_json);
                let lines = lines.map(|json| contract.source.response.lines(json));
                let mut claims = Vec::new();
                add(node, &Path::root(), contract, lines.as_ref(), &mut claims);
                BodyClaim::Json(claims)
            }
        };
        Claims { status: documented.status, headers: headers.collect(), body }
    }

    /// The claims about a JSON body; none, if it is something else.
    pub(crate) fn values(&self) -> &[ValueClaim] {
        match &self.body {
            BodyClaim::Json(claims) => claims,
            BodyClaim::None | BodyClaim::Binary | BodyClaim::Text(_) => &[],
        }
    }
}

/// A documented text, as it is served.
fn text_of(contract: &Contract) -> String {
    contract.response.body.as_ref().map(Body::to_text).unwrap_or_default()
}

fn add(node: &Node, path: &Path, contract: &Contract, lines: Option<&Lines>, claims: &mut Vec<ValueClaim>) {
    let claim = match node {
        Node::Mask(mask) => Claim::Masked(*mask),
        Node::String(text) => text
            .as_literal()
            .map_or_else(|| Claim::Text(text.clone()), |text| Claim::Value(Json::String(text.to_owned()))),
        Node::Plain(json) => Claim::Value(json.clone()),
        Node::Array(items) => Claim::Array(items.len()),
        Node::Object(members) => Claim::Object(members.iter().map(|(name, _)| name.clone()).collect()),
    };
    let line = lines.and_then(|lines| lines.nearest(path)).unwrap_or(contract.source.response.line);
    claims.push(ValueClaim { path: path.clone(), claim, source: contract.source_line(line) });
    match node {
        Node::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                add(item, &path.element(index), contract, lines, claims);
            }
        }
        Node::Object(members) => {
            for (at, (name, value)) in members.iter().enumerate() {
                // Of a member that the page shows twice, readers of JSON keep the last.
                if members[at + 1..].iter().all(|(other, _)| other != name) {
                    add(value, &path.member(name), contract, lines, claims);
                }
            }
        }
        Node::Mask(_) | Node::String(_) | Node::Plain(_) => {}
    }
}
