//! A check against metadata as lines for a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::{BAD, BOLD, DIM, GOOD, ROOM_FOR_DETAILS, Terminal, WARN, count, cut, safe};
use graph_contracts::Code;
use graph_contracts_odata::check::{Cause, Check, Finding, RouteCheck, Verdict, causes};

/// How many causes of contradictions are shown; `--json` has all.
const MOST_CAUSES: usize = 50;

/// How many places of a cause are shown.
const MOST_PLACES: usize = 3;

impl<W: Write> Terminal<W> {
    /// One line for a contract: the worst verdict of its routes.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn contract_check(&mut self, routes: &[RouteCheck]) -> io::Result<()> {
        let Some(first) = routes.first() else { return Ok(()) };
        let is_there = |verdict: &Verdict| routes.iter().any(|route| route.verdict == *verdict);
        let verdict = Verdict::ALL.into_iter().find(is_there).unwrap_or(first.verdict);
        let (style, word) = (style(verdict), verdict.name());
        let id = safe(&first.contract);
        let width = self.width;
        if width < ROOM_FOR_DETAILS {
            return writeln!(self.out, "{style}{word:>12}{style:#}  {}", cut(&id, width - 14));
        }
        let routes = count(routes.len(), "route", "routes");
        let room = self.width.min(100) - routes.len().max(9) - 15;
        writeln!(self.out, "{style}{word:>12}{style:#}  {:<room$} {DIM}{routes:>9}{DIM:#}", cut(&id, room))
    }

    /// What is contradicted and what is not known, by cause; what else is to be known; and the summary. `suppressions` is the name of
    /// the file of suppressions.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn check_metadata(&mut self, check: &Check, suppressions: &str) -> io::Result<()> {
        let causes = causes(check.findings());
        let (unknown, known): (Vec<&Cause<'_>>, Vec<&Cause<'_>>) =
            causes.iter().partition(|cause| cause.places.iter().any(|place| place.is_unknown()));
        let (contradictions, others): (Vec<&Cause<'_>>, Vec<&Cause<'_>>) =
            known.into_iter().partition(|cause| cause.places.iter().any(|place| is_contradiction(place)));
        for cause in contradictions.iter().take(MOST_CAUSES) {
            self.contradiction(cause)?;
        }
        if contradictions.len() > MOST_CAUSES {
            let more = count(contradictions.len() - MOST_CAUSES, "more cause", "more causes");
            writeln!(self.out, "\n… and {more}; --json FILE lists all, --report DIR shows them")?;
        }
        self.beside(&others)?;
        for cause in &unknown {
            self.not_known(cause)?;
        }
        if !check.unused_suppressions.is_empty() {
            writeln!(self.out)?;
        }
        for (line, entry) in &check.unused_suppressions {
            writeln!(self.out, "{WARN}suppresses nothing{WARN:#}: {}:{line}: {}", safe(suppressions), safe(entry))?;
        }
        self.verdicts(check)?;
        self.next_steps(check)
    }

    /// What is contradicted, where the metadata says so, what to do, and a few of the places.
    fn contradiction(&mut self, cause: &Cause<'_>) -> io::Result<()> {
        let Cause { code, message, metadata, places } = cause;
        let places: Vec<&Finding> = places.iter().copied().filter(|place| is_contradiction(place)).collect();
        let contracts: BTreeSet<&str> = places.iter().map(|place| place.contract.as_str()).collect();
        let number = match (places.len(), contracts.len()) {
            (1, _) => String::new(),
            (all, number) => format!("  {all} places in {}", count(number, "contract", "contracts")),
        };
        writeln!(self.out, "\n{BAD}{}{BAD:#}  {DIM}[{code}]{number}{DIM:#}", safe(message))?;
        if !metadata.is_empty() {
            writeln!(self.out, "  {DIM}declared in{DIM:#} {}", safe(metadata))?;
        }
        writeln!(self.out, "  {}", code.help())?;
        // What is wrong with an example is wrong on each of its routes.
        let mut shown: Vec<(&Finding, usize)> = Vec::new();
        for place in &places {
            let is_same = |(own, _): &&mut (&Finding, usize)| {
                (&own.contract, &own.at, &own.source) == (&place.contract, &place.at, &place.source)
            };
            if let Some((_, routes)) = shown.iter_mut().find(is_same) {
                *routes += 1;
            } else if shown.len() < MOST_PLACES {
                shown.push((place, 1));
            }
        }
        for (place, routes) in &shown {
            let on = match routes {
                1 => String::new(),
                several => format!("{several} routes, such as "),
            };
            writeln!(self.out, "  {BOLD}{}{BOLD:#} {DIM}on{DIM:#} {on}{}", safe(&place.contract), safe(&place.route))?;
            writeln!(self.out, "    at {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", safe(&place.at), safe(&place.source))?;
        }
        let more = places.len() - shown.iter().map(|(_, routes)| routes).sum::<usize>();
        if more > 0 {
            writeln!(self.out, "  … and {more} more; --json FILE lists all")?;
        }
        Ok(())
    }

    /// What contradicts nothing, and what is accepted: a line for each code.
    fn beside(&mut self, causes: &[&Cause<'_>]) -> io::Result<()> {
        let mut by_code: BTreeMap<(bool, Code), Vec<&Cause<'_>>> = BTreeMap::new();
        for cause in causes {
            let is_accepted = cause.places.iter().all(|place| place.accepted);
            by_code.entry((is_accepted, cause.code)).or_default().push(cause);
        }
        for (is_accepted, title) in [(false, "contradicts nothing, and is to be known"), (true, "accepted")] {
            let lines: Vec<_> = by_code.iter().filter(|((accepted, _), _)| *accepted == is_accepted).collect();
            if lines.is_empty() {
                continue;
            }
            writeln!(self.out, "\n{WARN}{title}{WARN:#}:")?;
            for ((_, code), causes) in lines {
                let places: usize = causes.iter().map(|cause| cause.places.len()).sum();
                let first = causes.first().and_then(|cause| cause.places.first());
                let shown = cut(&first.map_or_else(String::new, |place| safe(&place.message)), self.width.max(80) - 47);
                writeln!(self.out, "  {:<35} {places:>6}  {DIM}{shown}{DIM:#}", code.name())?;
            }
        }
        Ok(())
    }

    /// Why something is not known, and of what.
    fn not_known(&mut self, cause: &Cause<'_>) -> io::Result<()> {
        let contracts: BTreeSet<&str> = cause.places.iter().map(|place| place.contract.as_str()).collect();
        let number = format!(
            "{}, {}",
            count(contracts.len(), "contract", "contracts"),
            count(cause.places.len(), "route", "routes")
        );
        writeln!(self.out, "\n{WARN}not known{WARN:#}: {}  {DIM}{number}{DIM:#}", safe(cause.message))?;
        for place in cause.places.iter().take(MOST_PLACES) {
            let (id, route) = (safe(&place.contract), safe(&place.route));
            writeln!(self.out, "  {BOLD}{id}{BOLD:#} {DIM}on{DIM:#} {route}  {DIM}{}{DIM:#}", safe(&place.source))?;
        }
        if cause.places.len() > MOST_PLACES {
            writeln!(self.out, "  … and {} more; --json FILE lists all", cause.places.len() - MOST_PLACES)?;
        }
        Ok(())
    }

    fn verdicts(&mut self, check: &Check) -> io::Result<()> {
        let counts = [Verdict::Confirmed, Verdict::Contradicted, Verdict::Accepted, Verdict::Unknown];
        let counts = counts.map(|verdict| (check.count(verdict), verdict));
        let parts: Vec<String> = counts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, verdict)| format!("{number} {}", verdict.name()))
            .collect();
        let style = match (check.holds(), check.count(Verdict::Unknown)) {
            (false, _) => BAD,
            (true, 0) => GOOD,
            (true, _) => WARN,
        };
        writeln!(
            self.out,
            "\n{BOLD}{}, {}:{BOLD:#} {style}{}{style:#} in {:.2} s",
            count(check.contracts, "contract", "contracts"),
            count(check.routes.len(), "route", "routes"),
            parts.join(", "),
            check.elapsed.as_secs_f64()
        )
    }

    fn next_steps(&mut self, check: &Check) -> io::Result<()> {
        if !check.missing.is_empty() {
            let versions: Vec<String> = check.missing.iter().map(|version| safe(version)).collect();
            write!(self.out, "The metadata of {} makes more known: --metadata VERSION=FILE", versions.join(" and "))?;
            // A URL that names another version is an error of its page, and no document is there.
            match check.missing.iter().find(|version| matches!(version.as_str(), "v1.0" | "beta")) {
                Some(version) => writeln!(
                    self.out,
                    ", or its URL, such as\n  --metadata 'https://graph.microsoft.com/{version}/$metadata'"
                )?,
                None => writeln!(self.out)?,
            }
        }
        if !check.holds() {
            writeln!(
                self.out,
                "If the metadata is right, mend the page, and import it again. If not, accept the finding with --suppressions FILE."
            )?;
        }
        Ok(())
    }
}

fn is_contradiction(finding: &Finding) -> bool {
    finding.contradicts() && !finding.accepted
}

fn style(verdict: Verdict) -> anstyle::Style {
    match verdict {
        Verdict::Confirmed | Verdict::Accepted => GOOD,
        Verdict::Contradicted => BAD,
        Verdict::Unknown => WARN,
    }
}
