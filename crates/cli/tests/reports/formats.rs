//! Each form of the same results.

use graph_contracts::{Code, Severity};
use graph_contracts_report::terminal::Terminal;
use graph_contracts_report::{Results, annotations, html, json, junit, sarif, summary};
use jsonschema::Validator;

use crate::fixed;

/// The schema of `--json`.
pub(crate) const RESULTS: &str = include_str!("../../../../docs/results.schema.json");
/// The schema of SARIF 2.1.0, as OASIS publishes it (see NOTICE).
pub(crate) const SARIF: &str = include_str!("sarif-schema-2.1.0.json");

/// The pages of the fixed results are in the folder `docs`, but for one.
fn location(page: &str) -> Option<String> {
    (!page.starts_with("004")).then(|| format!("docs/{page}"))
}

/// The lines of a report, without its style, script and compressed pages.
fn visible(results: &Results<'_>) -> String {
    let text = html::html(results, &html::Options { earlier: &[], rerun: &|id| format!("again {id}") });
    let mut shown = String::new();
    let mut hidden = false;
    for piece in text.split_inclusive('>') {
        let starts = piece.ends_with("<style>") || (piece.contains("<script") && !piece.contains("id=\"rows\""));
        hidden |= starts;
        let ends = piece.ends_with("</style>") || piece.ends_with("</script>");
        // The hashes of style and script change with them.
        if !hidden && !piece.contains("Content-Security-Policy") {
            shown.push_str(piece);
            shown.push('\n');
        }
        hidden &= !ends;
    }
    shown
}

/// Snapshots of all forms.
fn check(
    name: &str,
    results: &Results<'_>,
    document: &serde_json::Value,
    print: impl FnOnce(&mut Terminal<&mut Vec<u8>>) -> std::io::Result<()>,
) {
    let sarif = sarif::sarif(results, location);
    is_valid(SARIF, &sarif);
    is_valid(RESULTS, document);
    let sarif = serde_json::to_string_pretty(&sarif).expect("JSON");
    let (results_of_sarif, _rules) = sarif.split_at(sarif.find("\"tool\"").expect("a tool"));
    let mut terminal = Vec::new();
    print(&mut Terminal::new(&mut terminal, 100)).expect("written");
    let terminal = String::from_utf8(terminal).expect("UTF-8").replace('\u{1b}', "");
    for (form, text) in [
        ("terminal", terminal),
        ("html", visible(results)),
        ("junit", junit::junit(results).expect("XML")),
        ("summary", summary::summary(results)),
        ("annotations", annotations::annotations(results, location).join("\n")),
        ("sarif", results_of_sarif.to_owned()),
        ("results", serde_json::to_string_pretty(document).expect("JSON")),
    ] {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}-{form}"), text);
        });
    }
}

/// Checks a document against a schema.
pub(crate) fn is_valid(schema: &str, document: &serde_json::Value) {
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    let validator: Validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn a_replay_has_the_same_outcomes_in_every_form() {
    let store = fixed::store();
    let run = fixed::replay(&store);
    let document = serde_json::to_value(json::replay(&run, fixed::at())).expect("JSON");
    check("replay", &Results::of_replay(&run, &store, fixed::at()), &document, |terminal| {
        run.contracts.iter().try_for_each(|contract| terminal.contract(contract))?;
        terminal.replay(&run)
    });
}

#[test]
fn a_live_run_has_the_same_outcomes_in_every_form() {
    let store = fixed::store();
    let run = fixed::live(&store);
    let document = serde_json::to_value(json::live(&run, fixed::at())).expect("JSON");
    check("live", &Results::of_live(&run, &store, fixed::at()), &document, |terminal| {
        run.steps.iter().try_for_each(|step| terminal.live_step(step))?;
        terminal.live(&run)
    });
}

#[test]
fn the_linter_finds_the_same_in_every_form() {
    let lint = fixed::lint();
    let document = serde_json::to_value(json::lint(&lint, fixed::at())).expect("JSON");
    let is_denied = |code: Code| code.severity() == Severity::Error;
    check("lint", &Results::of_lint(&lint, fixed::at(), is_denied), &document, |terminal| {
        terminal.lint(&lint, "accepted.toml", |_| None)
    });
}

#[test]
fn a_proof_has_the_same_outcomes_in_every_form() {
    let store = fixed::store();
    let proof = fixed::proof(&store);
    let selected: Vec<usize> = (0..store.contracts.len()).collect();
    let document = serde_json::to_value(json::prove(&proof, fixed::at())).expect("JSON");
    check("prove", &Results::of_proof(&proof, &store, &selected, fixed::at()), &document, |terminal| {
        terminal.proof(&proof)
    });
}

#[test]
fn a_check_against_metadata_has_the_same_verdicts_in_every_form() {
    let store = fixed::store();
    let found = fixed::check(&store);
    let document = serde_json::to_value(json::check_metadata(&found, fixed::at())).expect("JSON");
    check("metadata", &Results::of_metadata(&found, &store, fixed::at()), &document, |terminal| {
        found.by_contract().try_for_each(|routes| terminal.contract_check(routes))?;
        terminal.check_metadata(&found, "accepted.toml")
    });
}

#[test]
fn what_is_hostile_is_text_in_html() {
    let store = fixed::store();
    let run = fixed::replay(&store);
    let results = Results::of_replay(&run, &store, fixed::at());
    let text = html::html(&results, &html::Options { earlier: &[], rerun: &|id| format!("again {id}") });
    // The list of contracts, the compressed pages, and the script.
    assert_eq!(text.matches("</script>").count(), 3);
    assert!(!text.contains("<img"));
}

#[test]
fn a_document_that_says_more_than_the_schema_is_not_valid() {
    let schema: serde_json::Value = serde_json::from_str(RESULTS).expect("JSON");
    let store = fixed::store();
    let run = fixed::replay(&store);
    let mut document = serde_json::to_value(json::replay(&run, fixed::at())).expect("JSON");
    document["surprise"] = true.into();
    assert!(!jsonschema::is_valid(&schema, &document));
}

#[test]
fn sarif_that_says_more_than_the_schema_is_not_valid() {
    let schema: serde_json::Value = serde_json::from_str(SARIF).expect("JSON");
    let store = fixed::store();
    let run = fixed::replay(&store);
    let mut document = sarif::sarif(&Results::of_replay(&run, &store, fixed::at()), location);
    document["runs"][0]["results"][0]["surprise"] = true.into();
    assert!(!jsonschema::is_valid(&schema, &document));
}
