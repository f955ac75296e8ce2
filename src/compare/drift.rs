//! What drifted, as a form that can be reviewed: the documented one, with every drift put into it.
//!
//! It is the same for the same drift, whatever the tenant holds, and nothing that a tenant holds is in it: what came is masked by
//! shape, but for enumeration values, which belong to the service's schema.

use super::{Comparison, Mismatch, MismatchKind, Severity};
use crate::at::At;
use crate::json::{Index, Json, Step};
use crate::normal::{Mask, Node, NormalBody, NormalForm, NormalHeader, NormalizationPlan, Shape, Text};

/// What stands for a collection of another length, whose elements must not be shown.
pub const OTHER_LENGTH: &str = "[another number of elements]";

/// What stands for a header field's value, which may be anything.
pub const OTHER_VALUE: &str = "[another value]";

/// How many members are shown of an object that came; nobody reviews more of what no page has.
const MOST_MEMBERS: usize = 50;

/// What stands for the other members.
const MORE: &str = "[and more]";

/// How a name that is not shown begins: it may be one that the tenant gave.
const WITHHELD: &str = "[undocumented ";

/// What stands for the name of a member that no page has and that may not be shown; members of an object are numbered.
pub fn withheld_name(number: usize) -> String {
    format!("{WITHHELD}{number}]")
}

/// Whether a name stands for one that is not shown.
pub fn is_withheld_name(name: &str) -> bool {
    name.starts_with(WITHHELD)
}

/// The documented form with what drifted put into it; `None` if nothing did.
pub fn drifted(normalization: &NormalizationPlan<'_>, actual: &NormalForm, found: &Comparison) -> Option<NormalForm> {
    let errors: Vec<&Mismatch> =
        found.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error).collect();
    if errors.is_empty() {
        return None;
    }
    let mut form = normalization.documented().clone();
    let mut came = match &actual.body {
        NormalBody::Json(body) => Some(Index::new(body)),
        NormalBody::None | NormalBody::Text(_) | NormalBody::Binary => None,
    };
    for mismatch in errors {
        match &mismatch.at {
            At::Status => {
                form.status = actual.status;
                // What comes with an error or a redirect is not compared.
                if actual.status >= 300 {
                    (form.headers, form.body) = (Vec::new(), NormalBody::None);
                    break;
                }
            }
            At::Header(name) => put_header(&mut form.headers, name, &actual.headers),
            At::Body => form.body = other_body(&actual.body),
            At::Path(path) => {
                if let (NormalBody::Json(documented), Some(came)) = (&mut form.body, &mut came) {
                    put(documented, path.steps(), came.at(path.steps()), mismatch.kind);
                }
            }
            // The request is what was documented, and live runs read no other snapshot.
            At::Request(_) | At::Snapshot(_) | At::TableRow(_) | At::Cloud(_) | At::Declared(_) => {}
        }
    }
    Some(form)
}

fn put_header(headers: &mut Vec<NormalHeader>, name: &str, actual: &[NormalHeader]) {
    let came = actual.iter().find(|header| header.name == name);
    headers.retain(|header| header.name != name);
    if let Some(header) = came {
        let value = if name == "content-type" { header.value.clone() } else { Text::literal(OTHER_VALUE) };
        headers.push(NormalHeader { name: name.to_owned(), value });
        headers.sort_by(|one, other| one.name.cmp(&other.name));
    }
}

fn other_body(actual: &NormalBody) -> NormalBody {
    match actual {
        NormalBody::Json(_) => NormalBody::Text("[JSON]".to_owned()),
        NormalBody::Text(_) => NormalBody::Text("[text]".to_owned()),
        NormalBody::None | NormalBody::Binary => actual.clone(),
    }
}

/// Puts what came into the documented form. Elements beyond the documented ones are like the last: a thousand elements that drift
/// in one way are one drift.
fn put(node: &mut Node, steps: &[Step], came: Option<&Node>, kind: MismatchKind) {
    let Some((step, rest)) = steps.split_first() else {
        *node = match (kind, came) {
            (MismatchKind::Length, _) => Node::String(Text::literal(OTHER_LENGTH)),
            (kind, Some(came)) => shown(came, kind),
            (_, None) => Node::Plain(Json::Null),
        };
        return;
    };
    match (step, node) {
        (Step::Index(index), Node::Array(items)) => {
            let last = items.len().saturating_sub(1);
            if let Some(item) = items.get_mut((*index).min(last)) {
                put(item, rest, came, kind);
            }
        }
        (Step::Name(name), Node::Object(members)) => {
            let known = members.iter().position(|(own, _)| own == name);
            match known {
                Some(known) if rest.is_empty() && kind == MismatchKind::MissingMember => {
                    members.remove(known);
                }
                Some(_) if rest.is_empty() && kind == MismatchKind::DuplicateMember => {
                    members.push((name.clone(), came.map_or(Node::Plain(Json::Null), masked)));
                }
                Some(known) => put(&mut members[known].1, rest, came, kind),
                None if rest.is_empty() => {
                    if let Some(came) = came {
                        members.push((name.clone(), masked(came)));
                    }
                }
                None => {}
            }
        }
        _ => {}
    }
}

/// What may be shown of a value that came: its shape. A member of an enumeration belongs to the service's schema and is shown, if it
/// looks like one.
pub fn shown(came: &Node, kind: MismatchKind) -> Node {
    match came {
        Node::String(_) if kind == MismatchKind::Enum && came.to_json().as_str().is_some_and(is_member_name) => {
            came.clone()
        }
        _ => masked(came),
    }
}

/// Whether a text is the name of a member of an enumeration, or several with commas (OData CSDL 4.01 section 15.2).
fn is_member_name(text: &str) -> bool {
    let is_name = |name: &str| {
        name.len() <= 128 && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    text.split(',').all(|name| is_name(name.trim()))
}

/// A value by its shape alone; of an array, its first element.
fn masked(node: &Node) -> Node {
    match node {
        Node::Object(members) => {
            let shown = members.iter().take(MOST_MEMBERS).map(|(name, value)| (name.clone(), masked(value)));
            let more = (members.len() > MOST_MEMBERS).then(|| (MORE.to_owned(), Node::Plain(Json::Null)));
            Node::Object(shown.chain(more).collect())
        }
        Node::Array(items) => Node::Array(items.iter().take(1).map(masked).collect()),
        Node::Plain(Json::Null) | Node::Mask(_) => node.clone(),
        scalar => {
            let shape = Shape::of(&scalar.to_json());
            shape.map_or(Node::Plain(Json::Null), |shape| Node::Mask(Mask { shape, number: None, optional: false }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Context, Reference, compare};
    use crate::contract::{Contract, PageName, TypeIndex, build};
    use crate::http::ReceivedResponse;
    use crate::normal::{DEFAULT_RULES, Level, VolatileRules, normalize};
    use crate::page::Page;

    fn contract() -> Contract {
        let text = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\n```\n\n## Example\n\n```http\n\
            GET https://graph.microsoft.com/v1.0/lamps/{id}\n```\n\n```http\nHTTP/1.1 200 OK\n\
            Content-Type: application/json\n\n{\"id\": \"1\", \"watts\": 60, \"bulbs\": [{\"hue\": \"warm\"}]}\n```\n";
        let page = Page::parse("lamp-get.md", text);
        build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1
    }

    /// The response of the form in which a response drifted: what follows the status line.
    #[track_caller]
    fn check(status: u16, body: &str, expected: Option<&str>) {
        let contract = contract();
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        let normalization = NormalizationPlan::new(&contract, &rules, Level::Shape).expect("a normalization");
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        let response = ReceivedResponse { status, headers, body: body.as_bytes().to_vec() };
        let actual = normalize(&response, &normalization);
        let found = compare(
            normalization.documented(),
            &actual,
            Reference::Documentation,
            &mut Context::of(&normalization, false),
        );
        let form = drifted(&normalization, &actual, &found).map(|form| form.to_string());
        let shown = form.as_ref().and_then(|form| form.split_once("\nHTTP ")).map(|(_, response)| response);
        let shown = shown.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!(shown.as_deref(), expected, "{body}");
    }

    #[test]
    fn a_drift_stands_in_the_documented_form() {
        let bulbs = r#""bulbs": [{"hue": "warm"}]"#;
        let head = "200 content-type: application/json";
        check(200, &format!(r#"{{"id": "9", "watts": 1, {bulbs}}}"#), None);
        let expected = format!(r#"{head} {{ "id": "1", "watts": "[string]", "bulbs": [ {{ "hue": "warm" }} ] }}"#);
        check(200, &format!(r#"{{"id": "9", "watts": "secret", {bulbs}}}"#), Some(&expected));
        let expected = format!(r#"{head} {{ "watts": 60, "bulbs": [ {{ "hue": "warm" }} ], "mail": "[string]" }}"#);
        check(200, &format!(r#"{{"watts": 1, {bulbs}, "mail": "a@b.c"}}"#), Some(&expected));
        check(404, r#"{"error": {"code": "x", "message": "Ada"}}"#, Some("404"));
    }

    #[test]
    fn of_a_large_object_the_beginning_is_shown() {
        let members =
            |count: usize| (0..count).map(|index| format!(r#""m{index:03}": 1"#)).collect::<Vec<_>>().join(", ");
        let body = |count: usize| {
            format!(r#"{{"id": "1", "watts": 60, "bulbs": [{{"hue": "warm"}}], "x": {{{}}}}}"#, members(count))
        };
        let expected = |count: usize, more: &str| {
            let shown = members(count).replace(": 1", ": \"[int]\"");
            format!(
                r#"200 content-type: application/json {{ "id": "1", "watts": 60, "bulbs": [ {{ "hue": "warm" }} ], "x": {{ {shown}{more} }} }}"#
            )
        };
        check(200, &body(50), Some(&expected(50, "")));
        check(200, &body(100_000), Some(&expected(50, r#", "[and more]": null"#)));
    }

    #[test]
    fn the_same_drift_has_the_same_form_however_many_elements_show_it() {
        let body = |hues: &str| format!(r#"{{"id": "9", "watts": 1, "bulbs": [{hues}]}}"#);
        let expected =
            r#"200 content-type: application/json { "id": "1", "watts": 60, "bulbs": [ { "hue": "[int]" } ] }"#;
        check(200, &body(r#"{"hue": 1}"#), Some(expected));
        check(200, &body(r#"{"hue": 1}, {"hue": 2}, {"hue": 33}"#), Some(expected));
    }
}
