//! Puts seeds into the tenant.

use super::engine::Engine;
use super::identifiers::{identifier, key};
use super::objects::identified;
use super::seeds::{SeedError, Seeds};
use super::tenant::{Full, Tenant, below, key_of};
use graph_contracts::json::{Json, Path};

/// The base URL before the first request.
const UNKNOWN: &str = "";

impl Engine {
    /// Adds what seeds have.
    pub(super) fn sow(&self, seeds: &Seeds, tenant: &mut Tenant) -> Result<(), SeedError> {
        for entry in &seeds.entries {
            let at = Path::root().member(&entry.path);
            let Some(found) = self.routes.find_below_version(&entry.path) else {
                let message = "no contract has this path; write it as the pages do, without the version".to_owned();
                return Err(seeds.error(at, message));
            };
            let is_object = found.key().is_some();
            let places = self.resolve(&found, is_object, UNKNOWN, tenant);
            let place = match places.map(|mut places| places.pop().unwrap_or_default()) {
                Ok(place) => place,
                Err(_) => {
                    let message =
                        "an object on this path is not there; add it to the array of its collection".to_owned();
                    return Err(seeds.error(at, message));
                }
            };
            let full = |Full| seeds.error(at.clone(), "the tenant holds no more than this".to_owned());
            match (&entry.value, self.routes.node(found.node()).is_collection() && !is_object) {
                (Json::Array(items), true) => {
                    tenant.next_number(&place).map_err(full)?;
                    for (index, item) in items.iter().enumerate() {
                        let at = at.element(index);
                        let Json::Object(members) = item else {
                            return Err(seeds.error(at, "an object of the collection is expected".to_owned()));
                        };
                        let only = |name: &str| members.len() == 1 && members[0].name == name;
                        let linked = match item.get("@odata.id").and_then(Json::as_str) {
                            Some(url) if only("@odata.id") => Some(self.target(url, UNKNOWN, tenant).ok_or(())),
                            // An object of its own may have nothing but an identifier, too.
                            _ => {
                                let to = item.get("id").filter(|_| only("id")).and_then(|id| tenant.keyed(&key(id)));
                                to.filter(|to| to[..to.len() - 1] != place).map(Ok)
                            }
                        };
                        match linked {
                            Some(Ok(to)) => drop(tenant.link(&place, &to, false).map_err(full)?),
                            Some(Err(())) => {
                                let message =
                                    "there is no such object; add it to the array of its collection".to_owned();
                                return Err(seeds.error(at.member("@odata.id"), message));
                            }
                            None => {
                                let number = tenant.next_number(&place).map_err(full)?;
                                let made = || identifier(self.documented_id(found.node()), &place.join("/"), number);
                                let id = item.get("id").cloned().unwrap_or_else(made);
                                if tenant.get(&below(&place, &key(&id))).is_some() {
                                    return Err(seeds.error(at, format!("another object has the id {id}")));
                                }
                                tenant.add(&place, &key(&id), identified(item.clone(), &id), None).map_err(full)?;
                            }
                        }
                    }
                }
                (Json::Object(_), false) => {
                    let body = match key_of(&place) {
                        Some(key) => identified(entry.value.clone(), &Json::String(key.to_owned())),
                        None => entry.value.clone(),
                    };
                    tenant.put(&place, body, true).map_err(full)?;
                }
                (_, true) => {
                    return Err(seeds.error(at, "an array of the objects of this collection is expected".to_owned()));
                }
                (_, false) => {
                    return Err(seeds.error(at, "an object is expected, because this is no collection".to_owned()));
                }
            }
        }
        Ok(())
    }
}
