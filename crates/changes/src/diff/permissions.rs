//! What permissions two contracts document.

use super::found::Found;
use super::two::Two;
use crate::{Kind, NOTHING};
use graph_contracts::contract::{Contract, Grant, Permissions, Stated};
use graph_contracts::source::SourceLine;

/// The changes of permissions, for each kind of account.
pub(super) fn changes(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let (before, after) = (&old.permissions, &new.permissions);
    let mut add = |kind, account: &str, detail: &str, before: &str, after: &str| {
        let at = format!("permissions for {account}");
        found.push(Found {
            // A page states its permissions once for all its examples.
            key: format!("{} {account} {detail}", new.source.page),
            subject: if detail.is_empty() { account.to_owned() } else { format!("{detail} for {account}") },
            ..two.found(kind, &at, (before, after), (place(old), place(new)))
        });
    };
    let prose = |own: &Permissions| Grant::OneOf(own.prose.clone());
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
                for permission in before.iter().filter(|own| !contains(after, own)) {
                    add(Kind::PermissionRemoved, account, permission, permission, &shown(after));
                }
                for permission in after.iter().filter(|own| !contains(before, own)) {
                    add(Kind::PermissionAdded, account, permission, &shown(before), permission);
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

/// Names of permissions differ by more than their case.
fn contains(permissions: &[String], permission: &str) -> bool {
    permissions.iter().any(|own| own.eq_ignore_ascii_case(permission))
}

fn shown(permissions: &[String]) -> String {
    if permissions.is_empty() { NOTHING.to_owned() } else { permissions.join(" or ") }
}

fn how(stated: Stated) -> &'static str {
    match stated {
        Stated::Table => "a table",
        Stated::Prose => "a sentence",
        Stated::Placeholder => "a table with placeholders",
        Stated::Nowhere => "nothing",
    }
}

fn place(contract: &Contract) -> SourceLine {
    let line = contract.permissions.line.unwrap_or(contract.source.request.line);
    contract.source_line(line)
}
