//! What two documents have under one name: Microsoft Graph reads names in any case.

use std::collections::{HashMap, HashSet};

/// Things of an old and a new document, paired by their names.
pub(super) struct Named<'a, T> {
    /// Each of the old ones with the new one of its name: of the very name, or else of one that differs in its case alone.
    pub(super) old: Vec<(&'a T, Option<&'a T>)>,
    /// The new ones whose names no old one has.
    pub(super) added: Vec<&'a T>,
}

impl<'a, T> Named<'a, T> {
    /// Pairs them; both stay in their order. Of several new ones of one name, the first counts.
    pub(super) fn pair(
        old: impl IntoIterator<Item = &'a T>,
        new: impl IntoIterator<Item = &'a T>,
        name: impl Fn(&'a T) -> &'a str,
    ) -> Named<'a, T> {
        let (old, new): (Vec<&T>, Vec<&T>) = (old.into_iter().collect(), new.into_iter().collect());
        let old_names: HashSet<&str> = old.iter().map(|own| name(own)).collect();
        let (mut exact, mut recased) = (HashMap::new(), HashMap::new());
        for (index, own) in new.iter().enumerate().rev() {
            match old_names.contains(name(own)) {
                true => drop(exact.insert(name(own), index)),
                false => drop(recased.insert(name(own).to_lowercase(), index)),
            }
        }
        let mut is_added: Vec<bool> = new.iter().map(|own| !old_names.contains(name(own))).collect();
        let pair = |own: &'a T| {
            let other = exact.get(name(own)).copied().or_else(|| recased.remove(&name(own).to_lowercase()));
            let other = other.inspect(|index| is_added[*index] = false);
            (own, other.map(|index| new[index]))
        };
        let old = old.into_iter().map(pair).collect();
        Named {
            old,
            added: new.into_iter().zip(is_added).filter(|(_, is_added)| *is_added).map(|(own, _)| own).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &[&'static str], new: &[&'static str], expected: &str) {
        let found = Named::pair(old, new, |own| *own);
        let pairs = found.old.iter().map(|(own, other)| format!("{own}>{}", other.copied().unwrap_or_default()));
        let added = found.added.iter().map(|own| format!("+{own}"));
        assert_eq!(pairs.chain(added).collect::<Vec<_>>().join(" "), expected, "{old:?} and {new:?}");
    }

    #[test]
    fn names_are_paired_exactly_and_else_in_any_case() {
        check(&["a", "b"], &["b", "c"], "a> b>b +c");
        check(&["sendMail"], &["SendMail", "send"], "sendMail>SendMail +send");
        check(&["a"], &["A", "a"], "a>a +A");
        check(&["a", "A"], &["a"], "a>a A>");
        check(&["ab"], &["AB", "Ab"], "ab>AB +Ab");
    }
}
