//! Navigation properties that nobody writes, because they say of an object what others say of it: `memberOf` has the groups whose `members` have it.
//! Metadata does not name these pairs; the pages of the resource types do ("user resource type" and "group resource type", relationships).

use std::collections::BTreeSet;

use super::tenant::{Place, Tenant};

/// A navigation property, and the one that clients write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inverse {
    /// Its name, in lower case.
    name: &'static str,
    /// The name of the one that clients write, in lower case.
    of: &'static str,
    /// Whether it leads to what has links to the object; otherwise to what the object has links to.
    is_backward: bool,
    /// Whether it leads on from there.
    is_transitive: bool,
}

const INVERSES: [Inverse; 8] = [
    Inverse { name: "memberof", of: "members", is_backward: true, is_transitive: false },
    Inverse { name: "transitivememberof", of: "members", is_backward: true, is_transitive: true },
    Inverse { name: "transitivemembers", of: "members", is_backward: false, is_transitive: true },
    Inverse { name: "directreports", of: "manager", is_backward: true, is_transitive: false },
    Inverse { name: "transitivereports", of: "manager", is_backward: true, is_transitive: true },
    Inverse { name: "ownedobjects", of: "owners", is_backward: true, is_transitive: false },
    Inverse { name: "owneddevices", of: "registeredowners", is_backward: true, is_transitive: false },
    Inverse { name: "registereddevices", of: "registeredusers", is_backward: true, is_transitive: false },
];

/// Which navigation properties follow from links that clients can write by the contracts.
#[derive(Debug, Default)]
pub(super) struct Inverses(Vec<Inverse>);

impl Inverses {
    /// Those of which `is_linkable` holds, asked by the name of the property that clients write.
    pub(super) fn new(is_linkable: impl Fn(&str) -> bool) -> Inverses {
        Inverses(INVERSES.into_iter().filter(|own| is_linkable(own.of)).collect())
    }

    /// Whether what a place leads to follows from links.
    pub(super) fn has(&self, place: &Place) -> bool {
        self.of(place).is_some()
    }

    fn of(&self, place: &Place) -> Option<&Inverse> {
        let name = place.last()?;
        self.0.iter().find(|own| own.name == name)
    }

    /// What a navigation property leads to without containing it: what was linked there, and what follows from other links.
    pub(super) fn leads_to(&self, place: &Place, tenant: &Tenant) -> Vec<Place> {
        let mut found = tenant.linked(place).to_vec();
        let Some((own, object)) = self.of(place).zip(place.split_last().map(|(_, object)| object.to_vec())) else {
            return found;
        };
        let mut seen = BTreeSet::from([object.clone()]);
        let mut open = vec![object];
        while let Some(at) = open.pop() {
            let next: Vec<Place> = if own.is_backward {
                tenant.linking(own.of, &at)
            } else {
                tenant.linked(&[at.as_slice(), &[own.of.to_owned()]].concat()).to_vec()
            };
            for place in next {
                if seen.insert(place.clone()) {
                    open.extend(own.is_transitive.then(|| place.clone()));
                    found.push(place);
                }
            }
        }
        found
    }
}
