//! Something that the documents declare, and its changes.

use super::pair::Model;
use crate::diff::found::{Found, switched};
use crate::{Kind, Place};
use graph_contracts_odata::csdl::TypeId;

/// Where something is declared in both documents, as offsets; or where what is nearest to it is.
pub(super) type Offsets = (Option<u32>, Option<u32>);

/// A type, property, enumeration member, operation, parameter or element of the container.
#[derive(Clone)]
pub(super) struct Item<'m> {
    pub(super) model: &'m Model<'m>,
    /// The type, operation or element that it is or belongs to.
    pub(super) owner: String,
    pub(super) area: String,
    pub(super) subject: String,
    /// What changes of it have in common.
    pub(super) key: String,
    /// What it is called where a change shows.
    pub(super) label: String,
    pub(super) at: Offsets,
}

impl<'m> Item<'m> {
    /// A type as a whole.
    pub(super) fn of_type(model: &'m Model<'m>, name: &str, at: Offsets) -> Item<'m> {
        let [owner, area, subject, key] = [name; 4].map(str::to_owned);
        Item { model, owner, area, subject, key, label: format!("type {name}"), at }
    }

    /// A property or an enumeration member of this type.
    pub(super) fn member(&self, what: &str, name: &str, at: (u32, u32)) -> Item<'m> {
        let subject = format!("{}/{name}", self.owner);
        let label = format!("{what} {name} of {}", self.owner);
        Item { key: subject.clone(), subject, label, at: (Some(at.0), Some(at.1)), ..self.clone() }
    }

    /// A part of this operation, such as a parameter.
    pub(super) fn part(&self, what: &str, at: (u32, u32)) -> Item<'m> {
        let subject = format!("{what} of {}", self.subject);
        let key = format!("{} {what}", self.key);
        Item { key, label: subject.clone(), subject, at: (Some(at.0), Some(at.1)), ..self.clone() }
    }

    fn place(&self) -> Place {
        self.model.place(&self.owner, &self.label, self.at)
    }

    /// A change of it.
    pub(super) fn change(&self, kind: Kind, words: (&str, &str)) -> Found {
        let (key, area) = (self.key.clone(), self.area.clone());
        Found { key, area, ..Found::new(kind, &self.subject, words, self.place()) }
    }

    /// A change of it that belongs to the change of a whole type.
    pub(super) fn change_with_type(&self, kind: Kind, type_name: &str, words: (&str, &str)) -> Found {
        Found::new(kind, type_name, words, self.place())
    }

    /// Its change, if these words differ.
    pub(super) fn changed(&self, kind: Kind, words: (&str, &str)) -> Option<Found> {
        (words.0 != words.1).then(|| self.change(kind, words))
    }

    /// Its change, if something was turned on or off.
    pub(super) fn switched(&self, states: (bool, bool), kinds: [Kind; 2], words: [&'static str; 2]) -> Option<Found> {
        switched(states, kinds, words).map(|(kind, words)| self.change(kind, words))
    }

    /// Its change, if it has another type: not one that was only renamed.
    pub(super) fn retyped(&self, kind: Kind, (old, new): (&'m str, &'m str)) -> Option<Found> {
        let model = self.model;
        let is_same = model.old_type(old) == model.new_name(new);
        (!is_same).then(|| self.change(kind, (&model.old_name(old), &model.new_name(new))))
    }

    /// The renaming of the type that it has, which shows here too.
    pub(super) fn renamed_use(&self, (old, new): (&'m str, &'m str)) -> Option<Found> {
        let (old, new) = (self.model.old.type_ref(old).id?, self.model.new.type_ref(new).id?);
        if self.model.pairs.to_new(old) == Some(new) { self.renamed((old, new)) } else { None }
    }

    /// The renaming of a type, where it shows. A namespace that has another name is one change for all its types.
    pub(super) fn renamed(&self, (old, new): (TypeId, TypeId)) -> Option<Found> {
        let (before, after) = (self.model.old.full_name(old), self.model.new.full_name(new));
        if before == after {
            return None;
        }
        let words = match (before.rsplit_once('.'), after.rsplit_once('.')) {
            (Some((was, name)), Some((is, other))) if name == other && self.model.is_gone(was) => (was, is),
            _ => (before.as_str(), after.as_str()),
        };
        let found = Found::new(Kind::TypeRenamed, words.0, words, self.place());
        Some(Found { key: format!("{} {}", words.0, words.1), ..found })
    }
}
