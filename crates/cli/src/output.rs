//! What all commands have in common in writing results: streams, JSON files and errors.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::ArgMatches;
use graph_contracts::command_line::command_line;
use graph_contracts::file;
use graph_contracts::http::SendError;
use graph_contracts::import::ImportError;
use graph_contracts::report::{Line, Terminal, Tone, count, defused, make_contracts, quoted, raise_limit, safe};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts::store::{StoreError, StoreErrorKind};
use graph_contracts_changes::review::Pending;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde::Serialize;

use crate::configuration::{self, Configuration};
use crate::voice::{self, Stream};

/// The exit code for what could not run.
pub(crate) const COULD_NOT_RUN: u8 = 2;

/// The usual folder of snapshots.
pub(crate) const SNAPSHOTS: &str = "snapshots";

/// The width of lines where there is no terminal to measure.
const USUAL_WIDTH: usize = 100;

/// What people read, as a terminal.
pub(crate) type Out = Terminal<Stream>;

/// What people read, as much as they want to.
pub(crate) fn terminal() -> Out {
    let width = terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    Terminal::new(voice::stream(), width).with_detail(voice::detail())
}

/// Says what is pending, and the command that reviews it.
pub(crate) fn say_pending(terminal: &mut Out, contracts: &Path, snapshots: &SnapshotFolders) -> anyhow::Result<()> {
    let number = Pending::find(snapshots)?.len();
    if number == 0 {
        return Ok(());
    }
    let (subject, verb) = (count(number, "snapshot", "snapshots"), if number == 1 { "is" } else { "are" });
    let title = Line::new(Tone::Bold, format!("{subject} {verb} pending.")).text(" Accept or reject each:");
    let review = command("review", contracts, &snapshots.accepted);
    Ok(terminal.lines(&[title, Line::plain(format!("  {review}"))])?)
}

/// Says what to run next.
pub(crate) fn say_next(terminal: &mut Out, why: &str, command: &str) -> anyhow::Result<()> {
    Ok(terminal.lines(&[Line::new(Tone::Bold, format!("{why}:")), Line::plain(format!("  {command}"))])?)
}

/// A command on contracts and their snapshots, of these folders.
pub(crate) fn command(name: &str, contracts: &Path, snapshots: &Path) -> String {
    let mut command = format!("{} {name}", command_line());
    for (flag, folder, usual) in [("--contracts", contracts, "contracts"), ("--snapshots", snapshots, SNAPSHOTS)] {
        if folder != Path::new(usual) {
            command.push_str(&format!(" {flag} {}", quoted(&folder.display().to_string())));
        }
    }
    command
}

/// The command that was given, without one of its flags and with others, unless it has them.
pub(crate) fn again(without: &str, with: &[&str]) -> String {
    let given = std::env::args_os().skip(1).map(|word| quoted(&word.to_string_lossy())).filter(|word| word != without);
    let given = given.collect::<Vec<_>>().join(" ");
    let lacks = |own: &&&str| own.split(' ').next().is_none_or(|flag| !given.contains(flag));
    let words = with.iter().filter(lacks).map(|own| format!(" {own}")).collect::<String>();
    format!("{} {given}{words}", command_line())
}

/// Standard error, for notes beside a result that goes to the standard output.
pub(crate) fn terminal_of_errors() -> Terminal<AutoStream<std::io::Stderr>> {
    Terminal::new(anstream::stderr(), USUAL_WIDTH).with_detail(voice::detail())
}

/// A bar on standard error with what was done so far; nothing where that is not a terminal. It goes away when it is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What came so far: how much, by its position and word.
    so_far: Mutex<BTreeMap<(usize, &'static str), usize>>,
}

impl Progress {
    /// A bar that counts these.
    pub(crate) fn new(units: &str) -> Progress {
        let style = ProgressStyle::with_template(&format!("{{bar:30}} {{pos}}/{{len}} {units}, {{msg}} {{elapsed}}"));
        let bar = if voice::is_quiet() { ProgressBar::hidden() } else { ProgressBar::new(0) };
        let bar = bar.with_finish(ProgressFinish::AndClear);
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, so_far: Mutex::default() }
    }

    /// Counts one of so many, and what came of it, each with its word.
    pub(crate) fn advance<const N: usize>(&self, all: usize, came: [(usize, &'static str); N]) {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        for (position, (number, word)) in came.into_iter().enumerate() {
            *so_far.entry((position, word)).or_default() += number;
        }
        let words: Vec<String> = so_far.iter().map(|((_, word), number)| format!("{number} {word}")).collect();
        self.bar.set_length(all as u64);
        self.bar.set_message(words.join(", "));
        self.bar.inc(1);
    }

    /// Writes something above the bar.
    pub(crate) fn suspend(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }
}

/// A spinner on standard error with what is waited for, and since when; nothing where that is not a terminal. It goes away when it is
/// dropped.
pub(crate) struct Waiting(ProgressBar);

impl Waiting {
    /// Waits for this.
    pub(crate) fn on(what: &str) -> Waiting {
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        let bar = if voice::is_quiet() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_message(safe(what));
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
        Waiting(bar)
    }

    /// Says how far it is.
    pub(crate) fn say(&self, what: &str) {
        self.0.set_message(safe(what));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
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

/// Writes a text file, and the folder that it is in.
pub(crate) fn write_text(path: &Path, text: String) -> anyhow::Result<()> {
    file::write(path, &text).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Prints a note beside the result, on standard error.
pub(crate) fn note(text: &str) -> anyhow::Result<()> {
    if voice::is_quiet() {
        return Ok(());
    }
    let style = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
    writeln!(anstream::stderr(), "{style}note:{style:#} {}", defused(&safe(text)))?;
    Ok(())
}

/// Says why a command could not run, where the configuration says so, and what to do. Without `read`, the command line itself could not be read.
pub(crate) fn fail(error: &anyhow::Error, read: Option<(Option<&Configuration>, &ArgMatches)>) -> ExitCode {
    let is_closed = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    if error.downcast_ref().is_some_and(is_closed) {
        // Whoever read the output (`| head`) has seen enough.
        return ExitCode::from(COULD_NOT_RUN);
    }
    let place = match read {
        Some((Some(configuration), matches)) => {
            matches.subcommand().and_then(|own| configuration.place_of(own, &format!("{error:#}")))
        }
        _ => None,
    };
    // There is nowhere left to report a broken standard error to.
    let _ = self::error(place.as_deref(), error);
    if matches!(read, Some((None, _))) && lacks_contracts(error) {
        let _ = note(&format!(
            "there is no {} here or above; `{} init` looks for your pages and writes one",
            configuration::FILE,
            command_line()
        ));
    }
    ExitCode::from(COULD_NOT_RUN)
}

/// Whether there would have to be contracts.
fn lacks_contracts(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let problems = cause.downcast_ref::<StoreError>().map(|error| error.problems.as_slice());
        match problems {
            Some([StoreErrorKind::Empty { .. }]) => true,
            Some([StoreErrorKind::Unreadable { cause, .. }]) => cause.kind() == std::io::ErrorKind::NotFound,
            _ => false,
        }
    })
}

/// The option that would help after an error that ended a command.
fn option_that_helps(error: &anyhow::Error) -> String {
    let limit = error.chain().find_map(|cause| cause.downcast_ref::<SendError>()?.exceeded());
    let is_outside = |cause: &(dyn std::error::Error + 'static)| {
        matches!(cause.downcast_ref(), Some(ImportError::OutsideRoot { .. }))
    };
    match limit {
        Some(limit) => raise_limit(limit),
        None if lacks_contracts(error) => make_contracts(),
        None if error.chain().any(is_outside) => "\nname a folder that holds all pages with --pages-root".to_owned(),
        None => String::new(),
    }
}

/// Says what went wrong, on standard error, after the place in the configuration that it is about.
pub(crate) fn error(place: Option<&str>, error: &anyhow::Error) -> std::io::Result<()> {
    let style = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
    let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
    let message: Vec<String> = format!("{place}{error:#}{}", option_that_helps(error)).lines().map(safe).collect();
    writeln!(anstream::stderr(), "{style}error:{style:#} {}", defused(&message.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_ends_a_command_is_followed_by_the_option_that_helps() {
        let error = anyhow::Error::from(SendError::TooLarge { limit: 5 }).context("GET https://h failed");
        assert_eq!(option_that_helps(&error), " (raise it with --max-body)");
        assert_eq!(option_that_helps(&anyhow::anyhow!("no file")), "");
    }

    #[test]
    fn a_command_can_be_pasted_into_a_shell() {
        let check = |contracts: &str, snapshots: &str, expected: &str| {
            assert_eq!(command("review", Path::new(contracts), Path::new(snapshots)), expected);
        };
        check("contracts", "snapshots", "graph-contracts review");
        check("mine", "snapshots", "graph-contracts review --contracts mine");
        check("contracts", "it's here", "graph-contracts review --snapshots 'it'\\''s here'");
    }
}
