//! Whole pages linted with metadata: the pages of resources, and the metadata comments of responses.

use graph_contracts::contract::{Contract, Property};
use graph_contracts::lint::{LintOptions, MetadataRules, lint};
use graph_contracts::page::Page;
use graph_contracts_odata::{diagnostics, resource_diagnostics};

use crate::library_metadata;

/// What the metadata says of a page in a folder of a version, as `code@line:column`.
fn found(version: &str, kind: &str, page: &str) -> Vec<String> {
    let text = library_metadata();
    let metadata = [text.read().expect("valid metadata")];
    let folder = tempfile::tempdir().expect("a folder");
    for kind in ["api", "resources"] {
        std::fs::create_dir_all(folder.path().join(version).join(kind)).expect("a folder");
    }
    std::fs::write(folder.path().join(version).join("api/other.md"), "# List books\n").expect("a page");
    std::fs::write(folder.path().join(version).join(kind).join("book.md"), page).expect("a page");
    let contract = |page: &Page<'_>, contract: &Contract| diagnostics(page, contract, &metadata);
    let resource = |page: &Page<'_>, type_name: &str, tables: &[Vec<Property>]| {
        resource_diagnostics(page, type_name, tables, &metadata)
    };
    let rules = MetadataRules { contract: &contract, resource: &resource };
    let options =
        LintOptions { paths: vec![folder.path().to_owned()], metadata: Some(rules), ..LintOptions::default() };
    let found = lint(&options, |_| ()).expect("pages").diagnostics;
    let found = found.into_iter().filter(|own| own.code.is_of_metadata());
    found.map(|own| format!("{}@{}:{}", own.code, own.line, own.column)).collect()
}

/// The page of a resource with these rows; the first is on line 7.
fn resource(name: &str, rows: &str) -> String {
    format!(
        "# {name} resource type\n\n## Properties\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n\n<!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.{name}\" }} -->\n```json\n{{}}\n```\n"
    )
}

#[track_caller]
fn check_resource(name: &str, rows: &str, expected: &[&str]) {
    assert_eq!(found("v1.0", "resources", &resource(name, rows)), expected, "{rows}");
}

#[test]
fn the_rows_of_a_resource_are_the_properties_of_its_type() {
    check_resource(
        "book",
        "|title|String|\n|pages|Int32|\n|authors|String collection|\n|chapters|[chapter](c.md) collection|",
        &[],
    );
    check_resource("book", "|title|String|\n|pages|Int64|", &["property-type-differs@8:2"]);
    check_resource("book", "|title|String|\n|authors|String|", &["property-type-differs@8:2"]);
    check_resource("book", "|title|String|\n|Pages|Int32|", &["name-case-differs@8:2"]);
    check_resource("book", "|title|String|\n|pags|Int32|", &["property-not-in-metadata@8:2"]);
    check_resource(
        "book",
        "|title|String|\n|binding|String|Possible values are: `cloth`, `leather`.|",
        &["enum-value-not-in-metadata@8:2"],
    );
}

#[test]
fn what_the_metadata_does_not_say_of_a_resource_is_unknown() {
    // Properties of derived types, and of open ones.
    check_resource("work", "|title|String|\n|pages|Int32|", &[]);
    check_resource("reader", "|cardNumber|String|\n|nickname|String|", &[]);
    // A table of something else, and a type that is not declared.
    check_resource("book", "|color|String|\n|weight|String|\n|title|String|", &[]);
    check_resource("pen", "|color|String|", &[]);
    // A word of another language says nothing of the type.
    check_resource("book", "|title|Text|\n|pages|Zahl|", &[]);
    let wrong = resource("book", "|title|String|\n|pages|Int64|");
    assert_eq!(found("beta", "resources", &wrong), Vec::<String>::new());
}

/// A page with a read, and the comment of its response on line 11.
#[track_caller]
fn check_comment(path: &str, named: &str, expected: &[&str]) {
    let text = format!(
        "# Get book\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0{path}\n```\n\n<!-- {{\n  \"blockType\": \"response\",\n  \"@odata.type\": \"{named}\"\n}} -->\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\n  \"value\": []\n}}\n```\n"
    );
    assert_eq!(found("v1.0", "api", &text), expected, "{path} {named}");
}

#[test]
fn the_comment_of_a_response_names_a_type_that_may_come_back() {
    check_comment("/books", "microsoft.graph.book", &[]);
    check_comment("/books", "Collection(microsoft.graph.book)", &[]);
    check_comment("/books", "microsoft.graph.Book", &[]);
    check_comment("/works", "microsoft.graph.book", &[]);
    check_comment("/books", "microsoft.graph.work", &[]);
    check_comment("/books", "microsoft.graph.bok", &["type-not-in-metadata@11:19"]);
    check_comment("/books", "microsoft.graph.reader", &["type-not-derived@11:19"]);
    // A namespace that the metadata does not have, or none, may be that of other metadata.
    check_comment("/books", "microsoft.graph.old.bok", &[]);
    check_comment("/books", "stream", &[]);
}
