//! What pages say differently.

use super::support::{LAMP, diff_pages, edited, line, store};
use crate::diff::contracts;
use crate::{Effect, Kind};
use graph_contracts::contract::{Grant, Permissions};

const PAGE: &str = "lamp-post.md";

#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let new = edited(LAMP, from, to);
    let diff = diff_pages(&[(PAGE, LAMP)], &[(PAGE, &new)]);
    let found: Vec<String> = diff.changes.iter().map(line).collect();
    assert_eq!(found, expected, "{from:?} became {to:?}");
}

#[test]
fn members_of_responses_come_and_go() {
    let of = |path: &str| format!("{path} of the response");
    let removed =
        format!("response-member-removed {}: \"by hand\" > nothing (p:57 > p:57)", of("$['parts'][0]['made']"));
    check(", \"made\": \"by hand\"", "", &[&removed]);
    let added = format!("response-member-added {}: nothing > 1 (p:50 > p:52)", of("$['hue']"));
    check("  \"id\":", "  \"hue\": 1,\n  \"id\":", &[&added]);
    // An element less shows less, but another one still has the member.
    check("{ \"size\": 1, \"made\": \"by hand\" },\n", "{ \"size\": 1, \"made\": \"by hand\" }\n,", &[]);
}

#[test]
fn members_of_requests_come_and_go() {
    let removed = "request-member-removed $['extra'] of the request: \"x\" > nothing (p:40 > p:35)";
    check("\"on\",\n  \"extra\": \"x\"", "\"on\"", &[removed]);
    let unshown = "request-member-unshown microsoft.graph.lamp/name: \"a\" > nothing (p:37 > p:35)";
    check("  \"name\": \"a\",\n", "", &[unshown]);
    let added = "request-member-added $['more'] of the request: nothing > 1 (p:35 > p:41)";
    check("\"extra\": \"x\"", "\"extra\": \"x\",\n  \"more\": 1", &[added]);
}

#[test]
fn values_of_another_type_are_told_from_other_samples() {
    let retyped = "response-member-retyped $['parts'][0]['size'] of the response: 1 > \"1\" (p:57 > p:57)";
    check("\"size\": 1", "\"size\": \"1\"", &[retyped]);
    // Nobody says that the value is never null.
    let null = "sample-changed response of v1.0/lamp-post: \"by hand\" > null (p:57 > p:57)";
    check("\"by hand\"", "null", &[null]);
    let list = "[{\"size\":1,\"made\":\"by hand\"},{\"size\":2,\"note\":null}]";
    let null = format!("response-member-null $['parts'] of the response: {list} > null (p:56 > p:56)");
    check("[\n    { \"size\": 1, \"made\": \"by hand\" },\n    { \"size\": 2, \"note\": null }\n  ]", "null", &[&null]);
    let sample = "sample-changed response of v1.0/lamp-post: \"by hand\" > \"by machine\" (p:57 > p:57)";
    check("\"by hand\"", "\"by machine\"", &[sample]);
    // There was only null before, of which nothing follows.
    check("null }", "\"x\" }", &["sample-changed response of v1.0/lamp-post: null > \"x\" (p:58 > p:58)"]);
    check(
        "\"extra\": \"x\"",
        "\"extra\": 1",
        &["request-member-retyped $['extra'] of the request: \"x\" > 1 (p:40 > p:40)"],
    );
    check(
        "\"extra\": \"x\"",
        "\"extra\": null",
        &["sample-changed request of v1.0/lamp-post: \"x\" > null (p:40 > p:40)"],
    );
}

#[test]
fn what_is_volatile_and_where_things_stand_is_no_change() {
    check("48d31887-5fad-4d73-a9f5-3c356e68a038", "00000000-5fad-4d73-a9f5-3c356e68a038", &[]);
    check("Makes a lamp.", "Makes\na lamp,\n\nor another.", &[]);
    check("{room-id}", "{id}", &[]);
    check("/rooms/7/lamps\n", "/rooms/8/lamps\n", &[]);
    check(
        "  \"name\": \"a\",\n  \"watts\": 60,\n  \"state\": \"on\",\n  \"extra\"",
        "  \"watts\": 60,\n  \"name\": \"a\",\n  \"state\": \"on\",\n  \"extra\"",
        &[],
    );
    check("201 Created\nContent-Type", "201 Created\nContent-Length: 10\nContent-Type", &[]);
    let with = edited(LAMP, "/lamps/1\n", "/lamps/48d31887-5fad-4d73-a9f5-3c356e68a038\n");
    let other = with.replace("48d31887", "00000000");
    assert_eq!(diff_pages(&[(PAGE, &with)], &[(PAGE, &other)]).changes, []);
    check("# Create lamp", "# Create a lamp", &[]);
}

#[test]
fn status_headers_and_bodies() {
    check("201 Created", "202 Accepted", &["status-changed status of the response: 201 > 202 (p:46 > p:46)"]);
    let of = |text: &str| text.to_owned();
    let media =
        of("request-media-type header content-type of the request: application/json > text/plain (p:32 > p:32)");
    check("Content-Type: application/json\nIf-Match", "Content-Type: text/plain\nIf-Match", &[&media]);
    let media =
        of("response-media-type header content-type of the response: application/json > text/plain (p:47 > p:47)");
    check("Content-Type: application/json\nLocation", "Content-Type: text/plain\nLocation", &[&media]);
    check("Content-Type: application/json\nIf-Match", "Content-Type: application/json; charset=utf-8\nIf-Match", &[]);
    check(
        "If-Match: \"1\"\n",
        "If-Match: \"1\"\nX-Key: 1\n",
        &["request-header-added header x-key of the request: nothing > 1 (p:31 > p:34)"],
    );
    check(
        "If-Match: \"1\"\n",
        "If-Match: \"1\"\nPrefer: a\n",
        &["request-preference-added header prefer of the request: nothing > a (p:31 > p:34)"],
    );
    check(
        "If-Match: \"1\"\n",
        "",
        &["request-header-removed header if-match of the request: \"1\" > nothing (p:33 > p:31)"],
    );
    check(
        "If-Match: \"1\"\n",
        "If-Match: \"2\"\n",
        &["request-header-changed header if-match of the request: \"1\" > \"2\" (p:33 > p:33)"],
    );
    check(
        "Location: /rooms/7/lamps/1\n",
        "Location: /rooms/7/lamps/1\nX-Made: 1\n",
        &["response-header-added header x-made of the response: nothing > 1 (p:46 > p:49)"],
    );
    check(
        "/rooms/7/lamps\n",
        "/rooms/7/lamps?$expand=parts\n",
        &["request-query-changed query of the request: nothing > ?$expand=parts (p:31 > p:31)"],
    );
    check(
        "  \"@odata.type\": \"#microsoft.graph.lamp\",\n",
        "",
        &["annotation-changed request of v1.0/lamp-post: \"#microsoft.graph.lamp\" > nothing (p:36 > p:35)"],
    );
}

#[test]
fn routes_are_operations() {
    check(
        "POST /houses/{id}/lamps\n",
        "",
        &["operation-removed POST /houses/{id}/lamps: POST /houses/{id}/lamps > nothing (p:15 > p:14)"],
    );
    check(
        "POST /houses/{id}/lamps\n",
        "POST /houses/{id}/lamps\nPOST /lamps\n",
        &["operation-added POST /lamps: nothing > POST /lamps (p:14 > p:16)"],
    );
}

#[test]
fn a_template_that_is_written_with_its_prefix_is_one_change() {
    let short = edited(LAMP, "POST /houses/{id}/lamps", "POST /lamps");
    let diff = |old: &str, new: &str| {
        let found = diff_pages(&[(PAGE, old)], &[(PAGE, new)]).changes;
        found.iter().map(line).collect::<Vec<_>>()
    };
    let rewritten = "route-rewritten POST /lamps: POST /lamps > POST /rooms/{room-id}/lamps (p:15 > p:14)";
    assert_eq!(diff(&short, &edited(&short, "POST /lamps\n", "")), [rewritten]);
    // What begins templates of both sets is a place of its own.
    let other =
        "# List lamps\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n\n```http\nHTTP/1.1 200 OK\n```\n";
    let (old, new) = ([(PAGE, short.as_str()), ("lamps.md", other)], edited(&short, "POST /lamps\n", ""));
    let found = diff_pages(&old, &[(PAGE, &new), ("lamps.md", other)]).changes;
    assert_eq!(
        found.iter().map(line).collect::<Vec<_>>(),
        ["operation-removed POST /lamps: POST /lamps > nothing (p:15 > p:14)"]
    );
}

#[test]
fn what_a_shortened_example_leaves_out_is_still_documented() {
    let resource = "# lamp resource type\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n|id|String|Id.|\n|hue|Int32|Hue.|\n\n\
        ## JSON representation\n\n<!-- {\"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\"} -->\n```json\n{\"id\": \"String\"}\n```\n";
    // Without a table of the page's own, the one of the resource counts.
    let (before, rest) = LAMP.split_once("## Request body").unwrap_or_default();
    let lamp = format!("{before}## Example{}", rest.split_once("## Example").unwrap_or_default().1);
    let truncated = edited(&lamp, "\"response\", \"@odata", "\"response\", \"truncated\": true, \"@odata");
    let shown = |text: &str| edited(text, "  \"id\":", "  \"hue\": 1,\n  \"id\":");
    let diff = |old: &str, new: &str| {
        let set = |text| [(PAGE, text), ("resources/lamp.md", resource)];
        let found = diff_pages(&set(old), &set(new)).changes;
        found.iter().map(|change| change.kind.name()).collect::<Vec<_>>()
    };
    assert_eq!(diff(&shown(&truncated), &truncated), ["response-member-unshown"]);
    assert_eq!(diff(&shown(&lamp), &lamp), ["response-member-unshown"]);
}

#[test]
fn what_a_table_takes_from_a_resource_page_goes_with_the_member_and_is_still_declared() {
    let resource = "# lamp resource type\n\nNamespace: microsoft.graph\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n\
        |id|String|Id.|\n|hue|Int32|Hue.|\n\n<!-- {\"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\"} -->\n";
    let shown = edited(LAMP, "  \"id\":", "  \"hue\": 1,\n  \"id\":");
    let set = |text| [(PAGE, text), ("resources/lamp.md", resource)];
    let found = diff_pages(&set(&shown), &set(LAMP)).changes;
    assert_eq!(found.iter().map(|change| change.kind.name()).collect::<Vec<_>>(), ["response-member-unshown"]);
}

#[test]
fn samples_of_one_declared_type_are_samples_whatever_they_look_like() {
    let quoted = LAMP.replace("\"watts\": 60", "\"watts\": \"60\"");
    let kinds = |old: &str, new: &str| {
        let found = diff_pages(&[(PAGE, old)], &[(PAGE, new)]).changes;
        found.iter().map(|change| change.kind.name()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&quoted, LAMP), ["sample-changed", "sample-changed"]);
    assert_eq!(kinds(LAMP, &quoted), ["sample-changed", "sample-changed"]);
}

#[test]
fn a_string_that_becomes_an_enumeration_and_a_name_in_another_case_are_one_change_each() {
    check(
        "|state|String|The state. Possible values are: `on`, `off`.|",
        "|state|[lampState](../resources/lampstate.md)|The state. Possible values are: `on`, `off`.|",
        &["property-enumerated microsoft.graph.lamp/state: Edm.String > microsoft.graph.lampState (p:24 > p:24)"],
    );
    let new = LAMP.replace("|watts|", "|Watts|").replace("\"watts\"", "\"Watts\"");
    let found = diff_pages(&[(PAGE, LAMP)], &[(PAGE, &new)]).changes;
    let found: Vec<String> = found.iter().map(line).collect();
    assert_eq!(found, ["property-case microsoft.graph.lamp/watts: watts > Watts (p:23 > p:23)"]);
}

#[test]
fn what_microsoft_graph_reads_as_before_breaks_nobody() {
    check(
        "\"extra\": \"x\"",
        "\"Extra\": \"x\"",
        &["name-case $['Extra'] of the request: extra > Extra (p:40 > p:40)"],
    );
    check(
        "\"made\": \"by hand\"",
        "\"Made\": \"by hand\"",
        &["property-case $['parts'][0]['Made'] of the response: made > Made (p:57 > p:57)"],
    );
    check("POST /houses/{id}/lamps", "POST /Houses('{house-id}')/microsoft.graph.lamps()", &[]);
    check("`on`, `off`", "`on`, `Off`", &["enum-value-case microsoft.graph.lamp/state: off > Off (p:24 > p:24)"]);
}

#[test]
fn quotes_that_were_a_fault_of_the_page_are_corrected() {
    let quoted = edited(LAMP, "\"extra\": \"x\"", "\"extra\": \"false\"");
    let kinds = |old: &str, new: &str| {
        let found = diff_pages(&[(PAGE, old)], &[(PAGE, new)]).changes;
        found.iter().map(|change| change.kind.name()).collect::<Vec<_>>()
    };
    let with = |value: &str| edited(LAMP, "\"extra\": \"x\"", &format!("\"extra\": {value}"));
    assert_eq!(kinds(&quoted, &with("false")), ["sample-changed"]);
    assert_eq!(kinds(&with("\"7\""), &with("12")), ["sample-changed"]);
    assert_eq!(kinds(&with("\"x\""), &with("12")), ["request-member-retyped"]);
    assert_eq!(kinds(&with("false"), &quoted), ["request-member-retyped"]);
    assert_eq!(kinds(&with("\"7\""), &with("{ \"a\": 7 }")), ["request-member-retyped"]);
}

#[test]
fn json_needs_no_media_type_in_an_example() {
    let changed =
        "response-header-changed header content-type of the response: application/json > nothing (p:47 > p:46)";
    check("Content-Type: application/json\nLocation", "Location", &[changed]);
}

#[test]
fn a_sample_of_another_derived_type_and_two_types_that_both_exist_rename_nothing() {
    check(
        "  \"@odata.type\": \"#microsoft.graph.lamp\",\n  \"id\"",
        "  \"@odata.type\": \"#microsoft.graph.deskLamp\",\n  \"id\"",
        &[
            "annotation-changed response of v1.0/lamp-post: \"#microsoft.graph.lamp\" > \"#microsoft.graph.deskLamp\" (p:51 > p:51)",
        ],
    );
}

#[test]
fn permissions_of_a_route_are_compared_too() {
    let page = |names: &str| {
        let table = |names: &str| format!("|Permission type|Permissions|\n|---|---|\n|Application|{names}|\n\n");
        format!(
            "# List lamps\n\n## Permissions\n\n### On `/me`\n\n{}### On `/users/{{id}}`\n\n{}## HTTP request\n\n\
             ```http\nGET /me/lamps\nGET /users/{{id}}/lamps\n```\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/me/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n",
            table("Lamp.Read"),
            table(names)
        )
    };
    let (old, new) = (page("Lamp.Read.All"), page("Lamp.Read.All, Lamp.ReadWrite.All"));
    let found: Vec<String> = diff_pages(&[(PAGE, &old)], &[(PAGE, &new)]).changes.iter().map(line).collect();
    assert_eq!(
        found,
        ["permission-added Lamp.ReadWrite.All for an application: Lamp.Read.All > Lamp.ReadWrite.All (p:13 > p:13)"]
    );
}

#[test]
fn the_case_of_a_type_s_name_is_no_change() {
    let old = [("api/lamp.md", LAMP), ("resources/lamp.md", MARKED)];
    let unmarked = MARKED.replace("microsoft.graph.lamp\"", "microsoft.graph.Lamp\"");
    let page = LAMP.replace("microsoft.graph.lamp\"", "microsoft.graph.Lamp\"");
    assert_ne!((page.as_str(), unmarked.as_str()), (LAMP, MARKED));
    let found = diff_pages(&old, &[("api/lamp.md", &page), ("resources/lamp.md", &unmarked)]);
    assert!(found.changes.iter().all(|own| own.kind == Kind::AnnotationChanged), "{:?}", found.changes);
}

/// The page of the type that `LAMP` makes, with a mark that names it.
const MARKED: &str = "# Lamp resource type\n\nNamespace: microsoft.graph\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n\
    |id|String|The key.|\n|watts|Int32|The power.|\n\n\
    <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" } -->\n";

#[test]
fn however_many_routes_have_permissions_of_their_own_all_are_compared() {
    let count = 40;
    let routes: String = (0..count).map(|number| format!("GET /rooms{number}/{{id}}/lamps\n")).collect();
    let page = format!(
        "# List lamps\n\n## HTTP request\n\n```http\nGET /me/lamps\n{routes}```\n\n## Example\n\n```http\n\
         GET https://graph.microsoft.com/v1.0/me/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n"
    );
    let with = |word: &str| {
        let mut store = store(&[(PAGE, &page)]);
        for (line, route) in (1..).zip(&mut store.contracts[0].routes) {
            let application = Grant::OneOf(vec![vec![format!("Lamp.{word}{line}")]]);
            route.permissions = Some(Permissions { line: Some(line), application, ..Permissions::default() });
        }
        store
    };
    let diff = contracts(&with("Read"), &with("Write"), &[], std::time::Instant::now()).expect("something is selected");
    let removed = diff.changes.iter().filter(|own| own.kind == Kind::PermissionRemoved).count();
    assert_eq!(removed, diff.changes.len() / 2);
    assert_eq!(removed, count + 1, "the routes and the example's URL");
}

#[test]
fn permissions_that_are_no_longer_enough_break() {
    let account = "a work or school account";
    check(
        "Lamp.Read, Lamp.ReadWrite",
        "Lamp.ReadWrite",
        &[&format!("permission-removed Lamp.Read for {account}: Lamp.Read > Lamp.ReadWrite (p:5 > p:5)")],
    );
    check(
        "Lamp.Read, Lamp.ReadWrite",
        "Lamp.ReadBasic, Lamp.Read, Lamp.ReadWrite",
        &[&format!(
            "permission-added Lamp.ReadBasic for {account}: Lamp.Read or Lamp.ReadWrite > Lamp.ReadBasic (p:5 > p:5)"
        )],
    );
    check("Lamp.Read, Lamp.ReadWrite", "Lamp.ReadWrite, Lamp.Read", &[]);
    check(
        "Lamp.Read, Lamp.ReadWrite",
        "Lamp.Read and House.Read, Lamp.ReadWrite",
        &[&format!(
            "permission-removed Lamp.Read for {account}: Lamp.Read > Lamp.Read and House.Read, or Lamp.ReadWrite (p:5 > p:5)"
        )],
    );
    check(
        "account)|Not supported.|",
        "account)|None.|",
        &["account-added a personal account: not supported > no permission (p:5 > p:5)"],
    );
    check(
        "|Application|Lamp.ReadWrite|",
        "|Application|Not supported.|",
        &["account-removed an application: Lamp.ReadWrite > not supported (p:5 > p:5)"],
    );
    check(
        "account)|Not supported.|",
        "account)|Lamp.Read|",
        &["account-added a personal account: not supported > Lamp.Read (p:5 > p:5)"],
    );
}

#[test]
fn clouds_come_and_go() {
    let page = |name: &str| {
        let directive = format!("Makes a lamp.\n\n[!INCLUDE [national-cloud-support](../../includes/{name}.md)]");
        edited(LAMP, "Makes a lamp.", &directive)
    };
    let check = |old: &str, new: &str, expected: &[&str]| {
        let diff = diff_pages(&[(PAGE, old)], &[(PAGE, new)]);
        assert_eq!(diff.changes.iter().map(line).collect::<Vec<_>>(), expected);
    };
    let china = |kind: &str, words: &str| format!("{kind} China operated by 21Vianet: {words} (p:5 > p:5)");
    let removed = china("cloud-removed", "available > not available");
    check(&page("all-clouds"), &page("global-us"), &[&removed]);
    check(&page("global-us"), &page("all-clouds"), &[&china("cloud-added", "not available > available")]);
    check(&page("global-us"), &page("us-global"), &[]);
    // What one page does not say is not known.
    check(LAMP, &page("global-only"), &[]);
    check(&page("global-only"), LAMP, &[]);
}

#[test]
fn what_a_page_requires_comes_and_goes() {
    let page = |description: &str| {
        let table = format!(
            "## Request headers\n\n|Name|Description|\n|:--|:--|\n|Lamp-Mode|{description}|\n\n## Request body"
        );
        edited(LAMP, "## Request body", &table)
    };
    let check = |old: &str, new: &str, expected: &[&str]| {
        let diff = diff_pages(&[(PAGE, old)], &[(PAGE, new)]);
        let found: Vec<String> = diff.changes.iter().map(|own| format!("{} {}", own.kind, own.subject)).collect();
        assert_eq!(found, expected, "{old}\n{new}");
    };
    let (none, always) = (page("A mode."), page("A mode. Required."));
    let with = page("A mode. Required when using `$search` or `$filter`.");
    let header = "header Lamp-Mode of the request";
    check(&none, &always, &[&format!("request-header-required {header}")]);
    check(&always, &none, &[&format!("request-header-optional {header}")]);
    check(
        &none,
        &with,
        &[
            &format!("request-header-required {header} with `$filter`"),
            &format!("request-header-required {header} with `$search`"),
        ],
    );
    // It is required less often, or more often.
    check(&always, &with, &[&format!("request-header-optional {header}")]);
    check(&with, &always, &[&format!("request-header-required {header}")]);
    // That it is required says more than that it is shown.
    let shown = edited(&always, "If-Match: \"1\"\n", "If-Match: \"1\"\nLamp-Mode: a\n");
    check(&none, &shown, &[&format!("request-header-required {header}")]);
}

#[test]
fn property_tables_declare_types() {
    let state = "|state|String|The state. Possible values are: `on`, `off`.|";
    check(
        "|watts|Int32|The power.|",
        "|watts|String|The power.|",
        &["property-retyped microsoft.graph.lamp/watts: Edm.Int32 > Edm.String (p:23 > p:23)"],
    );
    check(
        "|watts|Int32|The power.|",
        "|watts|Int32|The power. Nullable.|",
        &["property-nullable microsoft.graph.lamp/watts: a value > a value or null (p:23 > p:23)"],
    );
    check(
        "|watts|Int32|The power.|",
        "|watts|Int32|The power. Required.|",
        &["property-required microsoft.graph.lamp/watts: optional > required (p:23 > p:23)"],
    );
    check(
        "|watts|Int32|The power.|\n",
        "|watts|Int32|The power.|\n|hue|Int32|The hue.|\n",
        &["property-added microsoft.graph.lamp/hue: nothing > Edm.Int32 (p:23 > p:24)"],
    );
    check(
        "|watts|Int32|The power.|\n",
        "|watts|Int32|The power.|\n|hue|Int32|The hue. Required.|\n",
        &["property-required microsoft.graph.lamp/hue: nothing > Edm.Int32 (p:23 > p:24)"],
    );
    check(
        "`on`, `off`",
        "`on`, `off`, `dim`",
        &["enum-value-added microsoft.graph.lamp/state: nothing > dim (p:24 > p:24)"],
    );
    check(
        "`on`, `off`",
        "`on`, `dim`",
        &[
            "enum-value-removed microsoft.graph.lamp/state: off > nothing (p:24 > p:24)",
            "enum-value-added microsoft.graph.lamp/state: nothing > dim (p:24 > p:24)",
        ],
    );
    check(
        "`on`, `off`",
        "`on`, `off`, `unknownFutureValue`",
        &["enum-evolvable microsoft.graph.lamp/state: nothing > unknownFutureValue (p:24 > p:24)"],
    );
    check(
        "`day`, `night`",
        "`day`, `dusk`, `night`",
        &["evolvable-enum-value-added microsoft.graph.lamp/mode: nothing > dusk (p:25 > p:25)"],
    );
    check(
        state,
        "|state|String|The state.|",
        &["enum-listed microsoft.graph.lamp/state: on, off > not listed (p:24 > p:24)"],
    );
}

#[test]
fn a_property_and_its_values_change_for_one_reason() {
    let old = edited(LAMP, "|watts|Int32|The power.|\n", "");
    let old = edited(&old, "  \"watts\": 60,\n  \"state\": \"on\",\n  \"extra\"", "  \"state\": \"on\",\n  \"extra\"");
    let old = edited(&old, "  \"watts\": 60,\n", "");
    for (one, other, kind) in [(LAMP, old.as_str(), "property-removed"), (&old, LAMP, "property-added")] {
        let diff = diff_pages(&[(PAGE, one)], &[(PAGE, other)]);
        let [change] = diff.changes.as_slice() else { panic!("{:?}", diff.changes) };
        assert_eq!((change.kind.name(), change.places.len()), (kind, 3), "table, request and response");
    }
}

/// A page that only reads, or only sends, the type of a resource page.
fn of_direction(request: &str, response: &str) -> String {
    format!(
        "# Lamp\n\n```http\n{request}\n```\n\n<!-- {{ \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n\
         ```http\nHTTP/1.1 {response}\n```\n"
    )
}

const RESOURCE: &str = "# lamp resource type\n\nNamespace: microsoft.graph\n\n## Properties\n\n|Property|Type|Description|\n|:--|:--|:--|\n\
    |state|String|The state. Possible values are: `on`, `off`.|\n|watts|Int32|The power.|\n\n\
    <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" } -->\n";

#[test]
fn the_direction_decides() {
    let body = "{ \"@odata.type\": \"#microsoft.graph.lamp\", \"state\": \"on\", \"watts\": 1 }";
    let sent = of_direction(&format!("POST https://graph.microsoft.com/v1.0/lamps\n\n{body}"), "204 No Content");
    let read = of_direction("GET https://graph.microsoft.com/v1.0/lamps/1", &format!("200 OK\n\n{body}"));
    let check = |page: &str, from: &str, to: &str, expected: &str, effect: Effect| {
        let resource = edited(RESOURCE, from, to);
        let old = [("api/lamp.md", page), ("resources/lamp.md", RESOURCE)];
        let diff = diff_pages(&old, &[("api/lamp.md", page), ("resources/lamp.md", &resource)]);
        let found: Vec<(&str, Effect)> = diff.changes.iter().map(|own| (own.kind.name(), own.effect())).collect();
        assert_eq!(found, [(expected, effect)], "{from:?} became {to:?} in {page}");
    };
    for (from, to, of_request, of_response) in [
        (
            "`off`",
            "`off`, `dim`",
            ("request-enum-value-added", Effect::Additive),
            ("enum-value-added", Effect::Breaking),
        ),
        (
            "`on`, `off`",
            "`on`",
            ("enum-value-removed", Effect::Breaking),
            ("response-enum-value-removed", Effect::Cosmetic),
        ),
        (
            "power.",
            "power. Nullable.",
            ("request-property-nullable", Effect::Additive),
            ("property-nullable", Effect::Breaking),
        ),
    ] {
        check(&sent, from, to, of_request.0, of_request.1);
        check(&read, from, to, of_response.0, of_response.1);
    }
}

#[test]
fn a_renamed_type_is_one_change() {
    let page = |name: &str| LAMP.replace("microsoft.graph.lamp", name);
    let other = |name: &str| page(name).replace("/rooms/", "/attics/").replace("/houses/", "/sheds/");
    let [old, new] = ["microsoft.graph.lamp", "microsoft.graph.light"].map(|name| (page(name), other(name)));
    let diff = diff_pages(&[(PAGE, &old.0), ("lamp-two.md", &old.1)], &[(PAGE, &new.0), ("lamp-two.md", &new.1)]);
    let [change] = diff.changes.as_slice() else { panic!("{:?}", diff.changes) };
    let shown = (change.kind.name(), change.before.as_str(), change.after.as_str());
    assert_eq!(shown, ("type-renamed", "microsoft.graph.lamp", "microsoft.graph.light"));
    assert!(change.places.len() >= 4, "the response's type and its annotation, on both pages: {:?}", change.places);
}

#[test]
fn bodies_come_go_and_become_others() {
    let text = "POST https://graph.microsoft.com/v1.0/lamps";
    let page = |sent: &str, received: &str| {
        format!("# Lamp\n\n```http\n{text}\n{sent}```\n\n```http\nHTTP/1.1 200 OK\n{received}```\n")
    };
    let check = |old: (&str, &str), new: (&str, &str), expected: &[&str]| {
        let (old, new) = (page(old.0, old.1), page(new.0, new.1));
        let diff = diff_pages(&[(PAGE, &old)], &[(PAGE, &new)]);
        let found: Vec<&str> = diff.changes.iter().map(|change| change.kind.name()).collect();
        assert_eq!(found, expected, "{old} became {new}");
    };
    let (json, words) = ("\n{ \"a\": 1 }\n", "Content-Type: text/plain\n\nsome text\n");
    check(("", ""), (json, ""), &["request-body-added"]);
    check((json, ""), ("", ""), &["request-body-removed"]);
    check((json, ""), (words, ""), &["request-body-retyped"]);
    check(("", ""), ("", json), &["response-body-added"]);
    check(("", json), ("", ""), &["response-body-removed"]);
    check(("", json), ("", "\nsome text\n"), &["response-body-retyped"]);
    check(("", words), ("", "Content-Type: text/plain\n\nother text\n"), &["sample-changed"]);
    check((json, json), (json, json), &[]);
}

#[test]
fn what_a_page_says_of_a_property_holds_for_its_values() {
    let row = "|watts|Int32|The power.|\n";
    let nullable = edited(LAMP, "The power.", "The power. Nullable.");
    let check = |old: &str, from: &str, to: &str, expected: &[&str]| {
        let diff = diff_pages(&[(PAGE, old)], &[(PAGE, &edited(old, from, to))]);
        let found: Vec<&str> = diff.changes.iter().map(|change| change.kind.name()).collect();
        assert_eq!(found, expected, "{from:?} became {to:?}");
    };
    let received = "  \"watts\": 60,\n  \"state\": \"on\",\n  \"parts\"";
    check(LAMP, received, &received.replace("60", "null"), &["sample-changed"]);
    let never = edited(LAMP, "The power.", "The power. Not nullable.");
    check(&never, received, &received.replace("60", "null"), &["response-member-null"]);
    check(&nullable, received, &received.replace("60", "null"), &["sample-changed"]);
    check(&nullable, " Nullable.", "", &["property-not-nullable"]);
    let hue = format!("{row}|hue|Int32|The hue. Required.|\n");
    let without = edited(LAMP, row, &hue);
    let sent = "  \"name\": \"a\",\n  \"watts\": 60,\n  \"state\": \"on\",\n  \"extra\"";
    check(&without, sent, &format!("  \"hue\": 1,\n{sent}"), &["request-member-required"]);
    check(&without, " Required.", "", &["property-optional"]);
    check(LAMP, row, "|watts|[a](a.md) or [b](b.md)|The power.|\n", &["property-typed"]);
    let table = "|Permission type|Permissions (from least to most privileged)|\n|:--|:--|\n";
    let end = LAMP.find("## HTTP request").expect("a section");
    let start = LAMP.find(table).expect("a table");
    check(
        LAMP,
        &LAMP[start..end],
        "One of the following permissions is required: *Lamp.Read*.\n\n",
        &["permissions-restated"],
    );
    check(LAMP, "Location: /rooms/7/lamps/1\n", "", &["response-header-removed"]);
    check(LAMP, "Location: /rooms/7/lamps/1\n", "Location: /rooms/7/lamps/2\n", &["response-header-changed"]);
}

#[test]
fn another_type_is_told_from_a_renamed_one() {
    // A second page keeps the old type, and no example says of which type it is.
    let lamp = LAMP.replace("  \"@odata.type\": \"#microsoft.graph.lamp\",\n", "");
    let other = lamp.replace("/rooms/", "/attics/").replace("/houses/", "/sheds/");
    let light = lamp.replace("microsoft.graph.lamp", "microsoft.graph.light");
    let diff = diff_pages(&[(PAGE, &lamp), ("lamp-two.md", &other)], &[(PAGE, &light), ("lamp-two.md", &other)]);
    let found: Vec<&str> = diff.changes.iter().map(|change| change.kind.name()).collect();
    assert_eq!(found, ["body-type-changed"]);
}

#[test]
fn a_row_in_another_case_is_one_change_and_the_example_says_whether_it_breaks() {
    let body = |hue: &str| format!("{{ \"@odata.type\": \"#microsoft.graph.lamp\", \"state\": \"on\", \"{hue}\": 1 }}");
    let page =
        |hue: &str| of_direction("GET https://graph.microsoft.com/v1.0/lamps/1", &format!("200 OK\n\n{}", body(hue)));
    let resource = RESOURCE
        .replace("|watts|Int32|The power.|", "|watts|Int32|The power.|\n|hue|Int32|The hue.|\n|tint|Int32|The tint.|");
    let recased = resource.replace("|hue|", "|Hue|").replace("|tint|", "|Tint|");
    let kinds = |old: (&str, &str), new: (&str, &str)| {
        let set = |(page, resource)| [("api/lamp.md", page), ("resources/lamp.md", resource)];
        let found = diff_pages(&set(old), &set(new)).changes;
        found.iter().map(|change| change.kind.name()).collect::<Vec<_>>()
    };
    let (old, new) = (page("hue"), page("Hue"));
    assert_eq!(kinds((&old, &resource), (&old, &recased)), ["name-case"]);
    assert_eq!(kinds((&old, &recased), (&old, &resource)), [""; 0]);
    assert_eq!(kinds((&old, &resource), (&new, &recased)), ["property-case"]);
}
