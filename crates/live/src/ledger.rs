//! The ledger of a run: what it was about to write and what it created, on disk before it matters.
//!
//! It is a file of JSON lines. Each line is appended by one write and synced, so that after a crash the next run knows what is
//! left. It holds identifiers and statuses only: no bodies, no header fields, no query.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// Where a run writes: an object is deleted only where it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// Scheme, host and port.
    base: String,
    /// The tenant.
    tenant: String,
}

impl Destination {
    /// The tenant of that identifier at that base URL.
    pub fn new(base: &Url, tenant: &str) -> Destination {
        Destination { base: base.origin().ascii_serialization(), tenant: tenant.to_ascii_lowercase() }
    }
}

/// A number for an intent, unique within its ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(u64);

/// A request that was about to be sent, and that writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Its number.
    pub n: IntentId,
    /// The contract.
    pub contract: String,
    /// The method.
    pub method: String,
    /// The path, without the query; segments that name a person (`@`) are left out.
    pub url: String,
    /// When it was about to be sent.
    pub time: Timestamp,
    /// Where.
    #[serde(flatten)]
    pub destination: Destination,
    /// For a request that creates: the keys that its collection had before. `None` if they are not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing: Option<Vec<String>>,
}

impl Intent {
    /// How long ago the request was sent; nothing if the clock was set back since then.
    pub fn age(&self) -> Duration {
        age(self.time)
    }

    /// What may be there because this request was sent and its answer is not known, and how to look for it.
    pub fn advice(&self) -> String {
        let Intent { contract, method, url, time, destination: Destination { base, tenant }, .. } = self;
        let look = match method.as_str() {
            "POST" => format!(
                "what it creates may exist: GET {base}{url} (or, for an action, the object it acts on), and delete what was \
                 created since then"
            ),
            "DELETE" => format!("it may be deleted: GET {base}{url}"),
            _ => format!("it may be changed, or created: GET {base}{url}, and undo what was changed since then"),
        };
        format!("{method} {url} of {contract} at {time:.0} in the tenant {tenant} has no answer; {look}")
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "lowercase")]
enum Entry {
    /// A request is about to be sent.
    Intent(Intent),
    /// It created this.
    Created { n: IntentId, url: String, time: Timestamp },
    /// It was answered, and created nothing.
    Answered { n: IntentId, status: u16 },
    /// There is no answer.
    Failed { n: IntentId, ambiguous: bool, why: String },
    /// What was created is deleted.
    Deleted { url: String },
    /// The created object is no longer there.
    Gone { url: String },
    /// Somebody knows about a request without an answer.
    Acknowledged { n: IntentId },
}

/// What a run created and did not delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftObject {
    /// Its URL: the path if it is at the run's base, or else the whole URL. It is the name for [`Ledger::deleted`].
    pub url: String,
    /// When it was created.
    pub created: Timestamp,
    /// The request that created it.
    pub intent: Intent,
}

impl LeftObject {
    /// How long ago it was created; nothing if the clock was set back since then.
    pub fn age(&self) -> Duration {
        age(self.created)
    }

    /// The path for a request that deletes it. `None` where the service put it on another host: that has to be done by hand.
    pub fn path(&self) -> Option<&str> {
        self.url.starts_with('/').then_some(self.url.as_str())
    }
}

fn age(time: Timestamp) -> Duration {
    Duration::try_from(Timestamp::now().duration_since(time)).unwrap_or_default()
}

/// What is left of a run, or of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// What was created, the newest first, but what is within another object before that object.
    pub created: Vec<LeftObject>,
    /// Requests that may have written something, the newest first. See [`Intent::advice`].
    pub unanswered: Vec<Intent>,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.unanswered.is_empty()
    }
}

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("the ledger {}: cannot {what}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// Another run has it.
    #[error("the ledger {}: another run uses this profile: wait until it ends, or take another profile", .path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line was not written by a run.
    #[error("the ledger {}:{line}: no entry: repair the line, or remove it if you know what it means", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// What is left was written to another base URL or tenant.
    #[error(
        "the ledger {} has what was written to {there}, and this run goes to {here}: clean up there first, or take another \
         profile", .path.display()
    )]
    Elsewhere {
        /// The file.
        path: PathBuf,
        /// Where it was written.
        there: String,
        /// Where the run goes.
        here: String,
    },
}

/// The ledger of one profile. Whoever has it open has it alone.
///
/// Its methods may be called by several tasks. Each of them waits for the disk, some milliseconds; a request to a live provider
/// takes longer.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    destination: Destination,
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
    /// Opens the ledger at that path for a run to that destination, and makes its folders if there are none.
    ///
    /// What a crash left of the last line is cut off. The line was not synced, so what it announces has not happened; and if it
    /// told an answer, its intent counts as unanswered.
    ///
    /// # Errors
    ///
    /// When another run has the ledger open, it cannot be read, or something is left in it that was written to another destination.
    pub fn open(path: impl Into<PathBuf>, destination: Destination) -> Result<Ledger, LedgerError> {
        let path = path.into();
        let io = |what| {
            let path = path.clone();
            move |cause| LedgerError::Io { path, what, cause }
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(io("make its folder"))?;
        let options = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let mut file = options.map_err(io("open it"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse { path }),
            Err(TryLockError::Error(cause)) => return Err(io("lock it")(cause)),
        }
        // A new file survives a crash only if its folder is synced too; where folders cannot be opened, that is not needed.
        if let Ok(folder) = File::open(folder) {
            folder.sync_all().ok();
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("read it"))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut open = Open::default();
        for (index, line) in
            bytes[..whole].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty())
        {
            let entry = serde_json::from_slice(line);
            open.add(entry.map_err(|cause| LedgerError::Line { path: path.clone(), line: index + 1, cause })?);
        }
        if let Some(there) = open.destinations().find(|there| **there != destination) {
            let shown = |place: &Destination| format!("the tenant {} at {}", place.tenant, place.base);
            return Err(LedgerError::Elsewhere { there: shown(there), here: shown(&destination), path });
        }
        let len = whole as u64;
        if whole < bytes.len() {
            file.set_len(len).and_then(|()| file.sync_data()).map_err(io("cut off its last line, which is torn"))?;
        }
        Ok(Ledger { path, destination, state: Mutex::new(State { file, len, open }) })
    }

    /// Notes that a request is about to be sent that writes. It must not be sent before this returns. `existing` are the keys that
    /// its collection has, if it creates an object and they are known.
    ///
    /// # Errors
    ///
    /// When it cannot be noted; then the request must not be sent.
    pub fn intent(
        &self,
        contract: &str,
        method: &str,
        url: &str,
        existing: Option<Vec<String>>,
    ) -> Result<IntentId, LedgerError> {
        let mut state = self.state();
        let n = IntentId(state.open.next);
        let intent = Intent {
            n,
            contract: contract.to_owned(),
            method: method.to_ascii_uppercase(),
            url: impersonal(&self.relative(url)),
            time: Timestamp::now(),
            destination: self.destination.clone(),
            existing,
        };
        self.append(&mut state, Entry::Intent(intent))?;
        Ok(n)
    }

    /// Notes that a request created this: a path, or a URL at the run's base.
    ///
    /// # Errors
    ///
    /// When it cannot be noted; then delete it now.
    pub fn created(&self, n: IntentId, url: &str) -> Result<(), LedgerError> {
        let entry = Entry::Created { n, url: self.relative(url), time: Timestamp::now() };
        self.append(&mut self.state(), entry)
    }

    /// Notes that a request was answered with that status and created nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn answered(&self, n: IntentId, status: u16) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Answered { n, status })
    }

    /// Notes that a request has no answer, why, and whether it may have been processed. If so, it is left over.
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn failed(&self, n: IntentId, ambiguous: bool, why: &str) -> Result<(), LedgerError> {
        self.append(&mut self.state(), Entry::Failed { n, ambiguous, why: why.to_owned() })
    }

    /// Notes that what was created is deleted.
    ///
    /// # Errors
    ///
    /// When it cannot be noted. It will be deleted a second time, which is harmless.
    pub fn deleted(&self, url: &str) -> Result<(), LedgerError> {
        let url = self.relative(url);
        self.append(&mut self.state(), Entry::Deleted { url })
    }

    /// Notes that the created object is no longer there (404).
    ///
    /// # Errors
    ///
    /// When it cannot be noted.
    pub fn gone(&self, url: &str) -> Result<(), LedgerError> {
        let url = self.relative(url);
        self.append(&mut self.state(), Entry::Gone { url })
    }

    /// Notes that a person has checked what a request without a response did: it no longer counts as left.
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

    /// Ends the run. Gives what is left; if that is nothing, the file is emptied.
    ///
    /// It is not removed: another run may have opened it already and wait for its lock, and a third one would make a new file
    /// and lock that.
    ///
    /// # Errors
    ///
    /// When the file cannot be emptied.
    pub fn close(self) -> Result<Left, LedgerError> {
        let Ledger { path, state, .. } = self;
        let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let left = state.open.left();
        if left.is_empty() {
            let emptied = state.file.set_len(0).and_then(|()| state.file.sync_data());
            emptied.map_err(|cause| LedgerError::Io { path, what: "empty it", cause })?;
        }
        Ok(left)
    }

    fn append(&self, state: &mut State, entry: Entry) -> Result<(), LedgerError> {
        let io = |what| move |cause| LedgerError::Io { path: self.path.clone(), what, cause };
        let mut line = serde_json::to_vec(&entry).map_err(|error| io("write an entry")(error.into()))?;
        line.push(b'\n');
        if let Err(cause) = state.file.write_all(&line).and_then(|()| state.file.sync_data()) {
            // Half a line would spoil the next one. If this fails too, the next run cuts it off or names the line.
            state.file.set_len(state.len).ok();
            return Err(io("write an entry")(cause));
        }
        state.len += line.len() as u64;
        state.open.add(entry);
        Ok(())
    }

    /// A URL without its query, and as a path if it is at the run's base.
    fn relative(&self, url: &str) -> String {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        match Url::parse(url) {
            Ok(parsed) if parsed.origin().ascii_serialization() == self.destination.base => parsed.path().to_owned(),
            _ => url.to_owned(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A path without the segments that name a person, such as a user principal name.
fn impersonal(path: &str) -> String {
    let segment = |segment: &str| match segment.contains('@') || segment.contains("%40") {
        true => "[name]".to_owned(),
        false => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// What the entries so far leave open.
#[derive(Debug, Default)]
struct Open {
    /// The number of the next intent.
    next: u64,
    intents: BTreeMap<IntentId, Intent>,
    /// Those of the intents that have no answer.
    unanswered: BTreeMap<IntentId, ()>,
    /// What was created and not deleted, in order.
    created: Vec<(IntentId, String, Timestamp)>,
}

impl Open {
    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Intent(intent) => {
                self.next = self.next.max(intent.n.0.saturating_add(1));
                self.unanswered.insert(intent.n, ());
                self.intents.insert(intent.n, intent);
            }
            Entry::Created { n, url, time } => {
                self.unanswered.remove(&n);
                self.created.push((n, url, time));
            }
            Entry::Answered { n, .. } | Entry::Failed { n, ambiguous: false, .. } | Entry::Acknowledged { n } => {
                self.unanswered.remove(&n);
            }
            Entry::Failed { ambiguous: true, .. } => {}
            Entry::Deleted { url } | Entry::Gone { url } => {
                self.created.retain(|(_, own, _)| *own != url);
                // Whatever happened to it, or within it, is gone with it.
                let within = format!("{}/", url.trim_end_matches('/'));
                let intents = &self.intents;
                self.unanswered.retain(|n, ()| {
                    intents.get(n).is_none_or(|intent| intent.url != url && !intent.url.starts_with(&within))
                });
            }
        }
    }

    /// The destinations of what is left.
    fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let left = self.unanswered.keys().chain(self.created.iter().map(|(n, ..)| n));
        left.filter_map(|n| Some(&self.intents.get(n)?.destination))
    }

    fn left(&self) -> Left {
        let object = |(n, url, created): &(IntentId, String, Timestamp)| {
            let intent = self.intents.get(n)?.clone();
            Some(LeftObject { url: url.clone(), created: *created, intent })
        };
        let mut waiting: Vec<Option<LeftObject>> = self.created.iter().rev().map(object).collect();
        let mut created = Vec::with_capacity(waiting.len());
        for index in 0..waiting.len() {
            take(&mut waiting, index, &mut created);
        }
        let unanswered = self.unanswered.keys().rev().filter_map(|n| self.intents.get(n)).cloned().collect();
        Left { created, unanswered }
    }
}

/// Takes an object, after all that is within it.
fn take(waiting: &mut [Option<LeftObject>], index: usize, taken: &mut Vec<LeftObject>) {
    let Some(object) = waiting[index].take() else { return };
    let within = format!("{}/", object.url.trim_end_matches('/'));
    for other in 0..waiting.len() {
        if waiting[other].as_ref().is_some_and(|other| other.url.starts_with(&within)) {
            take(waiting, other, taken);
        }
    }
    taken.push(object);
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const BASE: &str = "https://h:8443";

    fn destination(base: &str, tenant: &str) -> Destination {
        Destination::new(&Url::parse(base).expect("a URL"), tenant)
    }

    fn folder() -> TempDir {
        TempDir::new().expect("a folder")
    }

    fn path(folder: &TempDir) -> PathBuf {
        folder.path().join("a/b/ledger.jsonl")
    }

    fn open(folder: &TempDir) -> Ledger {
        Ledger::open(path(folder), destination(BASE, "T")).expect("a ledger")
    }

    fn text(folder: &TempDir) -> String {
        std::fs::read_to_string(path(folder)).expect("a file")
    }

    fn post(ledger: &Ledger, url: &str) -> IntentId {
        ledger.intent("c", "POST", url, None).expect("noted")
    }

    fn create(ledger: &Ledger, url: &str) {
        ledger.created(post(ledger, "/v1.0/users"), url).expect("noted");
    }

    #[track_caller]
    fn check_left(ledger: &Ledger, created: &[&str], unanswered: &[u64]) {
        let left = ledger.left();
        let urls: Vec<&str> = left.created.iter().map(|object| object.url.as_str()).collect();
        let numbers: Vec<u64> = left.unanswered.iter().map(|intent| intent.n.0).collect();
        assert_eq!((urls.as_slice(), numbers.as_slice()), (created, unanswered));
    }

    #[test]
    fn what_is_created_is_left_until_it_is_deleted_or_gone() {
        let folder = folder();
        let ledger = open(&folder);
        for url in ["/v1.0/users/1", "/v1.0/users/2", "/v1.0/users/3"] {
            create(&ledger, url);
        }
        check_left(&ledger, &["/v1.0/users/3", "/v1.0/users/2", "/v1.0/users/1"], &[]);
        ledger.deleted("/v1.0/users/2").expect("noted");
        ledger.gone("https://h:8443/v1.0/users/3").expect("noted");
        ledger.deleted("/v1.0/users/2").expect("it is harmless twice");
        check_left(&ledger, &["/v1.0/users/1"], &[]);
        create(&ledger, "/v1.0/users/2");
        check_left(&ledger, &["/v1.0/users/2", "/v1.0/users/1"], &[]);
    }

    #[test]
    fn children_are_left_before_their_parents_however_old_they_are() {
        let folder = folder();
        let ledger = open(&folder);
        for url in ["/v1.0/g/1/c/2/m/3", "/v1.0/g/10", "/v1.0/g/1/c/2", "/v1.0/g/1/", "/v1.0/g/1/d/4"] {
            create(&ledger, url);
        }
        let expected = ["/v1.0/g/1/d/4", "/v1.0/g/1/c/2/m/3", "/v1.0/g/1/c/2", "/v1.0/g/1/", "/v1.0/g/10"];
        check_left(&ledger, &expected, &[]);
    }

    #[test]
    fn a_request_is_unanswered_until_its_answer_is_known() {
        let folder = folder();
        let ledger = open(&folder);
        let [_, answered, failed, ambiguous] = [(); 4].map(|()| post(&ledger, "/v1.0/users"));
        ledger.answered(answered, 204).expect("noted");
        ledger.failed(failed, false, "no connection").expect("noted");
        ledger.failed(ambiguous, true, "reset").expect("noted");
        check_left(&ledger, &[], &[3, 0]);
        ledger.acknowledge(ambiguous).expect("noted");
        check_left(&ledger, &[], &[0]);
    }

    #[test]
    fn a_ledger_survives_a_crash_and_goes_on() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        post(&ledger, "/v1.0/users");
        drop(ledger);
        let ledger = open(&folder);
        check_left(&ledger, &["/v1.0/users/1"], &[1]);
        assert_eq!(post(&ledger, "/v1.0/users"), IntentId(2));
        check_left(&ledger, &["/v1.0/users/1"], &[2, 1]);
    }

    /// The file is cut off at many of its bytes: each costs some syncs.
    #[test]
    fn a_torn_last_line_is_cut_off_wherever_it_is_torn() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        drop(ledger);
        let whole = text(&folder);
        let intent = whole.find('\n').expect("two lines") + 1;
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
        check_left(&open(&folder), &["/v1.0/users/1"], &[]);
    }

    #[test]
    fn a_line_in_the_middle_that_is_none_is_named() {
        let folder = folder();
        let ledger = open(&folder);
        post(&ledger, "/v1.0/users");
        drop(ledger);
        std::fs::write(path(&folder), format!("{}oops\n", text(&folder))).expect("written");
        let error = Ledger::open(path(&folder), destination(BASE, "T")).expect_err("an error").to_string();
        assert!(error.ends_with("ledger.jsonl:2: no entry: repair the line, or remove it if you know what it means"));
    }

    #[test]
    fn two_runs_cannot_have_it() {
        let folder = folder();
        let ledger = open(&folder);
        let error = Ledger::open(path(&folder), destination(BASE, "T")).expect_err("an error");
        assert!(matches!(error, LedgerError::InUse { .. }), "{error}");
        drop(ledger);
        open(&folder);
    }

    #[test]
    fn what_is_left_elsewhere_is_not_touched() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        drop(ledger);
        let before = text(&folder);
        for (base, tenant) in [(BASE, "other"), ("https://h", "T"), ("http://h:8443", "T")] {
            let error = Ledger::open(path(&folder), destination(base, tenant)).expect_err("an error").to_string();
            assert!(
                error.contains("what was written to the tenant t at https://h:8443, and this run goes to"),
                "{error}"
            );
        }
        assert_eq!(text(&folder), before);
        let ledger = Ledger::open(path(&folder), destination("https://H:8443/", "t")).expect("the same");
        ledger.deleted("/v1.0/users/1").expect("noted");
        drop(ledger);
        Ledger::open(path(&folder), destination(BASE, "other")).expect("nothing is left");
    }

    #[test]
    fn it_is_emptied_only_when_nothing_is_left() {
        let folder = folder();
        let ledger = open(&folder);
        create(&ledger, "/v1.0/users/1");
        let before = text(&folder);
        assert_eq!(ledger.close().expect("closed").created.len(), 1);
        assert_eq!(text(&folder), before);
        let ledger = open(&folder);
        ledger.gone("/v1.0/users/1").expect("noted");
        assert!(ledger.close().expect("closed").is_empty());
        assert_eq!(text(&folder), "");
        check_left(&open(&folder), &[], &[]);
    }

    #[test]
    fn lines_hold_identifiers_only() {
        let folder = folder();
        let ledger = open(&folder);
        let n = post(&ledger, "/v1.0/users/adele@example.com/messages?$search=secret");
        ledger.created(n, "https://h:8443/v1.0/users/1/messages/2?sig=secret").expect("noted");
        ledger.created(n, "https://elsewhere/x/3?sig=secret").expect("noted");
        ledger.deleted("/v1.0/users/1/messages/2").expect("noted");
        let text = text(&folder);
        assert!(!text.contains("secret") && !text.contains("adele"), "{text}");
        let times = |line: &str| match line.find(r#","time":""#) {
            Some(at) => format!("{}{}", &line[..at], &line[at + 9..].split_once('"').expect("a string").1),
            None => line.to_owned(),
        };
        let lines: Vec<String> = text.lines().map(times).collect();
        assert_eq!(
            lines,
            [
                r#"{"entry":"intent","n":0,"contract":"c","method":"POST","url":"/v1.0/users/[name]/messages","base":"https://h:8443","tenant":"t"}"#,
                r#"{"entry":"created","n":0,"url":"/v1.0/users/1/messages/2"}"#,
                r#"{"entry":"created","n":0,"url":"https://elsewhere/x/3"}"#,
                r#"{"entry":"deleted","url":"/v1.0/users/1/messages/2"}"#,
            ]
        );
        let left = ledger.left();
        assert_eq!(left.created[0].path(), None, "it is on another host");
    }

    #[test]
    fn an_unanswered_request_says_what_may_exist_and_how_to_look_for_it() {
        let folder = folder();
        let ledger = open(&folder);
        for (method, words) in
            [("post", "what it creates may exist"), ("DELETE", "it may be deleted"), ("PATCH", "it may be changed")]
        {
            ledger.intent("user-post", method, "/v1.0/users", None).expect("noted");
            let advice = ledger.left().unanswered[0].advice();
            let start = format!("{} /v1.0/users of user-post at 2", method.to_ascii_uppercase());
            assert!(advice.starts_with(&start), "{advice}");
            assert!(advice.contains(words) && advice.contains("GET https://h:8443/v1.0/users"), "{advice}");
        }
    }
}
