//! The ledger of a run: what it was about to write and what it created, on disk before it matters.
//!
//! It is a file of JSON lines in a folder of the user's, one for each tenant of a provider. Each line is appended by one write and synced,
//! so that after a crash the next run knows what is left. It holds identifiers and statuses only: no bodies, no header fields, no query;
//! of others' keys there are digests.
//!
//! - [`Destination`], [`Intent`], [`Creation`]: what the lines say (`entry.rs`)
//! - [`Left`]: what they leave open (`open.rs`)
//! - its file, which one run has at a time (`file.rs`)
//! - [`LedgerError`]: why a ledger cannot be used (`ledger_error.rs`)

mod entry;
mod file;
mod ledger_error;
mod open;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

pub use entry::{Creation, Destination, Intent, IntentId};
use entry::{Entry, Head, VERSION};
use file::locked;
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
