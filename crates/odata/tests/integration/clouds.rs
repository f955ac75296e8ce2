//! The clouds that a page names, against the metadata of each.

use std::time::Instant;

use graph_contracts::contract::{Cloud, Contract};
use graph_contracts::lint::Suppressions;
use graph_contracts_odata::check::{MetadataText, Verdict, check, check_contract, read_all};
use graph_contracts_testing::contracts_of_text;

/// Metadata of v1.0 with these elements of a schema.
fn metadata(cloud: Cloud, name: &str, elements: &str) -> MetadataText {
    let text = format!(
        "<Edmx Version=\"4.0\"><DataServices><Schema Namespace=\"shop\" Alias=\"s\">\n{elements}\n</Schema></DataServices></Edmx>"
    );
    MetadataText { cloud, version: "v1.0".to_owned(), name: name.to_owned(), text }
}

const LAMP: &str = r#"<EntityType Name="lamp"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
<EntityContainer Name="Service"><EntitySet Name="lamps" EntityType="s.lamp"/></EntityContainer>"#;

const ALL: &str = r#"<EntityType Name="lamp"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/>
<NavigationProperty Name="bulbs" Type="Collection(s.lamp)" ContainsTarget="true"/></EntityType>
<Function Name="newest" IsBound="true"><Parameter Name="on" Type="Collection(s.lamp)"/><ReturnType Type="s.lamp"/></Function>
<EntityContainer Name="Service"><EntitySet Name="lamps" EntityType="s.lamp"/></EntityContainer>"#;

/// The contract of a page that includes that file about clouds, on line 3.
fn contract(clouds: &str, request: &str) -> Contract {
    let (method, path) = request.split_once(' ').expect("a request");
    let directive = match clouds {
        "" => String::new(),
        name => format!("[!INCLUDE [national-cloud-support](../../includes/{name}.md)]\n\n"),
    };
    let status = if method == "DELETE" { "204 No Content" } else { "200 OK" };
    let body = if method == "DELETE" { "" } else { "Content-Type: application/json\n\n{\n  \"id\": \"1\"\n}\n" };
    let text = format!(
        "# Get lamp\n\n{directive}## Example\n\n```http\n{method} https://graph.microsoft.com/v1.0{path}\n```\n\n```http\nHTTP/1.1 {status}\n{body}```\n"
    );
    contracts_of_text("v1.0/api/lamp-get.md", &text).remove(0)
}

/// What is found: of each finding its code, place, line and metadata.
#[track_caller]
fn found(clouds: &str, request: &str, texts: &[MetadataText], expected: &[&str]) {
    let metadata = read_all(texts).expect("metadata");
    let found = check_contract(&contract(clouds, request), &metadata);
    let found = found.iter().flatten().map(|own| {
        let declared = own.metadata.as_ref().map(|declared| format!(" {declared}")).unwrap_or_default();
        format!("{} {} {}{declared}", own.code, own.at, own.source)
    });
    assert_eq!(found.collect::<Vec<_>>(), expected, "{clouds}: {request}");
}

fn global_and_china() -> [MetadataText; 2] {
    [metadata(Cloud::Global, "v1.0.csdl", ALL), metadata(Cloud::China, "china.csdl", LAMP)]
}

const LACKS: &str = "operation-not-in-cloud cloud china v1.0/api/lamp-get.md:3";

#[test]
fn a_named_cloud_without_the_operation_contradicts_the_page() {
    let texts = global_and_china();
    found("global-china", "GET /lamps/{id}", &texts, &[]);
    found("all-clouds", "GET /lamps/{id}/bulbs/{id}", &texts, &[&format!("{LACKS} china.csdl:2")]);
    found(
        "global-china",
        "GET /shelves/{id}",
        &texts,
        &["segment-not-in-metadata request path segment 1 v1.0/api/lamp-get.md:8 v1.0.csdl:5"],
    );
    // A key stands where the cloud has no function of that name.
    found("global-china", "GET /lamps/newest", &texts, &[LACKS]);
    found("", "GET /lamps/newest", &texts, &[]);
    found("global-us", "GET /lamps/newest", &texts, &[]);
}

#[test]
fn a_method_that_a_named_cloud_does_not_allow_is_not_there() {
    let denied = LAMP.replace(
        "<EntitySet Name=\"lamps\" EntityType=\"s.lamp\"/>",
        r#"<EntitySet Name="lamps" EntityType="s.lamp"><Annotation Term="Org.OData.Capabilities.V1.DeleteRestrictions"><Record><PropertyValue Property="Deletable" Bool="false"/></Record></Annotation></EntitySet>"#,
    );
    let texts = [metadata(Cloud::Global, "v1.0.csdl", LAMP), metadata(Cloud::China, "china.csdl", &denied)];
    found("all-clouds", "DELETE /lamps/{id}", &texts, &[&format!("{LACKS} china.csdl:3")]);
    found("all-clouds", "GET /lamps/{id}", &texts, &[]);
}

#[test]
fn a_denied_cloud_with_the_operation_is_a_note() {
    let texts = global_and_china();
    found("global-only", "GET /lamps/{id}", &texts, &["operation-in-denied-cloud cloud china v1.0/api/lamp-get.md:3"]);
    found("global-us", "GET /lamps/{id}/bulbs/{id}", &texts, &[]);
    found("global-us", "GET /lamps/newest", &texts, &[]);
}

#[test]
fn a_page_that_denies_the_global_service_documents_another_cloud() {
    let texts = global_and_china();
    found("china-only", "GET /lamps/{id}", &texts, &["operation-in-denied-cloud cloud global v1.0/api/lamp-get.md:3"]);
    found(
        "china-only",
        "GET /lamps/{id}/bulbs/{id}",
        &texts,
        &["segment-not-in-metadata request path segment 3 v1.0/api/lamp-get.md:8 china.csdl:2"],
    );
    found(
        "us-only",
        "GET /lamps/{id}",
        &texts,
        &[
            "no-metadata request url v1.0/api/lamp-get.md:8",
            "operation-in-denied-cloud cloud global v1.0/api/lamp-get.md:3",
            "operation-in-denied-cloud cloud china v1.0/api/lamp-get.md:3",
        ],
    );
}

#[test]
fn a_cloud_can_be_checked_without_the_global_metadata() {
    let texts = [metadata(Cloud::China, "china.csdl", LAMP)];
    found("all-clouds", "GET /lamps/{id}", &texts, &["no-metadata request url v1.0/api/lamp-get.md:8"]);
    found(
        "all-clouds",
        "GET /shelves",
        &texts,
        &["no-metadata request url v1.0/api/lamp-get.md:8", &format!("{LACKS} china.csdl:3")],
    );
}

#[test]
fn a_cloud_whose_metadata_was_not_given_is_unknown_and_counted() {
    let texts = global_and_china();
    let metadata = read_all(&texts).expect("metadata");
    let contracts = [contract("all-clouds", "GET /lamps/{id}"), contract("", "GET /lamps/{id}")];
    let contracts: Vec<&Contract> = contracts.iter().collect();
    let check = check(&contracts, &metadata, &Suppressions::default(), Instant::now());
    assert_eq!(check.count(Verdict::Confirmed), 2);
    let missing: Vec<_> = check.missing_clouds.iter().map(|(cloud, contracts)| (cloud.as_str(), *contracts)).collect();
    assert_eq!(missing, [("usgov-dod:v1.0", 1), ("usgov:v1.0", 1)]);
    assert!(check.missing.is_empty());
    assert_eq!(check.metadata[1], ("china:v1.0".to_owned(), vec!["china.csdl".to_owned()]));
}
