//! The tests of the folders as a whole. They read no contract: a contract's id is the path of its file.

use std::path::Path;

use super::contract_test::caught;
use super::{AssertSnapshot, Project};
use crate::command_line::command_line;
use crate::report::{count, make_contracts};
use crate::snapshot::{InstaFile, accepted_drift, origin, read_insta, settings_of_drift, snapshot_path, unreferenced};
use crate::store::{StoreErrorKind, contract_ids};

/// A test of the folders; `Err` is why it fails, as lines.
type FolderTest = fn(&Project, AssertSnapshot) -> Result<(), String>;

/// The tests by name.
pub(super) const FOLDER_TESTS: [(&str, FolderTest); 3] = [
    ("accepted_drift_is_in_use", accepted_drift_is_in_use),
    ("every_contract_has_a_snapshot", every_contract_has_a_snapshot),
    ("every_snapshot_belongs_to_a_contract", every_snapshot_belongs_to_a_contract),
];

/// How many files or contracts are named.
const MOST_NAMED: usize = 5;

fn every_snapshot_belongs_to_a_contract(project: &Project, _: AssertSnapshot) -> Result<(), String> {
    if project.insta_finds_unreferenced {
        return Ok(());
    }
    let ids = ids(project)?;
    let is_contract = |id: &str| ids.binary_search_by(|other| other.as_str().cmp(id)).is_ok();
    let found =
        unreferenced(&project.snapshots, is_contract).map_err(|error| unreadable(&project.snapshots, &error.cause))?;
    let found: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
    let next = format!("import the page again, or let `{} review` move or delete it", command_line());
    none(&found, ("snapshot", "snapshots"), "without a contract", &next)
}

fn every_contract_has_a_snapshot(project: &Project, _: AssertSnapshot) -> Result<(), String> {
    let mut ids = ids(project)?;
    if ids.is_empty() {
        let empty = StoreErrorKind::Empty { path: project.contracts.clone() };
        return Err(format!("{empty}{}", make_contracts()));
    }
    ids.retain(|id| !snapshot_path(&project.snapshots, id).exists());
    let next = format!("`cargo test` makes them, and `{} review` shows them", command_line());
    none(&ids, ("contract", "contracts"), "without a reviewed snapshot", &next)
}

/// Accepted drift is reviewed by the command line and used by live runs. insta takes a snapshot that no test asserts for one that
/// may be deleted; this asserts each with itself, unless it belongs to no contract or its drift is over.
fn accepted_drift_is_in_use(project: &Project, assert: AssertSnapshot) -> Result<(), String> {
    let snapshots = std::path::absolute(&project.snapshots).unwrap_or_else(|_| project.snapshots.clone());
    let found = accepted_drift(&snapshots).map_err(|error| unreadable(&snapshots, &error.cause))?;
    let ids = if found.is_empty() { Vec::new() } else { ids(project)? };
    for file in found {
        let snapshot = read_insta(&file).map_err(|error| error.to_string())?;
        let (Some(snapshot), Some(folder), Some(name)) = (snapshot, file.parent(), file.file_stem()) else { continue };
        let Some(drift) = InstaFile::of(&snapshot) else { continue };
        if drift.is_healed() || ids.binary_search(&origin(&snapshots, &file).0).is_err() {
            continue;
        }
        let settings = settings_of_drift(folder, &snapshot);
        let asserted = caught(|| settings.bind(|| assert(&name.to_string_lossy(), &drift.content)));
        asserted.map_err(|refusal| format!("{}: insta does not accept it: {}", file.display(), refusal.why()))?;
    }
    Ok(())
}

fn ids(project: &Project) -> Result<Vec<String>, String> {
    contract_ids(&project.contracts).map_err(|error| error.to_string())
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{}: cannot be read: {error}", path.display())
}

/// Fails if something is there that should not be, and names some of it.
fn none(found: &[String], (one, many): (&str, &str), what: &str, next: &str) -> Result<(), String> {
    if found.is_empty() {
        return Ok(());
    }
    let mut lines = vec![format!("{} {what}:", count(found.len(), one, many))];
    lines.extend(found.iter().take(MOST_NAMED).map(|name| format!("  {name}")));
    if found.len() > MOST_NAMED {
        lines.push(format!("  … and {} more", found.len() - MOST_NAMED));
    }
    lines.push(next.to_owned());
    Err(lines.join("\n"))
}
