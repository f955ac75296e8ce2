//! Each form of the same results.

use graph_contracts::diagnostic::{Diagnostic, Severity};
use graph_contracts::report::{CaseLine, Report, Terminal};
use graph_contracts_changes::Effect;
use graph_contracts_report::{Results, annotations, document, html, junit, sarif, snippets, summary};
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
fn visible(report: &Report<'_>) -> String {
    let text =
        html::html(report, &html::Options { earlier: &[], comparison: None, rerun: &|id| format!("again {id}") });
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

/// Snapshots of all forms. Before the report, a terminal has a line for each case as soon as it is known.
fn check<'l>(name: &str, report: &Report<'_>, lines: impl Iterator<Item = CaseLine<'l>>) {
    let sarif = sarif(report, location);
    is_valid(SARIF, &sarif);
    let results = document(report, None);
    is_valid(RESULTS, &results);
    // What was read again shows the same.
    let again = Results::read(&results.to_string()).expect("results");
    assert_eq!(document(&again.report(report.store), None), results);
    let sarif = serde_json::to_string_pretty(&sarif).expect("JSON");
    let (results_of_sarif, _rules) = sarif.split_at(sarif.find("\"tool\"").expect("a tool"));
    let mut out = Vec::new();
    let mut terminal = Terminal::new(&mut out, 100);
    lines.for_each(|line| terminal.case(&line).expect("written"));
    if name == "lint" {
        let snippets = snippets(report, 100, usize::MAX, |_| None).flat_map(|of_code| of_code.snippets);
        snippets.for_each(|snippet| terminal.text(&snippet).expect("written"));
    }
    terminal.report(report).expect("written");
    let terminal = String::from_utf8(out).expect("UTF-8").replace('\u{1b}', "");
    for (form, text) in [
        ("terminal", terminal),
        ("html", visible(report)),
        ("junit", junit(report).expect("XML")),
        ("summary", summary(report, None)),
        ("annotations", annotations(report, location).join("\n")),
        ("sarif", results_of_sarif.to_owned()),
        ("results", serde_json::to_string_pretty(&results).expect("JSON")),
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
    check("replay", &run.report(&store, fixed::at()), run.contracts.iter().map(|contract| contract.line()));
}

#[test]
fn a_live_run_has_the_same_outcomes_in_every_form() {
    let store = fixed::store();
    let run = fixed::live(&store);
    check("live", &run.report(&store, fixed::at()), run.steps.iter().filter_map(|step| step.line()));
}

#[test]
fn the_linter_finds_the_same_in_every_form() {
    let lint = fixed::lint();
    let is_denied = |own: &Diagnostic| own.code.severity() == Severity::Error;
    check("lint", &lint.report(fixed::at(), is_denied, "accepted.toml"), [].into_iter());
}

#[test]
fn a_proof_has_the_same_outcomes_in_every_form() {
    let store = fixed::store();
    let proof = fixed::proof(&store);
    let selected: Vec<usize> = (0..store.contracts.len()).collect();
    check("prove", &proof.report(&store, &selected, fixed::at()), [].into_iter());
}

#[test]
fn a_check_against_metadata_has_the_same_verdicts_in_every_form() {
    let store = fixed::store();
    let found = fixed::check(&store);
    check("metadata", &found.report(&store, fixed::at(), "accepted.toml"), found.lines());
}

#[test]
fn a_comparison_of_two_sets_has_the_same_changes_in_every_form() {
    let found = fixed::changes();
    let report = found.report(("before", "after"), fixed::at(), &[Effect::Breaking], None);
    check("changes", &report, [].into_iter());
}

#[test]
fn what_nobody_denies_is_no_failure_in_any_form() {
    let found = fixed::changes();
    let report = found.report(("before", "after"), fixed::at(), &[], None);
    assert_eq!(report.exit_code, 0);
    let (junit, summary) = (junit(&report).expect("XML"), summary(&report, None));
    assert!(junit.contains("failures=\"0\""), "{junit}");
    assert!(!summary.contains('✅') && !summary.contains('❌'), "what breaks a caller is not well: {summary}");
    let annotations = annotations(&report, location);
    assert!(annotations.iter().all(|own| !own.starts_with("::error ")), "{annotations:?}");
    assert!(annotations.iter().any(|own| own.starts_with("::warning ")), "{annotations:?}");
    let sarif = sarif(&report, location).to_string();
    assert!(!sarif.contains("\"level\":\"error\""), "{sarif}");
}

#[test]
fn the_calls_of_a_client_have_the_same_findings_in_every_form() {
    let store = fixed::store();
    let (found, question) = fixed::client();
    check("client", &graph_contracts_traffic::report(&found, &store, &question), [].into_iter());
}

#[test]
fn what_is_hostile_is_text_in_html() {
    let store = fixed::store();
    let run = fixed::replay(&store);
    let text = html::html(
        &run.report(&store, fixed::at()),
        &html::Options { earlier: &[], comparison: None, rerun: &|id| format!("again {id}") },
    );
    // The list of contracts, the compressed pages, and the script.
    assert_eq!(text.matches("</script>").count(), 3);
    assert!(!text.contains("<img"));
}

#[test]
fn a_document_that_says_more_than_the_schema_is_not_valid() {
    let schema: serde_json::Value = serde_json::from_str(RESULTS).expect("JSON");
    let store = fixed::store();
    let run = fixed::replay(&store);
    let mut document = run.report(&store, fixed::at()).document;
    document["surprise"] = true.into();
    assert!(!jsonschema::is_valid(&schema, &document));
}

#[test]
fn sarif_that_says_more_than_the_schema_is_not_valid() {
    let schema: serde_json::Value = serde_json::from_str(SARIF).expect("JSON");
    let store = fixed::store();
    let run = fixed::replay(&store);
    let mut document = sarif(&run.report(&store, fixed::at()), location);
    document["runs"][0]["results"][0]["surprise"] = true.into();
    assert!(!jsonschema::is_valid(&schema, &document));
}
