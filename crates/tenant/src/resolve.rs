//! Where a path leads: every key on it is looked up in what the tenant holds.

use super::answer::{Answer, text};
use super::documented::Documented;
use super::engine::{Engine, Manner, full};
use super::found::{Found, Named, Step};
use super::identifiers::{identifier, key};
use super::objects::{identified, merged};
use super::tenant::{Full, Place, Tenant, below};
use super::well_known::well_known;
use graph_contracts::json::Json;

/// The collection of the users, and the name of the one who is signed in (Microsoft Graph documentation, "Use the Microsoft Graph API").
const USERS: &str = "users";
const ME: &str = "me";

/// The collection of the drives, and the property that leads to one.
const DRIVES: &str = "drives";
const DRIVE: &str = "drive";

/// The property in which an object shows its name.
const SHOWN: &str = "displayName";

/// By these a user is addressed, wherever the pages say so or not.
const USER_NAMES: [&str; 2] = ["userPrincipalName", "mail"];

impl Engine {
    /// The places that a path leads to, after each of its steps; the first one is the root. Objects that no client can create were there
    /// before. The last object may be one that the request is about to make.
    pub(super) fn resolve(
        &self,
        found: &Found,
        may_be_new: bool,
        base_url: &str,
        tenant: &mut Tenant,
    ) -> Result<Vec<Place>, Answer> {
        let mut places = vec![Place::new()];
        for (index, (step, node)) in found.steps.iter().enumerate() {
            let mut place = places[index].clone();
            if index >= found.root {
                let is_last = index + 1 == found.steps.len();
                match step {
                    Step::Key(own) | Step::Named(Named { text: own, .. }) => {
                        let collection = index.checked_sub(1).map_or(0, |before| found.steps[before].1);
                        self.seed(collection, &place, base_url, tenant).map_err(|Full| full())?;
                        place = match self.keyed(collection, &place, step, base_url, tenant).map_err(|Full| full())? {
                            Some(place) => place,
                            None if is_last && may_be_new => below(&place, own),
                            None => return Err(no_object(own)),
                        };
                    }
                    Step::Name(_) | Step::Pattern(_) => {
                        place.extend(found.segment(index));
                        if place == [ME] && self.options.manner == Manner::AsService {
                            place = self.me(found, base_url, tenant).map_err(|Full| full())?.unwrap_or(place);
                        }
                        // A property that leads to one object.
                        if !self.routes.node(*node).is_collection()
                            && let [to] = tenant.linked(&place)
                            && !found.ends_with_reference(index)
                        {
                            place = to.clone();
                        }
                    }
                }
            }
            places.push(place);
        }
        Ok(places)
    }

    /// The place of the object that a key addresses.
    pub(super) fn keyed(
        &self,
        collection: usize,
        place: &Place,
        step: &Step,
        base_url: &str,
        tenant: &mut Tenant,
    ) -> Result<Option<Place>, Full> {
        let own = match step {
            Step::Key(own) => own,
            Step::Named(named) => {
                let fits = |object: &Json| named.keys.iter().all(|(name, value)| has(object, name, value));
                return Ok(tenant.objects(place).find(|(_, object)| fits(object)).map(|(place, _)| place.clone()));
            }
            Step::Name(_) | Step::Pattern(_) => return Ok(None),
        };
        let direct = below(place, own);
        if tenant.get(&direct).is_some() || self.options.manner == Manner::AsDocumented {
            return Ok(tenant.get(&direct).is_some().then_some(direct));
        }
        let is_of_key = |to: &Place| to.last() == direct.last();
        if let Some(to) = self.inverses.leads_to(place, tenant).into_iter().find(is_of_key) {
            return Ok(Some(to));
        }
        if let Some(key) = tenant.named(place, own) {
            return Ok(Some(below(place, key)));
        }
        // The drive of a user, a group or a site is one of all drives.
        if place.last().is_some_and(|last| last == DRIVES)
            && let Some(drive) = tenant.resource(DRIVE, own)
        {
            return Ok(Some(drive));
        }
        let node = self.routes.node(collection);
        let names = node.alternates.iter().map(String::as_str).chain(USER_NAMES);
        let names: Vec<&str> =
            if own.contains('@') { names.collect() } else { node.alternates.iter().map(String::as_str).collect() };
        let is_named = |object: &Json| names.iter().any(|name| has(object, name, own));
        if let Some((place, _)) = tenant.objects(place).find(|(_, object)| is_named(object)) {
            return Ok(Some(place.clone()));
        }
        // A word by which an example addresses an object, such as `inbox`, is a name that the service gives.
        let shown = place.last().and_then(|last| well_known(last, own));
        if shown.is_some() || node.words.contains(&own.to_lowercase()) {
            let key = self.plant(collection, place, base_url, tenant)?;
            tenant.name(place, own, &key)?;
            let planted = below(place, &key);
            let body = tenant.get(&planted).filter(|body| body.get(SHOWN).is_some()).cloned();
            if let Some((body, shown)) = body.zip(shown) {
                tenant.put(&planted, merged(body, Json::Object(vec![text(SHOWN, shown)])), false)?;
            }
            return Ok(Some(planted));
        }
        Ok(None)
    }

    /// The signed-in user: the first one of the tenant, if contracts know users.
    fn me(&self, found: &Found, base_url: &str, tenant: &mut Tenant) -> Result<Option<Place>, Full> {
        let version = found.root.checked_sub(1).map_or(0, |last| found.steps[last].1);
        let Some(node) = self.routes.named(version, USERS) else { return Ok(None) };
        let users = vec![USERS.to_owned()];
        if let Some(key) = tenant.keys(&users).first() {
            return Ok(Some(below(&users, key)));
        }
        if self.routes.specimen(node, &self.store().contracts).is_none() {
            return Ok(None);
        }
        let key = self.plant(node, &users, base_url, tenant)?;
        Ok(Some(below(&users, &key)))
    }

    /// Gives a collection its first object, if clients cannot create any.
    pub(super) fn seed(
        &self,
        collection: usize,
        place: &Place,
        base_url: &str,
        tenant: &mut Tenant,
    ) -> Result<(), Full> {
        // The signed-in user has a path of their own, and the same collections.
        let is_filled = |node: usize| self.is_filled_by_clients(node);
        let is_service = self.options.manner == Manner::AsService;
        let own = self.routes.node_of(place).filter(|_| is_service);
        if self.is_of_deleted(place)
            || tenant.knows(place)
            || is_filled(collection)
            || own.is_some_and(is_filled)
            || self.inverses.has(place)
        {
            return Ok(());
        }
        self.plant(collection, place, base_url, tenant).map(drop)
    }

    fn is_filled_by_clients(&self, collection: usize) -> bool {
        let node = self.routes.node(collection);
        let is_linkable = || {
            let reference = self.routes.named(collection, "$ref");
            reference.is_some_and(|reference| self.documents(reference, "POST"))
        };
        node.is_creatable() || (self.options.manner == Manner::AsService && is_linkable())
    }

    /// The type of the objects of the collection that a place is in, as far as a contract says it.
    pub(super) fn type_at(&self, place: &Place) -> Option<String> {
        let node = self.routes.collection_of(place)?;
        let specimen = self.routes.specimen(node, &self.store().contracts)?;
        let declared = self.rules.of(specimen.contract).response_type().map(|own| own.name.clone());
        let stated = || specimen.resource.get("@odata.type").and_then(Json::as_str);
        let stated = || stated().map(|own| own.trim_start_matches('#').to_owned());
        declared.or_else(|| specimen.contract.response.body_type.clone()).or_else(stated)
    }

    /// The identifier that pages show of the objects of a collection.
    pub(super) fn documented_id(&self, collection: usize) -> Option<&Json> {
        self.routes.specimen(collection, &self.store().contracts)?.resource.get("id")
    }

    /// Adds an object that is like the documented ones, and gives its key.
    fn plant(&self, collection: usize, place: &Place, base_url: &str, tenant: &mut Tenant) -> Result<String, Full> {
        let specimen = self.routes.specimen(collection, &self.store().contracts);
        let documented_id = specimen.as_ref().and_then(|specimen| specimen.resource.get("id"));
        let namespace = place.join("/");
        let number = tenant.next_number(place)?;
        let named = specimen.as_ref().and_then(Documented::enumerated_id).cloned();
        let id = named.unwrap_or_else(|| identifier(documented_id, &namespace, number));
        let body = match &specimen {
            Some(specimen) => {
                self.maker(specimen.contract, &namespace, base_url).resource(specimen, Some(&id), None, None)
            }
            None => Json::Object(Vec::new()),
        };
        tenant.add(place, &key(&id), identified(body, &id), None)?;
        Ok(key(&id))
    }
}

/// The refusal of what is addressed and not there, as the directory of Microsoft Graph words it.
pub(super) fn no_object(key: &str) -> Answer {
    let message =
        format!("Resource '{key}' does not exist or one of its queried reference-property objects are not present.");
    Answer::error(404, "Request_ResourceNotFound", message)
}

/// Whether an object has a member with that text or number, in any case.
fn has(object: &Json, name: &str, value: &str) -> bool {
    let Json::Object(members) = object else { return false };
    let own = members.iter().find(|member| member.name.eq_ignore_ascii_case(name));
    own.is_some_and(|own| key(&own.value).to_lowercase() == value.to_lowercase())
}
