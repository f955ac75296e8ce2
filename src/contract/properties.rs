//! Property tables: `Property | Type | Description`, with the members of enumerations in the description.
//!
//! A table is recognized by what stands in its cells, so that translated heads make no difference.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Property, Type, TypeName};
use crate::page::{Cell, Element, Page, Table};

/// The type that the page's property table describes: the body of the request. `None` if there is no such table.
pub(super) fn request_type(page: &Page<'_>) -> Option<Type> {
    request_body_type(page).or_else(|| page.tables().find_map(type_of_table))
}

/// The type that a table in the page's section "Request body" describes. `None` if there is no such table.
pub(crate) fn request_body_type(page: &Page<'_>) -> Option<Type> {
    page.section("request-body").filter_map(Element::as_table).find_map(type_of_table)
}

fn type_of_table(table: &Table) -> Option<Type> {
    properties(table).map(|properties| Type { properties, ..Type::default() })
}

/// The properties of a table; `None` if it is not a property table.
pub(crate) fn properties(table: &Table) -> Option<Vec<Property>> {
    let type_column = type_column(table)?;
    let rows = table.rows.iter().filter_map(|row| property(row, type_column));
    Some(rows.collect())
}

/// The column whose cells name types: at least half of them must, and the column before it must hold names.
fn type_column(table: &Table) -> Option<usize> {
    let rows = &table.rows;
    // Query parameters and header fields have tables of the same form.
    let other = rows
        .iter()
        .filter_map(|row| row.first())
        .any(|cell| cell.text.starts_with('$') || cell.text == "Authorization");
    if other || rows.is_empty() {
        return None;
    }
    (1..table.head.len().min(3)).find(|column| {
        let types =
            rows.iter().filter(|row| row.get(*column).is_some_and(|cell| TypeName::is_type(&cell.text))).count();
        let names = rows.iter().filter(|row| row.first().is_some_and(|cell| is_name(&cell.text))).count();
        types * 2 >= rows.len() && names * 2 >= rows.len()
    })
}

fn property(row: &[Cell], type_column: usize) -> Option<Property> {
    let name = row.first().filter(|cell| is_name(&cell.text))?;
    // "[a](a.md) or [b](b.md)" is a type, too, but none that can be named.
    let untyped = || TypeName { name: UNTYPED.to_owned(), collection: false };
    let TypeName { name: type_name, collection } = TypeName::read(&row.get(type_column)?.text).unwrap_or_else(untyped);
    let values = row[type_column + 1..].iter().flat_map(possible_values).collect();
    let nullable = row[type_column..].iter().find_map(|cell| says_nullable(&cell.text));
    let required = row[type_column..].iter().any(|cell| says_required(&cell.text));
    let (name, line) = (name.text.to_string(), Some(name.line));
    Some(Property { name, type_name, collection, nullable, required, values, line })
}

/// The OData type of a value of which nothing is known (OData CSDL 4.01 section 3.3).
pub const UNTYPED: &str = "Edm.Untyped";

/// Whether a text is the name of a property, possibly of an annotation.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('@').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.@".contains(c))
}

/// Whether a description says "Nullable", or "Not nullable" or "non-nullable"; `None` where it says neither.
fn says_nullable(text: &str) -> Option<bool> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let mut before = "";
    words.find_map(|word| {
        let denied =
            ["not", "non", "never"].iter().any(|no| before.eq_ignore_ascii_case(no)) || before.ends_with("n't");
        before = word;
        word.eq_ignore_ascii_case("nullable").then_some(!denied)
    })
}

/// Whether a description has the sentence "Required", also in parentheses. Other sentences with that word may say anything.
fn says_required(text: &str) -> bool {
    let is_all =
        |sentence: &str| sentence.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case("required");
    text.contains("equired") && text.split(['.', '(', ')', ';']).any(is_all)
}

/// The words before the members of an enumeration, which come with and without a capital. Building the searcher costs more
/// than searching.
static POSSIBLE_VALUES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ossible values"));

/// The values that "Possible values are: `a`, `b`." lists.
fn possible_values(cell: &Cell) -> Vec<String> {
    let Some(at) = POSSIBLE_VALUES.find(cell.text.as_bytes()) else { return Vec::new() };
    let rest = &cell.text[at..];
    let end = rest.find(". ").unwrap_or(rest.len());
    let sentence = &rest[..end];
    let listed = sentence.split_once(':').map_or(sentence, |(_, listed)| listed);
    let coded: Vec<String> = cell
        .codes
        .iter()
        .filter(|code| is_value(code) && contains_word(listed, code))
        .map(ToString::to_string)
        .collect();
    if !coded.is_empty() {
        return coded;
    }
    // Without code spans, only a list with commas behind a colon is sure to be one.
    if !(sentence.contains(':') && listed.contains(',')) {
        return Vec::new();
    }
    let words = listed.split([',', ' ', '.']).filter(|word| !word.is_empty() && !matches!(*word, "and" | "or"));
    let words: Vec<String> = words.map(str::to_owned).collect();
    if words.iter().all(|word| is_value(word)) { words } else { Vec::new() }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

fn is_value(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the page's request type: `name:type[]=value|value@line`.
    fn shown(text: &str) -> Option<Vec<String>> {
        let request_type = request_type(&Page::parse("p.md", text))?;
        let shown = |p: &Property| {
            let collection = if p.collection { "[]" } else { "" };
            format!("{}:{}{collection}={}@{}", p.name, p.type_name, p.values.join("|"), p.line.unwrap_or_default())
        };
        Some(request_type.properties.iter().map(shown).collect())
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
        check(
            "|P|Type|\n|---|---|\n|a|String|\n|b|[x](x.md) or [y](y.md)|\n",
            &["a:Edm.String=@3", "b:Edm.Untyped=@4"],
        );
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
    fn a_property_is_nullable_where_its_row_says_so() {
        let check = |text: &str, expected: Option<bool>| assert_eq!(says_nullable(text), expected, "{text}");
        check("The name. Nullable.", Some(true));
        check("Int32 (nullable)", Some(true));
        check("Not nullable.", Some(false));
        check("A non-nullable value.", Some(false));
        check("It isn't nullable", Some(false));
        check("The name.", None);
    }

    #[test]
    fn a_property_is_required_where_a_sentence_of_its_row_says_no_more() {
        let check = |text: &str, expected: bool| assert_eq!(says_required(text), expected, "{text}");
        check("The name. Required.", true);
        check("**Required**. The name.", true);
        check("The name (required)", true);
        check("At least one property is required.", false);
        check("Not required.", false);
        check("The name.", false);
    }

    #[test]
    fn possible_values_are_the_members_of_an_enumeration() {
        let table = |text: &str| format!("|P|Type|Description|\n|---|---|---|\n|a|String|{text}|\n");
        check(&table("State. Possible values are: `x`, `y`, `z`."), &["a:Edm.String=x|y|z@3"]);
        check(&table("Possible values are: `x`, `y`. Default is `d`."), &["a:Edm.String=x|y@3"]);
        check(&table("See `q`. Possible values are x, y, and z."), &["a:Edm.String=@3"]);
        check(&table("Possible values are: x, y, or z."), &["a:Edm.String=x|y|z@3"]);
        check(&table("Possible values are described below: see there."), &["a:Edm.String=@3"]);
    }
}
