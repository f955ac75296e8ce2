//! Actions and functions that came, went or became others.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::facets::{self, FacetKinds};
use super::item::{Item, Offsets};
use super::named::Named;
use super::notes;
use super::pair::{Model, full_text};
use super::properties::kind_of_retyping;
use crate::diff::found::{Found, NULLABLE};
use crate::judgment::Use;
use crate::{Effect, Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Operation, OperationKind, Parameter};

/// What an operation is invoked on, and its name without namespace in lower case: overloads differ in their parameters.
type Group = (Option<String>, String);

/// The changes of operations.
pub(super) fn changes<'m>(model: &'m Model<'m>, found: &mut Vec<Found>) {
    let mut groups: BTreeMap<Group, (Vec<&Operation<'m>>, Vec<&Operation<'m>>)> = BTreeMap::new();
    let mut new_by_name: BTreeMap<&str, Vec<&Operation<'m>>> = BTreeMap::new();
    for own in &model.old.operations {
        groups.entry((binding(own).map(|text| model.old_type(text)), own.name.to_lowercase())).or_default().0.push(own);
    }
    for own in &model.new.operations {
        groups.entry((binding(own).map(|text| model.new_name(text)), own.name.to_lowercase())).or_default().1.push(own);
        new_by_name.entry(own.name).or_default().push(own);
    }
    let (mut all_removed, mut all_added) = (Vec::new(), Vec::new());
    for (olds, news) in groups.into_values() {
        let (pairs, removed, added) = overloads(model, &olds, &news);
        pairs.into_iter().for_each(|(one, other)| both(model, one, other, found));
        all_removed.extend(removed);
        all_added.extend(added);
    }
    // What moved to a base type is invoked as before.
    let mut moved = HashSet::new();
    for own in all_removed {
        let namesakes = new_by_name.get(own.name).into_iter().flatten().copied();
        if let Some(other) = namesakes.into_iter().find(|other| is_for_base_type(model, own, other)) {
            moved.insert(other.at);
            both(model, own, other, found);
            continue;
        }
        let (item, words) = (whole(model, model.old, own, (Some(own.at), None)), (word(own.kind), NOTHING));
        // What was bound to a type that is gone went with it.
        found.push(match binding(own).and_then(|text| model.gone_type(text)) {
            Some(gone) => item.change_with_type(Kind::TypeRemoved, &gone, words),
            None => item.change(Kind::OperationRemoved, words),
        });
    }
    for own in all_added.into_iter().filter(|own| !moved.contains(&own.at)) {
        let (item, words) = (whole(model, model.new, own, (None, Some(own.at))), (NOTHING, word(own.kind)));
        found.push(match binding(own).and_then(|text| model.added_type(text)) {
            Some(added) => item.change_with_type(Kind::TypeAdded, &added, words),
            None => item.change(Kind::OperationAdded, words),
        });
    }
}

/// Whether an operation of the new document can be invoked on whatever one of the old document was, with the same parameters and result: it is
/// bound to a type that the other's type inherits from (OData CSDL XML 4.01 section 12.5).
fn is_for_base_type<'m>(model: &'m Model<'m>, old: &Operation<'m>, new: &Operation<'m>) -> bool {
    let (Some(was), Some(is)) = (binding(old), binding(new)) else { return false };
    let (was, is) = (model.old.type_ref(was), model.new.type_ref(is));
    let inherits = || {
        let own = was.id.and_then(|id| model.pairs.to_new(id));
        own.zip(is.id).is_some_and(|(own, base)| model.new.is_a(own, base))
    };
    let returned = (old.return_type.map(|text| model.old_type(text)), new.return_type.map(|text| model.new_name(text)));
    let is_alike = names(old) == names(new) && returned.0 == returned.1 && fits(model, old, new);
    was.collection == is.collection && is_alike && inherits()
}

/// The names of an operation's parameters, in lower case.
fn names(operation: &Operation<'_>) -> BTreeSet<String> {
    operation.own_parameters().iter().map(|own| own.name.to_lowercase()).collect()
}

/// Whether the namespace of an operation is that of another one, or gone: then any may have taken its place.
fn fits<'m>(model: &Model<'m>, old: &Operation<'m>, new: &Operation<'m>) -> bool {
    let namespace = model.old.namespace_of(old);
    namespace == model.new.namespace_of(new) || model.is_gone(namespace)
}

/// The type of what an operation is invoked on.
fn binding<'x>(operation: &Operation<'x>) -> Option<&'x str> {
    operation.parameters.first().filter(|_| operation.is_bound).map(|first| first.type_text)
}

type Overloads<'a, 'm> = (Vec<(&'a Operation<'m>, &'a Operation<'m>)>, Vec<&'a Operation<'m>>, Vec<&'a Operation<'m>>);

/// Which overloads are the same: those of one namespace with the same names of parameters, and what is left if that is one of each.
fn overloads<'a, 'm>(model: &Model<'m>, olds: &[&'a Operation<'m>], news: &[&'a Operation<'m>]) -> Overloads<'a, 'm> {
    let mut by_names: BTreeMap<BTreeSet<String>, Vec<&Operation<'m>>> = BTreeMap::new();
    for other in news {
        by_names.entry(names(other)).or_default().push(other);
    }
    let (mut pairs, mut unmatched) = (Vec::new(), Vec::new());
    for one in olds {
        let found = by_names.get_mut(&names(one)).and_then(|alike| {
            let is_namesake = |other: &&Operation<'m>| other.name == one.name && fits(model, one, other);
            let at = alike.iter().position(is_namesake);
            let at = at.or_else(|| alike.iter().position(|other| fits(model, one, other)))?;
            Some(alike.remove(at))
        });
        match found {
            Some(other) => pairs.push((*one, other)),
            None => unmatched.push(*one),
        }
    }
    let mut left: Vec<&Operation<'m>> = by_names.into_values().flatten().collect();
    left.sort_by_key(|own| own.at);
    // Several overloads that all have other parameters are others.
    if let ([one], [other]) = (unmatched.as_slice(), left.as_slice())
        && fits(model, one, other)
    {
        pairs.push((one, other));
        return (pairs, Vec::new(), Vec::new());
    }
    (pairs, unmatched, left)
}

/// How many parameters are shown.
const MOST_PARAMETERS: usize = 8;

/// An operation as a change names it: `microsoft.graph.user: sendMail(Message, SaveToSentItems)`.
fn item<'m>(model: &'m Model<'m>, csdl: &Csdl<'m>, operation: &Operation<'m>, at: Offsets) -> Item<'m> {
    let own = operation.own_parameters();
    let mut parameters: Vec<&str> = own.iter().take(MOST_PARAMETERS).map(|own| own.name).collect();
    if own.len() > MOST_PARAMETERS {
        parameters.push("…");
    }
    let call = format!("{}({})", operation.name, parameters.join(", "));
    let (area, subject) = match binding(operation).map(|text| full_text(csdl, text)) {
        Some(bound) => (bound.clone(), format!("{bound}: {call}")),
        None => ("unbound operations".to_owned(), call),
    };
    // Overloads may be shown alike.
    let key = format!("{} {subject}", operation.at);
    let owner = csdl.operation_name(operation);
    Item { model, owner, area, label: subject.clone(), subject, key, at }
}

fn word(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Action => "action",
        OperationKind::Function => "function",
    }
}

/// An operation that only one of the documents has.
fn whole<'m>(model: &'m Model<'m>, csdl: &Csdl<'m>, operation: &Operation<'m>, at: Offsets) -> Item<'m> {
    let item = item(model, csdl, operation, at);
    Item { label: format!("{} {}", word(operation.kind), item.subject), ..item }
}

fn both<'m>(model: &'m Model<'m>, old: &Operation<'m>, new: &Operation<'m>, found: &mut Vec<Found>) {
    let item = item(model, model.new, new, (Some(old.at), Some(new.at)));
    found.extend(item.changed(Kind::NameCase, (old.name, new.name)));
    found.extend(item.changed(Kind::OperationKindChanged, (word(old.kind), word(new.kind))));
    let kinds = [Kind::ComposableAdded, Kind::ComposableRemoved];
    found.extend(item.switched((old.is_composable, new.is_composable), kinds, ["not composable", "composable"]));
    returned(&item, old, new, found);
    parameters(&item, old, new, found);
    let binding = old.parameters.first().zip(new.parameters.first()).filter(|_| old.is_bound && new.is_bound);
    let own = by_name(old.own_parameters());
    let named = new.own_parameters().iter().filter_map(|other| Some((*own.get(other.name)?, other)));
    for (one, other) in binding.into_iter().chain(named) {
        let parameter = item.part(&format!("parameter {}", other.name), (one.at, other.at));
        found.extend(parameter.renamed_use((one.type_text, other.type_text)));
    }
    let item = Item { label: format!("operation {}", item.subject), ..item };
    notes::deprecation(&item, (old.notes.as_deref(), new.notes.as_deref()), found);
}

fn returned<'m>(of: &Item<'m>, old: &Operation<'m>, new: &Operation<'m>, found: &mut Vec<Found>) {
    let item = of.part("return type", (old.at, new.at));
    if let (Some(one), Some(other)) = (old.return_type, new.return_type) {
        let kinds = [Kind::ReturnNullable, Kind::ReturnNotNullable];
        let kind = match kind_of_retyping(&item, (one, other), Use { is_sent: false, is_received: true }) {
            kind if kind.effect() == Effect::Cosmetic => kind,
            _ => Kind::ReturnTypeChanged,
        };
        let retyped = item.retyped(kind, (one, other));
        // Of another value, null is not the point.
        if retyped.is_none() || kind != Kind::ReturnTypeChanged {
            found.extend(item.switched((old.return_nullable, new.return_nullable), kinds, NULLABLE));
        }
        found.extend(retyped);
        found.extend(item.renamed_use((one, other)));
    } else {
        let before = old.return_type.map_or(NOTHING.to_owned(), |text| of.model.old_name(text));
        let after = new.return_type.map_or(NOTHING.to_owned(), |text| of.model.new_name(text));
        found.extend(item.changed(Kind::ReturnTypeChanged, (&before, &after)));
    }
}

/// Whether callers may leave a parameter out, or send null for it: a nullable one of an action (OData Protocol 4.01 section 11.5.5.1),
/// or one that is annotated as optional.
fn is_optional(kind: OperationKind, parameter: &Parameter<'_>) -> bool {
    parameter.is_optional || kind == OperationKind::Action && parameter.nullable
}

fn parameters<'m>(of: &Item<'m>, old: &Operation<'m>, new: &Operation<'m>, found: &mut Vec<Found>) {
    let model = of.model;
    let (before, after) = (old.own_parameters(), new.own_parameters());
    let part = |name: &str, at| of.part(&format!("parameter {name}"), at);
    let named = Named::pair(before, after, |own| own.name);
    for (parameter, other) in named.old {
        let Some(other) = other else {
            let item = part(parameter.name, (parameter.at, new.at));
            found.push(item.change(Kind::ParameterRemoved, (&model.old_name(parameter.type_text), NOTHING)));
            continue;
        };
        let item = part(other.name, (parameter.at, other.at));
        found.extend(item.changed(Kind::NameCase, (parameter.name, other.name)));
        let types = (parameter.type_text, other.type_text);
        let kind = match kind_of_retyping(&item, types, Use { is_sent: true, is_received: false }) {
            Kind::PropertyWidened => Kind::ParameterWidened,
            kind if kind.effect() == Effect::Cosmetic => kind,
            _ => Kind::ParameterRetyped,
        };
        found.extend(item.retyped(kind, types));
        facets::of_typed(&item, types, (parameter.facets(), other.facets()), FacetKinds::OF_PARAMETER, found);
        let state = |kind, own: &Parameter<'_>| match (is_optional(kind, own), own.nullable) {
            (true, _) => ("optional", 2),
            (false, true) => (NULLABLE[1], 1),
            (false, false) => (NULLABLE[0], 0),
        };
        let (was, is) = (state(old.kind, parameter), state(new.kind, other));
        let kind = if is.1 > was.1 { Kind::ParameterNullable } else { Kind::ParameterNotNullable };
        found.extend(item.changed(kind, (was.0, is.0)));
    }
    for parameter in named.added {
        let kind = if is_optional(new.kind, parameter) { Kind::ParameterAdded } else { Kind::RequiredParameterAdded };
        let item = part(parameter.name, (old.at, parameter.at));
        found.push(item.change(kind, (NOTHING, &model.new_name(parameter.type_text))));
    }
    let (old_names, new_names) = (by_name(before), by_name(after));
    let was: Vec<&str> = before.iter().map(|own| own.name).filter(|name| new_names.contains_key(name)).collect();
    let is: Vec<&str> = after.iter().map(|own| own.name).filter(|name| old_names.contains_key(name)).collect();
    // Those of an action are members of a JSON object, which has no order.
    if new.kind == OperationKind::Function {
        let item = part("order", (old.at, new.at));
        found.extend(item.changed(Kind::ParametersReordered, (&was.join(", "), &is.join(", "))));
    }
}

fn by_name<'a, 'x>(parameters: &'a [Parameter<'x>]) -> BTreeMap<&'x str, &'a Parameter<'x>> {
    // Of two of one name, the first counts.
    parameters.iter().rev().map(|own| (own.name, own)).collect()
}
