//! In which clouds two contracts say that their operation is available.

use super::found::Found;
use super::two::Two;
use crate::Kind;
use graph_contracts::at::{At, DeclaredPart};
use graph_contracts::contract::{Availability, Cloud};

/// The clouds that were added or removed. What either page does not say is not known, so nothing follows from it.
pub(super) fn changes(two: Two<'_>, found: &mut Vec<Found>) {
    let Two { old, new, .. } = two;
    let (Some(before), Some(after)) = (old.clouds, new.clouds) else { return };
    let places = two.lines((before.line, after.line));
    for cloud in Cloud::ALL {
        let kind = match (before.of(cloud), after.of(cloud)) {
            (Availability::Available, Availability::NotAvailable) => Kind::CloudRemoved,
            (Availability::NotAvailable, Availability::Available) => Kind::CloudAdded,
            _ => continue,
        };
        let words = (before.of(cloud).in_words(), after.of(cloud).in_words());
        let part = DeclaredPart::Cloud(cloud.name().to_owned());
        found.push(Found {
            // A page says it once for all its examples.
            key: format!("{} {}", places.1, cloud.name()),
            subject: cloud.title().to_owned(),
            ..two.found(kind, "the clouds of the page", words, places.clone()).at(At::Declared(Box::new(part)))
        });
    }
}
