//! Which types of two documents are the same: by name, or by what they declare and where they are used, if they were renamed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::uses::Uses;
use crate::Place;
use crate::diff::pairs::{Index, Pairs, likeness};
use graph_contracts_odata::check::Metadata;
use graph_contracts_odata::csdl::{Csdl, TypeId, TypeKind};

/// Two documents, and which of their types are the same.
pub(super) struct Model<'m> {
    pub(super) old: &'m Csdl<'m>,
    pub(super) new: &'m Csdl<'m>,
    /// The types that both have.
    pub(super) pairs: Pairs<TypeId>,
    /// Who sees the values of the new types.
    pub(super) uses: Uses,
}

/// The part of two types' declarations that has to agree for one to be the other renamed, of 100.
const ALIKE: usize = 60;

/// A declaration that more new types have says nothing of which is which.
const MOST_COMMON: usize = 40;

impl<'m> Model<'m> {
    pub(super) fn new(old: &'m Metadata<'m>, new: &'m Metadata<'m>) -> Model<'m> {
        let mut model = Model { old: &old.csdl, new: &new.csdl, pairs: Pairs::new(), uses: Uses::of(&new.csdl) };
        for (id, _) in old.csdl.declarations() {
            if let Some(other) = new.csdl.find_type(&old.csdl.full_name(id)) {
                model.pairs.join(id, other);
            }
        }
        model.pairs.join_best(model.renamed());
        model
    }

    /// The types that are left and may be the same, with how alike they are and how often one is used as the other was.
    fn renamed(&self) -> Vec<((usize, usize), TypeId, TypeId)> {
        let (old, new) = (self.old, self.new);
        let added = new.declarations().map(|(id, _)| id).filter(|id| self.pairs.to_old(*id).is_none());
        let added: BTreeMap<TypeId, BTreeSet<Feature<'_>>> = added.map(|id| (id, features(new, id))).collect();
        if added.is_empty() {
            return Vec::new();
        }
        let index = Index::new(added.iter().map(|(id, features)| (*id, features)));
        let used = self.used_alike();
        let mut namesakes: HashMap<String, Vec<TypeId>> = HashMap::new();
        for id in added.keys() {
            namesakes.entry(new.declaration(*id).name.to_lowercase()).or_default().push(*id);
        }
        let mut scored = Vec::new();
        for (one, declared) in old.declarations().filter(|(id, _)| self.pairs.to_new(*id).is_none()) {
            let own = features(old, one);
            let used_alike = used.range((one, TypeId::FIRST)..).map(|(pair, _)| *pair);
            let used_alike = used_alike.take_while(|(old, _)| *old == one).map(|(_, other)| other);
            // A type that moved to another namespace, or whose name is in another case, may be empty.
            let namesakes = namesakes.get(&declared.name.to_lowercase()).into_iter().flatten().copied();
            let candidates: BTreeSet<TypeId> =
                index.alike(&own, MOST_COMMON).chain(used_alike).chain(namesakes).collect();
            for other in candidates.into_iter().filter(|other| self.is_same_kind(one, *other)) {
                let Some(features) = added.get(&other) else { continue };
                let uses = used.get(&(one, other)).copied().unwrap_or_default();
                let may_be = uses > 0 || declared.name.eq_ignore_ascii_case(new.declaration(other).name);
                let likeness = likeness(&own, features);
                let alike = likeness.unwrap_or_default();
                if alike >= ALIKE || may_be && (alike * 2 >= ALIKE || likeness.is_none()) {
                    scored.push(((alike, uses), one, other));
                }
            }
        }
        scored
    }

    /// How often a property that both documents have has one type in the old and the other in the new document.
    fn used_alike(&self) -> BTreeMap<(TypeId, TypeId), usize> {
        let mut counts = BTreeMap::new();
        for (one, other) in self.pairs.by_old() {
            let properties: HashMap<&str, &str> =
                self.new.own_properties(other).iter().map(|own| (own.name, own.type_text)).collect();
            for property in self.old.own_properties(one) {
                let Some(text) = properties.get(property.name) else { continue };
                let (was, is) = (self.old.type_ref(property.type_text).id, self.new.type_ref(text).id);
                if let (Some(was), Some(is)) = (was, is)
                    && self.pairs.to_new(was).is_none()
                    && self.pairs.to_old(is).is_none()
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
            (TypeKind::Definition { underlying: one, .. }, TypeKind::Definition { underlying: other, .. }) => {
                one == other
            }
            _ => false,
        }
    }

    /// An old type of the new document's, by its name there; others have the names that the old document gives them.
    pub(super) fn old_type(&self, text: &'m str) -> String {
        type_name(self.old, text, |id| match self.pairs.to_new(id) {
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
        let id = self.old.type_ref(text).id.filter(|id| self.pairs.to_new(*id).is_none())?;
        Some(self.old.full_name(id))
    }

    /// The name of the type that a new text names, if the type was added.
    pub(super) fn added_type(&self, text: &'m str) -> Option<String> {
        let id = self.new.type_ref(text).id.filter(|id| self.pairs.to_old(*id).is_none())?;
        Some(self.new.full_name(id))
    }

    /// A place: in the old document and in the new one.
    pub(super) fn place(&self, item: &str, at: &str, (old, new): (Option<u32>, Option<u32>)) -> Place {
        let old = old.map(|at| self.old.source_line(at));
        let new = new.map(|at| self.new.source_line(at));
        Place { item: item.to_owned(), at: at.to_owned(), spot: None, old, new }
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
