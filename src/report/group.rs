//! What findings have in common: the same undocumented member in forty contracts is one cause with forty places.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::{Case, Finding};

/// Findings with one cause.
#[derive(Debug)]
pub struct Group<'g> {
    /// The first finding.
    pub first: &'g Finding<'g>,
    /// Each finding with its case, in order.
    pub places: Vec<(&'g Case<'g>, &'g Finding<'g>)>,
}

impl<'g> Group<'g> {
    /// The findings of these cases by what they have in common: what counts comes first, and of that what shows in most places.
    pub(super) fn of(cases: impl Iterator<Item = &'g Case<'g>>) -> Vec<Group<'g>> {
        let findings = cases.flat_map(|case| case.findings.iter().map(move |finding| (case, finding)));
        let key = |(_, finding): &(&Case<'_>, &'g Finding<'g>)| {
            (finding.code, finding.subject.as_str(), finding.severity, finding.reference)
        };
        let groups = group(findings, key).into_iter();
        let mut groups: Vec<Group<'g>> = groups.map(|places| Group { first: places[0].1, places }).collect();
        groups.sort_by_key(|group| Reverse(group.first.rank()));
        groups
    }

    /// Whether it shows on more than one route.
    pub(crate) fn is_shared(&self) -> bool {
        self.places.windows(2).any(|pair| !std::ptr::eq(pair[0].0, pair[1].0))
    }

    /// The contracts or pages in which it shows.
    pub fn ids(&self) -> BTreeSet<&'g str> {
        self.places.iter().map(|(case, _)| case.id).collect()
    }
}

/// Items by key, the largest groups first; of equal size, the one that was seen first. No group is empty.
pub fn group<T, K: Eq + Hash>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut known = HashMap::new();
    for item in items {
        let index = *known.entry(key(&item)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[index].push(item);
    }
    groups.sort_by_key(|group| Reverse(group.len()));
    groups
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::at::At;
    use crate::compare::{Coverage, Mismatch, MismatchKind, Reference, Severity};
    use crate::json::Path;
    use crate::replay::{Outcome, RouteOutcome};
    use crate::source::SourceLine;

    fn route(id: &str, mismatches: &[(MismatchKind, At, &str, &str)]) -> RouteOutcome {
        let mismatch = |(kind, at, expected, actual): &(MismatchKind, At, &str, &str)| Mismatch {
            kind: *kind,
            at: at.clone(),
            expected: (*expected).to_owned(),
            actual: (*actual).to_owned(),
            severity: Severity::Error,
            source: SourceLine::new("page.md", 1),
            reference: Reference::Documentation,
            rule: None,
        };
        RouteOutcome {
            id: id.to_owned(),
            route: "GET /a".to_owned(),
            outcome: Outcome::Mismatched,
            mismatches: mismatches.iter().map(mismatch).collect(),
            omitted: 0,
            coverage: Coverage::default(),
            error: None,
            exceeded: None,
            evidence: None,
            elapsed: Duration::ZERO,
        }
    }

    #[track_caller]
    fn check(routes: &[RouteOutcome], expected: &[(&str, usize)]) {
        let cases: Vec<Case<'_>> = routes.iter().map(|route| route.case(Some(SourceLine::new("page.md", 1)))).collect();
        let groups = Group::of(cases.iter());
        let found: Vec<(String, usize)> = groups
            .iter()
            .map(|group| (format!("{} {}", group.first.code, group.first.subject), group.places.len()))
            .collect();
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
