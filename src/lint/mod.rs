//! The linter for documentation pages: everything that is wrong with a page, with a stable code each.
//!
//! What the importer itself notices is among it ([`crate::contract::build`]); the rules here find what does not matter to a
//! contract, but to a reader.
//!
//! - [`lint_page`]: all rules for one page, without I/O: for messages (`messages.rs`, `media_types.rs`, `header_names.rs`, `required_headers.rs`,
//!   `status_in_prose.rs`, `body_words.rs`), URLs (`urls.rs`, `query_options.rs`, `expressions.rs`, `templates.rs`), bodies (`values.rs`, `wrong_types.rs`,
//!   `near_members.rs`, `type_of_values.rs`, `literals.rs`, `json_blocks.rs`), both messages of a pair (`agreement.rs`, `context_sets.rs`), comments
//!   (`block_types.rs`, `response_comment.rs`, `asked_for.rs`), and the page (`page_rules.rs`, `title.rs`, `headings.rs`, `permission_rows.rs`, `type_words.rs`,
//!   `translated_names.rs`, `enum_lists.rs`); `nearest.rs`, `slips.rs`: the name that is meant; `numbered.rs`: members with their places; [`PageLint`]: what they found
//! - the same for the pages of resources (`resource_page.rs`, `disputed.rs`)
//! - [`lint`]: folders of pages (`run.rs`); `names.rs` and `permission_names.rs` have the rules that concern a whole set
//! - [`fix()`]: the pages with what has one right answer corrected (`fix_run.rs`), each edit checked by reading the page again (`fix.rs`);
//!   `fixes.rs`, `lengths.rs`: the edits of defects that are found here
//! - [`MetadataRules`]: rules from elsewhere, which know the service's own metadata: one for the contracts of a page
//!   ([`ContractRule`]), one for the tables of a resource ([`ResourceRule`])
//! - [`Levels`]: how much a defect matters to a project (`levels.rs`), by code and by [`PageGlob`] (`page_glob.rs`)
//! - [`Suppressions`]: diagnostics that somebody has accepted (`suppressions.rs`); `ignored.rs`: comments in pages that accept some
//! - [`Baseline`]: defects that are known, so that only new ones are reported (`baseline.rs`), by what does not change when lines move
//!   ([`Fingerprint`], `fingerprint.rs`); `excerpts.rs`: the lines that a report shows

mod agreement;
mod asked_for;
mod baseline;
mod block_types;
mod body_words;
mod causes;
mod context_sets;
mod disputed;
mod enum_lists;
mod excerpts;
mod expressions;
mod fingerprint;
mod fix;
mod fix_run;
mod fixes;
mod header_names;
mod headings;
mod ignored;
mod json_blocks;
mod lengths;
mod levels;
mod literals;
mod media_types;
mod messages;
mod names;
mod near_members;
mod nearest;
mod numbered;
mod page_glob;
mod page_rules;
mod permission_names;
mod permission_rows;
mod query_options;
mod report;
mod required_headers;
mod resource_page;
mod response_comment;
mod run;
mod slips;
mod status_in_prose;
mod suppressions;
mod templates;
mod title;
mod translated_names;
mod type_of_values;
mod type_words;
mod urls;
mod values;
mod wrong_types;

pub use baseline::{Baseline, BaselineError, Compared};
pub use fingerprint::{Fingerprint, fingerprints};
pub use fix::{FixedPage, Fixes, Unfixed};
pub use fix_run::fix;
pub use fixes::corrected_length;
pub use levels::{Level, LevelRule, Levels};
pub use literals::date_problem;
pub use page_glob::PageGlob;
pub use report::unused_suppressions;
pub use run::{HasPage, Lint, LintOptions, lint};
pub use suppressions::{SuppressionError, Suppressions};

use std::cell::{LazyCell, OnceCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::{HashSet, HashSetExt as _};

use disputed::Examples;

use crate::contract::{
    Built, Contract, PageName, PageRequests, PairKind, Property, PropertyTables, TypeIndex, build_with,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::edit::Edit;
use crate::page::{Language, Page, RequestLine};

/// A rule for each contract of a page that this module does not know: what is wrong with the contract, as diagnostics of the page.
pub type ContractRule<'r> = dyn Fn(&Page<'_>, &Contract) -> Vec<Diagnostic> + Sync + 'r;

/// A rule for the property tables of a resource's page, with the name of its type.
pub type ResourceRule<'r> = dyn Fn(&Page<'_>, &str, &[Vec<Property>]) -> Vec<Diagnostic> + Sync + 'r;

/// The rules that check against the service's own metadata.
#[derive(Clone, Copy)]
pub struct MetadataRules<'m> {
    /// For each contract of an API page.
    pub contract: &'m ContractRule<'m>,
    /// For each page of a resource.
    pub resource: &'m ResourceRule<'m>,
}

/// What the linter found in a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLint {
    /// What is wrong, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// The rules that would have reported something, had the prose of the page not been able to explain it in a language that they do
    /// not read.
    pub unjudged: BTreeSet<Code>,
    /// The permissions that the page states, each with its line and column.
    pub permissions: Vec<(String, (u32, u32))>,
    /// The comments that accept something.
    ignored: Vec<ignored::Ignored>,
    /// The pages of the resources that its messages show.
    described: BTreeSet<String>,
    /// What its examples show of properties about which the pages of resources contradict themselves.
    pub(crate) examples: Examples,
    /// The requests that it documents, and those that other pages may.
    requests: PageRequests,
}

/// Everything that is wrong with a page; also by a rule for contracts, if there is one.
pub fn lint_page(page: &Page<'_>, index: &TypeIndex, rule: Option<&ContractRule<'_>>) -> PageLint {
    lint_with_contracts(page, index, rule).0
}

/// The same, with the contracts of the page.
fn lint_with_contracts(
    page: &Page<'_>,
    index: &TypeIndex,
    rule: Option<&ContractRule<'_>>,
) -> (PageLint, Vec<Contract>) {
    let tables = PropertyTables::of(page);
    let Built { contracts, diagnostics, unjudged, pairs, bodies, companions } =
        build_with(&tables, &PageName::of(page), index, rule.is_some());
    let mut linter = Linter::new(&tables, diagnostics);
    linter.unjudged = unjudged;
    page_rules::check(&mut linter);
    messages::check(&mut linter, &contracts, &bodies);
    title::check(&mut linter);
    templates::check(&mut linter);
    block_types::check(&mut linter);
    header_names::check_table(&mut linter);
    headings::check(&mut linter);
    permission_rows::check(&mut linter);
    let is_of_one = LazyCell::new(|| templates::methods_of(page).len() == 1);
    type_of_values::check(&mut linter, index, &bodies);
    translated_names::check(&mut linter, index, &contracts);
    enum_lists::check(&mut linter, index);
    // A request with several responses is looked at once, and so is a response that several requests share.
    let mut checked = HashSet::new();
    for ((_, contract), pair) in contracts.iter().zip(&pairs) {
        if checked.insert(pair.request) {
            values::check_request(&mut linter, index, contract, &page.blocks[pair.request], &bodies[pair.request]);
            required_headers::check(&mut linter, contract, &page.blocks[pair.request], || *is_of_one);
        }
        if checked.insert(pair.response) {
            values::check_response(&mut linter, index, contract, &page.blocks[pair.response], &bodies[pair.response]);
        }
        let [request, response] = [pair.request, pair.response].map(|block| (&page.blocks[block], &bodies[block]));
        agreement::check(&mut linter, contract, request, response);
        response_comment::check(&mut linter, index, contract, &page.blocks[pair.response], &bodies[pair.response]);
        if let Some(rule) = rule {
            linter.diagnostics.extend(rule(page, contract));
        }
    }
    let (ignored, not_valid) = ignored::of_page(page);
    linter.diagnostics.extend(not_valid);
    let mut found = linter.diagnostics;
    found.sort_by(|a, b| a.order(b).then_with(|| a.message.cmp(&b.message)));
    // The rule from elsewhere looks at a request with several responses several times.
    found.dedup();
    causes::only(page, &mut found);
    causes::leave_bodies_alone(page, &mut found);
    found.retain(|found| !page.accepts(found));
    let permissions = permission_names::of_page(page, &contracts);
    let types = contracts.iter().flat_map(|(_, own)| {
        let of_bodies = [&own.request.body_type, &own.response.body_type];
        own.types.keys().chain(of_bodies.into_iter().flatten())
    });
    let described = types.filter_map(|name| Some(index.get(name)?.page.clone())).collect();
    let found = PageLint {
        diagnostics: found,
        unjudged: linter.unjudged,
        permissions,
        ignored,
        described,
        examples: linter.examples,
        requests: PageRequests::of(page, companions),
    };
    (found, contracts.into_iter().map(|(_, contract)| contract).collect())
}

/// The diagnostics of one page as they are found.
struct Linter<'p> {
    page: &'p Page<'p>,
    tables: &'p PropertyTables<'p>,
    request_body: page_rules::RequestBody<'p>,
    /// What the tables list of enumerations, as soon as somebody asks.
    lists: Option<Rc<enum_lists::PageLists>>,
    /// What its text says of what requests ask for, as soon as somebody asks.
    said: OnceCell<asked_for::Said>,
    /// How many times the nearest name may still be looked for.
    hints: usize,
    examples: Examples,
    diagnostics: Vec<Diagnostic>,
    unjudged: BTreeSet<Code>,
}

impl<'p> Linter<'p> {
    /// A linter of the page that has those tables, and of which that is found already.
    fn new(tables: &'p PropertyTables<'_>, diagnostics: Vec<Diagnostic>) -> Linter<'p> {
        let page = tables.page();
        let request_body = page_rules::RequestBody::of(page, tables.of_request_body());
        Linter {
            page,
            tables,
            request_body,
            lists: None,
            said: OnceCell::new(),
            hints: nearest::MOST_HINTS,
            examples: Examples::default(),
            diagnostics,
            unjudged: BTreeSet::new(),
        }
    }

    /// Whether the prose of the page can be read. A rule asks before it reports what prose in another language may explain; where it
    /// cannot be read, nothing is reported, and the summary says that the rule could not judge the page.
    fn reads_prose(&mut self, code: Code) -> bool {
        let is_read = self.page.language().is_read();
        if !is_read {
            self.unjudged.insert(code);
        }
        is_read
    }

    /// What is said of a name that is nearly one of these, and none of them.
    fn hint<'n>(&mut self, name: &str, names: impl Iterator<Item = &'n str>) -> String {
        if self.hints == 0 {
            return String::new();
        }
        self.hints -= 1;
        nearest::nearest(name, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
    }

    /// Whether the tables of the page have the names of properties as they are. Translations translate some of them.
    fn keeps_names(&mut self, code: Code) -> bool {
        let is_original = self.page.language() == Language::English;
        if !is_original {
            self.unjudged.insert(code);
        }
        is_original
    }

    /// The place of a byte of a request's target. What stands on further lines is reported at the start of the request.
    fn place_in_target(&self, line: &RequestLine, offset: usize) -> (u32, u32) {
        self.places_in_target(line).of(offset)
    }

    /// The places of several bytes of a request's target.
    fn places_in_target(&self, line: &RequestLine) -> TargetPlaces<'p> {
        let raw = self.page.line_text(line.line);
        let beginning = &line.target[..line.target.floor_char_boundary(BEGINNING.min(line.target.len()))];
        TargetPlaces { line: line.line, raw, start: raw.find(beginning), counted: (0, 0) }
    }

    fn report(&mut self, code: Code, line: u32, message: impl Into<String>) {
        self.report_at(code, (line, 1), message);
    }

    fn report_at(&mut self, code: Code, (line, column): (u32, u32), message: impl Into<String>) {
        self.report_fixable(code, (line, column), message, None);
    }
}

impl Linter<'_> {
    /// Reports what an edit corrects, where there is one.
    fn report_fixable(
        &mut self,
        code: Code,
        (line, column): (u32, u32),
        message: impl Into<String>,
        edit: Option<Edit>,
    ) {
        self.diagnostics.push(self.page.diagnostic(code, line, column, message.into()).with_edit(edit));
    }
}

/// The places of bytes of a target, each behind the one before, so that no character is counted twice.
struct TargetPlaces<'p> {
    line: u32,
    /// The text of the line, and where the target begins in it.
    raw: &'p str,
    start: Option<usize>,
    /// So many bytes of the line are counted, and how many characters they are.
    counted: (usize, u32),
}

impl TargetPlaces<'_> {
    /// The place of a byte.
    fn of(&mut self, offset: usize) -> (u32, u32) {
        let before = self.start.and_then(|start| Some((start + offset, self.raw.get(self.counted.0..start + offset)?)));
        let Some((end, before)) = before else { return (self.line, 1) };
        self.counted = (end, self.counted.1 + before.chars().count() as u32);
        (self.line, self.counted.1 + 1)
    }
}

/// A target is found in its line by so many bytes: the rest may stand on further lines.
const BEGINNING: usize = 16;

type Contracts = [(PairKind, Contract)];

/// What a page is tested with.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// The places of the diagnostics of a code in a page of v1.0.
    pub(crate) fn places(text: &str, code: Code) -> Vec<(u32, u32)> {
        let found = lint_page(&Page::parse("v1.0/api/lamp.md", text), &TypeIndex::default(), None).diagnostics;
        found.iter().filter(|own| own.code == code).map(|own| (own.line, own.column)).collect()
    }

    /// What the diagnostics of a code in a page of v1.0 say.
    pub(super) fn messages(text: &str, code: Code) -> Vec<String> {
        let found = lint_page(&Page::parse("v1.0/api/lamp.md", text), &TypeIndex::default(), None).diagnostics;
        found.into_iter().filter(|own| own.code == code).map(|own| own.message).collect()
    }

    /// A page with a section "Response", and a request with its response.
    pub(super) fn exchange(prose: &str, request: &str, response: &str) -> String {
        format!("## Response\n\n{prose}\n\n## Example\n\n```http\n{request}\n```\n\n```http\n{response}\n```\n")
    }

    /// A page with the table of a request's body and a POST that is answered with an object.
    pub(super) fn post(section: &str, sent: &str, created: &str) -> String {
        let request = format!("POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{sent}");
        let response = format!("HTTP/1.1 201 Created\nContent-Type: application/json\n\n{created}");
        format!("{}\n## Request body\n\n{section}\n", exchange("", &request, &response))
    }
}
