//! Which requests do something with an object instead of making one.

use super::documented::{Documented, Envelope, body, envelope};
use super::found::name_key;
use super::routes::{Operation, Routes};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;

impl Routes {
    /// Of the nodes that are answered as if something was created there, with their names, those that are no actions. What is a collection anywhere is one
    /// everywhere.
    pub(super) fn without_actions(
        &mut self,
        creations: Vec<(usize, String)>,
        contracts: &[Contract],
    ) -> Vec<(usize, String)> {
        let collections = self.collection_names();
        let mut others = Vec::new();
        for (node, name) in creations {
            let is_own = |own: &Operation| {
                let contract = &contracts[own.contract];
                contract.request.method == "POST" && is_action(contract, &name)
            };
            let is_alone = !self.node(node).is_collection() && !collections.contains(&name_key(&name));
            if is_alone && self.node(node).operations.iter().all(is_own) {
                self.make_action(node);
            } else {
                others.push((node, name));
            }
        }
        others
    }
}

/// Whether what a page creates, as its status says, follows from an action instead (OData Protocol 4.01 section 11.5.5): the page is called after it
/// (`message: createReply`), or what is sent are parameters, of which the object that is answered has none. Who makes an object sends some of it. `name`
/// is the last segment of the route, below which no page has any object.
fn is_action(contract: &Contract, name: &str) -> bool {
    let is_called = contract.title.rsplit_once(':').is_some_and(|(_, title)| name_key(title.trim()) == name_key(name));
    is_called || takes_parameters(contract)
}

fn takes_parameters(contract: &Contract) -> bool {
    let sent = contract.request.body.as_ref().and_then(Body::as_json);
    let answered = Documented::of(contract).filter(|_| envelope(contract) == Envelope::None);
    let (Some(Json::Object(sent)), Some(answered)) = (sent, answered) else { return false };
    let is_same_type =
        contract.request.body_type.is_some() && contract.request.body_type == contract.response.body_type;
    let declared = contract.response.body_type.as_ref().and_then(|name| contract.types.get(name));
    let is_declared = |name: &str| declared.is_some_and(|own| own.properties.iter().any(|own| own.name == name));
    let own = |name: &str| answered.resource.get(name).is_some() || is_declared(name);
    let mut names = sent.iter().map(|member| member.name.as_str()).filter(|name| !name.contains('@')).peekable();
    // An answer that shows the identifier alone shows nothing of what was sent.
    let shows_more = matches!(body(contract), Some(Json::Object(members)) if members.iter().any(|own| own.name != "id" && !own.name.contains('@')));
    names.peek().is_some() && !is_same_type && shows_more && !names.any(own)
}

#[cfg(test)]
mod tests {
    use graph_contracts_testing::contracts_of_pair;

    use super::*;

    #[track_caller]
    fn check(title: &str, path: &str, sent: &str, answered: &str, expected: bool) {
        let contracts = contracts_of_pair(title, &format!("POST {path}"), sent, "201 Created", answered);
        let name = path.rsplit('/').next().unwrap_or_default();
        let found = contracts.first().map(|contract| is_action(contract, name));
        assert_eq!(found, Some(expected), "{title}: {sent} {answered}");
    }

    #[test]
    fn an_action_is_called_so_or_sends_nothing_of_what_it_answers() {
        let lamp = r#"{"id": "1", "name": "hall", "watts": 5}"#;
        check("lamp: move", "/lamps/{id}/move", r#"{"room": "2"}"#, lamp, true);
        check("lamp: duplicate", "/lamps/{id}/duplicate", "", lamp, true);
        check("Put a lamp elsewhere", "/lamps/{id}/move", r#"{"room": "2"}"#, lamp, true);
        check("Create lamp", "/rooms/{id}/lamps", r#"{"name": "hall"}"#, lamp, false);
        check("Create lamp", "/rooms/{id}/lamps", r#"{"name": "hall", "room": "2"}"#, lamp, false);
        check("Create lamp", "/rooms/{id}/lamps", r#"{"name": "hall"}"#, r#"{"id": "1"}"#, false);
        check("Create lamp", "/rooms/{id}/lamps", "", lamp, false);
    }
}
