//! What was read becomes a model: who derives from whom, and what the annotations with a target are about.

use foldhash::{HashMap, HashMapExt as _};
use std::fmt::Write as _;

use super::notes::without_casts;
use super::schema::{SchemaReader, Target};
use super::{Csdl, CsdlError, Notes, TypeId};

impl<'x> SchemaReader<'x> {
    /// The model.
    pub(super) fn finish(self) -> Result<Csdl<'x>, CsdlError> {
        let SchemaReader { mut csdl, targeted, .. } = self;
        csdl.join_documents();
        for id in 0..csdl.declarations.len() {
            let base = csdl.structured(TypeId(id)).and_then(|own| own.base);
            if let Some(base) = base.and_then(|base| csdl.find_type(base)) {
                csdl.derived.push((base, TypeId(id)));
            }
        }
        csdl.derived.sort_unstable();
        if let Some(error) = csdl.declared_twice() {
            return Err(error);
        }
        let mut targets = Targets::new(&csdl);
        let about = |(target, vocabulary, notes): (Target<'x>, &str, Notes)| {
            let (mut nodes, notes) = targets.about(target.path, notes);
            nodes.retain(|node| csdl.includes_annotation(target.document, targets.place(*node), vocabulary));
            (nodes, notes)
        };
        let about: Vec<(Vec<Node<'_>>, Notes)> = targeted.into_iter().map(about).collect();
        for (nodes, notes) in about {
            for node in nodes {
                let own = match node {
                    Node::Type(TypeId(index)) => &mut csdl.declarations[index].notes,
                    Node::Property(index) => &mut csdl.properties[index].notes,
                    Node::Operation(index) => &mut csdl.operations[index].notes,
                    Node::Element(index) => &mut csdl.elements[index].notes,
                    Node::Parameter(operation, name) => {
                        let named = csdl.operations[operation].parameters.iter_mut().filter(|own| own.name == name);
                        named.for_each(|own| own.is_optional |= notes.is_optional);
                        continue;
                    }
                };
                own.get_or_insert_default().merge(notes.clone());
            }
        }
        Ok(csdl)
    }
}

/// What annotations can be about.
#[derive(Clone, Copy)]
enum Node<'x> {
    Type(TypeId),
    Property(usize),
    Operation(usize),
    Parameter(usize, &'x str),
    Element(usize),
}

/// Finds what targets name. Few targets of a document matter, so that what they are looked up in is made as they need it.
struct Targets<'c, 'x> {
    csdl: &'c Csdl<'x>,
    /// The properties of types by their names.
    properties: HashMap<TypeId, HashMap<&'x str, usize>>,
    /// Operations by their name: by the number of their namespace, and the types of their parameters.
    overloads: HashMap<&'x str, HashMap<(usize, String), usize>>,
}

impl<'c, 'x> Targets<'c, 'x> {
    fn new(csdl: &'c Csdl<'x>) -> Targets<'c, 'x> {
        Targets { csdl, properties: HashMap::new(), overloads: HashMap::new() }
    }

    /// A property of a type, by its name.
    fn property(&mut self, id: TypeId, name: &str) -> Option<usize> {
        let csdl = self.csdl;
        let named = || {
            let own = csdl.structured(id).map(|own| own.properties.clone()).unwrap_or_default();
            own.map(|index| (csdl.properties[index].name, index)).collect()
        };
        self.properties.entry(id).or_insert_with(named).get(name).copied()
    }

    /// The overload of an operation whose parameters have these types, in one of these namespaces.
    fn overload(&mut self, name: &'x str, numbers: impl Iterator<Item = usize>, signature: &str) -> Option<usize> {
        let csdl = self.csdl;
        let signed = || {
            // Of several with the same signature, the first.
            let all = csdl.operations_by_name.get(name).into_iter().flatten().rev();
            let signed = all.map(|index| {
                let own = &csdl.operations[*index];
                let types = own.parameters.iter().map(|parameter| parameter.type_text);
                ((csdl.schemas[own.schema].number, self::signature(csdl, types)), *index)
            });
            signed.collect()
        };
        let signed: &HashMap<(usize, String), usize> = self.overloads.entry(name).or_insert_with(signed);
        numbers.into_iter().find_map(|number| signed.get(&(number, signature.to_owned())).copied())
    }

    /// Where something is declared, and the number of its namespace.
    fn place(&self, node: Node<'_>) -> (u32, usize) {
        let Csdl { schemas, declarations, properties, operations, elements, .. } = self.csdl;
        let of_schema = |schema: usize| schemas[schema].number;
        match node {
            Node::Type(TypeId(index)) => (declarations[index].at, of_schema(declarations[index].schema)),
            Node::Property(index) => {
                let at = properties[index].at;
                // Types are in the order of their documents, and so are their properties.
                let owner = declarations.partition_point(|own| own.at <= at).saturating_sub(1);
                (at, declarations.get(owner).map_or(usize::MAX, |own| of_schema(own.schema)))
            }
            Node::Operation(index) | Node::Parameter(index, _) => {
                (operations[index].at, of_schema(operations[index].schema))
            }
            Node::Element(index) => (elements[index].at, elements[index].namespace),
        }
    }

    /// What is annotated, and with what: of what is reached from a child of the container, that is said at that child.
    fn about(&mut self, target: &'x str, notes: Notes) -> (Vec<Node<'x>>, Notes) {
        let mut parts = target.splitn(3, '/');
        if let (Some(owner), Some(name), Some(path)) = (parts.next(), parts.next(), parts.next())
            && let Some(node @ Node::Element(_)) = self.part(owner, name)
        {
            return (vec![node], Notes { restricted: vec![(without_casts(path), notes)], ..Notes::default() });
        }
        (self.nodes(target), notes)
    }

    /// What a target names (section 14.2.1): a type, a property of a type, a child of the container, or an operation or a parameter of
    /// one.
    fn nodes(&mut self, target: &'x str) -> Vec<Node<'x>> {
        match target.rsplit_once('/') {
            Some((owner, name)) => match self.part(owner, name) {
                Some(node) => vec![node],
                None => self.operations(owner).into_iter().map(|index| Node::Parameter(index, name)).collect(),
            },
            None => match self.csdl.find_type(target) {
                Some(id) => vec![Node::Type(id)],
                None => self.operations(target).into_iter().map(Node::Operation).collect(),
            },
        }
    }

    /// A property of a type, or a child of the container.
    fn part(&mut self, owner: &'x str, name: &'x str) -> Option<Node<'x>> {
        if let Some(id) = self.csdl.find_type(owner) {
            return self.property(id, name).map(Node::Property);
        }
        let (namespace, container) = owner.rsplit_once('.')?;
        let is_container =
            self.csdl.namespaces_of(namespace).any(|number| self.csdl.containers.contains_key(&(number, container)));
        self.csdl.elements_by_name.get(name).copied().filter(|_| is_container).map(Node::Element)
    }

    /// One overload, or without parentheses all of them.
    fn operations(&mut self, target: &'x str) -> Vec<usize> {
        let (name, types) = target.split_once('(').map_or((target, None), |(name, types)| (name, Some(types)));
        let Some((namespace, name)) = name.rsplit_once('.') else { return Vec::new() };
        let Some(types) = types else {
            let all = self.csdl.operations_by_name.get(name).into_iter().flatten().copied();
            return all.filter(|index| self.csdl.is_in_namespace(&self.csdl.operations[*index], namespace)).collect();
        };
        let types =
            types.strip_suffix(')').map(|types| types.split(',').map(str::trim).filter(|name| !name.is_empty()));
        let Some(signature) = types.map(|types| signature(self.csdl, types)) else { return Vec::new() };
        let numbers = self.csdl.namespaces_of(namespace);
        self.overload(name, numbers, &signature).into_iter().collect()
    }
}

/// The types of parameters in a form that is the same whether a namespace goes by its name or its alias.
pub(super) fn signature<'t>(csdl: &Csdl<'_>, types: impl Iterator<Item = &'t str>) -> String {
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

#[cfg(test)]
mod tests {
    use super::super::shown::{check, check_document, computed, document};

    const DECLARED: &str = r#"<EntityType Name="item"><Property Name="id" Type="Edm.String"/></EntityType>
<EntityType Name="book" BaseType="lib.item"><Property Name="title" Type="Edm.String"/></EntityType>
<Action Name="lend" IsBound="true"><Parameter Name="on" Type="lib.book"/><Parameter Name="days" Type="Edm.Int32"/></Action>
<Action Name="lend" IsBound="true"><Parameter Name="on" Type="Collection(lib.book)"/></Action>
<Function Name="now"/>
<EntityContainer Name="Service"><EntitySet Name="books" EntityType="lib.book"/></EntityContainer>"#;

    const LINES: [&str; 8] = [
        "6 entity library.main.item",
        "6   id: Edm.String?",
        "7 entity library.main.book < lib.item",
        "7   title: Edm.String?",
        "8 bound action library.main.lend(on: lib.book?, days: Edm.Int32?)",
        "9 bound action library.main.lend(on: Collection(lib.book)?)",
        "10 function library.main.now()",
        "11 set books: lib.book",
    ];

    /// Which of the lines annotations with that target are about.
    #[track_caller]
    fn is_about(target: &str, lines: &[usize]) {
        let mark = |(index, line): (usize, &&str)| {
            let note = if lines.contains(&index) { " computed" } else { "" };
            format!("{line}{note}")
        };
        let expected: Vec<String> = LINES.iter().enumerate().map(mark).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&format!("{DECLARED}\n{}", computed(target)), &expected);
    }

    #[test]
    fn a_target_names_a_type_a_property_an_operation_or_a_child_of_the_container() {
        for (target, lines) in [
            ("lib.book", &[2][..]),
            ("library.main.book", &[2]),
            ("lib.book/title", &[3]),
            ("library.main.item/id", &[1]),
            // Of the type that declares it only.
            ("lib.book/id", &[]),
            ("lib.lend(lib.book,Edm.Int32)", &[4]),
            ("library.main.lend(library.main.book, Edm.Int32)", &[4]),
            ("lib.lend(Collection(library.main.book))", &[5]),
            ("lib.lend", &[4, 5]),
            ("lib.now()", &[6]),
            ("lib.now", &[6]),
            ("lib.Service/books", &[7]),
        ] {
            is_about(target, lines);
        }
    }

    #[test]
    fn a_target_names_parameters_that_may_be_left_out() {
        let optional = |target: &str| {
            format!(
                "{DECLARED}\n<Annotations Target=\"{target}\"><Annotation Term=\"Org.OData.Core.V1.OptionalParameter\"/></Annotations>"
            )
        };
        let mut lines = LINES;
        for target in ["lib.lend(lib.book,Edm.Int32)/none", "lib.lend(lib.book)/days", "lib.none/days", "lib.book/days"]
        {
            check(&optional(target), &lines);
        }
        lines[4] = "8 bound action library.main.lend(on: lib.book?, days: Edm.Int32? optional)";
        for target in ["lib.lend(lib.book,Edm.Int32)/days", "library.main.lend/days"] {
            check(&optional(target), &lines);
        }
    }

    #[test]
    fn a_target_that_names_nothing_is_passed_over() {
        for target in [
            "",
            "book",
            ".",
            "/",
            "(",
            "lib.",
            ".book",
            "lib.none",
            "lib.none/title",
            "none.book",
            "none.Service/books",
            "lib.Other/books",
            "lib.Service",
            "lib.Service/none",
            "lib.Service/books/author",
            "lib.book/none",
            "lib.book/",
            "lib.lend()",
            "lib.lend(",
            "lib.lend(lib.book)",
            "lib.lend(lib.book,Edm.Int32,Edm.Int32)",
            "lib.lend(Collection(lib.book)",
            "lib.none()",
            "none.now()",
            "now()",
        ] {
            is_about(target, &[]);
        }
    }

    #[test]
    fn a_target_may_stand_in_another_schema_and_before_what_it_names() {
        check_document(
            &document(&format!(
                "<Schema Namespace=\"first\">{}</Schema>\n<Schema Namespace=\"second\" Alias=\"two\">\n<EnumType Name=\"a\"/></Schema>",
                computed("two.a")
            )),
            &["7 enum second.a:  computed"],
        );
    }

    #[test]
    fn what_is_said_at_the_target_is_joined_by_what_is_said_elsewhere() {
        let restrictions = |name: &str, member: &str, value: bool| {
            format!(
                r#"<Annotation Term="Capabilities.{name}Restrictions"><Record><PropertyValue Property="{member}" Bool="{value}"/></Record></Annotation>"#
            )
        };
        let inline = restrictions("Insert", "Insertable", true) + &restrictions("Read", "Readable", false);
        let beside = restrictions("Insert", "Insertable", false) + &restrictions("Delete", "Deletable", true);
        check(
            &format!(
                "<EntityContainer Name=\"Service\">\n<EntitySet Name=\"books\" EntityType=\"lib.book\">{inline}</EntitySet></EntityContainer>\
                 <Annotations Target=\"lib.Service/books\">{beside}<Annotation Term=\"Other.Term\"/></Annotations>"
            ),
            &["7 set books: lib.book +delete -read"],
        );
    }
}
