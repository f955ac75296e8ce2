//! URLs in answers that lead back to the server, and what they lead to.

use std::borrow::Cow;

use graph_contracts::http::ByteRange;
use graph_contracts::json::Json;
use graph_contracts::url::{is_graph_host, split_scheme};
use http::StatusCode;
use http::header;

use crate::bytes::sample_bytes;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// Below this is the content that answers lead to: `/…/CONTRACT/to/HOST/PATH`, where the contract is one by its id.
const CONTENT: &str = "/__graph-contracts-content/";

/// What stands between the id of a contract and the address.
const TO: &str = "/to/";

/// Whether a path is one of content that an answer led to.
pub(crate) fn is_content(path: &str) -> bool {
    path.starts_with(CONTENT)
}

/// Whether clients follow a URL in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// It names something.
    Nowhere,
    /// To what Microsoft Graph answers, or to content at another host.
    On,
    /// To the bytes of a file, without a token: no page documents what is there, also where the host is that of Microsoft Graph.
    ToContent,
}

/// A link to content.
pub(crate) struct Link<'r> {
    /// The id of the contract whose answer has it.
    pub(crate) contract: &'r str,
    /// The host and the path.
    address: &'r str,
}

impl<'r> Link<'r> {
    /// The link that a request follows.
    pub(crate) fn read(request: &'r Incoming) -> Option<Link<'r>> {
        let (contract, address) = request.path.strip_prefix(CONTENT)?.split_once(TO)?;
        Some(Link { contract, address })
    }

    /// Content for it, always the same.
    pub(crate) fn bytes(&self) -> Reply {
        let name = self.address.rsplit('/').next().unwrap_or_default();
        let media_type = match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("png") => "image/png",
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("pdf") => "application/pdf",
            Some("txt" | "csv") => "text/plain",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        };
        Reply::new(StatusCode::OK).with_body(media_type, sample_bytes(media_type, self.address))
    }
}

/// The path that a client means with a whole URL behind its base URL (`/v1.0/http://localhost:4010/v1.0/users`): some clients take only `https://`
/// for the beginning of a URL, and append every other link to the base. URLs of other hosts are paths like any other.
pub(crate) fn meant_path<'p>(path: &'p str, base_url: &str) -> &'p str {
    // Each request is asked, and few have any colon.
    if !path.contains(':') {
        return path;
    }
    let own = base_url.split("://").nth(1).unwrap_or_default();
    let Some((before, rest)) = path.split_once("://") else { return path };
    let scheme = before.rsplit('/').next().unwrap_or_default();
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    let is_url = before.len() > scheme.len() && ["http", "https"].iter().any(|own| own.eq_ignore_ascii_case(scheme));
    if is_url && (host.eq_ignore_ascii_case(own) || is_graph_host(host)) { &rest[host.len()..] } else { path }
}

/// A path without empty segments, as Microsoft Graph reads it: clients whose base URL ends with `/` write `/v1.0//users`. What stands behind a colon or in
/// parentheses is a path or a URL of its own.
pub(crate) fn without_empty_segments(path: &str) -> Cow<'_, str> {
    if !path.as_bytes().windows(2).any(|two| two == b"//") {
        return path.into();
    }
    let end = path.find([':', '(', '\'']).unwrap_or(path.len());
    let (before, behind) = path.split_at(end);
    if !before.contains("//") {
        return path.into();
    }
    let mut single = String::with_capacity(path.len());
    for c in before.chars() {
        if c != '/' || !single.ends_with('/') {
            single.push(c);
        }
    }
    (single + behind).into()
}

/// The same URL at this server: of Microsoft Graph by its path, and what else clients follow as content of the contract that has it. `None` for
/// what stays as it is.
pub(crate) fn lead_back(url: &str, request: &Incoming, contract: &str, leads: Leads) -> Option<String> {
    let scheme = url.split(':').next().unwrap_or_default();
    let rest =
        split_scheme(url).filter(|_| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(end);
    if is_graph_host(host) && leads != Leads::ToContent {
        return Some(format!("{}{}", request.base_url, as_uri(target)));
    }
    let is_other = leads != Leads::Nowhere && !host.is_empty() && !request.base_url.ends_with(host);
    is_other.then(|| format!("{}{CONTENT}{contract}{TO}{host}{}", request.base_url, as_uri(target)))
}

/// What stands for a parameter in the links of examples, `{token}`: no URI has these characters (RFC 3986 section 2), and some clients stumble over them.
const BRACES: [(char, &str); 4] = [('{', "%7B"), ('}', "%7D"), ('<', "%3C"), ('>', "%3E")];

fn as_uri(target: &str) -> Cow<'_, str> {
    let encoded = |target: Cow<'_, str>, (brace, code): &(char, &str)| target.replace(*brace, code).into();
    if target.contains(BRACES.map(|(brace, _)| brace)) {
        BRACES.iter().fold(target.into(), encoded)
    } else {
        target.into()
    }
}

/// The same for all URLs in a body.
pub(crate) fn lead_all_back(body: &mut Json, lead: &impl Fn(&str, Leads) -> Option<String>) {
    let mut open: Vec<(Leads, &mut Json)> = vec![(Leads::Nowhere, body)];
    while let Some((leads, value)) = open.pop() {
        match value {
            Json::String(text) if text.starts_with("http") || text.starts_with("HTTP") => {
                if let Some(own) = lead(text, leads) {
                    *text = own;
                }
            }
            Json::Array(items) => open.extend(items.iter_mut().map(|item| (leads, item))),
            Json::Object(members) => {
                open.extend(members.iter_mut().map(|member| (Leads::of(&member.name), &mut member.value)));
            }
            _ => {}
        }
    }
}

/// Has the links to the next page and to the next changes lead on where they lead to nothing: pages shorten them, and the one behind the documented
/// page is at the same path.
pub(crate) fn lead_on(body: &mut Json, request: &Incoming, mut is_answered: impl FnMut(&str, Option<&str>) -> bool) {
    let Json::Object(members) = body else { return };
    for member in members.iter_mut().filter(|member| Leads::of(&member.name) == Leads::On) {
        let target = member.value.as_str().and_then(|url| url.strip_prefix(request.base_url.as_str()));
        let parts =
            target.map(|target| target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query))));
        let has_parameter = target.is_some_and(|target| target.contains(BRACES[0].1) || target.contains(BRACES[2].1));
        if has_parameter || !parts.is_some_and(|(path, query)| is_answered(path, query)) {
            let token = if member.name.ends_with("deltaLink") { "$deltatoken=latest" } else { "$skiptoken=next" };
            member.value = Json::String(format!("{}{}?{token}", request.base_url, request.path));
        }
    }
}

impl Leads {
    /// What a URL in a member of that name is.
    fn of(name: &str) -> Leads {
        let name = name.to_ascii_lowercase();
        let ends_with = |endings: [&str; 2]| endings.iter().any(|ending| name.ends_with(ending));
        if ends_with(["uploadurl", "downloadurl"]) {
            Leads::ToContent
        } else if ends_with(["nextlink", "deltalink"]) {
            Leads::On
        } else {
            Leads::Nowhere
        }
    }
}

/// Leaves of a successful answer the part that a request asks for (RFC 9110 section 14).
pub(crate) fn apply_range(request: &Incoming, reply: &mut Reply) {
    reply.headers.insert(header::ACCEPT_RANGES, header::HeaderValue::from_static("bytes"));
    let length = reply.body.len();
    let field = request.header("range").filter(|_| reply.status == StatusCode::OK);
    let content_range = match ByteRange::of(field, length) {
        ByteRange::Whole => return,
        ByteRange::Part(range) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            let shown = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            reply.body = reply.body.slice(range);
            shown
        }
        ByteRange::Unsatisfiable => {
            reply.status = StatusCode::RANGE_NOT_SATISFIABLE;
            reply.body = bytes::Bytes::new();
            format!("bytes */{length}")
        }
    };
    if let Ok(value) = header::HeaderValue::from_str(&content_range) {
        reply.headers.insert(header::CONTENT_RANGE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, meant: &str) {
        assert_eq!(meant_path(path, "http://localhost:4010"), meant);
    }

    #[test]
    fn a_whole_url_behind_the_base_is_meant_itself() {
        check("/v1.0/http://localhost:4010/v1.0/users", "/v1.0/users");
        check("/v1.0/https://graph.microsoft.com/v1.0/users", "/v1.0/users");
        check("/http://LOCALHOST:4010/v1.0", "/v1.0");
        check("/v1.0/users", "/v1.0/users");
        check("/v1.0/shares/https://other.example/file", "/v1.0/shares/https://other.example/file");
        check("/v1.0/users/a-http://localhost:4010/x", "/v1.0/users/a-http://localhost:4010/x");
    }

    #[test]
    fn parameters_in_links_are_encoded() {
        let request = Incoming { base_url: "http://h".to_owned(), ..Incoming::default() };
        let check = |url: &str, expected: &str| {
            assert_eq!(lead_back(url, &request, "c", Leads::On).as_deref(), Some(expected), "{url}");
        };
        check("https://graph.microsoft.com/v1.0/users?$skiptoken=a", "http://h/v1.0/users?$skiptoken=a");
        check("https://graph.microsoft.com/v1.0/me/{id}?t=<x>", "http://h/v1.0/me/%7Bid%7D?t=%3Cx%3E");
    }

    #[test]
    fn empty_segments_are_none() {
        let check = |path: &str, expected: &str| assert_eq!(without_empty_segments(path), expected, "{path}");
        check("/v1.0//users", "/v1.0/users");
        check("//v1.0///me//", "/v1.0/me/");
        check("/v1.0/me/f(url='https://x')", "/v1.0/me/f(url='https://x')");
        check("/v1.0//shares/https://x//y", "/v1.0/shares/https://x//y");
        check("/v1.0/me", "/v1.0/me");
    }
}
