//! `graph-contracts review`

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use console::{Key, Term};
use graph_contracts::report::{Block, defused};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts::store::Store;
use graph_contracts_changes::review::patch::patches;
use graph_contracts_changes::review::{Answer, Decision, Entry, entries, review};
use jiff::Timestamp;

use crate::output;
use crate::selection::Selection;

/// Review pending snapshots: those of tests, and the drift of live runs.
///
/// Shows for each what changed, whether a caller breaks, where it is documented, and the lines that differ. Accepts or
/// rejects it as `cargo insta` does, in insta's own files. A FILTER may also be the path of a file, pending or accepted, or a profile's
/// name. Decides nothing without a terminal, unless --accept or --reject is given. Exits with 1 if a selected snapshot is still pending, and
/// with 2 if a file cannot be read or written.
///
/// Accepted snapshots that are not in use any more are shown too: accepting moves those of renamed contracts along, and removes those
/// of deleted contracts and of drift that is over. Rejecting leaves them as they are.
///
/// With --patch, decides nothing either: makes a patch of the pages from the drift of live runs, pending and accepted.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Read the snapshots in this folder; those of live runs are in its folder `live`
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,

    /// Accept all selected snapshots without asking
    #[arg(long, conflicts_with = "reject")]
    accept: bool,

    /// Reject all selected snapshots without asking
    #[arg(long)]
    reject: bool,

    /// Write a patch that makes the documentation pages agree with live services
    #[arg(long, requires = "pages_root", conflicts_with_all = ["accept", "reject"])]
    patch: bool,

    /// Find the pages below this folder, relative to which they were named
    #[arg(long, value_name = "DIR", requires = "patch")]
    pages_root: Option<PathBuf>,

    /// Write the patch to this file instead of the standard output
    #[arg(long, value_name = "FILE", requires = "patch")]
    out: Option<PathBuf>,

    /// Write the result to this file too, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let Selection { filters, contracts } = &arguments.selection;
    let at = Timestamp::now();
    let store = Store::read(contracts)?;
    if !arguments.snapshots.is_dir() {
        bail!(
            "{}: there is no such folder; name that of the snapshots with --snapshots",
            arguments.snapshots.display()
        );
    }
    let folders = SnapshotFolders::of_environment(&arguments.snapshots).map_err(anyhow::Error::msg)?;
    if let Some(pages) = &arguments.pages_root {
        return patch(arguments, &folders, &store, pages);
    }
    let found = entries(&folders, &store, filters)?;
    let keys = Term::stdout();
    let is_interactive = keys.is_term() && io::stdin().is_terminal();
    if is_interactive && !arguments.accept && !arguments.reject {
        note_interrupts();
    }
    let mut terminal = output::terminal();
    // Whoever reads the terminal may go away; what was asked for by flags is done all the same.
    let mut written = Ok(());
    let done = review(found, |entry, (number, all), for_all| {
        // Whoever accepts all that follow sees them; whoever leaves has seen enough.
        if written.is_ok() && for_all.is_none_or(|answer| answer.decision != Decision::Pending) {
            written = terminal.block(&entry.block(number, all).lines);
            if let (Ok(()), Some(evidence)) = (&written, &entry.evidence) {
                written = terminal.diff(evidence);
            }
        }
        if let Some(answer) = for_all {
            return Ok(answer);
        }
        match (arguments.accept, arguments.reject, is_interactive) {
            (true, _, _) => Ok(Answer { decision: Decision::Accepted, for_all: false }),
            (_, true, _) => Ok(Answer { decision: Decision::Rejected, for_all: false }),
            (_, _, true) if written.is_ok() => ask(&keys, entry),
            _ => io::Result::Ok(Answer { for_all: false, ..QUIT }),
        }
    })?;
    let found = done.report(at, &output::command("review", contracts, &arguments.snapshots));
    output::emit(&mut terminal, &found, arguments.json.as_deref())?;
    written?;
    if found.exit_code == 0 && done.count(Decision::Accepted) > 0 {
        let replay = output::command("replay", contracts, &arguments.snapshots);
        output::say_next(&mut terminal, "Replay against what is accepted now", &replay)?;
    }
    Ok(found.exit_code)
}

/// Writes the patch of the pages, and lists the drift that has no patch.
fn patch(arguments: &Arguments, folders: &SnapshotFolders, store: &Store, pages: &Path) -> anyhow::Result<u8> {
    let patches = patches(folders, pages, store, &arguments.selection.filters)?;
    if let Some(file) = &arguments.json {
        output::write_json(file, &patches.document())?;
    }
    let diff: String = patches.pages.iter().map(|page| page.diff.as_str()).collect();
    match &arguments.out {
        Some(file) => {
            output::write_text(file, diff)?;
            output::terminal().report(&patches.report(Timestamp::now(), pages, file))?;
        }
        // To a terminal, pages may say anything; to a file or a program, not a byte may change.
        None if io::stdout().is_terminal() => output::terminal().lines(&Block::patch(&diff).lines)?,
        // A CI server would take its lines for commands.
        None if is_log() && defused(&diff) != diff => {
            bail!("the patch has lines that a CI server takes for commands; write it to a file with --out FILE")
        }
        None => io::stdout().write_all(diff.as_bytes())?,
    }
    output::terminal_of_errors().lines(&patches.unpatched())?;
    Ok(u8::from(!patches.unpatched.is_empty()))
}

/// Whether a CI server reads what is printed.
fn is_log() -> bool {
    let is_ci = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"].iter().any(|name| std::env::var_os(name).is_some());
    is_ci && !std::fs::metadata("/dev/stdout").is_ok_and(|out| out.is_file())
}

/// Whether Ctrl-C was pressed while no key was waited for.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C end the review, and not the program: what was decided is kept, and its summary written.
fn note_interrupts() {
    let noting = || -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            loop {
                tokio::signal::ctrl_c().await?;
                INTERRUPTED.store(true, Ordering::Relaxed);
            }
        })
    };
    // Where signals cannot be received, Ctrl-C ends the program as it does any.
    std::thread::spawn(move || noting().is_ok());
}

/// All that follow stay pending.
const QUIT: Answer = Answer { decision: Decision::Pending, for_all: true };

/// Asks for a key until one is an answer.
fn ask(keys: &Term, entry: &Entry<'_>) -> io::Result<Answer> {
    let may_accept = entry.problem.is_none() && entry.error.is_none();
    let accept = if may_accept { "[a]ccept  " } else { "" };
    let reject = if entry.is_pending_file() { "[r]eject  " } else { "" };
    let mut out = anstream::stdout();
    write!(out, "\n{accept}{reject}[s]kip  [A]ccept or [R]eject this and all that follow  [q]uit ")?;
    out.flush()?;
    loop {
        if INTERRUPTED.load(Ordering::Relaxed) {
            writeln!(out)?;
            return Ok(QUIT);
        }
        let (decision, for_all) = match keys.read_key_raw()? {
            Key::Char('a') if may_accept => (Decision::Accepted, false),
            Key::Char('r') if entry.is_pending_file() => (Decision::Rejected, false),
            Key::Char('s') => (Decision::Pending, false),
            Key::Char('A') => (Decision::Accepted, true),
            Key::Char('R') => (Decision::Rejected, true),
            // Whoever interrupts keeps what was decided, and its summary.
            Key::Char('q') | Key::Escape | Key::CtrlC => (Decision::Pending, true),
            _ => continue,
        };
        writeln!(out)?;
        return Ok(Answer { decision, for_all });
    }
}
