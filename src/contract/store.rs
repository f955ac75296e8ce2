//! The folder of contract files: reading it whole, writing one file at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Body, Contract, SCHEMA_FILE};
use crate::json;
use crate::normal::{DEFAULT_RULES, Guide, RuleError, VOLATILE_FILE, VolatileRules};

/// The contracts of a folder with their volatile rules.
#[derive(Debug)]
pub struct Store {
    /// The contracts, by id.
    pub contracts: Vec<Contract>,
    /// The volatile rules: those of the folder's `volatile.toml`, or the default ones.
    pub rules: VolatileRules,
}

/// Everything that is wrong with a folder of contracts; never empty.
#[derive(Debug)]
pub struct StoreError {
    /// The problems, by file.
    pub problems: Vec<StoreErrorKind>,
}

/// One thing that is wrong with a folder of contracts.
#[derive(Debug, thiserror::Error)]
pub enum StoreErrorKind {
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The folder has no contract.
    #[error("{}: no contracts here; make some with `cargo xtask import PATH`, or name another folder with --contracts", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A file is no contract.
    #[error("{}:{line}:{column}: {message}; see docs/contract-format.md, or import the page again", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// Two files have the same id.
    #[error("{}: the id `{id}` is already that of {}; give one of them another id or delete it", path.display(), other.display())]
    Duplicate {
        /// The second file.
        path: PathBuf,
        /// The first file.
        other: PathBuf,
        /// Their id.
        id: String,
    },
    /// A file's id does not agree with its path.
    #[error("{}: the id is `{id}`, so the file must be {}; rename the file or change the id", path.display(), expected.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// Its id.
        id: String,
        /// Where it belongs.
        expected: PathBuf,
    },
    /// A volatile rule cannot be used.
    #[error("{0}")]
    Rule(RuleError),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let line_end = if index == 0 { "" } else { "\n" };
            write!(f, "{line_end}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for StoreError {}

impl From<StoreErrorKind> for StoreError {
    fn from(problem: StoreErrorKind) -> StoreError {
        StoreError { problems: vec![problem] }
    }
}

impl Store {
    /// Reads all contracts below a folder, and its volatile rules.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or has no contract, when a file is no contract or its id is taken or does not fit its
    /// path, or when a volatile rule cannot be used. All problems are reported at once.
    pub fn read(folder: &Path) -> Result<Store, StoreError> {
        let mut problems = Vec::new();
        let mut by_id: BTreeMap<String, (PathBuf, Contract)> = BTreeMap::new();
        for path in contract_files(folder)? {
            let contract = match read_contract(&path) {
                Ok(contract) => contract,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            if let Some((other, _)) = by_id.get(&contract.id) {
                problems.push(StoreErrorKind::Duplicate { path, other: other.clone(), id: contract.id });
            } else {
                by_id.insert(contract.id.clone(), (path, contract));
            }
        }
        for (id, (path, _)) in &by_id {
            let expected = contract_path(folder, id);
            let is_duplicated = problems
                .iter()
                .any(|problem| matches!(problem, StoreErrorKind::Duplicate { id: other, .. } if other == id));
            if *path != expected && !is_duplicated {
                problems.push(StoreErrorKind::Misplaced { path: path.clone(), id: id.clone(), expected });
            }
        }
        let rules = read_rules(folder).map_err(|problem| problems.push(problem)).ok();
        let contracts: Vec<Contract> = by_id.into_values().map(|(_, contract)| contract).collect();
        let broken = contracts.iter().filter_map(|contract| Guide::check(contract).err());
        problems.extend(broken.map(StoreErrorKind::Rule));
        if contracts.is_empty() && problems.is_empty() {
            problems.push(StoreErrorKind::Empty { path: folder.to_owned() });
        }
        match rules {
            Some(rules) if problems.is_empty() => Ok(Store { contracts, rules }),
            _ => Err(StoreError { problems }),
        }
    }

    /// The positions of the contracts whose id contains one of these texts; of all, if there are none. `folder` is where they are
    /// from.
    ///
    /// # Errors
    ///
    /// When there is no such contract.
    pub fn select(&self, filters: &[String], folder: &Path) -> Result<Vec<usize>, NothingSelected> {
        // The whole id of a contract names that one alone, also where other ids begin with it.
        let is_id = |filter: &str| self.contracts.binary_search_by(|contract| contract.id.as_str().cmp(filter)).is_ok();
        let is_selected = |contract: &Contract| {
            let fits =
                |filter: &String| if is_id(filter) { contract.id == *filter } else { contract.id.contains(filter) };
            filters.is_empty() || filters.iter().any(fits)
        };
        let selected: Vec<usize> =
            (0..self.contracts.len()).filter(|index| is_selected(&self.contracts[*index])).collect();
        if selected.is_empty() {
            return Err(NothingSelected { filters: filters.to_vec(), contracts: folder.to_owned() });
        }
        Ok(selected)
    }

    /// Reads a single contract file, with the volatile rules of the folder that it belongs to.
    ///
    /// # Errors
    ///
    /// When the file is no contract, or a volatile rule cannot be used.
    pub fn read_one(folder: &Path, file: &Path) -> Result<Store, StoreError> {
        let (contract, rules) = (read_contract(file)?, read_rules(folder)?);
        Guide::check(&contract).map_err(StoreErrorKind::Rule)?;
        Ok(Store { contracts: vec![contract], rules })
    }
}

/// No contract is left to work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no contract's id contains {}; the contracts are in {}", filters.join(" or "), contracts.display())]
pub struct NothingSelected {
    /// The filters.
    pub filters: Vec<String>,
    /// The contracts folder.
    pub contracts: PathBuf,
}

/// The path of the file of a contract.
pub fn contract_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.json"))
}

/// The contract files below a folder, sorted.
pub fn contract_files(folder: &Path) -> Result<Vec<PathBuf>, StoreErrorKind> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            let cause = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links"));
            StoreErrorKind::Unreadable { path, cause }
        })?;
        let is_json = entry.path().extension().is_some_and(|extension| extension == "json");
        if entry.file_type().is_file() && is_json && entry.path() != folder.join(SCHEMA_FILE) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Reads one contract file.
pub fn read_contract(path: &Path) -> Result<Contract, StoreErrorKind> {
    let bytes = std::fs::read(path).map_err(|cause| StoreErrorKind::Unreadable { path: path.to_owned(), cause })?;
    parse_contract(path, &bytes)
}

/// Reads the content of a contract file.
pub fn parse_contract(path: &Path, bytes: &[u8]) -> Result<Contract, StoreErrorKind> {
    let invalid =
        |line, column, message: String| StoreErrorKind::Invalid { path: path.to_owned(), line, column, message };
    let contract: Contract = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line().max(1), error.column().max(1));
        let message = error.to_string();
        // serde_json repeats the position at the end of the message.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        invalid(line, column, format!("not a contract: {message}"))
    })?;
    check(&contract).map_err(|(place, message)| {
        let (line, column) = position(bytes, &place);
        invalid(line, column, message)
    })?;
    Ok(contract)
}

/// Where a value of a contract's file is: line and column, counted from 1.
fn position(bytes: &[u8], place: &json::Path) -> (usize, usize) {
    let text = String::from_utf8_lossy(bytes);
    let offset = json::parse(&text).ok().and_then(|parsed| parsed.offset_of(place)).unwrap_or_default();
    let before = text.get(..offset).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
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
        let message = format!("`response.status` is {}, which is no final HTTP status", response.status);
        return Err((root.member("response").member("status"), message));
    }
    // CONNECT asks for a tunnel, not for a resource (RFC 9110 section 9.3.6).
    if http::Method::from_bytes(request.method.as_bytes()).is_err() || request.method == "CONNECT" {
        let message = format!("`request.method` is `{}`, which is no method of an operation", request.method);
        return Err((root.member("request").member("method"), message));
    }
    for (side, headers) in [("request", &request.headers), ("response", &response.headers)] {
        for (index, header) in headers.iter().enumerate() {
            let place = root.member(side).member("headers").element(index);
            if http::HeaderName::try_from(&header.name).is_err() {
                return Err((place, format!("`{}` is no name of a header field", header.name)));
            }
            if http::HeaderValue::try_from(&header.value).is_err() || header.value.trim() != header.value {
                let message = format!("the value of the header field `{}` is none that HTTP allows", header.name);
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

/// The volatile rules of a folder.
fn read_rules(folder: &Path) -> Result<VolatileRules, StoreErrorKind> {
    let path = folder.join(VOLATILE_FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => DEFAULT_RULES.to_owned(),
        Err(cause) => return Err(StoreErrorKind::Unreadable { path, cause }),
    };
    VolatileRules::parse(&path.display().to_string(), &text).map_err(StoreErrorKind::Rule)
}

/// How the names of temporary files begin.
pub const TEMPORARY: &str = ".import-";

/// Writes a file whole or not at all: into a temporary file beside it, which then takes its place.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    set_usual_permissions(file.path())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; contracts are as readable as any file of the project.
#[cfg(unix)]
fn set_usual_permissions(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_permissions(_: &Path) -> io::Result<()> {
    Ok(())
}
