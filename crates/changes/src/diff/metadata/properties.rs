//! Properties that came, went or became others. What a type inherits is its own: a property that moves to a base type is not a change.

use std::collections::HashMap;

use super::notes;
use super::pair::{Model, TypeKey};
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Property, TypeId};

/// The properties of both documents, by type and name.
pub(super) struct Tables<'m, 'o, 'n> {
    old: Table<'m, 'o>,
    new: Table<'m, 'n>,
}

/// The properties of a document, by type and name: a type may have very many.
struct Table<'m, 'x> {
    csdl: &'m Csdl<'x>,
    own: HashMap<(TypeId, &'x str), &'m Property<'x>>,
}

impl<'m, 'o, 'n> Tables<'m, 'o, 'n> {
    pub(super) fn new(model: &Model<'m, 'o, 'n>) -> Tables<'m, 'o, 'n> {
        Tables { old: Table::new(model.old), new: Table::new(model.new) }
    }
}

impl<'m, 'x> Table<'m, 'x> {
    fn new(csdl: &'m Csdl<'x>) -> Table<'m, 'x> {
        let mut own = HashMap::new();
        for (id, _) in csdl.declarations() {
            for property in csdl.own_properties(id) {
                own.entry((id, property.name)).or_insert(property);
            }
        }
        Table { csdl, own }
    }

    /// A property, inherited or not.
    fn get(&self, id: TypeId, name: &str) -> Option<&'m Property<'x>> {
        self.csdl.lineage(id).find_map(|id| self.own.get(&(id, name)).copied())
    }
}

/// The changes of the properties of a type that both documents have.
pub(super) fn changes<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    tables: &Tables<'_, 'o, 'n>,
    (one, other): (TypeId, TypeId),
    found: &mut Vec<Found>,
) {
    let (old, new) = (model.old, model.new);
    let types = Types { model, one, other, name: new.full_name(other) };
    for property in old.own_properties(one) {
        match tables.new.get(other, property.name) {
            Some(now) => types.both(property, now, found),
            None => types.removed(property, found),
        }
    }
    let mut derived = None;
    for property in new.own_properties(other).iter().filter(|own| tables.old.get(one, own.name).is_none()) {
        // What a derived type had has only moved.
        let derived = derived.get_or_insert_with(|| old.descendants(one));
        if !derived.iter().any(|id| tables.old.own.contains_key(&(*id, property.name))) {
            types.added(property, found);
        }
    }
}

struct Types<'t, 'm, 'o, 'n> {
    model: &'t Model<'m, 'o, 'n>,
    one: TypeId,
    other: TypeId,
    name: String,
}

impl<'o, 'n> Types<'_, '_, 'o, 'n> {
    fn change(&self, kind: Kind, property: &str, (before, after): (String, String), at: (u32, u32)) -> Found {
        let name = &self.name;
        Found {
            kind,
            key: format!("{name}/{property}"),
            area: name.clone(),
            subject: format!("{name}/{property}"),
            before,
            after,
            place: self.model.place(name.clone(), format!("property {property} of {name}"), Some(at.0), Some(at.1)),
        }
    }

    /// Where the type itself is declared, in both documents.
    fn declared(&self) -> (u32, u32) {
        (self.model.old.declaration(self.one).at, self.model.new.declaration(self.other).at)
    }

    fn removed(&self, property: &Property<'o>, found: &mut Vec<Found>) {
        let (at, before) = ((property.at, self.declared().1), self.model.old_name(property.type_text));
        let change = self.change(Kind::PropertyRemoved, property.name, (before, NOTHING.to_owned()), at);
        // What led to a type that is gone went with it.
        match self.model.old_type(property.type_text) {
            (_, TypeKey::Gone(id)) => {
                let gone = self.model.old.full_name(id);
                found.push(Found {
                    kind: Kind::TypeRemoved,
                    key: gone.clone(),
                    area: gone.clone(),
                    subject: gone,
                    ..change
                });
            }
            _ => found.push(change),
        }
    }

    fn added(&self, property: &Property<'n>, found: &mut Vec<Found>) {
        let after = self.model.new_name(property.type_text);
        let is_collection = self.model.new.type_ref(property.type_text).collection;
        // Without it, a request is refused; an empty collection is one, and what is read-only is never sent.
        let is_required = !property.nullable
            && !is_collection
            && !property.is_navigation
            && notes::read_only(property.notes.as_deref()).is_none();
        let kind = if is_required { Kind::PropertyRequired } else { Kind::PropertyAdded };
        found.push(self.change(kind, property.name, (NOTHING.to_owned(), after), (self.declared().0, property.at)));
    }

    fn both(&self, old: &Property<'o>, new: &Property<'n>, found: &mut Vec<Found>) {
        let model = self.model;
        let at = (old.at, new.at);
        let mut add = |kind, before: &str, after: &str| {
            found.push(self.change(kind, old.name, (before.to_owned(), after.to_owned()), at));
        };
        let navigation = |is_navigation| if is_navigation { "navigation property" } else { "structural property" };
        if old.is_navigation != new.is_navigation {
            add(Kind::PropertyRetyped, navigation(old.is_navigation), navigation(new.is_navigation));
        } else if !model.is_same_type(old.type_text, new.type_text) {
            add(Kind::PropertyRetyped, &model.old_name(old.type_text), &model.new_name(new.type_text));
        }
        if old.contains_target != new.contains_target {
            let word = |contains| if contains { "contained" } else { "not contained" };
            add(Kind::ContainmentChanged, word(old.contains_target), word(new.contains_target));
        }
        let is_sent = notes::read_only(new.notes.as_deref()).is_none();
        match (old.nullable, new.nullable) {
            (false, true) => add(Kind::PropertyNullable, "a value", "a value or null"),
            (true, false) if is_sent => add(Kind::PropertyNotNullable, "a value or null", "a value"),
            (true, false) => add(Kind::ResponsePropertyNotNullable, "a value or null", "a value"),
            _ => {}
        }
        notes::of_property(model, (old, new), &self.name, found);
        let place = || {
            model.place(self.name.clone(), format!("property {} of {}", new.name, self.name), Some(at.0), Some(at.1))
        };
        model.note_use((old.type_text, new.type_text), place, found);
    }
}
