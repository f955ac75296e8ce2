//! What differs between two sets, contract by contract, or declaration by declaration.

use std::collections::HashMap;

use graph_contracts::compare::{Reference, Severity};
use graph_contracts::report::{Case, Finding, Notice, Status, Total, count};

use super::Diff;
use crate::{Change, Effect, Kind, NOTHING, Place};

impl Effect {
    /// What a change with this effect is, as a finding.
    fn notice(self) -> Notice {
        match self {
            Effect::Breaking => Notice::Breaking,
            Effect::Additive => Notice::Additive,
            Effect::Cosmetic => Notice::Cosmetic,
        }
    }
}

impl Diff {
    /// What changed, by the contract or declaration in which it shows: what breaks first. Changes of denied effects fail.
    pub(super) fn cases(&self, denied: &[Effect]) -> Vec<Case<'_>> {
        let mut cases: Vec<Case<'_>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for (change, place) in self.changes.iter().flat_map(|change| change.places.iter().map(move |own| (change, own)))
        {
            let index = *known.entry(&place.item).or_insert_with(|| {
                // The changes come by their effects, so that the first one is the worst.
                let effect = change.effect();
                cases.push(Case {
                    holds: effect != Effect::Breaking,
                    source: place.new.clone().or_else(|| place.old.clone()),
                    properties: vec![(Case::AREA, &change.area)],
                    ..Case::new(&place.item, "", Status::Passed, effect.name())
                });
                cases.len() - 1
            });
            let case = &mut cases[index];
            let is_denied = denied.contains(&change.effect());
            if is_denied {
                case.status = Status::Failed;
            }
            case.findings.push(finding(change, place, is_denied));
        }
        for case in &mut cases {
            case.verdict = format!("{}: {}", case.outcome, count(case.findings.len(), "change", "changes"));
        }
        cases
    }

    /// How many changes of each effect there are.
    pub(super) fn totals(&self) -> Vec<Total> {
        let total = |effect: Effect| {
            let (one, many) = (format!("{effect} change"), format!("{effect} changes"));
            Total { number: self.count(effect), one, many }
        };
        Effect::ALL.map(total).into()
    }
}

/// A change at one of its places.
fn finding<'c>(change: &'c Change, place: &'c Place, is_denied: bool) -> Finding<'c> {
    let Change { kind, subject, before, after, .. } = change;
    let at = if place.at.is_empty() { subject } else { &place.at };
    // What came or went is named by each place: a page that is gone took all its URL templates along.
    let side = |side: &'c String| if side == subject { at.as_str() } else { side };
    Finding {
        code: Kind::name(*kind),
        title: kind.phrase(),
        subject: change.cause(),
        at: at.clone(),
        sides: Some((side(before), side(after))),
        message: "",
        declared: place.old.as_ref(),
        rule: None,
        severity: if is_denied { Severity::Error } else { Severity::Notice },
        notice: kind.effect().notice(),
        source: place.new.clone(),
        reference: Reference::Old,
        means: kind.why(),
        fingerprint: None,
        excerpt: None,
    }
}

impl Change {
    /// What all its places have in common, and no other change of its kind.
    fn cause(&self) -> String {
        let Change { subject, before, after, .. } = self;
        match (before.as_str(), after.as_str()) {
            (NOTHING, own) | (own, NOTHING) if own == subject => subject.clone(),
            (own, after) if own == subject => format!("{subject} \u{2192} {after}"),
            (before, after) => format!("{subject}: {before} \u{2192} {after}"),
        }
    }
}
