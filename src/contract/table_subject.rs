//! What the sentence before a table says of it: "This table defines the possible values for the **type** property.", "A **lamp** has the following
//! properties."

use super::columns::is_name;
use crate::page::{Cell, Table};

/// What a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject<'t> {
    /// It lists the values of the property of that name.
    Values(&'t str),
    /// It has the properties of the type of that name.
    Properties(&'t str),
}

impl<'t> Subject<'t> {
    /// What the text right before a table says.
    pub(super) fn of(text: &'t str) -> Option<Subject<'t>> {
        if text.len() > LONGEST {
            return None;
        }
        // Most texts before tables say neither.
        let (before, behind) = text.split_once("properties").unwrap_or((text, ""));
        if before.trim_end().ends_with("has the following") && behind.trim_start_matches(['.', ':']).trim().is_empty() {
            let (name, rest) = marked(before)?;
            let is_plain =
                matches!(rest.trim().strip_suffix("has the following")?.trim(), "" | "object" | "resource" | "type");
            return is_plain.then_some(Subject::Properties(name));
        }
        let at = text.find(" for the ")?;
        let (before, behind) = (&text[..at], &text[at + " for the ".len()..]);
        let (name, rest) = marked(behind).filter(|_| behind.starts_with(['*', '`']))?;
        let is_of_property = ["property", "parameter", "field"].iter().any(|word| rest.trim_start().starts_with(word));
        let (before, is_one) = (before.to_ascii_lowercase(), !before.contains(['.', '\n']));
        let is_all =
            ALL_VALUES.iter().any(|words| before.contains(words)) && !SOME.iter().any(|word| before.contains(word));
        (is_of_property && is_one && is_all).then_some(Subject::Values(name))
    }
}

/// Longer texts are no sentence.
const LONGEST: usize = 512;

/// What all values of a property are called before a table of them, and what says that there are others, in lower case.
const ALL_VALUES: [&str; 6] = [
    "possible values",
    "allowed values",
    "supported values",
    "valid values",
    "values are allowed",
    "values are supported",
];
const SOME: [&str; 4] = ["some", "not", "example", "common"];

/// The first name that a text has in bold or as code, and what follows it.
fn marked(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['*', '`'])?;
    let mark = if text[at..].starts_with("**") { "**" } else { &text[at..=at] };
    let (name, rest) = text[at + mark.len()..].split_once(mark)?;
    is_name(name).then_some((name, rest))
}

/// A longer table is none of the values of a property.
const MOST_VALUES: usize = 256;

/// The values that a table lists: names, each alone in its cell, in a first column that is called so.
pub(super) fn values_in(table: &Table<'_>) -> Option<Vec<String>> {
    if table.rows.len() > MOST_VALUES {
        return None;
    }
    let head = table.head.first()?.text.trim().to_ascii_lowercase();
    let is_value = |cell: &&Cell<'_>| {
        cell.text.starts_with(|c: char| c.is_ascii_alphabetic())
            && cell.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let values = table.rows.iter().map(|row| row.first().filter(is_value).map(|cell| cell.text.to_string()));
    let values: Vec<String> = values.collect::<Option<_>>()?;
    (head.split_whitespace().next_back() == Some("value") && values.len() > 1).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_before_a_table_says_what_it_is_of() {
        let check = |text: &str, expected: Option<Subject<'_>>| assert_eq!(Subject::of(text), expected, "{text}");
        check("This table defines the possible values for the **type** property.", Some(Subject::Values("type")));
        check("This table defines the possible values for the **type** property:", Some(Subject::Values("type")));
        check("The following values are allowed for the `scope` parameter.\nMore.", Some(Subject::Values("scope")));
        check("Some of the possible values for the **type** property:", None);
        check("Possible values. This is for the **type** property:", None);
        check("The table has the descriptions for the **type** property:", None);
        check("The possible values for the type property:", None);
        check("A **lampReference** has the following properties.", Some(Subject::Properties("lampReference")));
        check("The **lamp** object has the following properties:", Some(Subject::Properties("lamp")));
        check("The body has the following properties.", None);
        check("A **lamp** of a house has the following properties.", None);
        check("A **lamp** has the following properties and others.", None);
    }
}
