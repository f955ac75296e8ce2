//! From a request to its answer.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use wiremock::{Request, Respond, ResponseTemplate};

use super::answer::{Answer, Content, text};
use super::documented::{Documented, Envelope, body, envelope};
use super::drift::Plan;
use super::identifiers::{guid, identifier, integer, key};
use super::logged::Logged;
use super::options::SandboxOptions;
use super::routes::{Found, Kind, Operation, Routes, Step};
use super::tenant::{Full, Place, Tenant, below};
use super::token::Tokens;
use super::values::{Maker, now};
use graph_contracts::contract::{Body, Contract, media_type};
use graph_contracts::http::is_hop_by_hop;
use graph_contracts::json::{self, Json, Member};
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::normal::may_have_content;
use graph_contracts::store::Store;

use graph_contracts::url::{Target, query_parameters, split_scheme};

/// What identifiers of the tenant itself are derived from.
const NAMESPACE: &str = "graph-contracts sandbox";

/// The length of the log, and of a path in it.
const MOST_LOGGED: usize = 100_000;
const LONGEST_PATH: usize = 2048;

/// The largest body of a request; that of Microsoft Graph is of the same size.
const LARGEST_BODY: usize = 4 << 20;

/// How many objects a page of a collection has.
const PAGE: usize = 100;

/// How often a new identifier may be taken already.
const MOST_ATTEMPTS: usize = 100;

/// What cannot stand in a segment of a path, and what Microsoft Graph would read as something else.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'=').remove(b'@');

/// The simulated tenant with everything around it.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) store: Arc<Store>,
    options: SandboxOptions,
    pub(super) uri: String,
    /// The tenant's id.
    pub(super) id: String,
    pub(super) tokens: Tokens,
    routes: Routes,
    pub(super) plan: Plan,
    pub(super) tenant: Mutex<Tenant>,
    pub(super) log: Mutex<VecDeque<Logged>>,
    /// Requests so far, for their ids.
    received: AtomicU64,
    /// Those that may be throttled.
    admitted: AtomicU64,
}

/// One request at a path that is known.
struct Call<'a> {
    request: &'a Request,
    found: &'a Found,
    /// The contract that the answer follows, if there is one.
    contract: Option<&'a Contract>,
    documented: Option<Documented<'a>>,
    sent: Option<Json>,
}

impl Respond for Service {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = self.received.fetch_add(1, Ordering::Relaxed);
        let mut answer = self.answer(request);
        if request.method.as_str() == "HEAD" {
            answer.content = Content::Nothing;
        }
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", request.url.path()).chars().take(LONGEST_PATH).collect();
        let mut log = locked(&self.log);
        if log.len() == MOST_LOGGED {
            log.pop_front();
        }
        log.push_back(Logged { method: request.method.to_string(), path, status: answer.status });
        drop(log);
        let client_request_id = request.headers.get("client-request-id");
        answer.send(&guid("requests", number), client_request_id, &now()).set_delay(self.options.latency)
    }
}

impl Service {
    pub(super) fn new(store: Arc<Store>, options: SandboxOptions, uri: String) -> Service {
        let id = guid(NAMESPACE, 0);
        Service {
            tokens: Tokens::new(&id, &uri, &store.contracts),
            routes: Routes::new(&store.contracts),
            plan: if options.drift { Plan::new(&store.contracts) } else { Plan::default() },
            store,
            options,
            uri,
            id,
            tenant: Mutex::default(),
            log: Mutex::default(),
            received: AtomicU64::new(0),
            admitted: AtomicU64::new(0),
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        if request.body.len() > LARGEST_BODY {
            return Answer::error(413, "RequestEntityTooLarge", "The request is too large.");
        }
        let path = request.url.path();
        if let Some(tenant) = path.strip_suffix("/oauth2/v2.0/token") {
            return self.tokens.answer(tenant.trim_matches('/'), request);
        }
        if let Some(refusal) = self.unauthorized(request).or_else(|| self.throttled()) {
            return refusal;
        }
        let Some(found) = self.routes.find(path) else {
            return not_found(format!("No contract has the path {path}, so the sandbox does not have it."));
        };
        self.at(&found, request)
    }

    /// The refusal of a request without a valid token (RFC 6750 section 3).
    fn unauthorized(&self, request: &Request) -> Option<Answer> {
        let field = request.headers.get("authorization").and_then(|field| field.to_str().ok()).unwrap_or_default();
        let token = field.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let message = match token.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()) {
            Some(token) if self.tokens.accepts(token) => return None,
            Some(_) => "The access token is not one of this tenant, or has expired.",
            None => "Access token is empty.",
        };
        let challenge =
            format!("Bearer realm=\"\", authorization_uri=\"{}/{}/oauth2/v2.0/authorize\"", self.uri, self.id);
        Some(Answer::error(401, "InvalidAuthenticationToken", message).with_header("WWW-Authenticate", challenge))
    }

    /// The refusal of every n-th request. A service may leave out when to come back (RFC 6585 section 4), and so it does
    /// once. RFC 9110 section 10.2.3 has whole seconds only; parts of a second keep runs short.
    fn throttled(&self) -> Option<Answer> {
        let every = self.options.throttle_every.filter(|every| *every > 0)?;
        let number = self.admitted.fetch_add(1, Ordering::Relaxed) + 1;
        if !number.is_multiple_of(every) {
            return None;
        }
        let answer = Answer::error(429, "TooManyRequests", "Please retry again later.");
        match number / every {
            2 => Some(answer),
            times if times % 2 == 1 => Some(answer.with_header("Retry-After", "0.05")),
            _ => Some(answer.with_header("Retry-After", "0.1")),
        }
    }

    /// The answer at a path that is known.
    fn at(&self, found: &Found, request: &Request) -> Answer {
        let method = if request.method.as_str() == "HEAD" { "GET" } else { request.method.as_str() };
        let parsed = std::str::from_utf8(&request.body).ok().and_then(|body| json::parse(body).ok());
        let sent = parsed.map(|parsed| parsed.json);
        let operation = self.operation(found, method, request, sent.as_ref());
        let kind = match operation.map(|operation| operation.kind).or_else(|| self.implied(found, method)) {
            Some(kind) => kind,
            None => return self.no_method(found, method),
        };
        let mut tenant = locked(&self.tenant);
        if let Err(refusal) = self.ancestors(found, &mut tenant) {
            return refusal;
        }
        let contract = operation.map(|operation| &self.store.contracts[operation.contract]);
        // What changes an object is an object.
        let is_object = matches!(kind, Kind::Create | Kind::Update);
        let wants_json = contract.is_some_and(|contract| matches!(contract.request.body, Some(Body::Json(_))));
        let is_right = match &sent {
            Some(json) => !is_object || matches!(json, Json::Object(_)),
            None => !wants_json && (request.body.is_empty() || !is_object),
        };
        if !is_right {
            return Answer::error(
                400,
                "BadRequest",
                "Unable to read JSON request payload. Please ensure it is an object.",
            );
        }
        let succeeding = operation.filter(|operation| operation.succeeds).and(contract);
        let call = Call { request, found, contract: succeeding, documented: succeeding.and_then(Documented::of), sent };
        let answer = match kind {
            Kind::Create => self.create(&call, &mut tenant),
            Kind::List => self.list(&call, &mut tenant),
            Kind::Read => self.read(&call, &mut tenant),
            Kind::Update => self.update(&call, &mut tenant),
            Kind::Delete => self.delete(&call, &mut tenant),
            Kind::Act => Ok(self.act(&call)),
        };
        let Ok(mut answer) = answer else { return full() };
        if let (Some(operation), Some(contract)) = (operation, succeeding)
            && answer.status < 400
            && asks_as_documented(contract, request)
        {
            self.plan.apply(operation.contract, contract, &mut answer);
        }
        answer
    }

    /// The contract's operation that a request fits best.
    fn operation(&self, found: &Found, method: &str, request: &Request, sent: Option<&Json>) -> Option<&Operation> {
        let contract = |operation: &Operation| &self.store.contracts[operation.contract];
        let query = query_parameters(request.url.query().unwrap_or_default());
        let own = self.routes.node(found.node()).operations.iter();
        let own = own.filter(|operation| match contract(operation).request.method.as_str() {
            "HEAD" => method == "GET",
            documented => documented == method,
        });
        // Pages may document one request in several ways, as a stub is told apart by this field, too.
        let named = request.headers.get(CONTRACT_HEADER).and_then(|id| id.to_str().ok());
        let is_named = |operation: &Operation| named == Some(contract(operation).id.as_str());
        // Of equals the last would win.
        own.rev().max_by_key(|operation| {
            (is_named(operation), operation.succeeds, likeness(contract(operation), &query, sent))
        })
    }

    /// What objects can do without a contract that says so: whoever can create one can also read, change and delete it.
    fn implied(&self, found: &Found, method: &str) -> Option<Kind> {
        let is_item = found.key().is_some();
        let is_creatable = is_item && self.routes.node(found.parent()).is_creatable();
        match method {
            "GET" if self.routes.node(found.node()).is_collection() => Some(Kind::List),
            "GET" if is_item => Some(Kind::Read),
            "PATCH" if is_creatable => Some(Kind::Update),
            "DELETE" if is_creatable => Some(Kind::Delete),
            _ => None,
        }
    }

    /// The refusal of a method, with those that are possible (RFC 9110 section 15.5.6).
    fn no_method(&self, found: &Found, method: &str) -> Answer {
        let node = self.routes.node(found.node());
        let documented = node.operations.iter().map(|operation| &self.store.contracts[operation.contract]);
        let mut allowed: Vec<&str> = documented.map(|contract| contract.request.method.as_str()).collect();
        allowed.extend(["GET", "PATCH", "DELETE"].into_iter().filter(|method| self.implied(found, method).is_some()));
        allowed.sort_unstable();
        allowed.dedup();
        if allowed.is_empty() {
            return not_found("The path only leads to resources, and is not a resource itself.".to_owned());
        }
        let message = format!("The method {method} is not documented here, but {}.", allowed.join(", "));
        Answer::error(405, "Request_BadRequest", message).with_header("Allow", allowed.join(", "))
    }

    /// Whether every object on the path exists. What no client can create was there before.
    fn ancestors(&self, found: &Found, tenant: &mut Tenant) -> Result<(), Answer> {
        for (index, (step, _)) in found.steps.iter().enumerate() {
            let Step::Key(key) = step else { continue };
            let place = found.place(index);
            let collection = index.checked_sub(1).map_or(0, |before| found.steps[before].1);
            self.seed(collection, &place, tenant).map_err(|Full| full())?;
            if tenant.get(&below(&place, key)).is_none() {
                let message = format!(
                    "Resource '{key}' does not exist or one of its queried reference-property objects are not present."
                );
                return Err(not_found(message));
            }
        }
        Ok(())
    }

    /// Gives a collection its first object, if clients cannot create any.
    fn seed(&self, collection: usize, place: &Place, tenant: &mut Tenant) -> Result<(), Full> {
        if tenant.knows(place) || self.routes.node(collection).is_creatable() {
            return Ok(());
        }
        let specimen = self.routes.specimen(collection, &self.store.contracts);
        let documented_id = specimen.as_ref().and_then(|specimen| specimen.resource.get("id"));
        let namespace = place.join("/");
        let number = tenant.next_number(place)?;
        let named = specimen.as_ref().and_then(Documented::enumerated_id).cloned();
        let id = named.unwrap_or_else(|| identifier(documented_id, &namespace, number));
        let body = match &specimen {
            Some(specimen) => Maker::new(specimen.contract, &namespace).resource(specimen, Some(&id), None, None),
            None => Json::Object(Vec::new()),
        };
        tenant.add(place, &key(&id), identified(body, &id), None)
    }

    fn create(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        let namespace = place.join("/");
        let sent = call.sent.as_ref();
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
        let url = format!("{}{}/{}", self.uri, call.request.url.path().trim_end_matches('/'), encoded(&key));
        let namespace = format!("{namespace}/{key}");
        let (made, maker) = match &call.documented {
            Some(documented) => {
                let mut maker = Maker::new(documented.contract, &namespace);
                (maker.resource(documented, Some(&id), sent, requested), Some(maker))
            }
            None => (without_control(sent), None),
        };
        tenant.add(&place, &key, identified(made.clone(), &id), Some(url.clone()))?;
        let mut answer = self.resource(call, 201, made);
        answer.headers.extend(self.headers(call, maker.as_ref(), Some(&url)));
        Ok(answer)
    }

    fn list(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let place = call.place();
        self.seed(call.found.node(), &place, tenant)?;
        let keys = tenant.keys(&place);
        let query = query_parameters(call.request.url.query().unwrap_or_default());
        let number = |name: &str| query.iter().find(|(own, _)| own == name).and_then(|(_, value)| value.parse().ok());
        let (skip, top): (usize, Option<usize>) = (number("$skip").unwrap_or(0), number("$top"));
        let length = top.unwrap_or(PAGE).min(PAGE);
        let mut items = Vec::new();
        for key in keys.iter().skip(skip).take(length) {
            items.push(selected(self.completed(call, &place, Some(key), None, tenant)?, call, &query));
        }
        let (version, path) = call.found.context(call.found.steps.len());
        let mut members = vec![text("@odata.context", &format!("{}{version}/$metadata#{path}", self.uri))];
        let has_count = call.contract.and_then(body).is_some_and(|body| body.get("@odata.count").is_some());
        if has_count || query.iter().any(|(name, value)| name == "$count" && value == "true") {
            members.push(Member { name: "@odata.count".to_owned(), value: integer(keys.len() as u64) });
        }
        let next = skip.saturating_add(items.len());
        // A client that asks for fewer than a page gets no more (OData Protocol 4.01 section 11.2.6.3).
        if next < keys.len() && top.is_none_or(|top| top > PAGE) && !items.is_empty() {
            let link = format!("{}{}?$skip={next}", self.uri, call.request.url.path());
            members.push(text("@odata.nextLink", &link));
        }
        members.push(Member { name: "value".to_owned(), value: Json::Array(items) });
        // Other members of the documented envelope.
        if let Some((contract, Json::Object(documented))) = call.contract.and_then(|one| Some((one, body(one)?))) {
            let mut maker = Maker::new(contract, &place.join("/"));
            let others =
                documented.iter().filter(|member| member.name != "value" && !member.name.starts_with("@odata."));
            let others = Json::Object(others.cloned().collect());
            if let Json::Object(others) = maker.body(&others, None) {
                members.extend(others);
            }
        }
        let status = call.contract.map_or(200, |contract| contract.response.status);
        let mut answer = Answer::new(status, Content::Json(Json::Object(members)));
        answer.headers = self.headers(call, None, None);
        Ok(answer)
    }

    fn read(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let query = query_parameters(call.request.url.query().unwrap_or_default());
        let resource = self.completed(call, &call.owner(), call.found.key(), None, tenant)?;
        let mut answer = self.resource(call, 200, selected(resource, call, &query));
        answer.headers.extend(self.headers(call, None, None));
        Ok(answer)
    }

    fn update(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        let sent = without_control(call.sent.as_ref());
        let resource = self.completed(call, &call.owner(), call.found.key(), Some(sent), tenant)?;
        let mut answer = self.resource(call, 200, resource);
        answer.headers.extend(self.headers(call, None, None));
        Ok(answer)
    }

    fn delete(&self, call: &Call<'_>, tenant: &mut Tenant) -> Result<Answer, Full> {
        tenant.remove(&call.place());
        Ok(self.act(call))
    }

    /// The documented answer, made as if by a service.
    fn act(&self, call: &Call<'_>) -> Answer {
        let Some(contract) = call.contract else { return Answer::new(204, Content::Nothing) };
        let mut maker = Maker::new(contract, &call.place().join("/"));
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
        Answer { status, content, headers: self.headers(call, Some(&maker), None) }
    }

    /// An object of a collection, or without a key the resource at that place, changed if something was sent, with every member that
    /// the contract documents; what is made up stays.
    fn completed(
        &self,
        call: &Call<'_>,
        owner: &Place,
        key: Option<&str>,
        sent: Option<Json>,
        tenant: &mut Tenant,
    ) -> Result<Json, Full> {
        let (place, namespace) = match key {
            Some(key) => (below(owner, key), format!("{}/{key}", owner.join("/"))),
            None => (owner.clone(), owner.join("/")),
        };
        let old = tenant.get(&place).cloned();
        let id_of = |own: &Option<Json>| own.as_ref().and_then(|own| own.get("id")).cloned();
        // The identifier of an object cannot be changed.
        let id = key.map(|key| id_of(&old).unwrap_or_else(|| Json::String(key.to_owned())));
        let own = match (old, sent) {
            (Some(old), Some(sent)) => Some(merged(old, sent)),
            (old, sent) => old.or(sent),
        };
        let own = match &id {
            Some(id) => own.map(|own| identified(own, id)),
            None => own,
        };
        let whole = match &call.documented {
            Some(documented) => {
                let made = || identifier(documented.resource.get("id"), &namespace, 0);
                let id = id.clone().or_else(|| id_of(&own)).unwrap_or_else(made);
                Maker::new(documented.contract, &namespace).resource(documented, Some(&id), own.as_ref(), None)
            }
            None => own.unwrap_or(Json::Object(Vec::new())),
        };
        let kept = match &id {
            Some(id) => identified(whole.clone(), id),
            None => whole.clone(),
        };
        tenant.put(&place, kept)?;
        Ok(whole)
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
        let resource = known(resource, call);
        let body = match envelope(contract) {
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
        format!("{}{version}/$metadata#{path}{}", self.uri, if is_entity { "/$entity" } else { "" })
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
                    format!("{}{}", self.uri, rest.find('/').map_or("", |at| &rest[at..]))
                }
                _ => relinked,
            }
        };
        documented.map(|header| (header.name.clone(), value(&header.name, &header.value))).collect()
    }
}

impl Call<'_> {
    /// Where the path leads.
    fn place(&self) -> Place {
        self.found.place(self.found.steps.len())
    }

    /// The collection of the object that the path leads to, or without a key at its end where it leads.
    fn owner(&self) -> Place {
        self.found.place(self.found.steps.len() - usize::from(self.found.key().is_some()))
    }
}

/// Whether a request has the documented query options. Another query is that of a client which looks for something, and a
/// deviation there would hide those of other contracts.
fn asks_as_documented(contract: &Contract, request: &Request) -> bool {
    let names = |query: Vec<(String, String)>| query.into_iter().map(|(name, _)| name).collect::<BTreeSet<String>>();
    let own = query_parameters(request.url.query().unwrap_or_default());
    names(own) == names(Target::read(&contract.request.url).query_parameters())
}

/// How much a request is like the documented one.
fn likeness(contract: &Contract, query: &[(String, String)], sent: Option<&Json>) -> i64 {
    let target = Target::read(&contract.request.url);
    let documented = target.query_parameters();
    let mut likeness = 0;
    for (name, value) in &documented {
        let same = query.iter().find(|(own, _)| own == name);
        likeness += same.map_or(-1, |(_, own)| if own == value { 3 } else { 1 });
    }
    likeness -= query.iter().filter(|(name, _)| !documented.iter().any(|(own, _)| own == name)).count() as i64;
    let body = contract.request.body.as_ref().and_then(Body::as_json);
    if let (Some(Json::Object(documented)), Some(sent)) = (body, sent) {
        for member in documented {
            let weight = if member.name == "@odata.type" { 5 } else { 2 };
            likeness += sent.get(&member.name).map_or(-1, |own| if *own == member.value { weight } else { 1 });
        }
    }
    likeness
}

/// A resource without the members that its contract does not know.
fn known(resource: Json, call: &Call<'_>) -> Json {
    let (Json::Object(members), Some(documented)) = (&resource, &call.documented) else { return resource };
    // What the request sent is known to whoever sent it.
    let is_sent = |name: &str| {
        call.request.method.as_str() == "POST" && call.sent.as_ref().is_some_and(|sent| sent.get(name).is_some())
    };
    let known = members.iter().filter(|member| documented.knows(&member.name) || is_sent(&member.name));
    Json::Object(known.cloned().collect())
}

/// A resource with the members that the query selects (OData URL Conventions 4.01 section 5.1.4), and those that the page shows
/// all the same.
fn selected(resource: Json, call: &Call<'_>, query: &[(String, String)]) -> Json {
    let resource = known(resource, call);
    let select = query.iter().find(|(name, _)| name == "$select").map(|(_, value)| value.as_str());
    let Some(select) = select.filter(|select| !select.is_empty() && *select != "*") else { return resource };
    let Json::Object(members) = resource else { return resource };
    let is_shown = |name: &str| {
        let is_documented = call.documented.as_ref().is_some_and(|documented| documented.resource.get(name).is_some());
        name.starts_with('@') || is_documented || select.split(',').any(|own| own.trim() == name)
    };
    Json::Object(members.into_iter().filter(|member| is_shown(&member.name)).collect())
}

/// The object that was sent, without what only says how to read it.
fn without_control(sent: Option<&Json>) -> Json {
    let members = match sent {
        Some(Json::Object(members)) => members.as_slice(),
        _ => &[],
    };
    let mut own: Vec<Member> = Vec::new();
    for member in members {
        if !member.name.starts_with("@odata.") && !own.iter().any(|other| other.name == member.name) {
            own.push(member.clone());
        }
    }
    Json::Object(own)
}

/// An object changed by what was sent: members that are there get the new value (OData Protocol 4.01 section 11.4.3).
fn merged(old: Json, sent: Json) -> Json {
    match (old, sent) {
        (Json::Object(mut members), Json::Object(sent)) => {
            for member in sent {
                match members.iter_mut().find(|own| own.name == member.name) {
                    Some(own) => own.value = member.value,
                    None => members.push(member),
                }
            }
            Json::Object(members)
        }
        (_, sent) => sent,
    }
}

/// An object with its identifier, for those that ask for it.
fn identified(body: Json, id: &Json) -> Json {
    let mut members = vec![Member { name: "id".to_owned(), value: id.clone() }];
    if let Json::Object(own) = body {
        members.extend(own.into_iter().filter(|member| member.name != "id"));
    }
    Json::Object(members)
}

/// A body with its context URL first (OData JSON Format 4.01 section 4.6.1); only objects have one.
fn with_context(body: Json, context: &str) -> Json {
    match body {
        Json::Object(mut members) => {
            members.insert(0, text("@odata.context", context));
            Json::Object(members)
        }
        other => other,
    }
}

fn wrapped(value: Json, context: &str) -> Json {
    Json::Object(vec![text("@odata.context", context), Member { name: "value".to_owned(), value }])
}

fn encoded(key: &str) -> String {
    utf8_percent_encode(key, SEGMENT).to_string()
}

fn not_found(message: String) -> Answer {
    Answer::error(404, "ResourceNotFound", message)
}

fn full() -> Answer {
    Answer::error(507, "InsufficientStorage", "The sandbox holds no more than this.")
}

/// What a mutex guards; a panic elsewhere does not make it wrong.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
