//! A pending snapshot with all that a reviewer looks at.

use std::path::Path;

use super::change::{Change, Of, changes, new_contract};
use super::pending::{Forms, Origin, Pending, ReviewError};
use crate::contract::{Contract, Store};
use crate::live::fill;
use crate::normal::{Guide, Level, NormalForm};
use crate::replay::Evidence;

/// A pending snapshot, what changed in it and what that means.
#[derive(Clone, Debug)]
pub struct Entry<'c> {
    /// The file.
    pub pending: Pending,
    /// The contract; `None` if there is none of that id.
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
    /// What else is to be known of it.
    pub note: Option<String>,
}

/// The pending snapshots of the snapshots folder whose contract's id, or whose file, contains one of these texts; all, if there
/// are none. `contracts` is where the contracts are from.
///
/// # Errors
///
/// When a file cannot be read, or when neither a pending snapshot nor a contract has such a name.
pub fn entries<'c>(
    snapshots: &Path,
    store: &'c Store,
    filters: &[String],
    contracts: &Path,
) -> Result<Vec<Entry<'c>>, ReviewError> {
    let mut found = Pending::find(snapshots)?;
    found.retain(|pending| is_selected(&pending.id, &pending.file, filters));
    if found.is_empty() && !filters.is_empty() {
        let is_file = |filter: &String| filter.contains(".snap");
        if !filters.iter().any(is_file) {
            store.select(filters, contracts)?;
        }
    }
    Ok(found.into_iter().map(|pending| Entry::of(pending, store)).collect())
}

/// Whether a snapshot is one that was asked for.
pub(super) fn is_selected(id: &str, file: &Path, filters: &[String]) -> bool {
    let file = file.to_string_lossy();
    filters.is_empty() || filters.iter().any(|filter| id.contains(filter.as_str()) || file.ends_with(filter.as_str()))
}

/// The form that a live run holds responses against.
pub(super) fn documented(contract: &Contract, store: &Store) -> Result<NormalForm, String> {
    let filled = fill(contract)?;
    let guide = Guide::new(&filled, &store.rules, Level::Shape).map_err(|error| error.to_string())?;
    Ok(guide.documented().clone())
}

impl<'c> Entry<'c> {
    fn of(pending: Pending, store: &'c Store) -> Entry<'c> {
        let found = store.contracts.binary_search_by(|contract| contract.id.as_str().cmp(&pending.id));
        let contract = found.ok().map(|index| &store.contracts[index]);
        let Forms { new, old } = pending.forms();
        let mut entry = Entry {
            pending,
            contract,
            request: None,
            request_id: None,
            changes: Vec::new(),
            evidence: None,
            problem: None,
            note: None,
        };
        let (file, new) = match new {
            Ok(new) => new,
            Err(why) => {
                entry.problem = Some(why);
                return entry;
            }
        };
        (entry.request, entry.request_id) = (file.request, file.request_id);
        let Some(contract) = contract else {
            entry.problem = Some("there is no contract of that id".to_owned());
            return entry;
        };
        let reviewed = match old {
            Some(Ok(old)) => Some((format!("reviewed in {}", entry.pending.target.display()), old)),
            Some(Err(why)) => {
                entry.note = Some(format!("{} cannot be read: {why}", entry.pending.target.display()));
                None
            }
            None => None,
        };
        let of = if entry.pending.origin == Origin::Stub { Of::Stub } else { Of::Live };
        let before = match (of, reviewed) {
            (_, Some(reviewed)) => Some(reviewed),
            (Of::Live, None) => match documented(contract, store) {
                Ok(form) => Some(("documented".to_owned(), form)),
                Err(why) => {
                    entry.note = Some(format!("there is no documented form: {why}"));
                    None
                }
            },
            (Of::Stub, None) => None,
        };
        match before {
            Some((reference, old)) => {
                entry.changes = changes(contract, of, &old, &new);
                entry.evidence = Some(Evidence::new(reference, &old, &new));
            }
            None => entry.changes = vec![new_contract(contract)],
        }
        entry
    }

    /// Whether something changed that a caller may fail on.
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(|change| change.breaking)
    }
}
