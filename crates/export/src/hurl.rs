//! Files of Hurl: a request for each contract on each of its routes, and an assertion for each claim, with its page and line behind it.

use std::collections::BTreeSet;

use graph_contracts::contract::Body;
use graph_contracts::json::{Json, Path};
use graph_contracts::normal::{Mask, Piece, Shape, Text};

use crate::claim::{BodyClaim, Claim};
use crate::exchange::Exchange;
use crate::hurl_text::{comment, in_backticks, json_body, key, quoted, unquoted};
use crate::identity::{Captured, Identifier, identifier, masks};
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::{number_form, pattern};

/// What no file of Hurl says.
pub(crate) const LIMITS: &[Limit] =
    &[Limit::Annotation, Limit::Calendar, Limit::DistinctIdentifiers, Limit::DuplicateMember];

/// A file for each contract.
pub(crate) fn make(exchanges: &[Exchange<'_>], left_out: &mut Vec<LeftOut>) -> Made {
    let mut files: Vec<ExportFile> = Vec::new();
    for exchange in exchanges {
        let path = format!("{}.hurl", exchange.contract.id);
        let text = entry(exchange, left_out);
        match files.last_mut().filter(|last| last.path == path) {
            Some(last) => last.text.push_str(&format!("\n{text}")),
            None => files.push(ExportFile { path, text }),
        }
    }
    Made { files, routes: exchanges.len() }
}

fn entry(exchange: &Exchange<'_>, left_out: &mut Vec<LeftOut>) -> String {
    let (contract, request) = (exchange.contract, &exchange.request);
    let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let mut lines = vec![
        comment(&contract.title),
        comment(&format!("{}: contract {}, route {}", exchange.source(), exchange.name(), exchange.route.path)),
        format!("{} {{{{base_url}}}}{}", request.method, unquoted(&format!("{}{query}", request.path))),
    ];
    lines.extend(request.headers.iter().map(|(name, value)| format!("{}: {}", key(name), unquoted(value))));
    // The token is a variable, and the name of a contract is percent-encoded.
    lines.extend(request.own_headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(body(exchange));
    lines.push(format!("HTTP {}", exchange.claims.status));
    let captured = Captured::of(&exchange.claims);
    if !captured.by_mask.is_empty() {
        lines.push("[Captures]".to_owned());
        let early = captured.by_mask.values().map(|path| exchange.left_out(Limit::EarlyEnd, path.to_string()));
        left_out.extend(early);
        lines.extend(captured.by_mask.iter().map(|(mask, path)| format!("{}: {}", variable(mask), json_path(path))));
    }
    let asserts = Asserts { exchange, captured: &captured, lines: Vec::new(), left_out }.all();
    if !asserts.is_empty() {
        lines.push("[Asserts]".to_owned());
        lines.extend(asserts);
    }
    lines.join("\n") + "\n"
}

/// The request's body.
fn body(exchange: &Exchange<'_>) -> Option<String> {
    let text = exchange.request.body.as_ref()?;
    Some(match &exchange.contract.request.body {
        Some(Body::Json(json @ (Json::Object(_) | Json::Array(_)))) => json_body(&json.to_pretty()),
        _ => in_backticks(text),
    })
}

fn json_path(path: &Path) -> String {
    format!("jsonpath {}", quoted(&path.to_string()))
}

/// Annotations that a service adds where it likes (OData JSON Format 4.01 section 4.6).
const ANNOTATIONS: [&str; 9] = [
    "@odata.context",
    "@odata.count",
    "@odata.deltaLink",
    "@odata.editLink",
    "@odata.etag",
    "@odata.id",
    "@odata.nextLink",
    "@odata.type",
    "@microsoft.graph.tips",
];

/// So many annotations may stand beside the documented members of an object.
const MOST_ANNOTATIONS: usize = 3;

/// That an object has no other members than these, and some annotations. The filters of JSONPath do not see names, only how many there
/// are, and which of some names there are (RFC 9535 sections 2.4.4 and 2.4.5).
fn members(names: &[String], path: &Path) -> String {
    let distinct: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    if distinct.is_empty() {
        return format!("jsonpath {} not exists", quoted(&format!("{path}.*")));
    }
    let others: Vec<String> = ANNOTATIONS
        .iter()
        .filter(|name| !distinct.contains(*name))
        .map(|name| {
            Path::root().member(name).to_string().trim_start_matches(['$', '[']).trim_end_matches(']').to_owned()
        })
        .collect();
    let mut filter = format!("length({path}) == {}", distinct.len());
    for more in 1..=MOST_ANNOTATIONS.min(others.len()) {
        let number = distinct.len() + more;
        filter.push_str(&format!(" || length({path}) == {number} && count({path}[{}]) == {more}", others.join(",")));
    }
    format!("jsonpath {} exists", quoted(&format!("{path}[?{filter}]")))
}

fn variable((shape, number): &Identifier) -> String {
    format!("{shape}_{number}")
}

struct Asserts<'e> {
    exchange: &'e Exchange<'e>,
    captured: &'e Captured,
    lines: Vec<String>,
    left_out: &'e mut Vec<LeftOut>,
}

impl Asserts<'_> {
    fn all(mut self) -> Vec<String> {
        let claims = &self.exchange.claims;
        for header in &claims.headers {
            let place = format!("header {}", header.name);
            let query = format!("header {}", quoted(&header.name));
            let behind = comment(&header.source.to_string());
            if header.value.as_mask().is_some_and(|mask| mask.optional) {
                self.leave_out(Limit::OptionalHeader, &place);
                continue;
            }
            let predicate = if header.is_list {
                self.leave_out(Limit::HeaderList, &place);
                "exists".to_owned()
            } else if header.name == "content-type" {
                matches(&format!("(?i){}", pattern::of_content_type(header.value.as_literal().unwrap_or_default())))
            } else {
                self.text(&header.value, &place)
            };
            self.lines.push(format!("{query} {predicate} {behind}"));
        }
        let response =
            comment(&self.exchange.contract.source_line(self.exchange.contract.source.response.line).to_string());
        match &claims.body {
            BodyClaim::None => self.lines.push(format!("bytes count == 0 {response}")),
            BodyClaim::Binary => self.leave_out(Limit::BinaryBody, "body"),
            BodyClaim::Text(text) => {
                // The comparison passes over line ends at the end.
                let text = text.trim_end_matches(['\r', '\n']);
                let pattern = text.lines().map(pattern::escaped).collect::<Vec<_>>().join("\\r?\\n");
                self.lines.push(format!("body {} {response}", matches(&format!("^{pattern}[\\r\\n]*$"))));
            }
            BodyClaim::Json(values) => {
                for value in values {
                    let query = json_path(&value.path);
                    let behind = comment(&value.source.to_string());
                    for predicate in self.value(&value.claim, &value.path) {
                        self.lines.push(format!("{query} {predicate} {behind}"));
                    }
                    if let Claim::Object(names) = &value.claim {
                        self.lines.push(format!("{} {behind}", members(names, &value.path)));
                    }
                }
            }
        }
        self.lines
    }

    fn value(&mut self, claim: &Claim, path: &Path) -> Vec<String> {
        match claim {
            Claim::Object(_) => vec!["isObject".to_owned()],
            Claim::Array(length) => vec!["isList".to_owned(), format!("count == {length}")],
            Claim::Value(json) => self.scalar(json, path),
            Claim::Masked(mask) if self.captured.has(*mask) && !self.captured.is_from(*mask, path) => {
                identifier(*mask).map(|own| format!("== \"{{{{{}}}}}\"", variable(&own))).into_iter().collect()
            }
            Claim::Masked(mask) => self.masked(*mask, path),
            Claim::Text(text) => vec![self.text(text, &path.to_string())],
        }
    }

    fn scalar(&mut self, json: &Json, path: &Path) -> Vec<String> {
        match json {
            Json::Number(number) if !number_form::is_plain(number) => {
                self.leave_out(Limit::NumberForm, &path.to_string());
                vec!["isNumber".to_owned()]
            }
            Json::Number(number) => vec![format!("== {}", number.literal())],
            Json::String(text) => vec![format!("== {}", quoted(text))],
            other => vec![format!("== {other}")],
        }
    }

    fn masked(&mut self, mask: Mask, path: &Path) -> Vec<String> {
        let predicate = match mask.shape {
            Shape::Int => "isInteger".to_owned(),
            Shape::Number => "isNumber".to_owned(),
            Shape::Bool => "isBoolean".to_owned(),
            Shape::Empty => "== \"\"".to_owned(),
            shape @ (Shape::Guid | Shape::DateTime | Shape::Date | Shape::Duration | Shape::String) => {
                if shape == Shape::String {
                    self.leave_out(Limit::PlainText, &path.to_string());
                }
                matches(&pattern::whole(pattern::of_shape(shape)))
            }
        };
        vec![predicate]
    }

    /// A text: equal to the documented one, with identifiers that were taken from elsewhere, or of its form.
    fn text(&mut self, text: &Text, place: &str) -> String {
        if let Some(literal) = text.as_literal() {
            return format!("== {}", quoted(literal));
        }
        if masks(text).all(|mask| self.captured.has(mask)) {
            let piece = |piece: &Piece| match piece {
                Piece::Literal(text) => {
                    let quoted = quoted(text);
                    quoted[1..quoted.len() - 1].to_owned()
                }
                Piece::Mask(mask) => {
                    identifier(*mask).map(|own| format!("{{{{{}}}}}", variable(&own))).unwrap_or_default()
                }
            };
            return format!("== \"{}\"", text.0.iter().map(piece).collect::<String>());
        }
        if masks(text).any(|mask| mask.number.is_some()) {
            self.leave_out(Limit::Identity, place);
        }
        if masks(text).any(|mask| mask.shape == Shape::String) {
            self.leave_out(Limit::PlainText, place);
        }
        matches(&pattern::of_text(text))
    }

    fn leave_out(&mut self, limit: Limit, place: &str) {
        self.left_out.push(self.exchange.left_out(limit, place));
    }
}

fn matches(pattern: &str) -> String {
    format!("matches {}", quoted(pattern))
}
