//! What navigation properties lead to, within the object that has them (OData URL Conventions 4.01 section 5.1.3).

use std::cell::Cell;

use super::answer::text;
use super::engine::Engine;
use super::tenant::{Place, Tenant, below};
use crate::query::Options;
use graph_contracts::json::{Json, Member};

/// So many objects are expanded for one answer.
pub(super) const MOST_EXPANDED: usize = 10_000;

impl Engine {
    /// An object as it is stored, with its type: in a list of links, objects are of several types (OData JSON Format 4.01 section 4.6.3).
    pub(super) fn typed(&self, place: &Place, tenant: &Tenant) -> Option<Json> {
        let Json::Object(members) = tenant.get(place)?.clone() else { return None };
        let has_type = members.iter().any(|member| member.name == "@odata.type");
        let own = self.type_at(place).filter(|_| !has_type).map(|name| text("@odata.type", &format!("#{name}")));
        Some(Json::Object(own.into_iter().chain(members).collect()))
    }

    /// An object with what its navigation properties lead to, where the request expands them (OData URL Conventions 4.01 section 5.1.3), until `left`
    /// objects were expanded: links may lead around in circles.
    pub(super) fn expanded(
        &self,
        options: &Options,
        place: &Place,
        item: Json,
        tenant: &Tenant,
        left: &Cell<usize>,
    ) -> Json {
        let mut expansions = options.expands().filter(|(name, _)| item.get(name).is_none()).peekable();
        let (Some(node), true) = (self.routes.node_of(place), expansions.peek().is_some()) else { return item };
        let mut added = Vec::new();
        for (name, options) in expansions {
            if left.get() == 0 {
                break;
            }
            let Some(child) = self.routes.named(node, name) else { continue };
            let from = [place.as_slice(), &[name.to_ascii_lowercase()]].concat();
            let whole = |place: &Place, item: Json| {
                left.set(left.get().saturating_sub(1));
                match options {
                    Some(options) => self.expanded(options, place, item, tenant, left),
                    None => item,
                }
            };
            let led = self.inverses.leads_to(&from, tenant);
            let linked = led.iter().filter_map(|to| Some(whole(to, self.typed(to, tenant)?)));
            let value = if self.routes.node(child).is_collection() {
                let own = tenant.keys(&from).into_iter().map(|key| below(&from, &key));
                let own = own.filter_map(|place| Some(whole(&place, tenant.get(&place)?.clone())));
                Some(Json::Array(own.chain(linked).collect()))
            } else {
                let mut linked = linked;
                linked.next().or_else(|| Some(whole(&from, tenant.get(&from)?.clone())))
            };
            added.extend(value.map(|value| Member { name: name.to_owned(), value }));
        }
        match item {
            Json::Object(members) => Json::Object(members.into_iter().chain(added).collect()),
            other => other,
        }
    }
}
