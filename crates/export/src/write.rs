//! The files of an export on disk. What an export did not make, or what somebody has changed since, is kept.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use graph_contracts::contract::short_digest;
use graph_contracts::file;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    contracts: usize,
    routes: usize,
    /// What the target cannot say of any contract, and what each of these names means.
    limits: BTreeMap<&'e str, &'e str>,
    /// What it cannot say of these contracts.
    left_out: Vec<&'e LeftOut>,
    /// What the names of limits in `left_out` mean.
    meanings: BTreeMap<&'e str, &'e str>,
    /// The files with their digests, by which a change by hand is known.
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct EarlierAccount {
    target: String,
    files: BTreeMap<String, String>,
    /// As another version may have written it.
    #[serde(default)]
    left_out: Vec<Value>,
}

/// What the account of an earlier export says.
#[derive(Default)]
struct Earlier {
    files: BTreeMap<String, String>,
    left_out: Vec<LeftOut>,
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
    let earlier = earlier(&account, export.target)?;
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
    let is_made = |name: &String| files.iter().any(|(own, _)| own == name);
    let stale = earlier.files.keys().filter(|name| !is_made(name)).map(|name| folder.join(name));
    written.stale = stale.filter(|path| path.exists()).collect();
    for (path, text) in changed {
        write_one(folder, &path, text)?;
        written.files.push(path);
    }
    // Files that are kept stay known as an export's own.
    let is_kept = |name: &str| written.stale.contains(&folder.join(name));
    let kept = earlier.files.iter().filter(|(name, _)| is_kept(name));
    let own = files.iter().map(|(name, text)| (name.clone(), short_digest(text.as_bytes())));
    let all = kept.map(|(name, digest)| (name.clone(), digest.clone())).chain(own).collect();
    // So does what they do not say: where each contract has a file, that file is called after it.
    let file_of = |own: &LeftOut| format!("{}.{}", own.contract, export.target.extension());
    let left_out = earlier.left_out.iter().filter(|own| is_kept(&file_of(own))).chain(&export.left_out);
    let mut left_out: Vec<&LeftOut> = left_out.collect();
    left_out.sort();
    write_one(folder, &account, &account_of(export, all, left_out))?;
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
fn earlier(account: &Path, target: Target) -> Result<Earlier, WriteError> {
    let Some(bytes) = present(account)? else { return Ok(Earlier::default()) };
    let path = || account.to_owned();
    let read: EarlierAccount = serde_json::from_slice(&bytes).map_err(|_| WriteError::Foreign { path: path() })?;
    if read.target != target.name() {
        return Err(WriteError::OtherTarget { path: path(), target: read.target });
    }
    let left_out = read.left_out.into_iter().filter_map(|own| serde_json::from_value(own).ok()).collect();
    Ok(Earlier { files: read.files, left_out })
}

fn account_of(export: &Export, files: BTreeMap<String, String>, left_out: Vec<&LeftOut>) -> String {
    let account = Account {
        target: export.target.name(),
        contracts: export.contracts,
        routes: export.routes,
        limits: export.limits.iter().map(|limit| (limit.name(), limit.says())).collect(),
        meanings: left_out.iter().map(|own| (own.limit.name(), own.limit.says())).collect(),
        left_out,
        files,
    };
    // Texts and numbers can always be written.
    serde_json::to_string_pretty(&account).unwrap_or_default() + "\n"
}
