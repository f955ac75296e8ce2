//! Takes names out of what came that no page has: the keys of a map are the tenant's, such as addresses and the names of people. What is
//! kept and published says how many such members there are, and what their values look like.

use std::collections::{HashMap, HashSet};

use graph_contracts::compare::{is_withheld_name, withheld_name};
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::normal::{Node, NormalBody, NormalForm};
use graph_contracts::service::ServiceRules;

/// The members of an error (OData JSON Format 4.01 section 21.1, and what Microsoft Graph adds to it).
const OF_ERRORS: [&str; 9] =
    ["error", "code", "message", "target", "details", "innererror", "innerError", "request-id", "client-request-id"];

/// The names that may be shown: those that a page has, in a body or in the table of a type.
#[derive(Debug)]
pub(super) struct PublicNames(HashSet<String>);

impl PublicNames {
    /// The names that the pages of contracts have. A member that one page leaves out often stands on another.
    pub(super) fn of(contracts: &[Contract]) -> PublicNames {
        let mut names = HashSet::from(OF_ERRORS);
        for contract in contracts {
            for own in contract.types.values() {
                names.extend(own.properties.iter().map(|property| property.name.as_str()));
                names.extend(own.others.iter().map(String::as_str));
            }
            for body in [&contract.request.body, &contract.response.body] {
                if let Some(Body::Json(body)) = body {
                    add_names(body, &mut names);
                }
            }
        }
        PublicNames(names.into_iter().map(str::to_owned).collect())
    }

    fn has(&self, service: &[&ServiceRules], name: &str) -> bool {
        let has = |name: &str| self.0.contains(name) || service.iter().any(|own| own.has_property(name));
        // Annotations have names of vocabularies (OData JSON Format 4.01 section 4.6), behind that of a member.
        match name.split_once('@') {
            Some((member, term)) => (member.is_empty() || has(member)) && is_term(term),
            None => has(name),
        }
    }

    /// The form with a number in place of each other name, but for those of properties that metadata declares. Members of one name get
    /// one number.
    pub(super) fn withhold_others(&self, form: &mut NormalForm, service: &[&ServiceRules]) {
        if let NormalBody::Json(body) = &mut form.body {
            self.withhold(body, service);
        }
    }

    fn withhold(&self, node: &mut Node, service: &[&ServiceRules]) {
        match node {
            Node::Object(members) => {
                let mut numbers: HashMap<String, usize> = HashMap::new();
                for (name, value) in members {
                    if !self.has(service, name) || is_withheld_name(name) {
                        let next = numbers.len() + 1;
                        *name = withheld_name(*numbers.entry(std::mem::take(name)).or_insert(next));
                    }
                    self.withhold(value, service);
                }
            }
            Node::Array(items) => items.iter_mut().for_each(|item| self.withhold(item, service)),
            Node::Mask(_) | Node::String(_) | Node::Plain(_) => {}
        }
    }
}

fn add_names<'j>(value: &'j Json, names: &mut HashSet<&'j str>) {
    match value {
        Json::Object(members) => {
            for member in members {
                names.insert(&member.name);
                add_names(&member.value, names);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| add_names(item, names)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// The control information of OData 4.01, which may stand without `odata.` (OData JSON Format 4.01 section 4.6).
const CONTROL: [&str; 19] = [
    "associationLink",
    "collectionAnnotations",
    "context",
    "count",
    "delta",
    "deltaLink",
    "editLink",
    "etag",
    "id",
    "mediaContentType",
    "mediaEditLink",
    "mediaEtag",
    "mediaReadLink",
    "metadataEtag",
    "navigationLink",
    "nextLink",
    "readLink",
    "removed",
    "type",
];

/// Whether this is what stands behind the `@` of an annotation of OData or of Microsoft.
fn is_term(text: &str) -> bool {
    if CONTROL.contains(&text) {
        return true;
    }
    ["odata.", "microsoft.", "Org.OData."].iter().any(|vocabulary| text.starts_with(vocabulary))
        && text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._#".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::http::ReceivedResponse;
    use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules, normalize};
    use graph_contracts_testing::contracts_of_text;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let page = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
            GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n```http\nHTTP/1.1 200 OK\n\
            Content-Type: application/json\n\n{\"id\": \"1\", \"bulbs\": [{\"hue\": \"warm\"}]}\n```\n";
        let contract = contracts_of_text("lamp-get.md", page).remove(0);
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        let plan = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a plan");
        let response = ReceivedResponse { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() };
        let mut form = normalize(&response, &plan);
        PublicNames::of(std::slice::from_ref(&contract)).withhold_others(&mut form, &[]);
        let NormalBody::Json(body) = form.body else { panic!("a JSON body") };
        assert_eq!(body.to_json().to_string(), expected);
    }

    #[test]
    fn a_name_that_no_page_has_is_a_number() {
        check(r#"{"id": "1", "ada@contoso.com": 1}"#, r#"{"id":"1","[undocumented 1]":1}"#);
        check(
            r#"{"bulbs": [{"hue": 1, "Bob": {"hue": 2, "Eve": 3}}]}"#,
            r#"{"bulbs":[{"hue":1,"[undocumented 1]":{"[undocumented 1]":3,"hue":2}}]}"#,
        );
        check(r#"{"b": 1, "a": 2, "b": 3}"#, r#"{"[undocumented 1]":2,"[undocumented 2]":1,"[undocumented 2]":3}"#);
    }

    #[test]
    fn names_of_pages_errors_and_vocabularies_stay() {
        check(r#"{"error": {"code": "x", "innerError": {}}}"#, r#"{"error":{"code":"x","innerError":{}}}"#);
        check(
            r#"{"bulbs": [{"hue@odata.type": "a", "@odata.id": "b", "x": {"@odata.type": "c"}}]}"#,
            r#"{"bulbs":[{"[undocumented 1]":{"@odata.type":"c"}}]}"#,
        );
        check(
            r#"{"bulbs": [{"@removed": {"reason": "deleted"}}]}"#,
            r#"{"bulbs":[{"@removed":{"[undocumented 1]":"deleted"}}]}"#,
        );
        check(
            r#"{"x": {"Ada@odata.type": 1, "@Ada": 2}}"#,
            r#"{"[undocumented 1]":{"[undocumented 1]":2,"[undocumented 2]":1}}"#,
        );
    }

    #[test]
    fn a_name_that_looks_like_a_number_gets_one() {
        check(r#"{"[undocumented 7]": 1}"#, r#"{"[undocumented 1]":1}"#);
    }
}
