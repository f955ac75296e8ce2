//! The rule for `@odata.context`: it names the set that the request addresses.
//!
//! Only a request to a set or to one of its objects says surely which set that is (OData JSON Format 4.01 section 10): behind a navigation property
//! stand objects of whatever set it is bound to.

use super::numbered::members;
use super::slips::is_slip;
use crate::compare::excerpt;
use crate::contract::Contract;
use crate::json::Json;
use crate::url::{Segment, Target, split_path};

/// What is wrong with the context of a response: the number of the value in document order, and the message.
pub(super) fn of_other_set(contract: &Contract, json: &Json) -> Option<(usize, String)> {
    let (number, member) = members(json).find(|(_, member)| member.name == "@odata.context")?;
    let (_, fragment) = member.value.as_str()?.split_once("$metadata#")?;
    if let Some((shown, meant)) = misspelled(contract, fragment) {
        let message = format!("`@odata.context` has `{}` where the request has `{}`", excerpt(shown), excerpt(&meant));
        return Some((number, message));
    }
    let shown = set_of(fragment)?;
    let asked = asked_set(contract)?;
    if asked.eq_ignore_ascii_case(shown) {
        return None;
    }
    Some((
        number,
        format!("`@odata.context` names the set `{}`, the request is about `{}`", excerpt(shown), excerpt(&asked)),
    ))
}

/// The first name of a context, if it is a name of the request's path but for a letter, and the path has no such name.
fn misspelled<'f>(contract: &Contract, fragment: &'f str) -> Option<(&'f str, String)> {
    let (shown, _) = split_name(fragment);
    // What is shorter is neither the name nor nearly that.
    let texts = split_path(Target::read(&contract.request.url).path).into_iter();
    let segments = texts.filter(|text| text.len() + 1 >= shown.len()).map(Segment::read);
    let names: Vec<String> = segments.filter(Segment::is_identifier).map(|segment| segment.name).collect();
    let is_there = names.iter().any(|name| name.eq_ignore_ascii_case(shown));
    let is_name = shown.bytes().all(|byte| byte.is_ascii_alphabetic()) && shown != "Collection" && !is_there;
    let meant = names.into_iter().find(|name| is_name && is_slip(shown, name))?;
    Some((shown, meant))
}

/// The first name of a context, and what follows it.
fn split_name(fragment: &str) -> (&str, &str) {
    fragment.split_at(fragment.find(['/', '(']).unwrap_or(fragment.len()))
}

/// The set that a context URL names: a word in front of a key, a list of properties, `/`, or nothing. Types, such as `Collection(Edm.String)`, are no
/// sets.
fn set_of(fragment: &str) -> Option<&str> {
    let (name, rest) = split_name(fragment);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // What follows may lead to another set: `users('1')/messages`.
    let is_set =
        rest.is_empty() || rest.starts_with("/$entity") || rest.starts_with("/$delta") || rest.starts_with('(');
    let leads_on = rest.contains(")/") && !rest.ends_with(")/$entity") && !rest.ends_with(")/$delta");
    (is_name && is_set && !leads_on && name != "Collection").then_some(name)
}

/// The set that a request surely addresses: all templates that its path is on are a set, or a set and a key.
fn asked_set(contract: &Contract) -> Option<String> {
    let path = Target::read(&contract.request.url).path;
    let texts = split_path(path);
    let first = Segment::read(texts.first()?);
    let is_set = first.is_identifier() && !OTHERS.iter().any(|own| own.eq_ignore_ascii_case(&first.name));
    let is_of_key = |path: &str| {
        let own = Segment::of_path(path);
        matches!(own.as_slice(), [set, key] if set.name.eq_ignore_ascii_case(&first.name) && set.arguments.is_none() && key.is_placeholder())
    };
    let is_whole = match texts.len() {
        1 => first.arguments.is_none(),
        2 => !contract.routes.is_empty() && contract.routes.iter().all(|route| is_of_key(&route.path)),
        _ => false,
    };
    (is_set && is_whole).then_some(first.name)
}

/// What is no set of its own, or has objects of several.
const OTHERS: [&str; 2] = ["me", "directoryObjects"];

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::lint::testing::places;

    #[test]
    fn the_context_names_the_set_of_the_request() {
        let check = |template: &str, url: &str, context: &str, expected: usize| {
            let text = format!(
                "# Get lamp\n\n## HTTP request\n\n```http\nGET {template}\n```\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0{url}\n```\n\n\
                 ```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\n  \"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#{context}\"\n}}\n```\n"
            );
            let found = places(&text, Code::ContextOfOtherSet);
            assert_eq!(found, vec![(20, 3); expected], "{text}");
        };
        check("/lamps", "/lamps", "rooms", 1);
        check("/lamps/{id}", "/lamps/1", "rooms/$entity", 1);
        check("/lamps/{id}", "/lamps/1?$select=id", "rooms(id)/$entity", 1);
        check("/lamps", "/lamps", "lamps(id,owner())", 0);
        check("/lamps/{id}/owners", "/lamps/1/owners", "lapms('1')/owners", 1);
        check("/lamps/{id}/owners", "/lamps/1/owners", "lamp('1')/owners", 0);
        check("/lamps/{id}", "/lamps/1", "Lamps/$entity", 0);
        check("/lamps", "/lamps", "Collection(microsoft.graph.lamp)", 0);
        check("/lamps", "/lamps", "microsoft.graph.lamp", 0);
        check("/lamps", "/lamps", "users('1')/lamps", 0);
        check("/me", "/me", "users/$entity", 0);
        check("/lamps/{id}/owner", "/lamps/1/owner", "users/$entity", 0);
        check("/lamps/delta", "/lamps/delta", "rooms", 0);
        check("/house/lamps", "/house/lamps", "lamps", 0);
        check("/directoryObjects/{id}", "/directoryObjects/1", "users/$entity", 0);
    }
}
