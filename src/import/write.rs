//! Contracts to files, without losing what people changed.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use walkdir::WalkDir;

use super::{ImportError, ImportOptions, Written};
use crate::contract::{self, BodyRule, Contract, SCHEMA_FILE, contract_text, digest, digest_of_file};
use crate::file::{self, TEMPORARY};
use crate::json::{self, Json};
use crate::normal::{DEFAULT_RULES, VOLATILE_FILE};
use crate::store::{StoreErrorKind, contract_path, parse_contract};

impl ImportOptions {
    /// Writes a contract, unless its file has been changed by hand.
    pub(super) fn write_contract(&self, contract: &Contract) -> Result<(PathBuf, Written), ImportError> {
        let path = contract_path(&self.out, &contract.id);
        let mut contract = contract.clone();
        contract.source.digest = digest(&contract);
        let before = match file::read(&path) {
            Ok(before) => before,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let text = text(&contract, &path)?;
                self.write(&path, &text)?;
                return Ok((path, Written::Added));
            }
            Err(cause) => return Err(ImportError::Unreadable { path, cause }),
        };
        let existing = parse_contract(&path, &before);
        let other = matches!(existing, Err(StoreErrorKind::Format { .. })).then(|| other_format(&before)).flatten();
        // What people add belongs to them, whatever becomes of the page.
        contract.volatile = match (&existing, &other) {
            (Ok(existing), _) => existing.volatile.clone(),
            (Err(_), Some(other)) => other.volatile.clone(),
            (Err(_), None) => Vec::new(),
        };
        let text = text(&contract, &path)?;
        if before == text.as_bytes() {
            return Ok((path, Written::Unchanged));
        }
        // A file that is no longer a contract was one that somebody was editing.
        let by_hand = match (&existing, &other) {
            (Ok(existing), _) => digest(existing) != existing.source.digest,
            (Err(_), Some(other)) => other.by_hand,
            (Err(_), None) => true,
        };
        if by_hand && !self.overwrite {
            return Ok((path, existing.map_or_else(|problem| Written::Broken(problem.to_string()), |_| Written::Kept)));
        }
        if by_hand {
            self.write(&backup_path(&path), &String::from_utf8_lossy(&before))?;
        }
        self.write(&path, &text)?;
        Ok((path, if by_hand { Written::Overwritten } else { Written::Updated }))
    }

    /// Deletes a contract that no page documents any longer. What somebody has added to it, or changed in it, is kept beside it.
    pub(super) fn delete_contract(&self, path: &Path) -> Result<Written, ImportError> {
        let before = file::read(path).map_err(|cause| ImportError::Unreadable { path: path.to_owned(), cause })?;
        let is_as_written = match parse_contract(path, &before) {
            Ok(own) => digest(&own) == own.source.digest && own.volatile.is_empty(),
            Err(_) => other_format(&before).is_some_and(|own| !own.by_hand && own.volatile.is_empty()),
        };
        let unwritable = |cause| ImportError::Unwritable { path: path.to_owned(), cause };
        if !is_as_written {
            self.write(&backup_path(path), &String::from_utf8_lossy(&before))?;
        }
        if !self.check {
            std::fs::remove_file(path).map_err(unwritable)?;
        }
        Ok(if is_as_written { Written::Deleted } else { Written::SetAside })
    }

    /// Writes the schema, which is generated, and the volatile rules, which are written once and belong to people from
    /// then on.
    pub(super) fn write_companions(&self) -> Result<Vec<(PathBuf, Written)>, ImportError> {
        let out = &self.out;
        let (schema, rules) = (out.join(SCHEMA_FILE), out.join(VOLATILE_FILE));
        let text = contract::schema();
        let mut written = Vec::new();
        let before = file::read(&schema).ok();
        if before.as_deref() != Some(text.as_bytes()) {
            self.write(&schema, &text)?;
            written.push((schema, if before.is_some() { Written::Updated } else { Written::Added }));
        }
        if self.rules.is_none() && !rules.exists() {
            self.write(&rules, DEFAULT_RULES)?;
            written.push((rules, Written::Added));
        }
        Ok(written)
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), ImportError> {
        if self.check {
            return Ok(());
        }
        file::write_below(&self.out, path, text)
            .map_err(|cause| ImportError::Unwritable { path: path.to_owned(), cause })
    }
}

fn text(contract: &Contract, path: &Path) -> Result<String, ImportError> {
    contract_text(contract).map_err(|error| ImportError::Unwritable { path: path.to_owned(), cause: error.into() })
}

/// What an import has to know of a file in another format.
struct OtherFormat {
    volatile: Vec<BodyRule>,
    by_hand: bool,
}

fn other_format(bytes: &[u8]) -> Option<OtherFormat> {
    #[derive(Deserialize)]
    struct Kept {
        #[serde(default)]
        volatile: Vec<BodyRule>,
    }
    let Kept { volatile } = serde_json::from_slice(bytes).ok()?;
    let file = json::parse(std::str::from_utf8(bytes).ok()?).ok()?.json;
    let stated = file.get("source").and_then(|source| source.get("digest")).and_then(Json::as_str);
    Some(OtherFormat { volatile, by_hand: stated != Some(digest_of_file(&file).as_str()) })
}

/// Where the old file is kept when a contract that was changed by hand is replaced.
fn backup_path(path: &Path) -> PathBuf {
    path.with_extension("json.bak")
}

/// Removes the temporary files of an import that was interrupted. One that cannot be removed does no harm.
pub(super) fn remove_leftovers(folder: &Path) {
    for entry in WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_file() && entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
