//! Two JSON trees side by side: which of their values stand at the same path, and which only one of them has.
//!
//! Everything that compares two trees goes through [`pairs`], so that members that occur twice, and objects of any size, are treated
//! alike. Trees are as deep as the parser lets them be, so that a walk may call itself.

use std::collections::VecDeque;

use foldhash::{HashMap, HashMapExt as _};

use super::{Cursor, Json, Key, Member, Step};

/// A tree of JSON values, whatever its scalars are.
pub trait Tree: Sized {
    /// The elements, if it is an array.
    fn elements(&self) -> Option<&[Self]>;

    /// The names and values of the members, if it is an object.
    fn members(&self) -> Option<impl ExactSizeIterator<Item = (&str, &Self)> + Clone>;

    /// How many values there are, this one and all inside it.
    fn size(&self) -> usize {
        let items = self.elements().into_iter().flatten().map(Tree::size);
        let members = self.members().into_iter().flatten().map(|(_, value)| value.size());
        1 + items.sum::<usize>() + members.sum::<usize>()
    }

    /// What is at the end of these steps, the first of members of one name.
    fn at(&self, steps: &[Step]) -> Option<&Self> {
        steps.iter().try_fold(self, |value, step| match step {
            Step::Name(name) => value.members()?.find(|(own, _)| own == name).map(|(_, value)| value),
            Step::Index(index) => value.elements()?.get(*index),
        })
    }
}

impl Tree for Json {
    fn elements(&self) -> Option<&[Json]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    fn members(&self) -> Option<impl ExactSizeIterator<Item = (&str, &Json)> + Clone> {
        match self {
            Json::Object(members) => Some(members.iter().map(|Member { name, value }| (name.as_str(), value))),
            _ => None,
        }
    }
}

/// The values behind one key of two arrays or objects; `None` where one is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'a, A, B> {
    /// The key.
    pub key: Key<'a>,
    /// The value in the one.
    pub one: Option<&'a A>,
    /// The value in the other.
    pub other: Option<&'a B>,
}

/// The values inside two arrays or two objects by key: those of `one` in their order, then those that only `other` has. Members that
/// occur twice pair in their order. `None` if they are not both arrays or both objects. Takes time in proportion to their size.
pub fn pairs<'a, A: Tree, B: Tree>(one: &'a A, other: &'a B) -> Option<Vec<Pair<'a, A, B>>> {
    if let (Some(one), Some(other)) = (one.elements(), other.elements()) {
        let all = 0..one.len().max(other.len());
        return Some(all.map(|at| Pair { key: Key::Index(at), one: one.get(at), other: other.get(at) }).collect());
    }
    let (one, other) = (one.members()?, other.members()?);
    // Mostly both have the same members in the same order.
    if one.len() == other.len() && one.clone().zip(other.clone()).all(|((name, _), (other, _))| name == other) {
        let pair = |((name, one), (_, other))| Pair { key: Key::Name(name), one: Some(one), other: Some(other) };
        return Some(one.zip(other).map(pair).collect());
    }
    let mut by_name: HashMap<&str, VecDeque<&B>> = HashMap::with_capacity(other.len());
    other.clone().for_each(|(name, value)| by_name.entry(name).or_default().push_back(value));
    let mut next = |name: &str| by_name.get_mut(name).and_then(VecDeque::pop_front);
    let mut found = Vec::with_capacity(one.len().max(other.len()));
    found.extend(one.map(|(name, value)| Pair { key: Key::Name(name), one: Some(value), other: next(name) }));
    // What is left of a name has no counterpart.
    found
        .extend(other.filter_map(|(name, _)| Some(Pair { key: Key::Name(name), one: None, other: Some(next(name)?) })));
    Some(found)
}

/// Visits the values of two trees by path, those around others first; `None` where one has nothing there. `visit` says whether to go on
/// inside two arrays or two objects.
pub fn walk<A: Tree, B: Tree>(one: &A, other: &B, visit: &mut impl FnMut(&Cursor<'_>, Option<&A>, Option<&B>) -> bool) {
    walk_at(&Cursor::Root, (Some(one), Some(other)), visit);
}

fn walk_at<A: Tree, B: Tree>(
    cursor: &Cursor<'_>,
    (one, other): (Option<&A>, Option<&B>),
    visit: &mut impl FnMut(&Cursor<'_>, Option<&A>, Option<&B>) -> bool,
) {
    if !visit(cursor, one, other) {
        return;
    }
    let (Some(one), Some(other)) = (one, other) else { return };
    for Pair { key, one, other } in pairs(one, other).into_iter().flatten() {
        walk_at(&cursor.to(key), (one, other), visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    /// Every path with the values there, of which `-` is none.
    #[track_caller]
    fn check(one: &str, other: &str, expected: &[&str]) {
        let [one, other] = [one, other].map(|text| parse(text).expect("JSON").json);
        let mut found = Vec::new();
        walk(&one, &other, &mut |cursor, one, other| {
            let shown = |value: Option<&Json>| value.map_or("-".to_owned(), Json::to_string);
            found.push(format!("{} {} {}", cursor.path(), shown(one), shown(other)));
            true
        });
        assert_eq!(found[1..], *expected);
    }

    #[test]
    fn values_at_the_same_path_are_visited_together() {
        check(r#"{"a": 1, "b": 2}"#, r#"{"a": 3, "b": 4}"#, &["$['a'] 1 3", "$['b'] 2 4"]);
        check(r#"{"a": 1, "b": 2}"#, r#"{"c": 3, "b": 4}"#, &["$['a'] 1 -", "$['b'] 2 4", "$['c'] - 3"]);
        check("[1, 2]", "[3]", &["$[0] 1 3", "$[1] 2 -"]);
        check("[[1]]", "[[2, 3]]", &["$[0] [1] [2,3]", "$[0][0] 1 2", "$[0][1] - 3"]);
    }

    #[test]
    fn members_that_occur_twice_pair_in_their_order() {
        check(r#"{"a": 1, "a": 2}"#, r#"{"a": 3, "a": 4}"#, &["$['a'] 1 3", "$['a'] 2 4"]);
        check(r#"{"a": 1}"#, r#"{"a": 3, "a": 4}"#, &["$['a'] 1 3", "$['a'] - 4"]);
        check(r#"{"a": 1, "a": 2}"#, r#"{"a": 3}"#, &["$['a'] 1 3", "$['a'] 2 -"]);
    }

    #[test]
    fn nothing_is_visited_inside_what_has_no_counterpart() {
        check(r#"{"a": [1]}"#, "{}", &["$['a'] [1] -"]);
        check("[[1]]", r#"[{"a": 1}]"#, &["$[0] [1] {\"a\":1}"]);
        check("[1]", r#"{"a": 1}"#, &[]);
        check("1", "2", &[]);
    }

    #[test]
    fn large_objects_in_another_order_take_no_square_of_their_size() {
        let member = |index: u32| Member { name: format!("m{index}"), value: Json::Null };
        let one = Json::Object((0..200_000).map(member).collect());
        let other = Json::Object((0..200_000).rev().map(member).collect());
        let found = pairs(&one, &other).expect("two objects");
        assert!(found.len() == 200_000 && found.iter().all(|pair| pair.one.is_some() && pair.other.is_some()));
    }
}
