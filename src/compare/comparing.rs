//! What a comparison knows and finds while it goes through two normal forms.

use super::context::Side;
use super::identity::Identities;
use super::place::Place;
use super::{Assertion, Comparison, Context, Coverage, Mismatch, MismatchKind, Reference, Rule, RuleSource, Severity};
use crate::at::At;
use crate::json::{Json, Tree as _};
use crate::normal::{Identified, Level, Mask, Node, NormalBody};
use crate::source::SourceLine;

/// The most mismatches that are kept of one response. No reader needs more, and a hostile response could
/// have millions.
const MOST_MISMATCHES: usize = 1000;

/// How many times an element of one response is compared with a documented element that may not be its own. Beyond that, each is
/// compared with the one at its own place.
const MOST_TRIALS: usize = 10_000;

/// How many values may be compared, for each value of a response and beside a few, before no more trials are made: elements of elements
/// are compared again with each trial of what is around them.
const MOST_VALUES: usize = 64;
const FEW_VALUES: usize = 100_000;

pub(super) struct Comparing<'c, 'a> {
    pub(super) context: &'c mut Context<'a>,
    reference: Reference,
    pub(super) side: Side,
    pub(super) identities: Identities,
    unverified: Vec<Unverified>,
    /// What the masks of the actual form stand for.
    pub identified: &'c Identified,
    pub(super) tally: Tally,
    /// Whether the response is one of what has changed since an earlier one.
    pub(super) is_delta: bool,
    trials: usize,
    /// How many values were compared, and with how many trials end.
    values: usize,
    most_values: usize,
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
pub(super) struct Tally {
    errors: usize,
    notices: usize,
    /// Values that were compared with nothing.
    unheld: usize,
    pub(super) coverage: Coverage,
}

/// What a comparison with one of several documented elements found.
pub(super) struct Trial {
    mismatches: Vec<Mismatch>,
    tally: Tally,
    /// The less the better: whether values were compared with nothing, errors, notices.
    pub(super) rank: (bool, usize, usize),
}

impl<'c, 'a> Comparing<'c, 'a> {
    pub(super) fn new(
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
            is_delta: false,
            trials: 0,
            values: 0,
            most_values: FEW_VALUES,
            mismatches: Vec::new(),
        }
    }

    pub(super) fn report(&mut self, kind: MismatchKind, at: At, expected: &str, actual: &str) {
        if self.has_room(Severity::Error) {
            let source = self.context.source(self.side, &at);
            let rule = self.example_rule(&source, &at);
            self.keep(source, Severity::Error, kind, at, (expected.to_owned(), actual.to_owned()), rule);
        }
    }

    /// At the shape level, that the example decides on a value of the response.
    pub(super) fn example_rule(&self, source: &SourceLine, at: &At) -> Option<Rule> {
        let by_shape = self.context.level == Level::Shape && self.side == Side::Response;
        let says = || "the example shows it".to_owned();
        (by_shape && matches!(at, At::Path(_)))
            .then(|| Rule { source: RuleSource::Sample(source.clone()), says: says() })
    }

    /// Whether rules are not named any more: there are more differences than are kept.
    pub(super) fn is_terse(&self) -> bool {
        self.tally.errors >= MOST_MISMATCHES || self.tally.notices >= MOST_MISMATCHES
    }

    pub(super) fn report_from(
        &mut self,
        source: SourceLine,
        severity: Severity,
        kind: MismatchKind,
        at: At,
        expected: &str,
        actual: &str,
    ) {
        self.keep(source, severity, kind, at, (expected.to_owned(), actual.to_owned()), None);
    }

    /// Keeps a difference, with what was expected and what came.
    pub(super) fn keep(
        &mut self,
        source: SourceLine,
        severity: Severity,
        kind: MismatchKind,
        at: At,
        (expected, actual): (String, String),
        rule: Option<Rule>,
    ) {
        let at = match self.side {
            Side::Request => at.in_request(),
            Side::Response => at,
        };
        let reference = self.reference;
        self.mismatches.push(Mismatch { kind, at, expected, actual, severity, source, reference, rule });
    }

    /// Keeps a text until all identifiers have been seen.
    pub(super) fn unverified(&mut self, masks: Vec<Mask>, at: At, expected: String, actual: String) {
        if self.unverified.len() < MOST_MISMATCHES {
            self.unverified.push(Unverified { masks, at, expected, actual });
        }
    }

    /// Reports the texts that do not repeat an identifier although it is there. One that is missing is reported in its own
    /// place.
    pub(super) fn verify(&mut self) {
        for Unverified { masks, at, expected, actual } in std::mem::take(&mut self.unverified) {
            if masks.iter().any(|mask| self.identities.knows(*mask)) {
                self.report(MismatchKind::Identity, at, &expected, &actual);
            }
        }
    }

    /// Counts a mismatch, and says whether it is kept. Notices take no room from errors.
    pub(super) fn has_room(&mut self, severity: Severity) -> bool {
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
        self.trials <= MOST_TRIALS && self.values <= self.most_values
    }

    /// Says how large the body is that is compared next.
    pub(super) fn expect(&mut self, actual: &Node) {
        self.most_values = FEW_VALUES.saturating_add(actual.size().saturating_mul(MOST_VALUES));
    }

    /// Counts a value that is looked at.
    pub(super) fn count(&mut self) {
        self.values += 1;
    }

    /// How many mismatches there are, and what was counted.
    pub(super) fn progress(&self) -> (usize, Tally) {
        (self.mismatches.len(), self.tally)
    }

    /// Takes back what was found since then.
    pub(super) fn take_since(&mut self, (mismatches, tally): (usize, Tally)) -> Trial {
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
    pub(super) fn found(self) -> Comparison {
        let Tally { errors, coverage, .. } = self.tally;
        Comparison { mismatches: self.mismatches, omitted: errors.saturating_sub(MOST_MISMATCHES), coverage }
    }

    /// Counts the leaves of a documented value that nothing was compared with.
    pub(super) fn not_asserted(&mut self, place: &Place<'_>) {
        let leaves = self.leaves_of(place);
        self.tally.coverage.withdraw(leaves);
    }

    pub(super) fn leaves(&self, body: &NormalBody) -> Coverage {
        match body {
            NormalBody::None => Coverage::default(),
            NormalBody::Binary => Coverage { none: 1, ..Coverage::default() },
            NormalBody::Text(_) => Coverage::of_leaf(self.context.level),
            NormalBody::Json(node) => self.leaves_of(&Place::root(node, node, self.context.echoes)),
        }
    }

    /// How the leaves of a documented value are asserted.
    fn leaves_of(&self, place: &Place<'_>) -> Coverage {
        let mut coverage = Coverage::default();
        self.each_leaf(place, &mut |_, assertion| coverage.add(assertion));
        coverage
    }

    /// Visits the leaves of a documented value in order.
    pub(super) fn each_leaf(&self, place: &Place<'_>, visit: &mut impl FnMut(&Place<'_>, Assertion)) {
        let by_level = |level| match level {
            Level::Exact => Assertion::Exact,
            Level::Shape => Assertion::Shape,
        };
        let assertion = match place.expected {
            Node::Object(members) if !members.is_empty() => {
                let place = self.context.typed(self.side, place);
                members.iter().for_each(|(name, value)| self.each_leaf(&place.member(name, value, value), visit));
                return;
            }
            Node::Array(items) if !items.is_empty() => {
                let items = items.iter().enumerate();
                items.for_each(|(index, item)| self.each_leaf(&place.element(index, index, item, item), visit));
                return;
            }
            Node::Mask(_) => Assertion::Shape,
            _ if place.is_echo() && !self.context.is_server_set(place) => Assertion::Exact,
            Node::Plain(Json::Null)
                if self.context.level == Level::Shape && !self.context.declared(self.side, place).says_anything() =>
            {
                Assertion::None
            }
            _ => by_level(self.context.level),
        };
        visit(place, assertion);
    }
}
