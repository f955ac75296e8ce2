//! The object that a request's body names as that in which it creates something: `container`, `owner`, `parentReference`.

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;

/// The member with which a contract's body says within what it creates an object. Samples name objects of others, and nothing binds them.
///
/// `container` and `owner` are those of a plan (Graph documentation, "Create plannerPlan"), `parentReference` is that of an item in a drive.
pub(super) fn body_container(contract: &Contract) -> Option<&str> {
    let Json::Object(members) = contract.request.body.as_ref().and_then(Body::as_json)? else { return None };
    let names_object = |value: &Json| match value {
        Json::String(text) => !text.contains(char::is_whitespace) && !text.is_empty(),
        Json::Object(members) => !members.is_empty(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => false,
    };
    let is_container = |name: &str| {
        let own = name.strip_suffix("Id").or_else(|| name.strip_suffix("Reference")).unwrap_or(name);
        matches!(own, "container" | "owner" | "parent" | "parentFolder" | "parentItem")
    };
    let found = members.iter().find(|member| is_container(&member.name) && names_object(&member.value));
    found.map(|member| member.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts_testing::contracts_of_pair;

    #[track_caller]
    fn check(sent: &str, expected: Option<&str>) {
        let contract = contracts_of_pair("Create", "POST /lamps", sent, "201 Created", sent).remove(0);
        assert_eq!(body_container(&contract), expected, "{sent}");
    }

    #[test]
    fn a_body_may_name_the_object_in_which_it_creates_another() {
        check(
            r#"{ "name": "a", "container": { "url": "https://graph.microsoft.com/v1.0/rooms/1" } }"#,
            Some("container"),
        );
        check(r#"{ "owner": "87d349ed-44d7-43e1-9a83-5f2406dee5bd" }"#, Some("owner"));
        check(r#"{ "parentFolderId": "a1" }"#, Some("parentFolderId"));
        check(r#"{ "parentReference": { "id": "a1" } }"#, Some("parentReference"));
        check(r#"{ "bulbId": "a1", "owner": "Ada Lovelace", "parentId": null, "container": {} }"#, None);
    }
}
