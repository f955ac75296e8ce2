//! Which effects a step has, by the table and by what is not in it.

use std::fmt;

use super::super::phase::Phase;
use super::effect_class::EffectClass;
use super::operation::{Name, Operation};
use super::signs::{ROWS, Row, Term};
use super::switch::Switch;
use super::words::{begins, ends, has};
use graph_contracts::contract::Contract;

/// An effect that a step has, as far as anything tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Its class.
    pub class: EffectClass,
    /// What tells.
    pub because: Because,
}

/// What tells that an operation has an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The name of the action that it calls.
    Action(String),
    /// A name in its route.
    Route(String),
    /// A permission that it needs.
    Permission(String),
    /// A member that it sends.
    Member(String),
    /// Nothing: it calls an action of which nothing is known.
    UnknownAction(String),
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Because::Action(name) => write!(f, "it calls `{name}`"),
            Because::Route(name) => write!(f, "its route has `{name}`"),
            Because::Permission(name) => write!(f, "it needs {name}"),
            Because::Member(name) => write!(f, "it sends `{name}`"),
            Because::UnknownAction(name) => write!(f, "it calls `{name}`, and what that does is not known"),
        }
    }
}

/// The effects of a contract on one of its routes, one of each class. Reading has none, deleting an object of the run's own neither, nor
/// has a policy that is sent switched off.
pub(crate) fn effects(contract: &Contract, route: &str, phase: Phase) -> Vec<Effect> {
    if phase == Phase::Read {
        return Vec::new();
    }
    let operation = Operation::of(contract, route, phase);
    if phase == Phase::Delete && operation.action.is_none() {
        return Vec::new();
    }
    let is_change = phase != Phase::Action && operation.action.is_none();
    let mut found: Vec<Effect> = Vec::new();
    for row in ROWS.iter() {
        let class = row.signs.class;
        let Some(because) = sign(row, &operation) else { continue };
        let is_off = row.signs.can_be_off && is_change && Switch::of(contract).is_some();
        if !is_off && found.iter().all(|effect| effect.class != class) {
            found.push(Effect { class, because });
        }
    }
    // A change that is in no row is a change of an own object, and a policy that is off is nothing else.
    if found.is_empty() && !is_change {
        let name = operation.action.or_else(|| operation.route.into_iter().next_back());
        let because = Because::UnknownAction(name.map_or_else(|| contract.request.method.clone(), |name| name.text));
        found.push(Effect { class: EffectClass::Other, because });
    }
    found
}

/// How the policy that a contract sends is switched off, on whichever of its routes it is one.
pub(crate) fn switch(contract: &Contract) -> Option<Switch> {
    let is_policy = |path: &str| {
        let operation = Operation::of(contract, path, Phase::Update);
        ROWS.iter().any(|row| row.signs.can_be_off && sign(row, &operation).is_some())
    };
    let is_one = !contract.is_safe() && contract.routes.iter().any(|route| is_policy(&route.path));
    is_one.then(|| Switch::of(contract)).flatten()
}

/// By which sign of a row an operation is known.
fn sign(row: &Row, operation: &Operation) -> Option<Because> {
    if row.signs.never_at.contains(&operation.at.as_str()) {
        return None;
    }
    let in_route =
        |terms: &[Term], is: fn(&[String], &[String]) -> bool| operation.route.iter().find(|name| any(terms, name, is));
    if !row.only.is_empty() && in_route(&row.only, ends).is_none() {
        return None;
    }
    if in_route(&row.never, ends).is_some() {
        return None;
    }
    let text = |name: &Name| name.text.clone();
    let action =
        operation.called.iter().find(|name| any(&row.actions, name, begins) || is_after_and(&row.actions, name));
    let on = || operation.action.as_ref().and_then(|_| in_route(&row.objects, ends));
    let last = || operation.last().filter(|name| any(&row.last, name, ends));
    let route = || in_route(&row.route, ends).or_else(|| in_route(&row.within, has));
    let permission = || {
        let all = !operation.permissions.is_empty()
            && operation.permissions.iter().all(|name| any(&row.permissions, name, has));
        operation.permissions.first().filter(|_| all)
    };
    let member = || operation.members.iter().find(|name| any(&row.members, name, ends));
    action
        .map(|name| Because::Action(text(name)))
        .or_else(|| on().map(|name| Because::Route(text(name))))
        .or_else(|| last().or_else(route).map(|name| Because::Route(text(name))))
        .or_else(|| permission().map(|name| Because::Permission(text(name))))
        .or_else(|| member().map(|name| Because::Member(text(name))))
}

/// Whether an action is named after several, of which a later one is in the table: `shipAndInvoice`.
fn is_after_and(terms: &[Term], name: &Name) -> bool {
    let and = name.words.iter().enumerate().filter(|(_, word)| *word == "and");
    and.map(|(at, _)| &name.words[at + 1..]).any(|rest| terms.iter().any(|term| rest.starts_with(&term.words)))
}

fn any(terms: &[Term], name: &Name, is: fn(&[String], &[String]) -> bool) -> bool {
    let is_plural = || name.text.to_ascii_lowercase().ends_with('s');
    terms.iter().any(|term| is(&name.words, &term.words) && (!term.is_plural || is_plural()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::phase::{objects, phase};
    use super::*;
    use graph_contracts_testing::contracts_of_text;

    /// A page with one pair, whose response repeats what is sent.
    fn contract(request: &str, body: &str, permissions: &str, status: u16) -> Contract {
        let (own, url) = request.split_once(' ').expect("method and URL");
        let is_of_pages = ["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&own);
        let method = if is_of_pages { own } else { "POST" };
        let received = if body.is_empty() { "{\"id\": \"1\"}" } else { body };
        let text = format!(
            "# Página\n\n## Permissions\n\n|Permission type|Permissions (from least to most privileged)|\n|:---|:---|\n|Application|{permissions}|\n\n## HTTP request\n\n\
             ```http\n{method} {}\n```\n\n## Request body\n\n|Property|Type|Description|\n|---|---|---|\n\
             |state|String|Possible values are: `enabled`, `disabled`, `enabledForReportingButNotEnforced`.|\n\n## Example\n\n\
             ```http\n{method} https://graph.microsoft.com/v1.0{url}\nContent-Type: application/json\n\n{body}\n```\n\n\
             ```http\nHTTP/1.1 {status} X\nContent-Type: application/json\n\n{received}\n```\n",
            url.split('?').next().unwrap_or_default(),
        );
        let mut contract = contracts_of_text("p.md", &text).remove(0);
        contract.request.method = own.to_owned();
        contract
    }

    /// The classes of effects that an operation has, by names in the order of the table.
    #[track_caller]
    fn check_with(request: &str, body: &str, permissions: &str, status: u16, expected: &str) {
        let contract = contract(request, body, permissions, status);
        let route = &contract.routes[0].path;
        let phase = phase(&contract, route, &objects(std::slice::from_ref(&contract)));
        let effects = effects(&contract, route, phase);
        let classes: BTreeSet<EffectClass> = effects.iter().map(|effect| effect.class).collect();
        let classes = classes.into_iter().map(EffectClass::name).collect::<Vec<_>>().join(" ");
        assert_eq!(classes, expected, "{request} {body} {permissions}: {effects:?}");
    }

    #[track_caller]
    fn check(request: &str, body: &str, expected: &str) {
        check_with(request, body, "Lamps.ReadWrite.All", 201, expected);
    }

    const NAMED: &str = r#"{"name": "a"}"#;

    #[test]
    fn reading_and_the_life_of_an_object_have_no_effects() {
        check("GET /me/messages", "", "");
        check("GET /users/{id}/sendMail", "", "");
        check("POST /lamps", NAMED, "");
        check("POST /companies/{id}/customers", r#"{"displayName": "a", "email": "a@b"}"#, "");
        check("POST /deviceManagement/deviceConfigurations", r#"{"displayName": "a", "assignments": []}"#, "");
        check("PATCH /lamps/{id}", NAMED, "");
        check("PUT /lamps/{id}", NAMED, "");
        check("DELETE /domains/{id}", "", "");
        check("DELETE /lamps/{id}/owners/{id}/$ref", "", "");
        check("POST /me/messages", r#"{"subject": "a", "toRecipients": []}"#, "");
        check("POST /users/{id}/mailFolders/{id}/messages", r#"{"subject": "a"}"#, "");
        check("POST /education/classes/{id}/assignments", r#"{"displayName": "a"}"#, "");
        check("POST /me/events", r#"{"subject": "a", "attendees": [], "responseRequested": true}"#, "");
    }

    #[test]
    fn messages_are_sent_by_actions_collections_and_recipients() {
        check("POST /users/{id}/sendMail", NAMED, "messages");
        check("POST /me/SENDMAIL", NAMED, "messages");
        check("POST /me/messages/{id}/microsoft.graph.replyAll", NAMED, "messages");
        check("POST /chats/{id}/messages", NAMED, "messages");
        check("POST /teams/{id}/channels/{id}/messages/{id}/replies", NAMED, "messages");
        check("POST /me/events", r#"{"subject": "a", "attendees": [{"type": "required"}]}"#, "messages");
        check("PATCH /me/events/{id}", r#"{"attendees": [{"type": "required"}]}"#, "messages");
        check("POST /me/messages", r#"{"subject": "a", "toRecipients": [{"a": 1}]}"#, "messages");
        check("POST /lamps", r#"{"name": "a", "who": [{"deep": {"ccRecipients": ["a"]}}]}"#, "messages");
        check("POST /me/planner/tasks", r#"{"title": "a", "assignments": {"u": {}}}"#, "messages");
        check("POST /lamps?sendNotification=true", NAMED, "messages");
        check_with("POST /lamps", NAMED, "Lamps.Send", 201, "messages");
        check_with("POST /lamps", NAMED, "Lamps.Send, Lamps.ReadWrite.All", 201, "");
        check_with(
            "POST /companies/{id}/salesInvoices/{id}/Microsoft.NAV.send",
            "",
            "Financials.ReadWrite.All",
            204,
            "messages",
        );
    }

    #[test]
    fn each_class_has_its_operations() {
        check("POST /communications/calls", NAMED, "calls");
        check("POST /communications/calls/{id}/mute", NAMED, "calls");
        check_with("POST /lamps", NAMED, "Calls.Initiate.All, Calls.InitiateGroupCalls.All", 201, "calls");
        check("POST /invitations", r#"{"invitedUserEmailAddress": "a@b"}"#, "invitations");
        check("POST /groups/{id}/members/$ref", r#"{"@odata.id": "x"}"#, "memberships");
        check("POST /groups", r#"{"displayName": "a", "owners@odata.bind": ["x"]}"#, "memberships");
        check("POST /groups", r#"{"displayName": "a", "memberSettings": {"b": true}, "members@odata.bind": []}"#, "");
        check("POST /domains", NAMED, "domains");
        check("POST /domains/{id}/verify", "", "domains");
        check("POST /deviceManagement/managedDevices/{id}/wipe", NAMED, "devices");
        check("POST /deviceManagement/managedDevices/{id}/remotelock", NAMED, "devices");
        check_with("POST /users/{id}/managedDevices/{id}/anythingNew", NAMED, "Lamps.ReadWrite.All", 204, "devices");
        check_with(
            "POST /deviceManagement/virtualEndpoint/cloudPCs/{id}/restore",
            "",
            "Lamps.ReadWrite.All",
            204,
            "devices",
        );
        check("POST /deviceAppManagement/windowsInformationProtectionWipeActions", NAMED, "devices");
        check("POST /deviceManagement/deviceConfigurations/{id}/assign", r#"{"assignments": [{}]}"#, "policies");
        check("POST /deviceAppManagement/mobileApps/{id}/assignments", NAMED, "policies");
        check("POST /policies/claimsMappingPolicies", NAMED, "policies");
        check("POST /identity/conditionalAccess/namedLocations", NAMED, "policies");
        check("POST /users/{id}/authentication/phoneMethods", NAMED, "sign-ins");
        check("POST /users/{id}/revokeSignInSessions", "", "sign-ins");
        check("POST /users/{id}/assignLicense", r#"{"addLicenses": [{"skuId": "a"}]}"#, "licenses");
        check("POST /companies/{id}/customerPayments", NAMED, "payments");
        check("POST /companies/{id}/salesOrders/{id}/Microsoft.NAV.shipAndInvoice", "", "payments");
        check("POST /oauth2PermissionGrants", NAMED, "permissions");
        check("POST /oauth2permissiongrants", NAMED, "permissions");
        check("POST /drives/{id}/items/{id}/createLink", NAMED, "permissions");
        check("POST /applications", r#"{"displayName": "a", "passwordCredentials": [{"b": "c"}]}"#, "permissions");
        check("POST /roleManagement/directory/roleAssignments", NAMED, "permissions");
        check("POST /subscriptions", r#"{"changeType": "a"}"#, "webhooks");
        check("POST /lamps", r#"{"name": "a", "notificationUrl": "https://b"}"#, "webhooks");
        check("PATCH /lamps/{id}", r#"{"deep": [{"state": "Enabled"}]}"#, "policies");
        check("PATCH /lamps/{id}", r#"{"state": "open"}"#, "");
        check("PATCH /lamps/{id}", r#"{"lifecycleNotificationUrl": "https://b"}"#, "webhooks");
    }

    #[test]
    fn one_operation_may_have_several_effects() {
        check(
            "POST /drives/{id}/items/{id}/invite",
            r#"{"recipients": [{"a": 1}]}"#,
            "messages invitations permissions",
        );
        check("POST /chats/{id}/messages", r#"{"body": {}, "callbackUrl": "https://b"}"#, "messages webhooks");
        check("POST /companies/{id}/salesInvoices/{id}/Microsoft.NAV.postAndSend", "", "messages payments");
    }

    #[test]
    fn what_an_unknown_action_does_is_not_known() {
        check_with("POST /lamps/{id}/blink", "", "Lamps.ReadWrite.All", 204, "other");
        check_with("POST /lamps/{id}/ns.blink", "", "Lamps.ReadWrite.All", 201, "other");
        check_with("POST /$batch", r#"{"requests": [{"method": "POST"}]}"#, "Lamps.ReadWrite.All", 200, "other");
        check_with("POST /lamps/{id}/shades/$ref", r#"{"@odata.id": "x"}"#, "Lamps.ReadWrite.All", 204, "other");
        check_with("POST /lamps/{id}", "", "Lamps.ReadWrite.All", 204, "other");
        check_with("PURGE /lamps/{id}", "", "Lamps.ReadWrite.All", 204, "other");
        check_with(
            "CANCELANDSEND /companies({id})/salesInvoices({id})",
            "",
            "Financials.ReadWrite.All",
            204,
            "messages",
        );
        check_with("PATCH /lamps/{id}/microsoft.graph.blink", NAMED, "Lamps.ReadWrite.All", 200, "other");
        check_with("DELETE /lamps/{id}/microsoft.graph.blink", "", "Lamps.ReadWrite.All", 204, "other");
    }

    #[track_caller]
    fn check_switch(route: &str, body: &str, expected: Option<&str>) {
        let contract = contract(&format!("POST {route}"), body, "Policy.ReadWrite.All", 201);
        let (effects, switch) = (effects(&contract, route, Phase::Create), switch(&contract));
        assert_eq!(effects.is_empty(), expected.is_some(), "{body}: {effects:?}");
        let off = switch.map(|switch| switch.put_off(contract.clone()));
        let sent = |contract: &Contract| contract.request.body.as_ref().map(|body| body.to_text()).unwrap_or_default();
        let received =
            |contract: &Contract| contract.response.body.as_ref().map(|body| body.to_text()).unwrap_or_default();
        let compact = |text: String| text.split_whitespace().collect::<String>();
        assert_eq!(off.as_ref().map(|off| compact(sent(off))).as_deref(), expected, "{body}");
        assert_eq!(off.as_ref().map(|off| compact(received(off))).as_deref(), expected, "{body}");
    }

    #[test]
    fn a_policy_is_sent_switched_off_where_its_type_has_that_and_needs_leave_where_not() {
        let route = "/identity/conditionalAccess/policies";
        check_switch(route, r#"{"name": "a", "state": "enabled"}"#, Some(r#"{"name":"a","state":"disabled"}"#));
        let reporting = r#"{"name":"a","state":"enabledForReportingButNotEnforced"}"#;
        check_switch(route, reporting, Some(reporting));
        check_switch(
            "/policies/rolloutPolicies",
            r#"{"name": "a", "isEnabled": true}"#,
            Some(r#"{"name":"a","isEnabled":false}"#),
        );
        check_switch(route, r#"{"name": "a"}"#, None);
        check_switch(route, r#"{"name": "a", "state": 1}"#, None);
        // Whatever is on, is switched off.
        check_switch("/lamps", r#"{"name": "a", "state": "enabled"}"#, Some(r#"{"name":"a","state":"disabled"}"#));
        check_switch("/lamps", r#"{"name": "a", "deep": {"state": "enabled"}}"#, None);
        // What Intune assigns applies, whatever else is switched off.
        let sent = r#"{"name": "a", "state": "enabled"}"#;
        let assigned = contract("POST /deviceManagement/x/{id}/assignments", sent, "Policy.ReadWrite.All", 201);
        assert_eq!(effects(&assigned, &assigned.routes[0].path, Phase::Create).len(), 1);
    }

    #[test]
    fn a_state_for_which_nothing_documents_off_needs_leave() {
        let route = "/policies/lampPolicies";
        let mut contract = contract(&format!("POST {route}"), r#"{"state": "enabled"}"#, "Policy.ReadWrite.All", 201);
        contract.types.values_mut().flat_map(|own| &mut own.properties).for_each(|property| property.values.clear());
        let (effects, switch) = (effects(&contract, route, Phase::Create), switch(&contract));
        assert_eq!((effects.len(), switch), (1, None));
    }
}
