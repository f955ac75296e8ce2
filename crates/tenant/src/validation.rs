//! Whether a body may make or change an object, as far as the contract says so.

use super::answer::{Answer, Content};
use super::call::Call;
use super::declarations::member;
use super::documented::body;
use super::engine::Engine;
use super::identifiers::key;
use super::tenant::{Place, Tenant};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Member};
use graph_contracts::service::ServiceValue;

/// The refusal of a body that does not fit, worded like those of Microsoft Graph: an undeclared property, or a required one without a value.
/// What nothing declares is not known to be wrong. `others` are the contracts of the other requests that the same page shows.
pub(super) fn refused(call: &Call<'_>, is_create: bool, others: &[&Contract]) -> Option<Answer> {
    let (contract, Json::Object(sent)) = (call.contract?, call.sent.as_ref()?) else { return None };
    if let Some((name, type_name)) = undeclared(call) {
        let message = format!(
            "The property '{name}' does not exist on type '{type_name}'. Make sure to only use property names that are defined by the type."
        );
        return Some(Answer::error(400, "BadRequest", message));
    }
    if !is_create {
        return None;
    }
    // A page may show what is required of a request, and another one that does without. Which one is meant is known of a request that has all of it, or
    // something that it alone has.
    let own = contract.request.body.as_ref().and_then(Body::as_json)?;
    let is_meant = |other: &Contract| {
        let shown = other.request.body.as_ref().and_then(Body::as_json);
        let is_own = |name: &str| own.get(name).is_some() && shown.is_none_or(|shown| shown.get(name).is_none());
        sent.iter().all(|member| !is_own(&member.name))
    };
    let has = |member: &Member| sent.iter().any(|one| one.name == member.name);
    let is_whole = matches!(own, Json::Object(members) if members.iter().all(has));
    let others = others.iter().copied().filter(|other| !is_whole && is_meant(other));
    let (resource, name) =
        missing(contract, sent).or_else(|| others.filter_map(|other| missing(other, sent)).next())?;
    let message = format!("A value is required for property '{name}' of resource '{resource}'.");
    Some(Answer::error(400, "Request_BadRequest", message))
}

/// A property that a contract requires and a body has no value for, with the resource.
fn missing<'c>(contract: &'c Contract, sent: &[Member]) -> Option<(&'c str, &'c str)> {
    let type_name = contract.request.body_type.as_deref()?;
    let has = |name: &str| {
        sent.iter().any(|member| {
            let own = member.name.strip_suffix("@odata.bind").unwrap_or(&member.name);
            own.eq_ignore_ascii_case(name) && member.value != Json::Null
        })
    };
    // A table may be about an object within the body: what the example lacks is not required of the body.
    let documented = contract.request.body.as_ref().and_then(Body::as_json)?;
    let mut required = contract.types.get(type_name)?.properties.iter().filter(|own| own.required);
    let missing = required.find(|own| documented.get(&own.name).is_some() && !has(&own.name))?;
    Some((type_name.rsplit('.').next().unwrap_or(type_name), &missing.name))
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
    /// The contracts of the other requests that the page of a call shows with the same method and URL template.
    pub(super) fn variants(&self, call: &Call<'_>) -> Vec<&Contract> {
        let Some(own) = call.contract else { return Vec::new() };
        let all = self.routes.node(call.found.node()).operations.iter().filter(|operation| operation.succeeds);
        let all = all.map(|operation| &self.store().contracts[operation.contract]);
        let is_variant = |one: &&Contract| {
            one.source.page == own.source.page && one.request.method == own.request.method && one.id != own.id
        };
        all.filter(is_variant).collect()
    }

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
            if is_taken(name, sent, place, &call.place(), tenant) {
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

/// Whether another object of a collection than the one at `own` has the value that a body has of a property, in any case.
pub(super) fn is_taken(name: &str, body: &Json, collection: &Place, own: &Place, tenant: &Tenant) -> bool {
    let value =
        |object: &Json| object.get(name).filter(|value| **value != Json::Null).map(|own| key(own).to_lowercase());
    let Some(wanted) = value(body) else { return false };
    tenant.objects(collection).any(|(at, object)| at != own && value(object).as_ref() == Some(&wanted))
}

/// The members of a body whose names a documented error has as a word.
fn named_in<'a>(conflict: &Contract, sent: &'a Json) -> Vec<&'a str> {
    let text = body(conflict).map(ToString::to_string).unwrap_or_default();
    let words: std::collections::BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let Json::Object(members) = sent else { return Vec::new() };
    members.iter().map(|member| member.name.as_str()).filter(|name| words.contains(name)).collect()
}
