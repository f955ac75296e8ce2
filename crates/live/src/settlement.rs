//! Looks for what creations did: what is new in their collections is the run's by proof, somebody's by proof, or a person's to decide.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::creation::{claim, evidence};
use super::known_keys::Known;
use super::ledger::{Intent, IntentId, LedgerError, Left};
use super::listing::{Listing, list};
use super::live_error::LiveError;
use super::ownership::{Owner, carries, created_text, owner, path_of, place};
use super::request::sent;
use super::session::{Session, Writing};
use super::sight::{Sight, look};
use graph_contracts::http::with_causes;
use graph_contracts::json::Json;

/// Why it cannot be found out what requests did.
#[derive(Debug, thiserror::Error)]
pub(super) enum SettleError {
    #[error("{}", with_causes(.0))]
    Ledger(#[from] LedgerError),
    #[error("{}", with_causes(.0))]
    Live(#[from] LiveError),
}

/// What is known of the creations in one collection.
struct Creations<'a> {
    session: &'a Session,
    writing: &'a Writing,
    collection: &'a str,
    /// The newest first.
    intents: &'a [Arc<Intent>],
    /// How many more objects each may have created than are known: each attempt may have made one.
    room: BTreeMap<IntentId, usize>,
}

/// Looks at the collections of creations, one after the other. With `all`, those are looked at too of which all objects are known.
///
/// # Errors
///
/// When no further request may be sent, or the ledger cannot be written.
pub(super) async fn settle(session: &Session, writing: &Writing, all: bool) -> Result<(), SettleError> {
    let left = writing.ledger.left();
    let mut collections: BTreeMap<&str, Vec<Arc<Intent>>> = BTreeMap::new();
    for intent in left.unsettled.iter().filter(|intent| intent.creation.is_some()) {
        collections.entry(&intent.url).or_default().push(Arc::clone(intent));
    }
    for (collection, intents) in collections {
        let room = room(session, &left, &intents);
        let is_open = room.values().any(|room| *room > 0);
        if is_open || all {
            let creations = Creations { session, writing, collection, intents: &intents, room };
            creations.settle(is_open).await?;
        }
    }
    Ok(())
}

fn room(session: &Session, left: &Left, intents: &[Arc<Intent>]) -> BTreeMap<IntentId, usize> {
    let removed = session.removed();
    let created = |n: IntentId| {
        let urls = left.created.iter().chain(&removed).filter(|object| object.intent.n == n).map(|object| &object.url);
        urls.collect::<BTreeSet<_>>().len()
    };
    let room = |intent: &Arc<Intent>| {
        let attempts = left.attempts.get(&intent.n).map_or(1, |attempts| (*attempts).max(1) as usize);
        (intent.n, attempts.saturating_sub(created(intent.n)))
    };
    intents.iter().map(room).collect()
}

/// What a look at a collection shows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum View {
    /// All that is new is the run's or somebody else's.
    Clear,
    /// Something is listed of which reading finds nothing.
    Lingering,
    /// Something is new, and it is not known whose it is.
    Suspects,
    /// It cannot be listed.
    Unknown,
}

impl Creations<'_> {
    /// Looks until all that is new is accounted for. Where objects may be missing, that nothing is found counts only when the settling time is
    /// over, and twice.
    async fn settle(&self, is_open: bool) -> Result<(), SettleError> {
        let Creations { session, writing, intents, .. } = self;
        let start = Instant::now();
        let (mut failures, mut quiet) = (0, 0);
        loop {
            let view = self.look_around().await?;
            // The latest of them may still appear. A clock may have been set back since: then this look's own time counts.
            let age = match view {
                View::Lingering => start.elapsed(),
                _ if is_open => {
                    let age = intents.iter().map(|intent| intent.age()).min();
                    age.unwrap_or(Duration::MAX).max(start.elapsed())
                }
                _ => Duration::MAX,
            };
            let is_over = age >= writing.options.settling;
            match view {
                View::Unknown => return Ok(()),
                View::Clear if !is_open || (is_over && quiet > 0) => {
                    // What is to be deleted is looked for in the collection once more after that.
                    let created = writing.ledger.left().created;
                    let is_left = |n: IntentId| created.iter().any(|object| object.intent.n == n);
                    let mut done = intents.iter().filter(|intent| !is_left(intent.n));
                    return Ok(done.try_for_each(|intent| writing.ledger.settled(intent.n))?);
                }
                View::Clear if is_over => quiet += 1,
                // A person decides, and waiting changes nothing any more.
                View::Suspects | View::Lingering if is_over => return Ok(()),
                View::Clear | View::Suspects | View::Lingering => {}
            }
            if !session.may_still_settle(age, failures).await && !is_over {
                return Ok(());
            }
            failures += 1;
        }
    }

    async fn look_around(&self) -> Result<View, SettleError> {
        let Creations { session, writing, collection, .. } = self;
        let ledger = &writing.ledger;
        let Listing::Whole(listed) = list(session, collection, |_| true).await? else { return Ok(View::Unknown) };
        let removed = session.removed();
        let created: BTreeSet<String> = ledger.left().created.into_iter().map(|object| object.url).collect();
        let (mut view, mut new) = (View::Clear, Vec::new());
        for (key, object) in &listed {
            let Some(url) = path_of(collection, key).filter(|url| !created.contains(url)) else { continue };
            session.note_listed(url.clone());
            let Some(object) = object else { continue };
            let candidates = self.candidates(key, Known::No);
            let Some(newest) = candidates.first() else {
                view = view.max(self.look_at_known(key, &url, object)?);
                continue;
            };
            let gone = removed.iter().find(|object| object.url == url);
            match (look(session, collection, key).await?, gone) {
                (Sight::Object { .. }, Some(object)) => {
                    // It was not deleted after all.
                    session.restore(&url);
                    ledger.created(object.intent.n, &url, object.stamp.clone())?;
                }
                (Sight::Absent | Sight::Unknown(_), Some(object)) => {
                    ledger.suspect(object.intent.n, &url, "it is gone, and is still listed", false)?;
                    view = view.max(View::Lingering);
                }
                (Sight::Object { object, .. }, None) => new.push((url, object, candidates)),
                (Sight::Absent, None) if self.is_others(&candidates, object) => {}
                (Sight::Absent, None) => {
                    ledger.suspect(newest.n, &url, "it is listed, and reading it finds nothing", false)?;
                    view = view.max(View::Lingering);
                }
                (Sight::Unknown(why), None) => {
                    ledger.suspect(newest.n, &url, &why, false)?;
                    view = view.max(View::Suspects);
                }
            }
        }
        view = view.max(self.attribute(&new)?);
        for suspect in ledger.left().suspects {
            let (own, key) = place(&suspect.url);
            let may_be_gone = own == *collection && !listed.contains_key(&key);
            // What has been there and is gone does not appear late.
            let was_removed = removed.iter().any(|object| object.url == suspect.url);
            if may_be_gone
                && (was_removed || suspect.intent.age() >= writing.options.settling)
                && matches!(look(session, collection, &key).await?, Sight::Absent)
            {
                ledger.gone(&suspect.url)?;
            }
        }
        Ok(view)
    }

    /// The creations in whose collection a key was not, or was.
    fn candidates(&self, key: &str, known: Known) -> Vec<&Intent> {
        let salt = self.writing.ledger.salt();
        let has =
            |intent: &&Intent| intent.creation.as_ref().is_some_and(|creation| creation.before.has(salt, key) == known);
        self.intents.iter().map(Arc::as_ref).filter(has).collect()
    }

    /// An object whose key was there before is somebody's, whatever a creation made of it.
    fn look_at_known(&self, key: &str, url: &str, object: &Json) -> Result<View, LedgerError> {
        let ledger = &self.writing.ledger;
        let mut known = self.candidates(key, Known::Yes).into_iter();
        if let Some(intent) = known.find(|intent| carries(intent.marked(), object)) {
            ledger.suspect(
                intent.n,
                url,
                "it was there before, and carries the marker of the run: a creation changed it",
                false,
            )?;
            return Ok(View::Suspects);
        }
        let in_another_case = self.candidates(key, Known::InAnotherCase);
        match in_another_case.first() {
            Some(newest) if !self.is_others(&in_another_case, object) => {
                let why = "a key that differs only in the case of its letters was there before";
                ledger.suspect(newest.n, url, why, false)?;
                Ok(View::Suspects)
            }
            _ => Ok(View::Clear),
        }
    }

    /// Whether an object is somebody's by proof against each of these creations.
    fn is_others(&self, candidates: &[&Intent], object: &Json) -> bool {
        candidates.iter().all(|intent| matches!(self.owner(intent, object), Owner::Other(_)))
    }

    fn owner(&self, intent: &Intent, object: &Json) -> Owner {
        let is_marked = intent.marked().is_some();
        // Only where nothing could be marked, what was sent counts.
        let sent = if is_marked { None } else { self.sent(intent) };
        match owner(&evidence(self.writing, intent, sent.as_ref()), object) {
            // Without an answer that names it, only a marker proves it: another run may have sent the same just then.
            Owner::Run if !is_marked && !self.writing.options.own_tenant => {
                Owner::Unknown("it has what was sent, and the answer does not name it".to_owned())
            }
            owner => owner,
        }
    }

    /// Writes down whose objects are that are new. A creation makes one object for each attempt: where more of them look like it, it is not
    /// known which of them is a copy.
    fn attribute(&self, new: &[(String, Json, Vec<&Intent>)]) -> Result<View, SettleError> {
        let mut owners: Vec<(&str, &Json, &Intent, Owner)> = Vec::new();
        for (url, object, candidates) in new {
            let all: Vec<(&Intent, Owner)> =
                candidates.iter().map(|intent| (*intent, self.owner(intent, object))).collect();
            let decisive = all.iter().position(|(_, owner)| *owner == Owner::Run);
            let decisive = decisive.or_else(|| all.iter().position(|(_, owner)| matches!(owner, Owner::Unknown(_))));
            if let Some((intent, owner)) = all.into_iter().nth(decisive.unwrap_or(0)) {
                owners.push((url, object, intent, owner));
            }
        }
        let mut view = View::Clear;
        for (url, object, intent, found) in &owners {
            let is_run = |own: &&(&str, &Json, &Intent, Owner)| own.2.n == intent.n && own.3 == Owner::Run;
            let room = self.room.get(&intent.n).copied().unwrap_or_default();
            let owner = match found {
                Owner::Run if owners.iter().filter(is_run).count() > room && !self.writing.options.own_tenant => {
                    Owner::Unknown("more objects carry the marker than the request can have created".to_owned())
                }
                Owner::Other(why) if self.is_named(url) => {
                    Owner::Unknown(format!("a creation was answered with it, and {why}"))
                }
                other => other.clone(),
            };
            if claim(&self.writing.ledger, intent, url, &owner, created_text(object))? {
                self.session.traffic().created += 1;
            }
            if matches!(owner, Owner::Unknown(_)) {
                view = View::Suspects;
            }
        }
        Ok(view)
    }

    /// Whether an answer has named an object as what a request created.
    fn is_named(&self, url: &str) -> bool {
        self.writing.ledger.left().suspects.iter().any(|suspect| suspect.url == url && suspect.named)
    }

    /// What a creation without a marker sent: bodies are not in the ledger, but follow from the contract.
    fn sent(&self, intent: &Intent) -> Option<Json> {
        let contract = self.session.store.contract(&intent.contract)?;
        sent(contract).ok()?.request.body?.as_json().cloned()
    }
}
