//! The members of an object, each with the number of its value in document order, by which its place is found.

use crate::json::{Json, Member};

/// The members of an object with the numbers of their values.
pub(super) fn members(json: &Json) -> impl Iterator<Item = (usize, &Member)> {
    let members = if let Json::Object(members) = json { members.as_slice() } else { &[] };
    members.iter().scan(1, |next, member| {
        let number = *next;
        *next += 1 + member.value.descendants();
        Some((number, member))
    })
}
