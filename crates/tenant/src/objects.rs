//! Objects as they are kept and shown.

use std::collections::{HashMap, HashSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::text;
use graph_contracts::json::{Json, Member};

/// What cannot stand in a segment of a path, and what Microsoft Graph would read as something else.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'=').remove(b'@');

/// The object that was sent, without what only says how to read it.
pub(super) fn without_control(sent: Option<&Json>) -> Json {
    let members = match sent {
        Some(Json::Object(members)) => members.as_slice(),
        _ => &[],
    };
    let mut names = HashSet::new();
    let own = members.iter().filter(|own| !own.name.starts_with("@odata.") && names.insert(own.name.as_str()));
    Json::Object(own.cloned().collect())
}

/// An object changed by what was sent: members that are there get the new value (OData Protocol 4.01 section 11.4.3).
pub(super) fn merged(old: Json, sent: Json) -> Json {
    match (old, sent) {
        (Json::Object(mut members), Json::Object(sent)) => {
            let positions = members.iter().enumerate().rev().map(|(at, own)| (own.name.clone(), at));
            let mut positions: HashMap<String, usize> = positions.collect();
            for member in sent {
                match positions.get(&member.name).and_then(|at| members.get_mut(*at)) {
                    Some(own) => own.value = member.value,
                    None => {
                        positions.insert(member.name.clone(), members.len());
                        members.push(member);
                    }
                }
            }
            Json::Object(members)
        }
        (_, sent) => sent,
    }
}

/// An object with its identifier, for those that ask for it.
pub(super) fn identified(body: Json, id: &Json) -> Json {
    let mut members = vec![Member { name: "id".to_owned(), value: id.clone() }];
    if let Json::Object(own) = body {
        members.extend(own.into_iter().filter(|member| member.name != "id"));
    }
    Json::Object(members)
}

/// A body with its context URL first (OData JSON Format 4.01 section 4.6.1); only objects have one.
pub(super) fn with_context(body: Json, context: &str) -> Json {
    match body {
        Json::Object(mut members) => {
            members.insert(0, text("@odata.context", context));
            Json::Object(members)
        }
        other => other,
    }
}

pub(super) fn wrapped(value: Json, context: &str) -> Json {
    Json::Object(vec![text("@odata.context", context), Member { name: "value".to_owned(), value }])
}

/// A key as a segment of a path.
pub(super) fn encoded(key: &str) -> String {
    utf8_percent_encode(key, SEGMENT).to_string()
}
