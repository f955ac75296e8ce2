//! Options over small collections.

use super::*;
use graph_contracts::json::{Json, parse};

const PEOPLE: &str = r#"[
    {"id": "1", "name": "Ada", "age": 36, "on": true, "born": "1815-12-10T00:00:00Z", "mail": null,
     "home": {"city": "London"}, "tags": ["math", "poetry"], "jobs": [{"title": "Writer", "years": 3}]},
    {"id": "2", "name": "bob o'neil", "age": 7.5, "on": false, "born": "1999-01-01T12:00:00.1234567Z", "mail": "bob@contoso.com",
     "home": {"city": "Lyon"}, "tags": [], "jobs": []},
    {"id": "3", "name": "Cleo", "age": null, "on": true, "born": "2001-02-03T00:00:00+02:00",
     "home": null, "tags": ["Math"], "jobs": [{"title": "Baker", "years": 1}, {"title": "Miner", "years": 9}]}
]"#;

fn people() -> Vec<Json> {
    match parse(PEOPLE).expect("JSON").json {
        Json::Array(items) => items,
        _ => Vec::new(),
    }
}

const PAGING: Paging = Paging { size: 100, top_is_size: true };

/// The ids that remain, then what is said: `!` before what is invalid, `?` before what is not applied.
fn applied(query: &str, paging: Paging, declared: Declared<'_>) -> String {
    let applied = match Options::parse(query).apply_to_collection(people(), paging, declared) {
        Ok(applied) => applied,
        Err(error) => return format!("!{} {}: {}", error.option, error.at, error.reason),
    };
    let ids: Vec<&str> = applied.items.iter().filter_map(|item| item.get("id")?.as_str()).collect();
    let mut shown = vec![ids.join("")];
    shown.extend(applied.count.map(|count| format!("count {count}")));
    shown.extend(applied.next.map(|next| format!("next {next}")));
    shown.extend(applied.notes.iter().map(|note| format!("?{}: {}", note.option, note.reason)));
    shown.join(" ")
}

#[track_caller]
fn check(query: &str, expected: &str) {
    assert_eq!(applied(query, PAGING, &undeclared), expected, "{query}");
}

#[track_caller]
fn check_filter(filter: &str, expected: &str) {
    check(&format!("$filter={}", filter.replace('%', "%25").replace('+', "%2B")), expected);
}

#[test]
fn comparisons_follow_the_types_of_values() {
    check_filter("name eq 'Ada'", "1");
    check_filter("name eq 'ada'", "1");
    check_filter("Name ne 'Ada'", "23");
    check_filter("name eq 'Bob O''Neil'", "2");
    check_filter("age gt 7", "12");
    check_filter("age le 7.50", "2");
    check_filter("age eq 36.0", "1");
    check_filter("on eq true", "13");
    check_filter("on", "13");
    check_filter("home/city eq 'Lyon'", "2");
    check_filter("born ge 1999-01-01T12:00:00.123Z", "23");
    check_filter("born lt 2001-02-02T22:00:00.001Z and born ge 2001-02-02", "3");
    check_filter("name gt 'b'", "23");
    check_filter("(age eq 36) eq true", "1");
}

#[test]
fn null_is_equal_to_itself_only() {
    check_filter("age eq null", "3");
    check_filter("age ne null", "12");
    check_filter("mail eq null", "13");
    check_filter("age lt 40", "12");
    check_filter("not (age lt 40)", "3");
    check_filter("home/city eq null", "3");
    check_filter("contains(mail,'o')", "2");
    check_filter("not contains(mail,'o')", "");
    check_filter("contains(mail,'o') or true", "123");
}

#[test]
fn operators_and_functions_combine() {
    check_filter("startswith(name,'a') or endswith(name,'EO')", "13");
    check_filter("on eq true and (age eq 36 or name eq 'x')", "1");
    check_filter("name eq 'x' or name eq 'Ada' and on eq false", "");
    check_filter("NOT startswith(tolower(name),'a') AND on eq true", "3");
    check_filter("not(on)", "2");
    check_filter("on eq true and(age eq 36)", "1");
    check_filter("name in ('Ada', 'Cleo')", "13");
    check_filter("age in (7.5,null)", "23");
    check_filter("length(name) eq 3", "1");
    check_filter("concat(trim(name),'!') eq 'ada!'", "1");
    check_filter("contains(toupper(name),'O')", "23");
}

#[test]
fn collections_are_looked_into() {
    check_filter("tags/any(t:t eq 'math')", "13");
    check_filter("tags/all(t:t eq 'math')", "23");
    check_filter("tags/any()", "13");
    check_filter("not tags/any()", "2");
    check_filter("jobs/any(j:j/title eq 'Miner' and j/years gt 5)", "3");
    check_filter("jobs/any(j:j/years gt 2 and on eq true)", "13");
    check_filter("jobs/$count ge 1", "13");
    check_filter(
        "tags/any(t:jobs/any(j:j/title eq t))",
        "123 ?$filter: this lambda expression within another one is not supported",
    );
}

#[test]
fn what_is_valid_and_not_supported_is_not_applied_and_noted() {
    check_filter("age add 5 gt 6", "123 ?$filter: `add` is not supported");
    check_filter("year(born) eq 1815", "123 ?$filter: the function `year` is not supported");
    check_filter("n.user/name eq 'a'", "123 ?$filter: the type `n.user` in a path is not supported");
    check_filter("name eq @p1", "123 ?$filter: parameter aliases are not supported");
    check_filter("name has n.color'red'", "123 ?$filter: `has` is not supported");
    check_filter("-age gt 5", "123 ?$filter: negation is supported of numbers only");
    check_filter("nothing eq 5", "123 ?$filter: no object here has `nothing`");
    check_filter("home/street eq 'x'", "123 ?$filter: no object here has `home/street`");
    check_filter("tags eq 'x'", "123 ?$filter: an object or a collection cannot be compared with a text");
    check_filter("on gt 'x'", "123 ?$filter: a boolean cannot be compared with a text");
    check_filter("jobs/title eq 'x'", "123 ?$filter: `jobs` is a collection, which needs `any` or `all`");
    check_filter("name", "123 ?$filter: a text is neither true nor false");
    let deep = format!("{}on{}", "(".repeat(100), ")".repeat(100));
    check_filter(&deep, "123 ?$filter: of more than 512 operands, or deeper than 64, it is not read");
    check(&format!("$select={}id", "id,".repeat(500)), "123 ?$select: of more than 500 items it is not read");
    check("$apply=groupby((name))", "123 ?$apply: this option is not supported");
    check("$nonsense=1&own=2", "123 ?$nonsense: this option is not supported");
}

#[test]
fn what_is_not_an_expression_is_invalid() {
    check_filter("", "!$filter 0: an operand is expected instead of the end");
    check_filter("name eq", "!$filter 7: an operand is expected instead of the end");
    check_filter("name eq 'Ada", "!$filter 8: the quotation mark is never closed");
    check_filter("name eq Ada'x'", "!$filter 8: `Ada'…'` is not a literal of OData 4");
    check_filter("name equals 'Ada'", "!$filter 5: `equals 'Ada'` is not expected");
    check_filter("(name eq 'a'", "!$filter 12: `)` is expected instead of the end");
    check_filter("name eq 'a')", "!$filter 11: `)` is not expected");
    check_filter("name eq {id}", "123 ?$filter: arrays and objects are not supported");
    check_filter("contains(name)", "!$filter 0: `contains` takes 2 arguments, not 1");
    check_filter("tags/all()", "!$filter 10: `all` needs an expression");
    check_filter("tags/any(t eq 'a')", "!$filter 11: `:` behind a variable is expected instead of `eq 'a')`");
    check_filter("born gt 2001-13-01", "!$filter 8: `2001-13-01` is not a value; texts stand in single quotes");
    check_filter("name eq 'a' and", "!$filter 15: an operand is expected instead of the end");
    check_filter("name in ('a' 'b')", "!$filter 13: `,` or `)` is expected instead of `'b')`");
    check("$top=-1", "!$top 0: `-1` is not a number that is 0 or greater");
    check("$skip=", "!$skip 0: `` is not a number that is 0 or greater");
    check("$count=yes", "!$count 0: `yes` is neither `true` nor `false`");
    check("$orderby=name up", "!$orderby 5: `up` is neither `asc` nor `desc`");
    check("$select=,", "!$select 0: `` is not the path of a property");
    check("$expand=a(b", "!$expand 0: `a(b` is not the path of a navigation property");
    check("$top=1&$top=2", "!$top 0: it may not occur more than once");
}

#[test]
fn what_is_declared_decides_where_no_object_has_it() {
    let declared = |names: &[String]| match names.join("/").as_str() {
        "nickname" => Some(true),
        "nothing" | "jobs/nothing" => Some(false),
        _ => None,
    };
    let check = |query: &str, expected: &str| assert_eq!(applied(query, PAGING, &declared), expected, "{query}");
    check("$filter=nickname eq null", "123");
    check("$filter=nickname eq 'x'", "");
    check("$filter=nothing eq 'x'", "!$filter 0: there is no property `nothing`");
    check("$filter=jobs/any(j:j/nothing eq 1)", "!$filter 0: there is no property `j/nothing`");
    check("$orderby=nothing", "!$orderby 0: there is no property `nothing`");
    check("$select=id,nothing", "!$select 0: there is no property `nothing`");
    check("$select=id,nickname", "123");
}

#[test]
fn items_are_sorted_by_several_keys() {
    check("$orderby=name desc", "321");
    check("$orderby=age", "321");
    check("$orderby=age desc", "123");
    check("$orderby=on,name desc", "231");
    check("$orderby=on desc, born asc", "132");
    check("$orderby=home/city desc", "213");
    check("$orderby=length(name)", "132");
    check("$orderby=nothing", "123 ?$orderby: no object here has `nothing`");
    check("$orderby=tags", "123 ?$orderby: objects and collections have no order");
}

#[test]
fn numbers_of_any_size_have_one_order() {
    let mut keys: Vec<&str> = vec![
        "1e2",
        "-1",
        "9007199254740993",
        "0.5",
        "9007199254740992.5",
        "-0",
        "99",
        "1e-3",
        "-20",
        "9007199254740992",
    ];
    keys.sort_by_key(|literal| value::Value::of_json(&parse(literal).expect("JSON").json).sort_key());
    let expected = "-20 -1 -0 1e-3 0.5 99 1e2 9007199254740992 9007199254740992.5 9007199254740993";
    assert_eq!(keys.join(" "), expected);
}

#[test]
fn pages_lead_to_each_other_with_every_option() {
    check("$top=2", "12 next $top=2&$skiptoken=2");
    check("$top=2&$skiptoken=2", "3");
    check("$skip=1&$top=1&$orderby=name%20desc&a=b", "2 next $skip=1&$top=1&$orderby=name%20desc&a=b&$skiptoken=2");
    check("$skip=1&$top=1&$orderby=name%20desc&$skiptoken=2", "1");
    check("$top=0", "");
    check("$skip=99999999999999999999999", "");
    check("$top=99999999999999999999999", "123");
    check(
        "$count=true&$top=1&$filter=on%20eq%20true",
        "1 count 2 next $count=true&$top=1&$filter=on%20eq%20true&$skiptoken=1",
    );
    let own = |query: &str, size| applied(query, Paging { size, top_is_size: false }, &undeclared);
    assert_eq!(own("$top=2", 5), "12");
    assert_eq!(own("$top=2", 1), "1 next $top=2&$skiptoken=1");
    assert_eq!(own("$top=2&$skiptoken=1", 1), "2");
    assert_eq!(own("$top=1&$skip=1", 1), "2");
    assert_eq!(own("", 2), "12 next $skiptoken=2");
}

#[test]
fn names_of_options_are_read_in_any_case_and_without_dollar() {
    check("filter=on+eq+true", "13");
    check("%24FILTER=on%20eq%20true", "13");
    check("$Top=1&top=2", "!$top 0: it may not occur more than once");
    let own = Options::parse_with("search=x&$filter=on eq true", &|name| name == "search");
    let applied = own.apply_to_collection(people(), PAGING, &undeclared).expect("valid options");
    assert_eq!((applied.items.len(), applied.notes), (2, Vec::new()));
}

#[test]
fn searches_find_words_by_their_beginning() {
    check("$search=\"ad\"", "1");
    check("$search=da", "");
    check("$search=\"name:neil\"", "2");
    check("$search=\"name:Ada\" OR \"name:cl\"", "13");
    check("$search=\"math\" AND \"baker\"", "3");
    check("$search=math NOT baker", "1");
    check("$search=(writer OR baker) math", "13");
    check("$search=\"nothing:x\"", "123 ?$search: no object here has `nothing`");
    check(
        "$search=\"name:ada home:london\"",
        "123 ?$search: a phrase with several properties or operators is not supported",
    );
    check("$search=\"ada", "!$search 0: the quotation mark is never closed");
    check("$search=", "!$search 0: a word is expected");
    check("$search=(ada", "!$search 4: `)` is expected");
}

#[track_caller]
fn check_select(query: &str, expected: &str) {
    let object = r##"{"@odata.etag": "e", "id": "1", "name": "Ada", "name@odata.type": "#String", "home": {"city": "L", "zip": 1},
        "jobs": [{"title": "W", "years": 3}], "jobs@odata.context": "c", "n@x": 1}"##;
    let object = parse(object).expect("JSON").json;
    let applied = Options::parse(query).apply_to_object(object, &undeclared).expect("valid options");
    let notes: String = applied.notes.iter().map(|note| format!(" ?{}: {}", note.option, note.reason)).collect();
    assert_eq!(format!("{}{notes}", applied.object), expected, "{query}");
}

#[test]
fn what_is_selected_remains() {
    check_select("$select=NAME", r##"{"@odata.etag":"e","name":"Ada","name@odata.type":"#String"}"##);
    check_select("$select=id,home/city", r#"{"@odata.etag":"e","id":"1","home":{"city":"L"}}"#);
    check_select("$select=jobs/title", r#"{"@odata.etag":"e","jobs":[{"title":"W"}],"jobs@odata.context":"c"}"#);
    check_select(
        "$select=id&$expand=jobs",
        r#"{"@odata.etag":"e","id":"1","jobs":[{"title":"W","years":3}],"jobs@odata.context":"c"}"#,
    );
    check_select("$select=id&$expand=boss", r#"{"@odata.etag":"e","id":"1"} ?$expand: nothing is known of `boss`"#);
    check_select("$select=id,boss", r#"{"@odata.etag":"e","id":"1"} ?$select: no object here has `boss`"#);
    check_select(
        "$select=id&$expand=jobs($select=title;$top=1),home($levels=2)&$top=1",
        "{\"@odata.etag\":\"e\",\"id\":\"1\",\"home\":{\"city\":\"L\",\"zip\":1},\"jobs\":[{\"title\":\"W\"}],\
         \"jobs@odata.context\":\"c\"} ?$expand: $expand of `home` is not: nothing is known of `home` \
         ?$top: this option is for collections",
    );
}

#[track_caller]
fn check_expand(query: &str, expected: &str) {
    let object = r##"{"id": "1", "boss": {"id": "2", "name": "Ada", "boss": {"id": "3", "name": "Bo"}, "pets": [{"n": 1}, {"n": 2}]}, "team":
        [{"name": "C", "age": 3}, {"name": "A", "age": 1}, {"name": "B", "age": 2}], "none": null}"##;
    let object = parse(object).expect("JSON").json;
    let applied = Options::parse(query).apply_to_object(object, &undeclared);
    let shown =
        applied.map_or_else(|error| format!("!{} {}", error.option, error.reason), |own| own.object.to_string());
    assert_eq!(shown, expected, "{query}");
}

#[test]
fn expanded_properties_have_options_of_their_own() {
    check_expand(
        "$select=id&$expand=Boss($select=name;$expand=pets($filter=n gt 1)),none($select=a)",
        r#"{"id":"1","boss":{"name":"Ada","pets":[{"n":2}]},"none":null}"#,
    );
    check_expand(
        "$select=id&$expand=team($filter=age lt 3;$orderby=name desc;$select=name;$count=true;$top=1)",
        r#"{"id":"1","team@odata.count":2,"team":[{"name":"B"}]}"#,
    );
    check_expand(
        "$select=id&$expand=boss($levels=2;$select=name)",
        r#"{"id":"1","boss":{"name":"Ada","boss":{"name":"Bo"}}}"#,
    );
    check_expand("$select=id&$expand=boss($levels=1;$select=name)", r#"{"id":"1","boss":{"name":"Ada"}}"#);
    check_expand(
        "$select=id&$expand=boss($levels=Max;$select=id;$expand=pets($levels=2;$select=n))",
        r#"{"id":"1","boss":{"id":"2","pets":[{"n":1},{"n":2}]}}"#,
    );
    check_expand(
        "$expand=boss($levels=x)",
        "!$expand in `boss`, $levels is not valid: `x` is not a number that is 0 or greater",
    );
    check_expand("$select=id&$expand=team(select=name;skip=2)", r#"{"id":"1","team":[{"name":"B"}]}"#);
    check_expand("$select=id&$expand=team($filter=name eq 'x;y),(')", r#"{"id":"1","team":[]}"#);
    check_expand(
        "$expand=team($top=x)",
        "!$expand in `team`, $top is not valid: `x` is not a number that is 0 or greater",
    );
    check_expand("$expand=team($filter=age", "!$expand `team($filter=age` is not the path of a navigation property");
}

#[test]
fn options_within_options_end() {
    let deep = "a($expand=".repeat(5_000);
    let options = Options::parse(&format!("$expand={deep}b{}", ")".repeat(5_000)));
    assert!(options.invalid().is_empty());
    let levels = |within: &str| format!("a($levels=max;$expand={within})");
    let deep = (0..8).fold("b".to_owned(), |within, _| levels(&format!("{within},{within}")));
    assert!(Options::parse(&format!("$expand={deep}")).invalid().is_empty());
}

#[test]
fn a_body_keeps_what_is_around_its_collection() {
    let body = r##"{"@odata.context": "c", "@odata.count": 9, "@odata.nextLink": "old", "value": [{"id": 1}, {"id": 2}], "x": 1}"##;
    let body = parse(body).expect("JSON").json;
    let applied = Options::parse("$top=1&$count=true").apply_to_body(body, "http://h/p", PAGING, &undeclared);
    let expected = r#"{"@odata.context":"c","@odata.count":2,"@odata.nextLink":"http://h/p?$top=1&$count=true&$skiptoken=1","value":[{"id":1}],"x":1}"#;
    assert_eq!(applied.expect("valid options").object.to_string(), expected);
}

#[test]
fn any_text_is_read_in_linear_time_and_without_a_panic() {
    for text in [
        "(", "not ", "a/", "a eq ", "'", "''", "a,", "a and ", "a/any(b:", "-", "@", "$", "{", "é", "\"", "a:", "1",
        "in (", "f(", "~",
    ] {
        let long = text.repeat(4_000);
        for option in ["$filter", "$orderby", "$select", "$expand", "$search", "$top"] {
            for value in [text, &long] {
                let encoded = value.replace('+', "%2B").replace('&', "%26");
                let options = Options::parse(&format!("{option}={encoded}"));
                drop(options.apply_to_collection(people(), PAGING, &undeclared));
            }
        }
    }
}
