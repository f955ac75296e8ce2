//! Which identifiers of one normal form stand for which of the other.
//!
//! The numbers in masks say which values of one exchange are equal. A missing member shifts the numbers behind it, so numbers
//! are not compared: an expected number and the actual one at its first place belong together from there on.
//!
//! Where an identifier is repeated, the repetition is only masked if the identifier itself is there. A text that looks like the
//! repetition is unverified until it is known whether the identifier was seen anywhere.

use std::collections::HashMap;

use crate::normal::{Mask, Piece, Shape, Text};

/// The correspondence found so far.
#[derive(Debug, Default)]
pub(super) struct Identities {
    to_actual: HashMap<(Shape, u32), u32>,
    to_expected: HashMap<(Shape, u32), u32>,
}

/// How two masks agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// They do.
    Same,
    /// The values look different.
    OtherShape,
    /// The value is equal to others than expected.
    OtherIdentity,
    /// There is an identifier of the right shape, and so far it is not known to which it should be equal.
    Unverified,
}

impl Identities {
    pub(super) fn agree(&mut self, expected: Mask, actual: Mask) -> Agreement {
        if expected.shape != actual.shape {
            return Agreement::OtherShape;
        }
        match (expected.number, actual.number) {
            (Some(one), Some(other)) => {
                let shape = expected.shape;
                let (known_actual, known_expected) =
                    (self.to_actual.get(&(shape, one)).copied(), self.to_expected.get(&(shape, other)).copied());
                match (known_actual, known_expected) {
                    (None, None) => {
                        self.to_actual.insert((shape, one), other);
                        self.to_expected.insert((shape, other), one);
                        Agreement::Same
                    }
                    (Some(actual), _) if actual == other => Agreement::Same,
                    _ => Agreement::OtherIdentity,
                }
            }
            (None, None) => Agreement::Same,
            _ => Agreement::OtherIdentity,
        }
    }

    /// Whether an identifier of the expected form has been seen in the actual one.
    pub(super) fn knows(&self, expected: Mask) -> bool {
        expected.number.is_some_and(|number| self.to_actual.contains_key(&(expected.shape, number)))
    }

    /// Whether two texts agree, masks included; `None` if their literal parts differ.
    pub(super) fn agree_texts(&mut self, expected: &Text, actual: &Text) -> Option<Agreement> {
        if expected.0.len() != actual.0.len() {
            return fits(&expected.0, actual.as_literal()?).then_some(Agreement::Unverified);
        }
        let mut agreement = Agreement::Same;
        for pieces in expected.0.iter().zip(&actual.0) {
            match pieces {
                (Piece::Literal(one), Piece::Literal(other)) if one == other => {}
                (Piece::Mask(one), Piece::Mask(other)) => {
                    let found = self.agree(*one, *other);
                    if agreement == Agreement::Same {
                        agreement = found;
                    }
                }
                _ => return None,
            }
        }
        Some(agreement)
    }
}

/// Whether a text without masks could be one with these pieces.
fn fits(pieces: &[Piece], text: &str) -> bool {
    match pieces.split_first() {
        None => text.is_empty(),
        Some((Piece::Literal(literal), rest)) => {
            text.strip_prefix(literal.as_str()).is_some_and(|text| fits(rest, text))
        }
        Some((Piece::Mask(mask), rest)) => {
            let end = match rest.first() {
                Some(Piece::Literal(next)) => text.find(next.as_str()),
                _ => Some(text.len()),
            };
            end.is_some_and(|end| is_like(*mask, &text[..end]) && fits(rest, &text[end..]))
        }
    }
}

/// Whether a text could stand where an identifier is repeated.
pub(super) fn is_like(mask: Mask, text: &str) -> bool {
    mask.number.is_some() && Shape::of_string(text) == mask.shape
}
