//! What all commands have in common in writing results: streams, JSON files and errors.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use graph_contracts::import::Progress;
use graph_contracts::report::terminal::{Terminal, safe};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// The exit code for what could not run.
pub(crate) const COULD_NOT_RUN: u8 = 2;

/// The width of lines where there is no terminal to measure.
const USUAL_WIDTH: usize = 100;

/// Standard output, without colours where they are not wanted (a pipe, `NO_COLOR`).
pub(crate) fn terminal() -> Terminal<AutoStream<std::io::Stdout>> {
    let width = terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    Terminal::new(anstream::stdout(), width)
}

/// A bar on standard error that counts pages, pairs and defects; nothing where that is no terminal.
pub(crate) struct PageProgress {
    bar: ProgressBar,
    pairs: AtomicUsize,
    defects: AtomicUsize,
}

impl PageProgress {
    pub(crate) fn new() -> PageProgress {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pages, {msg} {elapsed}");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        PageProgress { bar, pairs: AtomicUsize::new(0), defects: AtomicUsize::new(0) }
    }

    /// Counts one page.
    pub(crate) fn advance(&self, progress: Progress) {
        let pairs = self.pairs.fetch_add(progress.pairs, Ordering::Relaxed) + progress.pairs;
        let defects = self.defects.fetch_add(progress.defects, Ordering::Relaxed) + progress.defects;
        self.bar.set_length(progress.pages as u64);
        self.bar.set_message(format!("{pairs} pairs, {defects} defects"));
        self.bar.inc(1);
    }
}

impl Drop for PageProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar on standard error that counts contracts and what was judged; nothing where that is no terminal.
pub(crate) struct ContractProgress {
    bar: ProgressBar,
    judged: AtomicUsize,
}

impl ContractProgress {
    pub(crate) fn new() -> ContractProgress {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} contracts, {msg} {elapsed}");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        ContractProgress { bar, judged: AtomicUsize::new(0) }
    }

    /// Counts one contract.
    pub(crate) fn advance(&self, contracts: usize, judged: usize) {
        let judged = self.judged.fetch_add(judged, Ordering::Relaxed) + judged;
        self.bar.set_length(contracts as u64);
        self.bar.set_message(format!("{judged} changes judged"));
        self.bar.inc(1);
    }
}

impl Drop for ContractProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Writes a result as JSON.
pub(crate) fn write_json(path: &Path, document: &impl Serialize) -> anyhow::Result<()> {
    write_text(path, serde_json::to_string_pretty(document)? + "\n")
}

/// Writes a list as JSON, one line for each item.
pub(crate) fn write_json_lines(path: &Path, items: &[impl Serialize]) -> anyhow::Result<()> {
    let lines: Vec<String> = items.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    write_text(path, lines.iter().map(|line| format!("{line}\n")).collect())
}

fn write_text(path: &Path, text: String) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Says something that is to be known beside the result, on standard error.
pub(crate) fn note(text: &str) -> anyhow::Result<()> {
    let style = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
    writeln!(anstream::stderr(), "{style}note:{style:#} {}", safe(text))?;
    Ok(())
}

/// Says why a command could not run.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    let is_closed = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    if error.downcast_ref().is_some_and(is_closed) {
        // Whoever read the output (`| head`) has seen enough.
        return ExitCode::from(COULD_NOT_RUN);
    }
    let style = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    // There is nowhere left to report a broken standard error to.
    let message: Vec<String> = format!("{error:#}").lines().map(safe).collect();
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {}", message.join("\n"));
    ExitCode::from(COULD_NOT_RUN)
}
