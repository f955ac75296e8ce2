//! What was read becomes a model: who derives from whom, and what the annotations with a target are about.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::notes::without_casts;
use super::schema::SchemaReader;
use super::{Csdl, Notes, Operation, TypeId};

impl<'x> SchemaReader<'x> {
    /// The model.
    pub(super) fn finish(self) -> Csdl<'x> {
        let SchemaReader { mut csdl, targeted, containers, .. } = self;
        let aliases: Vec<_> = csdl.schemas.iter().filter_map(|own| Some((own.alias?, own.number))).collect();
        for (alias, number) in aliases {
            csdl.namespaces.entry(alias).or_insert(number);
        }
        for id in 0..csdl.declarations.len() {
            let base = csdl.structured(TypeId(id)).and_then(|own| own.base);
            if let Some(base) = base.and_then(|base| csdl.find_type(base)) {
                csdl.derived.push((base, TypeId(id)));
            }
        }
        csdl.derived.sort_unstable();
        let containers = containers.into_iter().map(|(schema, name)| (csdl.schemas[schema].number, name)).collect();
        let mut targets = Targets { csdl: &csdl, containers, properties: HashMap::new(), overloads: HashMap::new() };
        let optional = targeted.iter().filter(|(_, notes)| notes.is_optional);
        let optional: Vec<(usize, &str)> = optional.flat_map(|(target, _)| targets.parameters(target)).collect();
        let about: Vec<(Vec<Node>, Notes)> =
            targeted.into_iter().map(|(target, notes)| targets.about(target, notes)).collect();
        for (operation, name) in optional {
            let named = csdl.operations[operation].parameters.iter_mut().filter(|own| own.name == name);
            named.for_each(|own| own.is_optional = true);
        }
        for (nodes, notes) in about {
            for node in nodes {
                let own = match node {
                    Node::Type(TypeId(index)) => &mut csdl.declarations[index].notes,
                    Node::Property(index) => &mut csdl.properties[index].notes,
                    Node::Operation(index) => &mut csdl.operations[index].notes,
                    Node::Element(index) => &mut csdl.elements[index].notes,
                };
                own.get_or_insert_default().merge(notes.clone());
            }
        }
        csdl
    }
}

/// What annotations can be about.
#[derive(Clone, Copy)]
enum Node {
    Type(TypeId),
    Property(usize),
    Operation(usize),
    Element(usize),
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
    /// What is annotated, and with what: of what is reached from a child of the container, that is said at that child.
    fn about(&mut self, target: &'x str, notes: Notes) -> (Vec<Node>, Notes) {
        let mut slashes = target.match_indices('/').map(|(at, _)| at);
        let second = slashes.nth(1).filter(|_| !target.contains('('));
        let child = second.and_then(|second| target.get(..second)).and_then(|owner| {
            let (owner, name) = owner.split_once('/')?;
            self.part(owner, name).filter(|node| matches!(node, Node::Element(_)))
        });
        match (child, second) {
            (Some(node), Some(second)) => {
                let path = without_casts(target.get(second + 1..).unwrap_or_default());
                (vec![node], Notes { restricted: vec![(path, notes)], ..Notes::default() })
            }
            _ => (self.nodes(target), notes),
        }
    }

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

    /// The operations and the parameter that a target names: `ns.op(types)/name`, or without parentheses that of all overloads.
    fn parameters(&mut self, target: &'x str) -> Vec<(usize, &'x str)> {
        let Some((operation, name)) = target.rsplit_once('/') else { return Vec::new() };
        let nodes = self.nodes(operation).into_iter();
        nodes.filter_map(|node| if let Node::Operation(index) = node { Some((index, name)) } else { None }).collect()
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
            &["7 set books: lib.book -insert +delete -read"],
        );
    }
}
