//! What is declared of the values of a body.

use super::{ServiceDeclared, ServiceRules, ServiceType, ServiceValue, TypeReference};
use crate::json::{Json, Path, Step, Tree as _};

impl ServiceRules {
    /// What is declared of the value at a path of a body, of which the type is known or not. An object may say itself what it is.
    pub fn value_at<'a>(&'a self, body: &Json, type_ref: Option<&'a TypeReference>, path: &Path) -> ServiceValue<'a> {
        // A collection, and a value without members, stands in the member `value` (OData JSON Format 4.01 sections 11 to 13).
        let is_wrapped = type_ref.is_some_and(|own| own.collection || !self.is_structured(&own.name));
        let whole = type_ref.map_or(ServiceValue::Unknown, |own| self.value_of_type(own));
        let mut declared = if is_wrapped { ServiceValue::Unknown } else { whole };
        let mut value = Some(body);
        for (depth, step) in path.steps().iter().enumerate() {
            declared = match (step, declared) {
                (Step::Name(name), _) if is_wrapped && depth == 0 && name == "value" => whole,
                (Step::Name(name), declared) => self.member_of(value, declared, name),
                (Step::Index(_), declared) => declared.element(),
            };
            value = value.and_then(|value| value.at(std::slice::from_ref(step)));
        }
        declared
    }

    /// A value of a type.
    pub(crate) fn value_of_type<'a>(&'a self, type_ref: &'a TypeReference) -> ServiceValue<'a> {
        ServiceValue::Declared(ServiceDeclared::of(self, type_ref))
    }

    /// The type that an object says it is of, if it is one of these (OData JSON Format 4.01 section 4.6.3).
    pub fn own_type(&self, object: &Json) -> Option<(&str, &ServiceType)> {
        let own = object.get("@odata.type").or_else(|| object.get("@type")).and_then(Json::as_str)?;
        self.find(own.strip_prefix('#').unwrap_or(own))
    }

    fn member_of<'a>(&'a self, object: Option<&Json>, declared: ServiceValue<'a>, name: &str) -> ServiceValue<'a> {
        let own = object.and_then(|object| self.own_type(object)).map(|(own, _)| own);
        self.member_within(own, declared, name)
    }

    /// What is declared of a member of an object that says itself of which type it is, or of which something is declared or not.
    pub(crate) fn member_within<'a>(
        &'a self,
        own: Option<&'a str>,
        declared: ServiceValue<'a>,
        name: &str,
    ) -> ServiceValue<'a> {
        // Annotations are declared elsewhere, if at all.
        match (own, declared) {
            _ if name.contains(['@', '#']) => ServiceValue::Unknown,
            (Some(own), _) => self.member(own, name),
            (None, ServiceValue::Declared(own)) if !own.is_collection() => self.member(&own.type_ref.name, name),
            (None, _) => ServiceValue::Unknown,
        }
    }
}

impl<'a> ServiceValue<'a> {
    /// What is declared of an element, if this is declared to be a collection.
    pub(crate) fn element(self) -> ServiceValue<'a> {
        match self {
            ServiceValue::Declared(own) if own.is_collection() => {
                ServiceValue::Declared(ServiceDeclared { is_element: true, ..own })
            }
            _ => ServiceValue::Unknown,
        }
    }
}
