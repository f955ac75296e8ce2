//! Facets, which restrict the values of a type (OData CSDL XML 4.01 section 7.2), and default values.

use std::cmp::Ordering;

use super::item::Item;
use crate::diff::found::Found;
use crate::{Kind, NOTHING};
use graph_contracts_odata::csdl::{Facets, Notes};

/// The changes of facets: `narrowed` where fewer values are allowed than before, `widened` where more are.
pub(super) fn changes(
    item: &Item<'_>,
    (old, new): (&Facets<'_>, &Facets<'_>),
    [narrowed, widened]: [Kind; 2],
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
        found.push(change(item, Kind::DefaultChanged, "DefaultValue", (old.default, new.default)));
    }
}

/// That text has to match another pattern than before (`Org.OData.Validation.V1.Pattern`).
pub(super) fn pattern(
    item: &Item<'_>,
    (old, new): (Option<&Notes>, Option<&Notes>),
    [narrowed, widened]: [Kind; 2],
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
