//! A check against metadata as a report: a case for each contract on each route.

use std::collections::BTreeMap;

use graph_contracts::compare::{Reference, Severity};
use graph_contracts::diagnostic::Code;
use graph_contracts::lint::unused_suppressions;
use graph_contracts::report::{
    self, Block, Case, CaseLine, Judged, Line, Notice, Report, Status, Summary, Tone, count, cut, group, help, safe,
};
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Check, Finding, RouteCheck, Verdict};

/// How much of a message is shown beside the number of its findings.
const LONGEST: usize = 53;

impl Verdict {
    fn tone(self) -> Tone {
        match self {
            Verdict::Confirmed | Verdict::Accepted => Tone::Good,
            Verdict::Contradicted => Tone::Bad,
            Verdict::Unknown => Tone::Warn,
        }
    }
}

impl Check {
    /// The lines for the contracts: the worst verdict of the routes of each.
    pub fn lines(&self) -> impl Iterator<Item = CaseLine<'_>> {
        self.by_contract().filter_map(|routes| {
            let is_there = |verdict: &Verdict| routes.iter().any(|route| route.verdict == *verdict);
            let verdict = Verdict::ALL.into_iter().find(is_there)?;
            Some(CaseLine {
                tone: verdict.tone(),
                word: (verdict.name(), 12),
                method: None,
                id: &routes.first()?.contract,
                routes: Some(routes.len()),
                elapsed: None,
            })
        })
    }

    /// What was found by a check that began at that time, of contracts of this store. `suppressions` is the name of the file of what is
    /// accepted.
    pub fn report<'r>(&'r self, store: &'r Store, at: Timestamp, suppressions: &str) -> Report<'r> {
        let documents: Vec<String> =
            self.metadata.iter().map(|(of, names)| format!("{} ({of})", names.join(", "))).collect();
        let missing = |version: &String| format!("no metadata of {version} was given, so its contracts are unknown");
        let missing_cloud = |(cloud, contracts): (&String, &usize)| {
            let contracts = count(*contracts, "contract", "contracts");
            format!("no metadata of {cloud} was given, so what the pages of {contracts} say of that cloud is unknown")
        };
        let missing = self.missing.iter().map(missing).chain(self.missing_clouds.iter().map(missing_cloud));
        let mut blocks = vec![Block::default().remark(missing.collect())];
        blocks.extend(unused_suppressions(&self.unused_suppressions, suppressions));
        Report {
            exit_code: u8::from(!self.holds()),
            judged: Judged::Declarations,
            cases: self.routes.iter().map(case).collect(),
            blocks: self.beside().into_iter().chain(blocks).collect(),
            summary: self.summary(),
            store: Some(store),
            document: self.document(at),
            ..Report::new("check-metadata", documents.join(", "), at, self.elapsed)
        }
    }

    /// What contradicts nothing, and what is accepted: a line for each code.
    fn beside(&self) -> [Block; 2] {
        let titles = [(false, "contradicts nothing, but is worth a look"), (true, "accepted")];
        titles.map(|(accepted, title)| {
            let is_of = |finding: &&Finding| {
                !finding.is_unknown() && finding.accepted == accepted && (accepted || !finding.contradicts())
            };
            let mut by_code: BTreeMap<Code, Vec<&Finding>> = BTreeMap::new();
            self.findings().filter(is_of).for_each(|finding| by_code.entry(finding.code).or_default().push(finding));
            let line = |(code, findings): (Code, Vec<&Finding>)| {
                let shown = findings.first().map(|first| cut(&first.message, LONGEST));
                Line::plain(format!("  {:<35} {:>6}  ", code.name(), findings.len())).dim(shown.unwrap_or_default())
            };
            let mut lines: Vec<Line> = by_code.into_iter().map(line).collect();
            if !lines.is_empty() {
                lines.insert(0, Line::new(Tone::Warn, title).text(":"));
            }
            Block::new(lines)
        })
    }

    fn summary(&self) -> Summary {
        let counts = [Verdict::Confirmed, Verdict::Contradicted, Verdict::Accepted, Verdict::Unknown];
        let contracts = count(self.contracts, "contract", "contracts");
        Summary {
            subject: format!("{contracts}, {}", count(self.routes.len(), "route", "routes")),
            tone: match (self.holds(), self.count(Verdict::Unknown)) {
                (false, _) => Tone::Bad,
                (true, 0) => Tone::Good,
                (true, _) => Tone::Warn,
            },
            result: Summary::parts(counts.map(|verdict| (self.count(verdict), verdict.name()))),
            elapsed: Some(self.elapsed),
            notes: self.next_steps(),
        }
    }

    fn next_steps(&self) -> Vec<Line> {
        let mut notes = Vec::new();
        if !self.missing.is_empty() {
            let versions: Vec<&str> = self.missing.iter().map(String::as_str).collect();
            let more = format!("The metadata of {} makes more known: --metadata VERSION=FILE", versions.join(" and "));
            // A URL that names another version is an error of its page, and no document is there.
            match versions.iter().find(|version| matches!(**version, "v1.0" | "beta")) {
                Some(version) => notes.extend([
                    Line::plain(more + ", or its URL, such as"),
                    Line::plain(format!("  --metadata 'https://graph.microsoft.com/{version}/$metadata'")),
                ]),
                None => notes.push(Line::plain(more)),
            }
        }
        if !self.missing_clouds.is_empty() {
            let clouds: Vec<&str> = self.missing_clouds.keys().map(String::as_str).collect();
            let clouds = clouds.join(" and ");
            notes.push(Line::plain(format!(
                "What pages say of {clouds} is unknown without its metadata: --metadata CLOUD:VERSION=FILE"
            )));
        }
        if !self.holds() {
            notes.push(Line::plain(
                "If the metadata is right, fix the page, and import it again. If not, accept the finding with --suppressions FILE.",
            ));
        }
        notes
    }

    fn document(&self, at: Timestamp) -> Value {
        let names = |names: &[String]| match names {
            [only] => json!(only),
            several => json!(several),
        };
        let metadata: BTreeMap<&str, Value> = self.metadata.iter().map(|(of, own)| (of.as_str(), names(own))).collect();
        let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
        self.findings().for_each(|finding| *by_code.entry(finding.code.name()).or_default() += 1);
        let unused = self.unused_suppressions.iter().map(|(line, entry)| format!("{line}: {entry}"));
        json!({
            "command": "check-metadata",
            "at": at,
            "metadata": metadata,
            "contracts": self.contracts,
            "routes": self.routes.len(),
            "confirmed": self.count(Verdict::Confirmed),
            "contradicted": self.count(Verdict::Contradicted),
            "accepted": self.count(Verdict::Accepted),
            "unknown": self.count(Verdict::Unknown),
            "by_code": by_code,
            "outcomes": self.routes,
            "findings": self.findings().collect::<Vec<_>>(),
            "causes": causes(self.findings()).iter().map(|places| cause(places)).collect::<Vec<_>>(),
            "missing": self.missing,
            "missing_clouds": self.missing_clouds,
            "unused_suppressions": unused.collect::<Vec<_>>(),
            "seconds": self.elapsed.as_secs_f64(),
        })
    }
}

/// Findings by what they have in common: contradictions first, then what is not known, and of each what shows in most places.
pub fn causes<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<Vec<&'f Finding>> {
    let mut causes = group(findings, |finding| (finding.code, finding.subject.as_str()));
    causes.sort_by_key(|places| match places[0] {
        first if first.contradicts() && !first.accepted => 0,
        first if first.is_unknown() => 1,
        _ => 2,
    });
    causes
}

fn cause(places: &[&Finding]) -> Value {
    let Finding { code, message, metadata, .. } = places[0];
    json!({ "code": code, "message": message, "metadata": metadata, "places": places })
}

fn case(route: &RouteCheck) -> Case<'_> {
    let reason = route.findings.iter().find(|finding| finding.is_unknown()).map(|finding| finding.message.clone());
    let unknown = format!("Not known: {}.", safe(reason.as_deref().unwrap_or_default()));
    let (status, verdict) = match route.verdict {
        Verdict::Confirmed => (Status::Passed, "The metadata declares it as it is documented."),
        Verdict::Contradicted => (Status::Failed, "The metadata contradicts the page."),
        Verdict::Accepted => (Status::Passed, "The metadata contradicts the page; the contradiction is accepted."),
        Verdict::Unknown => (Status::Skipped, unknown.as_str()),
    };
    Case {
        holds: route.verdict == Verdict::Confirmed,
        verdict: verdict.to_owned(),
        reason,
        findings: route.findings.iter().map(finding).collect(),
        source: Some(route.source.clone()),
        ..Case::new(&route.contract, &route.route, status, route.verdict.name())
    }
}

fn finding(found: &Finding) -> report::Finding<'_> {
    let (severity, notice) = match found {
        found if found.is_unknown() => (Severity::Notice, Notice::NotKnown),
        found if found.accepted => (Severity::Notice, Notice::Accepted),
        found if found.contradicts() => (Severity::Error, Notice::Note),
        _ => (Severity::Notice, Notice::Warning),
    };
    report::Finding {
        code: found.code.name(),
        title: found.code.title().trim_end_matches('.'),
        subject: found.subject.clone(),
        at: found.at.in_words(),
        sides: None,
        message: &found.message,
        declared: found.metadata.as_ref(),
        rule: None,
        severity,
        notice,
        source: Some(found.source.clone()),
        reference: Reference::Documentation,
        means: help(found.code),
        fingerprint: None,
        excerpt: None,
    }
}
