//! `graph-contracts diff`

use crate::support::{PAGE, Workspace};

/// Two imports: of `PAGE`, and of it with a piece replaced.
fn two_imports(from: &str, to: &str) -> Workspace {
    let workspace = Workspace::new();
    assert!(PAGE.contains(from), "{from:?}");
    for (folder, page) in [("old", PAGE.to_owned()), ("new", PAGE.replacen(from, to, 1))] {
        workspace.write(&format!("pages-{folder}/lamp-get.md"), page);
        let ran = workspace.run(&format!("import pages-{folder} --out {folder}"));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    workspace
}

const SERVICE: &str = "<Edmx>\n<DataServices>\n<Schema Namespace=\"n\">\n<ComplexType Name=\"lamp\">\n\
    <Property Name=\"watts\" Type=\"Edm.Int32\"/>\n<Property Name=\"hue\" Type=\"Edm.Int32\"/>\n</ComplexType>\n\
    <ComplexType Name=\"room\"/>\n</Schema>\n</DataServices>\n</Edmx>\n";

#[test]
fn what_breaks_comes_first_with_both_lines_and_what_to_do() {
    let workspace = two_imports("  \"on\": true\n", "  \"hue\": 3,\n  \"off\": 1\n");
    let ran = workspace.run("diff old new");
    assert_eq!(ran.code, 0, "nothing is denied: {ran:?}");
    for piece in [
        "breaking  response member removed: $['on'] of the response",
        "before  true",
        "lamp-get.md:21 > lamp-get.md:19  v1.0/lamp-get",
        "callers that read the member find nothing",
        "additive  response member added: $['hue'] of the response",
        "3 changes: 1 breaking, 2 additive between 1 and 1 contracts in",
        "To stop a build on what breaks:  graph-contracts diff old new --deny breaking",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    assert!(ran.out.find("breaking  ") < ran.out.find("additive  "), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "a pipe gets no colors");
    assert_eq!(
        ran.out.lines().take(6).collect::<Vec<_>>(),
        workspace.run("diff old new").out.lines().take(6).collect::<Vec<_>>()
    );
}

#[test]
fn denied_effects_fail() {
    let removed = two_imports(",\n  \"on\": true\n", "\n");
    assert_eq!(removed.run("diff old new --deny breaking").code, 1);
    assert_eq!(removed.run("diff old new --deny additive").code, 0);
    assert_eq!(removed.run("diff new old --deny breaking").code, 0);
    assert_eq!(removed.run("diff new old --deny breaking --deny additive").code, 1);
    assert_eq!(removed.run("diff old old --deny breaking --deny additive").code, 0);
    let ran = removed.run("diff old new --deny cosmetics");
    assert_eq!((ran.code, ran.error.contains("breaking, additive")), (2, true), "{ran:?}");
}

#[test]
fn the_same_documentation_does_not_differ() {
    for (from, to) in
        [("# Get lamp\n", "# Get lamp\n\nMore text,\nin two lines.\n"), ("{id}", "{lamp-id}"), ("\"7\"", "\"8\"")]
    {
        let ran = two_imports(from, to).run("diff old new --deny breaking --deny additive");
        assert_eq!(ran.code, 0, "{from:?} became {to:?}: {ran:?}");
        assert!(ran.out.starts_with("nothing changed between 1 and 1 contracts in"), "{from:?} became {to:?}: {ran:?}");
    }
}

#[test]
fn the_result_is_there_as_json_and_as_a_changelog() {
    let workspace = two_imports("\"on\": true", "\"on\": 1");
    workspace.run("diff old new --json diff.json --markdown notes/CHANGES.md");
    let json: serde_json::Value = serde_json::from_str(&workspace.read("diff.json")).expect("JSON");
    assert_eq!((&json["command"], &json["of"], &json["old"]), (&"diff".into(), &"contracts".into(), &"old".into()));
    assert_eq!((&json["breaking"], &json["additive"], &json["cosmetic"]), (&1.into(), &0.into(), &0.into()));
    assert_eq!(json["by_kind"]["response-member-retyped"], 1);
    let change = &json["changes"][0];
    assert_eq!((&change["change"], &change["effect"]), (&"response-member-retyped".into(), &"breaking".into()));
    assert_eq!((&change["before"], &change["after"]), (&"true".into(), &"1".into()));
    let place = &change["places"][0];
    assert_eq!((&place["item"], &place["old"]), (&"v1.0/lamp-get".into(), &"lamp-get.md:21".into()));
    assert_eq!(
        workspace.read("notes/CHANGES.md"),
        "# Changes from `old` to `new`\n\n1 change: 1 breaking, 0 additive, 0 cosmetic.\n\n## Breaking\n\n### `v1.0 lamps`\n\n\
         - response member retyped: `$['on'] of the response`, `true` → `1`: `v1.0/lamp-get` (`lamp-get.md:21` → `lamp-get.md:21`)\n"
    );
}

#[test]
fn samples_that_the_rules_of_another_file_cover_have_not_changed() {
    let workspace = two_imports("\"on\": true", "\"on\": false");
    let changed = "sample values changed";
    let ran = workspace.run("diff old new");
    assert!(ran.out.contains(changed), "{ran:?}");
    workspace.write("rules.toml", "[[body]]\npath = \"$..on\"\nreason = \"it differs from run to run\"\n");
    let ran = workspace.run("diff old new --rules rules.toml");
    assert!(ran.out.starts_with("nothing changed between"), "{ran:?}");
    workspace.write("graph-contracts.toml", "rules = \"rules.toml\"\n");
    let ran = workspace.run("diff old new");
    assert!(ran.out.starts_with("nothing changed between"), "{ran:?}");
    workspace.check_refused("diff old new --rules nowhere.toml", &["nowhere.toml"]);
}

#[test]
fn two_documents_of_metadata_are_compared_too() {
    let workspace = Workspace::new();
    workspace.write("old.xml", SERVICE);
    workspace.write("new.xml", SERVICE.replace("<Property Name=\"hue\" Type=\"Edm.Int32\"/>\n", ""));
    let ran = workspace.run("diff old.xml new.xml --deny breaking");
    assert_eq!(ran.code, 1, "{ran:?}");
    for piece in [
        "breaking  property removed: n.lamp/hue",
        "old.xml:6 > new.xml:4  n.lamp",
        "1 change: 1 breaking between 2 and 2 types, operations and elements in",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    assert_eq!(workspace.run("diff old.xml new.xml n.room --deny breaking").code, 0, "a filter leaves the type out");
    assert_eq!(workspace.run("diff old.xml new.xml lamp --deny breaking").code, 1);
}

#[test]
fn several_documents_of_metadata_are_compared_as_a_whole() {
    let workspace = Workspace::new();
    let hue = "<Property Name=\"hue\" Type=\"Edm.Int32\"/>\n";
    let things = format!(
        "<Edmx>\n<DataServices>\n<Schema Namespace=\"b\">\n<ComplexType Name=\"thing\">\n{hue}</ComplexType>\n</Schema>\n</DataServices>\n</Edmx>\n"
    );
    let reference = "<Edmx>\n<Reference Uri=\"t.xml\"><Include Namespace=\"b\" Alias=\"far\"/></Reference>\n";
    let service = SERVICE.replace("<Edmx>\n", reference);
    let derived = service.replace(hue, "").replace("Name=\"lamp\"", "Name=\"lamp\" BaseType=\"far.thing\"");
    for (name, text) in [
        ("old.xml", &service),
        ("new.xml", &derived),
        ("things.xml", &things),
        ("other-things.xml", &things.replace("Edm.Int32", "Edm.String")),
    ] {
        workspace.write(name, text);
    }
    let ran = workspace.run("diff old.xml new.xml --old things.xml --new things.xml --deny breaking");
    assert_eq!(ran.code, 0, "the property moved to the base type: {ran:?}");
    assert!(ran.out.contains("additive  base type added: n.lamp"), "{ran:?}");
    let ran = workspace.run("diff new.xml new.xml --old things.xml --new other-things.xml");
    for piece in [
        "breaking  property retyped: b.thing/hue",
        "things.xml:5 > other-things.xml:5",
        "graph-contracts diff new.xml new.xml --old things.xml --new other-things.xml --deny breaking",
    ] {
        assert!(ran.out.contains(piece), "{piece:?} should be in {}", ran.out);
    }
    workspace.check_refused(
        "diff old.xml new.xml --new new.xml",
        &["new.xml:5:1: `n.lamp` is declared in new.xml:5:1 already; documents of one version declare each name once"],
    );
    workspace.write("old/v1.0/a.json", "{}");
    workspace.check_refused("diff old old --new things.xml", &["--new name further metadata files", "old is a folder"]);
}

#[test]
fn filters_select_contracts() {
    let workspace = two_imports("\"on\": true", "\"on\": 1");
    assert_eq!(workspace.run("diff old new lamp --deny breaking").code, 1);
    workspace
        .check_refused("diff old new nothing-like-it", &["no contract's id contains nothing-like-it, in neither set"]);
}

#[test]
fn sets_that_cannot_be_compared_are_refused() {
    let workspace = two_imports("\"on\": true", "\"on\": 1");
    workspace.write("service.xml", SERVICE);
    workspace.write("broken.xml", "<Edmx>\n<DataServices>\n<Schema></DataServices>");
    workspace.write("empty/volatile.toml", "");
    workspace.write("bad/v1.0/a.json", "{");
    let two = "name two folders of contracts, or two metadata files";
    workspace.check_refused("diff old service.xml", &["old is a folder and service.xml a file", two]);
    workspace.check_refused("diff service.xml new", &["new is a folder and service.xml a file", two]);
    workspace.check_refused("diff nowhere new", &["nowhere: cannot be read", two]);
    workspace.check_refused(
        "diff old empty",
        &["empty: no contracts here", "graph-contracts import PAGES --contracts FOLDER"],
    );
    workspace.check_refused("diff old bad", &["bad/v1.0/a.json:1:"]);
    workspace.check_refused("diff service.xml broken.xml", &["broken.xml:3:"]);
    workspace.check_refused("diff service.xml old/v1.0/lamp-get.json", &["old/v1.0/lamp-get.json:1:1: "]);
}
