//! The rule for the rows of tables of permissions: each is for an account, and each account has one.
//!
//! Only tables whose first column is called "Permission type" are judged: nothing else says that all rows are accounts.

use foldhash::{HashMap, HashMapExt as _};

use super::Linter;
use super::nearest::is_nearly;
use crate::compare::excerpt;
use crate::diagnostic::Code;
use crate::page::{Cell, Table};

/// The accounts as tables call them, in lower case and without anything but letters.
const ACCOUNTS: [(&str, &str); 3] = [
    ("delegatedworkorschoolaccount", "Delegated (work or school account)"),
    ("delegatedpersonalmicrosoftaccount", "Delegated (personal Microsoft account)"),
    ("application", "Application"),
];

/// Checks the tables of a page.
pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    for table in page.tables().filter(|table| is_of_accounts(table)) {
        for cell in table.rows.iter().filter_map(|row| row.first()) {
            if let Some(meant) = meant(&cell.text) {
                let message = format!("there is no account `{}`; did you mean `{meant}`?", excerpt(cell.text.trim()));
                report(linter, cell, message);
            }
        }
        twice(linter, table);
    }
}

fn is_of_accounts(table: &Table<'_>) -> bool {
    table.head.first().is_some_and(|cell| cell.text.trim().eq_ignore_ascii_case("permission type"))
}

fn report(linter: &mut Linter<'_>, cell: &Cell<'_>, message: String) {
    let column = linter.page.column_of(cell.line, cell.text.trim());
    linter.report_at(Code::PermissionRowNotValid, (cell.line, column), message);
}

/// The account that a row means whose name is nearly that of one.
fn meant(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let own = letters(text);
    let most = |known: &str| if known.len() < 16 { 1 } else { 2 };
    if let Some((_, written)) = ACCOUNTS.iter().find(|(known, _)| is_nearly(&own, known, most(known))) {
        return Some(written);
    }
    // What is behind the first word may be anything.
    let first = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    let is_slip = first != "delegated" && strsim::osa_distance(&first, "delegated") == 1;
    (is_slip && text.contains('(')).then_some("Delegated")
}

/// No name of an account is longer.
const LONGEST: usize = 64;

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// Reports each row for an account that another row is for, where all rows are for accounts.
fn twice(linter: &mut Linter<'_>, table: &Table<'_>) {
    let accounts: Vec<(&Cell<'_>, String)> =
        table.rows.iter().filter_map(|row| row.first()).map(|cell| (cell, letters(&cell.text))).collect();
    let is_account = |own: &str| ACCOUNTS.iter().any(|(known, _)| own == *known);
    let has_cells = |row: &Vec<Cell<'_>>| row.get(1).is_some_and(|cell| !cell.text.trim().is_empty());
    if !accounts.iter().all(|(_, own)| is_account(own)) || !table.rows.iter().all(has_cells) {
        return;
    }
    let mut lines: HashMap<String, u32> = HashMap::new();
    for (cell, own) in accounts {
        if let Some(line) = lines.get(&own) {
            report(
                linter,
                cell,
                format!("the table has the account `{}` on line {line} already", excerpt(cell.text.trim())),
            );
        } else {
            lines.insert(own, cell.line);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::lint::testing::places;

    const WORK: &str = "|Delegated (work or school account)|Lamp.Read|\n";
    const PERSONAL: &str = "|Delegated (personal Microsoft account)|Not supported.|\n";
    const APPLICATION: &str = "|Application|Lamp.Read.All|\n";

    #[track_caller]
    fn check(head: &str, rows: &[&str], expected: &[(u32, u32)]) {
        let text = format!("# Lamp\n\n## Permissions\n\n|{head}|Permissions|\n|---|---|\n{}", rows.concat());
        assert_eq!(places(&text, Code::PermissionRowNotValid), expected, "{text}");
    }

    #[test]
    fn an_account_that_is_nearly_called_like_one_is_misspelled() {
        for (row, column) in [
            ("|Aplication|Lamp.Read|\n", 2),
            ("| Delegated (wrok or school account)|Lamp.Read|\n", 3),
            ("|Delegate (school)|Lamp.Read|\n", 2),
        ] {
            check("Permission type", &[WORK, row], &[(8, column)]);
            check("Resource", &[WORK, row], &[]);
        }
        for row in [
            APPLICATION,
            "|Applications|Lamp.Read|\n",
            "|Delegated(work or school account)|Lamp.Read|\n",
            "|Delegated (work or school accounts)|Lamp.Read|\n",
            "|Delegation|Lamp.Read|\n",
            "|Robots|Lamp.Read|\n",
            "|Delegado (conta corporativa)|Lamp.Read|\n",
            "|Application (resource-specific consent)|Lamp.Read|\n",
        ] {
            check("Permission type", &["|Delegated (personal Microsoft account)|Lamp.Read|\n", row], &[]);
        }
    }

    #[test]
    fn each_account_has_one_row() {
        check("Permission type", &[WORK, PERSONAL, WORK], &[(9, 2)]);
        check("Permission type", &[WORK, PERSONAL, APPLICATION, APPLICATION], &[(10, 2)]);
        check("Permission type", &[WORK, PERSONAL, APPLICATION], &[]);
        // Rows of something else may come twice.
        check("Permission type", &[WORK, "|Lamp|Lamp.Read|\n", WORK], &[]);
        check("Permission type", &["|Application||\n", "|Application|Lamp.Read|\n"], &[]);
    }
}
