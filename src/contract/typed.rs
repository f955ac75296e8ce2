//! The declared property of a value in a typed body.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::{Contract, Property, Request, Response, Type, TypeName};
use crate::json::{Cursor, Json};

/// A documented body with its types.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The documented body. Objects in it may say their own type.
    pub body: &'a Json,
    /// The type of the body, or of what stands in its member `value` if `wrapped`.
    pub body_type: Option<&'a str>,
    /// Whether the object or collection stands in the member `value`.
    pub wrapped: bool,
    /// The types by name.
    pub types: &'a BTreeMap<String, Type>,
}

/// What is declared of a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declaration<'a> {
    /// The property that the value, or the collection around it, is the value of.
    pub property: Option<&'a Property>,
    /// The type that declares the property.
    pub owner: Option<&'a str>,
    /// The type of the value, or of its elements.
    pub type_name: Option<&'a str>,
}

impl<'a> Typed<'a> {
    /// The body of a contract's request, if it is JSON.
    pub fn of_request(contract: &'a Contract) -> Option<Typed<'a>> {
        let Request { body, body_type, .. } = &contract.request;
        let (body, body_type) = (body.as_ref()?.as_json()?, body_type.as_deref());
        Some(Typed { body, body_type, wrapped: false, types: &contract.types })
    }

    /// The body of a contract's response, if it is JSON.
    pub fn of_response(contract: &'a Contract) -> Option<Typed<'a>> {
        let Response { body, body_type, wrapped, .. } = &contract.response;
        let (body, body_type) = (body.as_ref()?.as_json()?, body_type.as_deref());
        Some(Typed { body, body_type, wrapped: *wrapped, types: &contract.types })
    }

    /// Visits every value of the body with its path and what is declared of it, parents first.
    pub fn visit(&self, mut visitor: impl FnMut(&'a Json, &Cursor<'_>, Declaration<'a>)) {
        let type_name = self.body_type.filter(|_| !self.wrapped);
        let declared = Declaration { type_name, ..Declaration::default() };
        self.visit_value(self.body, &Cursor::Root, declared, &mut Names::default(), &mut visitor);
    }

    fn visit_value(
        &self,
        value: &'a Json,
        cursor: &Cursor<'_>,
        declared: Declaration<'a>,
        names: &mut Names<'a>,
        visitor: &mut impl FnMut(&'a Json, &Cursor<'_>, Declaration<'a>),
    ) {
        visitor(value, cursor, declared);
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit_value(item, &Cursor::Element(cursor, index), declared, names, visitor);
                }
            }
            Json::Object(members) => {
                let own = self.own_type(value).or(declared.type_name);
                let own = own.and_then(|name| self.types.get_key_value(name));
                for member in members {
                    let is_wrapper = self.wrapped && cursor.is_root() && member.name == "value";
                    let found = own.and_then(|(owner, own)| {
                        let property = names.property(own, &member.name)?;
                        Some(Declaration {
                            property: Some(property),
                            owner: Some(owner),
                            type_name: Some(&property.type_name),
                        })
                    });
                    let declared = match found {
                        _ if is_wrapper => Declaration { type_name: self.body_type, ..Declaration::default() },
                        found => found.unwrap_or_default(),
                    };
                    self.visit_value(&member.value, &Cursor::Member(cursor, &member.name), declared, names, visitor);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// The type that an object says it is, if it is known.
    fn own_type(&self, value: &Json) -> Option<&'a str> {
        let own = TypeName::read(value.get("@odata.type")?.as_str()?)?;
        self.types.get_key_value(&own.name).map(|(name, _)| name.as_str())
    }
}

/// The properties of large types by name, as soon as one is asked for. The members of a body beside the properties of its type would take
/// the square of a page's size.
#[derive(Default)]
struct Names<'a>(HashMap<*const Type, HashMap<&'a str, &'a Property>>);

/// A type with as few properties is searched faster than indexed.
const FEW: usize = 16;

impl<'a> Names<'a> {
    /// The first property of that name.
    fn property(&mut self, own: &'a Type, name: &str) -> Option<&'a Property> {
        if own.properties.len() <= FEW {
            return own.properties.iter().find(|property| property.name == name);
        }
        let index = || own.properties.iter().rev().map(|property| (property.name.as_str(), property)).collect();
        self.0.entry(std::ptr::from_ref(own)).or_insert_with(index).get(name).copied()
    }
}
