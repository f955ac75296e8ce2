//! Pending snapshots and what became of them as lines for a terminal.

use std::io::{self, Write};
use std::path::Path;

use anstyle::Style;

use super::{BAD, BOLD, DIM, GOOD, Terminal, WARN, count, safe};
use graph_contracts::snapshot::Origin;
use graph_contracts_changes::review::patch::{Patches, Unpatched};
use graph_contracts_changes::review::{Decision, Entry, Review, Reviewed};
use graph_contracts_changes::{Change, Effect};

/// How many changes of a snapshot are shown; `--json` has all.
const MOST_CHANGES: usize = 20;

impl<W: Write> Terminal<W> {
    /// A pending snapshot: what it is of, what changed and what that means, and the lines that differ.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn pending(&mut self, entry: &Entry<'_>, number: usize, all: usize) -> io::Result<()> {
        let Entry { pending, contract, request, request_id, changes, evidence, problem, note } = entry;
        let origin = match &pending.origin {
            Origin::Stub => "the stub".to_owned(),
            Origin::Live { profile } => format!("live, profile {profile}"),
        };
        let id = safe(&pending.id);
        writeln!(self.out, "\n{DIM}{number}/{all}{DIM:#}  {BOLD}{id}{BOLD:#}  {DIM}{}{DIM:#}", safe(&origin))?;
        if let Some(contract) = contract {
            let (title, location) = (safe(&contract.title), safe(&contract.location()));
            writeln!(self.out, "  {title}  {DIM}{location}{DIM:#}")?;
        }
        if let Some(request) = request {
            let id = request_id.as_ref().map(|id| format!("  request-id {id}")).unwrap_or_default();
            writeln!(self.out, "  {DIM}{}{}{DIM:#}", safe(request), safe(&id))?;
        }
        writeln!(self.out, "  {DIM}{}{DIM:#}", safe(&pending.file.display().to_string()))?;
        for (label, text) in [("cannot be accepted", problem), ("note", note)] {
            if let Some(text) = text {
                writeln!(self.out, "  {WARN}{label}{WARN:#}: {}", safe(text))?;
            }
        }
        if changes.is_empty() && problem.is_none() {
            writeln!(self.out, "  {GOOD}nothing changed{GOOD:#} but order, or the numbers of identifiers")?;
        }
        for change in changes.iter().take(MOST_CHANGES) {
            self.change(change)?;
        }
        if changes.len() > MOST_CHANGES {
            writeln!(self.out, "  … and {} more; --json FILE lists all", changes.len() - MOST_CHANGES)?;
        }
        match evidence {
            Some(evidence) => self.diff(evidence),
            None => Ok(()),
        }
    }

    fn change(&mut self, change: &Change) -> io::Result<()> {
        let Change { kind, subject, before, after, .. } = change;
        let effect = kind.effect();
        let style = style(effect);
        let (at, source) = (safe(subject), safe(change.source().unwrap_or_default()));
        writeln!(
            self.out,
            "  {style}{effect}{style:#}  {BOLD}{}{BOLD:#} at {BOLD}{at}{BOLD:#}  {DIM}{source}{DIM:#}",
            kind.phrase()
        )?;
        writeln!(self.out, "    {:>8}  {BAD}{}{BAD:#}", "before", safe(before))?;
        writeln!(self.out, "    {:>8}  {GOOD}{}{GOOD:#}", "after", safe(after))?;
        writeln!(self.out, "    {DIM}{}{DIM:#}", kind.why())
    }

    /// What became of a pending snapshot, right below it.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn reviewed(&mut self, reviewed: &Reviewed<'_>) -> io::Result<()> {
        let Reviewed { entry, decision, error } = reviewed;
        let (style, word) = match decision {
            Decision::Accepted => (GOOD, "accepted"),
            Decision::Rejected => (BAD, "rejected"),
            Decision::Pending => (WARN, "pending"),
        };
        writeln!(self.out, "{style}{word:>10}{style:#}  {}", safe(&entry.pending.file.display().to_string()))?;
        match error {
            Some(error) => writeln!(self.out, "            {BAD}{}{BAD:#}", safe(error)),
            None => Ok(()),
        }
    }

    /// How a review went, and what to do next. `command` is the command that reviews these snapshots.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn review(&mut self, review: &Review<'_>, command: &str) -> io::Result<()> {
        if review.reviewed.is_empty() {
            return writeln!(self.out, "{GOOD}nothing is pending{GOOD:#}");
        }
        writeln!(self.out)?;
        let is_decided = |reviewed: &&Reviewed<'_>| {
            reviewed.decision != Decision::Pending || reviewed.error.is_some() || reviewed.entry.problem.is_some()
        };
        for reviewed in review.reviewed.iter().filter(is_decided) {
            self.reviewed(reviewed)?;
        }
        let pending: Vec<&Reviewed<'_>> =
            review.reviewed.iter().filter(|reviewed| reviewed.decision == Decision::Pending).collect();
        let breaking = pending.iter().filter(|reviewed| reviewed.entry.is_breaking()).count();
        let parts = [
            (review.count(Decision::Accepted), "accepted"),
            (review.count(Decision::Rejected), "rejected"),
            (pending.len(), "pending"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|part| part.0 > 0).map(|(n, word)| format!("{n} {word}")).collect();
        let style = match review.exit_code() {
            0 => GOOD,
            1 => WARN,
            _ => BAD,
        };
        let all = count(review.reviewed.len(), "snapshot", "snapshots");
        let breaking = if breaking > 0 { format!(" ({breaking} breaking)") } else { String::new() };
        writeln!(self.out, "{BOLD}{all}:{BOLD:#} {style}{}{style:#}{breaking}", parts.join(", "))?;
        let Some(first) = pending.first() else { return Ok(()) };
        let file = safe(&first.entry.pending.file.display().to_string());
        let command = safe(command);
        writeln!(self.out, "Decide on each by a key, on a terminal:  {command}")?;
        if first.entry.problem.is_none() {
            writeln!(self.out, "Accept one (or leave its name out for all):  {command} --accept {}", quoted(&file))?;
        }
        writeln!(self.out, "Reject one (or leave its name out for all):  {command} --reject {}", quoted(&file))?;
        if pending.iter().any(|reviewed| reviewed.entry.pending.origin != Origin::Stub) {
            writeln!(self.out, "Where the page is wrong, mend it:  {command} --patch --pages DIR")?;
        }
        Ok(())
    }
}

impl<W: Write> Terminal<W> {
    /// Which pages a patch mends, and how to apply it. `file` is the patch, and `pages` the folder of the pages.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn patched(&mut self, patches: &Patches, pages: &Path, file: &Path) -> io::Result<()> {
        for page in &patches.pages {
            writeln!(self.out, "{GOOD}{:>10}{GOOD:#}  {}", "patched", safe(&page.page))?;
            for contract in &page.contracts {
                writeln!(self.out, "            {DIM}{}{DIM:#}", safe(contract))?;
            }
        }
        let all = count(patches.pages.len(), "page", "pages");
        let drifts = count(patches.drifts, "drift", "drifts");
        writeln!(self.out, "{BOLD}{drifts}:{BOLD:#} {all} patched in {}", safe(&file.display().to_string()))?;
        if !patches.pages.is_empty() {
            let (pages, file) = (pages.display().to_string(), file.display().to_string());
            let command = format!("patch -p1 --binary -d {} < {}", quoted(&pages), quoted(&file));
            writeln!(self.out, "Apply it, and import the pages again:  {}", safe(&command))?;
        }
        Ok(())
    }

    /// The drifts of which there is no patch, and why.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn unpatched(&mut self, patches: &Patches) -> io::Result<()> {
        if patches.drifts == 0 {
            writeln!(self.out, "there is no drift of live runs, so there is nothing to patch")?;
        }
        for Unpatched { file, why } in &patches.unpatched {
            let file = safe(&file.display().to_string());
            writeln!(self.out, "{WARN}no patch{WARN:#} for {file}: {}", safe(why))?;
        }
        Ok(())
    }

    /// That snapshots are pending, and the command that reviews them, as the last lines of another command.
    ///
    /// # Errors
    ///
    /// When the stream cannot be written to.
    pub fn pending_elsewhere(&mut self, number: usize, command: &str) -> io::Result<()> {
        let (subject, verb) = (count(number, "snapshot", "snapshots"), if number == 1 { "is" } else { "are" });
        writeln!(self.out, "{BOLD}{subject} {verb} pending.{BOLD:#} Accept or reject each:\n  {}", safe(command))
    }
}

/// How the word for an effect looks.
pub(super) fn style(effect: Effect) -> Style {
    match effect {
        Effect::Breaking => BAD,
        Effect::Additive => GOOD,
        Effect::Cosmetic => WARN,
    }
}

/// A word for a shell.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%=:,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The command that reviews what is pending in a snapshots folder, for contracts of another.
pub fn review_command(contracts: &Path, snapshots: &Path) -> String {
    let mut command = "cargo xtask review".to_owned();
    for (flag, folder, usual) in [("--contracts", contracts, "contracts"), ("--snapshots", snapshots, "snapshots")] {
        if folder != Path::new(usual) {
            command.push_str(&format!(" {flag} {}", quoted(&folder.display().to_string())));
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_pasted_into_a_shell() {
        let check = |contracts: &str, snapshots: &str, expected: &str| {
            assert_eq!(review_command(Path::new(contracts), Path::new(snapshots)), expected);
        };
        check("contracts", "snapshots", "cargo xtask review");
        check("mine", "snapshots", "cargo xtask review --contracts mine");
        check("contracts", "it's here", "cargo xtask review --snapshots 'it'\\''s here'");
    }
}
