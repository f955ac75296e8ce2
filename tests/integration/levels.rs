//! At the shape level, values are checked against their declarations, and echoes against the request.

use graph_contracts::compare::{Context, Coverage, Reference, Severity, compare};
use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules, normalize};
use graph_contracts::page::Page;
use graph_contracts::{ReceivedResponse, replay};

const RESOURCE: &str = "# lamp resource type\n\n## Properties\n\n|Property|Type|Description|\n|---|---|---|\n\
    |id|String|Key.|\n|watts|Int16|Power.|\n|color|String|Possible values are: `red`, `green`.|\n\
    |since|DateTimeOffset|Nullable.|\n|rooms|String collection|Rooms.|\n|shade|[shade](shade.md)|The shade.|\n";

const OPEN: &str = "# shade resource type\n\n## Properties\n\n|Property|Type|\n|---|---|\n|form|String|\n\n\
    <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.shade\", \"openType\": true } -->\n\
    ```json\n{}\n```\n";

/// A contract with that response, and that request if there is one.
fn contract(request: Option<&str>, response: &str, note: &str) -> Contract {
    let (method, sent) =
        request.map_or(("GET", String::new()), |body| ("POST", format!("Content-Type: application/json\n\n{body}\n")));
    let text = format!(
        "# Lamps\n\n## HTTP request\n\n```http\n{method} /lamps\n```\n\n## Example\n\n```http\n\
         {method} https://graph.microsoft.com/v1.0/lamps\n{sent}```\n\n{note}\n\n\
         <!-- {{ \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```http\nHTTP/1.1 200 OK\n\
         Content-Type: application/json\n\n{response}\n```\n"
    );
    let mut index = TypeIndex::default();
    index.add(&Page::parse("resources/lamp.md", RESOURCE));
    index.add(&Page::parse("resources/shade.md", OPEN));
    let page = Page::parse("lamps.md", &text);
    build(&page, &PageName::of(&page), &index).contracts.remove(0).1
}

fn received(body: &str) -> ReceivedResponse {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    ReceivedResponse { status: 200, headers, body: body.as_bytes().to_vec() }
}

fn rules() -> VolatileRules {
    VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid")
}

/// Judges a body at the shape level: `kind place`, with a `?` before what is only a notice.
#[track_caller]
fn check(contract: &Contract, body: &str, expected: &[&str]) {
    let rules = rules();
    let normalization = NormalizationPlan::new(contract, &rules, Level::Shape).expect("the contract's rules are valid");
    let outcome = replay::judge(&normalization, "/lamps", &received(body), None);
    let shown = outcome.mismatches.iter().map(|mismatch| {
        let notice = if mismatch.severity == Severity::Notice { "?" } else { "" };
        format!("{notice}{} {}", mismatch.kind, mismatch.at)
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected, "{body}");
}

const LAMP: &str = r##"{"id": "1", "watts": 60, "color": "red", "since": "2024-01-01T00:00:00Z", "rooms": ["hall"],
    "shade": {"form": "round"}}"##;

/// The lamp with one piece replaced.
fn lamp(from: &str, to: &str) -> String {
    assert_eq!(LAMP.matches(from).count(), 1, "{from}");
    LAMP.replace(from, to)
}

#[test]
fn other_values_of_the_declared_types_are_no_mismatch() {
    let contract = contract(None, LAMP, "");
    check(&contract, LAMP, &[]);
    check(&contract, &lamp("60", "-32768"), &[]);
    check(&contract, &lamp("\"red\"", "\"green\""), &[]);
    check(&contract, &lamp("\"1\"", "\"a key of another form\""), &[]);
    check(&contract, &lamp("\"2024-01-01T00:00:00Z\"", "null"), &["?null $['since']"]);
    check(&contract, &lamp("[\"hall\"]", "[\"attic\", \"cellar\"]"), &[]);
    check(&contract, &lamp("[\"hall\"]", "[]"), &["?length $['rooms']"]);
}

#[test]
fn values_of_other_types_are_reported() {
    let contract = contract(None, LAMP, "");
    check(&contract, &lamp("60", "32768"), &["format $['watts']"]);
    check(&contract, &lamp("60", "\"60\""), &["type $['watts']"]);
    check(&contract, &lamp("60", "null"), &["?null $['watts']"]);
    check(&contract, &lamp("\"red\"", "\"blue\""), &["enum $['color']"]);
    check(&contract, &lamp("2024-01-01T", "2024-13-01T"), &["format $['since']"]);
    check(&contract, &lamp("{\"form\": \"round\"}", "[]"), &["structure $['shade']"]);
    check(&contract, &lamp("\"id\": \"1\", ", ""), &["missing-member $['id']"]);
}

#[test]
fn every_element_of_a_collection_is_compared() {
    let body = |elements: &str| format!("{{\"@odata.context\": \"x\", \"value\": [{elements}]}}");
    let contract = contract(None, &body(LAMP), "");
    check(&contract, &body(&[LAMP; 3].join(", ")), &[]);
    check(&contract, &body(""), &["?length $['value']"]);
    let broken = lamp("60", "true");
    check(&contract, &body(&[LAMP, LAMP, &broken].join(", ")), &["type $['value'][2]['watts']"]);
    check(&contract, &format!("{{\"value\": [{LAMP}]}}"), &["?missing-member $['@odata.context']"]);
    check(&contract, &format!("{{\"@odata.context\": \"x\", \"value\": {LAMP}}}"), &["structure $['value']"]);
}

#[test]
fn an_element_has_to_agree_with_one_of_the_documented_elements() {
    let contract = contract(None, "{\"a\": [{\"x\": 1, \"y\": 2}, {\"x\": 1, \"z\": \"t\"}]}", "");
    check(&contract, "{\"a\": [{\"x\": 3, \"z\": \"u\"}, {\"x\": 3, \"y\": 4}, {\"x\": 5, \"y\": 6}]}", &[]);
    check(&contract, "{\"a\": [{\"x\": 3}]}", &["missing-member $['a'][0]['y']"]);
}

#[test]
fn an_element_that_documents_nothing_is_no_way_out() {
    let contract = contract(None, "{\"f\": [{\"n\": \"x\", \"a\": [{\"b\": 1}]}, {\"n\": \"y\", \"a\": []}]}", "");
    check(&contract, "{\"f\": [{\"n\": \"z\", \"a\": []}]}", &[]);
    check(&contract, "{\"f\": [{\"n\": \"z\", \"a\": [{\"b\": \"t\"}]}]}", &["type $['f'][0]['a'][0]['b']"]);
}

#[test]
fn what_the_request_sent_comes_back_once_each() {
    let received = "{\"id\": \"1\", \"o\": [{\"k\": 1, \"s\": 1}, {\"k\": 2, \"s\": 2}]}";
    let contract = contract(Some("{\"o\": [{\"k\": 1}, {\"k\": 2}]}"), received, "");
    check(&contract, "{\"id\": \"1\", \"o\": [{\"k\": 2, \"s\": 5}, {\"k\": 1, \"s\": 6}]}", &[]);
    check(&contract, "{\"id\": \"1\", \"o\": [{\"k\": 1, \"s\": 1}, {\"k\": 1, \"s\": 1}]}", &["value $['o'][1]"]);
}

#[test]
fn nested_collections_take_no_time() {
    let nested = |inner: &str| format!("{{\"a\": {}{inner}{}}}", "[".repeat(60), "]".repeat(60));
    let place = format!("type $['a']{}", "[0]".repeat(60));
    check(&contract(None, &nested("1"), ""), &nested("\"x\""), &[&place]);
    // Several candidates on each of many levels: what cannot be tried is compared with the element in its own place.
    let tree = |leaf: &str| (0..12).fold(leaf.to_owned(), |tree, _| format!("{{\"c\": [{tree}, {tree}]}}"));
    let contract = contract(None, &tree("{\"x\": 1}"), "");
    let rules = rules();
    let normalization = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a normalization");
    let outcome = replay::judge(&normalization, "/lamps", &received(&tree("{\"x\": \"t\"}")), None);
    assert!(!outcome.mismatches.is_empty());
}

#[test]
fn notices_break_nothing_however_many_there_are() {
    let note = "**Note:** The response object shown here might be shortened for readability.";
    let contract = contract(None, "{\"value\": [{\"id\": \"1\"}]}", note);
    let extra: String = (0..20).map(|index| format!(", \"extra{index}\": 1")).collect();
    let element = format!("{{\"id\": \"1\"{extra}}}");
    let rules = rules();
    let normalization = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a normalization");
    let judge = |elements: Vec<&str>| {
        replay::judge(&normalization, "/lamps", &received(&format!("{{\"value\": [{}]}}", elements.join(", "))), None)
    };
    let outcome = judge(vec![&element; 100]);
    assert_eq!((outcome.outcome, outcome.omitted), (replay::Outcome::Matched, 0));
    let mut elements = vec![element.as_str(); 100];
    elements.push("{}");
    let outcome = judge(elements);
    let errors = outcome.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error);
    assert_eq!(errors.map(|error| error.at.to_string()).collect::<Vec<_>>(), ["$['value'][100]['id']"]);
}

#[test]
fn an_integer_with_a_fraction_is_none() {
    let contract = contract(None, LAMP, "");
    let rules = rules();
    for level in Level::ALL {
        let normalization = NormalizationPlan::new(&contract, &rules, level).expect("a normalization");
        let outcome = replay::judge(&normalization, "/lamps", &received(&lamp("60", "60.0")), None);
        let found: Vec<String> = outcome.mismatches.iter().map(|m| format!("{} {}", m.kind, m.at)).collect();
        assert_eq!(found, ["format $['watts']"], "{level:?}");
    }
}

#[test]
fn the_keys_of_a_map_are_no_annotations() {
    let contract = contract(None, "{\"members\": {\"adele@contoso.com\": 1}}", "");
    check(&contract, "{\"members\": {}}", &["missing-member $['members']['adele@contoso.com']"]);
    check(&contract, "{\"members\": {\"adele@contoso.com\": 2, \"members@odata.context\": \"x\"}}", &[]);
}

#[test]
fn members_that_nobody_documents_are_reported_by_what_the_page_says() {
    let extra = lamp("\"watts\"", "\"extra\": 1, \"watts\"");
    check(&contract(None, LAMP, ""), &extra, &["undocumented-member $['extra']"]);
    let truncated =
        contract(None, LAMP, "**Note:** The response object shown here might be shortened for readability.");
    check(&truncated, &extra, &["?undocumented-member $['extra']"]);
    // A page of the type declares it, although the example does not have it.
    check(&contract(None, "{\"id\": \"1\"}", ""), "{\"id\": \"1\", \"watts\": 60}", &[]);
    check(&contract(None, "{\"id\": \"1\"}", ""), "{\"id\": \"1\", \"x\": 60}", &["undocumented-member $['x']"]);
    // An open type may have members that are not declared.
    let extra = lamp("\"form\"", "\"extra\": 1, \"form\"");
    check(&contract(None, LAMP, ""), &extra, &["?undocumented-member $['shade']['extra']"]);
    let strict = contract(
        None,
        "{\"id\": \"1\"}",
        "**Note:** The response object shown here might be shortened for readability.",
    );
    let rules = rules();
    let normalization = NormalizationPlan::new(&strict, &rules, Level::Shape).expect("the contract's rules are valid");
    let actual = normalize(&received("{\"id\": \"1\", \"extra\": 1}"), &normalization);
    let found =
        compare(normalization.documented(), &actual, Reference::Documentation, &mut Context::of(&normalization, true));
    assert_eq!(found.mismatches.iter().map(|m| m.severity).collect::<Vec<_>>(), [Severity::Error]);
}

#[test]
fn what_the_request_sent_is_compared_by_value() {
    let contract = contract(Some("{\"watts\": 60, \"rooms\": [\"hall\"]}"), LAMP, "");
    check(&contract, &lamp("60", "61"), &["value $['watts']"]);
    check(&contract, &lamp("[\"hall\"]", "[\"hall\", \"attic\"]"), &["length $['rooms']"]);
    check(&contract, &lamp("\"red\"", "\"green\""), &[]);
}

#[test]
fn the_run_says_how_the_leaves_were_asserted() {
    let check = |contract: &Contract, level: Level, response: ReceivedResponse, [exact, shape, none]: [usize; 3]| {
        let rules = rules();
        let normalization = NormalizationPlan::new(contract, &rules, level).expect("the contract's rules are valid");
        let coverage = replay::judge(&normalization, "/lamps", &response, None).coverage;
        assert_eq!(coverage, Coverage { exact, shape, none });
    };
    let get = contract(None, LAMP, "");
    // The id and the time are volatile.
    check(&get, Level::Exact, received(LAMP), [4, 2, 0]);
    check(&get, Level::Shape, received(LAMP), [0, 6, 0]);
    check(&get, Level::Shape, received(&lamp("[\"hall\"]", "[]")), [0, 5, 1]);
    check(&get, Level::Exact, ReceivedResponse { status: 404, ..received("{}") }, [0, 0, 6]);
    let post = contract(Some("{\"watts\": 60, \"rooms\": [\"hall\"]}"), LAMP, "");
    check(&post, Level::Shape, received(LAMP), [2, 4, 0]);
    let unknown = contract(None, "{\"unknown\": null}", "");
    check(&unknown, Level::Shape, received("{\"unknown\": 7}"), [0, 0, 1]);
}
