//! The types of the members that a contract's bodies have.

use std::collections::BTreeMap;

use super::{Property, Type, TypeIndex, TypeName};
use crate::json::Json;

/// Collects the types of a body's members: what the contract's page says comes first, then what the resource pages say.
pub(super) struct BodyTypes<'i> {
    index: &'i TypeIndex,
    pub(super) types: BTreeMap<String, Type>,
}

impl<'i> BodyTypes<'i> {
    pub(super) fn new(index: &'i TypeIndex) -> BodyTypes<'i> {
        BodyTypes { index, types: BTreeMap::new() }
    }

    /// Declares a type that the contract's page describes.
    pub(super) fn declare(&mut self, name: &str, declared: &Type) {
        let own = self.types.entry(name.to_owned()).or_insert_with(|| declared.clone());
        for property in own.properties.iter_mut().filter(|property| property.values.is_empty()) {
            property.values = self.index.enum_members(&property.type_name).to_vec();
        }
    }

    /// The name of a type as the resource pages write it.
    pub(super) fn canonical(&self, name: &str) -> Option<String> {
        let known = self.types.keys().find(|known| known.eq_ignore_ascii_case(name));
        known.cloned().or_else(|| self.index.get(name).map(|documented| documented.name.clone()))
    }

    /// Whether a type has a property of that name.
    pub(super) fn has(&self, type_name: &str, property: &str) -> bool {
        let declared =
            self.types.get(type_name).is_some_and(|own| own.properties.iter().any(|own| own.name == property));
        declared || self.index.property(type_name, property).is_some()
    }

    /// Collects the types of a value's members. `declared` is the value's type; its own `@odata.type` says it better.
    pub(super) fn collect(&mut self, value: &Json, declared: Option<&str>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.collect(item, declared)),
            Json::Object(members) => {
                let own = value.get("@odata.type").and_then(Json::as_str).and_then(TypeName::read);
                let own = own.and_then(|own| self.canonical(&own.name));
                let Some(name) = own.or_else(|| declared.map(str::to_owned)) else { return };
                for member in members {
                    let property_type = self.property_type(&name, &member.name);
                    if let (Some(property_type), Json::Array(_) | Json::Object(_)) = (property_type, &member.value) {
                        self.collect(&member.value, Some(&property_type));
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// The type of a member; takes its declaration over.
    fn property_type(&mut self, type_name: &str, member: &str) -> Option<String> {
        if let Some(own) =
            self.types.get(type_name).and_then(|own| own.properties.iter().find(|own| own.name == member))
        {
            return Some(own.type_name.clone());
        }
        let (owner, property) = self.index.property(type_name, member)?;
        let values = match property.values.as_slice() {
            [] => self.index.enum_members(&property.type_name),
            values => values,
        };
        let index = self.index;
        let own = self.types.entry(type_name.to_owned()).or_insert_with(|| Type {
            page: index.get(type_name).map(|documented| documented.page.clone()),
            open: index.is_open(type_name),
            properties: Vec::new(),
            others: index.property_names(type_name),
        });
        let is_own = own.page.as_deref() == Some(owner.page.as_str());
        let taken = Property { values: values.to_vec(), line: property.line.filter(|_| is_own), ..property.clone() };
        own.others.retain(|other| *other != taken.name);
        own.properties.push(taken);
        Some(property.type_name.clone())
    }
}
