//! At the shape level, a rule decides on what departs from the example: the service's metadata, the request, a page, OData itself, or
//! the example.

use std::collections::BTreeMap;

use graph_contracts::ReceivedResponse;
use graph_contracts::compare::{Context, Reference, Severity, compare};
use graph_contracts::contract::{Contract, MessageTypes, MetadataRules, PageName, TypeIndex, build};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules, normalize};
use graph_contracts::page::Page;
use graph_contracts::service::{
    Access, EnumerationType, ServiceProperty, ServiceRules, ServiceType, ServiceValue, StructuredType, TypeReference,
};

const RESOURCE: &str = "# lamp resource type\n\n## Properties\n\n|Property|Type|Description|\n|---|---|---|\n\
    |id|String|Key. Not nullable.|\n|watts|Int16|Power.|\n|since|DateTimeOffset|Nullable.|\n|rooms|String collection|Rooms.|\n\
    |state|[lampState](lampstate.md)|Possible values are: `on`, `off`.|\n";

const LAMP: &str = r#"{"id": "1", "watts": 60, "since": "2024-01-01T00:00:00Z", "rooms": ["hall"], "state": "on", "note": "x",
    "shade": {"form": "round"}, "owner": null, "maker": {"id": "7"}}"#;

/// The contract of an example: method and URL, request body, status and response body.
fn contract(request: &str, sent: &str, status: &str, response: &str) -> Contract {
    let sent = if sent.is_empty() { String::new() } else { format!("Content-Type: application/json\n\n{sent}\n") };
    let (method, url) = request.split_once(' ').expect("a method and a URL");
    let path = url.split('?').next().unwrap_or_default();
    let text = format!(
        "# Lamps\n\n## HTTP request\n\n```http\n{method} {path}\n```\n\n## Example\n\n```http\n\
         {method} https://graph.microsoft.com/v1.0{url}\n{sent}```\n\n\
         <!-- {{ \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```http\nHTTP/1.1 {status}\n{response}\n```\n"
    );
    let mut index = TypeIndex::default();
    index.add(&Page::parse("resources/lamp.md", RESOURCE));
    let page = Page::parse("lamps.md", &text);
    build(&page, &PageName::of(&page), &index).contracts.remove(0).1
}

fn get(url: &str, response: &str) -> Contract {
    contract(&format!("GET {url}"), "", "200 OK", &format!("Content-Type: application/json\n\n{response}"))
}

fn property(name: &str, type_name: &str, nullable: Option<bool>) -> (String, ServiceProperty) {
    let (type_ref, navigation) = (TypeReference::from(type_name.to_owned()), name == "maker");
    (name.to_owned(), ServiceProperty { type_ref, nullable, navigation, line: 7, ..ServiceProperty::default() })
}

/// What the service declares of lamps.
fn declared() -> ServiceRules {
    let structured = |base: Option<&str>, open: bool, properties: Vec<(String, ServiceProperty)>| {
        let (base, properties) = (base.map(str::to_owned), properties.into_iter().collect());
        ServiceType::Entity(StructuredType {
            line: 5,
            base,
            open,
            complete: true,
            properties,
            ..StructuredType::default()
        })
    };
    let lamp = vec![
        property("id", "Edm.String", Some(false)),
        property("watts", "Edm.Int64", None),
        property("since", "Edm.DateTimeOffset", Some(false)),
        property("rooms", "Collection(Edm.String)", None),
        property("state", "graph.lampState", None),
        property("shade", "graph.shade", None),
        property("owner", "Edm.Guid", None),
        property("maker", "graph.lamp", None),
        property("power", "Edm.Double", Some(false)),
        (
            "serial".to_owned(),
            ServiceProperty { access: Some(Access::Computed), ..property("serial", "Edm.String", None).1 },
        ),
    ];
    let members = ["on", "off", "dim"].map(str::to_owned).to_vec();
    let state = ServiceType::Enumeration(EnumerationType { line: 6, members, ..EnumerationType::default() });
    let types = [
        ("lamp", structured(None, false, lamp)),
        ("torch", structured(None, false, vec![property("id", "Edm.String", Some(false))])),
        ("shade", structured(None, true, vec![property("form", "Edm.String", None)])),
        ("desk", structured(Some("microsoft.graph.lamp"), false, vec![property("arm", "Edm.Int32", None)])),
        ("lampState", state),
    ];
    let types: BTreeMap<String, ServiceType> =
        types.into_iter().map(|(name, own)| (format!("microsoft.graph.{name}"), own)).collect();
    let mut rules = ServiceRules::new("v1.0".to_owned(), types);
    rules.aliases.insert("graph".to_owned(), "microsoft.graph".to_owned());
    rules
}

/// The same with what a contract's request returns.
fn service(contract: &Contract) -> ServiceRules {
    let key = (contract.id.clone(), contract.routes[0].path.clone());
    let mut rules = declared();
    rules.responses.insert(key, TypeReference { name: "microsoft.graph.lamp".to_owned(), collection: false });
    rules
}

/// Judges a response: `kind place: who says so`, with a `?` before what is only a note.
fn judged(contract: &Contract, response: &ReceivedResponse, service: Option<&ServiceRules>) -> Vec<String> {
    judged_by(contract, response, service, None)
}

/// The same also by what the contract keeps.
fn judged_by(
    contract: &Contract,
    response: &ReceivedResponse,
    service: Option<&ServiceRules>,
    kept: Option<&ServiceRules>,
) -> Vec<String> {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let normalization = NormalizationPlan::new(contract, &rules, Level::Shape).expect("the contract's rules are valid");
    let actual = normalize(response, &normalization);
    let context = Context::of(&normalization, false).omitting_nulls(response.header("preference-applied").is_some());
    let route = &contract.routes[0].path;
    let context = service.into_iter().fold(context, |context, own| context.with_service(own, route));
    let mut context = kept.into_iter().fold(context, |context, own| context.with_kept_rules(own, route));
    let found = compare(normalization.documented(), &actual, Reference::Documentation, &mut context);
    let shown = found.mismatches.iter().map(|mismatch| {
        let note = if mismatch.severity == Severity::Notice { "?" } else { "" };
        let rule = mismatch.rule.as_ref().map(|rule| rule.source.name());
        format!("{note}{} {}: {}", mismatch.kind, mismatch.at, rule.unwrap_or("nobody"))
    });
    shown.collect()
}

fn received(status: u16, media_type: &str, body: &str) -> ReceivedResponse {
    let headers = vec![("content-type".to_owned(), media_type.to_owned())];
    ReceivedResponse { status, headers, body: body.as_bytes().to_vec() }
}

#[track_caller]
fn check(contract: &Contract, body: &str, expected: &[&str]) {
    assert_eq!(judged(contract, &received(200, "application/json", body), None), expected, "{body}");
}

/// The same beside what the service declares of a lamp.
#[track_caller]
fn check_declared(contract: &Contract, body: &str, expected: &[&str]) {
    let service = service(contract);
    assert_eq!(judged(contract, &received(200, "application/json", body), Some(&service)), expected, "{body}");
}

/// The lamp with one piece replaced.
fn lamp(from: &str, to: &str) -> String {
    assert_eq!(LAMP.matches(from).count(), 1, "{from}");
    LAMP.replace(from, to)
}

#[test]
fn a_null_is_a_note_unless_the_page_or_odata_denies_it() {
    let contract = get("/lamps/1", LAMP);
    check(&contract, LAMP, &[]);
    check(&contract, &lamp("60", "null"), &["?null $['watts']: odata"]);
    check(&contract, &lamp("\"x\"", "null"), &["?null $['note']: odata"]);
    check(&contract, &lamp("\"2024-01-01T00:00:00Z\"", "null"), &["?null $['since']: page"]);
    check(&contract, &lamp("\"1\"", "null"), &["null $['id']: page"]);
    check(&contract, &lamp("[\"hall\"]", "null"), &["null $['rooms']: page"]);
    check(&contract, &lamp("[\"hall\"]", "[null]"), &["?null $['rooms'][0]: odata"]);
    check(&contract, "null", &["null $: sample"]);
    let list = get("/lamps", &format!("{{\"value\": [{LAMP}], \"more\": [1]}}"));
    check(&list, "{\"value\": null, \"more\": null}", &["null $['value']: sample", "null $['more']: sample"]);
    check(&list, "{\"value\": [null], \"more\": [1]}", &["null $['value'][0]: sample"]);
}

#[test]
fn a_null_for_what_the_request_sent_stays_a_mismatch() {
    let json = |body: &str| format!("Content-Type: application/json\n\n{body}");
    let sent = r#"{"note": "x", "watts": 40, "shade": {"form": "round"}}"#;
    let contract = contract("POST /lamps", sent, "201 Created", &json(LAMP));
    let check = |body: &str, expected: &[&str]| {
        assert_eq!(judged(&contract, &received(201, "application/json", body), None), expected, "{body}");
    };
    check(&lamp("\"x\"", "null"), &["null $['note']: request"]);
    check(&lamp("60", "null"), &["null $['watts']: request"]);
    check(&lamp("\"round\"", "null"), &["null $['shade']['form']: request"]);
    check(&lamp("{\"form\": \"round\"}", "null"), &["null $['shade']: request"]);
    check(&lamp("\"watts\": 60, ", ""), &["missing-member $['watts']: request"]);
    check(&lamp("\"2024-01-01T00:00:00Z\"", "null"), &["?null $['since']: page"]);
}

#[test]
fn what_is_absent_is_a_note_where_the_sample_or_the_request_leaves_it_out() {
    let contract = get("/lamps/1", LAMP);
    check(&contract, &lamp("\"owner\": null, ", ""), &["?missing-member $['owner']: sample"]);
    check(&contract, &lamp("\"watts\": 60, ", ""), &["missing-member $['watts']: sample"]);
    let selected = get("/lamps/1?$select=id,since&$expand=maker($select=id)", LAMP);
    check(&selected, &lamp("\"watts\": 60, ", ""), &["?missing-member $['watts']: request"]);
    check(&selected, &lamp("\"since\": \"2024-01-01T00:00:00Z\", ", ""), &["missing-member $['since']: sample"]);
    check(&selected, &lamp("\"id\": \"7\"", ""), &["missing-member $['maker']['id']: sample"]);
    let list = get("/lamps?$select=id", &format!("{{\"value\": [{LAMP}]}}"));
    check(
        &list,
        &format!("{{\"value\": [{}]}}", lamp(", \"note\": \"x\"", "")),
        &["?missing-member $['value'][0]['note']: request"],
    );
}

#[test]
fn a_service_that_omits_nulls_says_so() {
    let contract = get("/lamps/1", LAMP);
    let check = |body: &str, expected: &[&str]| {
        let mut response = received(200, "application/json", body);
        response.headers.push(("Preference-Applied".to_owned(), "omit-values=nulls".to_owned()));
        assert_eq!(judged(&contract, &response, None), expected, "{body}");
    };
    check(&lamp("\"watts\": 60, ", ""), &["?missing-member $['watts']: odata"]);
    check(&lamp("\"id\": \"1\", ", ""), &["missing-member $['id']: sample"]);
    check(&lamp("\"rooms\": [\"hall\"], ", ""), &["missing-member $['rooms']: sample"]);
}

#[test]
fn the_metadata_decides_on_null_and_absence_before_the_page() {
    let contract = get("/lamps/1", LAMP);
    check_declared(&contract, LAMP, &[]);
    check_declared(&contract, &lamp("60", "null"), &["?null $['watts']: metadata"]);
    check_declared(&contract, &lamp("\"1\"", "null"), &["null $['id']: metadata"]);
    // The page allows what the metadata denies.
    check_declared(&contract, &lamp("\"2024-01-01T00:00:00Z\"", "null"), &["?null $['since']: page"]);
    check_declared(&contract, &lamp("[\"hall\"]", "null"), &["null $['rooms']: metadata"]);
    check_declared(
        &contract,
        &lamp("\"maker\": {\"id\": \"7\"}", "\"@odata.id\": \"x\""),
        &["?missing-member $['maker']: metadata"],
    );
    check_declared(&contract, &lamp("\"watts\": 60, ", ""), &["missing-member $['watts']: sample"]);
    let own = lamp("\"watts\": 60, ", "\"@odata.type\": \"#microsoft.graph.torch\", ");
    check_declared(&contract, &own, &["?missing-member $['watts']: metadata"]);
    // Of a type that the metadata does not have, it says nothing.
    let power =
        |type_name: &str| lamp("\"watts\"", &format!("\"@odata.type\": \"#{type_name}\", \"power\": null, \"watts\""));
    check_declared(&contract, &power("microsoft.graph.lamp"), &["null $['power']: metadata"]);
    check_declared(&contract, &power("microsoft.graph.lantern"), &["undocumented-member $['power']: sample"]);
}

#[test]
fn the_metadata_decides_on_types_and_members_beside_the_page() {
    let contract = get("/lamps/1", LAMP);
    check_declared(&contract, &lamp("60", "99999"), &["?format $['watts']: metadata"]);
    check_declared(&contract, &lamp("60", "\"60\""), &["type $['watts']: metadata"]);
    check_declared(&contract, &lamp("\"on\"", "\"dim\""), &["?enum $['state']: metadata"]);
    check_declared(&contract, &lamp("\"on\"", "\"red\""), &["enum $['state']: metadata"]);
    // Of a null, the page says nothing.
    check_declared(&contract, &lamp("null", "\"no guid\""), &["format $['owner']: metadata"]);
    check(&contract, &lamp("null", "\"no guid\""), &[]);
    check_declared(&contract, &lamp("null", "\"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\""), &[]);
}

#[test]
fn what_the_metadata_declares_is_a_note_where_the_page_does_not() {
    let contract = get("/lamps/1", LAMP);
    let with = |member: &str| lamp("\"watts\"", &format!("{member}, \"watts\""));
    check_declared(&contract, &with("\"power\": 1.5"), &["?undocumented-member $['power']: metadata"]);
    check_declared(&contract, &with("\"power\": \"1\""), &["type $['power']: metadata"]);
    check_declared(&contract, &with("\"power\": null"), &["null $['power']: metadata"]);
    // A response may leave out which of the derived types it is of.
    check_declared(&contract, &with("\"arm\": 1"), &["?undocumented-member $['arm']: metadata"]);
    check_declared(&contract, &with("\"none\": 1"), &["undocumented-member $['none']: metadata"]);
    check(&contract, &with("\"none\": 1"), &["undocumented-member $['none']: sample"]);
    let shade = lamp("\"round\"", "\"round\", \"height\": 1");
    check_declared(&contract, &shade, &["?undocumented-member $['shade']['height']: metadata"]);
}

#[test]
fn a_type_that_the_metadata_does_not_have_leaves_the_page_alone() {
    let contract = get("/lamps/1", LAMP);
    let unknown = ServiceRules::default();
    let body = lamp("60", "\"60\"");
    let found = judged(&contract, &received(200, "application/json", &body), Some(&unknown));
    assert_eq!(found, ["type $['watts']: page"]);
}

/// The same by what a contract keeps of those rules.
#[track_caller]
fn check_kept(contract: &Contract, body: &str, service: Option<&ServiceRules>, expected: &[&str]) {
    let kept = contract.service_rules().expect("rules that the contract keeps");
    let found = judged_by(contract, &received(200, "application/json", body), service, Some(&kept));
    assert_eq!(found, expected, "{body}");
}

/// A contract that keeps what the service declares of lamps.
fn keeping(url: &str, response: &str) -> Contract {
    let mut contract = get(url, response);
    let lamp = TypeReference { name: "microsoft.graph.lamp".to_owned(), collection: false };
    let messages = MessageTypes { request: None, response: Some(lamp) };
    contract.metadata = MetadataRules::of(&contract, &declared(), &[messages]).map(Box::new);
    contract
}

#[test]
fn what_a_contract_keeps_of_metadata_decides_like_the_metadata() {
    let contract = keeping("/lamps/1", LAMP);
    let with = |member: &str| lamp("\"watts\"", &format!("{member}, \"watts\""));
    check_kept(&contract, LAMP, None, &[]);
    check_kept(&contract, &lamp("60", "null"), None, &["?null $['watts']: metadata"]);
    check_kept(&contract, &lamp("60", "99999"), None, &["?format $['watts']: metadata"]);
    check_kept(&contract, &lamp("\"on\"", "\"dim\""), None, &["?enum $['state']: metadata"]);
    check_kept(&contract, &lamp("\"on\"", "\"red\""), None, &["enum $['state']: metadata"]);
    // A response may have what the example does not show.
    check_kept(&contract, &with("\"power\": 1.5"), None, &["?undocumented-member $['power']: metadata"]);
    check_kept(&contract, &with("\"power\": \"1\""), None, &["type $['power']: metadata"]);
    let shade = lamp("\"round\"", "\"round\", \"height\": 1");
    check_kept(&contract, &shade, None, &["?undocumented-member $['shade']['height']: metadata"]);
    let maker = lamp("\"maker\": {\"id\": \"7\"}", "\"@odata.id\": \"x\"");
    check_kept(&contract, &maker, None, &["?missing-member $['maker']: metadata"]);
    // What the types have that inherit from this one is not kept, and so not known.
    check_kept(&contract, &with("\"arm\": 1"), None, &["undocumented-member $['arm']: sample"]);
    check_kept(&contract, &with("\"none\": 1"), None, &["undocumented-member $['none']: sample"]);
}

#[test]
fn the_services_own_metadata_decides_before_what_a_contract_keeps() {
    let contract = keeping("/lamps/1", LAMP);
    let mut service = service(&contract);
    check_kept(&contract, &lamp("60", "99999"), Some(&service), &["?format $['watts']: metadata"]);
    // What it does not say, the contract does.
    service.responses.clear();
    check_kept(&contract, &lamp("60", "99999"), Some(&service), &["?format $['watts']: metadata"]);
    check_kept(&contract, &lamp("60", "99999"), Some(&ServiceRules::default()), &["?format $['watts']: metadata"]);
}

#[test]
fn what_is_kept_is_declared_of_the_values_of_the_examples() {
    let contract = keeping("/lamps/1", LAMP);
    let rules = contract.service_rules().expect("rules");
    let check = |path: &str, expected: &str| {
        let shown = match contract.response_value(&rules, &path.parse().expect(path)) {
            ServiceValue::Declared(own) => format!("{} is {} ({})", own.subject(), own.type_ref, own.source_line()),
            ServiceValue::Undeclared { owner, open, .. } => format!("not in {owner}, open {open}"),
            ServiceValue::Unknown => "unknown".to_owned(),
        };
        assert_eq!(shown, expected, "{path}");
    };
    check("$", "microsoft.graph.lamp is microsoft.graph.lamp (v1.0:5)");
    check("$['watts']", "microsoft.graph.lamp/watts is Edm.Int64 (v1.0:7)");
    check("$['rooms'][0]", "microsoft.graph.lamp/rooms is Collection(Edm.String) (v1.0:7)");
    check("$['shade']['form']", "microsoft.graph.shade/form is Edm.String (v1.0:7)");
    check("$['shade']['height']", "not in microsoft.graph.shade, open true");
    // A type inherits from this one.
    check("$['note']", "unknown");
    check("$['watts']['x']", "unknown");
}

#[test]
fn what_the_service_sets_need_not_be_what_was_sent() {
    let json = |body: &str| format!("Content-Type: application/json\n\n{body}");
    let sent = r#"{"serial": "a", "note": "x"}"#;
    let contract = contract("POST /lamps", sent, "201 Created", &json(sent));
    let service = service(&contract);
    let check = |body: &str, service: Option<&ServiceRules>, expected: &[&str]| {
        assert_eq!(judged(&contract, &received(201, "application/json", body), service), expected, "{body}");
    };
    let other = r#"{"serial": "b", "note": "x"}"#;
    check(other, None, &["value $['serial']: request"]);
    check(other, Some(&service), &[]);
    check(r#"{"serial": null, "note": "x"}"#, Some(&service), &["?null $['serial']: metadata"]);
    check(r#"{"serial": 1, "note": "x"}"#, Some(&service), &["type $['serial']: metadata"]);
    check(r#"{"serial": "b", "note": "y"}"#, Some(&service), &["value $['note']: request"]);
}

#[test]
fn of_what_a_request_selects_a_contract_keeps_the_names_of_the_others() {
    let contract = keeping("/lamps/1?$select=id,watts", r#"{"id": "1", "watts": 60}"#);
    let lamp = contract.metadata.as_ref().and_then(|own| own.types["microsoft.graph.lamp"].structured());
    let names = |(_, own): (_, &StructuredType)| {
        (own.properties.keys().cloned().collect::<Vec<_>>().join(" "), own.others.len())
    };
    assert_eq!(lamp.map(names), Some(("id watts".to_owned(), 8)));
    let body = r#"{"id": "1", "watts": 60, "power": "x"}"#;
    check_kept(&contract, body, None, &["?undocumented-member $['power']: metadata"]);
}

#[test]
fn what_a_delta_response_says_is_gone_has_a_key_alone() {
    let page = |elements: &str| format!("{{\"@odata.deltaLink\": \"x\", \"value\": [{elements}]}}");
    let delta = get("/lamps/delta", &page(LAMP));
    let gone = r#"{"@removed": {"reason": "deleted"}, "id": "9"}"#;
    let old = r##"{"@odata.context": "x#lamps/$deletedEntity", "id": "lamps/9", "reason": "deleted"}"##;
    let link = r##"{"@odata.context": "#lamps/$deletedLink", "source": "a", "relationship": "b", "target": "c"}"##;
    check(&delta, &page(&[LAMP, gone, old, link].join(", ")), &[]);
    check(&delta, &page(r#"{"@removed": {"reason": "deleted"}, "id": 9}"#), &["type $['value'][0]['id']: page"]);
    // What is not gone has all that is documented.
    check(&delta, &page(&lamp("\"watts\": 60, ", "")), &["missing-member $['value'][0]['watts']: sample"]);
    let list = get("/lamps", &format!("{{\"value\": [{LAMP}]}}"));
    let found = judged(&list, &received(200, "application/json", &format!("{{\"value\": [{gone}]}}")), None);
    assert!(found.contains(&"missing-member $['value'][0]['watts']: sample".to_owned()), "{found:?}");
    // An example that shows only what is gone says nothing of the others.
    let only = get("/lamps/delta", &page(gone));
    check(&only, &page(&[gone, LAMP].join(", ")), &[]);
}

#[test]
fn an_empty_list_says_that_nothing_was_asserted() {
    let list = get("/lamps", &format!("{{\"value\": [{LAMP}]}}"));
    check(&list, "{\"value\": []}", &["?length $['value']: odata"]);
}

#[test]
fn a_note_in_a_redirect_is_no_drift() {
    let note = "<html><body>Object moved</body></html>";
    for documented in ["Location: https://h/a", "Location: https://h/a\nContent-Type: text/plain\n\nFound."] {
        let contract = contract("GET /lamps/1/content", "", "302 Found", documented);
        for (media_type, body) in [("text/html", note), ("text/plain", "")] {
            let mut response = received(302, media_type, body);
            response.headers.push(("location".to_owned(), "https://h/b".to_owned()));
            assert_eq!(judged(&contract, &response, None), [""; 0], "{documented}");
            response.headers.pop();
            assert_eq!(judged(&contract, &response, None), ["missing-header header location: nobody"], "{documented}");
        }
        let found = judged(&contract, &received(200, "text/html", note), None);
        assert!(found.contains(&"status status: nobody".to_owned()), "{found:?}");
    }
}
