//! A pact file in version 4 of the specification: an interaction for each contract on each of its routes, with matchers for masked values.

use graph_contracts::contract::{Body, content_type};
use graph_contracts::json::{Json, Path, Step};
use graph_contracts::normal::{Mask, Shape, Text};
use graph_contracts::url::query_parameters;

use crate::claim::{BodyClaim, Claim};
use crate::exchange::Exchange;
use crate::identity::{Captured, masks};
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::tree::{file, object, readable, text, texts};
use crate::{Target, number_form, pattern};

/// What no pact says.
pub(crate) const LIMITS: &[Limit] =
    &[Limit::Calendar, Limit::DistinctIdentifiers, Limit::DuplicateMember, Limit::Redirect, Limit::UndocumentedMember];

/// One pact with all interactions.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let interactions = exchanges.iter().map(|exchange| interaction(exchange, left_out)).collect();
    let document = object([
        ("consumer", object([("name", text("graph-contracts"))])),
        ("provider", object([("name", text("Microsoft Graph"))])),
        ("interactions", Json::Array(interactions)),
        ("metadata", object([("pactSpecification", object([("version", text("4.0"))]))])),
    ]);
    let path = Target::Pact.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes: exchanges.len() }
}

fn interaction(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> Json {
    let documented = format!("documented in {}", exchange.source());
    object([
        ("type", text("Synchronous/HTTP")),
        ("description", text(format!("{} ({documented})", exchange.name()))),
        ("pending", Json::Bool(false)),
        ("comments", object([("text", texts([documented, exchange.contract.title.clone()]))])),
        ("request", request(exchange)),
        ("response", Response { exchange, rules: Vec::new(), headers: Vec::new(), left_out }.json()),
    ])
}

fn request(exchange: &Exchange<'_>) -> Json {
    let request = &exchange.request;
    let mut members = vec![("method", text(&request.method)), ("path", text(&request.path))];
    let mut query: Vec<(String, Vec<Json>)> = Vec::new();
    for (name, value) in request.query.as_deref().map(query_parameters).unwrap_or_default() {
        match query.iter_mut().find(|(own, _)| *own == name) {
            Some((_, values)) => values.push(text(value)),
            None => query.push((name, vec![text(value)])),
        }
    }
    if !query.is_empty() {
        members.push(("query", object(query.into_iter().map(|(name, values)| (name, Json::Array(values))))));
    }
    let mut headers: Vec<(String, Vec<Json>)> = Vec::new();
    for (name, value) in request.headers.iter().chain(&request.own_headers) {
        match headers.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
            Some((_, values)) => values.push(text(value)),
            None => headers.push((name.clone(), vec![text(value)])),
        }
    }
    members.push(("headers", object(headers.into_iter().map(|(name, values)| (name, Json::Array(values))))));
    let documented = &exchange.contract.request;
    if let Some(sent) = &request.body {
        let body = match &documented.body {
            Some(Body::Json(json)) => content(readable(json, &mut |_, _| {}), "application/json"),
            _ => content(text(sent), media_type_of(content_type(&documented.headers))),
        };
        members.push(("body", body));
    }
    object(members)
}

fn media_type_of(stated: &str) -> &str {
    if stated.is_empty() { "text/plain" } else { stated }
}

fn content(content: Json, content_type: &str) -> Json {
    object([("content", content), ("contentType", text(content_type)), ("encoded", Json::Bool(false))])
}

struct Response<'e> {
    exchange: &'e Exchange<'e>,
    /// Rules for values of the body, by their paths.
    rules: Vec<(String, Json)>,
    /// Rules for header fields.
    headers: Vec<(String, Json)>,
    left_out: &'e mut Vec<LeftOut>,
}

impl Response<'_> {
    fn json(mut self) -> Json {
        let exchange = self.exchange;
        let claims = &exchange.claims;
        let captured = Captured::of(claims);
        let mut headers: Vec<(String, Json)> = Vec::new();
        for header in &claims.headers {
            let place = format!("header {}", header.name);
            if header.value.as_mask().is_some_and(|mask| mask.optional) {
                self.leave_out(Limit::OptionalHeader, &place);
                continue;
            }
            if header.is_list {
                self.leave_out(Limit::HeaderList, &place);
                continue;
            }
            let documented = exchange.answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(&header.name));
            let documented = documented.map(|(_, value)| value.as_str()).unwrap_or_default();
            headers.push((header.name.clone(), texts([documented])));
            let pattern = match header.value.as_literal() {
                Some(literal) if header.name == "content-type" => Some(pattern::of_content_type(literal)),
                Some(_) => None,
                None => {
                    self.text_limits(&header.value, &place);
                    Some(pattern::of_text(&header.value))
                }
            };
            let case = if header.name == "content-type" { "(?i)" } else { "" };
            self.headers.extend(pattern.map(|pattern| (header.name.clone(), rule(regex(&format!("{case}{pattern}"))))));
        }
        let documented = &exchange.contract.response;
        let body = match (&claims.body, &documented.body) {
            (BodyClaim::None, _) => Some(content(text(""), "text/plain")),
            (BodyClaim::Text(own), _) => Some(content(text(own), media_type_of(content_type(&documented.headers)))),
            (BodyClaim::Json(values), Some(Body::Json(json))) => {
                for value in values {
                    self.value(&value.claim, &value.path, &captured);
                }
                Some(content(readable(json, &mut |_, _| {}), "application/json"))
            }
            (BodyClaim::Binary | BodyClaim::Json(_), _) => {
                self.leave_out(Limit::BinaryBody, "body");
                None
            }
        };
        let mut members = vec![("status", crate::tree::number(claims.status))];
        if !headers.is_empty() {
            members.push(("headers", object(headers)));
        }
        members.extend(body.map(|body| ("body", body)));
        let mut rules = Vec::new();
        if !self.rules.is_empty() {
            rules.push(("body", object(self.rules)));
        }
        if !self.headers.is_empty() {
            rules.push(("header", object(self.headers)));
        }
        if !rules.is_empty() {
            members.push(("matchingRules", object(rules)));
        }
        object(members)
    }

    fn value(&mut self, claim: &Claim, path: &Path, captured: &Captured) {
        let matcher = match claim {
            Claim::Value(Json::Number(number)) if !number_form::is_exact(number) => {
                self.leave_out(Limit::NumberForm, &path.to_string());
                object([("match", text("number"))])
            }
            Claim::Object(_) | Claim::Array(_) | Claim::Value(_) => return,
            Claim::Masked(mask) => {
                if captured.has(*mask) && !captured.is_from(*mask, path) {
                    self.leave_out(Limit::Identity, &path.to_string());
                }
                self.masked(*mask, path)
            }
            Claim::Text(own) => {
                self.text_limits(own, &path.to_string());
                regex(&pattern::of_text(own))
            }
        };
        match path_of(path) {
            Some(own) => self.rules.push((own, rule(matcher))),
            None => self.leave_out(Limit::PathForm, &path.to_string()),
        }
    }

    fn masked(&mut self, mask: Mask, path: &Path) -> Json {
        match mask.shape {
            Shape::Int => object([("match", text("integer"))]),
            Shape::Number => object([("match", text("number"))]),
            Shape::Bool => object([("match", text("boolean"))]),
            shape => {
                if shape == Shape::String {
                    self.leave_out(Limit::PlainText, &path.to_string());
                }
                regex(&pattern::whole(pattern::of_shape(shape)))
            }
        }
    }

    fn text_limits(&mut self, own: &Text, place: &str) {
        if masks(own).any(|mask| mask.number.is_some()) {
            self.leave_out(Limit::Identity, place);
        }
        if masks(own).any(|mask| mask.shape == Shape::String) {
            self.leave_out(Limit::PlainText, place);
        }
    }

    fn leave_out(&mut self, limit: Limit, place: &str) {
        self.left_out.push(self.exchange.left_out(limit, place));
    }
}

/// A path as pact's parser reads it; it has no escapes in names.
fn path_of(path: &Path) -> Option<String> {
    let is_plain = |step: &Step| match step {
        Step::Name(name) => !name.contains(['\'', '\\']) && !name.contains(char::is_control),
        Step::Index(_) => true,
    };
    path.steps().iter().all(is_plain).then(|| path.to_string())
}

fn regex(pattern: &str) -> Json {
    object([("match", text("regex")), ("regex", text(pattern))])
}

fn rule(matcher: Json) -> Json {
    object([("combine", text("AND")), ("matchers", Json::Array(vec![matcher]))])
}
