//! A response becomes its normal form.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mediatype::ReadParams as _;
use serde_json::Value;

use super::identifiers::Identifiers;
use super::normalization_plan::echoes;
use super::text::escape_controls;
use super::volatile::Query;
use super::{
    Declared, Level, Mask, Node, NormalBody, NormalForm, NormalHeader, NormalRequest, NormalizationPlan, PathSet,
    Piece, RuleError, Shape, Text, UsedRules, VolatileRules,
};
use crate::contract::{Body, Contract, Header, media_type};
use crate::http::{ReceivedResponse, is_hop_by_hop};
use crate::json::{self, Json};

impl<'a> NormalizationPlan<'a> {
    /// Prepares the normal form of a contract's responses, and makes the documented one.
    ///
    /// # Errors
    ///
    /// When a rule of the contract is not a JSONPath.
    pub fn new(
        contract: &'a Contract,
        rules: &'a VolatileRules,
        level: Level,
    ) -> Result<NormalizationPlan<'a>, RuleError> {
        let own = Query::of_contract(contract)?;
        let echoes = match (&contract.request.body, &contract.response.body) {
            (Some(Body::Json(sent)), Some(Body::Json(received))) => echoes(sent, received),
            _ => PathSet::default(),
        };
        let mut used = UsedRules::default();
        let request = Arc::new(request(contract, rules, &mut used));
        let documented = NormalForm::of_request(request);
        let mut plan =
            NormalizationPlan { contract, rules, level, own, echoes, documented, used: UsedRules::default() };
        plan.documented = documented_form(&plan, &mut used);
        plan.used = used;
        Ok(plan)
    }
}

/// The normal form of a response that was received.
pub fn normalize(response: &ReceivedResponse, plan: &NormalizationPlan<'_>) -> NormalForm {
    let documented = plan.contract.response.body.as_ref();
    let text = std::str::from_utf8(&response.body).ok().filter(|_| !matches!(documented, Some(Body::Bytes(_))));
    let json = text.filter(|_| !matches!(documented, Some(Body::Text(_)))).and_then(|text| json::parse(text).ok());
    let content = match (text, &json) {
        _ if response.body.is_empty() => Content::None,
        (None, _) => Content::Binary,
        (_, Some(read)) => Content::Json(&read.json),
        (Some(text), None) => Content::Text(text.into()),
    };
    form(response.status, |name| response.header(name), content, false, plan, &mut UsedRules::default())
}

/// The normal form that the contract documents. The rules that select something in it are added to `used`.
fn documented_form(plan: &NormalizationPlan<'_>, used: &mut UsedRules) -> NormalForm {
    let response = &plan.contract.response;
    let content = match &response.body {
        _ if !may_have_content(&plan.contract.request.method, response.status) => Content::None,
        None => Content::None,
        Some(Body::Json(json)) => Content::Json(json),
        Some(Body::Text(lines)) => Content::Text(lines.join("\n").into()),
        Some(Body::Bytes(_)) => Content::Binary,
    };
    form(response.status, |name| values(&response.headers, name), content, true, plan, used)
}

/// Whether such a response can have content at all (RFC 9110 section 6.4.1).
pub fn may_have_content(method: &str, status: u16) -> bool {
    method != "HEAD" && !matches!(status, 100..=199 | 204 | 304)
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
    plan: &NormalizationPlan<'_>,
    used: &mut UsedRules,
) -> NormalForm {
    let mut identifiers = Identifiers::default();
    let documented = &plan.contract.response;
    let body = match content {
        Content::None => NormalBody::None,
        Content::Binary => NormalBody::Binary,
        Content::Text(text) => text_body(&text),
        Content::Json(json) => NormalBody::Json(body(json, plan, &mut identifiers, used)),
    };
    let mut headers = Vec::new();
    for name in names(&documented.headers) {
        let Some(value) = field(&name) else { continue };
        let value = header_value(&name, &value, is_documented, (plan.rules, used), &identifiers);
        headers.push(NormalHeader { name, value });
    }
    NormalForm {
        request: Arc::clone(&plan.documented.request),
        status,
        headers,
        body,
        identified: identifiers.into_identified(),
        declared: Declared::default(),
    }
}

fn body(json: &Json, plan: &NormalizationPlan<'_>, identifiers: &mut Identifiers, used: &mut UsedRules) -> Node {
    let raw = plan.has_paths().then(|| json.to_value());
    let marked = raw.as_ref().map(|raw| plan.mark(raw, used)).unwrap_or_default();
    let rules = plan.masks().then_some(plan.rules);
    let documented = plan.contract.response.body.as_ref().and_then(Body::as_json);
    let place = Place { raw: raw.as_ref(), documented, echoes: Some(&plan.echoes), is_volatile: false };
    let names = plan.names();
    let mut node = Masking { marked: &marked, names: &names, rules, keeps_control: !plan.masks(), identifiers, used }
        .node(json, place);
    identifiers.mask_within(&mut node, Some(&plan.echoes));
    node
}

/// The normal form of a contract's request. What it documents is what is sent, so nothing in its body is volatile. The rules that
/// select something in it are added to `used`.
fn request(contract: &Contract, rules: &VolatileRules, used: &mut UsedRules) -> NormalRequest {
    let documented = &contract.request;
    let nothing = Identifiers::default();
    let body = match &documented.body {
        None => NormalBody::None,
        Some(Body::Text(lines)) => text_body(&lines.join("\n")),
        Some(Body::Bytes(_)) => NormalBody::Binary,
        Some(Body::Json(json)) => {
            let place = Place { raw: None, documented: Some(json), echoes: None, is_volatile: false };
            let (marked, identifiers) = (&HashSet::new(), &mut Identifiers::default());
            NormalBody::Json(
                Masking { marked, names: &[], rules: None, keeps_control: false, identifiers, used: &mut *used }
                    .node(json, place),
            )
        }
    };
    let header = |name: String| {
        let value = values(&documented.headers, &name).unwrap_or_default();
        NormalHeader { value: header_value(&name, &value, true, (rules, &mut *used), &nothing), name }
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
    (rules, used): (&VolatileRules, &mut UsedRules),
    identifiers: &Identifiers,
) -> Text {
    if let Some((rule, id)) = rules.header_rule(name) {
        used.add(id);
        // What the rule says holds, also where the page documents nonsense; a response has to look like it.
        let own = Shape::of_field(value);
        let shape = rule.shape.filter(|_| is_documented).unwrap_or(own);
        let number = identifiers.number(shape, value);
        return Text(vec![Piece::Mask(Mask { shape, number, optional: rule.optional })]);
    }
    if name == "content-type" {
        return Text::literal(&content_type(value));
    }
    identifiers.mask_text(&visible(value))
}

/// The media type, and the charset where it is not UTF-8, which JSON has to be in (RFC 8259 section 8.1) and other text is.
fn content_type(value: &str) -> String {
    let charset = mediatype::MediaType::parse(value.trim()).ok().and_then(|parsed| {
        let charset = parsed.get_param(mediatype::names::CHARSET)?;
        Some(charset.unquoted_str().to_ascii_lowercase())
    });
    match charset.as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii") => media_type(value),
        Some(charset) => format!("{}; charset={charset}", media_type(value)),
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

/// Makes nodes of values, and masks of the volatile ones.
struct Masking<'a> {
    /// What rules select by path.
    marked: &'a HashSet<*const Value>,
    /// The rules that select members by their name alone.
    names: &'a [&'a Query],
    /// The rules that select by shape; `None` where nothing is masked.
    rules: Option<&'a VolatileRules>,
    /// Whether what says of an object what it is stays, be it documented or not.
    keeps_control: bool,
    identifiers: &'a mut Identifiers,
    /// The rules that select something.
    used: &'a mut UsedRules,
}

/// What is known of the place of a value, beside the value itself.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The value as JSONPath sees it.
    raw: Option<&'a Value>,
    documented: Option<&'a Json>,
    echoes: Option<&'a PathSet>,
    is_volatile: bool,
}

impl Masking<'_> {
    fn node(&mut self, value: &Json, mut place: Place<'_>) -> Node {
        place.is_volatile |= place.raw.is_some_and(|raw| self.marked.contains(&std::ptr::from_ref(raw)));
        match value {
            Json::Array(items) => {
                let documented = match place.documented {
                    Some(Json::Array(items)) => items.as_slice(),
                    _ => &[],
                };
                let item = |(index, item): (usize, &Json)| {
                    let place = Place {
                        raw: place.raw.and_then(|raw| raw.get(index)),
                        documented: documented.get(index).or(documented.last()),
                        echoes: place.echoes.and_then(|echoes| echoes.elements.get(&index)),
                        ..place
                    };
                    self.node(item, place)
                };
                Node::Array(items.iter().enumerate().map(item).collect())
            }
            Json::Object(_) => {
                let members = ordered(value, place.documented, self.keeps_control).into_iter().map(
                    |Ordered { name, value, documented }| {
                        let place = Place {
                            is_volatile: place.is_volatile || self.is_ruled(name),
                            raw: place.raw.and_then(|raw| raw.get(name)),
                            documented,
                            echoes: place.echoes.and_then(|echoes| echoes.members.get(name)),
                        };
                        (name.to_owned(), self.node(value, place))
                    },
                );
                Node::Object(members.collect())
            }
            scalar => match self.mask(scalar, place) {
                Some(mask) => Node::Mask(mask),
                None => match scalar {
                    Json::String(text) => Node::String(Text::literal(text)),
                    other => Node::Plain(other.clone()),
                },
            },
        }
    }

    /// Whether a rule selects every member of that name.
    fn is_ruled(&mut self, name: &str) -> bool {
        let rule = self.names.iter().find(|query| query.is_member(name));
        rule.inspect(|query| self.used.add(query.id)).is_some()
    }

    fn mask(&mut self, scalar: &Json, place: Place<'_>) -> Option<Mask> {
        // A rule matches an echo, too; it has no effect there.
        let by_shape = self.rules?.volatile_shape(scalar);
        by_shape.inspect(|(_, rule)| self.used.add(*rule));
        let is_volatile = by_shape.is_some() || place.is_volatile;
        if !is_volatile || place.echoes.is_some_and(|echoes| echoes.contained) {
            return None;
        }
        let shape = Shape::of(scalar)?;
        let number = scalar.as_str().and_then(|text| self.identifiers.assign(shape, text));
        Some(Mask { shape, number, optional: false })
    }
}

/// Whether a member is control information or an annotation (OData JSON Format 4.01 section 4.6). The keys of a map may have an `@`,
/// too: addresses do.
pub fn is_annotation(name: &str) -> bool {
    name.starts_with('@') || ["@odata.", "@microsoft.", "@Org.OData."].iter().any(|own| name.contains(own))
}

/// Control information that says what an object is: of which type, or that it is gone (OData JSON Format 4.01 sections 4.6 and 15.3), and
/// that a response is one of changes.
const CONTROL: [&str; 8] = [
    "@odata.type",
    "@type",
    "@odata.context",
    "@context",
    "@removed",
    "@odata.removed",
    "@odata.deltaLink",
    "@deltaLink",
];

/// A member of an object, and the documented one of its name.
struct Ordered<'a, 'd> {
    name: &'a str,
    value: &'a Json,
    documented: Option<&'d Json>,
}

/// The members of an object in documented order, then the others by name. Annotations that are not documented are left
/// out: the service may always add them (OData JSON Format 4.01 section 4.6).
fn ordered<'a, 'd>(object: &'a Json, documented: Option<&'d Json>, keeps_control: bool) -> Vec<Ordered<'a, 'd>> {
    let Json::Object(members) = object else { return Vec::new() };
    let known: &[json::Member] = match documented {
        Some(Json::Object(members)) => members,
        _ => &[],
    };
    let mut position: HashMap<&str, usize> = HashMap::new();
    for (index, member) in known.iter().enumerate() {
        position.entry(&member.name).or_insert(index);
    }
    let leaves_out =
        |name: &str| documented.is_some() && is_annotation(name) && !(keeps_control && CONTROL.contains(&name));
    let mut ordered: Vec<(usize, Ordered<'a, 'd>)> = members
        .iter()
        .filter_map(|json::Member { name, value }| {
            let rank = position.get(name.as_str()).copied();
            let documented = rank.and_then(|rank| known.get(rank)).map(|member| &member.value);
            let is_kept = rank.is_some() || !leaves_out(name);
            is_kept.then_some((rank.unwrap_or(usize::MAX), Ordered { name, value, documented }))
        })
        .collect();
    ordered.sort_by(|(one_rank, one), (other_rank, other)| (one_rank, one.name).cmp(&(other_rank, other.name)));
    ordered.into_iter().map(|(_, member)| member).collect()
}
