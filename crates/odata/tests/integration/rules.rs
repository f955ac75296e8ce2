//! What metadata declares, as rules by which responses are judged.

use graph_contracts::service::{ServiceRules, ServiceType};
use graph_contracts_odata::service_rules;

use crate::library_metadata;
use graph_contracts_testing::contracts_of_text;

/// The rules of the library, with the responses to these requests.
fn rules(requests: &[(&str, &str)]) -> ServiceRules {
    let text = library_metadata();
    let metadata = text.read().expect("valid metadata");
    let contracts: Vec<_> = requests
        .iter()
        .enumerate()
        .flat_map(|(index, (request, status))| {
            let (method, path) = request.split_once(' ').expect("a method and a path");
            let text = format!(
                "# Get {index}\n\n## HTTP request\n\n```http\n{request}\n```\n\n## Example\n\n```http\n\
                 {method} https://graph.microsoft.com/v1.0{path}\n```\n\n```http\nHTTP/1.1 {status}\n\
                 Content-Type: application/json\n\n{{\"id\": \"1\"}}\n```\n"
            );
            contracts_of_text(&format!("get-{index}.md"), &text)
        })
        .collect();
    service_rules(&metadata, &contracts)
}

#[test]
fn properties_are_nullable_as_declared_and_unknown_where_nothing_is_said() {
    let rules = rules(&[]);
    let check = |type_name: &str, property: &str, expected: (&str, bool, Option<bool>, bool)| {
        let (_, found) = rules.find(type_name).expect(type_name);
        let (_, own) = found.structured().expect(type_name);
        let own = &own.properties[property];
        let shown = (own.type_ref.name.as_str(), own.type_ref.collection, own.may_be_null(), own.navigation);
        assert_eq!(shown, expected, "{property}");
    };
    check("microsoft.graph.entity", "id", ("Edm.String", false, Some(false), false));
    check("microsoft.graph.work", "title", ("Edm.String", false, Some(false), false));
    check("graph.work", "topics", ("microsoft.graph.topics", false, Some(true), false));
    check("graph.book", "authors", ("Edm.String", true, Some(false), false));
    check("graph.reader", "favourite", ("microsoft.graph.book", false, Some(true), true));
    check("graph.reader", "friends", ("microsoft.graph.reader", true, Some(false), true));
}

#[test]
fn types_are_what_they_are_declared_to_be() {
    let rules = rules(&[]);
    let own = |name: &str| rules.find(name).expect(name).1;
    assert!(matches!(own("graph.binding"), ServiceType::Enumeration(own) if own.members.len() == 3));
    assert!(matches!(own("graph.isbn"), ServiceType::Definition(_)));
    assert!(own("graph.reader").structured().is_some_and(|(_, own)| own.open));
    let base = own("graph.book").structured().and_then(|(_, own)| own.base.as_deref());
    assert_eq!(base, Some("microsoft.graph.work"));
    assert!(rules.find("graph.none").is_none() && rules.find("none").is_none());
    assert!(rules.has_property("title") && !rules.has_property("none"));
}

#[test]
fn a_route_returns_what_the_metadata_says_and_nothing_is_known_of_errors() {
    let check = |request: &str, status: &str, expected: Option<(&str, bool)>| {
        let rules = rules(&[(request, status)]);
        let found = rules.responses.values().next().map(|own| (own.name.as_str(), own.collection));
        assert_eq!(found, expected, "{request}");
    };
    check("GET /books", "200 OK", Some(("microsoft.graph.book", true)));
    check("GET /books/{id}", "200 OK", Some(("microsoft.graph.book", false)));
    check("GET /me/favourite", "200 OK", Some(("microsoft.graph.book", false)));
    check("GET /books/{id}", "404 Not Found", None);
    check("GET /nowhere", "200 OK", None);
}
