//! The declared property of a value in a typed body.

use std::collections::BTreeMap;

use super::{Property, Type, TypeName};
use crate::json::{Json, Path, Step};

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
    /// The declared property of the value at a path; `None` if the path names no member, or nobody declares it.
    pub fn property(&self, path: &Path) -> Option<&'a Property> {
        let mut value = Some(self.body);
        let mut type_name = self.body_type;
        let mut property = None;
        for (depth, step) in path.steps().iter().enumerate() {
            match step {
                Step::Index(index) => {
                    value = match value {
                        // Elements beyond the documented ones are like the last.
                        Some(Json::Array(items)) => items.get(*index).or(items.last()),
                        _ => None,
                    };
                }
                Step::Name(name) => {
                    let own = value
                        .and_then(|value| value.get("@odata.type"))
                        .and_then(Json::as_str)
                        .and_then(TypeName::read);
                    value = value.and_then(|value| value.get(name));
                    if depth == 0 && self.wrapped && name == "value" {
                        continue;
                    }
                    let own = own.and_then(|own| self.types.get_key_value(&own.name)).map(|(name, _)| name.as_str());
                    let declared = self.types.get(own.or(type_name)?)?;
                    let found = declared.properties.iter().find(|property| property.name == *name)?;
                    type_name = Some(&found.type_name);
                    property = Some(found);
                }
            }
        }
        property
    }
}
