//! The entity tags that objects show, where a page requires the last known one of whoever changes an object (RFC 9110 section 8.8.3).

use super::answer::text;
use super::engine::{Engine, Manner};
use super::identifiers::guid;
use super::objects::merged;
use super::precondition::TAG;
use super::tenant::{Place, Tenant};
use graph_contracts::json::Json;

impl Engine {
    /// An object with a tag, where a page requires the last known one of whoever changes it.
    pub(super) fn tagged(&self, object: Json, place: &Place, namespace: &str, tenant: &Tenant) -> Json {
        let requires = |index: usize| {
            let mut names = self.store().contracts[index].request.required_headers.iter();
            names.any(|name| name.eq_ignore_ascii_case("if-match"))
        };
        let is_tagged = || {
            let node = self.routes.node_of(place);
            node.is_some_and(|node| self.routes.node(node).operations.iter().any(|own| requires(own.contract)))
        };
        if self.options.manner == Manner::AsDocumented || object.get(TAG).is_some() || !is_tagged() {
            return object;
        }
        merged(tag(namespace, tenant.version()), object)
    }

    /// An object that changes, which has another tag from then on (RFC 9110 section 8.8.3).
    pub(super) fn with_new_tag(&self, object: Json, namespace: &str, tenant: &Tenant) -> Json {
        if self.options.manner == Manner::AsDocumented || object.get(TAG).is_none() {
            return object;
        }
        merged(object, tag(namespace, tenant.version() + 1))
    }
}

/// The member with the tag of an object, in a version of the tenant.
fn tag(namespace: &str, version: u64) -> Json {
    Json::Object(vec![text(TAG, &format!("W/\"{}\"", guid(&format!("{namespace}/{TAG}"), version)))])
}
