//! What two reads of each contract showed, as lines for a terminal.

use std::io::{self, Write};
use std::path::Path;

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, cut, safe};
use graph_contracts_live::Skip;
use graph_contracts_live::learn::{LearnOutcome, Learned, LearnedStep, Patch};

/// How many differences of one step that are no volatile values are shown; `--json` has all.
const MOST_UNLEARNED: usize = 5;

impl<W: Write> Terminal<W> {
    /// One line for a step that was to be read twice; none for one that was left out.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn learned_step(&mut self, step: &LearnedStep) -> io::Result<()> {
        let (style, words) = match step.outcome {
            LearnOutcome::Same => (GOOD, "read twice".to_owned()),
            LearnOutcome::Differs => (WARN, format!("differs at {}", count(step.places, "place", "places"))),
            LearnOutcome::Errored => (WARN, "errored".to_owned()),
            LearnOutcome::Skipped => return Ok(()),
        };
        let tail = format!("{:>8}", format!("{} ms", step.elapsed.as_millis()));
        let method = step.route.split(' ').next().unwrap_or_default();
        let room = self.width.min(110).saturating_sub(tail.len() + 32);
        let id = cut(&safe(&step.id), room);
        writeln!(self.out, "{style}{words:>20}{style:#}  {:<6} {id:<room$} {DIM}{tail}{DIM:#}", safe(method))
    }

    /// What differs and is no volatile value, what was skipped and why, the patch that is proposed and where it was written, and
    /// what to do next.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn learned(&mut self, learned: &Learned, patch: Option<(&Patch, &Path)>) -> io::Result<()> {
        for step in learned.steps.iter().filter(|step| !step.unlearned.is_empty()) {
            self.unlearned(step)?;
        }
        for step in learned.steps.iter().filter(|step| step.outcome == LearnOutcome::Errored) {
            let reason = step.reason.as_deref().unwrap_or_default();
            writeln!(self.out, "\n{WARN}errored{WARN:#}: {}\n  {}", safe(&step.id), safe(reason))?;
        }
        let skipped =
            learned.steps.iter().filter_map(|step| Some((step.skipped?, step.id.as_str(), step.reason.as_deref()?)));
        self.skipped(skipped)?;
        if let Some((patch, _)) = patch {
            writeln!(self.out)?;
            self.patch(&patch.diff)?;
        }
        self.learned_summary(learned)?;
        match patch {
            Some((patch, file)) => self.next(patch, file),
            None if !learned.has_read() => self.nothing_read(learned),
            None => {
                writeln!(self.out, "No rule is missing, as far as two reads can tell: there is nothing to propose.")
            }
        }
    }

    fn unlearned(&mut self, step: &LearnedStep) -> io::Result<()> {
        writeln!(self.out, "\n{BOLD}{}{BOLD:#} {DIM}differs, but not in a volatile value{DIM:#}", safe(&step.id))?;
        for difference in step.unlearned.iter().take(MOST_UNLEARNED) {
            let (at, why) = (safe(&difference.at.to_string()), safe(&difference.why.to_string()));
            writeln!(self.out, "  {at}: {why}  {DIM}{}{DIM:#}", safe(&difference.source))?;
        }
        if step.unlearned.len() > MOST_UNLEARNED {
            writeln!(self.out, "  … and {} more; --json FILE lists all", step.unlearned.len() - MOST_UNLEARNED)?;
        }
        Ok(())
    }

    /// A unified diff. Nothing in it can do anything to a terminal.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn patch(&mut self, diff: &str) -> io::Result<()> {
        for line in diff.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => GOOD,
                Some(b'-') => BAD,
                _ => DIM,
            };
            writeln!(self.out, "{style}{}{style:#}", safe(line))?;
        }
        Ok(())
    }

    fn learned_summary(&mut self, learned: &Learned) -> io::Result<()> {
        let counts = LearnOutcome::ALL.into_iter().map(|outcome| (learned.count(outcome), outcome.phrase()));
        let parts: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let style = if learned.exit_code() == 0 { GOOD } else { WARN };
        let routes = count(learned.steps.len(), "route", "routes");
        let seconds = learned.elapsed.as_secs_f64();
        writeln!(self.out, "\n{BOLD}{routes}:{BOLD:#} {style}{}{style:#} in {seconds:.2} s", parts.join(", "))?;
        let traffic = &learned.traffic;
        let sent = count(traffic.sent, "request", "requests");
        writeln!(
            self.out,
            "{DIM}{sent} sent, {} repeated, {} throttled; {} proposed{DIM:#}",
            traffic.retries,
            traffic.throttled,
            count(learned.rules.len(), "rule", "rules")
        )?;
        if learned.stopped {
            writeln!(self.out, "The run was stopped before its end.")?;
        }
        Ok(())
    }

    fn next(&mut self, patch: &Patch, file: &Path) -> io::Result<()> {
        let file = safe(&file.display().to_string());
        let command = match &patch.folder {
            None => format!("git apply '{file}'"),
            Some(folder) => format!("patch -p1 -d '{}' < '{file}'", safe(&folder.display().to_string())),
        };
        writeln!(
            self.out,
            "Nothing is changed yet; the patch is in {file}. Apply it with `{command}`,\n\
             then take out of volatile.toml what is no volatile value, and write reasons that say why. `cargo test` and then\n\
             `cargo xtask review` show what the rules mask."
        )
    }

    fn nothing_read(&mut self, learned: &Learned) -> io::Result<()> {
        let writing = learned.steps.iter().filter(|step| step.skipped == Some(Skip::OnlyReads.reason())).count();
        write!(self.out, "Nothing was read twice, so there is nothing to learn from.")?;
        if writing > 0 {
            write!(
                self.out,
                " Learning only reads (GET, HEAD, OPTIONS), and {writing} of {} write.",
                count(learned.steps.len(), "route", "routes")
            )?;
        }
        writeln!(self.out)
    }
}
