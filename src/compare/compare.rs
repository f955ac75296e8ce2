//! Compares two normal forms of one contract's exchange.

use super::comparing::Comparing;
use super::context::Side;
use super::control::is_delta;
use super::identity::Agreement;
use super::place::Place;
use super::{Assertion, Comparison, Context, Coverage, MismatchKind, Reference, Severity, excerpt};
use crate::at::{At, RequestPart};
use crate::json::{Json, Path};
use crate::normal::{
    DeclarationChange, Declarations, Level, NormalBody, NormalForm, NormalHeader, NormalRequest, NormalizationPlan,
    Text,
};

/// Everything in which `actual` departs from `expected`: first the request (which only a reviewed snapshot can know
/// otherwise), then the response in the order status, body, header fields.
///
/// The order of members and of header fields makes no difference, nor do the numbers of masks as long as the same values are
/// equal. `reference` says what `expected` is; `context` says how closely values are compared, and explains.
pub fn compare(
    expected: &NormalForm,
    actual: &NormalForm,
    reference: Reference,
    context: &mut Context<'_>,
) -> Comparison {
    let mut comparison = Comparing::new(context, reference, Side::Request, &actual.identified);
    if let (Reference::Snapshot, Some(declared)) = (reference, &expected.declared.0) {
        comparison.declared(declared);
    }
    if expected.request != actual.request {
        comparison.request(&expected.request, &actual.request);
    }
    comparison.side = Side::Response;
    comparison.status(expected, actual);
    let leaves = comparison.leaves(&expected.body);
    // The content of an error, or of a redirect, says nothing about the content of a success.
    if actual.status >= 300 && actual.status / 100 > expected.status / 100 {
        comparison.tally.coverage = leaves.not_asserted();
        return comparison.found();
    }
    comparison.tally.coverage = leaves;
    // A redirect's content is a note to people, which the service words and leaves out as it likes (RFC 9110 section 15.4).
    let is_note = |body: &NormalBody| !matches!(body, NormalBody::Json(_));
    let is_redirect = actual.status / 100 == 3 && expected.status / 100 == 3;
    if is_redirect && comparison.context.level == Level::Shape && is_note(&expected.body) && is_note(&actual.body) {
        comparison.tally.coverage = leaves.not_asserted();
        let of_target = |headers: &[NormalHeader]| -> Vec<NormalHeader> {
            headers.iter().filter(|header| !header.name.starts_with("content-")).cloned().collect()
        };
        comparison.headers(&of_target(&expected.headers), &of_target(&actual.headers));
        return comparison.found();
    }
    comparison.body(&expected.body, &actual.body);
    comparison.headers(&expected.headers, &actual.headers);
    comparison.verify();
    comparison.found()
}

/// How the documented leaves are asserted of a response that is as documented.
pub fn coverage(normalization: &NormalizationPlan<'_>) -> Coverage {
    let documented = normalization.documented();
    let context = &mut Context::of(normalization, false);
    Comparing::new(context, Reference::Documentation, Side::Response, &documented.identified).leaves(&documented.body)
}

/// The leaves of the documented JSON body in order, each with how it is asserted of a response that is as documented.
pub fn assertions(normalization: &NormalizationPlan<'_>) -> Vec<(Path, Assertion)> {
    let documented = normalization.documented();
    let NormalBody::Json(body) = &documented.body else { return Vec::new() };
    let context = &mut Context::of(normalization, false);
    let comparing = Comparing::new(context, Reference::Documentation, Side::Response, &documented.identified);
    let mut leaves = Vec::new();
    let root = Place::root(body, body, comparing.context.echoes);
    comparing.each_leaf(&root, &mut |place, assertion| leaves.push((place.documented_path(), assertion)));
    leaves
}

impl Comparing<'_, '_> {
    /// What was declared when the snapshot was reviewed, with what the contract declares now.
    fn declared(&mut self, reviewed: &Declarations) {
        for DeclarationChange { of, old, new } in reviewed.changes(&self.context.declarations()) {
            self.report(MismatchKind::Declaration, At::Declared(Box::new(of)), &old, &new);
        }
    }

    fn request(&mut self, expected: &NormalRequest, actual: &NormalRequest) {
        if expected.line != actual.line {
            self.report(MismatchKind::Request, At::Request(RequestPart::Line), &expected.line, &actual.line);
        }
        if expected.routes != actual.routes {
            let (expected, actual) = (expected.routes.join(", "), actual.routes.join(", "));
            self.report(MismatchKind::Request, At::Request(RequestPart::Routes), &expected, &actual);
        }
        self.body(&expected.body, &actual.body);
        self.headers(&expected.headers, &actual.headers);
    }

    fn status(&mut self, expected: &NormalForm, actual: &NormalForm) {
        if expected.status != actual.status {
            let shown = match error_of(&actual.body) {
                Some(error) => format!("{} ({error})", actual.status),
                None if actual.status / 100 == 3 => format!("{} (a redirect, which is never followed)", actual.status),
                None => actual.status.to_string(),
            };
            self.report(MismatchKind::Status, At::Status, &expected.status.to_string(), &shown);
        }
    }

    fn headers(&mut self, expected: &[NormalHeader], actual: &[NormalHeader]) {
        for header in expected {
            let at = At::Header(header.name.clone());
            let Some(other) = actual.iter().find(|other| other.name == header.name) else {
                if !header.value.as_mask().is_some_and(|mask| mask.optional) {
                    self.report(MismatchKind::MissingHeader, at, &header.value.to_string(), "nothing");
                }
                continue;
            };
            if self.context.level == Level::Shape && header.name != "content-type" {
                if !header.value.looks_like(&other.value) {
                    self.report(MismatchKind::Header, at, &header.value.to_string(), &other.value.to_string());
                }
                continue;
            }
            let agreement = self.identities.agree_texts(&header.value, &other.value, self.identified);
            let is_mask = header.value.as_mask().is_some() && other.value.as_mask().is_some();
            let kind = match agreement {
                Some((Agreement::Same, _)) => continue,
                Some((Agreement::Unverified, masks)) => {
                    self.unverified(masks, at, header.value.to_string(), other.value.to_string());
                    continue;
                }
                Some((Agreement::OtherIdentity, _)) => MismatchKind::Identity,
                Some((Agreement::OtherShape, _)) if is_mask => MismatchKind::VolatileShape,
                _ if header.name == "content-type" => kind_of_content_type(&header.value, &other.value),
                _ => MismatchKind::Header,
            };
            self.report(kind, at, &header.value.to_string(), &other.value.to_string());
        }
        for header in actual {
            if !expected.iter().any(|other| other.name == header.name) {
                // Only a snapshot can lack a documented field; it is out of date then.
                self.report(
                    MismatchKind::Header,
                    At::Header(header.name.clone()),
                    "nothing",
                    &header.value.to_string(),
                );
            }
        }
    }

    fn body(&mut self, expected: &NormalBody, actual: &NormalBody) {
        match (expected, actual) {
            (NormalBody::None, NormalBody::None) | (NormalBody::Binary, NormalBody::Binary) => {}
            (NormalBody::None, other) => {
                self.report(MismatchKind::UnexpectedBody, At::Body, "no body", &shown(other));
            }
            (expected, NormalBody::None) => {
                self.report(MismatchKind::EmptyBody, At::Body, &shown(expected), "no body");
            }
            (NormalBody::Json(expected), NormalBody::Json(actual)) => {
                // Only responses repeat what requests sent.
                let echoes = self.context.echoes.filter(|_| self.side == Side::Response);
                self.is_delta = self.context.selection.is_delta || is_delta(actual);
                self.expect(actual);
                self.value(&Place::root(expected, actual, echoes));
            }
            (NormalBody::Json(_), other) => {
                let why = match other {
                    NormalBody::Text(text) => match crate::json::parse(text) {
                        Err(error) => format!("{} ({error})", excerpt(text)),
                        Ok(_) => excerpt(text),
                    },
                    _ => "bytes that are not text".to_owned(),
                };
                self.report(MismatchKind::NotJson, At::Body, "JSON", &why);
            }
            (NormalBody::Text(_), NormalBody::Text(_)) if self.context.level == Level::Shape => {}
            (NormalBody::Text(expected), NormalBody::Text(actual)) if expected == actual => {}
            (NormalBody::Text(expected), NormalBody::Text(actual)) => {
                let line = expected.lines().zip(actual.lines()).position(|(one, other)| one != other);
                let line = line.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
                let nth = |text: &str| text.lines().nth(line).map_or_else(|| "the end".to_owned(), excerpt);
                let source = self.context.body_line_source(self.side, line);
                let (expected, actual) = (nth(expected), nth(actual));
                self.report_from(source, Severity::Error, MismatchKind::Text, At::Body, &expected, &actual);
            }
            (expected, actual) => self.report(MismatchKind::Text, At::Body, &shown(expected), &shown(actual)),
        }
    }
}

/// What is wrong with a content type: the same media type in a charset that its reader does not expect, or another.
fn kind_of_content_type(expected: &Text, actual: &Text) -> MismatchKind {
    let essence = |value: &Text| value.to_string().split(';').next().map(str::to_owned);
    if essence(expected) == essence(actual) { MismatchKind::Charset } else { MismatchKind::MediaType }
}

/// What an error response in the form of OData JSON Format 4.01 section 21 says: its code and message.
fn error_of(body: &NormalBody) -> Option<String> {
    let NormalBody::Json(node) = body else { return None };
    let json = node.to_json();
    let error = json.get("error")?;
    let text = |name| error.get(name).and_then(Json::as_str).unwrap_or_default();
    Some(excerpt(&format!("{}: {}", text("code"), text("message"))))
}

fn shown(body: &NormalBody) -> String {
    match body {
        NormalBody::None => "no body".to_owned(),
        NormalBody::Binary => "bytes that are not text".to_owned(),
        NormalBody::Text(text) => excerpt(text),
        NormalBody::Json(node) => excerpt(&node.to_json().to_string()),
    }
}
