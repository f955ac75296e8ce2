//! Facets, which restrict the values of a type (OData CSDL XML 4.01 section 7.2), and default values.

use std::cmp::Ordering;

use super::item::Item;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Csdl, Facets, Notes, TypeKind};

/// The kinds of changes of facets, by who sees the values.
#[derive(Clone, Copy)]
pub(super) struct FacetKinds {
    /// Fewer values are allowed than before.
    narrowed: Kind,
    /// More are.
    widened: Kind,
    /// There is another value where none is given.
    default: Kind,
}

impl FacetKinds {
    /// Those of a property or a type definition.
    pub(super) fn of_property(is_sent: bool) -> FacetKinds {
        let (narrowed, default) = match is_sent {
            true => (Kind::PropertyNarrowed, Kind::DefaultChanged),
            false => (Kind::ResponsePropertyNarrowed, Kind::ResponseDefaultChanged),
        };
        FacetKinds { narrowed, widened: Kind::PropertyWidened, default }
    }

    /// Those of a parameter.
    pub(super) const OF_PARAMETER: FacetKinds = FacetKinds {
        narrowed: Kind::ParameterNarrowed,
        widened: Kind::ParameterWidened,
        default: Kind::DefaultChanged,
    };
}

/// The changes of facets of something that has a type. Where that is a type definition on one side only, what restricts the definition
/// restricts the values there (OData CSDL XML 4.01 section 11.1).
pub(super) fn of_typed(
    item: &Item<'_>,
    types: (&str, &str),
    (old, new): (&Facets<'_>, &Facets<'_>),
    kinds: FacetKinds,
    found: &mut Vec<Found>,
) {
    let [was, is] = [definition(item.model.old, types.0), definition(item.model.new, types.1)];
    if was.is_some() == is.is_some() {
        return changes(item, (old, new), kinds, found);
    }
    changes(item, (&with(old, was), &with(new, is)), kinds, found);
}

/// What restricts the type definition of that name, if it is one.
fn definition<'m>(csdl: &'m Csdl<'m>, text: &str) -> Option<&'m Facets<'m>> {
    let inner = text.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
    match &csdl.declaration(csdl.find_type(inner.unwrap_or(text))?).kind {
        TypeKind::Definition { facets, .. } => Some(facets),
        _ => None,
    }
}

fn with<'m>(own: &Facets<'m>, definition: Option<&Facets<'m>>) -> Facets<'m> {
    let Some(definition) = definition else { return own.clone() };
    Facets {
        max_length: own.max_length.or(definition.max_length),
        precision: own.precision.or(definition.precision),
        scale: own.scale.or(definition.scale),
        unicode: own.unicode.or(definition.unicode),
        default: own.default,
    }
}

/// The changes of facets.
pub(super) fn changes(
    item: &Item<'_>,
    (old, new): (&Facets<'_>, &Facets<'_>),
    FacetKinds { narrowed, widened, default }: FacetKinds,
    found: &mut Vec<Found>,
) {
    // What is not given restricts nothing, but for the scale, which is 0 (section 7.2.4).
    let bounds = [
        ("MaxLength", old.max_length, new.max_length, u64::MAX),
        ("Precision", old.precision, new.precision, u64::MAX),
        ("Scale", old.scale, new.scale, 0),
    ];
    for (name, was, is, absent) in bounds {
        let bound = |text: Option<&str>| text.map_or(absent, |text| text.parse().unwrap_or(u64::MAX));
        let kind = match bound(is).cmp(&bound(was)) {
            Ordering::Less => narrowed,
            Ordering::Greater => widened,
            Ordering::Equal => continue,
        };
        found.push(change(item, kind, name, (was, is)));
    }
    // Without Unicode, there are ASCII characters only (section 7.2.5).
    let is_ascii = |facets: &Facets<'_>| facets.unicode == Some("false");
    match (is_ascii(old), is_ascii(new)) {
        (false, true) => found.push(change(item, narrowed, "Unicode", (old.unicode, new.unicode))),
        (true, false) => found.push(change(item, widened, "Unicode", (old.unicode, new.unicode))),
        _ => {}
    }
    if old.default != new.default {
        found.push(change(item, default, "DefaultValue", (old.default, new.default)));
    }
}

/// That text has to match another pattern than before (`Org.OData.Validation.V1.Pattern`).
pub(super) fn pattern(
    item: &Item<'_>,
    (old, new): (Option<&Notes>, Option<&Notes>),
    FacetKinds { narrowed, widened, .. }: FacetKinds,
) -> Option<Found> {
    let [was, is] = [old, new].map(|notes| notes.and_then(|notes| notes.pattern.as_deref()));
    match (was, is) {
        (was, is) if was == is => None,
        (was, None) => Some(change(item, widened, "Pattern", (was, None))),
        // What another pattern allows is not known: what was sent may be refused.
        (was, is) => Some(change(item, narrowed, "Pattern", (was, is))),
    }
}

/// The change of one facet: there may be several of a kind.
fn change(item: &Item<'_>, kind: Kind, name: &str, (was, is): (Option<&str>, Option<&str>)) -> Found {
    let shown = |value: Option<&str>| value.map_or(NOTHING.to_owned(), |value| format!("{name} {value}"));
    Found { key: format!("{} {name}", item.key), ..item.change(kind, (&shown(was), &shown(is))) }
}
