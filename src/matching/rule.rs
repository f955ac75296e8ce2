//! What the types of a request permit, whatever its sample is.

use std::collections::HashSet;

use super::body::shown;
use super::difference::Differences;
use super::expectation::{Expectation, NOTHING};
use super::header::ExpectedValue;
use super::received::Received;
use super::{Difference, Note, NoteKind, option_values};
use crate::at::RequestPart;
use crate::compare::excerpt;
use crate::contract::{
    Asked, Body, Contract, Declaration, Type, Typed, content_type, is_json, media_type, visit_declared,
};
use crate::edm::{LargeNumbers, Primitive, conforms, unknown_member};
use crate::json::{Cursor, Json, Kind, Number};
use crate::query::{is_system_option, option_name};
use crate::service::{ServiceKinds, ServiceRules, ServiceValue};

/// What is expected of a body that is documented as JSON.
const JSON: &str = "JSON";

/// What a message shows where a body is none, with the reason behind it, which quotes nothing.
pub const NOT_JSON: &str = "no JSON";

/// So many notes are kept. Nobody reads more.
const MOST_NOTES: usize = 100;

/// What a request says that a contract permits: notes, and the values that cannot be of their types.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) notes: Vec<Note>,
    pub(super) invalid: Differences,
}

/// Judges a request by what the page and the kept metadata declare.
pub(super) fn judge(
    contract: &Contract,
    route: Option<&str>,
    (expectation, rules): (&Expectation, Option<&ServiceRules>),
    received: &Received<'_>,
) -> Judged {
    let mut judged = Judged::default();
    query(contract, expectation, received, &mut judged);
    option_values(received, &mut judged);
    let unmet = required_headers(contract, received, &mut judged);
    for header in &expectation.headers {
        // Whether a token is good is a question of its own, and the media type is judged with the body.
        let is_judged_elsewhere = matches!(header.value, ExpectedValue::Bearer | ExpectedValue::MediaType(_));
        if is_judged_elsewhere || unmet.iter().any(|own| own.eq_ignore_ascii_case(&header.name)) {
            continue;
        }
        if let Some(own) = header.difference(received).filter(|own| own.actual.is_none()) {
            let at = RequestPart::Header(header.name.clone());
            judged.note(NoteKind::MissingHeader, at, || (own.expected, NOTHING.to_owned()));
        }
    }
    body(contract, route, rules, received, &mut judged);
    judged
}

impl Judged {
    fn note(&mut self, kind: NoteKind, at: RequestPart, sides: impl FnOnce() -> (String, String)) {
        if self.notes.len() < MOST_NOTES {
            let (expected, actual) = sides();
            self.notes.push(Note { kind, difference: Difference { at, expected, actual } });
        }
    }
}

/// Notes the header fields that the page requires, always or together with an option of this request, and that the request does not have as the page
/// states them. Returns their names.
fn required_headers<'c>(contract: &'c Contract, received: &Received<'_>, judged: &mut Judged) -> Vec<&'c str> {
    let mut unmet: Vec<&str> = Vec::new();
    let missing = contract.request.required_headers.iter().filter(|name| !received.headers.contains_key(*name));
    for name in missing {
        let sides = || ("a value, as the page requires".to_owned(), NOTHING.to_owned());
        judged.note(NoteKind::RequiredHeader, RequestPart::Header(name.clone()), sides);
        unmet.push(name);
    }
    for header in &contract.request.conditional_headers {
        let sent = received.header(&header.name);
        let value = |option: &str| received.query.iter().find(|own| own.name == option).map(|own| own.value.as_str());
        let Some(condition) = header.unmet(sent.as_deref(), &Asked { option: &value, casts: received.is_cast }) else {
            continue;
        };
        let sides = || {
            let value = header.value.as_ref().map_or_else(|| "a value".to_owned(), |value| format!("`{value}`"));
            let actual = sent.as_deref().map_or_else(|| NOTHING.to_owned(), excerpt);
            (format!("{value}, as the page requires with {condition}"), actual)
        };
        judged.note(NoteKind::RequiredHeader, RequestPart::Header(header.name.clone()), sides);
        unmet.push(&header.name);
    }
    unmet
}

fn query(contract: &Contract, expectation: &Expectation, received: &Received<'_>, judged: &mut Judged) {
    let unmet = contract.request.missing_options(|option| received.query.iter().any(|own| own.name == option));
    for name in &unmet {
        let sides = || ("a value, as the page requires".to_owned(), NOTHING.to_owned());
        judged.note(NoteKind::RequiredOption, RequestPart::Query((*name).to_owned()), sides);
    }
    let paired = expectation.pair_query(received);
    let missing = expectation.query.iter().zip(&paired.documented).filter(|(_, found)| found.is_none());
    let is_said = |name: &str| unmet.iter().any(|own| option_name(own) == name);
    for (option, _) in missing.filter(|(option, _)| !is_system_option(&option.name) && !is_said(&option.name)) {
        let sides = || (option.value.clone(), NOTHING.to_owned());
        judged.note(NoteKind::MissingOption, RequestPart::Query(option.written.clone()), sides);
    }
    let others = paired.others.iter().map(|index| &received.query[*index]);
    for option in others.filter(|option| !is_system_option(&option.name)) {
        let sides = || (NOTHING.to_owned(), excerpt(&option.value));
        judged.note(NoteKind::UndocumentedOption, RequestPart::Query(option.written.clone()), sides);
    }
}

/// What OData does not allow of its own options.
fn option_values(received: &Received<'_>, judged: &mut Judged) {
    let mut known = HashSet::new();
    for own in received.query.iter().filter(|own| is_system_option(&own.name)) {
        let at = || RequestPart::Query(own.written.clone());
        if !known.insert(own.name.as_str()) {
            judged.note(NoteKind::InvalidOption, at(), || ("one value".to_owned(), "another one".to_owned()));
        } else if let Some(expected) = option_values::expected(&own.name, &own.value) {
            judged.note(NoteKind::InvalidOption, at(), || (expected.to_owned(), excerpt(&own.value)));
        }
    }
}

fn body(
    contract: &Contract,
    route: Option<&str>,
    rules: Option<&ServiceRules>,
    received: &Received<'_>,
    judged: &mut Judged,
) {
    let nothing = || NOTHING.to_owned();
    let sent = received.header("content-type").map(|sent| media_type(&sent)).unwrap_or_default();
    match &contract.request.body {
        None => {
            // A POST or an action without parameters may well be sent an empty object.
            let is_empty = received.body.is_empty() || received.body.json().is_ok_and(|json| json.descendants() == 0);
            if !is_empty {
                judged.note(NoteKind::UndocumentedBody, RequestPart::Body, || (nothing(), "a body".to_owned()));
            }
        }
        Some(documented) if received.body.is_empty() => {
            judged.note(NoteKind::MissingBody, RequestPart::Body, || (excerpt(&documented.to_text()), nothing()));
        }
        Some(Body::Json(documented)) => match received.body.json() {
            Ok(json) if documented.kind() != json.kind() && is_structured(documented) => {
                let sides = || (in_words(documented).to_owned(), in_words(json).to_owned());
                judged.invalid.push(RequestPart::Body, sides);
            }
            Ok(json) => {
                if sent.is_empty() {
                    missing_media_type(contract, judged);
                } else if !is_json(&sent) {
                    other_media_type(contract, sent, judged);
                }
                Walk { contract, rules, documented, large_numbers: large_numbers(received), judged }.run(json, route)
            }
            Err(error) if sent.is_empty() || is_json(&sent) => {
                judged.invalid.push(RequestPart::Body, || (JSON.to_owned(), format!("{NOT_JSON} ({error})")));
            }
            Err(_) => other_media_type(contract, sent, judged),
        },
        Some(Body::Text(_) | Body::Bytes(_)) => {
            let expected = media_type(content_type(&contract.request.headers));
            if !expected.is_empty() && !sent.is_empty() && expected != sent {
                other_media_type(contract, sent, judged);
            }
        }
    }
}

/// Whether no other kind of JSON can stand where this one does.
fn is_structured(json: &Json) -> bool {
    matches!(json, Json::Object(_) | Json::Array(_))
}

/// The kind of a value, as a message says it.
fn in_words(json: &Json) -> &'static str {
    match json.kind() {
        Kind::Null => "null",
        Kind::Boolean => "a truth value",
        Kind::Number => "a number",
        Kind::String => "a text",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}

/// That a body does not say what it is (RFC 9110 section 8.3), where the page says so of its own.
fn missing_media_type(contract: &Contract, judged: &mut Judged) {
    let expected = media_type(content_type(&contract.request.headers));
    if !expected.is_empty() {
        let at = RequestPart::Header("Content-Type".to_owned());
        judged.note(NoteKind::RequiredHeader, at, || (expected, NOTHING.to_owned()));
    }
}

fn other_media_type(contract: &Contract, sent: String, judged: &mut Judged) {
    let expected = media_type(content_type(&contract.request.headers));
    judged.note(NoteKind::OtherMediaType, RequestPart::Header("Content-Type".to_owned()), || (expected, sent));
}

fn large_numbers(received: &Received<'_>) -> LargeNumbers {
    received.header("content-type").map(|sent| LargeNumbers::of(&sent)).unwrap_or_default()
}

/// Goes through a JSON body that came.
struct Walk<'w> {
    contract: &'w Contract,
    rules: Option<&'w ServiceRules>,
    documented: &'w Json,
    large_numbers: LargeNumbers,
    judged: &'w mut Judged,
}

/// What is known of a value on the way to one within it.
struct Level<'w> {
    /// The type that it says it is of.
    own: Option<&'w str>,
    /// What the sample has there.
    sample: Option<&'w Json>,
}

impl<'w> Walk<'w> {
    fn run(mut self, body: &'w Json, route: Option<&str>) {
        let own = self.contract;
        let service = self.rules.map(|rules| (rules, own.request_type(rules, route)));
        let typed = Typed { body, body_type: own.request.body_type.as_deref(), wrapped: false, types: &own.types };
        let mut levels: Vec<Level<'w>> = Vec::new();
        let documented = self.documented;
        visit_declared(&typed, service, |value, cursor, declared, service| {
            levels.truncate(cursor.depth());
            let sample = match (levels.last().map(|parent| parent.sample), cursor) {
                (None, _) => Some(documented),
                (Some(sample), Cursor::Member(_, name)) => sample.and_then(|sample| sample.get(name)),
                (Some(Some(Json::Array(items))), Cursor::Element(_, index)) => items.get(*index).or(items.first()),
                (Some(_), _) => None,
            };
            if let Cursor::Member(_, name) = cursor {
                self.member(name, levels.last(), (service, declared, sample), cursor);
            }
            self.value(value, (service, declared, sample), cursor);
            // Looked up once, and not for each member.
            let own =
                matches!(value, Json::Object(_)).then(|| value.get("@odata.type").and_then(Json::as_str)).flatten();
            levels.push(Level { own, sample });
        });
        self.required(body);
    }

    /// Whether a member may stand where it does.
    fn member(
        &mut self,
        name: &str,
        owner: Option<&Level<'w>>,
        (service, declared, sample): (ServiceValue<'_>, Declaration<'_>, Option<&Json>),
        cursor: &Cursor<'_>,
    ) {
        let is_known = name.contains(['@', '#']) || sample.is_some() || declared.property.is_some();
        let is_undocumented = match service {
            ServiceValue::Declared(_) => false,
            ServiceValue::Undeclared { rules, owner, open, .. } => !open && !rules.declares_in_any_case(owner, name),
            // What no table has is undocumented only where a table says what there is.
            ServiceValue::Unknown => owner.and_then(|owner| self.type_of(owner, cursor)).is_some_and(|own| {
                let has = |other: &str| other.eq_ignore_ascii_case(name);
                !own.open && !own.properties.iter().any(|own| has(&own.name)) && !own.others.iter().any(|own| has(own))
            }),
        };
        if !is_known && is_undocumented {
            let at = RequestPart::Path(cursor.path());
            let sides = || (NOTHING.to_owned(), "a member that its type does not have".to_owned());
            self.judged.note(NoteKind::UndocumentedMember, at, sides);
        }
    }

    /// The type that the page declares of the object around a member, if that is known.
    fn type_of(&self, owner: &Level<'w>, cursor: &Cursor<'_>) -> Option<&'w Type> {
        let name = match (owner.own, cursor) {
            (Some(own), _) => crate::contract::TypeName::read(own)?.name,
            (None, Cursor::Member(Cursor::Root, _)) => self.contract.request.body_type.clone()?,
            (None, _) => return None,
        };
        self.contract.types.get(&name)
    }

    /// Whether a value can be of its declared type. A null says that there is no value, and many services take one for any property.
    fn value(
        &mut self,
        value: &Json,
        (service, declared, sample): (ServiceValue<'_>, Declaration<'_>, Option<&Json>),
        cursor: &Cursor<'_>,
    ) {
        if value.kind() == Kind::Null {
            return;
        }
        let Some(wrong) = self.wrong(value, (service, declared), cursor) else { return };
        // Where the sample itself is not of the type, the page says two things, and which of them holds is not known.
        if sample.is_some_and(|sample| self.wrong(sample, (service, declared), cursor).is_some()) {
            return;
        }
        match wrong {
            Wrong::Type(expected) => {
                self.judged.invalid.push(RequestPart::Path(cursor.path()), || (expected, shown(value)));
            }
            Wrong::Form(expected) => {
                self.judged.note(NoteKind::ValueAsText, RequestPart::Path(cursor.path()), || (expected, shown(value)));
            }
            Wrong::Member(expected) => {
                let sides = || (expected, shown(value));
                self.judged.note(NoteKind::UndocumentedValue, RequestPart::Path(cursor.path()), sides);
            }
        }
    }

    /// What is wrong with a value by its declaration.
    fn wrong(
        &self,
        value: &Json,
        (service, declared): (ServiceValue<'_>, Declaration<'_>),
        cursor: &Cursor<'_>,
    ) -> Option<Wrong> {
        match service {
            ServiceValue::Declared(own) if own.is_collection() => {
                (value.kind() != Kind::Array).then(|| Wrong::Type("an array".to_owned()))
            }
            ServiceValue::Declared(own) => {
                let name = &own.type_ref.name;
                match own.rules.kinds(name) {
                    ServiceKinds::Primitive(primitive) => self.of_primitive(primitive, value),
                    ServiceKinds::Structured => {
                        (value.kind() != Kind::Object).then(|| Wrong::Type(format!("an object ({name})")))
                    }
                    ServiceKinds::Enumeration(own) => {
                        let is_member = |text: &str| own.members.iter().any(|member| member.eq_ignore_ascii_case(text));
                        of_enumeration(value, Some(own.flags), is_member, || own.members.join(", "), own.is_evolvable())
                    }
                    ServiceKinds::Unknown => None,
                }
            }
            ServiceValue::Undeclared { .. } | ServiceValue::Unknown => self.by_page(value, declared, cursor),
        }
    }

    fn of_primitive(&self, primitive: Primitive, value: &Json) -> Option<Wrong> {
        // Clients that write large numbers as strings often do not say so.
        let is_of_type = |value: &Json| {
            conforms(primitive, value, self.large_numbers)
                || conforms(primitive, value, LargeNumbers::Strings)
                || conforms(primitive, value, LargeNumbers::Numbers)
        };
        let name = || primitive.name().to_owned();
        match value {
            value if is_of_type(value) => None,
            Json::String(text) if meant(text).is_some_and(|meant| is_of_type(&meant)) => Some(Wrong::Form(name())),
            _ => Some(Wrong::Type(name())),
        }
    }

    /// By the page: its table, or what the sample has in the place of a value.
    fn by_page(&self, value: &Json, declared: Declaration<'_>, cursor: &Cursor<'_>) -> Option<Wrong> {
        let is_element = matches!(cursor, Cursor::Element(..));
        if let Some(property) =
            declared.property.filter(|own| !own.values.is_empty() && (is_element || !own.collection))
        {
            let is_member = |text: &str| property.values.iter().any(|member| member.eq_ignore_ascii_case(text));
            // A table may leave members out.
            return of_enumeration(value, Some(property.flags), is_member, || property.values.join(", "), true);
        }
        let Some(property) = declared.property.filter(|property| !property.from_example) else {
            let placeholders = &self.contract.request.placeholders;
            let path = (!placeholders.is_empty()).then(|| cursor.path())?;
            let own = placeholders.iter().find(|placeholder| placeholder.path == path)?;
            return Primitive::read(&own.type_name).and_then(|primitive| self.of_primitive(primitive, value));
        };
        if property.collection && !is_element {
            return (value.kind() != Kind::Array).then(|| Wrong::Type("an array".to_owned()));
        }
        match Primitive::read(&property.type_name) {
            Some(primitive) => self.of_primitive(primitive, value),
            // Whether a type that has a name alone is structured or an enumeration is known only if it is described.
            None if self.contract.types.contains_key(&property.type_name) => {
                (value.kind() != Kind::Object).then(|| Wrong::Type(format!("an object ({})", property.type_name)))
            }
            None => None,
        }
    }

    /// Whether the members are there that the page calls required.
    fn required(&mut self, body: &Json) {
        let Some(own) = self.contract.request.body_type.as_ref().and_then(|name| self.contract.types.get(name)) else {
            return;
        };
        for property in own.properties.iter().filter(|property| property.required) {
            let is_sent = |json: &Json| match json {
                Json::Object(members) => members.iter().any(|own| own.name.eq_ignore_ascii_case(&property.name)),
                _ => false,
            };
            if !is_sent(body) && self.documented.get(&property.name).is_some() {
                let at = RequestPart::Path(Cursor::Member(&Cursor::Root, &property.name).path());
                let sides = || (property.type_name.clone(), NOTHING.to_owned());
                self.judged.note(NoteKind::MissingMember, at, sides);
            }
        }
    }
}

/// What is wrong with a value, with what was expected.
enum Wrong {
    /// It cannot be of its type.
    Type(String),
    /// It is written as text, and is not a text.
    Form(String),
    /// It is not among the members that are known.
    Member(String),
}

/// The truth value or number that a text has. O365 writes `"false"`, and a service that converts what it reads takes it.
fn meant(text: &str) -> Option<Json> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        text => Number::from_literal(text).map(Json::Number),
    }
}

fn of_enumeration(
    value: &Json,
    is_flags: Option<bool>,
    is_member: impl Fn(&str) -> bool,
    members: impl FnOnce() -> String,
    may_grow: bool,
) -> Option<Wrong> {
    match value {
        Json::String(text) => unknown_member(text, is_flags, is_member).map(|_| match may_grow {
            true => Wrong::Member(members()),
            false => Wrong::Type(members()),
        }),
        // By number (OData JSON Format 4.01 section 7.1).
        Json::Number(_) => None,
        _ => Some(Wrong::Type("a member of an enumeration".to_owned())),
    }
}
