//! `lint --fix` corrects folders of pages, and nothing else changes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use graph_contracts::contract::Contract;
use graph_contracts::lint::{FixedPage, Lint, LintOptions, fix, lint};
use graph_contracts::page::Page;
use graph_contracts_testing::{TestResult, contracts_of_text, copy_folder};
use serde_json::Value;

/// A page with defects that have one right answer, and one in which only a person can say what is right.
const PAGE: &str = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Examples\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Length: 7\n{\n  \"a\": 1,\n}\n\nContent-Type: application/json\n```\n\n\
    ```http\nHTTP/1.1 201 created.\n\n{\n  \"a\": 1,\n}\n```\n\n### Another\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{ \"a\": 2 }\n```\n\n\
    ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{ \"a\": 2 \"b\": 3 }\n```\n";

/// How many defects of each code and page there are.
fn counts(lint: &Lint) -> BTreeMap<(String, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for own in &lint.diagnostics {
        *counts.entry((own.page.clone(), own.code.name())).or_default() += 1;
    }
    counts
}

/// Each contract of a page without its lines, with the text of its two blocks.
fn contracts(page: &str, text: &str) -> Vec<(Value, [Option<String>; 2])> {
    let parsed = Page::parse(page, text);
    let block_at = |line: u32| {
        let block = parsed.blocks.iter().find(|block| block.message.start.line() == line)?;
        Some((line..=block.end).map(|line| parsed.line_text(line).to_owned() + "\n").collect())
    };
    let each = |own: Contract| {
        let blocks = [own.source.request.line, own.source.response.line].map(block_at);
        let mut value = serde_json::to_value(own).expect("a contract is JSON");
        without_lines(&mut value);
        (value, blocks)
    };
    contracts_of_text(page, text).into_iter().map(each).collect()
}

fn without_lines(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| name != "source" && name != "line");
            members.values_mut().for_each(without_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(without_lines),
        _ => {}
    }
}

/// `FIXED_PAGES` names another folder of pages; they are copied.
#[expect(clippy::print_stderr, reason = "a test says what it has looked at")]
#[test]
fn what_has_one_right_answer_is_gone_and_nothing_is_added() -> TestResult {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("pages");
    match std::env::var_os("FIXED_PAGES").map(PathBuf::from) {
        Some(pages) => copy_folder(&pages, &root),
        None => {
            std::fs::create_dir_all(root.join("v1.0/api"))?;
            std::fs::write(root.join("v1.0/api/lamp-post.md"), PAGE)?;
            std::fs::write(root.join("v1.0/api/lamps-post.md"), format!("\u{feff}{}", PAGE.replace('\n', "\r\n")))?;
        }
    }
    let options = LintOptions { paths: vec![root], ..LintOptions::default() };
    let before = lint(&options, |_| {})?;
    let fixable = before.diagnostics.iter().filter(|own| own.edit.is_some()).count();
    let fixes = fix(&options, &before)?;
    let (mut fixed, left) = (0, fixes.left().count());
    let mut expected = counts(&before);
    for FixedPage { page, old, text, fixed: gone, .. } in &fixes.pages {
        fixed += gone.len();
        for own in gone {
            let number = expected.get_mut(&(page.clone(), own.code.name())).ok_or("it was there")?;
            *number -= 1;
        }
        let (old_contracts, new) = (contracts(page, old), contracts(page, text));
        assert_eq!(old_contracts.len(), new.len(), "{page}");
        for ((old, old_text), (new, new_text)) in old_contracts.iter().zip(&new) {
            assert!(old_text != new_text || old == new, "{page}: {}", old["id"]);
        }
        assert_eq!(old.starts_with('\u{feff}'), text.starts_with('\u{feff}'), "{page}");
        assert_eq!(old.contains("\r\n"), text.contains("\r\n"), "{page}");
        std::fs::write(&before.files[page], text)?;
    }
    assert!(fixed > 0, "there is something to correct");
    assert_eq!(fixed + left, fixable);
    let after = lint(&options, |_| {})?;
    expected.retain(|_, number| *number > 0);
    assert_eq!(counts(&after), expected);
    let again = fix(&options, &after)?;
    assert_eq!(again.pages.iter().map(|page| page.fixed.len()).sum::<usize>(), 0);
    assert!(again.pages.iter().all(|page| page.old == page.text), "the second run changes nothing");
    eprintln!(
        "{} pages, {} defects: {fixed} corrected, {left} of those with an edit left",
        before.pages,
        before.diagnostics.len()
    );
    Ok(())
}
