//! One contract file: where it is, reading and checking it.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use walkdir::{DirEntry, WalkDir};

use super::StoreErrorKind;
use crate::contract::{Body, Contract, FORMAT, SCHEMA_FILE};
use crate::file;
use crate::json;
use crate::normal::NormalizationPlan;
use crate::source::LineIndex;

/// The path of the file of a contract.
pub fn contract_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.json"))
}

/// A folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct FolderError {
    /// The folder, or what in it cannot be read.
    pub path: PathBuf,
    /// What the operating system says.
    pub cause: io::Error,
}

/// Everything below a folder, sorted by path.
pub(crate) fn entries_below(folder: &Path, follow_links: bool) -> Result<Vec<DirEntry>, FolderError> {
    let unreadable = |error: walkdir::Error| {
        let path = error.path().unwrap_or(folder).to_owned();
        FolderError { path, cause: error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links")) }
    };
    WalkDir::new(folder)
        .follow_links(follow_links)
        // Those of one folder differ in their names alone.
        .sort_by(|one, other| one.path().as_os_str().cmp(other.path().as_os_str()))
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(unreadable)
}

/// The contract files below a folder, sorted.
pub(crate) fn contract_files(folder: &Path) -> Result<Vec<PathBuf>, StoreErrorKind> {
    let entries = entries_below(folder, true);
    let entries = entries.map_err(|FolderError { path, cause }| StoreErrorKind::Unreadable { path, cause })?;
    let is_contract = |entry: &DirEntry| {
        let is_json = entry.path().extension().is_some_and(|extension| extension == "json");
        !entry.file_type().is_dir() && is_json && entry.path() != folder.join(SCHEMA_FILE)
    };
    Ok(entries.into_iter().filter(is_contract).map(DirEntry::into_path).collect())
}

/// The ids of the contracts in a folder, sorted, by the paths of their files, of which none is read.
pub(crate) fn contract_ids(folder: &Path) -> Result<Vec<String>, StoreErrorKind> {
    let mut ids: Vec<String> = contract_files(folder)?.iter().map(|path| id_of(folder, path)).collect();
    ids.sort_unstable();
    Ok(ids)
}

/// The id that a file has by its path below a folder.
fn id_of(folder: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    let parts = relative.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Reads one contract file.
pub(crate) fn read_contract(path: &Path) -> Result<Contract, StoreErrorKind> {
    let bytes = file::read(path).map_err(|cause| StoreErrorKind::Unreadable { path: path.to_owned(), cause })?;
    parse_contract(path, file::without_mark(&bytes))
}

/// Reads the contract of an id, and checks that it is the one and that its volatile rules can be used.
pub fn read_contract_of(folder: &Path, id: &str) -> Result<Contract, StoreErrorKind> {
    let path = contract_path(folder, id);
    let contract = read_contract(&path)?;
    if contract.id != id {
        let expected = contract_path(folder, &contract.id);
        return Err(StoreErrorKind::Misplaced { path, id: contract.id, expected });
    }
    NormalizationPlan::check(&contract).map_err(StoreErrorKind::Rule)?;
    Ok(contract)
}

/// Reads the content of a contract file.
pub(crate) fn parse_contract(path: &Path, bytes: &[u8]) -> Result<Contract, StoreErrorKind> {
    let invalid =
        |line, column, message: String| StoreErrorKind::Invalid { path: path.to_owned(), line, column, message };
    let contract: Contract = serde_json::from_slice(bytes).map_err(|error| {
        if let Some(problem) = other_format(path, bytes) {
            return problem;
        }
        if let Some(line) = file::conflict_line(bytes) {
            return invalid(line, 1, UNRESOLVED.to_owned());
        }
        let (line, column) = (error.line().max(1) as u32, error.column().max(1) as u32);
        let message = error.to_string();
        // serde_json repeats the position at the end of the message.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        invalid(line, column, format!("not a contract: {message}"))
    })?;
    if contract.format != FORMAT {
        return Err(format_problem(path, &contract.id, contract.format));
    }
    check(&contract).map_err(|(place, message)| {
        let (line, column) = position(bytes, &place);
        invalid(line, column, message)
    })?;
    Ok(contract)
}

/// What a file is in that Git could not merge.
const UNRESOLVED: &str =
    "Git's marker of a conflict that is not resolved; resolve it, or import the page again with --overwrite";

/// What every contract has had in every format. The first format had no number.
#[derive(Deserialize)]
struct AnyFormat {
    id: String,
    #[serde(default = "first_format")]
    format: u32,
    #[serde(rename = "permissions")]
    _permissions: IgnoredAny,
    #[serde(rename = "request")]
    _request: IgnoredAny,
    #[serde(rename = "response")]
    _response: IgnoredAny,
}

fn first_format() -> u32 {
    1
}

/// The problem of a file that is a contract of another format.
fn other_format(path: &Path, bytes: &[u8]) -> Option<StoreErrorKind> {
    let AnyFormat { id, format, .. } = serde_json::from_slice(bytes).ok()?;
    (format != FORMAT).then(|| format_problem(path, &id, format))
}

fn format_problem(path: &Path, id: &str, format: u32) -> StoreErrorKind {
    let folder = path.ancestors().nth(id.split('/').count()).unwrap_or(path).to_owned();
    StoreErrorKind::Format { path: path.to_owned(), folder, format, more: 0 }
}

/// Where a value of a contract's file is: line and column, counted from 1.
fn position(bytes: &[u8], place: &json::Path) -> (u32, u32) {
    let text = String::from_utf8_lossy(bytes);
    let offset = json::parse(&text).ok().and_then(|parsed| parsed.offset_of(place)).unwrap_or_default();
    LineIndex::new(&text).position(offset)
}

/// What the types do not say: where it fails, and why.
fn check(contract: &Contract) -> Result<(), (json::Path, String)> {
    let root = json::Path::root();
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    if !contract.id.split('/').all(is_part) || contract.id.contains(char::is_control) {
        return Err((root.member("id"), format!("the id `{}` cannot be a file's path", contract.id)));
    }
    if !contract.id.contains('/') {
        return Err((
            root.member("id"),
            format!("the id `{}` names no version; it must be like `v1.0/user-get`", contract.id),
        ));
    }
    if contract.routes.is_empty() {
        let message = "`routes` is empty: a contract is replayed on at least one route".to_owned();
        return Err((root.member("routes"), message));
    }
    let (request, response) = (&contract.request, &contract.response);
    if !(200..=599).contains(&response.status) {
        let message = format!("`response.status` is {}, which is not a final HTTP status", response.status);
        return Err((root.member("response").member("status"), message));
    }
    // CONNECT asks for a tunnel, not for a resource (RFC 9110 section 9.3.6).
    if http::Method::from_bytes(request.method.as_bytes()).is_err() || request.method == "CONNECT" {
        let message = format!("`request.method` is `{}`, which is not a method of an operation", request.method);
        return Err((root.member("request").member("method"), message));
    }
    for (side, headers) in [("request", &request.headers), ("response", &response.headers)] {
        for (index, header) in headers.iter().enumerate() {
            let place = root.member(side).member("headers").element(index);
            if http::HeaderName::try_from(&header.name).is_err() {
                return Err((place, format!("`{}` is not the name of a header field", header.name)));
            }
            if http::HeaderValue::try_from(&header.value).is_err() || header.value.trim() != header.value {
                let message = format!("the value of the header field `{}` is not allowed in HTTP", header.name);
                return Err((place, message));
            }
        }
    }
    for (side, body) in [("request", &request.body), ("response", &response.body)] {
        let lines = match body {
            Some(Body::Text(lines) | Body::Bytes(lines)) => lines,
            Some(Body::Json(_)) | None => continue,
        };
        if lines.iter().all(|line| line.trim().is_empty()) || lines.iter().any(|line| line.contains(['\r', '\n'])) {
            let message =
                "the text of a body is a list of lines, not all of them empty, each without its line end".to_owned();
            return Err((root.member(side).member("body"), message));
        }
    }
    Ok(())
}
