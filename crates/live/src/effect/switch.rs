//! Policies are sent switched off, or only reporting, where their type has that: then they apply to nobody.

use std::fmt;

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;

/// The states of a policy in which it applies to nobody, the quietest first (Microsoft Graph documentation, conditionalAccessPolicy
/// resource type).
const OFF: [&str; 2] = ["disabled", "enabledForReportingButNotEnforced"];

/// Members that say whether a policy is on, where they are Boolean.
const FLAGS: [&str; 2] = ["isEnabled", "enabled"];

/// A member of a request that switches a policy off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Switch {
    /// The member's name.
    pub(super) member: String,
    /// The value with which the policy applies to nobody.
    pub(super) off: Json,
}

impl Switch {
    /// The switch of the policy that a contract's request sends. `None` where it sends none, or nothing documents a value for off.
    pub(super) fn of(contract: &Contract) -> Option<Switch> {
        let sent = contract.request.body.as_ref()?.as_json()?;
        if let Some(state) = sent.get("state") {
            let state = state.as_str()?;
            let documented = |value: &str| state == value || declares(contract, "state", value);
            let off = if OFF.contains(&state) { state } else { OFF.into_iter().find(|value| documented(value))? };
            return Some(Switch { member: "state".to_owned(), off: Json::String(off.to_owned()) });
        }
        let is_flag = |name: &&str| matches!(sent.get(name), Some(Json::Bool(_)));
        let flag = FLAGS.into_iter().find(is_flag)?;
        Some(Switch { member: flag.to_owned(), off: Json::Bool(false) })
    }

    /// The contract with its policy switched off; where the documented response repeats what the request sent, it repeats that.
    #[must_use]
    pub(crate) fn put_off(&self, mut contract: Contract) -> Contract {
        let on = contract.request.body.as_mut().and_then(|body| self.replace(body, None));
        if let (Some(on), Some(received)) = (on, &mut contract.response.body) {
            self.replace(received, Some(&on));
        }
        contract
    }

    /// Puts the value for off into a body, if it has the member with that value, and gives the value that it had.
    fn replace(&self, body: &mut Body, on: Option<&Json>) -> Option<Json> {
        let Body::Json(Json::Object(members)) = body else { return None };
        let is_own = |value: &Json| on.is_none_or(|on| on == value);
        let member = members.iter_mut().find(|member| member.name == self.member && is_own(&member.value))?;
        Some(std::mem::replace(&mut member.value, self.off.clone()))
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}", self.member, self.off)
    }
}

/// Whether the page's types document a value for a property: those of the body first.
fn declares(contract: &Contract, name: &str, value: &str) -> bool {
    let types = [&contract.request.body_type, &contract.response.body_type];
    let own = types.into_iter().flatten().filter_map(|name| contract.types.get(name));
    let properties = own.flat_map(|own| &own.properties);
    properties.filter(|property| property.name == name).any(|property| property.values.iter().any(|own| own == value))
}
