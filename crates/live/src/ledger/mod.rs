//! The ledger of a run: what it was about to write and what it created, on disk before it matters.
//!
//! It is a file of JSON lines in a folder of the user's, one for each tenant of a provider. Each line is appended by one write and synced,
//! so that after a crash the next run knows what is left. It holds identifiers and statuses only: no bodies, no header fields, no query;
//! of others' keys there are digests.
//!
//! - [`Destination`], [`Intent`], [`Creation`]: what the lines say (`entry.rs`)
//! - [`Left`]: what they leave open (`open.rs`)
//! - [`LedgerError`]: why a ledger cannot be used (`ledger_error.rs`)

mod entry;
mod ledger_error;
mod open;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub use entry::{Creation, Destination, Intent, IntentId};
use entry::{Entry, Head, VERSION};
pub use ledger_error::LedgerError;
use open::Open;
pub use open::{Left, LeftObject, Suspect};

use crate::known_keys::Salt;

/// The ledger of one tenant. Whoever has it open has it alone.
///
/// Its methods may be called by several tasks. Each of them waits for the disk, some milliseconds; a request to a live provider
/// takes longer.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    destination: Destination,
    salt: Salt,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Locked until it is closed.
    file: File,
    /// The length of the lines that are whole.
    len: u64,
    open: Open,
}

impl Ledger {
    /// Opens the ledger at that path for a run to that destination, and makes its folders if there are none. `identity` says as whom
    /// the run signs in, without any secret.
    ///
    /// What a crash left of the last line is cut off. The line was not synced, so what it announces has not happened; and if it
    /// told an answer, it is not known what its intent did.
    ///
    /// # Errors
    ///
    /// When another run has the ledger open, it cannot be read, it is about another destination, or a line was not written by a run.
    pub fn open(path: impl Into<PathBuf>, destination: Destination, identity: &str) -> Result<Ledger, LedgerError> {
        let path = path.into();
        let io = |what| {
            let path = path.clone();
            move |cause| LedgerError::Io { path, what, cause }
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(io("make its folder"))?;
        let mut file = locked(&path)?;
        // A new file survives a crash only if its folder is synced too; where folders cannot be opened, that is not needed.
        if let Ok(folder) = File::open(folder) {
            folder.sync_all().ok();
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("read it"))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (head, open) = read(&path, &bytes[..whole])?;
        if let Some(head) = &head
            && head.destination != destination
        {
            let left = open.left();
            let urls = left.created.iter().map(|object| &object.url);
            let urls = urls.chain(left.suspects.iter().map(|suspect| &suspect.url));
            let urls: Vec<&str> =
                urls.chain(left.unsettled.iter().map(|intent| &intent.url)).map(String::as_str).collect();
            let left = if urls.is_empty() { "nothing that is left".to_owned() } else { urls.join(", ") };
            let (there, here) = (head.destination.to_string(), destination.to_string());
            return Err(LedgerError::Elsewhere { path, there, here, left });
        }
        let len = whole as u64;
        if whole < bytes.len() {
            file.set_len(len).and_then(|()| file.sync_data()).map_err(io("cut off its last line, which is torn"))?;
        }
        let salt = head.as_ref().map(|head| head.salt.clone()).unwrap_or_default();
        let ledger = Ledger { path, destination, salt, state: Mutex::new(State { file, len, open }) };
        if head.is_none() {
            let (destination, salt) = (ledger.destination.clone(), ledger.salt.clone());
            let head = Head { ledger: VERSION, destination, identity: identity.to_owned(), salt };
            ledger.write(&mut ledger.state(), &head)?;
        }
        Ok(ledger)
    }

    /// Where the run writes.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// What the digests of others' keys are salted with.
    pub fn salt(&self) -> &Salt {
        &self.salt
    }

    /// Notes that a request is about to be sent that writes. It must not be sent before this returns. `creation` is there for one that
    /// creates an object.
    ///
    /// # Errors
    ///
    /// When it cannot be noted; then the request must not be sent.
    pub fn intent(
        &self,
        contract: &str,
        method: &str,
        url: &str,
        creation: Option<Creation>,
    ) -> Result<Intent, LedgerError> {
        self.note(contract, method, url, creation, None)
    }

    /// The same for a request that changes an object of the run's, and sends it this text with its marker.
    ///
    /// # Errors
    ///
    /// When it cannot be noted; then the request must not be sent.
    pub fn change(&self, contract: &str, method: &str, url: &str, text: Option<String>) -> Result<Intent, LedgerError> {
        self.note(contract, method, url, None, text)
    }

    fn note(
        &self,
        contract: &str,
        method: &str,
        url: &str,
        creation: Option<Creation>,
        text: Option<String>,
    ) -> Result<Intent, LedgerError> {
        let mut state = self.state();
        let intent = Intent {
            n: IntentId(state.open.next),
            contract: contract.to_owned(),
            method: method.to_ascii_uppercase(),
            url: self.destination.relative(url),
            time: Timestamp::now(),
            creation,
            text,
        };
        self.append(&mut state, Entry::Intent(intent.clone()))?;
        Ok(intent)
    }

    /// Notes that a request created the object at this path, as is proven, and when the object says that it was created.
    ///
    /// # Errors
    ///
    /// When it cannot be noted; then delete it now.
    pub fn created(&self, n: IntentId, url: &str, stamp: Option<String>) -> Result<(), LedgerError> {
        let entry = Entry::Created { n, url: self.destination.relative(url), time: Timestamp::now(), stamp };
        self.append(&mut self.state(), entry)
    }

    /// Notes that the service has put the object at this path into what a request created.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn content(&self, n: IntentId, url: &str) -> Result<(), LedgerError> {
        let url = self.destination.relative(url);
        self.append(&mut self.state(), Entry::Content { n, url })
    }

    /// Notes that a request may have created the object at this path, and why it is not certain. A person has to decide. `named` says that an
    /// answer names it as what the request created: then nothing that the object says of itself makes it somebody else's.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn suspect(&self, n: IntentId, url: &str, why: &str, named: bool) -> Result<(), LedgerError> {
        let entry = Entry::Suspect { n, url: self.destination.relative(url), why: why.to_owned(), named };
        self.append(&mut self.state(), entry)
    }

    /// Notes that somebody else created the object at this path, as is proven.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn disowned(&self, n: IntentId, url: &str) -> Result<(), LedgerError> {
        let url = self.destination.relative(url);
        self.append(&mut self.state(), Entry::Disowned { n, url })
    }

    /// Notes that a request was answered with that status, and how often it was sent. For a creation that says little: what it made is to be seen in its collection.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn answered(&self, n: IntentId, status: u16, attempts: u32) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Answered { n, status, attempts })
    }

    /// Notes that a request has no answer, why, and whether it may have been processed. If so, it is left over.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn failed(&self, n: IntentId, ambiguous: bool, attempts: u32, why: &str) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Failed { n, ambiguous, attempts, why: why.to_owned() })
    }

    /// Notes that all that a creation made is known.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn settled(&self, n: IntentId) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Settled { n })
    }

    /// Notes that an object is no longer there, as was read.
    ///
    /// # Errors
    ///
    /// When it cannot be noted. It will be looked for a second time, which is harmless.
    pub fn gone(&self, url: &str) -> Result<(), LedgerError> {
        let url = self.destination.relative(url);
        self.append(&mut self.state(), Entry::Gone { url })
    }

    /// Notes that a person has looked after what a request did or may have created: it no longer counts as left.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn acknowledge(&self, n: IntentId) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Acknowledged { n })
    }

    /// What is left now. All of it was written to the destination of this run.
    pub fn left(&self) -> Left {
        self.state().open.left()
    }

    /// Ends the run. Gives what is left; if that is nothing, the file is removed.
    ///
    /// # Errors
    ///
    /// When the file cannot be removed.
    pub fn close(self) -> Result<Left, LedgerError> {
        let Ledger { path, state, .. } = self;
        let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let left = state.open.left();
        if left.is_empty() {
            // While it is locked: whoever opens it meanwhile sees that it is not the one at this path any more.
            std::fs::remove_file(&path).map_err(|cause| LedgerError::Io { path, what: "remove it", cause })?;
        }
        Ok(left)
    }

    fn append(&self, state: &mut State, entry: Entry) -> Result<(), LedgerError> {
        let refused = |why| LedgerError::Refused { path: self.path.clone(), why };
        // A run writes no entry that another could not read.
        state.open.check(&entry).map_err(refused)?;
        self.write(state, &entry)?;
        state.open.add(entry).map_err(refused)
    }

    fn write(&self, state: &mut State, line: &impl serde::Serialize) -> Result<(), LedgerError> {
        let io = |what| move |cause| LedgerError::Io { path: self.path.clone(), what, cause };
        let mut line = serde_json::to_vec(line).map_err(|error| io("write an entry")(error.into()))?;
        line.push(b'\n');
        if let Err(cause) = state.file.write_all(&line).and_then(|()| state.file.sync_data()) {
            // Half a line would spoil the next one. If this fails too, the next run cuts it off or names the line.
            state.file.set_len(state.len).ok();
            return Err(io("write an entry")(cause));
        }
        state.len += line.len() as u64;
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The head and the open entries of a ledger's whole lines.
fn read(path: &Path, whole: &[u8]) -> Result<(Option<Head>, Open), LedgerError> {
    let mut lines = whole.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let mut open = Open::default();
    let Some((_, first)) = lines.next() else { return Ok((None, open)) };
    let head: Option<Head> = serde_json::from_slice(first).ok();
    let Some(head) = head.filter(|head| head.ledger == VERSION) else {
        return Err(LedgerError::Version { path: path.to_owned(), version: VERSION });
    };
    for (index, line) in lines {
        let line_error = |why: String| LedgerError::Line { path: path.to_owned(), line: index + 1, why };
        let entry = serde_json::from_slice(line).map_err(|error| line_error(error.to_string()))?;
        open.add(entry).map_err(line_error)?;
    }
    Ok((Some(head), open))
}

/// The file at a path, created if it is missing, and locked. Links are not followed.
fn locked(path: &Path) -> Result<File, LedgerError> {
    let io = |what| move |cause| LedgerError::Io { path: path.to_owned(), what, cause };
    loop {
        if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(LedgerError::NotAFile { path: path.to_owned() });
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Even if it has become a link meanwhile. It names objects and people: it is for the user alone.
            options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()).mode(0o600);
        }
        let file = options.open(path).map_err(io("open it"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(cause)) => return Err(io("lock it")(cause)),
        }
        // Its run may have removed it before this one had its lock.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether a file is the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(own), Ok(there)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    (own.dev(), own.ino()) == (there.dev(), there.ino())
}

/// Whether a file is the one at a path: elsewhere than on Unix, a file that is open cannot be replaced.
#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;
    use tempfile::TempDir;

    use super::*;
    use crate::known_keys::{Known, KnownKeys};

    const BASE: &str = "https://h:8443";
    const THEN: &str = "2026-11-24T12:00:00Z";
    const HEAD: &str = r#"{"ledger":1,"base":"https://h:8443","tenant":"t","identity":"me","salt":"salt"}"#;

    fn destination(base: &str, tenant: &str) -> Destination {
        Destination::new(&Url::parse(base).expect("a URL"), tenant)
    }

    fn folder() -> TempDir {
        TempDir::new().expect("a folder")
    }

    fn path(folder: &TempDir) -> PathBuf {
        folder.path().join("a/b/ledger.jsonl")
    }

    fn try_open(folder: &TempDir) -> Result<Ledger, LedgerError> {
        Ledger::open(path(folder), destination(BASE, "T"), "me")
    }

    #[track_caller]
    fn open(folder: &TempDir) -> Ledger {
        try_open(folder).expect("a ledger")
    }

    fn text(folder: &TempDir) -> String {
        std::fs::read_to_string(path(folder)).expect("a file")
    }

    fn change(ledger: &Ledger, url: &str) -> IntentId {
        ledger.intent("c", "PATCH", url, None).expect("noted").n
    }

    fn post(ledger: &Ledger, url: &str) -> IntentId {
        let before = KnownKeys::new(ledger.salt(), ["ada@contoso.com"]);
        let creation = Creation { marked: None, time: THEN.parse().expect("a time"), before };
        ledger.intent("c", "POST", url, Some(creation)).expect("noted").n
    }

    /// Creates an object of which all is known.
    fn create(ledger: &Ledger, url: &str) {
        let n = post(ledger, url.rsplit_once('/').expect("a key").0);
        ledger.created(n, url, None).expect("noted");
        ledger.settled(n).expect("noted");
    }

    #[track_caller]
    fn check_left(ledger: &Ledger, created: &[&str], unsettled: &[u64]) {
        let left = ledger.left();
        let urls: Vec<&str> = left.created.iter().map(|object| object.url.as_str()).collect();
        let numbers: Vec<u64> = left.unsettled.iter().map(|intent| intent.n.0).collect();
        assert_eq!((urls.as_slice(), numbers.as_slice()), (created, unsettled));
    }

    #[test]
    fn what_is_created_is_left_until_it_is_gone() {
        let folder = folder();
        let ledger = open(&folder);
        for url in ["/v1.0/users/1", "/v1.0/users/2", "/v1.0/users/3"] {
            create(&ledger, url);
        }
        check_left(&ledger, &["/v1.0/users/3", "/v1.0/users/2", "/v1.0/users/1"], &[]);
        ledger.gone("/v1.0/users/2").expect("noted");
        ledger.gone("https://h:8443/v1.0/users/3").expect("noted");
        ledger.gone("/v1.0/users/2").expect("it is harmless twice");
        check_left(&ledger, &["/v1.0/users/1"], &[]);
        create(&ledger, "/v1.0/users/2");
        check_left(&ledger, &["/v1.0/users/2", "/v1.0/users/1"], &[]);
    }

    #[test]
    fn children_are_left_before_their_parents_however_old_they_are() {
        let folder = folder();
        let ledger = open(&folder);
        for url in ["/v1.0/g/1/c/2/m/3", "/v1.0/g/10", "/v1.0/g/1/c/2", "/v1.0/g/1", "/v1.0/g/1/d/4"] {
            create(&ledger, url);
        }
        let expected = ["/v1.0/g/1/d/4", "/v1.0/g/1/c/2/m/3", "/v1.0/g/1/c/2", "/v1.0/g/1", "/v1.0/g/10"];
        check_left(&ledger, &expected, &[]);
    }

    #[test]
    fn a_change_is_open_until_its_answer_is_known() {
        let folder = folder();
        let ledger = open(&folder);
        let [_, answered, failed, ambiguous] = [(); 4].map(|()| change(&ledger, "/v1.0/users/1"));
        ledger.answered(answered, 204, 1).expect("noted");
        ledger.failed(failed, false, 1, "no connection").expect("noted");
        ledger.failed(ambiguous, true, 1, "reset").expect("noted");
        check_left(&ledger, &[], &[3, 0]);
        ledger.acknowledge(ambiguous).expect("noted");
        check_left(&ledger, &[], &[0]);
    }

    #[test]
    fn a_creation_is_open_until_its_collection_was_seen_whatever_it_was_answered() {
        let folder = folder();
        let ledger = open(&folder);
        let [refused, proven, unsent] = [(); 3].map(|()| post(&ledger, "/v1.0/users"));
        ledger.answered(refused, 409, 1).expect("noted");
        ledger.created(proven, "/v1.0/users/1", None).expect("noted");
        ledger.answered(proven, 201, 1).expect("noted");
        ledger.failed(unsent, false, 1, "no connection").expect("noted");
        check_left(&ledger, &["/v1.0/users/1"], &[1, 0]);
        ledger.settled(proven).expect("noted");
        ledger.settled(refused).expect("noted");
        check_left(&ledger, &["/v1.0/users/1"], &[]);
    }

    #[test]
    fn what_may_be_the_runs_is_named_until_it_is_known_whose_it_is() {
        let folder = folder();
        let ledger = open(&folder);
        let [gone, disowned, created, acknowledged, open] = [(); 5].map(|()| post(&ledger, "/v1.0/users"));
        for (n, url) in [(gone, "1"), (disowned, "2"), (created, "3"), (acknowledged, "4"), (open, "5")] {
            ledger.suspect(n, &format!("/v1.0/users/{url}"), "why", false).expect("noted");
        }
        ledger.gone("/v1.0/users/1").expect("noted");
        ledger.disowned(disowned, "/v1.0/users/2").expect("noted");
        ledger.created(created, "/v1.0/users/3", Some(THEN.to_owned())).expect("noted");
        ledger.acknowledge(acknowledged).expect("noted");
        let left = ledger.left();
        assert_eq!(left.suspects.iter().map(|suspect| suspect.url.as_str()).collect::<Vec<_>>(), ["/v1.0/users/5"]);
        assert_eq!(left.created[0].stamp.as_deref(), Some(THEN));
    }

    #[test]
    fn a_ledger_survives_a_crash_and_goes_on() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        post(&ledger, "/v1.0/users");
        let salt = ledger.salt().clone();
        drop(ledger);
        let ledger = open(&folder);
        check_left(&ledger, &["/v1.0/users/1"], &[1]);
        let before = &ledger.left().unsettled[0].creation.as_ref().expect("a creation").before.clone();
        assert!(*ledger.salt() == salt && before.has(&salt, "ADA@contoso.com") == Known::InAnotherCase);
        assert_eq!(post(&ledger, "/v1.0/users"), IntentId(2));
        check_left(&ledger, &["/v1.0/users/1"], &[2, 1]);
    }

    /// The file is cut off at many of its bytes: each costs some syncs.
    #[test]
    fn a_torn_last_line_is_cut_off_wherever_it_is_torn() {
        let folder = folder();
        let ledger = open(&folder);
        let n = post(&ledger, "/v1.0/users");
        ledger.created(n, "/v1.0/users/1", None).expect("noted");
        drop(ledger);
        let whole = text(&folder);
        let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at + 1).collect();
        let intent = ends[1];
        for end in (0..whole.len()).step_by(7).chain([intent - 1, intent, intent + 1, whole.len() - 1]) {
            std::fs::write(path(&folder), &whole[..end]).expect("written");
            let ledger = open(&folder);
            check_left(&ledger, &[], if end < intent { &[] } else { &[0] });
            let number = u64::from(end >= intent);
            assert_eq!(post(&ledger, "/v1.0/users"), IntentId(number));
            drop(ledger);
            check_left(&open(&folder), &[], if end < intent { &[0] } else { &[1, 0] });
        }
        std::fs::write(path(&folder), [whole.as_bytes(), &[0; 100], b"\xff"].concat()).expect("written");
        check_left(&open(&folder), &["/v1.0/users/1"], &[0]);
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let folder = folder();
        drop(open(&folder));
        std::fs::write(path(&folder), text).expect("written");
        let error = try_open(&folder).expect_err("an error").to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(self::text(&folder), text, "nothing is lost");
    }

    #[test]
    fn a_line_that_no_run_has_written_is_named() {
        let intent = |n: u64, rest: &str| {
            let time = r#""time":"2026-11-24T12:00:00Z""#;
            format!(r#"{{"entry":"intent","n":{n},"contract":"c","method":"POST","url":"/v1.0/users",{time}{rest}}}"#)
        };
        let creation = r#","creation":{"time":"2026-11-24T12:00:00Z","before":{"exact":[],"lower":[]}}"#;
        let created = |url: &str| format!(r#"{{"entry":"created","n":0,"url":"{url}","time":"2026-11-24T12:00:00Z"}}"#);
        check_refused(&format!("{HEAD}\noops\n"), "ledger.jsonl:2: not an entry of a run: ");
        check_refused(
            &format!("{HEAD}\n{}\n", created("/v1.0/users/1")),
            "the request that it is about is not in the ledger",
        );
        let own = intent(0, creation);
        for url in [
            "/v1.0/groups/1",
            "/v1.0/users",
            "/v1.0/users/",
            "/v1.0/users/1/2",
            "/v1.0/users/..",
            "https://h/v1.0/users/1",
        ] {
            check_refused(&format!("{HEAD}\n{own}\n{}\n", created(url)), "is nothing that POST /v1.0/users can create");
        }
        // A request that creates nothing.
        check_refused(&format!("{HEAD}\n{}\n{}\n", intent(0, ""), created("/v1.0/users/1")), "is nothing that POST");
        let stamped = created("/v1.0/users/1").replace('}', r#","stamp":"2020-01-01T00:00:00Z"}"#);
        check_refused(&format!("{HEAD}\n{own}\n{stamped}\n"), "is not what a request at 2026-11-24T12:00:00Z created");
        for marker in ["", "gc", "Desk", "gc0123456789ab0000"] {
            let marked = format!(
                r#","creation":{{"marked":{{"marker":"{marker}","member":"name","text":"x"}},"time":"2026-11-24T12:00:00Z","before":{{"exact":[],"lower":[]}}}}"#
            );
            check_refused(&format!("{HEAD}\n{}\n", intent(0, &marked)), "is not a marker");
        }
        check_refused(&format!("{HEAD}\n{own}\n{own}\n"), "an earlier request of the same number");
        check_refused(&format!("{}\n", HEAD.replace(":1,", ":2,")), "does not begin as a ledger of version 1");
        check_refused(&format!("{own}\n"), "does not begin as a ledger of version 1");
    }

    #[test]
    fn two_runs_cannot_have_it() {
        let folder = folder();
        let ledger = open(&folder);
        let error = try_open(&folder).expect_err("an error");
        assert!(matches!(error, LedgerError::InUse { .. }), "{error}");
        drop(ledger);
        open(&folder);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_a_device_is_not_written_to() {
        let folder = folder();
        let own = folder.path().join("own.txt");
        std::fs::write(&own, "precious").expect("written");
        std::fs::create_dir_all(path(&folder).parent().expect("a folder")).expect("made");
        for target in [own.as_path(), Path::new("/dev/null")] {
            std::os::unix::fs::symlink(target, path(&folder)).expect("linked");
            let error = try_open(&folder).expect_err("an error");
            assert!(matches!(error, LedgerError::NotAFile { .. }), "{error}");
            std::fs::remove_file(path(&folder)).expect("removed");
        }
        assert_eq!(std::fs::read_to_string(&own).expect("read"), "precious");
    }

    #[test]
    fn what_was_written_elsewhere_is_shown_and_not_touched() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        drop(ledger);
        let before = text(&folder);
        for (base, tenant) in [(BASE, "other"), ("https://h", "T"), ("http://h:8443", "T")] {
            let error = Ledger::open(path(&folder), destination(base, tenant), "me").expect_err("an error").to_string();
            assert!(error.contains("is about the tenant t at https://h:8443, and this run goes to"), "{error}");
            assert!(error.ends_with("it has /v1.0/users/1"), "{error}");
        }
        assert_eq!(text(&folder), before);
        let ledger = Ledger::open(path(&folder), destination("https://H:8443/", "t"), "me").expect("the same");
        ledger.gone("/v1.0/users/1").expect("noted");
        let names = [(BASE, "T"), (BASE, "other"), ("https://h", "T")]
            .map(|(base, tenant)| destination(base, tenant).file_name());
        assert!(names[0] != names[1] && names[0] != names[2] && names[1] != names[2], "{names:?}");
    }

    #[test]
    fn it_is_removed_only_when_nothing_is_left() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        let before = text(&folder);
        assert_eq!(ledger.close().expect("closed").created.len(), 1);
        assert_eq!(text(&folder), before);
        let ledger = open(&folder);
        ledger.gone("/v1.0/users/1").expect("noted");
        assert!(ledger.close().expect("closed").is_empty());
        assert!(!path(&folder).exists());
        check_left(&open(&folder), &[], &[]);
    }

    #[test]
    fn lines_hold_identifiers_only_and_none_of_others() {
        let folder = folder();
        let ledger = open(&folder);
        let n = post(&ledger, "/v1.0/users/adele/messages?$search=secret");
        ledger.created(n, "https://h:8443/v1.0/users/adele/messages/2?sig=secret", None).expect("noted");
        ledger.gone("/v1.0/users/adele/messages/2").expect("noted");
        let text = text(&folder);
        assert!(!text.contains("secret") && !text.contains("ada@contoso.com"), "{text}");
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| {
                let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
                // What is another one each time.
                for name in ["time", "salt"] {
                    line.as_object_mut().expect("an object").remove(name);
                }
                line
            })
            .collect();
        let expected = serde_json::json!([
            { "ledger": 1, "base": "https://h:8443", "tenant": "t", "identity": "me" },
            {
                "entry": "intent", "n": 0, "contract": "c", "method": "POST", "url": "/v1.0/users/adele/messages",
                "creation": { "time": THEN, "before": lines[1]["creation"]["before"] }
            },
            { "entry": "created", "n": 0, "url": "/v1.0/users/adele/messages/2" },
            { "entry": "gone", "url": "/v1.0/users/adele/messages/2" },
        ]);
        assert_eq!(serde_json::Value::from(lines), expected);
    }

    #[test]
    fn a_request_whose_effect_is_not_known_says_what_may_exist_and_how_to_look_for_it() {
        let folder = folder();
        let ledger = open(&folder);
        for (method, words) in
            [("post", "what it creates may exist"), ("DELETE", "it may be deleted"), ("PATCH", "it may be changed")]
        {
            ledger.intent("user-post", method, "/v1.0/users", None).expect("noted");
            let advice = ledger.left().unsettled[0].advice(ledger.destination());
            let start = format!("{} /v1.0/users of user-post at 2", method.to_ascii_uppercase());
            assert!(advice.starts_with(&start), "{advice}");
            assert!(advice.contains(words) && advice.contains("GET https://h:8443/v1.0/users"), "{advice}");
        }
    }
}
