//! Which pages a patch fixes, and of which drift there is no patch, as a report.

use std::path::Path;
use std::time::Duration;

use graph_contracts::report::{Block, Line, Report, Summary, Tone, count, quoted};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Patches, Unpatched};

impl Patches {
    /// The patch of the pages in that folder, which is in that file; made by a run that began at that time.
    pub fn report(&self, at: Timestamp, pages: &Path, file: &Path) -> Report<'_> {
        let mut lines = Vec::new();
        for page in &self.pages {
            lines.push(Line::new(Tone::Good, format!("{:>10}", "patched")).text(format!("  {}", page.page)));
            lines.extend(page.contracts.iter().map(|contract| Line::default().dim(format!("            {contract}"))));
        }
        let patched = format!("patched in {}", file.display());
        let counts =
            [(self.drifts - self.unpatched.len(), patched.as_str()), (self.unpatched.len(), "without a patch")];
        let command = format!(
            "patch -p1 --binary -d {} < {}",
            quoted(&pages.display().to_string()),
            quoted(&file.display().to_string())
        );
        let apply = Line::plain(format!("Apply it, and import the pages again:  {command}"));
        Report {
            exit_code: self.exit_code(),
            blocks: vec![Block::new(lines)],
            summary: Summary {
                subject: count(self.drifts, "drift", "drifts"),
                result: Summary::parts(counts),
                notes: if self.pages.is_empty() { Vec::new() } else { vec![apply] },
                ..Summary::default()
            },
            document: self.document(),
            ..Report::new("review --patch", "documentation pages", at, Duration::ZERO)
        }
    }

    /// 1 if there is drift, and no patch of any of it: then nothing was done. Drift that needs a person beside what is patched is named.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.pages.is_empty() && !self.unpatched.is_empty())
    }

    /// The drifts of which there is no patch, and why.
    pub fn unpatched(&self) -> Vec<Line> {
        let nothing = Line::plain(
            "there is no drift of live runs, so there is nothing to patch; one that was rejected comes back with the next run",
        );
        let mut lines: Vec<Line> = (self.drifts == 0).then_some(nothing).into_iter().collect();
        lines.extend(self.unpatched.iter().map(|Unpatched { file, why }| {
            Line::new(Tone::Warn, "no patch").text(format!(" for {}: {why}", file.display()))
        }));
        lines
    }

    /// The result for programs.
    pub fn document(&self) -> Value {
        let pages = self.pages.iter();
        let pages = pages.map(|own| json!({ "page": own.page, "contracts": own.contracts, "diff": own.diff }));
        let unpatched = self.unpatched.iter();
        let unpatched = unpatched.map(|own| json!({ "file": own.file.display().to_string(), "why": own.why }));
        json!({
            "drifts": self.drifts,
            "pages": pages.collect::<Vec<_>>(),
            "unpatched": unpatched.collect::<Vec<_>>(),
        })
    }
}
