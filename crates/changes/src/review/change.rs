//! The difference of two normal forms as changes that a reviewer decides on.

use std::collections::HashMap;

use serde::Serialize;

use super::effect::{About, ChangeKind, effect};
use graph_contracts::compare::{At, Context, Mismatch, MismatchKind, Reference, compare};
use graph_contracts::compare::{OTHER_LENGTH, at};
use graph_contracts::contract::{Contract, Property, Typed};
use graph_contracts::json::{Json, Kind, Path, Step};
use graph_contracts::normal::{Node, NormalBody, NormalForm};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What changed.
    #[serde(rename = "change")]
    pub kind: ChangeKind,
    /// Where.
    pub at: At,
    /// What was there.
    pub before: String,
    /// What is there now.
    pub after: String,
    /// Whether a caller that relies on what was there may fail.
    pub breaking: bool,
    /// Why, as a phrase.
    pub why: &'static str,
    /// Where the value is documented, as `page:line`.
    pub source: String,
}

/// Which answers two forms are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The stub's: both are as documented, now and when they were reviewed.
    Stub,
    /// A live service's: every difference from the documentation is one that its types and echoes do not allow.
    Live,
}

/// The change from having no reviewed form to having one.
pub fn new_contract(contract: &Contract) -> Change {
    let found = effect(MismatchKind::NoSnapshot, &At::Body, About::default());
    Change {
        kind: found.kind,
        at: At::Snapshot(contract.id.clone()),
        before: "nothing".to_owned(),
        after: format!("{} {}: {}", contract.request.method, contract.request.url, contract.response.status),
        breaking: found.breaking,
        why: found.why,
        source: contract.location(),
    }
}

/// Everything in which a contract's form `new` departs from `old`: what breaks first, and else in the order of [`compare`].
pub fn changes(contract: &Contract, of: Of, old: &NormalForm, new: &NormalForm) -> Vec<Change> {
    let reference = match of {
        Of::Stub => Reference::Snapshot,
        Of::Live => Reference::Documentation,
    };
    // Values of a live form are masked by shape already; comparing by shape again would find a mask like anything.
    let found = compare(old, new, reference, &mut Context::new(contract));
    let declared = Declared::of(contract);
    let mut changes: Vec<Change> =
        found.mismatches.into_iter().map(|mismatch| change(mismatch, of, (old, new), &declared)).collect();
    changes.sort_by_key(|change| !change.breaking);
    changes
}

fn change(mismatch: Mismatch, of: Of, (old, new): (&NormalForm, &NormalForm), declared: &Declared<'_>) -> Change {
    let is_live = of == Of::Live;
    let mut about = About { is_live, ..About::default() };
    let mut kind = mismatch.kind;
    match &mismatch.at {
        At::Header(_) => about.was_empty = mismatch.expected == "nothing",
        At::Body => {
            // A body of another kind of content, not another text.
            about.is_live |= !matches!((&old.body, &new.body), (NormalBody::Text(_), NormalBody::Text(_)));
        }
        At::Path(path) => {
            let property = declared.at(path);
            about.is_nullable = property.is_some_and(|property| property.nullable);
            let values = property.map(|property| property.values.as_slice()).unwrap_or_default();
            about.is_evolvable = values.iter().any(|value| value == "unknownFutureValue");
            let (before, after) = (value(&old.body, path), value(&new.body, path));
            about.was_empty = before.is_none_or(|before| before.kind() == Kind::Null);
            about.lost_echo = is_echo(old, path) && !is_echo(new, path);
            kind = refined(kind, of, (before, after), about, !values.is_empty());
        }
        At::Status | At::Request(_) | At::Snapshot(_) => {}
    }
    let found = effect(kind, &mismatch.at, about);
    let Mismatch { at, expected, actual, source, .. } = mismatch;
    Change { kind: found.kind, at, before: expected, after: actual, breaking: found.breaking, why: found.why, source }
}

/// The kind of a difference between values, given what masks say of them.
fn refined(
    kind: MismatchKind,
    of: Of,
    (before, after): (Option<&Node>, Option<&Node>),
    about: About,
    is_enumeration: bool,
) -> MismatchKind {
    let (Some(before), Some(after)) = (before, after) else { return kind };
    match kind {
        _ if of == Of::Live && after.as_str() == Some(OTHER_LENGTH) => MismatchKind::Length,
        MismatchKind::VolatileShape if before.kind() != after.kind() => MismatchKind::Type,
        // A live value that only were another one would be no drift.
        MismatchKind::Value if of == Of::Live && is_enumeration => MismatchKind::Enum,
        MismatchKind::Value if of == Of::Live && !about.lost_echo => MismatchKind::Format,
        kind => kind,
    }
}

/// The value of a JSON body at a path.
pub(super) fn value<'n>(body: &'n NormalBody, path: &Path) -> Option<&'n Node> {
    match body {
        NormalBody::Json(node) => at(node, path.steps()),
        NormalBody::None | NormalBody::Text(_) | NormalBody::Binary => None,
    }
}

/// Whether a response repeats at a path what its request sent there.
pub(super) fn is_echo(form: &NormalForm, path: &Path) -> bool {
    let sent = value(&form.request.body, path);
    sent.is_some() && sent == value(&form.body, path)
}

/// What a contract declares of the values of its response, whatever the element.
struct Declared<'c>(HashMap<Path, &'c Property>);

impl<'c> Declared<'c> {
    fn of(contract: &'c Contract) -> Declared<'c> {
        let mut properties = HashMap::new();
        let response = &contract.response;
        if let Some(body) = response.body.as_ref().and_then(|body| body.as_json()) {
            let body_type = response.body_type.as_deref();
            let typed = Typed { body, body_type, wrapped: response.wrapped, types: &contract.types };
            typed.visit(|_: &Json, cursor, declared| {
                if let Some(property) = declared.property {
                    properties.entry(first_elements(&cursor.path())).or_insert(property);
                }
            });
        }
        Declared(properties)
    }

    fn at(&self, path: &Path) -> Option<&'c Property> {
        self.0.get(&first_elements(path)).copied()
    }
}

/// The same path with every element the first one.
fn first_elements(path: &Path) -> Path {
    path.steps().iter().fold(Path::root(), |path, step| match step {
        Step::Name(name) => path.member(name),
        Step::Index(_) => path.element(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::contract::{PageName, TypeIndex, build};
    use graph_contracts::page::Page;

    /// A contract that sends a name and gets a lamp.
    fn contract() -> Contract {
        let text = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n\
            |Property|Type|Description|\n|:--|:--|:--|\n|name|String|The name.|\n\
            |power|power|The power. The possible values are: `on`, `off`, `unknownFutureValue`.|\n\
            |mode|mode|The mode. The possible values are: `day`, `night`.|\n\n## Example\n\n```http\n\
            POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"a\", \"power\": \"on\", \
            \"mode\": \"day\"}\n```\n\n```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n\
            {\n\"@odata.type\": \"#microsoft.graph.lamp\", \"name\": \"a\", \"power\": \"on\", \"mode\": \"day\", \"watts\": 60, \"none\": null, \"made\": \"2024-01-01\"}\n```\n";
        let page = Page::parse("lamp-post.md", text);
        build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1
    }

    fn form(status: u16, headers: &str, body: &str) -> NormalForm {
        let text = format!(
            "POST https://graph.microsoft.com/v1.0/lamps\nroute /lamps\ncontent-type: application/json\n\n\
             {{\"name\": \"a\"}}\n\nHTTP {status}\n{headers}\n{body}"
        );
        NormalForm::parse(&text).expect("a form")
    }

    const BODY: &str =
        r#"{"name": "a", "power": "on", "mode": "day", "watts": 60, "none": null, "made": "2024-01-01"}"#;

    /// The changes when a piece of the body becomes another.
    #[track_caller]
    fn check(of: Of, from: &str, to: &str, expected: &[&str]) {
        assert!(BODY.contains(from), "{from}");
        let headers = "content-type: application/json\n";
        let (old, new) = (form(201, headers, BODY), form(201, headers, &BODY.replacen(from, to, 1)));
        check_forms(of, &old, &new, expected);
    }

    #[track_caller]
    fn check_forms(of: Of, old: &NormalForm, new: &NormalForm, expected: &[&str]) {
        let line = |change: Change| {
            let effect = if change.breaking { "breaks" } else { "passes" };
            format!("{} {effect} {} {} > {} {}", change.kind, change.at, change.before, change.after, change.source)
        };
        let found: Vec<String> = changes(&contract(), of, old, new).into_iter().map(line).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_come_go_and_become_others() {
        let check = |of, from, to, text: &str| {
            // A member that is not documented has the line of the object around it.
            let line = if text.starts_with("member-added") { 30 } else { 31 };
            check(of, from, to, &[&format!("{text} lamp-post.md:{line}")]);
        };
        for of in [Of::Stub, Of::Live] {
            check(of, ", \"watts\": 60", "", "member-removed breaks $['watts'] 60 > nothing");
            check(of, "60", "60, \"hue\": \"[string]\"", "member-added passes $['hue'] nothing > [string]");
            check(of, "60", "\"[string]\"", "retyped breaks $['watts'] 60 > [string]");
            check(of, "60", "null", "null breaks $['watts'] 60 > null");
            check(of, "60", "[]", "retyped breaks $['watts'] 60 > []");
            check(of, "60", "60, \"watts\": \"[int]\"", "member-repeated breaks $['watts'] the member once > [int]");
            check(of, "\"day\"", "\"dusk\"", "enum-value breaks $['mode'] \"day\" > \"dusk\"");
            check(of, "\"on\"", "\"dim\"", "enum-value passes $['power'] \"on\" > \"dim\"");
            check(of, "\"a\"", "\"b\"", "value breaks $['name'] \"a\" > \"b\"");
        }
    }

    #[test]
    fn a_sample_of_the_stub_is_no_drift_of_a_service() {
        let place = "lamp-post.md:31";
        check(Of::Stub, "60", "61", &[&format!("value passes $['watts'] 60 > 61 {place}")]);
        check(Of::Live, "60", "\"[int]\"", &[&format!("form breaks $['watts'] 60 > [int] {place}")]);
        check(Of::Stub, "null", "1", &[&format!("value passes $['none'] null > 1 {place}")]);
        check(Of::Stub, "\"2024-01-01\"", "\"x\"", &[&format!("form breaks $['made'] \"2024-01-01\" > \"x\" {place}")]);
        let other = "\"[another number of elements]\"";
        check(Of::Live, "60", other, &[&format!("length breaks $['watts'] 60 > {other} {place}")]);
    }

    #[test]
    fn status_headers_and_bodies_change_too() {
        let headers = "content-type: application/json\n";
        let old = form(201, headers, BODY);
        check_forms(Of::Live, &old, &form(404, "", ""), &["status breaks status 201 > 404 lamp-post.md:27"]);
        let found = ["header-removed breaks header content-type application/json > nothing lamp-post.md:28"];
        check_forms(Of::Stub, &old, &form(201, "", BODY), &found);
        let found = ["header-added passes header etag nothing > x lamp-post.md:27"];
        check_forms(Of::Stub, &old, &form(201, &format!("{headers}etag: x\n"), BODY), &found);
        let found = ["media-type breaks header content-type application/json > text/html lamp-post.md:28"];
        check_forms(Of::Live, &old, &form(201, "content-type: text/html\n", BODY), &found);
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, "| [text]\n"));
        assert_eq!((shown.len(), shown[0].kind, shown[0].breaking), (1, ChangeKind::Body, true), "{shown:?}");
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, ""));
        assert_eq!((shown.len(), shown[0].kind, shown[0].breaking), (1, ChangeKind::BodyRemoved, true), "{shown:?}");
    }

    #[test]
    fn a_changed_request_is_told_from_a_changed_response() {
        let old = form(201, "", BODY);
        let text = old.to_string().replacen("\"name\": \"a\"", "\"name\": \"b\"", 1);
        let new = NormalForm::parse(&text).expect("a form");
        let expected = ["request passes request $['name'] \"a\" > \"b\" lamp-post.md:23"];
        check_forms(Of::Stub, &old, &new, &expected);
    }

    #[test]
    fn a_new_contract_breaks_nobody() {
        let change = new_contract(&contract());
        assert!(!change.breaking && change.after.ends_with("/lamps: 201"), "{change:?}");
    }
}
