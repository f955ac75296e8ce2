//! Two runs of a command side by side: what is new, what is gone, and what is the same.

use std::collections::{BTreeMap, HashMap};

use graph_contracts::compare::Reference;
use graph_contracts::report::{Block, Case, Finding, Line, Report, Status, Tone, count, cut, shown_source};
use jiff::Timestamp;
use serde::Serialize;

/// What this run found beside an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// When the earlier run began.
    pub at: Timestamp,
    /// What it asked.
    pub provider: String,
    /// The cases by outcome.
    pub outcomes: Vec<Counted>,
    /// The findings by code.
    pub codes: Vec<Counted>,
    /// Cases of both runs that have another outcome now.
    pub changed: Vec<Changed>,
    /// What the earlier run looked for and did not find.
    pub new: Vec<Found>,
    /// What this run looked for and did not find any more.
    pub gone: Vec<Found>,
    /// How many findings both have.
    pub same: usize,
    /// How many findings are of cases that the earlier run did not judge: whether they are new is not known.
    pub only_now: usize,
    /// How many findings of the earlier run are of cases that this one did not judge: whether they are gone is not known.
    pub only_before: usize,
    /// How many findings of either run were counted and not kept, and so are not compared.
    pub omitted: usize,
}

/// How often there is something in both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// An outcome or a code.
    pub name: String,
    /// How often in the earlier run.
    pub before: usize,
    /// How often in this one.
    pub after: usize,
}

/// A case with another outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The contract's id, or the page.
    pub id: String,
    /// Method and URL template; empty where the case is a whole contract or page.
    pub route: String,
    /// The outcome in the earlier run.
    pub before: String,
    /// The outcome in this one.
    pub after: String,
    /// Whether it is as expected now.
    pub is_passed: bool,
}

/// A finding that one of the runs has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The contract's id, or the page.
    pub id: String,
    /// Method and URL template; empty where the case is a whole contract or page.
    pub route: String,
    /// The kind.
    pub code: String,
    /// What is wrong, in a line.
    pub message: String,
    /// The page and line, where it is documented.
    pub source: String,
    /// What it is where it does not count, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'static str>,
}

/// What a finding is recognized by in another run: what is wrong at which place of which case. Lines move, and values vary.
type Key<'f> = (&'f str, &'f str, &'f str, Reference, &'f str, &'f str);

/// How many findings and cases are listed on a terminal.
const MOST_LISTED: usize = 20;

/// The longest line on a terminal, in characters.
const LONGEST: usize = 160;

impl Comparison {
    /// A run beside an earlier one of the same command.
    pub fn new(before: &Report<'_>, after: &Report<'_>) -> Comparison {
        let key = |case: &Case<'_>| (case.id.to_owned(), case.route.to_owned());
        let by_key = |report: &Report<'_>| -> HashMap<(String, String), usize> {
            report.cases.iter().enumerate().map(|(index, case)| (key(case), index)).collect()
        };
        let (earlier, later) = (by_key(before), by_key(after));
        let judged = |report: &Report<'_>, known: &HashMap<(String, String), usize>, case: &Case<'_>| {
            known.get(&key(case)).is_some_and(|index| is_judged(&report.cases[*index]))
        };
        let mut left: HashMap<Key<'_>, Vec<(&Case<'_>, &Finding<'_>)>> = HashMap::new();
        let mut only_before = 0;
        for case in &before.cases {
            if !judged(after, &later, case) {
                only_before += case.findings.len();
                continue;
            }
            for finding in &case.findings {
                left.entry(key_of(case, finding)).or_default().push((case, finding));
            }
        }
        let (mut new, mut same, mut only_now) = (Vec::new(), 0, 0);
        for case in &after.cases {
            if !judged(before, &earlier, case) {
                only_now += case.findings.len();
                continue;
            }
            for finding in &case.findings {
                match left.get_mut(&key_of(case, finding)).and_then(Vec::pop) {
                    Some(_) => same += 1,
                    None => new.push(Found::of(case, finding)),
                }
            }
        }
        let mut gone: Vec<Found> =
            left.into_values().flatten().map(|(case, finding)| Found::of(case, finding)).collect();
        gone.sort_by(|one, other| one.order().cmp(&other.order()));
        let changed = after.cases.iter().filter_map(|case| {
            let other = &before.cases[*earlier.get(&key(case))?];
            (other.outcome != case.outcome).then(|| Changed {
                id: case.id.to_owned(),
                route: case.route.to_owned(),
                before: other.outcome.to_owned(),
                after: case.outcome.to_owned(),
                is_passed: case.status == Status::Passed,
            })
        });
        let cases = || before.cases.iter().chain(&after.cases);
        Comparison {
            at: before.at,
            provider: before.provider.clone(),
            outcomes: counted(
                before.cases.iter().map(|case| case.outcome),
                after.cases.iter().map(|case| case.outcome),
            ),
            codes: counted(codes(before), codes(after)),
            changed: changed.collect(),
            new,
            gone,
            same,
            only_now,
            only_before,
            omitted: cases().map(|case| case.omitted).sum(),
        }
    }

    /// What a reader has to know about the comparison, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let findings = |number: usize| count(number, "finding", "findings");
        let note = |number: usize, text: &str| (number > 0).then(|| format!("{} {text}", findings(number)));
        let notes = [
            note(self.only_now, "in what the earlier run did not judge, and so not known to be new"),
            note(self.only_before, "of the earlier run in what this one did not judge, and so not known to be gone"),
            note(self.omitted, "counted, but not kept in the results, and so not compared"),
        ];
        notes.into_iter().flatten().collect()
    }

    /// The answer in a sentence.
    pub fn headline(&self) -> String {
        format!("{} new, {} gone, {} the same", self.new.len(), self.gone.len(), self.same)
    }

    /// The lines for a terminal.
    pub fn block(&self) -> Block {
        let tone = if self.new.is_empty() { Tone::Good } else { Tone::Bad };
        let at = self.at.strftime("%Y-%m-%d %H:%M:%S UTC");
        let mut lines = vec![Line::new(Tone::Bold, self.headline()).text(format!(" beside the run of {at}"))];
        let counted = |own: &Counted| {
            let Counted { name, before, after } = own;
            Line::plain(format!("  {before:>7} → {after:<7} {name}"))
        };
        lines.extend(self.outcomes.iter().map(counted));
        lines.extend(self.codes.iter().filter(|own| own.before != own.after).map(counted));
        for (sign, tone, found) in [("new", tone, &self.new), ("gone", Tone::Good, &self.gone)] {
            for own in found.iter().take(MOST_LISTED) {
                let line = cut(&format!("  {} {}: {}", own.code, own.place(), own.message), LONGEST);
                lines.push(Line::new(tone, format!("  {sign:>4}")).text(line));
            }
            if found.len() > MOST_LISTED {
                let more = found.len() - MOST_LISTED;
                lines.push(Line::plain(format!("        … and {more} more {sign}; --json FILE lists all")));
            }
        }
        lines.extend(self.notes().into_iter().map(|note| Line::plain(format!("  {note}"))));
        Block::new(lines)
    }
}

impl Found {
    fn of(case: &Case<'_>, finding: &Finding<'_>) -> Found {
        Found {
            id: case.id.to_owned(),
            route: case.route.to_owned(),
            code: finding.code.to_owned(),
            message: finding.line(),
            source: shown_source(&finding.source),
            notice: finding.notice().map(graph_contracts::report::Notice::words),
        }
    }

    /// Where it is: page:line, or else the case.
    pub fn place(&self) -> &str {
        if self.source.is_empty() { &self.id } else { &self.source }
    }

    fn order(&self) -> (&str, &str, &str, &str) {
        (&self.id, &self.route, &self.source, &self.code)
    }
}

/// Whether anything could be found in a case.
fn is_judged(case: &Case<'_>) -> bool {
    matches!(case.status, Status::Passed | Status::Failed)
}

fn key_of<'f>(case: &Case<'f>, finding: &'f Finding<'_>) -> Key<'f> {
    // A fingerprint survives moved lines; else the place within a message does.
    let (subject, at) = match finding.fingerprint {
        Some(fingerprint) => (fingerprint, ""),
        None => (finding.subject.as_str(), finding.at.as_str()),
    };
    (case.id, case.route, finding.code, finding.reference, subject, at)
}

fn codes<'r>(report: &'r Report<'_>) -> impl Iterator<Item = &'r str> {
    report.cases.iter().flat_map(|case| case.findings.iter().map(|finding| finding.code))
}

/// How often each name is there before and after; what has changed most comes first.
fn counted<'n>(before: impl Iterator<Item = &'n str>, after: impl Iterator<Item = &'n str>) -> Vec<Counted> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    before.for_each(|name| counts.entry(name).or_default().0 += 1);
    after.for_each(|name| counts.entry(name).or_default().1 += 1);
    let counted = |(name, (before, after)): (&str, (usize, usize))| Counted { name: name.to_owned(), before, after };
    let mut counts: Vec<Counted> = counts.into_iter().map(counted).collect();
    counts.sort_by_key(|own| std::cmp::Reverse(own.before.abs_diff(own.after)));
    counts
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use graph_contracts::compare::Severity;
    use graph_contracts::report::Notice;
    use graph_contracts::source::SourceLine;

    use super::*;

    fn finding(code: &'static str, fingerprint: Option<&'static str>, line: u32) -> Finding<'static> {
        Finding {
            code,
            title: code,
            subject: "subject".to_owned(),
            at: "$['a']".to_owned(),
            sides: None,
            message: "wrong",
            declared: None,
            rule: None,
            severity: Severity::Error,
            notice: Notice::Note,
            source: Some(SourceLine::new("a.md", line)),
            reference: Reference::Documentation,
            means: "",
            fingerprint,
            excerpt: None,
        }
    }

    fn report(cases: Vec<(&'static str, Status, Vec<Finding<'static>>)>) -> Report<'static> {
        let case = |(id, status, findings): (&'static str, Status, Vec<Finding<'static>>)| Case {
            findings,
            ..Case::new(id, "", status, status.name())
        };
        Report {
            cases: cases.into_iter().map(case).collect(),
            ..Report::new("lint", "documentation pages", Timestamp::UNIX_EPOCH, Duration::ZERO)
        }
    }

    /// `expected`: new, gone, the same, and what only one of them has judged: now and before.
    #[track_caller]
    fn check(before: &Report<'_>, after: &Report<'_>, expected: [usize; 5]) -> Comparison {
        let found = Comparison::new(before, after);
        let numbers = [found.new.len(), found.gone.len(), found.same, found.only_now, found.only_before];
        assert_eq!(numbers, expected, "{found:?}");
        found
    }

    #[test]
    fn what_is_new_is_told_from_what_has_moved() {
        let before = report(vec![("a", Status::Failed, vec![finding("x", Some("f"), 3), finding("x", Some("g"), 4)])]);
        let after = report(vec![("a", Status::Failed, vec![finding("x", Some("f"), 9), finding("y", Some("h"), 5)])]);
        let found = check(&before, &after, [1, 1, 1, 0, 0]);
        assert_eq!((found.new[0].code.as_str(), found.new[0].place()), ("y", "a.md:5"));
        assert_eq!(found.gone[0].place(), "a.md:4");
        assert_eq!(found.codes[1], Counted { name: "y".to_owned(), before: 0, after: 1 });
        // Equal findings count as often as they are there.
        let twice = report(vec![("a", Status::Failed, vec![finding("x", None, 3), finding("x", None, 4)])]);
        let once = report(vec![("a", Status::Failed, vec![finding("x", None, 3)])]);
        check(&twice, &once, [0, 1, 1, 0, 0]);
        check(&once, &twice, [1, 0, 1, 0, 0]);
    }

    #[test]
    fn what_was_not_judged_is_neither_new_nor_gone() {
        let found = || vec![finding("x", None, 3)];
        let failed = report(vec![("a", Status::Failed, found())]);
        check(&report(vec![]), &failed, [0, 0, 0, 1, 0]);
        check(&failed, &report(vec![]), [0, 0, 0, 0, 1]);
        let errored = report(vec![("a", Status::Errored, vec![])]);
        check(&failed, &errored, [0, 0, 0, 0, 1]);
        check(&errored, &failed, [0, 0, 0, 1, 0]);
        let passed = report(vec![("a", Status::Passed, vec![])]);
        let found = check(&failed, &passed, [0, 1, 0, 0, 0]);
        assert_eq!((found.changed[0].before.as_str(), found.changed[0].after.as_str()), ("failed", "passed"));
    }
}
