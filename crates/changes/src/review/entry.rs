//! A pending snapshot with all that a reviewer looks at.

use std::path::{Component, Path, PathBuf};

use super::changes::{Of, changes, new_contract};
use super::given::{documented, given};
use super::healed::mark_healed;
use super::pending::{Action, Leftovers, Pending};
use super::renamed::{contracts_of, target};
use super::review_error::{NothingPending, ReviewError};
use crate::Change;
use graph_contracts::compare::{Context, Reference, compare};
use graph_contracts::contract::Contract;
use graph_contracts::normal::NormalForm;
use graph_contracts::report::Evidence;
use graph_contracts::snapshot::{
    InstaFile, OnRoute, Origin, RouteForms, SnapshotFolders, documented_digest, info, names_snapshot,
};
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
    /// What it changed from.
    pub reference: Reference,
    /// Both forms as text; of what nobody has accepted before, all of it, beside nothing.
    pub evidence: Option<Evidence>,
    /// What the contract gives is something else by now.
    pub is_stale: bool,
    /// Why it cannot be accepted.
    pub problem: Option<String>,
    /// A note about it.
    pub note: Option<String>,
    /// What became of it.
    pub decision: Decision,
    /// Why it could not be done what was decided.
    pub error: Option<String>,
}

/// The snapshots that wait for a decision and were asked for: by the whole id of their contract, a part of it, their file's path or
/// the end of it, or the profile of their live run; all, if there are no filters. Those of drift that is over, and those without a contract,
/// come last.
///
/// # Errors
///
/// When a folder cannot be read, or when no such snapshot is what was asked for.
pub fn entries<'c>(
    snapshots: &SnapshotFolders,
    store: &'c Store,
    filters: &[String],
) -> Result<Vec<Entry<'c>>, ReviewError> {
    let mut found = Pending::find(snapshots)?;
    let leftovers = Pending::leftovers(snapshots, &found, |id| store.contract(id).is_some())?;
    let has_other_contracts = leftovers.has_other_contracts;
    let leftovers = settled(leftovers, &mut found, snapshots, store);
    found.extend(leftovers);
    let ids: Vec<String> = found.iter().map(|pending| pending.id.clone()).collect();
    let selection = Selection::new(filters, store, &ids);
    let all: Vec<PathBuf> = found.iter().map(|pending| pending.file.clone()).collect();
    found.retain(|pending| selection.has(&pending.id, &pending.file, &pending.origin));
    if found.is_empty() && !filters.is_empty() {
        return Err(ReviewError::NothingSelected(NothingPending { filters: filters.to_vec(), pending: all }));
    }
    let mut entries: Vec<Entry<'c>> = found.into_iter().map(|pending| Entry::of(pending, store)).collect();
    let is_lost = |entry: &&mut Entry<'_>| entry.pending.action == Action::Remove && entry.contract.is_none();
    for entry in entries.iter_mut().filter(is_lost).filter(|_| has_other_contracts) {
        let why = "not one snapshot of this folder belongs to these contracts, so it may be that of others; name the folders with --contracts and \
                   --snapshots, or delete the file yourself";
        entry.problem = Some(why.to_owned());
    }
    Ok(entries)
}

/// The accepted snapshots that are moved or removed. What is pending for a renamed contract takes the place of the snapshot under its
/// earlier name, and that needs no decision of its own.
fn settled(leftovers: Leftovers, found: &mut [Pending], snapshots: &SnapshotFolders, store: &Store) -> Vec<Pending> {
    let Leftovers { without_contract, mut healed, .. } = leftovers;
    let contracts = contracts_of(&without_contract, snapshots, store);
    for (earlier, contract) in without_contract.into_iter().zip(contracts) {
        let Some(contract) = contract else {
            healed.push(earlier);
            continue;
        };
        let target = target(contract, &earlier.origin, snapshots);
        match found.iter_mut().find(|pending| pending.target == target) {
            Some(pending) => pending.renamed(earlier),
            None => healed.push(earlier.moved(target)),
        }
    }
    healed
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

/// Whether a contract gives the form; `Err` says that it does not.
fn no_longer_given(contract: &Contract, pending: &RouteForms, store: &Store) -> Result<(), String> {
    let now = given(contract, store)?;
    let RouteForms::Same(pending) = pending else {
        return Err("it has forms by route, as only live runs write them".to_owned());
    };
    let found = compare(pending, &now, Reference::Snapshot, &mut Context::new(contract)).mismatches;
    match found.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "it is stale: the contract gives another form by now, such as {} at {} instead of {}; run `cargo test` again",
            first.actual, first.at, first.expected
        )),
    }
}

/// What changed on any route; where routes differ, each change says on which. `documented` is the form of a route of which nothing was
/// accepted. What was accepted before may be over.
fn changes_by_route(
    contract: &Contract,
    of: Of,
    (old, documented): (&RouteForms, Option<&RouteForms>),
    new: &RouteForms,
) -> Vec<Change> {
    let changes = |old: &NormalForm, new: &NormalForm| {
        let mut found = changes(contract, of, old, new);
        if let Some(RouteForms::Same(documented)) = documented
            && old != documented
        {
            mark_healed(contract, (documented, new), &mut found);
            // A run compares with what is documented.
            found.iter_mut().for_each(|own| own.mismatch = None);
            found.sort_by_key(|own| !own.is_breaking());
        }
        found
    };
    if let (RouteForms::Same(old), RouteForms::Same(new)) = (old, new) {
        return changes(old, new);
    }
    let form = |forms: &RouteForms, route: &str| match (forms.on(route), documented) {
        (OnRoute::Form(form), _) => Some(form.clone()),
        (OnRoute::AsDocumented | OnRoute::Unknown, Some(RouteForms::Same(form))) => Some(form.clone()),
        _ => None,
    };
    let mut found = Vec::new();
    for route in &contract.routes {
        let (Some(before), Some(after)) = (form(old, &route.path), form(new, &route.path)) else { continue };
        for mut change in changes(&before, &after) {
            change.subject = format!("{} on {}", change.subject, route.path);
            for place in &mut change.places {
                place.at = format!("{} on {}", place.at, route.path);
            }
            found.push(change);
        }
    }
    found.sort_by_key(|change| !change.is_breaking());
    found
}

impl<'c> Entry<'c> {
    fn of(pending: Pending, store: &'c Store) -> Entry<'c> {
        let mut entry = Entry {
            contract: store.contract(&pending.id),
            pending,
            request: None,
            request_id: None,
            changes: Vec::new(),
            reference: Reference::Snapshot,
            evidence: None,
            is_stale: false,
            problem: None,
            note: None,
            decision: Decision::Pending,
            error: None,
        };
        entry.error = entry.pending.unreadable();
        entry.problem = match entry.pending.action {
            Action::Replace | Action::Heal => entry.compare(store).err(),
            // What is removed need not be a snapshot.
            Action::Move | Action::Remove => {
                entry.note = Some(entry.leaves().to_owned());
                None
            }
        };
        entry
    }

    /// Why an accepted file is moved or removed.
    fn leaves(&self) -> &'static str {
        match (self.pending.action, self.contract) {
            (Action::Move, _) => {
                "there is no contract of that id any more; another one documents the same: accepting moves the file along"
            }
            (_, None) => {
                "there is no contract of that id any more, nor another one that documents the same: accepting removes the file"
            }
            (_, Some(_)) => "the service answers as documented again: accepting removes the file",
        }
    }

    /// Compares the pending form with the reviewed one, or else, if a live service answered so, with the documented one; `Err` says why it
    /// cannot be accepted.
    fn compare(&mut self, store: &Store) -> Result<(), String> {
        let (file, new) = self.pending.new_form()?;
        let said = |name: &str| file.info(name).map(str::to_owned);
        (self.request, self.request_id) = (said(info::REQUEST), said(info::REQUEST_ID));
        let contract = self.contract.ok_or("there is no contract of that id")?;
        let of = if self.pending.origin == Origin::Stub { Of::Stub } else { Of::Live };
        self.show(contract, of, &new, store);
        let stale = match of {
            Of::Stub => no_longer_given(contract, &new, store),
            Of::Live => self.no_longer_documented(contract, &file, store),
        };
        self.is_stale = stale.is_err();
        stale
    }

    /// What changed, and both forms.
    fn show(&mut self, contract: &Contract, of: Of, new: &RouteForms, store: &Store) {
        let reviewed = self.pending.old_form().map(|(path, old)| match old {
            Ok(old) => Ok((Reference::Snapshot, format!("reviewed in {}", path.display()), old)),
            Err(why) => Err(format!("{} cannot be read: {why}", path.display())),
        });
        if let Some(earlier) = self.pending.earlier.as_ref().filter(|_| reviewed.is_some()) {
            self.note =
                Some(format!("renamed: takes the place of {}, which goes when this is accepted", earlier.display()));
        }
        let documented = || match documented(contract, store) {
            Ok(form) => Ok((Reference::Documentation, "documented".to_owned(), RouteForms::Same(form))),
            Err(why) => Err(format!("there is no documented form: {why}")),
        };
        let documented = (of == Of::Live).then_some(documented);
        for before in reviewed.into_iter().chain(documented.into_iter().map(|documented| documented())) {
            match before {
                Ok((from, reference, old)) => {
                    let as_documented = documented.as_ref().and_then(|documented| Some(documented().ok()?.2));
                    self.reference = from;
                    self.changes = changes_by_route(contract, of, (&old, as_documented.as_ref()), new);
                    self.evidence = Some(match (&old, new) {
                        (RouteForms::Same(old), RouteForms::Same(new)) => Evidence::new(reference, old, new),
                        _ => Evidence::of_texts(reference, &old.to_string(), &new.to_string()),
                    });
                    return;
                }
                Err(why) => self.note = Some(why),
            }
        }
        self.changes = vec![new_contract(contract)];
        let forms = new.forms();
        let form = forms.first().map(|(_, form)| *form);
        self.evidence = form.map(|form| Evidence {
            expected: String::new(),
            ..Evidence::new("nothing: this is all of the new snapshot".to_owned(), form, form)
        });
    }

    /// Whether a contract documents what a live response was compared with; `Err` says why it does not.
    fn no_longer_documented(&mut self, contract: &Contract, file: &InstaFile, store: &Store) -> Result<(), String> {
        let now = documented_digest(contract, &store.rules)?;
        match file.info(info::DOCUMENTED) {
            Some(before) if before == now => Ok(()),
            Some(_) => {
                Err("it is stale: the contract has changed since the live run; run `verify-live` again".to_owned())
            }
            None => {
                let note = "it does not say which state of the contract it was compared with, so it may be stale";
                self.note.get_or_insert_with(|| note.to_owned());
                Ok(())
            }
        }
    }

    /// Whether the file is a pending one, which can be rejected.
    pub fn is_pending_file(&self) -> bool {
        matches!(self.pending.action, Action::Replace | Action::Heal)
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
