//! `docs/diagnostics.md` is true: it has a section for every code, the page that it shows causes the diagnostic, and the
//! mended page does not.

use std::collections::BTreeMap;

use graph_contracts::Code;
use graph_contracts::lint::{LintOptions, lint};
use graph_contracts::page::{Element, Page};

use crate::support::{TestResult, project};

/// The sections of the document: the page that causes a code, and the mended one.
fn examples() -> std::io::Result<BTreeMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(project("docs/diagnostics.md"))?;
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut code = None;
    for element in Page::parse("diagnostics.md", &text).elements {
        match element {
            Element::Heading(heading) if heading.level == 2 => {
                sections.entry(heading.text.clone()).or_default();
                code = Some(heading.text);
            }
            Element::Fence(fence) => {
                let page: String = fence.lines.iter().map(|line| format!("{}\n", line.text)).collect();
                sections.entry(code.clone().unwrap_or_default()).or_default().push(page);
            }
            _ => {}
        }
    }
    // What stands before the first section is about the command.
    sections.remove("");
    Ok(sections)
}

/// The codes of the diagnostics of a page in the folder of v1.0.
fn codes_of(page: &str) -> Result<Vec<Code>, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("v1.0/api/example.md");
    std::fs::create_dir_all(file.parent().ok_or("a folder")?)?;
    std::fs::write(&file, page)?;
    let options = LintOptions { paths: vec![folder.path().to_owned()], ..LintOptions::default() };
    Ok(lint(&options, |_| ())?.diagnostics.into_iter().map(|diagnostic| diagnostic.code).collect())
}

#[test]
fn every_code_is_explained_and_no_other() -> TestResult {
    let mut codes: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    codes.sort();
    let sections: Vec<String> = examples()?.into_keys().collect();
    assert_eq!(sections, codes);
    Ok(())
}

#[test]
fn every_example_causes_its_code_and_its_mended_form_does_not() -> TestResult {
    for (code, pages) in examples()? {
        let [bad, good] = pages.as_slice() else { panic!("{code} should have two examples") };
        let has_code =
            |page: &str| Ok::<_, Box<dyn std::error::Error>>(codes_of(page)?.iter().any(|own| own.name() == code));
        assert!(has_code(bad)?, "{code} should be reported for\n{bad}\nbut these are: {:?}", codes_of(bad)?);
        assert!(!has_code(good)?, "{code} should not be reported for\n{good}");
    }
    Ok(())
}
