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
