//! Why a step of a live run is left out.

use std::fmt;

use graph_contracts::contract::Cloud;
use serde::{Serialize, Serializer};

use super::effect::Effect;

/// Why a step is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The profile's filters leave it out.
    NotSelected,
    /// The page says that the API is not available in the profile's cloud.
    NotInCloud(Cloud),
    /// It writes, and writing is not allowed.
    WritesNotAllowed,
    /// It writes, and the run only reads.
    OnlyReads,
    /// It writes, and the tenant is not listed in the profile.
    TenantNotListed,
    /// It changes an object that the run does not create.
    NotCreatedHere(String),
    /// A parameter has no value.
    Unbound(String),
    /// It creates an object of which nothing would prove that it is the run's.
    NotProvable,
    /// It creates an object in a collection that cannot be listed whole, so that nobody would know what is new.
    NotListable(String),
    /// It creates an object with a key of its own that an object has already.
    KeyTaken(String),
    /// Its route goes on behind the object, perhaps to an object of somebody else.
    BeyondOwnObject(String),
    /// What it changes, or creates something in, is not the run's any more, or that cannot be told.
    NotProven(String),
    /// The service refuses a creation with a marker, and without one nothing would prove whose the object is.
    MarkerRefused(u16),
    /// It creates an object within one that this run did not create and may not write below.
    ContainerNotAllowed(String),
    /// Its body names the object within which it creates another: by this member.
    ContainerInBody(String),
    /// Nothing says which version of the API the request is for.
    NoVersion,
    /// It has effects that cannot be taken back, and nobody has allowed them.
    EffectNotAllowed(Vec<Effect>),
    /// The token lacks the permission.
    Permission(String),
    /// The request cannot be sent as it is documented.
    Request(String),
    /// The pair documents an error, which depends on the state of the tenant.
    DocumentsError(u16),
    /// The run was stopped before.
    Stopped,
    /// The time budget was used up before.
    OutOfTime,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Skip::NotSelected => f.write_str("left out by the profile"),
            Skip::NotInCloud(cloud) => {
                write!(f, "the page says that the API is not available in {} (`cloud = \"{}\"`)", cloud.title(), cloud.name())
            }
            Skip::WritesNotAllowed => f.write_str("it writes"),
            Skip::OnlyReads => f.write_str("it writes"),
            Skip::TenantNotListed => {
                f.write_str("it writes, and the tenant is not listed in `write_tenants` of the profile")
            }
            Skip::NotCreatedHere(place) => {
                write!(f, "it changes {place}, which this run does not create")
            }
            Skip::Unbound(place) => write!(f, "nothing says what {place} is; put it under [bind] in the profile"),
            Skip::NotProvable => f.write_str(
                "it creates an object that has no free text for a marker and does not say when it was created, so nothing would prove \
                 that the object is this run's",
            ),
            Skip::NotListable(why) => {
                write!(f, "it creates an object in a collection that cannot be listed whole before: {why}")
            }
            Skip::BeyondOwnObject(route) => write!(
                f,
                "{route} goes on behind the object that this run creates, and nothing says that it does not lead to somebody else's"
            ),
            Skip::NotProven(why) => write!(f, "nothing proves that it would change an object of this run: {why}"),
            Skip::KeyTaken(key) => {
                write!(f, "it creates an object with the key {key}, which an object has that this run did not create")
            }
            Skip::MarkerRefused(status) => write!(
                f,
                "the service answers {status} to a creation with a marker, and without one nothing would prove that the object is this \
                 run's"
            ),
            Skip::ContainerNotAllowed(place) => write!(
                f,
                "it creates an object within {place}, which this run does not create; put it under [bind] and into `write_below` of the \
                 profile to allow that"
            ),
            Skip::ContainerInBody(member) => write!(
                f,
                "it creates an object within the one that `{member}` of its body names, and nothing says that the run may write there"
            ),
            Skip::NoVersion => f.write_str(
                "nothing says for which version of the API it is: the example's URL names none, and neither does a folder of the page; \
                 name the version in the page's URL, or import the page from a folder such as `v1.0` or `beta`",
            ),
            Skip::EffectNotAllowed(effects) => {
                let may = effects.iter().map(|effect| format!("{} ({})", effect.class.what(), effect.because));
                let may = may.collect::<Vec<_>>().join(", and ");
                let names = effects.iter().map(|effect| format!("\"{}\"", effect.class)).collect::<Vec<_>>().join(", ");
                write!(f, "it may {may}; `allow_effects = [{names}]` in the profile allows that")
            }
            Skip::Permission(why) => f.write_str(why),
            Skip::Request(why) => f.write_str(why),
            Skip::Stopped => f.write_str("the run was stopped before"),
            Skip::OutOfTime => f.write_str("the time budget was used up before"),
            Skip::DocumentsError(status) => {
                write!(f, "it documents the error {status}, which depends on the state of the tenant")
            }
        }
    }
}

impl Skip {
    /// The reason in one word, by which skipped contracts are counted.
    pub fn reason(&self) -> &'static str {
        match self {
            Skip::NotSelected => "not-selected",
            Skip::NotInCloud(_) => "not-in-cloud",
            Skip::WritesNotAllowed => "writes-not-allowed",
            Skip::OnlyReads => "only-reads",
            Skip::TenantNotListed => "tenant-not-listed",
            Skip::NotCreatedHere(_) => "not-created-here",
            Skip::Unbound(_) => "unbound-parameter",
            Skip::NotProvable => "not-provable",
            Skip::NotListable(_) => "not-listable",
            Skip::BeyondOwnObject(_) => "beyond-own-object",
            Skip::NotProven(_) => "not-proven",
            Skip::KeyTaken(_) => "key-taken",
            Skip::MarkerRefused(_) => "marker-refused",
            Skip::ContainerNotAllowed(_) | Skip::ContainerInBody(_) => "container-not-allowed",
            Skip::NoVersion => "no-version",
            Skip::EffectNotAllowed(_) => "effect-not-allowed",
            Skip::Permission(_) => "permission",
            Skip::Request(_) => "request-not-sendable",
            Skip::DocumentsError(_) => "documents-error",
            Skip::Stopped => "stopped",
            Skip::OutOfTime => "out-of-time",
        }
    }
}

impl Serialize for Skip {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
