//! The declared property of a value in a typed body.

use std::collections::BTreeMap;

use super::{Property, Type, TypeName};
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

impl<'a> Typed<'a> {
    /// Visits every value of the body with its path and its declared property, parents first.
    pub fn visit(&self, mut visitor: impl FnMut(&'a Json, &Cursor<'_>, Option<&'a Property>)) {
        self.visit_value(self.body, &Cursor::Root, None, self.body_type, &mut visitor);
    }

    fn visit_value(
        &self,
        value: &'a Json,
        cursor: &Cursor<'_>,
        declared: Option<&'a Property>,
        type_name: Option<&'a str>,
        visitor: &mut impl FnMut(&'a Json, &Cursor<'_>, Option<&'a Property>),
    ) {
        visitor(value, cursor, declared);
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit_value(item, &Cursor::Element(cursor, index), declared, type_name, visitor);
                }
            }
            Json::Object(members) => {
                let own = self.own_type(value).or(type_name).and_then(|name| self.types.get(name));
                for member in members {
                    let is_wrapper = self.wrapped && cursor.is_root() && member.name == "value";
                    let found = own.and_then(|own| own.properties.iter().find(|property| property.name == member.name));
                    let (declared, type_name) = match found {
                        _ if is_wrapper => (None, self.body_type),
                        Some(found) => (Some(found), Some(found.type_name.as_str())),
                        None => (None, None),
                    };
                    self.visit_value(
                        &member.value,
                        &Cursor::Member(cursor, &member.name),
                        declared,
                        type_name,
                        visitor,
                    );
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
