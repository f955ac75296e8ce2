//! What the service's own metadata says of the contracts that a page gives, and of the resource that it describes.

use std::collections::HashSet;

use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{Contract, Property};
use graph_contracts::diagnostic::Diagnostic;
use graph_contracts::page::Page;
use graph_contracts::url::split_path;

use crate::check::{Finding, Metadata, check_comment, check_contract, check_resource};

/// What the metadata says otherwise than a contract of this page: each place once, on however many routes it is found.
pub fn diagnostics(page: &Page<'_>, contract: &Contract, metadata: &[Metadata<'_>]) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let mut diagnostics = Vec::new();
    for finding in check_contract(contract, metadata).iter().flatten() {
        // What can be told without metadata is reported already.
        if !finding.code.is_of_metadata() || !seen.insert((finding.code, &finding.source, &finding.at)) {
            continue;
        }
        if let Some(mut diagnostic) = finding.diagnostic() {
            diagnostic.column = column(page.line_text(diagnostic.line), finding).unwrap_or(1);
            diagnostics.push(diagnostic);
        }
    }
    diagnostics.extend(comment(page, contract, metadata));
    diagnostics
}

/// What the metadata says otherwise than the tables of a resource's page, of which the type is known.
pub fn resource_diagnostics(
    page: &Page<'_>,
    type_name: &str,
    tables: &[Vec<Property>],
    metadata: &[Metadata<'_>],
) -> Vec<Diagnostic> {
    let placed = |finding: Finding| {
        let mut diagnostic = finding.diagnostic()?;
        diagnostic.column = column(page.line_text(diagnostic.line), &finding).unwrap_or(1);
        Some(diagnostic)
    };
    check_resource(page, type_name, tables, metadata).into_iter().filter_map(placed).collect()
}

/// What is wrong with the type in the metadata comment of a contract's response, where the comment has it.
fn comment(page: &Page<'_>, contract: &Contract, metadata: &[Metadata<'_>]) -> Option<Diagnostic> {
    let line = contract.source.response.line;
    // Blocks are in the order of the page.
    let index = page.blocks.partition_point(|own| own.message.start.line() < line);
    let block = page.blocks.get(index).filter(|own| own.message.start.line() == line)?;
    let own = block.metadata.as_ref().filter(|own| own.block_type.as_deref() == Some("response"))?;
    let named = own.odata_type.as_deref()?;
    let mut diagnostic = check_comment(contract, named, metadata)?.diagnostic()?;
    if let Some((line, column)) = page.place_in_comment(line, named) {
        (diagnostic.line, diagnostic.column) = (line, column);
    }
    Some(diagnostic)
}

/// The column of what a finding is about, in its line of the page; `None` where it is not to be seen there.
fn column(line: &str, finding: &Finding) -> Option<u32> {
    // That of a resource has no route.
    let (method, path) = finding.route.split_once(' ').unwrap_or_default();
    let offset = match &finding.at {
        At::Request(RequestPart::Method) => line.find(method),
        At::Status => line
            .split_whitespace()
            .find(|word| word.len() == 3 && word.parse::<u16>().is_ok())
            .and_then(|word| line.find(word)),
        At::Request(RequestPart::Segment(number)) => {
            let segments = split_path(path);
            let before: String =
                segments.iter().take(number.checked_sub(1)?).map(|segment| format!("/{segment}")).collect();
            let segment = segments.get(number - 1)?;
            line.find(&format!("{before}/{segment}")).map(|start| start + before.len() + 1)
        }
        At::TableRow(name) => line.find(name.as_str()),
        At::Cloud(_) => line.find("[!"),
        At::Request(RequestPart::Argument(name)) => line.find(&format!("{name}=")).map(|start| start + name.len() + 1),
        // The name behind the option.
        At::Request(RequestPart::Query(query)) => {
            let (option, name) = query.split_once(": ").unwrap_or((query, ""));
            let start = line.find(option)?;
            line[start..].find(name).map(|at| start + at)
        }
        // The last name of a JSON path, as it stands in JSON.
        At::Path(path) | At::Request(RequestPart::Path(path)) => line.find(&format!("\"{}\"", path.last_name()?)),
        _ => None,
    }?;
    u32::try_from(line.get(..offset)?.chars().count() + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::diagnostic::Code;
    use graph_contracts::json::Path;
    use graph_contracts::source::SourceLine;

    #[track_caller]
    fn check(line: &str, at: At, expected: Option<u32>) {
        let finding = Finding {
            code: Code::MethodNotAllowed,
            contract: String::new(),
            route: "POST /lockers/{id}/keys".to_owned(),
            at,
            message: String::new(),
            source: SourceLine::new("a.md", 1),
            metadata: None,
            subject: String::new(),
            accepted: false,
        };
        assert_eq!(column(line, &finding), expected, "{} in {line}", finding.at);
    }

    #[test]
    fn the_column_is_that_of_what_is_wrong() {
        let url = "POST https://graph.microsoft.com/v1.0/lockers/{id}/keys";
        let segment = |number| At::Request(RequestPart::Segment(number));
        check(url, At::Request(RequestPart::Method), Some(1));
        check(url, segment(1), Some(39));
        check(url, segment(3), Some(52));
        check(url, segment(4), None);
        check(url, segment(0), None);
        let query = |name: &str| At::Request(RequestPart::Query(name.to_owned()));
        check("GET /lockers?$top=1&$select=number,colr", query("$select: colr"), Some(36));
        check("GET /lockers?$select=number", query("$expand: keys"), None);
        let argument = At::Request(RequestPart::Argument("color".to_owned()));
        check("GET /lockers/free(color=red)", argument, Some(25));
        check("HTTP/1.1 201 Created", At::Status, Some(10));
        check("|ä `color`|String|", At::TableRow("color".to_owned()), Some(5));
        let element = Path::root().member("a").element(0);
        check("  \"on\": true, \"off\": 1", At::Path(element.member("off")), Some(15));
        check("  {", At::Path(element), None);
        check("{", At::Request(RequestPart::Path(Path::root())), None);
    }
}
