//! What a request expands and the page does not show, as the page of that shows it.

use bytes::Bytes;
use graph_contracts::json::{Json, Member};
use graph_contracts_tenant::query::Options;
use http::Method;

use crate::incoming::Incoming;

/// So many properties are looked up.
const MOST: usize = 20;

/// The body with the navigation properties that the request expands, each as `documented` has it at the path of the property (OData URL Conventions
/// 4.01 section 5.1.3). What the page shows itself stays.
pub(crate) fn expanded(request: &Incoming, body: Json, documented: impl Fn(&Incoming) -> Option<Json>) -> Json {
    if !may_expand(request) {
        return body;
    }
    let query = request.query.as_deref().unwrap_or_default();
    let mut body = body;
    for (name, _) in Options::parse(query).expands().take(MOST) {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let Some(objects) = objects(&mut body).filter(|objects| is_name && !objects.is_empty()) else { continue };
        if objects.iter().any(|(object, _)| object.iter().any(|own| own.name.eq_ignore_ascii_case(name))) {
            continue;
        }
        let is_item = objects.iter().any(|(_, is_item)| *is_item);
        let path = request.path.trim_end_matches('/');
        let path = if is_item { format!("{path}/0/{name}") } else { format!("{path}/{name}") };
        let own = Incoming { path, query: None, body: Bytes::new(), left_out: 0, file: None, ..request.clone() };
        let Some(value) = documented(&own).map(content) else { continue };
        for (object, _) in objects {
            object.push(Member { name: name.to_owned(), value: value.clone() });
        }
    }
    body
}

/// Whether a request may expand something.
pub(crate) fn may_expand(request: &Incoming) -> bool {
    let query = request.query.as_deref().unwrap_or_default();
    request.method == Method::GET && query.to_ascii_lowercase().contains("expand")
}

/// The objects that a body is about, each with whether it is one of a collection.
fn objects(body: &mut Json) -> Option<Vec<(&mut Vec<Member>, bool)>> {
    let Json::Object(members) = body else { return None };
    let is_collection = |own: &Member| own.name == "value" && matches!(own.value, Json::Array(_));
    let Some(at) = members.iter().position(is_collection) else { return Some(vec![(members, false)]) };
    let Json::Array(items) = &mut members[at].value else { return None };
    let objects = items.iter_mut().filter_map(|item| match item {
        Json::Object(members) => Some((members, true)),
        _ => None,
    });
    Some(objects.collect())
}

/// What a body has within another one: its collection, or the object without its context.
fn content(body: Json) -> Json {
    match body {
        Json::Object(members) => match members.iter().find(|own| own.name == "value") {
            Some(Member { value: items @ Json::Array(_), .. }) => items.clone(),
            _ => Json::Object(members.into_iter().filter(|own| own.name != "@odata.context").collect()),
        },
        other => other,
    }
}
