//! Drift that was accepted, and drift that waits for review: insta's own files, in `snapshots/live/<profile>/`.

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;

use graph_contracts::contract::Contract;
use graph_contracts::file;
use graph_contracts::normal::NormalForm;
use graph_contracts::snapshot::{SnapshotError, pending_path, pending_text, read_file, snapshot_path};

/// What a live response is, beside the documentation and what was last accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As documented, and nothing else was accepted.
    Matched,
    /// As documented, although a drift was accepted: that drift is over.
    Healed,
    /// As was accepted.
    KnownDrift,
    /// Neither.
    Drifted,
}

/// An accepted drift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The form that was accepted, as text.
    pub text: String,
    /// Since when it has been known, if the file still says so.
    pub since: Option<Date>,
}

/// What goes into the metadata of a pending snapshot.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The request: method and URL template.
    pub route: &'a str,
    /// Each drift with its page and line, a line each.
    pub drifts: Vec<String>,
    /// The service's id of the request, for support cases.
    pub request_id: Option<&'a str>,
    /// The day.
    pub day: Date,
}

/// The verdict on a response: the form in which it drifted, if it did, beside the drift that was accepted, if one was.
pub fn verdict(drifted: Option<&NormalForm>, accepted: Option<&Accepted>) -> Verdict {
    match (drifted, accepted) {
        (None, None) => Verdict::Matched,
        (None, Some(_)) => Verdict::Healed,
        (Some(now), Some(accepted)) if now.to_string().trim_end() == accepted.text.trim_end() => Verdict::KnownDrift,
        (Some(_), _) => Verdict::Drifted,
    }
}

/// The drift that was accepted for a contract; `None` if none was.
///
/// # Errors
///
/// When the file is there but cannot be read.
pub fn accepted(folder: &Path, id: &str) -> Result<Option<Accepted>, SnapshotError> {
    let Some(file) = read_file(&snapshot_path(folder, id))? else { return Ok(None) };
    let description = file.description.unwrap_or_default();
    let since = description.strip_prefix(SINCE).and_then(|rest| rest.get(..10)).and_then(|day| day.parse().ok());
    Ok(Some(Accepted { text: file.content, since }))
}

const SINCE: &str = "drift since ";

/// Writes a pending snapshot, which `cargo xtask review` shows; its path.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn write_pending(folder: &Path, form: &NormalForm, evidence: &Evidence<'_>) -> io::Result<PathBuf> {
    let Evidence { contract, route, drifts, request_id, day } = evidence;
    let path = pending_path(folder, &contract.id);
    let description = format!("{SINCE}{day}: {} ({})\n{}", contract.title, contract.location(), drifts.join("\n"));
    let mut info = vec![("contract", contract.id.as_str()), ("request", route)];
    info.extend(request_id.map(|id| ("request_id", id)));
    file::write_below(folder, &path, &pending_text(&contract.source.page, &description, &info, form))?;
    Ok(path)
}

/// Takes a pending snapshot away that is no longer true.
///
/// # Errors
///
/// When the file is there and cannot be removed.
pub(crate) fn remove_pending(folder: &Path, id: &str) -> io::Result<()> {
    match std::fs::remove_file(pending_path(folder, id)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::snapshot::live_folder;
    use graph_contracts::store::read_contract_of;

    fn contract_and_form() -> (Contract, NormalForm) {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let contract =
            read_contract_of(&project.join("contracts"), "v1.0/create-userstatussummary").expect("a contract");
        let form =
            graph_contracts::snapshot::read_snapshot(&project.join("snapshots"), &contract.id).expect("readable");
        (contract, form.expect("a snapshot"))
    }

    #[test]
    fn a_pending_snapshot_is_one_that_insta_reads_and_can_accept() {
        let (contract, form) = contract_and_form();
        let folder = tempfile::tempdir().expect("a folder");
        let folder = live_folder(folder.path(), "tenant");
        assert_eq!(accepted(&folder, &contract.id).expect("readable"), None);
        let evidence = Evidence {
            contract: &contract,
            route: "POST /a",
            drifts: vec!["member missing at $['a\u{9b}']  page.md:3".to_owned()],
            request_id: Some("r-1"),
            day: jiff::civil::date(2026, 11, 23),
        };
        let path = write_pending(&folder, &form, &evidence).expect("written");
        let text = std::fs::read_to_string(&path).expect("readable");
        assert!(text.contains("request_id: \"r-1\"") && !text.contains('\u{9b}'), "{text}");
        // What `cargo insta accept` does.
        std::fs::rename(&path, snapshot_path(&folder, &contract.id)).expect("renamed");
        let known = accepted(&folder, &contract.id).expect("readable").expect("accepted");
        assert_eq!(known.since, Some(evidence.day));
        assert_eq!(verdict(Some(&form), Some(&known)), Verdict::KnownDrift);
        assert_eq!(verdict(None, Some(&known)), Verdict::Healed);
        let other = NormalForm { status: 500, ..form.clone() };
        assert_eq!(verdict(Some(&other), Some(&known)), Verdict::Drifted);
        assert_eq!(verdict(Some(&form), None), Verdict::Drifted);
        assert_eq!(verdict(None, None), Verdict::Matched);
        write_pending(&folder, &form, &evidence).expect("written");
        remove_pending(&folder, &contract.id).expect("removed");
        remove_pending(&folder, &contract.id).expect("removed twice");
        assert!(!path.exists());
    }
}
