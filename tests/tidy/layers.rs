//! Imports point down: between packages, and between the modules of the core. No circle of modules or of files.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::Crate;
use crate::project::{File, files};
use crate::{check, unused};

/// The packages by layer, the lowest first. A package depends on those of lower layers only.
const PACKAGES: &[&[&str]] = &[
    &["graph-contracts-docs", "graph-contracts-features", "graph-clients"],
    &["graph-contracts"],
    &["graph-contracts-odata", "graph-contracts-report", "graph-contracts-testing"],
    &["graph-contracts-tenant"],
    &["graph-contracts-live", "graph-contracts-prove", "graph-contracts-changes", "graph-contracts-serve"],
    &["graph-contracts-export", "graph-contracts-identity", "graph-contracts-traffic", "benches"],
    &["graph-contracts-cli"],
    &["xtask"],
];

/// What the tests of any package may use, and nothing else of a package.
const FOR_TESTS: &str = "graph-contracts-testing";

/// The modules of the core, the lowest first. A module imports those before it only.
const MODULES: &[&str] = &[
    "byte_set",
    "command_line",
    "file",
    "lower_case",
    "meant",
    "source",
    "configuration",
    "json",
    "edm",
    "query",
    "service",
    "at",
    "url",
    "unified_diff",
    "edit",
    "diagnostic",
    "page",
    "contract",
    "http",
    "normal",
    "compare",
    "store",
    "matching",
    "snapshot",
    "stub",
    "report",
    "replay",
    "import",
    "lint",
    "harness",
];

/// Files that import each other, in the order of their names, with the reason.
const CIRCLES: &[(&str, &str)] = &[];

/// What is wrong with the dependencies of a package.
fn package_problems(manifest: &File, layers: &[&[&str]]) -> Vec<String> {
    let Ok(table) = manifest.text.parse::<toml::Table>() else {
        return vec![format!("{}: is no TOML", manifest.path)];
    };
    let name =
        table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str).unwrap_or_default();
    let layer = |name: &str| layers.iter().position(|layer| layer.contains(&name));
    let Some(own) = layer(name) else {
        return vec![format!("{}: {name} has no layer; add it to PACKAGES in tests/tidy/layers.rs", manifest.path)];
    };
    let mut problems = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let is_for_tests = section == "dev-dependencies";
        let dependencies = table.get(section).and_then(toml::Value::as_table);
        for dependency in dependencies.into_iter().flat_map(toml::Table::keys) {
            let Some(other) = layer(dependency) else { continue };
            let is_allowed = if dependency == FOR_TESTS { is_for_tests } else { other < own };
            // The report's renderers know a report, and nothing of what is in it.
            let is_core = dependency == "graph-contracts" || name != "graph-contracts-report" || is_for_tests;
            if !(is_allowed && is_core) {
                let line = manifest.text.lines().position(|line| line.starts_with(dependency)).unwrap_or_default() + 1;
                problems.push(format!(
                    "{}:{line}: {name} may not depend on {dependency} in [{section}]; move what it needs to a lower package",
                    manifest.path
                ));
            }
        }
    }
    problems
}

/// The imports of a crate between its modules or files.
struct Arrow<'c> {
    from: &'c Vec<String>,
    to: &'c Vec<String>,
    file: &'c str,
    line: usize,
}

fn arrows(krate: &Crate) -> Vec<Arrow<'_>> {
    let mut arrows = Vec::new();
    for (from, module) in &krate.modules {
        for import in &module.imports {
            if let Some(to) = krate.resolve(from, &import.path, 0).filter(|to| *to != from) {
                arrows.push(Arrow { from, to, file: &module.file, line: import.line });
            }
        }
    }
    arrows
}

/// The imports that point up. `order` is from the lowest module.
fn upward(krate: &Crate, order: &[&str]) -> Vec<String> {
    let place = |module: &String| order.iter().position(|name| name == module);
    let mut problems = Vec::new();
    for module in krate.modules.keys().filter_map(|path| path.first()).collect::<BTreeSet<_>>() {
        if place(module).is_none() {
            problems.push(format!("{module}: has no layer; add it to MODULES in tests/tidy/layers.rs"));
        }
    }
    for Arrow { from, to, file, line } in arrows(krate) {
        let (Some(from), Some(to)) = (from.first(), to.first()) else { continue };
        if from != to && place(from) < place(to) {
            problems.push(format!(
                "{file}:{line}: {from} imports {to}, which is above it; move what it needs to {from} or below, or the user of both up"
            ));
        }
    }
    problems.dedup();
    problems
}

/// The files that import each other in a circle, each circle by its files. What only hands names on, or is imported by what it
/// holds, is no part of one: `mod.rs` and `lib.rs`.
fn circles(krate: &Crate) -> Vec<String> {
    let is_face = |file: &str| file.ends_with("/mod.rs") || file.ends_with("/lib.rs") || file.ends_with("/main.rs");
    let mut below: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Arrow { to, file, .. } in arrows(krate) {
        let to = krate.modules[to].file.as_str();
        if !is_face(file) && !is_face(to) {
            below.entry(file).or_default().insert(to);
        }
    }
    let reached = |from: &str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = below.get(from).into_iter().flatten().copied().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(below.get(next).into_iter().flatten());
            }
        }
        reached
    };
    let reach: BTreeMap<&str, BTreeSet<&str>> = below.keys().map(|file| (*file, reached(file))).collect();
    let mut circles: BTreeSet<String> = BTreeSet::new();
    for (file, reached) in reach.iter().filter(|(file, reached)| reached.contains(**file)) {
        let circle: Vec<&str> =
            reached.iter().copied().filter(|other| reach.get(other).is_some_and(|back| back.contains(file))).collect();
        circles.insert(circle.join(", "));
    }
    circles.into_iter().collect()
}

/// The crate whose files are below a folder.
fn krate(files: &[File], src: &str) -> Crate {
    let mut krate = Crate::default();
    for file in files {
        if let Some(path) =
            file.path.strip_prefix(src).filter(|path| !path.starts_with("bin/") && !path.contains("tests/"))
        {
            krate.add(&file.path, path, file.without_tests());
        }
    }
    krate
}

/// The folders with the code of each crate.
fn sources(files: &[File]) -> BTreeSet<String> {
    let folders = files.iter().filter_map(|file| file.path.split_once("src/"));
    folders.map(|(before, _)| format!("{before}src/")).filter(|folder| !folder.contains("tests")).collect()
}

#[test]
fn packages_depend_on_lower_packages_only() {
    check(&files("Cargo.toml").iter().flat_map(|manifest| package_problems(manifest, PACKAGES)).collect::<Vec<_>>());
}

#[test]
fn modules_of_the_core_import_lower_modules_only() {
    check(&upward(&krate(&files(".rs"), "src/"), MODULES));
}

#[test]
fn no_files_import_each_other_but_for_a_reason() {
    let files = files(".rs");
    let found: Vec<String> = sources(&files).iter().flat_map(|src| circles(&krate(&files, src))).collect();
    let new = found.iter().filter(|circle| !CIRCLES.iter().any(|(known, _)| known == circle));
    let mut problems: Vec<String> =
        new.map(|circle| format!("{circle}: import each other; move what both need to a file below them")).collect();
    let is_needed = |known: &str| found.iter().any(|circle| circle == known);
    problems.extend(unused("CIRCLES in tests/tidy/layers.rs", CIRCLES.iter().map(|(circle, _)| *circle), is_needed));
    check(&problems);
}

/// A crate of these files.
#[cfg(test)]
fn made(files: &[(&str, &str)]) -> Crate {
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    krate(&files, "src/")
}

#[test]
fn a_dependency_on_a_package_above_or_beside_is_found() {
    let layers: &[&[&str]] = &[&["low"], &["left", "right", FOR_TESTS], &["graph-contracts-report"], &["high"]];
    let problems = |text: &str| package_problems(&File::new("Cargo.toml", text), layers).len();
    assert_eq!(problems("[package]\nname = 'left'\n[dependencies]\nlow = '1'\nserde = '1'\n"), 0);
    assert_eq!(problems("[package]\nname = 'left'\n[dependencies]\nhigh = '1'\n"), 1);
    assert_eq!(problems("[package]\nname = 'left'\n[dependencies]\nright = '1'\n"), 1);
    assert_eq!(problems("[package]\nname = 'low'\n[dependencies]\ngraph-contracts-testing = '1'\n"), 1);
    assert_eq!(problems("[package]\nname = 'low'\n[dev-dependencies]\ngraph-contracts-testing = '1'\n"), 0);
    assert_eq!(problems("[package]\nname = 'graph-contracts-report'\n[dependencies]\nlow = '1'\n"), 1);
    assert_eq!(problems("[package]\nname = 'stranger'\n"), 1);
}

#[test]
fn an_import_of_a_module_above_is_found_wherever_it_stands() {
    let problems = |text: &str| {
        upward(
            &made(&[("src/low/mod.rs", "mod a;"), ("src/low/a.rs", text), ("src/high.rs", "pub struct H;")]),
            &["low", "high"],
        )
    };
    assert_eq!(problems("// crate::high"), [""; 0]);
    assert_eq!(problems("use crate::high::H;").len(), 1);
    assert_eq!(problems("use crate::{high::H};").len(), 1);
    assert_eq!(problems("fn f() { crate::high::g() }").len(), 1);
    assert_eq!(problems("use super::super::high::H;").len(), 1);
    assert_eq!(problems("#[cfg(test)]\nmod tests {\n    use crate::high::H;\n}"), [""; 0]);
    assert_eq!(upward(&made(&[("src/new.rs", "")]), &["low"]).len(), 1);
}

#[test]
fn a_circle_is_found_also_through_a_file_that_hands_names_on() {
    let face = ("src/m/mod.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\npub use b::B;\n");
    let found =
        |a: &str, b: &str, c: &str| circles(&made(&[face, ("src/m/a.rs", a), ("src/m/b.rs", b), ("src/m/c.rs", c)]));
    assert_eq!(found("use super::B;", "", "use super::A;"), [""; 0]);
    assert_eq!(found("use super::B;", "use super::A;", ""), ["src/m/a.rs, src/m/b.rs"]);
    assert_eq!(found("use super::B;", "use super::c::C;", "use crate::m::A;"), ["src/m/a.rs, src/m/b.rs, src/m/c.rs"]);
}
