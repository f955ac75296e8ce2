//! Each file says what it is for, and is no longer than it should be. The front of the library stays small.

use crate::imports::imports;
use crate::project::{File, files};
use crate::{check, unused};

/// The most lines of a file without its unit tests.
const MOST_LINES: usize = 450;

/// Files that are longer, with the reason.
const LONG: [(&str, &str); 0] = [];

/// The most names that the front of the library documents.
const MOST_NAMES: usize = 30;

fn documented(file: &File) -> Vec<String> {
    let is_documented = file.text.starts_with("//!");
    let problem = || format!("{}:1: begin the file with `//!` and what it is for", file.path);
    (!is_documented).then(problem).into_iter().collect()
}

fn long(file: &File) -> Option<String> {
    let lines = file.without_tests().lines().count();
    (!file.is_test() && lines > MOST_LINES).then(|| {
        format!(
            "{}:{lines}: {lines} lines, of at most {MOST_LINES}; move what is a thing of its own to its own file",
            file.path
        )
    })
}

/// What is wrong with the front of the library, `src/lib.rs`: what it hands on is documented there.
fn front(file: &File) -> Vec<String> {
    let names = imports(&file.text).iter().filter(|import| import.is_use).count();
    let modules = file.text.match_indices("pub mod ").filter(|(at, _)| !file.text[..*at].ends_with("#[doc(hidden)]\n"));
    let mut problems: Vec<String> = modules
        .map(|(at, _)| {
            let line = file.text[..at].lines().count() + 1;
            format!("{}:{line}: a module is internal; mark it `#[doc(hidden)]`, and hand on what users need", file.path)
        })
        .collect();
    if names > MOST_NAMES {
        let path = &file.path;
        problems
            .push(format!("{path}:1: documents {names} names, of at most {MOST_NAMES}; leave out what no user needs"));
    }
    problems
}

#[test]
fn the_front_of_the_library_is_small() {
    check(&files("src/lib.rs").iter().filter(|file| file.path == "src/lib.rs").flat_map(front).collect::<Vec<_>>());
}

#[test]
fn a_large_front_and_an_open_module_are_found() {
    let names: Vec<String> = (0..=MOST_NAMES).map(|number| format!("N{number}")).collect();
    assert_eq!(front(&File::new("src/lib.rs", &format!("pub use self::a::{{{}}};", names.join(", ")))).len(), 1);
    assert_eq!(front(&File::new("src/lib.rs", &format!("pub use self::a::{{{}}};", names[1..].join(", ")))).len(), 0);
    assert_eq!(front(&File::new("src/lib.rs", "#[doc(hidden)]\npub mod a;\npub mod b;\n")).len(), 1);
}

#[test]
fn every_file_says_what_it_is_for() {
    check(&files(".rs").iter().flat_map(documented).collect::<Vec<_>>());
}

#[test]
fn no_file_is_too_long_but_for_a_reason() {
    let files = files(".rs");
    let excepted = |path: &str| LONG.iter().any(|(long, _)| *long == path);
    let mut problems: Vec<String> = files.iter().filter(|file| !excepted(&file.path)).filter_map(long).collect();
    let is_needed = |path: &str| files.iter().any(|file| file.path == path && long(file).is_some());
    problems.extend(unused("LONG in tests/tidy/files.rs", LONG.iter().map(|(path, _)| *path), is_needed));
    check(&problems);
}

#[test]
fn a_file_without_a_purpose_or_with_too_many_lines_is_found() {
    assert_eq!(documented(&File::new("src/a.rs", "use b;\n")).len(), 1);
    assert_eq!(documented(&File::new("src/a.rs", "//! A.\n")).len(), 0);
    let text = "//\n".repeat(MOST_LINES);
    assert_eq!(long(&File::new("src/a.rs", &text)), None);
    assert_eq!(long(&File::new("src/a.rs", &format!("{text}#[cfg(test)]\nmod tests {{\n}}\n"))), None);
    assert!(long(&File::new("src/a.rs", &format!("{text}//\n"))).is_some());
    assert_eq!(long(&File::new("tests/a.rs", &format!("{text}//\n"))), None);
    assert_eq!(unused("LIST", ["a.rs"].into_iter(), |_| false).len(), 1);
}
