//! The rule for a whole documentation set: names of requests are not used twice in a version.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt as _};

use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Block, Page};
use crate::source::SourceLine;

/// The version and the name of a request, and where it stands.
pub(super) type RequestName = ((Option<String>, String), SourceLine);

/// The names of a page's requests.
pub(super) fn of_page(page: &Page<'_>) -> Vec<RequestName> {
    let version = page.version.clone();
    let named = |block: &Block<'_>| {
        let line = block.message.start.request()?;
        let metadata = block.metadata.as_ref().filter(|metadata| metadata.block_type.as_deref() == Some("request"))?;
        Some(((version.clone(), metadata.names.first()?.clone()), SourceLine::new(page.path, line.line)))
    };
    page.blocks.iter().filter_map(named).collect()
}

/// Reports each name that was used before, in the order of pages and lines.
pub(super) fn repeated(mut names: Vec<RequestName>) -> Vec<Diagnostic> {
    names.sort_by(|(_, one), (_, other)| one.cmp(other));
    let mut first = HashMap::new();
    let mut found = Vec::new();
    for (request, place) in names {
        match first.entry(request) {
            Entry::Occupied(known) => {
                let message = format!("the request name `{}` is that of {} already", known.key().1, known.get());
                found.push(Diagnostic::new(Code::RequestNameTwice, &*place.page, (place.line, 1), message));
            }
            Entry::Vacant(new) => {
                new.insert(place);
            }
        }
    }
    found
}
