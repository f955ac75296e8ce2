//! Property tables: `Property | Type | Description`, in any order and language.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::Property;
use super::columns::{Columns, columns, is_name, says_yes};
use super::listed_values::{has_unread_list, listed_values};
use super::remarks::{Remarks, says_flags, says_nullable, says_required};
use super::request_headers::is_header_table;
use super::table_subject::{Subject, values_in};
use super::type_cell::{self, WrittenName, WrittenType};
use crate::edm::Primitive;
use crate::page::{Cell, Element, Page, Table};

/// A property table.
#[derive(Clone, Debug, Default)]
pub(crate) struct PropertyTable {
    /// Its properties, in the page's order.
    pub(crate) rows: Vec<PropertyRow>,
    /// The rows whose name no property can have, with their lines: translations.
    pub(crate) translated: Vec<(String, u32)>,
    /// The column of the types.
    of_type: usize,
    /// The first row of each name, as places among `rows`.
    by_name: OnceCell<HashMap<String, usize>>,
}

impl PropertyTable {
    /// The first row of that name.
    pub(super) fn row(&self, name: &str) -> Option<&PropertyRow> {
        let by_name = self.by_name.get_or_init(|| {
            let rows = self.rows.iter().enumerate().rev();
            rows.map(|(at, row)| (row.property.name.clone(), at)).collect()
        });
        self.rows.get(*by_name.get(name)?)
    }
}

/// A row of a property table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropertyRow {
    /// The property; its type is not known yet, and has no name.
    pub(crate) property: Property,
    /// The type as the row writes it.
    pub(super) written: WrittenType,
    /// Whether its description announces a list of values that is too long to be read.
    pub(crate) has_unread_list: bool,
}

impl PropertyRow {
    /// The property with its type as far as the page itself says it.
    pub(crate) fn described(&self) -> Property {
        let type_name = match &self.written.name {
            WrittenName::Primitive(primitive) => primitive.name().to_owned(),
            WrittenName::Qualified(name) | WrittenName::Word { word: name, link: Some(_) } => name.clone(),
            WrittenName::Word { link: None, .. } | WrittenName::Link(_) | WrittenName::Unknown => UNTYPED.to_owned(),
        };
        Property { type_name, collection: self.written.collection, ..self.property.clone() }
    }

    /// Whether its values may be members of an enumeration.
    fn may_have_values(&self) -> bool {
        may_have_values(&self.written.name)
    }

    /// The word that the row writes for a type that is not primitive, with or without its namespace.
    pub(crate) fn type_word(&self) -> Option<&str> {
        match &self.written.name {
            WrittenName::Word { word, .. } | WrittenName::Qualified(word) => Some(word),
            WrittenName::Primitive(_) | WrittenName::Link(_) | WrittenName::Unknown => None,
        }
    }
}

/// Sections whose tables have types, but are not of the request's body.
const OTHER_SECTIONS: [&str; 8] = [
    "path-parameters",
    "query-parameters",
    "optional-query-parameters",
    "function-parameters",
    "uri-parameters",
    "request-headers",
    "permissions",
    "response",
];

/// The property tables of a page. Each is read once, when somebody asks for it.
#[derive(Debug)]
pub(crate) struct PropertyTables<'p> {
    page: &'p Page<'p>,
    /// The tables of the page by their lines, with what they say of properties once they have been read.
    by_line: BTreeMap<u32, (&'p Table<'p>, OnceCell<Option<PropertyTable>>)>,
    /// The tables that list the values of a property, with its name, by the line of the table of properties before them.
    values: HashMap<u32, Vec<(&'p str, &'p Table<'p>)>>,
    /// The lines of the tables that the sentences before them say to be of a type, by its name.
    of_types: HashMap<&'p str, u32>,
}

impl<'p> PropertyTables<'p> {
    /// Those of a page. The table of methods has a type column, too, but no properties.
    pub(crate) fn of(page: &'p Page<'_>) -> PropertyTables<'p> {
        let mut in_methods = false;
        let (mut text_before, mut table_before) = (None, None);
        let mut tables =
            PropertyTables { page, by_line: BTreeMap::new(), values: HashMap::new(), of_types: HashMap::new() };
        for element in &page.elements {
            match element {
                Element::Heading(heading) => in_methods = heading.opens("methods"),
                Element::Table(table) if !in_methods => {
                    tables.by_line.insert(table.line, (table, OnceCell::new()));
                    match (text_before.and_then(Subject::of), table_before) {
                        (Some(Subject::Values(name)), Some(before)) => {
                            tables.values.entry(before).or_default().push((name, table));
                        }
                        (Some(Subject::Properties(name)), _) => {
                            tables.of_types.entry(name).or_insert(table.line);
                        }
                        _ => table_before = Some(table.line),
                    }
                }
                _ => {}
            }
            text_before = if let Element::Prose(prose) = element { Some(prose.text.as_ref()) } else { None };
        }
        tables
    }

    /// The page.
    pub(crate) fn page(&self) -> &'p Page<'p> {
        self.page
    }

    /// All of them, in document order, with their lines.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &PropertyTable)> {
        self.by_line.keys().filter_map(|line| Some((*line, self.at(*line)?)))
    }

    /// The one at a line; `None` if the table there is not one of properties.
    fn at(&self, line: u32) -> Option<&PropertyTable> {
        let (table, read) = self.by_line.get(&line)?;
        read.get_or_init(|| Some(self.with_values(line, property_table(table)?))).as_ref()
    }

    /// The table of a line with the values that the tables behind it list of its properties, where their own rows list none.
    fn with_values(&self, line: u32, mut table: PropertyTable) -> PropertyTable {
        let Some(listed) = self.values.get(&line) else { return table };
        // Of two lists of one property, or two properties of one name, neither is surely meant.
        let mut of_name: HashMap<&str, Option<&Table<'_>>> = HashMap::new();
        for (name, values) in listed {
            of_name.entry(name).and_modify(|own| *own = None).or_insert(Some(values));
        }
        for row in table.rows.iter_mut().filter(|row| row.property.values.is_empty() && row.may_have_values()) {
            if let Some(values) = of_name.get_mut(row.property.name.as_str()).and_then(Option::take) {
                row.property.values = values_in(values).unwrap_or_default();
            }
        }
        table
    }

    /// The table that the sentence before it says to be of a type.
    pub(super) fn of_type(&self, name: &str) -> Option<&PropertyTable> {
        self.of_types.get(name).and_then(|line| self.at(*line))
    }

    /// The type in the row of a line, as it stands there.
    pub(crate) fn type_at(&self, line: u32) -> Option<&str> {
        let (table_line, (table, _)) = self.by_line.range(..=line).next_back()?;
        let column = self.at(*table_line)?.of_type;
        let row = table.rows.partition_point(|row| row.first().is_some_and(|cell| cell.line < line));
        let cell = table.rows.get(row)?.get(column).filter(|cell| cell.line == line)?;
        Some(cell.text.trim()).filter(|text| !text.is_empty())
    }

    /// What the cells of a line say, if it is one of a table of properties.
    pub(super) fn row_at(&self, line: u32) -> Option<String> {
        let (table_line, (table, _)) = self.by_line.range(..=line).next_back()?;
        self.at(*table_line)?;
        let row = table.rows.partition_point(|row| row.first().is_some_and(|cell| cell.line < line));
        let cells = table.rows.get(row)?.iter().map(|cell| cell.text.as_ref());
        Some(cells.collect::<Vec<&str>>().join(" | "))
    }

    /// The one in the page's section "Request body".
    pub(crate) fn of_request_body(&self) -> Option<&PropertyTable> {
        self.page.section("request-body").filter_map(Element::as_table).find_map(|table| self.at(table.line))
    }

    /// The one for the body of the request: that of the section "Request body", or else the first that no other section has.
    pub(super) fn of_request(&self) -> Option<&PropertyTable> {
        self.of_request_body().or_else(|| {
            let mut is_other = false;
            self.page.elements.iter().find_map(|element| match element {
                Element::Heading(heading) => {
                    is_other = OTHER_SECTIONS.iter().any(|section| heading.opens(section));
                    None
                }
                Element::Table(table) if !is_other => self.at(table.line),
                _ => None,
            })
        })
    }

    /// All properties that may be those of a resource, each once.
    pub(super) fn into_resource_rows(mut self) -> Vec<PropertyRow> {
        for line in self.by_line.keys() {
            let _ = self.at(*line);
        }
        let tables =
            std::mem::take(&mut self.by_line).into_values().filter_map(|(_, read)| read.into_inner().flatten());
        let mut rows: Vec<PropertyRow> = tables.flat_map(|table| table.rows).collect();
        let mut names = HashSet::with_capacity(rows.len());
        let is_first: Vec<bool> = rows.iter().map(|row| names.insert(row.property.name.as_str())).collect();
        let mut is_first = is_first.into_iter();
        rows.retain(|_| is_first.next() == Some(true));
        rows
    }

    /// The tables that may describe a resource, with the types of their properties as far as the page itself says them; the others are
    /// not known.
    pub(crate) fn described(&self) -> Vec<Vec<Property>> {
        self.iter().map(|(_, table)| table.rows.iter().map(PropertyRow::described).collect()).collect()
    }
}

/// A table as one of properties; `None` if it is not one.
fn property_table(table: &Table<'_>) -> Option<PropertyTable> {
    let columns = if is_header_table(table) { None } else { columns(table) }?;
    let mut found = PropertyTable { of_type: columns.of_type, ..PropertyTable::default() };
    for row in &table.rows {
        let Some(name) = row.get(columns.name).filter(|name| !name.text.is_empty()) else { continue };
        match property_name(&name.text) {
            Some(property) => found.rows.extend(property_row(property, name.line, row, &columns)),
            None => found.translated.push((name.text.to_string(), name.line)),
        }
    }
    Some(found)
}

/// The name of a property in the text of a cell: `name`, `name (optional)`, `name*`.
fn property_name(text: &str) -> Option<&str> {
    let name = text.split_once('(').map_or(text, |(name, _)| name);
    Some(name.trim_end_matches(['*', ' ', ':'])).filter(|name| is_name(name))
}

fn property_row(name: &str, line: u32, row: &[Cell<'_>], columns: &Columns) -> Option<PropertyRow> {
    let written = type_cell::read(row.get(columns.of_type)?).unwrap_or(WrittenType::UNKNOWN);
    let others = row.iter().enumerate().filter(|(column, _)| *column != columns.name);
    let remarks: Vec<(usize, &Cell<'_>, Remarks)> =
        others.filter_map(|(column, cell)| Some((column, cell, Remarks::of(&cell.text)?))).collect();
    let texts = |may_say: fn(&Remarks) -> bool| {
        remarks.iter().filter(move |(_, _, own)| may_say(own)).map(|(_, cell, _)| cell.text.as_ref())
    };
    let descriptions = |may_say: fn(&Remarks) -> bool| {
        let others = remarks.iter().filter(|(column, _, _)| *column != columns.of_type);
        others.filter(move |(_, _, own)| may_say(own)).map(|(_, cell, _)| *cell)
    };
    let has_values = may_have_values(&written.name);
    let lists = || descriptions(|own| own.values).filter(|_| has_values);
    let values = lists().map(listed_values).find(|values| !values.is_empty()).unwrap_or_default();
    let has_unread_list = values.is_empty() && lists().any(has_unread_list);
    let is_said = || texts(|own| own.required).any(says_required);
    let has_flags = || descriptions(|own| own.flags).any(|cell| says_flags(&cell.text));
    let property = Property {
        name: name.to_owned(),
        type_name: String::new(),
        collection: written.collection,
        nullable: texts(|own| own.null).find_map(says_nullable),
        required: columns.required.and_then(|column| row.get(column)).map_or_else(is_said, says_yes),
        write_only: descriptions(|own| own.write_only).next().is_some(),
        flags: !values.is_empty() && !written.collection && has_flags(),
        values,
        line: Some(line),
        from_example: false,
    };
    Some(PropertyRow { property, written, has_unread_list })
}

/// Whether values of a type may be members of an enumeration: texts, and those of a type that is not primitive.
fn may_have_values(written: &WrittenName) -> bool {
    match written {
        WrittenName::Primitive(primitive) => *primitive == Primitive::String,
        _ => true,
    }
}

/// The OData type of a value of which nothing is known (OData CSDL 4.01 section 3.3).
pub const UNTYPED: &str = "Edm.Untyped";

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the page's table for the request: `name:type[]=value|value@line`, and translated rows as `?name@line`.
    fn shown(text: &str) -> Option<Vec<String>> {
        let page = Page::parse("p.md", text);
        let tables = PropertyTables::of(&page);
        let table = tables.of_request()?;
        let shown = |row: &PropertyRow| {
            let PropertyRow { property: p, written, .. } = row;
            let name = match &written.name {
                WrittenName::Primitive(primitive) => primitive.name(),
                WrittenName::Word { word, .. } => word,
                _ => "?",
            };
            let (collection, required) = (if p.collection { "[]" } else { "" }, if p.required { "!" } else { "" });
            format!("{}:{name}{collection}{required}={}@{}", p.name, p.values.join("|"), p.line.unwrap_or_default())
        };
        let translated = table.translated.iter().map(|(name, line)| format!("?{name}@{line}"));
        Some(table.rows.iter().map(shown).chain(translated).collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(shown(text).unwrap_or_default(), expected);
    }

    #[test]
    fn a_property_table_is_known_by_its_cells() {
        check(
            "|Eigenschaft|Typ|\n|---|---|\n|id|String|\n|n|Int32 collection|\n",
            &["id:Edm.String=@3", "n:Edm.Int32[]=@4"],
        );
        check("|P|Type|\n|---|---|\n|a|String|\n|b|[x](x.md) or [y](y.md)|\n", &["a:Edm.String=@3", "b:?=@4"]);
        check("|Name|Value|\n|---|---|\n|$top|Int32|\n", &[]);
        check("|Name|Type|Description|\n|---|---|---|\n|Authorization|string|Bearer|\n", &[]);
        check("|Permission type|Permissions|\n|---|---|\n|Application|User.Read|\n", &[]);
    }

    #[test]
    fn the_table_of_the_request_body_comes_first() {
        let table = |name: &str| format!("|P|Type|\n|---|---|\n|{name}|String|\n\n");
        check(&format!("## Response\n\n{}## Request body\n\n{}", table("a"), table("b")), &["b:Edm.String=@11"]);
    }

    #[test]
    fn tables_of_other_sections_are_not_of_the_body() {
        let table = |name: &str| format!("|P|Type|\n|---|---|\n|{name}|String|\n\n");
        check(&format!("## Path parameters\n\n{}## Example\n\n{}", table("a"), table("b")), &["b:Edm.String=@11"]);
    }

    #[test]
    fn rows_whose_names_are_translated_are_kept_apart() {
        check(
            "|Propriedade|Tipo|\n|---|---|\n|cor|Cadeia de caracteres|\n|potência|Int32|\n|`watts` (opcional)|Int32|\n",
            &["cor:Edm.String=@3", "watts:Edm.Int32=@5", "?potência@4"],
        );
    }

    #[test]
    fn flags_are_those_of_an_enumeration() {
        let check = |of_type: &str, description: &str, expected: bool| {
            let text =
                format!("## Request body\n\n|Property|Type|Description|\n|---|---|---|\n|a|{of_type}|{description}|\n");
            let page = Page::parse("p.md", &text);
            let tables = PropertyTables::of(&page);
            let table = tables.of_request().expect("a table");
            assert_eq!(table.rows[0].property.flags, expected, "{of_type} {description}");
        };
        let values = "Possible values are: `b`, `c`.";
        check("String", &format!("{values} Multiple values are allowed."), true);
        check("String", values, false);
        check("String collection", &format!("{values} Multiple values are allowed."), false);
        check("String", "Multiple values are allowed.", false);
    }

    #[test]
    fn only_texts_and_unknown_types_have_members_of_an_enumeration() {
        let row = |of_type: &str| {
            format!("|P|Type|D|\n|---|---|---|\n|a|{of_type}|Possible values are: `x`, `y`.|\n|b|Int32||\n")
        };
        check(&row("String"), &["a:Edm.String=x|y@3", "b:Edm.Int32=@4"]);
        check(&row("color"), &["a:color=x|y@3", "b:Edm.Int32=@4"]);
        check(&row("Boolean"), &["a:Edm.Boolean=@3", "b:Edm.Int32=@4"]);
    }

    #[test]
    fn a_table_may_list_the_values_of_a_property() {
        let page = |sentence: &str, row: &str, values: &str| {
            format!(
                "|P|Type|D|\n|---|---|---|\n|type|{row}|\n|scope|String||\n\n## Type options\n\n{sentence}\n\n\
                 |Type value|Role|D|\n|---|---|---|\n|`view`|a|b|\n{values}\n"
            )
        };
        let sentence = "This table defines the possible values for the **type** property.";
        let check = |text: &str, expected: &str| check(text, &[expected, "scope:Edm.String=@4"]);
        check(&page(sentence, "String|The type.", "|`edit`|c|d|"), "type:Edm.String=view|edit@3");
        check(&page(sentence, "String|Possible values are: `a`, `b`.", "|`edit`|c|d|"), "type:Edm.String=a|b@3");
        check(&page(sentence, "Int32|The type.", "|`edit`|c|d|"), "type:Edm.Int32=@3");
        check(&page(sentence, "String|The type.", "|`edit` for some|c|d|"), "type:Edm.String=@3");
        check(&page("Types are these.", "String|The type.", "|`edit`|c|d|"), "type:Edm.String=@3");
    }

    #[test]
    fn a_column_says_what_is_required() {
        check(
            "|Property|Required|Type|\n|---|---|---|\n|a|Yes|String|\n|b|No|Int32|\n",
            &["a:Edm.String!=@3", "b:Edm.Int32=@4"],
        );
    }
}
