//! Two contracts that document the same, and how their changes are reported.

use std::collections::BTreeSet;

use super::found::Found;
use super::operation::area;
use crate::declared::Side;
use crate::judgment::Volatile;
use crate::{Kind, Place};
use graph_contracts::contract::{BlockSource, Contract};
use graph_contracts::source::SourceLine;

/// Which types the contracts of a set name.
pub(super) type TypeNames<'c> = BTreeSet<&'c str>;

/// Where something is in both contracts, or what is nearest to it.
pub(super) type Places = (SourceLine, SourceLine);

/// The part of their properties that two types have to have in common for one to be the other renamed, of 100.
const ALIKE: usize = 60;

/// Two contracts, each with the names of types of its set.
#[derive(Clone, Copy)]
pub(super) struct Two<'c> {
    pub(super) old: &'c Contract,
    pub(super) new: &'c Contract,
    pub(super) names: (&'c TypeNames<'c>, &'c TypeNames<'c>),
    /// What is volatile in their responses, by the rules of each set.
    pub(super) volatile: (&'c Volatile<'c>, &'c Volatile<'c>),
}

impl<'c> Two<'c> {
    /// The request or response in the pages of both.
    pub(super) fn blocks(&self, side: Side) -> (&'c BlockSource, &'c BlockSource) {
        let block = |contract: &'c Contract| match side {
            Side::Request => &contract.source.request,
            Side::Response => &contract.source.response,
        };
        (block(self.old), block(self.new))
    }

    /// These lines of their pages.
    pub(super) fn lines(&self, (old, new): (u32, u32)) -> Places {
        (self.old.source_line(old), self.new.source_line(new))
    }

    /// The lines where the request or response begins.
    pub(super) fn begin(&self, side: Side) -> Places {
        let (old, new) = self.blocks(side);
        self.lines((old.line, new.line))
    }

    /// A change of these contracts alone.
    pub(super) fn found(&self, kind: Kind, at: &str, words: (&str, &str), (old, new): Places) -> Found {
        let id = &self.new.id;
        let place = Place { item: id.clone(), at: at.to_owned(), spot: None, old: Some(old), new: Some(new) };
        Found { key: format!("{id} {at}"), area: area(self.new), ..Found::new(kind, at, words, place) }
    }

    /// Whether a type of the old contract and one of the new have most of their properties, or their name without its namespace, in common.
    fn are_alike(&self, before: &str, after: &str) -> bool {
        let bare = |name: &'_ str| name.rsplit('.').next().unwrap_or(name).to_owned();
        let names = |contract: &'c Contract, name: &str| -> BTreeSet<&'c str> {
            let own = contract.types.get(name);
            own.into_iter().flat_map(|own| own.properties.iter().map(|own| own.name.as_str())).collect()
        };
        let (one, other) = (names(self.old, before), names(self.new, after));
        let (common, all) = (one.intersection(&other).count(), one.union(&other).count());
        bare(before) == bare(after) || (all > 0 && common * 100 >= all * ALIKE)
    }

    /// A change as one of a type, or of a property of it: whichever contract shows it, it has one cause. A type may have several of a
    /// kind, by `detail`.
    pub(super) fn of_type(&self, type_name: &str, property: &str, detail: &str, found: Found) -> Found {
        let separator = if property.is_empty() { "" } else { "/" };
        let name = format!("{type_name}{separator}{property}");
        // A type without a namespace is that of its page alone.
        let (area, subject) = match type_name.contains('.') {
            true => (type_name.to_owned(), name),
            false => (area(self.new), format!("{} {name}", self.new.id)),
        };
        Found { key: format!("{subject} {detail}"), area, subject, ..found }
    }

    /// The change of one type's name to another, which has one cause wherever it shows; nothing where they are two types. A type is
    /// renamed if the old name is gone from its set, the new one was not there, and both are declared alike: a set names only the types
    /// that its messages need, so that the old one may well be there still.
    pub(super) fn renamed(&self, (before, after): (&str, &str), found: &Found) -> Option<Found> {
        let is_renamed = !before.eq_ignore_ascii_case(after)
            && !self.names.1.contains(before)
            && !self.names.0.contains(after)
            && self.are_alike(before, after);
        let renamed = || Found::new(Kind::TypeRenamed, before, (before, after), found.place.clone());
        is_renamed.then(|| Found { key: format!("{before} {after}"), ..renamed() })
    }
}
