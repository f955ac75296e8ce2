//! What the URLs of a service address: sets, singletons, and what navigation properties lead to.

use std::collections::HashMap;

use crate::model::{Model, TypeRef};

/// How often one property is followed at most.
const MOST_USES: usize = 3;

/// What a URL addresses.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its path.
    pub(crate) path: String,
    pub(crate) of: TypeRef,
    /// The type that its last segment is a property of, if it is one.
    pub(crate) parent: Option<String>,
    /// Whether entities are created and deleted there: in a set, or where they are contained.
    pub(crate) owns: bool,
    /// Whether it is the one of its kind, so that it cannot be deleted.
    pub(crate) is_singleton: bool,
}

/// Places of which no annotation rules anything out, in the order of their depth.
pub(crate) fn places(model: &Model, deepest: usize) -> Vec<Place> {
    let roots = model.roots.iter().filter(|root| !model.is_restricted(&root.name));
    let mut found: Vec<Place> = roots
        .map(|root| Place {
            path: format!("/{}", root.name),
            of: root.of.clone(),
            parent: None,
            owns: true,
            is_singleton: !root.of.is_collection,
        })
        .collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    let mut next = 0;
    while let Some(place) = found.get(next).cloned() {
        next += 1;
        let name = place.of.name.clone();
        if model.is_type_restricted(&name) || !model.lineage(&name).1 {
            continue;
        }
        if place.of.is_collection {
            if let Some(key) = key(model, &name) {
                let of = TypeRef { is_collection: false, ..place.of };
                found.push(Place { path: place.path + &key, of, is_singleton: false, ..place });
            }
            continue;
        }
        if place.path.matches('/').count() > deepest {
            continue;
        }
        for (declaring, own) in model.lineage(&name).0 {
            for property in &own.own {
                let full = format!("{declaring}/{}", property.name);
                let used = uses.entry(full.clone()).or_default();
                if !property.is_navigation || model.is_restricted(&full) || *used >= MOST_USES {
                    continue;
                }
                *used += 1;
                found.push(Place {
                    path: format!("{}/{}", place.path, property.name),
                    of: property.of.clone(),
                    parent: Some(name.clone()),
                    owns: property.is_contained,
                    is_singleton: false,
                });
            }
        }
    }
    found.retain(|place| !model.is_type_restricted(&place.of.name) && model.lineage(&place.of.name).1);
    found
}

/// The segment, or the parentheses, of a key.
fn key(model: &Model, name: &str) -> Option<String> {
    let names: Vec<&str> = model.key(name).into_iter().map(|property| property.name.as_str()).collect();
    match names.as_slice() {
        [] => None,
        [name] => Some(format!("/{{{name}}}")),
        names => {
            let parts: Vec<String> = names.iter().map(|name| format!("{name}={{{name}}}")).collect();
            Some(format!("({})", parts.join(",")))
        }
    }
}
