//! The pictures of reports in `docs/`: `cargo screenshots` takes them anew, of what the commands find in the project itself.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use graph_contracts_testing::{copy_folder, outside_of_ci, project};
use serde_json::json;
use tempfile::TempDir;

use crate::browser::Browser;

/// A picture: its file in `docs/`, the report that it is of, what is done on the page before, and the window.
struct Picture {
    file: &'static str,
    report: &'static str,
    script: &'static str,
    theme: &'static str,
    size: (u32, u32),
}

/// Each kind of report, and one on a phone.
const PICTURES: [Picture; 9] = [
    Picture { file: "report.png", report: "live", script: "", theme: "light", size: (1200, 960) },
    Picture { file: "report-replay.png", report: "green", script: "", theme: "light", size: (1200, 820) },
    Picture {
        file: "report-mismatch.png",
        report: "red",
        script: "location.hash = 'v1.0/create-userinstallstatesummary'",
        theme: "light",
        size: (1200, 1000),
    },
    Picture { file: "report-lint.png", report: "lint", script: OPEN_FIXABLE, theme: "light", size: (1200, 1050) },
    Picture { file: "report-phone.png", report: "lint", script: OPEN_FIXABLE, theme: "dark", size: (390, 900) },
    Picture { file: "report-compare.png", report: "compare", script: "", theme: "light", size: (1200, 620) },
    Picture { file: "report-diff.png", report: "diff", script: OPEN_FIRST, theme: "light", size: (1200, 900) },
    Picture { file: "report-metadata.png", report: "metadata", script: "", theme: "light", size: (1200, 620) },
    Picture { file: "report-prove.png", report: "prove", script: "", theme: "dark", size: (1200, 720) },
];

/// Opens a code with what corrects it.
const OPEN_FIXABLE: &str =
    "[...document.querySelectorAll('#causes details')].find((own) => own.querySelector('.fix') !== null).open = true";

/// Opens the first of what was found.
const OPEN_FIRST: &str = "document.querySelector('#causes details').open = true";

/// Runs a command in a folder, with a report in a folder of that name.
fn run(folder: &Path, command: &str, name: &str) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_graph-contracts"));
    outside_of_ci(&mut program);
    let output = program.current_dir(folder).args(command.split(' ')).args(["--report", name]).output();
    let output = output.expect("the command runs");
    assert!(folder.join(name).join("report.html").is_file(), "{command}: {output:?}");
}

/// A report of each kind, in a folder of its name: of the contracts and pages of the project.
fn reports() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path();
    for (from, to) in [
        ("contracts", "contracts"),
        ("snapshots", "snapshots"),
        ("tests/pages", "pages"),
        ("tests/metadata", "metadata"),
    ] {
        copy_folder(&project(from), &own.join(to));
    }
    run(own, "replay", "green");
    run(own, "lint pages", "lint");
    run(own, "check-metadata --metadata v1.0=metadata/v1.0.csdl", "metadata");
    run(own, "prove", "prove");
    // What a documentation set of tomorrow might say.
    copy_folder(&own.join("contracts"), &own.join("new"));
    let edit = |contract: &str, from: &str, to: &str| {
        let file = own.join("new").join(contract);
        let text = std::fs::read_to_string(&file).expect("a contract");
        assert!(text.contains(from), "{contract}: {from}");
        std::fs::write(&file, text.replace(from, to)).expect("written");
    };
    edit("v1.0/create-userinstallstatesummary.json", "\"failedDeviceCount\": 1,\n", "");
    edit("beta/create-deviceinstallstate.json", "\"status\": 201", "\"status\": 202");
    edit("beta/create-userappinstallstatus.json", "\"userName\": \"User Name value\"", "\"userName\": \"Alex\"");
    run(own, "diff contracts new", "diff");
    run(own, "verify-live --sandbox --allow-writes --sandbox-drift", "live");
    // What was reviewed is another state.
    let snapshot = own.join("snapshots/v1.0/create-userinstallstatesummary.snap");
    let text = std::fs::read_to_string(&snapshot).expect("a snapshot");
    let reviewed = text.replace("\"notInstalledDeviceCount\": 7", "\"notInstalledDeviceCount\": 8");
    std::fs::write(&snapshot, reviewed).expect("written");
    run(own, "replay", "red");
    run(own, "replay --compare green/results.json", "compare");
    folder
}

#[test]
#[ignore = "writes pictures into docs/: `cargo screenshots`"]
fn screenshots() {
    let mut browser = Browser::start_or_skip().expect("Chromium is installed");
    let folder = reports();
    browser.call("Emulation.setScrollbarsHidden", json!({"hidden": true}));
    for Picture { file, report, script, theme, size } in PICTURES {
        browser.open(&folder.path().join(report).join("report.html"), "");
        browser.look("screen", theme, size);
        if !script.is_empty() {
            browser.value(script);
        }
        if script.starts_with("location.hash") {
            browser.wait_for("document.querySelector('#page h2') !== null");
        }
        browser.value("document.activeElement.blur()");
        let picture = BASE64_STANDARD.decode(browser.picture()).expect("base64");
        std::fs::write(project("docs").join(file), picture).expect("written");
    }
}

#[test]
fn every_picture_is_in_the_documentation_and_small() {
    let pages = ["docs/reports.md", "README.md"].map(|page| std::fs::read_to_string(project(page)).expect("a page"));
    for Picture { file, .. } in PICTURES {
        let size = std::fs::metadata(project("docs").join(file)).expect("a picture").len();
        assert!(size < 200_000, "{file}: {size} bytes");
        assert!(pages.iter().any(|page| page.contains(&format!("{file})"))), "{file} is on no page");
    }
}
