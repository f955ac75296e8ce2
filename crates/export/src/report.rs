//! An export as a report: no cases, but the files, and what the target cannot say.

use std::collections::BTreeMap;
use std::time::Duration;

use graph_contracts::report::{Block, Line, Report, Summary, Tone, count};
use jiff::Timestamp;
use serde_json::json;

use crate::{Export, Limit, Written};

impl Export {
    /// What an export made that began at that time, and what was written of it.
    pub fn report(&self, written: &Written, at: Timestamp, elapsed: Duration) -> Report<'_> {
        let mut by_limit: BTreeMap<Limit, usize> = BTreeMap::new();
        self.left_out.iter().for_each(|own| *by_limit.entry(own.limit).or_default() += 1);
        let general =
            self.limits.iter().map(|limit| Line::new(Tone::Warn, limit.name()).text(format!(": {}", limit.says())));
        let counted = by_limit.iter().map(|(limit, number)| {
            Line::new(Tone::Warn, limit.name())
                .text(format!(": {}", limit.says()))
                .dim(format!(" [{}]", count(*number, "place", "places")))
        });
        let stale = written.stale.iter().map(|path| {
            Line::new(Tone::Warn, "of an earlier export")
                .text(format!(": {} (kept; delete it, or export its contract)", path.display()))
        });
        let lines: Vec<Line> = general.chain(counted).chain(stale).collect();
        let account = written.account.display().to_string();
        let said = Line::plain(format!("what {} cannot say is listed in {account}", self.target.title()));
        Report {
            unit: ("contract", "contracts"),
            blocks: vec![Block::new(lines)],
            summary: Summary {
                subject: format!(
                    "{}, {}",
                    count(self.contracts, "contract", "contracts"),
                    count(self.routes, "route", "routes")
                ),
                tone: Tone::Good,
                result: format!(
                    "{} written, {} unchanged",
                    count(written.files.len(), "file", "files"),
                    written.unchanged
                ),
                elapsed: Some(elapsed),
                notes: vec![said],
            },
            document: json!({
                "command": "export",
                "target": self.target.name(),
                "at": at,
                "seconds": elapsed.as_secs_f64(),
                "contracts": self.contracts,
                "routes": self.routes,
                "written": written.files,
                "unchanged": written.unchanged,
                "stale": written.stale,
                "account": account,
                "limits": self.limits,
                "left_out": self.left_out,
            }),
            ..Report::new("export", self.target.title(), at, elapsed)
        }
    }
}
