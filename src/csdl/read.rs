//! Reading a CSDL document: one pass over the XML, by recursive descent.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::model::{Node, Schema};
use super::notes::{Notes, Term};
use super::{
    Csdl, Declaration, Element, ElementKind, EnumMember, EnumType, Operation, OperationKind, Parameter, Property,
    StructuredKind, StructuredType, TypeId,
};

/// Deeper annotations are nobody's.
const MAX_DEPTH: usize = 64;

/// Why a document is no CSDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct CsdlError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

/// The value of an annotation.
#[derive(Debug)]
pub(super) enum Value {
    None,
    Bool(bool),
    /// A string, a date, or a path.
    Text(String),
    /// The last name of an enumeration member, `Read` in `Org.OData.Core.V1.Permission/Read`; several are joined by blanks.
    Member(String),
    Record(Record),
    Collection(Vec<Value>),
}

/// A record: its members by name.
#[derive(Debug, Default)]
pub(super) struct Record(Vec<(String, Value)>);

impl Record {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl Value {
    pub(super) fn record(&self) -> Option<&Record> {
        if let Value::Record(record) = self { Some(record) } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_member(&self) -> Option<&str> {
        if let Value::Member(name) = self { Some(name) } else { None }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Value> {
        if let Value::Collection(items) = self { items.iter() } else { [].iter() }
    }
}

impl<'x> Csdl<'x> {
    /// Reads a document: CSDL in XML, as `$metadata` answers. Elements and annotations that do not matter are skipped.
    ///
    /// # Errors
    ///
    /// When the text is not well-formed XML, or no CSDL document, with the line and column.
    pub fn read(text: &'x str) -> Result<Csdl<'x>, CsdlError> {
        let mut parser = Parser::new(text);
        parser.document()?;
        Ok(parser.finish())
    }
}

/// A problem at an offset.
struct Problem {
    at: usize,
    message: String,
}

type Parsed<T> = Result<T, Problem>;

struct Parser<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    csdl: Csdl<'x>,
    /// Other names of vocabularies: alias and namespace.
    vocabularies: Vec<(&'x str, &'x str)>,
    /// Annotations beside what they are about: the target as written.
    targeted: Vec<(&'x str, Notes)>,
}

/// The attributes of an element that matter to any of them.
#[derive(Default)]
struct Attributes<'x> {
    name: Option<&'x str>,
    type_text: Option<&'x str>,
    base: Option<&'x str>,
    namespace: Option<&'x str>,
    alias: Option<&'x str>,
    value: Option<&'x str>,
    nullable: Option<bool>,
    is_abstract: bool,
    is_open: bool,
    has_stream: bool,
    is_flags: bool,
    is_bound: bool,
    is_composable: bool,
    contains_target: bool,
}

impl<'x> Parser<'x> {
    fn new(text: &'x str) -> Parser<'x> {
        // A byte order mark is no part of the document, but its lines and columns count from behind it, too.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Parser {
            text,
            reader: Reader::from_str(text),
            csdl: Csdl::empty(text),
            vocabularies: Vec::new(),
            targeted: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<(), CsdlError> {
        self.roots().map_err(|Problem { at, message }| {
            let before = self.text.get(..at).unwrap_or(self.text);
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            CsdlError {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message,
            }
        })
    }

    fn roots(&mut self) -> Parsed<()> {
        if u32::try_from(self.text.len()).is_err() {
            return Err(Problem { at: 0, message: "the document is larger than 4 GiB".to_owned() });
        }
        let mut is_read = false;
        loop {
            let at = self.offset();
            match self.reader.read_event().map_err(|cause| self.problem(&cause))? {
                Event::Eof if is_read => return Ok(()),
                Event::Eof => return Err(not_csdl(0, "it has no element")),
                Event::Start(start) if is_read => {
                    return Err(Problem { at, message: format!("a second root element, <{}>", start.name().0) });
                }
                Event::Start(start) if start.local_name().as_ref() == "Edmx" => {
                    is_read = true;
                    self.edmx()?;
                }
                Event::Start(start) | Event::Empty(start) => {
                    return Err(not_csdl(at, &format!("its root element is <{}>", start.name().0)));
                }
                Event::Text(text) if !text.trim_ascii().is_empty() => {
                    let blanks = text.len() - text.trim_ascii_start().len();
                    return Err(not_csdl(at + blanks, "there is text outside of elements"));
                }
                _ => {}
            }
        }
    }

    fn edmx(&mut self) -> Parsed<()> {
        self.children(|own, start, open, _| match start.local_name().as_ref() {
            "DataServices" if open => own.children(|own, start, open, _| match start.local_name().as_ref() {
                "Schema" => own.schema(&start, open),
                _ => own.skip(&start, open),
            }),
            "Reference" if open => own.children(|own, start, open, _| {
                let attributes = own.attributes(&start)?;
                if let (Some(alias), Some(namespace)) = (attributes.alias, attributes.namespace) {
                    own.vocabularies.push((alias, namespace));
                }
                own.skip(&start, open)
            }),
            _ => own.skip(&start, open),
        })
    }

    fn schema(&mut self, start: &BytesStart<'x>, open: bool) -> Parsed<()> {
        let attributes = self.attributes(start)?;
        let namespace = attributes.namespace.unwrap_or_default();
        let schema = self.csdl.schemas.len();
        self.csdl.schemas.push(Schema { namespace, alias: attributes.alias });
        if !open {
            return Ok(());
        }
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "EntityType" => own.structured(&start, open, at, schema, StructuredKind::Entity),
            "ComplexType" => own.structured(&start, open, at, schema, StructuredKind::Complex),
            "EnumType" => own.enumeration(&start, open, at, schema),
            "TypeDefinition" => {
                let attributes = own.attributes(&start)?;
                let (name, underlying) = (attributes.name.unwrap_or_default(), attributes.underlying());
                own.declare(schema, name, Declaration::Definition { name, schema, underlying, at });
                own.skip(&start, open)
            }
            "Action" => own.operation(&start, open, at, schema, OperationKind::Action),
            "Function" => own.operation(&start, open, at, schema, OperationKind::Function),
            "EntityContainer" if open => own.container(),
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

    fn container(&mut self) -> Parsed<()> {
        self.children(|own, start, open, at| {
            let kind = match start.local_name().as_ref() {
                "EntitySet" => ElementKind::EntitySet,
                "Singleton" => ElementKind::Singleton,
                "ActionImport" => ElementKind::ActionImport,
                "FunctionImport" => ElementKind::FunctionImport,
                _ => return own.skip(&start, open),
            };
            let attributes = own.attributes(&start)?;
            let index = own.csdl.elements.len();
            own.csdl.elements.push(Element {
                name: attributes.name.unwrap_or_default(),
                kind,
                type_text: attributes.type_text.unwrap_or_default(),
                at,
            });
            own.inline_notes(open, Node::Element(index))
        })
    }

    /// Annotations beside what they are about (section 14.2).
    fn annotations(&mut self, start: &BytesStart<'x>) -> Parsed<()> {
        let target = start.attributes().with_checks(false).flatten().find(|attribute| attribute.key.0 == "Target");
        let target = self.borrowed(target.as_ref().map_or("", |target| &*target.value))?;
        let mut notes = None;
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "Annotation" => own.annotation(&start, open, at, &mut notes),
            _ => own.skip(&start, open),
        })?;
        self.targeted.extend(notes.map(|notes| (target, notes)));
        Ok(())
    }

    /// The annotations within an element that may have others.
    fn inline_notes(&mut self, open: bool, node: Node) -> Parsed<()> {
        if !open {
            return Ok(());
        }
        let mut notes = None;
        self.children(|own, start, open, at| match start.local_name().as_ref() {
            "Annotation" => own.annotation(&start, open, at, &mut notes),
            _ => own.skip(&start, open),
        })?;
        self.note(node, notes);
        Ok(())
    }

    /// One annotation; only those that matter make notes.
    fn annotation(&mut self, start: &BytesStart<'x>, open: bool, at: u32, notes: &mut Option<Notes>) -> Parsed<()> {
        // Most annotations are descriptions: nothing but their term is looked at.
        let mut attributes = start.attributes();
        let term = attributes.with_checks(false).flatten().find(|attribute| attribute.key.0 == "Term");
        let Some(term) = term.and_then(|attribute| self.term(&attribute.value)) else {
            return self.skip(start, open);
        };
        let value = self.value(start, open, 0)?;
        notes.get_or_insert_default().add(term, &value, at);
        Ok(())
    }

    fn term(&self, name: &str) -> Option<Term> {
        let (namespace, name) = name.rsplit_once('.')?;
        let alias = self.vocabularies.iter().find(|(alias, _)| *alias == namespace);
        Term::of(alias.map_or(namespace, |(_, namespace)| namespace), name)
    }

    /// The value of an annotation, of a record's member, or of an item: in an attribute, or in the only child.
    fn value(&mut self, start: &BytesStart<'x>, open: bool, depth: usize) -> Parsed<Value> {
        let mut value = Value::None;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|cause| self.problem(&cause))?;
            let text = || {
                attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_or_else(|_| attribute.value.to_string(), String::from)
            };
            match attribute.key.0 {
                "Bool" => value = Value::Bool(attribute.value == "true"),
                "EnumMember" => value = Value::Member(last_names(&attribute.value)),
                "String" | "Date" | "Path" | "PropertyPath" | "NavigationPropertyPath" | "Int" => {
                    value = Value::Text(text());
                }
                _ => {}
            }
        }
        if open {
            self.children(|own, start, open, _| {
                value = own.expression(&start, open, depth + 1)?;
                Ok(())
            })?;
        }
        Ok(value)
    }

    /// A value as an element of its own (section 14.4).
    fn expression(&mut self, start: &BytesStart<'x>, open: bool, depth: usize) -> Parsed<Value> {
        if depth > MAX_DEPTH {
            return Err(Problem {
                at: self.offset(),
                message: format!("annotations are nested deeper than {MAX_DEPTH}"),
            });
        }
        if !open {
            return Ok(match start.local_name().as_ref() {
                "Record" => Value::Record(Record::default()),
                "Collection" => Value::Collection(Vec::new()),
                _ => Value::None,
            });
        }
        match start.local_name().as_ref() {
            "Record" => {
                let mut record = Record::default();
                self.children(|own, start, open, _| {
                    let property = start.attributes().flatten().find(|attribute| attribute.key.0 == "Property");
                    let name = property.map(|property| property.value.into_owned());
                    let value = own.value(&start, open, depth + 1)?;
                    record.0.extend(name.map(|name| (name, value)));
                    Ok(())
                })?;
                Ok(Value::Record(record))
            }
            "Collection" => {
                let mut items = Vec::new();
                self.children(|own, start, open, _| {
                    items.push(own.expression(&start, open, depth + 1)?);
                    Ok(())
                })?;
                Ok(Value::Collection(items))
            }
            name @ ("Bool" | "EnumMember" | "String" | "Date" | "Path" | "PropertyPath" | "NavigationPropertyPath") => {
                let name = name.to_owned();
                let text = self.reader.read_text(start.to_end().name()).map_err(|cause| self.problem(&cause))?;
                let text = text.trim_ascii();
                Ok(match name.as_str() {
                    "Bool" => Value::Bool(text == "true"),
                    "EnumMember" => Value::Member(last_names(text)),
                    _ => Value::Text(text.to_owned()),
                })
            }
            _ => self.skip(start, open).map(|()| Value::None),
        }
    }

    fn note(&mut self, node: Node, notes: Option<Notes>) {
        self.csdl.notes.extend(notes.map(|notes| (node, notes)));
    }

    fn declare(&mut self, schema: usize, name: &'x str, declaration: Declaration<'x>) {
        let id = TypeId(self.csdl.declarations.len());
        self.csdl.types.entry((schema, name)).or_insert(id);
        self.csdl.declarations.push(declaration);
    }

    /// Calls `child` for each child element, with whether it has an end tag of its own, and where it begins. The child has to be
    /// read up to that end tag.
    fn children(&mut self, mut child: impl FnMut(&mut Self, BytesStart<'x>, bool, u32) -> Parsed<()>) -> Parsed<()> {
        loop {
            let at = self.offset();
            // The document is not larger than that.
            let start_at = u32::try_from(at).unwrap_or(u32::MAX);
            match self.reader.read_event() {
                Ok(Event::Start(start)) => child(self, start, true, start_at)?,
                Ok(Event::Empty(start)) => child(self, start, false, start_at)?,
                Ok(Event::End(_)) => return Ok(()),
                Ok(Event::Eof) => {
                    return Err(Problem { at, message: "the document ends within an element".to_owned() });
                }
                Ok(_) => {}
                Err(cause) => return Err(self.problem(&cause)),
            }
        }
    }

    fn skip(&mut self, start: &BytesStart<'x>, open: bool) -> Parsed<()> {
        if open {
            self.reader.read_to_end(start.to_end().name()).map_err(|cause| self.problem(&cause))?;
        }
        Ok(())
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn problem(&self, cause: &dyn std::fmt::Display) -> Problem {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        Problem { at: if at == 0 { self.offset() } else { at }, message: cause.to_string() }
    }

    fn attributes(&self, start: &BytesStart<'x>) -> Parsed<Attributes<'x>> {
        let mut found = Attributes::default();
        // The check for repeated attributes takes a list for each element; those that matter are checked here.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|cause| Problem { at: self.offset(), message: cause.to_string() })?;
            let value = self.borrowed(&attribute.value)?;
            match attribute.key.0 {
                "Name" => found.name = Some(value),
                "Type" | "EntityType" | "UnderlyingType" | "Action" | "Function" => found.type_text = Some(value),
                "Nullable" => found.nullable = Some(value == "true"),
                "BaseType" => found.base = Some(value),
                "Abstract" => found.is_abstract = value == "true",
                "OpenType" => found.is_open = value == "true",
                "HasStream" => found.has_stream = value == "true",
                "ContainsTarget" => found.contains_target = value == "true",
                "IsBound" => found.is_bound = value == "true",
                "IsComposable" => found.is_composable = value == "true",
                "IsFlags" => found.is_flags = value == "true",
                "Value" => found.value = Some(value),
                "Namespace" => found.namespace = Some(value),
                "Alias" => found.alias = Some(value),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A part of the text as such, so that the model can keep it.
    fn borrowed(&self, part: &str) -> Parsed<&'x str> {
        if part.is_empty() {
            return Ok("");
        }
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let end = start.saturating_add(part.len());
        // The reader hands out parts of the text that it was given.
        self.text
            .get(start..end)
            .ok_or_else(|| Problem { at: self.offset(), message: "an attribute is lost".to_owned() })
    }

    fn finish(self) -> Csdl<'x> {
        let Parser { mut csdl, targeted, .. } = self;
        for id in 0..csdl.declarations.len() {
            let base = csdl.structured(TypeId(id)).and_then(|own| own.base);
            if let Some(base) = base.and_then(|base| csdl.find_type(base)) {
                csdl.derived.entry(base).or_default().push(TypeId(id));
            }
        }
        for (target, notes) in targeted {
            if let Some(node) = csdl.node(target) {
                csdl.notes.entry(node).or_default().merge(notes);
            }
        }
        csdl
    }
}

impl<'x> Attributes<'x> {
    fn underlying(&self) -> &'x str {
        self.type_text.unwrap_or_default()
    }
}

impl<'x> Csdl<'x> {
    fn empty(text: &'x str) -> Csdl<'x> {
        // What a service of some size needs, so that lists seldom move while they grow.
        let expected = |bytes_each: usize| text.len() / bytes_each;
        Csdl {
            text,
            line_starts: std::sync::OnceLock::new(),
            schemas: Vec::new(),
            declarations: Vec::with_capacity(expected(800)),
            properties: Vec::with_capacity(expected(250)),
            operations: Vec::with_capacity(expected(2500)),
            elements: Vec::new(),
            types: HashMap::with_capacity(expected(800)),
            operations_by_name: HashMap::with_capacity(expected(2500)),
            derived: HashMap::new(),
            notes: HashMap::new(),
        }
    }

    /// What the target of annotations names (section 14.2.1): a type, a property of a type, a child of the container, or an
    /// operation.
    fn node(&self, target: &str) -> Option<Node> {
        if let Some((name, _)) = target.split_once('(') {
            let (namespace, name) = name.rsplit_once('.')?;
            let of_name = self.operations_by_name.get(name)?;
            let mut own = of_name.iter().filter(|index| {
                let operation = &self.operations[**index];
                self.is_in_namespace(operation, namespace) && self.has_signature(operation, target)
            });
            return own.next().map(|index| Node::Operation(*index));
        }
        let (first, rest) = target.split_once('/').map_or((target, None), |(first, rest)| (first, Some(rest)));
        match (self.find_type(first), rest) {
            (Some(id), None) => Some(Node::Type(id)),
            (Some(id), Some(name)) => {
                let own = &self.structured(id)?.properties;
                own.clone().find(|index| self.properties[*index].name == name).map(Node::Property)
            }
            // The container has a name, too, but there is only one.
            (None, Some(name)) => self.elements.iter().position(|element| element.name == name).map(Node::Element),
            (None, None) => {
                let (namespace, name) = first.rsplit_once('.')?;
                let mut overloads = self.operations_by_name.get(name)?.iter();
                overloads
                    .find(|index| self.is_in_namespace(&self.operations[**index], namespace))
                    .map(|index| Node::Operation(*index))
            }
        }
    }

    /// Whether the types in the parentheses of a target are those of an operation's parameters.
    fn has_signature(&self, operation: &Operation<'x>, target: &str) -> bool {
        let Some((_, types)) = target.split_once('(') else { return true };
        let types = types.strip_suffix(')').unwrap_or(types);
        let mut types = types.split(',').map(str::trim).filter(|name| !name.is_empty());
        let same = |own: &str, other: &str| {
            own == other || {
                let bare = |text: &str| text.trim_start_matches("Collection(").trim_end_matches(')').to_owned();
                let (a, b) = (self.find_type(&bare(own)), self.find_type(&bare(other)));
                a.is_some() && a == b && own.starts_with("Collection(") == other.starts_with("Collection(")
            }
        };
        operation.parameters.iter().all(|parameter| types.next().is_some_and(|other| same(parameter.type_text, other)))
            && types.next().is_none()
    }
}

/// The names of enumeration members without their type.
fn last_names(text: &str) -> String {
    let names: Vec<&str> = text.split_whitespace().map(|name| name.rsplit('/').next().unwrap_or(name)).collect();
    names.join(" ")
}

fn not_csdl(at: usize, why: &str) -> Problem {
    Problem {
        at,
        message: format!("this is no CSDL document in XML: {why}; `$metadata` of the service answers with one"),
    }
}
