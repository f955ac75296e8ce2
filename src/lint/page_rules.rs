//! Rules for the page as a whole: its tables, versions and what generators left behind.

use std::collections::HashSet;

use super::Linter;
use crate::contract::{Type, declared_properties, request_body_type, version_of_path};
use crate::diagnostic::Code;
use crate::page::{Element, Page, StartLine, Table};
use crate::url::Target;

/// What documentation generators write where they do not know better.
const LEFTOVERS: [&str; 2] = ["Unknown Primitive Type", "** Entity URI for"];

pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    for leftover in LEFTOVERS {
        for at in memchr::memmem::find_iter(page.text.as_bytes(), leftover) {
            linter.report(
                Code::GeneratorLeftover,
                page.line_at(at),
                "a placeholder that a documentation generator left",
            );
        }
    }
    for table in page.tables() {
        property_twice(linter, table);
    }
    versions(linter);
}

fn property_twice(linter: &mut Linter<'_>, table: &Table) {
    let Some(properties) = declared_properties(table) else { return };
    let mut names = HashSet::new();
    for property in &properties {
        if !names.insert(property.name.as_str()) {
            let message = format!("`{}` is in the table twice", property.name);
            linter.report(Code::PropertyTwice, property.line.unwrap_or(table.line), message);
        }
    }
}

/// Examples of a page in a version's folder are of that version.
fn versions(linter: &mut Linter<'_>) {
    let page = linter.page;
    let Some(version) = version_of_path(page.path) else { return };
    for block in &page.blocks {
        let StartLine::Request(line) = &block.message.start else { continue };
        let target = Target::read(&line.target);
        let is_graph = target.host.is_some() && target.is_graph();
        if let Some(own) = target.version.filter(|own| is_graph && *own != version) {
            let message = format!("the URL is of version {own}, the page of {version}");
            linter.report(Code::VersionNotThePages, line.line, message);
        }
    }
}

/// What the section "Request body" says.
pub(super) struct RequestBody<'p> {
    /// The words of its text, and the names in its tables.
    words: HashSet<&'p str>,
    /// The properties in its table; `None` if it has none.
    properties: Option<HashSet<String>>,
}

impl<'p> RequestBody<'p> {
    pub(super) fn of(page: &'p Page<'_>) -> RequestBody<'p> {
        let mut words = HashSet::new();
        for element in page.section("request-body") {
            match element {
                Element::Prose(prose) => words.extend(prose.text.split(|c: char| !c.is_alphanumeric())),
                Element::Table(table) => {
                    words.extend(table.rows.iter().filter_map(|row| row.first()).map(|cell| cell.text.as_ref()));
                }
                _ => {}
            }
        }
        let declared = request_body_type(page);
        let names = |declared: Type| declared.properties.into_iter().map(|property| property.name).collect();
        RequestBody { words, properties: declared.map(names) }
    }

    /// Whether the section speaks of a member.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    /// Whether the table has other members than this one, which the section does not mention either: a table may describe what is inside
    /// the one member that the text names.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.properties.as_ref().is_some_and(|properties| !properties.contains(name)) && !self.mentions(name)
    }
}
