//! The page of `serve` in a real browser. Where none is installed, the tests say so; `CHROMIUM=required` makes that a failure.

use std::sync::Arc;

use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::store::Store;
use graph_contracts_serve::{ADMIN, ServeOptions, Server};
use graph_contracts_testing::contracts_of_pair;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::fixed::HOSTILE;

/// A server, and a browser that shows its page.
struct Shown {
    runtime: Runtime,
    server: Server,
    browser: Browser,
}

impl Shown {
    fn start() -> Option<Shown> {
        let mut browser = Browser::start_or_skip()?;
        let mut contracts =
            contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", r#"{"id": "1", "name": "hall"}"#);
        contracts.extend(contracts_of_pair("room get", "GET /rooms/{id}", "", "204 No Content", ""));
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
        let store = Arc::new(Store::new(contracts, rules));
        let runtime = Runtime::new().expect("a runtime");
        let options = ServeOptions { port: 0, ..ServeOptions::default() };
        let server = runtime.block_on(Server::start(store, options)).expect("a server");
        browser.visit(&format!("{}{ADMIN}/", server.url()));
        let mut shown = Shown { runtime, server, browser };
        shown.browser.wait_for("document.getElementById('connection').textContent.startsWith('listens at')");
        Some(shown)
    }

    /// Sends a request, and waits until the page shows it.
    fn send(&mut self, line: &str) -> u16 {
        let (method, target) = line.split_once(' ').expect("method and target");
        let url = format!("{}{target}", self.server.url());
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = reqwest::Client::new().request(method, url).bearer_auth("any");
        let status = self.runtime.block_on(request.send()).expect("an answer").status().as_u16();
        let number = self.server.journal().summary().requests;
        self.browser.wait_for(&format!("document.getElementById('count-requests').textContent === '{number}'"));
        status
    }

    #[track_caller]
    fn check(&mut self, expression: &str, expected: Value) {
        assert_eq!(self.browser.value(expression), expected, "{expression}");
    }

    /// What is written in the elements that a selector finds.
    #[track_caller]
    fn check_texts(&mut self, selector: &str, expected: &[&str]) {
        self.check(
            &format!("[...document.querySelectorAll(\"{selector}\")].map((own) => own.textContent)"),
            json!(expected),
        );
    }

    /// Writes into a field, as a person does.
    fn enter(&mut self, id: &str, value: &str) {
        let value = json!(value);
        self.browser.value(&format!(
            "(() => {{ const e = document.getElementById('{id}'); e.value = {value}; \
             for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {{bubbles: true}})); return true; }})()"
        ));
    }
}

/// The requests that are shown.
const URLS: &str = "#requests > li:not([hidden]) .url";

#[test]
fn requests_are_shown_as_they_come() {
    let Some(mut shown) = Shown::start() else { return };
    shown.check_texts("#shown", &["no requests yet"]);
    assert_eq!(shown.send("GET /v1.0/lamps/1"), 200);
    assert_eq!(shown.send("GET /v1.0/lamps/2?loud=1"), 200);
    assert_eq!(shown.send("PUT /v1.0/lamps/3"), 501);
    shown.check_texts(URLS, &["/v1.0/lamps/3", "/v1.0/lamps/2?loud=1", "/v1.0/lamps/1"]);
    shown.check_texts("#requests .status", &["501", "200", "200"]);
    shown.check("document.querySelector('#requests > li:last-child .contract').textContent.startsWith('v1.0/lamp-get · lamp-get.md:')", json!(true));
    shown.check("document.querySelector('#requests > .refused .nearest').textContent.startsWith('fits no contract; the nearest is v1.0/lamp-get (lamp-get.md:')", json!(true));
    shown.check("document.querySelector('#requests > .refused .differences').textContent.includes('method: expected GET, got PUT')", json!(true));
    shown.check(
        "document.querySelector('#requests > .noted .differences').textContent.includes('(undocumented-option)')",
        json!(true),
    );
    shown.check_texts("#counts dd", &["3", "2", "1", "1", "0"]);
    // Filters.
    shown.enter("filter-kind", "refused");
    shown.check_texts(URLS, &["/v1.0/lamps/3"]);
    shown.enter("filter-kind", "");
    shown.enter("filter-text", "LOUD");
    shown.check_texts(URLS, &["/v1.0/lamps/2?loud=1"]);
    shown.check_texts("#shown", &["1 of 3 shown, the newest first"]);
    // What comes is filtered as well.
    shown.send("GET /v1.0/lamps/4");
    shown.check_texts(URLS, &["/v1.0/lamps/2?loud=1"]);
    shown.enter("filter-text", "");
    // Coverage follows.
    shown.browser.wait_for("document.querySelector('#coverage td:last-child')?.textContent === '3'");
    shown.check_texts("#coverage-total", &["1 of 2 contracts have answered"]);
    shown.check_texts("#coverage tr:first-child > *", &["lamps", "1", "1", "3"]);
    assert!(shown.browser.complaints.is_empty(), "{:?}", shown.browser.complaints);
    let own = format!("{}{ADMIN}/", shown.server.url());
    let others: Vec<&String> = shown
        .browser
        .requests
        .iter()
        .filter(|url| !url.starts_with(&own) && !url.starts_with("about:") && !url.starts_with("data:"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_page_that_is_opened_late_shows_what_was() {
    let Some(mut shown) = Shown::start() else { return };
    shown.send("GET /v1.0/lamps/1");
    let url = format!("{}{ADMIN}/", shown.server.url());
    shown.browser.visit(&url);
    shown.browser.wait_for("document.querySelectorAll('#requests > li').length === 1");
}

#[test]
fn faults_are_planned_and_everything_is_reset() {
    let Some(mut shown) = Shown::start() else { return };
    shown.enter("fault-name", "503");
    shown.enter("fault-contract", "v1.0/lamp-get");
    shown.browser.value("document.getElementById('fault').requestSubmit()");
    shown.browser.wait_for("document.querySelectorAll('#faults li').length === 1");
    shown.check_texts("#faults li", &["503, 1 times, v1.0/lamp-get"]);
    assert_eq!(shown.send("GET /v1.0/rooms/1"), 204);
    assert_eq!(shown.send("GET /v1.0/lamps/1"), 503);
    shown.browser.wait_for("document.querySelectorAll('#faults li').length === 0");
    shown.enter("fault-name", "200");
    shown.browser.value("document.getElementById('fault').requestSubmit()");
    shown.browser.wait_for("document.getElementById('fault-error').textContent !== ''");
    shown.browser.value("document.getElementById('reset').click()");
    shown.browser.wait_for("document.querySelectorAll('#requests > li').length === 0");
    shown.check_texts("#counts dd", &["0", "0", "0", "0", "0"]);
    assert_eq!(shown.server.journal().summary().requests, 0);
}

#[test]
fn hostile_requests_stay_text() {
    let Some(mut shown) = Shown::start() else { return };
    let hostile: String = HOSTILE.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for target in
        [format!("/v1.0/{hostile}"), format!("/v1.0/lamps/1?{hostile}=1"), format!("/v1.0/lamps/1?loud={hostile}")]
    {
        shown.send(&format!("GET {target}"));
    }
    shown.enter("fault-contract", HOSTILE);
    shown.browser.value("document.getElementById('fault').requestSubmit()");
    // There is no such contract, which the page says with its name.
    shown.browser.wait_for("document.getElementById('fault-error').textContent.includes('<img src=http:')");
    shown.check("document.title", json!("graph-contracts serve"));
    shown.check("document.querySelectorAll('main img, main script').length", json!(0));
    shown.check("document.querySelectorAll('#requests > li').length", json!(3));
    shown.check("document.getElementById('requests').textContent.includes('<img src=http:')", json!(true));
    let is_refusal = |complaint: &&String| complaint.contains("(Bad Request)");
    let complaints: Vec<&String> = shown.browser.complaints.iter().filter(|own| !is_refusal(own)).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
    assert!(!shown.browser.requests.iter().any(|url| url.contains("hostile.invalid")));
    // The policy holds even where the script would fail.
    let injected = "(() => { try { document.body.innerHTML = '<img src=x onerror=1>'; return 'done'; } catch (error) { return error.name; } })()";
    shown.check(injected, json!("TypeError"));
}

#[test]
fn the_page_fits_on_a_phone_and_in_the_dark() {
    let Some(mut shown) = Shown::start() else { return };
    shown.send(&format!("GET /v1.0/lamps/1?long={}", "x".repeat(300)));
    shown.browser.call(
        "Emulation.setDeviceMetricsOverride",
        json!({"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": true}),
    );
    shown.check("document.documentElement.scrollWidth <= 360", json!(true));
    shown.browser.value("document.querySelector('#requests details').open = true");
    shown.check("document.documentElement.scrollWidth <= 360", json!(true));
    let back = "getComputedStyle(document.body).backgroundColor";
    shown
        .browser
        .call("Emulation.setEmulatedMedia", json!({"features": [{"name": "prefers-color-scheme", "value": "light"}]}));
    shown.check(back, json!("rgb(255, 255, 255)"));
    shown
        .browser
        .call("Emulation.setEmulatedMedia", json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]}));
    shown.check(back, json!("rgb(22, 24, 28)"));
}
