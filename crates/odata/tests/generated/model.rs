//! A document's declarations, read for these tests alone: it shares nothing with what it tests.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

/// What kind of type one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Entity,
    Complex,
    Enum,
    Definition,
}

/// A type, as a document declares it, without what it inherits.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) kind: Kind,
    base: Option<String>,
    pub(crate) is_abstract: bool,
    is_open: bool,
    pub(crate) is_flags: bool,
    /// The type that is defined.
    underlying: String,
    keys: Vec<String>,
    pub(crate) own: Vec<Property>,
    /// The names of an enumeration's members.
    pub(crate) members: Vec<String>,
}

/// A structural or navigation property.
#[derive(Clone, Debug)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) of: TypeRef,
    pub(crate) is_nullable: bool,
    pub(crate) is_navigation: bool,
    pub(crate) is_contained: bool,
}

/// A qualified type, or a collection of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeRef {
    pub(crate) name: String,
    pub(crate) is_collection: bool,
}

/// A function or action.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) is_function: bool,
    /// What it is bound to.
    pub(crate) binding: Option<TypeRef>,
    pub(crate) parameters: Vec<(String, TypeRef, bool)>,
    pub(crate) returns: Option<TypeRef>,
}

/// An entity set or a singleton.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) name: String,
    pub(crate) of: TypeRef,
}

/// All that a document declares.
#[derive(Debug, Default)]
pub(crate) struct Model {
    types: BTreeMap<String, Type>,
    operations: Vec<Operation>,
    pub(crate) roots: Vec<Root>,
    /// Names of sets, properties and types of which annotations rule something out.
    restricted: BTreeSet<String>,
    /// The types that each type is the base of, by name.
    derived: BTreeMap<String, Vec<String>>,
    /// The positions of the operations that are bound to a type, by its name.
    bound: BTreeMap<String, Vec<usize>>,
}

impl Model {
    /// Reads a document of CSDL XML.
    pub(crate) fn read(text: &str) -> Model {
        let document = Document::parse(text).expect("XML");
        let schemas: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.has_tag_name_of("Schema")).collect();
        let namespaces: Vec<(String, String)> = schemas
            .iter()
            .filter_map(|schema| {
                Some((schema.attribute("Alias")?.to_owned(), schema.attribute("Namespace")?.to_owned()))
            })
            .collect();
        let mut model = Model::default();
        for schema in schemas {
            Reader { model: &mut model, namespaces: &namespaces }.schema(schema);
        }
        for (name, own) in &model.types {
            if let Some(base) = &own.base {
                model.derived.entry(base.clone()).or_default().push(name.clone());
            }
        }
        for (index, operation) in model.operations.iter().enumerate() {
            if let Some(binding) = &operation.binding {
                model.bound.entry(binding.name.clone()).or_default().push(index);
            }
        }
        model
    }

    /// The operations that are bound to values of a type, and of which no annotation rules anything out.
    pub(crate) fn operations_of(&self, of: &TypeRef) -> Vec<&Operation> {
        let (lineage, _) = self.lineage(&of.name);
        let bound = lineage.iter().filter_map(|(name, _)| self.bound.get(*name)).flatten();
        let is_of = |own: &&Operation| {
            let fits = own.binding.as_ref().is_some_and(|binding| binding.is_collection == of.is_collection);
            fits && !self.is_restricted(&own.name)
        };
        bound.map(|index| &self.operations[*index]).filter(is_of).collect()
    }

    /// Whether an operation or a type has this name.
    pub(crate) fn is_bound_name(&self, name: &str) -> bool {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.operations.iter().any(|own| own.name.rsplit('.').next() == Some(last))
    }

    /// A type; `None` if it is primitive, or no given document declares it.
    pub(crate) fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// A type and the types that it inherits from, and whether all of them are declared.
    pub(crate) fn lineage(&self, name: &str) -> (Vec<(&str, &Type)>, bool) {
        let mut found = Vec::new();
        let mut next = Some(name);
        while let Some(name) = next {
            let Some((name, own)) = self.types.get_key_value(name) else { return (found, false) };
            found.push((name.as_str(), own));
            next = own.base.as_deref();
        }
        (found, true)
    }

    /// The properties of a type, inherited ones included.
    pub(crate) fn properties(&self, name: &str) -> Vec<&Property> {
        self.lineage(name).0.iter().rev().flat_map(|(_, own)| &own.own).collect()
    }

    pub(crate) fn is_open(&self, name: &str) -> bool {
        let (lineage, is_whole) = self.lineage(name);
        !is_whole || lineage.iter().any(|(_, own)| own.is_open)
    }

    /// Whether a type is open, or one that derives from it.
    pub(crate) fn may_be_open(&self, name: &str) -> bool {
        self.is_open(name) || self.derived.get(name).into_iter().flatten().any(|derived| self.may_be_open(derived))
    }

    /// Whether a type says nothing of its values: services use such types for any object.
    pub(crate) fn is_opaque(&self, name: &str) -> bool {
        self.get(name).is_some_and(|own| own.kind == Kind::Complex)
            && self.properties(name).is_empty()
            && !self.derived.contains_key(name)
    }

    /// The names of the key's properties.
    pub(crate) fn key(&self, name: &str) -> Vec<&Property> {
        let keys: Vec<&str> =
            self.lineage(name).0.iter().flat_map(|(_, own)| own.keys.iter().map(String::as_str)).collect();
        self.properties(name).into_iter().filter(|property| keys.contains(&property.name.as_str())).collect()
    }

    /// The type itself and all that derive from it, as far as values can be of them.
    pub(crate) fn concrete(&self, name: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            let Some((name, own)) = self.types.get_key_value(name) else { continue };
            if !own.is_abstract {
                found.push(name.as_str());
            }
            open.extend(self.derived.get(name).into_iter().flatten().map(String::as_str));
        }
        found
    }

    /// The primitive type of a definition; any other type is itself.
    pub(crate) fn resolved<'m>(&'m self, name: &'m str) -> &'m str {
        match self.types.get(name) {
            Some(own) if own.kind == Kind::Definition => &own.underlying,
            _ => name,
        }
    }

    /// Whether annotations rule something out of what has this name: `type/property`, a type, or a set.
    pub(crate) fn is_restricted(&self, name: &str) -> bool {
        self.restricted.contains(name)
    }

    /// Whether annotations rule something out of values of a type, or of one that it inherits from.
    pub(crate) fn is_type_restricted(&self, name: &str) -> bool {
        self.lineage(name).0.iter().any(|(name, _)| self.is_restricted(name))
    }

    /// Types in the order of their names.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.types.iter().map(|(name, own)| (name.as_str(), own))
    }
}

trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

struct Reader<'m> {
    model: &'m mut Model,
    namespaces: &'m [(String, String)],
}

impl Reader<'_> {
    fn schema(&mut self, schema: Node<'_, '_>) {
        let namespace = schema.attribute("Namespace").expect("a namespace");
        for node in schema.children().filter(Node::is_element) {
            let kind = match node.tag_name().name() {
                "EntityType" => Kind::Entity,
                "ComplexType" => Kind::Complex,
                "EnumType" => Kind::Enum,
                "TypeDefinition" => Kind::Definition,
                "Function" | "Action" => {
                    self.operation(namespace, node);
                    continue;
                }
                "EntityContainer" => {
                    self.container(namespace, node);
                    continue;
                }
                "Annotations" => {
                    self.restriction(node, node.attribute("Target").map(|target| self.qualified(target)));
                    continue;
                }
                _ => continue,
            };
            self.declared(namespace, node, kind);
        }
    }

    fn declared(&mut self, namespace: &str, node: Node<'_, '_>, kind: Kind) {
        let name = format!("{namespace}.{}", node.attribute("Name").expect("a name"));
        let is_true = |name| node.attribute(name) == Some("true");
        let named = |tag: &'static str| {
            node.descendants().filter(move |own| own.has_tag_name_of(tag)).filter_map(|own| own.attribute("Name"))
        };
        let properties = node.children().filter(|own| own.tag_name().name().ends_with("Property") && own.is_element());
        let own: Vec<Property> = properties
            .map(|own| {
                let property = self.property(own);
                self.restriction(own, Some(format!("{name}/{}", property.name)));
                property
            })
            .collect();
        self.restriction(node, Some(name.clone()));
        self.model.types.insert(
            name,
            Type {
                kind,
                base: node.attribute("BaseType").map(|base| self.qualified(base)),
                is_abstract: is_true("Abstract"),
                is_open: is_true("OpenType"),
                is_flags: is_true("IsFlags"),
                underlying: node.attribute("UnderlyingType").unwrap_or("Edm.String").to_owned(),
                keys: named("PropertyRef").map(str::to_owned).collect(),
                own,
                members: named("Member").map(str::to_owned).collect(),
            },
        );
    }

    fn property(&self, node: Node<'_, '_>) -> Property {
        Property {
            name: node.attribute("Name").expect("a name").to_owned(),
            of: self.type_ref(node.attribute("Type").unwrap_or("Edm.String")),
            is_nullable: node.attribute("Nullable") != Some("false"),
            is_navigation: node.has_tag_name_of("NavigationProperty"),
            is_contained: node.attribute("ContainsTarget") == Some("true"),
        }
    }

    fn operation(&mut self, namespace: &str, node: Node<'_, '_>) {
        let parameter = |own: Node<'_, '_>| {
            let name = own.attribute("Name").expect("a name").to_owned();
            let is_nullable = own.attribute("Nullable") != Some("false");
            (name, self.type_ref(own.attribute("Type").expect("a type")), is_nullable)
        };
        let mut parameters: Vec<_> =
            node.children().filter(|own| own.has_tag_name_of("Parameter")).map(parameter).collect();
        let is_bound = node.attribute("IsBound") == Some("true");
        let binding = is_bound.then(|| parameters.remove(0).1);
        let returns = node.children().find(|own| own.has_tag_name_of("ReturnType"));
        self.model.operations.push(Operation {
            name: format!("{namespace}.{}", node.attribute("Name").expect("a name")),
            is_function: node.has_tag_name_of("Function"),
            binding,
            parameters,
            returns: returns.and_then(|own| own.attribute("Type")).map(|name| self.type_ref(name)),
        });
    }

    fn container(&mut self, namespace: &str, node: Node<'_, '_>) {
        let container = format!("{namespace}.{}", node.attribute("Name").expect("a name"));
        for own in node.children().filter(Node::is_element) {
            let (type_name, is_collection) = match own.tag_name().name() {
                "EntitySet" => (own.attribute("EntityType"), true),
                "Singleton" => (own.attribute("Type"), false),
                _ => continue,
            };
            let name = own.attribute("Name").expect("a name").to_owned();
            self.restriction(own, Some(format!("{container}/{name}")));
            let of = TypeRef { name: self.qualified(type_name.expect("a type")), is_collection };
            self.model.roots.push(Root { name, of });
        }
    }

    /// Remembers what an element's annotations rule something out of. A name below a set counts as the set's.
    fn restriction(&mut self, node: Node<'_, '_>, target: Option<String>) {
        let Some(target) = target else { return };
        let rules_out = |own: Node<'_, '_>| {
            let is_of = own.attribute("Term").is_some_and(|term| term.contains("Capabilities"));
            let says_no =
                |own: Node<'_, '_>| own.attribute("Bool") == Some("false") || own.has_tag_name_of("EnumMember");
            is_of && (own.attribute("Bool") == Some("false") || own.descendants().any(says_no))
        };
        if node.children().filter(|own| own.has_tag_name_of("Annotation")).any(rules_out) {
            let last = target.split('/').nth(1).map(str::to_owned);
            self.model.restricted.extend(last);
            self.model.restricted.insert(target);
        }
    }

    fn type_ref(&self, text: &str) -> TypeRef {
        let inner = text.strip_prefix("Collection(").and_then(|text| text.strip_suffix(')'));
        TypeRef { name: self.qualified(inner.unwrap_or(text)), is_collection: inner.is_some() }
    }

    /// A name with its namespace instead of the namespace's alias.
    fn qualified(&self, name: &str) -> String {
        let of = |(alias, namespace): &(String, String)| {
            Some(format!("{namespace}.{}", name.strip_prefix(alias.as_str())?.strip_prefix('.')?))
        };
        self.namespaces.iter().find_map(of).unwrap_or_else(|| name.to_owned())
    }
}
