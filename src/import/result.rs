//! What an import did.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::Counts;
use crate::contract::{Body, Contract, PairKind, header, media_type};
use crate::diagnostic::Diagnostic;

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// What the pages hold.
    pub counts: Counts,
    /// What is wrong with the pages, by page and line.
    pub diagnostics: Vec<Diagnostic>,
    /// The pairs, by page and line.
    pub list: Vec<ListEntry>,
    /// The files that were or would be changed, or are not what the pages document, by path.
    pub files: Vec<(PathBuf, Written)>,
    /// The pages whose contracts are all as they were. An import that leaves no contract as it was has none.
    pub unchanged_pages: BTreeSet<String>,
    /// Links to folders with pages, which were not followed.
    pub linked: Vec<PathBuf>,
    /// How long it took.
    pub elapsed: Duration,
}

/// What became of a file, or would.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Written {
    /// It is as it was.
    Unchanged,
    /// It is new.
    Added,
    /// It is what the page says now.
    Updated,
    /// It differs from the page because somebody changed it, and was left.
    Kept,
    /// It is no longer a contract, for this reason, and was left.
    Broken(String),
    /// Somebody had changed it, and it was replaced; the old file is beside it, with `.bak` added.
    Overwritten,
    /// Its pair is documented no longer, and it was left.
    Stale,
    /// Its pair is documented no longer, and it was deleted.
    Deleted,
    /// The same of one that has something of its own: the file has `.bak` added now.
    SetAside,
}

/// One pair, as `--list` shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListEntry {
    /// The page's path.
    pub path: String,
    /// The line of the request line, counted from 1.
    pub request_line: u32,
    /// The line of the status line.
    pub response_line: u32,
    /// The method.
    pub method: String,
    /// The URL, as documented.
    pub url: String,
    /// The status code.
    pub status: u16,
    /// What the response's body is: `none`, `json`, `xml`, `csv`, `html`, `multipart`, `text` or `bytes`.
    pub body_kind: &'static str,
    /// How request and response belong together.
    pub kind: PairKind,
    /// The contract's id.
    pub contract: String,
}

impl Import {
    /// Whether the contracts are what the pages document.
    pub fn is_current(&self) -> bool {
        self.files.is_empty()
    }

    /// The flags with which another import takes what the pages document; none where an import without flags goes on with that.
    pub fn flags_for_the_rest(&self) -> Vec<&'static str> {
        let flag = |(_, written): &(PathBuf, Written)| match written {
            Written::Kept | Written::Broken(_) => Some("--overwrite"),
            Written::Stale => Some("--unreferenced delete"),
            _ => None,
        };
        let mut flags = self.files.iter().map(flag).collect::<Option<Vec<_>>>().unwrap_or_default();
        flags.sort_unstable();
        flags.dedup();
        flags
    }
}

impl ListEntry {
    /// The entry of a contract, made from a pair of that kind.
    pub fn of(kind: PairKind, contract: &Contract) -> ListEntry {
        ListEntry {
            path: contract.source.page.clone(),
            request_line: contract.source.request.line,
            response_line: contract.source.response.line,
            method: contract.request.method.clone(),
            url: contract.request.url.clone(),
            status: contract.response.status,
            body_kind: body_kind(contract),
            kind,
            contract: contract.id.clone(),
        }
    }
}

fn body_kind(contract: &Contract) -> &'static str {
    let content_type = header(&contract.response.headers, "Content-Type").map(|header| media_type(&header.value));
    let content_type = content_type.unwrap_or_default();
    match &contract.response.body {
        None => "none",
        Some(Body::Json(_)) => "json",
        Some(Body::Bytes(_)) => "bytes",
        Some(Body::Text(_)) if content_type.starts_with("multipart/") => "multipart",
        Some(Body::Text(_)) if content_type.ends_with("xml") => "xml",
        Some(Body::Text(_)) if content_type.ends_with("csv") => "csv",
        Some(Body::Text(_)) if content_type.ends_with("html") => "html",
        Some(Body::Text(lines)) if lines.first().is_some_and(|line| line.trim_start().starts_with("<?xml")) => "xml",
        Some(Body::Text(_)) => "text",
    }
}
