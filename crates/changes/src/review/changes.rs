//! The difference of two normal forms as changes that a reviewer decides on.

use std::collections::HashMap;

use super::classify::{About, kind_of};
use crate::declared::{self, DeclaredBody, Side, any_element, has_property, names_annotation};
use crate::diff::{SENTINEL, area, is_preference, normalized};
use crate::{Change, Kind, NOTHING, Place};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::compare::{Context, Mismatch, MismatchKind, OTHER_LENGTH, Reference, compare};
use graph_contracts::contract::{Contract, Declaration};
use graph_contracts::json::{self, Path, Step, Tree as _};
use graph_contracts::normal::{Node, NormalBody, NormalForm, NormalRequest};
use graph_contracts::source::SourceLine;
use graph_contracts::url::Target;

/// Which answers two forms are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The stub's: both are as documented, now and when they were reviewed.
    Stub,
    /// A live service's: every difference from the documentation is one that its types and echoes do not allow.
    Live,
}

/// The change from having no reviewed form to having one.
pub(crate) fn new_contract(contract: &Contract) -> Change {
    let after = format!("{} {}: {}", contract.request.method, contract.request.url, contract.response.status);
    change(contract, Of::Stub, Kind::NewContract, contract.id.clone(), (NOTHING.to_owned(), after), contract.location())
}

/// Everything in which a contract's form `new` departs from `old`: what breaks first, and else in the order of [`compare`].
pub fn changes(contract: &Contract, of: Of, old: &NormalForm, new: &NormalForm) -> Vec<Change> {
    let reference = match of {
        Of::Stub => Reference::Snapshot,
        Of::Live => Reference::Documentation,
    };
    // Values of a live form are masked by shape already; comparing by shape again would find a mask like anything.
    let found = compare(old, new, reference, &mut Context::new(contract));
    let pair = Pair { contract, of, old, new, response: Declared::of(declared::body(contract, Side::Response)) };
    let mut changes: Vec<Change> = found.mismatches.into_iter().map(|mismatch| pair.change(mismatch)).collect();
    changes.sort_by_key(|change| !change.is_breaking());
    changes
}

/// A change in the one place of a contract that a mismatch is about.
fn change(
    contract: &Contract,
    of: Of,
    kind: Kind,
    at: String,
    (before, after): (String, String),
    source: SourceLine,
) -> Change {
    let (old, new) = match of {
        Of::Stub => (None, Some(source)),
        Of::Live => (Some(source), None),
    };
    let places = vec![Place { item: contract.id.clone(), at: at.clone(), path: None, old, new }];
    Change { kind, area: area(contract), subject: at, before, after, places }
}

/// Two forms of one contract.
struct Pair<'c> {
    contract: &'c Contract,
    of: Of,
    old: &'c NormalForm,
    new: &'c NormalForm,
    response: Declared<'c>,
}

impl Pair<'_> {
    fn change(&self, mismatch: Mismatch) -> Change {
        let kind = self.kind(&mismatch);
        let Mismatch { at, expected, actual, source, .. } = mismatch;
        change(self.contract, self.of, kind, at.to_string(), (expected, actual), source)
    }

    fn kind(&self, mismatch: &Mismatch) -> Kind {
        let is_live = self.of == Of::Live;
        let mut about = About { is_live, was_empty: mismatch.expected == NOTHING, ..About::default() };
        let mut kind = mismatch.kind;
        match &mismatch.at {
            At::Body => {
                // A body of another kind of content, not another text.
                about.is_live |=
                    !matches!((&self.old.body, &self.new.body), (NormalBody::Text(_), NormalBody::Text(_)));
            }
            At::Path(path) => {
                about.is_annotation = names_annotation(path);
                let property = self.response.at(path).property;
                about.is_nullable = property.is_some_and(|property| property.nullable == Some(true));
                let values = property.map(|property| property.values.as_slice()).unwrap_or_default();
                about.is_evolvable = values.iter().any(|value| value == SENTINEL);
                let (before, after) = (value(&self.old.body, path), value(&self.new.body, path));
                about.was_empty = before.is_none_or(|before| before.kind() == json::Kind::Null);
                about.lost_echo = is_echo(self.old, path) && !is_echo(self.new, path);
                kind = refined(kind, self.of, (before, after), about, !values.is_empty());
            }
            At::Request(_) if kind == MismatchKind::Request => return operation(&self.old.request, &self.new.request),
            At::Request(RequestPart::Header(name)) => about.is_optional = is_preference(name),
            At::Request(RequestPart::Path(path)) => self.about_sent(path, &mut about),
            At::Request(_) => {
                let bodies = (&self.old.request.body, &self.new.request.body);
                about.was_text = matches!(bodies, (NormalBody::Text(_), NormalBody::Text(_)));
            }
            _ => {}
        }
        kind_of(kind, &mismatch.at, about)
    }

    /// What is known of a value that the request sends, or sent.
    fn about_sent(&self, path: &Path, about: &mut About) {
        let before = value(&self.old.request.body, path);
        about.is_annotation = names_annotation(path);
        about.was_empty = before.is_none_or(|before| before.kind() == json::Kind::Null);
        let declared = Declared::of(declared::body(self.contract, Side::Request));
        about.is_required = declared.at(path).property.is_some_and(|property| property.required);
        let (Some(Step::Name(name)), Some(around)) = (path.steps().last(), path.parent()) else { return };
        let around = declared.at(&around).type_name.and_then(|around| self.contract.types.get(around));
        about.is_documented = around.is_some_and(|around| has_property(around, name));
    }
}

/// What another method, URL or set of routes means.
fn operation(old: &NormalRequest, new: &NormalRequest) -> Kind {
    let method = |request: &NormalRequest| request.line.split(' ').next().unwrap_or_default().to_owned();
    let lacks = |one: &NormalRequest, other: &NormalRequest| {
        let known: Vec<String> = other.routes.iter().map(|route| normalized(route)).collect();
        one.routes.iter().any(|route| !known.contains(&normalized(route)))
    };
    if method(old) != method(new) || lacks(old, new) {
        return Kind::OperationRemoved;
    }
    if lacks(new, old) {
        return Kind::OperationAdded;
    }
    let query = |request: &NormalRequest| Target::read(&request.line).query.map(|query| query.to_string());
    // Else it is another sample of a parameter in the path, or another name for one.
    if query(old) == query(new) { Kind::SampleChanged } else { Kind::RequestQueryChanged }
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
        NormalBody::Json(node) => node.at(path.steps()),
        NormalBody::None | NormalBody::Text(_) | NormalBody::Binary => None,
    }
}

/// Whether a response repeats at a path what its request sent there.
pub(super) fn is_echo(form: &NormalForm, path: &Path) -> bool {
    let sent = value(&form.request.body, path);
    sent.is_some() && sent == value(&form.body, path)
}

/// What a contract declares of the values of a body, whatever the element.
struct Declared<'c>(HashMap<Path, Declaration<'c>>);

impl<'c> Declared<'c> {
    fn of(body: Option<DeclaredBody<'c>>) -> Declared<'c> {
        let mut found = HashMap::new();
        if let Some(body) = body {
            body.typed.visit(|_, cursor, declared| {
                found.entry(any_element(&cursor.path())).or_insert(declared);
            });
        }
        Declared(found)
    }

    fn at(&self, path: &Path) -> Declaration<'c> {
        self.0.get(&any_element(path)).copied().unwrap_or_default()
    }
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
            let effect = if change.is_breaking() { "breaks" } else { "passes" };
            let source = change.source().map(ToString::to_string).unwrap_or_default();
            format!("{} {effect} {} {} > {} {source}", change.kind, change.subject, change.before, change.after)
        };
        let found: Vec<String> = changes(&contract(), of, old, new).into_iter().map(line).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_come_go_and_become_others() {
        let check = |of, from, to, text: &str| {
            // A member that is not documented has the line of the object around it.
            let line = if text.starts_with("response-member-added") { 30 } else { 31 };
            check(of, from, to, &[&format!("{text} lamp-post.md:{line}")]);
        };
        for of in [Of::Stub, Of::Live] {
            check(of, ", \"watts\": 60", "", "response-member-removed breaks $['watts'] 60 > nothing");
            check(of, "60", "60, \"hue\": \"[string]\"", "response-member-added passes $['hue'] nothing > [string]");
            check(of, "60", "\"[string]\"", "response-member-retyped breaks $['watts'] 60 > [string]");
            check(of, "60", "null", "response-member-null breaks $['watts'] 60 > null");
            check(of, "60", "[]", "response-member-retyped breaks $['watts'] 60 > []");
            check(
                of,
                "60",
                "60, \"watts\": \"[int]\"",
                "response-member-repeated breaks $['watts'] the member once > [int]",
            );
            check(of, "\"day\"", "\"dusk\"", "enum-value-added breaks $['mode'] \"day\" > \"dusk\"");
            check(of, "\"on\"", "\"dim\"", "evolvable-enum-value-added passes $['power'] \"on\" > \"dim\"");
            check(of, "\"a\"", "\"b\"", "echo-lost breaks $['name'] \"a\" > \"b\"");
        }
    }

    #[test]
    fn a_sample_of_the_stub_is_no_drift_of_a_service() {
        let place = "lamp-post.md:31";
        check(Of::Stub, "60", "61", &[&format!("sample-changed passes $['watts'] 60 > 61 {place}")]);
        check(Of::Live, "60", "\"[int]\"", &[&format!("response-value-form breaks $['watts'] 60 > [int] {place}")]);
        check(Of::Stub, "null", "1", &[&format!("sample-changed passes $['none'] null > 1 {place}")]);
        check(
            Of::Stub,
            "\"2024-01-01\"",
            "\"x\"",
            &[&format!("response-value-form breaks $['made'] \"2024-01-01\" > \"x\" {place}")],
        );
        let other = "\"[another number of elements]\"";
        check(Of::Live, "60", other, &[&format!("response-length breaks $['watts'] 60 > {other} {place}")]);
    }

    #[test]
    fn status_headers_and_bodies_change_too() {
        let headers = "content-type: application/json\n";
        let old = form(201, headers, BODY);
        check_forms(Of::Live, &old, &form(404, "", ""), &["status-changed breaks status 201 > 404 lamp-post.md:27"]);
        let found = ["response-header-removed breaks header content-type application/json > nothing lamp-post.md:28"];
        check_forms(Of::Stub, &old, &form(201, "", BODY), &found);
        let found = ["response-header-added passes header etag nothing > x lamp-post.md:27"];
        check_forms(Of::Stub, &old, &form(201, &format!("{headers}etag: x\n"), BODY), &found);
        let found = ["response-media-type breaks header content-type application/json > text/html lamp-post.md:28"];
        check_forms(Of::Live, &old, &form(201, "content-type: text/html\n", BODY), &found);
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, "| [text]\n"));
        assert_eq!(
            (shown.len(), shown[0].kind, shown[0].is_breaking()),
            (1, Kind::ResponseBodyRetyped, true),
            "{shown:?}"
        );
        let shown = changes(&contract(), Of::Live, &old, &form(201, headers, ""));
        assert_eq!(
            (shown.len(), shown[0].kind, shown[0].is_breaking()),
            (1, Kind::ResponseBodyRemoved, true),
            "{shown:?}"
        );
    }

    #[test]
    fn a_changed_request_is_told_from_a_changed_response() {
        let old = form(201, "", BODY);
        let text = old.to_string().replacen("\"name\": \"a\"", "\"name\": \"b\"", 1);
        let new = NormalForm::parse(&text).expect("a form");
        let expected = ["sample-changed passes request $['name'] \"a\" > \"b\" lamp-post.md:23"];
        check_forms(Of::Stub, &old, &new, &expected);
    }

    #[test]
    fn a_new_contract_breaks_nobody() {
        let change = new_contract(&contract());
        assert!(!change.is_breaking() && change.after.ends_with("/lamps: 201"), "{change:?}");
    }
}
