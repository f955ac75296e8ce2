//! `graph-contracts verify-live --cleanup --find-marked`

use std::sync::Arc;

use graph_contracts::report::{Block, Line, Report, Summary, Tone, count};
use graph_contracts::store::Store;
use graph_contracts_live::{Plan, Transport, find_marked};
use jiff::Timestamp;
use serde_json::json;

use crate::output;
use crate::report_files::ReportArguments;

/// Lists the objects that carry a marker; the exit code.
pub(super) async fn run(
    plan: &Plan,
    store: Arc<Store>,
    transport: Transport,
    arguments: &ReportArguments,
) -> anyhow::Result<u8> {
    let (at, provider, start) = (Timestamp::now(), transport.base().to_string(), std::time::Instant::now());
    let found = find_marked(plan, store, transport).await;
    let title = |text: &str| Line::new(Tone::Warn, text).text(":");
    let blocks = [
        Block::list(title("carry a marker"), found.objects.clone(), usize::MAX),
        Block::list(title("could not be looked at"), found.unknown.clone(), usize::MAX),
    ];
    let is_clear = found.objects.is_empty() && found.unknown.is_empty();
    let elapsed = start.elapsed();
    let report = Report {
        exit_code: if is_clear { 0 } else { output::COULD_NOT_RUN },
        blocks: blocks.into_iter().flatten().collect(),
        summary: Summary {
            subject: count(found.objects.len(), "marked object", "marked objects"),
            tone: if is_clear { Tone::Good } else { Tone::Warn },
            result: format!("{} could not be looked at", count(found.unknown.len(), "collection", "collections")),
            elapsed: Some(elapsed),
            notes: Vec::new(),
        },
        document: json!({ "objects": found.objects, "unknown": found.unknown }),
        ..Report::new("verify-live --find-marked", provider, at, elapsed)
    };
    arguments.emit(&mut output::terminal(), &report)
}
