//! Mutants of the status, the header fields and the body as a whole.

use super::Expectation::{Caught, Harmless};
use super::mutant::content_type;
use super::{Class, Expectation, Mutant};
use graph_contracts::at::At;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::normal::may_have_content;
use graph_contracts::stub::Answer;

pub(super) fn mutants(contract: &Contract, documented: &Answer, give: &mut dyn FnMut(Mutant)) {
    // The text of a redirect is a note to people, which live services word as they like (RFC 9110 section 15.4).
    let is_redirect = documented.status / 100 == 3 && !matches!(contract.response.body, Some(Body::Json(_)));
    let is_note = |place: &At| match place {
        At::Body => true,
        At::Header(name) => name.starts_with("content-"),
        _ => false,
    };
    let mut give = |class: Class, places: &[At], exact: Expectation, shape: Expectation, answer: Answer| {
        let shape = if is_redirect && places.iter().all(is_note) { Harmless } else { shape };
        give(Mutant { class, places: places.to_vec(), exact, shape, answer });
    };
    for status in [200, 201, 202, 203, 301, 302, 400, 404, 409, 500, 503] {
        let same_class = status / 100 == documented.status / 100;
        let class = if same_class { Class::StatusSameClass } else { Class::StatusOtherClass };
        if status != documented.status {
            give(class, &[At::Status], Caught, Caught, Answer { status, ..documented.clone() });
        }
    }
    header_mutants(contract, documented, &mut give);
    let body = contract.response.body.as_ref().filter(|_| !documented.body.is_empty());
    let Some(body) = body else {
        if may_have_content(&contract.request.method, documented.status) {
            let answer = documented.with_body("a body that no page documents");
            give(Class::UnexpectedBody, &[At::Body], Caught, Caught, answer);
        }
        return;
    };
    give(Class::EmptyBody, &[At::Body], Caught, Caught, documented.with_body(""));
    let whole = &documented.body;
    match body {
        Body::Json(json) => {
            let html = "<!DOCTYPE html><html><body>Service unavailable</body></html>";
            give(Class::NotJson, &[At::Body], Caught, Caught, documented.with_body(html));
            // A number cut off is another number.
            if matches!(json, Json::Object(_) | Json::Array(_) | Json::String(_)) {
                for length in [whole.len() / 2, whole.len() - 1] {
                    let cut = documented.with_body(&whole[..length.max(1)]);
                    give(Class::Truncated, &[At::Body], Caught, Caught, cut);
                }
            }
        }
        Body::Text(_) => {
            let changed = [whole.as_slice(), b" changed"].concat();
            give(Class::Change, &[At::Body], Caught, Harmless, documented.with_body(changed));
            let mut cut = String::from_utf8_lossy(whole).into_owned();
            cut.truncate(cut.trim_end().char_indices().next_back().map_or(0, |(at, _)| at));
            if !cut.trim().is_empty() {
                give(Class::Truncated, &[At::Body], Caught, Harmless, documented.with_body(cut));
            }
        }
        // Only their media type is compared.
        Body::Bytes(_) => return,
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(String::from_utf8_lossy(whole).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    give(Class::Charset, &[At::Body], Caught, Caught, documented.with_body(utf16));
    if let Some(claimed) = content_type(contract).filter(|value| !value.to_ascii_lowercase().contains("charset")) {
        let claimed = format!("{claimed}; charset=utf-16");
        let answer = documented.with_header("Content-Type", &claimed);
        give(Class::Charset, &[header("content-type")], Caught, Caught, answer);
    }
}

/// Takes a mutant by its parts.
type Give<'g> = dyn FnMut(Class, &[At], Expectation, Expectation, Answer) + 'g;

fn header_mutants(contract: &Contract, documented: &Answer, give: &mut Give<'_>) {
    let mut names: Vec<String> = documented.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let at = [header(&name)];
        if name == "content-type" {
            give(Class::ContentTypeMissing, &at, Caught, Caught, documented.without_header(&name));
            let is_html = content_type(contract).is_some_and(|value| value.to_ascii_lowercase().contains("html"));
            let other = if is_html { "application/xml" } else { "text/html" };
            give(Class::ContentTypeOther, &at, Caught, Caught, documented.with_header(&name, other));
            continue;
        }
        // Servers add the date themselves (RFC 9110 section 6.6.1).
        if name != "date" {
            give(Class::HeaderMissing, &at, Caught, Caught, documented.without_header(&name));
        }
        let values: Vec<&str> = documented
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(&name))
            .map(|(_, v)| v.as_str())
            .collect();
        let value = values.join(", ");
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let changed = if is_number { format!("{value}1") } else { format!("{value}-changed") };
        give(Class::HeaderChanged, &at, Caught, Harmless, documented.with_header(&name, &changed));
        if !value.is_empty() {
            let malformed = if is_number { "soon" } else { "" };
            give(Class::HeaderChanged, &at, Caught, Caught, documented.with_header(&name, malformed));
        }
    }
}

fn header(name: &str) -> At {
    At::Header(name.to_owned())
}
