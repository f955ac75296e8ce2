//! Looking things up: types by their names, properties through inheritance, operations by what they are bound to.

use std::collections::{HashMap, HashSet};

use super::{Csdl, Declaration, EnumType, Operation, Property, StructuredKind, StructuredType, TypeId, TypeKind};

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
    /// Every type with its position.
    pub fn declarations(&self) -> impl Iterator<Item = (TypeId, &Declaration<'x>)> {
        self.declarations.iter().enumerate().map(|(index, declaration)| (TypeId(index), declaration))
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
        self.namespaces_of(namespace).find_map(|number| self.types.get(&(number, name)).copied())
    }

    /// The type of a qualified name whatever its case. All types are looked through: this is for what is not found.
    pub(crate) fn find_type_ignoring_case(&self, name: &str) -> Option<TypeId> {
        let (namespace, name) = name.rsplit_once('.')?;
        let is_in = |schema: usize| {
            let schema = &self.schemas[schema];
            let names = std::iter::once(schema.namespace).chain(schema.alias);
            names.into_iter().any(|own| own.eq_ignore_ascii_case(namespace))
        };
        let is_named = |own: &Declaration<'_>| own.name.eq_ignore_ascii_case(name) && is_in(own.schema);
        self.declarations().find(|(_, own)| is_named(own)).map(|(id, _)| id)
    }

    /// The types whose name without namespace is this one.
    pub(crate) fn types_called(&self, name: &str) -> impl Iterator<Item = TypeId> {
        // There are no more numbers than schemas.
        (0..self.schemas.len()).filter_map(move |number| self.types.get(&(number, name)).copied())
    }

    /// The types whose name without namespace is this one in any case. All types are searched only if no name matches exactly.
    pub(crate) fn types_in_any_case(&self, name: &str) -> Vec<TypeId> {
        let exact: Vec<TypeId> = self.types_called(name).collect();
        if !exact.is_empty() {
            return exact;
        }
        let is_named = |own: &Declaration<'_>| own.name.eq_ignore_ascii_case(name);
        self.declarations().filter(|(_, own)| is_named(own)).map(|(id, _)| id).collect()
    }

    /// The aliases of schemas, each with the namespace that it stands for. What documents use for different ones stands for none.
    pub fn aliases(&self) -> impl Iterator<Item = (&'x str, &'x str)> {
        let mut known: HashMap<&str, Option<&str>> = HashMap::new();
        for (alias, namespace) in self.schemas.iter().filter_map(|own| Some((own.alias?, own.namespace))) {
            let own = known.entry(alias).or_insert(Some(namespace));
            *own = own.filter(|own| *own == namespace);
        }
        known.into_iter().filter_map(|(alias, namespace)| Some((alias, namespace?)))
    }

    /// Whether a text is the namespace of a schema, or its alias.
    pub fn is_namespace(&self, name: &str) -> bool {
        self.namespaces_of(name).next().is_some()
    }

    /// The declaration of a type.
    pub fn declaration(&self, id: TypeId) -> &Declaration<'x> {
        &self.declarations[id.0]
    }

    /// A type's name with its namespace.
    pub fn full_name(&self, id: TypeId) -> String {
        let declaration = self.declaration(id);
        format!("{}.{}", self.schemas[declaration.schema].namespace, declaration.name)
    }

    /// An operation's name with its namespace.
    pub fn operation_name(&self, operation: &Operation<'_>) -> String {
        format!("{}.{}", self.namespace_of(operation), operation.name)
    }

    /// The namespace of an operation.
    pub fn namespace_of(&self, operation: &Operation<'_>) -> &'x str {
        self.schemas[operation.schema].namespace
    }

    /// Whether an operation's qualified name is `namespace` and its own name, by namespace or alias.
    pub(crate) fn is_in_namespace(&self, operation: &Operation<'_>, namespace: &str) -> bool {
        self.namespaces_of(namespace).any(|number| number == self.schemas[operation.schema].number)
    }

    /// The entity or complex type of that position, if it is one.
    pub fn structured(&self, id: TypeId) -> Option<&StructuredType<'x>> {
        if let TypeKind::Structured(own) = &self.declaration(id).kind { Some(own) } else { None }
    }

    /// The enumeration type of that position, if it is one.
    pub fn enumeration(&self, id: TypeId) -> Option<&EnumType<'x>> {
        if let TypeKind::Enum(own) = &self.declaration(id).kind { Some(own) } else { None }
    }

    /// Whether a type is an entity type.
    pub(crate) fn is_entity(&self, id: TypeId) -> bool {
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

    /// The types that name a type as their base type.
    pub fn children(&self, id: TypeId) -> impl Iterator<Item = TypeId> {
        let first = self.derived.partition_point(|(base, _)| *base < id);
        self.derived[first..].iter().take_while(move |(base, _)| *base == id).map(|(_, child)| *child)
    }

    /// All types that inherit from a type, whatever is between.
    pub fn descendants(&self, id: TypeId) -> Vec<TypeId> {
        let mut found: Vec<TypeId> = Vec::new();
        let mut known = HashSet::from([id]);
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            for child in self.children(next) {
                if known.insert(child) {
                    found.push(child);
                    waiting.push(child);
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

    /// The name of a property with the type that declares it, which may be one that `id` inherits from: `microsoft.graph.entity/id`.
    pub(crate) fn declared_name(&self, id: TypeId, property: &Property<'x>) -> String {
        let declares = |own: &TypeId| self.own_properties(*own).iter().any(|own| own.at == property.at);
        let owner = self.lineage(id).find(declares).unwrap_or(id);
        format!("{}/{}", self.full_name(owner), property.name)
    }

    /// The property of that name whatever its case.
    pub(crate) fn property_ignoring_case(&self, id: TypeId, name: &str) -> Option<&Property<'x>> {
        self.properties(id).find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// Whether values of a type may have members that are not declared; a type derived from an open one is open.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.lineage(id).any(|own| self.structured(own).is_some_and(|own| own.is_open))
    }

    /// Whether entities of a type have a media stream, as some of its kind or all of them.
    pub(crate) fn may_have_stream(&self, id: TypeId) -> bool {
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
        let notes = self.lineage(id).filter_map(|own| self.declaration(own).notes.as_deref());
        notes.flat_map(|notes| &notes.alternate_keys).map(Vec::as_slice)
    }

    /// The overloads of a name.
    pub(crate) fn operations_called(&self, name: &str) -> impl Iterator<Item = &Operation<'x>> {
        let indices = self.operations_by_name.get(name).into_iter().flatten();
        indices.filter_map(|index| self.operations.get(*index))
    }

    /// Whether an operation is bound to such a value, or to the type that its type inherits from.
    pub(crate) fn is_bound_to(&self, operation: &Operation<'x>, id: TypeId, collection: bool) -> bool {
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
}

#[cfg(test)]
mod tests {
    use super::super::shown::{document, schema};
    use super::*;

    const LIBRARY: &str = r#"<EntityType Name="item" Abstract="true"><Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.String"/><Property Name="number" Type="Edm.Int32"/>
  <Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection><Record><PropertyValue Property="Name" PropertyPath="number"/></Record></Collection></PropertyValue></Record></Collection></Annotation>
</EntityType>
<EntityType Name="book" BaseType="lib.item" OpenType="true"><Property Name="title" Type="Edm.String"/></EntityType>
<EntityType Name="atlas" BaseType="library.main.book" HasStream="true"><Property Name="title" Type="Edm.Int32"/></EntityType>
<EntityType Name="map" BaseType="lib.item"><Key><PropertyRef Name="sheet"/></Key></EntityType>
<EntityType Name="lost" BaseType="lib.none"/>
<EntityType Name="hen" BaseType="lib.egg"/><EntityType Name="egg" BaseType="lib.hen"/><EntityType Name="self" BaseType="lib.self"/>
<ComplexType Name="place"/><EnumType Name="binding"/><TypeDefinition Name="isbn" UnderlyingType="Edm.String"/>"#;

    /// What is found in the library.
    #[track_caller]
    fn check<T: PartialEq + std::fmt::Debug>(find: impl Fn(&Csdl<'_>) -> T, expected: T) {
        let text = schema(LIBRARY);
        assert_eq!(find(&Csdl::read(&text).expect("a document that can be read")), expected);
    }

    /// The type of a name that is declared.
    fn id(csdl: &Csdl<'_>, name: &str) -> TypeId {
        csdl.find_type(&format!("lib.{name}")).expect("a type")
    }

    /// Names without their namespace.
    fn names(csdl: &Csdl<'_>, ids: impl IntoIterator<Item = TypeId>) -> Vec<String> {
        ids.into_iter().map(|id| csdl.declaration(id).name.to_owned()).collect()
    }

    #[test]
    fn types_are_found_by_namespace_or_alias() {
        for (name, is_found) in [
            ("lib.book", true),
            ("library.main.book", true),
            ("lib.isbn", true),
            ("lib.binding", true),
            ("book", false),
            ("lib.Book", false),
            ("other.book", false),
            ("main.book", false),
            ("lib.", false),
            ("", false),
            ("Edm.String", false),
        ] {
            check(
                |csdl| csdl.find_type(name).map(|id| csdl.full_name(id)),
                is_found.then(|| name.replace("lib.", "library.main.")),
            );
        }
        for (name, is_found) in
            [("LIB.BOOK", true), ("Library.Main.book", true), ("other.book", false), ("book", false)]
        {
            check(|csdl| csdl.find_type_ignoring_case(name).is_some(), is_found);
        }
        check(|csdl| csdl.types_called("book").count(), 1);
        check(|csdl| csdl.types_called("none").count(), 0);
        for (name, is_namespace) in [("lib", true), ("library.main", true), ("library", false), ("", false)] {
            check(|csdl| csdl.is_namespace(name), is_namespace);
        }
    }

    #[test]
    fn schemas_may_share_a_namespace_and_a_name_is_no_other_schemas_alias() {
        let text = document(
            r#"<Schema Namespace="a" Alias="x"><EnumType Name="one"/><Function Name="f"/></Schema>
<Schema Namespace="a"><EnumType Name="two"/><EnumType Name="one" IsFlags="true"/><Function Name="f"/></Schema>
<Schema Namespace="x.y" Alias="a"><EnumType Name="three"/><EnumType Name="one"/></Schema>
<Schema Namespace="z" Alias="x"><EnumType Name="four"/></Schema>"#,
        );
        let csdl = Csdl::read(&text).expect("a document that can be read");
        let line = |name: &str| csdl.find_type(name).map(|id| csdl.line(csdl.declaration(id).at));
        for (name, expected) in [
            // Of two types of one name, the first.
            ("a.one", Some(5)),
            ("a.two", Some(6)),
            ("x.one", Some(5)),
            ("x.two", Some(6)),
            ("x.y.three", Some(7)),
            ("x.y.one", Some(7)),
            ("a.three", None),
            ("z.four", Some(8)),
            ("x.four", None),
        ] {
            assert_eq!(line(name), expected, "{name}");
        }
        assert_eq!(csdl.types_called("one").count(), 2);
        let operations: Vec<_> = csdl.operations_called("f").collect();
        assert_eq!(operations.len(), 2);
        for (namespace, expected) in [("a", true), ("x", true), ("x.y", false), ("z", false)] {
            assert!(operations.iter().all(|own| csdl.is_in_namespace(own, namespace) == expected), "{namespace}");
        }
    }

    #[test]
    fn types_inherit_in_a_line_that_ends_also_where_it_is_a_circle() {
        let lineage = |name: &'static str| move |csdl: &Csdl<'_>| names(csdl, csdl.lineage(id(csdl, name)).take(4));
        for (name, expected) in [
            ("atlas", &["atlas", "book", "item"][..]),
            ("item", &["item"]),
            ("lost", &["lost"]),
            ("hen", &["hen", "egg", "hen", "egg"]),
            ("self", &["self", "self", "self", "self"]),
            ("place", &["place"]),
        ] {
            check(lineage(name), expected.iter().map(|name| (*name).to_owned()).collect());
        }
        check(|csdl| csdl.lineage(id(csdl, "hen")).count(), MAX_BASES);
        let descendants = |name: &'static str| {
            move |csdl: &Csdl<'_>| {
                let mut found = names(csdl, csdl.descendants(id(csdl, name)));
                found.sort();
                found.join(" ")
            }
        };
        for (name, expected) in
            [("item", "atlas book map"), ("book", "atlas"), ("atlas", ""), ("hen", "egg"), ("self", "")]
        {
            check(descendants(name), expected.to_owned());
        }
        for (own, base, expected) in [
            ("atlas", "item", true),
            ("book", "book", true),
            ("item", "book", false),
            ("hen", "egg", true),
            ("hen", "item", false),
        ] {
            check(|csdl| csdl.is_a(id(csdl, own), id(csdl, base)), expected);
        }
    }

    #[test]
    fn what_a_type_is_follows_from_those_that_it_inherits_from() {
        for (name, expected) in [
            ("item", (true, false, true, "id")),
            ("book", (true, true, true, "id")),
            ("atlas", (true, true, true, "id")),
            ("map", (true, false, false, "sheet")),
            ("hen", (true, false, false, "")),
            ("place", (false, false, false, "")),
            ("binding", (false, false, false, "")),
        ] {
            check(
                |csdl| {
                    let id = id(csdl, name);
                    (csdl.is_entity(id), csdl.is_open(id), csdl.may_have_stream(id), csdl.key(id).join(","))
                },
                (expected.0, expected.1, expected.2, expected.3.to_owned()),
            );
        }
        check(
            |csdl| csdl.alternate_keys(id(csdl, "atlas")).map(<[String]>::to_vec).collect::<Vec<_>>(),
            vec![vec!["number".to_owned()]],
        );
        check(
            |csdl| csdl.enumeration(id(csdl, "binding")).is_some() && csdl.structured(id(csdl, "binding")).is_none(),
            true,
        );
        check(|csdl| csdl.enumeration(id(csdl, "book")).is_none() && csdl.structured(id(csdl, "isbn")).is_none(), true);
    }

    #[test]
    fn properties_are_those_of_the_nearest_type_that_declares_them() {
        let type_of = |name: &'static str| {
            move |csdl: &Csdl<'_>| csdl.property(id(csdl, "atlas"), name).map(|own| own.type_text.to_owned())
        };
        for (name, expected) in
            [("title", Some("Edm.Int32")), ("id", Some("Edm.String")), ("Title", None), ("none", None)]
        {
            check(type_of(name), expected.map(str::to_owned));
        }
        check(
            |csdl| csdl.property_ignoring_case(id(csdl, "atlas"), "TITLE").map(|own| own.name.to_owned()),
            Some("title".to_owned()),
        );
        check(
            |csdl| csdl.properties(id(csdl, "atlas")).map(|own| own.name.to_owned()).collect::<Vec<_>>().join(" "),
            "title title id number".to_owned(),
        );
        check(|csdl| csdl.own_properties(id(csdl, "atlas")).len(), 1);
        check(|csdl| csdl.own_properties(id(csdl, "binding")).len(), 0);
    }

    #[test]
    fn a_type_is_referred_to_as_one_or_as_a_collection() {
        for (text, collection, name, is_declared) in [
            ("lib.book", false, "lib.book", true),
            ("Collection(lib.book)", true, "lib.book", true),
            ("Collection(Edm.String)", true, "Edm.String", false),
            ("Collection(lib.book", false, "Collection(lib.book", false),
            ("", false, "", false),
        ] {
            check(
                |csdl| {
                    let found = csdl.type_ref(text);
                    (found.collection, found.name.to_owned(), found.id.is_some())
                },
                (collection, name.to_owned(), is_declared),
            );
        }
    }

    #[test]
    fn operations_are_bound_to_values_of_their_type_and_of_those_derived_from_it() {
        let bound = |types: &str| {
            format!(
                "<Action Name=\"a\" IsBound=\"true\"><Parameter Name=\"on\" Type=\"{types}\"/><Parameter Name=\"x\" Type=\"Edm.Int32\"/></Action>"
            )
        };
        for (binding, name, collection, expected) in [
            ("lib.book", "book", false, true),
            ("lib.book", "atlas", false, true),
            ("lib.book", "item", false, false),
            ("lib.book", "book", true, false),
            ("Collection(lib.item)", "map", true, true),
            ("Collection(lib.item)", "map", false, false),
            ("Edm.EntityType", "map", false, true),
            ("Collection(Edm.EntityType)", "map", true, true),
            ("lib.none", "map", false, false),
        ] {
            let text = schema(&format!("{LIBRARY}{}", bound(binding)));
            let csdl = Csdl::read(&text).expect("a document that can be read");
            let own = &csdl.operations[0];
            assert_eq!(csdl.is_bound_to(own, id(&csdl, name), collection), expected, "{binding} {name}");
            assert_eq!(own.own_parameters().iter().map(|own| own.name).collect::<Vec<_>>(), ["x"]);
        }
        let text = schema(&format!(
            "{LIBRARY}<Function Name=\"f\"><Parameter Name=\"x\" Type=\"lib.book\"/></Function><Function Name=\"g\" IsBound=\"true\"/>"
        ));
        let csdl = Csdl::read(&text).expect("a document that can be read");
        for own in &csdl.operations {
            assert!(!csdl.is_bound_to(own, id(&csdl, "book"), false), "{}", own.name);
        }
        assert_eq!(csdl.operations.iter().map(|own| own.own_parameters().len()).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let text = "<Edmx>\n\n</Edmx>\n";
        let csdl = Csdl::read(text).expect("a document that can be read");
        for (at, line) in [(0, 1), (5, 1), (6, 1), (7, 2), (8, 3), (u32::MAX, 4)] {
            assert_eq!(csdl.line(at), line, "{at}");
        }
    }
}
