//! A report as lines for a terminal.
//!
//! Styles are always written; whoever owns the stream strips them where it is not a terminal or `NO_COLOR` is set.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};
use std::time::Duration;

use super::Defused;
use super::Evidence;
use super::detail::{Detail, and_more};
use super::text::{at_place, count, cut, padded, safe};
use super::{
    Block, Case, Class, Finding, Group, Judged, Line, Notice, Report, Status, Summary, Tone, group, shown_source,
};
use crate::compare::Severity;
use crate::normal::Level;

/// Narrower terminals get the outcome and the contract only.
const ROOM_FOR_DETAILS: usize = 72;

/// How many lines for cases of one tone are shown as they come.
const MOST_CASES: usize = 50;

/// How many places of a cause are shown as a rule.
const MOST_PLACES: usize = 5;

/// How many causes are shown as a rule.
const MOST_CAUSES: usize = 50;

/// How many causes of a class are shown as a rule.
const MOST_OF_CLASS: usize = 10;

/// How many findings of a case are shown as a rule.
const MOST_FINDINGS: usize = 20;

/// Writes results, of which no CI server takes a line for a command, no wider than the terminal where a line can be cut.
pub struct Terminal<W: Write> {
    pub(super) out: Defused<W>,
    width: usize,
    detail: Detail,
    /// How many lines for cases were shown of each tone, and how many were left out of all.
    cases: HashMap<Tone, usize>,
    left_out: usize,
    /// Whether a blank line has to stand before the next block.
    is_below: bool,
}

/// What became of one contract, page or step, as soon as it is known.
#[derive(Clone, Debug)]
pub struct CaseLine<'c> {
    /// The tone of the word.
    pub tone: Tone,
    /// What became of it, and how many columns such words have.
    pub word: (&'c str, usize),
    /// The method, where it is said.
    pub method: Option<&'c str>,
    /// The contract, page or step.
    pub id: &'c str,
    /// The number of its routes, where it is said.
    pub routes: Option<usize>,
    /// How long it took, where it is said.
    pub elapsed: Option<Duration>,
}

impl<W: Write> Terminal<W> {
    /// Writes to `out`, which is `width` columns wide; lines that can be cut are.
    pub fn new(out: W, width: usize) -> Terminal<W> {
        let (detail, cases) = (Detail::default(), HashMap::new());
        Terminal { out: Defused::new(out), width: width.max(40), detail, cases, left_out: 0, is_below: false }
    }

    /// The same, which says so much.
    #[must_use]
    pub fn with_detail(self, detail: Detail) -> Terminal<W> {
        Terminal { detail, ..self }
    }

    /// How much is said.
    pub fn detail(&self) -> Detail {
        self.detail
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// A block of text that is laid out already.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.blank()?;
        writeln!(self.out, "{text}")
    }

    /// One line for one contract, page or step.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn case(&mut self, line: &CaseLine<'_>) -> io::Result<()> {
        let CaseLine { tone, word: (word, columns), method, id, routes, elapsed } = line;
        let (style, dim, id) = (tone.style(), Tone::Dim.style(), safe(id));
        let shown = self.cases.entry(*tone).or_default();
        match self.detail {
            Detail::Result => return Ok(()),
            Detail::Usual if *shown == MOST_CASES => {
                self.left_out += 1;
                return Ok(());
            }
            Detail::Usual | Detail::Each | Detail::All => *shown += 1,
        }
        self.is_below = true;
        if self.width < ROOM_FOR_DETAILS {
            return writeln!(self.out, "{style}{word:>columns$}{style:#}  {}", cut(&id, self.width - columns - 2));
        }
        let method = method.map(|method| format!("{:<6} ", safe(method))).unwrap_or_default();
        let routes = routes.map(|routes| format!("{:>9}", count(routes, "route", "routes")));
        let elapsed = elapsed.map(|elapsed| format!("{:>8}", format!("{} ms", elapsed.as_millis())));
        let tail: Vec<String> = [routes, elapsed].into_iter().flatten().collect();
        let tail = tail.join(" ");
        let room = self.width.min(100).saturating_sub(columns + method.len() + tail.len() + 4);
        writeln!(self.out, "{style}{word:>columns$}{style:#}  {method}{} {dim}{tail}{dim:#}", padded(&id, room))
    }

    /// A report, in the order of `docs/reports.md`: what was found by cause, what was found in one case alone, what has no result and why,
    /// what stands beside the cases, and the summary.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        if self.detail == Detail::Result {
            return self.summary(&report.summary);
        }
        if self.left_out > 0 {
            self.lines(&[Line::plain(format!("… and {} more; --verbose shows each", self.left_out))])?;
        }
        let failed = || report.cases.iter().filter(|case| case.status == Status::Failed);
        // Beside what is declared, what does not count stands in a block of its own.
        let is_shown = |group: &Group<'_>| match report.judged {
            Judged::Declarations | Judged::Requests => group.first.severity == Severity::Error,
            Judged::Responses | Judged::Pages => group.first.sides.is_some(),
            // Its blocks say it.
            Judged::Changes => false,
        };
        let groups = Group::of(failed()).into_iter().filter(is_shown);
        // What is declared has a cause; drift is reviewed case by case; and what came is shown with all that differs beside it.
        let (shared, own): (Vec<Group<'_>>, Vec<Group<'_>>) = groups.partition(|group| match report.judged {
            Judged::Declarations | Judged::Requests => true,
            Judged::Responses | Judged::Pages | Judged::Changes => report.level == Level::Exact && group.is_shared(),
        });
        let shared = Class::of(shared);
        for class in shared.iter().take(self.detail.most(MOST_CAUSES)) {
            match class.single() {
                Some(group) => self.cause(group)?,
                None => self.class(class)?,
            }
        }
        match shared.len().saturating_sub(self.detail.most(MOST_CAUSES)) {
            0 => {}
            more => self.block(&[Line::plain(and_more(more, " causes"))])?,
        }
        let with_own: HashSet<*const Case<'_>> =
            own.iter().flat_map(|group| &group.places).map(|(case, _)| std::ptr::from_ref(*case)).collect();
        for case in failed().filter(|case| with_own.contains(&std::ptr::from_ref(*case))) {
            // A review shows the lines of drift that differ.
            let evidence = case.evidence.filter(|_| report.level == Level::Exact);
            self.case_findings(case, evidence)?;
        }
        for case in report.cases.iter().filter(|case| case.note.is_some()) {
            self.noted(case)?;
        }
        self.without_result(report, Status::Errored, report.errored)?;
        self.without_result(report, Status::Skipped, Notice::NotKnown.words())?;
        self.skipped(report)?;
        self.blocks(&report.blocks)?;
        self.summary(&report.summary)
    }

    /// Blocks, of which those that are only shown where all are asked for are counted.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn blocks(&mut self, blocks: &[Block]) -> io::Result<()> {
        let shows_all = self.detail == Detail::All;
        let is_left_out = |block: &Block| !shows_all && block.further.is_some();
        for blocks in blocks.chunk_by(|one, other| is_left_out(one) && one.further == other.further) {
            match &blocks[0].further {
                Some(what) if is_left_out(&blocks[0]) => {
                    self.block(&[Line::plain(and_more(blocks.len(), &format!(" {what}")))])?;
                }
                _ => blocks.iter().try_for_each(|block| self.bounded(block))?,
            }
        }
        Ok(())
    }

    /// A block, or so many of its lines as are shown as a rule.
    fn bounded(&mut self, block: &Block) -> io::Result<()> {
        let most = self.detail.most(block.most.unwrap_or(usize::MAX));
        let (shown, more) = block.lines.split_at(most.min(block.lines.len()));
        self.block(shown)?;
        if more.is_empty() { Ok(()) } else { self.lines(&[Line::plain(format!("  {}", and_more(more.len(), "")))]) }
    }

    /// Lines that belong together, with a blank line before them.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn block(&mut self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() || self.detail == Detail::Result {
            return Ok(());
        }
        self.blank()?;
        self.lines(lines)
    }

    /// A blank line, unless nothing stands above it.
    fn blank(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_below, true) { writeln!(self.out) } else { Ok(()) }
    }

    /// Lines right below the last one.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn lines(&mut self, lines: &[Line]) -> io::Result<()> {
        if self.detail == Detail::Result {
            return Ok(());
        }
        let dimmed = Tone::Dim.style();
        for Line { indent, tone, lead, text, dim } in lines {
            let style = tone.style();
            write!(self.out, "{indent}{style}{lead}{style:#}{text}")?;
            if dim.is_empty() { writeln!(self.out)? } else { writeln!(self.out, "{dimmed}{dim}{dimmed:#}")? }
        }
        Ok(())
    }

    /// The result in a line, and what to do next.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let Summary { subject, tone, result, elapsed, notes } = summary;
        let elapsed = elapsed.map(|elapsed| format!(" in {:.2} s", elapsed.as_secs_f64())).unwrap_or_default();
        let (bold, style) = (Tone::Bold.style(), tone.style());
        self.blank()?;
        if !subject.is_empty() {
            write!(self.out, "{bold}{}:{bold:#} ", safe(subject))?;
        }
        writeln!(self.out, "{style}{}{style:#}{elapsed}", safe(result))?;
        self.lines(notes)
    }

    /// Findings that have one cause, and some of the places.
    fn cause(&mut self, group: &Group<'_>) -> io::Result<()> {
        let Group { first, places } = group;
        let heading = match first.sides {
            Some(_) => {
                let (tone, word) = match first.notice() {
                    Some(notice) => (Tone::Plain, format!(" ({})", notice.words())),
                    None => (Tone::Bad, String::new()),
                };
                let number = format!("  {} places", places.len());
                Line::new(tone, format!("{}: {}{word}", first.title, first.subject)).dim(number)
            }
            None => {
                let number = match (places.len(), group.ids().len()) {
                    (1, _) => String::new(),
                    (all, ids) => format!("  {all} places in {}", count(ids, "contract", "contracts")),
                };
                Line::new(Tone::Bad, first.message).dim(format!("  [{}]{number}", first.code))
            }
        };
        let mut lines = vec![heading];
        lines.extend(first.declared.map(|declared| Line::plain(format!("  declared in {declared}"))));
        lines.push(Line::plain(format!("  {}", first.means)));
        // What is wrong with an example is wrong on each of its routes.
        let is_same = |(case, finding): &(&Case<'_>, &Finding<'_>), (other, same): &(&Case<'_>, &Finding<'_>)| {
            (case.id, &finding.at, &finding.source, finding.sides) == (other.id, &same.at, &same.source, same.sides)
        };
        let mut shown: Vec<(&(&Case<'_>, &Finding<'_>), usize)> = Vec::new();
        for place in places {
            match shown.iter().position(|(own, _)| is_same(own, place)) {
                Some(known) => shown[known].1 += 1,
                None if shown.len() < self.detail.most(MOST_PLACES) => shown.push((place, 1)),
                None => {}
            }
        }
        for ((case, finding), routes) in &shown {
            let on = if *routes == 1 { String::new() } else { format!("{routes} routes, such as ") };
            lines.push(Line::new(Tone::Bold, format!("  {}", case.id)).text(case.on_route(&on)));
            let difference = finding.sides.map(|(expected, actual)| format!("  {actual} instead of {expected}"));
            let source = shown_source(&finding.source) + &difference.unwrap_or_default();
            let at = if finding.at.is_empty() { String::new() } else { format!("at {}", finding.at) };
            let gap = if at.is_empty() || source.is_empty() { "" } else { "  " };
            if !(at.is_empty() && source.is_empty()) {
                lines.push(Line::plain(format!("    {at}")).dim(format!("{gap}{source}")));
            }
        }
        match places.len() - shown.iter().map(|(_, routes)| routes).sum::<usize>() {
            0 => {}
            more => lines.push(Line::plain(format!("  {}", and_more(more, "")))),
        }
        self.block(&lines)?;
        places.first().and_then(|(case, _)| case.evidence).map_or(Ok(()), |evidence| self.diff(evidence))
    }

    /// Causes of one kind: how many findings each has, and where the first one is.
    fn class(&mut self, class: &Class<'_>) -> io::Result<()> {
        let Some(Group { first, .. }) = class.groups.first() else { return Ok(()) };
        let notice = first.notice().map(|notice| format!(" ({})", notice.words())).unwrap_or_default();
        let contracts = count(class.ids().len(), "contract", "contracts");
        let number = format!("{} causes, {} places in {contracts}", class.groups.len(), class.places());
        let tone = if notice.is_empty() { Tone::Bad } else { Tone::Plain };
        let mut lines = vec![
            Line::new(tone, format!("{}{notice}", first.title)).dim(format!("  [{}]  {number}", first.code)),
            Line::plain(format!("  {}", first.means)),
        ];
        let most = self.detail.most(MOST_OF_CLASS);
        for Group { first, places } in class.groups.iter().take(most) {
            let what = if first.message.is_empty() { first.subject.as_str() } else { first.message };
            let source = format!("  {}", shown_source(&first.source));
            lines.push(Line::plain(format!("  {:>5}  {what}", places.len())).dim(source));
        }
        match class.groups.len().saturating_sub(most) {
            0 => {}
            more => lines.push(Line::plain(format!("         {}", and_more(more, " causes")))),
        }
        self.block(&lines)
    }

    /// All that was found in a case, and the lines that differ.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub(crate) fn case_findings(&mut self, case: &Case<'_>, evidence: Option<&Evidence>) -> io::Result<()> {
        self.block(&[Line::new(Tone::Bold, case.id).text(case.on_route(""))])?;
        let most = self.detail.most(MOST_FINDINGS);
        for finding in case.findings.iter().take(most) {
            match (finding.sides, finding.notice()) {
                (Some((expected, actual)), None) => self.lines(&sides(
                    Line::new(Tone::Bad, format!("  {}", finding.title)).text(at_place(finding.title, &finding.at)),
                    &shown_source(&finding.source),
                    10,
                    [(finding.expectation(), expected), ("now", actual)],
                    &meaning(finding),
                ))?,
                (_, notice) => {
                    let word = notice.map(|notice| format!(" ({})", notice.words())).unwrap_or_default();
                    let line =
                        Line::plain(format!("  {}{}{word}", finding.title, at_place(finding.title, &finding.at)));
                    let rule = finding.rule.as_ref().map(|rule| format!(": {rule}")).unwrap_or_default();
                    self.lines(&[line.dim(format!("  {}{rule}", shown_source(&finding.source)))])?;
                }
            }
        }
        match case.findings.len().saturating_sub(most) {
            0 => {}
            more => self.lines(&[Line::plain(format!("  {}", and_more(more, "")))])?,
        }
        match case.omitted {
            0 => {}
            more => self.lines(&[Line::plain(format!("  … and {more} more, which are counted only"))])?,
        }
        for (name, value) in case.properties.iter().filter(|(name, _)| *name == "request-id") {
            self.lines(&[Line::default().dim(format!("  {name} {value}"))])?;
        }
        evidence.map_or(Ok(()), |evidence| self.diff(evidence))
    }

    /// A case of which a person is told more than its outcome.
    fn noted(&mut self, case: &Case<'_>) -> io::Result<()> {
        let tone = if case.status == Status::Passed { Tone::Warn } else { Tone::Bad };
        let note = case.note.as_deref().unwrap_or_default();
        self.block(&[Line::new(tone, case.outcome).text(format!(": {}{}{note}", case.id, case.on_route("")))])
    }

    /// The cases that have no result, by the reason.
    fn without_result(&mut self, report: &Report<'_>, status: Status, phrase: &str) -> io::Result<()> {
        let cases = report.cases.iter().filter(|case| case.status == status && case.left_out.is_none());
        for cases in group(cases, |case| case.reason.as_deref()) {
            let ids: HashSet<&str> = cases.iter().map(|case| case.id).collect();
            let number = count(ids.len(), "contract", "contracts") + ", " + &count(cases.len(), "route", "routes");
            let reason = cases[0].reason.as_deref().unwrap_or_default();
            let title = Line::new(Tone::Warn, phrase).text(format!(": {reason}")).dim(format!("  {number}"));
            let item = |case: &&Case<'_>| {
                let source = format!("  {}", shown_source(&case.source));
                format!("{}{}{}", case.id, case.on_route(""), source.trim_end())
            };
            let items = cases.iter().map(item).collect();
            Block::list(title, items, MOST_PLACES).map_or(Ok(()), |block| self.bounded(&block))?;
        }
        Ok(())
    }

    /// The cases that were left out, by the class of the reason.
    fn skipped(&mut self, report: &Report<'_>) -> io::Result<()> {
        let mut classes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for case in &report.cases {
            if let Some(class) = case.left_out {
                let reason = case.reason.as_deref().unwrap_or_default();
                classes.entry(class).or_default().push(format!("{}: {reason}", case.id));
            }
        }
        for (class, items) in classes {
            let number = count(items.len(), report.unit.0, report.unit.1);
            let title = Line::new(Tone::Warn, "skipped").text(format!(" ({class}): {number}"));
            Block::list(title, items, MOST_PLACES).map_or(Ok(()), |block| self.bounded(&block))?;
        }
        Ok(())
    }
}

/// What a finding means, and the rule that decided.
fn meaning(finding: &Finding<'_>) -> String {
    match &finding.rule {
        Some(rule) => format!("{} Rule: {rule}", finding.means),
        None => finding.means.to_owned(),
    }
}

/// A difference: its heading and source, what each side is called and has, and what that means. The words for the sides have so many
/// columns.
pub fn sides(heading: Line, source: &str, columns: usize, sides: [(&str, &str); 2], means: &str) -> Vec<Line> {
    let [(before, expected), (after, actual)] = sides;
    // The value has the tone, not the word before it.
    let side =
        |tone, word: &str, value: &str| Line { indent: format!("    {word:>columns$}  "), ..Line::new(tone, value) };
    vec![
        heading.dim(format!("  {source}")),
        side(Tone::Bad, before, expected),
        side(Tone::Good, after, actual),
        Line::default().dim(format!("    {means}")),
    ]
}
