//! Rules for the page as a whole: its tables, versions and what generators left behind.

use std::collections::HashSet;

use super::{Contracts, Linter};
use crate::contract::{declared_properties, request_body_type, version_of_path};
use crate::diagnostic::Code;
use crate::json::{Json, Path};
use crate::page::{Element, Page, StartLine, Table};
use crate::url::Target;

/// What documentation generators write where they do not know better.
const LEFTOVERS: [&str; 2] = ["Unknown Primitive Type", "** Entity URI for"];

pub(super) fn check(linter: &mut Linter<'_>, contracts: &Contracts) {
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
    members_not_in_table(linter, contracts);
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

/// The members of a request's body that the page's table of the body does not have.
fn members_not_in_table(linter: &mut Linter<'_>, contracts: &Contracts) {
    let Some(declared) = request_body_type(linter.page) else { return };
    for (_, contract) in contracts {
        let Some(json) = contract.request.body.as_ref().and_then(|body| body.as_json()) else { continue };
        let Json::Object(members) = json else { continue };
        let lines = contract.source.request.lines(json);
        for member in members.iter().filter(|member| !member.name.contains('@')) {
            let is_known = declared.properties.iter().any(|property| property.name == member.name);
            // A table may describe what is inside the one member that the text names.
            if !is_known && !linter.request_body_words.contains(member.name.as_str()) {
                let line = lines.nearest(&Path::root().member(&member.name)).unwrap_or(contract.source.request.line);
                let message = format!("`{}` is not in the table of the request body", member.name);
                linter.report(Code::MemberNotInTable, line, message);
            }
        }
    }
}

/// The words of the section "Request body": those of its text, and the names in its tables.
pub(super) fn request_body_words<'a>(page: &'a Page<'_>) -> HashSet<&'a str> {
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
    words
}
