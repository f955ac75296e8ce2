//! Files of Hurl: a request for each contract on each of its routes, and an assertion for each claim, with its page and line behind it.

use std::collections::BTreeMap;

use graph_contracts::contract::Body;
use graph_contracts::json::{Json, Number, Path};
use graph_contracts::normal::{Mask, Piece, Shape, Text};

use crate::claim::{BodyClaim, Claim, Claims};
use crate::exchange::Exchange;
use crate::hurl_text::{comment, in_backticks, json_body, key, quoted, unquoted};
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::pattern;

/// The variable that holds the token.
pub(crate) const TOKEN: &str = "{{token}}";

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

/// A mask that stands for one identifier.
type Identifier = (Shape, u32);

fn identifier(mask: Mask) -> Option<Identifier> {
    Some((mask.shape, mask.number?))
}

fn variable((shape, number): &Identifier) -> String {
    format!("{shape}_{number}")
}

/// The identifiers that stand in several places, each with the place from which it is taken.
struct Captured {
    by_mask: BTreeMap<Identifier, Path>,
}

impl Captured {
    fn of(claims: &Claims) -> Captured {
        let (mut first, mut count): (BTreeMap<Identifier, Path>, BTreeMap<Identifier, usize>) = Default::default();
        let mut see = |mask: Mask, path: Option<&Path>| {
            let Some(own) = identifier(mask) else { return };
            *count.entry(own).or_default() += 1;
            if let Some(path) = path {
                first.entry(own).or_insert_with(|| path.clone());
            }
        };
        for value in claims.values() {
            match &value.claim {
                Claim::Masked(mask) => see(*mask, Some(&value.path)),
                Claim::Text(text) => masks(text).for_each(|mask| see(mask, None)),
                Claim::Object(_) | Claim::Array(_) | Claim::Value(_) => {}
            }
        }
        claims.headers.iter().flat_map(|header| masks(&header.value)).for_each(|mask| see(mask, None));
        first.retain(|own, _| count.get(own).is_some_and(|count| *count > 1));
        Captured { by_mask: first }
    }

    fn has(&self, mask: Mask) -> bool {
        identifier(mask).is_some_and(|own| self.by_mask.contains_key(&own))
    }

    /// Whether it is taken from there.
    fn is_from(&self, mask: Mask, path: &Path) -> bool {
        identifier(mask).and_then(|own| self.by_mask.get(&own)) == Some(path)
    }
}

fn masks(text: &Text) -> impl Iterator<Item = Mask> {
    text.0.iter().filter_map(|piece| match piece {
        Piece::Mask(mask) => Some(*mask),
        Piece::Literal(_) => None,
    })
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
                }
            }
        }
        self.lines
    }

    fn value(&mut self, claim: &Claim, path: &Path) -> Vec<String> {
        match claim {
            Claim::Object(names) => {
                let mut distinct = names.clone();
                distinct.sort_unstable();
                distinct.dedup();
                vec!["isObject".to_owned(), format!("count == {}", distinct.len())]
            }
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
            Json::Number(number) if !can_be_written(number) => {
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

/// Whether Hurl's grammar has the number: it has no exponents, and no more digits than its types hold.
fn can_be_written(number: &Number) -> bool {
    let literal = number.literal();
    let is_plain = literal.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    is_plain && (literal.parse::<i64>().is_ok() || (literal.contains('.') && literal.len() <= MOST_DIGITS))
}

/// So many characters of a number with a fraction a float holds.
const MOST_DIGITS: usize = 16;
