//! Properties about which the page of a resource contradicts itself: what the examples of the set show of them decides which side is reported.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::values::{Checker, Value};
use super::wrong_types::fault;
use crate::contract::{Declaration, Property, TypeIndex};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::Kind;

/// What examples show of a disputed property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Examples {
    /// By the page of the resource, and the name of the property.
    by_property: BTreeMap<(String, String), Shown>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    /// The kind of all values, if it is one.
    kind: Option<Kind>,
    /// Whether one of them is of the type of the row.
    fits_row: bool,
    count: usize,
    /// The page and the line of the first one, and what it is.
    first: (String, u32, String),
}

impl Examples {
    fn add(&mut self, property: (String, String), kind: Kind, fits_row: bool, first: (String, u32, String)) {
        let shown = || Shown { kind: Some(kind), fits_row, count: 0, first };
        let own = self.by_property.entry(property).or_insert_with(shown);
        own.kind = own.kind.filter(|own| *own == kind);
        own.fits_row |= fits_row;
        own.count += 1;
    }

    /// What two parts of a set show. What is the first of a property's examples follows from their places.
    pub(super) fn merge(&mut self, other: Examples) {
        for (property, shown) in other.by_property {
            match self.by_property.get_mut(&property) {
                None => drop(self.by_property.insert(property, shown)),
                Some(own) => {
                    own.kind = own.kind.filter(|kind| shown.kind == Some(*kind));
                    own.fits_row |= shown.fits_row;
                    own.count += shown.count;
                    own.first = std::mem::take(&mut own.first).min(shown.first);
                }
            }
        }
    }
}

/// A property whose row and JSON representation contradict each other.
#[derive(Debug)]
pub(super) struct Disputed {
    pub(super) property: String,
    /// The line of the row, and its type in words.
    pub(super) row: Option<u32>,
    pub(super) type_text: String,
    /// The kind of the value in the representation, as far as it is not the name of a type.
    pub(super) is_list: bool,
    /// The finding at the representation.
    pub(super) diagnostic: Diagnostic,
}

impl Disputed {
    /// The finding: at the row where all examples agree with the representation, or else at the representation.
    pub(super) fn defect(self, examples: &Examples) -> Diagnostic {
        let Disputed { property, row, type_text, is_list, diagnostic } = self;
        let shown = examples.by_property.get(&(diagnostic.page.clone(), property.clone()));
        let against =
            shown.filter(|own| !own.fits_row && own.kind.is_some_and(|kind| (kind == Kind::Array) == is_list));
        let (Some(Shown { count, first: (page, at, what), .. }), Some(line)) = (against, row) else {
            return diagnostic;
        };
        let examples = match count {
            1 => format!("the example on line {at} of {page}"),
            count => format!("all {count} examples, the first on line {at} of {page},"),
        };
        let message =
            format!("`{property}` is {type_text} in this row, but the JSON representation and {examples} show {what}");
        Diagnostic { code: Code::ValueNotOfType, line, column: 1, message, ..diagnostic }
    }
}

impl<'t> Checker<'_, '_, 't> {
    /// Notes what an example shows of a property about which the page of its resource contradicts itself. Gives whether it does.
    pub(super) fn note_disputed(
        &mut self,
        value: &Value<'_>,
        property: &Property,
        declared: Declaration<'t>,
        fits_row: bool,
    ) -> bool {
        let Some(owner) = declared.owner.filter(|owner| has_disputes(&mut self.disputes, self.index, owner)) else {
            return false;
        };
        if self.is_row_of_page(property) {
            return false;
        }
        let Some(page) = self.index.contradicted_page(owner, &property.name) else { return false };
        let key = (page.to_owned(), property.name.clone());
        let first = (self.linter.page.path.to_owned(), value.place().0, fault(value.json, property));
        self.linter.examples.add(key, value.json.kind(), fits_row, first);
        true
    }
}

/// Whether the page of a type, or of one that it inherits from, contradicts itself.
fn has_disputes<'t>(known: &mut HashMap<&'t str, bool>, index: &TypeIndex, owner: &'t str) -> bool {
    *known.entry(owner).or_insert_with(|| index.has_contradictions(owner))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::PropertyTables;
    use crate::lint::lint_page;
    use crate::lint::resource_page::ResourceLint;
    use crate::lint::testing::exchange;
    use crate::page::Page;

    /// The line of the finding in the page of a resource with this row and this member of its representation, where responses show these members.
    #[track_caller]
    fn check(row: &str, shown: &str, examples: &[&str], expected: &[u32]) {
        let lamp = format!(
            "# lamp resource type\n\n|Property|Type|\n|---|---|\n|name|String|\n{row}\n\n\
             <!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```json\n{{ \"name\": \"String\", {shown} }}\n```\n"
        );
        let page = Page::parse("resources/lamp.md", &lamp);
        let mut index = TypeIndex::default();
        index.add(&page);
        let mut all = Examples::default();
        for example in examples {
            let body = format!("{{\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"a\", {example}}}");
            let answer = format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}");
            let found =
                lint_page(&Page::parse("api/lamp-get.md", &exchange("", "GET /lamps/1", &answer)), &index, None);
            assert!(found.diagnostics.iter().all(|own| own.code != Code::ValueNotOfType), "{example}");
            all.merge(found.examples);
        }
        let found = ResourceLint::of(&PropertyTables::of(&page), None).diagnostics(&index, &all);
        let found = found.into_iter().filter(|own| own.code == Code::ValueNotOfType).map(|own| own.line);
        assert_eq!(found.collect::<Vec<_>>(), expected, "{row} {shown} {examples:?}");
    }

    #[test]
    fn the_row_is_reported_where_all_examples_contradict_it() {
        let (row, shown) = ("|modes|String collection|", "\"modes\": \"String\"");
        check(row, shown, &[], &[10]);
        check(row, shown, &["\"modes\": \"dim\""], &[6]);
        check(row, shown, &["\"modes\": \"dim\"", "\"modes\": \"off\""], &[6]);
        check(row, shown, &["\"modes\": \"dim\"", "\"modes\": [\"off\"]"], &[10]);
        check(row, shown, &["\"modes\": [\"off\"]"], &[10]);
        check(row, shown, &["\"modes\": \"dim\"", "\"modes\": 4"], &[10]);
        check(row, shown, &["\"modes\": null", "\"modes\": \"String\""], &[10]);
        check("|watts|String|", "\"watts\": 4", &["\"watts\": 40"], &[6]);
        check("|watts|String|", "\"watts\": 4", &["\"watts\": \"40\""], &[10]);
        check("|watts|Int32|", "\"watts\": 4", &["\"watts\": 40"], &[]);
    }
}
