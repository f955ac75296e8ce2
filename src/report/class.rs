//! Causes of one kind: sixty types whose wrapper does not fit are one class with sixty causes.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{Finding, Group, group};

/// More causes than this of one kind are rolled up.
const MOST_OF_A_KIND: usize = 5;

/// A cause, or all causes of one kind where there are many.
#[derive(Debug)]
pub struct Class<'g> {
    /// The causes, the largest first; at least one.
    pub groups: Vec<Group<'g>>,
}

impl<'g> Class<'g> {
    /// Causes by kind, where there are many of a kind; each on its own where there are few. What counts comes first, and of that what
    /// shows in most places.
    pub(super) fn of(groups: Vec<Group<'g>>) -> Vec<Class<'g>> {
        Class::of_more_than(MOST_OF_A_KIND, groups)
    }

    /// Causes by kind, however few there are of one.
    pub(super) fn of_kinds(groups: Vec<Group<'g>>) -> Vec<Class<'g>> {
        Class::of_more_than(0, groups)
    }

    fn of_more_than(few: usize, groups: Vec<Group<'g>>) -> Vec<Class<'g>> {
        let key = |group: &Group<'g>| {
            let Finding { code, severity, reference, .. } = *group.first;
            (code, severity, reference, group.first.notice())
        };
        let mut classes: Vec<Class<'g>> = Vec::new();
        for groups in group(groups.into_iter(), key) {
            if groups.len() > few {
                classes.push(Class { groups });
            } else {
                classes.extend(groups.into_iter().map(|group| Class { groups: vec![group] }));
            }
        }
        classes.sort_by_key(|class| Reverse((class.groups.first().map(|group| group.first.rank()), class.places())));
        classes
    }

    /// The cause, if it is a single one.
    pub fn single(&self) -> Option<&Group<'g>> {
        match self.groups.as_slice() {
            [group] => Some(group),
            _ => None,
        }
    }

    /// The number of findings.
    pub fn places(&self) -> usize {
        self.groups.iter().map(|group| group.places.len()).sum()
    }

    /// The contracts or pages in which it shows.
    pub fn ids(&self) -> BTreeSet<&'g str> {
        self.groups.iter().flat_map(Group::ids).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Reference, Severity};
    use crate::report::{Case, Notice, Status};

    fn finding<'r>(code: &'r str, subject: &str, severity: Severity) -> Finding<'r> {
        Finding {
            code,
            title: code,
            subject: subject.to_owned(),
            at: String::new(),
            sides: None,
            message: "",
            declared: None,
            rule: None,
            severity,
            notice: Notice::Warning,
            source: None,
            reference: Reference::Documentation,
            means: "",
            fingerprint: None,
            excerpt: None,
        }
    }

    /// `expected`: the code, the number of causes and the number of places of each class.
    #[track_caller]
    fn check(findings: &[(&'static str, &str, Severity)], expected: &[(&str, usize, usize)]) {
        let of_case = |&(code, subject, severity): &(&'static str, &str, Severity)| Case {
            findings: vec![finding(code, subject, severity)],
            ..Case::new("a", "GET /a", Status::Failed, "failed")
        };
        let cases: Vec<Case<'_>> = findings.iter().map(of_case).collect();
        let classes = Class::of(Group::of(cases.iter()));
        let found: Vec<(&str, usize, usize)> =
            classes.iter().map(|class| (class.groups[0].first.code, class.groups.len(), class.places())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn many_causes_of_a_kind_are_one_class_and_few_stand_alone() {
        let error = Severity::Error;
        let wrappers = ["a", "b", "b", "c", "d", "e", "f"].map(|subject| ("wrapper", subject, error));
        let members = ["x", "y", "y", "y"].map(|subject| ("member", subject, error));
        check(&[members.as_slice(), &wrappers].concat(), &[("wrapper", 6, 7), ("member", 1, 3), ("member", 1, 1)]);
        check(
            &wrappers[..6],
            &[("wrapper", 1, 2), ("wrapper", 1, 1), ("wrapper", 1, 1), ("wrapper", 1, 1), ("wrapper", 1, 1)],
        );
    }

    #[test]
    fn what_counts_comes_before_what_does_not() {
        let notes = ["a", "b", "c", "d", "e", "f"].map(|subject| ("note", subject, Severity::Notice));
        let all = [notes.as_slice(), &[("member", "x", Severity::Error)]].concat();
        check(&all, &[("member", 1, 1), ("note", 6, 6)]);
    }
}
