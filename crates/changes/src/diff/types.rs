//! What two contracts declare of the types of their bodies: property tables.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::operation::area;
use crate::declared::has_property;
use crate::{Kind, NOTHING, Place};
use graph_contracts::contract::{Contract, Property, Type, UNTYPED};
use graph_contracts::source::SourceLine;

/// Which types the contracts of a set name.
pub(super) type TypeNames = BTreeSet<String>;

/// Who sees the values of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Use {
    is_sent: bool,
    is_received: bool,
}

/// The declarations of two contracts.
pub(super) struct Declarations<'c> {
    pub(super) old: &'c Contract,
    pub(super) new: &'c Contract,
    pub(super) old_names: &'c TypeNames,
    pub(super) new_names: &'c TypeNames,
    /// Old types that have another name in the new contract.
    renamed: BTreeMap<&'c str, &'c str>,
    /// Changes of properties that were found, by old type and name: values of them differ for the same reason.
    pub(super) changed: BTreeMap<(String, String), Kind>,
}

/// All names of types in a set.
pub(super) fn type_names(contracts: &[Contract]) -> TypeNames {
    let mut names = TypeNames::new();
    let mut add = |name: &str| {
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
    };
    for contract in contracts {
        [&contract.request.body_type, &contract.response.body_type].into_iter().flatten().for_each(|name| add(name));
        for (name, own) in &contract.types {
            add(name);
            own.properties.iter().for_each(|property| add(&property.type_name));
        }
    }
    names
}

impl<'c> Declarations<'c> {
    pub(super) fn new(
        (old, new): (&'c Contract, &'c Contract),
        (old_names, new_names): (&'c TypeNames, &'c TypeNames),
    ) -> Declarations<'c> {
        Declarations { old, new, old_names, new_names, renamed: BTreeMap::new(), changed: BTreeMap::new() }
    }

    /// Whether an old name is gone from its set and a new one was not there: a renamed type, unlike another type.
    pub(super) fn is_renamed(&self, before: &str, after: &str) -> bool {
        before != after && !self.new_names.contains(before) && !self.old_names.contains(after)
    }

    /// The change of one type's name to another, which has one cause wherever it shows.
    pub(super) fn rename(&self, before: &str, after: &str, at: String, places: (SourceLine, SourceLine)) -> Found {
        Found {
            kind: Kind::TypeRenamed,
            key: format!("{before} {after}"),
            area: before.to_owned(),
            subject: before.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
            place: self.place(at, places),
        }
    }

    /// Whether the new contract still declares a property of an old type.
    pub(super) fn still_has(&self, type_name: &str, property: &str) -> bool {
        let name = self.renamed.get(type_name).copied().unwrap_or(type_name);
        self.new.types.get(name).is_some_and(|own| has_property(own, property))
    }

    /// What a change of a type, or of a property of it, is about. A type without a namespace is that of its page alone.
    pub(super) fn subject(&self, type_name: &str, property: &str) -> String {
        let separator = if property.is_empty() { "" } else { "/" };
        match type_name.contains('.') {
            true => format!("{type_name}{separator}{property}"),
            false => format!("{} {type_name}{separator}{property}", self.new.id),
        }
    }

    /// The part of the service that a type belongs to.
    pub(super) fn area(&self, type_name: &str) -> String {
        if type_name.contains('.') { type_name.to_owned() } else { area(self.new) }
    }

    fn place(&self, at: String, (old, new): (SourceLine, SourceLine)) -> Place {
        Place { item: self.new.id.clone(), at, old: Some(old), new: Some(new) }
    }

    /// Compares the types of the bodies, and the properties of each type.
    pub(super) fn changes(&mut self, found: &mut Vec<Found>) {
        let (old, new) = (self.old, self.new);
        for (side, before, after) in [
            ("request", &old.request.body_type, &new.request.body_type),
            ("response", &old.response.body_type, &new.response.body_type),
        ] {
            let (Some(before), Some(after)) = (before, after) else { continue };
            if before == after {
                continue;
            }
            // Where nothing names the type of the page's own table, that has a name of its own here.
            if !before.contains('.') || !after.contains('.') {
                self.renamed.insert(before, after);
                continue;
            }
            let (places, at) = ((old.location(), new.location()), format!("type of the {side}"));
            if self.is_renamed(before, after) {
                self.renamed.insert(before, after);
                found.push(self.rename(before, after, at, places));
            } else {
                found.push(Found {
                    kind: Kind::BodyTypeChanged,
                    key: format!("{} {side}", new.id),
                    area: area(new),
                    subject: format!("{side} of {} {}", new.request.method, new.request.url),
                    before: before.clone(),
                    after: after.clone(),
                    place: self.place(at, places),
                });
            }
        }
        let (used, used_new) = (uses(old), uses(new));
        for (name, own) in &old.types {
            let new_name = self.renamed.get(name.as_str()).copied().unwrap_or(name);
            let Some(other) = new.types.get(new_name) else { continue };
            let [one, two] =
                [used.get(name.as_str()), used_new.get(new_name)].map(|own| own.copied().unwrap_or_default());
            let used = Use { is_sent: one.is_sent || two.is_sent, is_received: one.is_received || two.is_received };
            self.of_type((name, new_name), (own, other), used, found);
        }
    }

    fn of_type(
        &mut self,
        (name, new_name): (&str, &str),
        (old, new): (&'c Type, &'c Type),
        used: Use,
        found: &mut Vec<Found>,
    ) {
        match (old.open, new.open) {
            (false, true) => found.push(self.of_whole_type(Kind::TypeOpened, name, (old, new), ("closed", "open"))),
            (true, false) => found.push(self.of_whole_type(Kind::TypeClosed, name, (old, new), ("open", "closed"))),
            _ => {}
        }
        let (old_by_name, new_by_name) = (by_name(old), by_name(new));
        // The table of the contract's own page and that of a resource page may well list different properties.
        let is_same_table = old.page.is_some() == new.page.is_some();
        let mut differences = Vec::new();
        for property in &old.properties {
            match new_by_name.get(property.name.as_str()) {
                Some(other) => differences.extend(of_property(property, other, used)),
                None if !is_same_table || !is_in_table(old, property) => {}
                // The tables of resource pages are kept as far as bodies need them; the others are known by name.
                None if new.others.contains(&property.name) => {}
                None => differences.push(Difference::removed(property)),
            }
        }
        let is_new = |property: &&Property| {
            is_same_table
                && is_in_table(new, property)
                && !old_by_name.contains_key(property.name.as_str())
                && !old.others.contains(&property.name)
        };
        differences.extend(new.properties.iter().filter(is_new).map(|property| Difference::added(property, used)));
        for Difference { kind, name: property, value, before, after } in differences {
            let own = (old_by_name.get(property).copied(), new_by_name.get(property).copied());
            let places = (place_of(self.old, old, property, new), place_of(self.new, new, property, old));
            let at = format!("property {property} of {name}");
            if kind == Kind::PropertyRetyped
                && let (Some(own), Some(other)) = own
                && own.collection == other.collection
                && self.is_renamed(&own.type_name, &other.type_name)
            {
                found.push(self.rename(&own.type_name, &other.type_name, at, places));
                continue;
            }
            if matches!(
                kind,
                Kind::PropertyRemoved | Kind::PropertyRetyped | Kind::PropertyAdded | Kind::PropertyRequired
            ) {
                for name in [name, new_name] {
                    self.changed.insert((name.to_owned(), property.to_owned()), kind);
                }
            }
            let subject = self.subject(name, property);
            found.push(Found {
                kind,
                key: format!("{subject} {}", value.unwrap_or_default()),
                area: self.area(name),
                subject,
                before,
                after,
                place: self.place(at, places),
            });
        }
    }

    fn of_whole_type(
        &self,
        kind: Kind,
        name: &str,
        (old, new): (&Type, &Type),
        (before, after): (&str, &str),
    ) -> Found {
        let places = (place_of(self.old, old, "", new), place_of(self.new, new, "", old));
        let (area, subject) = (self.area(name), self.subject(name, ""));
        let (before, after, place) = (before.to_owned(), after.to_owned(), self.place(format!("type {name}"), places));
        Found { kind, key: subject.clone(), area, subject, before, after, place }
    }
}

/// One difference of a property.
struct Difference<'c> {
    kind: Kind,
    name: &'c str,
    /// Which value of an enumeration it is about.
    value: Option<&'c str>,
    before: String,
    after: String,
}

impl<'c> Difference<'c> {
    fn of(kind: Kind, name: &'c str, before: &str, after: &str) -> Difference<'c> {
        Difference { kind, name, value: None, before: before.to_owned(), after: after.to_owned() }
    }

    fn removed(property: &'c Property) -> Difference<'c> {
        Difference::of(Kind::PropertyRemoved, &property.name, &shown(property), NOTHING)
    }

    fn added(property: &'c Property, used: Use) -> Difference<'c> {
        let kind = if property.required && used.is_sent { Kind::PropertyRequired } else { Kind::PropertyAdded };
        Difference::of(kind, &property.name, NOTHING, &shown(property))
    }
}

/// What differs between two declarations of a property.
fn of_property<'c>(old: &'c Property, new: &'c Property, used: Use) -> Vec<Difference<'c>> {
    let name = old.name.as_str();
    let mut found = Vec::new();
    if (&old.type_name, old.collection) != (&new.type_name, new.collection) {
        let is_unknown = old.type_name == UNTYPED || new.type_name == UNTYPED;
        let kind = if is_unknown { Kind::PropertyTyped } else { Kind::PropertyRetyped };
        found.push(Difference::of(kind, name, &shown(old), &shown(new)));
    }
    let null = ["a value", "a value or null"];
    match (old.nullable, new.nullable) {
        (false, true) if used.is_received => found.push(Difference::of(Kind::PropertyNullable, name, null[0], null[1])),
        (false, true) => found.push(Difference::of(Kind::RequestPropertyNullable, name, null[0], null[1])),
        (true, false) if used.is_sent => found.push(Difference::of(Kind::PropertyNotNullable, name, null[1], null[0])),
        (true, false) => found.push(Difference::of(Kind::ResponsePropertyNotNullable, name, null[1], null[0])),
        _ => {}
    }
    match (old.required, new.required) {
        (false, true) if used.is_sent => {
            found.push(Difference::of(Kind::PropertyRequired, name, "optional", "required"))
        }
        (true, false) if used.is_sent => {
            found.push(Difference::of(Kind::PropertyOptional, name, "required", "optional"))
        }
        _ => {}
    }
    found.extend(of_values(old, new, used));
    found
}

/// What a further value of an enumeration is to those who receive it.
pub(super) fn added_value(value: &str, is_evolvable: bool) -> Kind {
    match is_evolvable {
        _ if value == SENTINEL => Kind::EnumEvolvable,
        true => Kind::EvolvableEnumValueAdded,
        false => Kind::EnumValueAdded,
    }
}

/// The value that tells clients to expect further ones (Microsoft Graph documentation, "Handling future members in evolvable
/// enumerations").
pub(crate) const SENTINEL: &str = "unknownFutureValue";

fn of_values<'c>(old: &'c Property, new: &'c Property, used: Use) -> Vec<Difference<'c>> {
    let name = old.name.as_str();
    if old.values.is_empty() != new.values.is_empty() {
        let listed = |property: &Property| match property.values.as_slice() {
            [] => "not listed".to_owned(),
            values => values.join(", "),
        };
        return vec![Difference::of(Kind::EnumListed, name, &listed(old), &listed(new))];
    }
    let is_evolvable = old.values.iter().any(|value| value == SENTINEL);
    let removed = old.values.iter().filter(|value| !new.values.contains(value)).map(|value| {
        let kind = if used.is_sent { Kind::EnumValueRemoved } else { Kind::ResponseEnumValueRemoved };
        Difference { value: Some(value), ..Difference::of(kind, name, value, NOTHING) }
    });
    let added = new.values.iter().filter(|value| !old.values.contains(value)).map(|value| {
        let kind = match added_value(value, is_evolvable) {
            Kind::EnumEvolvable => Kind::EnumEvolvable,
            kind if used.is_received => kind,
            _ => Kind::RequestEnumValueAdded,
        };
        Difference { value: Some(value), ..Difference::of(kind, name, NOTHING, value) }
    });
    removed.chain(added).collect()
}

/// Whether a property stands in the table that describes the type. A page's own table is completed from resource pages by what the
/// example has, so that the rest of it follows from the example.
fn is_in_table(own: &Type, property: &Property) -> bool {
    own.page.is_some() || property.line.is_some()
}

fn by_name(own: &Type) -> BTreeMap<&str, &Property> {
    // Of two rows of one name, the first counts, as it does where bodies are typed.
    own.properties.iter().rev().map(|property| (property.name.as_str(), property)).collect()
}

fn shown(property: &Property) -> String {
    if property.collection { format!("Collection({})", property.type_name) } else { property.type_name.clone() }
}

/// The page and line of a property of that name; of the nearest one before it that both tables have, if it is not there.
fn place_of(contract: &Contract, own: &Type, name: &str, other: &Type) -> SourceLine {
    let page = own.page.as_ref().unwrap_or(&contract.source.page);
    let find = |name: &str| own.properties.iter().find(|property| property.name == name);
    let first = || own.properties.iter().find_map(|property| property.line);
    let line = match find(name) {
        // What is inherited stands on another page.
        Some(property) => property.line.or_else(first),
        None => {
            let before = other.properties.iter().take_while(|property| property.name != name);
            before.filter_map(|property| find(&property.name)?.line).last().or_else(first)
        }
    };
    line.map_or_else(|| contract.location(), |line| SourceLine::new(page.as_str(), line))
}

/// Who sees the values of each type: what a body's type is, what the properties of that are, and so on.
fn uses(contract: &Contract) -> BTreeMap<&str, Use> {
    let mut found: BTreeMap<&str, Use> = BTreeMap::new();
    reach(contract, contract.request.body_type.as_deref(), contract.request.body.is_some(), &mut |name| {
        let own = found.entry(name).or_default();
        !std::mem::replace(&mut own.is_sent, true)
    });
    reach(contract, contract.response.body_type.as_deref(), true, &mut |name| {
        let own = found.entry(name).or_default();
        !std::mem::replace(&mut own.is_received, true)
    });
    for name in contract.types.keys() {
        // Types of elements and of derived types, which say themselves what they are.
        found
            .entry(name)
            .or_insert(Use { is_sent: contract.request.body.is_some(), is_received: contract.response.body.is_some() });
    }
    found
}

/// Visits the types of a body; `visit` says whether a type is seen for the first time.
fn reach<'c>(
    contract: &'c Contract,
    body_type: Option<&'c str>,
    has_body: bool,
    visit: &mut impl FnMut(&'c str) -> bool,
) {
    let mut waiting: Vec<&str> = body_type.filter(|_| has_body).into_iter().collect();
    while let Some(name) = waiting.pop() {
        let Some((name, own)) = contract.types.get_key_value(name) else { continue };
        if visit(name) {
            waiting.extend(own.properties.iter().map(|property| property.type_name.as_str()));
        }
    }
}
