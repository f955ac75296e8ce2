//! `docs/diagnostics.md` is true: it has a section for every code, the page that it shows causes the diagnostic, and the
//! fixed page does not.

use std::collections::{BTreeMap, BTreeSet};

use graph_contracts::contract::{Cloud, Contract, Property};
use graph_contracts::diagnostic::Code;
use graph_contracts::lint::{LintOptions, MetadataRules, lint};
use graph_contracts::page::{Element, Page};
use graph_contracts_odata::check::{MetadataText, check_contract, read_all};
use graph_contracts_odata::{diagnostics, resource_diagnostics};

use graph_contracts_testing::{TestResult, contracts_of_text, project};

/// The sections of the document: the page that causes a code, and the fixed one.
fn examples() -> std::io::Result<BTreeMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(project("docs/diagnostics.md"))?;
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut code = None;
    for element in Page::parse("diagnostics.md", &text).elements {
        match element {
            // What follows is about a command.
            Element::Heading(heading) if heading.level == 1 => code = None,
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

/// A page with which nothing is wrong.
const OTHER: &str = "# List lockers

## Permissions

|Permission type|Permissions|
|---|---|
|Delegated (work or school account)|Locker.Read.All|
|Delegated (personal Microsoft account)|Not supported.|
|Application|Locker.Read.All|

```http
GET https://graph.microsoft.com/v1.0/lockers
```

```http
HTTP/1.1 200 OK
Content-Type: application/json

{
  \"value\": []
}
```
";

/// The page of what it lists.
const RESOURCE: &str = "# locker resource type

|Property|Type|
|---|---|
|number|Int32|
";

/// The codes of what is wrong with a page in the folder of v1.0, and of what is not known of its contracts.
fn codes_of(page: &str) -> Result<Vec<Code>, Box<dyn std::error::Error>> {
    let read = |cloud: Cloud, name: &str| {
        let text = std::fs::read_to_string(project(&format!("tests/metadata/{name}")))?;
        std::io::Result::Ok(MetadataText { cloud, version: "v1.0".to_owned(), name: name.to_owned(), text })
    };
    let texts = [read(Cloud::Global, "v1.0.csdl")?, read(Cloud::China, "v1.0-china.csdl")?];
    let metadata = read_all(&texts)?;
    let folder = tempfile::tempdir()?;
    let kind = if page.contains("\"blockType\": \"resource\"") { "resources" } else { "api" };
    let file = folder.path().join(format!("v1.0/{kind}/example.md"));
    for kind in ["api", "resources"] {
        std::fs::create_dir_all(folder.path().join("v1.0").join(kind))?;
    }
    std::fs::write(&file, page)?;
    // What several pages have is what a set calls things.
    for number in 1..=3 {
        std::fs::write(folder.path().join(format!("v1.0/api/other-{number}.md")), OTHER)?;
    }
    std::fs::write(folder.path().join("v1.0/resources/locker.md"), RESOURCE)?;
    let paths = vec![folder.path().to_owned()];
    let contract = |page: &Page<'_>, contract: &Contract| diagnostics(page, contract, &metadata);
    let resource = |page: &Page<'_>, type_name: &str, tables: &[Vec<Property>]| {
        resource_diagnostics(page, type_name, tables, &metadata)
    };
    let rules = MetadataRules { contract: &contract, resource: &resource };
    let with_metadata = LintOptions { paths: paths.clone(), metadata: Some(rules), ..LintOptions::default() };
    let mut found: Vec<Code> = lint(&with_metadata, |_| ())?.diagnostics.into_iter().map(|own| own.code).collect();
    let without = lint(&LintOptions { paths, ..LintOptions::default() }, |_| ())?;
    assert!(without.diagnostics.iter().all(|own| !own.code.is_of_metadata()), "{:?}", without.diagnostics);
    for contract in contracts_of_text("v1.0/api/example.md", page) {
        let findings = check_contract(&contract, &metadata).into_iter().flatten();
        found.extend(findings.filter(|finding| finding.is_unknown()).map(|finding| finding.code));
    }
    Ok(found)
}

#[test]
fn every_code_is_explained_and_no_other() -> TestResult {
    let codes: BTreeSet<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let sections: BTreeSet<String> = examples()?.into_keys().collect();
    let missing: Vec<&String> = codes.difference(&sections).collect();
    assert!(missing.is_empty(), "docs/diagnostics.md should have a section, with two examples, for {missing:?}");
    let unknown: Vec<&String> = sections.difference(&codes).collect();
    assert!(unknown.is_empty(), "docs/diagnostics.md has sections of no code: {unknown:?}");
    Ok(())
}

#[test]
fn every_example_causes_its_code_and_its_fixed_form_does_not() -> TestResult {
    for (code, pages) in examples()? {
        let [bad, good] = pages.as_slice() else { panic!("{code} should have two examples") };
        let has_code =
            |page: &str| Ok::<_, Box<dyn std::error::Error>>(codes_of(page)?.iter().any(|own| own.name() == code));
        assert!(has_code(bad)?, "{code} should be reported for\n{bad}\nbut these are: {:?}", codes_of(bad)?);
        assert!(!has_code(good)?, "{code} should not be reported for\n{good}");
        // A page that is fixed for the metadata has no other finding that needs metadata.
        if Code::ALL.iter().any(|own| own.is_of_metadata() && own.name() == code) {
            let others: Vec<Code> = codes_of(good)?.into_iter().filter(|own| own.is_of_metadata()).collect();
            assert_eq!(others, [], "beside {code}");
        }
    }
    Ok(())
}
