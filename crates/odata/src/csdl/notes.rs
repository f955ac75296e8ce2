//! Annotations that say what a client may do (OData vocabularies Core and Capabilities).

use super::value::{Record, Value};

/// What annotations say about one thing.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// Whether entities may be created (`InsertRestrictions/Insertable`).
    pub insertable: Option<Capability>,
    /// Whether entities may be changed (`UpdateRestrictions/Updatable`).
    pub updatable: Option<Capability>,
    /// Whether a collection takes a delta payload (`UpdateRestrictions/DeltaUpdateSupported`).
    pub delta_updatable: Option<Capability>,
    /// Whether entities may be deleted (`DeleteRestrictions/Deletable`).
    pub deletable: Option<Capability>,
    /// Whether the members of a collection may be deleted with one request (`DeleteRestrictions/FilterSegmentSupported`).
    pub filter_deletable: Option<Capability>,
    /// Whether entities may be read (`ReadRestrictions/Readable`).
    pub readable: Option<Capability>,
    /// Whether an entity of a collection may be read by its key (`ReadRestrictions/ReadByKeyRestrictions/Readable`).
    pub readable_by_key: Option<Capability>,
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

/// An annotation that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Insert,
    Update,
    Delete,
    Read,
    Navigation,
    Computed,
    Immutable,
    Permissions,
    Revisions,
    AlternateKeys,
    OptionalParameter,
}

impl Term {
    /// The term of that name, if it matters.
    pub(super) fn called(name: &str) -> Option<Term> {
        match name {
            "InsertRestrictions" => Some(Term::Insert),
            "UpdateRestrictions" => Some(Term::Update),
            "DeleteRestrictions" => Some(Term::Delete),
            "ReadRestrictions" => Some(Term::Read),
            "NavigationRestrictions" => Some(Term::Navigation),
            "Computed" => Some(Term::Computed),
            "Immutable" => Some(Term::Immutable),
            "Permissions" => Some(Term::Permissions),
            "Revisions" => Some(Term::Revisions),
            "AlternateKeys" => Some(Term::AlternateKeys),
            "OptionalParameter" => Some(Term::OptionalParameter),
            _ => None,
        }
    }

    /// This term, if that is the namespace of its vocabulary.
    pub(super) fn of_namespace(self, namespace: &str) -> Option<Term> {
        let own = match self {
            Term::Insert | Term::Update | Term::Delete | Term::Read | Term::Navigation => "Org.OData.Capabilities.V1",
            _ => "Org.OData.Core.V1",
        };
        (namespace == own).then_some(self)
    }
}

impl Notes {
    /// What is said of what a path of names leads to from here.
    pub fn below<'n>(&'n self, path: &'n str) -> impl Iterator<Item = &'n Notes> {
        self.restricted.iter().filter(move |(own, _)| own == path).map(|(_, notes)| notes)
    }

    /// Takes in what else is said about the same thing.
    pub(super) fn merge(&mut self, other: Notes) {
        self.insertable = other.insertable.or(self.insertable);
        self.updatable = other.updatable.or(self.updatable);
        self.delta_updatable = other.delta_updatable.or(self.delta_updatable);
        self.deletable = other.deletable.or(self.deletable);
        self.filter_deletable = other.filter_deletable.or(self.filter_deletable);
        self.readable = other.readable.or(self.readable);
        self.readable_by_key = other.readable_by_key.or(self.readable_by_key);
        self.restricted.extend(other.restricted);
        self.computed = other.computed.or(self.computed);
        self.immutable = other.immutable.or(self.immutable);
        self.deprecated = other.deprecated.or(self.deprecated.take());
        self.alternate_keys.extend(other.alternate_keys);
    }

    /// Takes an annotation in.
    pub(super) fn add(&mut self, term: Term, value: &Value, at: u32) {
        let capability = |name: &str| Some(Capability { allowed: value.record()?.get(name)?.as_bool()?, at });
        match term {
            Term::Insert => self.insertable = capability("Insertable").or(self.insertable),
            Term::Update => {
                self.updatable = capability("Updatable").or(self.updatable);
                self.delta_updatable = capability("DeltaUpdateSupported").or(self.delta_updatable);
            }
            Term::Delete => {
                self.deletable = capability("Deletable").or(self.deletable);
                self.filter_deletable = capability("FilterSegmentSupported").or(self.filter_deletable);
            }
            Term::Read => {
                self.readable = capability("Readable").or(self.readable);
                let by_key = value.record().and_then(|own| own.get("ReadByKeyRestrictions")).and_then(Value::record);
                let allowed = by_key.and_then(|own| own.get("Readable")).and_then(Value::as_bool);
                self.readable_by_key = allowed.map(|allowed| Capability { allowed, at }).or(self.readable_by_key);
            }
            Term::Navigation => {
                let properties = value.record().and_then(|own| own.get("RestrictedProperties")).into_iter();
                let records = properties.flat_map(Value::items).filter_map(Value::record);
                self.restricted.extend(records.filter_map(|own| restricted(own, at)));
            }
            // A tagging term without a value is true.
            Term::Computed => self.computed = (value.as_bool() != Some(false)).then_some(at),
            Term::Immutable => self.immutable = (value.as_bool() != Some(false)).then_some(at),
            Term::Permissions => {
                if value.as_member() == Some("Read") {
                    self.computed = Some(at);
                }
            }
            Term::Revisions => self.deprecated = value.items().find_map(|item| deprecation(item, at)),
            Term::AlternateKeys => self.alternate_keys = value.items().map(alternate_key).collect(),
            Term::OptionalParameter => self.is_optional = true,
        }
    }
}

/// What is said of one navigation property.
fn restricted(record: &Record, at: u32) -> Option<(String, Notes)> {
    let path = record.get("NavigationProperty")?.as_text()?;
    let mut notes = Notes::default();
    for (name, term) in [
        ("InsertRestrictions", Term::Insert),
        ("UpdateRestrictions", Term::Update),
        ("DeleteRestrictions", Term::Delete),
        ("ReadRestrictions", Term::Read),
    ] {
        if let Some(value) = record.get(name) {
            notes.add(term, value, at);
        }
    }
    Some((without_casts(path), notes))
}

/// A path of names without the types that it is cast to.
pub(super) fn without_casts(path: &str) -> String {
    path.split('/').filter(|name| !name.contains('.')).collect::<Vec<_>>().join("/")
}

fn deprecation(value: &Value, at: u32) -> Option<Deprecation> {
    let record = value.record()?;
    (record.get("Kind")?.as_member()? == "Deprecated").then(|| Deprecation {
        description: record.get("Description").and_then(Value::as_text).unwrap_or_default().to_owned(),
        removal: record.get("RemovalDate").and_then(Value::as_text).map(str::to_owned),
        at,
    })
}

/// The aliases of an alternate key's properties; a property without alias goes by its own name.
fn alternate_key(value: &Value) -> Vec<String> {
    let parts = value.record().and_then(|record| record.get("Key")).into_iter().flat_map(Value::items);
    parts.filter_map(Value::record).filter_map(alias).map(str::to_owned).collect()
}

/// What stands for a property in a key predicate.
fn alias(part: &Record) -> Option<&str> {
    part.get("Alias").or_else(|| part.get("Name")).and_then(Value::as_text)
}
