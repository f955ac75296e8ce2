//! One change: what was, what is there now, and where it shows.

use graph_contracts::at::At;
use graph_contracts::compare::MismatchKind;
use graph_contracts::report::at_place;
use graph_contracts::source::SourceLine;
use serde::Serialize;

use crate::{Effect, Kind};

/// One change, wherever it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub kind: Kind,
    /// The part of the service that it belongs to: a version and first segment of a URL, or a type.
    pub area: String,
    /// What it is about, such as `microsoft.graph.user/jobTitle`, `GET /users/{id}` or `$['value']`.
    pub subject: String,
    /// What was there.
    pub before: String,
    /// What is there now.
    pub after: String,
    /// Where it shows, in the order of the sets; never empty.
    pub places: Vec<Place>,
    /// What a live run calls it, where it is what such a run has found.
    pub mismatch: Option<MismatchKind>,
}

/// One place of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The contract, by its new id if it has one; or the type, operation or element.
    pub item: String,
    /// Where in it, such as `$['value'][0]['id'] of the response`.
    pub at: String,
    /// Where in the messages of a contract; absent for any other place.
    #[serde(skip)]
    pub spot: Option<At>,
    /// The old file and line, or what is nearest to what was added; absent where the old set has nothing like it,
    /// or where what was is a reviewed snapshot.
    pub old: Option<SourceLine>,
    /// The new file and line, or what is nearest to what was removed; absent where the new set has nothing like it,
    /// or where what is there now is the answer of a service.
    pub new: Option<SourceLine>,
}

/// "Nothing", as the old or new value of something that was added or removed.
pub const NOTHING: &str = "nothing";

impl Change {
    /// What changed and where, in words: what a live run has found is called as that run calls it.
    pub fn what(&self) -> String {
        let phrase = self.mismatch.map_or(self.kind.phrase(), MismatchKind::phrase);
        format!("{phrase}{}", at_place(phrase, &self.subject))
    }

    /// What it means for a caller.
    pub fn effect(&self) -> Effect {
        self.kind.effect()
    }

    /// The first page and line of it, in the new set, or else in the old one.
    pub fn source(&self) -> Option<&SourceLine> {
        self.places.iter().find_map(|place| place.new.as_ref().or(place.old.as_ref()))
    }

    /// Whether a caller that relies on what was there may fail.
    pub(crate) fn is_breaking(&self) -> bool {
        self.effect() == Effect::Breaking
    }
}
