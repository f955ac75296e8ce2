//! A page becomes its contracts: a pure function, with a diagnostic for whatever is wrong with the page.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::body::{ReadBody, read_body};
use super::names::pair_ids;
use super::permissions::permissions;
use super::placeholders::placeholders;
use super::properties::request_type;
use super::request_headers::{from_field, request_headers};
use super::routes::{PageRoute, page_routes, routes_of};
use super::{
    BlockSource, Body, Contract, Grant, PageName, Permissions, Placeholder, Request, Response, Source, Stated, Target,
    Type,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::Json;
use crate::page::{Block, Defect, Element, Page, Pair, Pairing, RequestLine, StartLine, StatusLine};

/// What a page gives.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The contracts, in document order.
    pub contracts: Vec<Contract>,
    /// What is wrong with the page, by line.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the contracts of a page.
///
/// Takes the page, its blocks as [`Page::blocks`] reads them, how [`Pairing::of`] pairs them, and what the page's contracts
/// are called.
pub fn build(page: &Page<'_>, blocks: &[Block<'_>], pairing: &Pairing, name: &PageName) -> Built {
    let mut builder = Builder {
        page,
        blocks,
        bodies: blocks.iter().map(|block| read_body(&block.message)).collect(),
        title: page.title().map(|heading| heading.text.clone()).unwrap_or_default(),
        permissions: permissions(page),
        routes: page_routes(blocks, pairing),
        request_type: request_type(page),
        built: Built::default(),
    };
    builder.check_page(pairing);
    let mut pairs: Vec<&Pair> = pairing.pairs.iter().chain(&pairing.shared).collect();
    pairs.sort_by_key(|pair| pair.request);
    let requests: Vec<&Block<'_>> = pairs.iter().map(|pair| &blocks[pair.request]).collect();
    for (pair, id) in pairs.into_iter().zip(pair_ids(name, &requests)) {
        builder.add(*pair, id.clone(), None);
        let extras = pairing.extras.iter().filter(|extra| pairing.pairs[extra.pair] == *pair);
        for (index, extra) in extras.enumerate() {
            let response = Pair { request: pair.request, response: extra.response };
            builder.add(response, format!("{id}--response-{}", index + 2), Some(id.clone()));
        }
    }
    builder.built.diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column, diagnostic.code));
    // A request with several responses is in several contracts.
    builder.built.diagnostics.dedup();
    builder.built
}

struct Builder<'p> {
    page: &'p Page<'p>,
    blocks: &'p [Block<'p>],
    /// The body of each block.
    bodies: Vec<ReadBody>,
    title: String,
    permissions: Permissions,
    routes: Vec<PageRoute>,
    request_type: Option<Type>,
    built: Built,
}

impl Builder<'_> {
    fn report(&mut self, code: Code, line: u32, message: String) {
        self.built.diagnostics.push(self.page.diagnostic(code, line, 1, message));
    }

    /// What concerns the page as a whole.
    fn check_page(&mut self, pairing: &Pairing) {
        for (index, line) in self.page.text.lines().enumerate() {
            if let Some(at) = line.find("TODO:").or_else(|| line.find("**TODO")) {
                let column = line[..at].chars().count() as u32 + 1;
                let message = "a TODO was left in the page".to_owned();
                self.built.diagnostics.push(self.page.diagnostic(Code::TodoLeft, index as u32 + 1, column, message));
            }
        }
        for Defect { code, line, column, message } in self.bodies.iter().flat_map(|body| &body.defects) {
            self.built.diagnostics.push(self.page.diagnostic(*code, *line, *column, message.clone()));
        }
        let first_line = self.permissions.line.unwrap_or(1);
        match self.permissions.stated {
            Stated::Table | Stated::Prose => {}
            Stated::Placeholder => {
                let message = "the permissions table holds placeholders instead of permissions".to_owned();
                self.report(Code::PermissionsNotStated, first_line, message);
            }
            Stated::Nowhere if !pairing.pairs.is_empty() => {
                self.report(
                    Code::PermissionsNotStated,
                    first_line,
                    "the page does not state any permission".to_owned(),
                );
            }
            Stated::Nowhere => {}
        }
        for orphan in &pairing.orphans {
            let line = start_line(&self.blocks[*orphan]);
            self.report(Code::OrphanResponse, line, "a response without a request before it".to_owned());
        }
        for request in &pairing.unanswered {
            let line = start_line(&self.blocks[*request]);
            self.report(Code::UnansweredRequest, line, "a request without a response behind it".to_owned());
        }
    }

    fn add(&mut self, pair: Pair, id: String, alternative_of: Option<String>) {
        let (request, response) = (&self.blocks[pair.request], &self.blocks[pair.response]);
        let (StartLine::Request(line), StartLine::Status(status)) = (&request.message.start, &response.message.start)
        else {
            // Pairing only puts requests before responses.
            return;
        };
        if !(100..=599).contains(&status.status) {
            self.report(Code::StatusNotValid, status.line, format!("{} is no HTTP status", status.status));
            return;
        }
        if !request.message.further.is_empty() {
            let message = format!("{} further request lines in one example", request.message.further.len());
            self.report(Code::SeveralRequestLines, request.message.further[0].line, message);
        }
        let routes = routes_of(line, &self.routes).unwrap_or_else(|routes| {
            if !self.routes.is_empty() {
                let message = format!("{} {} is on none of the page's URL templates", line.method, line.target);
                self.report(Code::UrlMatchesNoTemplate, line.line, message);
            }
            routes
        });
        let (request_source, response_source) = (self.block_source(pair.request), self.block_source(pair.response));
        let mut types = BTreeMap::new();
        let request = self.request(line, pair.request, &request_source, &mut types);
        let response = self.response(status, pair, &response_source, request.body_type.as_deref(), &types);
        let mut contract = Contract {
            schema: schema_path(&id),
            id,
            title: self.title.clone(),
            alternative_of,
            source: Source {
                page: self.page.path.to_owned(),
                request: request_source,
                response: response_source,
                digest: String::new(),
            },
            api_version: Target::read(&line.target).version.map(str::to_lowercase),
            routes,
            permissions: self.permissions.clone(),
            request,
            response,
            types,
            volatile: Vec::new(),
        };
        contract.source.digest = digest(&contract);
        self.built.contracts.push(contract);
    }

    fn block_source(&self, index: usize) -> BlockSource {
        let block = &self.blocks[index];
        let body = block.message.body.first().map(|line| line.number);
        let anchors = self.bodies[index].anchors.clone();
        BlockSource { line: start_line(block), body, end: block.end, anchors }
    }

    fn request(
        &mut self,
        line: &RequestLine,
        index: usize,
        source: &BlockSource,
        types: &mut BTreeMap<String, Type>,
    ) -> Request {
        let body = self.bodies[index].body.clone();
        let mut body_type = body.as_ref().and_then(odata_type);
        if let (Some(Body::Json(Json::Object(_))), Some(declared)) = (&body, &self.request_type) {
            let name = body_type.get_or_insert_with(|| "request".to_owned());
            types.insert(name.clone(), declared.clone());
        }
        let declared = body_type.as_ref().and_then(|name| types.get(name));
        let placeholders = self.placeholders(body.as_ref(), declared, source);
        let headers = request_headers(self.page, &self.blocks[index].message.headers, body.is_some());
        Request { method: line.method.clone(), url: line.target.clone(), headers, body, body_type, placeholders }
    }

    fn response(
        &mut self,
        status: &StatusLine,
        pair: Pair,
        source: &BlockSource,
        request_type: Option<&str>,
        types: &BTreeMap<String, Type>,
    ) -> Response {
        let block = &self.blocks[pair.response];
        let body = self.bodies[pair.response].body.clone();
        let documented = block.metadata.as_ref().and_then(|metadata| metadata.odata_type.clone());
        let body_type = body.as_ref().and_then(odata_type).or(documented.filter(|_| body.is_some()));
        // Metadata often has the type's name in lower case.
        let body_type = body_type.map(|own| match request_type {
            Some(name) if name.eq_ignore_ascii_case(&own) => name.to_owned(),
            _ => own,
        });
        let declared = body_type.as_ref().and_then(|name| types.get(name));
        let placeholders = self.placeholders(body.as_ref(), declared, source);
        Response {
            status: status.status,
            reason: status.reason.clone(),
            headers: block.message.headers.iter().map(from_field).collect(),
            body,
            body_type,
            may_be_truncated: self.may_be_truncated(pair),
            placeholders,
        }
    }

    fn placeholders(&mut self, body: Option<&Body>, declared: Option<&Type>, source: &BlockSource) -> Vec<Placeholder> {
        let Some(json) = body.and_then(Body::as_json) else { return Vec::new() };
        let found = placeholders(json, declared);
        if let Some(first) = found.first() {
            let lines = source.lines(json);
            let line = lines.of_normalized(&first.path).unwrap_or(source.line);
            let (count, path) = (found.len(), &first.path);
            let message = if count == 1 {
                format!("the value of {path} is the name of a type")
            } else {
                format!("{count} values are names of types, the first is {path}")
            };
            self.report(Code::PlaceholderValue, line, message);
        }
        found
    }

    /// Whether the metadata, or the text between request and response, says that the example leaves members out.
    fn may_be_truncated(&self, pair: Pair) -> bool {
        let (request, response) = (&self.blocks[pair.request], &self.blocks[pair.response]);
        let between = self.page.elements.get(request.element..response.element).unwrap_or_default();
        let says_so = |element: &Element<'_>| match element {
            Element::Prose(prose) => {
                let text = prose.text.to_lowercase();
                ["truncated", "shortened", "abgeschnitten", "gekürzt"].iter().any(|word| text.contains(word))
            }
            _ => false,
        };
        response.metadata.as_ref().is_some_and(|metadata| metadata.truncated) || between.iter().any(says_so)
    }
}

fn start_line(block: &Block<'_>) -> u32 {
    match &block.message.start {
        StartLine::Request(line) => line.line,
        StartLine::Status(line) => line.line,
    }
}

/// The name in a body's `@odata.type`.
fn odata_type(body: &Body) -> Option<String> {
    let name = body.as_json()?.get("@odata.type")?.as_str()?;
    Some(name.strip_prefix('#').unwrap_or(name).to_owned())
}

/// The way from a contract's file to the schema, which lies in the contracts folder itself.
fn schema_path(id: &str) -> String {
    format!("{}{}", "../".repeat(id.matches('/').count()), super::SCHEMA_FILE)
}

/// A digest of what the import writes into a contract; what people add (`volatile`) is not part of it.
pub(crate) fn digest(contract: &Contract) -> String {
    let mut generated = contract.clone();
    generated.source.digest.clear();
    generated.volatile.clear();
    let text = serde_json::to_vec(&generated).unwrap_or_default();
    let digest = Sha256::digest(&text);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Permissions {
    /// The grants with the name of their account.
    pub fn grants(&self) -> [(&'static str, &Grant); 3] {
        [
            ("delegated (work or school account)", &self.delegated_work),
            ("delegated (personal account)", &self.delegated_personal),
            ("application", &self.application),
        ]
    }
}
