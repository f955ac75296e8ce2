//! Which elements of two arrays belong together. Elements come, go and change places between two reads; that makes none of their
//! values volatile.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::unlearned_reason::UnlearnedReason;
use graph_contracts::json::{Json, walk};
use graph_contracts::normal::{Node, NormalForm, Piece, Text};

/// The elements that belong together, by their positions, and what is to be said of the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Aligned {
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) why: Vec<UnlearnedReason>,
}

/// Aligns two arrays: by the `id` of their elements where they have some in common; by position, where the elements are mostly
/// the same there; else not at all.
pub(super) fn align(one: (&[Node], &NormalForm), other: (&[Node], &NormalForm)) -> Aligned {
    let ((first, _), (second, _)) = (one, other);
    if let (Some(keys), Some(others)) = (keys(one), keys(other)) {
        let aligned = by_key(&keys, &others);
        if !aligned.pairs.is_empty() {
            return aligned;
        }
    }
    let by_position = || (0..first.len()).map(|index| (index, index)).collect();
    if first.len() != second.len() {
        return Aligned { pairs: Vec::new(), why: vec![UnlearnedReason::Length] };
    }
    if first.iter().zip(second).all(|(one, other)| is_same(one, other)) {
        return Aligned { pairs: by_position(), why: Vec::new() };
    }
    if sorted(first) == sorted(second) {
        return Aligned { pairs: Vec::new(), why: vec![UnlearnedReason::Order] };
    }
    let mut likeness = Likeness::default();
    first.iter().zip(second).for_each(|(one, other)| likeness.add(one, other));
    let is_scalar = |node: &Node| !matches!(node, Node::Array(_) | Node::Object(_));
    // Of scalars nothing tells whether one changed, or went and another came.
    if first.iter().chain(second).any(is_scalar) || likeness.same * 2 < likeness.all {
        return Aligned { pairs: Vec::new(), why: vec![UnlearnedReason::Elements] };
    }
    Aligned { pairs: by_position(), why: Vec::new() }
}

fn by_key(keys: &[String], others: &[String]) -> Aligned {
    let positions: HashMap<&str, usize> = others.iter().enumerate().map(|(index, key)| (key.as_str(), index)).collect();
    let pair = |(index, key): (usize, &String)| Some((index, *positions.get(key.as_str())?));
    let pairs: Vec<(usize, usize)> = keys.iter().enumerate().filter_map(pair).collect();
    let mut why = Vec::new();
    if keys.len() != others.len() {
        why.push(UnlearnedReason::Length);
    } else if pairs.len() < keys.len() {
        why.push(UnlearnedReason::Elements);
    }
    if !pairs.is_sorted_by_key(|(_, other)| *other) {
        why.push(UnlearnedReason::Order);
    }
    Aligned { pairs, why }
}

/// The ids of the elements, if each has one and no two have the same.
fn keys((items, form): (&[Node], &NormalForm)) -> Option<Vec<String>> {
    let key = |item: &Node| match item.get("id")? {
        Node::Mask(mask) => form.identified.text(*mask).map(str::to_owned),
        Node::String(text) => text.as_literal().map(str::to_owned),
        Node::Plain(Json::Number(number)) => Some(number.literal().to_owned()),
        Node::Plain(_) | Node::Array(_) | Node::Object(_) => None,
    };
    let keys: Vec<String> = items.iter().map(key).collect::<Option<_>>()?;
    let mut distinct: Vec<&String> = keys.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    (distinct.len() == keys.len()).then_some(keys)
}

/// Whether two values are equal. The numbers of masks follow from what else is in the response, and do not count.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Mask(one), Node::Mask(other)) => one.shape == other.shape,
        (Node::String(one), Node::String(other)) => is_same_text(one, other),
        (Node::Plain(Json::Number(one)), Node::Plain(Json::Number(other))) => one.same_value(other),
        (Node::Plain(one), Node::Plain(other)) => one == other,
        (Node::Array(one), Node::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Node::Object(one), Node::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((name, one), (own, other))| name == own && is_same(one, other))
        }
        _ => false,
    }
}

/// The same for texts with masks.
pub(super) fn is_same_text(one: &Text, other: &Text) -> bool {
    let is_same_piece = |(one, other): (&Piece, &Piece)| match (one, other) {
        (Piece::Mask(one), Piece::Mask(other)) => one.shape == other.shape,
        (one, other) => one == other,
    };
    one.0.len() == other.0.len() && one.0.iter().zip(&other.0).all(is_same_piece)
}

/// How much two values have in common: their leaves, but for those that are masked.
#[derive(Default)]
struct Likeness {
    same: usize,
    all: usize,
}

impl Likeness {
    fn add(&mut self, one: &Node, other: &Node) {
        walk(one, other, &mut |_, one, other| {
            let is_same = match (one, other) {
                (Some(Node::Mask(_)), Some(Node::Mask(_))) | (None, _) => return false,
                (Some(Node::Object(_)), Some(Node::Object(_))) => return true,
                (Some(Node::Array(one)), Some(Node::Array(other))) if one.len() == other.len() => return true,
                (Some(one), other) => other.is_some_and(|other| is_same(one, other)),
            };
            self.all += 1;
            self.same += usize::from(is_same);
            false
        });
    }
}

/// The elements as text, sorted. The numbers of masks follow from the order, and are left out.
fn sorted(items: &[Node]) -> Vec<String> {
    fn write(node: &Node, text: &mut String) {
        match node {
            Node::Array(items) => {
                text.push('[');
                items.iter().for_each(|item| write(item, text));
                text.push(']');
            }
            Node::Object(members) => {
                text.push('{');
                for (name, value) in members {
                    let _ = write!(text, "{name:?}:");
                    write(value, text);
                }
                text.push('}');
            }
            Node::Mask(mask) => text.push_str(mask.shape.name()),
            Node::String(own) => own.0.iter().for_each(|piece| {
                let _ = match piece {
                    Piece::Literal(literal) => write!(text, "{literal:?}"),
                    Piece::Mask(mask) => write!(text, "<{}>", mask.shape),
                };
            }),
            Node::Plain(value) => {
                let _ = write!(text, "{value},");
            }
        }
    }
    let mut texts: Vec<String> = items
        .iter()
        .map(|item| {
            let mut text = String::new();
            write(item, &mut text);
            text
        })
        .collect();
    texts.sort_unstable();
    texts
}
