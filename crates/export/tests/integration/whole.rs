//! Nothing is lost: every contract is in an export or listed, the same bytes come each time, and what a target cannot say is named.

use std::collections::BTreeSet;

use graph_contracts::json::parse;
use graph_contracts::store::Store;
use graph_contracts_export::{Limit, Target};

use crate::{all, example, own, store_of};

/// Pages with what contracts may have that is hard to write elsewhere.
fn hard() -> Vec<Store> {
    let json = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n";
    let pages = [
        example(
            "GET https://graph.microsoft.com/v1.0/lamps/{{id}}?$filter=a eq '\"#{{b}}'",
            &format!("{json}{{\"id\": \"{{{{x}}}}\"}}"),
        ),
        example(
            "POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: text/plain\n\n`a` {{b}} #c\n\\d",
            "HTTP/1.1 204 No Content",
        ),
        example(
            "GET https://graph.microsoft.com/v1.0/lamps/1/photo",
            "HTTP/1.1 200 OK\nContent-Type: image/jpeg\n\nBinary data",
        ),
        example(
            "GET https://graph.microsoft.com/beta/lamps(key='a')/b/c(x={x},y='{x}')",
            &format!("{json}{{\"a\": 1, \"a\": 2, \"e\": 1e400}}"),
        ),
        example("GET https://graph.microsoft.com/v1.0/lamps", &format!("{json}[1.50, -0, null, true, \"\", []]")),
        example("GET https://graph.microsoft.com/v1.0/lamps", &format!("{json}\"text\""))
            + &example("GET https://graph.microsoft.com/v1.0/lamps", &format!("{json}2")),
    ];
    pages.iter().map(|page| store_of(page)).chain([own(), locking()]).collect()
}

/// A contract with a method that OpenAPI does not have.
fn locking() -> Store {
    let page = example("GET https://graph.microsoft.com/v1.0/lamps", "HTTP/1.1 204 No Content");
    let mut store = store_of(&page);
    store.contracts[0].request.method = "LOCK".to_owned();
    store
}

#[test]
fn every_contract_is_in_the_export_or_listed() {
    for store in hard() {
        assert!(!store.contracts.is_empty());
        for target in Target::ALL {
            let export = all(*target, &store);
            let whole = export.whole();
            let listed: BTreeSet<&str> = export
                .left_out
                .iter()
                .filter(|own| matches!(own.limit, Limit::Method | Limit::Request | Limit::Unreachable))
                .map(|own| own.contract.as_str())
                .collect();
            for contract in &store.contracts {
                let is_in = whole.contains(&contract.id) && whole.contains(&contract.location().to_string());
                assert!(is_in != listed.contains(contract.id.as_str()), "{target}: {}", contract.id);
            }
        }
    }
}

#[test]
fn the_same_contracts_give_the_same_bytes() {
    for store in hard() {
        for target in Target::ALL {
            assert_eq!(all(*target, &store), all(*target, &store), "{target}");
        }
    }
}

#[test]
fn what_is_json_is_json_in_which_no_object_has_a_member_twice() {
    fn check(json: &graph_contracts::json::Json) {
        use graph_contracts::json::Json;
        match json {
            Json::Object(members) => {
                let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
                assert_eq!(names.len(), members.len(), "{json}");
                members.iter().for_each(|member| check(&member.value));
            }
            Json::Array(items) => items.iter().for_each(check),
            _ => {}
        }
    }
    for store in hard() {
        for target in Target::ALL.iter().filter(|target| target.extension() == "json") {
            for file in all(*target, &store).files {
                check(&parse(&file.text).expect("JSON").json);
            }
        }
    }
}

/// The limits at places of the contracts of a page.
#[track_caller]
fn check(target: Target, page: &str, expected: &[(&str, Limit)]) {
    check_store(target, &store_of(page), expected);
}

#[track_caller]
fn check_store(target: Target, store: &Store, expected: &[(&str, Limit)]) {
    let export = all(target, store);
    let found: Vec<(&str, Limit)> = export.left_out.iter().map(|own| (own.at.as_str(), own.limit)).collect();
    assert_eq!(found, expected, "{target}");
    for own in &export.left_out {
        assert!(!export.limits.contains(&own.limit), "{target} says of all what it says at {}", own.at);
        assert!(!own.limit.says().is_empty() && own.source.page.as_ref() == "lamp.md");
    }
}

#[test]
fn what_a_target_cannot_say_is_listed_with_its_place() {
    let id = "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e";
    let json = "HTTP/1.1 200 OK\nContent-Type: application/json\n";
    let get = "GET https://graph.microsoft.com/v1.0/lamps";
    check(
        Target::Hurl,
        &example(get, &format!("{json}Content-Length: 9\n\n{{\"id\": \"a b\", \"n\": 1e400}}")),
        &[
            ("$['id']", Limit::PlainText),
            ("$['n']", Limit::NumberForm),
            ("header content-length", Limit::OptionalHeader),
        ],
    );
    check(
        Target::Hurl,
        &example(get, &format!("{json}Link: a\nLink: b\n\n{{\"id\": \"{id}\", \"x\": \"/{id}\"}}")),
        &[("$['id']", Limit::EarlyEnd), ("header link", Limit::HeaderList)],
    );
    let location = format!("HTTP/1.1 201 Created\nLocation: https://h/{id}\n\n");
    check(Target::Hurl, &example(&get.replace("GET", "POST"), &location), &[]);
    let twice = example(get, &format!("{json}\n{{\"a\": 1, \"a\": 2}}"));
    assert!(all(Target::Hurl, &store_of(&twice)).whole().contains("jsonpath \"$['a']\" == 2 "));
    check(Target::Openapi, &twice, &[("$['a']", Limit::DuplicateMember)]);
    let two = example(get, &format!("{json}\n{{\"a\": 1}}")) + &example(get, &format!("{json}\n{{\"a\": 2}}"));
    check(Target::Wiremock, &two, &[("route /lamps", Limit::AlternativeResponse)]);
    check_store(Target::Openapi, &locking(), &[("route /lamps", Limit::Method)]);
    let text = "HTTP/1.1 200 OK\nContent-Type: text/plain\n\na";
    check(
        Target::DevProxy,
        &(example(get, text) + &example(get, text)),
        &[("body", Limit::TextBody), ("route /lamps", Limit::Unreachable)],
    );
    check(
        Target::Openapi,
        &example(get, &format!("{json}Content-Length: 9\n\n{{}}")),
        &[("header content-length", Limit::OptionalHeader)],
    );
    let linked = example(
        get,
        &format!("{json}\n{{\"id\": \"{id}\", \"x\": \"/{id}\", \"y\": {{\"id\": \"{id}\"}}, \"n\": 1e400}}"),
    );
    check(
        Target::Pact,
        &linked,
        &[("$['n']", Limit::NumberForm), ("$['x']", Limit::Identity), ("$['y']['id']", Limit::Identity)],
    );
    check(Target::Postman, &linked, &[("$['n']", Limit::NumberForm)]);
    let named = example(get, &format!("{json}\n{{\"it's\": {{\"id\": 1}}}}"));
    check(Target::Pact, &named, &[("$['it\\'s']['id']", Limit::PathForm)]);
    let several = example(&format!("{get}\nPrefer: a, b"), &format!("{json}\n{{}}"));
    check(Target::Wiremock, &several, &[("request header prefer", Limit::HeaderList)]);
}

#[test]
fn equal_identifiers_are_compared_where_the_target_can() {
    let id = "1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e";
    let body = format!("{{\"id\": \"{id}\", \"link\": \"https://h/{id}/x\"}}");
    let page = example(
        "GET https://graph.microsoft.com/v1.0/lamps",
        &format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}"),
    );
    let whole = all(Target::Hurl, &store_of(&page)).whole();
    assert!(whole.contains("[Captures]\nguid_1: jsonpath \"$['id']\"\n"), "{whole}");
    assert!(whole.contains("jsonpath \"$['link']\" == \"https://h/{{guid_1}}/x\""), "{whole}");
}

#[test]
fn wiremock_takes_an_option_with_the_blanks_around_it() {
    let page = example("GET https://graph.microsoft.com/v1.0/lamps?$filter=%20a%20eq%201", "HTTP/1.1 204 No Content");
    let whole = all(Target::Wiremock, &store_of(&page)).whole();
    assert!(whole.contains(r#""matches": "^\\s*a eq 1\\s*$""#), "{whole}");
}

#[test]
fn mocks_of_dev_proxy_with_the_same_url_are_told_apart_by_a_text_in_the_body() {
    let post = |body: &str, status: &str| {
        let request = format!("POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{body}");
        example(&request, &format!("HTTP/1.1 {status}"))
    };
    let page = post("{\"name\": \"Desk\"}", "201 Created")
        + &post("{\"name\": \"desk\", \"Watts\": 4}", "202 Accepted")
        + &post("{\"name\": \"wall\"}", "204 No Content")
        + &post("{\"name\": \"WALL\"}", "200 OK");
    let store = store_of(&page);
    let export = all(Target::DevProxy, &store);
    let document: serde_json::Value = serde_json::from_str(&export.files[0].text).expect("JSON");
    let mocks = document["mocks"].as_array().expect("mocks").iter();
    let found: Vec<(&serde_json::Value, &serde_json::Value)> =
        mocks.map(|mock| (&mock["request"]["bodyFragment"], &mock["response"]["statusCode"])).collect();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(found, [(&json("\"\\\"watts\\\"\""), &json("202")), (&json("null"), &json("201"))]);
    let left_out: Vec<Limit> = export.left_out.iter().map(|own| own.limit).collect();
    assert_eq!(left_out, [Limit::Unreachable, Limit::Unreachable]);
}

#[test]
fn mocks_of_dev_proxy_follow_their_schema() {
    let schema = serde_json::from_str(include_str!("dev-proxy-mocks.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let check =
        |text: &str| schema.validate(&serde_json::from_str(text).expect("JSON")).map_err(|error| error.to_string());
    let mut mocks = 0;
    for store in hard() {
        for file in all(Target::DevProxy, &store).files {
            assert_eq!(check(&file.text), Ok(()), "{}", file.text);
            mocks += file.text.matches("\"statusCode\"").count();
            assert!(
                check(&file.text.replace("\"statusCode\"", "\"status\"")).is_err() || !file.text.contains("statusCode")
            );
        }
    }
    assert!(mocks > 10, "{mocks}");
}
