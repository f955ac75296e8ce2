//! What two contracts declare of the types of their bodies: property tables.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, NULLABLE, switched};
use super::kept_rules::{KeptRules, PropertyRule};
use super::recased::{other_in_any_case, shows};
use super::two::{Two, TypeNames};
use super::used::uses;
use crate::declared::{Side, body, has_property};
use crate::judgment::{
    DeclaredType, TypeFact, Use, further_value, is_evolvable, recased_property, recased_value, removed_value, retyped,
};
use crate::{Effect, Kind, NOTHING};
use graph_contracts::at::{At, DeclaredPart};
use graph_contracts::contract::{Contract, Property, Type, UNTYPED};
use graph_contracts::json::{Cursor, Kind as JsonKind};
use graph_contracts::service::EnumerationType;
use graph_contracts::source::SourceLine;

/// Properties by their type and name.
type PropertyNames<'c> = BTreeSet<(&'c str, &'c str)>;

/// The declarations of two contracts.
pub(super) struct Declarations<'c> {
    two: Two<'c>,
    /// Old types that have another name in the new contract.
    renamed: BTreeMap<&'c str, &'c str>,
    /// Changes of properties that were found, by type and name: values of them differ for the same reason.
    changed: BTreeMap<(&'c str, &'c str), Kind>,
    /// What both keep of metadata.
    rules: KeptRules,
    /// The properties of which the bodies of both show texts, as soon as one is asked for.
    texts: OnceCell<[PropertyNames<'c>; 2]>,
}

/// The properties, by type and name, of which the bodies of a contract show texts alone.
fn texts(contract: &Contract) -> PropertyNames<'_> {
    let (mut texts, mut others) = (BTreeSet::new(), BTreeSet::new());
    for body in [Side::Request, Side::Response].into_iter().filter_map(|side| body(contract, side)) {
        body.typed.visit(|json, cursor, declared| {
            let Some(key) = declared.owner.zip(declared.property.map(|own| own.name.as_str())) else { return };
            match json.kind() {
                JsonKind::Null => {}
                JsonKind::Array if !matches!(cursor, Cursor::Element(..)) => {}
                JsonKind::String => drop(texts.insert(key)),
                _ => drop(others.insert(key)),
            }
        });
    }
    texts.retain(|key| !others.contains(key));
    texts
}

/// Whether the types of a body are what its examples say of themselves. Of what is declared they may be derived, so that another one is
/// another sample.
fn is_type_of_sample(two: Two<'_>, side: Side) -> bool {
    let says = |contract| body(contract, side).is_some_and(|own| own.typed.body.get("@odata.type").is_some());
    says(two.old) && says(two.new)
}

/// All names of types in a set.
pub(super) fn type_names(contracts: &[Contract]) -> TypeNames<'_> {
    let mut names = TypeNames::new();
    for Contract { request, response, types, .. } in contracts {
        names.extend([&request.body_type, &response.body_type].into_iter().flatten().map(String::as_str));
        names.extend(types.keys().map(String::as_str));
        names.extend(types.values().flat_map(|own| &own.properties).map(|property| property.type_name.as_str()));
    }
    names
}

impl<'c> Declarations<'c> {
    /// Compares the types of the bodies, and the properties of each type.
    pub(super) fn compare(two: Two<'c>, found: &mut Vec<Found>) -> Declarations<'c> {
        let Two { old, new, .. } = two;
        let (rules, texts) = (KeptRules::of(old, new), OnceCell::new());
        let mut declarations = Declarations { two, renamed: BTreeMap::new(), changed: BTreeMap::new(), rules, texts };
        for (side, before, after) in [
            (Side::Request, &old.request.body_type, &new.request.body_type),
            (Side::Response, &old.response.body_type, &new.response.body_type),
        ] {
            let (Some(before), Some(after)) = (before, after) else { continue };
            if before == after {
                continue;
            }
            // A page that does not mark its type takes the name from its heading.
            if before.eq_ignore_ascii_case(after) {
                declarations.renamed.insert(before, after);
                continue;
            }
            // Where nothing names the type of the page's own table, that has a name of its own here.
            if !before.contains('.') || !after.contains('.') {
                declarations.renamed.insert(before, after);
                continue;
            }
            let (places, at) = ((old.location(), new.location()), format!("type of the {side}"));
            let part = DeclaredPart::Body(side.of("request", "response"));
            let change =
                two.found(Kind::BodyTypeChanged, &at, (before, after), places).at(At::Declared(Box::new(part)));
            if let Some(renamed) = two.renamed((before, after), &change) {
                declarations.renamed.insert(before, after);
                found.push(renamed);
            } else if !is_type_of_sample(two, side) {
                let subject = format!("{side} of {} {}", new.request.method, new.request.url);
                found.push(Found { subject, ..change });
            }
        }
        let (used, used_new) = (uses(old), uses(new));
        let in_any_case: BTreeMap<String, &str> =
            new.types.keys().map(|name| (name.to_ascii_lowercase(), name.as_str())).collect();
        for name in old.types.keys().filter(|name| !new.types.contains_key(*name)) {
            if let Some(other) = in_any_case.get(&name.to_ascii_lowercase()) {
                declarations.renamed.entry(name).or_insert(other);
            }
        }
        for (name, own) in &old.types {
            let new_name = declarations.new_name(name);
            let Some(other) = new.types.get(new_name) else { continue };
            let [one, two] =
                [used.get(name.as_str()), used_new.get(new_name)].map(|own| own.copied().unwrap_or_default());
            let used = Use { is_sent: one.is_sent || two.is_sent, is_received: one.is_received || two.is_received };
            declarations.of_type((name, new_name), (own, other), used, found);
        }
        declarations
    }

    fn new_name<'n>(&self, name: &'n str) -> &'n str
    where
        'c: 'n,
    {
        self.renamed.get(name).copied().unwrap_or(name)
    }

    /// Whether the new contract still declares a property of an old type.
    pub(super) fn still_has(&self, type_name: &str, property: &str) -> bool {
        let (new, name) = (self.two.new, self.new_name(type_name));
        new.types.get(name).is_some_and(|own| has_property(own, property)) || self.rules.still_has(new, name, property)
    }

    /// Whether a member that the old body shows may still be declared. What a page's own table takes from a resource page is there only
    /// as long as a body has it.
    pub(super) fn may_still_have(&self, type_name: &str, property: &Property) -> bool {
        let is_taken = || self.two.old.types.get(type_name).is_some_and(|own| !is_in_table(own, property));
        self.still_has(type_name, &property.name) || is_taken()
    }

    /// The change of a property from which a change of its values follows.
    pub(super) fn reason(&self, type_name: &str, property: &str, kind: Kind) -> Option<Kind> {
        let reasons: &[Kind] = match kind {
            Kind::RequestMemberRemoved | Kind::ResponseMemberRemoved => &[Kind::PropertyRemoved],
            Kind::RequestMemberAdded | Kind::RequestMemberRequired | Kind::ResponseMemberAdded => {
                &[Kind::PropertyAdded, Kind::PropertyRequired]
            }
            Kind::RequestMemberRetyped | Kind::ResponseMemberRetyped | Kind::ResponseValueForm => {
                &[Kind::PropertyRetyped]
            }
            Kind::PropertyCase | Kind::NameCase => &[Kind::PropertyCase, Kind::NameCase],
            _ => &[],
        };
        self.changed.get(&(type_name, property)).copied().filter(|changed| reasons.contains(changed))
    }

    /// Whether a property has another type that no caller fails on.
    pub(super) fn is_harmless(&self, type_name: &str, property: &str) -> bool {
        self.changed.get(&(type_name, property)).is_some_and(|kind| kind.effect() != Effect::Breaking)
    }

    fn of_type(
        &mut self,
        (name, new_name): (&'c str, &'c str),
        (old, new): (&'c Type, &'c Type),
        used: Use,
        found: &mut Vec<Found>,
    ) {
        let two = self.two;
        let places = |property| (place_of(two.old, old, property, new), place_of(two.new, new, property, old));
        // A page that no longer says that a type is open does not say that it is closed.
        if new.open && !old.open {
            let words = ("not said to be open", "open");
            let part = DeclaredPart::Type(name.to_owned());
            let change = two.found(Kind::TypeOpened, &format!("type {name}"), words, places(""));
            let change = change.at(At::Declared(Box::new(part)));
            found.push(two.of_type(name, "", "", change));
        }
        let (old_by_name, new_by_name) = (by_name(old), by_name(new));
        // The table of the contract's own page and that of a resource page may well list different properties.
        let is_same_table = old.page.is_some() == new.page.is_some();
        // The tables of resource pages are kept as far as bodies need them; the others are known by name.
        let is_only_in = |own: &Type, property: &Property, other: &Type| {
            is_same_table && is_in_table(own, property) && !other.others.contains(&property.name)
        };
        let mut differences = Vec::new();
        // Names that differ in their case alone are one property.
        let new_in_any_case: BTreeMap<String, &Property> =
            new.properties.iter().rev().map(|own| (own.name.to_lowercase(), own)).collect();
        let old_in_any_case: BTreeSet<String> = old.properties.iter().map(|own| own.name.to_lowercase()).collect();
        for property in &old.properties {
            match new_by_name.get(property.name.as_str()) {
                Some(other) => differences.extend(self.of_property((name, new_name), (property, other), used)),
                None if let Some(other) = new_in_any_case.get(&property.name.to_lowercase()) => {
                    let words = (&*property.name, &*other.name);
                    differences.push(Difference::of(recased_property(used), property, words));
                    differences.extend(self.of_property((name, new_name), (property, other), used));
                }
                // The row of a resource page in another case: no body has it under that name.
                None if let Some(other) = other_in_any_case(property, new).filter(|_| is_same_table) => {
                    let is_shown = shows(two.new, &property.name);
                    let kind = if is_shown { Kind::NameCase } else { recased_property(used) };
                    differences.push(Difference::of(kind, property, (&property.name, other)));
                }
                // A table may leave out what the service still has.
                None if is_only_in(old, property, new) && !self.rules.still_has(two.new, new_name, &property.name) => {
                    differences.push(Difference::of(Kind::PropertyRemoved, property, (&shown(property), NOTHING)));
                }
                None => {}
            }
        }
        for property in new.properties.iter().filter(|own| !old_by_name.contains_key(own.name.as_str())) {
            let is_recased = old_in_any_case.contains(&property.name.to_lowercase())
                || (is_same_table && other_in_any_case(property, old).is_some());
            if !is_recased && is_only_in(new, property, old) {
                let is_required = property.required && used.is_sent;
                let kind = if is_required { Kind::PropertyRequired } else { Kind::PropertyAdded };
                differences.push(Difference::of(kind, property, (NOTHING, &shown(property))));
            }
        }
        for Difference { kind, name: property, value, before, after } in differences {
            let at = format!("property {property} of {name}");
            let mut places = places(property);
            if matches!(kind, Kind::PropertyCase | Kind::NameCase) && value.is_empty() {
                places.1 = place_of(two.new, new, &after, old);
            }
            let part = DeclaredPart::Property(name.to_owned(), property.to_owned());
            let change = two.found(kind, &at, (&before, &after), places).at(At::Declared(Box::new(part)));
            if kind == Kind::PropertyRetyped
                && let (Some(own), Some(other)) = (old_by_name.get(property), new_by_name.get(property))
                && own.collection == other.collection
                && let Some(renamed) = two.renamed((&own.type_name, &other.type_name), &change)
            {
                found.push(renamed);
                continue;
            }
            if matches!(
                kind,
                Kind::PropertyRemoved
                    | Kind::PropertyDefined
                    | Kind::PropertyEnumerated
                    | Kind::PropertyNotEnumerated
                    | Kind::PropertyWidened
                    | Kind::ResponsePropertyNarrowed
                    | Kind::PropertyRetyped
                    | Kind::PropertyAdded
                    | Kind::PropertyRequired
                    | Kind::PropertyCase
                    | Kind::NameCase
            ) && value.is_empty()
            {
                self.changed.extend([name, new_name].map(|name| ((name, property), kind)));
            }
            found.push(two.of_type(name, property, &value, change));
        }
    }
}

impl<'c> Declarations<'c> {
    /// What differs between two declarations of a property.
    fn of_property(
        &self,
        (owner, new_owner): (&'c str, &'c str),
        (old, new): (&'c Property, &'c Property),
        used: Use,
    ) -> Vec<Difference<'c>> {
        let contracts = [self.two.old, self.two.new];
        let rules = self.rules.properties(contracts, [(owner, &old.name), (new_owner, &new.name)]);
        let mut found = Vec::new();
        // What the metadata says on both sides goes before what pages say.
        match rules {
            [Some(was), Some(is)] if was.type_ref != is.type_ref => {
                let words = (was.type_ref.to_string(), is.type_ref.to_string());
                let kind = retyped(was.declared, is.declared, used);
                found.push(Difference::of(kind, old, (&words.0, &words.1)));
            }
            _ if shown(old).eq_ignore_ascii_case(&shown(new)) => {}
            [Some(_), Some(_)] => found.push(Difference::of(Kind::PropertyTyped, old, (&shown(old), &shown(new)))),
            [was, is] => {
                let texts = self.texts.get_or_init(|| contracts.map(texts));
                let shows_text = texts[0].contains(&(owner, &*old.name)) && texts[1].contains(&(new_owner, &*new.name));
                let one = declared(self.two.old, old, was, shows_text);
                let other = declared(self.two.new, new, is, shows_text);
                found.push(Difference::of(retyped(one, other, used), old, (&shown(old), &shown(new))));
            }
        }
        found.extend(of_rules((old, new), rules, used));
        found
    }
}

/// The declared type of a property. Whether an enumeration is closed, pages do not say, and metadata does. A type that is not described
/// and whose values are texts is an enumeration, too.
fn declared(contract: &Contract, own: &Property, rule: Option<PropertyRule<'_>>, shows_text: bool) -> DeclaredType {
    let fact = match TypeFact::of_name(stated(own)) {
        _ if stated(own) == UNTYPED => TypeFact::Unknown,
        TypeFact::Other if !own.values.is_empty() => TypeFact::Enumeration(None),
        TypeFact::Other if shows_text && !contract.types.contains_key(&own.type_name) => TypeFact::Enumeration(None),
        fact => fact,
    };
    let fact = match (fact, rule.map(|own| own.declared.fact)) {
        (TypeFact::Enumeration(None), Some(known @ TypeFact::Enumeration(_))) => known,
        (fact, _) => fact,
    };
    DeclaredType { fact, is_collection: own.collection }
}

/// One difference of a property.
struct Difference<'c> {
    kind: Kind,
    name: &'c str,
    /// Which value of an enumeration it is about, if it is about one.
    value: String,
    before: String,
    after: String,
}

impl<'c> Difference<'c> {
    fn of(kind: Kind, property: &'c Property, (before, after): (&str, &str)) -> Difference<'c> {
        Difference {
            kind,
            name: &property.name,
            value: String::new(),
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// What differs between two declarations of a property but for its type.
fn of_rules<'c>(
    (old, new): (&'c Property, &'c Property),
    rules: [Option<PropertyRule<'_>>; 2],
    used: Use,
) -> Vec<Difference<'c>> {
    let mut found = Vec::new();
    let nullable = if used.is_received { Kind::PropertyNullable } else { Kind::RequestPropertyNullable };
    let not_nullable = if used.is_sent { Kind::PropertyNotNullable } else { Kind::ResponsePropertyNotNullable };
    let states = match rules.map(|own| own.and_then(|own| own.nullable)) {
        [Some(was), Some(is)] => (was, is),
        _ => (old.nullable == Some(true), new.nullable == Some(true)),
    };
    let of_null = switched(states, [nullable, not_nullable], NULLABLE);
    let kinds = [Kind::PropertyRequired, Kind::PropertyOptional];
    let required = switched((old.required, new.required), kinds, ["optional", "required"]).filter(|_| used.is_sent);
    let read_only = match rules {
        [Some(was), Some(is)] if used.is_sent => {
            let kinds = [Kind::PropertyReadOnly, Kind::PropertyWritable];
            switched((was.is_read_only, is.is_read_only), kinds, ["can be set", "read-only"])
        }
        _ => None,
    };
    let all = of_null.into_iter().chain(required).chain(read_only);
    found.extend(all.map(|(kind, words)| Difference::of(kind, old, words)));
    found.extend(of_values((old, new), rules.map(|own| own.and_then(|own| own.enumeration)), used));
    found
}

fn of_values<'c>(
    (old, new): (&'c Property, &'c Property),
    rules: [Option<&EnumerationType>; 2],
    used: Use,
) -> Vec<Difference<'c>> {
    let listed = |values: &[String]| if values.is_empty() { "not listed".to_owned() } else { values.join(", ") };
    let is_listed_otherwise = || Difference::of(Kind::EnumListed, old, (&listed(&old.values), &listed(&new.values)));
    let (was, is) = match rules {
        [Some(was), Some(is)] => (was.members.as_slice(), is.members.as_slice()),
        _ if old.values.is_empty() != new.values.is_empty() => return vec![is_listed_otherwise()],
        _ => (old.values.as_slice(), new.values.as_slice()),
    };
    let is_evolvable = is_evolvable(was) || rules[0].is_some_and(EnumerationType::is_evolvable);
    // Names that differ in their case alone are one value.
    let mut added: Vec<&String> = is.iter().filter(|value| !was.contains(value)).collect();
    let mut found = Vec::new();
    let mut push = |kind, value: &str, words: (&str, &str)| {
        found.push(Difference { value: value.to_owned(), ..Difference::of(kind, old, words) });
    };
    for value in was.iter().filter(|value| !is.contains(value)) {
        match added.iter().position(|own| own.to_lowercase() == value.to_lowercase()) {
            Some(at) => push(recased_value(used), value, (value, added.remove(at))),
            None => push(removed_value(used), value, (value, NOTHING)),
        }
    }
    for value in added {
        push(further_value(value, is_evolvable, used), value, (NOTHING, value));
    }
    // The pages list other values of what the service has as before.
    let values = |own: &'c Property| own.values.iter().collect::<BTreeSet<_>>();
    if found.is_empty() && values(old) != values(new) { vec![is_listed_otherwise()] } else { found }
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
    let of_type = stated(property);
    if property.collection { format!("Collection({of_type})") } else { of_type.to_owned() }
}

/// The type of a property as its page states it. What only an example shows is not stated.
fn stated(property: &Property) -> &str {
    if property.from_example { UNTYPED } else { &property.type_name }
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
