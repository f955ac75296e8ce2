//! What all commands have in common in writing results: streams, JSON files and errors.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use graph_contracts::report::terminal::{Terminal, safe};
use serde::Serialize;

/// The exit code for what could not run.
const COULD_NOT_RUN: u8 = 2;

/// The width of lines where there is no terminal to measure.
const USUAL_WIDTH: usize = 100;

/// Standard output, without colours where they are not wanted (a pipe, `NO_COLOR`).
pub(crate) fn terminal() -> Terminal<AutoStream<std::io::Stdout>> {
    let width = terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    Terminal::new(anstream::stdout(), width)
}

/// Writes a result as JSON.
pub(crate) fn write_json(path: &Path, document: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))
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
