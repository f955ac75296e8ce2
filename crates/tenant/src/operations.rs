//! What each operation does.

use std::cell::Cell;

use super::answer::{Answer, Content, text};
use super::call::{Call, namespace};
use super::documented::{Envelope, body, envelope};
use super::drive::Content as Stream;
use super::engine::{Engine, Manner};
use super::expansion::MOST_EXPANDED;
use super::identifiers::{identifier, integer, key};
use super::objects::{encoded, identified, merged, with_context, without_control, wrapped};
use super::resolve::no_object;
use super::response::Origin;
use super::tenant::{Full, Place, Tenant, below, key_of};
use super::type_names::type_key;
use super::validation::refused;
use super::values::Maker;
use crate::query::{AppliedCollection, InvalidOption, Paging};
use graph_contracts::contract::{Body, media_type};
use graph_contracts::http::is_hop_by_hop;
use graph_contracts::json::{Json, Member};
use graph_contracts::normal::may_have_content;
use graph_contracts::url::{Target, split_scheme};

/// How many objects a page of a collection has.
pub(super) const PAGE: usize = 100;

/// How often a new identifier may be taken already.
const MOST_ATTEMPTS: usize = 100;

impl Engine {
    pub(super) fn create(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        let namespace = place.join("/");
        let sent = call.sent.as_ref();
        let mut bound = Vec::new();
        if self.options.manner == Manner::AsService {
            let refusal = refused(call, true, &self.variants(call))
                .or_else(|| self.conflict(call, call.found.node(), &place, tenant));
            bound = match refusal.map_or_else(|| self.bound(sent, call.request.base_url, tenant), Err) {
                Ok(bound) => bound,
                Err(refusal) => return Ok(refusal),
            };
        }
        let requested = call.contract.and_then(|contract| contract.request.body.as_ref()).and_then(Body::as_json);
        let documented_id = call.documented.as_ref().and_then(|documented| documented.resource.get("id"));
        // Some objects are named by the client.
        let is_named = documented_id.is_some() && requested.and_then(|requested| requested.get("id")) == documented_id;
        let named = sent.filter(|_| is_named).and_then(|sent| sent.get("id")).filter(|id| **id != Json::Null);
        let mut id = Json::Null;
        for _ in 0..MOST_ATTEMPTS {
            let number = tenant.next_number(&place)?;
            id = named.cloned().unwrap_or_else(|| identifier(documented_id, &namespace, number));
            if tenant.get(&below(&place, &key(&id))).is_none() {
                break;
            }
        }
        if tenant.get(&below(&place, &key(&id))).is_some() {
            let message = "Another object with the same value for property id already exists.";
            return Ok(Answer::error(409, "Conflict", message));
        }
        let key = key(&id);
        let url = format!("{}{}/{}", call.request.base_url, call.request.path.trim_end_matches('/'), encoded(&key));
        let namespace = format!("{namespace}/{key}");
        let (made, maker) = match &call.documented {
            Some(documented) => {
                let mut maker = self.maker(documented.contract, &namespace, call.request.base_url);
                (maker.resource(documented, Some(&id), sent, requested), Some(maker))
            }
            None => (without_control(sent), None),
        };
        let made = self.without_bindings(made);
        let kept = self.tagged(identified(made.clone(), &id), &below(&place, &key), &namespace, tenant);
        tenant.add(&place, &key, kept.clone(), Some(url.clone()))?;
        bind(&below(&place, &key), &bound, tenant)?;
        // Clients go on with the identifier, whether the page shows it or not.
        let shown = if self.options.manner == Manner::AsService { kept } else { made };
        let mut answer = self.resource(call, 201, shown);
        answer.headers.extend(self.headers(call, maker.as_ref(), Some(&url)));
        Ok(answer)
    }

    pub(super) fn list(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        self.seed(call.found.node(), &place, call.request.base_url, tenant)?;
        let keys = tenant.keys(&place);
        let page = match self.page(call, &keys, tenant)? {
            Ok(page) => page,
            Err(refusal) => return Ok(refusal),
        };
        let (version, path) = call.found.context(call.found.steps.len());
        let url = call.request.base_url;
        let mut members = vec![text("@odata.context", &format!("{url}{version}/$metadata#{path}"))];
        let has_count = call.contract.and_then(body).is_some_and(|body| body.get("@odata.count").is_some());
        let count = page.count.or(has_count.then_some(keys.len()));
        members.extend(count.map(|count| Member { name: "@odata.count".to_owned(), value: integer(count as u64) }));
        members.extend(page.next.map(|next| text("@odata.nextLink", &format!("{url}{}?{next}", call.request.path))));
        members.push(Member { name: "value".to_owned(), value: Json::Array(page.items) });
        // Other members of the documented envelope.
        let listing = call.contract.filter(|contract| envelope(contract) == Envelope::Collection);
        if let Some((contract, Json::Object(documented))) = listing.and_then(|one| Some((one, body(one)?))) {
            let others =
                documented.iter().filter(|member| member.name != "value" && !member.name.starts_with("@odata."));
            let others = Json::Object(others.cloned().collect());
            let mut maker = self.maker(contract, &place.join("/"), call.request.base_url);
            if let Json::Object(others) = maker.body(&others, None) {
                members.extend(others);
            }
        }
        let status = call.contract.map_or(200, |contract| contract.response.status);
        let mut answer = Answer::new(status, Content::Json(Json::Object(members)));
        answer.headers = self.headers(call, None, None);
        answer.notes = page.notes;
        Ok(answer)
    }

    /// The number of a collection's objects that fit, as text (OData URL Conventions 4.01 section 4.8).
    pub(super) fn count(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        self.seed(call.found.node(), &place, call.request.base_url, tenant)?;
        let keys = tenant.keys(&place);
        let fits = |option: &str| matches!(option, "$filter" | "$search");
        let (request, mut counted) = (call.request, call.options.clone().without(|option| !fits(option)));
        counted.count_all();
        let counting = Call { options: counted, documented: call.documented.clone(), sent: None, request, ..*call };
        let page = match self.page(&counting, &keys, tenant)? {
            Ok(page) => page,
            Err(refusal) => return Ok(refusal),
        };
        let count = page.count.unwrap_or_default().to_string();
        let mut answer = Answer::new(200, Content::Text(count)).with_header("Content-Type", "text/plain");
        answer.notes = page.notes;
        Ok(answer)
    }

    /// The page of a collection that a request asks for, or the refusal.
    fn page(
        &self,
        call: &Call<'_>,
        keys: &[String],
        tenant: &mut Tenant,
    ) -> Result<Result<AppliedCollection, Answer>, Full> {
        let (options, place) = (&call.options, call.place());
        match self.options.manner {
            Manner::AsDocumented => {
                let (skip, top) = (options.start(), options.top());
                let length = top.unwrap_or(PAGE).min(PAGE);
                let mut items = Vec::new();
                for key in keys.iter().skip(skip).take(length) {
                    items.push(selected(self.completed(call, &below(&place, key), None, tenant)?, call));
                }
                let next = skip.saturating_add(items.len());
                // A client that asks for fewer than a page gets no more (OData Protocol 4.01 section 11.2.6.3).
                let has_next = next < keys.len() && top.is_none_or(|top| top > PAGE) && !items.is_empty();
                let next = has_next.then(|| options.link(next));
                let count = options.counts().then_some(keys.len());
                Ok(Ok(AppliedCollection { items, count, next, notes: Vec::new() }))
            }
            Manner::AsService => {
                let linked = self.inverses.leads_to(&place, tenant);
                let left = Cell::new(MOST_EXPANDED);
                let mut items = Vec::with_capacity(keys.len() + linked.len());
                for key in keys {
                    let place = below(&place, key);
                    let item = self.completed(call, &place, None, tenant)?;
                    items.push(self.expanded(options, &place, item, tenant, &left));
                }
                let expanded = |to| Some(self.expanded(options, to, self.typed(to, tenant)?, tenant, &left));
                items.extend(linked.iter().filter_map(expanded));
                if let Some(cast) = &call.found.cast {
                    let own = self.type_at(&below(&place, "")).map(|name| type_key(&name));
                    items.retain(|item| {
                        let stated = item.get("@odata.type").and_then(Json::as_str).map(type_key);
                        stated.or_else(|| own.clone()).is_none_or(|name| name == *cast)
                    });
                }
                let paging = Paging { size: call.page_size(PAGE), top_is_size: true };
                let applied = options.apply_to_collection(items, paging, &|names| call.property(names));
                Ok(applied.map_err(|invalid| invalid_option(&invalid)))
            }
        }
    }

    pub(super) fn read(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let resource = self.completed(call, &call.place(), None, tenant)?;
        let (resource, notes) = match self.options.manner {
            Manner::AsDocumented => (selected(resource, call), Vec::new()),
            Manner::AsService => {
                let left = Cell::new(MOST_EXPANDED);
                let whole = self.expanded(&call.options, &call.place(), resource, tenant, &left);
                match call.options.apply_to_object(whole, &|names| call.property(names)) {
                    Ok(applied) => (applied.object, applied.notes),
                    Err(invalid) => return Ok(invalid_option(&invalid)),
                }
            }
        };
        let mut answer = self.resource(call, 200, resource);
        answer.headers.extend(self.headers(call, None, None));
        answer.notes = notes;
        Ok(answer)
    }

    pub(super) fn update(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        let is_new = key_of(&place).is_some() && tenant.get(&place).is_none();
        let mut bound = Vec::new();
        if self.options.manner == Manner::AsService {
            let collection = place[..place.len().saturating_sub(1)].to_vec();
            let refusal = refused(call, is_new, &self.variants(call));
            let refusal = refusal.or_else(|| self.conflict(call, call.found.parent(), &collection, tenant));
            bound = match refusal.map_or_else(|| self.bound(call.sent.as_ref(), call.request.base_url, tenant), Err) {
                Ok(bound) => bound,
                Err(refusal) => return Ok(refusal),
            };
            if is_new && let Some(key) = key_of(&place) {
                tenant.next_number(&collection)?;
                let url = format!("{}{}", call.request.base_url, call.request.path);
                tenant.add(&collection, key, Json::Object(Vec::new()), Some(url))?;
            }
        }
        let sent = self.without_bindings(without_control(call.sent.as_ref()));
        let resource = self.completed(call, &place, Some(sent), tenant)?;
        bind(&place, &bound, tenant)?;
        let mut answer = self.resource(call, if is_new { 201 } else { 200 }, resource);
        answer.headers.extend(self.headers(call, None, None));
        Ok(answer)
    }

    /// A body without what binds, which leads elsewhere.
    fn without_bindings(&self, body: Json) -> Json {
        match body {
            Json::Object(members) if self.options.manner == Manner::AsService => {
                Json::Object(members.into_iter().filter(|member| !member.name.ends_with("@odata.bind")).collect())
            }
            other => other,
        }
    }

    pub(super) fn delete(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        self.remove(&call.place(), tenant);
        Ok(self.act(call).from(Origin::State))
    }

    /// Writes, reads or removes the bytes of a stream.
    pub(super) fn stream(&self, call: &Call<'_>, method: &str, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        let status = |otherwise| call.contract.map_or(otherwise, |contract| contract.response.status);
        match method {
            "GET" => Ok(match tenant.content(&place) {
                Some(content) => content.answer(call.request.header("range")),
                None => no_object("$value"),
            }),
            "DELETE" => {
                tenant.remove(&place);
                Ok(Answer::new(status(204), Content::Nothing))
            }
            _ => {
                let of_request = call.request.header("content-type").map(str::to_owned).filter(|own| !own.is_empty());
                let media_type = of_request.unwrap_or_else(|| "application/octet-stream".to_owned());
                tenant.set_content(&place, Stream { media_type, bytes: call.request.content() })?;
                Ok(Answer { origin: Origin::State, ..self.act(call) })
            }
        }
    }

    /// The documented answer, made as if by a service.
    pub(super) fn act(&self, call: &Call<'_>) -> Answer {
        let Some(contract) = call.contract else { return Answer::new(204, Content::Nothing) };
        let mut maker = self.maker(contract, &call.place().join("/"), call.request.base_url);
        let status = contract.response.status;
        let content = match &contract.response.body {
            _ if !may_have_content(&contract.request.method, status) => Content::Nothing,
            None => Content::Nothing,
            Some(Body::Json(body)) => {
                let made = maker.body(body, call.sent.as_ref());
                Content::Json(with_context(made, &self.context(call)))
            }
            Some(body) => Content::Text(maker.relinked(&body.to_text())),
        };
        let headers = self.headers(call, Some(&maker), None);
        Answer { headers, origin: Origin::Documented, ..Answer::new(status, content) }
    }

    /// An object of a collection, or without a key the resource at that place, changed if something was sent, with every member that
    /// the contract documents; what is made up stays.
    pub(super) fn completed(
        &self,
        call: &Call<'_>,
        place: &Place,
        sent: Option<Json>,
        tenant: &mut Tenant,
    ) -> Result<Json, Full> {
        let (key, namespace) = (key_of(place), namespace(place));
        let (old, is_change) = (tenant.get(place).cloned(), sent.is_some());
        let id_of = |own: &Option<Json>| own.as_ref().and_then(|own| own.get("id")).cloned();
        // The identifier of an object cannot be changed.
        let id = key.map(|key| id_of(&old).unwrap_or_else(|| Json::String(key.to_owned())));
        let own = match (old, sent) {
            (Some(old), Some(sent)) => Some(merged(self.with_new_tag(old, &namespace, tenant), sent)),
            (old, sent) => old.or(sent),
        };
        let own = match &id {
            Some(id) => own.map(|own| identified(own, id)),
            None => own,
        };
        // A deleted item is of another type than that of an example.
        let whole = match call.documented.as_ref().filter(|_| !self.is_of_deleted(place)) {
            Some(documented) => {
                let made = || identifier(documented.resource.get("id"), &namespace, 0);
                let id = id.clone().or_else(|| id_of(&own)).unwrap_or_else(made);
                self.maker(documented.contract, &namespace, call.request.base_url).resource(
                    documented,
                    Some(&id),
                    own.as_ref(),
                    None,
                )
            }
            None => own.unwrap_or(Json::Object(Vec::new())),
        };
        let kept = match &id {
            Some(id) => identified(whole.clone(), id),
            None => whole.clone(),
        };
        let kept = self.tagged(kept, place, &namespace, tenant);
        tenant.put(place, kept.clone(), is_change)?;
        Ok(if self.options.manner == Manner::AsService { kept } else { whole })
    }

    /// The answer that carries a resource in the documented envelope, or nothing where nothing is documented.
    fn resource(&self, call: &Call<'_>, status: u16, resource: Json) -> Answer {
        let context = self.context(call);
        let Some(contract) = call.contract else {
            return Answer::new(status, Content::Json(with_context(resource, &context)));
        };
        let status = contract.response.status;
        if contract.response.body.is_none() || !may_have_content(&contract.request.method, status) {
            return Answer::new(status, Content::Nothing);
        }
        if call.documented.is_none() {
            return self.act(call);
        }
        // Members that neither example nor table has would contradict the page.
        let is_documented = self.options.manner == Manner::AsDocumented;
        let resource = if is_documented { known(resource, call) } else { resource };
        let body = match envelope(contract) {
            // A typed client reads nothing of an object that is not where its type says.
            _ if !is_documented => with_context(resource, &context),
            Envelope::None => with_context(resource, &context),
            Envelope::Object => wrapped(resource, &context),
            Envelope::Collection => wrapped(Json::Array(vec![resource]), &context),
        };
        Answer::new(status, Content::Json(body))
    }

    /// The context URL of an object (OData Protocol 4.01 sections 10.2 and 10.9).
    fn context(&self, call: &Call<'_>) -> String {
        let (found, is_keyed) = (call.found, call.found.key().is_some());
        let (version, path) = found.context(found.steps.len() - usize::from(is_keyed));
        let is_entity = is_keyed || self.routes.node(found.node()).is_collection();
        format!("{}{version}/$metadata#{path}{}", call.request.base_url, if is_entity { "/$entity" } else { "" })
    }

    /// The documented header fields; links lead into the sandbox.
    fn headers(&self, call: &Call<'_>, maker: Option<&Maker<'_>>, url: Option<&str>) -> Vec<(String, String)> {
        let Some(contract) = call.contract else { return Vec::new() };
        let is_json = contract.response.body.as_ref().is_none_or(|body| body.as_json().is_some());
        let documented = contract.response.headers.iter().filter(|header| {
            let name = header.name.to_ascii_lowercase();
            match name.as_str() {
                "content-length" | "content-encoding" | "date" | "request-id" | "client-request-id" => false,
                "content-type" => !is_json || media_type(&header.value) != "application/json",
                name => !is_hop_by_hop(name),
            }
        });
        let value = |name: &str, documented: &str| {
            let relinked = maker.map_or_else(|| documented.to_owned(), |maker| maker.relinked(documented));
            let is_location = name.eq_ignore_ascii_case("location");
            match (url, split_scheme(&relinked)) {
                // Where no identifier says so, a created object is where it was created (RFC 9110 section 15.3.2).
                (Some(url), _) if is_location && relinked == documented => url.to_owned(),
                (_, Some(rest)) if Target::read(&relinked).version.is_some() => {
                    format!("{}{}", call.request.base_url, rest.find('/').map_or("", |at| &rest[at..]))
                }
                _ => relinked,
            }
        };
        documented.map(|header| (header.name.clone(), value(&header.name, &header.value))).collect()
    }
}

/// A resource without the members that its contract does not know.
fn known(resource: Json, call: &Call<'_>) -> Json {
    let (Json::Object(members), Some(documented)) = (&resource, &call.documented) else { return resource };
    // What the request sent is known to whoever sent it.
    let is_sent =
        |name: &str| call.request.method == "POST" && call.sent.as_ref().is_some_and(|sent| sent.get(name).is_some());
    let known = members.iter().filter(|member| documented.knows(&member.name) || is_sent(&member.name));
    Json::Object(known.cloned().collect())
}

/// A resource with the members that the query selects (OData URL Conventions 4.01 section 5.1.4), and those that the page shows
/// all the same.
fn selected(resource: Json, call: &Call<'_>) -> Json {
    let resource = known(resource, call);
    let select = call.options.value("$select");
    let Some(select) = select.filter(|select| !select.is_empty() && *select != "*") else { return resource };
    let Json::Object(members) = resource else { return resource };
    let is_shown = |name: &str| {
        let is_documented = call.documented.as_ref().is_some_and(|documented| documented.resource.get(name).is_some());
        name.starts_with('@') || is_documented || select.split(',').any(|own| own.trim() == name)
    };
    Json::Object(members.into_iter().filter(|member| is_shown(&member.name)).collect())
}

/// The refusal of an option that is not valid.
pub(super) fn invalid_option(invalid: &InvalidOption) -> Answer {
    let InvalidOption { option, at, reason } = invalid;
    let name = option.trim_start_matches('$');
    Answer::error(400, "BadRequest", format!("Invalid {name} clause: {reason}, at position {at} of {option}."))
}

/// Links what a body binds.
fn bind(place: &Place, bound: &[(String, Place, bool)], tenant: &mut Tenant) -> Result<(), Full> {
    for (name, target, is_single) in bound {
        let from = [place.as_slice(), &[name.to_ascii_lowercase()]].concat();
        tenant.link(&from, target, *is_single)?;
    }
    Ok(())
}
