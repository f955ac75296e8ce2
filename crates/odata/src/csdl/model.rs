//! What CSDL documents declare. Every item knows where it stands, as a position that [`Csdl::source_line`] turns into a document and a line.

use std::ops::Range;

use foldhash::{HashMap, HashSet};

use super::Notes;
use super::documents::Document;

/// The schemas of a document, or of several that describe one service together (OData CSDL XML 4.0 section 5).
#[derive(Debug)]
pub struct Csdl<'x> {
    /// The documents, in the order in which they were given.
    pub(super) documents: Vec<Document<'x>>,
    /// Their numbers, by where their texts are in memory.
    pub(super) by_address: Vec<usize>,
    pub(super) schemas: Vec<Schema<'x>>,
    /// The numbers of namespaces, by their names. Several schemas may share a namespace.
    pub(super) namespaces: HashMap<&'x str, usize>,
    pub(super) declarations: Vec<Declaration<'x>>,
    pub(super) properties: Vec<Property<'x>>,
    /// Every overload of every action and function.
    pub operations: Vec<Operation<'x>>,
    /// The children of the entity container.
    pub elements: Vec<Element<'x>>,
    /// Where the first entity container is declared.
    pub container: Option<u32>,
    /// The containers that are extended, as written (section 13.1).
    pub(super) extended: Vec<&'x str>,
    /// The namespaces that references to documents that were not given include, and their aliases (section 3.4).
    pub(super) included: HashSet<&'x str>,
    /// The annotations about other documents that references include: the namespace of their terms, and the number of that of what they
    /// are about, if only those are included. `None` where references choose none (section 3.5).
    pub(super) included_annotations: Option<HashSet<(&'x str, Option<usize>)>>,
    /// Where entity containers are, by the number of their namespace, and name.
    pub(super) containers: HashMap<(usize, &'x str), Vec<u32>>,
    /// Children of the container by their names.
    pub(super) elements_by_name: HashMap<&'x str, usize>,
    /// Types by the number of their namespace, and name.
    pub(super) types: HashMap<(usize, &'x str), TypeId>,
    /// The overloads of operations by their names without namespace.
    pub(super) operations_by_name: HashMap<&'x str, Vec<usize>>,
    /// Types, each with one that names it as its base type; sorted.
    pub(super) derived: Vec<(TypeId, TypeId)>,
}

/// A schema's namespace, and the other name that it may go by.
#[derive(Debug)]
pub(super) struct Schema<'x> {
    pub(super) namespace: &'x str,
    pub(super) alias: Option<&'x str>,
    /// The number of the namespace.
    pub(super) number: usize,
    /// Where it is.
    pub(super) at: u32,
}

/// The position of a type among the declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(super) usize);

impl TypeId {
    /// The first position: no other comes before it.
    pub const FIRST: TypeId = TypeId(0);
}

/// A named type.
#[derive(Debug)]
pub struct Declaration<'x> {
    /// The name without namespace.
    pub name: &'x str,
    /// The position of its schema.
    pub(super) schema: usize,
    /// What kind of type it is.
    pub kind: TypeKind<'x>,
    /// What annotations say about it, but not about those that it inherits from.
    pub notes: Option<Box<Notes>>,
    /// Where it is declared.
    pub at: u32,
}

/// The kinds of named type.
#[derive(Debug)]
pub enum TypeKind<'x> {
    /// An entity type or a complex type.
    Structured(StructuredType<'x>),
    /// An enumeration type.
    Enum(EnumType<'x>),
    /// Another name for a primitive type (section 11).
    Definition {
        /// The primitive type.
        underlying: &'x str,
        /// What restricts its values.
        facets: Box<Facets<'x>>,
    },
}

/// Entity or complex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructuredKind {
    /// A type with a key (section 8).
    Entity,
    /// A type without one (section 9).
    Complex,
}

/// An entity type or a complex type.
#[derive(Debug)]
pub struct StructuredType<'x> {
    /// Which of the two it is.
    pub kind: StructuredKind,
    /// The type that it inherits from, as written.
    pub base: Option<&'x str>,
    /// Whether there are only values of types derived from it.
    pub is_abstract: bool,
    /// Whether a value may have members that are not declared.
    pub is_open: bool,
    /// Whether an entity is a media entity.
    pub has_stream: bool,
    /// The names of the key properties; empty where the key is inherited.
    pub key: Vec<&'x str>,
    /// Where its own properties are.
    pub(super) properties: Range<usize>,
}

/// A structural or navigation property.
#[derive(Debug)]
pub struct Property<'x> {
    /// Its name.
    pub name: &'x str,
    /// Its type as written, such as `Collection(graph.user)`.
    pub type_text: &'x str,
    /// Whether its value (or, of a collection, an element) may be null.
    pub nullable: bool,
    /// What restricts its values, where something does: few do, and there are many of them.
    pub(super) facets: Option<Box<Facets<'x>>>,
    /// Whether it leads to entities.
    pub is_navigation: bool,
    /// Whether the entities that it leads to are contained in this one.
    pub contains_target: bool,
    /// What annotations say about it.
    pub notes: Option<Box<Notes>>,
    /// Where it is declared.
    pub at: u32,
}

/// Facets, as written: what restricts the values of a type (section 7.2), and the default value (section 7.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets<'x> {
    /// The greatest length of text or bytes, or `max`.
    pub max_length: Option<&'x str>,
    /// The number of digits, or of those behind the seconds.
    pub precision: Option<&'x str>,
    /// The number of digits behind the point, or `variable` or `floating`.
    pub scale: Option<&'x str>,
    /// `false` for ASCII text.
    pub unicode: Option<&'x str>,
    /// The value where none is given, as it stands in the document.
    pub default: Option<&'x str>,
}

/// An enumeration type (section 10).
#[derive(Debug)]
pub struct EnumType<'x> {
    /// Whether a value may combine members.
    pub is_flags: bool,
    /// Its members.
    pub members: Vec<EnumMember<'x>>,
}

/// A member of an enumeration type.
#[derive(Debug)]
pub struct EnumMember<'x> {
    /// Its name.
    pub name: &'x str,
    /// Its number as written, where one is given.
    pub value: Option<&'x str>,
    /// Where it is declared.
    pub at: u32,
}

/// Action or function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// It may have side effects and is invoked by POST (section 12.1).
    Action,
    /// It has no side effects and is invoked by GET (section 12.2).
    Function,
}

/// One overload of an action or function.
#[derive(Debug)]
pub struct Operation<'x> {
    /// The name without namespace.
    pub name: &'x str,
    /// The position of its schema.
    pub(super) schema: usize,
    /// Which of the two it is.
    pub kind: OperationKind,
    /// Whether its first parameter is what it is invoked on.
    pub is_bound: bool,
    /// Whether more may follow in a URL.
    pub is_composable: bool,
    /// Its parameters, the binding parameter among them.
    pub parameters: Vec<Parameter<'x>>,
    /// The type of what it returns, as written.
    pub return_type: Option<&'x str>,
    /// Whether what it returns may be null.
    pub return_nullable: bool,
    /// What annotations say about it.
    pub notes: Option<Box<Notes>>,
    /// Where it is declared.
    pub at: u32,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter<'x> {
    /// Its name.
    pub name: &'x str,
    /// Its type as written.
    pub type_text: &'x str,
    /// Whether it may be null.
    pub nullable: bool,
    /// What restricts its values, where something does: few do, and there are many of them.
    pub(super) facets: Option<Box<Facets<'x>>>,
    /// Whether it may be left out (`Org.OData.Core.V1.OptionalParameter`).
    pub is_optional: bool,
    /// Where it is declared.
    pub at: u32,
}

/// A child of the entity container (section 13).
#[derive(Debug)]
pub struct Element<'x> {
    /// Its name, which is the first segment of a path.
    pub name: &'x str,
    /// What it is.
    pub kind: ElementKind,
    /// The type of an entity set's entities or of the singleton, or the operation of an import, as written.
    pub type_text: &'x str,
    /// The number of its namespace.
    pub(super) namespace: usize,
    /// Where the entities are that its navigation properties lead to.
    pub bindings: Vec<Binding<'x>>,
    /// What annotations say about it.
    pub notes: Option<Box<Notes>>,
    /// Where it is declared.
    pub at: u32,
}

/// Where the entities of a navigation property are (section 13.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'x> {
    /// The path to the navigation property.
    pub path: &'x str,
    /// The entity set or singleton, as written.
    pub target: &'x str,
}

/// What a child of the entity container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKind {
    /// A collection of entities.
    EntitySet,
    /// One entity.
    Singleton,
    /// An unbound action.
    ActionImport,
    /// An unbound function.
    FunctionImport,
}

impl<'x> Property<'x> {
    /// What restricts its values.
    pub fn facets(&self) -> &Facets<'x> {
        self.facets.as_deref().unwrap_or(&Facets::NONE)
    }
}

impl<'x> Parameter<'x> {
    /// What restricts its values.
    pub fn facets(&self) -> &Facets<'x> {
        self.facets.as_deref().unwrap_or(&Facets::NONE)
    }
}

impl Facets<'_> {
    const NONE: Facets<'static> =
        Facets { max_length: None, precision: None, scale: None, unicode: None, default: None };

    /// In a box, if there are any.
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        (self != Facets::NONE).then(|| Box::new(self))
    }
}

impl<'x> Operation<'x> {
    /// The parameters that a caller gives.
    pub fn own_parameters(&self) -> &[Parameter<'x>] {
        self.parameters.get(usize::from(self.is_bound)..).unwrap_or_default()
    }
}
