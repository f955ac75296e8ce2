//! Types that came, went or became others.

use std::collections::HashMap;

use super::notes;
use super::pair::Model;
use super::properties::{self, Tables};
use crate::diff::found::Found;
use crate::diff::types::SENTINEL;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Declaration, EnumType, StructuredKind, StructuredType, TypeId, TypeKind};

/// The changes of types, and of their properties and values.
pub(super) fn changes(model: &Model<'_, '_, '_>, found: &mut Vec<Found>) {
    let Model { old, new, .. } = model;
    for (id, declaration) in old.declarations().filter(|(id, _)| model.to_new(*id).is_none()) {
        let (name, what) = (old.full_name(id), kind(declaration));
        let words = (what, NOTHING);
        found.push(of_type(model, Kind::TypeRemoved, &name, words, (Some(declaration.at), None)));
    }
    for (id, declaration) in new.declarations().filter(|(id, _)| model.to_old(*id).is_none()) {
        let (name, what) = (new.full_name(id), kind(declaration));
        let words = (NOTHING, what);
        found.push(of_type(model, Kind::TypeAdded, &name, words, (None, Some(declaration.at))));
    }
    let tables = Tables::new(model);
    for (one, other) in model.both() {
        both(model, &tables, (one, other), found);
    }
}

/// A change of a type as a whole.
fn of_type(
    model: &Model<'_, '_, '_>,
    kind: Kind,
    name: &str,
    (before, after): (&str, &str),
    (old, new): (Option<u32>, Option<u32>),
) -> Found {
    Found {
        kind,
        key: name.to_owned(),
        area: name.to_owned(),
        subject: name.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        place: model.place(name.to_owned(), format!("type {name}"), old, new),
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

fn both<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    tables: &Tables<'_, 'o, 'n>,
    (one, other): (TypeId, TypeId),
    found: &mut Vec<Found>,
) {
    let (old, new) = (model.old.declaration(one), model.new.declaration(other));
    let (name, at) = (model.new.full_name(other), (Some(old.at), Some(new.at)));
    if model.is_renamed(one, other) {
        let place = model.place(name.clone(), format!("type {name}"), at.0, at.1);
        found.push(model.rename(one, other, place));
    }
    match (&old.kind, &new.kind) {
        _ if kind(old) != kind(new) => {
            found.push(of_type(model, Kind::TypeKindChanged, &name, (kind(old), kind(new)), at));
        }
        (TypeKind::Structured(own), TypeKind::Structured(now)) => {
            structured(model, (one, own), (other, now), &name, found);
            properties::changes(model, tables, (one, other), found);
            notes::of_type(model, one, other, &name, found);
        }
        (TypeKind::Enum(own), TypeKind::Enum(now)) => enumeration(model, (own, old.at), (now, new.at), &name, found),
        (TypeKind::Definition { underlying: own }, TypeKind::Definition { underlying: now }) if own != now => {
            found.push(of_type(model, Kind::TypeDefinitionChanged, &name, (own, now), at));
        }
        _ => {}
    }
}

fn structured(
    model: &Model<'_, '_, '_>,
    (one, old): (TypeId, &StructuredType<'_>),
    (other, new): (TypeId, &StructuredType<'_>),
    name: &str,
    found: &mut Vec<Found>,
) {
    let at = (Some(model.old.declaration(one).at), Some(model.new.declaration(other).at));
    let mut add = |kind, before: &str, after: &str| {
        found.push(of_type(model, kind, name, (before, after), at));
    };
    match (old.is_abstract, new.is_abstract) {
        (false, true) => add(Kind::TypeAbstract, "not abstract", "abstract"),
        (true, false) => add(Kind::TypeConcrete, "abstract", "not abstract"),
        _ => {}
    }
    match (model.old.is_open(one), model.new.is_open(other)) {
        (false, true) => add(Kind::TypeOpened, "not open", "open"),
        (true, false) => add(Kind::TypeClosed, "open", "not open"),
        _ => {}
    }
    let has_stream =
        |csdl: &Csdl<'_>, id| csdl.lineage(id).any(|id| csdl.structured(id).is_some_and(|own| own.has_stream));
    match (has_stream(model.old, one), has_stream(model.new, other)) {
        (false, true) => add(Kind::StreamAdded, "no media entity", "media entity"),
        (true, false) => add(Kind::StreamRemoved, "media entity", "no media entity"),
        _ => {}
    }
    let key = |names: &[&str]| if names.is_empty() { NOTHING.to_owned() } else { names.join(", ") };
    let (was, is) = (model.old.key(one), model.new.key(other));
    if was != is {
        // A base type's key is reported there, and a type that nothing can have keeps no key.
        let is_inherited = old.key.is_empty() && new.key.is_empty();
        if !is_inherited && !was.is_empty() {
            add(Kind::KeyChanged, &key(was), &key(is));
        }
    }
    base(model, (one, old), (other, new), &mut add);
}

/// Another base type. What is inherited from it is compared as properties are.
fn base(
    model: &Model<'_, '_, '_>,
    (one, old): (TypeId, &StructuredType<'_>),
    (other, new): (TypeId, &StructuredType<'_>),
    add: &mut impl FnMut(Kind, &str, &str),
) {
    let find = |csdl: &Csdl<'_>, own: &StructuredType<'_>| own.base.and_then(|name| csdl.find_type(name));
    let (was, is) = (find(model.old, old), find(model.new, new));
    let counterpart = was.and_then(|was| model.to_new(was));
    if counterpart == is && was.is_some() == is.is_some() {
        return;
    }
    let shown = |csdl: &Csdl<'_>, id: Option<TypeId>| id.map_or(NOTHING.to_owned(), |id| csdl.full_name(id));
    // A base type without properties that no value can have had no meaning.
    let was_before: Vec<TypeId> = model.old.lineage(one).skip(1).filter_map(|id| model.to_new(id)).collect();
    let is_lost = model.old.lineage(one).count() - 1 > was_before.len()
        || was_before.iter().any(|base| !model.new.is_a(other, *base));
    let kind = if is_lost { Kind::BaseTypeChanged } else { Kind::BaseTypeAdded };
    add(kind, &shown(model.old, was), &shown(model.new, is));
}

fn enumeration(
    model: &Model<'_, '_, '_>,
    (old, old_at): (&EnumType<'_>, u32),
    (new, new_at): (&EnumType<'_>, u32),
    name: &str,
    found: &mut Vec<Found>,
) {
    if old.is_flags != new.is_flags {
        let word = |is_flags| if is_flags { "flags" } else { "no flags" };
        let words = (word(old.is_flags), word(new.is_flags));
        found.push(of_type(model, Kind::FlagsChanged, name, words, (Some(old_at), Some(new_at))));
    }
    let is_evolvable = old.members.iter().any(|member| member.name == SENTINEL);
    let mut add = |kind, member: &str, (before, after): (&str, &str), (one, other): (u32, u32)| {
        found.push(Found {
            kind,
            key: format!("{name}/{member}"),
            area: name.to_owned(),
            subject: format!("{name}/{member}"),
            before: before.to_owned(),
            after: after.to_owned(),
            place: model.place(name.to_owned(), format!("member {member} of {name}"), Some(one), Some(other)),
        });
    };
    let by_name = |own: &'_ EnumType<'_>| -> HashMap<String, usize> {
        own.members.iter().enumerate().map(|(index, member)| (member.name.to_owned(), index)).collect()
    };
    let (old_members, new_members) = (by_name(old), by_name(new));
    for member in &old.members {
        match new_members.get(member.name).and_then(|index| new.members.get(*index)) {
            None => add(Kind::EnumValueRemoved, member.name, (member.name, NOTHING), (member.at, new_at)),
            Some(other) if other.value != member.value => {
                let number = |value: Option<&str>| value.unwrap_or("none given").to_owned();
                let (before, after) = (number(member.value), number(other.value));
                add(Kind::EnumNumberChanged, member.name, (&before, &after), (member.at, other.at));
            }
            Some(_) => {}
        }
    }
    for member in new.members.iter().filter(|member| !old_members.contains_key(member.name)) {
        let kind = match is_evolvable {
            _ if member.name == SENTINEL => Kind::EnumEvolvable,
            true => Kind::EvolvableEnumValueAdded,
            false => Kind::EnumValueAdded,
        };
        add(kind, member.name, (NOTHING, member.name), (old_at, member.at));
    }
}
