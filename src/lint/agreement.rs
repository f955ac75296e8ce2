//! Rules for what a request and its response say of the same thing: version, host, identifier, values.

use foldhash::HashMap;

use super::numbered::members;
use super::urls::misspelled_host;
use super::{Linter, context_sets};
use crate::compare::excerpt;
use crate::contract::{Body, Contract, Places, ReadBody, is_sample_text};
use crate::diagnostic::Code;
use crate::json::Json;
use crate::normal::Shape;
use crate::page::{Block, Header, header};
use crate::url::{Segment, Target, decode};

/// The members that say where a response comes from, and where it goes on.
const LINKS: [&str; 3] = ["@odata.context", "@odata.nextLink", "@odata.deltaLink"];

/// What is found in the body of a response: the number of the value in document order, and what is wrong.
type Found = Vec<(usize, Code, String)>;

/// A block and its body.
type Side<'s> = (&'s Block<'s>, &'s ReadBody);

/// Compares a response with its request.
pub(super) fn check(linter: &mut Linter<'_>, contract: &Contract, request: Side<'_>, (block, read): Side<'_>) {
    location(linter, contract, &block.message.headers);
    let Some(Body::Json(json)) = &contract.response.body else { return };
    let mut found = links(linter, contract, json);
    // An error, a redirect or what is still to be done has a body of its own.
    if matches!(contract.response.status, 200 | 201) {
        found.extend(id(contract, json));
        found.extend(echo(contract, request, json));
        let other_set = context_sets::of_other_set(contract, json);
        found.extend(other_set.map(|(number, message)| (number, Code::ContextOfOtherSet, message)));
    }
    if found.is_empty() {
        return;
    }
    let places = Places::new(&block.message.body, &read.offsets);
    for (number, code, message) in found {
        linter.report_at(code, places.of_value(number), message);
    }
}

/// The links of a response are of the host and the version of the request.
fn links(linter: &Linter<'_>, contract: &Contract, json: &Json) -> Found {
    let request = Target::read(&contract.request.url);
    let mut found = Vec::new();
    for (number, member) in members(json).filter(|(_, member)| LINKS.contains(&member.name.as_str())) {
        let Some(link) = member.value.as_str().map(Target::read) else { continue };
        if let Some(message) = other_host(&request, &link) {
            found.push((number, Code::LinkOfOtherHost, format!("`{}` {message}", member.name)));
        } else if let Some(message) = other_version(linter, &request, &link) {
            found.push((number, Code::LinkOfOtherVersion, format!("`{}` {message}", member.name)));
        }
    }
    found
}

/// What a response created has the version of the request.
fn location(linter: &mut Linter<'_>, contract: &Contract, headers: &[Header]) {
    let Some(field) = header(headers, "Location") else { return };
    let request = Target::read(&contract.request.url);
    if let Some(message) = other_version(linter, &request, &Target::read(&field.value)) {
        let column = linter.page.column_of(field.line, &field.value);
        linter.report_at(Code::LinkOfOtherVersion, (field.line, column), format!("`Location` {message}"));
    }
}

/// How the host of a link differs from that of its request.
fn other_host(request: &Target<'_>, link: &Target<'_>) -> Option<String> {
    let name = |host: &str| host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let (own, other) = (name(request.host?), name(link.host?));
    let is_name = |host: &str| host.contains('.') && !host.contains(['{', '<', '[', '*', ' ', '…']);
    // What is misspelled is reported as that. A request that is not to Microsoft Graph is another story.
    let is_known = request.is_graph() && is_name(&own) && is_name(&other) && !other.contains("..");
    let is_other = is_known && own != other && misspelled_host(&other).is_none() && misspelled_host(&own).is_none();
    is_other.then(|| format!("is of the host `{}`, the request of `{}`", excerpt(&other), excerpt(&own)))
}

/// How the version of a link differs from that of its request and of the page.
fn other_version(linter: &Linter<'_>, request: &Target<'_>, link: &Target<'_>) -> Option<String> {
    let own = link.version.filter(|_| link.host.is_some() && link.is_graph() && request.is_graph())?;
    // `v2/{tenant}/directoryObjects/…`: the form in which directories name their objects.
    let first = link.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if Shape::of_string(first) == Shape::Guid {
        return None;
    }
    // Where the request is not of the page's version, that is what is wrong.
    let known = [request.version, linter.page.version.as_deref()];
    let expected = known.into_iter().flatten().next()?;
    let is_other = known.into_iter().flatten().all(|known| !known.eq_ignore_ascii_case(own));
    is_other.then(|| format!("is of version {own}, the request of {expected}"))
}

/// The object that the URL names by its identifier is the one that comes back.
fn id(contract: &Contract, json: &Json) -> Option<(usize, Code, String)> {
    if !matches!(contract.request.method.as_str(), "GET" | "PATCH" | "PUT") || contract.response.wrapped {
        return None;
    }
    let path = Target::read(&contract.request.url).path;
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let asked = decode(last);
    let is_guid = |text: &str| Shape::of_string(text) == Shape::Guid;
    // Most URLs end with a name.
    if !is_guid(&asked) && !is_opaque(&asked) {
        return None;
    }
    // The template says that an identifier stands there.
    let is_parameter = |path: &str| {
        let last = path.rsplit('/').next().map(Segment::read);
        last.is_some_and(|last| {
            last.is_placeholder() && last.parameters().any(|name| name.to_lowercase().ends_with("id"))
        })
    };
    if !contract.routes.iter().any(|route| is_parameter(&route.path)) {
        return None;
    }
    let (number, member) = members(json).find(|(_, member)| member.name == "id")?;
    let shown = member.value.as_str()?;
    // Other forms may be other keys of the same object.
    let is_like =
        (is_guid(&asked) && is_guid(shown)) || (asked.len() == shown.len() && is_opaque(&asked) && is_opaque(shown));
    if !is_like || asked.eq_ignore_ascii_case(shown) || repeats(json, &asked) {
        return None;
    }
    let message = format!("the URL asks for `{}`, the response is about `{}`", excerpt(&asked), excerpt(shown));
    Some((number, Code::IdDiffersFromUrl, message))
}

/// Whether a text is one that only a service makes up: long, of one word, with digits and with letters of both cases.
fn is_opaque(text: &str) -> bool {
    let has = |is_so: fn(&u8) -> bool| text.as_bytes().iter().any(is_so);
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=!".contains(&byte));
    is_word
        && text.len() >= OPAQUE
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

/// Identifiers that services make up are at least so long.
const OPAQUE: usize = 16;

/// Whether a member other than `id` has that value: the URL may name the object by another key.
fn repeats(json: &Json, value: &str) -> bool {
    members(json).any(|(_, member)| member.value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(value)))
}

/// What the request sends comes back as it was sent.
fn echo(contract: &Contract, (block, read): Side<'_>, json: &Json) -> Found {
    let Contract { request, response, .. } = contract;
    let is_write = matches!((request.method.as_str(), response.status), ("POST", 201) | ("PATCH" | "PUT", 200));
    let Some(Body::Json(sent)) = request.body.as_ref().filter(|_| is_write && !response.wrapped) else {
        return Vec::new();
    };
    let sent: HashMap<&str, (usize, &Json)> =
        members(sent).map(|(number, member)| (member.name.as_str(), (number, &member.value))).collect();
    let places = Places::new(&block.message.body, &read.offsets);
    let mut found = Vec::new();
    for (number, member) in members(json) {
        let Some((sent_as, own)) = sent.get(member.name.as_str()) else { continue };
        if !member.name.contains('@') && !is_explained(&member.name, own, &member.value) {
            let (shown, sent) = (excerpt(&member.value.to_string()), excerpt(&own.to_string()));
            let (line, _) = places.of_value(*sent_as);
            let message = format!("`{}` is {shown} here, but the request sends {sent} on line {line}", member.name);
            found.push((number, Code::EchoDiffers, message));
        }
    }
    found
}

/// What members are called whose values the service chooses whatever was sent.
const CHOSEN: [&str; 12] = [
    "id", "status", "state", "hint", "secret", "password", "key", "token", "version", "created", "modified", "updated",
];

/// Whether a value may well differ from the one that was sent.
fn is_explained(name: &str, sent: &Json, shown: &Json) -> bool {
    let name = name.to_lowercase();
    if is_sample_text(sent) || is_sample_text(shown) || CHOSEN.iter().any(|chosen| name.contains(chosen)) {
        return true;
    }
    match (sent, shown) {
        (Json::String(sent), Json::String(shown)) => is_form_of(sent, shown),
        (Json::Bool(sent), Json::Bool(shown)) => sent == shown,
        (Json::Number(sent), Json::Number(shown)) => sent.same_value(shown),
        _ => true,
    }
}

/// Longer texts are not compared: services rewrite them.
const LONGEST: usize = 1024;

/// Whether a text says the same as another one, or is one that a service has made of it.
fn is_form_of(sent: &str, shown: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
    if sent.len().max(shown.len()) > LONGEST {
        return true;
    }
    let (one, other) = (plain(sent), plain(shown));
    // Markup is cleaned, an identifier gets a prefix, what is left out is not the value.
    let is_open = |text: &str| text.contains(['<', '{', '…', '*']) || text.contains("...");
    one.contains(&other)
        || other.contains(&one)
        || is_open(&one)
        || is_open(&other)
        || is_same_time(sent, shown)
        || is_same_url(&one, &other)
}

/// Whether two texts in lower case are URLs of one and the same place, as services and browsers rewrite them: with another scheme, with or without
/// `www`, the standard port, and a slash at the end (RFC 3986 section 6.2.3).
fn is_same_url(one: &str, other: &str) -> bool {
    let place = |text: &'_ str| {
        let (rest, port) = match text.strip_prefix("https://") {
            Some(rest) => (rest, ":443"),
            None => (text.strip_prefix("http://")?, ":80"),
        };
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = host.strip_suffix(port).unwrap_or(host);
        Some((host.strip_prefix("www.").unwrap_or(host).to_owned(), path.trim_end_matches('/').to_owned()))
    };
    place(one).is_some_and(|place_of_one| place(other) == Some(place_of_one))
}

/// Whether two texts are one point in time, to the second.
fn is_same_time(one: &str, other: &str) -> bool {
    let second = |text: &str| text.parse::<jiff::Timestamp>().map(|time| time.as_second());
    matches!((second(one), second(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;
    use crate::lint::lint_page;
    use crate::lint::testing::messages;
    use crate::page::Page;

    /// The findings of these rules in a page of v1.0 with one exchange, as `code@line:column`.
    #[track_caller]
    fn check(request: &str, response: &str, expected: &[&str]) {
        let template = request
            .split_whitespace()
            .nth(1)
            .unwrap_or_default()
            .replace("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "{lamp-id}");
        let method = request.split_whitespace().next().unwrap_or_default();
        let text =
            format!("## HTTP request\n\n```http\n{method} {template}\n```\n\n```http\n{request}\n```\n\n{response}\n");
        let own = [Code::LinkOfOtherHost, Code::LinkOfOtherVersion, Code::IdDiffersFromUrl, Code::EchoDiffers];
        let first = text.find(response).map_or(0, |at| text[..at].lines().count() as u32);
        let found = lint_page(&Page::parse("docs/v1.0/api/lamp.md", &text), &TypeIndex::default(), None).diagnostics;
        let found: Vec<String> = found
            .iter()
            .filter(|own_found| own.contains(&own_found.code))
            .map(|found| format!("{}@{}:{}", found.code, found.line - first, found.column))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    const GET: &str = "GET https://graph.microsoft.com/v1.0/lamps";
    const ONE: &str = "GET https://graph.microsoft.com/v1.0/lamps/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

    fn ok(body: &str) -> String {
        format!("```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n```")
    }

    #[test]
    fn links_are_of_the_host_and_the_version_of_the_request() {
        let link = |name: &str, url: &str| ok(&format!("{{\"{name}\": \"{url}\", \"value\": []}}"));
        let context = |url: &str| link("@odata.context", url);
        check(GET, &context("https://graph.microsoft.com/beta/$metadata#lamps"), &["link-of-other-version@5:2"]);
        check(
            GET,
            &link("@odata.nextLink", "https://graph.microsoft.com/beta/lamps?$skip=2"),
            &["link-of-other-version@5:2"],
        );
        check(GET, &context("https://lamps.contoso.com/v1.0/$metadata#lamps"), &["link-of-other-host@5:2"]);
        for same in [
            "https://graph.microsoft.com/v1.0/$metadata#lamps",
            "https://Graph.Microsoft.com/V1.0/$metadata#lamps",
            "https://graph.microsoft.com/$metadata#lamps",
            "$metadata#lamps",
            "https://{host}/v1.0/$metadata#lamps",
        ] {
            check(GET, &context(same), &[]);
        }
        // The request is wrong, the response is that of the page.
        let beta = "GET https://graph.microsoft.com/beta/lamps";
        check(beta, &context("https://graph.microsoft.com/v1.0/$metadata#lamps"), &[]);
        // The identifier of an object may be of any service.
        check(GET, &link("@odata.id", "https://lamps.contoso.com/v2/lamps/1"), &[]);
    }

    #[test]
    fn what_was_created_is_of_the_version_of_the_request() {
        let created = |location: &str| format!("```http\nHTTP/1.1 201 Created\nLocation: {location}\n```");
        let post = "POST https://graph.microsoft.com/v1.0/lamps";
        check(post, &created("https://graph.microsoft.com/beta/lamps/1"), &["link-of-other-version@3:11"]);
        check(post, &created("https://graph.microsoft.com/v1.0/lamps/1"), &[]);
        // The form in which directories name their objects.
        let tenant = "https://graph.microsoft.com/v2/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/directoryObjects/1";
        check(post, &created(tenant), &[]);
        check(post, &created("https://contoso.com/beta/1"), &[]);
    }

    #[test]
    fn the_object_of_the_url_is_that_of_the_response() {
        let with = |id: &str, more: &str| ok(&format!("{{\"id\": \"{id}\"{more}}}"));
        check(ONE, &with("00000000-4b5a-6978-8796-a5b4c3d2e1f0", ""), &["id-differs-from-url@5:2"]);
        check(ONE, &with("0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0", ""), &[]);
        check(ONE, &with("lamp-1", ""), &[]);
        let key = ", \"serialId\": \"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0\"";
        check(ONE, &with("00000000-4b5a-6978-8796-a5b4c3d2e1f0", key), &[]);
        check(&format!("{ONE}/owner"), &with("00000000-4b5a-6978-8796-a5b4c3d2e1f0", ""), &[]);
    }

    #[test]
    fn what_was_sent_comes_back() {
        let change = |sent: &str| {
            format!("PATCH https://graph.microsoft.com/v1.0/lamps/1\nContent-Type: application/json\n\n{{{sent}}}")
        };
        let check =
            |sent: &str, shown: &str, expected: &[&str]| check(&change(sent), &ok(&format!("{{{shown}}}")), expected);
        check("\"displayName\": \"Ada\"", "\"displayName\": \"Grace\"", &["echo-differs@5:2"]);
        check("\"watts\": 40", "\"watts\": 60", &["echo-differs@5:2"]);
        check("\"isOn\": true", "\"isOn\": false", &["echo-differs@5:2"]);
        check("\"at\": \"2020-01-01T10:00:00Z\"", "\"at\": \"2020-01-02T10:00:00Z\"", &["echo-differs@5:2"]);
        for (sent, shown) in [
            ("\"displayName\": \"Ada\"", "\"displayName\": \"Ada\""),
            ("\"displayName\": \"Ada\"", "\"displayName\": \"ADA \""),
            ("\"displayName\": \"Ada\"", "\"displayName\": \"String\""),
            ("\"displayName\": \"Ada\"", "\"displayName\": null"),
            ("\"displayName\": \"Ada\"", "\"watts\": 40"),
            ("\"name\": \"on\"", "\"name\": \"ext12_on\""),
            ("\"text\": \"<p>a</p>\"", "\"text\": \"<html><p>b</p></html>\""),
            ("\"watts\": 40", "\"watts\": 40.0"),
            ("\"at\": \"2020-01-01T10:00:00.123Z\"", "\"at\": \"2020-01-01T11:00:00+01:00\""),
            ("\"state\": \"new\"", "\"state\": \"active\""),
            ("\"clientSecret\": \"abc\"", "\"clientSecret\": \"xyz\""),
            ("\"a@odata.bind\": \"b\"", "\"a@odata.bind\": \"c\""),
        ] {
            check(sent, shown, &[]);
        }
    }

    #[test]
    fn a_service_may_write_a_url_in_another_form() {
        let check =
            |one: &str, other: &str, expected: bool| assert_eq!(is_same_url(one, other), expected, "{one} {other}");
        check("https://www.contoso.com", "https://contoso.com/", true);
        check("http://contoso.com:80/a/", "https://contoso.com/a", true);
        check("https://contoso.com/a?b=c", "https://www.contoso.com/a?b=c", true);
        check("https://contoso.com/a", "https://contoso.com/b", false);
        check("https://contoso.com", "https://fabrikam.com", false);
        check("https://contoso.com", "https://lamps.contoso.com", false);
        check("https://contoso.com:8443", "https://contoso.com", false);
        check("http:://microsoft.com", "https://microsoft.com", false);
        check("www.contoso.com", "contoso.com", false);
    }

    #[test]
    fn the_message_names_the_line_of_what_was_sent() {
        let text = "```http\nPATCH https://graph.microsoft.com/v1.0/lamps/1\nContent-Type: application/json\n\n{\n  \"at\": {\"room\": 1},\n  \
                    \"watts\": 40\n}\n```\n\n";
        let found = messages(&(text.to_owned() + &ok("{\"watts\": 60}")), Code::EchoDiffers);
        assert_eq!(found, ["`watts` is 60 here, but the request sends 40 on line 7"]);
    }

    #[test]
    fn an_action_or_a_list_repeats_nothing() {
        let body = "Content-Type: application/json\n\n{\"name\": \"a\"}";
        check(&format!("POST https://graph.microsoft.com/v1.0/lamps/find\n{body}"), &ok("{\"name\": \"b\"}"), &[]);
        check(&format!("{GET}\n{body}"), &ok("{\"name\": \"b\"}"), &[]);
    }

    #[test]
    fn an_identifier_that_a_service_makes_up_is_opaque() {
        assert!(is_opaque("hsOf2dhOJkqyYYZEtdzDe2QAIUCR"));
        for text in
            ["adele@contoso.com", "theLampInTheLivingRoom", "0123456789abcdef0123", "hsOf2dhOJkqyYY", "{lamp-id}"]
        {
            assert!(!is_opaque(text), "{text}");
        }
    }
}
