//! Which types of two documents are the same: by name, or by what they declare and where they are used, if they were renamed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::diff::found::Found;
use crate::{Kind, Place};
use graph_contracts::source::SourceLine;
use graph_contracts_odata::check::Metadata;
use graph_contracts_odata::csdl::{Csdl, TypeId, TypeKind};

/// Two documents, and which of their types are the same.
pub(super) struct Model<'m, 'o, 'n> {
    old_metadata: &'m Metadata<'o>,
    new_metadata: &'m Metadata<'n>,
    pub(super) old: &'m Csdl<'o>,
    pub(super) new: &'m Csdl<'n>,
    /// The counterparts of old types.
    to_new: BTreeMap<TypeId, TypeId>,
    to_old: BTreeMap<TypeId, TypeId>,
}

/// A type as it is written somewhere, in terms of the new document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TypeKey {
    /// A type of the new document.
    Declared(TypeId),
    /// An old type that is gone.
    Gone(TypeId),
    /// A primitive type, or one that is declared elsewhere.
    Named(String),
}

/// The part of two types' declarations that has to agree for one to be the other renamed, of 100.
const ALIKE: usize = 60;

/// A declaration that more new types have says nothing of which is which.
const MOST_COMMON: usize = 40;

impl<'m, 'o, 'n> Model<'m, 'o, 'n> {
    pub(super) fn new(old: &'m Metadata<'o>, new: &'m Metadata<'n>) -> Model<'m, 'o, 'n> {
        let (old_csdl, new_csdl) = (&old.csdl, &new.csdl);
        let mut model = Model {
            old_metadata: old,
            new_metadata: new,
            old: old_csdl,
            new: new_csdl,
            to_new: BTreeMap::new(),
            to_old: BTreeMap::new(),
        };
        for (id, _) in old_csdl.declarations() {
            if let Some(other) = new_csdl.find_type(&old_csdl.full_name(id)) {
                model.join(id, other);
            }
        }
        model.find_renamed();
        model
    }

    fn join(&mut self, one: TypeId, other: TypeId) {
        if !self.to_new.contains_key(&one) && !self.to_old.contains_key(&other) {
            self.to_new.insert(one, other);
            self.to_old.insert(other, one);
        }
    }

    pub(super) fn to_new(&self, id: TypeId) -> Option<TypeId> {
        self.to_new.get(&id).copied()
    }

    pub(super) fn to_old(&self, id: TypeId) -> Option<TypeId> {
        self.to_old.get(&id).copied()
    }

    /// The old types with their counterparts, in the order of the old document.
    pub(super) fn both(&self) -> impl Iterator<Item = (TypeId, TypeId)> {
        self.to_new.iter().map(|(old, new)| (*old, *new))
    }

    /// Pairs the types that are left, the most alike first.
    fn find_renamed(&mut self) {
        let removed: Vec<TypeId> =
            self.old.declarations().map(|(id, _)| id).filter(|id| self.to_new(*id).is_none()).collect();
        let added: HashSet<TypeId> =
            self.new.declarations().map(|(id, _)| id).filter(|id| self.to_old(*id).is_none()).collect();
        if removed.is_empty() || added.is_empty() {
            return;
        }
        let mut having: HashMap<Feature<'_>, Vec<TypeId>> = HashMap::new();
        let added_features: BTreeMap<TypeId, BTreeSet<Feature<'_>>> =
            added.iter().map(|id| (*id, features(self.new, *id))).collect();
        for (id, features) in &added_features {
            for feature in features {
                having.entry(*feature).or_default().push(*id);
            }
        }
        let used = self.used_alike(&added);
        let mut scored = Vec::new();
        for one in removed {
            let own = features(self.old, one);
            let mut candidates: BTreeSet<TypeId> = BTreeSet::new();
            for feature in &own {
                let types = having.get(feature).filter(|types| types.len() <= MOST_COMMON);
                candidates.extend(types.into_iter().flatten());
            }
            let first = (one, TypeId::FIRST);
            for (_, other) in used.range(first..).map(|(pair, _)| *pair).take_while(|(old, _)| *old == one) {
                candidates.insert(other);
            }
            // A type that moved to another namespace may be empty.
            let namesakes = self.new.types_called(self.old.declaration(one).name);
            for other in namesakes.filter(|other| added.contains(other)) {
                candidates.insert(other);
            }
            for other in candidates {
                if !self.is_same_kind(one, other) {
                    continue;
                }
                let has_same_name = self.old.declaration(one).name == self.new.declaration(other).name;
                let features = added_features.get(&other);
                let count = features.map_or(0, BTreeSet::len);
                let shared = features.map_or(0, |features| own.intersection(features).count());
                let alike = (shared * 100).checked_div(own.len() + count - shared).unwrap_or_default();
                let uses = used.get(&(one, other)).copied().unwrap_or_default();
                if alike >= ALIKE
                    || has_same_name && (alike * 2 >= ALIKE || own.is_empty() && count == 0)
                    || uses > 0 && alike * 2 >= ALIKE
                    || uses > 0 && own.is_empty() && count == 0
                {
                    scored.push((alike, uses, one, other));
                }
            }
        }
        scored.sort_by_key(|(alike, uses, one, other)| (Reverse(*alike), Reverse(*uses), *one, *other));
        scored.into_iter().for_each(|(_, _, one, other)| self.join(one, other));
    }

    /// How often a property that both documents have has one type in the old and the other in the new document.
    fn used_alike(&self, added: &HashSet<TypeId>) -> BTreeMap<(TypeId, TypeId), usize> {
        let mut counts = BTreeMap::new();
        for (one, other) in self.both() {
            let properties: HashMap<&str, &str> =
                self.new.own_properties(other).iter().map(|own| (own.name, own.type_text)).collect();
            for property in self.old.own_properties(one) {
                let Some(text) = properties.get(property.name) else { continue };
                let (was, is) = (self.old.type_ref(property.type_text).id, self.new.type_ref(text).id);
                if let (Some(was), Some(is)) = (was, is)
                    && self.to_new(was).is_none()
                    && added.contains(&is)
                {
                    *counts.entry((was, is)).or_default() += 1;
                }
            }
        }
        counts
    }

    fn is_same_kind(&self, one: TypeId, other: TypeId) -> bool {
        match (&self.old.declaration(one).kind, &self.new.declaration(other).kind) {
            (TypeKind::Structured(one), TypeKind::Structured(other)) => one.kind == other.kind,
            (TypeKind::Enum(_), TypeKind::Enum(_)) => true,
            (TypeKind::Definition { underlying: one }, TypeKind::Definition { underlying: other }) => one == other,
            _ => false,
        }
    }

    /// Whether a type has another name now.
    pub(super) fn is_renamed(&self, one: TypeId, other: TypeId) -> bool {
        self.old.full_name(one) != self.new.full_name(other)
    }

    /// What an old text names.
    pub(super) fn old_type(&self, text: &'o str) -> (bool, TypeKey) {
        let named = self.old.type_ref(text);
        let key = match named.id {
            Some(id) => self.to_new(id).map_or(TypeKey::Gone(id), TypeKey::Declared),
            None => TypeKey::Named(named.name.to_owned()),
        };
        (named.collection, key)
    }

    /// What a new text names.
    pub(super) fn new_type(&self, text: &'n str) -> (bool, TypeKey) {
        let named = self.new.type_ref(text);
        (named.collection, named.id.map_or_else(|| TypeKey::Named(named.name.to_owned()), TypeKey::Declared))
    }

    /// Whether two texts name the same type.
    pub(super) fn is_same_type(&self, old: &'o str, new: &'n str) -> bool {
        self.old_type(old) == self.new_type(new)
    }

    /// The name of a type as the old document writes it, with its namespace.
    pub(super) fn old_name(&self, text: &'o str) -> String {
        full_text(self.old, text)
    }

    /// The name of a type as the new document writes it, with its namespace.
    pub(super) fn new_name(&self, text: &'n str) -> String {
        full_text(self.new, text)
    }

    /// A place: in the old document and in the new one.
    pub(super) fn place(&self, item: String, at: String, old: Option<u32>, new: Option<u32>) -> Place {
        let old = old.map(|at| SourceLine::new(self.old_metadata.name, self.old.line(at)));
        let new = new.map(|at| SourceLine::new(self.new_metadata.name, self.new.line(at)));
        Place { item, at, old, new }
    }

    /// The change of a type's name, at a place where it shows. A namespace that has another name is one change for all its types.
    pub(super) fn rename(&self, one: TypeId, other: TypeId, place: Place) -> Found {
        let (mut before, mut after) = (self.old.full_name(one), self.new.full_name(other));
        let namespace = |name: &str| name.rsplit_once('.').map_or(String::new(), |(namespace, _)| namespace.to_owned());
        let (old_namespace, new_namespace) = (namespace(&before), namespace(&after));
        let is_same_name = self.old.declaration(one).name == self.new.declaration(other).name;
        if is_same_name && self.is_gone(&old_namespace) {
            (before, after) = (old_namespace, new_namespace);
        }
        let (key, area, subject) = (format!("{before} {after}"), before.clone(), before.clone());
        Found { kind: Kind::TypeRenamed, key, area, subject, before, after, place }
    }

    /// Whether the new document has no such namespace.
    pub(super) fn is_gone(&self, old_namespace: &str) -> bool {
        !self.new.is_namespace(old_namespace)
    }

    /// Adds the place to a type's renaming, if what two texts name is the same type renamed.
    pub(super) fn note_use(
        &self,
        (old, new): (&'o str, &'n str),
        place: impl FnOnce() -> Place,
        found: &mut Vec<Found>,
    ) {
        if let (Some(one), Some(other)) = (self.old.type_ref(old).id, self.new.type_ref(new).id)
            && self.to_new(one) == Some(other)
            && self.is_renamed(one, other)
        {
            found.push(self.rename(one, other, place()));
        }
    }
}

fn full_text<'x>(csdl: &Csdl<'x>, text: &'x str) -> String {
    let named = csdl.type_ref(text);
    let name = named.id.map_or_else(|| named.name.to_owned(), |id| csdl.full_name(id));
    if named.collection { format!("Collection({name})") } else { name }
}

/// What a type declares: a property with its type, or a member of an enumeration.
type Feature<'x> = (&'x str, &'x str);

fn features<'x>(csdl: &Csdl<'x>, id: TypeId) -> BTreeSet<Feature<'x>> {
    let properties = csdl.own_properties(id).iter().map(|own| (own.name, ""));
    let members = csdl.enumeration(id).into_iter().flat_map(|own| &own.members).map(|own| ("", own.name));
    properties.chain(members).collect()
}
