//! Documented operations checked against metadata: what is confirmed, what contradicted, and what the metadata does not say.

use graph_contracts::contract::{Cloud, Contract};
use graph_contracts_odata::check::{MetadataText, causes, check_contract};

use crate::library_metadata;
use graph_contracts_testing::contracts_of_text;

/// The documentation of one operation.
#[derive(Clone, Copy)]
struct Operation<'o> {
    /// The lines of the HTTP-request section.
    templates: &'o str,
    /// Method and path of the example.
    example: &'o str,
    /// Status and reason of the response.
    status: &'o str,
    request: &'o str,
    response: &'o str,
    /// The property table's rows.
    table: &'o str,
}

const NONE: Operation<'static> =
    Operation { templates: "", example: "", status: "", request: "", response: "", table: "" };

impl Operation<'_> {
    fn contract(self) -> Contract {
        let Operation { templates, example, status, request, response, table } = self;
        let templates = if templates.is_empty() { example } else { templates };
        let (method, path) = example.split_once(' ').expect("a method and a path");
        let status = match (status, method) {
            ("", "POST") => "201 Created",
            ("", "DELETE") => "204 No Content",
            ("", _) => "200 OK",
            (status, _) => status,
        };
        let table = match table {
            "" => String::new(),
            rows => format!("## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n\n"),
        };
        let message = |start: String, body: &str| match body {
            "" => format!("```http\n{start}\n```\n"),
            body => format!("```http\n{start}\nContent-Type: application/json\n\n{body}\n```\n"),
        };
        let text = format!(
            "# Operation\n\n## HTTP request\n\n```http\n{templates}\n```\n\n{table}## Example\n\n{}\n{}",
            message(format!("{method} https://graph.microsoft.com/v1.0{path}"), request),
            message(format!("HTTP/1.1 {status}"), response),
        );
        contracts_of_text("operation.md", &text).remove(0)
    }

    /// What is found on each route, as `code at: message`.
    fn found(self) -> Vec<Vec<String>> {
        self.found_in(&library_metadata())
    }

    fn found_in(self, text: &MetadataText) -> Vec<Vec<String>> {
        let metadata = [text.read().expect("valid metadata")];
        let shown = |finding: &graph_contracts_odata::check::Finding| {
            format!("{} {}: {}", finding.code.name(), finding.at.in_words(), finding.message)
        };
        check_contract(&self.contract(), &metadata).iter().map(|found| found.iter().map(shown).collect()).collect()
    }
}

/// What is found on the first route has to begin with these, one for one.
#[track_caller]
fn check(operation: Operation<'_>, expected: &[&str]) {
    let found = operation.found().remove(0);
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(own, start)| own.contains(start));
    assert!(fits, "{} {}\nfound {found:#?}\nexpected {expected:#?}", operation.example, operation.request);
}

/// Checks a URL, of which nothing but the URL is documented.
#[track_caller]
fn check_url(example: &str, expected: &[&str]) {
    check(Operation { example, ..NONE }, expected);
}

#[track_caller]
fn check_request(example: &str, request: &str, expected: &[&str]) {
    check(Operation { example, request, ..NONE }, expected);
}

#[track_caller]
fn check_response(example: &str, response: &str, expected: &[&str]) {
    check(Operation { example, response, ..NONE }, expected);
}

#[test]
fn paths_are_resolved_segment_by_segment() {
    check_url("GET /books", &[]);
    check_url("GET /books/", &[]);
    check_url("GET /books/{id}", &[]);
    check_url("GET /books/{id | number}/chapters/{chapter-id}/heading", &[]);
    check_url("GET /books('{id}')/chapters('1')", &[]);
    check_url("GET /books(id='{id}')", &[]);
    check_url("GET /books/8c3a/title/$value", &[]);
    check_url("GET /books/{id}/cover", &[]);
    check_url("GET /books/{id}/cover/$value", &[]);
    check_url("GET /books/$count", &[]);
    check_url("GET /books/{id}/authors/$count", &[]);
    check_url("GET /me/favourite/sequel/chapters", &[]);
    check_url("GET /me/favourite/$ref", &[]);
    check_url("GET /me/friends/{id}/$ref", &[]);
    check_url("DELETE /me/friends/{id}/$ref", &[]);
    check_url("DELETE /me/friends/$ref/{id}", &[]);
    check_url("DELETE /me/friends/$ref?$id={id}", &[]);
    check_url("GET /readers(card='{card}')/loans", &[]);
    check_url("GET /me/loans(reader='a',day=2026-01-01)", &[]);
    check_url("GET /$metadata", &[]);
    check_url("POST /$batch", &[]);
    check_url("GET /opening(day={day})", &[]);
}

/// A document in which names are those of several things.
const SAME_NAMES: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices><Schema Namespace="microsoft.graph">
<TypeDefinition Name="length" UnderlyingType="Edm.Int32"/><ComplexType Name="plan"><Property Name="scale" Type="Edm.Int32"/></ComplexType>
<EntityType Name="room"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="width" Type="microsoft.graph.length"/></EntityType>
<Function Name="plan" IsBound="true"><Parameter Name="of" Type="microsoft.graph.room"/><ReturnType Type="microsoft.graph.plan"/></Function>
<EntityContainer Name="Service"><EntitySet Name="rooms" EntityType="microsoft.graph.room"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"#;

#[test]
fn a_function_may_be_called_like_a_type_and_a_row_may_name_a_type_definition() {
    let check = |operation: Operation<'_>, expected: &[&str]| {
        let text = MetadataText {
            cloud: Cloud::Global,
            version: "v1.0".into(),
            name: "names.csdl".into(),
            text: SAME_NAMES.into(),
        };
        let found = operation.found_in(&text).remove(0);
        let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(own, words)| own.contains(words));
        assert!(fits, "{} {}: {found:#?}", operation.example, operation.table);
    };
    let response = r#"{"scale": 1}"#;
    check(Operation { example: "GET /rooms/{id}/microsoft.graph.plan()", response, ..NONE }, &[]);
    check(Operation { example: "GET /rooms/{id}/microsoft.graph.plan", response, ..NONE }, &[]);
    check(
        Operation { example: "GET /rooms/microsoft.graph.plan()", ..NONE },
        &[
            "segment-not-in-metadata segment 2 of the URL: microsoft.graph.plan is not derived from microsoft.graph.room",
        ],
    );
    let update =
        |table| Operation { example: "PATCH /rooms/{id}", request: r#"{"width": 3}"#, status: "204", table, ..NONE };
    for table in ["|width|length|x|", "|width|microsoft.graph.length|x|", "|width|Int32|x|"] {
        check(update(table), &[]);
    }
    check(update("|width|String|x|"), &["property-type-differs"]);
}

/// A document that takes types from another one, which was not given.
const PART: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="rest.xml"><edmx:Include Namespace="rest"/></edmx:Reference>
<edmx:DataServices><Schema Namespace="microsoft.graph" Alias="graph">
<EntityType Name="tool" BaseType="rest.thing"><Property Name="weight" Type="Edm.Int32"/></EntityType>
<EntityType Name="box"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="size" Type="rest.size"/><NavigationProperty Name="owner" Type="rest.person"/></EntityType>
<Action Name="repair" IsBound="true"><Parameter Name="on" Type="rest.thing"/></Action>
<EntityContainer Name="Service"><EntitySet Name="tools" EntityType="graph.tool"/><EntitySet Name="boxes" EntityType="graph.box"/>
<EntitySet Name="people" EntityType="rest.person"/><ActionImport Name="close" Action="rest.close"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"#;

#[test]
fn what_another_document_declares_is_not_known_and_no_contradiction() {
    let check = |example: &str, response: &str, expected: &[&str]| {
        let text =
            MetadataText { cloud: Cloud::Global, version: "v1.0".into(), name: "part.csdl".into(), text: PART.into() };
        let found = Operation { example, response, ..NONE }.found_in(&text).remove(0);
        let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(own, words)| own.contains(words));
        assert!(fits, "{example} {response}: {found:#?}");
    };
    let elsewhere: &[&str] =
        &["outside-metadata the URL: the metadata does not say what this URL addresses: it is declared in a document"];
    check("GET /tools/{id}", r#"{"id": "1", "name": "hammer", "weight": 3, "Weight": 3}"#, &[]);
    check("GET /tools/{id}", r#"{"id": "1", "weight": "heavy"}"#, &["value-not-of-metadata-type"]);
    check("GET /tools/{id}/parts", "", elsewhere);
    check("GET /tools(number=1)", "", &[]);
    check("POST /tools/{id}/repair", "", elsewhere);
    check("POST /tools/order", "", elsewhere);
    check("GET /people/{id}", r#"{"anything": 1}"#, elsewhere);
    check("POST /close", "", elsewhere);
    // What this document declares is known as before.
    check(
        "GET /boxes/{id}",
        r#"{"id": "1", "size": {"x": 1}, "owner": {"@odata.type": "rest.chief", "id": "1"}}"#,
        &[],
    );
    check("GET /boxes/{id}", r#"{"id": "1", "@odata.type": "rest.crate"}"#, &[]);
    check("GET /boxes/{id}", r#"{"id": "1", "color": "red"}"#, &["`color` is not a property of microsoft.graph.box"]);
    check("GET /boxes/{id}/lid", "", &["microsoft.graph.box has nothing called `lid`"]);
    check("GET /boxes/{id}/owner/boxes", "", elsewhere);
    check("GET /cups", "", &["the service has nothing called `cups`"]);
}

/// What is found of a message where the set `things` is annotated so.
#[track_caller]
fn check_annotated(annotations: &str, operation: Operation<'_>, expected: &[&str]) {
    let text = format!(
        r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="c.xml"><edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Capabilities"/></edmx:Reference>
<edmx:DataServices><Schema Namespace="microsoft.graph" Alias="graph">
<EntityType Name="thing"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
<Property Name="name" Type="Edm.String"/><NavigationProperty Name="parts" Type="Collection(graph.thing)"/>
<NavigationProperty Name="owner" Type="graph.thing"/></EntityType>
<EntityContainer Name="Service"><EntitySet Name="things" EntityType="graph.thing">
<NavigationPropertyBinding Path="parts" Target="things"/>{annotations}</EntitySet></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"#
    );
    let text = MetadataText { cloud: Cloud::Global, version: "v1.0".into(), name: "things.csdl".into(), text };
    let found = operation.found_in(&text).remove(0);
    let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(own, words)| own.contains(words));
    assert!(fits, "{annotations}\n{} {}: {found:#?}", operation.example, operation.request);
}

/// An annotation of the vocabulary Capabilities whose value is a record.
fn capability(term: &str, record: &str) -> String {
    format!(r#"<Annotation Term="Capabilities.{term}"><Record>{record}</Record></Annotation>"#)
}

#[test]
fn the_update_method_is_the_one_that_the_metadata_names() {
    let methods = |names: &str| {
        let value = format!(r#"<PropertyValue Property="UpdateMethod" EnumMember="{names}"/>"#);
        capability("UpdateRestrictions", &value)
    };
    let check = |names: &str, example: &str, expected: &[&str]| {
        check_annotated(&methods(names), Operation { example, ..NONE }, expected);
    };
    let put = "Org.OData.Capabilities.V1.HttpMethod/PUT";
    let patch = "Org.OData.Capabilities.V1.HttpMethod/PATCH";
    check(
        put,
        "PATCH /things/{id}",
        &["restricted-in-metadata the method: PATCH is not possible: the metadata says that the update method is PUT"],
    );
    check(put, "PUT /things/{id}", &[]);
    check(patch, "PUT /things/{id}", &["the update method is PATCH"]);
    check(&format!("{put} {patch}"), "PATCH /things/{id}", &[]);
    check(put, "GET /things/{id}", &[]);
}

#[test]
fn annotations_with_a_qualifier_are_other_annotations() {
    let own = r#"<PropertyValue Property="Deletable" Bool="false"/>"#;
    let plain = capability("DeleteRestrictions", own);
    let qualified = plain.replace("Restrictions\">", "Restrictions\" Qualifier=\"Preview\">");
    let delete = Operation { example: "DELETE /things/{id}", ..NONE };
    check_annotated(&plain, delete, &["deleting is not allowed here"]);
    check_annotated(&qualified, delete, &[]);
}

#[test]
fn query_options_and_what_they_name_may_be_ruled_out() {
    let bool = |name: &str| format!(r#"<PropertyValue Property="{name}" Bool="false"/>"#);
    let names = |name: &str, path: &str| {
        format!(
            r#"<PropertyValue Property="{name}"><Collection><PropertyPath>{path}</PropertyPath></Collection></PropertyValue>"#
        )
    };
    let check = |term: &str, record: &str, example: &str, expected: &[&str]| {
        check_annotated(&capability(term, record), Operation { example, ..NONE }, expected);
    };
    check(
        "FilterRestrictions",
        &bool("Filterable"),
        "GET /things?$filter=name eq 'a'",
        &["`$filter` is not supported here"],
    );
    check("FilterRestrictions", &bool("Filterable"), "GET /things?$top=1", &[]);
    check("SortRestrictions", &bool("Sortable"), "GET /things?$orderby=name", &["`$orderby` is not supported here"]);
    check("ExpandRestrictions", &bool("Expandable"), "GET /things?$expand=parts", &["`$expand` is not supported here"]);
    check("SearchRestrictions", &bool("Searchable"), "GET /things?$search=a", &["`$search` is not supported here"]);
    check("SelectSupport", &bool("Supported"), "GET /things?$select=name", &["`$select` is not supported here"]);
    check("CountRestrictions", &bool("Countable"), "GET /things?$count=true", &["`$count` is not supported here"]);
    check("CountRestrictions", &bool("Countable"), "GET /things?$count=false", &[]);
    check("CountRestrictions", &bool("Countable"), "GET /things/$count", &["counting is not allowed here"]);
    check(
        "FilterRestrictions",
        &names("NonFilterableProperties", "name"),
        "GET /things?$filter=name eq 'a'",
        &["`name` cannot be in `$filter`"],
    );
    check("FilterRestrictions", &names("NonFilterableProperties", "name"), "GET /things?$filter=id eq 'a'", &[]);
    check(
        "SortRestrictions",
        &names("NonSortableProperties", "name"),
        "GET /things?$orderby=name desc",
        &["`name` cannot be in `$orderby`"],
    );
    let ascending = names("AscendingOnlyProperties", "name");
    let descending = names("DescendingOnlyProperties", "name");
    for (record, example, expected) in [
        (&ascending, "GET /things?$orderby=name", None),
        (&ascending, "GET /things?$orderby=id desc,name asc", None),
        (&ascending, "GET /things?$orderby=id,name desc", Some("`name` is sorted in ascending order only")),
        (&descending, "GET /things?$orderby=name desc", None),
        (&descending, "GET /things?$orderby=name", Some("`name` is sorted in descending order only")),
        (&descending, "GET /things?$orderby=name asc", Some("`name` is sorted in descending order only")),
    ] {
        check("SortRestrictions", record, example, expected.as_slice());
    }
    check(
        "ExpandRestrictions",
        &names("NonExpandableProperties", "parts"),
        "GET /things?$expand=parts($top=1)",
        &["`parts` cannot be in `$expand`"],
    );
    let top = r#"<Annotation Term="Capabilities.TopSupported" Bool="false"/>"#;
    check_annotated(top, Operation { example: "GET /things?$top=1", ..NONE }, &["`$top` is not supported here"]);
}

#[test]
fn keys_navigation_and_references_may_be_ruled_out() {
    let check = |annotations: &str, example: &str, expected: &[&str]| {
        check_annotated(annotations, Operation { example, ..NONE }, expected);
    };
    let no_key = r#"<Annotation Term="Capabilities.IndexableByKey" Bool="false"/>"#;
    check(
        no_key,
        "GET /things/{id}",
        &["restricted-in-metadata segment 2 of the URL: the metadata says that what is in this collection cannot"],
    );
    check(no_key, "GET /things", &[]);
    let navigability = |name: &str| {
        let member =
            format!(r#"<PropertyValue Property="Navigability" EnumMember="Capabilities.NavigationType/{name}"/>"#);
        capability("NavigationRestrictions", &member)
    };
    check(
        &navigability("None"),
        "GET /things/{id}/owner",
        &["segment 3 of the URL: the metadata says that `owner` cannot be followed"],
    );
    check(&navigability("Single"), "GET /things/{id}/owner", &[]);
    let of_parts = |member: &str| {
        let record = format!(
            r#"<Record><PropertyValue Property="NavigationProperty" NavigationPropertyPath="parts"/>{member}</Record>"#
        );
        capability(
            "NavigationRestrictions",
            &format!(
                r#"<PropertyValue Property="RestrictedProperties"><Collection>{record}</Collection></PropertyValue>"#
            ),
        )
    };
    let none = of_parts(r#"<PropertyValue Property="Navigability" EnumMember="Capabilities.NavigationType/None"/>"#);
    check(&none, "GET /things/{id}/parts", &["`parts` cannot be followed"]);
    check(&none, "GET /things/{id}/owner", &[]);
    let no_key = of_parts(r#"<PropertyValue Property="IndexableByKey" Bool="false"/>"#);
    check(&no_key, "GET /things/{id}/parts/{id}", &["segment 4"]);
    check(&no_key, "GET /things/{id}/parts", &[]);
    let no_references =
        capability("NavigationRestrictions", r#"<PropertyValue Property="Referenceable" Bool="false"/>"#);
    check(&no_references, "GET /things/$ref", &["addressing references (`$ref`) is not allowed here"]);
}

#[test]
fn members_of_a_request_may_be_ruled_out() {
    let names = |term: &str, name: &str, path: &str| {
        let list = format!(r#"<Collection><PropertyPath>{path}</PropertyPath></Collection>"#);
        capability(term, &format!(r#"<PropertyValue Property="{name}">{list}</PropertyValue>"#))
    };
    let check = |annotations: &str, example: &str, request: &str, expected: &[&str]| {
        check_annotated(annotations, Operation { example, request, ..NONE }, expected);
    };
    let insert = names("InsertRestrictions", "NonInsertableProperties", "name");
    check(
        &insert,
        "POST /things",
        r#"{"name": "a"}"#,
        &[
            "restricted-in-metadata $['name'] of the request body: the metadata says that `name` cannot be set when the entity is created",
        ],
    );
    check(&insert, "PATCH /things/{id}", r#"{"name": "a"}"#, &[]);
    let update = names("UpdateRestrictions", "NonUpdatableProperties", "name");
    check(&update, "PATCH /things/{id}", r#"{"name": "a"}"#, &["cannot be set when the entity is updated"]);
    check(&update, "POST /things", r#"{"name": "a"}"#, &[]);
    let deep = capability("DeepInsertSupport", r#"<PropertyValue Property="Supported" Bool="false"/>"#);
    check(
        &deep,
        "POST /things",
        r#"{"name": "a", "owner": {"name": "b"}}"#,
        &["related entities, such as `owner`, cannot be created"],
    );
    check(
        &deep,
        "POST /things",
        r#"{"name": "a", "owner@odata.bind": "https://graph.microsoft.com/v1.0/things/1"}"#,
        &[],
    );
}

#[test]
fn an_upsert_creates_only_where_the_metadata_has_it() {
    let upsert = |value: bool| {
        capability("UpdateRestrictions", &format!(r#"<PropertyValue Property="Upsertable" Bool="{value}"/>"#))
    };
    let created = Operation { example: "PATCH /things/{id}", status: "201 Created", ..NONE };
    check_annotated(&upsert(true), created, &[]);
    check_annotated(&upsert(false), created, &["status-not-of-operation"]);
    check_annotated("", created, &["status-unusual"]);
}

#[test]
fn references_lead_to_what_they_stand_for() {
    let check = |example: &str, request: &str, expected: &[&str]| {
        check_annotated("", Operation { example, request, ..NONE }, expected);
    };
    let url = "https://graph.microsoft.com/v1.0/things";
    let bind = |name: &str, value: &str| format!(r#"{{"{name}@odata.bind": {value}}}"#);
    check("POST /things", &bind("owner", &format!("\"{url}/1\"")), &[]);
    check("POST /things", &bind("owner", &format!("\"{url}('1')\"")), &[]);
    check("POST /things", &bind("parts", &format!("[\"{url}/1\", \"{url}/{{id}}\"]")), &[]);
    check("POST /things", &bind("owner", "\"https://example.com/none/1\""), &[]);
    check("POST /things", &bind("owner", "\"$1\""), &[]);
    check("POST /things", &bind("owner", "\"/$1\""), &[]);
    check("POST /things", &bind("owner", "\"things('1')\""), &[]);
    check("POST /things", &bind("owner", "\"/things/1/owner\""), &[]);
    check(
        "POST /things",
        &bind("owner", &format!("\"{url}\"")),
        &["is a collection, and microsoft.graph.thing/owner is one entity"],
    );
    check(
        "POST /things",
        &bind("owner", "\"https://graph.microsoft.com/v1.0/thngs/1\""),
        &["the service has nothing called `thngs`"],
    );
    check(
        "POST /things",
        &bind("name", &format!("\"{url}/1\"")),
        &["microsoft.graph.thing/name is bound by a URL, but it is no navigation property"],
    );
    let reference = |url: &str| format!(r#"{{"@odata.id": "{url}"}}"#);
    check("POST /things/{id}/parts/$ref", &reference(&format!("{url}/1")), &["status-unusual"]);
    check(
        "POST /things/{id}/parts/$ref",
        &reference(url),
        &["status-unusual", "is a collection, and microsoft.graph.thing is one entity"],
    );
    // Of another type.
    let book = |value: &str| format!(r#"{{"@odata.id": "https://graph.microsoft.com/v1.0/{value}"}}"#);
    let check = |request: &str, expected: &[&str]| {
        self::check(
            Operation { example: "POST /me/friends/$ref", request, status: "204 No Content", ..NONE },
            expected,
        );
    };
    check(&book("readers/1"), &[]);
    check(&book("books/1"), &["is a microsoft.graph.book, and microsoft.graph.reader is a microsoft.graph.reader"]);
}

#[test]
fn urls_that_are_not_well_formed_are_contradicted_at_their_segment() {
    check_url(
        "GET /books//chapters",
        &["segment 2 of the URL: nothing stands between two slashes; a key may be missing"],
    );
    check_url(
        "GET /books/{id}/page(number=1",
        &["segment 3 of the URL: the parentheses of `page(number=1` are not balanced"],
    );
}

#[test]
fn what_a_function_returns_may_be_null_where_the_metadata_says_so() {
    let check = |nullable: &str, response: &str, expected: &[&str]| {
        let text = PART.replace(
            "<Action Name=\"repair\"",
            &format!("<Function Name=\"height\" IsBound=\"true\"><Parameter Name=\"on\" Type=\"graph.box\"/><ReturnType Type=\"{nullable}\"/></Function><Action Name=\"repair\""),
        );
        let text = MetadataText { cloud: Cloud::Global, version: "v1.0".into(), name: "part.csdl".into(), text };
        let found = Operation { example: "GET /boxes/{id}/height()", response, ..NONE }.found_in(&text).remove(0);
        let fits = found.len() == expected.len() && found.iter().zip(expected).all(|(own, words)| own.contains(words));
        assert!(fits, "{nullable} {response}: {found:#?}");
    };
    check("Edm.Int32", r#"{"value": null}"#, &[]);
    check("Edm.Int32\" Nullable=\"false", r#"{"value": null}"#, &["null-not-allowed"]);
    check("Edm.Int32\" Nullable=\"false", r#"{"value": 1}"#, &[]);
    check("Collection(Edm.Int32)\" Nullable=\"false", r#"{"value": [1, null]}"#, &["null-not-allowed"]);
    check("Collection(Edm.Int32)", r#"{"value": [1, null]}"#, &[]);
}

#[test]
fn an_unknown_segment_is_named_with_what_is_like_it() {
    check_url("GET /boks", &["segment-not-in-metadata segment 1 of the URL: the service has nothing called `boks`"]);
    check_url("GET /boks", &["did you mean `books`?"]);
    check_url(
        "GET /books/{id}/chapter",
        &["microsoft.graph.book has nothing called `chapter`; did you mean `chapters`?"],
    );
    check_url("GET /books/{id}/chapters/{id}/pages", &["segment 5 of the URL: microsoft.graph.chapter has nothing"]);
    check_url("GET /books/{id}/title/length", &["`length` cannot follow a value of type Edm.String"]);
    check_url("GET /books/$count/x", &["`x` cannot follow a number"]);
    check_url("GET /books/{id}/chapters/{id}/heading/$ref", &["`$ref` cannot follow a value of type Edm.String"]);
}

#[test]
fn names_in_another_case_are_to_be_known_and_no_contradiction() {
    check_url("GET /Books/{id}/Chapters", &["name-case-differs segment 1", "name-case-differs segment 3"]);
    check_url("GET /books/Delta", &["name-case-differs segment 2"]);
    check_url("GET /works/microsoft.graph.BOOK", &["`microsoft.graph.BOOK` is called `microsoft.graph.book`"]);
    check_url("GET /books/{id}/page(Number=1)", &["the parameter `Number` is called `number`"]);
}

#[test]
fn the_arguments_of_a_function_are_of_its_parameters_types() {
    check_url("GET /books/{id}/page(number=1)", &[]);
    check_url("GET /books/{id}/page(number=@n)?@n=1", &[]);
    check_url("GET /books/{id}/page(number={number})", &[]);
    check_url(
        "GET /books/{id}/page(number='1')",
        &["argument-not-of-type argument number in the URL: `'1'` cannot be"],
    );
    check_url("GET /books/{id}/page(number=@n)?@n='1'", &["Edm.Int32 stands without quotation marks"]);
    check_url("GET /books/{id}/page(from=one,to='2')", &["`one` cannot be the argument `from`", "argument `to`"]);
    check_url("GET /opening(day=2021-01-31T00:00:00Z)", &["it is not Edm.Date"]);
    // Another rule says that there is no such day.
    check_url("GET /opening(day=2021-02-30)", &[]);
    check(
        Operation { templates: "GET /opening(day={day})", example: "GET /opening(day='2021-01-31')", ..NONE },
        &["Edm.Date stands without quotation marks in a URL"],
    );
}

#[test]
fn a_key_is_no_name_of_something_declared() {
    check_url("GET /books/latest", &[]);
    check_url("GET /books/delat", &["did you mean `delta`?"]);
    check_url("POST /books/return", &["a collection of microsoft.graph.book has nothing called `return` bound to it"]);
    check_url("GET /books/chapters", &["`chapters` belongs to a single microsoft.graph.book; a key has to stand"]);
    check_url("POST /books/lend", &["`lend` belongs to a single microsoft.graph.book"]);
    check_url("GET /books/cover", &["`cover` belongs to a single microsoft.graph.book"]);
    // A structural property may have the name of a key, where it looks like one.
    check_url("GET /archive/items/root", &[]);
    check_url("GET /readers/cardNumber", &[]);
    check_url("GET /books/title/$value", &["`title` belongs to a single microsoft.graph.book"]);
    check_url("GET /archive/shelfMarks", &[]);
    check_url("GET /archives/shelfMarks", &["`shelfMarks` belongs to a single microsoft.graph.archive"]);
}

#[test]
fn keys_have_the_declared_names() {
    check_url(
        "GET /readers(cardNumber='1')",
        &["key-not-in-metadata segment 1 of the URL: `readers(cardNumber='1')` names no key"],
    );
    check_url("GET /readers(cardNumber='1')", &["its keys are (id) and (card)"]);
    check_url("GET /me/loans(reader='a')", &["its keys are (reader, day)"]);
    for key in ["{id}", "{book-id}", "<bookId>", "{id | number}", "{id | userPrincipalName}"] {
        check_url(
            &format!("GET /me/favourite/{key}"),
            &["stands for a key, but what is before it is a single microsoft.graph.book already"],
        );
    }
    check(
        Operation { templates: "GET /me/favourite/{x}", example: "GET /me/favourite/8c3a", ..NONE },
        &["`{x}` stands for a key"],
    );
    check_url("GET /me('1')", &["key-not-in-metadata segment 1 of the URL: `me('1')` has a key, but `me` is a single"]);
}

#[test]
fn derived_types_are_reached_by_a_cast() {
    check_url("GET /works/{id}/microsoft.graph.book/chapters", &[]);
    check_url("GET /works/graph.book", &[]);
    check_url("GET /works/microsoft.graph.recording/{id}/tracks", &[]);
    check_url(
        "GET /works/{id}/chapters",
        &[
            "`chapters` is not declared on microsoft.graph.work, but on types derived from it: a cast such as `/microsoft.graph.book` has",
        ],
    );
    check_url("GET /books/{id}/microsoft.graph.recording", &["microsoft.graph.recording is not derived from"]);
}

#[test]
fn functions_and_actions_are_bound_and_have_overloads() {
    check_url("GET /books/delta", &[]);
    check_url("GET /books/delta()", &[]);
    check_url("GET /books/microsoft.graph.delta", &[]);
    check_url("GET /books/{id}/page(number=1)", &[]);
    check_url("GET /books/{id}/page(number=1)/heading", &[]);
    check_url("GET /books/{id}/page(from=1,to={to})", &[]);
    check_url("GET /books/{id}/page?number=1", &[]);
    check_url(
        "GET /books/{id}/page(line=1)",
        &[
            "function-parameters-not-in-metadata segment 3 of the URL: microsoft.graph.page cannot be called with line; \
           it is page(number) or page(from, to)",
        ],
    );
    check_url("GET /books/{id}/page", &["cannot be called without parameters"]);
    check_url("GET /books/{id}/delta", &["microsoft.graph.book has nothing called `delta`"]);
    check_url(
        "GET /books/{id}/lend",
        &["method-not-allowed the method: GET is not possible: `lend` is an action, and actions are invoked by POST"],
    );
    check_url("POST /books/{id}/page", &["`page` is a function that returns a single microsoft.graph.chapter"]);
    check_url("POST /books/delta", &["functions are invoked by GET"]);
}

#[test]
fn items_are_addressed_by_path() {
    check_url("GET /archive/root:/{path}", &[]);
    check_url("GET /archive/root:/{path}:/children", &[]);
    check_url("PUT /archive/items/{id}:/{name}:/content", &[]);
    check_url("GET /archive/root:/a/b c/d.txt:/children", &[]);
    check_url("GET /archive/root:/{path}:/child", &["microsoft.graph.driveItem has nothing called `child`"]);
    check_url("GET /books/{id}:/{path}", &["has no paths below it"]);
}

#[test]
fn placeholders_and_ellipses_are_what_the_example_says_or_unknown() {
    check_url("GET /{set}/{id}", &["outside-metadata the URL"]);
    check_url("GET /books/{id}/{property}", &["a placeholder stands for the name of a property"]);
    check(Operation { templates: "GET /books/{id}/{property}", example: "GET /books/1/sequel", ..NONE }, &[]);
    check_url("GET /archive/root/children/{id}/children/{id}/.../children", &[]);
    check_url("GET /books/{id}/.../tracks", &["an ellipsis stands for some of its segments"]);
    check(
        Operation { templates: "GET /books/{id}/chapters[?$top={n}]", example: "GET /books/1/chapters", ..NONE },
        &[],
    );
}

#[test]
fn methods_fit_what_is_addressed() {
    check_url("POST /me/favourite", &["POST is not possible: `favourite` is a single-valued navigation property"]);
    check_url("POST /books/{id}", &["only a collection can be posted to"]);
    check_url("PATCH /books", &["a change needs the key of an entity"]);
    check_url("DELETE /books", &["a DELETE needs the key of an entity"]);
    check_url("DELETE /books/$count", &["which can only be read"]);
    check_url("DELETE /me/friends/$ref", &["needs the key, or the query option `$id`"]);
    check_url("DELETE /books/delta", &["functions are invoked by GET"]);
    check_url("DELETE /opening(day={day})", &["functions are invoked by GET"]);
    check_url("PATCH /books/{id}/page(number=1)", &[]);
    check_url("POST /books/{id}/page(from=1,to=2)", &[]);
    check_url("PATCH /books/{id}", &[]);
    check_url("PUT /books/{id}/cover", &[]);
    check_url("DELETE /books/{id}/label", &[]);
    check_url("POST /oldBooks", &["deprecated-in-metadata", "restricted-in-metadata the method: POST is not possible"]);
    check_url("GET /oldBooks", &["`oldBooks` is deprecated and is removed on 2027-01-01: use books"]);
    check_url("DELETE /oldBooks/{id}", &["deprecated-in-metadata", "deleting is not allowed here"]);
    check_url("GET /leaflets", &["deprecated-in-metadata segment 1 of the URL: `leaflet` is deprecated"]);
    check_url("GET /leaflets/{id}", &["`leaflet` is deprecated"]);
    check_url("GET /leaflets/$count", &[]);
}

#[test]
fn a_success_has_a_status_of_its_operation() {
    let check = |example, status, expected: &[&str]| check(Operation { example, status, ..NONE }, expected);
    check("GET /books", "201 Created", &["status-not-of-operation the status: 201 is documented for a GET"]);
    check("GET /books/{id}/cover", "302 Found", &[]);
    check("GET /books", "404 Not Found", &[]);
    check("POST /books", "200 OK", &["status-unusual"]);
    check("POST /books", "206 Partial Content", &["status-not-of-operation"]);
    check("DELETE /books/{id}", "201 Created", &["status-not-of-operation"]);
    check("PATCH /books/{id}", "201 Created", &["status-unusual"]);
    check("PUT /books/{id}", "201 Created", &[]);
    check("POST /books/restore", "204 No Content", &[]);
    check(
        "POST /books/restore",
        "200 OK",
        &["status-unusual the status: 200 is documented for an action that returns"],
    );
    check("POST /books/{id}/lend", "302 Found", &["status-not-of-operation"]);
}

#[test]
fn members_are_declared_and_their_values_of_the_declared_type() {
    let ok = r#"{"title": "A", "published": "2026-01-02", "added": "2026-01-02T03:04:05Z", "pages": 7, "price": 1.5, "lent": true,
        "number": "x", "binding": "cloth", "topics": "sea,snow", "authors": ["B"], "label": {"text": "C"},
        "sequel@odata.bind": "https://graph.microsoft.com/v1.0/books/2"}"#;
    check_request("POST /books", ok, &[]);
    check_request("POST /books", r#"{"titel": "A"}"#, &["member-not-in-metadata $['titel'] of the request body"]);
    check_request("POST /books", r#"{"titel": "A"}"#, &["did you mean `title`?"]);
    check_request("POST /books", r#"{"Title": "A"}"#, &["name-case-differs"]);
    check_request("POST /books", r#"{"title": 1}"#, &["value-not-of-metadata-type $['title']"]);
    check_request("POST /books", r#"{"title": null}"#, &["null-not-allowed $['title']"]);
    check_request("POST /books", r#"{"pages": null}"#, &[]);
    check_request("POST /books", r#"{"pages": "7"}"#, &["value-not-of-metadata-type $['pages']"]);
    check_request("POST /books", r#"{"pages": 7.5}"#, &["value-not-of-metadata-type $['pages']"]);
    check_request("POST /books", r#"{"size": 7}"#, &[]);
    check_request("POST /books", r#"{"size": "7"}"#, &["value-not-of-metadata-type $['size']"]);
    check_request("POST /books", r#"{"lent": "true"}"#, &["value-not-of-metadata-type $['lent']"]);
    check_request("POST /books", r#"{"published": "2026-01-02T00:00:00Z"}"#, &["value-not-of-metadata-type"]);
    check_request("POST /books", r#"{"added": "2026-01-02"}"#, &["value-not-of-metadata-type"]);
    check_request("POST /books", r#"{"authors": "B"}"#, &["value-not-of-metadata-type $['authors']"]);
    check_request("POST /books", r#"{"authors": [null]}"#, &["null-not-allowed $['authors'][0]"]);
    check_request("POST /books", r#"{"authors": [1]}"#, &["value-not-of-metadata-type $['authors'][0]"]);
    check_request("POST /books", r#"{"label": ["x"]}"#, &["value-not-of-metadata-type $['label']"]);
    check_request("POST /books", r#"{"label": {"txt": "x"}}"#, &["member-not-in-metadata $['label']['txt']"]);
    check_request("POST /books", r#"{"binding": "leather"}"#, &["enum-value-not-in-metadata $['binding']"]);
    check_request("POST /books", r#"{"binding": "Cloth"}"#, &["name-case-differs $['binding']"]);
    check_request("POST /books", r#"{"topics": "sea,rain"}"#, &["`rain` is not a member of microsoft.graph.topics"]);
    check_request("POST /books", r#"{"serial": "9f5a4c1e-0000-4000-8000-000000000000"}"#, &["computed-member-sent"]);
    check_request("PATCH /books/{id}", r#"{"number": "x"}"#, &["computed-member-sent $['number']"]);
    check_request("POST /books", r#"{"number": "x"}"#, &[]);
}

#[test]
fn values_that_stand_for_others_contradict_nothing() {
    let text = r#"{"pages": "Integer", "added": "{date}", "binding": "binding-value", "serial": "serial-value-1", "lent": "..."}"#;
    check_request("POST /books", text, &["computed-member-sent"]);
    check_request("POST /books", r#"{"authors": "{authors}"}"#, &[]);
    check_request("POST /books", r#"{"authors": ["authors-value"]}"#, &[]);
    check_request("POST /books", r#"{"authors": "String"}"#, &["value-not-of-metadata-type $['authors']"]);
}

#[test]
fn types_are_named_by_the_body() {
    check_request("POST /works", r##"{"@odata.type": "#microsoft.graph.book", "pages": 1}"##, &[]);
    check_request("POST /works", r##"{"@odata.type": "microsoft.graph.recording", "seconds": 1}"##, &[]);
    check_request(
        "POST /works",
        r##"{"@odata.type": "#microsoft.graph.film", "pages": 1}"##,
        &["type-not-in-metadata $['@odata.type'] of the request body: there is no type microsoft.graph.film"],
    );
    check_request("POST /works", r##"{"@odata.type": "#microsoft.graph.Book", "pages": 1}"##, &["name-case-differs"]);
    check_request("POST /works", r##"{"@odata.type": "#microsoft.graph.work"}"##, &["is abstract"]);
    check_request("POST /books", r##"{"@odata.type": "#microsoft.graph.loan"}"##, &["type-not-derived"]);
    check_request("POST /works", r#"{"pages": 1}"#, &["`pages` is a property of microsoft.graph.book, not of"]);
    let labelled = r##"{"label": {"@odata.type": "#microsoft.graph.coloredLabel", "color": "red"}}"##;
    check_request("POST /books", labelled, &[]);
    // Examples of responses often leave the type out.
    check_response("GET /works/{id}", r#"{"id": "1", "title": "A", "pages": 1}"#, &[]);
    check_response("GET /works/{id}", r#"{"pages": 1, "seconds": 2}"#, &["member-not-in-metadata"]);
}

#[test]
fn open_types_may_have_any_member() {
    check_request("PATCH /me", r#"{"nickname": "A"}"#, &[]);
    check_request("PATCH /me", r#"{"cardNumber": 1}"#, &["value-not-of-metadata-type"]);
    check_request("PATCH /me", r#"{"cardNumbers": 1}"#, &["member-of-open-type"]);
    let dynamic = |name: &str, member: &str| {
        format!(r##"{{"read": {{"x": {{"@odata.type": "#microsoft.graph.{name}", "{member}": 1}}}}}}"##)
    };
    check_request("PATCH /me", &dynamic("book", "pages"), &[]);
    check_request("PATCH /me", &dynamic("bok", "pages"), &["type-not-in-metadata $['read']['x']['@odata.type']"]);
    check_request("PATCH /me", &dynamic("book", "sheets"), &["member-not-in-metadata $['read']['x']['sheets']"]);
}

#[test]
fn parameters_of_actions_are_members_of_the_body() {
    let check = |request, expected: &[&str]| {
        check(Operation { example: "POST /books/{id}/lend", status: "200 OK", request, ..NONE }, expected);
    };
    check(r#"{"to": "a", "Days": 3}"#, &[]);
    check(r#"{"to": "a", "days": 3}"#, &["name-case-differs"]);
    check(r#"{"to": null}"#, &["null-not-allowed $['to']"]);
    check(r#"{"to": "a", "Days": "3"}"#, &["value-not-of-metadata-type $['Days']"]);
    check(r#"{"for": "a"}"#, &["member-not-in-metadata $['for'] of the request body: `for` is not a parameter of"]);
    check(r#"["a"]"#, &["wrapper-does-not-fit"]);
}

#[test]
fn wrappers_fit_what_comes_back() {
    let book = r#"{"id": "1", "title": "A"}"#;
    check_response("GET /books", &format!(r#"{{"value": [{book}]}}"#), &[]);
    check_response("GET /books", &format!(r#"{{"value": {book}}}"#), &["wrapper-does-not-fit"]);
    check_response("GET /books", book, &["wrapper-does-not-fit"]);
    check_response("GET /books/{id}", book, &[]);
    check_response("GET /books/{id}", &format!(r#"{{"value": {book}}}"#), &["wrapper-does-not-fit"]);
    check_response("GET /books/{id}", &format!(r#"{{"value": [{book}]}}"#), &["wrapper-does-not-fit"]);
    check_response("GET /books/{id}/pages", r#"{"value": 7}"#, &[]);
    check_response("GET /books/{id}/pages", r#"{"value": "7"}"#, &["value-not-of-metadata-type"]);
    check_response("GET /books/{id}/authors", r#"{"value": ["A"]}"#, &[]);
    check_response("GET /books/{id}/page(number=1)", r#"{"heading": "A"}"#, &[]);
    check_response("GET /books/delta", r#"{"value": [], "@odata.deltaLink": "x"}"#, &[]);
    let lent = Operation { example: "POST /books/restore", status: "200 OK", response: book, ..NONE };
    check(lent, &["status-unusual", "body-not-expected"]);
}

#[test]
fn the_context_speaks_of_what_comes_back() {
    let check = |path: &str, fragment: &str, expected: &[&str]| {
        let body = match path {
            "GET /books" => "\"value\": []",
            _ => "\"id\": \"1\"",
        };
        let response =
            format!(r#"{{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#{fragment}", {body}}}"#);
        check_response(path, &response, expected);
    };
    check("GET /books", "books", &[]);
    check("GET /books", "books(id,title)", &[]);
    check("GET /books", "Collection(microsoft.graph.book)", &[]);
    check("GET /books", "works", &[]);
    check("GET /books", "somethingElse", &[]);
    check("GET /books/{id}", "books/$entity", &[]);
    check("GET /books/{id}", "readers('a')/favourite/$entity", &[]);
    check("GET /books/{id}", "microsoft.graph.book", &[]);
    check("GET /books", "books/$entity", &["`@odata.context` speaks of a single entity, but a collection comes back"]);
    check("GET /books/{id}", "Collection(graph.book)", &["speaks of a collection, but a single value"]);
    check("GET /books", "readers", &["speaks of microsoft.graph.reader, but the response is microsoft.graph.book"]);
    check("GET /books/{id}", "readers('a')/friends(id)/$entity", &["wrapper-does-not-fit"]);
}

#[test]
fn property_tables_agree_with_the_metadata() {
    let check = |table, expected: &[&str]| {
        let request = r#"{"title": "A", "pages": 1, "label": {"text": "B"}}"#;
        check(Operation { example: "POST /books", request, table, ..NONE }, expected);
    };
    check("|title|String|Title.|\n|pages|Int32|Pages.|\n|authors|String collection|Authors.|", &[]);
    check("|title|Int32|Title.|", &["property-type-differs `title` in the property table: `title` is Edm.Int32"]);
    check("|title|String|Title.|\n|authors|String|Authors.|", &["Edm.String in the table, but Collection(Edm.String)"]);
    check(
        "|title|String|Title.|\n|sheets|Int32|Sheets.|",
        &["property-not-in-metadata `sheets` in the property table"],
    );
    check("|title|String|Title.|\n|Pages|Int32|Pages.|", &["name-case-differs `Pages`"]);
    check("|title|String|Title.|\n|binding|binding|Possible values are: `cloth`, `paper`.|", &[]);
    check(
        "|title|String|Title.|\n|binding|String|Possible values are: `cloth`, `silk`.|",
        &["enum-value-not-in-metadata"],
    );
    // A type that only a link knows, where another one is expected; but not a word that nobody knows, and not for a string that has the values of an enumeration.
    check(
        "|title|String|Title.|\n|binding|[bookBinding](../resources/bookbinding.md)|Binding.|",
        &["is microsoft.graph.bookBinding in the table, but"],
    );
    check("|title|String|Title.|\n|binding|bookBinding|Binding.|", &[]);
    check("|title|String|Title.|\n|binding|Einband|Binding.|", &[]);
    check("|title|titleText|Title.|", &[]);
    // A row that is the title of those below it.
    check("|**Common**| | |\n|title|String|Title.|\n|*Numbers*|||\n|pages|Int32|Pages.|", &[]);
    // The members of nested objects beside those of the body, and entities by their URL.
    check("|title|String|Title.|\n|text|String|The label's.|", &[]);
    check("|title|String|Title.|\n|sequel|String|The URL of a book.|", &[]);
}

#[test]
fn a_table_may_be_of_another_derived_type_than_the_example() {
    let recording = r##"{"@odata.type": "#microsoft.graph.recording", "seconds": 1}"##;
    let table = "|title|String|Title.|\n|pages|Int32|Pages.|\n|price|Decimal|Price.|";
    let operation = Operation { example: "POST /works", request: recording, table, ..NONE };
    check(operation, &[]);
}

#[test]
fn a_table_may_be_of_several_derived_types() {
    let recording = r##"{"@odata.type": "#microsoft.graph.recording", "seconds": 1}"##;
    let check = |table, expected: &[&str]| {
        check(Operation { example: "POST /works", request: recording, table, ..NONE }, expected);
    };
    check(
        "|seconds|Int32|Of recordings.|\n|pages|Int32|Of books.|\n|price|Decimal|Of books.|\n|binding|binding|Of books.|",
        &[],
    );
    check(
        "|seconds|Int32|Of recordings.|\n|pages|Int32|Of books.|\n|price|Boolean|Of books.|",
        &["property-type-differs `price`"],
    );
    check("|seconds|Int32|Of recordings.|\n|sheets|Int32|Of nothing.|", &["property-not-in-metadata `sheets`"]);
}

#[test]
fn a_page_is_held_against_each_of_its_routes() {
    let operation = Operation {
        templates: "POST /books\nPOST /me/favourite\nPOST /boks",
        example: "POST /books",
        request: r#"{"titel": "A"}"#,
        ..NONE
    };
    let found = operation.found();
    let codes: Vec<Vec<&str>> =
        found.iter().map(|own| own.iter().filter_map(|text| text.split(' ').next()).collect()).collect();
    assert_eq!(codes, [vec!["member-not-in-metadata"], vec!["method-not-allowed"], vec!["segment-not-in-metadata"]]);
}

#[test]
fn of_overloads_the_one_that_fits_best_is_meant() {
    // Of actions, that of the nearest type, whatever has fewer parameters.
    let lend = r#"{"to": "a", "Days": 3}"#;
    check(Operation { example: "POST /books/{id}/lend", status: "200 OK", request: lend, ..NONE }, &[]);
    let other = Operation { example: "POST /works/{id}/lend", status: "200 OK", request: lend, ..NONE };
    check(other, &["`Days` is not a parameter of microsoft.graph.lend; it has to"]);
    // Of functions, the overload that takes what the query gives.
    check_response("GET /books/{id}/visits", r#"{"value": 1}"#, &[]);
    check_response("GET /books/{id}/visits?$top=1&verbose=1", r#"{"value": 1}"#, &[]);
    check_response("GET /books/{id}/visits?from=2026-01-01&to=2026-02-01", r#"{"value": [1]}"#, &[]);
    check_url(
        "GET /books/{id}/visits?from=2026-01-01&until=2026-02-01",
        &["microsoft.graph.visits cannot be called with from, until; it is visits() or visits(from, to)"],
    );
}

#[test]
fn collections_are_never_null_and_their_elements_may_be() {
    check_request("POST /books", r#"{"authors": null}"#, &["which is a collection, and never null"]);
    check_request("POST /books", r#"{"remarks": null}"#, &["null-not-allowed"]);
    check_response("GET /archive/items/1/children", r#"{"value": [{"name": null}]}"#, &[]);
    check_response("GET /books/{id}/chapters/1", r#"{"notes": null}"#, &["null-not-allowed $['notes']"]);
    check_response("GET /books/{id}/chapters/1", r#"{"notes": [null]}"#, &[]);
    // Nothing is known of their elements, but that there are several.
    check_request("POST /books", r#"{"remarks": [{"any": 1}]}"#, &[]);
    check_request("POST /books", r#"{"remarks": {"any": 1}}"#, &["which is a collection of microsoft.graph.settings"]);
}

#[test]
fn entities_are_bound_by_a_url_and_several_by_an_array() {
    let url = r#""https://graph.microsoft.com/v1.0/books/1""#;
    let chapter = r#""https://graph.microsoft.com/v1.0/books/1/chapters/2""#;
    check_request("POST /books", &format!(r#"{{"sequel@odata.bind": {url}}}"#), &[]);
    check_request("POST /books", &format!(r#"{{"chapters@odata.bind": [{chapter}]}}"#), &[]);
    check_request("PATCH /books/{id}", r#"{"sequel@odata.bind": null}"#, &[]);
    check_request("POST /books", &format!(r#"{{"sequel@odata.bind": [{url}]}}"#), &["which is bound by one URL"]);
    check_request("POST /books", &format!(r#"{{"chapters@odata.bind": {url}}}"#), &["is bound by an array of URLs"]);
    check_request("POST /books", &format!(r#"{{"sequels@odata.bind": {url}}}"#), &["`sequels` is not a property"]);
}

#[test]
fn where_the_metadata_says_so_is_the_line_of_what_is_meant() {
    let line = |example: &str, response: &str| {
        let text = library_metadata();
        let metadata = [text.read().expect("valid metadata")];
        let contract = Operation { example, response, ..NONE }.contract();
        let found = check_contract(&contract, &metadata).remove(0);
        let line = found[0].metadata.as_ref().map(|declared| declared.line as usize);
        let library = include_str!("../../../../tests/metadata/library.csdl");
        line.and_then(|line| library.lines().nth(line - 1)).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(line("GET /boks", ""), r#"<EntityContainer Name="library">"#);
    assert_eq!(line("GET /books/{id}/pages", r#"{"value": "7"}"#), r#"<Property Name="pages" Type="Edm.Int32" />"#);
    let unknown = r##"{"@odata.type": "#microsoft.graph.bok", "title": "A"}"##;
    assert_eq!(line("GET /books/{id}", unknown), r#"<EntityType Name="book" BaseType="graph.work">"#);
    let references = "GET /me/friends/$ref";
    assert!(line(references, r#"{"@odata.id": "x"}"#).starts_with(r#"<NavigationProperty Name="friends""#));
}

#[test]
fn what_is_read_of_a_property_is_said_by_its_name() {
    check_response(
        "GET /books/{id}/pages",
        r#"{"value": "7"}"#,
        &["\"7\" is documented for `pages`, which is of type"],
    );
}

#[test]
fn where_a_type_does_not_fit_that_is_all_that_is_wrong_with_its_members() {
    let named = |name: &str| format!(r##"{{"@odata.type": "#microsoft.graph.{name}", "pages": 1, "title": "A"}}"##);
    check_request("POST /books", &named("chapter"), &["type-not-derived"]);
    check_request("POST /books", &named("bok"), &["type-not-in-metadata"]);
    check_request("POST /books", &named("book"), &[]);
}

#[test]
fn one_property_that_changed_is_one_cause_for_every_type_that_inherits_it() {
    let text = library_metadata();
    let metadata = [text.read().expect("valid metadata")];
    let found = |example: &str, response: &str| {
        check_contract(&Operation { example, response, ..NONE }.contract(), &metadata).remove(0)
    };
    let count = |findings: &[graph_contracts_odata::check::Finding]| causes(findings.iter()).len();
    let mut findings = found("GET /books/{id}", r#"{"publisht": "2026-01-01"}"#);
    findings.extend(found("GET /works/microsoft.graph.recording/{id}", r#"{"publisht": "2026-01-01"}"#));
    findings.extend(found("GET /works/{id}", r#"{"publisht": "2026-01-01"}"#));
    assert_eq!((findings.len(), count(&findings)), (3, 1));
    let mut findings = found("GET /books/{id}", r#"{"published": 1}"#);
    findings.extend(found("GET /works/microsoft.graph.recording/{id}", r#"{"published": true}"#));
    assert_eq!((findings.len(), count(&findings)), (2, 1));
    let mut findings = found("GET /books/{id}", r#"{"binding": "silk"}"#);
    findings.extend(found("GET /books/{id}", r#"{"binding": "Silk"}"#));
    findings.extend(found("GET /books/{id}", r#"{"pages": "1"}"#));
    assert_eq!((findings.len(), count(&findings)), (3, 2));
}

#[test]
fn restrictions_hold_for_a_path_and_for_a_type() {
    let check = |example: &str, what: &str| check_url(example, &[&format!("says that {what} is not allowed here")]);
    // Of a navigation property below this set, with and without a cast.
    check("POST /clubs/{id}/friends", "inserting");
    check_url("POST /readers/{id}/friends", &[]);
    check_url("POST /clubs/{id}/friends/{id}/friends", &[]);
    check("DELETE /clubs/{id}/favourite/chapters/{id}", "deleting");
    check("DELETE /clubs/{id}/favourite/microsoft.graph.book/chapters/{id}", "deleting");
    check_url("DELETE /me/favourite/chapters/{id}", &[]);
    // Of a path as the target, and of reading by key alone.
    check("GET /clubs/{id}/loans(reader='a',day=2026-01-01)", "reading by key");
    check_url("GET /clubs/{id}/loans", &[]);
    check_url("GET /me/loans(reader='a',day=2026-01-01)", &[]);
    // Of a type, wherever its values are.
    check("DELETE /archives/{id}", "deleting");
    check("DELETE /archive", "deleting");
}

#[test]
fn a_type_may_be_said_without_odata_in_front() {
    check_response("GET /works/{id}", r##"{"@type": "#microsoft.graph.recording", "seconds": 1}"##, &[]);
    check_response(
        "GET /works/{id}",
        r##"{"@type": "#microsoft.graph.record"}"##,
        &["type-not-in-metadata $['@type']"],
    );
    let context = r##"{"@context": "https://graph.microsoft.com/v1.0/$metadata#readers", "value": []}"##;
    check_response("GET /books", context, &["wrapper-does-not-fit $['@context']"]);
    // JSON-LD has members of these names, too.
    check_request("PATCH /me", r#"{"card": {"@context": "http://schema.org", "@type": "Article"}}"#, &[]);
}

#[test]
fn what_metadata_does_not_describe_is_unknown() {
    check_url(
        "GET /books/{id}/$value",
        &["outside-metadata the URL: the metadata does not say what this URL addresses"],
    );
    check_response("GET /books/{id}", "not JSON", &["outside-metadata the response body"]);
    check_url("GET /works/{id}/$value", &[]);
}

#[test]
fn what_a_delta_response_says_is_gone_has_members_of_its_own() {
    let page = |elements: &str| format!(r#"{{"value": [{elements}]}}"#);
    let gone = r##"{"@odata.context": "#books/$deletedEntity", "id": "books/1", "reason": "deleted"}"##;
    let link = r##"{"@odata.context": "https://h/$metadata#books/$deletedLink", "source": "a", "relationship": "b", "target": "c"}"##;
    let removed = r#"{"@removed": {"reason": "changed"}, "id": "1"}"#;
    check_response("GET /books", &page(&[gone, link, removed].join(", ")), &[]);
    check_response("GET /books", &page(r#"{"reason": "deleted"}"#), &["member-not-in-metadata"]);
    let other = r##"{"@odata.context": "#books/$entity", "reason": "deleted"}"##;
    check_response("GET /books", &page(other), &["member-not-in-metadata"]);
}

#[test]
fn the_names_in_query_options_are_those_of_properties() {
    let check = |query: &str, expected: &[&str]| check_url(&format!("GET /books?{query}"), expected);
    check("$select=id,pgaes", &["query-name-not-in-metadata query option $select: pgaes of the URL"]);
    check("$orderby=pages desc,titel", &["query-name-not-in-metadata"]);
    check("$expand=chpaters", &["query-name-not-in-metadata"]);
    check("$expand=chapters($select=heading;$expand=nothing)", &["query-name-not-in-metadata"]);
    check("$filter=pagse gt 5 and startswith(title,'a')", &["query-name-not-in-metadata"]);
    check("$filter=authors/any(a:a eq 'x') and nothing eq 1", &["query-name-not-in-metadata"]);
    check("$filter=pagse in (1, 2)", &["query-name-not-in-metadata"]);
    check("$select=Pages", &["name-case-differs"]);
    check("$select=shape&$filter=shape eq 'a'", &["query-name-not-in-metadata"]);
    for right in [
        "$select=id,pages,title",
        "$select=*",
        "$select={properties}",
        "$select=microsoft.graph.book/pages",
        "$orderby=pages desc,length(title)",
        "$expand=chapters($select=id;$top=2),sequel/chapters",
        "$filter=authors/any(a:a eq 'x' and nothing eq 1)",
        "$filter=chapters/$count gt 1 and title eq 'nothing eq 1'",
        "$select=extension_12_nothing",
        "$select=remarks/nothing",
        "$top=5&nothing=1",
    ] {
        check(right, &[]);
    }
    // What is open, or declared on a derived type.
    check_url("GET /readers?$select=nothing", &[]);
    check_url("GET /works?$select=pages", &[]);
}

#[test]
fn rows_and_values_that_a_query_makes_are_of_no_declared_type() {
    let rows = r#"{"value": [{"binding": "cloth", "total": 3}, {"binding": "paper", "total": 4, "@odata.id": null}]}"#;
    check_response("GET /books?$apply=groupby((binding),aggregate($count as total))", rows, &[]);
    check_response(
        "GET /books?$apply=groupby((binding),aggregate(pages with sum as total))&$orderby=total desc",
        rows,
        &[],
    );
    check_response(
        "GET /books?$apply=filter(pages gt 3)/aggregate(pages with max as most)&$filter=most gt 1",
        rows,
        &[],
    );
    check_response("GET /books?$apply=groupby((binding))", r#"{"binding": "cloth"}"#, &["wrapper-does-not-fit"]);
    check_response("GET /books", rows, &["member-not-in-metadata", "member-not-in-metadata"]);
    let doubled = r#"{"value": [{"pages": 1, "sheets": 2}]}"#;
    check_response("GET /books?$compute=pages mul 2 as sheets&$select=pages,sheets&$orderby=sheets", doubled, &[]);
    check_response(
        "GET /books?$compute=pages mul 2 as sheets&$select=pages,shets",
        doubled,
        &["query-name-not-in-metadata query option $select: shets"],
    );
    check_response("GET /books?$compute=pages mul 2 as leaves", doubled, &["`sheets` is not a property"]);
    check_response(
        "GET /books?$expand=chapters($compute=length(heading) as width;$select=heading,width)",
        r#"{"value": [{"chapters": [{"heading": "A", "width": 1}]}]}"#,
        &[],
    );
}

#[test]
fn a_collection_is_changed_with_what_was_added_changed_and_removed() {
    let update = capability("UpdateRestrictions", r#"<PropertyValue Property="DeltaUpdateSupported" Bool="true"/>"#);
    let check = |annotations: &str, request: &str, expected: &[&str]| {
        check_annotated(annotations, Operation { example: "PATCH /things", request, ..NONE }, expected);
    };
    let delta = |items: &str| format!(r##"{{"@context": "#$delta", "value": [{items}]}}"##);
    check(&update, &delta(r#"{"id": "1", "name": "a"}, {"@removed": {"reason": "deleted"}, "id": "2"}"#), &[]);
    let removed = r##"{"@odata.context": "#things/$deletedEntity", "id": "things('1')", "reason": "deleted"}"##;
    let link = r##"{"@odata.context": "#things/$link", "source": "a", "relationship": "parts", "target": "b"}"##;
    check(&update, &delta(&format!("{removed}, {link}")), &[]);
    check(&update, &delta(r#"{"@odata.removed": {"reason": "changed"}, "@odata.id": "things('2')"}"#), &[]);
    check(&update, &delta(r#"{"id": "1", "parts@delta": [{"@removed": {"reason": "changed"}, "id": "2"}]}"#), &[]);
    check(&update, &delta(r#"{"id": "1", "title": "a"}"#), &["member-not-in-metadata $['value'][0]['title']"]);
    check(&update, r#"{"id": "1"}"#, &["wrapper-does-not-fit"]);
    check("", &delta(r#"{"id": "1"}"#), &["a change needs the key"]);
}
