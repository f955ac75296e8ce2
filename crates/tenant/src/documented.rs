//! The resource within a documented body.

use graph_contracts::contract::{Body, Contract, Declaration};
use graph_contracts::json::{Json, Path};

/// A documented resource: the body itself, what stands in its member `value`, or the first element there.
#[derive(Clone, Debug)]
pub(super) struct Documented<'a> {
    pub(super) contract: &'a Contract,
    pub(super) resource: &'a Json,
    /// Where it stands in the body.
    pub(super) path: Path,
    pub(super) declared: Declaration<'a>,
}

/// What is around the resource in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Envelope {
    /// Nothing: the body is the resource.
    None,
    /// The member `value`, as in some pages of Microsoft Graph.
    Object,
    /// The array in the member `value` (OData JSON Format 4.01 section 13).
    Collection,
}

/// The documented JSON body of the response.
pub(super) fn body(contract: &Contract) -> Option<&Json> {
    contract.response.body.as_ref().and_then(Body::as_json)
}

/// What is around the resource in the documented body.
pub(super) fn envelope(contract: &Contract) -> Envelope {
    let Some(body) = body(contract) else { return Envelope::None };
    match body.get("value") {
        // An entity may have a property `value`.
        Some(Json::Array(_)) if contract.response.wrapped || body.get("id").is_none() => Envelope::Collection,
        Some(Json::Object(_)) if contract.response.wrapped => Envelope::Object,
        _ => Envelope::None,
    }
}

impl<'a> Documented<'a> {
    /// The resource that a contract documents; `None` if its response has none.
    pub(super) fn of(contract: &'a Contract) -> Option<Documented<'a>> {
        let body = body(contract).filter(|_| contract.response.status < 400)?;
        let root = Path::root();
        let (resource, path) = match envelope(contract) {
            Envelope::None => (body, root),
            Envelope::Object => (body.get("value")?, root.member("value")),
            Envelope::Collection => match body.get("value")? {
                Json::Array(items) => (items.first()?, root.member("value").element(0)),
                _ => return None,
            },
        };
        let is_typed = contract.response.wrapped || path == Path::root();
        let type_name = contract.response.body_type.as_deref().filter(|_| is_typed);
        let declared = Declaration { type_name, ..Declaration::default() };
        matches!(resource, Json::Object(_)).then_some(Documented { contract, resource, path, declared })
    }

    /// The documented identifier, where its values are enumerated: one that is made up would be none of them.
    pub(super) fn enumerated_id(&self) -> Option<&'a Json> {
        let own = self.contract.types.get(self.declared.type_name?)?;
        let property = own.properties.iter().find(|property| property.name == "id")?;
        self.resource.get("id").filter(|_| !property.values.is_empty())
    }

    /// Whether a member may stand in the resource, being documented by example or table, or left open.
    pub(super) fn knows(&self, name: &str) -> bool {
        let own = self.declared.type_name.and_then(|name| self.contract.types.get(name));
        self.contract.response.may_be_truncated
            || name.starts_with('@')
            || self.resource.get(name).is_some()
            || own.is_some_and(|own| own.open || own.properties.iter().any(|property| property.name == name))
    }
}
