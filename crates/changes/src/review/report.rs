//! Pending snapshots, and what became of them, as blocks and as a report.

use graph_contracts::command_line::command_line;
use graph_contracts::compare::Reference;
use graph_contracts::contract::Contract;
use graph_contracts::report::{Block, Line, Report, Summary, Tone, count, quoted, sides};
use graph_contracts::snapshot::Origin;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Action, Decision, Entry, Pending, Review};
use crate::Change;

/// What a mask is, for whoever sees one.
pub(super) const MASKS: &str = "A word in brackets, such as [string] or [guid:1], stands for any value of that shape.";

/// How many snapshots that were decided on are named as a rule.
const MOST_DECIDED: usize = 20;

/// How many changes of a snapshot are shown as a rule.
const MOST_CHANGES: usize = 20;

impl Entry<'_> {
    /// The pending snapshot, with its number and the total if it stands by itself: what it is of, what changed and what that means. The lines that differ are its
    /// evidence.
    pub fn block(&self, numbers: Option<(usize, usize)>) -> Block {
        let Entry { pending, contract, request, request_id, changes, problem, note, .. } = self;
        let origin = match &pending.origin {
            Origin::Stub => "the stub".to_owned(),
            Origin::Live { profile } => format!("live, profile {profile}"),
        };
        let title = Line::new(Tone::Bold, &pending.id).dim(format!("  {origin}"));
        let indent = numbers.map(|(number, all)| format!("{number}/{all}  ")).unwrap_or_default();
        let mut lines = vec![Line { indent, ..title }];
        if let Some(contract) = contract {
            lines.push(Line::plain(format!("  {}", contract.title)).dim(format!("  {}", contract.location())));
        }
        if let Some(request) = request {
            let id = request_id.as_ref().map(|id| format!("  request-id {id}")).unwrap_or_default();
            lines.push(Line::default().dim(format!("  {request}{id}")));
        }
        lines.push(Line::default().dim(format!("  {}", pending.file.display())));
        let accepting = match pending.action {
            Action::Replace => None,
            Action::Heal => Some(format!("as documented again: accepting removes {}", pending.target.display())),
            Action::Move => Some(format!("renamed: accepting moves it to {}", pending.target.display())),
            Action::Remove => Some("not in use any more: accepting removes it".to_owned()),
        };
        lines.extend(accepting.map(|text| Line::new(Tone::Warn, format!("  {text}"))));
        for (label, text) in [("cannot be accepted", problem), ("note", note), ("error", &self.error)] {
            if let Some(text) = text {
                lines.push(Line::new(Tone::Warn, format!("  {label}")).text(format!(": {text}")));
            }
        }
        if self.is_pending_file() && changes.is_empty() && problem.is_none() {
            lines.push(Line::new(Tone::Good, "  nothing changed").text(" but order, or the numbers of identifiers"));
        }
        let changed: Vec<Vec<Line>> = changes.iter().map(|change| change.lines(self.reference)).collect();
        let most = lines.len() + changed.iter().take(MOST_CHANGES).map(Vec::len).sum::<usize>();
        lines.extend(changed.into_iter().flatten());
        Block::new(lines).at_most(most)
    }

    fn document(&self) -> Value {
        let (kind, profile) = match &self.pending.origin {
            Origin::Stub => ("stub", None),
            Origin::Live { profile } => ("live", Some(profile.as_str())),
        };
        let mut document = json!({
            "contract": self.pending.id,
            "title": self.contract.map(|contract| &contract.title),
            "kind": kind,
            "profile": profile,
            "file": self.pending.file.display().to_string(),
            "source": self.contract.map(Contract::location),
            "request": self.request,
            "request_id": self.request_id,
            "breaking": self.is_breaking(),
            "changes": self.changes.iter().map(Change::reviewed).collect::<Vec<_>>(),
            "action": self.pending.action,
            "target": self.pending.target.display().to_string(),
            "replaces": self.pending.earlier.as_ref().map(|path| path.display().to_string()),
            "stale": self.is_stale,
            "problem": self.problem,
            "note": self.note,
            "decision": self.decision,
            "error": self.error,
        });
        // What is not there is left out.
        if let Some(members) = document.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        document
    }

    /// Whether a live service departs from the page.
    fn is_drift(&self) -> bool {
        self.pending.origin != Origin::Stub && self.pending.action == Action::Replace
    }

    /// What became of it.
    fn outcome(&self) -> Vec<Line> {
        let Pending { action, file, target, earlier, .. } = &self.pending;
        let (tone, word) = match (self.decision, action) {
            (Decision::Accepted, Action::Replace) => (Tone::Good, "accepted"),
            (Decision::Accepted, Action::Move) => (Tone::Good, "moved"),
            (Decision::Accepted, Action::Heal | Action::Remove) => (Tone::Good, "removed"),
            (Decision::Rejected, _) => (Tone::Bad, "rejected"),
            (Decision::Pending, _) => (Tone::Warn, "pending"),
        };
        let more = match (self.decision, action) {
            (Decision::Accepted, Action::Move) => format!(" to {}", target.display()),
            (Decision::Accepted, Action::Heal) => format!(" and {}", target.display()),
            _ => String::new(),
        };
        let mut lines = vec![Line::new(tone, format!("{word:>10}")).text(format!("  {}{more}", file.display()))];
        if let Some(earlier) = earlier.as_ref().filter(|_| self.decision == Decision::Accepted) {
            lines.push(Line::new(Tone::Good, format!("{:>10}", "removed")).text(format!("  {}", earlier.display())));
        }
        let indented = |error: &String| Line { indent: " ".repeat(12), ..Line::new(Tone::Bad, error) };
        lines.extend(self.error.as_ref().map(indented));
        lines
    }
}

impl Change {
    /// The change since what the reference is.
    fn lines(&self, reference: Reference) -> Vec<Line> {
        let Change { kind, before, after, .. } = self;
        let effect = kind.effect();
        let title = Line::new(effect.tone(), format!("  {effect}")).text(format!("  {}", self.what()));
        let source = self.source().map(ToString::to_string).unwrap_or_default();
        sides(title, &source, 12, [(reference.name(), before), ("now", after)], kind.why())
    }

    fn reviewed(&self) -> Value {
        let mut document = json!({
            "change": self.kind,
            "at": self.subject,
            "before": self.before,
            "after": self.after,
            "breaking": self.is_breaking(),
            "effect": self.effect(),
            "why": self.kind.why(),
            "source": self.source(),
        });
        if let (Some(mismatch), Some(members)) = (self.mismatch, document.as_object_mut()) {
            members.insert("mismatch".to_owned(), json!(mismatch));
        }
        document
    }
}

impl Review<'_> {
    /// How the review went that began at that time, and what to do next. `command` is the command that reviews these snapshots, `patch` the one
    /// that makes a patch of their pages. Whoever `was_asked` by a dialog knows how to decide.
    pub fn report(&self, at: Timestamp, command: &str, patch: &str, was_asked: bool) -> Report<'_> {
        let is_decided = |entry: &&Entry<'_>| {
            entry.decision != Decision::Pending || entry.error.is_some() || entry.problem.is_some()
        };
        let decided = self.entries.iter().filter(is_decided).flat_map(Entry::outcome);
        Report {
            exit_code: self.exit_code(),
            unit: ("snapshot", "snapshots"),
            blocks: vec![Block::new(decided.collect()).at_most(MOST_DECIDED)],
            summary: self.summary(command, patch, was_asked),
            document: self.document(),
            ..Report::new("review", "pending snapshots", at, std::time::Duration::ZERO)
        }
    }

    fn summary(&self, command: &str, patch: &str, was_asked: bool) -> Summary {
        if self.entries.is_empty() {
            return Summary { tone: Tone::Good, result: "nothing is pending".to_owned(), ..Summary::default() };
        }
        let pending: Vec<&Entry<'_>> =
            self.entries.iter().filter(|entry| entry.decision == Decision::Pending).collect();
        let breaking = match pending.iter().filter(|entry| entry.is_breaking()).count() {
            0 => String::new(),
            breaking => format!(" ({breaking} breaking)"),
        };
        let parts = Summary::parts([
            (self.count(Decision::Accepted), "accepted"),
            (self.count(Decision::Rejected), "rejected"),
            (pending.len(), "pending"),
        ]);
        let mut notes = Vec::new();
        let first = pending.first();
        if first.is_some() && was_asked {
            notes.push(format!("Go on with what is pending:  {command}"));
        }
        if let Some(first) = first.filter(|_| !was_asked) {
            if pending.iter().any(|entry| entry.evidence.is_some()) {
                notes.push(MASKS.to_owned());
            }
            let file = quoted(&first.pending.file.display().to_string());
            notes.push(format!("Decide on each by a key, on a terminal:  {command}"));
            if first.problem.is_none() {
                notes.push(format!("Accept one (or leave its name out for all):  {command} --accept {file}"));
            }
            if first.is_pending_file() {
                notes.push(format!("Reject one (or leave its name out for all):  {command} --reject {file}"));
            }
        }
        let is_rejected = |entry: &&Entry<'_>| entry.decision == Decision::Rejected;
        let rejected: Vec<&Entry<'_>> = self.entries.iter().filter(is_rejected).collect();
        if rejected.iter().any(|entry| entry.pending.origin == Origin::Stub) {
            let import = format!("{} import", command_line());
            notes.push(format!(
                "The contracts still have what is rejected. Fix their pages, and import them:  {import}"
            ));
            notes.push(format!("If contracts were changed by hand, take what the pages have:  {import} --overwrite"));
        }
        // Of what is pending, a patch can be made now; of what is rejected, when the next run has found it again.
        let is_rejected_drift = rejected.iter().any(|entry| entry.is_drift());
        if is_rejected_drift {
            notes.push("The next live run reports again what is rejected and still differs.".to_owned());
        }
        if pending.iter().any(|entry| entry.is_drift()) {
            notes.push(format!("Where the page is wrong, fix it:  {patch}"));
        } else if is_rejected_drift {
            notes.push(format!(
                "Where the page is wrong, and not the service: run `{} verify-live` again, and before you decide, fix it:  {patch}",
                command_line()
            ));
        }
        Summary {
            subject: count(self.entries.len(), "snapshot", "snapshots"),
            tone: [Tone::Good, Tone::Warn, Tone::Bad][usize::from(self.exit_code().min(2))],
            result: format!("{parts}{breaking}"),
            elapsed: None,
            notes: notes.into_iter().map(Line::plain).collect(),
        }
    }

    fn document(&self) -> Value {
        json!({
            "snapshots": self.entries.len(),
            "accepted": self.count(Decision::Accepted),
            "rejected": self.count(Decision::Rejected),
            "pending": self.count(Decision::Pending),
            "breaking": self.entries.iter().filter(|entry| entry.is_breaking()).count(),
            "entries": self.entries.iter().map(Entry::document).collect::<Vec<_>>(),
        })
    }
}
