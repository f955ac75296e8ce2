//! Pending snapshots, and accepting and rejecting them as insta does.

use std::collections::HashSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use graph_contracts::file;
use graph_contracts::normal::{Declared, NormalForm};
use graph_contracts::snapshot::{
    InstaFile, Origin, RouteForms, SnapshotFolders, accepted_drift, content_line, origin, pending_files, unreferenced,
};
use graph_contracts::source::LineIndex;
use serde::Serialize;

use super::review_error::ReviewError;

/// The largest file that is read as a snapshot, in bytes. A response may not be larger either.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What accepting does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The pending file takes the place of the accepted one, if there is one.
    Replace,
    /// The pending file says that a drift is over: it and the accepted file are removed.
    Heal,
    /// The accepted file has the name of its contract now.
    Move,
    /// The accepted file is removed: it has no contract, or no drift any more.
    Remove,
}

/// A snapshot that waits for a decision.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The id of its contract, by its place.
    pub id: String,
    /// What wrote it.
    pub origin: Origin,
    /// The file that is decided on: a pending one, or an accepted one that is moved or removed.
    pub file: PathBuf,
    /// The file that it becomes when it is accepted.
    pub target: PathBuf,
    /// What accepting does.
    pub action: Action,
    /// The accepted file of the contract under an earlier name, which goes when this one is accepted.
    pub earlier: Option<PathBuf>,
    /// What was in the files when they were read.
    seen: Seen,
    seen_target: Seen,
    seen_earlier: Seen,
    /// What was in the files after a decision.
    left: Option<[Seen; 3]>,
}

/// A file as it was at some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    size: u64,
    modified: Option<SystemTime>,
    /// The content; nothing of what is too large, and of what is not there.
    bytes: Vec<u8>,
    /// Why it cannot be read.
    problem: Option<String>,
}

impl Seen {
    /// A file that cannot be read stops nothing but itself.
    fn read(path: &Path) -> Seen {
        Seen::try_read(path).unwrap_or_else(|cause| {
            let problem = (cause.kind() != io::ErrorKind::NotFound).then(|| format!("it cannot be read: {cause}"));
            Seen { problem, ..Seen::default() }
        })
    }

    fn try_read(path: &Path) -> io::Result<Seen> {
        let metadata = std::fs::symlink_metadata(path)?;
        let mut seen = Seen { size: metadata.len(), modified: metadata.modified().ok(), ..Seen::default() };
        // A link, or what is not a file, has nothing that could be reviewed.
        if metadata.is_file() && metadata.len() <= MOST_BYTES {
            std::fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut seen.bytes)?;
        }
        Ok(seen)
    }

    fn is_there(&self) -> bool {
        self.modified.is_some() || self.size > 0 || self.problem.is_some()
    }

    /// The file as a snapshot of normal forms; `Err` says why it is not one.
    fn snapshot(&self) -> Result<(InstaFile, RouteForms), String> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        if self.size > MOST_BYTES {
            let (size, most) = (self.size / 1024 / 1024, MOST_BYTES / 1024 / 1024);
            return Err(format!("it has {size} MB, and more than {most} MB are never a response"));
        }
        let bytes = file::without_mark(&self.bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let text = String::from_utf8_lossy(bytes);
            format!("line {} is not UTF-8", LineIndex::new(&text).line(error.valid_up_to()))
        })?;
        let file = InstaFile::parse(text)?;
        match RouteForms::parse(&file.content) {
            Ok(RouteForms::Same(form)) => {
                let declared = Declared(file.declared.clone().map(Arc::new));
                Ok((file, RouteForms::Same(NormalForm { declared, ..form })))
            }
            Ok(forms) => Ok((file, forms)),
            Err(error) => {
                let line = content_line(text) + error.line - 1;
                Err(format!("line {line}: not a normal form: {}", error.message))
            }
        }
    }
}

/// The accepted snapshots that wait for a decision although nothing is pending for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Leftovers {
    /// Those without a contract of their name.
    pub(super) without_contract: Vec<Pending>,
    /// Those of drift that is over.
    pub(super) healed: Vec<Pending>,
    /// Whether not one snapshot of the folder belongs to a contract: it is then the folder of other contracts.
    pub(super) has_other_contracts: bool,
}

impl Pending {
    /// The pending snapshots of these folders, by their paths. Links are not followed. A folder that does not exist has none.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read. A file that cannot be read cannot be accepted.
    pub fn find(snapshots: &SnapshotFolders) -> Result<Vec<Pending>, ReviewError> {
        let files = pending_files(&snapshots.pending)?.into_iter();
        Ok(files
            .map(|file| {
                let target = snapshots.target(&file);
                let (id, origin) = origin(&snapshots.accepted, &target);
                let mut pending = Pending::new(id, origin, file, target, Action::Replace);
                if pending.new_form().is_ok_and(|(file, _)| file.is_healed()) {
                    pending.action = Action::Heal;
                }
                pending
            })
            .collect())
    }

    /// The accepted snapshots that should go, beside those for which something is pending. `is_contract` says whether a contract has an id.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub(super) fn leftovers(
        snapshots: &SnapshotFolders,
        pending: &[Pending],
        is_contract: impl Fn(&str) -> bool,
    ) -> Result<Leftovers, ReviewError> {
        let of = |file: PathBuf| {
            let (id, origin) = origin(&snapshots.accepted, &file);
            Pending::new(id, origin, file.clone(), file, Action::Remove)
        };
        let targets: HashSet<&Path> = pending.iter().map(|own| own.target.as_path()).collect();
        let is_pending = |file: &PathBuf| targets.contains(file.as_path());
        let without_contract = unreferenced(&snapshots.accepted, &is_contract)?;
        let healed = accepted_drift(&snapshots.accepted)?.into_iter().filter(|file| !is_pending(file)).map(of);
        let is_healed = |own: &Pending| is_contract(&own.id) && own.new_form().is_ok_and(|(file, _)| file.is_healed());
        let is_stub = |file: &PathBuf| origin(&snapshots.accepted, file).1 == Origin::Stub;
        let has_other_contracts = without_contract.iter().any(is_stub)
            && unreferenced(&snapshots.accepted, |id| !is_contract(id))?.is_empty();
        Ok(Leftovers {
            has_other_contracts,
            without_contract: without_contract.into_iter().filter(|file| !is_pending(file)).map(of).collect(),
            healed: healed.filter(is_healed).collect(),
        })
    }

    fn new(id: String, origin: Origin, file: PathBuf, target: PathBuf, action: Action) -> Pending {
        let (seen, seen_target) = (Seen::read(&file), Seen::read(&target));
        Pending {
            id,
            origin,
            file,
            target,
            action,
            earlier: None,
            seen,
            seen_target,
            seen_earlier: Seen::default(),
            left: None,
        }
    }

    /// A pending file of a stub, wherever it is.
    #[cfg(test)]
    pub(super) fn of(id: &str, file: &Path) -> Pending {
        Pending::new(id.to_owned(), Origin::Stub, file.to_owned(), file.with_extension(""), Action::Replace)
    }

    /// The accepted file moves to another path.
    pub(super) fn moved(self, target: PathBuf) -> Pending {
        Pending { action: Action::Move, seen_target: Seen::read(&target), target, ..self }
    }

    /// The contract has an accepted file under an earlier name.
    pub(super) fn renamed(&mut self, earlier: Pending) {
        (self.earlier, self.seen_earlier) = (Some(earlier.file), earlier.seen);
    }

    /// Whether the file that is decided on, or the one that it replaces, cannot be read.
    pub(super) fn unreadable(&self) -> Option<String> {
        let files = [(&self.file, &self.seen), (&self.target, &self.seen_target)];
        files.into_iter().find_map(|(path, seen)| Some(format!("{}: {}", path.display(), seen.problem.as_ref()?)))
    }

    /// What the file that is decided on holds; `Err` says why it is no snapshot.
    pub(super) fn new_form(&self) -> Result<(InstaFile, RouteForms), String> {
        self.seen.snapshot()
    }

    /// What the accepted file holds, under this name or an earlier one, if there is one, with its path.
    pub(super) fn old_form(&self) -> Option<(&Path, Result<RouteForms, String>)> {
        let earlier = self.earlier.as_deref().map(|path| (path, &self.seen_earlier));
        let (path, seen) =
            Some((self.target.as_path(), &self.seen_target)).filter(|(_, seen)| seen.is_there()).or(earlier)?;
        Some((path, seen.snapshot().map(|(_, forms)| forms)))
    }

    /// Does what `cargo insta accept` does with a pending file: it takes the place of the accepted one, without what insta keeps in
    /// pending files alone. What is to be moved or removed is.
    ///
    /// # Errors
    ///
    /// When one of the files is another than was read, or cannot be written; the pending one is kept then.
    pub fn accept(&self) -> Result<(), ReviewError> {
        self.check_unchanged()?;
        match self.action {
            Action::Replace => self.replace()?,
            Action::Heal => {
                remove(&self.file)?;
                if self.seen_target.is_there() {
                    remove(&self.target)?;
                }
            }
            Action::Remove => remove(&self.file)?,
            Action::Move => {
                let text = String::from_utf8_lossy(&self.seen.bytes);
                file::write(&self.target, &text)
                    .map_err(|cause| ReviewError::File { path: self.target.clone(), cause })?;
                remove(&self.file)?;
            }
        }
        self.earlier.as_deref().map_or(Ok(()), remove)
    }

    fn replace(&self) -> Result<(), ReviewError> {
        let unusable = |why: String| ReviewError::Unusable { path: self.file.clone(), why };
        self.new_form().map_err(unusable)?;
        let bytes = file::without_mark(&self.seen.bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| unusable(error.to_string()))?;
        let accepted = InstaFile::accepted(text).map_err(unusable)?;
        file::write(&self.target, &accepted).map_err(|cause| ReviewError::File { path: self.target.clone(), cause })?;
        remove(&self.file)
    }

    /// Does what `cargo insta reject` does: the pending file is removed. An accepted file stays.
    ///
    /// # Errors
    ///
    /// When it is another than was read, or cannot be removed.
    pub fn reject(&self) -> Result<(), ReviewError> {
        self.check_unchanged()?;
        match self.action {
            Action::Replace | Action::Heal => remove(&self.file),
            Action::Move | Action::Remove => Ok(()),
        }
    }

    /// The files that a decision is about.
    fn paths(&self) -> [Option<&Path>; 3] {
        [Some(&self.file), Some(&self.target), self.earlier.as_deref()]
    }

    fn read(&self) -> [Seen; 3] {
        self.paths().map(|path| path.map_or_else(Seen::default, Seen::read))
    }

    fn check_unchanged(&self) -> Result<(), ReviewError> {
        for (path, seen) in self.paths().into_iter().zip([&self.seen, &self.seen_target, &self.seen_earlier]) {
            if let Some(path) = path.filter(|path| Seen::read(path) != *seen) {
                return Err(ReviewError::Changed { path: path.to_owned() });
            }
        }
        Ok(())
    }

    /// Notes that a decision was carried out, so that it can be taken back.
    pub(super) fn note_done(&mut self) {
        self.left = Some(self.read());
    }

    /// Takes back what was done: the files are again as they were read.
    ///
    /// # Errors
    ///
    /// When one of them is another since, or cannot be written.
    pub(super) fn undo(&mut self) -> Result<(), ReviewError> {
        let Some(left) = self.left.take() else { return Ok(()) };
        let before = [&self.seen, &self.seen_target, &self.seen_earlier];
        let mut done = HashSet::new();
        for ((path, left), before) in self.paths().into_iter().zip(&left).zip(before) {
            // A file that was moved or removed is the one that was decided on, too.
            let Some(path) = path.filter(|path| left != before && done.insert(*path)) else { continue };
            let stands = |why| Err(ReviewError::Done { path: path.to_owned(), why });
            if Seen::read(path) != *left {
                return stands("the file has changed since");
            }
            let was_read = before.problem.is_none() && before.bytes.len() as u64 == before.size;
            match std::str::from_utf8(&before.bytes) {
                Ok(text) if was_read && before.is_there() => {
                    file::write(path, text).map_err(|cause| ReviewError::File { path: path.to_owned(), cause })?;
                }
                Ok(_) if was_read => remove(path)?,
                _ => return stands("the file was not read whole"),
            }
        }
        // They were written just now.
        let [file, target, earlier] = self.read();
        (self.seen, self.seen_target, self.seen_earlier) = (file, target, earlier);
        Ok(())
    }
}

fn remove(path: &Path) -> Result<(), ReviewError> {
    std::fs::remove_file(path).map_err(|cause| ReviewError::File { path: path.to_owned(), cause })
}

/// A form in which a live service drifts.
pub(super) struct Drifted {
    /// The id of its contract.
    pub(super) id: String,
    /// What wrote it.
    pub(super) origin: Origin,
    /// The file that holds it.
    pub(super) file: PathBuf,
    /// The form, or why a page could not document what it is.
    pub(super) form: Result<NormalForm, String>,
}

/// The forms in which live services drift: the pending ones, and the accepted ones for which none is pending, by path.
///
/// # Errors
///
/// When a folder or a file cannot be read.
pub(super) fn drifts(snapshots: &SnapshotFolders) -> Result<Vec<Drifted>, ReviewError> {
    let read = snapshots.drift_files()?.into_iter().filter_map(|(target, file)| {
        let (id, origin) = origin(&snapshots.accepted, &target);
        let form = match Seen::read(&file).snapshot() {
            // The page documents what the service answers.
            Ok((own, _)) if own.is_healed() => return None,
            Ok((_, RouteForms::Same(form))) => Ok(form),
            Ok((_, RouteForms::Differing(_))) => {
                Err("the routes are answered in different ways, and the example is one for all of them".to_owned())
            }
            Err(why) => Err(why),
        };
        Some(Drifted { id, origin, file, form })
    });
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "GET /a\n\nHTTP 204\n";

    /// A folder with the accepted and the pending file of a contract.
    fn folder(accepted: Option<&str>, pending: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("v1.0")).expect("a folder");
        if let Some(text) = accepted {
            std::fs::write(folder.path().join("v1.0/a.snap"), text).expect("written");
        }
        std::fs::write(folder.path().join("v1.0/a.snap.new"), pending).expect("written");
        folder
    }

    fn find(folder: &tempfile::TempDir) -> Pending {
        let mut found = Pending::find(&SnapshotFolders::same(folder.path())).expect("readable");
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    fn text(form: &str) -> String {
        format!("---\nsource: tests/contracts.rs\nassertion_line: 43\ndescription: \"It's: \\\"a\\\"\"\n---\n{form}")
    }

    #[test]
    fn accepting_writes_what_insta_writes() {
        let folder = folder(None, &text(FORM));
        let expected = folder.path().join("expected.txt");
        let pending = find(&folder);
        // What `cargo insta accept` (1.49) does with the file.
        insta::Snapshot::from_file(&pending.file).expect("a snapshot").save(&expected).expect("saved");
        pending.accept().expect("accepted");
        assert!(!pending.file.exists());
        let read = |path: &Path| std::fs::read_to_string(path).expect("readable");
        assert_eq!(read(&pending.target), read(&expected));
        assert_eq!(read(&pending.target), text(FORM).replace("assertion_line: 43\n", ""));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let folder = folder(None, &format!("\u{feff}{}", text(FORM)));
        let pending = find(&folder);
        pending.accept().expect("accepted");
        let accepted = std::fs::read_to_string(&pending.target).expect("readable");
        assert_eq!(accepted, text(FORM).replace("assertion_line: 43\n", ""));
    }

    #[test]
    fn rejecting_leaves_what_was_accepted() {
        let folder = folder(Some("old"), &text(FORM));
        let pending = find(&folder);
        pending.reject().expect("rejected");
        assert!(!pending.file.exists());
        assert_eq!(std::fs::read_to_string(&pending.target).expect("readable"), "old");
    }

    #[test]
    fn what_changed_since_it_was_shown_is_left_alone() {
        let check = |change: &dyn Fn(&Pending)| {
            let folder = folder(Some(&text(FORM)), &text(FORM));
            let pending = find(&folder);
            change(&pending);
            for done in [pending.accept(), pending.reject()] {
                assert!(matches!(done, Err(ReviewError::Changed { .. })), "{done:?}");
            }
        };
        check(&|pending| std::fs::write(&pending.file, text("GET /b\n\nHTTP 204\n")).expect("written"));
        check(&|pending| std::fs::remove_file(&pending.file).expect("removed"));
        check(&|pending| std::fs::write(&pending.target, "other").expect("written"));
    }

    #[test]
    fn what_is_no_snapshot_can_be_rejected_only() {
        let check = |content: &[u8], why: &str| {
            let folder = folder(None, "");
            std::fs::write(folder.path().join("v1.0/a.snap.new"), content).expect("written");
            let pending = find(&folder);
            let error = pending.accept().expect_err("no snapshot").to_string();
            assert!(error.contains(why), "{why:?} should be in {error:?}");
            assert!(pending.file.exists() && !pending.target.exists());
            pending.reject().expect("rejected");
        };
        check(b"", "begin with `---`");
        check(b"---\nsource: a\n---\nx\n", "line 4: not a normal form");
        check(b"---\nsource: a\n---\n\xff\n", "line 4 is not UTF-8");
        let folder = folder(None, "");
        let file = std::fs::File::create(folder.path().join("v1.0/a.snap.new")).expect("a file");
        file.set_len(u64::MAX / 4).or_else(|_| file.set_len(MOST_BYTES + 1)).expect("a hole");
        let error = find(&folder).accept().expect_err("too large").to_string();
        assert!(error.contains("MB"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_read_can_only_be_rejected() {
        // No system has such a path.
        let file = PathBuf::from("a\0b.snap.new");
        let pending = Pending::new("a".to_owned(), Origin::Stub, file.clone(), file, Action::Replace);
        assert!(pending.unreadable().is_some_and(|why| why.contains("cannot be read")));
        let error = pending.accept().expect_err("unreadable").to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }

    #[test]
    fn what_is_not_in_use_is_moved_or_removed_when_that_is_accepted_and_stays_when_it_is_not() {
        let healed = text(FORM).replace("---\nGET", "info:\n  outcome: healed\n---\nGET");
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        let folders = SnapshotFolders::same(folder.path());
        write("v1.0/gone.snap", &text(FORM));
        write("live/a/v1.0/lamp.snap", &healed);
        write("live/b/v1.0/lamp.snap", &text(FORM));
        write("live/b/v1.0/lamp.snap.new", &healed);
        let mut pending = Pending::find(&folders).expect("readable");
        let found = Pending::leftovers(&folders, &pending, |id| id == "v1.0/lamp").expect("readable");
        let Leftovers { without_contract, healed, has_other_contracts } = found;
        assert!(!has_other_contracts, "those of v1.0/lamp belong to a contract");
        assert_eq!((pending.len(), without_contract.len(), healed.len()), (1, 1, 1));
        let (pending, healed, gone) = (pending.remove(0), &healed[0], without_contract[0].clone());
        assert_eq!((pending.action, healed.action), (Action::Heal, Action::Remove));
        gone.reject().expect("left");
        assert!(gone.file.exists());
        pending.accept().expect("accepted");
        assert!(!pending.file.exists() && !pending.target.exists());
        healed.accept().expect("accepted");
        assert!(!healed.file.exists());
        let moved = gone.moved(folder.path().join("v1.0/new/lamp.snap"));
        moved.accept().expect("accepted");
        assert!(!moved.file.exists() && moved.target.exists());
        assert!(matches!(moved.accept(), Err(ReviewError::Changed { .. })), "it was done");
    }

    /// The names and contents of the files in a folder, by name.
    fn contents(folder: &tempfile::TempDir) -> Vec<(String, String)> {
        let files = std::fs::read_dir(folder.path().join("v1.0")).expect("readable").flatten();
        let read = |path: &Path| std::fs::read_to_string(path).expect("readable");
        let name = |own: &std::fs::DirEntry| own.file_name().to_string_lossy().into_owned();
        let mut found: Vec<(String, String)> = files.map(|own| (name(&own), read(&own.path()))).collect();
        found.sort();
        found
    }

    #[test]
    fn what_was_done_can_be_taken_back_unless_somebody_has_changed_it_since() {
        for accepted in [None, Some(text("GET /a\n\nHTTP 200\n"))] {
            let folder = folder(accepted.as_deref(), &text(FORM));
            let before = contents(&folder);
            let mut pending = find(&folder);
            for do_it in [Pending::accept, Pending::reject, Pending::accept] {
                do_it(&pending).expect("done");
                pending.note_done();
                assert_ne!(contents(&folder), before);
                pending.undo().expect("taken back");
                assert_eq!(contents(&folder), before);
                pending.undo().expect("there is nothing left to take back");
            }
            pending.accept().expect("done");
            pending.note_done();
            std::fs::write(&pending.target, "changed").expect("written");
            let error = pending.undo().expect_err("changed").to_string();
            assert!(error.contains("the file has changed since"), "{error}");
        }
    }

    #[test]
    fn what_was_removed_comes_back() {
        let folder = folder(Some(&text(FORM)), &text(FORM));
        let target = find(&folder).target;
        let mut pending = Pending { action: Action::Remove, file: target.clone(), ..find(&folder) };
        pending.seen = Seen::read(&target);
        let before = contents(&folder);
        pending.accept().expect("removed");
        pending.note_done();
        assert!(!target.exists());
        pending.undo().expect("taken back");
        assert_eq!(contents(&folder), before);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = folder(None, &text(FORM));
        let outside = tempfile::tempdir().expect("a folder");
        let victim = outside.path().join("victim.snap");
        std::fs::write(&victim, "kept").expect("written");
        std::fs::write(outside.path().join("b.snap.new"), text(FORM)).expect("written");
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, folder.path().join(name)).expect("linked");
        };
        link(folder.path(), "v1.0/loop");
        link(outside.path(), "v1.0/elsewhere");
        link(&outside.path().join("b.snap.new"), "v1.0/b.snap.new");
        link(&victim, "v1.0/a.snap");
        let error = find(&folder).accept().expect_err("a link").to_string();
        assert!(error.contains("a.snap is a link to "), "{error}");
        std::fs::remove_file(folder.path().join("v1.0/a.snap")).expect("removed");
        find(&folder).accept().expect("accepted");
        assert_eq!(std::fs::read_to_string(&victim).expect("readable"), "kept");
        assert!(outside.path().join("b.snap.new").exists());
    }
}
