//! Reading schemas: types, their properties, operations, and the entity container.

use quick_xml::events::BytesStart;

use super::model::{Node, Schema};
use super::read::{Parsed, Parser};
use super::{
    Binding, Declaration, Element, ElementKind, EnumMember, EnumType, Operation, OperationKind, Parameter, Property,
    StructuredKind, StructuredType, TypeId,
};

impl<'x> Parser<'x> {
    pub(super) fn schema(&mut self, start: &BytesStart<'x>, open: bool) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let namespace = attributes.namespace.unwrap_or_default();
        let schema = self.csdl.schemas.len();
        let next = self.csdl.namespaces.len();
        let number = *self.csdl.namespaces.entry(namespace).or_insert(next);
        // An alias is no other namespace's name (section 5.1.2); which schemas follow is not known yet.
        self.csdl.schemas.push(Schema { namespace, alias: attributes.alias, number });
        if !open {
            return Ok(());
        }
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "EntityType" => own.structured(&start, open, at, schema, StructuredKind::Entity),
            "ComplexType" => own.structured(&start, open, at, schema, StructuredKind::Complex),
            "EnumType" => own.enumeration(&start, open, at, schema),
            "TypeDefinition" => {
                let attributes = own.attributes(&start)?;
                let (name, underlying) =
                    (attributes.name.unwrap_or_default(), attributes.type_text.unwrap_or_default());
                own.declare(schema, name, Declaration::Definition { name, schema, underlying, at });
                own.skip(&start, open)
            }
            "Action" => own.operation(&start, open, at, schema, OperationKind::Action),
            "Function" => own.operation(&start, open, at, schema, OperationKind::Function),
            "EntityContainer" if open => own.container(&start, schema),
            "Annotations" if open => own.annotations(&start),
            _ => own.skip(&start, open),
        })
    }

    fn structured(
        &mut self,
        start: &BytesStart<'x>,
        open: bool,
        at: u32,
        schema: usize,
        kind: StructuredKind,
    ) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let first = self.csdl.properties.len();
        let id = TypeId(self.csdl.declarations.len());
        let (mut key, mut notes) = (Vec::new(), None);
        if open {
            self.children(|own, start, open, at| match start.local_name().as_ref() {
                "Property" => own.property(&start, open, at, false),
                "NavigationProperty" => own.property(&start, open, at, true),
                "Key" if open => own.children(|own, start, open, _| {
                    // A key within a complex property goes by its alias (section 8.3).
                    let attributes = own.attributes(&start)?;
                    key.extend(attributes.alias.or(attributes.name));
                    own.skip(&start, open)
                }),
                "Annotation" => own.annotation(&start, open, at, &mut notes),
                _ => own.skip(&start, open),
            })?;
        }
        self.note(Node::Type(id), notes);
        let name = attributes.name.unwrap_or_default();
        let own = StructuredType {
            name,
            schema,
            kind,
            base: attributes.base,
            is_abstract: attributes.is_abstract,
            is_open: attributes.is_open,
            has_stream: attributes.has_stream,
            key,
            properties: first..self.csdl.properties.len(),
            at,
        };
        self.declare(schema, name, Declaration::Structured(own));
        Ok(())
    }

    fn property(&mut self, start: &BytesStart<'x>, open: bool, at: u32, is_navigation: bool) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let index = self.csdl.properties.len();
        self.csdl.properties.push(Property {
            name: attributes.name.unwrap_or_default(),
            type_text: attributes.type_text.unwrap_or("Edm.String"),
            nullable: attributes.nullable.unwrap_or(true),
            is_navigation,
            contains_target: attributes.contains_target,
            at,
        });
        self.inline_notes(open, Node::Property(index))
    }

    fn enumeration(&mut self, start: &BytesStart<'x>, open: bool, at: u32, schema: usize) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let mut members = Vec::new();
        if open {
            self.children(|own, start, open, at| {
                if start.local_name().as_ref() == "Member" {
                    let attributes = own.attributes(&start)?;
                    let name = attributes.name.unwrap_or_default();
                    members.push(EnumMember { name, value: attributes.value, at });
                }
                own.skip(&start, open)
            })?;
        }
        let name = attributes.name.unwrap_or_default();
        let own = EnumType { name, schema, is_flags: attributes.is_flags, members, at };
        self.declare(schema, name, Declaration::Enum(own));
        Ok(())
    }

    fn operation(
        &mut self,
        start: &BytesStart<'x>,
        open: bool,
        at: u32,
        schema: usize,
        kind: OperationKind,
    ) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let (mut parameters, mut notes) = (Vec::new(), None);
        let (mut return_type, mut return_nullable) = (None, true);
        if open {
            self.children(|own, start, open, at| match start.local_name().as_ref() {
                "Parameter" => own.parameter(&start, open, at).map(|parameter| parameters.push(parameter)),
                "ReturnType" => {
                    let attributes = own.attributes(&start)?;
                    return_type = attributes.type_text;
                    return_nullable = attributes.nullable.unwrap_or(true);
                    own.skip(&start, open)
                }
                "Annotation" => own.annotation(&start, open, at, &mut notes),
                _ => own.skip(&start, open),
            })?;
        }
        let index = self.csdl.operations.len();
        let name = attributes.name.unwrap_or_default();
        self.csdl.operations_by_name.entry(name).or_default().push(index);
        self.csdl.operations.push(Operation {
            name,
            schema,
            kind,
            is_bound: attributes.is_bound,
            is_composable: attributes.is_composable,
            parameters,
            return_type,
            return_nullable,
            at,
        });
        self.note(Node::Operation(index), notes);
        Ok(())
    }

    fn parameter(&mut self, start: &BytesStart<'x>, open: bool, at: u32) -> Parsed<Parameter<'x>> {
        let attributes = self.attributes(start)?;
        let mut is_optional = false;
        if open {
            self.children(|own, start, open, at| match start.local_name().as_ref() {
                "Annotation" => {
                    let mut notes = None;
                    own.annotation(&start, open, at, &mut notes)?;
                    is_optional |= notes.is_some_and(|notes| notes.is_optional);
                    Ok(())
                }
                _ => own.skip(&start, open),
            })?;
        }
        Ok(Parameter {
            name: attributes.name.unwrap_or_default(),
            type_text: attributes.type_text.unwrap_or_default(),
            nullable: attributes.nullable.unwrap_or(true),
            is_optional,
            at,
        })
    }

    fn container(&mut self, start: &BytesStart<'x>, schema: usize) -> Parsed<()> {
        let name = self.attributes(start)?.name.unwrap_or_default();
        self.containers.insert((schema, name));
        self.children(|own, start, open, at| {
            let kind = match start.local_name().as_ref() {
                "EntitySet" => ElementKind::EntitySet,
                "Singleton" => ElementKind::Singleton,
                "ActionImport" => ElementKind::ActionImport,
                "FunctionImport" => ElementKind::FunctionImport,
                _ => return own.skip(&start, open),
            };
            let attributes = own.attributes(&start)?;
            let (mut bindings, mut notes) = (Vec::new(), None);
            if open {
                own.children(|own, start, open, at| match start.local_name().as_ref() {
                    "NavigationPropertyBinding" => {
                        let attributes = own.attributes(&start)?;
                        let (path, target) =
                            (attributes.path.unwrap_or_default(), attributes.target.unwrap_or_default());
                        bindings.push(Binding { path, target });
                        own.skip(&start, open)
                    }
                    "Annotation" => own.annotation(&start, open, at, &mut notes),
                    _ => own.skip(&start, open),
                })?;
            }
            let (name, index) = (attributes.name.unwrap_or_default(), own.csdl.elements.len());
            own.csdl.elements_by_name.entry(name).or_insert(index);
            let type_text = attributes.type_text.unwrap_or_default();
            own.csdl.elements.push(Element { name, kind, type_text, bindings, at });
            own.note(Node::Element(index), notes);
            Ok(())
        })
    }

    fn declare(&mut self, schema: usize, name: &'x str, declaration: Declaration<'x>) {
        let id = TypeId(self.csdl.declarations.len());
        self.csdl.types.entry((self.csdl.schemas[schema].number, name)).or_insert(id);
        self.csdl.declarations.push(declaration);
    }
}
