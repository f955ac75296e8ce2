//! Types that came, went or became others.

use super::facets::{self, FacetKinds};
use super::item::{Item, Offsets};
use super::named::Named;
use super::notes;
use super::pair::Model;
use super::properties::{self, Table};
use crate::diff::found::Found;
use crate::judgment::{SENTINEL, Use, further_value, recased_value, removed_value};
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{
    Csdl, Declaration, EnumMember, EnumType, StructuredKind, StructuredType, TypeId, TypeKind,
};

/// The changes of types, and of their properties and values.
pub(super) fn changes<'m>(model: &'m Model<'m>, found: &mut Vec<Found>) {
    let whole = |csdl: &Csdl<'_>, id: TypeId, at: Offsets| Item::of_type(model, &csdl.full_name(id), at);
    for (id, own) in model.old.declarations().filter(|(id, _)| model.pairs.to_new(*id).is_none()) {
        let item = whole(model.old, id, (Some(own.at), None));
        found.push(item.change(Kind::TypeRemoved, (kind(own), NOTHING)));
    }
    for (id, own) in model.new.declarations().filter(|(id, _)| model.pairs.to_old(*id).is_none()) {
        let item = whole(model.new, id, (None, Some(own.at)));
        found.push(item.change(Kind::TypeAdded, (NOTHING, kind(own))));
    }
    let tables = (Table::new(model.old), Table::new(model.new));
    for (one, other) in model.pairs.by_old() {
        let at = (Some(model.old.declaration(one).at), Some(model.new.declaration(other).at));
        both(&whole(model.new, other, at), &tables, (one, other), found);
    }
}

fn kind(declaration: &Declaration<'_>) -> &'static str {
    match &declaration.kind {
        TypeKind::Structured(own) if own.kind == StructuredKind::Entity => "entity type",
        TypeKind::Structured(_) => "complex type",
        TypeKind::Enum(_) => "enumeration type",
        TypeKind::Definition { .. } => "type definition",
    }
}

fn both<'m>(item: &Item<'m>, tables: &(Table<'m>, Table<'m>), (one, other): (TypeId, TypeId), found: &mut Vec<Found>) {
    let (old, new) = (item.model.old, item.model.new);
    found.extend(item.renamed((one, other)));
    let (was, is) = (old.declaration(one), new.declaration(other));
    found.extend(item.changed(Kind::TypeKindChanged, (kind(was), kind(is))));
    match (&was.kind, &is.kind) {
        (TypeKind::Structured(own), TypeKind::Structured(now)) if own.kind == now.kind => {
            structured(item, (one, own), (other, now), found);
            properties::changes(item, tables, (one, other), found);
            notes::of_type(item, (was.notes.as_deref(), is.notes.as_deref()), found);
        }
        (TypeKind::Enum(own), TypeKind::Enum(now)) => {
            enumeration(item, (own, was.at), (now, is.at), item.model.uses.of_type(other), found);
        }
        (
            TypeKind::Definition { underlying: own, facets: were },
            TypeKind::Definition { underlying: now, facets: are },
        ) => {
            found.extend(item.changed(Kind::TypeDefinitionChanged, (own, now)));
            let kinds = FacetKinds::of_property(item.model.uses.of_type(other).is_sent);
            facets::changes(item, (were, are), kinds, found);
            found.extend(facets::pattern(item, (was.notes.as_deref(), is.notes.as_deref()), kinds));
        }
        _ => {}
    }
}

fn structured(
    item: &Item<'_>,
    (one, was): (TypeId, &StructuredType<'_>),
    (other, is): (TypeId, &StructuredType<'_>),
    found: &mut Vec<Found>,
) {
    let (old, new) = (item.model.old, item.model.new);
    let has_stream =
        |csdl: &Csdl<'_>, id| csdl.lineage(id).any(|id| csdl.structured(id).is_some_and(|own| own.has_stream));
    let is_abstract = (was.is_abstract, is.is_abstract);
    let is_open = (old.is_open(one), new.is_open(other));
    let has_stream = (has_stream(old, one), has_stream(new, other));
    let abstract_words = ["not abstract", "abstract"];
    found.extend(item.switched(is_abstract, [Kind::TypeAbstract, Kind::TypeConcrete], abstract_words));
    found.extend(item.switched(is_open, [Kind::TypeOpened, Kind::TypeClosed], ["not open", "open"]));
    let media_words = ["no media entity", "media entity"];
    found.extend(item.switched(has_stream, [Kind::StreamAdded, Kind::StreamRemoved], media_words));
    let key = |names: &[&str]| if names.is_empty() { NOTHING.to_owned() } else { names.join(", ") };
    // A base type's key is reported there, and a type that nothing can have keeps no key.
    let is_inherited = was.key.is_empty() && is.key.is_empty();
    if !is_inherited && !old.key(one).is_empty() {
        found.extend(item.changed(Kind::KeyChanged, (&key(old.key(one)), &key(new.key(other)))));
    }
    found.extend(base(item, (one, was), (other, is)));
}

/// Another base type. What is inherited from it is compared as properties are.
fn base(
    item: &Item<'_>,
    (one, was): (TypeId, &StructuredType<'_>),
    (other, is): (TypeId, &StructuredType<'_>),
) -> Option<Found> {
    let model = item.model;
    let find = |csdl: &Csdl<'_>, own: &StructuredType<'_>| own.base.and_then(|name| csdl.find_type(name));
    let (was, is) = (find(model.old, was), find(model.new, is));
    let counterpart = was.and_then(|was| model.pairs.to_new(was));
    if counterpart == is && was.is_some() == is.is_some() {
        return None;
    }
    let shown = |csdl: &Csdl<'_>, id: Option<TypeId>| id.map_or(NOTHING.to_owned(), |id| csdl.full_name(id));
    // A base type without properties that no value can have had no meaning.
    let was_before: Vec<TypeId> = model.old.lineage(one).skip(1).filter_map(|id| model.pairs.to_new(id)).collect();
    let is_lost = model.old.lineage(one).count() - 1 > was_before.len()
        || was_before.iter().any(|base| !model.new.is_a(other, *base));
    let kind = if is_lost { Kind::BaseTypeChanged } else { Kind::BaseTypeAdded };
    Some(item.change(kind, (&shown(model.old, was), &shown(model.new, is))))
}

fn enumeration(
    item: &Item<'_>,
    (old, old_at): (&EnumType<'_>, u32),
    (new, new_at): (&EnumType<'_>, u32),
    used: Use,
    found: &mut Vec<Found>,
) {
    let word = |own: &EnumType<'_>| if own.is_flags { "flags" } else { "no flags" };
    found.extend(item.changed(Kind::FlagsChanged, (word(old), word(new))));
    let named = Named::pair(&old.members, &new.members, |own| own.name);
    for (EnumMember { name, value, at }, other) in named.old {
        let Some(other) = other else {
            found.push(item.member("member", name, (*at, new_at)).change(removed_value(used), (name, NOTHING)));
            continue;
        };
        found.extend(
            item.member("member", other.name, (*at, other.at)).changed(recased_value(used), (name, other.name)),
        );
        let [was, is] = [*value, other.value].map(|value| value.unwrap_or("none given"));
        found.extend(item.member("member", name, (*at, other.at)).changed(Kind::EnumNumberChanged, (was, is)));
    }
    let is_evolvable = old.members.iter().any(|own| own.name == SENTINEL);
    for EnumMember { name, at, .. } in named.added {
        let kind = further_value(name, is_evolvable, used);
        found.push(item.member("member", name, (old_at, *at)).change(kind, (NOTHING, name)));
    }
}
