//! From a request to its answer.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::{Answer, Content};
use super::call::Call;
use super::declarations::KeptRules;
use super::documented::Documented;
use super::drive::DriveRoutes;
use super::found::{Found, Step};
use super::hidden::Hidden;
use super::identifiers::guid;
use super::inverses::Inverses;
use super::likeness::{asks_as_documented, likeness};
use super::precondition;
use super::request::Request;
use super::response::{Origin, Response};
use super::routes::{Kind, Operation, Routes};
use super::seeds::{SeedError, Seeds};
use super::tenant::{Place, Tenant};
use super::type_names::{type_key, type_names};
use super::values::{Maker, Service, now};
use crate::query::Options;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{self, Json};
use graph_contracts::matching::CONTRACT_HEADER;
use graph_contracts::store::Store;
use graph_contracts::url::{decode, query_parameters, without_namespace};

/// How the engine answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineOptions {
    /// What answers are like.
    pub manner: Manner,
}

/// What answers are like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// As documented, for tests of the contracts: also where the page shows what a service cannot mean, such as a single object in the
    /// member `value`. Query options are those of the documented request, and are taken as fulfilled.
    #[default]
    AsDocumented,
    /// As the service means it, for clients.
    AsService,
}

/// A simulated tenant without a server: requests and answers are plain data. Any number of threads may ask it at once.
///
/// It is a test double: what it does follows from the contracts alone, and from what it was sent. It asks for no token. What it holds is
/// bounded, and each request takes time in proportion to the size of the request and of what the tenant holds.
#[derive(Debug)]
pub struct Engine {
    store: Arc<Store>,
    pub(super) options: EngineOptions,
    pub(super) routes: Routes,
    /// Shared with the engine that takes this one's place ([`Engine::with_store`]).
    pub(super) tenant: Arc<Mutex<Tenant>>,
    /// What it had at the beginning.
    seeded: Tenant,
    /// What the contracts keep of metadata.
    pub(super) rules: KeptRules,
    /// Which contracts are about the items of drives.
    pub(super) drive_routes: DriveRoutes,
    /// What follows from links.
    pub(super) inverses: Inverses,
    /// What no answer has.
    hidden: Hidden,
    /// The names of the types that contracts have, in lower case and without their namespaces.
    types: HashSet<String>,
    /// Requests so far, for their ids.
    received: AtomicU64,
}

/// An answer before it is sent, and the contract whose documented request it answers, as documented, by its index.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) answer: Answer,
    pub(super) documented: Option<usize>,
}

impl Engine {
    /// A tenant that has what the contracts are about, and what seeds have.
    ///
    /// # Errors
    ///
    /// When a seed is not at a path of the contracts, or not what is there.
    pub fn with_seeds(store: Arc<Store>, options: EngineOptions, seeds: &Seeds) -> Result<Engine, SeedError> {
        let mut engine = Engine::new(store, options);
        engine.sow(seeds, &mut locked(&engine.tenant))?;
        engine.seeded = locked(&engine.tenant).clone();
        Ok(engine)
    }

    /// A tenant that has what the contracts are about.
    pub fn new(store: Arc<Store>, options: EngineOptions) -> Engine {
        let is_service = options.manner == Manner::AsService;
        let routes = Routes::new(&store.contracts, is_service);
        Engine {
            inverses: Inverses::new(|name| is_service && routes.is_linkable(name, &store.contracts)),
            routes,
            rules: KeptRules::new(&store.contracts),
            drive_routes: DriveRoutes::new(&store.contracts),
            hidden: Hidden::new(&store.contracts),
            types: type_names(&store.contracts),
            store,
            options,
            tenant: Arc::default(),
            seeded: Tenant::default(),
            received: AtomicU64::new(0),
        }
    }

    /// The same tenant by other contracts: what it holds stays where it is, and is reached by the paths that these contracts have. Both engines
    /// answer by the same tenant, so that nothing is lost of requests that the first one still answers.
    #[must_use]
    pub fn with_store(&self, store: Arc<Store>) -> Engine {
        Engine {
            tenant: Arc::clone(&self.tenant),
            seeded: self.seeded.clone(),
            received: AtomicU64::new(self.received.load(Ordering::Relaxed)),
            ..Engine::new(store, self.options)
        }
    }

    /// The contracts.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Answers a request.
    pub fn answer(&self, request: &Request<'_>) -> Response {
        self.send(self.reply(request).answer, request)
    }

    /// The URLs of the objects that clients created and that still exist.
    pub fn left(&self) -> Vec<String> {
        locked(&self.tenant).left()
    }

    /// Forgets whatever clients did: the tenant has what its seeds have. Tokens from before are no longer valid.
    pub fn reset(&self) {
        let mut tenant = locked(&self.tenant);
        *tenant = self.seeded.after(&tenant);
    }

    /// The answer as it is sent.
    pub(super) fn send(&self, answer: Answer, request: &Request<'_>) -> Response {
        let number = self.received.fetch_add(1, Ordering::Relaxed);
        answer.send(&guid("requests", number), request.headers.get("client-request-id"), &now())
    }

    /// The answer to a request.
    pub(super) fn reply(&self, request: &Request<'_>) -> Reply {
        if self.options.manner == Manner::AsService
            && let Some(reply) = self.drive(request)
        {
            return reply;
        }
        if let Some(reply) = self.narrowed(request) {
            return reply;
        }
        let path = request.path.trim_end_matches('/');
        if let (Manner::AsService, Some(collection)) = (self.options.manner, path.strip_suffix("/$count"))
            && matches!(request.method, "GET" | "HEAD")
            && let Some(found) = self.routes.find(collection)
            && self.routes.node(found.node()).is_collection()
        {
            return self.at(&found, &Request { path: collection, ..*request }, true);
        }
        let method = if request.method == "HEAD" { "GET" } else { request.method };
        // The example of another method may have for its name what is a key here.
        let found = self.routes.find_where(request.path, &|node| self.documents(node, method));
        let first = || self.routes.find(request.path);
        // A word to which a page sends something is the name of an action and no key.
        let found =
            found.filter(|own| own.key().is_none() || !first().is_some_and(|first| self.is_action(&first, method)));
        match found.or_else(first) {
            Some(found) => self.at(&found, request, false),
            None => {
                let message = format!("No contract has the path {}, so the sandbox does not have it.", request.path);
                Reply { answer: not_found(message).from(Origin::Undocumented), documented: None }
            }
        }
    }

    /// The answer about the objects of a collection that are of a type (OData URL Conventions 4.01 section 4.11); `None` if the request is for something
    /// else.
    fn narrowed(&self, request: &Request<'_>) -> Option<Reply> {
        if self.options.manner == Manner::AsDocumented || !matches!(request.method, "GET" | "HEAD") {
            return None;
        }
        let path = request.path.trim_end_matches('/');
        let (path, counts) = path.strip_suffix("/$count").map_or((path, false), |path| (path, true));
        let (collection, cast) = path.rsplit_once('/')?;
        let name = decode(cast);
        let cast = type_key(&name);
        if without_namespace(&name) == name || !self.types.contains(&cast) {
            return None;
        }
        let mut found = self.routes.find(collection)?;
        if found.key().is_some() || !self.routes.node(found.node()).is_collection() {
            return None;
        }
        found.cast = Some(cast);
        Some(self.at(&found, &Request { path: collection, ..*request }, counts))
    }

    /// The answer at a path that is known.
    pub(super) fn at(&self, found: &Found, request: &Request<'_>, counts: bool) -> Reply {
        let refused = |answer| Reply { answer, documented: None };
        let method = if request.method == "HEAD" { "GET" } else { request.method };
        let parsed = request.text().and_then(|body| json::parse(body).ok());
        let sent = parsed.map(|parsed| parsed.json);
        let operation = self.operation(found, method, request, sent.as_ref());
        let kind = match operation.map(|operation| operation.kind).or_else(|| self.implied(found, method)) {
            Some(_) if counts => Kind::List,
            // What a page shows of a collection may be one of its objects.
            Some(Kind::Read) if self.lists(found, method) => Kind::List,
            Some(kind) => kind,
            None => return refused(self.no_method(found, method).from(Origin::Undocumented)),
        };
        let mut tenant = locked(&self.tenant);
        let is_service = self.options.manner == Manner::AsService;
        let may_be_new = is_service && method == "PUT" && kind == Kind::Update;
        let places = match self.resolve(found, may_be_new, request.base_url, &mut tenant) {
            Ok(places) => places,
            Err(refusal) => return refused(refusal),
        };
        let object = places.last().and_then(|place| tenant.get(place)).filter(|_| is_service && !found.is_reference());
        if let Some(refusal) = object.and_then(|object| precondition::refused(request, object)) {
            return refused(refusal);
        }
        let contract = operation.map(|operation| &self.store.contracts[operation.contract]);
        if let Some(refusal) =
            contract.filter(|_| is_service).and_then(|own| precondition::required(request, own, found.cast.is_some()))
        {
            return refused(refusal);
        }
        // What changes an object is an object.
        let is_stream = is_service && found.is_stream();
        let is_object = matches!(kind, Kind::Create | Kind::Update) && !is_stream;
        let body = contract.and_then(|contract| contract.request.body.as_ref());
        let wants_json = matches!(body, Some(Body::Json(_))) && !is_stream;
        let wants_bytes = is_service && matches!(body, Some(Body::Text(_) | Body::Bytes(_)));
        let is_right = match &sent {
            Some(json) => !is_object || matches!(json, Json::Object(_)),
            None => wants_bytes || (!wants_json && (request.body.is_empty() || !is_object)),
        };
        if !is_right {
            return refused(Answer::error(
                400,
                "BadRequest",
                "Unable to read JSON request payload. Please ensure it is an object.",
            ));
        }
        let succeeding = operation.filter(|operation| operation.succeeds).and(contract);
        let documented = succeeding.and_then(Documented::of);
        let options = Options::parse(request.query);
        let index = operation.filter(|operation| operation.succeeds).map(|operation| operation.contract);
        let collection = if found.key().is_some() { found.parent() } else { found.node() };
        let specimen = || self.routes.specimen(collection, &self.store.contracts).map(|own| own.contract);
        let declared = succeeding.or_else(specimen).map(|contract| self.rules.of(contract));
        let places = &places;
        let call = Call { request, found, places, contract: succeeding, index, documented, sent, options, declared };
        let delta = self.routes.delta(found);
        let answer = match kind {
            _ if is_service && found.is_reference() => {
                self.reference(&call, method, &places[..places.len() - 1], &mut tenant)
            }
            Kind::List | Kind::Read | Kind::Act if is_service && method == "GET" && delta.is_some() => {
                let place = places[places.len() - 2].clone();
                self.delta(&call, &place, delta.unwrap_or_default(), &mut tenant)
            }
            Kind::Act | Kind::Read | Kind::Update if is_stream && self.has_stream(method, places, &tenant) => {
                self.stream(&call, method, &mut tenant)
            }
            Kind::Create | Kind::Act if let Some(place) = self.restorable(&call, places) => {
                self.restore(&call, place, &mut tenant)
            }
            Kind::Create | Kind::Act if is_service && self.begins_upload(&call) => {
                self.begin_object(&call, &places[places.len() - 2], &mut tenant)
            }
            Kind::Create | Kind::Act
                if is_service && places.len() > 1 && self.sends_mail(&call, method, &places[places.len() - 2]) =>
            {
                self.send_mail(&call, &places[places.len() - 2], &mut tenant)
            }
            Kind::List if counts => self.count(&call, &mut tenant),
            Kind::Create => self.create(&call, &mut tenant),
            Kind::List => self.list(&call, &mut tenant),
            Kind::Read => self.read(&call, &mut tenant),
            Kind::Update => self.update(&call, &mut tenant),
            Kind::Delete => self.delete(&call, &mut tenant),
            Kind::Act => Ok(self.act(&call)),
        };
        let Ok(mut answer) = answer else { return refused(full()) };
        if let (Content::Json(body), true) = (&mut answer.content, is_service && answer.origin == Origin::State) {
            self.hidden.hide(body, succeeding);
        }
        answer.contract = succeeding.map(|contract| contract.id.clone());
        let documented = operation.filter(|_| succeeding.is_some_and(|contract| asks_as_documented(contract, request)));
        Reply { answer, documented: documented.map(|operation| operation.contract) }
    }

    /// Whether a request writes the bytes of a stream, or reads those that were written.
    fn has_stream(&self, method: &str, places: &[Place], tenant: &Tenant) -> bool {
        let is_written = || places.last().is_some_and(|place| tenant.content(place).is_some());
        matches!(method, "PUT" | "PATCH") || (matches!(method, "GET" | "DELETE") && is_written())
    }

    /// Makes bodies of a contract.
    pub(super) fn maker<'a>(&'a self, contract: &'a Contract, namespace: &str, base_url: &'a str) -> Maker<'a> {
        let service = (self.options.manner == Manner::AsService).then(|| {
            let declared = self.rules.of(contract);
            Service { rules: declared.rules, response_type: declared.response_type(), base_url }
        });
        Maker::new(contract, namespace).for_clients(service)
    }

    /// Whether a path ends with the name of an action: what takes nothing but POST, and has no objects (OData Protocol 4.01 section 11.5.5).
    fn is_action(&self, found: &Found, method: &str) -> bool {
        let is_service = self.options.manner == Manner::AsService;
        let Some((Step::Name(name), node)) = found.steps.last() else { return false };
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.');
        let is_action = || self.documents(*node, "POST") && !self.routes.node(*node).is_collection();
        is_service && method != "POST" && is_word && is_action() && !self.documents(*node, method)
    }

    /// Whether a contract has that method at a node.
    pub(super) fn documents(&self, node: usize, method: &str) -> bool {
        let mut operations = self.routes.node(node).operations.iter();
        operations.any(|operation| self.store.contracts[operation.contract].request.method == method)
    }

    /// The contract's operation that a request fits best.
    fn operation(&self, found: &Found, method: &str, request: &Request<'_>, sent: Option<&Json>) -> Option<&Operation> {
        let contract = |operation: &Operation| &self.store.contracts[operation.contract];
        let query = query_parameters(request.query);
        let own = self.routes.node(found.node()).operations.iter();
        let own = own.filter(|operation| match contract(operation).request.method.as_str() {
            "HEAD" => method == "GET",
            documented => documented == method,
        });
        // Pages may document one request in several ways, as a stub is told apart by this field, too.
        let named = request.contract.or_else(|| request.header(CONTRACT_HEADER));
        let is_named = |operation: &Operation| named == Some(contract(operation).id.as_str());
        // Of equals the last would win.
        let is_list = |operation: &Operation| self.lists(found, method) && operation.kind == Kind::List;
        own.rev().max_by_key(|operation| {
            let likeness = likeness(contract(operation), &query, sent);
            (is_named(operation), operation.succeeds, is_list(operation), likeness)
        })
    }

    /// Whether a request of a client gets a collection, whatever the page shows of it.
    fn lists(&self, found: &Found, method: &str) -> bool {
        let is_service = self.options.manner == Manner::AsService;
        is_service && method == "GET" && found.key().is_none() && self.routes.node(found.node()).is_collection()
    }

    /// What objects can do without a contract that says so: whoever can create one can also read, change and delete it.
    fn implied(&self, found: &Found, method: &str) -> Option<Kind> {
        let is_item = found.key().is_some();
        let is_creatable = is_item && self.routes.node(found.parent()).is_creatable();
        match method {
            "GET" if self.options.manner == Manner::AsService && found.is_reference() => Some(Kind::Act),
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
}

pub(super) fn not_found(message: String) -> Answer {
    Answer::error(404, "ResourceNotFound", message)
}

pub(super) fn full() -> Answer {
    Answer::error(507, "InsufficientStorage", "The sandbox holds no more than this.")
}

/// What a mutex guards; a panic elsewhere does not make it wrong.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
