//! Compares two normal forms of one contract's exchange.

use super::body::BodyComparison;
use super::context::Side;
use super::identity::{Agreement, Identities};
use super::place::Place;
use super::{Assertion, At, Comparison, Context, Coverage, Mismatch, MismatchKind, Reference, RequestPart, Severity};
use crate::json::{Json, Path};
use crate::normal::{Guide, Identified, Level, Mask, Node, NormalBody, NormalForm, NormalHeader, NormalRequest, Text};
use crate::source::SourceLine;

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
    comparison.body(&expected.body, &actual.body);
    comparison.headers(&expected.headers, &actual.headers);
    comparison.verify();
    comparison.found()
}

/// How the documented leaves are asserted of a response that is as documented.
pub fn coverage(guide: &Guide<'_>) -> Coverage {
    let documented = guide.documented();
    let context = &mut Context::of(guide, false);
    Comparing::new(context, Reference::Documentation, Side::Response, &documented.identified).leaves(&documented.body)
}

/// The leaves of the documented JSON body in order, each with how it is asserted of a response that is as documented.
pub fn assertions(guide: &Guide<'_>) -> Vec<(Path, Assertion)> {
    let documented = guide.documented();
    let NormalBody::Json(body) = &documented.body else { return Vec::new() };
    let context = &mut Context::of(guide, false);
    let comparing = Comparing::new(context, Reference::Documentation, Side::Response, &documented.identified);
    let mut leaves = Vec::new();
    let root = Place::root(body, body, comparing.context.echoes());
    comparing.each_leaf(&root, &mut |place, assertion| leaves.push((place.documented_path(), assertion)));
    leaves
}

/// The most mismatches that are kept of one response. Whatever is wrong, nobody reads more, and a hostile response could
/// have millions.
const MOST_MISMATCHES: usize = 1000;

/// How many times an element of one response is compared with a documented element that may not be its own. Beyond that, each is
/// compared with the one at its own place.
const MOST_TRIALS: usize = 10_000;

pub(super) struct Comparing<'c, 'a> {
    pub(super) context: &'c mut Context<'a>,
    reference: Reference,
    pub(super) side: Side,
    pub(super) identities: Identities,
    unverified: Vec<Unverified>,
    /// What the masks of the actual form stand for.
    pub identified: &'c Identified,
    tally: Tally,
    trials: usize,
    mismatches: Vec<Mismatch>,
}

/// A text that should repeat identifiers which had not been seen yet.
struct Unverified {
    masks: Vec<Mask>,
    at: At,
    expected: String,
    actual: String,
}

/// What was counted so far.
#[derive(Clone, Copy, Default)]
struct Tally {
    errors: usize,
    notices: usize,
    /// Values that were compared with nothing.
    unheld: usize,
    coverage: Coverage,
}

/// How far a comparison was at some time.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    mismatches: usize,
    tally: Tally,
}

/// What a comparison with one of several documented elements found.
pub(super) struct Trial {
    mismatches: Vec<Mismatch>,
    tally: Tally,
    /// The less the better: whether values were compared with nothing, errors, notices.
    pub(super) rank: (bool, usize, usize),
}

impl<'c, 'a> Comparing<'c, 'a> {
    fn new(
        context: &'c mut Context<'a>,
        reference: Reference,
        side: Side,
        identified: &'c Identified,
    ) -> Comparing<'c, 'a> {
        Comparing {
            context,
            reference,
            side,
            identities: Identities::default(),
            unverified: Vec::new(),
            identified,
            tally: Tally::default(),
            trials: 0,
            mismatches: Vec::new(),
        }
    }

    pub(super) fn report(
        &mut self,
        kind: MismatchKind,
        at: At,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        self.report_with(Severity::Error, kind, at, expected, actual);
    }

    pub(super) fn report_with(
        &mut self,
        severity: Severity,
        kind: MismatchKind,
        at: At,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        if !self.has_room(severity) {
            return;
        }
        let source = self.context.source(self.side, &at);
        self.report_from(source, severity, kind, at, expected, actual);
    }

    fn report_from(
        &mut self,
        source: SourceLine,
        severity: Severity,
        kind: MismatchKind,
        at: At,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) {
        let at = match self.side {
            Side::Request => at.in_request(),
            Side::Response => at,
        };
        let (expected, actual, reference) = (expected.into(), actual.into(), self.reference);
        self.mismatches.push(Mismatch { kind, at, expected, actual, severity, source, reference });
    }

    /// Keeps a text until all identifiers have been seen.
    pub(super) fn unverified(&mut self, masks: Vec<Mask>, at: At, expected: String, actual: String) {
        if self.unverified.len() < MOST_MISMATCHES {
            self.unverified.push(Unverified { masks, at, expected, actual });
        }
    }

    /// Reports the texts that do not repeat an identifier although it is there. One that is missing is reported in its own
    /// place.
    fn verify(&mut self) {
        for Unverified { masks, at, expected, actual } in std::mem::take(&mut self.unverified) {
            if masks.iter().any(|mask| self.identities.knows(*mask)) {
                self.report(MismatchKind::Identity, at, expected, actual);
            }
        }
    }

    /// Counts a mismatch, and says whether it is kept. Notices take no room from errors.
    fn has_room(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Error => &mut self.tally.errors,
            Severity::Notice => &mut self.tally.notices,
        };
        *count += 1;
        *count <= MOST_MISMATCHES
    }

    /// Counts a value that came and is compared with nothing: the page has `null`, an empty collection, or nothing there.
    pub(super) fn unheld(&mut self) {
        self.tally.unheld += 1;
    }

    /// Whether another trial may be made. Elements of collections within collections would otherwise multiply without end.
    pub(super) fn may_try(&mut self) -> bool {
        self.trials += 1;
        self.trials <= MOST_TRIALS
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { mismatches: self.mismatches.len(), tally: self.tally }
    }

    /// Takes back what was found since then.
    pub(super) fn take_since(&mut self, before: Progress) -> Trial {
        let Progress { mismatches, tally } = before;
        let own = std::mem::replace(&mut self.tally, tally);
        let rank = (own.unheld > tally.unheld, own.errors - tally.errors, own.notices - tally.notices);
        Trial { mismatches: self.mismatches.split_off(mismatches), tally: own, rank }
    }

    /// Puts back what was taken.
    pub(super) fn put_back(&mut self, trial: Trial) {
        self.mismatches.extend(trial.mismatches);
        self.tally = trial.tally;
    }

    /// What was found.
    fn found(self) -> Comparison {
        let Tally { errors, coverage, .. } = self.tally;
        Comparison { mismatches: self.mismatches, omitted: errors.saturating_sub(MOST_MISMATCHES), coverage }
    }

    /// Counts the leaves of a documented value that nothing was compared with.
    pub(super) fn not_asserted(&mut self, place: &Place<'_>) {
        let leaves = self.leaves_of(place);
        self.tally.coverage.withdraw(leaves);
    }

    fn leaves(&self, body: &NormalBody) -> Coverage {
        match body {
            NormalBody::None => Coverage::default(),
            NormalBody::Binary => Coverage { none: 1, ..Coverage::default() },
            NormalBody::Text(_) => Coverage::of_leaf(self.context.level()),
            NormalBody::Json(node) => self.leaves_of(&Place::root(node, node, self.context.echoes())),
        }
    }

    /// How the leaves of a documented value are asserted.
    fn leaves_of(&self, place: &Place<'_>) -> Coverage {
        let mut coverage = Coverage::default();
        self.each_leaf(place, &mut |_, assertion| coverage.add(assertion));
        coverage
    }

    /// Visits the leaves of a documented value in order.
    fn each_leaf(&self, place: &Place<'_>, visit: &mut impl FnMut(&Place<'_>, Assertion)) {
        let by_level = |level| match level {
            Level::Exact => Assertion::Exact,
            Level::Shape => Assertion::Shape,
        };
        let assertion = match place.expected {
            Node::Object(members) if !members.is_empty() => {
                members.iter().for_each(|(name, value)| self.each_leaf(&place.member(name, value, value), visit));
                return;
            }
            Node::Array(items) if !items.is_empty() => {
                let items = items.iter().enumerate();
                items.for_each(|(index, item)| self.each_leaf(&place.element(index, index, item, item), visit));
                return;
            }
            Node::Mask(_) => Assertion::Shape,
            _ if place.is_echo() => Assertion::Exact,
            Node::Plain(Json::Null)
                if self.context.level() == Level::Shape && !self.context.declared(self.side, place).says_anything() =>
            {
                Assertion::None
            }
            _ => by_level(self.context.level()),
        };
        visit(place, assertion);
    }

    fn request(&mut self, expected: &NormalRequest, actual: &NormalRequest) {
        if expected.line != actual.line {
            self.report(MismatchKind::Request, At::Request(RequestPart::Line), &expected.line, &actual.line);
        }
        if expected.routes != actual.routes {
            let (expected, actual) = (expected.routes.join(", "), actual.routes.join(", "));
            self.report(MismatchKind::Request, At::Request(RequestPart::Routes), expected, actual);
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
            self.report(MismatchKind::Status, At::Status, expected.status.to_string(), shown);
        }
    }

    fn headers(&mut self, expected: &[NormalHeader], actual: &[NormalHeader]) {
        for header in expected {
            let at = At::Header(header.name.clone());
            let Some(other) = actual.iter().find(|other| other.name == header.name) else {
                if !header.value.as_mask().is_some_and(|mask| mask.optional) {
                    self.report(MismatchKind::MissingHeader, at, header.value.to_string(), "nothing");
                }
                continue;
            };
            if self.context.level() == Level::Shape && header.name != "content-type" {
                if !header.value.looks_like(&other.value) {
                    self.report(MismatchKind::Header, at, header.value.to_string(), other.value.to_string());
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
            self.report(kind, at, header.value.to_string(), other.value.to_string());
        }
        for header in actual {
            if !expected.iter().any(|other| other.name == header.name) {
                // Only a snapshot can lack a documented field; it is out of date then.
                self.report(MismatchKind::Header, At::Header(header.name.clone()), "nothing", header.value.to_string());
            }
        }
    }

    fn body(&mut self, expected: &NormalBody, actual: &NormalBody) {
        match (expected, actual) {
            (NormalBody::None, NormalBody::None) | (NormalBody::Binary, NormalBody::Binary) => {}
            (NormalBody::None, other) => {
                self.report(MismatchKind::UnexpectedBody, At::Body, "no body", shown(other));
            }
            (expected, NormalBody::None) => {
                self.report(MismatchKind::EmptyBody, At::Body, shown(expected), "no body");
            }
            (NormalBody::Json(expected), NormalBody::Json(actual)) => {
                // Only responses repeat what requests sent.
                let echoes = self.context.echoes().filter(|_| self.side == Side::Response);
                BodyComparison::new(self).value(&Place::root(expected, actual, echoes));
            }
            (NormalBody::Json(_), other) => {
                let why = match other {
                    NormalBody::Text(text) => match crate::json::parse(text) {
                        Err(error) => format!("{} ({error})", excerpt(text)),
                        Ok(_) => excerpt(text),
                    },
                    _ => "bytes that are no text".to_owned(),
                };
                self.report(MismatchKind::NotJson, At::Body, "JSON", why);
            }
            (NormalBody::Text(_), NormalBody::Text(_)) if self.context.level() == Level::Shape => {}
            (NormalBody::Text(expected), NormalBody::Text(actual)) if expected == actual => {}
            (NormalBody::Text(expected), NormalBody::Text(actual)) => {
                let line = expected.lines().zip(actual.lines()).position(|(one, other)| one != other);
                let line = line.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
                let nth = |text: &str| text.lines().nth(line).map_or_else(|| "the end".to_owned(), excerpt);
                let source = self.context.body_line_source(self.side, line);
                let (expected, actual) = (nth(expected), nth(actual));
                self.report_from(source, Severity::Error, MismatchKind::Text, At::Body, expected, actual);
            }
            (expected, actual) => self.report(MismatchKind::Text, At::Body, shown(expected), shown(actual)),
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
        NormalBody::Binary => "bytes that are no text".to_owned(),
        NormalBody::Text(text) => excerpt(text),
        NormalBody::Json(node) => excerpt(&node.to_json().to_string()),
    }
}

/// The longest part of a value that a message shows, in characters.
pub(super) const EXCERPT: usize = 120;

/// The beginning of a text, on one line.
pub fn excerpt(text: &str) -> String {
    let mut line: String = text.chars().take(EXCERPT).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if text.chars().nth(EXCERPT).is_some() {
        line.push('…');
    }
    line
}
