//! What contracts keep of metadata decides like the metadata itself.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use graph_contracts::ReceivedResponse;
use graph_contracts::compare::{Context, Mismatch, Reference, RuleSource, compare};
use graph_contracts::contract::{Availability, Cloud, Clouds, Contract};
use graph_contracts::json::Json;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules, normalize};
use graph_contracts::service::{ServiceKinds, ServiceRules, ServiceType, ServiceValue};
use graph_contracts_odata::check::{MetadataText, read_all};
use graph_contracts_odata::{Keeper, service_rules};
use graph_contracts_testing::contracts_of_pair;

use crate::library_metadata;

/// The metadata block of the contract of a pair, as JSON.
fn kept(request: &str, sent: &str, status: &str, body: &str) -> Option<serde_json::Value> {
    let text = library_metadata();
    let metadata = [text.read().expect("valid metadata")];
    let contract = contracts_of_pair("Lend book", request, sent, status, body).remove(0);
    let kept = Keeper::new(&metadata).keep(&contract)?;
    Some(serde_json::to_value(kept).expect("JSON"))
}

/// The names of the types that are kept, each with its kind and how many properties it has, and how many that are only named.
fn types(kept: &serde_json::Value) -> Vec<String> {
    let count = |own: &serde_json::Value, name: &str| match &own[name] {
        serde_json::Value::Object(own) => own.len(),
        serde_json::Value::Array(own) => own.len(),
        _ => 0,
    };
    let types = kept["types"].as_object().expect("types").iter().flat_map(|(name, own)| {
        let own = own.as_object().expect("a type").iter();
        own.map(move |(kind, own)| format!("{name} {kind} {}+{}", count(own, "properties"), count(own, "others")))
    });
    types.collect()
}

#[test]
fn a_contract_keeps_what_the_metadata_of_its_own_cloud_says() {
    let text = library_metadata();
    let china = MetadataText { cloud: Cloud::China, name: "china.csdl".to_owned(), ..text.clone() };
    let metadata = [text.read().expect("valid metadata"), china.read().expect("valid metadata")];
    let (yes, no) = (Availability::Available, Availability::NotAvailable);
    for (global, of_china, expected) in [
        (yes, yes, Some("library.csdl")),
        (yes, no, Some("library.csdl")),
        (no, yes, Some("china.csdl")),
        (no, no, None),
    ] {
        let mut contract = contracts_of_pair("Get book", "GET /books/{id}", "", "200 OK", r#"{"id": "1"}"#).remove(0);
        contract.clouds = Some(Clouds { line: 3, global, china: of_china, ..Clouds::default() });
        let kept = Keeper::new(&metadata).keep(&contract);
        assert_eq!(kept.as_ref().map(|own| own.document.as_str()), expected, "{global:?} {of_china:?}");
    }
}

#[test]
fn a_contract_keeps_the_types_that_its_messages_have() {
    let kept = kept("GET /books/{id}", "", "200 OK", r#"{"id": "1", "label": {"text": "x"}}"#).expect("rules");
    assert_eq!(kept["document"], "library.csdl");
    assert_eq!(kept["messages"]["response"], "microsoft.graph.book");
    let expected = [
        "microsoft.graph.binding enumeration 0+0",
        "microsoft.graph.book entity 11+2",
        "microsoft.graph.entity entity 1+0",
        "microsoft.graph.isbn definition 0+0",
        "microsoft.graph.label complex 2+0",
        // No value of it is compared.
        "microsoft.graph.settings complex 0+0",
        "microsoft.graph.topics enumeration 0+0",
        "microsoft.graph.work entity 4+0",
    ];
    assert_eq!(types(&kept), expected);
    let book = &kept["types"]["microsoft.graph.book"]["entity"]["properties"];
    let text =
        std::fs::read_to_string(graph_contracts_testing::project("tests/metadata/library.csdl")).expect("metadata");
    let line = |name: &str| text.lines().position(|line| line.contains(name)).map(|at| at + 1);
    assert_eq!(book["lent"]["nullable"], false);
    assert_eq!(book["lent"]["line"].as_u64().map(|line| line as usize), line("Name=\"lent\""));
    assert_eq!([&book["serial"]["access"], &book["number"]["access"]], ["computed", "immutable"]);
    assert_eq!(book["authors"]["type"], "Collection(Edm.String)");
}

#[test]
fn of_a_request_a_contract_keeps_what_is_sent() {
    let kept = kept("PATCH /books/{id}", r#"{"pages": 7, "binding": "cloth"}"#, "204 No Content", "").expect("rules");
    assert_eq!(kept["messages"]["request"], "microsoft.graph.book");
    let expected = [
        "microsoft.graph.binding enumeration 0+0",
        "microsoft.graph.book entity 2+0",
        "microsoft.graph.entity entity 0+0",
        "microsoft.graph.work entity 0+0",
    ];
    assert_eq!(types(&kept), expected);
}

#[test]
fn the_parameters_of_an_action_are_a_type() {
    let kept = kept("POST /books/{id}/lend", r#"{"to": "x", "Days": 2}"#, "200 OK", r#"{"day": "2024-01-01"}"#);
    let kept = kept.expect("rules");
    assert_eq!(kept["messages"]["request"], "microsoft.graph.lend(microsoft.graph.book)");
    assert_eq!(kept["messages"]["response"], "microsoft.graph.loan");
    let expected = ["microsoft.graph.lend(microsoft.graph.book) parameters 2+0", "microsoft.graph.loan entity 2+0"];
    assert_eq!(types(&kept), expected);
}

#[test]
fn of_several_documents_a_type_names_the_one_that_declares_it() {
    let part = "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\n\
                <Schema Namespace=\"m\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
                <ComplexType Name=\"shelf\"><Property Name=\"floor\" Type=\"Edm.Int32\"/></ComplexType>\n\
                </Schema></edmx:DataServices></edmx:Edmx>\n";
    let library = library_metadata();
    let other = MetadataText { name: "more/part.csdl".to_owned(), text: part.to_owned(), ..library.clone() };
    let texts = [library, other];
    let metadata = read_all(&texts).expect("valid metadata");
    let body = r##"{"label": {"@odata.type": "#m.shelf"}}"##;
    let mut contract = contracts_of_pair("Get book", "GET /books/{id}", "", "200 OK", body).remove(0);
    contract.metadata = Keeper::new(&metadata).keep(&contract).map(Box::new);
    let rules = contract.service_rules().expect("rules");
    let path = "$['label']['floor']".parse().expect("a path");
    let line = |rules: &ServiceRules| match contract.response_value(rules, &path) {
        ServiceValue::Declared(own) => own.source_line().to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(line(&rules), "part.csdl:3");
    assert_eq!(line(&service_rules(&metadata[0], [&contract])), "more/part.csdl:3");
}

#[test]
fn what_the_metadata_does_not_describe_leaves_a_contract_as_it_is() {
    assert_eq!(kept("GET /nowhere", "", "200 OK", r#"{"id": "1"}"#), None);
    assert_eq!(kept("GET /books/{id}", "", "404 Not Found", r#"{"error": {"code": "x"}}"#), None);
    // An object that says what it is does so anywhere.
    let found = kept("GET /nowhere", "", "200 OK", r##"{"@odata.type": "#microsoft.graph.label"}"##).expect("rules");
    assert_eq!(types(&found), ["microsoft.graph.label complex 2+0"]);
}

/// A number that decides what is made.
struct Choices(u64);

impl Choices {
    fn below(&mut self, most: usize) -> usize {
        // The generator of Knuth's MMIX, of which the upper bits are taken.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const SCALARS: [&str; 9] = [
    "Edm.String",
    "Edm.Int32",
    "Edm.Int64",
    "Edm.Boolean",
    "Edm.DateTimeOffset",
    "Edm.Guid",
    "n.kind",
    "n.flags",
    "n.text",
];
const TYPES: [&str; 5] = ["one", "two", "three", "place", "bag"];

/// A document with some types, whose properties are drawn. `three` inherits from `two`, and that from `one`.
fn document(choices: &mut Choices) -> String {
    let mut text = String::from(
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>\n\
         <Schema Namespace=\"n\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
         <EnumType Name=\"kind\"><Member Name=\"a\"/><Member Name=\"b\"/></EnumType>\n\
         <EnumType Name=\"flags\" IsFlags=\"true\"><Member Name=\"a\"/><Member Name=\"b\"/></EnumType>\n\
         <TypeDefinition Name=\"text\" UnderlyingType=\"Edm.String\"/>\n",
    );
    let bases = ["", " BaseType=\"n.one\"", " BaseType=\"n.two\"", "", " OpenType=\"true\""];
    for (at, (name, base)) in TYPES.into_iter().zip(bases).enumerate() {
        let element = if at < 3 { "EntityType" } else { "ComplexType" };
        let key = if at == 0 {
            "<Key><PropertyRef Name=\"id\"/></Key><Property Name=\"id\" Type=\"Edm.String\"/>"
        } else {
            ""
        };
        let open = if choices.is(10) && at < 3 { " OpenType=\"true\"" } else { "" };
        writeln!(text, "<{element} Name=\"{name}\"{base}{open}>{key}").expect("text");
        for number in 0..choices.below(6) + 1 {
            let of_type = if choices.is(30) { choices.one(&["n.place", "n.bag"]) } else { choices.one(&SCALARS) };
            let of_type = if choices.is(25) { format!("Collection({of_type})") } else { of_type.to_owned() };
            let nullable = choices.one(&["", " Nullable=\"false\""]);
            writeln!(text, "<Property Name=\"{name}{number}\" Type=\"{of_type}\"{nullable}/>").expect("text");
        }
        if at < 3 {
            let target = choices.one(&["n.one", "Collection(n.two)"]);
            writeln!(text, "<NavigationProperty Name=\"{name}To\" Type=\"{target}\"/>").expect("text");
        }
        writeln!(text, "</{element}>").expect("text");
    }
    text + "<EntityContainer Name=\"c\"><EntitySet Name=\"ones\" EntityType=\"n.one\"/><EntitySet Name=\"threes\" EntityType=\"n.three\"/>\n\
            </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>\n"
}

/// A value as declared.
fn value(rules: &ServiceRules, of_type: &str, choices: &mut Choices, depth: usize) -> String {
    match rules.kinds(of_type) {
        ServiceKinds::Enumeration(own) => format!("\"{}\"", choices.one(&own.members)),
        ServiceKinds::Structured => object(rules, of_type, choices, depth + 1),
        _ => match of_type {
            "Edm.Int32" | "Edm.Int64" => "7".to_owned(),
            "Edm.Boolean" => "true".to_owned(),
            "Edm.DateTimeOffset" => "\"2024-01-01T00:00:00Z\"".to_owned(),
            "Edm.Guid" => "\"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\"".to_owned(),
            _ => "\"text\"".to_owned(),
        },
    }
}

/// The properties of a type and of those that it inherits from.
fn properties(rules: &ServiceRules, of_type: &str) -> Vec<(String, String, bool)> {
    let own = rules.lineage(of_type).flatten().flat_map(|(_, own)| &own.properties);
    own.map(|(name, own)| (name.clone(), own.type_ref.name.clone(), own.type_ref.collection)).collect()
}

fn object(rules: &ServiceRules, of_type: &str, choices: &mut Choices, depth: usize) -> String {
    let mut members = Vec::new();
    if choices.is(20) {
        members.push(format!("\"@odata.type\": \"#{of_type}\""));
    }
    for (name, of_type, collection) in properties(rules, of_type) {
        if depth > 2 || !choices.is(50) {
            continue;
        }
        let value = value(rules, &of_type, choices, depth);
        let value = if collection { format!("[{value}]") } else { value };
        let value = if choices.is(10) { "null".to_owned() } else { value };
        members.push(format!("\"{name}\": {value}"));
    }
    format!("{{{}}}", members.join(", "))
}

/// The same with other values here and there.
fn changed(value: &Json, names: &[String], choices: &mut Choices) -> String {
    const OTHERS: [&str; 11] =
        ["null", "\"x\"", "1", "1.5", "true", "[]", "{}", "[null]", "\"a\"", "\"c\"", "\"2024-01-01T00:00:00Z\""];
    if choices.is(15) {
        return choices.one(&OTHERS).to_owned();
    }
    match value {
        Json::Object(own) => {
            let kept: Vec<_> = own.iter().filter(|_| !choices.is(10)).collect();
            let mut seen: BTreeSet<&str> = kept.iter().map(|own| own.name.as_str()).collect();
            let mut members: Vec<String> = Vec::new();
            for member in kept {
                let value = match member.name.starts_with('@') {
                    true => member.value.to_string(),
                    false => changed(&member.value, names, choices),
                };
                members.push(format!("\"{}\": {value}", member.name));
            }
            for name in names {
                if choices.is(8) && seen.insert(name) {
                    members.push(format!("\"{name}\": {}", choices.one(&OTHERS)));
                }
            }
            format!("{{{}}}", members.join(", "))
        }
        Json::Array(items) => {
            format!("[{}]", items.iter().map(|item| changed(item, names, choices)).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn judged(
    contract: &Contract,
    body: &str,
    service: Option<&ServiceRules>,
    kept: Option<&ServiceRules>,
) -> Vec<Mismatch> {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("the rules are valid");
    let plan = NormalizationPlan::new(contract, &rules, Level::Shape).expect("the contract's rules are valid");
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let actual = normalize(&ReceivedResponse { status: 200, headers, body: body.as_bytes().to_vec() }, &plan);
    let (context, route) = (Context::of(&plan, false), &contract.routes[0].path);
    let context = service.into_iter().fold(context, |context, own| context.with_service(own, route));
    let mut context = kept.into_iter().fold(context, |context, own| context.with_kept_rules(own, route));
    compare(plan.documented(), &actual, Reference::Documentation, &mut context).mismatches
}

/// Whether the metadata decided, as far as a contract may know it.
fn is_by_metadata(mismatch: &Mismatch) -> bool {
    mismatch.rule.as_ref().is_some_and(|rule| matches!(rule.source, RuleSource::Metadata(_)))
}

/// Contracts of a document that is made from a number: how often its metadata decided.
fn decide_alike(number: u64) -> usize {
    let mut choices = Choices(number);
    let text = document(&mut choices);
    let text = MetadataText { cloud: Cloud::Global, version: "v1.0".to_owned(), name: "n.csdl".to_owned(), text };
    let metadata = [text.read().expect("valid metadata")];
    let types = service_rules(&metadata[0], []);
    let (set, of_type) = choices.one(&[("ones", "n.one"), ("threes", "n.three")]);
    let example = object(&types, of_type, &mut choices, 0);
    let (request, body) = match choices.is(50) {
        true => (format!("GET /{set}"), format!("{{\"value\": [{example}]}}")),
        false => (format!("GET /{set}/{{id}}"), example),
    };
    let mut contract = contracts_of_pair("Get one", &request, "", "200 OK", &body).remove(0);
    contract.metadata = Keeper::new(&metadata).keep(&contract).map(Box::new);
    let (document, kept) = (service_rules(&metadata[0], [&contract]), contract.service_rules());
    assert!(kept.is_some(), "{number}");
    // What a type has that inherits from the declared one, and the values of navigation properties that nobody asked for, are beyond what
    // a contract knows.
    let names = properties(&types, of_type).into_iter().map(|(name, ..)| name);
    let mut names: Vec<String> = names.filter(|name| !name.ends_with("To")).collect();
    names.extend(["place0", "bag0", "nothing"].map(str::to_owned));
    let documented = graph_contracts::json::parse(&body).expect("JSON").json;
    let mut decided = 0;
    for _ in 0..8 {
        let actual = changed(&documented, &names, &mut choices);
        let by_document = judged(&contract, &actual, Some(&document), None);
        let by_contract = judged(&contract, &actual, None, kept.as_ref());
        let verdict = |own: &Mismatch| (own.kind, own.at.clone(), own.severity);
        let verdicts = |found: &[Mismatch]| found.iter().map(verdict).collect::<Vec<_>>();
        assert_eq!(verdicts(&by_document), verdicts(&by_contract), "{number}: {body} {actual}");
        for (one, other) in by_document.iter().zip(&by_contract).filter(|(_, other)| is_by_metadata(other)) {
            assert_eq!(one.rule, other.rule, "{number}: {body} {actual}");
            decided += 1;
        }
    }
    decided
}

#[test]
fn a_contract_and_the_document_decide_alike() {
    let decided: usize = (0..64).map(decide_alike).sum();
    assert!(decided > 500, "the metadata decided {decided} times");
}

#[test]
fn a_kept_type_is_read_as_it_was_written() {
    let text = library_metadata();
    let metadata = [text.read().expect("valid metadata")];
    let mut contract = contracts_of_pair("Get book", "GET /books/{id}", "", "200 OK", r#"{"id": "1"}"#).remove(0);
    contract.metadata = Keeper::new(&metadata).keep(&contract).map(Box::new);
    let written = serde_json::to_string(&contract).expect("JSON");
    let read: Contract = serde_json::from_str(&written).expect("a contract");
    assert_eq!(read, contract);
    let types = &read.metadata.expect("rules").types;
    assert!(matches!(&types["microsoft.graph.binding"], ServiceType::Enumeration(own) if own.is_evolvable()));
    let unknown = written.replacen("\"line\":", "\"lines\":", 1);
    assert!(serde_json::from_str::<Contract>(&unknown).is_err());
}
