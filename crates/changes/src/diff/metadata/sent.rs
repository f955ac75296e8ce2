//! Which types callers send. Services take entities of the sets and of what is contained in addressed entities, unless annotations say that
//! they are neither inserted nor updated (OData vocabulary Capabilities), parameters of operations, and what is nested in all of these.
//! What a document does not show to be sent is not known to be: it may be in another document.

use std::collections::HashSet;

use graph_contracts_odata::csdl::{Ability, Csdl, ElementKind, Notes, Property, TypeId};

/// The types of a document whose properties are in requests.
pub(super) struct Sent(HashSet<TypeId>);

impl Sent {
    pub(super) fn of(csdl: &Csdl<'_>) -> Sent {
        let mut walk = Walk { csdl, sent: Reached::default(), addressed: Reached::default() };
        for operation in &csdl.operations {
            operation.own_parameters().iter().for_each(|own| walk.sent.reach(walk.csdl, own.type_text));
        }
        for element in &csdl.elements {
            let is_sent = match element.kind {
                ElementKind::EntitySet => may_be_sent(element.notes.as_deref()),
                ElementKind::Singleton => may(element.notes.as_deref(), Ability::Update),
                ElementKind::ActionImport | ElementKind::FunctionImport => continue,
            };
            walk.addressed.reach(csdl, element.type_text);
            if is_sent {
                walk.sent.reach(csdl, element.type_text);
            }
        }
        walk.through_addressed();
        walk.through_sent();
        Sent(walk.sent.declaring)
    }

    /// Whether values with the properties that a type declares are known to be sent.
    pub(super) fn has(&self, id: TypeId) -> bool {
        self.0.contains(&id)
    }
}

/// Types that are reached, each once.
#[derive(Default)]
struct Reached {
    types: HashSet<TypeId>,
    /// Those and the types that they inherit from.
    declaring: HashSet<TypeId>,
    waiting: Vec<TypeId>,
}

impl Reached {
    fn reach<'x>(&mut self, csdl: &Csdl<'x>, type_text: &'x str) {
        self.reach_type(csdl.type_ref(type_text).id);
    }

    fn reach_type(&mut self, id: Option<TypeId>) {
        self.waiting.extend(id.filter(|id| self.types.insert(*id)));
    }

    /// The properties of a type that was reached, and of those that inherit from it; each property is there once.
    fn next_properties<'c, 'x>(&mut self, csdl: &'c Csdl<'x>) -> Option<Vec<&'c Property<'x>>> {
        let id = self.waiting.pop()?;
        // A value may be of any type that inherits from the one that is declared.
        csdl.children(id).for_each(|child| self.reach_type(Some(child)));
        let fresh: Vec<TypeId> = csdl.lineage(id).take_while(|own| self.declaring.insert(*own)).collect();
        Some(fresh.into_iter().flat_map(|own| csdl.own_properties(own)).collect())
    }
}

struct Walk<'c, 'x> {
    csdl: &'c Csdl<'x>,
    sent: Reached,
    addressed: Reached,
}

impl Walk<'_, '_> {
    /// Entities that URLs lead to, and what is contained in them.
    fn through_addressed(&mut self) {
        while let Some(properties) = self.addressed.next_properties(self.csdl) {
            for property in properties {
                self.addressed.reach(self.csdl, property.type_text);
                // Entities that are not contained are in a set of their own.
                if property.is_navigation && property.contains_target && may_be_sent(property.notes.as_deref()) {
                    self.sent.reach(self.csdl, property.type_text);
                }
            }
        }
    }

    /// What is nested in what is sent.
    fn through_sent(&mut self) {
        while let Some(properties) = self.sent.next_properties(self.csdl) {
            let nested =
                |own: &&Property<'_>| !own.is_navigation || own.contains_target && may_be_sent(own.notes.as_deref());
            properties.into_iter().filter(nested).for_each(|own| self.sent.reach(self.csdl, own.type_text));
        }
    }
}

/// What is not denied is allowed.
fn may(notes: Option<&Notes>, ability: Ability) -> bool {
    notes.and_then(|own| own.capability(ability)).is_none_or(|own| own.allowed)
}

fn may_be_sent(notes: Option<&Notes>) -> bool {
    may(notes, Ability::Insert) || may(notes, Ability::Update)
}
