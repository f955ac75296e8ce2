//! A live run as a report: a case for each step.

use std::collections::BTreeSet;

use graph_contracts::compare::{Coverage, Mismatch, MismatchKind, Severity};
use graph_contracts::normal::Level;
use graph_contracts::report::{
    Block, Case, CaseLine, Finding, Line, Report, Status, Summary, Tone, asserted, count, raise_limit,
};
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{LiveOutcome, LiveRun, Skip, StepOutcome, Traffic};

impl LiveOutcome {
    fn status(self) -> Status {
        match self {
            LiveOutcome::Matched | LiveOutcome::KnownDrift => Status::Passed,
            LiveOutcome::Drifted | LiveOutcome::Healed => Status::Failed,
            LiveOutcome::Errored => Status::Errored,
            LiveOutcome::Skipped => Status::Skipped,
        }
    }
}

impl StepOutcome {
    /// The line for the step; none for one that was left out.
    pub fn line(&self) -> Option<CaseLine<'_>> {
        let (tone, word) = match self.outcome {
            LiveOutcome::Matched => (Tone::Good, "matched"),
            LiveOutcome::KnownDrift => (Tone::Warn, "known"),
            LiveOutcome::Healed => (Tone::Bad, "healed"),
            LiveOutcome::Drifted => (Tone::Bad, "drifted"),
            LiveOutcome::Errored => (Tone::Warn, "errored"),
            LiveOutcome::Skipped => return None,
        };
        let method = self.route.split(' ').next();
        let elapsed = Some(self.elapsed);
        Some(CaseLine { tone, word: (word, 10), method, id: &self.id, routes: None, elapsed })
    }

    fn case(&self) -> Case<'_> {
        let full = self.reason.as_ref().map(|reason| with_option(reason, self.skipped, self.exceeded));
        let reason = || full.clone().unwrap_or_default();
        let (verdict, note) = match self.outcome {
            LiveOutcome::Matched => ("The service answers as documented.".to_owned(), None),
            LiveOutcome::KnownDrift => {
                let since = self.known_since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
                let verdict = format!("The service departs from the documentation; this drift was accepted{since}.");
                (verdict, Some(if since.is_empty() { String::new() } else { format!(", known{since}") }))
            }
            LiveOutcome::Healed => {
                let file = self.accepted.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
                let verdict = "The service answers as documented again; review that, and the accepted drift goes.";
                (verdict.to_owned(), Some(format!(" answers as documented again; reviewing that removes {file}")))
            }
            LiveOutcome::Drifted => {
                ("The service departs from the documentation and from the accepted snapshot.".to_owned(), None)
            }
            LiveOutcome::Errored => (reason(), None),
            LiveOutcome::Skipped => (format!("Not asked: {}", reason()), None),
        };
        let properties = [
            ("request-id", self.request_id.as_deref()),
            ("client-request-id", self.client_request_id.as_deref()),
            ("skipped", self.skipped),
        ];
        Case {
            verdict,
            note,
            left_out: self.skipped,
            reason: full,
            findings: self.mismatches.iter().map(Finding::of).collect(),
            omitted: self.omitted,
            source: Some(self.source.clone()),
            coverage: self.coverage,
            elapsed: Some(self.elapsed).filter(|elapsed| !elapsed.is_zero()),
            properties: properties.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
            evidence: self.evidence.as_ref(),
            ..Case::new(&self.id, &self.route, self.outcome.status(), self.outcome.phrase())
        }
    }
}

/// A reason, and the option of the command line that would help: by the class for which a step was left out, or the limit that it exceeded.
pub(crate) fn with_option(reason: &str, skipped: Option<&str>, exceeded: Option<&'static str>) -> String {
    let option = match skipped {
        Some(class) if class == Skip::WritesNotAllowed.reason() => "; --allow-writes allows that",
        Some(class) if class == Skip::OnlyReads.reason() => ", and --learn only reads",
        Some(class) if class == Skip::OutOfTime.reason() => "; raise it with --time-budget",
        _ => "",
    };
    format!("{reason}{option}{}", exceeded.map(raise_limit).unwrap_or_default())
}

/// What stands where a value came.
const MASKED: &str = "What the service sent is shown and kept by its shape, such as [string]; members of enumerations and error codes are shown as they are.";

/// How many empty lists are shown; `--json` has all.
const MOST_EMPTY: usize = 5;

/// Whether a note says that a list is empty.
fn is_empty_list(mismatch: &Mismatch) -> bool {
    (mismatch.kind, mismatch.severity) == (MismatchKind::Length, Severity::Notice)
}

impl Traffic {
    /// What was sent, as a phrase.
    pub(crate) fn phrase(self) -> String {
        let Traffic { sent, retries, throttled, .. } = self;
        format!("{} sent, {retries} repeated, {throttled} throttled", count(sent, "request", "requests"))
    }
}

impl LiveRun {
    /// The run, which began at that time, as a report on contracts of this store.
    pub fn report<'r>(&'r self, store: &'r Store, at: Timestamp) -> Report<'r> {
        let left = Block::list(Line::new(Tone::Bad, "left behind").text(":"), self.left_behind.clone(), usize::MAX);
        let left = left
            .map(|block| block.remark(self.left_behind.iter().map(|what| format!("left behind: {what}")).collect()));
        let kept = Block::list(Line::new(Tone::Warn, "kept by the service").text(":"), self.kept.clone(), usize::MAX);
        let empty = self.steps.iter().filter(|step| step.mismatches.iter().any(is_empty_list));
        let empty = empty.map(|step| format!("{} on {}", step.id, step.route)).collect();
        let title = Line::new(Tone::Warn, "empty lists").text(", of whose documented elements nothing was asserted:");
        let empty = Block::list(title, empty, MOST_EMPTY);
        let ledger = self.ledger_error.iter().map(|why| format!("the ledger could not be closed: {why}"));
        let ledger = ledger.chain(self.service.iter().cloned());
        let stopped = self.stopped.then(|| "the run was stopped before its end".to_owned());
        let remarks = Block::default().remark(ledger.chain(stopped).collect());
        Report {
            exit_code: self.exit_code(),
            cases: self.steps.iter().map(StepOutcome::case).collect(),
            blocks: left.into_iter().chain(kept).chain(empty).chain([remarks]).collect(),
            summary: self.summary(),
            store: Some(store),
            level: Level::Shape,
            coverage: self.coverage(),
            document: self.document(at),
            ..Report::new("verify-live", self.provider.clone(), at, self.elapsed)
        }
    }

    fn summary(&self) -> Summary {
        let traffic = &self.traffic;
        let objects = format!(
            "{}; {} created, {} deleted, {} left behind",
            traffic.phrase(),
            count(traffic.created, "object", "objects"),
            traffic.deleted,
            self.left_behind.len()
        );
        let advice = [
            (self.stopped, "The run was stopped before its end."),
            (
                self.count(LiveOutcome::Drifted) > 0,
                "Review the drift: accept it to make it known, or reject it and have the page or the service fixed.",
            ),
            (self.count(LiveOutcome::Healed) > 0, "Review what healed: what was accepted is removed then."),
            (
                self.count(LiveOutcome::Errored) > 0,
                "Run again what errored, by its id; `request-id` and `client-request-id` are what the service's support asks for.",
            ),
            (
                !self.left_behind.is_empty(),
                "Run the same command with --cleanup to delete what is left behind; look after what cannot be deleted, and then add \
                 --acknowledge.",
            ),
        ];
        let advice = advice.into_iter().filter(|(applies, _)| *applies).map(|(_, advice)| Line::plain(advice));
        let ledger = self.ledger_error.iter();
        let ledger = ledger.map(|why| Line::new(Tone::Bad, "The ledger could not be closed").text(format!(": {why}")));
        let counts = LiveOutcome::ALL.map(|outcome| (self.count(outcome), outcome.phrase()));
        Summary {
            subject: count(self.steps.len(), "route", "routes"),
            tone: match self.exit_code() {
                0 => Tone::Good,
                _ if self.count(LiveOutcome::Drifted) + self.count(LiveOutcome::Healed) > 0 => Tone::Bad,
                _ => Tone::Warn,
            },
            result: Summary::parts(counts),
            elapsed: Some(self.elapsed),
            notes: [Line::new(Tone::Dim, objects), asserted(self.coverage())]
                .into_iter()
                .chain(self.notes())
                .chain(ledger)
                .chain(advice)
                .collect(),
        }
    }

    /// How the documented leaves of what was asked were asserted.
    fn coverage(&self) -> Coverage {
        self.steps.iter().map(|step| step.coverage).sum()
    }

    /// What departs and is no drift, and what is to be said of the service's own metadata.
    fn notes(&self) -> impl Iterator<Item = Line> {
        let mismatches = self.steps.iter().flat_map(|step| &step.mismatches);
        let notes = mismatches.filter(|mismatch| mismatch.severity == Severity::Notice).count();
        let allowed = (notes > 0).then(|| {
            let notes = count(notes, "difference", "differences");
            Line::new(Tone::Dim, format!("{notes} that a rule allows; --json FILE lists each with its rule"))
        });
        let masked = (self.count(LiveOutcome::Drifted) > 0).then(|| Line::new(Tone::Dim, MASKED));
        allowed.into_iter().chain(masked).chain(self.service.iter().map(|note| Line::new(Tone::Dim, note)))
    }

    fn document(&self, at: Timestamp) -> Value {
        let ids: BTreeSet<&str> = self.steps.iter().map(|step| step.id.as_str()).collect();
        let Traffic { sent, retries, throttled, created, deleted } = self.traffic;
        let mut document = json!({
            "command": "verify-live",
            "at": at,
            "provider": self.provider,
            "contracts": ids.len(),
            "routes": self.steps.len(),
            "matched": self.count(LiveOutcome::Matched),
            "drifted": self.count(LiveOutcome::Drifted),
            "known_drift": self.count(LiveOutcome::KnownDrift),
            "healed": self.count(LiveOutcome::Healed),
            "errored": self.count(LiveOutcome::Errored),
            "skipped": self.skipped(),
            "asserted": self.coverage(),
            "sent": sent,
            "retries": retries,
            "throttled": throttled,
            "created": created,
            "deleted": deleted,
            "left_behind": self.left_behind,
            "kept": self.kept,
            "stopped": self.stopped,
            "seconds": self.elapsed.as_secs_f64(),
            "outcomes": self.steps,
        });
        if !self.service.is_empty() {
            document["service"] = json!(self.service);
        }
        if let Some(why) = &self.ledger_error {
            document["ledger_error"] = json!(why);
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reason: &str, skipped: Option<&str>, exceeded: Option<&'static str>, expected: &str) {
        assert_eq!(with_option(reason, skipped, exceeded), expected);
    }

    #[test]
    fn a_reason_is_followed_by_the_option_that_helps() {
        check("it writes", Some("writes-not-allowed"), None, "it writes; --allow-writes allows that");
        check("it writes", Some("only-reads"), None, "it writes, and --learn only reads");
        check("left out by the profile", Some("not-selected"), None, "left out by the profile");
        check("too large", None, Some("max_body"), "too large (raise it with --max-body)");
        check("no answer", None, None, "no answer");
    }
}
