//! Files on disk: what an export made is replaced, and what somebody else made is kept.

use std::path::Path;

use graph_contracts_export::{Target, WriteError, write};
use tempfile::TempDir;

use crate::{all, own};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("readable")
}

#[test]
fn an_export_writes_what_has_changed_and_keeps_what_is_no_longer_in_it() {
    let (folder, store) = (folder(), own());
    let output = folder.path().join("out");
    let whole = all(Target::Hurl, &store);
    let written = write(&whole, &output, false).expect("written");
    assert_eq!((written.files.len(), written.unchanged, written.stale.len()), (5, 0, 0));
    let again = write(&whole, &output, false).expect("written");
    assert_eq!((again.files.len(), again.unchanged, again.stale.len()), (0, 5, 0));
    let part = graph_contracts_export::export(Target::Hurl, &store, &[0]).expect("exported");
    for _ in 0..2 {
        let written = write(&part, &output, false).expect("written");
        assert_eq!((written.files.len(), written.unchanged, written.stale.len()), (0, 1, 4));
    }
    assert_eq!(write(&whole, &output, false).expect("written").unchanged, 5);
}

#[test]
fn what_kept_files_do_not_say_stays_known() {
    let (folder, store) = (folder(), own());
    let account = folder.path().join("graph-contracts-export.json");
    let left_out = || {
        let account: serde_json::Value = serde_json::from_str(&read(&account)).expect("JSON");
        (account["left_out"].clone(), account["meanings"].clone())
    };
    let whole = all(Target::Hurl, &store);
    write(&whole, folder.path(), false).expect("written");
    let before = left_out();
    assert!(whole.left_out.len() > 1, "{:?}", whole.left_out);
    for index in 0..store.contracts.len() {
        let part = graph_contracts_export::export(Target::Hurl, &store, &[index]).expect("exported");
        write(&part, folder.path(), false).expect("written");
        assert_eq!(left_out(), before, "{index}");
    }
    // Another version of the program may have other limits.
    let other = whole.left_out.iter().find(|own| own.contract != store.contracts[0].id).expect("one").limit.name();
    let later = read(&account).replace(&format!("\"{other}\""), "\"later-limit\"");
    std::fs::write(&account, later).expect("written");
    let part = graph_contracts_export::export(Target::Hurl, &store, &[0]).expect("exported");
    write(&part, folder.path(), false).expect("written");
    let (entries, meanings) = left_out();
    assert!(entries.as_array().is_some_and(|all| all.iter().any(|own| own["limit"] == "later-limit")), "{entries:#}");
    assert!(meanings["later-limit"].is_string(), "{meanings:#}");
    // Of a file that is gone, nothing is left to say.
    for file in &whole.files {
        std::fs::remove_file(folder.path().join(&file.path)).expect("removed");
    }
    write(&part, folder.path(), false).expect("written");
    assert_eq!(left_out().0, serde_json::to_value(&part.left_out).expect("a value"));
}

#[test]
fn what_an_export_did_not_make_is_kept() {
    for output in ["openapi.json", "out"] {
        let (folder, export) = (folder(), all(Target::Openapi, &own()));
        let output = folder.path().join(output);
        let file = if output.extension().is_some() { output.clone() } else { output.join("openapi.json") };
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, "precious").expect("written");
        let refused = write(&export, &output, false);
        assert!(matches!(&refused, Err(WriteError::Foreign { path }) if *path == file), "{refused:?}");
        assert_eq!(read(&file), "precious");
        write(&export, &output, true).expect("overwritten");
        assert_eq!(read(&file), export.whole());
        // By the account beside it, the file is known as an export's own, until somebody changes it.
        write(&all(Target::Openapi, &own()), &output, false).expect("written");
        std::fs::write(&file, "changed").expect("written");
        assert!(write(&export, &output, false).is_err());
    }
}

#[test]
fn the_account_of_an_export_for_another_target_is_kept() {
    let folder = folder();
    write(&all(Target::Openapi, &own()), folder.path(), false).expect("written");
    let account = folder.path().join("graph-contracts-export.json");
    let before = read(&account);
    for overwrite in [false, true] {
        let refused = write(&all(Target::Hurl, &own()), folder.path(), overwrite).expect_err("refused");
        assert!(refused.to_string().contains("an export for openapi is here"), "{refused}");
    }
    assert_eq!(read(&account), before);
    assert!(!folder.path().join("v1.0").exists());
}

#[test]
fn an_account_that_is_none_is_kept() {
    let folder = folder();
    let account = folder.path().join("graph-contracts-export.json");
    std::fs::write(&account, "mine").expect("written");
    let refused = write(&all(Target::Hurl, &own()), folder.path(), true);
    assert!(matches!(&refused, Err(WriteError::Foreign { path }) if *path == account), "{refused:?}");
    assert_eq!(read(&account), "mine");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let (folder, elsewhere) = (folder(), folder());
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("v1.0")).expect("linked");
    let refused = write(&all(Target::Hurl, &own()), folder.path(), true).expect_err("refused");
    assert!(refused.to_string().contains("is a link to"), "{refused}");
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
}
