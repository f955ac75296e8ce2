//! What annotations allow: capabilities, read-only properties, further keys, deprecations.

use std::collections::BTreeSet;

use super::item::Item;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Ability, Capability, Deprecation, Notes};

/// What annotations say of an item in both documents.
type Both<'a> = (Option<&'a Notes>, Option<&'a Notes>);

/// Where it says that a property cannot be set, or set only once.
pub(super) fn read_only(notes: Option<&Notes>) -> Option<u32> {
    notes.and_then(|notes| notes.computed)
}

pub(super) fn of_type(item: &Item<'_>, notes: Both<'_>, found: &mut Vec<Found>) {
    of_element(item, notes, true, found);
    let keys = |notes: Option<&Notes>| -> Vec<String> {
        notes.into_iter().flat_map(|notes| &notes.alternate_keys).map(|key| key.join(", ")).collect()
    };
    let (was, is) = (keys(notes.0), keys(notes.1));
    let removed = was.iter().filter(|key| !is.contains(key));
    found.extend(removed.map(|key| change(item, Kind::AlternateKeyRemoved, (key, NOTHING))));
    let added = is.iter().filter(|key| !was.contains(key));
    found.extend(added.map(|key| change(item, Kind::AlternateKeyAdded, (NOTHING, key))));
}

/// What is said of a property, of whose type values are sent or not, and which leads to several or to one.
pub(super) fn of_property(
    item: &Item<'_>,
    notes: Both<'_>,
    (is_sent, is_collection): (bool, bool),
    found: &mut Vec<Found>,
) {
    of_element(item, notes, is_collection, found);
    let set = |notes: Option<&Notes>| match notes {
        Some(notes) if notes.computed.is_some() => ("read-only", 2),
        Some(notes) if notes.immutable.is_some() => ("set once", 1),
        _ => ("can be set", 0),
    };
    let (was, is) = (set(notes.0), set(notes.1));
    if was.1 != is.1 {
        let kind = match is.1 > was.1 {
            _ if !is_sent => Kind::ResponsePropertyReadOnly,
            true => Kind::PropertyReadOnly,
            false => Kind::PropertyWritable,
        };
        found.push(change(item, kind, (was.0, is.0)));
    }
}

/// What is said of something that is a collection, or one value.
pub(super) fn of_element(item: &Item<'_>, notes: Both<'_>, is_collection: bool, found: &mut Vec<Found>) {
    capabilities(item, notes, is_collection, found);
    deprecation(item, notes, found);
    let [was, is] = [notes.0, notes.1].map(|notes| notes.map(Notes::by_path).unwrap_or_default());
    let paths: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    for path in paths {
        let subject = format!("{}/{path}", item.subject);
        let below =
            Item { label: format!("{path} below {}", item.label), key: subject.clone(), subject, ..item.clone() };
        capabilities(&below, (was.get(path), is.get(path)), true, found);
    }
}

/// A change of what annotations say, which belongs to what they say it of. There may be several of a kind.
fn change(item: &Item<'_>, kind: Kind, words: (&str, &str)) -> Found {
    let value = if words.0 == NOTHING { words.1 } else { words.0 };
    Found { key: format!("{} {value}", item.subject), area: item.owner.clone(), ..item.change(kind, words) }
}

/// The item with the places of annotations, where there are any.
fn annotated<'m>(item: &Item<'m>, (old, new): (Option<u32>, Option<u32>)) -> Item<'m> {
    Item { at: (old.or(item.at.0), new.or(item.at.1)), ..item.clone() }
}

/// What clients may do with entities. What nothing is said of is allowed (OData Capabilities vocabulary).
fn capabilities(item: &Item<'_>, (old, new): Both<'_>, is_collection: bool, found: &mut Vec<Found>) {
    let abilities = [
        ("insert", Ability::Insert),
        ("update", Ability::Update),
        ("delete", Ability::Delete),
        ("read", Ability::Read),
        ("read by key", Ability::ReadByKey),
        ("upsert", Ability::Upsert),
        ("deep insert", Ability::DeepInsert),
        ("update with a delta", Ability::DeltaUpdate),
        ("delete by filter", Ability::FilterDelete),
        ("address by key", Ability::IndexByKey),
        ("reference", Ability::Reference),
        ("count", Ability::Count),
        ("$filter", Ability::Filter),
        ("$orderby", Ability::Sort),
        ("$expand", Ability::Expand),
        ("$select", Ability::Select),
        ("$search", Ability::Search),
        ("$top", Ability::Top),
        ("$skip", Ability::Skip),
    ];
    // What is done with collections alone could not be done with one value before.
    let is_possible = |ability| {
        is_collection
            || matches!(
                ability,
                Ability::Update
                    | Ability::Delete
                    | Ability::Read
                    | Ability::Upsert
                    | Ability::DeepInsert
                    | Ability::Reference
                    | Ability::Expand
                    | Ability::Select
            )
    };
    for (name, ability) in abilities.into_iter().filter(|(_, ability)| is_possible(*ability)) {
        let get = |notes: Option<&Notes>| notes.and_then(|notes| notes.capability(ability));
        let (was, is) = (get(old), get(new));
        let word = |capability: Option<Capability>| match capability {
            Some(Capability { allowed: false, .. }) => format!("{name} not allowed"),
            _ => format!("{name} allowed"),
        };
        let (before, after) = (word(was), word(is));
        let is_disputed = [old, new].into_iter().flatten().any(|notes| notes.is_disputed(ability));
        if before != after && !is_disputed {
            let is_removed = is.is_some_and(|own| !own.allowed);
            let kind = if is_removed { Kind::CapabilityRemoved } else { Kind::CapabilityAdded };
            let item = annotated(item, (was.map(|own| own.at), is.map(|own| own.at)));
            found.push(change(&item, kind, (&before, &after)));
        }
        let excluded = |notes: Option<&'_ Notes>| -> BTreeSet<String> {
            notes
                .and_then(|notes| notes.excluded(ability))
                .map(|(paths, _)| paths.iter().cloned().collect())
                .unwrap_or_default()
        };
        let (was, is) = (excluded(old), excluded(new));
        for path in is.symmetric_difference(&was) {
            let words = [format!("{name} of {path} allowed"), format!("{name} of {path} not allowed")];
            let (kind, words) = match is.contains(path) {
                true => (Kind::CapabilityRemoved, (&words[0], &words[1])),
                false => (Kind::CapabilityAdded, (&words[1], &words[0])),
            };
            found.push(change(item, kind, (words.0, words.1)));
        }
    }
    update_methods(item, (old, new), found);
    let navigable = |notes: Option<&Notes>| notes.and_then(Notes::navigable).is_none_or(|own| own.allowed);
    let kinds = [Kind::CapabilityAdded, Kind::CapabilityRemoved];
    let states = (navigable(old), navigable(new));
    found.extend(item.switched(states, kinds, ["navigation not allowed", "navigation allowed"]));
}

/// The methods that update an entity: PATCH, and perhaps PUT, where nothing is said (`UpdateRestrictionsType/UpdateMethod`).
fn update_methods(item: &Item<'_>, (old, new): Both<'_>, found: &mut Vec<Found>) {
    let methods = |notes: Option<&Notes>| {
        let (mut names, at) = notes?.update_methods.clone()?;
        names.sort_unstable();
        Some((names, at))
    };
    let (was, is) = (methods(old), methods(new));
    let names = |own: &Option<(Vec<String>, u32)>| own.as_ref().map(|(names, _)| names.clone());
    let usual = || vec!["PATCH".to_owned()];
    let (before, after) = (names(&was).unwrap_or_else(usual), names(&is).unwrap_or_else(usual));
    if before == after {
        return;
    }
    let is_lost = before.iter().any(|name| !after.contains(name));
    let kind = if is_lost { Kind::CapabilityRemoved } else { Kind::CapabilityAdded };
    let item = annotated(item, (was.map(|(_, at)| at), is.map(|(_, at)| at)));
    let shown = |names: &[String]| format!("update by {}", names.join(" or "));
    found.push(change(&item, kind, (&shown(&before), &shown(&after))));
}

/// That something is deprecated, or no longer, or in other words.
pub(super) fn deprecation(item: &Item<'_>, (old, new): Both<'_>, found: &mut Vec<Found>) {
    let [was, is] = [old, new].map(|notes| notes.and_then(|notes| notes.deprecated.as_ref()));
    let says = |own: Option<&'_ Deprecation>| own.map(|own| (own.description.clone(), own.removal.clone()));
    if says(was) == says(is) {
        return;
    }
    let kind = if was.is_none() { Kind::Deprecated } else { Kind::DeprecationChanged };
    let shown = |own: Option<&Deprecation>| match own {
        None => "not deprecated".to_owned(),
        Some(Deprecation { description, removal: Some(date), .. }) => {
            format!("deprecated, to be removed on {date}: {description}")
        }
        Some(Deprecation { description, .. }) => format!("deprecated: {description}"),
    };
    let item = annotated(item, (was.map(|own| own.at), is.map(|own| own.at)));
    let change = change(&item, kind, (&shown(was), &shown(is)));
    // One announcement deprecates many things at once.
    found.push(match is.or(was) {
        Some(own) if !own.description.is_empty() => Found { key: own.description.clone(), ..change },
        _ => change,
    });
}
