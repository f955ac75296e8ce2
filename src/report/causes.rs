//! What mismatches have in common: the same undocumented member in forty contracts is one cause with forty places.

use std::collections::HashMap;

use serde::Serialize;

use crate::compare::{At, Mismatch, MismatchKind, Reference, Severity};
use crate::json::Step;
use crate::replay::RouteOutcome;

/// Mismatches with one cause.
#[derive(Debug, Serialize)]
pub struct Cause<'r> {
    /// The kind that they have in common.
    pub kind: MismatchKind,
    /// The member, header field or part of the message in which they differ.
    pub subject: String,
    /// Whether they break their contracts.
    pub severity: Severity,
    /// What the responses were compared with.
    pub reference: Reference,
    /// What it means for a caller.
    pub means: &'static str,
    /// Where it shows.
    pub places: Vec<Place<'r>>,
}

/// One mismatch of a cause.
#[derive(Debug, Serialize)]
pub struct Place<'r> {
    /// The contract.
    pub id: &'r str,
    /// The route: method and URL template.
    pub route: &'r str,
    /// Where in the response.
    pub at: &'r At,
    /// What was expected there.
    pub expected: &'r str,
    /// What came.
    pub actual: &'r str,
    /// The page and line of the documented value.
    pub source: &'r str,
    /// Which of the routes it is.
    #[serde(skip)]
    pub index: usize,
}

impl Cause<'_> {
    /// Whether it shows on more than one route.
    pub fn is_shared(&self) -> bool {
        self.places.windows(2).any(|pair| pair[0].index != pair[1].index)
    }
}

/// The causes of all mismatches, those with the most places first.
pub fn causes<'r>(routes: impl Iterator<Item = &'r RouteOutcome>) -> Vec<Cause<'r>> {
    let mut causes: Vec<Cause<'r>> = Vec::new();
    let mut by_key = HashMap::new();
    for (index, route) in routes.enumerate() {
        for mismatch in &route.mismatches {
            let Mismatch { kind, at, expected, actual, severity, source, reference } = mismatch;
            let subject = subject(mismatch);
            let known = *by_key.entry((*kind, subject.clone(), *severity, *reference)).or_insert_with(|| {
                let (kind, severity, reference) = (*kind, *severity, *reference);
                causes.push(Cause { kind, subject, severity, reference, means: kind.means(), places: Vec::new() });
                causes.len() - 1
            });
            let place = Place { id: &route.id, route: &route.route, at, expected, actual, source, index };
            causes[known].places.push(place);
        }
    }
    // The order is stable: of as many places, the first that was seen.
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.places.len()));
    causes
}

/// What a mismatch is about, whatever is around it: `member 'extra'`, `header content-type: text/html`.
pub fn subject(mismatch: &Mismatch) -> String {
    let Mismatch { kind, at, expected, actual, .. } = mismatch;
    let name = match at {
        At::Path(path) => {
            let name = path.steps().iter().rev().find_map(|step| match step {
                Step::Name(name) => Some(name),
                Step::Index(_) => None,
            });
            name.map_or_else(|| "the body".to_owned(), Clone::clone)
        }
        At::Snapshot(_) => "the snapshot".to_owned(),
        at => at.to_string(),
    };
    // The same status instead of the same other one has one cause; a value has as many as it likes.
    match kind {
        MismatchKind::Status | MismatchKind::MediaType | MismatchKind::Charset => {
            format!("{name}: {actual} instead of {expected}")
        }
        MismatchKind::Enum => format!("{name}: {actual}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Coverage;
    use crate::json::Path;
    use crate::replay::Outcome;
    use std::time::Duration;

    fn route(id: &str, mismatches: &[(MismatchKind, At, &str, &str)]) -> RouteOutcome {
        let mismatch = |(kind, at, expected, actual): &(MismatchKind, At, &str, &str)| Mismatch {
            kind: *kind,
            at: at.clone(),
            expected: (*expected).to_owned(),
            actual: (*actual).to_owned(),
            severity: Severity::Error,
            source: "page.md:1".to_owned(),
            reference: Reference::Documentation,
        };
        RouteOutcome {
            id: id.to_owned(),
            route: "GET /a".to_owned(),
            outcome: Outcome::Mismatched,
            mismatches: mismatches.iter().map(mismatch).collect(),
            omitted: 0,
            coverage: Coverage::default(),
            error: None,
            evidence: None,
            elapsed: Duration::ZERO,
        }
    }

    #[track_caller]
    fn check(routes: &[RouteOutcome], expected: &[(&str, usize)]) {
        let causes = causes(routes.iter());
        let found: Vec<(String, usize)> =
            causes.iter().map(|c| (format!("{} {}", c.kind, c.subject), c.places.len())).collect();
        let expected: Vec<(String, usize)> =
            expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_member_in_several_contracts_is_one_cause() {
        let extra = |path: Path| (MismatchKind::UndocumentedMember, At::Path(path), "nothing", "1");
        let top = extra(Path::root().member("extra"));
        let nested = extra(Path::root().member("value").element(3).member("extra"));
        let other = extra(Path::root().member("other"));
        check(
            &[route("a", &[other, top.clone()]), route("b", &[nested]), route("c", &[top])],
            &[("undocumented-member extra", 3), ("undocumented-member other", 1)],
        );
    }

    #[test]
    fn another_status_is_another_cause() {
        let status = |actual| (MismatchKind::Status, At::Status, "200", actual);
        check(
            &[route("a", &[status("404")]), route("b", &[status("500")]), route("c", &[status("404")])],
            &[("status status: 404 instead of 200", 2), ("status status: 500 instead of 200", 1)],
        );
    }

    #[test]
    fn another_enumeration_value_is_another_cause() {
        let state = |actual| (MismatchKind::Enum, At::Path(Path::root().member("state")), "\"on\"", actual);
        check(
            &[route("a", &[state("\"dim\"")]), route("b", &[state("\"off\"")])],
            &[("enum state: \"dim\"", 1), ("enum state: \"off\"", 1)],
        );
    }
}
