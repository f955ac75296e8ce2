//! Conditional requests, by the entity tags that objects show (RFC 9110 section 13; OData Protocol 4.01 sections 8.2.4 and 8.2.5).

use super::answer::{Answer, Content};
use super::request::Request;
use graph_contracts::contract::{Asked, Condition, Contract};
use graph_contracts::json::Json;
use graph_contracts::query::option_name;
use graph_contracts::url::{CastPath, query_parameters};

/// The members that have the tag of an object (OData JSON Format 4.01 section 4.6.12; "driveItem resource type").
const TAGS: [&str; 3] = [TAG, "eTag", "cTag"];

/// The member with the tag of an object (OData JSON Format 4.01 section 4.6.12).
pub(super) const TAG: &str = "@odata.etag";

/// The answer to a request whose condition an object does not fulfill: a change of an object that has changed since, or a read of one that has not. An
/// object that shows no tag has no condition to fulfill.
pub(super) fn refused(request: &Request<'_>, object: &Json) -> Option<Answer> {
    let tags: Vec<&str> = TAGS.iter().filter_map(|name| object.get(name)?.as_str()).map(opaque).collect();
    let is_one_of = |field: &str| listed(field).any(|own| own == "*" || tags.contains(&opaque(own)));
    match request.method {
        _ if tags.is_empty() => None,
        "PATCH" | "PUT" | "DELETE" => {
            let message = "The resource has changed since the caller last read it: the ETag does not match.";
            let is_stale = !is_one_of(request.header("if-match")?);
            is_stale.then(|| Answer::error(412, "resourceModified", message))
        }
        "GET" | "HEAD" => {
            let is_known = is_one_of(request.header("if-none-match")?);
            is_known.then(|| Answer::new(304, Content::Nothing))
        }
        _ => None,
    }
}

/// The refusal of a request without a header field that its page requires, always or together with something that the request asks for. `casts` says that it is a cast,
/// also where its path does not. For
/// `If-Match`, Planner answers with this status and these words (<https://github.com/pnp/pnpjs/issues/1033>), and for `ConsistencyLevel`, directories do
/// (<https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/3495>).
pub(super) fn required(request: &Request<'_>, contract: &Contract, casts: bool) -> Option<Answer> {
    if let Some(missing) = contract.request.required_headers.iter().find(|name| request.header(name).is_none()) {
        let status = if missing.eq_ignore_ascii_case("if-match") { 412 } else { 400 };
        let message = format!("The {missing} header must be specified for this kind of request.");
        return Some(Answer::error(status, "BadRequest", message));
    }
    let options = query_parameters(request.query);
    let value =
        |option: &str| options.iter().find(|(name, _)| option_name(name) == option).map(|(_, own)| own.as_str());
    if let Some(missing) = contract.request.missing_options(|option| value(option).is_some()).first() {
        let message = format!("The query parameter '{missing}' must be specified for this kind of request.");
        return Some(Answer::error(400, "BadRequest", message));
    }
    contract.request.conditional_headers.iter().find_map(|header| {
        let asked = Asked { option: &value, casts: casts || CastPath::read(request.path).is_some() };
        let condition = header.unmet(request.header(&header.name), &asked)?;
        let value = header.value.as_ref().map(|value| format!(": {value}")).unwrap_or_default();
        let asked_for = match condition {
            Condition::Option(option) => format!("{option} query parameter"),
            other => other.to_string(),
        };
        let message = format!(
            "Request with {asked_for} only works through MSGraph with a special request header: '{}{value}'",
            header.name
        );
        Some(Answer::error(400, "Request_UnsupportedQuery", message))
    })
}

/// The tags of a list, which may have commas in their quotes.
fn listed(field: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let tags = field.split(move |c| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    });
    tags.map(str::trim).filter(|tag| !tag.is_empty())
}

/// What tells one tag from another: Microsoft Graph takes weak ones in `If-Match`, too.
fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/").trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_listed_and_compared() {
        let check = |field: &str, expected: &[&str]| {
            assert_eq!(listed(field).map(opaque).collect::<Vec<&str>>(), expected, "{field}");
        };
        check(r#"W/"a,1", "b" ,c"#, &["a,1", "b", "c"]);
        check("*", &["*"]);
        check(r#", W/"", """#, &["", ""]);
    }
}
