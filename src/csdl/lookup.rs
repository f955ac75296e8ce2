//! Looking things up: types by their names, properties through inheritance, operations by what they are bound to.

use std::collections::HashSet;

use super::model::Node;
use super::{Csdl, Declaration, Element, EnumType, Notes, Operation, Property, StructuredKind, StructuredType, TypeId};

/// A type as a property, parameter or operation refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeRef<'x> {
    /// Whether it is a collection.
    pub collection: bool,
    /// The name of the type, or of the collection's elements, as written.
    pub name: &'x str,
    /// The declaration; absent for primitive types, and for names that the document does not declare.
    pub id: Option<TypeId>,
}

/// Longer chains of base types are circles.
const MAX_BASES: usize = 64;

impl<'x> Csdl<'x> {
    /// The line of an offset, counted from 1.
    pub fn line(&self, at: u32) -> u32 {
        let starts = self.line_starts.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|end| end + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= at as usize);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The size of the document's text in bytes.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Every type with its position.
    pub fn declarations(&self) -> impl Iterator<Item = (TypeId, &Declaration<'x>)> {
        self.declarations.iter().enumerate().map(|(index, declaration)| (TypeId(index), declaration))
    }

    /// Every overload of every action and function.
    pub fn operations(&self) -> &[Operation<'x>] {
        &self.operations
    }

    /// The children of the entity container.
    pub fn elements(&self) -> &[Element<'x>] {
        &self.elements
    }

    /// The type that an attribute such as `Collection(graph.user)` names.
    pub fn type_ref(&self, text: &'x str) -> TypeRef<'x> {
        let inner = text.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        let name = inner.unwrap_or(text);
        TypeRef { collection: inner.is_some(), name, id: self.find_type(name) }
    }

    /// The type of a qualified name, by namespace or alias.
    pub fn find_type(&self, name: &str) -> Option<TypeId> {
        let (namespace, name) = name.rsplit_once('.')?;
        self.types.get(&(*self.namespaces.get(namespace)?, name)).copied()
    }

    /// The type of a qualified name whatever its case. All types are looked through: this is for what is not found.
    pub fn find_type_ignoring_case(&self, name: &str) -> Option<TypeId> {
        let (namespace, name) = name.rsplit_once('.')?;
        let is_in = |schema: usize| {
            let schema = &self.schemas[schema];
            let names = std::iter::once(schema.namespace).chain(schema.alias);
            names.into_iter().any(|own| own.eq_ignore_ascii_case(namespace))
        };
        let is_named = |own: &Declaration<'_>| own.name().eq_ignore_ascii_case(name) && is_in(own.schema());
        self.declarations().find(|(_, own)| is_named(own)).map(|(id, _)| id)
    }

    /// The types whose name without namespace is this one.
    pub fn types_called(&self, name: &str) -> impl Iterator<Item = TypeId> {
        // There are no more numbers than schemas.
        (0..self.schemas.len()).filter_map(move |number| self.types.get(&(number, name)).copied())
    }

    /// Whether a text is the namespace of a schema, or its alias.
    pub fn is_namespace(&self, name: &str) -> bool {
        self.namespaces.contains_key(name)
    }

    /// The declaration of a type.
    pub fn declaration(&self, id: TypeId) -> &Declaration<'x> {
        &self.declarations[id.0]
    }

    /// A type's name with its namespace.
    pub fn full_name(&self, id: TypeId) -> String {
        let declaration = self.declaration(id);
        format!("{}.{}", self.schemas[declaration.schema()].namespace, declaration.name())
    }

    /// The namespace of an operation.
    pub fn namespace_of(&self, operation: &Operation<'_>) -> &'x str {
        self.schemas[operation.schema].namespace
    }

    /// Whether an operation's qualified name is `namespace` and its own name, by namespace or alias.
    pub fn is_in_namespace(&self, operation: &Operation<'_>, namespace: &str) -> bool {
        self.namespaces.get(namespace) == Some(&self.schemas[operation.schema].number)
    }

    /// The entity or complex type of that position, if it is one.
    pub fn structured(&self, id: TypeId) -> Option<&StructuredType<'x>> {
        match self.declaration(id) {
            Declaration::Structured(own) => Some(own),
            Declaration::Enum(_) | Declaration::Definition { .. } => None,
        }
    }

    /// The enumeration type of that position, if it is one.
    pub fn enumeration(&self, id: TypeId) -> Option<&EnumType<'x>> {
        match self.declaration(id) {
            Declaration::Enum(own) => Some(own),
            Declaration::Structured(_) | Declaration::Definition { .. } => None,
        }
    }

    /// Whether a type is an entity type.
    pub fn is_entity(&self, id: TypeId) -> bool {
        self.structured(id).is_some_and(|own| own.kind == StructuredKind::Entity)
    }

    /// A type and those that it inherits from, itself first.
    pub fn lineage(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        let base = |id: &TypeId| self.find_type(self.structured(*id)?.base?);
        std::iter::successors(Some(id), base).take(MAX_BASES)
    }

    /// Whether a type is another one or inherits from it.
    pub fn is_a(&self, id: TypeId, base: TypeId) -> bool {
        self.lineage(id).any(|own| own == base)
    }

    /// All types that inherit from a type, whatever is between.
    pub fn descendants(&self, id: TypeId) -> Vec<TypeId> {
        let mut found: Vec<TypeId> = Vec::new();
        let mut known = HashSet::from([id]);
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            for child in self.derived.get(&next).into_iter().flatten() {
                if known.insert(*child) {
                    found.push(*child);
                    waiting.push(*child);
                }
            }
        }
        found
    }

    /// A type's own properties.
    pub fn own_properties(&self, id: TypeId) -> &[Property<'x>] {
        self.structured(id).and_then(|own| self.properties.get(own.properties.clone())).unwrap_or_default()
    }

    /// The properties of a type, inherited ones among them.
    pub fn properties(&self, id: TypeId) -> impl Iterator<Item = &Property<'x>> {
        self.lineage(id).flat_map(|own| self.own_properties(own))
    }

    /// The property of that name, inherited or not.
    pub fn property(&self, id: TypeId, name: &str) -> Option<&Property<'x>> {
        self.properties(id).find(|property| property.name == name)
    }

    /// The property of that name whatever its case.
    pub fn property_ignoring_case(&self, id: TypeId, name: &str) -> Option<&Property<'x>> {
        self.properties(id).find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// Whether values of a type may have members that are not declared; a type derived from an open one is open.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.lineage(id).any(|own| self.structured(own).is_some_and(|own| own.is_open))
    }

    /// Whether entities of a type have a media stream, as some of its kind or all of them.
    pub fn may_have_stream(&self, id: TypeId) -> bool {
        let has = |id: TypeId| self.structured(id).is_some_and(|own| own.has_stream);
        self.lineage(id).any(has) || self.descendants(id).into_iter().any(has)
    }

    /// The names of a type's key properties, inherited or not.
    pub fn key(&self, id: TypeId) -> &[&'x str] {
        let mut keys = self.lineage(id).filter_map(|own| self.structured(own)).map(|own| own.key.as_slice());
        keys.find(|key| !key.is_empty()).unwrap_or_default()
    }

    /// The alternate keys of a type, each as the names that stand for its properties in a URL
    /// (`Org.OData.Core.V1.AlternateKeys`).
    pub fn alternate_keys(&self, id: TypeId) -> impl Iterator<Item = &[String]> {
        let notes = self.lineage(id).filter_map(|own| self.notes.get(&Node::Type(own)));
        notes.flat_map(|notes| &notes.alternate_keys).map(Vec::as_slice)
    }

    /// The overloads of a name.
    pub fn operations_called(&self, name: &str) -> impl Iterator<Item = &Operation<'x>> {
        let indices = self.operations_by_name.get(name).into_iter().flatten();
        indices.filter_map(|index| self.operations.get(*index))
    }

    /// Whether an operation is bound to such a value, or to the type that its type inherits from.
    pub fn is_bound_to(&self, operation: &Operation<'x>, id: TypeId, collection: bool) -> bool {
        if !operation.is_bound {
            return false;
        }
        let Some(first) = operation.parameters.first() else { return false };
        let binding = self.type_ref(first.type_text);
        let fits = match binding.id {
            Some(bound) => self.is_a(id, bound),
            None => matches!(binding.name, "Edm.EntityType" | "Edm.ComplexType"),
        };
        binding.collection == collection && fits
    }

    /// What annotations say about a type, but not about those that it inherits from.
    pub fn notes_of_type(&self, id: TypeId) -> Option<&Notes> {
        self.notes.get(&Node::Type(id))
    }

    /// What annotations say about a property.
    pub fn notes_of_property(&self, property: &Property<'x>) -> Option<&Notes> {
        self.notes.get(&Node::Property(index_of(&self.properties, property)?))
    }

    /// What annotations say about an operation.
    pub fn notes_of_operation(&self, operation: &Operation<'x>) -> Option<&Notes> {
        self.notes.get(&Node::Operation(index_of(&self.operations, operation)?))
    }

    /// What annotations say about a child of the container.
    pub fn notes_of_element(&self, element: &Element<'x>) -> Option<&Notes> {
        self.notes.get(&Node::Element(index_of(&self.elements, element)?))
    }
}

/// The position of an item in its list.
fn index_of<T>(items: &[T], item: &T) -> Option<usize> {
    items.element_offset(item)
}
