//! Pending snapshots, and accepting and rejecting them as insta does.

use std::fmt;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use graph_contracts::file;
use graph_contracts::normal::NormalForm;
use graph_contracts::snapshot::{InstaFile, Origin, content_line, drift_files, origin, pending_files};
use graph_contracts::source::LineIndex;
use graph_contracts::store::FolderError;
use graph_contracts::store::NothingSelected;

/// The largest file that is read as a snapshot, in bytes. A response may not be larger either.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Why pending snapshots cannot be reviewed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// A file or folder cannot be read, written or removed.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// The folder of the snapshots cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file is another than was shown.
    #[error("{}: has changed since it was shown; nothing was done with it, look at it again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A pending snapshot cannot be accepted.
    #[error("{}: cannot be accepted: {why}; reject it, and run what wrote it again", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// No contract is what was asked for.
    #[error(transparent)]
    NoContract(#[from] NothingSelected),
    /// No pending snapshot is what was asked for.
    #[error(transparent)]
    NothingSelected(NothingPending),
}

/// No pending snapshot is what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NothingPending {
    /// What was asked for.
    pub filters: Vec<String>,
    /// What is pending.
    pub pending: Vec<PathBuf>,
}

/// So many files are listed.
const MOST_LISTED: usize = 20;

impl fmt::Display for NothingPending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing that is pending is called {}; ", self.filters.join(" or "))?;
        match self.pending.as_slice() {
            [] => f.write_str("nothing is pending"),
            pending => {
                f.write_str("name a contract, a profile or one of these files:")?;
                pending.iter().take(MOST_LISTED).try_for_each(|file| write!(f, "\n  {}", file.display()))?;
                match pending.len().saturating_sub(MOST_LISTED) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
        }
    }
}

/// A snapshot file.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The id of its contract, by its place.
    pub id: String,
    /// What wrote it.
    pub origin: Origin,
    /// The pending file.
    pub file: PathBuf,
    /// The file that it becomes when it is accepted.
    pub target: PathBuf,
    /// What was in the two files when they were read.
    seen: Seen,
    seen_target: Seen,
}

/// A file as it was at some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    size: u64,
    modified: Option<SystemTime>,
    /// The content; nothing of what is too large, and of what is not there.
    bytes: Vec<u8>,
}

impl Seen {
    fn read(path: &Path) -> Result<Seen, ReviewError> {
        let failed = |cause| ReviewError::File { path: path.to_owned(), cause };
        let metadata = match std::fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Seen::default()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut seen = Seen { size: metadata.len(), modified: metadata.modified().ok(), bytes: Vec::new() };
        // A link, or what is not a file, has nothing that could be reviewed.
        if metadata.is_file() && metadata.len() <= MOST_BYTES {
            let file = std::fs::File::open(path).map_err(failed)?;
            file.take(MOST_BYTES).read_to_end(&mut seen.bytes).map_err(failed)?;
        }
        Ok(seen)
    }

    fn is_there(&self) -> bool {
        self.modified.is_some() || self.size > 0
    }

    /// The file as a snapshot of a normal form; `Err` says why it is not one.
    fn snapshot(&self) -> Result<(InstaFile, NormalForm), String> {
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
        match NormalForm::parse(&file.content) {
            Ok(form) => Ok((file, form)),
            Err(error) => {
                let line = content_line(text) + error.line - 1;
                Err(format!("line {line}: not a normal form: {}", error.message))
            }
        }
    }
}

impl Pending {
    /// The pending snapshots below the snapshots folder, by their paths. Links are not followed. A folder that does not exist has
    /// none.
    ///
    /// # Errors
    ///
    /// When a folder or a file cannot be read.
    pub fn find(snapshots: &Path) -> Result<Vec<Pending>, ReviewError> {
        pending_files(snapshots)?.into_iter().map(|file| Pending::read(snapshots, file)).collect()
    }

    fn read(snapshots: &Path, file: PathBuf) -> Result<Pending, ReviewError> {
        let target = file.with_extension("");
        let (id, origin) = origin(snapshots, &target);
        let (seen, seen_target) = (Seen::read(&file)?, Seen::read(&target)?);
        Ok(Pending { id, origin, file, target, seen, seen_target })
    }

    /// What the pending file holds; `Err` says why it is no snapshot.
    pub(super) fn new_form(&self) -> Result<(InstaFile, NormalForm), String> {
        self.seen.snapshot()
    }

    /// What the accepted file holds, if there is one.
    pub(super) fn old_form(&self) -> Option<Result<NormalForm, String>> {
        self.seen_target.is_there().then(|| self.seen_target.snapshot().map(|(_, form)| form))
    }

    /// Does what `cargo insta accept` does with the file: it takes the place of the accepted one, without what insta keeps in
    /// pending files alone.
    ///
    /// # Errors
    ///
    /// When one of the files is another than was read, or cannot be written; the pending one is kept then.
    pub fn accept(&self) -> Result<(), ReviewError> {
        self.check_unchanged()?;
        let unusable = |why: String| ReviewError::Unusable { path: self.file.clone(), why };
        self.new_form().map_err(unusable)?;
        let bytes = file::without_mark(&self.seen.bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| unusable(error.to_string()))?;
        let accepted = InstaFile::accepted(text).map_err(unusable)?;
        file::write(&self.target, &accepted).map_err(|cause| ReviewError::File { path: self.target.clone(), cause })?;
        self.remove()
    }

    /// Does what `cargo insta reject` does: the pending file is removed.
    ///
    /// # Errors
    ///
    /// When it is another than was read, or cannot be removed.
    pub fn reject(&self) -> Result<(), ReviewError> {
        self.check_unchanged()?;
        self.remove()
    }

    fn remove(&self) -> Result<(), ReviewError> {
        std::fs::remove_file(&self.file).map_err(|cause| ReviewError::File { path: self.file.clone(), cause })
    }

    fn check_unchanged(&self) -> Result<(), ReviewError> {
        for (path, seen) in [(&self.file, &self.seen), (&self.target, &self.seen_target)] {
            if Seen::read(path)? != *seen {
                return Err(ReviewError::Changed { path: path.clone() });
            }
        }
        Ok(())
    }
}

/// A form in which a live service drifts.
pub(super) struct Drifted {
    /// The id of its contract.
    pub(super) id: String,
    /// What wrote it.
    pub(super) origin: Origin,
    /// The file that holds it.
    pub(super) file: PathBuf,
    /// The form; `Err` says why it is missing.
    pub(super) form: Result<NormalForm, String>,
}

/// The forms in which live services drift: the pending ones, and the accepted ones for which none is pending, by path.
///
/// # Errors
///
/// When a folder or a file cannot be read.
pub(super) fn drifts(snapshots: &Path) -> Result<Vec<Drifted>, ReviewError> {
    let read = drift_files(snapshots)?.into_iter().map(|(target, file)| {
        let (id, origin) = origin(snapshots, &target);
        let form = Seen::read(&file)?.snapshot().map(|(_, form)| form);
        Ok(Drifted { id, origin, file, form })
    });
    read.collect()
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
        let mut found = Pending::find(folder.path()).expect("readable");
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
