//! Checks the type that the metadata comment of a response names: `<!-- { "@odata.type": "microsoft.graph.user" } -->`.

use super::Metadata;
use super::contract::{metadata_of, response_types};
use super::finding::Finding;
use super::remark::Remark;
use super::resource::did_you_mean;
use crate::csdl::{Csdl, TypeId};
use graph_contracts::at::At;
use graph_contracts::contract::Contract;
use graph_contracts::diagnostic::Code;

/// What is wrong with the type that the comment of a contract's response names; the finding is at the line of the response.
pub fn check_comment(contract: &Contract, named: &str, metadata: &[Metadata<'_>]) -> Option<Finding> {
    let metadata = metadata_of(contract, metadata).ok()?;
    let Remark { code, at, message, subject, declared, .. } = problem(contract, named, &metadata.csdl)?;
    Some(Finding {
        code,
        contract: contract.id.clone(),
        route: contract.request.method.clone(),
        at,
        message,
        source: contract.source_line(contract.source.response.line),
        metadata: declared.map(|at| metadata.csdl.source_line(at)),
        subject,
        accepted: false,
    })
}

fn problem(contract: &Contract, named: &str, csdl: &Csdl<'_>) -> Option<Remark> {
    let inner = named.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(named);
    let name = inner.trim_start_matches('#');
    let (namespace, last) = name.rsplit_once('.').filter(|(namespace, _)| csdl.is_namespace(namespace))?;
    // Pages leave the inner parts of namespaces out.
    let own: Vec<TypeId> = csdl.types_in_any_case(last);
    if own.is_empty() {
        let hint = did_you_mean(last, csdl.declarations().map(|(_, own)| own.name));
        let message =
            format!("the comment of the response names the type `{namespace}.{last}`, which does not exist{hint}");
        return Some(Remark::new(Code::TypeNotInMetadata, At::Body, message, None));
    }
    let declared = response_types(contract, csdl);
    let is_same = |declared: &TypeId| own.iter().any(|own| csdl.is_a(*own, *declared) || csdl.is_a(*declared, *own));
    let first = declared.first().filter(|_| !declared.iter().any(is_same))?;
    let shown = csdl.full_name(*first);
    let message =
        format!("the comment of the response names the type `{namespace}.{last}`, but what comes back is {shown}");
    Some(Remark::new(Code::TypeNotDerived, At::Body, message, Some(csdl.declaration(*first).at)))
}
