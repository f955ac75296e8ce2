//! Entity sets, singletons and imports that came, went or became others.

use std::collections::BTreeMap;

use super::item::{Item, Offsets};
use super::named::Named;
use super::notes;
use super::pair::Model;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Element, ElementKind};

/// The changes of the entity container.
pub(super) fn changes<'m>(model: &'m Model<'m>, found: &mut Vec<Found>) {
    let by_name = |csdl: &'m Csdl<'m>| -> BTreeMap<&str, &Element<'m>> {
        csdl.elements.iter().map(|own| (own.name, own)).collect()
    };
    let (old, new) = (by_name(model.old), by_name(model.new));
    let item = |name: &str, at: Offsets| {
        let area = "entity container".to_owned();
        Item { area, label: format!("element {name}"), ..Item::of_type(model, name, at) }
    };
    let named = Named::pair(old.into_values(), new.into_values(), |own| own.name);
    for (own, other) in named.old {
        let Some(other) = other else {
            found.push(item(own.name, (Some(own.at), None)).change(Kind::ElementRemoved, (word(own.kind), NOTHING)));
            continue;
        };
        let item = item(other.name, (Some(own.at), Some(other.at)));
        found.extend(item.changed(Kind::NameCase, (own.name, other.name)));
        let types = (own.type_text, other.type_text);
        let other_kind = item.changed(Kind::ElementChanged, (word(own.kind), word(other.kind)));
        found.extend(other_kind.or_else(|| item.retyped(Kind::ElementChanged, types)));
        notes::of_element(
            &item,
            (own.notes.as_deref(), other.notes.as_deref()),
            other.kind == ElementKind::EntitySet,
            found,
        );
        found.extend(item.renamed_use(types));
    }
    for own in named.added {
        found.push(item(own.name, (None, Some(own.at))).change(Kind::ElementAdded, (NOTHING, word(own.kind))));
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
