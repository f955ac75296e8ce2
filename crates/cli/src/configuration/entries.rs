//! The text of a configuration as keys and values.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// A key with its values.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    /// The command that it is for; all, if `None`.
    pub(super) command: Option<String>,
    pub(super) key: String,
    pub(super) values: Vec<Given>,
    /// Where the key is, where its table is named, and where its values are, in bytes.
    pub(super) at: Range<usize>,
    pub(super) at_command: Range<usize>,
    pub(super) at_values: Range<usize>,
}

/// A value.
#[derive(Debug, PartialEq)]
pub(super) struct Given {
    /// As it would stand on the command line.
    pub(super) text: String,
    /// How it is written.
    pub(super) form: Form,
    /// Where it is, in bytes.
    pub(super) at: Range<usize>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotation marks.
    Text,
    /// As a number, `true` or `false`.
    Bare,
    /// In a table, of names and values.
    Named,
}

/// The entries of a file, in its order.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Problem> {
    let parsed = DeTable::parse(text)
        .map_err(|error| Problem { at: error.span().unwrap_or_default(), message: error.message().to_owned() })?;
    let mut entries = Vec::new();
    for (key, value) in parsed.get_ref() {
        match value.get_ref() {
            DeValue::Table(table) => {
                for (own, value) in table {
                    entries.push(entry(Some(key), own, value)?);
                }
            }
            _ => entries.push(entry(None, key, value)?),
        }
    }
    entries.sort_by_key(|entry| entry.at.start);
    Ok(entries)
}

fn entry<'t>(
    command: Option<&Spanned<std::borrow::Cow<'t, str>>>,
    key: &Spanned<std::borrow::Cow<'t, str>>,
    value: &Spanned<DeValue<'t>>,
) -> Result<Entry, Problem> {
    let mut values = Vec::new();
    let items = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    for item in items {
        match item.get_ref() {
            DeValue::Table(table) if command.is_some() => {
                values.extend(named_values(table)?);
            }
            own => {
                let form = if matches!(own, DeValue::String(_)) { Form::Text } else { Form::Bare };
                values.push(Given { text: scalar(item)?, form, at: item.span() });
            }
        }
    }
    Ok(Entry {
        command: command.map(|own| own.get_ref().to_string()),
        key: key.get_ref().to_string(),
        values,
        at: key.span(),
        at_command: command.map(Spanned::span).unwrap_or_default(),
        at_values: value.span(),
    })
}

/// The member of a table of names and values that says on which pages they stand.
pub(super) const PAGES: &str = "pages";

/// A table of names and values as they would stand on the command line: `NAME=VALUE`, or `NAME@PAGES=VALUE`, in the order of the file.
fn named_values(table: &DeTable<'_>) -> Result<Vec<Given>, Problem> {
    let mut pages = String::new();
    let mut members = Vec::new();
    for (name, value) in table {
        let text = scalar(value)?;
        match name.get_ref().as_ref() {
            PAGES => pages = format!("@{text}"),
            own => members.push((name.span(), own, text)),
        }
    }
    members.sort_by_key(|(at, ..)| at.start);
    let given = |(at, name, value)| Given { text: format!("{name}{pages}={value}"), form: Form::Named, at };
    Ok(members.into_iter().map(given).collect())
}

/// What is said of what is no value.
pub(super) const NO_VALUE: &str = "a text, a number, true, false, or a list of these is expected";

fn scalar(value: &Spanned<DeValue<'_>>) -> Result<String, Problem> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.to_string()),
        DeValue::Float(number) => Ok(number.to_string()),
        DeValue::Boolean(value) => Ok(value.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
            Err(Problem { at: value.span(), message: NO_VALUE.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(Option<&str>, &str, &[&str])]) {
        let found = entries(text).expect("a configuration");
        let found: Vec<(Option<&str>, &str, Vec<&str>)> = found
            .iter()
            .map(|own| {
                (own.command.as_deref(), own.key.as_str(), own.values.iter().map(|own| own.text.as_str()).collect())
            })
            .collect();
        let expected: Vec<(Option<&str>, &str, Vec<&str>)> =
            expected.iter().map(|(command, key, values)| (*command, *key, values.to_vec())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn keys_stand_for_all_commands_or_for_the_one_of_their_table() {
        check("", &[]);
        check("contracts = 'a'\npages = ['b', 'c']\n", &[(None, "contracts", &["a"]), (None, "pages", &["b", "c"])]);
        check(
            "[serve]\nport = 80\nwatch = true\n",
            &[(Some("serve"), "port", &["80"]), (Some("serve"), "watch", &["true"])],
        );
        check("serve.port = 0x50\n", &[(Some("serve"), "port", &["0x50"])]);
    }

    #[test]
    fn a_table_has_names_and_values_in_the_order_of_the_file() {
        check("[lint.levels]\nb = 'off'\na = 1\n", &[(Some("lint"), "levels", &["b=off", "a=1"])]);
        check(
            "[[lint.levels]]\nb = 'off'\n[[lint.levels]]\n'*' = 'note'\npages = 'x/**'\n",
            &[(Some("lint"), "levels", &["b=off", "*@x/**=note"])],
        );
    }

    #[test]
    fn what_is_no_configuration_is_said_at_its_place() {
        let check = |text: &str, at: usize, piece: &str| {
            let problem = entries(text).expect_err("a problem");
            assert_eq!(problem.at.start, at, "{text}: {problem:?}");
            assert!(problem.message.contains(piece), "{problem:?}");
        };
        check("a = 1979-05-27\n", 4, "a text, a number");
        check("a = [{ b = 1 }]\n", 5, "a text, a number");
        check("[a]\nb = { c = { d = 1 } }\n", 14, "a text, a number");
        check("a = 1\na = 2\n", 6, "duplicate key");
        check("a = \n", 4, "");
    }
}
