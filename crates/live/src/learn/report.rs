//! What two reads of each contract showed, as a report.

use std::path::Path;

use graph_contracts::report::{Block, Case, CaseLine, Line, Report, Status, Summary, Tone, count};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{LearnOutcome, Learned, LearnedStep, Patch};
use crate::Skip;
use crate::report::with_option;

/// How many differences of one step that are not volatile values are shown; `--json` has all.
const MOST_UNLEARNED: usize = 5;

impl LearnedStep {
    /// The words for what became of the step; none for one that was left out.
    pub fn words(&self) -> Option<(Tone, String)> {
        match self.outcome {
            LearnOutcome::Same => Some((Tone::Good, "read twice".to_owned())),
            LearnOutcome::Differs => {
                Some((Tone::Warn, format!("differs at {}", count(self.places, "place", "places"))))
            }
            LearnOutcome::Errored => Some((Tone::Warn, "errored".to_owned())),
            LearnOutcome::Skipped => None,
        }
    }

    /// The line for the step, with these words.
    pub fn line<'s>(&'s self, (tone, words): &'s (Tone, String)) -> CaseLine<'s> {
        let (method, elapsed) = (self.route.split(' ').next(), Some(self.elapsed));
        CaseLine { tone: *tone, word: (words, 20), method, id: &self.id, routes: None, elapsed }
    }

    fn case(&self) -> Case<'_> {
        let status = match self.outcome {
            LearnOutcome::Same | LearnOutcome::Differs => Status::Passed,
            LearnOutcome::Errored => Status::Errored,
            LearnOutcome::Skipped => Status::Skipped,
        };
        Case {
            reason: self.reason.as_ref().map(|reason| with_option(reason, self.skipped, self.exceeded)),
            source: Some(self.source.clone()),
            left_out: self.skipped,
            ..Case::new(&self.id, &self.route, status, self.outcome.phrase())
        }
    }

    /// What differs and is not a volatile value.
    fn unlearned(&self) -> Option<Block> {
        let title = Line::new(Tone::Bold, &self.id).dim(" differs, but not in a volatile value");
        let items = self.unlearned.iter().map(|own| format!("{}: {}  {}", own.at, own.why, own.source));
        Block::list(title, items.collect(), MOST_UNLEARNED)
    }
}

impl Learned {
    /// What was learned by a run that began at that time, and the patch that is proposed with the file it was written to.
    pub fn report(&self, at: Timestamp, patch: Option<(&Patch, &Path)>) -> Report<'_> {
        let counts = LearnOutcome::ALL.map(|outcome| (self.count(outcome), outcome.phrase()));
        let sent = format!("{}; {} proposed", self.traffic.phrase(), count(self.rules.len(), "rule", "rules"));
        let mut notes = vec![Line::new(Tone::Dim, sent)];
        notes.extend(self.stopped.then(|| Line::plain("The run was stopped before its end.")));
        notes.extend(match patch {
            Some((patch, file)) => patch.next(file),
            None if !self.has_read() => vec![self.nothing_read()],
            None => vec![Line::plain("No rule is missing, as far as two reads can tell: there is nothing to propose.")],
        });
        Report {
            exit_code: self.exit_code(),
            cases: self.steps.iter().map(LearnedStep::case).collect(),
            blocks: self
                .steps
                .iter()
                .filter_map(LearnedStep::unlearned)
                .chain(patch.map(|(patch, _)| Block::patch(&patch.diff)))
                .collect(),
            summary: Summary {
                subject: count(self.steps.len(), "route", "routes"),
                tone: if self.exit_code() == 0 { Tone::Good } else { Tone::Warn },
                result: Summary::parts(counts),
                elapsed: Some(self.elapsed),
                notes,
            },
            document: self.document(patch.map(|(_, file)| file)),
            ..Report::new("verify-live --learn", self.provider.clone(), at, self.elapsed)
        }
    }

    fn nothing_read(&self) -> Line {
        let writing = self.steps.iter().filter(|step| step.skipped == Some(Skip::OnlyReads.reason())).count();
        let why = match writing {
            0 => String::new(),
            writing => format!(
                " Learning only reads (GET, HEAD, OPTIONS), and {writing} of {} write.",
                count(self.steps.len(), "route", "routes")
            ),
        };
        Line::plain(format!("Nothing was read twice, so there is nothing to learn from.{why}"))
    }

    fn document(&self, patch: Option<&Path>) -> Value {
        let mut document = json!({
            "provider": self.provider,
            "routes": self.steps.len(),
            "read": self.steps.iter().filter(|step| step.is_read()).count(),
            "different": self.count(LearnOutcome::Differs),
            "errored": self.count(LearnOutcome::Errored),
            "skipped": self.skipped(),
            "sent": self.traffic.sent,
            "retries": self.traffic.retries,
            "throttled": self.traffic.throttled,
            "rules": self.rules,
        });
        if let Some(file) = patch {
            document["patch"] = json!(file.display().to_string());
        }
        document["stopped"] = json!(self.stopped);
        document["seconds"] = json!(self.elapsed.as_secs_f64());
        document["outcomes"] = json!(self.steps);
        document
    }
}

impl Patch {
    /// How to apply the patch, which is in that file.
    fn next(&self, file: &Path) -> Vec<Line> {
        let file = file.display();
        let command = match &self.folder {
            None => format!("git apply '{file}'"),
            Some(folder) => format!("patch -p1 -d '{}' < '{file}'", folder.display()),
        };
        vec![
            Line::plain(format!("Nothing is changed yet; the patch is in {file}. Apply it with `{command}`,")),
            Line::plain(
                "then remove from volatile.toml what is not volatile, and write the reasons. `cargo test` and then",
            ),
            Line::plain("`review` show what the rules mask."),
        ]
    }
}
