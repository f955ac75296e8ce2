//! Variations of a documented response that leave its contract whole.

use std::collections::HashMap;

use super::Expectation::Harmless;
use super::body::{other_id, other_time, words};
use super::documented_value::{DocumentedValue, documented_values, is_date, is_duration, is_time, with_value};
use super::mutant::content_type;
use super::{Class, Mutant};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Member, Number};
use graph_contracts::stub::Answer;

pub(super) fn variations(contract: &Contract, documented: &Answer, give: &mut dyn FnMut(Mutant)) {
    let mut give = |class: Class, answer: Answer| {
        give(Mutant { class, places: Vec::new(), exact: Harmless, shape: Harmless, answer });
    };
    let mut extra = documented.clone();
    for (name, value) in [
        ("request-id", "5dc9b2f6-8d4f-4a5c-9f0b-9d3c4d7b2a10"),
        ("client-request-id", "5dc9b2f6-8d4f-4a5c-9f0b-9d3c4d7b2a10"),
        ("x-ms-ags-diagnostic", "{\"ServerInfo\":{\"DataCenter\":\"West Europe\"}}"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("Vary", "Accept-Encoding"),
        ("Set-Cookie", "a=b; Secure"),
        ("OData-Version", "4.0"),
    ] {
        if !extra.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
            extra.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    give(Class::ExtraHeaders, extra);
    // Two parameters of one name would be another matter.
    if let Some(value) = content_type(contract).filter(|value| !value.contains(';')) {
        for parameters in
            ["odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8", "charset=UTF-8"]
        {
            let value = format!("{};{parameters}", value.to_ascii_uppercase());
            give(Class::MediaTypeParameters, documented.with_header("Content-Type", &value));
        }
    }
    let Some(Body::Json(body)) = contract.response.body.as_ref().filter(|_| !documented.body.is_empty()) else {
        return;
    };
    give(Class::Whitespace, documented.with_body(body.to_string()));
    give(Class::Whitespace, documented.with_body(format!("\r\n\t {}\r\n\r\n", body.to_pretty().replace('\n', "\r\n"))));
    give(Class::MemberOrder, documented.with_body(reversed(body).to_string()));
    give(Class::Annotations, documented.with_body(annotated(body, true).to_pretty()));
    let values = documented_values(contract, body);
    let times: Vec<&DocumentedValue<'_>> =
        values.iter().filter(|target| target.is_assigned_time() && !target.is_assigned_id()).collect();
    if let Some((first, others)) = times.split_first() {
        give(Class::OtherTimes, documented.with_body(with_other_time(body, first).to_pretty()));
        let all = others.iter().fold(with_other_time(body, first), |body, target| with_other_time(&body, target));
        give(Class::OtherTimes, documented.with_body(all.to_pretty()));
    }
    if let Some(answer) = with_other_ids(documented, body, &values) {
        give(Class::OtherIds, answer);
    }
}

fn with_other_time(body: &Json, target: &DocumentedValue<'_>) -> Json {
    with_value(body, &target.positions, |value| {
        if let Json::String(time) = value {
            *time = other_time(time);
        }
    })
}

/// The response with every key that the service assigned replaced by another, wherever it stands.
fn with_other_ids(documented: &Answer, body: &Json, values: &[DocumentedValue<'_>]) -> Option<Answer> {
    let assigned: Vec<&DocumentedValue<'_>> =
        values.iter().filter(|target| target.is_assigned_id() && target.enumeration().is_empty()).collect();
    let texts = assigned.iter().filter_map(|target| target.value.as_str());
    let mut taken = String::from_utf8_lossy(&documented.body).into_owned();
    let mut others: HashMap<&str, String> = HashMap::new();
    // Dates and the like identify nothing; that they are equal elsewhere is chance. So is what is empty.
    for id in texts.filter(|id| !(id.is_empty() || is_time(id) || is_date(id) || is_duration(id))) {
        if !others.contains_key(id) {
            let other = other_id(id, &taken);
            taken.push_str(&other);
            others.insert(id, other);
        }
    }
    let mut changed = body.clone();
    for target in &assigned {
        changed = with_value(&changed, &target.positions, |value| match value {
            Json::String(id) => *id = others.get(id.as_str()).unwrap_or(id).clone(),
            Json::Number(id) => {
                let other = if id.is_integer() { "4711" } else { "47.11" };
                *id = Number::from_literal(other).unwrap_or_else(|| id.clone());
            }
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => {}
        });
    }
    // Short ones stand in other text by chance, and the longer of two comes first.
    let mut embedded: Vec<(&str, &String)> =
        others.iter().map(|(id, other)| (*id, other)).filter(|(id, _)| id.len() >= 8).collect();
    embedded.sort_by_key(|(id, _)| std::cmp::Reverse(id.len()));
    let replaced = |text: &str| {
        // All at once: what replaces one identifier is not to be taken for another.
        let mut found: Vec<(usize, &str, &String)> = Vec::new();
        for (id, other) in &embedded {
            for at in words(text, id) {
                let overlaps =
                    |(start, own, _): &(usize, &str, &String)| at < start + own.len() && *start < at + id.len();
                if !found.iter().any(overlaps) {
                    found.push((at, id, other));
                }
            }
        }
        found.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        found.into_iter().fold(text.to_owned(), |mut text, (at, id, other)| {
            text.replace_range(at..at + id.len(), other);
            text
        })
    };
    for target in values.iter().filter(|target| !target.is_sent() && !target.is_assigned_id()) {
        if let Json::String(text) = target.value {
            changed = with_value(&changed, &target.positions, |value| *value = Json::String(replaced(text)));
        }
    }
    let headers = documented.headers.iter().map(|(name, value)| {
        let is_type = name.eq_ignore_ascii_case("content-type");
        (name.clone(), if is_type { value.clone() } else { replaced(value) })
    });
    let answer = Answer { headers: headers.collect(), body: changed.to_pretty().into_bytes(), ..documented.clone() };
    (!assigned.is_empty()).then_some(answer)
}

/// The members of every object in reverse, but for objects that have a name twice: of those, the order tells which is which.
fn reversed(value: &Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.iter().map(reversed).collect()),
        Json::Object(members) => {
            let member = |member: &Member| Member { name: member.name.clone(), value: reversed(&member.value) };
            let mut reversed: Vec<Member> = members.iter().map(member).collect();
            let is_twice = |name: &str| members.iter().filter(|member| member.name == name).count() > 1;
            if !members.iter().any(|member| is_twice(&member.name)) {
                reversed.reverse();
            }
            Json::Object(reversed)
        }
        scalar => scalar.clone(),
    }
}

/// The body with control information in every object.
fn annotated(value: &Json, is_root: bool) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.iter().map(|item| annotated(item, false)).collect()),
        Json::Object(members) => {
            let mut annotated_members = Vec::new();
            let mut add = |name: String, text: &str| {
                if !members.iter().any(|member| member.name == name) {
                    annotated_members.push(Member { name, value: Json::String(text.to_owned()) });
                }
            };
            if is_root {
                add("@odata.context".to_owned(), "https://graph.microsoft.com/v1.0/$metadata#things/$entity");
            }
            add("@odata.etag".to_owned(), "W/\"JzEtSW50dW5lJw==\"");
            for member in members.iter().filter(|member| !member.name.contains('@')) {
                add(format!("{}@odata.navigationLink", member.name), "https://graph.microsoft.com/v1.0/things");
            }
            let member = |member: &Member| Member { name: member.name.clone(), value: annotated(&member.value, false) };
            annotated_members.extend(members.iter().map(member));
            Json::Object(annotated_members)
        }
        scalar => scalar.clone(),
    }
}
