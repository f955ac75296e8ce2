//! Every contract in `contracts/` as a test of its own: replayed against the stub on all its routes, and compared with what
//! it documents and with its reviewed snapshot in `snapshots/`. A new contract file needs no code here.

#![expect(clippy::print_stdout, reason = "the harness shows it beside a failure")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstream::adapter::strip_str;
use graph_contracts::normal::{Guide, Level, normalise};
use graph_contracts::replay::{Client, Outcome, RouteOutcome, judge};
use graph_contracts::report::Terminal;
use graph_contracts::snapshot;
use graph_contracts::store::{Store, read_contract, read_rules};
use graph_contracts::stub::Stub;
use rstest::rstest;

/// What to do about a difference from the reviewed snapshot.
const NEXT: &str = "
If the contract is right as it is now, accept it; `cargo test` (not in CI) leaves it pending for
  cargo xtask review
If not, mend the contract, or import its page again with `cargo xtask import PATH --overwrite`.
";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[rstest]
#[tokio::test]
async fn replay(
    // The schema lies in the folder itself.
    #[files("contracts/*/**/*.json")] file: PathBuf,
) -> Result<(), Box<dyn std::error::Error>> {
    let store = Arc::new(Store { contracts: vec![read_contract(&file)?], rules: read_rules(&folder("contracts"))? });
    let contract = &store.contracts[0];
    let guide = Guide::new(contract, &store.rules, Level::Exact)?;
    let stub = Stub::serve(Arc::clone(&store)).await?;
    let client = Client::new(&stub.uri())?;
    let reviewed = snapshot::read_snapshot(&folder("snapshots"), &contract.id)?;
    let mut form = guide.documented().clone();
    let mut is_said = false;
    for route in &contract.routes {
        let exchange = client.send(contract, &route.path).await?;
        form = normalise(&exchange.response, &guide);
        let outcome = judge(&guide, &route.path, &exchange.response, None);
        if outcome.outcome != Outcome::Matched {
            let mut report = Vec::new();
            Terminal::new(&mut report, 100).route(&outcome)?;
            panic!("the response is not as documented\n{}", strip_str(&String::from_utf8_lossy(&report)));
        }
        // insta shows the lines below; where they are documented, and what to do, it cannot know.
        let beside = judge(&guide, &route.path, &exchange.response, Some(reviewed.as_ref()));
        if beside.outcome != Outcome::Matched && !is_said {
            is_said = true;
            let mut report = Vec::new();
            Terminal::new(&mut report, 100).route(&RouteOutcome { evidence: None, ..beside })?;
            println!("{}{NEXT}", strip_str(&String::from_utf8_lossy(&report)));
        }
    }
    // insta shows the difference, and writes the new snapshot for `cargo xtask review`.
    snapshot::settings(&folder("snapshots"), contract)
        .bind(|| insta::assert_snapshot!(snapshot::snapshot_name(contract), form.to_string()));
    Ok(())
}

#[test]
fn every_snapshot_belongs_to_a_contract() -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::read(&folder("contracts"))?;
    let unreferenced = snapshot::unreferenced(&folder("snapshots"), &store.contracts)?;
    assert!(
        unreferenced.is_empty(),
        "snapshots without a contract: {unreferenced:?}\nimport the page again, or delete the file"
    );
    Ok(())
}

#[test]
fn every_contract_has_a_snapshot() -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::read(&folder("contracts"))?;
    let has_none = |id: &&str| !snapshot::snapshot_path(&folder("snapshots"), id).exists();
    let missing: Vec<&str> = store.contracts.iter().map(|contract| contract.id.as_str()).filter(has_none).collect();
    assert!(
        missing.is_empty(),
        "contracts without a reviewed snapshot: {missing:?}\n`cargo test` makes them, and `cargo xtask review` shows them"
    );
    Ok(())
}

/// Accepted drift is reviewed by `cargo xtask review` and used by live runs. insta takes a snapshot that no test asserts for one
/// that may be deleted; this asserts each with itself.
#[test]
fn accepted_drift_is_in_use() -> Result<(), Box<dyn std::error::Error>> {
    for file in snapshot::accepted_drift(&folder("snapshots"))? {
        let text = insta::Snapshot::from_file(&file)?.as_text().map(ToString::to_string).unwrap_or_default();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(file.parent().ok_or("a folder")?);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = file.file_stem().ok_or("a name")?.to_string_lossy().into_owned();
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
    Ok(())
}
