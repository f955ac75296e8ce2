//! Whether a body may make or change an object, as far as the contract says so.

use super::answer::{Answer, Content};
use super::call::Call;
use super::declarations::member;
use super::documented::body;
use super::engine::Engine;
use super::identifiers::key;
use super::tenant::{Place, Tenant};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::service::ServiceValue;

/// The refusal of a body that does not fit, worded like those of Microsoft Graph: an undeclared property, or a required one without a value.
/// What nothing declares is not known to be wrong.
pub(super) fn refused(call: &Call<'_>, is_create: bool) -> Option<Answer> {
    let (contract, Json::Object(sent)) = (call.contract?, call.sent.as_ref()?) else { return None };
    if let Some((name, type_name)) = undeclared(call) {
        let message = format!(
            "The property '{name}' does not exist on type '{type_name}'. Make sure to only use property names that are defined by the type."
        );
        return Some(Answer::error(400, "BadRequest", message));
    }
    let own = contract.request.body_type.as_deref().and_then(|name| Some((name, contract.types.get(name)?)));
    let (type_name, own) = own.filter(|_| is_create)?;
    let has = |name: &str| {
        let mut members = sent.iter();
        members.any(|member| {
            let own = member.name.strip_suffix("@odata.bind").unwrap_or(&member.name);
            own.eq_ignore_ascii_case(name) && member.value != Json::Null
        })
    };
    // A table may be about an object within the body: what the example lacks is not required of the body.
    let documented = contract.request.body.as_ref().and_then(Body::as_json)?;
    let is_shown = |name: &str| documented.get(name).is_some();
    let mut required = own.properties.iter().filter(|property| property.required && is_shown(&property.name));
    let missing = required.find(|property| !has(&property.name))?;
    let resource = type_name.rsplit('.').next().unwrap_or(type_name);
    let message = format!("A value is required for property '{}' of resource '{resource}'.", missing.name);
    Some(Answer::error(400, "Request_BadRequest", message))
}

/// A member that the type of the request does not have, with the type.
fn undeclared<'a>(call: &'a Call<'_>) -> Option<(&'a str, &'a str)> {
    let declared = call.declared?;
    let (rules, own) = (declared.rules?, declared.request_type()?);
    let sent = call.sent.as_ref()?;
    let type_name = rules.own_type(sent).map_or(own.name.as_str(), |(name, _)| name);
    let Json::Object(members) = sent else { return None };
    // What the page itself sends may be newer than the metadata.
    let documented = call.contract?.request.body.as_ref().and_then(Body::as_json);
    let is_shown = |name: &str| documented.is_some_and(|documented| documented.get(name).is_some());
    members.iter().filter(|one| !one.name.contains('@') && !is_shown(&one.name)).find_map(|one| {
        match member(rules, type_name, &one.name) {
            ServiceValue::Undeclared { open: false, owner, .. } => Some((one.name.as_str(), owner)),
            _ => None,
        }
    })
}

impl Engine {
    /// The refusal of an object that has what only one object may have: a property by which objects are addressed, or the one that a documented
    /// conflict is about.
    pub(super) fn conflict(
        &self,
        call: &Call<'_>,
        collection: usize,
        place: &Place,
        tenant: &Tenant,
    ) -> Option<Answer> {
        let sent = call.sent.as_ref()?;
        let conflict =
            call.index.and_then(|index| self.routes.conflict(index)).map(|index| &self.store().contracts[index]);
        let named = conflict.map(|conflict| named_in(conflict, sent)).unwrap_or_default();
        let alternates = self.routes.node(collection).alternates.iter().map(String::as_str);
        for name in named.into_iter().chain(alternates) {
            let value = |object: &Json| {
                object.get(name).filter(|value| **value != Json::Null).map(|own| key(own).to_lowercase())
            };
            let Some(own) = value(sent) else { continue };
            if tenant.objects(place).any(|(at, object)| *at != call.place() && value(object).as_ref() == Some(&own)) {
                let content = conflict.and_then(body).map(|body| Content::Json(body.clone()));
                return Some(match content {
                    Some(content) => Answer::new(409, content).from(super::Origin::Refusal),
                    None => Answer::object_conflict(name),
                });
            }
        }
        None
    }
}

/// The members of a body whose names a documented error has as a word.
fn named_in<'a>(conflict: &Contract, sent: &'a Json) -> Vec<&'a str> {
    let text = body(conflict).map(ToString::to_string).unwrap_or_default();
    let words: std::collections::BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let Json::Object(members) = sent else { return Vec::new() };
    members.iter().map(|member| member.name.as_str()).filter(|name| words.contains(name)).collect()
}
