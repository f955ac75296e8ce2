//! Annotations that say what a client may do (OData vocabularies Core and Capabilities).

use std::collections::{BTreeMap, BTreeSet};

use super::value::Value;

/// What annotations say about one thing.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    pub(super) capabilities: BTreeMap<Ability, Capability>,
    /// What it both allows and denies, so that neither is known: a term is applied once to one thing (OData CSDL XML 4.01 section 14.2).
    pub(super) disputed: BTreeSet<Ability>,
    /// How an entity is updated, where only one way is supported (`UpdateRestrictions/UpdateMethod`): the methods, and where that is said.
    pub update_methods: Option<(Vec<String>, u32)>,
    /// Whether navigation properties can be followed from here (`NavigationRestrictions/Navigability`); that one level can counts as a yes.
    pub(super) is_navigable: Option<Capability>,
    /// The properties that are left out of what is allowed, by what that is (`NonInsertableProperties` and its like): paths without casts.
    pub(super) excluded: BTreeMap<Ability, (Vec<String>, u32)>,
    /// What is said of what is reached from here (`NavigationRestrictions/RestrictedProperties`, and annotations whose target is a path
    /// below a child of the container): the path of names, without casts.
    pub restricted: Vec<(String, Notes)>,
    /// Where it says that the service computes the value (`Computed`, or `Permissions` that allow reading only).
    pub computed: Option<u32>,
    /// Where it says that the value cannot change once the entity exists (`Immutable`).
    pub immutable: Option<u32>,
    /// That it is deprecated (`Revisions`).
    pub deprecated: Option<Deprecation>,
    /// What text has to match (`Org.OData.Validation.V1.Pattern`).
    pub pattern: Option<Box<str>>,
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
    /// Create one by updating what does not exist.
    Upsert,
    /// Create related entities with one.
    DeepInsert,
    /// Address one of a collection by its key.
    IndexByKey,
    /// Add, set and remove references to them (`$ref`).
    Reference,
    /// Ask for their number (`$count`).
    Count,
    /// Use `$filter`.
    Filter,
    /// Use `$orderby`.
    Sort,
    /// Sort in descending order.
    SortDescending,
    /// Sort in ascending order.
    SortAscending,
    /// Use `$expand`.
    Expand,
    /// Use `$select`.
    Select,
    /// Use `$search`.
    Search,
    /// Use `$top`.
    Top,
    /// Use `$skip`.
    Skip,
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

/// Where the vocabulary Capabilities says what is allowed: in which term, at which path of its members; the term itself where there is no
/// path.
const RESTRICTIONS: [(&str, &str, Ability); 21] = [
    ("InsertRestrictions", "Insertable", Ability::Insert),
    ("UpdateRestrictions", "Updatable", Ability::Update),
    ("UpdateRestrictions", "DeltaUpdateSupported", Ability::DeltaUpdate),
    ("DeleteRestrictions", "Deletable", Ability::Delete),
    ("DeleteRestrictions", "FilterSegmentSupported", Ability::FilterDelete),
    ("ReadRestrictions", "Readable", Ability::Read),
    ("ReadRestrictions", "ReadByKeyRestrictions/Readable", Ability::ReadByKey),
    ("UpdateRestrictions", "Upsertable", Ability::Upsert),
    // As Microsoft Graph calls the same.
    ("UpdateRestrictions", "UpsertSupported", Ability::Upsert),
    ("DeepInsertSupport", "Supported", Ability::DeepInsert),
    ("IndexableByKey", "", Ability::IndexByKey),
    ("NavigationRestrictions", "Referenceable", Ability::Reference),
    ("CountRestrictions", "Countable", Ability::Count),
    ("FilterRestrictions", "Filterable", Ability::Filter),
    ("SortRestrictions", "Sortable", Ability::Sort),
    ("ExpandRestrictions", "Expandable", Ability::Expand),
    ("SelectSupport", "Supported", Ability::Select),
    ("SelectRestrictions", "Selectable", Ability::Select),
    ("SearchRestrictions", "Searchable", Ability::Search),
    ("TopSupported", "", Ability::Top),
    ("SkipSupported", "", Ability::Skip),
];

/// Where it says of which properties something is not allowed.
const EXCLUSIONS: [(&str, &str, Ability); 10] = [
    ("InsertRestrictions", "NonInsertableProperties", Ability::Insert),
    ("InsertRestrictions", "NonInsertableNavigationProperties", Ability::DeepInsert),
    ("UpdateRestrictions", "NonUpdatableProperties", Ability::Update),
    ("FilterRestrictions", "NonFilterableProperties", Ability::Filter),
    ("SortRestrictions", "NonSortableProperties", Ability::Sort),
    ("SortRestrictions", "AscendingOnlyProperties", Ability::SortDescending),
    ("SortRestrictions", "DescendingOnlyProperties", Ability::SortAscending),
    ("ExpandRestrictions", "NonExpandableProperties", Ability::Expand),
    ("CountRestrictions", "NonCountableProperties", Ability::Count),
    ("CountRestrictions", "NonCountableNavigationProperties", Ability::Count),
];

/// The vocabulary of that name, if a term of it matters.
pub(super) fn vocabulary_of(name: &str, term: &str) -> Option<&'static str> {
    const CORE: [&str; 6] = ["Computed", "Immutable", "Permissions", "Revisions", "AlternateKeys", "OptionalParameter"];
    match name {
        "Org.OData.Core.V1" => CORE.contains(&term).then_some("Org.OData.Core.V1"),
        "Org.OData.Validation.V1" => (term == "Pattern").then_some("Org.OData.Validation.V1"),
        "Org.OData.Capabilities.V1" => is_restriction(term).then_some("Org.OData.Capabilities.V1"),
        _ => None,
    }
}

fn is_restriction(name: &str) -> bool {
    RESTRICTIONS.iter().any(|(term, ..)| *term == name)
}

impl Notes {
    /// Whether something is allowed, if that is said.
    pub fn capability(&self, ability: Ability) -> Option<Capability> {
        self.capabilities.get(&ability).copied()
    }

    /// Whether something is both allowed and denied, so that neither is known.
    pub fn is_disputed(&self, ability: Ability) -> bool {
        self.disputed.contains(&ability)
    }

    /// The properties of which something is not allowed, by their paths, and where that is said.
    pub fn excluded(&self, ability: Ability) -> Option<&(Vec<String>, u32)> {
        self.excluded.get(&ability)
    }

    /// Whether navigation properties can be followed from here, if that is said.
    pub fn navigable(&self) -> Option<Capability> {
        self.is_navigable
    }

    /// What is said of what a path of names leads to from here.
    pub fn below<'n>(&'n self, path: &str) -> impl Iterator<Item = &'n Notes> {
        self.restricted.iter().filter(move |(own, _)| own == path).map(|(_, notes)| notes)
    }

    /// Takes in whether something is allowed.
    fn state(&mut self, ability: Ability, capability: Capability) {
        let said = self.capabilities.entry(ability).or_insert(capability);
        if said.allowed != capability.allowed || self.disputed.contains(&ability) {
            self.capabilities.remove(&ability);
            self.disputed.insert(ability);
        }
    }

    /// What is said of each path of names from here.
    pub fn by_path(&self) -> BTreeMap<&str, Notes> {
        let mut found: BTreeMap<&str, Notes> = BTreeMap::new();
        for (path, notes) in &self.restricted {
            found.entry(path).or_default().merge(notes.clone());
        }
        found
    }

    /// Takes in what else is said about the same thing.
    pub(super) fn merge(&mut self, other: Notes) {
        self.disputed.extend(other.disputed);
        other.capabilities.into_iter().for_each(|(ability, capability)| self.state(ability, capability));
        self.capabilities.retain(|ability, _| !self.disputed.contains(ability));
        self.excluded.extend(other.excluded);
        self.update_methods = other.update_methods.or(self.update_methods.take());
        self.is_navigable = other.is_navigable.or(self.is_navigable);
        self.restricted.extend(other.restricted);
        self.computed = other.computed.or(self.computed);
        self.immutable = other.immutable.or(self.immutable);
        self.deprecated = other.deprecated.or(self.deprecated.take());
        self.alternate_keys.extend(other.alternate_keys);
        self.pattern = other.pattern.or(self.pattern.take());
    }

    /// Takes an annotation in.
    pub(super) fn add(&mut self, term: &str, value: &Value, at: u32) {
        // A tagging term without a value is true.
        let tagged = matches!(value, Value::None | Value::Bool(true)).then_some(at);
        match term {
            "Computed" => self.computed = tagged,
            "Immutable" => self.immutable = tagged,
            "Permissions" if value.as_member() == Some("Read") => self.computed = Some(at),
            "Revisions" => self.deprecated = value.items().find_map(|item| deprecation(item, at)),
            "AlternateKeys" => self.alternate_keys = value.items().map(alternate_key).collect(),
            // Its value is the default.
            "OptionalParameter" => self.is_optional = true,
            "Pattern" => self.pattern = value.as_text().map(Box::from),
            "Navigability" => {
                let is_allowed = |name: &str| match name {
                    "None" => Some(false),
                    "Single" | "Recursive" => Some(true),
                    _ => None,
                };
                let allowed = value.as_member().and_then(is_allowed);
                self.is_navigable = allowed.map(|allowed| Capability { allowed, at }).or(self.is_navigable);
            }
            _ => {
                if term == "NavigationRestrictions" {
                    let properties = value.member("RestrictedProperties").into_iter();
                    self.restricted.extend(properties.flat_map(Value::items).filter_map(|own| restricted(own, at)));
                    value.member("Navigability").into_iter().for_each(|own| self.add("Navigability", own, at));
                }
                if term == "UpdateRestrictions"
                    && let Some(methods) = value.member("UpdateMethod").and_then(Value::as_member)
                {
                    // The enumeration has flags.
                    let methods = methods.split([' ', ',']).filter(|own| !own.is_empty()).map(str::to_owned).collect();
                    self.update_methods = Some((methods, at));
                }
                for (_, name, ability) in EXCLUSIONS.iter().filter(|(own, ..)| *own == term) {
                    let paths = value.member(name).into_iter().flat_map(Value::items).filter_map(Value::as_text);
                    let paths: Vec<String> = paths.map(without_casts).collect();
                    if !paths.is_empty() {
                        self.excluded.entry(*ability).or_insert((Vec::new(), at)).0.extend(paths);
                    }
                }
                for (_, path, ability) in RESTRICTIONS.iter().filter(|(own, ..)| *own == term) {
                    let mut names = path.split('/').filter(|name| !name.is_empty());
                    let said = names.try_fold(value, |value, name| value.member(name));
                    // A tagging term without a value is true.
                    let is_tag = path.is_empty() && matches!(value, Value::None);
                    let said = said.and_then(Value::as_bool).or(is_tag.then_some(true));
                    if let Some(allowed) = said {
                        self.state(*ability, Capability { allowed, at });
                    }
                }
            }
        }
    }
}

/// What is said of one navigation property.
fn restricted(value: &Value, at: u32) -> Option<(String, Notes)> {
    let path = value.member("NavigationProperty")?.as_text()?;
    let mut notes = Notes::default();
    value
        .members()
        .filter(|(name, _)| name == "Navigability" || is_restriction(name))
        .for_each(|(name, value)| notes.add(name, value, at));
    Some((without_casts(path), notes))
}

/// A path of names without the types that it is cast to.
pub(crate) fn without_casts(path: &str) -> String {
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
