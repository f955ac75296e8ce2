//! A proof as lines for a terminal.

use std::io::{self, Write};

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, safe};
use graph_contracts_prove::{BlindSpot, ClassCount, Proof};

/// How many failures of one kind are shown; `--json` has all.
const MOST_SHOWN: usize = 20;

impl<W: Write> Terminal<W> {
    /// What was caught and what was not, by class, and the summary.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn proof(&mut self, proof: &Proof) -> io::Result<()> {
        writeln!(self.out, "{DIM}{:<24}{:>10}{:>10}{DIM:#}", "mutants", "derived", "caught")?;
        self.classes(proof, |class| class.mutants, ClassCount::missed)?;
        writeln!(self.out, "\n{DIM}{:<24}{:>10}{:>10}{DIM:#}", "harmless variations", "derived", "passed")?;
        self.classes(proof, |class| class.harmless, |class| class.false_alarms)?;
        let (explained, unexplained): (Vec<&BlindSpot>, Vec<&BlindSpot>) =
            proof.blind_spots().partition(|blind_spot| blind_spot.explained);
        self.failures("mutants that were not caught", &unexplained)?;
        self.failures("blind spots", &explained)?;
        self.failures("false alarms", &proof.false_alarms().collect::<Vec<_>>())?;
        for sampled in &proof.sampled {
            let (id, every) = (safe(&sampled.contract), sampled.every);
            writeln!(
                self.out,
                "\n{WARN}sampled{WARN:#}: the body of {id} is so large that one in {every} of its values was changed"
            )?;
        }
        self.proof_summary(proof)
    }

    fn classes(
        &mut self,
        proof: &Proof,
        all: impl Fn(ClassCount) -> usize,
        failed: impl Fn(ClassCount) -> usize,
    ) -> io::Result<()> {
        for (class, counts) in &proof.count.by_class {
            let (all, failed) = (all(*counts), failed(*counts));
            if all > 0 {
                let style = if failed > 0 { BAD } else { GOOD };
                writeln!(self.out, "{:<24}{all:>10}{style}{:>10}{style:#}", class.name(), all - failed)?;
            }
        }
        Ok(())
    }

    fn failures(&mut self, title: &str, failures: &[&BlindSpot]) -> io::Result<()> {
        if failures.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{WARN}{title}{WARN:#}:")?;
        for failure in failures.iter().take(MOST_SHOWN) {
            let BlindSpot { contract, class, at, level, why, .. } = failure;
            let at = at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            let place = safe(&format!("{contract}: {}{at}, {} level", class.name(), level.name()));
            writeln!(self.out, "  {place}\n    {}", safe(why))?;
        }
        if failures.len() > MOST_SHOWN {
            writeln!(self.out, "  … and {} more; --json FILE lists all", failures.len() - MOST_SHOWN)?;
        }
        Ok(())
    }

    fn proof_summary(&mut self, proof: &Proof) -> io::Result<()> {
        let own = proof.count.total();
        let specimens = proof.specimens.total();
        let style = if proof.holds() { GOOD } else { BAD };
        let caught = |class: ClassCount| match class.missed() {
            0 => format!("{}, all caught", count(class.mutants, "mutant", "mutants")),
            missed => format!("{}, {missed} not caught", count(class.mutants, "mutant", "mutants")),
        };
        let passed = |class: ClassCount| match class.false_alarms {
            0 => format!("{}, no false alarm", count(class.harmless, "harmless variation", "harmless variations")),
            alarms => format!(
                "{}, {}",
                count(class.harmless, "harmless variation", "harmless variations"),
                count(alarms, "false alarm", "false alarms")
            ),
        };
        writeln!(self.out, "\n{DIM}specimens:{DIM:#} {}; {}", caught(specimens), passed(specimens))?;
        writeln!(
            self.out,
            "{BOLD}{}:{BOLD:#} {style}{}; {}{style:#} in {:.2} s",
            count(proof.contracts, "contract", "contracts"),
            caught(own),
            passed(own),
            proof.elapsed.as_secs_f64()
        )
    }
}
