//! The files of an export on disk. What an export did not make, or what somebody has changed since, is kept.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use graph_contracts::contract::short_digest;
use graph_contracts::file;
use graph_contracts::source::SourceLine;
use serde::{Deserialize, Serialize};

use crate::{Export, LeftOut, Target};

/// Beside the files: which these are, and what they do not say.
const ACCOUNT: &str = "graph-contracts-export.json";

/// Why an export cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Something else is there.
    #[error("{}: not written: an export did not make this file, or it was changed since; name another place with --output, or replace it with --overwrite", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The files of an export for another target are there, whose account would be lost.
    #[error("{}: not written: an export for {target} is here, whose account of what it leaves out would be lost; name another folder with --output", path.display())]
    OtherTarget {
        /// The account of that export.
        path: PathBuf,
        /// The target's name.
        target: String,
    },
    /// The file system refuses.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that are new or have changed.
    pub files: Vec<PathBuf>,
    /// How many were as they had to be.
    pub unchanged: usize,
    /// Files of an earlier export that are not in this one. They are kept.
    pub stale: Vec<PathBuf>,
    /// The account of what was left out.
    pub account: PathBuf,
}

/// The account that stands beside the files.
#[derive(Serialize)]
struct Account<'e> {
    target: &'e str,
    /// How many of them the last export had.
    contracts: usize,
    routes: usize,
    /// What the target cannot say of any contract, and what each of these names means.
    limits: BTreeMap<&'e str, &'e str>,
    /// What it cannot say of these contracts.
    left_out: Vec<Entry>,
    /// What the names of limits in `left_out` mean.
    meanings: BTreeMap<String, String>,
    /// The files with their digests, by which a change by hand is known.
    files: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct EarlierAccount {
    target: String,
    files: BTreeMap<String, String>,
    left_out: Vec<Entry>,
    meanings: BTreeMap<String, String>,
}

/// What an account says of a contract. Another version of the program may have other limits, so they are texts.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    contract: String,
    at: String,
    limit: String,
    source: SourceLine,
}

impl Entry {
    fn of(own: &LeftOut) -> Entry {
        let LeftOut { contract, at, limit, source } = own.clone();
        Entry { contract, at, limit: limit.name().to_owned(), source }
    }
}

/// Whether an output is one file: it ends as the files of the target do.
fn is_file(target: Target, output: &Path) -> bool {
    output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(target.extension()))
}

/// Writes an export to a folder, or to a file if `output` ends as one of the target's. Nothing is written if a file is there that no
/// export made, unless `overwrite` says so.
///
/// # Errors
///
/// When a file is somebody else's, the export there is for another target, or a file cannot be written.
pub fn write(export: &Export, output: &Path, overwrite: bool) -> Result<Written, WriteError> {
    let (folder, account, files) = if is_file(export.target, output) {
        let folder = output.parent().unwrap_or(Path::new(""));
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (folder, folder.join(format!("{name}.{ACCOUNT}")), vec![(name, export.whole())])
    } else {
        let files = export.files.iter().map(|file| (file.path.clone(), file.text.clone()));
        (output, output.join(ACCOUNT), files.collect())
    };
    let mut earlier = earlier(&account, export.target)?;
    let mut written = Written { account: account.clone(), ..Written::default() };
    let mut changed = Vec::new();
    for (name, text) in &files {
        let path = folder.join(name);
        let present = present(&path)?;
        let is_own = |bytes: &Vec<u8>| earlier.files.get(name) == Some(&short_digest(bytes));
        match present {
            Some(bytes) if bytes == text.as_bytes() => written.unchanged += 1,
            Some(bytes) if !overwrite && !is_own(&bytes) => return Err(WriteError::Foreign { path }),
            _ => changed.push((path, text)),
        }
    }
    let made: HashSet<&String> = files.iter().map(|(name, _)| name).collect();
    // Files that are kept stay known as an export's own.
    earlier.files.retain(|name, _| !made.contains(name) && folder.join(name).exists());
    written.stale = earlier.files.keys().map(|name| folder.join(name)).collect();
    for (path, text) in changed {
        write_one(folder, &path, text)?;
        written.files.push(path);
    }
    // So does what they do not say: where each contract has a file, that file is called after it.
    let file_of = |own: &Entry| format!("{}.{}", own.contract, export.target.extension());
    earlier.left_out.retain(|own| earlier.files.contains_key(&file_of(own)));
    earlier.files.extend(files.iter().map(|(name, text)| (name.clone(), short_digest(text.as_bytes()))));
    write_one(folder, &account, &account_of(export, earlier))?;
    Ok(written)
}

fn write_one(folder: &Path, path: &Path, text: &str) -> Result<(), WriteError> {
    file::write_below(folder, path, text).map_err(|cause| WriteError::Io { path: path.to_owned(), cause })
}

/// The bytes of a file, if there is one.
fn present(path: &Path) -> Result<Option<Vec<u8>>, WriteError> {
    match file::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(WriteError::Io { path: path.to_owned(), cause }),
    }
}

/// The files of an earlier export for the same target, with their digests, and what they do not say.
fn earlier(account: &Path, target: Target) -> Result<EarlierAccount, WriteError> {
    let Some(bytes) = present(account)? else { return Ok(EarlierAccount::default()) };
    let path = || account.to_owned();
    let read: EarlierAccount = serde_json::from_slice(&bytes).map_err(|_| WriteError::Foreign { path: path() })?;
    if read.target != target.name() {
        return Err(WriteError::OtherTarget { path: path(), target: read.target });
    }
    Ok(read)
}

/// The account of these files, and of those that are kept of an earlier export.
fn account_of(export: &Export, kept: EarlierAccount) -> String {
    let EarlierAccount { files, mut left_out, mut meanings, .. } = kept;
    left_out.extend(export.left_out.iter().map(Entry::of));
    left_out.sort();
    let limits: HashSet<&String> = left_out.iter().map(|own| &own.limit).collect();
    meanings.retain(|limit, _| limits.contains(limit));
    meanings.extend(export.left_out.iter().map(|own| (own.limit.name().to_owned(), own.limit.says().to_owned())));
    let account = Account {
        target: export.target.name(),
        contracts: export.contracts,
        routes: export.routes,
        limits: export.limits.iter().map(|limit| (limit.name(), limit.says())).collect(),
        left_out,
        meanings,
        files,
    };
    // Texts and numbers can always be written.
    serde_json::to_string_pretty(&account).unwrap_or_default() + "\n"
}
