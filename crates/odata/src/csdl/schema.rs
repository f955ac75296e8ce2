//! Reading schemas: types, their properties, operations, and the entity container.

use quick_xml::events::BytesStart;

use super::model::{Node, Schema};
use super::read::{Parsed, Parser, local_name};
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
        self.children(|own, start, open, at| match local_name(&start) {
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
            "EntityContainer" if open => own.container(&start, at, schema),
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
            self.children(|own, start, open, at| match local_name(&start) {
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
                if local_name(&start) == "Member" {
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
            self.children(|own, start, open, at| match local_name(&start) {
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
            self.children(|own, start, open, at| match local_name(&start) {
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

    fn container(&mut self, start: &BytesStart<'x>, at: u32, schema: usize) -> Parsed<()> {
        self.csdl.container.get_or_insert(at);
        let name = self.attributes(start)?.name.unwrap_or_default();
        self.containers.insert((schema, name));
        self.children(|own, start, open, at| {
            let kind = match local_name(&start) {
                "EntitySet" => ElementKind::EntitySet,
                "Singleton" => ElementKind::Singleton,
                "ActionImport" => ElementKind::ActionImport,
                "FunctionImport" => ElementKind::FunctionImport,
                _ => return own.skip(&start, open),
            };
            let attributes = own.attributes(&start)?;
            let (mut bindings, mut notes) = (Vec::new(), None);
            if open {
                own.children(|own, start, open, at| match local_name(&start) {
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
