//! Query options applied to a documented body.

use graph_contracts::contract::Contract;
use graph_contracts::json::{Json, Member};
use graph_contracts::query::{is_system_option, option_name};
use graph_contracts::service::{ServiceRules, ServiceValue};
use graph_contracts::url::{Target, query_parameters};
use graph_contracts_tenant::query::{InvalidOption, Options, Paging};
use http::{Method, StatusCode};

use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// How many items a page has where the request does not say it. No page documents as many.
const PAGE: usize = 1000;

/// OData's own options of a request, their names in the form in which they are compared, without those that the documented request has as well: the
/// documented body has these already.
pub(crate) fn unfulfilled(request: &Incoming, fulfills: impl Fn(&str, &str) -> bool) -> Vec<(String, String)> {
    let Some(query) = request.query.as_deref().filter(|_| matches!(request.method, Method::GET | Method::HEAD)) else {
        return Vec::new();
    };
    let sent = query_parameters(query).into_iter();
    sent.map(|(name, value)| (option_name(&name).into_owned(), value.replace('+', " ")))
        .filter(|(name, value)| is_system_option(name) && (name == "$count" || !fulfills(name, value)))
        .collect()
}

/// The body with those options of a request applied, and what was not applied, in words; or the refusal of an option that is not valid.
pub(crate) fn shaped(
    contract: &Contract,
    rules: Option<&ServiceRules>,
    request: &Incoming,
    sent: &[(String, String)],
    body: Json,
) -> Result<(Json, Vec<String>), Box<Reply>> {
    let Some(query) = request.query.as_deref().filter(|_| !sent.is_empty()) else { return Ok((body, Vec::new())) };
    let documented = Target::read(&contract.request.url).query_parameters();
    if sent.iter().any(|(name, value)| is_token(name) && value.parse::<usize>().is_err()) {
        return Ok((continued(request, body), Vec::new()));
    }
    let is_custom = |name: &str| documented.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let options = Options::parse_with(query, &is_custom).without(|name| !sent.iter().any(|(own, _)| own == name));
    let type_name = contract.response.body_type.as_deref();
    let declared = |names: &[String]| declares(contract, rules, type_name, names);
    let url = format!("{}{}", request.base_url, request.path);
    let paging = Paging { size: PAGE, top_is_size: true };
    // The documented number of items stays the number of all of them, unless fewer are asked for.
    let is_fewer = sent.iter().any(|(name, _)| matches!(name.as_str(), "$filter" | "$search"));
    let is_counted = sent.iter().any(|(name, value)| name == "$count" && value == "true");
    let count = body.get("@odata.count").cloned().filter(|_| is_counted && !is_fewer);
    match options.apply_to_body(body, &url, paging, &declared) {
        Ok(applied) => {
            let object = match count {
                Some(count) => counted(applied.object, count),
                None => applied.object,
            };
            Ok((object, applied.notes.iter().map(ToString::to_string).collect()))
        }
        Err(InvalidOption { option, reason, .. }) => {
            let message = format!("Invalid {option}: {reason}.");
            Err(Box::new(graph_error(StatusCode::BAD_REQUEST, "BadRequest", &message)))
        }
    }
}

/// A collection with that number of items.
fn counted(body: Json, count: Json) -> Json {
    let Json::Object(mut members) = body else { return body };
    let at = members.iter().position(|own| own.name == "@odata.nextLink" || own.name == "value").unwrap_or_default();
    members.retain(|own| own.name != "@odata.count");
    members.insert(at.min(members.len()), Member { name: "@odata.count".to_owned(), value: count });
    Json::Object(members)
}

fn is_token(name: &str) -> bool {
    matches!(name, "$skiptoken" | "$deltatoken")
}

/// What follows the documented page of a collection: no page shows it, so it has no items, and a delta has a link for the next changes
/// (OData JSON Format 4.01 section 15).
fn continued(request: &Incoming, body: Json) -> Json {
    let Json::Object(members) = body else { return body };
    let is_delta = members.iter().any(|member| member.name.ends_with("deltaLink"))
        || request.path.to_ascii_lowercase().trim_end_matches("()").ends_with("delta");
    let kept =
        members.into_iter().filter(|member| !member.name.ends_with("nextLink") && !member.name.ends_with("deltaLink"));
    let mut members: Vec<Member> = kept
        .map(|member| match member.value {
            Json::Array(_) if member.name == "value" => Member { value: Json::Array(Vec::new()), ..member },
            _ => member,
        })
        .collect();
    if is_delta {
        let link = format!("{}{}?$deltatoken=latest", request.base_url, request.path);
        members.push(Member { name: "@odata.deltaLink".to_owned(), value: Json::String(link) });
    }
    Json::Object(members)
}

/// Whether the type of the body, or of its elements, has a property of these names; `None` where nobody says it.
fn declares(
    contract: &Contract,
    rules: Option<&ServiceRules>,
    type_name: Option<&str>,
    names: &[String],
) -> Option<bool> {
    let [name] = names else { return None };
    let service = rules.and_then(|rules| Some((rules, contract.response_type(rules, None)?)));
    match service.map(|(rules, own)| rules.member(&own.name, name)) {
        Some(ServiceValue::Declared(_)) => return Some(true),
        Some(ServiceValue::Undeclared { open: false, .. }) => return Some(false),
        _ => {}
    }
    let own = contract.types.get(type_name?)?;
    let is_own = |other: &str| other.eq_ignore_ascii_case(name);
    let is_listed = own.properties.iter().any(|own| is_own(&own.name)) || own.others.iter().any(|own| is_own(own));
    is_listed.then_some(true)
}
