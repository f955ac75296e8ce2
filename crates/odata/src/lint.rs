//! What the service's own metadata says of the contracts that a page gives.

use std::collections::HashSet;

use graph_contracts::contract::Contract;
use graph_contracts::diagnostic::Diagnostic;
use graph_contracts::page::Page;
use graph_contracts::url::split_path;

use crate::check::{Finding, Metadata, check_contract};

/// What the metadata says otherwise than a contract of this page: each place once, on however many routes it is found.
pub fn diagnostics(page: &Page<'_>, contract: &Contract, metadata: &[Metadata<'_>]) -> Vec<Diagnostic> {
    let mut seen = HashSet::new();
    let mut diagnostics = Vec::new();
    for finding in check_contract(contract, metadata).iter().flatten() {
        if !seen.insert((finding.code, finding.source.as_str(), finding.at.as_str())) {
            continue;
        }
        if let Some(mut diagnostic) = finding.diagnostic() {
            let line = page.text.lines().nth(diagnostic.line.saturating_sub(1) as usize);
            diagnostic.column = line.and_then(|line| column(line, finding)).unwrap_or(1);
            diagnostics.push(diagnostic);
        }
    }
    diagnostics
}

/// The column of what a finding is about, in its line of the page; `None` where it is not to be seen there.
fn column(line: &str, finding: &Finding) -> Option<u32> {
    let at = finding.at.as_str();
    let (method, path) = finding.route.split_once(' ')?;
    let offset = if at == "the method" {
        line.find(method)
    } else if at == "the status" {
        line.split_whitespace()
            .find(|word| word.len() == 3 && word.parse::<u16>().is_ok())
            .and_then(|word| line.find(word))
    } else if let Some(number) = at.strip_prefix("segment ").and_then(|rest| rest.split(' ').next()) {
        let number: usize = number.parse().ok()?;
        let segments = split_path(path);
        let before: String =
            segments.iter().take(number.checked_sub(1)?).map(|segment| format!("/{segment}")).collect();
        let segment = segments.get(number - 1)?;
        line.find(&format!("{before}/{segment}")).map(|start| start + before.len() + 1)
    } else if let Some(name) = at.strip_prefix('`').and_then(|rest| rest.split('`').next()) {
        line.find(name)
    } else {
        // The last name of a JSON path, as it stands in JSON.
        let (path, _) = at.rsplit_once(" of the ")?;
        let (_, rest) = path.rsplit_once("['")?;
        let (name, _) = rest.split_once("']")?;
        line.find(&format!("\"{name}\""))
    }?;
    u32::try_from(line.get(..offset)?.chars().count() + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::diagnostic::Code;

    #[track_caller]
    fn check(line: &str, at: &str, expected: Option<u32>) {
        let finding = Finding {
            code: Code::MethodNotAllowed,
            contract: String::new(),
            route: "POST /lockers/{id}/keys".to_owned(),
            at: at.to_owned(),
            message: String::new(),
            source: "a.md:1".to_owned(),
            metadata: String::new(),
            subject: String::new(),
            accepted: false,
        };
        assert_eq!(column(line, &finding), expected, "{at} in {line}");
    }

    #[test]
    fn the_column_is_that_of_what_is_wrong() {
        let url = "POST https://graph.microsoft.com/v1.0/lockers/{id}/keys";
        check(url, "the method", Some(1));
        check(url, "segment 1 of the URL", Some(39));
        check(url, "segment 3 of the URL", Some(52));
        check(url, "segment 4 of the URL", None);
        check(url, "segment 0 of the URL", None);
        check("HTTP/1.1 201 Created", "the status", Some(10));
        check("|ä `colour`|String|", "`colour` in the property table", Some(5));
        check("  \"on\": true, \"off\": 1", "$['a'][0]['off'] of the response body", Some(15));
        check("  {", "$['a'][0] of the response body", None);
        check("{", "$ of the request body", None);
    }
}
