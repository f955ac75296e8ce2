//! The layout and the colors of HTML reports, measured in a browser: on a phone, on paper, and on small and large screens, light and dark.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::fixed;
use crate::kinds::{green, kinds, large_store};
use graph_contracts_report::html::{Options, html};

const MEASURE: &str = include_str!("measure.js");

/// The widths of a phone, of a small window, and of a screen.
const WIDTHS: [u32; 3] = [390, 800, 1440];

/// How a page is shown: the media, and the theme that the system has.
const MODES: [(&str, &str); 3] = [("screen", "light"), ("screen", "dark"), ("print", "dark")];

#[test]
fn nothing_is_cut_or_hard_to_read_at_any_width_in_any_theme() {
    let Some(mut browser) = Browser::start_or_skip() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.html");
    let mut problems = Vec::new();
    for kind in kinds() {
        std::fs::write(&file, &kind.html).expect("written");
        for fragment in [String::new()].iter().chain(&kind.pages) {
            browser.open(&file, fragment);
            if !fragment.is_empty() {
                browser.wait_for("document.querySelector('#page h2') !== null");
            }
            browser.value("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
            for ((media, theme), width) in MODES.into_iter().flat_map(|mode| WIDTHS.map(|width| (mode, width))) {
                browser.look(media, theme, (width, 900));
                let found = browser.value(MEASURE);
                let found = found.as_array().expect("problems").iter();
                problems
                    .extend(found.map(|own| format!("{}{fragment} at {width}, {media}, {theme}: {own}", kind.name)));
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn what_is_cut_or_hard_to_read_is_found() {
    let Some(mut browser) = Browser::start_or_skip() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.html");
    let wrong = "<!DOCTYPE html><body><p style='color:#999'>pale</p><p style='width:50px;white-space:nowrap'>too long for it</p>\
                 <div style='width:2000px'>wide</div><div style='height:9px;overflow:hidden'>cut<br>off</div>\
                 <label style='display:block;width:1em;overflow-wrap:anywhere'>outcome</label>";
    std::fs::write(&file, wrong).expect("written");
    browser.open(&file, "");
    browser.look("screen", "light", (800, 900));
    let found = browser.value(MEASURE).to_string();
    for problem in [
        "the page is",
        "outside of the window",
        "wider than its box",
        "cut: ",
        "broken: outcome",
        "contrast 2.85 of 4.5",
    ] {
        assert!(found.contains(problem), "{problem}: {found}");
    }
}

#[test]
fn a_green_run_fits_on_one_screen_however_many_contracts_it_has() {
    let Some(mut browser) = Browser::start_or_skip() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("green.html");
    for number in [5, 8000] {
        let store = large_store(number);
        let run = green(&store);
        let results = run.report(&store, fixed::at());
        let options = Options { earlier: &[], comparison: None, rerun: &|id| format!("graph-contracts replay {id}") };
        std::fs::write(&file, html(&results, &options)).expect("written");
        browser.open(&file, "");
        browser.look("screen", "light", (1440, 900));
        let height = browser.value("document.documentElement.scrollHeight");
        assert!(height.as_u64().is_some_and(|height| height <= 900), "{number} contracts: {height}");
        // Whoever goes to the list sees it.
        browser.value("location.hash = '#list'");
        browser.wait_for("document.getElementById('fold').open");
        assert_eq!(browser.value("document.getElementById('table').checkVisibility()"), Value::Bool(true));
    }
}

#[test]
fn the_bars_of_a_chart_have_one_scale() {
    let Some(mut browser) = Browser::start_or_skip() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.html");
    let lint = kinds().into_iter().find(|kind| kind.name == "lint").expect("a report of the linter");
    std::fs::write(&file, lint.html).expect("written");
    browser.open(&file, "");
    // Two defects of one code are a bar twice as long as one of another.
    let lengths = "[...document.querySelectorAll('#causes .count')].map((count) => [Number(count.textContent), \
                   Number(count.parentElement.querySelector('rect').getAttribute('width'))])";
    assert_eq!(browser.value(lengths), json!([[1, 200], [2, 400]]));
}
