//! Words that are not used in code, docs and messages. `CONTRIBUTING.md` says how the project writes.

use crate::project::{File, files};
use crate::{check, unused};

/// What is not written, and what is written instead. Only beginnings of words count.
const WORDS: &[(&str, &str)] = &[
    ("hold against", "check against"),
    ("holds against", "checks against"),
    ("licence", "license"),
    ("behaviour", "behavior"),
    ("honour", "honor"),
    ("neighbour", "neighbor"),
    ("initialis", "initialize"),
    ("organis", "organize"),
    ("summaris", "summarize"),
    ("analyse", "analyze"),
    ("centre", "center"),
    ("whilst", "while"),
    ("amongst", "among"),
    ("utilis", "use"),
    ("categoris", "categorize"),
    ("authoris", "authorize"),
    ("customis", "customize"),
    ("artefact", "artifact"),
    ("catalogue", "catalog"),
    ("minimis", "minimize"),
    ("learnt", "learned"),
    ("mend", "fix"),
    ("held against", "checked against"),
    ("of before", "old"),
    ("of now", "new"),
    ("so manyth", "nth"),
    ("normalis", "normalize"),
    ("colour", "color"),
    ("serialis", "serialize"),
    ("recognis", "recognize"),
    ("judgement", "judgment"),
    ("an example cannot tell", "what an example cannot show"),
    ("slips of the pen", "mistakes"),
];

/// Files that have to use a word, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[("tests/integration/hostile.rs", "colour", "a member of a test's page")];

/// Whether a line in lower case has a word that begins so.
fn has(line: &str, word: &str) -> bool {
    let mut found = line.match_indices(word);
    found.any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric()))
}

/// Where a file uses a word of those.
fn uses<'w>(file: &File, words: &'w [(&'w str, &'w str)]) -> Vec<(&'w str, String)> {
    let mut uses = Vec::new();
    for (number, line) in file.text.to_lowercase().lines().enumerate() {
        for (word, instead) in words.iter().filter(|(word, _)| has(line, word)) {
            uses.push((*word, format!("{}:{}: \"{word}\" is not used here; write {instead}", file.path, number + 1)));
        }
    }
    uses
}

#[test]
fn words_that_are_not_used_are_not_used() {
    let mut read = files(".rs");
    read.extend(files(".md"));
    read.retain(|file| file.path != "tests/tidy/words.rs");
    let found: Vec<(String, &str, String)> = read
        .iter()
        .flat_map(|file| uses(file, WORDS).into_iter().map(|(word, problem)| (file.path.clone(), word, problem)))
        .collect();
    let is_excepted =
        |path: &str, word: &str| EXCEPTIONS.iter().any(|(file, known, _)| *file == path && *known == word);
    let mut problems: Vec<String> = found
        .iter()
        .filter(|(path, word, _)| !is_excepted(path, word))
        .map(|(_, _, problem)| problem.clone())
        .collect();
    for (file, word, _) in EXCEPTIONS {
        let is_needed = |file: &str| found.iter().any(|(path, found, _)| path == file && found == word);
        problems.extend(unused("EXCEPTIONS in tests/tidy/words.rs", [*file].into_iter(), is_needed));
    }
    check(&problems);
}

#[test]
fn a_word_is_found_at_its_beginning_in_any_case() {
    let words = [("colour", "color"), ("held against", "checked against")];
    let count = |text: &str| uses(&File::new("a.md", text), &words).len();
    assert_eq!(count("The colours"), 1);
    assert_eq!(count("Colour, held against it"), 2);
    assert_eq!(count("color\nbicolour"), 0);
    assert_eq!(uses(&File::new("a.md", "\ncolour"), &words)[0].1, "a.md:2: \"colour\" is not used here; write color");
}
