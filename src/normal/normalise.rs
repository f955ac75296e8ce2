//! A response becomes its normal form.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::text::escape_controls;
use super::{
    Guide, Mask, Node, NormalBody, NormalForm, NormalHeader, NormalRequest, Piece, Shape, Text, VolatileRules,
};
use crate::contract::{Body, Contract, Header};
use crate::exchange::ReceivedResponse;
use crate::json::{self, Json, Path};

/// The normal form of a response that was received.
pub fn normalise(response: &ReceivedResponse, guide: &Guide<'_>) -> NormalForm {
    let parsed;
    let content = if response.body.is_empty() {
        Content::None
    } else {
        match std::str::from_utf8(&response.body) {
            _ if matches!(guide.contract.response.body, Some(Body::Bytes(_))) => Content::Binary,
            Err(_) => Content::Binary,
            Ok(text) if matches!(guide.contract.response.body, Some(Body::Text(_))) => Content::Text(text.into()),
            Ok(text) => match json::parse(text) {
                Ok(read) => {
                    parsed = read.json;
                    Content::Json(&parsed)
                }
                Err(_) => Content::Text(text.into()),
            },
        }
    };
    form(response.status, |name| response.header(name), content, false, guide)
}

/// The normal form that the contract documents.
pub fn documented(guide: &Guide<'_>) -> NormalForm {
    let response = &guide.contract.response;
    let content = match &response.body {
        _ if !may_have_content(&guide.contract.request.method, response.status) => Content::None,
        None => Content::None,
        Some(Body::Json(json)) => Content::Json(json),
        Some(Body::Text(lines)) => Content::Text(lines.join("\n").into()),
        Some(Body::Bytes(_)) => Content::Binary,
    };
    form(response.status, |name| values(&response.headers, name), content, true, guide)
}

/// Whether such a response can have content at all (RFC 9110 section 6.4.1).
pub(crate) fn may_have_content(method: &str, status: u16) -> bool {
    method != "HEAD" && !matches!(status, 100..=199 | 204 | 304)
}

/// Fields that belong to one connection and not to the message (RFC 9110 section 7.6.1); no contract can be about them.
pub(crate) fn is_hop_by_hop(name: &str) -> bool {
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
}

/// The content of a response.
enum Content<'a> {
    None,
    Json(&'a Json),
    Text(Cow<'a, str>),
    Binary,
}

fn form(
    status: u16,
    field: impl Fn(&str) -> Option<String>,
    content: Content<'_>,
    is_documented: bool,
    guide: &Guide<'_>,
) -> NormalForm {
    let mut identifiers = Identifiers::default();
    let body = match content {
        Content::None => NormalBody::None,
        Content::Binary => NormalBody::Binary,
        Content::Text(text) => text_body(&text),
        Content::Json(json) => {
            let volatile = guide.volatile_paths(json);
            let documented = guide.contract.response.body.as_ref().and_then(Body::as_json);
            let mut node = masked(json, documented, &Path::root(), false, &volatile, &mut identifiers);
            identifiers.mask_within(&mut node, &Path::root(), &guide.echoed);
            NormalBody::Json(node)
        }
    };
    let mut headers = Vec::new();
    for name in names(&guide.contract.response.headers) {
        let Some(value) = field(&name) else { continue };
        let value = header_value(&name, &value, is_documented, guide.rules, &identifiers);
        headers.push(NormalHeader { name, value });
    }
    NormalForm { request: Arc::clone(&guide.request), status, headers, body }
}

/// The normal form of a contract's request. What it documents is what is sent, so nothing in its body is volatile.
pub(super) fn request(contract: &Contract, rules: &VolatileRules) -> NormalRequest {
    let documented = &contract.request;
    let nothing = Identifiers::default();
    let body = match &documented.body {
        None => NormalBody::None,
        Some(Body::Text(lines)) => text_body(&lines.join("\n")),
        Some(Body::Bytes(_)) => NormalBody::Binary,
        Some(Body::Json(json)) => NormalBody::Json(masked(
            json,
            Some(json),
            &Path::root(),
            false,
            &HashSet::new(),
            &mut Identifiers::default(),
        )),
    };
    let header = |name: String| {
        let value = values(&documented.headers, &name).unwrap_or_default();
        NormalHeader { value: header_value(&name, &value, true, rules, &nothing), name }
    };
    NormalRequest {
        line: visible(&format!("{} {}", documented.method, documented.url)),
        routes: contract.routes.iter().map(|route| visible(&route.path)).collect(),
        headers: names(&documented.headers).into_iter().map(header).collect(),
        body,
    }
}

fn text_body(text: &str) -> NormalBody {
    let lines: Vec<String> = text.trim_end_matches(['\r', '\n']).lines().map(escape_trailing).collect();
    if text.trim().is_empty() { NormalBody::None } else { NormalBody::Text(escape_controls(&lines.join("\n"))) }
}

/// The names of documented fields, in lower case, sorted.
fn names(headers: &[Header]) -> Vec<String> {
    let names = headers.iter().map(|header| header.name.to_ascii_lowercase());
    let mut names: Vec<String> = names.filter(|name| !is_hop_by_hop(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The values of all documented fields of that name, joined.
fn values(headers: &[Header], name: &str) -> Option<String> {
    let values = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let values: Vec<&str> = values.map(|header| header.value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn header_value(
    name: &str,
    value: &str,
    is_documented: bool,
    rules: &VolatileRules,
    identifiers: &Identifiers,
) -> Text {
    if let Some(rule) = rules.header_rule(name) {
        // What the rule says holds, also where the page documents nonsense; a response has to look like it.
        let own = Shape::of_field(value);
        let shape = rule.shape.filter(|_| is_documented).unwrap_or(own);
        let number = identifiers.number(shape, value);
        return Text(vec![Piece::Mask(Mask { shape, number, optional: rule.optional })]);
    }
    if name == "content-type" {
        return Text::literal(&media_type(value));
    }
    identifiers.mask_text(&visible(value))
}

/// A media type in lower case and without its parameters (RFC 9110 section 8.3.1).
pub(crate) fn media_type(value: &str) -> String {
    match mediatype::MediaType::parse(value.trim()) {
        Ok(parsed) => parsed.essence().to_string().to_ascii_lowercase(),
        Err(_) => value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
    }
}

/// Field values are shown on one line: control characters become replacement characters.
fn visible(value: &str) -> String {
    escape_trailing(&value.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect::<String>())
}

/// Snapshots are cut at their end, and editors cut lines: white space at the end of a line is written out.
fn escape_trailing(line: &str) -> String {
    let kept = line.trim_end();
    let escaped = line[kept.len()..].chars().map(|c| format!("\\u{:04x}", u32::from(c)));
    format!("{kept}{}", escaped.collect::<String>())
}

fn masked(
    value: &Json,
    documented: Option<&Json>,
    path: &Path,
    inherited: bool,
    volatile: &HashSet<Path>,
    identifiers: &mut Identifiers,
) -> Node {
    let is_volatile = inherited || volatile.contains(path);
    match value {
        Json::Array(items) => {
            let documented = match documented {
                Some(Json::Array(items)) => items.as_slice(),
                _ => &[],
            };
            let item = |(index, item): (usize, &Json)| {
                let documented = documented.get(index).or(documented.last());
                masked(item, documented, &path.element(index), is_volatile, volatile, identifiers)
            };
            Node::Array(items.iter().enumerate().map(item).collect())
        }
        Json::Object(_) => {
            let members = ordered(value, documented).into_iter().map(|(name, value)| {
                let documented = documented.and_then(|documented| documented.get(name));
                (name.to_owned(), masked(value, documented, &path.member(name), is_volatile, volatile, identifiers))
            });
            Node::Object(members.collect())
        }
        scalar => match Shape::of(scalar).filter(|_| is_volatile) {
            Some(shape) => {
                let number = scalar.as_str().and_then(|text| identifiers.assign(shape, text));
                Node::Mask(Mask { shape, number, optional: false })
            }
            None => match scalar {
                Json::String(text) => Node::String(Text::literal(text)),
                other => Node::Plain(other.clone()),
            },
        },
    }
}

/// The members of an object in documented order, then the others by name. Annotations that are not documented are left
/// out: the service may always add them (OData JSON Format 4.01 section 4.6).
fn ordered<'a>(object: &'a Json, documented: Option<&Json>) -> Vec<(&'a str, &'a Json)> {
    let Json::Object(members) = object else { return Vec::new() };
    let known: &[json::Member] = match documented {
        Some(Json::Object(members)) => members,
        _ => &[],
    };
    let mut position: HashMap<&str, usize> = HashMap::new();
    for (index, member) in known.iter().enumerate() {
        position.entry(&member.name).or_insert(index);
    }
    let counts = |name: &str| position.contains_key(name) || !(documented.is_some() && name.contains('@'));
    let mut ordered: Vec<(&str, &Json)> = members
        .iter()
        .filter(|member| counts(&member.name))
        .map(|member| (member.name.as_str(), &member.value))
        .collect();
    let rank = |name: &str| position.get(name).copied().unwrap_or(usize::MAX);
    ordered.sort_by(|(a, _), (b, _)| (rank(a), *a).cmp(&(rank(b), *b)));
    ordered
}

/// The identifiers of one exchange with their numbers.
#[derive(Default)]
struct Identifiers {
    numbers: HashMap<(Shape, String), u32>,
    count: HashMap<Shape, u32>,
}

/// Identifiers shorter than this are not looked for within other text: `1` stands everywhere.
const MIN_EMBEDDED: usize = 8;

impl Identifiers {
    fn assign(&mut self, shape: Shape, text: &str) -> Option<u32> {
        if !shape.identifies() {
            return None;
        }
        let count = self.count.entry(shape).or_default();
        Some(*self.numbers.entry((shape, text.to_owned())).or_insert_with(|| {
            *count += 1;
            *count
        }))
    }

    fn number(&self, shape: Shape, text: &str) -> Option<u32> {
        self.numbers.get(&(shape, text.to_owned())).copied()
    }

    /// Masks the identifiers within the other strings of a body, except where the request itself sent the string.
    fn mask_within(&self, node: &mut Node, path: &Path, echoed: &HashSet<Path>) {
        match node {
            Node::String(text) if !echoed.contains(path) => {
                if let [Piece::Literal(literal)] = text.0.as_slice() {
                    let masked = self.mask_text(literal);
                    // A string that is an identifier and nothing else is volatile as a whole.
                    *node = masked.as_mask().map_or(Node::String(masked), Node::Mask);
                }
            }
            Node::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.mask_within(item, &path.element(index), echoed);
                }
            }
            Node::Object(members) => {
                for (name, value) in members {
                    self.mask_within(value, &path.member(name), echoed);
                }
            }
            Node::Mask(_) | Node::String(_) | Node::Plain(_) => {}
        }
    }

    /// Text with its identifiers masked, the longest first.
    fn mask_text(&self, text: &str) -> Text {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((start, end, mask)) = self.first_in(rest) {
            if start > 0 {
                pieces.push(Piece::Literal(rest[..start].to_owned()));
            }
            pieces.push(Piece::Mask(mask));
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Text(pieces)
    }

    fn first_in(&self, text: &str) -> Option<(usize, usize, Mask)> {
        let candidates = self.numbers.iter().filter(|((_, identifier), _)| identifier.len() >= MIN_EMBEDDED);
        let found = candidates.filter_map(|((shape, identifier), number)| {
            let start =
                text.match_indices(identifier.as_str()).map(|(at, _)| at).find(|at| is_word(text, *at, identifier))?;
            let mask = Mask { shape: *shape, number: Some(*number), optional: false };
            Some((start, start + identifier.len(), mask))
        });
        found.min_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)))
    }
}

/// Whether no letter or digit touches the identifier.
fn is_word(text: &str, start: usize, identifier: &str) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[start + identifier.len()..].chars().next();
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}
