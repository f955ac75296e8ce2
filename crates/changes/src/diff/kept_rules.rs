//! What metadata says of a property of two contracts, as far as they keep it.

use crate::judgment::{DeclaredType, TypeFact};
use graph_contracts::contract::Contract;
use graph_contracts::service::{
    Access, EnumerationType, ServiceKinds, ServiceProperty, ServiceRules, ServiceValue, TypeReference,
};

/// What two contracts keep of metadata.
pub(super) struct KeptRules([Option<ServiceRules>; 2]);

/// What metadata says of a property.
#[derive(Clone, Copy, Debug)]
pub(super) struct PropertyRule<'r> {
    pub(super) type_ref: &'r TypeReference,
    /// The same as a fact; an enumeration is closed unless it tells callers to expect further values.
    pub(super) declared: DeclaredType,
    pub(super) enumeration: Option<&'r EnumerationType>,
    pub(super) nullable: Option<bool>,
    /// Whether the service sets it.
    pub(super) is_read_only: bool,
}

impl KeptRules {
    pub(super) fn of(old: &Contract, new: &Contract) -> KeptRules {
        KeptRules([old, new].map(Contract::service_rules))
    }

    /// Whether the metadata of the new contract declares a property of one of its types.
    pub(super) fn still_has(&self, new: &Contract, type_name: &str, property: &str) -> bool {
        let declared =
            |rules: &ServiceRules| matches!(new.property_value(rules, type_name, property), ServiceValue::Declared(_));
        self.0[1].as_ref().is_some_and(declared)
    }

    /// What the metadata of both says of a property, each by its own names of the type and the property.
    pub(super) fn properties(
        &self,
        contracts: [&Contract; 2],
        names: [(&str, &str); 2],
    ) -> [Option<PropertyRule<'_>>; 2] {
        [0, 1].map(|at| {
            let ((type_name, property), rules) = (names[at], self.0[at].as_ref()?);
            let ServiceValue::Declared(own) = contracts[at].property_value(rules, type_name, property) else {
                return None;
            };
            let of = own.property()?;
            let (fact, enumeration) = match own.kinds() {
                ServiceKinds::Primitive(primitive) => (TypeFact::Primitive(primitive), None),
                ServiceKinds::Enumeration(own) => (TypeFact::Enumeration(Some(!own.is_evolvable())), Some(own)),
                ServiceKinds::Structured => (TypeFact::Other, None),
                ServiceKinds::Unknown => return None,
            };
            Some(PropertyRule {
                type_ref: own.type_ref,
                declared: DeclaredType { fact, is_collection: own.type_ref.collection },
                enumeration,
                nullable: ServiceProperty::may_be_null(of),
                is_read_only: of.access == Some(Access::Computed),
            })
        })
    }
}
