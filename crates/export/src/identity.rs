//! Identifiers that stand in several places of an answer, and the place from which each is known.

use std::collections::BTreeMap;

use graph_contracts::json::Path;
use graph_contracts::normal::{Mask, Piece, Shape, Text};

use crate::claim::{Claim, Claims};

/// A mask that stands for one identifier.
pub(crate) type Identifier = (Shape, u32);

/// The identifier that a mask stands for.
pub(crate) fn identifier(mask: Mask) -> Option<Identifier> {
    Some((mask.shape, mask.number?))
}

/// The identifiers that stand in several places, each with the place from which it is taken.
pub(crate) struct Captured {
    /// By what they are.
    pub(crate) by_mask: BTreeMap<Identifier, Path>,
}

impl Captured {
    /// Those of an answer.
    pub(crate) fn of(claims: &Claims) -> Captured {
        let (mut first, mut count): (BTreeMap<Identifier, Path>, BTreeMap<Identifier, usize>) = Default::default();
        let mut see = |mask: Mask, path: Option<&Path>| {
            let Some(own) = identifier(mask) else { return };
            *count.entry(own).or_default() += 1;
            if let Some(path) = path {
                first.entry(own).or_insert_with(|| path.clone());
            }
        };
        for value in claims.values() {
            match &value.claim {
                Claim::Masked(mask) => see(*mask, Some(&value.path)),
                Claim::Text(text) => masks(text).for_each(|mask| see(mask, None)),
                Claim::Object(_) | Claim::Array(_) | Claim::Value(_) => {}
            }
        }
        claims.headers.iter().flat_map(|header| masks(&header.value)).for_each(|mask| see(mask, None));
        first.retain(|own, _| count.get(own).is_some_and(|count| *count > 1));
        Captured { by_mask: first }
    }

    /// Whether a mask stands for one of them.
    pub(crate) fn has(&self, mask: Mask) -> bool {
        identifier(mask).is_some_and(|own| self.by_mask.contains_key(&own))
    }

    /// Whether it is taken from there.
    pub(crate) fn is_from(&self, mask: Mask, path: &Path) -> bool {
        identifier(mask).and_then(|own| self.by_mask.get(&own)) == Some(path)
    }
}

/// The masks in a text.
pub(crate) fn masks(text: &Text) -> impl Iterator<Item = Mask> {
    text.0.iter().filter_map(|piece| match piece {
        Piece::Mask(mask) => Some(*mask),
        Piece::Literal(_) => None,
    })
}
