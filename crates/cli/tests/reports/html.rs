//! The HTML report in a real browser. Where none is installed, the tests say so; `CHROMIUM=required` makes that a failure.

use std::path::PathBuf;

use graph_contracts_report::Point;
use graph_contracts_report::html::{Options, html};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::fixed;
use crate::kinds::large_store;

/// A report of the fixed live run in a file of its own, and a browser, if there is one.
fn report() -> Option<(TempDir, PathBuf, Browser)> {
    let browser = Browser::start_or_skip()?;
    let store = fixed::store();
    let run = fixed::live(&store);
    let results = run.report(&store, fixed::at());
    let point = Point { at: "2026-11-23T10:00:00Z".parse().expect("a time"), held: 3, asked: 5 };
    let text = html(
        &results,
        &Options { earlier: &[point], comparison: None, rerun: &|id| format!("graph-contracts verify-live {id}") },
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.html");
    std::fs::write(&file, text).expect("written");
    Some((folder, file, browser))
}

#[track_caller]
fn check(browser: &mut Browser, expression: &str, expected: Value) {
    assert_eq!(browser.value(expression), expected, "{expression}");
}

/// The ids that the list shows.
const SHOWN: &str = "[...document.querySelectorAll('#table tbody a')].map((a) => a.textContent).length";

#[test]
fn the_list_is_filtered_and_sorted() {
    let Some((_folder, file, mut browser)) = report() else { return };
    browser.open(&file, "");
    let all = browser.value(SHOWN).as_u64().expect("a number");
    assert!(all >= 5, "{all}");
    let set = |id: &str, value: &str| {
        format!(
            "(() => {{ const e = document.getElementById('{id}'); e.value = '{value}'; \
             e.dispatchEvent(new Event('input', {{bubbles: true}})); return {SHOWN}; }})()"
        )
    };
    check(&mut browser, &set("text", "userstatussummary"), json!(1));
    check(&mut browser, &set("text", "no such contract"), json!(0));
    check(&mut browser, &set("text", ""), json!(all));
    check(&mut browser, &set("outcome", "healed"), json!(1));
    check(&mut browser, &set("outcome", ""), json!(all));
    check(&mut browser, &set("version", "v1.0"), json!(2));
    check(&mut browser, &set("version", ""), json!(all));
    check(&mut browser, &set("area", "deviceManagement"), json!(1));
    check(&mut browser, &set("area", ""), json!(all));
    check(&mut browser, &set("methods", "POST"), json!(all));
    let first = "document.querySelector('#table tbody a').textContent";
    let sort = "document.querySelector('[data-sort=id]').click()";
    browser.value(sort);
    check(&mut browser, first, json!("beta/create-deviceinstallstate"));
    browser.value(sort);
    check(&mut browser, first, json!("v1.0/create-userstatussummary"));
    check(&mut browser, "document.querySelector('[data-sort=id]').parentElement.ariaSort", json!("descending"));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_contract_has_an_address_and_shows_both_sides_with_what_differs() {
    let Some((_folder, file, mut browser)) = report() else { return };
    browser.open(&file, "");
    let drifted = browser
        .value("JSON.parse(document.getElementById('rows').textContent).rows.find((r) => r.outcome === 'drifted').id");
    let id = drifted.as_str().expect("an id").to_owned();
    browser.open(&file, &format!("#{id}"));
    browser.wait_for("document.querySelector('#page h2') !== null");
    check(&mut browser, "document.querySelector('#page h2').textContent", json!(id));
    check(&mut browser, "document.activeElement.textContent", json!(id));
    check(&mut browser, "document.getElementById('overview').hidden", json!(true));
    check(
        &mut browser,
        "[...document.querySelectorAll('#page .two mark')].slice(0, 2).map((m) => m.textContent)",
        json!(["red", "blue"]),
    );
    browser.value("document.getElementById('back').click()");
    browser.wait_for("!document.getElementById('overview').hidden");
    check(&mut browser, "document.activeElement.id", json!("list"));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_hostile_response_stays_text_and_no_request_leaves_the_file() {
    let Some((_folder, file, mut browser)) = report() else { return };
    browser.open(&file, "");
    let ids = browser.value("JSON.parse(document.getElementById('rows').textContent).rows.map((r) => r.id)");
    for id in ids.as_array().expect("ids") {
        browser.open(&file, &format!("#{}", id.as_str().expect("an id")));
        browser.wait_for("document.querySelector('#page h2') !== null");
        check(&mut browser, "document.querySelectorAll('img, iframe, object, #page script').length", json!(0));
        check(&mut browser, "document.title.includes('owned')", json!(false));
    }
    check(&mut browser, "document.body.textContent.includes('hostile.invalid')", json!(true));
    let elsewhere: Vec<&String> =
        browser.requests.iter().filter(|url| !url.starts_with("file://") && *url != "about:blank").collect();
    assert_eq!(elsewhere, Vec::<&String>::new());
    // What would be refused is refused by the policy, and not only escaped.
    browser.value("document.body.insertAdjacentHTML('beforeend', '<img src=http://hostile.invalid/y>')");
    browser.wait_for("document.images.length === 1");
    std::thread::sleep(std::time::Duration::from_millis(200));
    browser.value("1");
    assert!(browser.complaints.iter().any(|complaint| complaint.contains("Content Security Policy")));
}

/// A replay of so many contracts, all with pages of their own.
fn large(number: usize) -> String {
    let store = large_store(number);
    let run = fixed::replay(&store);
    let results = run.report(&store, fixed::at());
    html(&results, &Options { earlier: &[], comparison: None, rerun: &|id| format!("graph-contracts replay {id}") })
}

#[test]
fn eight_thousand_contracts_stay_small_and_can_be_filtered_and_opened() {
    let text = large(8000);
    assert!(text.len() < 15_000_000, "{}", text.len());
    let Some((folder, _, mut browser)) = report() else { return };
    let file = folder.path().join("large.html");
    std::fs::write(&file, text).expect("written");
    browser.open(&file, "");
    check(&mut browser, SHOWN, json!(200));
    browser.value("document.getElementById('more').click()");
    check(&mut browser, SHOWN, json!(400));
    let input = "e.dispatchEvent(new Event('input', {bubbles: true}))";
    browser.value(&format!(
        "(() => {{ const e = document.getElementById('text'); e.value = 'number-0799'; {input}; }})()"
    ));
    check(&mut browser, SHOWN, json!(10));
    browser.value("location.hash = 'v1.0/number-07999'");
    browser.wait_for("document.querySelector('#page h2')?.textContent === 'v1.0/number-07999'");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn the_theme_of_the_system_is_followed() {
    let Some((_folder, file, mut browser)) = report() else { return };
    for (theme, background) in [("light", "rgb(255, 255, 255)"), ("dark", "rgb(13, 17, 23)")] {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        browser.call("Emulation.setEmulatedMedia", features);
        browser.open(&file, "");
        check(&mut browser, "getComputedStyle(document.body).backgroundColor", json!(background));
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}

/// Presses a key.
fn press(browser: &mut Browser, key: &str, code: u32) {
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
        if key == "Enter" && kind == "keyDown" {
            event["text"] = json!("\r");
        }
        browser.call("Input.dispatchKeyEvent", event);
    }
}

#[test]
fn the_report_is_read_by_keyboard() {
    let Some((_folder, file, mut browser)) = report() else { return };
    browser.open(&file, "");
    press(&mut browser, "Tab", 9);
    check(&mut browser, "document.activeElement.className", json!("skip"));
    press(&mut browser, "Enter", 13);
    browser.wait_for("document.activeElement.id === 'list'");
    browser.value("document.querySelector('[data-sort=id]').focus()");
    press(&mut browser, "Enter", 13);
    check(&mut browser, "document.querySelector('[data-sort=id]').parentElement.ariaSort", json!("ascending"));
    // Everything that can be used is reached in its order, and has a name.
    check(
        &mut browser,
        "document.querySelectorAll('[tabindex]:not([tabindex=\"0\"], [tabindex=\"-1\"])').length",
        json!(0),
    );
    let nameless = "[...document.querySelectorAll('a, button, input, select, summary, svg[role]')].filter((e) => \
                    !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map((e) => e.outerHTML)";
    check(&mut browser, nameless, json!([]));
    browser.value("document.querySelector('#table tbody a').focus()");
    press(&mut browser, "Enter", 13);
    browser.wait_for("document.activeElement.matches('#page h2')");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_masked_value_says_by_which_rule_and_why() {
    let Some((_folder, file, mut browser)) = report() else { return };
    browser.open(&file, "#v1.0/create-userinstallstatesummary");
    browser.wait_for("document.querySelector('#page .mask[data-why]') !== null");
    let why = browser.value("document.querySelector('#page .mask[data-why]').dataset.why");
    let why = why.as_str().expect("a text");
    assert!(why.starts_with("masked by the rule header Content-Length: ") && why.len() > 60, "{why}");
    browser.value("document.querySelector('#page .mask[data-why]').focus()");
    let shown = browser.value("getComputedStyle(document.querySelector('#page .mask[data-why]'), '::after').content");
    assert!(shown.as_str().is_some_and(|shown| shown.contains("Content-Length")), "{shown}");
}

#[test]
fn in_print_there_is_what_can_be_read_on_paper() {
    let Some((_folder, file, mut browser)) = report() else { return };
    let dark = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
    browser.call("Emulation.setEmulatedMedia", json!({"media": "print", "features": dark}));
    browser.open(&file, "");
    check(&mut browser, "getComputedStyle(document.body).backgroundColor", json!("rgb(255, 255, 255)"));
    check(&mut browser, "getComputedStyle(document.querySelector('#table a')).color", json!("rgb(5, 80, 174)"));
    check(&mut browser, "document.getElementById('filters').checkVisibility()", json!(false));
    check(&mut browser, "document.getElementById('table').checkVisibility()", json!(true));
}

#[test]
fn of_many_codes_the_most_frequent_are_shown_at_first() {
    let codes = graph_contracts::diagnostic::Code::ALL.iter().take(14).enumerate();
    let diagnostics = codes.flat_map(|(index, code)| {
        let message = "it is wrong".to_owned();
        let one = graph_contracts::diagnostic::Diagnostic::new(*code, "a.md", (1, 1), message);
        std::iter::repeat_n(one, 20 - index)
    });
    let lint = graph_contracts::lint::Lint { diagnostics: diagnostics.collect(), ..fixed::lint() };
    let results = lint.report(fixed::at(), |_| false, "");
    let text = html(&results, &Options { earlier: &[], comparison: None, rerun: &|id| id.to_owned() });
    let (first, more) = text.split_once("<summary>2 more codes</summary>").expect("the others are folded");
    assert_eq!(
        (first.matches("class=\"cause of-pages").count(), more.matches("class=\"cause of-pages").count()),
        (12, 2)
    );
}
