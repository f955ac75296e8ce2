//! Entity sets, singletons and imports that came, went or became others.

use std::collections::BTreeMap;

use super::notes;
use super::pair::Model;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Element, ElementKind};

/// The area of all of them.
const CONTAINER: &str = "entity container";

/// The changes of the entity container.
pub(super) fn changes<'o, 'n>(model: &Model<'_, 'o, 'n>, found: &mut Vec<Found>) {
    let old: BTreeMap<&str, &Element<'o>> = model.old.elements().iter().map(|own| (own.name, own)).collect();
    let new: BTreeMap<&str, &Element<'n>> = model.new.elements().iter().map(|own| (own.name, own)).collect();
    let change = |kind, name: &str, (before, after): (&str, &str), (one, other): (Option<u32>, Option<u32>)| Found {
        kind,
        key: name.to_owned(),
        area: CONTAINER.to_owned(),
        subject: name.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        place: model.place(name.to_owned(), format!("element {name}"), one, other),
    };
    for (name, own) in &old {
        let Some(other) = new.get(name) else {
            found.push(change(Kind::ElementRemoved, name, (word(own.kind), NOTHING), (Some(own.at), None)));
            continue;
        };
        let at = (Some(own.at), Some(other.at));
        if own.kind != other.kind {
            found.push(change(Kind::ElementChanged, name, (word(own.kind), word(other.kind)), at));
        } else if !model.is_same_type(own.type_text, other.type_text) {
            let (was, is) = (model.old_name(own.type_text), model.new_name(other.type_text));
            found.push(change(Kind::ElementChanged, name, (&was, &is), at));
        }
        notes::of_element(model, (own, other), found);
        let place = || model.place((*name).to_owned(), format!("element {name}"), at.0, at.1);
        model.note_use((own.type_text, other.type_text), place, found);
    }
    for (name, own) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        found.push(change(Kind::ElementAdded, name, (NOTHING, word(own.kind)), (None, Some(own.at))));
    }
}

fn word(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::EntitySet => "entity set",
        ElementKind::Singleton => "singleton",
        ElementKind::ActionImport => "action import",
        ElementKind::FunctionImport => "function import",
    }
}
