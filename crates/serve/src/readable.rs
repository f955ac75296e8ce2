//! The documented body of a response as typed clients can read it: no object around the object, values of the declared types where the page has
//! the name of a type, and what was sent where the page shows what was sent.

use std::collections::BTreeSet;

use graph_contracts::contract::{Body, Contract, Typed, content_type, sample_of, visit_declared};
use graph_contracts::edm::{LargeNumbers, Primitive, conforms};
use graph_contracts::json::{Json, Kind, Member, Number, Path, Step};
use graph_contracts::service::{SENTINEL, ServiceKinds, ServiceRules, ServiceValue};

/// A documented body, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Readable {
    body: Json,
    /// Whether the response is about what the request sent: what was sent is shown.
    repeats: Repeats,
}

/// What of a request its response shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeats {
    Nothing,
    /// The members that the documented response has.
    Documented,
    /// All members: the page says that its response leaves some out.
    All,
}

impl Readable {
    /// The JSON that a contract answers with, by what it keeps of metadata; `None` if it answers with none.
    pub(crate) fn new(contract: &Contract, rules: Option<&ServiceRules>) -> Option<Readable> {
        let documented = contract.response.body.as_ref().and_then(Body::as_json)?;
        let mut body = documented.clone();
        for (path, value) in corrected(contract, rules) {
            if let Some(place) = place(&mut body, path.steps()) {
                *place = value;
            }
        }
        let names = contract.types.values().flat_map(|own| &own.properties).map(|own| own.name.as_str()).collect();
        rename(&mut body, &names);
        if is_wrapped(contract, rules, documented) {
            body = unwrapped(body);
        }
        Some(Readable { repeats: repeats(contract, &body), body })
    }

    /// Whether what a request sends is shown in its answer.
    pub(crate) fn repeats(&self) -> bool {
        self.repeats != Repeats::Nothing
    }

    /// The body of the answer to a request with that body.
    pub(crate) fn answer(&self, sent: Option<&Json>) -> Json {
        let mut body = self.body.clone();
        if let (Json::Object(members), Some(Json::Object(sent))) = (&mut body, sent) {
            repeat(members, sent, self.repeats);
        }
        body
    }
}

/// Whether a single object stands in the member `value`, where OData has the object itself (OData JSON Format 4.01 sections 6 and 11): the
/// metadata says that the operation returns one of a type without such a member, or the page shows it of a type that it names.
fn is_wrapped(contract: &Contract, rules: Option<&ServiceRules>, body: &Json) -> bool {
    let Some(Json::Object(_)) = body.get("value") else { return false };
    let declared = rules.and_then(|rules| Some((rules, contract.response_type(rules, None)?)));
    match declared {
        Some((rules, own)) if rules.is_structured(&own.name) => {
            !own.collection && !matches!(rules.member(&own.name, "value"), ServiceValue::Declared(_))
        }
        _ => contract.response.wrapped,
    }
}

/// Gives members the names that the tables of the page have for them, where an example writes them in another case: typed clients read a name in its
/// own case only.
fn rename(value: &mut Json, names: &BTreeSet<&str>) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Json::Object(members) => {
            for index in 0..members.len() {
                rename(&mut members[index].value, names);
                let own = members[index].name.as_str();
                if names.contains(own) || own.contains('@') {
                    continue;
                }
                let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(own)) else { continue };
                if !members.iter().any(|member| member.name == *name) {
                    members[index].name = (*name).to_owned();
                }
            }
        }
        _ => {}
    }
}

/// What stands in the member `value`, with the annotations around it.
fn unwrapped(body: Json) -> Json {
    let Json::Object(members) = body else { return body };
    let (value, annotations): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|member| member.name == "value");
    let annotations = annotations.into_iter().filter(|member| member.name.starts_with('@'));
    match value.into_iter().next().map(|member| member.value) {
        Some(Json::Object(own)) => {
            let has = |name: &str| own.iter().any(|member| member.name == name);
            let mut all: Vec<Member> = annotations.filter(|member| !has(&member.name)).collect();
            all.extend(own);
            Json::Object(all)
        }
        other => other.unwrap_or(Json::Null),
    }
}

/// The values that cannot be read as what they are declared to be, each with one that can.
fn corrected(contract: &Contract, rules: Option<&ServiceRules>) -> Vec<(Path, Json)> {
    let Some(typed) = Typed::of_response(contract) else { return Vec::new() };
    let large_numbers = LargeNumbers::of(content_type(&contract.response.headers));
    let mut corrected = Vec::new();
    let service = rules.map(|rules| (rules, contract.response_type(rules, None)));
    visit_declared(&typed, service, |value, cursor, declared, service| {
        let name = match cursor {
            graph_contracts::json::Cursor::Member(_, name) => *name,
            _ => "",
        };
        if matches!(value.kind(), Kind::Null | Kind::Array | Kind::Object) || name.contains('@') {
            return;
        }
        let (primitive, member) = match service {
            ServiceValue::Declared(own) if !own.is_collection() => match own.kinds() {
                ServiceKinds::Primitive(primitive) => (Some(primitive), None),
                ServiceKinds::Enumeration(own) => {
                    let is_placeholder =
                        value.as_str().is_some_and(|text| !own.members.iter().any(|member| member == text));
                    let first = own.members.iter().find(|member| *member != SENTINEL).filter(|_| is_placeholder);
                    (None, first.cloned())
                }
                _ => (None, None),
            },
            _ => {
                let own = declared.property.filter(|own| !own.from_example);
                (own.and_then(|own| Primitive::read(&own.type_name)), None)
            }
        };
        let index = corrected.len();
        if let Some(member) = member {
            // A list of members is a value of an enumeration of flags, and an unknown member one of a list that grew.
            if contract.response.placeholders.iter().any(|own| own.path == cursor.path()) {
                corrected.push((cursor.path(), Json::String(member)));
            }
        } else if let Some(primitive) = primitive.filter(|own| !conforms(*own, value, large_numbers)) {
            let of_same = converted(primitive, value, large_numbers);
            if let Some(value) = of_same.or_else(|| sample_of(primitive, name, large_numbers, index)) {
                corrected.push((cursor.path(), value));
            }
        }
    });
    for placeholder in &contract.response.placeholders {
        let Some(primitive) = Primitive::read(&placeholder.type_name).filter(|own| *own != Primitive::String) else {
            continue;
        };
        if corrected.iter().any(|(path, _)| *path == placeholder.path) {
            continue;
        }
        let name = placeholder.path.last_name().unwrap_or_default();
        let value = sample_of(primitive, name, large_numbers, corrected.len());
        corrected.extend(value.map(|value| (placeholder.path.clone(), value)));
    }
    corrected
}

/// The same value in the form of its type, where only the form is another: `"5"` for 5.
fn converted(primitive: Primitive, value: &Json, large_numbers: LargeNumbers) -> Option<Json> {
    let other = match value {
        Json::String(text) if primitive == Primitive::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ => return None,
        },
        // A point in time of which the zone is not said, or only the day, and a day that is said with its time.
        Json::String(text) if primitive == Primitive::DateTimeOffset => {
            let is_day = conforms(Primitive::Date, value, large_numbers);
            Json::String(format!("{text}{}", if is_day { "T00:00:00Z" } else { "Z" }))
        }
        Json::String(text) if primitive == Primitive::Date => Json::String(text.split_once('T')?.0.to_owned()),
        Json::String(text) => Json::Number(Number::from_literal(text.trim())?),
        Json::Number(number) => Json::String(number.literal().to_owned()),
        Json::Bool(value) => Json::String(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    conforms(primitive, &other, large_numbers).then_some(other)
}

fn place<'a>(body: &'a mut Json, steps: &[Step]) -> Option<&'a mut Json> {
    steps.iter().try_fold(body, |value, step| match (value, step) {
        (Json::Object(members), Step::Name(name)) => {
            members.iter_mut().find(|member| member.name == *name).map(|member| &mut member.value)
        }
        (Json::Array(items), Step::Index(index)) => items.get_mut(*index),
        _ => None,
    })
}

/// Whether a response is about what was sent: the request creates or changes an object, and the documented response shows at least one of
/// its members with the value that the documented request sends.
fn repeats(contract: &Contract, body: &Json) -> Repeats {
    let sent = contract.request.body.as_ref().and_then(Body::as_json);
    let (Json::Object(shown), Some(Json::Object(sent))) = (body, sent) else { return Repeats::Nothing };
    let is_change = matches!(contract.request.method.as_str(), "POST" | "PATCH" | "PUT");
    let is_same = |member: &Member| {
        !member.name.starts_with('@')
            && shown.iter().any(|own| own.name == member.name && contains(&own.value, &member.value))
    };
    let of_one_type = contract.request.body_type.is_some() && contract.request.body_type == contract.response.body_type;
    // What PATCH answers is the object that it changes (OData Protocol 4.01 section 11.4.3): who changes a member sees it, whichever the page shows.
    let is_named = |name: &String| name.contains('.');
    let is_other = contract.request.body_type.as_ref().is_some_and(|own| is_named(own) && !of_one_type);
    if contract.request.method == "PATCH" && !is_other {
        return Repeats::All;
    }
    match is_change && (of_one_type || sent.iter().any(is_same)) {
        false => Repeats::Nothing,
        true if contract.response.may_be_truncated && of_one_type => Repeats::All,
        true => Repeats::Documented,
    }
}

/// Whether a shown value is the one that is sent, or an object with all that is sent of it.
fn contains(shown: &Json, sent: &Json) -> bool {
    match (shown, sent) {
        (Json::Object(shown), Json::Object(sent)) if !sent.is_empty() => sent
            .iter()
            .all(|member| shown.iter().any(|own| own.name == member.name && contains(&own.value, &member.value))),
        _ => shown == sent,
    }
}

/// Puts what was sent into an answer: of an object those members that were sent, so that others stay as documented.
fn repeat(shown: &mut Vec<Member>, sent: &[Member], repeats: Repeats) {
    if repeats == Repeats::Nothing {
        return;
    }
    let documented = shown.len();
    for Member { name, value } in sent.iter().filter(|member| !member.name.contains('@')) {
        match shown[..documented].iter_mut().find(|own| own.name.eq_ignore_ascii_case(name)) {
            Some(Member { value: Json::Object(own), .. }) if let Json::Object(sent) = value => {
                repeat(own, sent, Repeats::All)
            }
            // What a service shows only in part, or in another form, stays as documented.
            Some(own) if own.value.kind() == value.kind() || own.value == Json::Null => own.value = value.clone(),
            Some(_) => {}
            None if repeats == Repeats::All => shown.push(Member { name: name.clone(), value: value.clone() }),
            None => {}
        }
    }
}
