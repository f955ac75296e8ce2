//! `graph-contracts report`, and the parts that it merges

use serde_json::Value;

use crate::support::{PAGE, Workspace};

/// A document without times, which differ from run to run, in an order that does not depend on parts.
fn comparable(text: &str) -> Value {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    document["at"] = Value::Null;
    document["seconds"] = Value::Null;
    for name in ["cases", "outcomes"] {
        for case in document[name].as_array_mut().into_iter().flatten() {
            case["seconds"] = Value::Null;
        }
        if let Some(list) = document[name].as_array_mut() {
            list.sort_by_key(ToString::to_string);
        }
    }
    document
}

#[test]
fn the_parts_of_a_run_make_its_report() {
    let check = |command: &str, prepare: fn(&Workspace)| {
        let workspace = Workspace::with_contracts();
        prepare(&workspace);
        let whole = workspace.run(&format!("{command} --json whole.json"));
        let parts: Vec<i32> = (1..=3)
            .map(|part| workspace.run(&format!("{command} --partition {part}/3 --json {part}.json")).code)
            .collect();
        assert_eq!(parts.iter().max(), Some(&whole.code), "{command}: {parts:?}");
        let merged = workspace.run("report --merge 3.json 1.json 2.json --json merged.json --report out");
        assert_eq!(merged.code, whole.code, "{merged:?}");
        let (one, other) = (comparable(&workspace.read("merged.json")), comparable(&workspace.read("whole.json")));
        similar_asserts(&one, &other);
        for file in ["report.html", "junit.xml", "results.json", "summary.md"] {
            assert!(workspace.path(&format!("out/{file}")).is_file(), "{file}");
        }
        workspace.check_refused(
            "report --merge 1.json whole.json",
            &["whole.json", "this is a whole run, and the ones before are part 1 of 3"],
        );
    };
    check("replay", |_| {});
    check("prove", |_| {});
    check("lint pages", |workspace| workspace.write("pages/lamp-get.md", PAGE));
    check("replay", |workspace| {
        workspace.edit(
            "snapshots/v1.0/create-userinstallstatesummary.snap",
            "\"notInstalledDeviceCount\": 7\n}\n\nHTTP 201",
            "\"notInstalledDeviceCount\": 8\n}\n\nHTTP 201",
        );
    });
}

#[track_caller]
fn similar_asserts(one: &Value, other: &Value) {
    // The order of members makes no difference.
    let text = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
    let is_same = one == other;
    let (one, other) = (text(one), text(other));
    assert!(is_same, "{}", similar::TextDiff::from_lines(&one, &other).unified_diff());
}

#[test]
fn what_is_no_part_is_said() {
    let workspace = Workspace::with_contracts();
    assert_eq!(workspace.run("replay --partition 1/2 --json replay.json").code, 0);
    assert_eq!(workspace.run("prove v1.0/create-userstatussummary --json prove.json").code, 0);
    workspace.check_refused("report --merge replay.json prove.json", &["prove.json", "results of `prove`"]);
    workspace.check_refused("report --merge replay.json", &["the results of part 2 are missing"]);
    workspace.check_refused("report --merge gone.json", &["gone.json: cannot be read"]);
    workspace.check_refused("report --merge contracts/schema.json", &["no results of this version", "make them again"]);
    workspace.check_refused("replay --partition 3/2", &["such as 1/3"]);
}

/// The page with a further defect in its response.
fn with_another_defect(page: &str) -> String {
    page.replacen("HTTP/1.1 200 OK", "HTTP/1.1 200 Okay", 1)
}

#[test]
fn a_run_is_compared_with_an_earlier_one() {
    let workspace = Workspace::with_contracts();
    workspace.write("pages/lamp-get.md", PAGE);
    workspace.write("pages/gone.md", PAGE);
    assert_eq!(workspace.run("lint pages --json before.json").code, 0);
    workspace.write("pages/lamp-get.md", with_another_defect(&PAGE.replacen("\n\n", "\n\nIt moves down.\n\n", 1)));
    std::fs::remove_file(workspace.path("pages/gone.md")).expect("removed");
    let ran = workspace.run("lint pages --compare before.json --json after.json --report out");
    let document: Value = serde_json::from_str(&workspace.read("after.json")).expect("JSON");
    let comparison = &document["comparison"];
    let new: Vec<&str> =
        comparison["new"].as_array().expect("new").iter().filter_map(|own| own["code"].as_str()).collect();
    assert_eq!(new, ["reason-not-standard"], "{comparison:#}");
    assert_eq!(comparison["gone"], serde_json::json!([]), "{comparison:#}");
    let before: Value = serde_json::from_str(&workspace.read("before.json")).expect("JSON");
    let on = |page: &str| {
        before["diagnostics"].as_array().expect("defects").iter().filter(|own| own["page"] == page).count()
    };
    assert_eq!(comparison["same"], on("lamp-get.md"), "{comparison:#}");
    // Whether the defects of a page that is not there are gone is not known.
    assert_eq!(comparison["only_before"], on("gone.md"), "{comparison:#}");
    assert!(ran.out.contains("1 new, 0 gone, "), "{ran:?}");
    for (file, said) in [("summary.md", ": 1 new, 0 gone, "), ("report.html", "id=\"compared\"")] {
        assert!(workspace.read(&format!("out/{file}")).contains(said), "{file}");
    }
    // Two results are compared without a run; what they say of another is no part of them.
    let again = workspace.run("report --merge after.json --compare before.json --json again.json");
    assert_eq!(again.code, ran.code, "{again:?}");
    let again: Value = serde_json::from_str(&workspace.read("again.json")).expect("JSON");
    assert_eq!(again["comparison"], *comparison);
    let merged = workspace.run("report --merge after.json --json merged.json");
    assert_eq!(merged.code, ran.code, "{merged:?}");
    assert!(!workspace.read("merged.json").contains("\"comparison\""));
}

#[test]
fn what_cannot_be_compared_is_said_after_the_result() {
    let workspace = Workspace::with_contracts();
    assert_eq!(workspace.run("prove v1.0/create-userstatussummary --json prove.json").code, 0);
    for (file, why) in [
        ("prove.json", "it has results of `prove`, and these are of `replay`"),
        ("gone.json", "this run cannot be compared with it"),
        ("contracts/schema.json", "no results of this version"),
    ] {
        let ran = workspace.run(&format!("replay --compare {file}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error.contains(file) && ran.error.contains(why), "{ran:?}");
        assert!(ran.out.contains("6 matched"), "{ran:?}");
    }
}

#[test]
fn a_merged_report_counts_contracts_beside_routes() {
    let workspace = Workspace::with_contracts();
    assert_eq!(workspace.run("replay --json all.json").code, 0);
    let merged = workspace.run("report --merge all.json");
    assert!(merged.out.contains("5 contracts, 6 routes: 6 matched"), "{merged:?}");
}
