//! Reading schemas: types, their properties, operations, and the entity container.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::documents::{Document, IncludedAnnotations, next_start};
use super::model::Schema;
use super::tree::{Node, Parsed};
use super::{
    Binding, Csdl, Declaration, Element, ElementKind, EnumMember, EnumType, Facets, Notes, Operation, OperationKind,
    Parameter, Property, StructuredKind, StructuredType, TypeId, TypeKind,
};

/// Reads schemas into a model. What annotations say is read in `annotation.rs`, and what those with a target are about in `target.rs`.
pub(super) struct SchemaReader<'x> {
    pub(super) csdl: Csdl<'x>,
    /// What the document that is read calls vocabularies: alias and namespace.
    pub(super) vocabularies: HashMap<&'x str, &'x str>,
    /// Annotations beside what they are about, with their vocabulary.
    pub(super) targeted: Vec<(Target<'x>, &'static str, Notes)>,
}

/// What annotations are about.
#[derive(Clone, Copy)]
pub(super) struct Target<'x> {
    /// As written.
    pub(super) path: &'x str,
    /// The number of the document that says so.
    pub(super) document: usize,
}

impl<'x> SchemaReader<'x> {
    /// A reader of documents that are so many bytes long together.
    pub(super) fn new(length: usize) -> SchemaReader<'x> {
        // What a service of some size needs, so that lists seldom move while they grow.
        let expected = |bytes_each: usize| length / bytes_each;
        let csdl = Csdl {
            documents: Vec::new(),
            by_address: Vec::new(),
            schemas: Vec::new(),
            namespaces: HashMap::new(),
            declarations: Vec::with_capacity(expected(800)),
            properties: Vec::with_capacity(expected(250)),
            operations: Vec::with_capacity(expected(2500)),
            elements: Vec::new(),
            container: None,
            extended: Vec::new(),
            included: HashSet::new(),
            included_annotations: None,
            containers: HashMap::new(),
            elements_by_name: HashMap::new(),
            types: HashMap::with_capacity(expected(800)),
            operations_by_name: HashMap::with_capacity(expected(2500)),
            derived: Vec::with_capacity(expected(1200)),
        };
        SchemaReader { csdl, vocabularies: HashMap::new(), targeted: Vec::new() }
    }

    /// Goes on to another document: the position at which it begins.
    pub(super) fn begin(&mut self, name: &str, text: &'x str) -> u32 {
        self.vocabularies.clear();
        let start = next_start(&self.csdl.documents);
        self.csdl.documents.push(Document::new(name, text, start));
        start
    }

    /// What a reference to another document includes: a vocabulary, a schema of types (section 3.4), or annotations (section 3.5).
    pub(super) fn include(&mut self, node: Node<'_, 'x>) -> Parsed<()> {
        let Some(document) = self.csdl.documents.last_mut() else { return Ok(()) };
        match node.name() {
            "Include" => {
                let [alias, namespace] = node.attributes(["Alias", "Namespace"])?;
                self.vocabularies.extend(alias.zip(namespace));
                document.included.extend(namespace.map(|namespace| (alias, namespace)));
            }
            "IncludeAnnotations" => {
                let [terms, qualifier, target] = node.attributes(["TermNamespace", "Qualifier", "TargetNamespace"])?;
                let is_qualified = qualifier.is_some();
                document.annotations.extend(terms.map(|terms| IncludedAnnotations { terms, is_qualified, target }));
            }
            _ => {}
        }
        Ok(())
    }

    /// Goes on to a schema: what follows stands in it.
    pub(super) fn schema(&mut self, node: Node<'_, 'x>) -> Parsed<()> {
        let [namespace, alias] = node.attributes(["Namespace", "Alias"])?;
        let namespace = namespace.unwrap_or_default();
        let next = self.csdl.namespaces.len();
        let number = *self.csdl.namespaces.entry(namespace).or_insert(next);
        // What an alias stands for is known when all schemas are.
        self.csdl.schemas.push(Schema { namespace, alias, number, at: node.at() });
        Ok(())
    }

    /// What stands in the schema.
    pub(super) fn declaration(&mut self, node: Node<'_, 'x>) -> Parsed<()> {
        let schema = self.csdl.schemas.len().saturating_sub(1);
        match node.name() {
            "EntityType" => self.structured(node, schema, StructuredKind::Entity),
            "ComplexType" => self.structured(node, schema, StructuredKind::Complex),
            "EnumType" => self.enumeration(node, schema),
            "TypeDefinition" => {
                let names = ["Name", "UnderlyingType", "MaxLength", "Precision", "Scale", "Unicode"];
                let [name, underlying, max_length, precision, scale, unicode] = node.attributes(names)?;
                let facets = Box::new(Facets { max_length, precision, scale, unicode, default: None });
                let kind = TypeKind::Definition { underlying: underlying.unwrap_or_default(), facets };
                self.declare(node, schema, name, kind)
            }
            "Action" => self.operation(node, schema, OperationKind::Action),
            "Function" => self.operation(node, schema, OperationKind::Function),
            "EntityContainer" => self.container(node, schema),
            "Annotations" => self.annotations(node),
            _ => Ok(()),
        }
    }

    /// Annotations beside what they are about.
    fn annotations(&mut self, node: Node<'_, 'x>) -> Parsed<()> {
        // With a qualifier, they are other annotations (section 14.1).
        if node.attribute("Qualifier").is_some() {
            return Ok(());
        }
        // Most are descriptions; whose they are does not matter.
        let notes = self.notes_by_vocabulary(node)?;
        if !notes.is_empty() {
            let path = node.attributes(["Target"])?[0].unwrap_or_default();
            let target = Target { path, document: self.csdl.documents.len().saturating_sub(1) };
            self.targeted.extend(notes.into_iter().map(|(vocabulary, own)| (target, vocabulary, own)));
        }
        Ok(())
    }

    fn structured(&mut self, node: Node<'_, 'x>, schema: usize, kind: StructuredKind) -> Parsed<()> {
        let names = ["Name", "BaseType", "Abstract", "OpenType", "HasStream"];
        let [name, base, is_abstract, is_open, has_stream] = node.attributes(names)?;
        let first = self.csdl.properties.len();
        let mut key = Vec::new();
        for node in node.children() {
            match node.name() {
                "Property" => self.property(node, false)?,
                "NavigationProperty" => self.property(node, true)?,
                "Key" => {
                    for node in node.children() {
                        // A key within a complex property goes by its alias (section 8.3).
                        let [alias, name] = node.attributes(["Alias", "Name"])?;
                        key.extend(alias.or(name));
                    }
                }
                _ => {}
            }
        }
        let own = StructuredType {
            kind,
            base,
            is_abstract: is_true(is_abstract),
            is_open: is_true(is_open),
            has_stream: is_true(has_stream),
            key,
            properties: first..self.csdl.properties.len(),
        };
        self.declare(node, schema, name, TypeKind::Structured(own))
    }

    fn property(&mut self, node: Node<'_, 'x>, is_navigation: bool) -> Parsed<()> {
        // All in one pass: properties are most of a document.
        let names = [
            "Name",
            "Type",
            "Nullable",
            "ContainsTarget",
            "MaxLength",
            "Precision",
            "Scale",
            "Unicode",
            "DefaultValue",
        ];
        let [name, type_text, nullable, contains_target, max_length, precision, scale, unicode, default] =
            node.attributes(names)?;
        let notes = self.notes(node)?;
        self.csdl.properties.push(Property {
            name: name.unwrap_or_default(),
            type_text: type_text.unwrap_or("Edm.String"),
            nullable: is_nullable(nullable),
            facets: Facets { max_length, precision, scale, unicode, default }.boxed(),
            is_navigation,
            contains_target: is_true(contains_target),
            notes,
            at: node.at(),
        });
        Ok(())
    }

    fn enumeration(&mut self, node: Node<'_, 'x>, schema: usize) -> Parsed<()> {
        let mut members = Vec::new();
        for node in node.children_called("Member") {
            let [name, value] = node.attributes(["Name", "Value"])?;
            members.push(EnumMember { name: name.unwrap_or_default(), value, at: node.at() });
        }
        let [name, is_flags] = node.attributes(["Name", "IsFlags"])?;
        self.declare(node, schema, name, TypeKind::Enum(EnumType { is_flags: is_true(is_flags), members }))
    }

    fn declare(&mut self, node: Node<'_, 'x>, schema: usize, name: Option<&'x str>, kind: TypeKind<'x>) -> Parsed<()> {
        let name = name.unwrap_or_default();
        let id = TypeId(self.csdl.declarations.len());
        self.csdl.types.entry((self.csdl.schemas[schema].number, name)).or_insert(id);
        let notes = self.notes(node)?;
        self.csdl.declarations.push(Declaration { name, schema, kind, notes, at: node.at() });
        Ok(())
    }

    fn operation(&mut self, node: Node<'_, 'x>, schema: usize, kind: OperationKind) -> Parsed<()> {
        let [name, is_bound, is_composable] = node.attributes(["Name", "IsBound", "IsComposable"])?;
        let (mut parameters, mut return_type, mut return_nullable) = (Vec::new(), None, true);
        for node in node.children() {
            match node.name() {
                "Parameter" => {
                    let names =
                        ["Name", "Type", "Nullable", "MaxLength", "Precision", "Scale", "Unicode", "DefaultValue"];
                    let [name, type_text, nullable, max_length, precision, scale, unicode, default] =
                        node.attributes(names)?;
                    parameters.push(Parameter {
                        name: name.unwrap_or_default(),
                        type_text: type_text.unwrap_or_default(),
                        nullable: is_nullable(nullable),
                        facets: Facets { max_length, precision, scale, unicode, default }.boxed(),
                        is_optional: self.notes(node)?.is_some_and(|notes| notes.is_optional),
                        at: node.at(),
                    });
                }
                "ReturnType" => {
                    let [type_text, nullable] = node.attributes(["Type", "Nullable"])?;
                    (return_type, return_nullable) = (type_text, is_nullable(nullable));
                }
                _ => {}
            }
        }
        let name = name.unwrap_or_default();
        self.csdl.operations_by_name.entry(name).or_default().push(self.csdl.operations.len());
        let notes = self.notes(node)?;
        self.csdl.operations.push(Operation {
            name,
            schema,
            kind,
            is_bound: is_true(is_bound),
            is_composable: is_true(is_composable),
            parameters,
            return_type,
            return_nullable,
            notes,
            at: node.at(),
        });
        Ok(())
    }

    fn container(&mut self, node: Node<'_, 'x>, schema: usize) -> Parsed<()> {
        self.csdl.container.get_or_insert(node.at());
        let [name, extends] = node.attributes(["Name", "Extends"])?;
        let namespace = self.csdl.schemas[schema].number;
        self.csdl.containers.entry((namespace, name.unwrap_or_default())).or_default().push(node.at());
        self.csdl.extended.extend(extends);
        for node in node.children() {
            let (kind, type_attribute) = match node.name() {
                "EntitySet" => (ElementKind::EntitySet, "EntityType"),
                "Singleton" => (ElementKind::Singleton, "Type"),
                "ActionImport" => (ElementKind::ActionImport, "Action"),
                "FunctionImport" => (ElementKind::FunctionImport, "Function"),
                _ => continue,
            };
            let [name, type_text] = node.attributes(["Name", type_attribute])?.map(Option::unwrap_or_default);
            let mut bindings = Vec::new();
            for node in node.children_called("NavigationPropertyBinding") {
                let [path, target] = node.attributes(["Path", "Target"])?.map(Option::unwrap_or_default);
                bindings.push(Binding { path, target });
            }
            self.csdl.elements_by_name.entry(name).or_insert(self.csdl.elements.len());
            let notes = self.notes(node)?;
            self.csdl.elements.push(Element { name, kind, type_text, namespace, bindings, notes, at: node.at() });
        }
        Ok(())
    }
}

fn is_true(attribute: Option<&str>) -> bool {
    matches!(attribute, Some("true" | "1"))
}

/// Whether null is allowed, as it is by default.
fn is_nullable(attribute: Option<&str>) -> bool {
    attribute.is_none_or(|value| matches!(value, "true" | "1"))
}

#[cfg(test)]
mod tests {
    use super::super::shown::{check, check_document, document};

    #[test]
    fn entity_types_have_keys_properties_and_where_they_stand() {
        check(
            r#"<EntityType Name="book" BaseType="lib.item" OpenType="true" HasStream="true">
  <Key><PropertyRef Name="id"/><PropertyRef Name="place/shelf" Alias="shelf"/></Key>
  <Property Name="id" Type="Edm.String" Nullable="false"/>
  <Property Name="pages" Type="Collection(Edm.Int32)" Nullable="true"></Property>
  <Property Name="untyped"/>
</EntityType>
<EntityType Name="item" Abstract="true"/>"#,
            &[
                "6 entity library.main.book < lib.item open stream key(id,shelf)",
                "8   id: Edm.String",
                "9   pages: Collection(Edm.Int32)?",
                "10   untyped: Edm.String?",
                "12 entity library.main.item abstract",
            ],
        );
    }

    #[test]
    fn complex_types_have_no_key_and_may_be_empty() {
        check(
            r#"<ComplexType Name="place"><Property Name="shelf" Type="Edm.Int16"/></ComplexType>
<ComplexType Name="nowhere" Abstract="false" OpenType="false"></ComplexType>"#,
            &["6 complex library.main.place", "6   shelf: Edm.Int16?", "7 complex library.main.nowhere"],
        );
    }

    #[test]
    fn navigation_properties_are_single_or_collections_and_may_contain_what_they_lead_to() {
        check(
            r#"<EntityType Name="book">
  <NavigationProperty Name="author" Type="lib.person" Nullable="false" Partner="books"/>
  <NavigationProperty Name="chapters" Type="Collection(lib.chapter)" ContainsTarget="true"/>
  <NavigationProperty Name="copies" Type="Collection(lib.copy)" ContainsTarget="false">
    <ReferentialConstraint Property="id" ReferencedProperty="bookId"/>
    <OnDelete Action="Cascade"/>
  </NavigationProperty>
</EntityType>"#,
            &[
                "6 entity library.main.book",
                "7   author: lib.person navigation",
                "8   chapters: Collection(lib.chapter)? navigation contained",
                "9   copies: Collection(lib.copy)? navigation",
            ],
        );
    }

    #[test]
    fn enumerations_have_members_with_or_without_numbers() {
        check(
            r#"<EnumType Name="binding"><Member Name="cloth" Value="0"/><Member Name="paper"/></EnumType>
<EnumType Name="topics" UnderlyingType="Edm.Int64" IsFlags="true">
  <Member Name="sea" Value="1"><Annotation Term="Org.OData.Core.V1.Description" String="water"/></Member>
  <Member Name="snow" Value="-2"></Member>
</EnumType>
<EnumType Name="none"/>"#,
            &[
                "6 enum library.main.binding: cloth=0 paper",
                "7 flags library.main.topics: sea=1 snow=-2",
                "11 enum library.main.none: ",
            ],
        );
    }

    #[test]
    fn type_definitions_are_other_names_of_primitive_types() {
        check(
            r#"<TypeDefinition Name="isbn" UnderlyingType="Edm.String" MaxLength="13"/>
<TypeDefinition Name="price" UnderlyingType="Edm.Decimal"><Annotation Term="Org.OData.Measures.V1.Unit" String="EUR"/></TypeDefinition>"#,
            &["6 definition library.main.isbn: Edm.String", "7 definition library.main.price: Edm.Decimal"],
        );
    }

    #[test]
    fn operations_are_bound_or_not_and_have_overloads_optional_parameters_and_results() {
        check(
            r#"<Action Name="lend" IsBound="true">
  <Parameter Name="bindingParameter" Type="lib.book" Nullable="false"/>
  <Parameter Name="reader" Type="lib.person"/>
  <Parameter Name="days" Type="Edm.Int32"><Annotation Term="Org.OData.Core.V1.OptionalParameter"><Record/></Annotation></Parameter>
</Action>
<Action Name="lend"/>
<Function Name="search" IsBound="true" IsComposable="true" EntitySetPath="books">
  <Parameter Name="books" Type="Collection(lib.book)"/>
  <ReturnType Type="Collection(lib.book)" Nullable="false"/>
</Function>
<Function Name="now" IsBound="false"><ReturnType Type="Edm.DateTimeOffset"></ReturnType></Function>"#,
            &[
                "6 bound action library.main.lend(bindingParameter: lib.book, reader: lib.person?, days: Edm.Int32? optional)",
                "11 action library.main.lend()",
                "12 bound composable function library.main.search(books: Collection(lib.book)?) -> Collection(lib.book)",
                "16 function library.main.now() -> Edm.DateTimeOffset?",
            ],
        );
    }

    #[test]
    fn the_container_has_sets_singletons_and_imports_with_their_bindings() {
        check(
            r#"<EntityContainer Name="Service">
  <EntitySet Name="books" EntityType="lib.book">
    <NavigationPropertyBinding Path="author" Target="people"/>
    <NavigationPropertyBinding Path="lib.atlas/maps" Target="maps"></NavigationPropertyBinding>
  </EntitySet>
  <Singleton Name="me" Type="lib.person"/>
  <ActionImport Name="close" Action="lib.close"/>
  <FunctionImport Name="now" Function="lib.now" EntitySet="books" IncludeInServiceDocument="true"/>
</EntityContainer>"#,
            &[
                "7 set books: lib.book author->people lib.atlas/maps->maps",
                "11 singleton me: lib.person",
                "12 action import close: lib.close",
                "13 function import now: lib.now",
            ],
        );
    }

    #[test]
    fn what_does_not_matter_is_skipped_wherever_it_stands() {
        check(
            r#"<Term Name="Shelf" Type="Edm.String"/><!-- <EntityType Name="no"/> --><?tool <EntityType?>
<Annotations Target="lib.book"/>
<Unknown><EntityType Name="hidden"><Unknown/></EntityType></Unknown>
<EntityType Name="book" New="1" other:Name="no">text &amp; more <![CDATA[<Property Name="no"/>]]>
  <New><Property Name="hidden"/></New>
  <Property Name="id" Type="Edm.String"><New/><Facet>1</Facet></Property>
  <Key><New/></Key>
</EntityType>
<EntityContainer Name="Service"><New Name="x"/></EntityContainer><EntityContainer Name="Empty"/>"#,
            &["9 entity library.main.book", "11   id: Edm.String?"],
        );
    }

    #[test]
    fn elements_may_have_any_prefix() {
        check_document(
            r#"<x:Edmx Version="4.01"><x:DataServices><y:Schema Namespace="n"><y:EnumType Name="a"/></y:Schema></x:DataServices></x:Edmx>"#,
            &["1 enum n.a: "],
        );
    }

    #[test]
    fn schemas_stand_beside_each_other_and_may_be_empty() {
        check_document(
            &document(
                r#"<Schema Namespace="a"/>
<Schema Namespace="b"><EnumType Name="x"/></Schema>
<Other/>
<Schema Namespace="a"><EnumType Name="y"/></Schema>"#,
            ),
            &["6 enum b.x: ", "8 enum a.y: "],
        );
        check_document(&document(""), &[]);
        check_document("<Edmx/>".replace("/>", "></Edmx>").as_str(), &[]);
    }
}
