//! What permissions two contracts document.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::found::Found;
use super::operation::operations;
use super::two::Two;
use crate::{Kind, NOTHING};
use graph_contracts::contract::{Contract, Grant, Permissions, Stated};
use graph_contracts::source::SourceLine;

/// The changes of permissions, for each kind of account, and for each route that has its own.
pub(super) fn changes(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let first = (&*old.permissions, &*new.permissions);
    compare(two, first, "", found);
    let before: HashMap<_, _> = operations(old).collect();
    let mut compared = HashSet::from([first]);
    for (key, route) in operations(new) {
        let Some(other) = before.get(&key) else { continue };
        // Most routes have those of the example's URL.
        if other.permissions.is_none() && route.permissions.is_none() {
            continue;
        }
        let (was, is) = (other.permissions.as_ref(), route.permissions.as_ref());
        let own = (was.unwrap_or(first.0), is.unwrap_or(first.1));
        if compared.insert(own) {
            compare(two, own, &format!(" on {}", route.path), found);
        }
    }
}

/// The changes of permissions on some routes.
fn compare(two: Two<'_>, (before, after): (&Permissions, &Permissions), on: &str, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let places = (place(old, before), place(new, after));
    let mut add = |kind, account: &str, detail: &str, before: &str, after: &str| {
        let at = format!("permissions for {account}{on}");
        found.push(Found {
            // A page states its permissions once for all its examples, and an included file for all its pages.
            key: format!("{} {account} {detail}", places.1),
            subject: if detail.is_empty() { account.to_owned() } else { format!("{detail} for {account}") },
            ..two.found(kind, &at, (before, after), places.clone())
        });
    };
    let prose = |own: &Permissions| Grant::OneOf(own.prose.iter().map(|name| vec![name.clone()]).collect());
    let accounts = [
        ("a work or school account", before.delegated_work.clone(), after.delegated_work.clone()),
        ("a personal account", before.delegated_personal.clone(), after.delegated_personal.clone()),
        ("an application", before.application.clone(), after.application.clone()),
        ("any account", prose(before), prose(after)),
    ];
    if before.stated != after.stated {
        add(Kind::PermissionsRestated, "any account", "", how(before.stated), how(after.stated));
        return;
    }
    for (account, before, after) in &accounts {
        match (before, after) {
            (Grant::OneOf(before), Grant::OneOf(after)) => {
                let (sufficient_before, sufficient_after) = (Sufficient::of(before), Sufficient::of(after));
                for set in before.iter().filter(|set| !sufficient_after.holds_in(set)) {
                    let set = shown(std::slice::from_ref(set));
                    add(Kind::PermissionRemoved, account, &set, &set, &shown(after));
                }
                for set in after.iter().filter(|set| !sufficient_before.holds_in(set)) {
                    let set = shown(std::slice::from_ref(set));
                    add(Kind::PermissionAdded, account, &set, &shown(before), &set);
                }
            }
            (before, after) if before != after => {
                let kind = match (before, after) {
                    (Grant::OneOf(_), Grant::NotSupported) => Kind::AccountRemoved,
                    (Grant::NotSupported, Grant::OneOf(_)) => Kind::AccountAdded,
                    _ => Kind::PermissionsRestated,
                };
                add(kind, account, "", &before.to_string(), &after.to_string());
            }
            _ => {}
        }
    }
}

/// Sets of permissions of which one is enough, by the first name of each. Names differ by more than their case.
#[derive(Default)]
struct Sufficient {
    by_first: HashMap<String, Vec<BTreeSet<String>>>,
    /// Whether no permission at all is enough.
    nothing: bool,
}

impl Sufficient {
    fn of(sets: &[Vec<String>]) -> Sufficient {
        let mut sufficient = Sufficient::default();
        for set in sets {
            let names = lower_case(set);
            match names.first().cloned() {
                Some(first) => sufficient.by_first.entry(first).or_default().push(names),
                None => sufficient.nothing = true,
            }
        }
        sufficient
    }

    /// Whether these permissions, held together, are enough.
    fn holds_in(&self, held: &[String]) -> bool {
        let held = lower_case(held);
        let with = |name| self.by_first.get(name);
        self.nothing || held.iter().filter_map(with).flatten().any(|set| set.is_subset(&held))
    }
}

fn lower_case(names: &[String]) -> BTreeSet<String> {
    names.iter().map(|name| name.to_ascii_lowercase()).collect()
}

fn shown(sets: &[Vec<String>]) -> String {
    if sets.is_empty() { NOTHING.to_owned() } else { Grant::OneOf(sets.to_vec()).to_string() }
}

fn how(stated: Stated) -> &'static str {
    match stated {
        Stated::Table => "a table",
        Stated::Prose => "a sentence",
        Stated::Placeholder => "a table with placeholders",
        Stated::NotRead => "a file that cannot be read",
        Stated::Nowhere => "nothing",
    }
}

fn place(contract: &Contract, permissions: &Permissions) -> SourceLine {
    let line = permissions.line.unwrap_or(contract.source.request.line);
    match &permissions.file {
        Some(file) => SourceLine::new(file.as_str(), line),
        None => contract.source_line(line),
    }
}
