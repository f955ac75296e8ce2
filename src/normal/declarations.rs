//! What a contract declares beside its messages: permissions, and the types of its bodies. A snapshot carries it, so that a change of it
//! alone is reviewed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::at::DeclaredPart;
use crate::contract::{Availability, Cloud, Clouds, Contract, Grant, Permissions, Property, Stated, Type, UNTYPED};

/// What a contract declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declarations {
    /// The permissions on the example's URL, without their place in the page.
    pub permissions: Permissions,
    /// Those on the routes that have others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub routes: BTreeMap<String, Permissions>,
    /// The type of the request's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_type: Option<String>,
    /// The type of the response's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_type: Option<String>,
    /// In which clouds the operation is available, and in which it is not, by their names. What the page does not say is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clouds: BTreeMap<String, Availability>,
    /// Whether the page calls its API deprecated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// The types of the bodies' members.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, DeclaredType>,
}

/// A structured type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredType {
    /// Whether a page of its own describes it. Then only the properties are here that the bodies have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resource: bool,
    /// Whether a value may have members that are not declared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// The properties.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, DeclaredProperty>,
    /// The names of the properties that the bodies do not have. A snapshot does not say them.
    #[serde(skip)]
    pub others: BTreeSet<String>,
}

/// A property: its type, or its type with what else is declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DeclaredProperty {
    /// A type, such as `Collection(Edm.String)`.
    Type(String),
    /// More.
    Rules(PropertyRules),
}

/// What is declared of a property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyRules {
    /// The type, such as `Collection(Edm.String)`.
    #[serde(rename = "type")]
    pub type_text: String,
    /// Whether the type is only that of the example's value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_example: bool,
    /// Whether it is not a row of the type's own table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherited: bool,
    /// Whether the value may be null, where somebody says so or denies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Whether a request has to send it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The members of an enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Whether a value may have several of these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flags: bool,
}

/// One declaration that is another one than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationChange {
    /// Of what.
    pub of: DeclaredPart,
    /// What was declared.
    pub old: String,
    /// What is declared now.
    pub new: String,
}

impl Declarations {
    /// What a contract declares.
    pub fn of(contract: &Contract) -> Declarations {
        let own = |route: &crate::contract::Route| Some((route.path.clone(), placeless(route.permissions.as_ref()?)));
        let types = contract.types.iter().map(|(name, own)| (name.clone(), DeclaredType::of(own)));
        Declarations {
            permissions: placeless(&contract.permissions),
            routes: contract.routes.iter().filter_map(own).collect(),
            request_type: contract.request.body_type.clone(),
            response_type: contract.response.body_type.clone(),
            clouds: contract.clouds.as_ref().map(stated_clouds).unwrap_or_default(),
            deprecated: contract.deprecated.is_some(),
            types: types.collect(),
        }
    }

    /// The permissions on a route.
    fn on(&self, route: &str) -> &Permissions {
        self.routes.get(route).unwrap_or(&self.permissions)
    }

    /// In what newer declarations differ from these. What only one of them states is no difference, but for a deprecation.
    pub fn changes(&self, new: &Declarations) -> Vec<DeclarationChange> {
        let mut found = Vec::new();
        of_permissions(&self.permissions, &new.permissions, None, &mut found);
        let routes: BTreeSet<&String> = self.routes.keys().chain(new.routes.keys()).collect();
        for route in routes {
            of_permissions(self.on(route), new.on(route), Some(route), &mut found);
        }
        let sides =
            [("request", &self.request_type, &new.request_type), ("response", &self.response_type, &new.response_type)];
        for (side, old, new) in sides {
            if let (Some(old), Some(new)) = (old, new) {
                push(DeclaredPart::Body(side), old, new, &mut found);
            }
        }
        for (name, old) in &self.clouds {
            if let Some(new) = new.clouds.get(name) {
                push(DeclaredPart::Cloud(name.clone()), old.in_words(), new.in_words(), &mut found);
            }
        }
        push(
            DeclaredPart::Deprecation,
            deprecation_in_words(self.deprecated),
            deprecation_in_words(new.deprecated),
            &mut found,
        );
        for (name, old) in &self.types {
            if let Some(new) = new.types.get(name) {
                old.changes(name, new, &mut found);
            }
        }
        found
    }
}

fn push(of: DeclaredPart, old: &str, new: &str, found: &mut Vec<DeclarationChange>) {
    if old != new {
        found.push(DeclarationChange { of, old: old.to_owned(), new: new.to_owned() });
    }
}

/// What a page calls its API, in words.
pub fn deprecation_in_words(deprecated: bool) -> &'static str {
    if deprecated { "deprecated" } else { "not called deprecated" }
}

/// What a page says of each cloud, by its name.
fn stated_clouds(own: &Clouds) -> BTreeMap<String, Availability> {
    let stated = Cloud::ALL.into_iter().map(|cloud| (cloud.name().to_owned(), own.of(cloud)));
    stated.filter(|(_, own)| *own != Availability::Unknown).collect()
}

/// Permissions without their place in the page. The order of alternatives says only which of them is the least.
fn placeless(own: &Permissions) -> Permissions {
    Permissions { line: None, file: None, order: None, ..own.clone() }
}

fn of_permissions(old: &Permissions, new: &Permissions, on: Option<&String>, found: &mut Vec<DeclarationChange>) {
    let on = || on.cloned();
    let word = |stated: Stated| {
        serde_json::to_value(stated).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    };
    push(DeclaredPart::Statement(on()), &word(old.stated), &word(new.stated), found);
    for ((account, old), (_, new)) in old.grants().into_iter().zip(new.grants()) {
        if known(old) != known(new) {
            push(DeclaredPart::Account(account.to_string(), on()), &old.to_string(), &new.to_string(), found);
        }
    }
    let names = |own: &Permissions| own.prose.iter().map(|name| name.to_ascii_lowercase()).collect::<BTreeSet<_>>();
    if names(old) != names(new) {
        push(DeclaredPart::Prose(on()), &old.prose.join(", "), &new.prose.join(", "), found);
    }
}

/// Alternatives in any order, with names in any case.
fn known(grant: &Grant) -> (bool, bool, BTreeSet<BTreeSet<String>>) {
    let set = |set: &Vec<String>| set.iter().map(|name| name.to_ascii_lowercase()).collect();
    (*grant == Grant::NotSupported, *grant == Grant::NotStated, grant.sets().iter().map(set).collect())
}

impl DeclaredType {
    fn of(own: &Type) -> DeclaredType {
        // Of two rows of one name, the first counts, as it does where bodies are typed.
        let properties = own.properties.iter().rev();
        DeclaredType {
            resource: own.page.is_some(),
            open: own.open,
            properties: properties
                .map(|own_property| (own_property.name.clone(), DeclaredProperty::of(own, own_property)))
                .collect(),
            others: own.others.iter().cloned().collect(),
        }
    }

    fn changes(&self, name: &str, new: &DeclaredType, found: &mut Vec<DeclarationChange>) {
        // A page that no longer says that a type is open does not say that it is closed.
        if new.open && !self.open {
            push(DeclaredPart::Type(name.to_owned()), "not said to be open", "open", found);
        }
        // The table of the contract's own page and that of a page of the type may well list different properties.
        let is_same_table = self.resource == new.resource;
        for (property, old) in &self.properties {
            let of = DeclaredPart::Property(name.to_owned(), property.clone());
            match new.properties.get(property) {
                Some(other) => push(of, &old.shown(), &other.shown(), found),
                None if is_same_table && !old.rules().inherited && !new.others.contains(property) => {
                    push(of, &old.shown(), "nothing", found);
                }
                None => {}
            }
        }
        let added = new.properties.iter().filter(|(property, own)| {
            is_same_table && !new.resource && !own.rules().inherited && !self.properties.contains_key(*property)
        });
        added.for_each(|(property, own)| {
            push(DeclaredPart::Property(name.to_owned(), property.clone()), "nothing", &own.shown(), found);
        });
    }
}

impl DeclaredProperty {
    fn of(own: &Type, property: &Property) -> DeclaredProperty {
        let Property { type_name, collection, from_example, nullable, required, values, flags, line, .. } = property;
        let type_text = if *collection { format!("Collection({type_name})") } else { type_name.clone() };
        let rules = PropertyRules {
            type_text,
            from_example: *from_example,
            inherited: own.page.is_none() && line.is_none(),
            nullable: *nullable,
            required: *required,
            values: values.clone(),
            flags: *flags,
        };
        let plain = DeclaredProperty::Type(rules.type_text.clone());
        if plain.rules() == rules { plain } else { DeclaredProperty::Rules(rules) }
    }

    /// What is declared of it.
    pub fn rules(&self) -> PropertyRules {
        match self {
            DeclaredProperty::Type(type_text) => {
                PropertyRules { type_text: type_text.clone(), ..PropertyRules::default() }
            }
            DeclaredProperty::Rules(rules) => rules.clone(),
        }
    }

    /// What counts of it, as text.
    fn shown(&self) -> String {
        let PropertyRules { type_text, from_example, nullable, required, values, .. } = self.rules();
        let mut text = if from_example { UNTYPED.to_owned() } else { type_text };
        let values: BTreeSet<String> = values.into_iter().collect();
        if !values.is_empty() {
            text.push_str(&format!(" ({})", values.into_iter().collect::<Vec<_>>().join(", ")));
        }
        text.push_str(if nullable == Some(true) { ", nullable" } else { "" });
        text.push_str(if required { ", required" } else { "" });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is declared where that is said of clouds, as a snapshot keeps it.
    fn in_clouds(said: &[(&str, Availability)]) -> Declarations {
        let said = |name: &str| said.iter().find(|(own, _)| *own == name).map(|(_, own)| *own).unwrap_or_default();
        let own = Declarations { clouds: stated_clouds(&Clouds::by_name(3, said)), ..Declarations::default() };
        let text = serde_json::to_string(&own).expect("JSON");
        let read: Declarations = serde_json::from_str(&text).expect("what was written");
        assert_eq!(read, own, "{text}");
        assert_eq!(text.contains("clouds"), !own.clouds.is_empty(), "{text}");
        read
    }

    #[test]
    fn an_api_that_becomes_deprecated_is_a_change() {
        let own = |deprecated| Declarations { deprecated, ..Declarations::default() };
        let check = |old: bool, new: bool, expected: &[&str]| {
            let found = own(old).changes(&own(new));
            let found: Vec<String> = found.iter().map(|own| format!("{}: {} > {}", own.of, own.old, own.new)).collect();
            assert_eq!(found, expected);
        };
        check(false, true, &["deprecation: not called deprecated > deprecated"]);
        check(true, false, &["deprecation: deprecated > not called deprecated"]);
        check(true, true, &[]);
        assert!(!serde_json::to_string(&own(false)).expect("JSON").contains("deprecated"));
    }

    #[test]
    fn a_cloud_that_comes_or_goes_is_a_change_and_one_that_a_side_does_not_name_is_not() {
        let (there, away) = (Availability::Available, Availability::NotAvailable);
        let check = |old: &[(&str, Availability)], new: &[(&str, Availability)], expected: &[&str]| {
            let found = in_clouds(old).changes(&in_clouds(new));
            let found: Vec<String> = found.iter().map(|own| format!("{}: {} > {}", own.of, own.old, own.new)).collect();
            assert_eq!(found, expected);
        };
        let gone = "availability in the cloud china: available > not available";
        check(&[("global", there), ("china", there)], &[("global", there), ("china", away)], &[gone]);
        check(&[("china", away)], &[("china", there)], &["availability in the cloud china: not available > available"]);
        check(&[("china", there)], &[("china", there)], &[]);
        check(&[("china", there)], &[("china", Availability::Unknown)], &[]);
        check(&[], &[("china", away)], &[]);
        check(&[("usgov", there)], &[], &[]);
    }
}
