//! Rules for the lists of an enumeration's values: rows of properties list them, and so do tables of their own.
//!
//! What any list of an enumeration has is documented. Where a row lists what the enumeration's own table does not have, the row is reported,
//! once, and not each example that follows one of the two.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::Linter;
use super::nearest::{MOST_HINTS, nearest};
use crate::compare::excerpt;
use crate::contract::{Enumerations, Property, PropertyRow, TypeIndex, namespace_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::Page;

/// A property has at most so many types in the tables of one page; more are of a table that is something else.
const MOST_WORDS: usize = 8;

/// What the tables of a page list of enumerations.
#[derive(Debug, Default)]
pub(super) struct PageLists {
    /// The enumerations that the page has tables of.
    own: Enumerations,
    /// What the rows of a property list, by its name.
    rows: HashMap<String, RowLists>,
}

#[derive(Debug, Default)]
struct RowLists {
    values: HashSet<String>,
    words: Vec<String>,
    lines: HashSet<u32>,
}

impl PageLists {
    pub(super) fn of(linter: &Linter<'_>) -> PageLists {
        let mut lists = PageLists { own: Enumerations::of(linter.page), rows: HashMap::new() };
        for row in linter.tables.iter().flat_map(|(_, table)| &table.rows) {
            let own = lists.rows.entry(row.property.name.clone()).or_default();
            own.values.extend(row.property.values.iter().cloned());
            own.lines.extend(row.property.line);
            let word =
                row.type_word().filter(|word| own.words.len() < MOST_WORDS && !own.words.iter().any(|own| own == word));
            own.words.extend(word.map(str::to_owned));
        }
        lists
    }

    /// Whether the page has a row for a property in that line.
    pub(super) fn has_row(&self, property: &str, line: u32) -> bool {
        self.rows.get(property).is_some_and(|own| own.lines.contains(&line))
    }

    /// The page and the line of the table of an enumeration that a row of the page names for a property.
    pub(super) fn place<'s>(&'s self, index: &'s TypeIndex, property: &str) -> Option<(&'s str, u32)> {
        let mut words = self.rows.get(property)?.words.iter();
        words.find_map(|word| self.own.place(word).or_else(|| index.enumerations().place(word)))
    }

    /// Whether rows of the page list values of a property themselves.
    pub(super) fn has_values(&self, property: &str) -> bool {
        self.rows.get(property).is_some_and(|own| !own.values.is_empty())
    }

    /// Whether a row of the page lists a value of a property, or whatever lists those of its enumeration.
    pub(super) fn lists(&self, index: &TypeIndex, property: &str, value: &str) -> bool {
        let of_enumeration = |word: &String| self.own.lists(word, value) || index.enumerations().lists(word, value);
        self.rows.get(property).is_some_and(|own| own.values.contains(value) || own.words.iter().any(of_enumeration))
    }
}

/// A row with a list, and where each value stands; what the enumeration's own table has is not known before all pages are.
#[derive(Debug)]
pub(super) struct ListedRow {
    word: String,
    /// The namespace of the word, or else of the page.
    namespace: Option<String>,
    values: Vec<String>,
    line: u32,
    columns: Vec<u32>,
}

impl ListedRow {
    fn of(page: &Page<'_>, row: &PropertyRow) -> Option<ListedRow> {
        let (word, line) = (row.type_word()?, row.property.line?);
        let values = row.property.values.clone();
        if values.is_empty() {
            return None;
        }
        let text = page.line_text(line);
        let mut at = Some((0, 1));
        // They stand in their order. Behind one that is not found, because it is escaped, none is looked for: each would take the whole line.
        let columns = values.iter().map(|value| {
            at = at.and_then(|(from, column)| {
                let found = place_in_row(text, value, from)?;
                Some((found, column + text[from..found].chars().count() as u32))
            });
            at.map_or(1, |(_, column)| column)
        });
        let columns = columns.collect();
        let of_word = word.rsplit_once('.').map(|(namespace, _)| namespace);
        let namespace = of_word.or_else(|| namespace_of(page)).map(str::to_owned);
        Some(ListedRow { word: word.to_owned(), namespace, values, line, columns })
    }

    /// What is wrong with the list: a value that the enumeration's own table does not have.
    /// `hints` is how many times the nearest value may still be looked for.
    fn defect(&self, page: &str, enumerations: &Enumerations, hints: &mut usize) -> Option<Diagnostic> {
        let ListedRow { word, namespace, values, line, columns } = self;
        let is_other = namespace.as_deref().is_some_and(|own| !enumerations.is_of_namespace(word, own));
        if is_other || !enumerations.is_list_of(word, values) {
            return None;
        }
        // A sentinel stands for the members of later.
        let is_other =
            |value: &str| !enumerations.has(word, value) && !value.eq_ignore_ascii_case("unknownFutureValue");
        let mut others = values.iter().zip(columns).filter(|(value, _)| is_other(value));
        let (value, column) = others.next()?;
        let message = message(page, value, word, enumerations, others.count(), hints);
        Some(Diagnostic::new(Code::EnumListDiffers, page, (*line, *column), message))
    }
}

fn message(page: &str, value: &str, word: &str, enumerations: &Enumerations, more: usize, hints: &mut usize) -> String {
    let near = match enumerations.in_any_case(word, value) {
        Some(near) => format!("; `{near}` is"),
        None if *hints > 0 => {
            *hints -= 1;
            let near = nearest(value, enumerations.members(word).iter().map(String::as_str));
            near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
        }
        None => String::new(),
    };
    let more = match more {
        0 => String::new(),
        1 => "; one more value of this list is not".to_owned(),
        more => format!("; {more} more values of this list are not"),
    };
    let place = enumerations.place(word).map(|place| format!(" on {}", place_text(page, place)));
    let place = place.unwrap_or_default();
    format!("`{}` is not in the table of the enumeration `{}`{place}{near}{more}", excerpt(value), excerpt(word))
}

/// A line as messages about a page name it.
pub(super) fn place_text(own: &str, (page, line): (&str, u32)) -> String {
    if page == own { format!("line {line}") } else { format!("line {line} of {page}") }
}

/// Where a value stands in a line from there on, as a word of its own.
fn place_in_row(text: &str, value: &str, from: usize) -> Option<usize> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let mut found = memchr::memmem::find_iter(text.get(from..)?.as_bytes(), value).map(|at| from + at);
    found.find(|at| is_edge(text[..*at].chars().next_back()) && is_edge(text[at + value.len()..].chars().next()))
}

/// The rows of a page that list values of a type with a name.
pub(super) fn rows(linter: &Linter<'_>) -> Vec<ListedRow> {
    let rows = linter.tables.iter().flat_map(|(_, table)| &table.rows);
    rows.filter_map(|row| ListedRow::of(linter.page, row)).collect()
}

/// What is wrong with the lists of a page.
pub(super) fn defects(rows: &[ListedRow], page: &str, enumerations: &Enumerations) -> Vec<Diagnostic> {
    let mut hints = MOST_HINTS;
    rows.iter().filter_map(|row| row.defect(page, enumerations, &mut hints)).collect()
}

/// Reports the lists of the page's tables that are too long to be read.
pub(super) fn unread(linter: &mut Linter<'_>) {
    let rows = linter.tables.iter().flat_map(|(_, table)| &table.rows).filter(|row| row.has_unread_list);
    for property in rows.map(|row| &row.property) {
        let name = excerpt(&property.name);
        let message = format!("the values of `{name}` are not read: a list of more than 16 KiB needs back quotes");
        linter.report(Code::EnumListDiffers, property.line.unwrap_or(1), message);
    }
}

/// Checks the lists in the tables of a page.
pub(super) fn check(linter: &mut Linter<'_>, index: &TypeIndex) {
    unread(linter);
    let rows = rows(linter);
    if rows.is_empty() {
        return;
    }
    let lists = linter.lists();
    let (own, others): (Vec<ListedRow>, Vec<ListedRow>) =
        rows.into_iter().partition(|row| !lists.own.members(&row.word).is_empty());
    let page = linter.page.path;
    linter.diagnostics.extend(defects(&own, page, &lists.own));
    linter.diagnostics.extend(defects(&others, page, index.enumerations()));
}

impl Linter<'_> {
    /// What the tables of the page list.
    pub(super) fn lists(&mut self) -> Rc<PageLists> {
        let lists = self.lists.clone().unwrap_or_else(|| Rc::new(PageLists::of(self)));
        self.lists = Some(Rc::clone(&lists));
        lists
    }

    /// Reports the row of a property whose values are those of an enumeration in another case, as an example shows. A row of another page
    /// is left alone.
    pub(super) fn other_case(&mut self, index: &TypeIndex, property: &Property, enumeration: &str) {
        let lists = self.lists();
        let line = property.line.filter(|line| lists.has_row(&property.name, *line));
        let enumerations = index.enumerations();
        let mut others = property.values.iter().filter(|value| !enumerations.has(enumeration, value));
        let (Some(line), Some(value)) = (line, others.next()) else { return };
        let text = self.page.line_text(line);
        let column = place_in_row(text, value, 0).map_or(1, |at| text[..at].chars().count() as u32 + 1);
        let message = message(self.page.path, value, enumeration, enumerations, others.count(), &mut 0);
        self.report_at(Code::EnumListDiffers, (line, column), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{PageLint, lint_page};

    const ENUMS: &str =
        "# Enum values\n\nNamespace: microsoft.graph\n\n### form values\n\n|Member|\n|---|\n|round|\n|flat|\n|oval|\n";

    /// The findings about enumerations of a page with a table and a POST. `resource` is a row of the resource page.
    fn diagnostics(row: &str, sent: &str, resource: &str) -> Vec<Diagnostic> {
        let text = format!(
            "# Create lamp\n\n## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|name|String|The name.|\n{row}\n\n\
             ## Example\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n\
             {{\"name\": \"a\", \"form\": \"{sent}\"}}\n```\n\n```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n\
             {{\"@odata.type\": \"#microsoft.graph.lamp\"}}\n```\n"
        );
        let lamp = format!(
            "# lamp resource type\n\n|Property|Type|Description|\n|---|---|---|\n|name|String|The name.|\n{resource}\n"
        );
        let mut index = TypeIndex::default();
        index.add(&Page::parse("resources/enums.md", ENUMS));
        index.add(&Page::parse("resources/lamp.md", &lamp));
        let PageLint { diagnostics, .. } = lint_page(&Page::parse("api/lamp-post.md", &text), &index, None);
        let codes = [Code::EnumListDiffers, Code::EnumValueNotDocumented];
        diagnostics.into_iter().filter(|own| codes.contains(&own.code)).collect()
    }

    /// The same as `code@line:column`.
    fn found(row: &str, sent: &str, resource: &str) -> Vec<String> {
        let found = diagnostics(row, sent, resource);
        found.iter().map(|own| format!("{}@{}:{}", own.code, own.line, own.column)).collect()
    }

    #[track_caller]
    fn check(row: &str, sent: &str, resource: &str, expected: &[&str]) {
        assert_eq!(found(row, sent, resource), expected, "{row} {sent} {resource}");
    }

    #[test]
    fn a_list_that_is_too_long_to_be_read_is_reported() {
        let check = |count: usize, quote: &str, expected: &[&str]| {
            let values: Vec<String> = (0..count).map(|at| format!("{quote}v{at}{quote}")).collect();
            let row = format!("|form|String|Possible values are: {}.|", values.join(", "));
            assert_eq!(found(&row, "v1", ""), expected, "{count} {quote}");
        };
        check(2000, "", &[]);
        check(3000, "", &["enum-list-differs@8:1"]);
        check(3000, "`", &[]);
    }

    #[test]
    fn what_any_list_of_an_enumeration_has_is_documented() {
        let row = "|form|form|Possible values are: `round`, `flat`.|";
        check(row, "flat", "", &[]);
        check(row, "oval", "", &[]);
        check(row, "square", "", &["enum-value-not-documented@16:15"]);
        check(row, "square", "|form|form|Possible values are: `round`, `square`.|", &[]);
        check(
            "|form|String|Possible values are: `thin`, `flat`.|",
            "wide",
            "|form|String|Possible values are: `wide`, `flat`.|",
            &[],
        );
        check("|form|String|Possible values are: `thin`, `flat`.|", "wide", "", &["enum-value-not-documented@16:15"]);
        // Flags, of which each is listed somewhere.
        check(row, "oval,round", "", &[]);
    }

    #[test]
    fn a_row_that_differs_from_the_table_of_its_enumeration_is_reported_once() {
        let row = "|form|form|The form. Possible values are: `Round`, `flat`.|";
        for sent in ["Round", "round", "flat"] {
            check(row, sent, "", &["enum-list-differs@8:44"]);
        }
        check(row, "ROUND", "", &["enum-list-differs@8:44", "enum-value-not-documented@16:15"]);
        check("|form|form|Possible values are: `round`, `square`.|", "square", "", &["enum-list-differs@8:43"]);
        check("|form|form|Possible values are: `round`, `unknownFutureValue`.|", "round", "", &[]);
        // Other enumerations that are called the same.
        check("|form|microsoft.graph.lighting.form|Possible values are: `Round`, `flat`.|", "flat", "", &[]);
        check("|form|form|Possible values are: `a`, `b`, `round`.|", "a", "", &[]);
    }

    #[test]
    fn messages_say_where_the_list_is() {
        let check = |row: &str, sent: &str, resource: &str, expected: &str| {
            let found = diagnostics(row, sent, resource);
            assert!(matches!(&found[..], [own] if own.message == expected), "{row} {sent}: {found:?}");
        };
        let table = "in the table of the enumeration `form` on line 7 of resources/enums.md";
        check(
            "|form|form|Possible values are: `Round`, `Flat`, `oval`.|",
            "oval",
            "",
            &format!("`Round` is not {table}; `round` is; one more value of this list is not"),
        );
        check(
            "|form|form|Possible values are: `round`, `ovla`.|",
            "round",
            "",
            &format!("`ovla` is not {table}; did you mean `oval`?"),
        );
        let not_among = |place: &str, values: &str| {
            format!("`thick` at $['form'] is not among the possible values on {place} ({values})")
        };
        check(
            "|form|String|Possible values are: `thin`, `flat`.|",
            "thick",
            "",
            &not_among("line 8", "`thin`, `flat`"),
        );
        check(
            "|form|form|The form.|",
            "thick",
            "",
            &not_among("line 7 of resources/enums.md", "`round`, `flat`, `oval`"),
        );
    }

    #[test]
    fn a_row_without_a_type_differs_where_an_example_shows_it() {
        let row = "|form|String|Possible values are: `Round`, `Flat`.|";
        check(row, "Round", "", &[]);
        check(row, "round", "", &["enum-list-differs@8:36"]);
        check(row, "ROUND", "", &["enum-value-not-documented@16:15"]);
        check("|form|String|Possible values are: `Round`, `Thin`.|", "round", "", &["enum-value-not-documented@16:15"]);
    }
}
