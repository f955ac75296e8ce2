//! Who sees the values of which types. Services take entities of the sets and of what is contained in addressed entities, unless annotations
//! say that they are neither inserted nor updated (OData vocabulary Capabilities), parameters of operations, and what is nested in all of
//! these. They answer with what is addressed, and with what operations return. What a document does not show to be sent is not known to be:
//! it may be in another document.

use std::collections::HashSet;

use crate::judgment::Use;
use graph_contracts_odata::csdl::{Ability, Csdl, ElementKind, Notes, Property, TypeId};

/// The types of a document, by who sees the properties that they declare.
pub(super) struct Uses {
    sent: HashSet<TypeId>,
    created: HashSet<TypeId>,
    received: HashSet<TypeId>,
}

impl Uses {
    pub(super) fn of(csdl: &Csdl<'_>) -> Uses {
        let mut walk = Walk {
            csdl,
            sent: Reached::default(),
            created: Reached::default(),
            received: Reached::default(),
            addressed: Reached::default(),
            restricted: Vec::new(),
            known: HashSet::new(),
        };
        for operation in &csdl.operations {
            operation.own_parameters().iter().for_each(|own| walk.create(own.type_text));
            operation.return_type.iter().for_each(|own| walk.received.reach(csdl, own));
        }
        for element in &csdl.elements {
            if matches!(element.kind, ElementKind::EntitySet | ElementKind::Singleton) {
                let is_collection = element.kind == ElementKind::EntitySet;
                walk.received.reach(csdl, element.type_text);
                walk.lead_to(element.type_text, is_collection, &[element.notes.as_deref()]);
                walk.address(element.type_text, way_from(element.notes.as_deref()).collect());
            }
        }
        walk.through_addressed();
        walk.through_sent();
        walk.through_created();
        walk.through_received();
        Uses { sent: walk.sent.declaring, created: walk.created.declaring, received: walk.received.declaring }
    }

    /// Who sees values with the properties that a type declares. What is not known to be sent only is received.
    pub(super) fn of_type(&self, id: TypeId) -> Use {
        let is_sent = self.sent.contains(&id);
        Use { is_sent, is_received: !is_sent || self.received.contains(&id) }
    }

    /// Whether callers are known to send whole values of a type: who updates an entity leaves out what stays as it is (OData Protocol 4.01
    /// section 11.4.3).
    pub(super) fn is_created(&self, id: TypeId) -> bool {
        self.created.contains(&id)
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

/// What restricts paths from some place on, each with the names that led on from there: only where it says something of what comes next.
type Way<'c> = Vec<(&'c Notes, String)>;

struct Walk<'c, 'x> {
    csdl: &'c Csdl<'x>,
    sent: Reached,
    /// What is sent whole.
    created: Reached,
    received: Reached,
    /// What URLs lead to, wherever nothing restricts their paths.
    addressed: Reached,
    /// The same where something does.
    restricted: Vec<(TypeId, Way<'c>)>,
    known: HashSet<(TypeId, Vec<(*const Notes, String)>)>,
}

impl<'c, 'x> Walk<'c, 'x> {
    fn create(&mut self, type_text: &'x str) {
        self.sent.reach(self.csdl, type_text);
        self.created.reach(self.csdl, type_text);
    }

    /// Entities that URLs lead to, by what is said of them, the nearest first. Only a collection is posted to.
    fn lead_to(&mut self, type_text: &'x str, is_collection: bool, said: &[Option<&Notes>]) {
        let csdl = self.csdl;
        let of_types = csdl.type_ref(type_text).id.into_iter().flat_map(|id| csdl.lineage(id));
        let of_types = of_types.filter_map(|id| csdl.declaration(id).notes.as_deref());
        let said: Vec<&Notes> = said.iter().copied().flatten().chain(of_types).collect();
        // What is not denied is allowed.
        let may = |ability| said.iter().find_map(|own| own.capability(ability)).is_none_or(|own| own.allowed);
        let is_put = || {
            let methods = said.iter().find_map(|own| own.update_methods.as_ref());
            methods.is_some_and(|(names, _)| names.iter().any(|name| name == "PUT"))
        };
        let (is_inserted, is_updated) = (is_collection && may(Ability::Insert), may(Ability::Update));
        if is_inserted || (is_updated && is_put()) {
            self.create(type_text);
        } else if is_updated {
            self.sent.reach(csdl, type_text);
        }
    }

    fn address(&mut self, type_text: &'x str, way: Way<'c>) {
        if way.is_empty() {
            return self.addressed.reach(self.csdl, type_text);
        }
        let Some(id) = self.csdl.type_ref(type_text).id else { return };
        let key = way.iter().map(|(notes, path)| (std::ptr::from_ref(*notes), path.clone())).collect();
        if self.known.insert((id, key)) {
            self.restricted.push((id, way));
        }
    }

    /// Entities that URLs lead to, and what is contained in them.
    fn through_addressed(&mut self) {
        loop {
            if let Some((id, way)) = self.restricted.pop() {
                let types = std::iter::once(id).chain(self.csdl.descendants(id));
                let types: HashSet<TypeId> = types.flat_map(|own| self.csdl.lineage(own)).collect();
                for property in types.into_iter().flat_map(|own| self.csdl.own_properties(own)) {
                    self.follow(property, &way);
                }
            } else if let Some(properties) = self.addressed.next_properties(self.csdl) {
                properties.into_iter().for_each(|property| self.follow(property, &Way::new()));
            } else {
                return;
            }
        }
    }

    fn follow(&mut self, property: &'c Property<'x>, way: &Way<'c>) {
        let next = |path: &str| {
            if path.is_empty() { property.name.to_owned() } else { format!("{path}/{}", property.name) }
        };
        let way: Way<'c> = way.iter().map(|(notes, path)| (*notes, next(path))).collect();
        // Entities that are not contained are in a set of their own.
        if property.is_navigation && property.contains_target {
            let of_path = way.iter().flat_map(|(notes, path)| notes.below(path)).map(Some);
            let said: Vec<Option<&Notes>> = of_path.chain([property.notes.as_deref()]).collect();
            self.lead_to(property.type_text, self.csdl.type_ref(property.type_text).collection, &said);
        }
        let leads_on = |(notes, path): &(&Notes, String)| {
            let rest = |own: &str| own.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
            notes.restricted.iter().any(|(own, _)| rest(own))
        };
        let way = way.into_iter().filter(leads_on).chain(way_from(property.notes.as_deref())).collect();
        self.address(property.type_text, way);
    }

    /// What is nested in what is sent. A value that is no entity is sent whole.
    fn through_sent(&mut self) {
        while let Some(properties) = self.sent.next_properties(self.csdl) {
            for own in properties.into_iter().filter(|own| is_set(own)) {
                if !own.is_navigation {
                    self.create(own.type_text);
                } else if own.contains_target && (may(own, Ability::Insert) || may(own, Ability::Update)) {
                    self.sent.reach(self.csdl, own.type_text);
                }
            }
        }
    }

    /// What is nested in what is sent whole: entities are created with the one that contains them (OData Protocol 4.01 section 11.4.2.2).
    fn through_created(&mut self) {
        while let Some(properties) = self.created.next_properties(self.csdl) {
            let is_nested = |own: &Property<'_>| !own.is_navigation || own.contains_target && may(own, Ability::Insert);
            let nested = properties.into_iter().filter(|own| is_set(own) && is_nested(own));
            nested.for_each(|own| self.created.reach(self.csdl, own.type_text));
        }
    }

    fn through_received(&mut self) {
        while let Some(properties) = self.received.next_properties(self.csdl) {
            properties.into_iter().for_each(|own| self.received.reach(self.csdl, own.type_text));
        }
    }
}

/// The way from something on that is annotated, if that says something of paths.
fn way_from(notes: Option<&Notes>) -> impl Iterator<Item = (&Notes, String)> {
    notes.filter(|own| !own.restricted.is_empty()).map(|own| (own, String::new())).into_iter()
}

/// Whether callers set a property: not what the service computes.
fn is_set(property: &Property<'_>) -> bool {
    property.notes.as_deref().is_none_or(|own| own.computed.is_none())
}

/// What is not denied is allowed.
fn may(property: &Property<'_>, ability: Ability) -> bool {
    property.notes.as_deref().and_then(|own| own.capability(ability)).is_none_or(|own| own.allowed)
}
