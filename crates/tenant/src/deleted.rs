//! The deleted items of the directory: what is deleted of some types stays there until it is restored, or deleted there as well (Microsoft Graph
//! documentation, "List deletedItems", "Restore deleted item" and "Permanently delete item").

use super::answer::{Answer, Content, text};
use super::call::Call;
use super::engine::{Engine, Manner};
use super::found::{Step, name_key};
use super::objects::{merged, with_context};
use super::resolve::no_object;
use super::tenant::{Full, Place, Tenant, below, key_of};
use super::type_names::type_key;
use super::validation::is_taken;
use super::values::now;
use graph_contracts::json::Json;

/// The collection of deleted items.
const DELETED: [&str; 2] = ["directory", "deleteditems"];

/// What only one user has ("user resource type").
const PRINCIPAL: &str = "userPrincipalName";

/// What brings one back.
const RESTORE: &str = "restore";

/// The members by which a deleted item says when it was deleted, and what it is.
const DELETED_AT: &str = "deletedDateTime";
const TYPE: &str = "@odata.type";

impl Engine {
    /// Whether a place is the collection of the deleted items or in it, and the contracts say what is kept there.
    pub(super) fn is_of_deleted(&self, place: &Place) -> bool {
        self.options.manner == Manner::AsService
            && place.starts_with(&deleted())
            && self.routes.node_of(&deleted()).is_some()
    }

    /// The type of an object that is kept when it is deleted. The deleted items of each type are listed at a path of their own, so that pages say which
    /// these are.
    fn kept_type(&self, place: &Place, object: &Json) -> Option<String> {
        if self.options.manner == Manner::AsDocumented || self.is_of_deleted(place) {
            return None;
        }
        let stated = object.get(TYPE).and_then(Json::as_str).map(|own| own.trim_start_matches('#').to_owned());
        let name = stated.or_else(|| self.type_at(place))?;
        let listed = self.routes.named(self.routes.node_of(&deleted())?, &type_key(&name))?;
        self.documents(listed, "GET").then_some(name)
    }

    /// Removes an object, to the deleted items if it is kept there and there is room.
    pub(super) fn remove(&self, place: &Place, tenant: &mut Tenant) {
        let kept = tenant.get(place).and_then(|object| Some((self.kept_type(place, object)?, object.clone())));
        let (Some((name, object)), Some(key)) = (kept, key_of(place)) else {
            tenant.remove(place);
            return;
        };
        let to = below(&deleted(), key);
        // Objects of several collections may have one key.
        tenant.remove(&to);
        let said = Json::Object(vec![text(TYPE, &format!("#{name}"))]);
        let deleted_at = Json::Object(vec![text(DELETED_AT, &now())]);
        if tenant.set_aside(place, &to, merged(merged(said, object), deleted_at)).is_err() {
            tenant.remove(place);
            tenant.remove(&to);
        }
    }

    /// The deleted item that a request asks to be restored; `places` are those of its path.
    pub(super) fn restorable<'p>(&self, call: &Call<'_>, places: &'p [Place]) -> Option<&'p Place> {
        let is_restore = matches!(call.found.steps.last(), Some((Step::Name(name), _)) if name_key(name) == RESTORE);
        let object = places.get(places.len().checked_sub(2)?)?;
        (is_restore && self.is_of_deleted(object) && key_of(object).is_some()).then_some(object)
    }

    /// The property of a deleted item of which only one object may have the value, and another one has by now.
    fn taken(&self, home: &Place, object: &Json, tenant: &Tenant) -> Option<&str> {
        let collection = home.split_last()?.1.to_vec();
        let alternates = &self.routes.node(self.routes.node_of(&collection)?).alternates;
        let mut names = alternates.iter().map(String::as_str).chain([PRINCIPAL]);
        names.find(|name| is_taken(name, object, &collection, home, tenant))
    }

    /// Restores a deleted item.
    pub(super) fn restore(&self, call: &Call<'_>, place: &Place, tenant: &mut Tenant) -> Result<Answer, Full> {
        let (Some(object), Some(home)) = (tenant.get(place).cloned(), tenant.home(place).cloned()) else {
            return Ok(no_object(key_of(place).unwrap_or(RESTORE)));
        };
        if tenant.get(&home).is_some() {
            return Ok(Answer::object_conflict("id"));
        }
        if let Some(name) = self.taken(&home, &object, tenant) {
            return Ok(Answer::object_conflict(name));
        }
        let shown = without(&object, DELETED_AT);
        // An object of the type that its collection has does not say it (OData JSON Format 4.01 section 4.6.3).
        let is_of_collection =
            self.type_at(&home).map(|name| type_key(&name)) == shown.get(TYPE).and_then(Json::as_str).map(type_key);
        let kept = if is_of_collection { without(&shown, TYPE) } else { shown.clone() };
        tenant.bring_back(place, kept)?;
        let context = format!("{}/v1.0/$metadata#directoryObjects/$entity", call.request.base_url);
        let status = call.contract.map_or(200, |contract| contract.response.status);
        Ok(Answer::new(status, Content::Json(with_context(shown, &context))))
    }
}

/// An object without a member.
fn without(object: &Json, name: &str) -> Json {
    let members = match object {
        Json::Object(members) => members.as_slice(),
        _ => &[],
    };
    Json::Object(members.iter().filter(|member| member.name != name).cloned().collect())
}

fn deleted() -> Place {
    DELETED.map(str::to_owned).to_vec()
}
