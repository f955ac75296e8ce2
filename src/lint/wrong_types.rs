//! Values that are not of their property's type, and which side of a contradiction is reported.

use super::enum_lists::place_text;
use super::literals::date_fault;
use super::values::{Checker, Value, has_type};
use crate::compare::excerpt;
use crate::contract::{Declaration, Property, PropertyTables, UNTYPED};
use crate::diagnostic::Code;
use crate::edm::Primitive;
use crate::json::Json;

impl<'t> Checker<'_, '_, 't> {
    /// Reports a value that is not of its property's type, or the row that nothing else agrees with.
    pub(super) fn wrong_type(&mut self, value: &Value<'_>, property: &Property, declared: Declaration<'t>) {
        if !self.is_row_of_page(property) {
            // The page of the resource is reported, not each example.
            if self.note_disputed(value, property, declared, false) {
                return;
            }
        } else if let Some((page, other)) = self.other_row(property, declared, value.json) {
            // The row of this page is what differs: it is reported once.
            let line = property.line.unwrap_or_default();
            let place = other.line.map_or_else(|| page.to_owned(), |line| format!("line {line} of {page}"));
            let message = format!(
                "`{}` is {} in this row, but {} on {place}, and in the examples",
                property.name,
                written_type(self.linter.tables, property),
                type_text(&other)
            );
            return self.linter.report(Code::ValueNotOfType, line, message);
        }
        let of_page = self.is_row_of_page(property).then_some(property.line).flatten();
        let (of_type, place) = match of_page {
            Some(line) => (written_type(self.linter.tables, property), format!(" (line {line})")),
            None => {
                let row = declared.owner.and_then(|owner| self.index.property(owner, &property.name));
                let place = row.and_then(|(documented, row)| Some((documented.page.as_str(), row.property.line?)));
                let place = place.map(|place| format!(" ({})", place_text(self.linter.page.path, place)));
                (type_text(property), place.unwrap_or_default())
            }
        };
        let message = format!(
            "the value at {} is {}, but the property is {of_type}{place}",
            value.path(),
            fault(value.json, property),
        );
        self.linter.report_at(Code::ValueNotOfType, value.place(), message);
    }

    /// Whether a property is described by a row of the linted page.
    pub(super) fn is_row_of_page(&mut self, property: &Property) -> bool {
        property.line.is_some_and(|line| self.linter.lists().has_row(&property.name, line))
    }

    /// The row on the page of the resource for what this page describes, if a value is of that row's type; and that page.
    fn other_row(&self, property: &Property, declared: Declaration<'t>, value: &Json) -> Option<(&'t str, Property)> {
        let owners = [declared.owner, self.of_response].into_iter().flatten();
        let mut rows = owners.filter_map(|owner| self.index.property(owner, &property.name));
        rows.find_map(|(documented, row)| {
            let other = row.described();
            let is_known = other.type_name != UNTYPED || other.collection;
            let fits = match value {
                Json::Array(items) => {
                    other.collection && items.iter().all(|item| has_type(item, &other.type_name, self.large_numbers))
                }
                value => !other.collection && has_type(value, &other.type_name, self.large_numbers),
            };
            (is_known && fits).then_some((documented.page.as_str(), other))
        })
    }
}

/// The type of a property in words: pages leave out the namespace of primitive types.
fn type_text(property: &Property) -> String {
    let collection = if property.collection { "a collection of " } else { "" };
    format!("{collection}{}", property.type_name.strip_prefix("Edm.").unwrap_or(&property.type_name))
}

/// The type of a property of the page that has those tables, where it is primitive as its row writes it: `Integer`.
pub(super) fn written_type(tables: &PropertyTables<'_>, property: &Property) -> String {
    let line = property.line.filter(|_| property.type_name.starts_with("Edm."));
    line.and_then(|line| tables.type_at(line)).map_or_else(|| type_text(property), excerpt)
}

/// What a value is that is not of its property's type; of a date, what it lacks or has too much.
pub(super) fn fault(value: &Json, property: &Property) -> String {
    let date = value.as_str().zip(Primitive::read(&property.type_name)).filter(|_| !property.collection);
    let fault = date.and_then(|(text, primitive)| date_fault(text, primitive));
    fault.map_or_else(|| value.kind().with_article().to_owned(), |fault| format!("a string that {fault}"))
}

#[cfg(test)]
mod tests {
    use crate::contract::TypeIndex;
    use crate::diagnostic::Code;
    use crate::lint::lint_page;
    use crate::lint::testing::messages;
    use crate::lint::testing::{exchange, post};
    use crate::page::Page;

    #[test]
    fn the_message_has_the_word_of_the_row_and_its_line() {
        let check = |of_type: &str, expected: &str| {
            let text = post(&format!("|Property|Type|\n|---|---|\n|on|{of_type}|\n"), "{\"on\": {}}", "{}");
            assert_eq!(
                messages(&text, Code::ValueNotOfType),
                [format!("the value at $['on'] is an object, but the property is {expected}")]
            );
        };
        check("Integer", "Integer (line 25)");
        check("**Date**", "Date (line 25)");
        check("Edm.Boolean", "Edm.Boolean (line 25)");
        check("String collection", "String collection (line 25)");
    }

    /// The findings about types of a page with a row and a POST, as `line:column`. `resource` is a row of the resource page, `shown` a
    /// member of its representation.
    #[track_caller]
    fn check_types(row: &str, sent: &str, resource: &str, shown: &str, expected: &[(u32, u32)]) {
        let table = format!("|Property|Type|\n|---|---|\n|name|String|\n{row}");
        let text =
            post(&table, &format!("{{\"name\": \"a\", {sent}}}"), r##"{"@odata.type": "#microsoft.graph.lamp"}"##);
        let lamp = format!(
            "# lamp resource type\n\n|Property|Type|\n|---|---|\n|name|String|\n{resource}\n\n\
             <!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```json\n{{ \"name\": \"String\", {shown} }}\n```\n"
        );
        let mut index = TypeIndex::default();
        index.add(&Page::parse("resources/lamp.md", &lamp));
        let found = lint_page(&Page::parse("api/lamp-post.md", &text), &index, None).diagnostics;
        let found = found.iter().filter(|own| own.code == Code::ValueNotOfType).map(|own| (own.line, own.column));
        assert_eq!(found.collect::<Vec<_>>(), expected, "{row} {sent} {resource} {shown}");
    }

    #[test]
    fn a_row_that_neither_the_resource_nor_the_example_agrees_with_is_reported_itself() {
        let row = "|maker|String|";
        check_types(row, r#""maker": {"id": "1"}"#, "|maker|[person](person.md)|", "\"a\": 1", &[(26, 1)]);
        check_types("|lit|String|", r#""lit": true"#, "|lit|Boolean|", "\"a\": 1", &[(26, 1)]);
        check_types("|lit|String|", r#""lit": true"#, "|lit|String|", "\"a\": 1", &[(11, 15)]);
        check_types("|lit|Boolean|", r#""lit": "true""#, "|lit|Boolean|", "\"a\": 1", &[(11, 15)]);
        check_types("|tags|String|", r#""tags": ["a"]"#, "|tags|String collection|", "\"a\": 1", &[(26, 1)]);
    }

    #[test]
    fn several_of_what_a_resource_leads_to_may_be_a_relationship_without_the_word() {
        let check = |of_type: &str, expected: usize| {
            let lamp =
                format!("# lamp resource type\n\n|Property|Type|\n|---|---|\n|name|String|\n|parts|{of_type}|\n");
            let mut index = TypeIndex::default();
            index.add(&Page::parse("resources/lamp.md", &lamp));
            let answer = r##"{"@odata.type": "#microsoft.graph.lamp", "name": "a", "parts": [{"id": "1"}]}"##;
            let text =
                exchange("", "GET /lamps/1", &format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{answer}"));
            let found = lint_page(&Page::parse("api/lamp-get.md", &text), &index, None).diagnostics;
            assert_eq!(found.iter().filter(|own| own.code == Code::ValueNotOfType).count(), expected, "{of_type}");
        };
        check("[part](part.md)", 0);
        check("[part](part.md) collection", 0);
        check("String", 1);
    }

    #[test]
    fn nothing_is_known_of_a_property_about_which_its_page_contradicts_itself() {
        let answer = r##"{"@odata.type": "#microsoft.graph.lamp", "name": "a", "modes": "dim"}"##;
        let check = |shown: &str, expected: usize| {
            let lamp = format!(
                "# lamp resource type\n\n|Property|Type|\n|---|---|\n|name|String|\n|modes|String collection|\n\n\
                 <!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```json\n{shown}\n```\n"
            );
            let mut index = TypeIndex::default();
            index.add(&Page::parse("resources/lamp.md", &lamp));
            let text =
                exchange("", "GET /lamps/1", &format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{answer}"));
            let found = lint_page(&Page::parse("api/lamp-get.md", &text), &index, None).diagnostics;
            assert_eq!(found.iter().filter(|own| own.code == Code::ValueNotOfType).count(), expected, "{shown}");
        };
        check(r#"{"name": "String", "modes": "String"}"#, 0);
        check(r#"{"name": "String", "modes": ["String"]}"#, 1);
        check(r#"{"name": "String"}"#, 1);
        // The representation is of something else.
        check(r#"{"modes": "String", "a": 1, "b": 1}"#, 1);
    }
}
