//! Bodies as a service would make them: what was sent, and for every other documented member a value of the same type and form
//! that is not the documented one.

use std::collections::HashSet;

use jiff::Timestamp;

use super::documented::Documented;
use super::identifiers::{guid, key};
use graph_contracts::contract::{Contract, Declaration, TypeName};
use graph_contracts::edm::{LargeNumbers, Primitive, conforms};
use graph_contracts::json::{Json, Member, Number, Path};
use graph_contracts::normal::Shape;
use graph_contracts::service::{EnumerationType, SENTINEL, ServiceKinds, ServiceRules, ServiceValue, TypeReference};
use graph_contracts::url::{is_graph_host, split_scheme};

/// Makes the bodies of one answer.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    contract: &'a Contract,
    /// What the identifiers are derived from.
    namespace: String,
    made: u64,
    now: String,
    /// Documented identifiers and what stands for them, so that what repeats one repeats the other.
    replaced: Vec<(String, String)>,
    /// For clients: values stay as the page shows them, as far as they are of the declared type.
    service: Option<Service<'a>>,
}

/// What the values of a service follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service<'a> {
    pub(super) rules: Option<&'a ServiceRules>,
    /// The type that metadata has for the response.
    pub(super) response_type: Option<&'a TypeReference>,
    /// Where links to Microsoft Graph lead.
    pub(super) base_url: &'a str,
}

/// Where a value is, and what is declared of it.
struct At<'a> {
    path: Path,
    name: &'a str,
    declared: Declaration<'a>,
    /// Whether it is the resource itself, whose identifier is given.
    identifier: Option<Json>,
    /// Its type in metadata, or that of the elements.
    type_ref: Option<&'a TypeReference>,
    /// Whether it is an element of a collection of that type.
    is_element: bool,
}

/// The present time as OData writes it.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now).to_string()
}

impl<'a> Maker<'a> {
    pub(super) fn new(contract: &'a Contract, namespace: &str) -> Maker<'a> {
        Maker { contract, namespace: namespace.to_owned(), made: 0, now: now(), replaced: Vec::new(), service: None }
    }

    /// Makes values for clients.
    #[must_use]
    pub(super) fn for_clients(mut self, service: Option<Service<'a>>) -> Maker<'a> {
        self.service = service;
        self
    }

    /// A documented resource with what was sent, or what it already has. Of what was sent, `requested` is what the page shows:
    /// what it shows again in the response is repeated, and what it does not show again is not.
    pub(super) fn resource(
        &mut self,
        documented: &Documented<'a>,
        identifier: Option<&Json>,
        sent: Option<&Json>,
        requested: Option<&Json>,
    ) -> Json {
        if let (Some(Json::String(old)), Some(new)) = (documented.resource.get("id"), identifier) {
            self.replace(old, &key(new));
        }
        let at = At {
            path: documented.path.clone(),
            name: "",
            declared: documented.declared,
            identifier: identifier.cloned(),
            type_ref: self.service.and_then(|service| service.response_type),
            is_element: true,
        };
        self.merge(sent, requested, documented.resource, &at)
    }

    /// The whole documented body.
    pub(super) fn body(&mut self, documented: &'a Json, sent: Option<&Json>) -> Json {
        let response = &self.contract.response;
        let type_name = response.body_type.as_deref().filter(|_| !response.wrapped);
        let declared = Declaration { type_name, ..Declaration::default() };
        let type_ref = self.service.and_then(|service| service.response_type).filter(|own| !own.collection);
        let at = At { path: Path::root(), name: "", declared, identifier: None, type_ref, is_element: false };
        let requested = self.contract.request.body.as_ref().and_then(|body| body.as_json());
        // What an action is given it need not give back.
        self.merge(sent.filter(|_| requested.is_some()), requested, documented, &at)
    }

    /// A text in which documented identifiers are replaced.
    pub(super) fn relinked(&self, text: &str) -> String {
        self.replaced.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old.as_str(), new))
    }

    fn replace(&mut self, old: &str, new: &str) {
        // Short identifiers occur in other texts by chance.
        if old.len() >= 8 {
            self.replaced.push((old.to_owned(), new.to_owned()));
        }
    }

    fn merge(&mut self, sent: Option<&Json>, requested: Option<&Json>, documented: &'a Json, at: &At<'a>) -> Json {
        match (documented, sent) {
            // What a client has set is as it has set it.
            (_, Some(own)) if self.service.is_some() && !at.name.is_empty() => own.clone(),
            (Json::Object(members), None | Some(Json::Object(_))) => self.object(sent, requested, members, at),
            (Json::Array(items), Some(Json::Array(own))) => {
                let element = |value: Option<&'_ Json>, index: usize| match value {
                    Some(Json::Array(items)) => items.get(index).cloned(),
                    _ => None,
                };
                let own = own.iter().enumerate().map(|(index, own)| {
                    // Elements beyond the documented ones are like the first.
                    let of = if index < items.len() { index } else { 0 };
                    let Some(documented) = items.get(of) else { return own.clone() };
                    let requested = element(requested, of);
                    self.merge(Some(own), requested.as_ref(), documented, &at.element(of))
                });
                Json::Array(own.collect())
            }
            (Json::Array(items), None) => {
                let items = items.iter().enumerate();
                Json::Array(items.map(|(index, item)| self.merge(None, None, item, &at.element(index))).collect())
            }
            (_, Some(own)) if is_repeated(own, requested, documented) => own.clone(),
            (Json::Object(_) | Json::Array(_), Some(_)) => self.merge(None, None, documented, at),
            _ => self.scalar(documented, at),
        }
    }

    fn object(&mut self, sent: Option<&Json>, requested: Option<&Json>, documented: &'a [Member], at: &At<'a>) -> Json {
        let stated = documented.iter().find(|member| member.name == "@odata.type");
        let stated = stated.and_then(|member| TypeName::read(member.value.as_str()?));
        let declared = at.declared.type_name;
        let types = &self.contract.types;
        let own = stated.as_ref().and_then(|stated| types.get(&stated.name));
        let own = own.or_else(|| declared.and_then(|name| types.get(name)));
        let is_open = own.is_some_and(|own| own.open) || self.contract.response.may_be_truncated;
        let mut made: Vec<Member> = Vec::with_capacity(documented.len());
        for Member { name, value } in documented {
            if made.iter().any(|member| member.name == *name) {
                continue;
            }
            let sent = sent.and_then(|sent| sent.get(name));
            let value = match (name.as_str(), &at.identifier) {
                // The service names a type only where it is not the declared one (OData JSON Format 4.01 section 4.6.3).
                ("@odata.type", _) => match (declared, &stated) {
                    (Some(declared), Some(stated)) if stated.name != declared => sent.unwrap_or(value).clone(),
                    _ => continue,
                },
                ("@odata.context" | "@odata.nextLink", _) => continue,
                ("id", Some(identifier)) => identifier.clone(),
                _ => {
                    let property = own.and_then(|own| own.properties.iter().find(|property| property.name == *name));
                    let is_wrapper = self.contract.response.wrapped && name == "value" && at.path == Path::root();
                    let type_name = match property {
                        _ if is_wrapper => self.contract.response.body_type.as_deref(),
                        property => property.map(|property| property.type_name.as_str()),
                    };
                    let declared = Declaration { property: property.filter(|_| !is_wrapper), owner: None, type_name };
                    let type_ref = self.member_type(documented, at, name);
                    let path = at.path.member(name);
                    let at = At { path, name, declared, identifier: None, type_ref, is_element: false };
                    self.merge(sent, requested.and_then(|requested| requested.get(name)), value, &at)
                }
            };
            made.push(Member { name: name.clone(), value });
        }
        if let Some(Json::Object(sent)) = sent {
            let mut names: HashSet<String> = made.iter().map(|own| own.name.clone()).collect();
            for member in sent {
                let is_documented = documented.iter().any(|own| own.name == member.name);
                let is_withheld = !is_open && requested.is_some_and(|requested| requested.get(&member.name).is_some());
                let is_control = member.name.starts_with("@odata.");
                if !is_documented && !is_withheld && !is_control && names.insert(member.name.clone()) {
                    made.push(member.clone());
                }
            }
        }
        Json::Object(made)
    }

    /// The type that metadata has for a member of an object.
    fn member_type(&self, object: &[Member], at: &At<'a>, name: &str) -> Option<&'a TypeReference> {
        let service = self.service?;
        let rules = service.rules?;
        if at.path == Path::root() && name == "value" && at.type_ref.is_none() {
            return service.response_type;
        }
        let stated = object.iter().find(|member| member.name == "@odata.type").and_then(|member| member.value.as_str());
        let stated = stated.and_then(|own| rules.find(own.strip_prefix('#').unwrap_or(own))).map(|(own, _)| own);
        let own = at.type_ref.filter(|own| !own.collection || at.is_element).map(|own| own.name.as_str());
        match rules.member(stated.or(own)?, name) {
            ServiceValue::Declared(own) if !own.type_ref.name.is_empty() => Some(own.type_ref),
            _ => None,
        }
    }

    /// A value for clients: the documented one, unless it is not of its type, or one that the service sets anew.
    fn for_client(&mut self, documented: &Json, service: Service<'a>, at: &At<'_>) -> Json {
        let of_metadata = at.type_ref.filter(|_| service.rules.is_some());
        let of_page = at.declared.type_name.and_then(Primitive::read);
        let primitive = match (service.rules, of_metadata) {
            (Some(rules), Some(own)) => match rules.kinds(&own.name) {
                _ if own.collection && !at.is_element => return Json::Array(Vec::new()),
                ServiceKinds::Primitive(primitive) => Some(primitive),
                ServiceKinds::Enumeration(own) => return member_of(own, documented),
                // An object has members, and none of them is known here.
                ServiceKinds::Structured => return Json::Null,
                ServiceKinds::Unknown => of_page,
            },
            _ => of_page,
        };
        let made = match documented {
            Json::String(text) => Json::String(self.client_text(text, service, at)),
            other => other.clone(),
        };
        match primitive {
            Some(primitive) if made != Json::Null && !conforms(primitive, &made, LargeNumbers::Numbers) => {
                self.of_type(primitive.name(), &made)
            }
            _ => made,
        }
    }

    fn client_text(&mut self, documented: &str, service: Service<'a>, at: &At<'_>) -> String {
        let relinked = self.relinked(documented);
        if let Some(rest) = split_scheme(&relinked)
            && let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()))
            && is_graph_host(host)
            && !service.base_url.is_empty()
        {
            return format!("{}{path}", service.base_url);
        }
        if relinked != documented {
            return relinked;
        }
        let primitive = at.declared.type_name.and_then(Primitive::read);
        match Shape::of_string(documented) {
            Shape::Guid => self.text(documented, at),
            Shape::DateTime if primitive.is_none_or(|own| own == Primitive::DateTimeOffset) => self.now.clone(),
            // An address by which an object is found is its own.
            Shape::String if documented.contains('@') && !documented.contains([' ', '/', '<', '{']) => {
                let domain = documented.rsplit('@').next().unwrap_or_default();
                format!("{}@{domain}", self.next_guid().chars().take(8).collect::<String>())
            }
            // What only says what stands there is no value.
            Shape::String if is_placeholder(documented, at.name) => other_text("", at.name),
            _ => documented.to_owned(),
        }
    }

    fn scalar(&mut self, documented: &Json, at: &At<'a>) -> Json {
        if let Some(service) = self.service.filter(|_| at.type_ref.is_some()) {
            return self.for_client(documented, service, at);
        }
        let placeholders = &self.contract.response.placeholders;
        if let Some(placeholder) = placeholders.iter().find(|placeholder| placeholder.path == at.path) {
            return self.of_type(&placeholder.type_name, documented);
        }
        let values = at.declared.property.map_or(&[][..], |property| property.values.as_slice());
        let is_listed = |text: &str| values.iter().any(|value| value == text);
        match (self.service, documented) {
            (Some(_), Json::String(text)) if is_listed(text) => return documented.clone(),
            (Some(service), _) if values.is_empty() => {
                return self.for_client(documented, service, at);
            }
            _ => {}
        }
        match documented {
            Json::String(text) if !values.is_empty() => {
                let position = values.iter().position(|value| value == text).map_or(0, |position| position + 1);
                // Evolvable enumerations end with a member that is not a value.
                let next = values.get(position).filter(|value| *value != "unknownFutureValue").or(values.first());
                Json::String(next.unwrap_or(text).clone())
            }
            Json::String(text) => Json::String(self.text(text, at)),
            Json::Number(number) => Json::Number(other_number(number)),
            Json::Bool(value) => Json::Bool(!value),
            other => other.clone(),
        }
    }

    /// A value of a type of which the page only has the name.
    fn of_type(&mut self, type_name: &str, documented: &Json) -> Json {
        let number = |literal: &str| Number::from_literal(literal).map_or(Json::Null, Json::Number);
        let text = match Primitive::read(type_name) {
            Some(Primitive::Boolean) => return Json::Bool(true),
            Some(Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 | Primitive::Int64) => {
                return number("3");
            }
            Some(Primitive::Decimal | Primitive::Double | Primitive::Single) => return number("2.5"),
            Some(Primitive::DateTimeOffset) => self.now.clone(),
            Some(Primitive::Date) => self.today(),
            Some(Primitive::Duration) => "PT17M".to_owned(),
            Some(Primitive::Guid) => self.next_guid(),
            Some(Primitive::TimeOfDay) => "12:34:56.0000000".to_owned(),
            Some(Primitive::Binary | Primitive::Stream) => "c2ltdWxhdGVk".to_owned(),
            Some(Primitive::String) => "Simulated value".to_owned(),
            Some(_) | None => return documented.clone(),
        };
        Json::String(text)
    }

    fn text(&mut self, documented: &str, at: &At<'_>) -> String {
        let relinked = self.relinked(documented);
        if relinked != documented {
            return relinked;
        }
        let primitive = at.declared.type_name.map(Primitive::read);
        match (primitive, Shape::of_string(documented)) {
            (_, Shape::Empty) => String::new(),
            (_, Shape::Guid) => {
                let new = self.next_guid();
                self.replace(documented, &new);
                new
            }
            (Some(Some(Primitive::DateTimeOffset)), _) | (_, Shape::DateTime) => self.now.clone(),
            (Some(Some(Primitive::Date)), _) | (_, Shape::Date) => self.today(),
            (_, Shape::Duration) => if documented == "PT17M" { "PT18M" } else { "PT17M" }.to_owned(),
            (Some(Some(Primitive::TimeOfDay)), _) => "12:34:56.0000000".to_owned(),
            (Some(Some(Primitive::Binary | Primitive::Stream)), _) => documented.to_owned(),
            // A member of an enumeration that the pages do not list.
            (Some(None), _) => documented.to_owned(),
            _ if at.name.ends_with("@odata.etag") => format!("W/\"{}\"", self.next_guid()),
            _ => other_text(documented, at.name),
        }
    }

    fn next_guid(&mut self) -> String {
        self.made += 1;
        guid(&self.namespace, self.made)
    }

    fn today(&self) -> String {
        self.now.chars().take("2017-01-01".len()).collect()
    }
}

impl<'a> At<'a> {
    fn element(&self, index: usize) -> At<'a> {
        let path = self.path.element(index);
        At { path, identifier: None, is_element: true, ..*self }
    }
}

/// A member of an enumeration: the documented one, if it is one.
fn member_of(own: &EnumerationType, documented: &Json) -> Json {
    let text = documented.as_str().unwrap_or_default();
    let is_member = |part: &str| own.members.iter().any(|member| member == part.trim());
    if is_member(text) || (own.flags && !text.is_empty() && text.split(',').all(is_member)) || *documented == Json::Null
    {
        return documented.clone();
    }
    let in_case = own.members.iter().find(|member| member.eq_ignore_ascii_case(text));
    let first = in_case.or_else(|| own.members.iter().find(|member| *member != SENTINEL));
    first.map_or(Json::Null, |member| Json::String(member.clone()))
}

/// Whether a text stands for a value: `{name}`, `<name>`, `String`, `displayName-value`.
fn is_placeholder(text: &str, name: &str) -> bool {
    let is_within = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let stem = text.to_ascii_lowercase();
    is_within('{', '}')
        || is_within('<', '>')
        || Primitive::read(text).is_some_and(|own| own != Primitive::Date)
        || stem == format!("{}-value", name.to_ascii_lowercase())
        || stem == format!("{} value", name.to_ascii_lowercase())
}

/// Whether the response repeats what was sent, or is there: the page shows it so, or does not know the member in the request. A value of
/// another kind than this page shows is one that another page shows.
fn is_repeated(own: &Json, requested: Option<&Json>, documented: &Json) -> bool {
    match (requested, documented) {
        (None, Json::Null) => true,
        (None, documented) => *own == Json::Null || own.kind() == documented.kind(),
        (Some(Json::Number(one)), Json::Number(other)) if one.same_value(other) => true,
        (Some(requested), documented) => {
            requested == documented || (Shape::of(own).is_some() && Shape::of(own) == Shape::of(documented))
        }
    }
}

fn other_number(documented: &Number) -> Number {
    let literal = documented.literal();
    let other = match literal.parse::<i64>() {
        // Small types stay within their range.
        Ok(value) if documented.is_integer() && value.abs() < 100 => (value + 1).to_string(),
        Ok(value) if documented.is_integer() => (value - value.signum()).to_string(),
        // A fraction gets another last digit; what is beyond 64 bits, or has an exponent, stays.
        _ if documented.is_integer() || literal.contains(['e', 'E']) => return documented.clone(),
        _ => {
            let (front, last) = literal.split_at(literal.len() - 1);
            format!("{front}{}", if last == "9" { "8" } else { "9" })
        }
    };
    Number::from_literal(&other).unwrap_or_else(|| documented.clone())
}

fn other_text(documented: &str, name: &str) -> String {
    let name = if name.is_empty() { "value" } else { name };
    if split_scheme(documented).is_some() {
        // A reserved name (RFC 2606 section 2).
        format!("https://simulated.invalid/{name}")
    } else if documented.contains('@') && !documented.contains(' ') {
        "simulated@example.com".to_owned()
    } else if documented.starts_with(|c: char| !c.is_alphabetic()) {
        let next = |c: char| c.to_digit(10).and_then(|digit| char::from_digit((digit + 1) % 10, 10));
        documented.chars().map(|c| next(c).unwrap_or(c)).collect()
    } else {
        format!("Simulated {name}")
    }
}
