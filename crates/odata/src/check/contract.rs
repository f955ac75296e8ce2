//! Checks one contract against the metadata of its version.

use super::Metadata;
use super::body::{self, BodyRemark, Direction, Message};
use super::finding::Finding;
use super::method::{Payload, Use, use_of};
use super::resolve::{Documented, resolve};
use super::resource::{Kind, Remark, Resource, Source};
use super::table::{self, TableRemark};
use crate::csdl::{Csdl, TypeId};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{BlockSource, Body, Contract, Header, Placeholder, Route, Type, header};
use graph_contracts::diagnostic::Code;
use graph_contracts::json::{Json, Lines};
use graph_contracts::url::{Segment, Target, Template};

/// What is found on each of a contract's routes.
pub fn check_contract(contract: &Contract, metadata: &[Metadata<'_>]) -> Vec<Vec<Finding>> {
    match metadata_of(contract, metadata) {
        Ok(metadata) => {
            let checker = Checker::new(contract, metadata);
            let own = checker.own_use();
            contract.routes.iter().map(|route| checker.route(route, own.as_ref())).collect()
        }
        Err(reason) => contract.routes.iter().map(|route| vec![not_known(contract, route, &reason)]).collect(),
    }
}

/// The metadata of a contract's version. A URL that names no version is below the version that the page is about, which is the one
/// whose metadata was named first.
fn metadata_of<'m, 'x>(contract: &Contract, metadata: &'m [Metadata<'x>]) -> Result<&'m Metadata<'x>, String> {
    let Some(version) = contract.api_version.as_deref() else {
        let is_service = Target::read(&contract.request.url).host.is_none();
        let reason = "the URL is of another service, or names no version".to_owned();
        return metadata.first().filter(|_| is_service).ok_or(reason);
    };
    let found = metadata.iter().find(|own| own.version.eq_ignore_ascii_case(version));
    found.ok_or_else(|| format!("no metadata of the version {version} was given"))
}

fn not_known(contract: &Contract, route: &Route, reason: &str) -> Finding {
    Finding {
        code: Code::NoMetadata,
        contract: contract.id.clone(),
        route: route_of(contract, route),
        at: At::Request(RequestPart::Url),
        message: reason.to_owned(),
        source: contract.source_line(route.line),
        metadata: None,
        subject: reason.to_owned(),
        accepted: false,
    }
}

fn route_of(contract: &Contract, route: &Route) -> String {
    format!("{} {}", contract.request.method, route.path)
}

struct Checker<'k, 'x> {
    contract: &'k Contract,
    metadata: &'k Metadata<'x>,
    csdl: &'k Csdl<'x>,
    /// The segments of the example's URL.
    example: Vec<Segment>,
    /// The names of the example's query parameters.
    query: Vec<String>,
}

/// The findings of one route.
struct Found<'f> {
    contract: &'f Contract,
    metadata: &'f Metadata<'f>,
    route: String,
    findings: Vec<Finding>,
}

/// A request or response with a body.
struct WithBody<'b> {
    at: At,
    headers: &'b [Header],
    body: &'b Body,
    source: &'b BlockSource,
}

/// What else of a message matters to its body.
#[derive(Clone, Copy)]
struct Sent<'m, 'c, 'x> {
    direction: Direction,
    headers: &'m [Header],
    placeholders: &'m [Placeholder],
    /// What declares the value of the body.
    declared_by: &'m Source<'c, 'x>,
}

impl Found<'_> {
    fn push(&mut self, code: Code, at: At, message: String, line: u32, metadata: Option<u32>, subject: String) {
        self.findings.push(Finding {
            code,
            contract: self.contract.id.clone(),
            route: self.route.clone(),
            at,
            message,
            source: self.contract.source_line(line),
            metadata: self.metadata.place(metadata),
            subject,
            accepted: false,
        });
    }
}

impl<'k, 'x> Checker<'k, 'x> {
    fn new(contract: &'k Contract, metadata: &'k Metadata<'x>) -> Checker<'k, 'x> {
        let target = Target::read(&contract.request.url);
        Checker {
            contract,
            metadata,
            csdl: &metadata.csdl,
            example: Segment::of_path(target.path),
            query: target.query_parameters().into_iter().map(|(name, _)| name).collect(),
        }
    }

    fn resolve(&self, segments: &[Segment]) -> Result<Resource<'k, 'x>, Remark> {
        let is_post = self.contract.request.method == "POST";
        resolve(self.csdl, &Documented { segments, example: &self.example, query: &self.query, is_post })
    }

    /// What the example's own URL does: that of the template that it is on, or else the URL itself.
    fn own_use(&self) -> Option<Use<'k, 'x>> {
        let path = Target::read(&self.contract.request.url).path;
        let own = self.contract.routes.iter().find(|route| Template::read(&route.path).matches(path));
        let resource = match own {
            Some(route) => self.resolve(&Segment::of_path(&route.path)),
            None => self.resolve(&self.example),
        };
        use_of(self.csdl, &self.contract.request.method, &resource.ok()?).ok()
    }

    /// What is found on a route. Where it does something else than the example's URL (a page may list the routes to an entity and to a
    /// collection), the example says nothing about it.
    fn route(&self, route: &Route, own: Option<&Use<'k, 'x>>) -> Vec<Finding> {
        let contract = self.contract;
        let mut found =
            Found { contract, metadata: self.metadata, route: route_of(contract, route), findings: Vec::new() };
        let resource = match self.resolve(&Segment::of_path(&route.path)) {
            Ok(resource) => resource,
            Err(remark) => {
                self.segment(&mut found, route, remark);
                return found.findings;
            }
        };
        for remark in &resource.remarks {
            self.segment(&mut found, route, remark.clone());
        }
        if let Kind::Outside(reason) = resource.kind {
            found.push(
                Code::OutsideMetadata,
                At::Request(RequestPart::Url),
                format!("the metadata does not say what this URL addresses: {reason}"),
                route.line,
                None,
                reason.to_owned(),
            );
            return found.findings;
        }
        match use_of(self.csdl, &contract.request.method, &resource) {
            Err(refusal) => {
                let subject = refusal.message.clone();
                found.push(
                    refusal.code,
                    At::Request(RequestPart::Method),
                    refusal.message,
                    route.line,
                    refusal.at,
                    subject,
                );
            }
            Ok(use_of) => {
                let is_like = |other: &Use<'_, '_>| {
                    use_of.request.is_like(&other.request) && use_of.response.is_like(&other.response)
                };
                if own.is_none_or(is_like) {
                    self.status(&mut found, &use_of);
                    self.request(&mut found, &use_of, &resource.source);
                    self.response(&mut found, &use_of, &resource.source);
                }
            }
        }
        found.findings
    }

    fn segment(&self, found: &mut Found<'_>, route: &Route, remark: Remark) {
        let at = At::Request(RequestPart::Segment(remark.segment));
        found.push(remark.code, at, remark.message, route.line, remark.at, remark.subject);
    }

    /// A success has a status that OData has for what is done; errors are as they are.
    fn status(&self, found: &mut Found<'_>, use_of: &Use<'_, 'x>) {
        let status = self.contract.response.status;
        if status >= 400 || use_of.statuses.is_empty() || use_of.statuses.contains(&status) {
            return;
        }
        let code = if use_of.unusual.contains(&status) { Code::StatusUnusual } else { Code::StatusNotOfOperation };
        let expected: Vec<String> = use_of.statuses.iter().map(ToString::to_string).collect();
        let message =
            format!("{status} is documented for {}, which answers with {}", use_of.what, expected.join(" or "));
        let line = self.contract.source.response.line;
        found.push(code, At::Status, message.clone(), line, None, message);
    }

    fn request(&self, found: &mut Found<'_>, use_of: &Use<'_, 'x>, declared_by: &Source<'_, 'x>) {
        let request = &self.contract.request;
        let is_read = matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE");
        let Some(body) = request.body.as_ref().filter(|_| !is_read) else { return };
        let source = &self.contract.source.request;
        let message = WithBody { at: At::Request(RequestPart::Body), headers: &request.headers, body, source };
        let Some(json) = self.json(found, &message, use_of.request) else { return };
        let lines = source.lines(json);
        let sent = Sent {
            direction: Direction::Request,
            headers: &request.headers,
            placeholders: &request.placeholders,
            declared_by,
        };
        self.body(found, json, use_of.request, sent, &lines);
        let declared = request.body_type.as_ref().and_then(|name| self.contract.types.get(name));
        // A page that changes several things has the table of one of them: that in which the body's members are.
        let is_of_body = |own: &&Type| own.properties.iter().any(|property| json.get(&property.name).is_some());
        let Some(own) = declared.filter(|own| own.page.is_none()).filter(is_of_body) else { return };
        for TableRemark { code, line, name, message, subject, at } in
            table::check(self.csdl, own, use_of.request, json, self.own_type(json))
        {
            let line = line.unwrap_or(source.line);
            found.push(code, At::TableRow(name), message, line, at, subject);
        }
    }

    fn response(&self, found: &mut Found<'_>, use_of: &Use<'_, 'x>, declared_by: &Source<'_, 'x>) {
        let response = &self.contract.response;
        // Errors and redirects have bodies of their own, and what is accepted is not done yet.
        let Some(body) = response.body.as_ref().filter(|_| matches!(response.status, 200 | 201 | 203 | 206)) else {
            return;
        };
        let source = &self.contract.source.response;
        let message = WithBody { at: At::Body, headers: &response.headers, body, source };
        let Some(json) = self.json(found, &message, use_of.response) else { return };
        let lines = source.lines(json);
        let before = found.findings.len();
        let came = Sent {
            direction: Direction::Response,
            headers: &response.headers,
            placeholders: &response.placeholders,
            declared_by,
        };
        self.body(found, json, use_of.response, came, &lines);
        for finding in &mut found.findings[before..] {
            if finding.code == Code::BodyNotExpected {
                finding.metadata = self.metadata.place(declared_by.at());
                finding.message = format!("{} by {}", finding.message, use_of.what);
            }
        }
    }

    /// The JSON of a body. It is reported as invalid only where JSON is expected: metadata does not describe other media types.
    fn json<'b>(&self, found: &mut Found<'_>, message: &WithBody<'b>, payload: Payload<'_, 'x>) -> Option<&'b Json> {
        let WithBody { at, headers, body, source } = message;
        let json = body.as_json();
        let is_described = !matches!(payload, Payload::Nothing | Payload::Anything);
        let media_type = header(headers, "Content-Type").map_or("", |field| field.value.as_str());
        let is_other = matches!(body, Body::Bytes(_)) || !(media_type.is_empty() || media_type.contains("json"));
        if json.is_none() && is_described && !is_other {
            let reason = format!("{} is not JSON that can be read", at.in_words());
            let line = source.body.unwrap_or(source.line);
            found.push(Code::OutsideMetadata, at.clone(), reason.clone(), line, None, reason);
        }
        json
    }

    fn body(
        &self,
        found: &mut Found<'_>,
        json: &Json,
        payload: Payload<'_, 'x>,
        sent: Sent<'_, '_, 'x>,
        lines: &Lines,
    ) {
        let Sent { direction, headers, placeholders, declared_by } = sent;
        let media_type = header(headers, "Content-Type").map_or("", |field| field.value.as_str());
        let message = Message {
            direction,
            method: &self.contract.request.method,
            placeholders,
            large_as_text: media_type.to_ascii_lowercase().contains("ieee754compatible=true"),
            declared_by: declared_by.name().zip(declared_by.at()),
        };
        let remarks = body::check(self.csdl, json, payload, message);
        for BodyRemark { code, path, message, subject, at } in remarks {
            let line = lines.nearest(&path).unwrap_or(self.contract.source.request.line);
            let place = match direction {
                Direction::Request => At::Request(RequestPart::Path(path)),
                Direction::Response => At::Path(path),
            };
            found.push(code, place, message, line, at, subject);
        }
    }

    /// The type that a body says it is of.
    fn own_type(&self, body: &Json) -> Option<TypeId> {
        let text = body::control(body, "type")?.1.as_str()?;
        self.csdl.find_type(text.rsplit('#').next().unwrap_or(text))
    }
}
