//! Annotations that say what a client may do (OData vocabularies Core and Capabilities).

use std::collections::BTreeMap;

use super::value::Value;

/// What annotations say about one thing.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    pub(super) capabilities: BTreeMap<Ability, Capability>,
    /// What is said of what is reached from here (`NavigationRestrictions/RestrictedProperties`, and annotations whose target is a path
    /// below a child of the container): the path of names, without casts.
    pub restricted: Vec<(String, Notes)>,
    /// Where it says that the service computes the value (`Computed`, or `Permissions` that allow reading only).
    pub computed: Option<u32>,
    /// Where it says that the value cannot change once the entity exists (`Immutable`).
    pub immutable: Option<u32>,
    /// That it is deprecated (`Revisions`).
    pub deprecated: Option<Deprecation>,
    /// Whether a parameter may be left out (`OptionalParameter`).
    pub(super) is_optional: bool,
    /// Further keys: the names that stand for the properties of each in a URL (`AlternateKeys`).
    pub alternate_keys: Vec<Vec<String>>,
}

/// What a client may do with entities, or may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// Create them.
    Insert,
    /// Change them.
    Update,
    /// Change a collection with a delta payload.
    DeltaUpdate,
    /// Delete them.
    Delete,
    /// Delete the members of a collection with one request.
    FilterDelete,
    /// Read them.
    Read,
    /// Read one of a collection by its key.
    ReadByKey,
}

/// Whether something is allowed, and where that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Whether it is.
    pub allowed: bool,
    /// The offset of the annotation.
    pub at: u32,
}

/// A deprecation (`Org.OData.Core.V1.Revisions` of the kind `Deprecated`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// What the service says about it.
    pub description: String,
    /// When it is removed, as a date.
    pub removal: Option<String>,
    /// The offset of the annotation.
    pub at: u32,
}

/// Where the vocabulary Capabilities says what is allowed: in which term, at which path of its members.
const RESTRICTIONS: [(&str, &str, Ability); 7] = [
    ("InsertRestrictions", "Insertable", Ability::Insert),
    ("UpdateRestrictions", "Updatable", Ability::Update),
    ("UpdateRestrictions", "DeltaUpdateSupported", Ability::DeltaUpdate),
    ("DeleteRestrictions", "Deletable", Ability::Delete),
    ("DeleteRestrictions", "FilterSegmentSupported", Ability::FilterDelete),
    ("ReadRestrictions", "Readable", Ability::Read),
    ("ReadRestrictions", "ReadByKeyRestrictions/Readable", Ability::ReadByKey),
];

/// Whether a term is one of those that matter, and of that vocabulary.
pub(super) fn matters(namespace: &str, term: &str) -> bool {
    let own = match term {
        "Computed" | "Immutable" | "Permissions" | "Revisions" | "AlternateKeys" | "OptionalParameter" => {
            "Org.OData.Core.V1"
        }
        _ if term == "NavigationRestrictions" || is_restriction(term) => "Org.OData.Capabilities.V1",
        _ => return false,
    };
    namespace == own
}

fn is_restriction(name: &str) -> bool {
    RESTRICTIONS.iter().any(|(term, ..)| *term == name)
}

impl Notes {
    /// Whether something is allowed, if that is said.
    pub fn capability(&self, ability: Ability) -> Option<Capability> {
        self.capabilities.get(&ability).copied()
    }

    /// What is said of what a path of names leads to from here.
    pub fn below<'n>(&'n self, path: &'n str) -> impl Iterator<Item = &'n Notes> {
        self.restricted.iter().filter(move |(own, _)| own == path).map(|(_, notes)| notes)
    }

    /// Takes in what else is said about the same thing.
    pub(super) fn merge(&mut self, other: Notes) {
        self.capabilities.extend(other.capabilities);
        self.restricted.extend(other.restricted);
        self.computed = other.computed.or(self.computed);
        self.immutable = other.immutable.or(self.immutable);
        self.deprecated = other.deprecated.or(self.deprecated.take());
        self.alternate_keys.extend(other.alternate_keys);
    }

    /// Takes an annotation in.
    pub(super) fn add(&mut self, term: &str, value: &Value, at: u32) {
        // A tagging term without a value is true.
        let tagged = (value.as_bool() != Some(false)).then_some(at);
        match term {
            "NavigationRestrictions" => {
                let properties = value.member("RestrictedProperties").into_iter();
                self.restricted.extend(properties.flat_map(Value::items).filter_map(|own| restricted(own, at)));
            }
            "Computed" => self.computed = tagged,
            "Immutable" => self.immutable = tagged,
            "Permissions" if value.as_member() == Some("Read") => self.computed = Some(at),
            "Revisions" => self.deprecated = value.items().find_map(|item| deprecation(item, at)),
            "AlternateKeys" => self.alternate_keys = value.items().map(alternate_key).collect(),
            "OptionalParameter" => self.is_optional = true,
            _ => {
                for (_, path, ability) in RESTRICTIONS.iter().filter(|(own, ..)| *own == term) {
                    let said = path.split('/').try_fold(value, |value, name| value.member(name));
                    let capability = said.and_then(Value::as_bool).map(|allowed| Capability { allowed, at });
                    self.capabilities.extend(capability.map(|capability| (*ability, capability)));
                }
            }
        }
    }
}

/// What is said of one navigation property.
fn restricted(value: &Value, at: u32) -> Option<(String, Notes)> {
    let path = value.member("NavigationProperty")?.as_text()?;
    let mut notes = Notes::default();
    value.members().filter(|(name, _)| is_restriction(name)).for_each(|(name, value)| notes.add(name, value, at));
    Some((without_casts(path), notes))
}

/// A path of names without the types that it is cast to.
pub(super) fn without_casts(path: &str) -> String {
    path.split('/').filter(|name| !name.contains('.')).collect::<Vec<_>>().join("/")
}

fn deprecation(value: &Value, at: u32) -> Option<Deprecation> {
    let text = |name: &str| value.member(name).and_then(Value::as_text).map(str::to_owned);
    (value.member("Kind")?.as_member()? == "Deprecated").then(|| Deprecation {
        description: text("Description").unwrap_or_default(),
        removal: text("RemovalDate"),
        at,
    })
}

/// The aliases of an alternate key's properties; a property without alias goes by its own name.
fn alternate_key(value: &Value) -> Vec<String> {
    let parts = value.member("Key").into_iter().flat_map(Value::items);
    let alias =
        |part: &Value| part.member("Alias").or_else(|| part.member("Name")).and_then(Value::as_text).map(str::to_owned);
    parts.filter_map(alias).collect()
}
