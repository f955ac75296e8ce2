//! A document of OpenAPI 3.1. It has one operation for a path and a method; the contracts of that operation are its examples.

use std::collections::BTreeMap;

use graph_contracts::contract::{Body, content_type, media_type};
use graph_contracts::json::Json;
use graph_contracts::url::{Target as Url, query_parameters};

use crate::claim::BodyClaim;
use crate::exchange::Exchange;
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::route_path::{NamedPath, named};
use crate::tree::{file, object, readable, text, texts};
use crate::{Target, pattern, schema};

/// What no document of OpenAPI says.
pub(crate) const LIMITS: &[Limit] = &[Limit::Calendar, Limit::RequestForm, Limit::ReservedHeader, Limit::Values];

/// The methods of a path item (OpenAPI 3.1, "Path Item Object").
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Fields that are no parameters and no header objects (OpenAPI 3.1, "Parameter Object", "Response Object").
const RESERVED: [&str; 3] = ["accept", "content-type", "authorization"];

/// One document.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let mut paths: BTreeMap<String, (NamedPath, BTreeMap<usize, Vec<&Exchange<'_>>>)> = BTreeMap::new();
    let mut routes = 0;
    for exchange in exchanges {
        let Some(method) = METHODS.iter().position(|own| own.eq_ignore_ascii_case(&exchange.request.method)) else {
            left_out.push(exchange.left_out(Limit::Method, format!("route {}", exchange.route.path)));
            continue;
        };
        routes += 1;
        let path = named(&exchange.template());
        // Templates that differ in nothing but the names of their parameters are one path (OpenAPI 3.1, "Paths Object").
        let (_, operations) = paths.entry(unnamed(&path)).or_insert_with(|| (path, BTreeMap::new()));
        operations.entry(method).or_default().push(exchange);
    }
    let mut names = Names::default();
    let paths: Vec<(String, Json)> = paths
        .into_values()
        .map(|(path, operations)| {
            let operations = operations.into_iter().map(|(method, exchanges)| {
                (METHODS[method], Operation { path: &path, exchanges }.json(&mut names, left_out))
            });
            let operations = object(operations);
            (path.path, operations)
        })
        .collect();
    let document = object([
        ("openapi", text("3.1.0")),
        (
            "info",
            object([
                ("title", text("Contracts of Microsoft Graph")),
                ("version", text("1.0.0")),
                ("description", text("Documented requests and responses; made by graph-contracts export openapi.")),
            ]),
        ),
        ("servers", Json::Array(vec![object([("url", text("https://graph.microsoft.com"))])])),
        ("security", Json::Array(vec![object([("bearer", Json::Array(Vec::new()))])])),
        ("paths", object(paths)),
        (
            "components",
            object([(
                "securitySchemes",
                object([("bearer", object([("type", text("http")), ("scheme", text("bearer"))]))]),
            )]),
        ),
    ]);
    let path = Target::Openapi.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes }
}

fn unnamed(path: &NamedPath) -> String {
    path.parameters.iter().fold(path.path.clone(), |path, (name, _)| path.replacen(&format!("{{{name}}}"), "{}", 1))
}

/// Names of operations, each of which may occur once.
#[derive(Default)]
struct Names(BTreeMap<String, usize>);

impl Names {
    fn unique(&mut self, name: String) -> String {
        let count = self.0.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name}_{count}") }
    }
}

/// The letters of an id that may stand in the key of a component or an example (OpenAPI 3.1, "Components Object").
fn key_of(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

struct Operation<'o> {
    path: &'o NamedPath,
    exchanges: Vec<&'o Exchange<'o>>,
}

impl Operation<'_> {
    fn json(&self, names: &mut Names, left_out: &mut Vec<LeftOut>) -> Json {
        let Some(first) = self.exchanges.first() else { return object::<String>([]) };
        let documented = self.exchanges.iter().map(|exchange| {
            format!("- {} (contract {}, route line {})", exchange.source(), exchange.contract.id, exchange.route.line)
        });
        let documented: Vec<String> = documented.collect();
        let mut members = vec![
            ("operationId", text(names.unique(key_of(&first.name())))),
            ("summary", text(&first.contract.title)),
            ("description", text(format!("Documented in:\n{}", documented.join("\n")))),
        ];
        members.extend(self.servers(first));
        let parameters = self.parameters(left_out);
        if !parameters.is_empty() {
            members.push(("parameters", Json::Array(parameters)));
        }
        members.extend(self.request_body(left_out).map(|body| ("requestBody", body)));
        members.push(("responses", self.responses(left_out)));
        members.push(("x-graph-contracts", texts(self.exchanges.iter().map(|own| own.contract.id.as_str()))));
        object(members)
    }

    /// The host, where it is not that of Microsoft Graph.
    fn servers(&self, first: &Exchange<'_>) -> Option<(&'static str, Json)> {
        let target = Url::read(&first.contract.request.url);
        let host = target.host.filter(|_| !target.is_graph())?;
        let url = url::Url::parse(&format!("https://{host}")).ok()?;
        let url = text(url.as_str().trim_end_matches('/'));
        Some(("servers", Json::Array(vec![object([("url", url)])])))
    }

    fn parameters(&self, left_out: &mut Vec<LeftOut>) -> Vec<Json> {
        let mut parameters: Vec<Json> = self
            .path
            .parameters
            .iter()
            .map(|(name, documented)| {
                object([
                    ("name", text(name)),
                    ("in", text("path")),
                    ("required", Json::Bool(true)),
                    ("description", text(format!("{{{documented}}}"))),
                    ("schema", string()),
                ])
            })
            .collect();
        let mut others: BTreeMap<(&str, String), Vec<(String, Json)>> = BTreeMap::new();
        for exchange in &self.exchanges {
            let (request, key) = (&exchange.request, key_of(&exchange.name()));
            for (name, value) in request.query.as_deref().map(query_parameters).unwrap_or_default() {
                others.entry(("query", name)).or_default().push((key.clone(), text(value)));
            }
            for (name, value) in &request.headers {
                let lower = name.to_ascii_lowercase();
                if !RESERVED.contains(&lower.as_str()) {
                    others.entry(("header", lower)).or_default().push((key.clone(), text(value)));
                }
            }
        }
        for ((place, name), mut examples) in others {
            // Of an option that stands twice in a URL, the first is the example.
            examples.dedup_by(|other, one| {
                let is_same = other.0 == one.0;
                if is_same {
                    let named = self.exchanges.iter().find(|own| key_of(&own.name()) == one.0);
                    left_out
                        .extend(named.map(|own| own.left_out(Limit::HeaderList, format!("request {place} {name}"))));
                }
                is_same
            });
            let examples = examples.into_iter().map(|(key, value)| (key, object([("value", value)])));
            parameters.push(object([
                ("name", text(&name)),
                ("in", text(place)),
                ("schema", string()),
                ("examples", object(examples)),
            ]));
        }
        parameters
    }

    fn request_body(&self, left_out: &mut Vec<LeftOut>) -> Option<Json> {
        let mut content = Content::default();
        for exchange in &self.exchanges {
            let request = &exchange.contract.request;
            let Some(body) = &request.body else { continue };
            let schema = schema::of_request(exchange.contract).unwrap_or_else(string);
            content.add(exchange, (content_type(&request.headers), body), schema, "request body", left_out);
        }
        if content.is_empty() {
            return None;
        }
        let distinct = self.exchanges.iter().map(|own| (&own.request.body, &own.request.query));
        let distinct: std::collections::BTreeSet<_> = distinct.collect();
        if distinct.len() > 1 {
            left_out.extend(self.exchanges.iter().map(|own| own.left_out(Limit::AlternativeRequest, "request")));
        }
        Some(object([("content", content.json())]))
    }

    fn responses(&self, left_out: &mut Vec<LeftOut>) -> Json {
        let mut by_status: BTreeMap<u16, Vec<&Exchange<'_>>> = BTreeMap::new();
        for exchange in &self.exchanges {
            by_status.entry(exchange.claims.status).or_default().push(exchange);
        }
        let responses: Vec<(String, Json)> = by_status
            .into_iter()
            .map(|(status, exchanges)| (status.to_string(), response(&exchanges, left_out)))
            .collect();
        object(responses)
    }
}

fn response(exchanges: &[&Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Json {
    let mut headers: BTreeMap<String, Json> = BTreeMap::new();
    let mut content = Content::default();
    let mut lines: Vec<String> = Vec::new();
    for exchange in exchanges {
        let contract = exchange.contract;
        lines.push(contract.source_line(contract.source.response.line).to_string());
        for header in exchange.claims.headers.iter().filter(|header| !RESERVED.contains(&header.name.as_str())) {
            let place = format!("header {}", header.name);
            // A mock would send it, and Content-Length with a body of another length.
            if header.value.as_mask().is_some_and(|mask| mask.optional) {
                left_out.push(exchange.left_out(Limit::OptionalHeader, place));
                continue;
            }
            if header.is_list {
                left_out.push(exchange.left_out(Limit::HeaderList, place));
            }
            headers.entry(header.name.clone()).or_insert_with(|| {
                let pattern = pattern::of_text(&header.value);
                let has_masks = header.value.as_literal().is_none();
                let schema = if has_masks { with_pattern(&pattern) } else { string() };
                object([("description", text(format!("Documented in {}.", header.source))), ("schema", schema)])
            });
        }
        let Some(body) = &contract.response.body else { continue };
        match exchange.claims.body {
            BodyClaim::None => continue,
            BodyClaim::Binary => left_out.push(exchange.left_out(Limit::BinaryBody, "body")),
            BodyClaim::Text(_) | BodyClaim::Json(_) => {}
        }
        let schema = schema::of_response(contract, &exchange.claims).unwrap_or_else(string);
        content.add(exchange, (content_type(&contract.response.headers), body), schema, "body", left_out);
    }
    lines.dedup();
    let mut members = vec![("description", text(format!("Documented in {}.", lines.join(", "))))];
    if !headers.is_empty() {
        members.push(("headers", object(headers)));
    }
    if !content.is_empty() {
        members.push(("content", content.json()));
    }
    object(members)
}

/// Bodies by their media types.
#[derive(Default)]
struct Content(BTreeMap<String, Media>);

/// What bodies of one media type are.
#[derive(Default)]
struct Media {
    schemas: Vec<Json>,
    examples: Vec<(String, Json)>,
}

impl Content {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(
        &mut self,
        exchange: &Exchange<'_>,
        (stated, body): (&str, &Body),
        schema: Json,
        place: &str,
        left_out: &mut Vec<LeftOut>,
    ) {
        let usual = match body {
            Body::Json(_) => "application/json",
            Body::Text(_) => "text/plain",
            Body::Bytes(_) => "application/octet-stream",
        };
        let stated = media_type(stated);
        let own = if stated.contains('/') { stated } else { usual.to_owned() };
        let Media { schemas, examples } = self.0.entry(own).or_default();
        let value = match body {
            Body::Json(json) => readable(json, &mut |path, limit| {
                let at = if place == "body" { path.to_string() } else { format!("{path} of the {place}") };
                left_out.push(exchange.left_out(limit, at));
            }),
            Body::Text(_) => text(body.to_text()),
            Body::Bytes(_) => {
                // Bytes have no schema (OpenAPI 3.1, "Considerations for File Uploads").
                schemas.push(object::<String>([]));
                return;
            }
        };
        schemas.push(schema);
        let example = object([("summary", text(&exchange.contract.title)), ("value", value)]);
        let key = key_of(&exchange.contract.id);
        if examples.iter().all(|(own, _)| *own != key) {
            examples.push((key, example));
        }
    }

    fn json(self) -> Json {
        object(self.0.into_iter().map(|(media_type, Media { schemas, examples })| {
            let mut members = vec![("schema", schema::any_of(schemas))];
            if !examples.is_empty() {
                members.push(("examples", object(examples)));
            }
            (media_type, object(members))
        }))
    }
}

fn string() -> Json {
    object([("type", text("string"))])
}

fn with_pattern(pattern: &str) -> Json {
    object([("type", text("string")), ("pattern", text(pattern))])
}
