//! What the entries of a ledger leave open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::entry::{Creation, Entry, Intent, IntentId, age};
use crate::ownership::{is_object_of, is_of_then};
use crate::request::{is_at_or_within, unversioned};

/// What a run created and did not delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftObject {
    /// Its path with the version. It is the name for [`Ledger::gone`](super::Ledger::gone).
    pub url: String,
    /// When it was created.
    pub time: Timestamp,
    /// When it says that it was created, if it does.
    pub stamp: Option<String>,
    /// The texts with the marker that were sent to it since.
    pub texts: Vec<String>,
    /// The request that created it.
    pub intent: Arc<Intent>,
}

impl LeftObject {
    /// How long ago it was created; nothing if the clock was set back since then.
    pub fn age(&self) -> Duration {
        age(self.time)
    }
}

/// An object that a request may have created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Its path with the version.
    pub url: String,
    /// Why it is not certain.
    pub why: String,
    /// Whether an answer names it as what the request created.
    pub named: bool,
    /// The request.
    pub intent: Arc<Intent>,
}

/// What is left of a run, or of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// What was created, the newest first, but what is within another object before that object.
    pub created: Vec<LeftObject>,
    /// What the service has put into it when it was created, by path.
    pub contents: BTreeSet<String>,
    /// What may have been created: it is a person's to decide.
    pub suspects: Vec<Suspect>,
    /// Requests of which it is not known what they did, the newest first. See [`Intent::advice`].
    pub unsettled: Vec<Arc<Intent>>,
    /// How often each of them was sent, as far as that is known.
    pub attempts: BTreeMap<IntentId, u32>,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.suspects.is_empty() && self.unsettled.is_empty()
    }
}

/// What the entries so far leave open.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// The number of the next intent.
    pub(super) next: u64,
    intents: BTreeMap<IntentId, Arc<Intent>>,
    /// Those of the intents of which it is not known what they did, and how often each was sent, as far as that is known.
    unsettled: BTreeMap<IntentId, u32>,
    created: Vec<Created>,
    /// What the service has put into it.
    contents: BTreeSet<String>,
    suspects: Vec<Suspected>,
}

#[derive(Debug)]
struct Suspected {
    n: IntentId,
    url: String,
    why: String,
    named: bool,
}

#[derive(Debug)]
struct Created {
    n: IntentId,
    url: String,
    time: Timestamp,
    stamp: Option<String>,
}

impl Open {
    /// Takes in an entry.
    ///
    /// # Errors
    ///
    /// When no run has written it: it is about a request that is not there, or an object that the request cannot have created.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), String> {
        self.check(&entry)?;
        match entry {
            Entry::Intent(intent) => {
                self.next = self.next.max(intent.n.0.saturating_add(1));
                self.unsettled.insert(intent.n, 1);
                self.intents.insert(intent.n, Arc::new(intent));
            }
            Entry::Created { n, url, time, stamp } => {
                self.suspects.retain(|suspect| suspect.url != url);
                self.created.retain(|created| created.url != url);
                self.created.push(Created { n, url, time, stamp });
            }
            Entry::Content { url, .. } => drop(self.contents.insert(url)),
            Entry::Suspect { n, url, why, named } => {
                // What an answer has named stays so.
                let was_named = self.suspects.iter().any(|suspect| suspect.url == url && suspect.named);
                self.suspects.retain(|suspect| suspect.url != url);
                self.suspects.push(Suspected { n, url, why, named: named || was_named });
            }
            Entry::Disowned { url, .. } => self.suspects.retain(|suspect| suspect.url != url),
            Entry::Answered { n, attempts, .. } => {
                match self.intents.get(&n).is_some_and(|intent| intent.creation.is_some()) {
                    true => drop(self.unsettled.insert(n, attempts)),
                    false => drop(self.unsettled.remove(&n)),
                }
            }
            Entry::Failed { n, ambiguous: false, .. } | Entry::Settled { n } => drop(self.unsettled.remove(&n)),
            Entry::Failed { n, ambiguous: true, attempts, .. } => drop(self.unsettled.insert(n, attempts)),
            Entry::Acknowledged { n } => {
                self.unsettled.remove(&n);
                self.suspects.retain(|suspect| suspect.n != n);
            }
            Entry::Gone { url } => {
                self.created.retain(|created| created.url != url);
                self.suspects.retain(|suspect| suspect.url != url);
                // Whatever happened to it, or within it, is gone with it, in whichever version it was.
                let (gone, intents) = (unversioned(&url), &self.intents);
                let is_gone = |intent: &Intent| is_at_or_within(unversioned(&intent.url), gone);
                self.unsettled.retain(|n, _| intents.get(n).is_none_or(|intent| !is_gone(intent)));
            }
        }
        Ok(())
    }

    pub(super) fn check(&self, entry: &Entry) -> Result<(), String> {
        let (n, object) = match entry {
            Entry::Intent(intent) if self.intents.contains_key(&intent.n) => {
                return Err("there is an earlier request of the same number".to_owned());
            }
            Entry::Intent(_) | Entry::Gone { .. } => return Ok(()),
            Entry::Created { n, url, .. } | Entry::Suspect { n, url, .. } | Entry::Disowned { n, url } => {
                (n, Some(url))
            }
            Entry::Answered { n, .. }
            | Entry::Content { n, .. }
            | Entry::Failed { n, .. }
            | Entry::Settled { n }
            | Entry::Acknowledged { n } => (n, None),
        };
        let Some(intent) = self.intents.get(n) else {
            return Err("the request that it is about is not in the ledger".to_owned());
        };
        if let Some(url) = object.filter(|url| intent.creation.is_none() || !is_object_of(&intent.url, url)) {
            return Err(format!("{url} is nothing that POST {} can create", intent.url));
        }
        match (entry, &intent.creation) {
            // Without a marker, the time is what proves it.
            (Entry::Created { stamp: Some(stamp), .. }, Some(Creation { marked: None, time, .. }))
                if !is_of_then(*time, stamp) =>
            {
                Err(format!("what was created at {stamp} is not what a request at {time} created"))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn left(&self) -> Left {
        let object = |created: &Created| {
            let Created { n, url, time, stamp } = created;
            let intent = self.intents.get(n)?.clone();
            let is_own = |own: &&Arc<Intent>| own.n > *n && unversioned(&own.url) == unversioned(url);
            let texts = self.intents.values().filter(is_own).filter_map(|own| own.text.clone()).collect();
            Some(LeftObject { url: url.clone(), time: *time, stamp: stamp.clone(), texts, intent })
        };
        let mut waiting: Vec<Option<LeftObject>> = self.created.iter().rev().map(object).collect();
        let mut created = Vec::with_capacity(waiting.len());
        for index in 0..waiting.len() {
            take(&mut waiting, index, &mut created);
        }
        let suspect = |suspect: &Suspected| {
            let Suspected { n, url, why, named } = suspect;
            let intent = self.intents.get(n)?.clone();
            Some(Suspect { url: url.clone(), why: why.clone(), named: *named, intent })
        };
        let suspects = self.suspects.iter().filter_map(suspect).collect();
        let unsettled = self.unsettled.keys().rev().filter_map(|n| self.intents.get(n)).cloned().collect();
        Left { created, contents: self.contents.clone(), suspects, unsettled, attempts: self.unsettled.clone() }
    }
}

/// Takes an object, after all that is within it.
fn take(waiting: &mut [Option<LeftObject>], index: usize, taken: &mut Vec<LeftObject>) {
    let Some(object) = waiting[index].take() else { return };
    let within = format!("{}/", object.url);
    for other in 0..waiting.len() {
        if waiting[other].as_ref().is_some_and(|other| other.url.starts_with(&within)) {
            take(waiting, other, taken);
        }
    }
    taken.push(object);
}
