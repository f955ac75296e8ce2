//! The flow at the top of `docs/architecture.md` names the folders that define what is in it.

use crate::check;
use crate::project::{File, files};

/// Words with the columns at which they stand.
fn words(line: &str) -> Vec<(usize, String)> {
    let (mut words, mut word, mut start) = (Vec::new(), String::new(), 0);
    for (column, c) in line.chars().chain([' ']).enumerate() {
        if c.is_ascii_alphanumeric() || c == '_' || c == '.' {
            if word.is_empty() {
                start = column;
            }
            word.push(c);
        } else if !word.is_empty() {
            words.push((start, std::mem::take(&mut word)));
        }
    }
    words
}

/// Whether a file below a folder of `src` defines a name.
fn defines(sources: &[File], folder: &str, name: &str, is_function: bool) -> bool {
    let kinds: &[&str] = if is_function { &["pub fn ", "pub async fn "] } else { &["pub struct ", "pub enum "] };
    let folder = format!("src/{folder}/");
    let mut own = sources.iter().filter(|file| file.path.starts_with(&folder));
    own.any(|file| {
        kinds.iter().any(|kind| {
            let definition = format!("{kind}{name}");
            file.text.match_indices(&definition).any(|(at, _)| {
                !file.text[at + definition.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
            })
        })
    })
}

/// What is wrong with the flow: nouns above the folders that define them, and verbs with theirs in the paragraph below it.
fn problems(document: &str, sources: &[File]) -> Vec<String> {
    const PLACE: &str = "docs/architecture.md";
    let Some((_, block)) = document.split_once("```text\n") else { return vec![format!("{PLACE}: has no flow")] };
    let Some((flow, after)) = block.split_once("\n```") else { return vec![format!("{PLACE}: the flow has no end")] };
    let [names, folders] = flow.lines().collect::<Vec<_>>()[..] else {
        return vec![format!("{PLACE}: the flow has two lines, the names and below them the folders of src")];
    };
    let below = words(folders);
    let paragraph = after.trim_start().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let mut problems = Vec::new();
    for (column, name) in words(names).into_iter().filter(|(_, name)| !name.contains('.')) {
        let is_verb = name.starts_with(|first: char| first.is_lowercase());
        let end = column + name.len();
        let folder = if is_verb {
            let text = format!("`{name}` in `");
            paragraph.split_once(&text).and_then(|(_, rest)| rest.split_once('`')).map(|(folder, _)| folder.to_owned())
        } else {
            below.iter().find(|(at, folder)| *at < end && column < at + folder.len()).map(|(_, folder)| folder.clone())
        };
        match folder {
            None => problems.push(format!("{PLACE}: the flow does not say in which folder of src {name} is defined")),
            Some(folder) if !defines(sources, &folder, &name, is_verb) => {
                problems.push(format!("{PLACE}: src/{folder} does not define {name}; name the folder that does"));
            }
            Some(_) => {}
        }
    }
    problems
}

#[test]
fn the_flow_names_the_folders_that_define_what_is_in_it() {
    let documents = files("docs/architecture.md");
    let document = documents.first().map(|file| file.text.as_str()).unwrap_or_default();
    check(&problems(document, &files(".rs")));
}

#[test]
fn a_name_that_its_folder_does_not_define_is_found() {
    let sources = [
        File::new("src/page/page.rs", "pub struct Page;\npub fn parse() {}"),
        File::new("src/url/a.rs", "pub struct Pages;"),
    ];
    let found = |folder: &str, verb: &str| {
        problems(
            &format!("```text\na.md ──parse──► Page\n                {folder}\n```\n\n`{verb}` in `page`.\n"),
            &sources,
        )
        .len()
    };
    assert_eq!(found("page", "parse"), 0);
    assert_eq!(found("url", "parse"), 1);
    assert_eq!(found("", "parse"), 1);
    assert_eq!(found("page", "read"), 1);
    assert_eq!(problems("no flow", &sources).len(), 1);
}
