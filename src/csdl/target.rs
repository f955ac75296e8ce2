//! What was read becomes a model: who derives from whom, and what the annotations with a target are about.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::model::Node;
use super::notes::Notes;
use super::read::Parser;
use super::{Csdl, Operation, TypeId};

impl<'x> Parser<'x> {
    /// The model.
    pub(super) fn finish(self) -> Csdl<'x> {
        let Parser { mut csdl, targeted, containers, .. } = self;
        let aliases: Vec<_> = csdl.schemas.iter().filter_map(|own| Some((own.alias?, own.number))).collect();
        for (alias, number) in aliases {
            csdl.namespaces.entry(alias).or_insert(number);
        }
        for id in 0..csdl.declarations.len() {
            let base = csdl.structured(TypeId(id)).and_then(|own| own.base);
            if let Some(base) = base.and_then(|base| csdl.find_type(base)) {
                csdl.derived.entry(base).or_default().push(TypeId(id));
            }
        }
        let containers = containers.into_iter().map(|(schema, name)| (csdl.schemas[schema].number, name)).collect();
        let mut targets = Targets { csdl: &csdl, containers, properties: HashMap::new(), overloads: HashMap::new() };
        let about: Vec<(Vec<Node>, Notes)> =
            targeted.into_iter().map(|(target, notes)| (targets.nodes(target), notes)).collect();
        for (nodes, notes) in about {
            for node in nodes {
                csdl.notes.entry(node).or_default().merge(notes.clone());
            }
        }
        csdl
    }
}

/// Finds what targets name. Lists are made for what is asked for only, and once.
struct Targets<'c, 'x> {
    csdl: &'c Csdl<'x>,
    /// The entity containers, by the number of their namespace, and name.
    containers: HashSet<(usize, &'x str)>,
    /// The own properties of types by their names.
    properties: HashMap<TypeId, HashMap<&'x str, usize>>,
    /// The overloads of names by the number of their namespace, and the types of their parameters.
    overloads: HashMap<&'x str, HashMap<(usize, String), usize>>,
}

impl<'c, 'x> Targets<'c, 'x> {
    /// What a target names (section 14.2.1): a type, a property of a type, a child of the container, one overload of an operation, or
    /// without parentheses all of them.
    fn nodes(&mut self, target: &'x str) -> Vec<Node> {
        if let Some((name, types)) = target.split_once('(') {
            return self.overload(name, types).map(Node::Operation).into_iter().collect();
        }
        match target.split_once('/') {
            Some((owner, name)) => self.part(owner, name).into_iter().collect(),
            None => match self.csdl.find_type(target) {
                Some(id) => vec![Node::Type(id)],
                None => self.all_overloads(target),
            },
        }
    }

    /// A property of a type, or a child of the container.
    fn part(&mut self, owner: &'x str, name: &'x str) -> Option<Node> {
        let csdl = self.csdl;
        if let Some(id) = csdl.find_type(owner) {
            let range = &csdl.structured(id)?.properties;
            let named = || range.clone().map(|index| (csdl.properties[index].name, index)).collect();
            return self.properties.entry(id).or_insert_with(named).get(name).copied().map(Node::Property);
        }
        let (namespace, container) = owner.rsplit_once('.')?;
        let is_container = self.containers.contains(&(*csdl.namespaces.get(namespace)?, container));
        csdl.elements_by_name.get(name).copied().filter(|_| is_container).map(Node::Element)
    }

    fn overload(&mut self, name: &'x str, types: &str) -> Option<usize> {
        let csdl = self.csdl;
        let (namespace, name) = name.rsplit_once('.')?;
        let number = *csdl.namespaces.get(namespace)?;
        let types = types.strip_suffix(')')?.split(',').map(str::trim).filter(|name| !name.is_empty());
        let of_name = || {
            let all = csdl.operations_by_name.get(name).into_iter().flatten().copied();
            let key = |index: usize| {
                let own: &Operation<'x> = &csdl.operations[index];
                let types = own.parameters.iter().map(|parameter| parameter.type_text);
                ((csdl.schemas[own.schema].number, signature(csdl, types)), index)
            };
            // Of several with the same signature, the first.
            all.rev().map(key).collect()
        };
        self.overloads.entry(name).or_insert_with(of_name).get(&(number, signature(csdl, types))).copied()
    }

    fn all_overloads(&self, target: &str) -> Vec<Node> {
        let Some((namespace, name)) = target.rsplit_once('.') else { return Vec::new() };
        let all = self.csdl.operations_by_name.get(name).into_iter().flatten();
        let own = all.filter(|index| self.csdl.is_in_namespace(&self.csdl.operations[**index], namespace));
        own.map(|index| Node::Operation(*index)).collect()
    }
}

/// The types of parameters in a form that is the same whether a namespace goes by its name or its alias.
fn signature<'t>(csdl: &Csdl<'_>, types: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for own in types {
        let inner = own.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        let name = inner.unwrap_or(own);
        let sign = if inner.is_some() { '*' } else { '.' };
        // Writing to a string cannot fail.
        let _ = match csdl.find_type(name) {
            Some(TypeId(id)) => write!(text, "{sign}{id},"),
            None => write!(text, "{sign}{name},"),
        };
    }
    text
}
