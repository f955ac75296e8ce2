//! A live run as lines for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, cut, safe};
use graph_contracts::compare::Severity;
use graph_contracts::contract::Contract;
use graph_contracts_live::{LiveOutcome, LiveRun, Plan, PlannedSegment, Step, StepOutcome, least_privileged};

/// How many skipped steps of one reason are shown; `--json` has all.
const MOST_SKIPPED: usize = 5;

impl<W: Write> Terminal<W> {
    /// What a run is going to do. With `details`, each request; the summary always.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn plan(&mut self, plan: &Plan, contracts: &[Contract], provider: &str, details: bool) -> io::Result<()> {
        if details {
            for (number, step) in plan.active().enumerate() {
                self.planned(number + 1, step, &contracts[step.contracts[0]], provider)?;
            }
            for step in plan.steps.iter().filter(|step| step.skip.is_some()) {
                let contract = &contracts[step.contracts[0]];
                let why = step.skip.as_ref().map(ToString::to_string).unwrap_or_default();
                let line = safe(&format!("{} {} {}", contract.id, contract.request.method, step.route));
                writeln!(self.out, "{WARN}   skipped{WARN:#}  {line}\n            {}", safe(&why))?;
            }
            for (account, application) in [("an application", true), ("a signed-in user", false)] {
                let chosen = least_privileged(plan.active().map(|step| &step.needs), application);
                if !chosen.is_empty() {
                    let chosen = chosen.into_iter().collect::<Vec<_>>().join(", ");
                    writeln!(self.out, "\n{BOLD}least privileged for {account}:{BOLD:#} {}", safe(&chosen))?;
                }
            }
        }
        let writes = plan.active().filter(|step| step.writes()).count();
        let active = plan.active().count();
        writeln!(
            self.out,
            "\n{BOLD}plan for {}:{BOLD:#} {}, {writes} of them writing; {} left out",
            safe(provider),
            count(active, "request", "requests"),
            plan.steps.len() - active
        )
    }

    fn planned(&mut self, number: usize, step: &Step, contract: &Contract, provider: &str) -> io::Result<()> {
        let kind = if step.writes() { "write" } else { "read" };
        let line = safe(&format!("{} {}", contract.request.method, step.url(contract, provider)));
        writeln!(self.out, "{DIM}{number:>4}{DIM:#} {kind:<5}  {line}")?;
        writeln!(self.out, "            {DIM}{} ({}){DIM:#}", safe(&contract.id), safe(&contract.location()))?;
        for segment in &step.segments {
            let PlannedSegment::Parameter { name, place, source } = segment else { continue };
            writeln!(self.out, "            {DIM}{}{DIM:#} is {}", safe(name), safe(&source.describe(place)))?;
        }
        for (who, application) in [("an application", true), ("a signed-in user", false)] {
            if let Some(least) = step.needs.least(application) {
                writeln!(self.out, "            {DIM}{who} needs{DIM:#} {}", safe(least))?;
            }
        }
        Ok(())
    }

    /// One line for a step of a live run.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn live_step(&mut self, step: &StepOutcome) -> io::Result<()> {
        let (style, word) = match step.outcome {
            LiveOutcome::Matched => (GOOD, "matched"),
            LiveOutcome::KnownDrift => (WARN, "known"),
            LiveOutcome::Healed => (BAD, "healed"),
            LiveOutcome::Drifted => (BAD, "drifted"),
            LiveOutcome::Skipped => return Ok(()),
            LiveOutcome::Errored => (WARN, "errored"),
        };
        let tail = format!("{:>8}", format!("{} ms", step.elapsed.as_millis()));
        let method = step.route.split(' ').next().unwrap_or_default();
        let room = self.width.min(100).saturating_sub(tail.len() + 22);
        let id = cut(&safe(&step.id), room);
        writeln!(self.out, "{style}{word:>10}{style:#}  {:<6} {id:<room$} {DIM}{tail}{DIM:#}", safe(method))
    }

    /// What drifted, what was skipped and why, what is left behind, and what to do next.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn live(&mut self, run: &LiveRun) -> io::Result<()> {
        for step in run.steps.iter().filter(|step| step.outcome == LiveOutcome::Drifted) {
            self.drift(step)?;
        }
        for step in run.steps.iter().filter(|step| step.outcome == LiveOutcome::KnownDrift) {
            let since = step.known_since.as_ref().map(|since| format!(", known since {since}")).unwrap_or_default();
            let (id, route) = (safe(&step.id), safe(&step.route));
            writeln!(self.out, "\n{WARN}known drift{WARN:#}: {id} {DIM}on{DIM:#} {route}{since}")?;
        }
        for step in run.steps.iter().filter(|step| step.outcome == LiveOutcome::Healed) {
            let file = step.accepted.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
            writeln!(
                self.out,
                "\n{BAD}healed{BAD:#}: {} answers as documented again; delete {}",
                safe(&step.id),
                safe(&file)
            )?;
        }
        for step in run.steps.iter().filter(|step| step.outcome == LiveOutcome::Errored) {
            let reason = step.reason.as_deref().unwrap_or_default();
            writeln!(self.out, "\n{WARN}errored{WARN:#}: {}\n  {}", safe(&step.id), safe(reason))?;
        }
        self.skipped(
            run.steps.iter().filter_map(|step| Some((step.skipped?, step.id.as_str(), step.reason.as_deref()?))),
        )?;
        if !run.left_behind.is_empty() {
            writeln!(self.out, "\n{BAD}left behind{BAD:#}:")?;
            for object in &run.left_behind {
                writeln!(self.out, "  {}", safe(object))?;
            }
        }
        self.live_summary(run)
    }

    fn drift(&mut self, step: &StepOutcome) -> io::Result<()> {
        writeln!(self.out, "\n{BOLD}{}{BOLD:#} {DIM}on{DIM:#} {}", safe(&step.id), safe(&step.route))?;
        for mismatch in &step.mismatches {
            if mismatch.severity == Severity::Error {
                self.mismatch(mismatch)?;
                continue;
            }
            let (at, source) = (safe(&mismatch.at.to_string()), safe(&mismatch.source));
            let phrase = mismatch.kind.phrase();
            writeln!(self.out, "  {DIM}{phrase}{DIM:#} at {at} (to be known)  {DIM}{source}{DIM:#}")?;
        }
        if let Some(request_id) = &step.request_id {
            writeln!(self.out, "  {DIM}request-id {}{DIM:#}", safe(request_id))?;
        }
        Ok(())
    }

    /// Steps that were left out, each by the class of its reason, its contract, and the reason.
    pub(super) fn skipped<'s>(
        &mut self,
        steps: impl Iterator<Item = (&'static str, &'s str, &'s str)>,
    ) -> io::Result<()> {
        let mut by_class: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        steps.for_each(|(class, id, why)| by_class.entry(class).or_default().push((id, why)));
        for (class, steps) in by_class {
            writeln!(self.out, "\n{WARN}skipped{WARN:#} ({class}): {}", count(steps.len(), "route", "routes"))?;
            for (id, why) in steps.iter().take(MOST_SKIPPED) {
                writeln!(self.out, "  {}: {}", safe(id), safe(why))?;
            }
            if steps.len() > MOST_SKIPPED {
                writeln!(self.out, "  … and {} more; --json FILE lists all", steps.len() - MOST_SKIPPED)?;
            }
        }
        Ok(())
    }

    fn live_summary(&mut self, run: &LiveRun) -> io::Result<()> {
        let style = match run.exit_code() {
            0 => GOOD,
            1 => BAD,
            _ => WARN,
        };
        let counts = LiveOutcome::ALL.into_iter().map(|outcome| (run.count(outcome), outcome.phrase()));
        let parts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let routes = count(run.steps.len(), "route", "routes");
        let seconds = run.elapsed.as_secs_f64();
        writeln!(self.out, "\n{BOLD}{routes}:{BOLD:#} {style}{}{style:#} in {seconds:.2} s", parts.join(", "))?;
        let traffic = &run.traffic;
        writeln!(
            self.out,
            "{DIM}{} sent, {} repeated, {} throttled; {} created, {} deleted, {} left behind{DIM:#}",
            count(traffic.sent, "request", "requests"),
            traffic.retries,
            traffic.throttled,
            count(traffic.created, "object", "objects"),
            traffic.deleted,
            run.left_behind.len()
        )?;
        if run.stopped {
            writeln!(self.out, "The run was stopped before its end.")?;
        }
        for (applies, advice) in [
            (
                run.count(LiveOutcome::Drifted) > 0,
                "Review the drift: accept it to make it known, or reject it and have the page or the service mended.",
            ),
            (run.count(LiveOutcome::Healed) > 0, "Delete the snapshots of what healed; they are named above."),
            (
                run.count(LiveOutcome::Errored) > 0,
                "Run again what errored, by its id; `request-id` and `client-request-id` are what the service's support asks for.",
            ),
            (
                !run.left_behind.is_empty(),
                "Run the same command with --cleanup to delete what is left behind; look after what cannot be deleted, and then add \
                 --acknowledge.",
            ),
        ] {
            if applies {
                writeln!(self.out, "{advice}")?;
            }
        }
        Ok(())
    }
}
