//! What the metadata of the service says of a request: it is checked as if a page documented it.

use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{Contract, Route};
use graph_contracts::diagnostic::Code;
use graph_contracts::url::{Target, decode};
use graph_contracts_odata::check::{Metadata, check_contract};
use graph_contracts_serve::Incoming;

use crate::found::Found;
use crate::kind::Kind;
use crate::recorded::Content;
use crate::redact::Redaction;
use crate::sent::as_sent;
use crate::tokens::without_tokens;

/// What the metadata of the version says of a request on a path, which is a documented template where there is one. `contract` is what documents
/// it, or comes nearest.
pub(crate) fn check(
    metadata: &[Metadata<'_>],
    redaction: &Redaction,
    contract: &Contract,
    path: &str,
    incoming: &Incoming,
    body: &Content,
) -> Vec<Found> {
    if metadata.is_empty() {
        return Vec::new();
    }
    let mut own = as_sent(contract, path, incoming, body);
    incoming.method.as_str().clone_into(&mut own.request.method);
    let target = Target::read(path);
    own.api_version = target.version.map(str::to_owned);
    // What the page itself says is for the linter.
    own.clouds = None;
    own.routes = vec![Route { path: target.path.to_owned(), line: contract.source.request.line, permissions: None }];
    let found = check_contract(&own, metadata).into_iter().flatten();
    let found = found.filter_map(|finding| {
        let At::Request(part) = &finding.at else { return None };
        let kind = match (finding.code, part) {
            (Code::DeprecatedInMetadata, _) => Kind::Deprecated,
            (Code::RestrictedInMetadata, RequestPart::Query(_)) if finding.contradicts() => Kind::Option,
            _ if finding.contradicts() => Kind::Contradicted,
            _ => return None,
        };
        // Messages about names of properties quote no values, and of the query its words.
        let is_known = match part {
            RequestPart::Query(_) => incoming.query.as_deref().is_none_or(|query| redaction.knows_all(&decode(query))),
            _ => kind == Kind::Deprecated,
        };
        let message = if is_known || redaction.keeps_all() {
            without_tokens(&finding.message).into_owned()
        } else {
            let at = At::Request(redaction.place(part)).in_words();
            format!("{at}: {}", finding.code.title().trim_end_matches('.'))
        };
        Some(Found { kind, message, source: Some(contract.location()), declared: finding.metadata.clone() })
    });
    found.collect()
}
