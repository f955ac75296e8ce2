//! Which identifiers of one normal form stand for which of the other.
//!
//! The numbers in masks say which values of one exchange are equal. A missing member shifts the numbers behind it, so numbers
//! are not compared: an expected number and the actual one at its first place belong together from there on.
//!
//! Where an identifier is repeated, the repetition is only masked if the identifier itself is there. A text that looks like the
//! repetition is unverified until it is known whether the identifier was seen anywhere.

use std::collections::HashMap;

use crate::normal::{Identified, Mask, Piece, Shape, Text};

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

    /// Whether two texts agree, masks included; `None` if their literal parts differ. Where an identifier is expected, there may
    /// be a text that looks like one; with [`Agreement::Unverified`] come the masks that stand for such.
    pub(super) fn agree_texts(
        &mut self,
        expected: &Text,
        actual: &Text,
        identified: &Identified,
    ) -> Option<(Agreement, Vec<Mask>)> {
        let mut pairs = Vec::new();
        if !aligned(Rest::of(expected), Rest::of(actual), identified, &mut pairs) {
            return None;
        }
        let (mut agreement, mut unverified) = (Agreement::Same, Vec::new());
        for (one, other) in pairs {
            let found = other.map_or(Agreement::Unverified, |other| self.agree(one, other));
            if found == Agreement::Unverified {
                unverified.push(one);
            }
            if matches!(agreement, Agreement::Same | Agreement::Unverified) && found != Agreement::Same {
                agreement = found;
            }
        }
        Some((agreement, unverified))
    }
}

/// What is left of a text: of its first piece, if that is a literal, and of the others.
#[derive(Clone, Copy)]
struct Rest<'t> {
    literal: &'t str,
    pieces: &'t [Piece],
}

impl<'t> Rest<'t> {
    fn of(text: &'t Text) -> Rest<'t> {
        Rest { literal: "", pieces: &text.0 }.loaded()
    }

    /// With the next literal at hand, if a literal is next.
    fn loaded(self) -> Rest<'t> {
        match self.pieces.split_first() {
            Some((Piece::Literal(next), pieces)) if self.literal.is_empty() => Rest { literal: next, pieces }.loaded(),
            _ => self,
        }
    }

    fn after(self, length: usize) -> Rest<'t> {
        Rest { literal: &self.literal[length..], ..self }.loaded()
    }

    /// The mask that is next, and what follows it.
    fn mask(self) -> Option<(Mask, Rest<'t>)> {
        match self.pieces.split_first() {
            Some((Piece::Mask(mask), pieces)) if self.literal.is_empty() => {
                Some((*mask, Rest { literal: "", pieces }.loaded()))
            }
            _ => None,
        }
    }
}

/// Puts each expected mask beside what stands in its place: a mask, or a text that looks like its identifier. Where a literal is
/// expected, a mask may stand for the same text.
fn aligned(
    expected: Rest<'_>,
    actual: Rest<'_>,
    identified: &Identified,
    pairs: &mut Vec<(Mask, Option<Mask>)>,
) -> bool {
    match (expected.mask(), actual.mask()) {
        (Some((one, expected)), Some((other, actual))) => {
            pairs.push((one, Some(other)));
            aligned(expected, actual, identified, pairs)
        }
        (Some((mask, expected)), None) => {
            let end = match expected.literal {
                "" => Some(actual.literal.len()),
                next => actual.literal.find(next),
            };
            end.is_some_and(|end| {
                pairs.push((mask, None));
                is_like(mask, &actual.literal[..end]) && aligned(expected, actual.after(end), identified, pairs)
            })
        }
        (None, Some((mask, actual))) => {
            let text = identified.text(mask).unwrap_or_default();
            !text.is_empty()
                && expected.literal.starts_with(text)
                && aligned(expected.after(text.len()), actual, identified, pairs)
        }
        (None, None) => {
            let length = expected.literal.len().min(actual.literal.len());
            match length {
                0 => expected.literal == actual.literal,
                _ => {
                    expected.literal.as_bytes()[..length] == actual.literal.as_bytes()[..length]
                        && aligned(expected.after(length), actual.after(length), identified, pairs)
                }
            }
        }
    }
}

/// Whether a text could stand where an identifier is repeated.
pub(super) fn is_like(mask: Mask, text: &str) -> bool {
    mask.number.is_some() && Shape::of_string(text) == mask.shape
}
