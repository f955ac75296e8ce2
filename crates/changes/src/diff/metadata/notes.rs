//! What annotations allow: capabilities, read-only properties, further keys, deprecations.

use super::pair::Model;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Capability, Deprecation, Element, Notes, Operation, Property, TypeId};

/// Something with annotations, in both documents.
struct Annotated<'a> {
    old: Option<&'a Notes>,
    new: Option<&'a Notes>,
    /// Where it is declared.
    at: (u32, u32),
    item: &'a str,
    subject: String,
    what: String,
}

/// Where it says that a property cannot be set, or set only once.
pub(super) fn read_only(notes: Option<&Notes>) -> Option<u32> {
    notes.and_then(|notes| notes.computed)
}

pub(super) fn of_type(model: &Model<'_, '_, '_>, one: TypeId, other: TypeId, name: &str, found: &mut Vec<Found>) {
    let (old, new) = (model.old.declaration(one).notes.as_deref(), model.new.declaration(other).notes.as_deref());
    let at = (model.old.declaration(one).at, model.new.declaration(other).at);
    let own = Annotated { old, new, at, item: name, subject: name.to_owned(), what: format!("type {name}") };
    own.deprecation(model, found);
    let keys = |notes: Option<&Notes>| -> Vec<String> {
        notes.into_iter().flat_map(|notes| &notes.alternate_keys).map(|key| key.join(", ")).collect()
    };
    let (was, is) = (keys(old), keys(new));
    for key in was.iter().filter(|key| !is.contains(key)) {
        found.push(own.change(model, Kind::AlternateKeyRemoved, (key, NOTHING), own.at));
    }
    for key in is.iter().filter(|key| !was.contains(key)) {
        found.push(own.change(model, Kind::AlternateKeyAdded, (NOTHING, key), own.at));
    }
}

pub(super) fn of_property<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    (old, new): (&Property<'o>, &Property<'n>),
    type_name: &str,
    found: &mut Vec<Found>,
) {
    let name = new.name;
    let own = Annotated {
        old: old.notes.as_deref(),
        new: new.notes.as_deref(),
        at: (old.at, new.at),
        item: type_name,
        subject: format!("{type_name}/{name}"),
        what: format!("property {name} of {type_name}"),
    };
    own.all(model, found);
    let set = |notes: Option<&Notes>| match notes {
        Some(notes) if notes.computed.is_some() => ("read-only", 2),
        Some(notes) if notes.immutable.is_some() => ("set once", 1),
        _ => ("can be set", 0),
    };
    let (was, is) = (set(own.old), set(own.new));
    if was.1 != is.1 {
        let kind = if is.1 > was.1 { Kind::PropertyReadOnly } else { Kind::PropertyWritable };
        found.push(own.change(model, kind, (was.0, is.0), own.at));
    }
}

pub(super) fn of_operation<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    (old, new): (&Operation<'o>, &Operation<'n>),
    (item, subject): (&str, &str),
    found: &mut Vec<Found>,
) {
    let own = Annotated {
        old: old.notes.as_deref(),
        new: new.notes.as_deref(),
        at: (old.at, new.at),
        item,
        subject: subject.to_owned(),
        what: format!("operation {subject}"),
    };
    own.deprecation(model, found);
}

pub(super) fn of_element<'o, 'n>(
    model: &Model<'_, 'o, 'n>,
    (old, new): (&Element<'o>, &Element<'n>),
    found: &mut Vec<Found>,
) {
    let own = Annotated {
        old: old.notes.as_deref(),
        new: new.notes.as_deref(),
        at: (old.at, new.at),
        item: new.name,
        subject: new.name.to_owned(),
        what: format!("element {}", new.name),
    };
    own.all(model, found);
}

impl Annotated<'_> {
    fn change(
        &self,
        model: &Model<'_, '_, '_>,
        kind: Kind,
        (before, after): (&str, &str),
        (old, new): (u32, u32),
    ) -> Found {
        Found {
            kind,
            key: format!("{} {}", self.subject, if before == NOTHING { after } else { before }),
            area: self.item.to_owned(),
            subject: self.subject.clone(),
            before: before.to_owned(),
            after: after.to_owned(),
            place: model.place(self.item.to_owned(), self.what.clone(), Some(old), Some(new)),
        }
    }

    fn all(&self, model: &Model<'_, '_, '_>, found: &mut Vec<Found>) {
        self.capabilities(model, found);
        self.deprecation(model, found);
    }

    /// What clients may do with entities. What nothing is said of is allowed (OData Capabilities vocabulary).
    fn capabilities(&self, model: &Model<'_, '_, '_>, found: &mut Vec<Found>) {
        type Get = fn(&Notes) -> Option<Capability>;
        let kinds: [(&str, Get); 4] = [
            ("insert", |notes| notes.insertable),
            ("update", |notes| notes.updatable),
            ("delete", |notes| notes.deletable),
            ("read", |notes| notes.readable),
        ];
        for (name, get) in kinds {
            let (was, is) = (self.old.and_then(get), self.new.and_then(get));
            let is_allowed = |capability: Option<Capability>| capability.is_none_or(|own| own.allowed);
            let at = (was.map_or(self.at.0, |own| own.at), is.map_or(self.at.1, |own| own.at));
            let (yes, no) = (format!("{name} allowed"), format!("{name} not allowed"));
            match (is_allowed(was), is_allowed(is)) {
                (true, false) => found.push(self.change(model, Kind::CapabilityRemoved, (&yes, &no), at)),
                (false, true) => found.push(self.change(model, Kind::CapabilityAdded, (&no, &yes), at)),
                _ => {}
            }
        }
    }

    fn deprecation(&self, model: &Model<'_, '_, '_>, found: &mut Vec<Found>) {
        let get = |notes: Option<&'_ Notes>| notes.and_then(|notes| notes.deprecated.clone());
        let (was, is) = (get(self.old), get(self.new));
        let says = |own: &Option<Deprecation>| own.as_ref().map(|own| (own.description.clone(), own.removal.clone()));
        if says(&was) == says(&is) {
            return;
        }
        let kind = if was.is_none() { Kind::Deprecated } else { Kind::DeprecationChanged };
        let shown = |own: &Option<Deprecation>| match own {
            None => "not deprecated".to_owned(),
            Some(Deprecation { description, removal: Some(date), .. }) => {
                format!("deprecated, to be removed on {date}: {description}")
            }
            Some(Deprecation { description, .. }) => format!("deprecated: {description}"),
        };
        let at = (was.as_ref().map_or(self.at.0, |own| own.at), is.as_ref().map_or(self.at.1, |own| own.at));
        let change = self.change(model, kind, (&shown(&was), &shown(&is)), at);
        // One announcement deprecates many things at once.
        let key = is.as_ref().or(was.as_ref()).map_or(String::new(), |own| own.description.clone());
        found.push(if key.is_empty() { change } else { Found { key, ..change } });
    }
}
