//! A pending snapshot with all that a reviewer looks at.

use std::path::{Component, Path, PathBuf};

use super::changes::{Of, changes, new_contract};
use super::pending::{NothingPending, Pending, ReviewError};
use crate::Change;
use graph_contracts::contract::{Contract, fill};
use graph_contracts::normal::{Level, NormalForm, NormalizationPlan};
use graph_contracts::report::Evidence;
use graph_contracts::snapshot::{Origin, names_snapshot};
use graph_contracts::store::{Filter, Store};
use serde::Serialize;

/// What became of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It is accepted.
    Accepted,
    /// It is rejected.
    Rejected,
    /// It is still pending.
    Pending,
}

/// A pending snapshot, what changed in it and what that means.
#[derive(Clone, Debug)]
pub struct Entry<'c> {
    /// The file.
    pub pending: Pending,
    /// The contract; `None` if it is missing of that id.
    pub contract: Option<&'c Contract>,
    /// The request of a live run: method and URL template.
    pub request: Option<String>,
    /// The service's id of that request.
    pub request_id: Option<String>,
    /// What changed; what breaks comes first.
    pub changes: Vec<Change>,
    /// Both forms as text.
    pub evidence: Option<Evidence>,
    /// Why it cannot be accepted.
    pub problem: Option<String>,
    /// A note about it.
    pub note: Option<String>,
    /// What became of it.
    pub decision: Decision,
    /// Why it could not be done what was decided.
    pub error: Option<String>,
}

/// The pending snapshots of the snapshots folder that were asked for: by the whole id of their contract, a part of it, their file's path or
/// the end of it, or the profile of their live run; all, if there are no filters.
///
/// # Errors
///
/// When a file cannot be read, or when no pending snapshot is what was asked for.
pub fn entries<'c>(snapshots: &Path, store: &'c Store, filters: &[String]) -> Result<Vec<Entry<'c>>, ReviewError> {
    let mut found = Pending::find(snapshots)?;
    let ids: Vec<String> = found.iter().map(|pending| pending.id.clone()).collect();
    let selection = Selection::new(filters, store, &ids);
    let all: Vec<PathBuf> = found.iter().map(|pending| pending.file.clone()).collect();
    found.retain(|pending| selection.has(&pending.id, &pending.file, &pending.origin));
    if found.is_empty() && !filters.is_empty() {
        return Err(ReviewError::NothingSelected(NothingPending { filters: filters.to_vec(), pending: all }));
    }
    Ok(found.into_iter().map(|pending| Entry::of(pending, store)).collect())
}

/// The snapshots that were asked for: by their contract's id, their file, or the profile of their live run.
pub(super) struct Selection<'f> {
    filters: &'f [String],
    by_id: Filter<'f>,
}

impl<'f> Selection<'f> {
    /// `ids` are those of the snapshots: there may be no contract of one.
    pub(super) fn new(filters: &'f [String], store: &Store, ids: &[String]) -> Selection<'f> {
        let of_contracts = store.contracts.iter().map(|contract| contract.id.as_str());
        Selection { filters, by_id: Filter::new(filters, of_contracts.chain(ids.iter().map(String::as_str))) }
    }

    pub(super) fn has(&self, id: &str, file: &Path, origin: &Origin) -> bool {
        let is_profile = |filter: &String| matches!(origin, Origin::Live { profile } if profile == filter);
        let is_file = |filter: &String| names_snapshot(filter) && names_file(filter, file);
        self.by_id.selects(id) || self.filters.iter().any(|filter| is_profile(filter) || is_file(filter))
    }
}

/// Whether a text is the path of a snapshot's file, or the end of it: absolute or relative, pending or accepted, as insta prints it.
fn names_file(text: &str, file: &Path) -> bool {
    let accepted = |path: &Path| match path.extension() {
        Some(extension) if extension == "new" => path.with_extension(""),
        _ => path.to_owned(),
    };
    let (named, file) = (accepted(Path::new(text)), accepted(file));
    // The accepted file of a new contract is not there yet; its folder is.
    let real = |path: &Path| Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    let without_dots: PathBuf = named.components().filter(|part| !matches!(part, Component::CurDir)).collect();
    file.ends_with(&without_dots) || real(&named).is_some_and(|named| real(&file) == Some(named))
}

/// The form that a live run compares responses with.
pub(super) fn documented(contract: &Contract, store: &Store) -> Result<NormalForm, String> {
    let filled = fill(contract)?;
    let normalization =
        NormalizationPlan::new(&filled, &store.rules, Level::Shape).map_err(|error| error.to_string())?;
    Ok(normalization.documented().clone())
}

impl<'c> Entry<'c> {
    fn of(pending: Pending, store: &'c Store) -> Entry<'c> {
        let mut entry = Entry {
            contract: store.contract(&pending.id),
            pending,
            request: None,
            request_id: None,
            changes: Vec::new(),
            evidence: None,
            problem: None,
            note: None,
            decision: Decision::Pending,
            error: None,
        };
        entry.problem = entry.compare(store).err();
        entry
    }

    /// Compares the pending form with the reviewed one, or else, if a live service answered so, with the documented one; `Err` says why it
    /// cannot be accepted.
    fn compare(&mut self, store: &Store) -> Result<(), String> {
        let (file, new) = self.pending.new_form()?;
        (self.request, self.request_id) = (file.request, file.request_id);
        let contract = self.contract.ok_or("there is no contract of that id")?;
        let of = if self.pending.origin == Origin::Stub { Of::Stub } else { Of::Live };
        let target = self.pending.target.display().to_string();
        let reviewed = self.pending.old_form().map(|old| match old {
            Ok(old) => Ok((format!("reviewed in {target}"), old)),
            Err(why) => Err(format!("{target} cannot be read: {why}")),
        });
        let documented = || match documented(contract, store) {
            Ok(form) => Ok(("documented".to_owned(), form)),
            Err(why) => Err(format!("there is no documented form: {why}")),
        };
        let documented = (of == Of::Live).then_some(documented);
        for before in reviewed.into_iter().chain(documented.into_iter().map(|documented| documented())) {
            match before {
                Ok((reference, old)) => {
                    self.changes = changes(contract, of, &old, &new);
                    self.evidence = Some(Evidence::new(reference, &old, &new));
                    return Ok(());
                }
                Err(why) => self.note = Some(why),
            }
        }
        self.changes = vec![new_contract(contract)];
        Ok(())
    }

    /// Whether something changed that a caller may fail on.
    pub(crate) fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::normal::VolatileRules;

    #[test]
    fn a_filter_is_a_part_of_an_id_a_file_or_a_profile() {
        let store = Store::new(Vec::new(), VolatileRules::parse("v.toml", "").expect("no rules"));
        let has = |id: &str, file: &Path, filters: &[String]| {
            let origin = Origin::Live { profile: "mine".to_owned() };
            Selection::new(filters, &store, &[id.to_owned(), "v1.0/user".to_owned()]).has(id, file, &origin)
        };
        let check = |filter: &str, expected: bool| {
            let file = Path::new("snapshots/live/mine/v1.0/user-get.snap.new");
            assert_eq!(has("v1.0/user-get", file, &[filter.to_owned()]), expected, "{filter}");
        };
        check("user", true);
        check("v1.0/user-get", true);
        check("v1.0/user", false);
        check("live/mine/v1.0/user-get.snap.new", true);
        check("live/mine/v1.0/user-get.snap", true);
        check("./snapshots/live/mine/v1.0/user-get.snap.new", true);
        check("snapshots//live/mine/v1.0/./user-get.snap", true);
        check("user-get.snap", true);
        check("get.snap", false);
        check("yours/v1.0/user-get.snap", false);
        check("mine", true);
        check("min", false);
        check("new", false);
        assert!(has("v1.0/user-get", Path::new("x"), &[]));
    }
}
