//! A page becomes its contracts: a pure function, with a diagnostic for whatever is wrong with the page.

use std::borrow::Cow;
use std::cell::{LazyCell, OnceCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashSet, HashSetExt as _};

use super::body::{ReadBody, read_body};
use super::body_types::{BodyTypes, odata_type};
use super::budget::Budget;
use super::casts::says_casts;
use super::clouds::PageClouds;
use super::companions::Companion;
use super::deprecation::deprecated_on;
use super::elsewhere::Elsewhere;
use super::header_rules::HeaderRules;
use super::hosts::Hosts;
use super::misplaced::{Misplaced, misplaced};
use super::names::{pair_ids, title};
use super::pair_kind::PairKind;
use super::permissions::{NotStated, PagePermissions};
use super::placeholders::numbered;
use super::properties::{PropertyTable, PropertyTables};
use super::required_options::{required_options, sent_in};
use super::required_rows::{required_rows, says_all_are_required};
use super::response_type::{Said, response_type};
use super::routes::{PageRoutes, request_lines, route_path};
use super::schema::schema_path;
use super::shortened::may_be_truncated;
use super::todos::todos;
use super::type_names::TypeNames;
use super::unanswered::{follows_a_response, unanswered, unclaimed_responses};
use super::{
    BlockSource, Body, Clouds, Contract, FORMAT, PageName, Permissions, Placeholder, Places, Request, Response, Source,
    TypeIndex, Typed,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::{Anchors, Json};
use crate::page::{Block, Page, Pair, RequestLine, StartLine, StatusLine};
use crate::url::Target;

/// What a page gives.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The contracts, in document order.
    pub contracts: Vec<(PairKind, Contract)>,
    /// What is wrong with the page, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// The rules that could not judge the page, because its prose is in a language that they do not read.
    pub unjudged: BTreeSet<Code>,
    /// The blocks of each contract.
    pub(crate) pairs: Vec<Pair>,
    /// The body of each block of the page.
    pub(crate) bodies: Vec<ReadBody>,
    /// The requests that are reported as on no template, unless another page documents them.
    pub(crate) companions: Vec<Companion>,
}

/// Builds the contracts of a page. `name` is what they are called, `index` has the types of the documentation set.
pub fn build(page: &Page<'_>, name: &PageName, index: &TypeIndex) -> Built {
    build_with(&PropertyTables::of(page), name, index, true)
}

/// Builds the contracts of the page that has those tables. Where nobody asks on which lines the values of their bodies stand, that is left out
/// (`with_lines`).
pub(crate) fn build_with(tables: &PropertyTables<'_>, name: &PageName, index: &TypeIndex, with_lines: bool) -> Built {
    let page = tables.page();
    let linked = |section| {
        let mut targets = page.prose_below(section, 6).flat_map(|prose| &prose.links);
        targets.find_map(|target| index.by_link(target)).map(|found| found.name.clone())
    };
    let routes = PageRoutes::of(page);
    let lines = page.blocks.iter().filter_map(|block| block.message.start.request());
    let requests = lines.map(|line| Cow::Owned(route_path(&line.target)));
    let permissions = PagePermissions::of(page, routes.paths().map(Cow::Borrowed).chain(requests));
    let allows_casts = says_casts(page) || routes.shows_casts();
    let bodies: Vec<ReadBody> = page.blocks.iter().map(|block| read_body(&block.message)).collect();
    let mut builder = Builder {
        page,
        names: TypeNames::of(page, &bodies, index),
        bodies: &bodies,
        title: title(page),
        permissions,
        clouds: None,
        deprecated: deprecated_on(page),
        routes,
        hosts: OnceCell::new(),
        headers: HeaderRules::of(page),
        required_options: required_options(page),
        allows_casts,
        tables,
        request_table: tables.of_request(),
        requires_all: tables.of_request().is_some() && says_all_are_required(page),
        linked_request: linked("request-body"),
        linked_response: linked("response"),
        missing: HashSet::new(),
        budget: Budget::of(page),
        with_lines,
        built: Built { diagnostics: page.diagnostics.clone(), ..Built::default() },
    };
    builder.check_page();
    let Page { blocks, pairing, .. } = page;
    let mut pairs: Vec<(PairKind, Option<usize>, Pair)> = Vec::new();
    pairs.extend(pairing.pairs.iter().enumerate().map(|(index, pair)| (PairKind::Pair, Some(index), *pair)));
    pairs.extend(pairing.shared.iter().map(|pair| (PairKind::Shared, None, *pair)));
    pairs.sort_by_key(|(_, _, pair)| pair.request);
    let requests: Vec<&Block<'_>> = pairs.iter().map(|(_, _, pair)| &blocks[pair.request]).collect();
    let ids = pair_ids(name, page, &requests);
    let mut taken: HashSet<String> = ids.iter().cloned().collect();
    for ((kind, number, pair), id) in pairs.into_iter().zip(ids) {
        builder.add(kind, pair, id.clone(), None);
        // They stand in the order of their pairs.
        let first = number.map_or(0, |number| pairing.extras.partition_point(|extra| extra.pair < number));
        let extras = pairing.extras[first..].iter().take_while(|extra| Some(extra.pair) == number);
        for (index, extra) in extras.enumerate() {
            let mut ids = (index + 2..).map(|number| format!("{id}--response-{number}"));
            let Some(own) = ids.find(|own| taken.insert(own.clone())) else { continue };
            builder.add(PairKind::Extra, Pair { response: extra.response, ..pair }, own, Some(id.clone()));
        }
    }
    if let Some((line, message)) = builder.budget.defect() {
        builder.report(Code::OrphanResponse, line, message);
    }
    builder.built.diagnostics.sort_by(Diagnostic::order);
    // A request with several responses is in several contracts.
    builder.built.diagnostics.dedup();
    builder.built.diagnostics.retain(|found| !page.accepts(found));
    let built = builder.built;
    Built { bodies, ..built }
}

struct Builder<'p> {
    page: &'p Page<'p>,
    /// What types are called.
    names: TypeNames<'p>,
    /// The body of each block.
    bodies: &'p [ReadBody],
    title: String,
    permissions: PagePermissions,
    /// What the page says of clouds.
    clouds: Option<Clouds>,
    /// The line on which the page says that its API is deprecated.
    deprecated: Option<u32>,
    routes: PageRoutes<'p>,
    /// The hosts of its requests, as soon as an example is on no template.
    hosts: OnceCell<Hosts<'p>>,
    /// What the page's table says of header fields.
    headers: HeaderRules,
    /// The query options that the page requires.
    required_options: Vec<String>,
    /// Whether the page says or shows that casts are possible.
    allows_casts: bool,
    tables: &'p PropertyTables<'p>,
    /// Whether the page says that what its table for the body of requests has is required.
    requires_all: bool,
    /// The page's property table for the body of requests.
    request_table: Option<&'p PropertyTable>,
    /// The types that the sections "Request body" and "Response" link to.
    linked_request: Option<String>,
    linked_response: Option<String>,
    /// The forms of the examples that are known to be on no template.
    missing: HashSet<String>,
    budget: Budget,
    /// Whether the contracts have the lines of the values of their bodies.
    with_lines: bool,
    built: Built,
}

impl Builder<'_> {
    #[cold]
    fn report(&mut self, code: Code, line: u32, message: String) {
        self.built.diagnostics.push(self.page.diagnostic(code, line, 1, message));
    }

    /// The same at a text in the line.
    #[cold]
    fn report_text(&mut self, code: Code, line: u32, text: &str, message: String) {
        self.built.diagnostics.push(self.page.diagnostic(code, line, self.page.column_of(line, text), message));
    }

    /// What concerns the page as a whole.
    fn check_page(&mut self) {
        let Page { blocks, pairing, .. } = self.page;
        self.built.diagnostics.extend(todos(self.page));
        let defects = self.bodies.iter().flat_map(|body| &body.defects);
        self.built.diagnostics.extend(defects.map(|defect| defect.of_page(self.page.path)));
        self.built.diagnostics.append(&mut self.permissions.diagnostics);
        let mut clouds = PageClouds::of(self.page);
        self.built.diagnostics.append(&mut clouds.diagnostics);
        self.clouds = clouds.stated;
        match self.permissions.not_stated(self.page) {
            NotStated::Nothing => {}
            NotStated::Defect(line, message) => self.report(Code::PermissionsNotStated, line, message),
            NotStated::Unknown => drop(self.built.unjudged.insert(Code::PermissionsNotStated)),
        }
        for line in blocks.iter().flat_map(request_lines) {
            if let Some(message) = Target::read(&line.target).graph_version_defect() {
                self.report_text(Code::GraphVersionNotValid, line.line, &line.target, message);
            }
        }
        if let Some((line, message)) = self.routes.defect() {
            self.report(Code::StartLineNotValid, line, message);
        }
        let samples: Vec<(u32, Vec<String>)> = self.routes.samples().collect();
        for (line, samples) in samples {
            let message = match samples.as_slice() {
                [sample] => format!("the URL template has the value `{sample}` where it should have a placeholder"),
                samples => {
                    let samples = samples.join("`, `");
                    format!("the URL template has the values `{samples}` where it should have placeholders")
                }
            };
            self.report_text(Code::SampleInTemplate, line, &samples[0], message);
        }
        for orphan in &pairing.orphans {
            let line = blocks[*orphan].message.start.line();
            self.report(Code::OrphanResponse, line, "a response without a request before it".to_owned());
        }
        let unclaimed = LazyCell::new(|| unclaimed_responses(self.page));
        for request in unanswered(self.page) {
            let line = request.message.start.line();
            let hint = if follows_a_response(self.page, request, &unclaimed) {
                "; a response without an example's request stands before it: are the two swapped?"
            } else {
                ""
            };
            self.report(Code::UnansweredRequest, line, format!("a request without a response behind it{hint}"));
        }
    }

    fn add(&mut self, kind: PairKind, pair: Pair, id: String, alternative_of: Option<String>) {
        let (request, response) = (&self.page.blocks[pair.request], &self.page.blocks[pair.response]);
        let (StartLine::Request(line), Some(status)) = (&request.message.start, &response.status) else {
            // Pairing only puts requests before responses.
            return;
        };
        if !(200..=599).contains(&status.status) {
            self.report(Code::StatusNotValid, status.line, format!("{} is not a final HTTP status", status.status));
            return;
        }
        if !request.message.further.is_empty() {
            let message = match request.message.further.len() {
                1 => "another request line in one example".to_owned(),
                further => format!("{further} further request lines in one example"),
            };
            self.report(Code::SeveralRequestLines, request.message.further[0].line, message);
        }
        if !self.budget.allows(status.line) {
            return;
        }
        let permissions = match (self.built.contracts.last(), self.built.pairs.last()) {
            (Some((_, before)), Some(last)) if last.request == pair.request => Arc::clone(&before.permissions),
            _ => self.permissions.of_path(&route_path(&line.target)),
        };
        let (mut routes, elsewhere) = self.routes.of_pair(line, pair.request, kind);
        // The first one is that of the example.
        for route in routes.iter_mut().skip(1) {
            let own = self.permissions.of_path(&route.path);
            route.permissions = (own != permissions).then(|| Permissions::clone(&own));
        }
        // What the page says of its operation, it does not say of another one that it shows on the side.
        let is_own = elsewhere.is_none() || self.routes.may_be_about(line);
        if let Some(elsewhere) = elsewhere {
            self.check_placement(line, request, &elsewhere);
        }
        let request_block = request;
        let (request_source, response_source) = (self.block_source(pair.request), self.block_source(pair.response));
        let mut types = BodyTypes::new(&self.names);
        let request = self.request(line, pair.request, is_own, &mut types);
        let linked = self.linked_response.as_deref().filter(|_| is_own);
        let response = self.response(status, pair, (request.body_type.as_deref(), linked), &mut types);
        let types = types.finish();
        let mut contract = Contract {
            schema: schema_path(&id),
            format: FORMAT,
            id,
            title: self.title.clone(),
            alternative_of,
            source: Source {
                page: self.page.path.to_owned(),
                request: request_source,
                response: response_source,
                digest: String::new(),
            },
            api_version: self.api_version(&line.target, request_block),
            routes,
            permissions,
            clouds: self.clouds,
            deprecated: self.deprecated,
            request,
            response,
            types,
            metadata: None,
            volatile: Vec::new(),
        };
        self.find_placeholders(&mut contract, pair);
        self.budget.take(&contract, [request_block, &self.page.blocks[pair.response]]);
        self.built.contracts.push((kind, contract));
        self.built.pairs.push(pair);
    }

    /// Reports an example whose URL is on no template, which several examples may miss. A block that is ignored may show another operation.
    #[cold]
    fn check_placement(&mut self, line: &RequestLine, block: &Block<'_>, elsewhere: &Elsewhere) {
        // What stands in the section of the templates is one itself, and other hosts have URLs of their own. A batch holds requests to any URL
        // (OData JSON Format 4.01 section 19).
        let is_batch = || Target::read(&line.target).path.ends_with("/$batch");
        let is_foreign = || self.hosts.get_or_init(|| Hosts::of(self.page)).is_foreign(line);
        if block.in_http_section || self.routes.is_empty() || is_batch() || is_foreign() {
            return;
        }
        let Some(Misplaced { code, at, text, message }) = misplaced(self.page, &self.routes, (line, block), elsewhere)
        else {
            return;
        };
        let found = self.page.diagnostic(code, at, self.page.column_of(at, &text), message);
        if !self.page.accepts(&found) && self.missing.insert(elsewhere.form(&line.method)) {
            if code == Code::UrlMatchesNoTemplate && self.routes.may_be_companion(&line.method, elsewhere) {
                self.built.companions.push(Companion::of(line, (found.line, found.column)));
            }
            self.built.diagnostics.push(found);
        }
    }

    /// The version that a request goes to: that of its URL, or if it is relative, that of its zone or of the page.
    fn api_version(&self, url: &str, block: &Block<'_>) -> Option<String> {
        let target = Target::read(url);
        let stated = || block.zone.version().or_else(|| self.page.version.clone()).filter(|_| target.host.is_none());
        target.version.map(str::to_owned).or_else(stated).map(|version| version.to_lowercase())
    }

    fn block_source(&self, index: usize) -> BlockSource {
        let block = &self.page.blocks[index];
        let lines = &block.message.body;
        let body = lines.first().map(|line| line.number);
        let anchors = if self.with_lines { self.bodies[index].anchors(lines) } else { Anchors::default() };
        BlockSource { line: block.message.start.line(), body, end: block.end, anchors }
    }

    /// The request of a block. `is_own` says whether it is one of the operation that the page is about.
    fn request<'s>(&'s self, line: &RequestLine, index: usize, is_own: bool, types: &mut BodyTypes<'s>) -> Request {
        let body = self.bodies[index].body.clone();
        let mut body_type = None;
        if let Some(Body::Json(json)) = &body {
            body_type = odata_type(json).map(|own| types.canonical(&own).unwrap_or(own));
            body_type = body_type.or_else(|| self.linked_request.clone().filter(|_| is_own));
            if let (Json::Object(_), Some(declared)) = (json, self.request_table.filter(|_| is_own)) {
                let name = body_type.get_or_insert_with(|| "request".to_owned());
                types.declare(name, declared, json);
                if self.requires_all {
                    types.require(name, required_rows(self.tables, declared, json));
                }
                types.declare_within(name, |own| self.tables.of_type(own), json);
            }
            types.collect(json, body_type.as_deref());
        }
        let own = if is_own { &self.headers } else { &HeaderRules::default() };
        let headers = own.of_request(&self.page.blocks[index].message.headers, body.is_some());
        Request {
            method: line.method.clone(),
            url: line.target.clone(),
            headers,
            required_headers: own.required.clone(),
            conditional_headers: own.conditional.clone(),
            required_options: sent_in(&line.target, if is_own { &self.required_options } else { &[] }),
            casts: self.allows_casts && line.method == "GET" && self.routes.is_plain(index),
            body,
            body_type,
            placeholders: Vec::new(),
        }
    }

    fn response(
        &self,
        status: &StatusLine,
        pair: Pair,
        (request_type, linked): (Option<&str>, Option<&str>),
        types: &mut BodyTypes<'_>,
    ) -> Response {
        let page = self.page;
        let block = &page.blocks[pair.response];
        let body = self.bodies[pair.response].body.clone();
        let (mut body_type, mut wrapped) = (None, false);
        if let Some(Body::Json(json)) = &body {
            let in_comment = block.metadata.as_ref().and_then(|metadata| metadata.odata_type.as_deref());
            let said = Said { request: request_type, in_comment, linked };
            (body_type, wrapped) = response_type(json, &said, types);
            let content = if wrapped { json.get("value") } else { Some(json) };
            content.into_iter().for_each(|content| types.collect(content, body_type.as_deref()));
        }
        Response {
            status: status.status,
            reason: status.reason.clone(),
            headers: block.message.headers.clone(),
            body,
            body_type,
            wrapped,
            may_be_truncated: may_be_truncated(self.page, pair.response),
            placeholders: Vec::new(),
        }
    }

    /// Finds the values that are only names of types, and reports them once for each body.
    fn find_placeholders(&mut self, contract: &mut Contract, pair: Pair) {
        let request = Typed::of_request(contract).map(|typed| self.placeholders(&typed, pair.request));
        let response = Typed::of_response(contract).map(|typed| self.placeholders(&typed, pair.response));
        contract.request.placeholders = request.unwrap_or_default();
        contract.response.placeholders = response.unwrap_or_default();
    }

    fn placeholders(&mut self, typed: &Typed<'_>, block: usize) -> Vec<Placeholder> {
        let found = numbered(typed);
        if let Some((number, Placeholder { path, .. })) = found.first() {
            let body = &self.page.blocks[block].message.body;
            let (line, column) = Places::new(body, &self.bodies[block].offsets).of_value(*number);
            let message = match found.len() {
                1 => format!("the value of {path} is the name of a type"),
                count => format!("{count} values are names of types, the first is {path}"),
            };
            self.built.diagnostics.push(self.page.diagnostic(Code::PlaceholderValue, line, column, message));
        }
        found.into_iter().map(|(_, placeholder)| placeholder).collect()
    }
}
