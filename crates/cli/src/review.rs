//! `graph-contracts review`

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use console::{Key, Term};
use graph_contracts::import::PageSet;
use graph_contracts::report::{Block, Detail, Line, defused};
use graph_contracts::snapshot::{Origin, SnapshotFolders};
use graph_contracts::store::Store;
use graph_contracts_changes::review::patch::patches;
use graph_contracts_changes::review::{
    Decision, Keys, Review, Together, decide, dialog, entries, review, show, together,
};
use jiff::Timestamp;

use crate::init;
use crate::json_argument::JsonArguments;
use crate::output;
use crate::selection::Selection;
use crate::voice;

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
/// Of what a service answered, only the shape is kept and shown: `[string]`, `[int]` or `[guid:1]` stands where there was such a value.
///
/// With --patch, decides nothing either: makes a patch of the pages from the drift of live runs, pending and accepted. Drift that needs a
/// person instead is named. Exits with 1 only if there is drift, and no patch of any of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// Read the snapshots in this folder; those of live runs are in its folder `live`
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,

    /// Accept all selected snapshots without asking; --verbose shows what changed in each
    #[arg(long, conflicts_with = "reject")]
    accept: bool,

    /// Reject all selected snapshots without asking; --verbose shows what changed in each
    #[arg(long)]
    reject: bool,

    /// Write a patch that makes the documentation pages agree with live services
    #[arg(long, conflicts_with_all = ["accept", "reject"])]
    patch: bool,

    /// Find the pages as an import of these files, or folders of pages, does
    #[arg(long, value_name = "PATH", requires = "patch")]
    pages: Vec<PathBuf>,

    /// Find the pages below this folder, relative to which they were named [default: as --pages says]
    #[arg(long, value_name = "DIR", requires = "patch")]
    pages_root: Option<PathBuf>,

    /// Write the patch to this file instead of the standard output
    #[arg(long, value_name = "FILE", requires = "patch")]
    out: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Results")]
    json: JsonArguments,
}

/// Runs the command. `is_said` tells whether the folder of the snapshots stands on the command line.
pub(crate) fn run(arguments: &Arguments, is_said: bool) -> anyhow::Result<u8> {
    let Selection { filters, contracts, rules } = &arguments.selection;
    let at = Timestamp::now();
    let store = rules.store(contracts)?;
    let replay = output::command("replay", contracts, &arguments.snapshots);
    // The usual folder is made when something is replayed; one that was named now is misspelled. There is nothing to make a patch of.
    let is_new = !arguments.snapshots.try_exists().unwrap_or(true) && !is_said && !arguments.patch;
    if !is_new && !arguments.snapshots.is_dir() {
        bail!(
            "{}: there is no such folder; name that of the snapshots with --snapshots",
            arguments.snapshots.display()
        );
    }
    let folders = SnapshotFolders::of_environment(&arguments.snapshots).map_err(anyhow::Error::msg)?;
    if arguments.patch {
        return patch(arguments, &folders, &store, &arguments.pages_folder()?);
    }
    let mut found = entries(&folders, &store, filters)?;
    let mut terminal = output::terminal();
    let groups = match terminal.detail() {
        Detail::All => (0..found.len()).map(|at| Together(vec![at])).collect(),
        _ => together(&found),
    };
    let flag = match (arguments.accept, arguments.reject) {
        (true, _) => Some(Decision::Accepted),
        (_, true) => Some(Decision::Rejected),
        (false, false) => None,
    };
    let is_asked = flag.is_none() && voice::is_terminal() && io::stdin().is_terminal();
    // Whoever reads the terminal may go away; what was decided is done all the same.
    let (done, written) = if is_asked {
        note_interrupts();
        let keys = if voice::is_out_for_programs() { Term::stderr() } else { Term::stdout() };
        // Nothing is decided that was not shown.
        let usual = terminal.detail().max(Detail::Usual);
        let mut on_usual = output::terminal().with_detail(usual);
        let written = dialog(&mut found, groups, &mut on_usual, &mut TerminalKeys(keys), &mut decide);
        (Review { entries: found }, written)
    } else {
        found.iter_mut().for_each(|entry| entry.decision = flag.unwrap_or(Decision::Pending));
        let done = review(found);
        // What was decided has been seen, or can be asked for. What is left needs somebody to look at it.
        let is_left = |own: &Together| own.0.iter().any(|at| done.entries[*at].decision == Decision::Pending);
        let shows_all = terminal.detail() >= Detail::Each;
        let shown: Vec<Together> = groups.into_iter().filter(|own| shows_all || is_left(own)).collect();
        let written = show(&shown, &done.entries, (1, shown.len()), &mut terminal);
        (done, written)
    };
    let command = output::command("review", contracts, &arguments.snapshots);
    let is_placed = arguments.pages_root.is_some() || !arguments.pages.is_empty();
    let patch = format!("{command} --patch{}", if is_placed { "" } else { " --pages-root DIR" });
    let found = done.report(at, &command, &patch, is_asked);
    arguments.json.emit(&mut terminal, &found)?;
    written?;
    if is_new {
        let why = format!("Nothing was replayed yet: there is no {}. To do so", arguments.snapshots.display());
        output::say_next(&mut terminal, &why, &replay)?;
    }
    let mut accepted = done.entries.iter().filter(|entry| entry.decision == Decision::Accepted).peekable();
    if found.exit_code != 0 || accepted.peek().is_none() {
        return Ok(found.exit_code);
    }
    if accepted.any(|entry| entry.pending.origin == Origin::Stub) {
        output::say_next(&mut terminal, "Replay against what is accepted now", &replay)?;
    } else {
        let known = format!("Commit {}: the next live runs compare with it.", arguments.snapshots.display());
        terminal.lines(&[Line::plain(known)])?;
    }
    Ok(found.exit_code)
}

impl Arguments {
    /// The folder below which the pages are.
    fn pages_folder(&self) -> anyhow::Result<PathBuf> {
        match &self.pages_root {
            Some(root) => Ok(root.clone()),
            None if self.pages.is_empty() => bail!(
                "--patch: it is not known where the pages are: give the folder relative to which they were named with --pages-root, or {}",
                init::add_pages()
            ),
            None => Ok(from_here(PageSet::find(&self.pages, None)?.root)),
        }
    }
}

/// A folder whose path has no links, as it is named from here if it is below.
fn from_here(folder: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    match folder.strip_prefix(here) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_owned(),
        Err(_) => folder,
    }
}

/// Writes the patch of the pages, and lists the drift that has no patch.
fn patch(arguments: &Arguments, folders: &SnapshotFolders, store: &Store, pages: &Path) -> anyhow::Result<u8> {
    let patches = patches(folders, pages, store, &arguments.selection.filters)?;
    arguments.json.write(|| patches.document())?;
    let diff: String = patches.pages.iter().map(|page| page.diff.as_str()).collect();
    match &arguments.out {
        Some(file) => {
            output::write_text(file, diff)?;
            output::terminal().report(&patches.report(Timestamp::now(), pages, file))?;
        }
        // To a terminal, pages may say anything; to a file or a program, not a byte may change.
        None if voice::is_terminal() => output::terminal().lines(&Block::patch(&diff).lines)?,
        // A CI server would take its lines for commands.
        None if is_log() && defused(&diff) != diff => {
            bail!("the patch has lines that a CI server takes for commands; write it to a file with --out FILE")
        }
        None => voice::stream().write_all(diff.as_bytes())?,
    }
    output::terminal_of_errors().lines(&patches.unpatched())?;
    Ok(patches.exit_code())
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
            // Of a terminal that was closed, no key can be read, which ends the review.
            #[cfg(unix)]
            let _hang_up = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
            loop {
                tokio::signal::ctrl_c().await?;
                INTERRUPTED.store(true, Ordering::Relaxed);
            }
        })
    };
    // Where signals cannot be received, Ctrl-C ends the program as it does any.
    std::thread::spawn(move || noting().is_ok());
}

/// The keys of a terminal.
struct TerminalKeys(Term);

impl Keys for TerminalKeys {
    fn next(&mut self) -> io::Result<Option<char>> {
        loop {
            if INTERRUPTED.load(Ordering::Relaxed) {
                return Ok(None);
            }
            match self.0.read_key_raw() {
                Ok(Key::Char(key)) => return Ok(Some(key)),
                // Whoever interrupts, or closes the terminal, keeps what was decided, and its summary.
                Ok(Key::Escape | Key::CtrlC) => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
    }
}
