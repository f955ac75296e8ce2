//! Navigation properties that lead to objects without containing them: `$ref`, and `@odata.bind` in bodies (OData Protocol 4.01 section 11.4.6
//! and OData JSON Format 4.01 section 8.5).

use super::answer::{Answer, Content, text};
use super::call::Call;
use super::engine::Engine;
use super::objects::encoded;
use super::resolve::no_object;
use super::tenant::{Full, Place, Tenant, key_of};
use graph_contracts::contract::Body;
use graph_contracts::json::{Json, Member};
use graph_contracts::url::{Target, query_parameters, split_scheme};

/// What binds a navigation property in a body.
const BIND: &str = "@odata.bind";

impl Engine {
    /// Answers a request to `…/$ref`. `places` are those of the steps before it.
    pub(super) fn reference(
        &self,
        call: &Call<'_>,
        method: &str,
        places: &[Place],
        tenant: &mut Tenant,
    ) -> Result<Answer, Full> {
        let base_url = call.request.base_url;
        let (place, is_collection) = match call.found.steps.iter().rev().nth(1) {
            Some((_, node)) => (places.last().cloned().unwrap_or_default(), self.routes.node(*node).is_collection()),
            None => return Ok(no_object("$ref")),
        };
        let status = |status: u16| call.contract.map_or(status, |contract| contract.response.status);
        let to = || {
            call.sent.as_ref().and_then(|sent| sent.get("@odata.id").or_else(|| sent.get("@id"))).and_then(Json::as_str)
        };
        match method {
            "GET" => Ok(self.references(call, &place, is_collection, tenant)),
            "POST" | "PUT" | "PATCH" => {
                let documented =
                    call.contract.and_then(|contract| contract.request.body.as_ref()).and_then(Body::as_json);
                let is_link = |body: &Json| body.get("@odata.id").or_else(|| body.get("@id")).is_some();
                if to().is_none() && documented.is_some_and(|body| !is_link(body)) {
                    return Ok(self.act(call));
                }
                let Some(url) = to() else {
                    return Ok(Answer::error(
                        400,
                        "Request_BadRequest",
                        "The request has no `@odata.id` of an object.",
                    ));
                };
                let Some(target) = self.target(url, base_url, tenant) else { return Ok(no_object(last_key(url))) };
                if !tenant.link(&place, &target, !is_collection)? && method == "POST" {
                    let name = place.last().map_or("", String::as_str);
                    let name = as_written(call, name);
                    let message = format!(
                        "One or more added object references already exist for the following modified properties: '{name}'."
                    );
                    return Ok(Answer::error(400, "Request_BadRequest", message));
                }
                Ok(Answer::new(status(204), Content::Nothing))
            }
            // What is removed is the key before `$ref`, an `$id` of the query, or the single object.
            _ => {
                let query = query_parameters(call.request.query);
                let named = query.iter().find(|(name, _)| matches!(name.as_str(), "$id" | "@id"));
                let (from, target) = match (key_of(&place), named) {
                    (Some(_), _) => (collection_before(call, places), Some(place)),
                    (None, Some((_, url))) => {
                        let target = self.target(url, base_url, tenant);
                        (place, target)
                    }
                    (None, None) => {
                        let target = tenant.linked(&place).first().cloned().filter(|_| !is_collection);
                        (place, target)
                    }
                };
                match target {
                    Some(target) if tenant.unlink(&from, &target) => Ok(Answer::new(status(204), Content::Nothing)),
                    target => Ok(no_object(target.as_ref().and_then(key_of).unwrap_or("$ref"))),
                }
            }
        }
    }

    /// The references of a navigation property (OData JSON Format 4.01 section 14).
    fn references(&self, call: &Call<'_>, place: &Place, is_collection: bool, tenant: &Tenant) -> Answer {
        let (version, path) = call.found.context(call.found.root);
        let (version, base) = (format!("{version}{path}"), call.request.base_url);
        let reference = |to: &Place| text("@odata.id", &format!("{base}{version}/{}", shown(to)));
        let context = text(
            "@odata.context",
            &format!("{base}{version}/$metadata#{}", if is_collection { "Collection($ref)" } else { "$ref" }),
        );
        let linked = self.inverses.leads_to(place, tenant);
        let members = if is_collection {
            let items = linked.iter().map(|to| Json::Object(vec![reference(to)])).collect();
            vec![context, Member { name: "value".to_owned(), value: Json::Array(items) }]
        } else if let Some(to) = linked.first() {
            vec![context, reference(to)]
        } else {
            return no_object(place.last().map_or("", String::as_str));
        };
        Answer::new(200, Content::Json(Json::Object(members)))
    }

    /// What a body binds: the navigation property, the object, and whether it is the only one.
    pub(super) fn bound(
        &self,
        sent: Option<&Json>,
        base_url: &str,
        tenant: &mut Tenant,
    ) -> Result<Vec<(String, Place, bool)>, Answer> {
        let Some(Json::Object(members)) = sent else { return Ok(Vec::new()) };
        let mut bound = Vec::new();
        for member in members {
            let Some(name) = member.name.strip_suffix(BIND) else { continue };
            let (urls, is_single): (&[Json], bool) = match &member.value {
                Json::Array(items) => (items, false),
                other => (std::slice::from_ref(other), true),
            };
            for url in urls.iter().filter_map(Json::as_str) {
                let target = self.target(url, base_url, tenant).ok_or_else(|| no_object(last_key(url)))?;
                bound.push((name.to_owned(), target, is_single));
            }
        }
        Ok(bound)
    }

    /// The object that a URL leads to. In `directoryObjects`, and in what no contract has, it is looked for by its identifier.
    pub(super) fn target(&self, url: &str, base_url: &str, tenant: &mut Tenant) -> Option<Place> {
        let path = match split_scheme(url) {
            Some(rest) => rest.find('/').map(|at| &rest[at..])?.to_owned(),
            None => format!("/{}", url.trim_start_matches('/')),
        };
        if let Some(found) = self.routes.find(&path)
            && found.key().is_some()
            && let Ok(places) = self.resolve(&found, false, base_url, tenant)
        {
            return places.last().cloned();
        }
        tenant.keyed(last_key(&path))
    }
}

/// The name of a property as the request writes it.
fn as_written(call: &Call<'_>, name: &str) -> String {
    let segments = call.request.path.split('/');
    segments.rev().find(|own| own.eq_ignore_ascii_case(name)).unwrap_or(name).to_owned()
}

/// The collection in which a path addresses the object at its end.
fn collection_before(call: &Call<'_>, places: &[Place]) -> Place {
    // The place before the key, also where the object itself is elsewhere.
    let index = call.found.steps.len().saturating_sub(2);
    places.get(index).cloned().unwrap_or_default()
}

/// The key at the end of a URL, in either form.
fn last_key(url: &str) -> &str {
    let last = Target::read(url).path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let inner = last.split_once("('").and_then(|(_, rest)| rest.strip_suffix("')"));
    inner.unwrap_or(last)
}

/// A place as the path of a URL.
fn shown(place: &Place) -> String {
    let segments = place.iter().map(|segment| match segment.strip_prefix('\'') {
        Some(key) => encoded(key),
        None => segment.clone(),
    });
    segments.collect::<Vec<_>>().join("/")
}
