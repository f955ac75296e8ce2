//! Which types of two documents are the same: by name, or by what they declare and where they are used, if they were renamed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::Place;
use graph_contracts::source::SourceLine;
use graph_contracts_odata::check::Metadata;
use graph_contracts_odata::csdl::{Csdl, TypeId, TypeKind};

/// Two documents, and which of their types are the same.
pub(super) struct Model<'m> {
    pub(super) old: &'m Csdl<'m>,
    pub(super) new: &'m Csdl<'m>,
    /// What the documents are called.
    names: (&'m str, &'m str),
    /// The counterparts of old types.
    to_new: BTreeMap<TypeId, TypeId>,
    to_old: BTreeMap<TypeId, TypeId>,
}

/// The part of two types' declarations that has to agree for one to be the other renamed, of 100.
const ALIKE: usize = 60;

/// A declaration that more new types have says nothing of which is which.
const MOST_COMMON: usize = 40;

impl<'m> Model<'m> {
    pub(super) fn new(old: &'m Metadata<'m>, new: &'m Metadata<'m>) -> Model<'m> {
        let (to_new, to_old) = (BTreeMap::new(), BTreeMap::new());
        let mut model = Model { old: &old.csdl, new: &new.csdl, names: (old.name, new.name), to_new, to_old };
        for (id, _) in old.csdl.declarations() {
            if let Some(other) = new.csdl.find_type(&old.csdl.full_name(id)) {
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

    /// An old type of the new document's, by its name there; others have the names that the old document gives them.
    pub(super) fn old_type(&self, text: &'m str) -> String {
        type_name(self.old, text, |id| match self.to_new(id) {
            Some(id) => self.new.full_name(id),
            None => self.old.full_name(id),
        })
    }

    /// The name of a type as the old document writes it, with its namespace.
    pub(super) fn old_name(&self, text: &'m str) -> String {
        full_text(self.old, text)
    }

    /// The name of a type as the new document writes it, with its namespace.
    pub(super) fn new_name(&self, text: &'m str) -> String {
        full_text(self.new, text)
    }

    /// The name of the type that an old text names, if the type is gone.
    pub(super) fn gone_type(&self, text: &'m str) -> Option<String> {
        let id = self.old.type_ref(text).id.filter(|id| self.to_new(*id).is_none())?;
        Some(self.old.full_name(id))
    }

    /// The name of the type that a new text names, if the type was added.
    pub(super) fn added_type(&self, text: &'m str) -> Option<String> {
        let id = self.new.type_ref(text).id.filter(|id| self.to_old(*id).is_none())?;
        Some(self.new.full_name(id))
    }

    /// A place: in the old document and in the new one.
    pub(super) fn place(&self, item: &str, at: &str, (old, new): (Option<u32>, Option<u32>)) -> Place {
        let old = old.map(|at| SourceLine::new(self.names.0, self.old.line(at)));
        let new = new.map(|at| SourceLine::new(self.names.1, self.new.line(at)));
        Place { item: item.to_owned(), at: at.to_owned(), path: None, old, new }
    }

    /// Whether the new document has no such namespace.
    pub(super) fn is_gone(&self, old_namespace: &str) -> bool {
        !self.new.is_namespace(old_namespace)
    }
}

/// The name of a type as a document writes it, with its namespace.
pub(super) fn full_text<'m>(csdl: &Csdl<'m>, text: &'m str) -> String {
    type_name(csdl, text, |id| csdl.full_name(id))
}

fn type_name<'m>(csdl: &Csdl<'m>, text: &'m str, name_of: impl FnOnce(TypeId) -> String) -> String {
    let named = csdl.type_ref(text);
    let name = named.id.map_or_else(|| named.name.to_owned(), name_of);
    if named.collection { format!("Collection({name})") } else { name }
}

/// What a type declares: a property with its type, or a member of an enumeration.
type Feature<'x> = (&'x str, &'x str);

fn features<'x>(csdl: &Csdl<'x>, id: TypeId) -> BTreeSet<Feature<'x>> {
    let properties = csdl.own_properties(id).iter().map(|own| (own.name, ""));
    let members = csdl.enumeration(id).into_iter().flat_map(|own| &own.members).map(|own| ("", own.name));
    properties.chain(members).collect()
}
