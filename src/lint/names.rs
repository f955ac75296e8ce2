//! The rule for a whole documentation set: names of requests are not used twice in a version.

use std::collections::BTreeMap;

use super::page_rules::request_names;
use crate::contract::version_of_path;
use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;

/// A name that a request has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RequestName {
    version: Option<String>,
    name: String,
    page: String,
    line: u32,
}

/// The names of a page's requests.
pub(super) fn of_page(page: &Page<'_>) -> Vec<RequestName> {
    let version = version_of_path(page.path).map(str::to_owned);
    let name = |(name, line): (&str, u32)| RequestName {
        version: version.clone(),
        name: name.to_owned(),
        page: page.path.to_owned(),
        line,
    };
    request_names(page).map(name).collect()
}

/// Reports each name that was used before, in the order of pages and lines.
pub(super) fn repeated(mut names: Vec<RequestName>) -> Vec<Diagnostic> {
    names.sort_by(|a, b| (&a.page, a.line).cmp(&(&b.page, b.line)));
    let mut first: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    let mut found = Vec::new();
    for RequestName { version, name, page, line } in names {
        let place = format!("{page}:{line}");
        match first.get(&(version.clone(), name.clone())) {
            Some(first) => {
                let message = format!("the request name `{name}` is that of {first} already");
                found.push(Diagnostic { code: Code::RequestNameTwice, page, line, column: 1, message });
            }
            None => {
                first.insert((version, name), place);
            }
        }
    }
    found
}
