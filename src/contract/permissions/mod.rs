//! The permissions that a page states: in a table by kind of account, in prose, or not at all. Nothing is invented.
//!
//! - [`PagePermissions`]: what a page and the files that it includes state, and what of it is about an operation
//! - `section.rs`: where a page states them; [`permission_includes`]: what it includes there
//! - `table.rs`, `cell.rs`: tables and their cells; `words.rs`: their words, in any language of the documentation
//! - [`NotStated`]: whether a page should state permissions and does not
//! - `operation.rs`: which of several statements is about an operation

mod cell;
#[cfg(test)]
mod cell_tests;
mod not_stated;
mod operation;
mod section;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub(super) use not_stated::NotStated;
pub(crate) use section::{is_named, permission_includes};
pub(super) use words::is_not_supported;

use std::cell::{LazyCell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::{Grant, Permissions, PrivilegeOrder, Stated};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Element, Include, Inclusion, Page, Prose, Table};
use cell::Said;
use operation::{Label, Labels, Operation};
use section::{Section, is_called_permissions};
use table::Statement;
use words::Account;

/// A page with more statements for one account than this has no operations that they could be told apart by.
const MOST_STATEMENTS: usize = 64;

/// What a page states of permissions.
#[derive(Default)]
pub(super) struct PagePermissions {
    statements: Vec<Placed>,
    /// The statements for each account, by their places.
    by_account: [Vec<usize>; 3],
    /// The labels of these, as soon as an operation is looked for.
    labels: [OnceCell<Labels>; 3],
    /// Whether there are some that have to be told apart.
    are_told_apart: bool,
    /// Whether any of the statements has words by which it is told from others.
    has_labels: bool,
    /// The number of tables.
    tables: usize,
    /// The first paragraph that names permissions, with its line.
    prose: Option<(Vec<String>, u32)>,
    /// The line of the section, if there is one.
    section: Option<u32>,
    /// Whether a file may state them that cannot be read, or that nobody looked for.
    not_read: bool,
    /// The words above each table.
    contexts: Vec<String>,
    /// What cannot be read, and whether it is called as files with the tables of permissions are.
    problems: Vec<(Diagnostic, bool)>,
    /// What is wrong with the tables and with what is included.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether a cell says something in a language that is not read.
    is_foreign: bool,
    /// What the page states of operations that the same statements are about.
    known: RefCell<HashMap<[Chosen; 3], Arc<Permissions>>>,
}

/// Which of the statements for an account are about an operation: some of them, or all of so many that they cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Chosen {
    Some(Vec<usize>),
    All,
}

/// A statement with where it is.
struct Placed {
    statement: Statement,
    /// The words by which it is told from others: those above its table, and its own, as far as URLs of the page have them.
    label: Label,
    /// Its own words.
    words: String,
    /// The number of the table, and its line.
    table: usize,
    table_line: u32,
    file: Option<String>,
    /// The line of the page with the table, or with what includes it.
    page_line: u32,
}

/// Where a table is: in the page itself, or in a file that it includes.
#[derive(Clone, Copy)]
enum Place<'p> {
    Page,
    File(&'p str, &'p Include),
}

impl PagePermissions {
    /// Reads a page, whose URLs have these paths.
    pub(super) fn of<P: AsRef<str>>(page: &Page<'_>, paths: impl Iterator<Item = P>) -> PagePermissions {
        let mut own = PagePermissions::default();
        // Most pages have nothing that would have to be told apart by them.
        let vocabulary = LazyCell::new(|| Operation::all_words(paths.collect::<Vec<P>>().iter().map(AsRef::as_ref)));
        let mut inclusions: HashMap<&str, Option<&Inclusion>> =
            page.inclusions.iter().map(|own| (own.include.target.as_str(), Some(own))).collect();
        let mut section = Section::default();
        let mut paragraphs: Vec<&Prose<'_>> = Vec::new();
        for (index, element) in page.elements.iter().enumerate() {
            match element {
                Element::Table(table) => own.table(page, table, &section, Place::Page, &vocabulary),
                Element::Prose(prose) => {
                    for include in &section.includes(page, index) {
                        match inclusions.get_mut(include.target.as_str()) {
                            // A file that is included again says nothing new.
                            Some(inclusion) => {
                                if let Some(inclusion) = inclusion.take() {
                                    own.include(page, inclusion, &section, &vocabulary);
                                }
                            }
                            None => own.not_read = true,
                        }
                    }
                    // A note says more of what the section has stated.
                    if section.is_named && !prose.text.trim_start().starts_with("[!") {
                        paragraphs.push(prose);
                    }
                }
                Element::Heading(_) | Element::Comment(_) | Element::Fence(_) => {}
            }
            section.pass(element);
            if section.is_open() {
                own.section.get_or_insert(section.line);
            }
        }
        // Beside a table, prose states nothing.
        if own.statements.is_empty() {
            let mut named = paragraphs.iter().map(|prose| (names_in_prose(&prose.text), prose.line));
            own.prose = named.find(|(names, _)| !names.is_empty());
        }
        own.read_labels(&vocabulary);
        // Beside a table, a note that cannot be read takes nothing from what the page states.
        let problems = std::mem::take(&mut own.problems).into_iter();
        let is_missed = own.statements.is_empty();
        own.diagnostics
            .extend(problems.filter(|(_, is_table)| *is_table || is_missed).map(|(diagnostic, _)| diagnostic));
        own
    }

    /// Reads the tables of what a directive includes. Prose of included files is about roles, limits and the like, and states nothing.
    fn include(
        &mut self,
        page: &Page<'_>,
        inclusion: &Inclusion,
        section: &Section,
        vocabulary: &impl Deref<Target = BTreeSet<String>>,
    ) {
        let Inclusion { include, files, problems } = inclusion;
        self.not_read |= !problems.is_empty();
        let diagnostic = |problem: &String| {
            let (line, column) = (include.line, include.column);
            (
                page.diagnostic(Code::IncludeNotRead, line, column, problem.clone()),
                is_called_permissions(&include.target),
            )
        };
        self.problems.extend(problems.iter().map(diagnostic));
        for file in files {
            let mut section = section.of_file();
            for element in &Page::parse(&file.path, &file.text).elements {
                if let Element::Table(table) = element {
                    self.table(page, table, &section, Place::File(&file.path, include), vocabulary);
                }
                section.pass(element);
            }
        }
    }

    fn table(
        &mut self,
        page: &Page<'_>,
        table: &Table<'_>,
        section: &Section,
        place: Place<'_>,
        vocabulary: &impl Deref<Target = BTreeSet<String>>,
    ) {
        let is_sure =
            section.says_permissions() || matches!(place, Place::File(path, _) if is_called_permissions(path));
        let Some(statements) = table::read(table, section.is_open() || is_sure, is_sure) else { return };
        let is_english = || {
            let mut cells = table.rows.iter().filter_map(|row| row.first()).chain(&table.head);
            cells.any(|cell| words::is_english_account(&cell.text))
        };
        let is_english = LazyCell::new(is_english);
        self.contexts.push(section.context());
        let (file, page_line) = match place {
            Place::Page => (None, table.line),
            Place::File(path, include) => (Some(path.to_owned()), include.line),
        };
        // Rows below an account are for resources of the page's URLs, or else for workflows, which no URL tells apart.
        let label = |own: &Statement| Operation::label(&own.label, vocabulary);
        let below: BTreeSet<BTreeSet<String>> = statements
            .iter()
            .filter(|own| own.is_below)
            .map(|own| label(own).words)
            .filter(|words| !words.is_empty())
            .collect();
        let are_workflows = below.len() < 2;
        for mut statement in statements {
            if statement.is_below && are_workflows {
                statement.label.clear();
            }
            let why = match statement.said {
                Said::Unclear(why) => Some((why, *is_english)),
                Said::Empty => Some(("is empty", true)),
                Said::Signs => Some((cell::NO_PERMISSION, true)),
                Said::TooMany => Some((cell::TOO_MANY, true)),
                _ => None,
            };
            match why {
                Some((why, true)) => {
                    let who = statement.account.name();
                    let (line, column, within) = match place {
                        Place::File(path, include) => {
                            (include.line, include.column, format!(" ({path}:{})", statement.line))
                        }
                        Place::Page => {
                            (if statement.line == 0 { table.line } else { statement.line }, 1, String::new())
                        }
                    };
                    let message = format!("the cell for {who} {why}{within}");
                    self.diagnostics.push(page.diagnostic(Code::PermissionsNotStated, line, column, message));
                }
                // What a cell says in another language may be clear to who reads it.
                Some(_) => self.is_foreign = true,
                None => {}
            }
            let words = [statement.label.as_str(), " ", &statement.part].concat();
            let (table, table_line) = (self.tables, table.line);
            self.by_account[statement.account as usize].push(self.statements.len());
            self.statements.push(Placed {
                statement,
                label: Label::default(),
                words,
                table,
                table_line,
                file: file.clone(),
                page_line,
            });
        }
        self.tables += 1;
    }

    /// Reads the labels of the statements, where there are some to be told apart.
    fn read_labels(&mut self, vocabulary: &impl Deref<Target = BTreeSet<String>>) {
        let are_several = self.by_account.iter().any(|own| own.len() > 1);
        // A single statement may be about another user.
        let speaks_of_users = || {
            let mut texts = self.statements.iter().map(|own| &own.words).chain(&self.contexts);
            texts.any(|text| words::user(text).next().is_some())
        };
        if !are_several && !speaks_of_users() {
            return;
        }
        self.are_told_apart = true;
        let mut context = None;
        for own in &mut self.statements {
            let text = &self.contexts[own.table];
            // Tables follow each other below one heading.
            let (_, above) = match context.take() {
                Some((known, label)) if known == text => context.insert((text, label)),
                _ => context.insert((text, Operation::label(text, vocabulary))),
            };
            own.label = Operation::label(&own.words, vocabulary);
            own.label.words.extend(above.words.iter().cloned());
            self.has_labels |= !own.label.words.is_empty();
        }
    }

    /// How the page as a whole states permissions.
    fn stated(&self) -> Stated {
        match (self.statements.is_empty(), &self.prose) {
            (false, _) if self.placeholder().is_some() => Stated::Placeholder,
            (false, _) => Stated::Table,
            (true, _) if self.not_read => Stated::NotRead,
            (true, Some(_)) => Stated::Prose,
            (true, None) => Stated::Nowhere,
        }
    }

    fn placeholder(&self) -> Option<&Placed> {
        self.statements.iter().find(|own| own.statement.said == Said::Placeholder)
    }

    /// What there is to say of permissions that the page does not state.
    pub(super) fn not_stated(&self, page: &Page<'_>) -> NotStated {
        if let Some(own) = self.placeholder() {
            let message = "the permissions table holds placeholders instead of permissions";
            let within = own.file.as_ref().map(|file| format!(" ({file}:{})", own.table_line)).unwrap_or_default();
            return NotStated::Defect(own.page_line, format!("{message}{within}"));
        }
        match self.stated() {
            Stated::Nowhere => NotStated::of(page, self.section),
            _ if self.is_foreign => NotStated::Unknown,
            _ => NotStated::Nothing,
        }
    }

    /// What the page states of the operation on a path.
    pub(super) fn of_path(&self, path: &str) -> Arc<Permissions> {
        let mut known = self.known.borrow_mut();
        // Without labels, all operations are the same.
        if let Some(own) = known.values().next().filter(|_| !self.has_labels) {
            return Arc::clone(own);
        }
        let chosen = if self.are_told_apart {
            let operation = Operation::read(path);
            [0, 1, 2].map(|account: usize| self.select(account, &operation))
        } else {
            [Chosen::All, Chosen::All, Chosen::All]
        };
        Arc::clone(known.entry(chosen).or_insert_with_key(|chosen| Arc::new(self.of_statements(chosen))))
    }

    /// What these statements say, by account.
    fn of_statements(&self, chosen: &[Chosen; 3]) -> Permissions {
        let stated = self.stated();
        let mut permissions = Permissions { stated, ..Permissions::default() };
        if let (Stated::Prose, Some((names, line))) = (stated, &self.prose) {
            permissions.prose.clone_from(names);
            permissions.line = Some(*line);
        }
        let chosen = [0, 1, 2].map(|account: usize| self.chosen(account, &chosen[account]));
        let places = || chosen.iter().flatten().copied();
        if let Some(first) = places().next().or(self.statements.first()) {
            (permissions.line, permissions.file) = (Some(first.table_line), first.file.clone());
        }
        // Of several lists each has an order, but what they have in common has none.
        let is_one_list = |chosen: &Vec<&Placed>| chosen.len() < 2;
        let order = places().next().and_then(|first| first.statement.order);
        let is_ordered = chosen.iter().all(is_one_list) && places().all(|own| own.statement.order == order);
        permissions.order = order.filter(|_| is_ordered);
        [permissions.delegated_work, permissions.delegated_personal, permissions.application] =
            chosen.map(|own| grant(&own));
        permissions
    }

    /// The statements for an account that are about an operation, or may be.
    fn select(&self, account: usize, operation: &Operation) -> Chosen {
        let own = &self.by_account[account];
        if own.len() > MOST_STATEMENTS {
            return Chosen::All;
        }
        let labels = self.labels[account].get_or_init(|| Labels::of(own.iter().map(|at| &self.statements[*at].label)));
        Chosen::Some(operation.select(labels).into_iter().map(|at| own[at]).collect())
    }

    fn chosen(&self, account: usize, chosen: &Chosen) -> Vec<&Placed> {
        let chosen = match chosen {
            Chosen::Some(chosen) => chosen,
            Chosen::All => &self.by_account[account],
        };
        chosen.iter().map(|at| &self.statements[*at]).collect()
    }
}

impl Placed {
    /// What all parts of one row have in common.
    fn key(&self) -> (usize, &str) {
        (self.table, &self.statement.label)
    }
}

impl Account {
    fn name(self) -> &'static str {
        match self {
            Account::Work => "a work or school account",
            Account::Personal => "a personal account",
            Account::Application => "an application",
        }
    }
}

/// What statements say of an operation. The parts of one row are alternatives. Rows and tables for different operations are not: where
/// it cannot be told which is the one, what all of them allow is enough.
fn grant(chosen: &[&Placed]) -> Grant {
    if chosen.len() > MOST_STATEMENTS {
        return Grant::NotStated;
    }
    let mut rows: BTreeMap<(usize, &str), Vec<&Placed>> = BTreeMap::new();
    chosen.iter().for_each(|own| rows.entry(own.key()).or_default().push(own));
    let grants = rows.values().map(|row| grant_of_row(row));
    grants.reduce(common).unwrap_or_default()
}

/// What both of two rows say.
fn common(one: Grant, other: Grant) -> Grant {
    match (one, other) {
        (Grant::NotSupported, Grant::NotSupported) => Grant::NotSupported,
        (Grant::OneOf(mut sets), Grant::OneOf(other)) => {
            let other: HashSet<_> = other.iter().map(|set| cell::key(set)).collect();
            sets.retain(|set| other.contains(&cell::key(set)));
            if sets.is_empty() { Grant::NotStated } else { Grant::OneOf(sets) }
        }
        _ => Grant::NotStated,
    }
}

fn grant_of_row(row: &[&Placed]) -> Grant {
    let mut sets = Vec::new();
    for own in row {
        if let Said::Sets(own) = &own.statement.said {
            sets.extend(own.iter().cloned());
        }
    }
    // Those of one statement are.
    let sets = if row.len() > 1 { cell::distinct(sets) } else { sets };
    let is_denied = row.iter().all(|own| own.statement.said == Said::NotSupported);
    match (sets.is_empty(), is_denied) {
        (false, _) => Grant::OneOf(sets),
        (true, true) => Grant::NotSupported,
        (true, false) => Grant::NotStated,
    }
}

/// The names of permissions in a paragraph, in order and each once. The targets of links do not count.
pub(super) fn names_in_prose(text: &str) -> Vec<String> {
    // Most paragraphs have none, not even in links.
    if !cell::has_names(text) {
        return Vec::new();
    }
    let mut names: Vec<Vec<String>> = Vec::new();
    for (index, piece) in text.split("](").enumerate() {
        let shown = if index == 0 { piece } else { piece.split_once(')').map_or("", |(_, shown)| shown) };
        names.extend(cell::names(shown).into_iter().map(|at| vec![shown[at].to_owned()]));
    }
    cell::distinct(names).into_iter().flatten().collect()
}
