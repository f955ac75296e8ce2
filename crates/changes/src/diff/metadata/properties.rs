//! Properties that came, went or became others. What a type inherits is its own: a property that moves to a base type is not a change.

use std::collections::{HashMap, HashSet};

use super::facets::{self, FacetKinds};
use super::item::Item;
use super::notes;
use crate::diff::found::{Found, NULLABLE};
use crate::judgment::{DeclaredType, SENTINEL, TypeFact, Use, recased_property, retyped};
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Property, TypeId, TypeKind};

/// The properties of a document, by type and name: a type may have very many.
pub(super) struct Table<'m> {
    csdl: &'m Csdl<'m>,
    own: HashMap<(TypeId, &'m str), &'m Property<'m>>,
}

impl<'m> Table<'m> {
    pub(super) fn new(csdl: &'m Csdl<'m>) -> Table<'m> {
        let mut own = HashMap::new();
        for (id, _) in csdl.declarations() {
            for property in csdl.own_properties(id) {
                own.entry((id, property.name)).or_insert(property);
            }
        }
        Table { csdl, own }
    }

    /// A property, inherited or not.
    fn get(&self, id: TypeId, name: &str) -> Option<&'m Property<'m>> {
        self.csdl.lineage(id).find_map(|id| self.own.get(&(id, name)).copied())
    }
}

/// The changes of the properties of a type that both documents have.
pub(super) fn changes<'m>(
    item: &Item<'m>,
    (old, new): &(Table<'m>, Table<'m>),
    (one, other): (TypeId, TypeId),
    found: &mut Vec<Found>,
) {
    let used = item.model.uses.of_type(other);
    let is_created = item.model.uses.is_created(other);
    // Names that differ in their case alone are one property.
    let recased: HashMap<String, &Property<'m>> = new
        .csdl
        .own_properties(other)
        .iter()
        .filter(|own| old.get(one, own.name).is_none())
        .map(|own| (own.name.to_lowercase(), own))
        .collect();
    let mut taken = HashSet::new();
    for property in old.csdl.own_properties(one) {
        match new.get(other, property.name) {
            Some(now) => both(item, property, now, used, found),
            None if let Some(now) = recased.get(&property.name.to_lowercase()) => {
                taken.insert(now.at);
                let member = item.member("property", now.name, (property.at, now.at));
                found.extend(member.changed(recased_property(used), (property.name, now.name)));
                both(item, property, now, used, found);
            }
            None => found.push(removed(item, property, new.csdl.declaration(other).at)),
        }
    }
    let mut derived = None;
    for property in
        new.csdl.own_properties(other).iter().filter(|own| old.get(one, own.name).is_none() && !taken.contains(&own.at))
    {
        // What a derived type had has only moved.
        let derived = derived.get_or_insert_with(|| old.csdl.descendants(one));
        if !derived.iter().any(|id| old.own.contains_key(&(*id, property.name))) {
            found.push(added(item, property, old.csdl.declaration(one).at, is_created));
        }
    }
}

fn removed<'m>(of: &Item<'m>, property: &Property<'m>, new_at: u32) -> Found {
    let item = of.member("property", property.name, (property.at, new_at));
    let before = of.model.old_name(property.type_text);
    // What led to a type that is gone went with it.
    match of.model.gone_type(property.type_text) {
        Some(gone) => item.change_with_type(Kind::TypeRemoved, &gone, (&before, NOTHING)),
        None => item.change(Kind::PropertyRemoved, (&before, NOTHING)),
    }
}

fn added<'m>(of: &Item<'m>, property: &Property<'m>, old_at: u32, is_created: bool) -> Found {
    let new = of.model.new;
    let is_collection = new.type_ref(property.type_text).collection;
    // Without it, a request is refused, unless it has a default value (OData CSDL XML 4.01 section 7.3); an empty collection is one, and what is
    // read-only is never sent.
    let is_required = is_created
        && !property.nullable
        && property.facets().default.is_none()
        && !is_collection
        && !property.is_navigation
        && notes::read_only(property.notes.as_deref()).is_none();
    let kind = if is_required { Kind::PropertyRequired } else { Kind::PropertyAdded };
    let item = of.member("property", property.name, (old_at, property.at));
    item.change(kind, (NOTHING, &of.model.new_name(property.type_text)))
}

/// What a document says of a type: of a type definition, its underlying type.
fn declared_type(csdl: &Csdl<'_>, text: &str) -> DeclaredType {
    let inner = text.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
    let name = inner.unwrap_or(text);
    let fact = match csdl.find_type(name).map(|id| &csdl.declaration(id).kind) {
        Some(TypeKind::Enum(own)) => TypeFact::Enumeration(Some(!own.members.iter().any(|own| own.name == SENTINEL))),
        Some(TypeKind::Definition { underlying, .. }) => TypeFact::of_name(underlying),
        Some(TypeKind::Structured(_)) => TypeFact::Other,
        None => TypeFact::of_name(name),
    };
    DeclaredType { fact, is_collection: inner.is_some() }
}

/// What it means that something has another type.
pub(super) fn kind_of_retyping(of: &Item<'_>, (old, new): (&str, &str), used: Use) -> Kind {
    retyped(declared_type(of.model.old, old), declared_type(of.model.new, new), used)
}

fn both<'m>(of: &Item<'m>, old: &Property<'m>, new: &Property<'m>, used: Use, found: &mut Vec<Found>) {
    let item = of.member("property", new.name, (old.at, new.at));
    let types = (old.type_text, new.type_text);
    let navigation = |own: &Property<'_>| if own.is_navigation { "navigation property" } else { "structural property" };
    let is_sent = used.is_sent && notes::read_only(new.notes.as_deref()).is_none();
    let own_use = Use { is_sent, is_received: used.is_received || !is_sent };
    let other_kind = item.changed(Kind::PropertyRetyped, (navigation(old), navigation(new)));
    found.extend(other_kind.or_else(|| item.retyped(kind_of_retyping(of, types, own_use), types)));
    facets::of_typed(&item, types, (old.facets(), new.facets()), FacetKinds::of_property(is_sent), found);
    found.extend(facets::pattern(
        &item,
        (old.notes.as_deref(), new.notes.as_deref()),
        FacetKinds::of_property(is_sent),
    ));
    let contained = |own: &Property<'_>| if own.contains_target { "contained" } else { "not contained" };
    found.extend(item.changed(Kind::ContainmentChanged, (contained(old), contained(new))));
    let annotations = (old.notes.as_deref(), new.notes.as_deref());
    let nullable = if own_use.is_received { Kind::PropertyNullable } else { Kind::RequestPropertyNullable };
    let not_nullable = if is_sent { Kind::PropertyNotNullable } else { Kind::ResponsePropertyNotNullable };
    // A collection of entities has no null, whatever is said of it (OData CSDL XML 4.01 section 8.2).
    let is_of_entities =
        |csdl: &Csdl<'_>, own: &Property<'_>| own.is_navigation && csdl.type_ref(own.type_text).collection;
    if !(is_of_entities(of.model.old, old) && is_of_entities(of.model.new, new)) {
        found.extend(item.switched((old.nullable, new.nullable), [nullable, not_nullable], NULLABLE));
    }
    let is_collection = of.model.new.type_ref(new.type_text).collection;
    notes::of_property(&item, annotations, (used.is_sent, is_collection), found);
    found.extend(item.renamed_use(types));
}
