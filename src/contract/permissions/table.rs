//! A table of permissions: accounts as rows or as columns, resources as sub-rows, rows or columns.

use std::cell::OnceCell;

use foldhash::HashSet;

use super::cell::{self, Said};
use super::words::{self, Rank};
use super::{Account, PrivilegeOrder};
use crate::page::{Cell, Table};
use crate::url::without_query;

/// What a table says of one account, in general or for what its labels name.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) account: Account,
    /// Whether its row is below that of the account, which has none itself.
    pub(super) is_below: bool,
    /// The resource that its row is for; empty if it is for all.
    pub(super) label: String,
    /// The words of its column and of its part of the cell, which tell it from others of the same row.
    pub(super) part: String,
    pub(super) said: Said,
    pub(super) order: Option<PrivilegeOrder>,
    pub(super) line: u32,
}

/// The three accounts in the order of their rows.
const ROWS: [Account; 3] = [Account::Work, Account::Personal, Account::Application];

/// Reads a table; `None` if it is not one of permissions. Three rows of a table that surely has permissions are the three accounts, whatever
/// they are called.
pub(super) fn read(table: &Table<'_>, in_section: bool, is_sure: bool) -> Option<Vec<Statement>> {
    let is_likely = in_section || table.head.first().is_some_and(|cell| words::mentions_permissions(&cell.text));
    // Anywhere else an account has to be called so in full.
    let names = || table.rows.iter().take(ROWS.len()).filter_map(|row| row.first()).chain(&table.head);
    if !is_likely && !names().any(|cell| words::is_delegated(&cell.text)) {
        return None;
    }
    let columns: Vec<Option<Account>> = table.head.iter().map(|cell| words::account(&cell.text)).collect();
    let statements = if columns.iter().flatten().count() >= 2 {
        by_column(&Reader::of(table), &columns)
    } else {
        let accounts_first = accounts_first(table);
        by_row(&Reader::of(accounts_first.as_ref().unwrap_or(table)), is_sure, is_likely)
    };
    // Links alone make a table one of permissions only where a head calls them so.
    let says_permissions = || table.head.iter().skip(1).any(|cell| words::mentions_permissions(&cell.text));
    let says_something = |own: &Statement| match own.said {
        Said::Empty | Said::Signs | Said::Unclear(_) => false,
        Said::Elsewhere => says_permissions(),
        _ => true,
    };
    statements.iter().any(says_something).then_some(statements)
}

/// Reads the cells of a table.
struct Reader<'t, 'a> {
    table: &'t Table<'a>,
    /// The permissions that cells list as alternatives, read when they are needed.
    alternatives: OnceCell<HashSet<String>>,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn of(table: &'t Table<'a>) -> Reader<'t, 'a> {
        Reader { table, alternatives: OnceCell::new() }
    }

    /// What a cell says. The permissions of a list such as `A, B and C` are needed together, unless other cells have them as alternatives.
    fn read(&self, cell: &Cell<'_>) -> Vec<(Option<String>, Said)> {
        let mut read = cell::read(&cell.text);
        for (_, said) in &mut read {
            // "Those of [create lamp](lamp-post.md)."
            if *said == Said::Unclear(cell::NO_PERMISSION) && cell.links.iter().any(|link| is_page(link)) {
                *said = Said::Elsewhere;
            }
            if let Said::List(names) = said {
                let alternatives = self.alternatives.get_or_init(|| alternatives(self.table));
                let are_others = names.iter().filter(|name| alternatives.contains(name.as_str())).count() > 1;
                *said = if are_others {
                    Said::Unclear(cell::NOT_CLEAR)
                } else {
                    Said::Sets(cell::distinct(vec![std::mem::take(names)]))
                };
            }
        }
        read
    }
}

/// Whether the target of a link is another page of the documentation, and not one about permissions in general.
fn is_page(link: &str) -> bool {
    let path = without_query(link).to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    (name.ends_with(".md") || path.contains("/api/")) && !name.contains("permission")
}

/// The permissions each of which is enough alone, in cells that have several.
fn alternatives(table: &Table<'_>) -> HashSet<String> {
    let cells = table.rows.iter().flatten().flat_map(|cell| cell::read(&cell.text));
    let sets = cells.filter_map(|(_, said)| match said {
        Said::Sets(sets) if sets.len() > 1 => Some(sets),
        _ => None,
    });
    let alone = sets.flatten().filter(|set| set.len() == 1);
    alone.flatten().collect()
}

/// One column for each account, one row for each resource.
fn by_column(reader: &Reader<'_, '_>, columns: &[Option<Account>]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for row in &reader.table.rows {
        let label = match columns.first() {
            Some(None) => row.first().map_or("", |cell| cell.text.as_ref()),
            _ => "",
        };
        for (cell, account) in row.iter().zip(columns) {
            let Some(account) = *account else { continue };
            add(&mut statements, account, (label, ""), reader.read(cell), None, cell.line);
        }
    }
    statements
}

/// One row for each account, perhaps with rows below it for each resource.
fn by_row(reader: &Reader<'_, '_>, is_sure: bool, is_likely: bool) -> Vec<Statement> {
    let table = reader.table;
    let known = row_accounts(table);
    let by_order = is_sure && table.rows.len() == ROWS.len();
    if !by_order && known.iter().flatten().count() < if is_likely { 1 } else { 2 } {
        return Vec::new();
    }
    let columns = columns(table);
    let mut statements = Vec::new();
    // The account of the rows below one that is empty itself.
    let mut above: Option<Account> = None;
    for (index, row) in table.rows.iter().enumerate() {
        let by_place = ROWS.get(index).filter(|own| by_order && !known.contains(&Some(**own)));
        let (account, label) = match (known[index], above, by_place) {
            (Some(account), _, _) => (account, ""),
            (None, Some(account), _) => (account, first(row)),
            (None, None, Some(account)) => (*account, ""),
            (None, None, None) => continue,
        };
        let is_empty = has_no_cells(row);
        if label.is_empty() {
            above = is_empty.then_some(account);
        }
        let has_rows_below = is_empty && known[index].is_some() && known.get(index + 1).is_some_and(Option::is_none);
        if has_rows_below {
            continue;
        }
        let count = statements.len();
        of_row(reader, &mut statements, (account, label), row, &columns);
        if label.is_empty() && words::is_any_user(first(row)) {
            of_row(reader, &mut statements, (Account::Work, label), row, &columns);
        }
        statements[count..].iter_mut().for_each(|own| own.is_below = !label.is_empty());
    }
    // Without a row that is known, only a permission shows that these are accounts.
    let names_permission = |own: &Statement| matches!(own.said, Said::Sets(_) | Said::Placeholder);
    if known.iter().all(Option::is_none) && !statements.iter().any(names_permission) {
        return Vec::new();
    }
    statements
}

/// The same table with the column of accounts as the first one, if it is another one.
fn accounts_first<'t>(table: &Table<'t>) -> Option<Table<'t>> {
    // Names such as `Application.Read.All` are permissions.
    let is_account = |cell: &Cell<'_>| words::account(&cell.text).is_some() && cell::names(&cell.text).is_empty();
    let has_accounts =
        |at: &usize| table.rows.iter().filter_map(|row| row.get(*at)).filter(|cell| is_account(cell)).count() > 1;
    if table.rows.iter().filter_map(|row| row.first()).any(is_account) {
        return None;
    }
    let at = (1..table.head.len()).find(has_accounts)?;
    let mut table = table.clone();
    table.head.swap(0, at);
    table.rows.iter_mut().filter(|row| row.len() > at).for_each(|row| row.swap(0, at));
    Some(table)
}

/// The accounts of the rows. Below an account row that is empty itself, rows are called after resources and workflows, such as "Android for
/// Work": only what is surely an account begins the next one.
fn row_accounts(table: &Table<'_>) -> Vec<Option<Account>> {
    let mut is_below = false;
    let account = |row: &Vec<Cell<'_>>| {
        let name = first(row);
        let account = words::account(name).filter(|_| !is_below || words::is_account_row(name));
        if account.is_some() {
            is_below = has_no_cells(row);
        }
        account
    };
    table.rows.iter().map(account).collect()
}

/// Whether a row has nothing but its name.
fn has_no_cells(row: &[Cell<'_>]) -> bool {
    row.iter().skip(1).all(|cell| cell.text.trim().is_empty())
}

fn first<'r>(row: &'r [Cell<'_>]) -> &'r str {
    row.first().map_or("", |cell| cell.text.as_ref())
}

/// A column that has permissions.
struct Column<'t> {
    at: usize,
    rank: Rank,
    /// Its head, where several columns have permissions for different operations.
    label: &'t str,
}

/// The columns that have permissions, and not their descriptions.
fn columns<'t>(table: &'t Table<'_>) -> Vec<Column<'t>> {
    let says = |at: usize| {
        table.rows.iter().filter_map(|row| row.get(at)).any(|cell| {
            cell::read(&cell.text)
                .iter()
                .any(|(_, said)| !matches!(said, Said::Empty | Said::Signs | Said::Unclear(_) | Said::TooMany))
        })
    };
    // Which one it is need not be asked where there is only one.
    let mut ats: Vec<usize> = (1..table.head.len()).filter(|at| table.head.len() == 2 || says(*at)).collect();
    if ats.is_empty() {
        ats.push(1);
    }
    let mut columns: Vec<Column<'_>> = ats
        .into_iter()
        .filter_map(|at| Some(Column { at, rank: words::rank(&table.head.get(at)?.text), label: "" }))
        .collect();
    let ranked = |rank: Rank| columns.iter().filter(|column| column.rank == rank).count();
    let is_ranked = ranked(Rank::Least) == 1 && ranked(Rank::Higher) <= 1;
    for column in &mut columns {
        // One of both alone, or several of one, is a column like any other.
        if !is_ranked && matches!(column.rank, Rank::Least | Rank::Higher) {
            column.rank = Rank::All(None);
        }
    }
    if columns.iter().filter(|column| matches!(column.rank, Rank::All(_))).count() > 1 {
        columns.iter_mut().for_each(|column| column.label = table.head[column.at].text.as_ref());
    }
    columns
}

/// What the cells of a row say, those of the higher privileged permissions after those of the least privileged.
fn of_row(
    reader: &Reader<'_, '_>,
    statements: &mut Vec<Statement>,
    (account, label): (Account, &str),
    row: &[Cell<'_>],
    columns: &[Column<'_>],
) {
    let cell = |rank: Rank| columns.iter().find(|column| column.rank == rank).and_then(|column| row.get(column.at));
    if let Some(least) = cell(Rank::Least) {
        let mut said = reader.read(least);
        // What has more privileges is a list of alternatives, so that `A, B and C` is not clear there.
        let higher = cell(Rank::Higher).map(|cell| cell::read(&cell.text)).unwrap_or_default();
        for (own, more) in higher {
            // "Not available.", or nothing, says that the least privileged ones are all.
            let Said::Sets(more) = more else { continue };
            let more: Vec<_> = more.into_iter().filter(|set| !set.is_empty()).collect();
            match said.iter_mut().find(|(label, _)| *label == own) {
                Some((_, Said::Sets(sets))) => sets.extend(more),
                Some((_, said @ (Said::NotSupported | Said::Empty | Said::Signs))) if !more.is_empty() => {
                    *said = Said::Sets(more)
                }
                Some(_) => {}
                None => said.push((own, Said::Sets(more))),
            }
        }
        for (_, said) in &mut said {
            if let Said::Sets(sets) = said {
                *sets = cell::distinct(std::mem::take(sets));
            }
        }
        add(statements, account, (label, ""), said, Some(PrivilegeOrder::LeastToMost), least.line);
    }
    for column in columns {
        let (Rank::All(order), Some(cell)) = (column.rank, row.get(column.at)) else { continue };
        add(statements, account, (label, column.label), reader.read(cell), order, cell.line);
    }
}

fn add(
    statements: &mut Vec<Statement>,
    account: Account,
    (label, column): (&str, &str),
    said: Vec<(Option<String>, Said)>,
    order: Option<PrivilegeOrder>,
    line: u32,
) {
    for (part, said) in said {
        let part = [column, " ", &part.unwrap_or_default()].concat();
        statements.push(Statement { account, label: label.to_owned(), part, said, order, line, is_below: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[test]
    fn a_cell_that_is_not_read_is_no_cell_that_says_nothing() {
        let check = |head: &str, cell: &str, expected: Option<usize>| {
            let text = format!("|Berechtigungstyp|{head}|\n|---|---|\n|Anwendung|{cell}|\n");
            let page = Page::parse("a.md", &text);
            let read = page.tables().next().and_then(|table| read(table, true, true));
            assert_eq!(read.map(|statements| statements.len()), expected, "{cell}");
        };
        check("Berechtigungen", "Siehe unten.", None);
        check("Berechtigungen", "Wie [Lampe anlegen](lamp-post.md).", Some(1));
        check("Was die App sieht", "Wie [Lampe anlegen](lamp-post.md).", None);
        check("Berechtigungen", "Lamp.Read", Some(1));
        check("Berechtigungen", &"Lamp.Read, ".repeat(1001), Some(1));
    }
}
