//! A collection of Postman (format 2.1): a request for each contract on each of its routes. What is claimed of its answer is data in the
//! script before it; one script of the collection, `postman.js`, checks it.

use graph_contracts::json::{Json, Step};
use graph_contracts::normal::{Mask, Piece, Shape, Text};

use crate::claim::{BodyClaim, Claim};
use crate::exchange::Exchange;
use crate::identity::identifier;
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::tree::{file, number, object, text, texts};
use crate::{Target, number_form, pattern};

/// The script that checks answers.
const SCRIPT: &str = include_str!("postman.js");

/// What no collection says.
pub(crate) const LIMITS: &[Limit] = &[Limit::Calendar, Limit::DuplicateMember];

/// One collection, with a folder for each version.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let mut folders: Vec<(&str, Vec<Json>)> = Vec::new();
    for exchange in exchanges {
        let folder = exchange.contract.id.split('/').next().unwrap_or_default();
        let item = item(exchange, left_out);
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, items)) => items.push(item),
            None => folders.push((folder, vec![item])),
        }
    }
    let folders = folders.into_iter().map(|(name, items)| object([("name", text(name)), ("item", Json::Array(items))]));
    let variable = |name: &str, value: &str| object([("key", text(name)), ("value", text(value))]);
    let document = object([
        (
            "info",
            object([
                ("name", text("Contracts of Microsoft Graph")),
                ("schema", text("https://schema.getpostman.com/json/collection/v2.1.0/collection.json")),
            ]),
        ),
        ("item", Json::Array(folders.collect())),
        ("event", Json::Array(vec![event("test", SCRIPT)])),
        ("variable", Json::Array(vec![variable("base_url", "https://graph.microsoft.com"), variable("token", "")])),
    ]);
    let path = Target::Postman.file().unwrap_or_default().to_owned();
    Made { files: vec![ExportFile { path, text: file(&document) }], routes: exchanges.len() }
}

fn event(listen: &str, script: &str) -> Json {
    let script = object([("type", text("text/javascript")), ("exec", texts(script.lines()))]);
    object([("listen", text(listen)), ("script", script)])
}

fn item(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> Json {
    let request = &exchange.request;
    let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let headers = request.headers.iter().chain(&request.own_headers);
    let headers = headers.map(|(name, value)| object([("key", text(name)), ("value", text(value))]));
    let description = format!("{}. Documented in {}.", exchange.contract.title, exchange.source());
    let mut members = vec![
        ("method", text(&request.method)),
        ("url", text(format!("{{{{base_url}}}}{}{query}", request.path))),
        ("header", Json::Array(headers.collect())),
        ("description", text(description)),
    ];
    members.extend(request.body.as_ref().map(|body| ("body", object([("mode", text("raw")), ("raw", text(body))]))));
    let claims = claims(exchange, left_out);
    // Text in quotes, in a script: what JSON writes is a literal of JavaScript, too.
    let script = format!("pm.variables.set(\"claims\", {});", text(claims.to_string()));
    let behavior = [("followRedirects", Json::Bool(false)), ("disableBodyPruning", Json::Bool(true))];
    object([
        ("name", text(exchange.name())),
        ("event", Json::Array(vec![event("prerequest", &script)])),
        ("protocolProfileBehavior", object(behavior)),
        ("request", object(members)),
    ])
}

/// All claims about the answer, as the script reads them.
fn claims(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> Json {
    let (contract, claims) = (exchange.contract, &exchange.claims);
    let response = text(contract.source_line(contract.source.response.line).to_string());
    let said = |at: &str, value: Json| object([("at", text(at)), ("page", response.clone()), ("value", value)]);
    let body = claims.values().iter().map(|value| {
        let steps = value.path.steps().iter().map(|step| match step {
            Step::Name(name) => text(name),
            Step::Index(index) => number(*index as u64),
        });
        let mut members = vec![
            ("at", text(value.path.to_string())),
            ("page", text(value.source.to_string())),
            ("path", Json::Array(steps.collect())),
        ];
        members.extend(match &value.claim {
            Claim::Object(names) => vec![("is", text("object")), ("names", texts(names))],
            Claim::Array(length) => vec![("is", text("array")), ("length", number(*length as u64))],
            Claim::Value(Json::Number(number)) if !number_form::is_exact(number) => {
                left_out.push(exchange.left_out(Limit::NumberForm, value.path.to_string()));
                vec![("is", text("kind")), ("kind", text("number"))]
            }
            Claim::Value(json) => vec![("is", text("value")), ("value", json.clone())],
            Claim::Masked(mask) => masked(*mask),
            Claim::Text(own) => vec![("is", text("text")), ("pieces", pieces(own))],
        });
        if matches!(&value.claim, Claim::Masked(mask) if mask.shape == Shape::String) {
            left_out.push(exchange.left_out(Limit::PlainText, value.path.to_string()));
        }
        object(members)
    });
    let body = Json::Array(body.collect());
    let own_text = match &claims.body {
        BodyClaim::Text(own) => said("body", text(own)),
        BodyClaim::None => said("body", text("")),
        BodyClaim::Binary => {
            left_out.push(exchange.left_out(Limit::BinaryBody, "body"));
            Json::Null
        }
        BodyClaim::Json(_) => Json::Null,
    };
    let headers = claims.headers.iter().map(|header| {
        let mut members = vec![
            ("at", text(format!("header {}", header.name))),
            ("page", text(header.source.to_string())),
            ("name", text(&header.name)),
            ("optional", Json::Bool(header.value.as_mask().is_some_and(|mask| mask.optional))),
        ];
        members.push(match header.value.as_literal() {
            Some(literal) if header.name == "content-type" => ("pattern", text(pattern::of_content_type(literal))),
            _ => ("pieces", pieces(&header.value)),
        });
        object(members)
    });
    let headers = Json::Array(headers.collect());
    object([
        ("status", said("status", number(claims.status))),
        ("body", body),
        ("text", own_text),
        ("headers", headers),
    ])
}

fn masked(mask: Mask) -> Vec<(&'static str, Json)> {
    let kind = |kind: &str| vec![("is", text("kind")), ("kind", text(kind))];
    match mask.shape {
        Shape::Bool => kind("boolean"),
        Shape::Number => kind("number"),
        Shape::Int => [kind("number"), vec![("whole", Json::Bool(true))]].concat(),
        _ => vec![("is", text("text")), ("pieces", pieces(&Text(vec![Piece::Mask(mask)])))],
    }
}

fn pieces(own: &Text) -> Json {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(literal) => object([("literal", text(pattern::escaped(literal)))]),
        Piece::Mask(mask) => {
            let name = identifier(*mask).map(|(shape, number)| ("identifier", text(format!("{shape}_{number}"))));
            object([("pattern", text(pattern::of_shape(mask.shape)))].into_iter().chain(name))
        }
    };
    Json::Array(own.0.iter().map(piece).collect())
}
