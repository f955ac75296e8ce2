//! A normal form is the same after it was written to a snapshot, cut at its end as insta does, and read again; and what editors and Git do to
//! the files.

use graph_contracts::compare::{Context, Reference, compare};
use graph_contracts::normal::{DEFAULT_RULES, Declarations, Level, NormalForm, NormalizationPlan, VolatileRules};
use graph_contracts::snapshot::read_snapshot;
use graph_contracts::store::Store;

use graph_contracts_testing::{TestResult, contracts_of_page, contracts_of_text, project};

/// A page whose response has that media type and body.
fn page(media_type: &str, body: &str) -> String {
    format!(
        "# Get\n```\nGET https://graph.microsoft.com/v1.0/a\n```\n```\nHTTP/1.1 200 OK\nContent-Type: {media_type}\n\n{body}\n```\n"
    )
}

#[test]
fn every_form_survives_its_snapshot() -> TestResult {
    let mut contracts = Store::read(&project("contracts"))?.contracts;
    for name in ["list-lockers.md", "open-locker.md", "get-label.md"] {
        contracts.extend(contracts_of_page(name));
    }
    for (media_type, body) in [
        ("application/json", r#"{"id": "abcdefghij", "deviceId": "abcdefghij", "x": "a abcdefghij b"}"#),
        ("application/json", r#"{"id": "abcdefghij", "x": "[string:1]", "y": "\\\\[guid] [string"}"#),
        ("application/json", r#"{"a": "\u001b[31m \u202e", "b": " "}"#),
        ("application/json", "893"),
        ("text/plain", "hello  "),
        ("text/plain", "hello\u{a0}"),
        ("text/plain", "a\n\nHTTP 200\n\n| b"),
        ("text/plain", "\u{1b}[31m\\u001b"),
        ("image/png", "bytes"),
    ] {
        contracts.extend(contracts_of_text("get.md", &page(media_type, body)));
    }
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES)?;
    for contract in &contracts {
        let form = NormalizationPlan::new(contract, &rules, Level::Exact)?.documented().clone();
        let read = NormalForm::parse(form.to_string().trim_end())?;
        let found = compare(&read, &form, Reference::Snapshot, &mut Context::new(contract));
        assert_eq!(found.mismatches, [], "{form}");
    }
    Ok(())
}

#[test]
fn a_snapshot_says_what_its_contract_declares() -> TestResult {
    for contract in Store::read(&project("contracts"))?.contracts {
        let snapshot = read_snapshot(&project("snapshots"), &contract.id)?.ok_or("a snapshot")?;
        let declared = snapshot.declared.0.ok_or("what is declared")?;
        let mut now = Declarations::of(&contract);
        assert_eq!(declared.changes(&now), []);
        now.types.values_mut().for_each(|own| own.others.clear());
        assert_eq!(*declared, now, "{}", contract.id);
    }
    Ok(())
}

/// A folder with one contract and its snapshot, as the files' texts are after `edit`.
fn folder(edit: impl Fn(&str) -> String) -> Result<(tempfile::TempDir, String), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let contract = contracts_of_text("get.md", &page("text/plain", "hello")).remove(0);
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES)?;
    let form = NormalizationPlan::new(&contract, &rules, Level::Exact)?.documented().clone();
    let snapshot = format!("---\nsource: tests/contracts.rs\ndescription: Get\n---\n{form}");
    let files = [("json", serde_json::to_string_pretty(&contract)?), ("snap", snapshot)];
    for (ending, text) in files {
        let path = folder.path().join(format!("{}.{ending}", contract.id));
        std::fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        std::fs::write(path, edit(&text))?;
    }
    Ok((folder, contract.id))
}

#[test]
fn a_byte_order_mark_is_passed_over() -> TestResult {
    let (plain, id) = folder(str::to_owned)?;
    let (marked, _) = folder(|text| format!("\u{feff}{text}"))?;
    let expected = read_snapshot(plain.path(), &id)?.ok_or("a snapshot")?;
    assert_eq!(read_snapshot(marked.path(), &id)?.ok_or("a snapshot")?.to_string(), expected.to_string());
    assert_eq!(Store::read(marked.path())?.contracts, Store::read(plain.path())?.contracts);
    Ok(())
}

#[test]
fn a_conflict_that_git_has_left_is_named_with_its_line() -> TestResult {
    let conflict = |text: &str| {
        let (first, rest) = text.split_once('\n').unwrap_or_default();
        format!("{first}\n<<<<<<< HEAD\n{rest}\n=======\n{rest}\n>>>>>>> other\n")
    };
    let (broken, id) = folder(conflict)?;
    let error = Store::read(broken.path()).expect_err("a conflict").to_string();
    assert!(error.contains(&format!("{id}.json:2:1: Git's marker of a conflict")), "{error}");
    let error = read_snapshot(broken.path(), &id).expect_err("a conflict").to_string();
    assert!(error.contains(&format!("{id}.snap:2: Git's marker of a conflict")), "{error}");
    Ok(())
}
