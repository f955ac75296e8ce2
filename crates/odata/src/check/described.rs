//! Checks the page of a resource against the type that it describes: the rows of its property tables.

use super::Metadata;
use super::finding::Finding;
use super::remark::Remark;
use super::table;
use crate::csdl::{Csdl, TypeId};
use graph_contracts::contract::{Cloud, Property};
use graph_contracts::page::Page;
use graph_contracts::source::SourceLine;

/// In what the tables of a resource's page depart from the type of that name, in the metadata of the page's version. A page of another
/// version than that of any metadata says nothing; one of no version is of that which was named first.
pub fn check_resource(
    page: &Page<'_>,
    type_name: &str,
    tables: &[Vec<Property>],
    metadata: &[Metadata<'_>],
) -> Vec<Finding> {
    let is_own = |own: &&Metadata<'_>| {
        own.cloud == Cloud::Global && page.version.as_deref().is_none_or(|version| own.version == version)
    };
    let Some(metadata) = metadata.iter().find(is_own) else { return Vec::new() };
    let csdl = &metadata.csdl;
    let Some(id) = described_type(csdl, type_name) else { return Vec::new() };
    let finding = |Remark { code, at, line, message, subject, declared }| Finding {
        code,
        contract: String::new(),
        route: String::new(),
        at,
        message,
        source: SourceLine::new(page.path, line.unwrap_or(1)),
        metadata: declared.map(|at| csdl.source_line(at)),
        subject,
        accepted: false,
    };
    tables.iter().flat_map(|rows| table::check_rows(csdl, rows, id)).map(finding).collect()
}

/// The type of a name. Pages leave the inner parts of namespaces out; where several types have the rest, it may be any.
fn described_type(csdl: &Csdl<'_>, name: &str) -> Option<TypeId> {
    let own = csdl.find_type(name).or_else(|| match csdl.types_in_any_case(name.rsplit('.').next()?).as_slice() {
        [only] => Some(*only),
        _ => None,
    });
    own.filter(|id| csdl.structured(*id).is_some())
}
