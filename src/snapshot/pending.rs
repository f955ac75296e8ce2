//! The pending snapshot of a contract, as `cargo test` with insta leaves it, for projects without Rust.

use std::io;

use super::SnapshotFolders;
use super::declared_info::declared_json;
use super::insta_file::file_text;
use super::layout::pending_path;
use super::settings::description;
use crate::contract::Contract;
use crate::file;
use crate::normal::Declarations;

/// Whether new snapshots are left pending, as insta decides it (its documentation, "Updating snapshots"): `INSTA_UPDATE=no` says that
/// they are not, and so does CI, where nobody reviews them, unless the variable says something else.
pub fn leaves_pending() -> bool {
    let variable = |name: &str| std::env::var(name).ok();
    leaves(variable("INSTA_UPDATE").as_deref(), variable("CI").as_deref(), std::env::var_os("TF_BUILD").is_some())
}

fn leaves(update: Option<&str>, ci: Option<&str>, is_azure: bool) -> bool {
    let is_ci = match ci {
        Some("false" | "0" | "") => false,
        Some(_) => true,
        None => is_azure,
    };
    match update {
        None | Some("" | "auto") => !is_ci,
        Some(update) => update != "no",
    }
}

/// Leaves the snapshot of a contract pending, whose normal form is `form`.
///
/// # Errors
///
/// When the file cannot be written.
pub fn write_pending(folders: &SnapshotFolders, contract: &Contract, form: &str) -> io::Result<()> {
    let info = declared_json(&Declarations::of(contract));
    let text = file_text(&contract.source.page, &description(contract), &info.to_string(), &form);
    file::write_below(&folders.pending, &pending_path(&folders.pending, &contract.id), &text)
}

/// Takes the pending snapshot of a contract away, if there is one: it is not true any more.
///
/// # Errors
///
/// When the file cannot be removed.
pub fn remove_pending(folders: &SnapshotFolders, id: &str) -> io::Result<()> {
    match std::fs::remove_file(pending_path(&folders.pending, id)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_pending_where_nobody_reviews_it() {
        let check = |update: Option<&str>, ci: Option<&str>, is_azure: bool, expected: bool| {
            assert_eq!(leaves(update, ci, is_azure), expected, "{update:?} {ci:?} {is_azure}");
        };
        check(None, None, false, true);
        check(None, Some("true"), false, false);
        check(None, Some("false"), true, true);
        check(None, None, true, false);
        check(Some("auto"), Some("1"), false, false);
        check(Some("new"), Some("true"), false, true);
        check(Some("no"), None, false, false);
    }
}
