//! What the types in a property table are called, as far as somebody knows them: a resource page, a link to one, an example, a comment.
//!
//! A word that nobody knows may be of any language. It never becomes the name of a type; the type is that of the example's value then.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::body::ReadBody;
use super::enumerations::Enumerations;
use super::placeholders::type_named;
use super::type_cell::{WrittenName, WrittenType};
use super::{Body, Property, TypeIndex, TypeName, UNTYPED};
use crate::edm::Primitive;
use crate::edm::{is_date, is_date_time, is_duration};
use crate::json::Json;
use crate::page::Page;

/// The names of types that a page's tables may use.
pub(super) struct TypeNames<'p> {
    pub(super) index: &'p TypeIndex,
    page: &'p Page<'p>,
    bodies: &'p [ReadBody],
    /// The enumerations that the page itself has tables of.
    own: Enumerations,
    /// The names that the page's examples and comments say, by their last part in lower case.
    said: OnceCell<HashMap<String, String>>,
}

impl<'p> TypeNames<'p> {
    /// The names for a page whose blocks have those bodies.
    pub(super) fn of(page: &'p Page<'p>, bodies: &'p [ReadBody], index: &'p TypeIndex) -> TypeNames<'p> {
        TypeNames { index, page, bodies, own: Enumerations::of(page), said: OnceCell::new() }
    }

    /// A property with its type; `example` is a value of it. Of an enumeration with more members than `most`, no values are known: some of them
    /// would be taken for all.
    pub(super) fn typed(
        &self,
        property: &Property,
        written: &WrittenType,
        example: Option<&Json>,
        most: usize,
    ) -> Property {
        let mut typed = property.clone();
        match self.name(&written.name) {
            Some(name) => typed.type_name = name,
            None => match example.and_then(type_of_example) {
                Some((name, collection)) => {
                    typed.type_name = name;
                    typed.collection |= collection;
                    typed.from_example = true;
                }
                // Members of an enumeration are written as texts, whatever it is called.
                None if names_an_enumeration(&written.name, &typed.values) => {
                    typed.type_name = Primitive::String.name().to_owned();
                }
                None => typed.type_name = UNTYPED.to_owned(),
            },
        }
        if matches!(written.name, WrittenName::Primitive(_)) {
            return typed;
        }
        let enumerations = self.enumerations(&typed.type_name);
        let members = enumerations.members(&typed.type_name);
        if members.len() > most {
            typed.values.clear();
        } else if typed.values.is_empty() {
            typed.values = members.to_vec();
        } else if enumerations.is_list_of(&typed.type_name, &typed.values) {
            // A row may leave members out, and write some in another case: what either lists is documented.
            let listed: HashSet<&String> = typed.values.iter().collect();
            let others: Vec<String> = members.iter().filter(|member| !listed.contains(member)).cloned().collect();
            typed.values.extend(others);
        }
        typed
    }

    /// What is known of an enumeration: what the page itself has a table of comes first.
    fn enumerations(&self, type_name: &str) -> &Enumerations {
        if self.own.members(type_name).is_empty() { self.index.enumerations() } else { &self.own }
    }

    fn name(&self, written: &WrittenName) -> Option<String> {
        match written {
            WrittenName::Primitive(primitive) => Some(primitive.name().to_owned()),
            WrittenName::Qualified(name) => Some(self.index.get(name).map_or(name, |known| &known.name).clone()),
            WrittenName::Word { word, link } => {
                let link = link.as_deref();
                let of_page = link.and_then(|link| self.of_page(word, link));
                of_page.or_else(|| self.known(word)).or_else(|| self.linked(word, link?))
            }
            WrittenName::Link(link) => self.index.by_link(link).map(|known| known.name.clone()),
            WrittenName::Unknown => None,
        }
    }

    /// The type that a linked page describes, if the word is its name, perhaps without what tells it from others: `[servicePrincipal]` for
    /// `provisioningServicePrincipal`, `[session]` for that of another namespace. A page of any other type is a link that is wrong, as those are
    /// that were copied with another row.
    fn of_page(&self, word: &str, link: &str) -> Option<String> {
        let name = &self.index.by_link(link).filter(|_| !link.contains('#'))?.name;
        let last = name.rsplit('.').next().unwrap_or(name);
        let before = last.len().checked_sub(word.len()).filter(|at| last.is_char_boundary(*at))?;
        let own = &last[before..];
        let is_part = before == 0 || own.starts_with(|c: char| c.is_uppercase());
        (is_part && own.eq_ignore_ascii_case(word)).then(|| name.clone())
    }

    /// The type of that name, if a page, an example or a comment has it.
    fn known(&self, word: &str) -> Option<String> {
        if let Some(name) = self.index.called(word) {
            return Some(name.to_owned());
        }
        if !self.enumerations(word).members(word).is_empty() {
            return Some(format!("microsoft.graph.{word}"));
        }
        self.said.get_or_init(|| self.said()).get(&word.to_lowercase()).cloned()
    }

    /// The type that a word with a link to its page names. A link to another page may be a translated word for that page's type.
    fn linked(&self, word: &str, link: &str) -> Option<String> {
        let (target, fragment) = link.split_once('#').unwrap_or((link, ""));
        let target = target.split('?').next().unwrap_or(target).to_lowercase();
        let file = target.rsplit('/').next().unwrap_or(&target);
        let stem = file.strip_suffix(".md").unwrap_or(file);
        let word_in_lower_case = word.to_lowercase();
        let ends = |text: &str| {
            text.strip_suffix(&word_in_lower_case)
                .is_some_and(|before| before.is_empty() || before.ends_with(['-', '_', '.']))
        };
        let begins = |text: &str| {
            text.strip_prefix(&word_in_lower_case).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        };
        if ends(stem) || begins(&fragment.to_lowercase()) {
            return Some(format!("microsoft.graph.{word}"));
        }
        self.index.by_link(link).filter(|_| fragment.is_empty()).map(|known| known.name.clone())
    }

    fn said(&self) -> HashMap<String, String> {
        let mut names = HashMap::new();
        let mut add = |name: &str| {
            let name = name.trim().trim_start_matches('#');
            if let Some(TypeName { name, .. }) = TypeName::read(name).filter(|_| name.contains('.')) {
                let last = name.rsplit('.').next().unwrap_or(&name).to_lowercase();
                names.entry(last).or_insert(name);
            }
        };
        self.page.blocks.iter().filter_map(|block| block.metadata.as_ref()?.odata_type.as_deref()).for_each(&mut add);
        for body in self.bodies {
            if let Some(Body::Json(json)) = &body.body {
                names_in(json, &mut add);
            }
        }
        names
    }
}

/// Whether a type that nobody knows is that of an enumeration: the row lists values that are names. Numbers may be listed of any type.
fn names_an_enumeration(written: &WrittenName, values: &[String]) -> bool {
    let is_name = |value: &String| value.starts_with(|c: char| c.is_ascii_alphabetic());
    matches!(written, WrittenName::Word { .. } | WrittenName::Link(_))
        && !values.is_empty()
        && values.iter().all(is_name)
}

/// The names of types in a value: those of its objects, and those that stand for values, as in `@odata.type: microsoft.graph.lamp`.
fn names_in(json: &Json, add: &mut impl FnMut(&str)) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| names_in(item, add)),
        Json::Object(members) => {
            for member in members {
                match member.value.as_str() {
                    Some(name) if member.name.ends_with("@odata.type") => add(name),
                    Some(text) => text.strip_prefix("@odata.type:").into_iter().for_each(&mut *add),
                    None => names_in(&member.value, add),
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// The type of a value, and whether it is a collection; `None` where the value does not say it.
fn type_of_example(value: &Json) -> Option<(String, bool)> {
    let primitive = |primitive: Primitive| Some((primitive.name().to_owned(), false));
    match value {
        Json::Null => None,
        Json::Bool(_) => primitive(Primitive::Boolean),
        Json::Number(number) if number.literal().parse::<i32>().is_ok() => primitive(Primitive::Int32),
        Json::Number(number) if number.is_integer() => primitive(Primitive::Int64),
        Json::Number(_) => primitive(Primitive::Double),
        Json::String(text) => match text.strip_prefix("@odata.type:") {
            Some(name) => {
                TypeName::read(name.trim().trim_start_matches('#')).map(|named| (named.name, named.collection))
            }
            None => match type_named(text) {
                // `String` stands for whatever JSON writes as a string.
                Some(Primitive::String) => None,
                Some(named) => primitive(named),
                None if is_date_time(text) => primitive(Primitive::DateTimeOffset),
                None if is_date(text) => primitive(Primitive::Date),
                None if is_duration(text) => primitive(Primitive::Duration),
                // Strings hold GUIDs as often as GUIDs do.
                None => primitive(Primitive::String),
            },
        },
        Json::Array(items) => {
            // Nothing is a collection of collections.
            let of_item = items.iter().find_map(type_of_example).filter(|(_, collection)| !collection);
            Some((of_item.map_or_else(|| UNTYPED.to_owned(), |(name, _)| name), true))
        }
        Json::Object(_) => {
            let own = TypeName::read(value.get("@odata.type")?.as_str()?)?;
            Some((own.name, false))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    /// The type that a row with this cell gives a property, where the set describes the types of these pages: file name, and type.
    #[track_caller]
    fn check(cell: &str, pages: &[(&str, &str)], expected: &str) {
        let mut index = TypeIndex::default();
        for (file, name) in pages {
            let comment = format!("<!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"{name}\" }} -->");
            let text = format!(
                "# x resource type\n\n|Property|Type|\n|---|---|\n|a|String|\n\n{comment}\n```json\n{{}}\n```\n"
            );
            index.add(&Page::parse(&format!("resources/{file}.md"), &text));
        }
        let table = format!("|Property|Type|Description|\n|---|---|---|\n|maker|{cell}|\n");
        let text = format!(
            "# Create lamp\n\n## Request body\n\n{table}\n```http\nPOST /lamps\n\n{{\"maker\": {{}}}}\n```\n\n\
             ```http\nHTTP/1.1 204 No Content\n```\n"
        );
        let page = Page::parse("api/lamp-post.md", &text);
        let built = build(&page, &PageName::of(&page), &index);
        let mut properties = built.contracts[0].1.types.values().flat_map(|own| &own.properties);
        let found = properties.find(|own| own.name == "maker").map(|own| own.type_name.as_str());
        assert_eq!(found, Some(expected), "{cell}");
    }

    #[test]
    fn values_that_a_row_lists_are_texts_where_nobody_knows_their_type() {
        check("lampMode|Possible values are: `on`, `off`.", &[], "Edm.String");
        check("lampMode|Possible values are: `1`, `2`.", &[], "Edm.Untyped");
        check("lampMode|The mode.", &[], "Edm.Untyped");
        check(
            "person|Possible values are: `on`, `off`.",
            &[("person", "microsoft.graph.person")],
            "microsoft.graph.person",
        );
    }

    #[test]
    fn of_a_word_and_the_page_that_it_links_to_the_page_says_more() {
        let short = [("person", "microsoft.graph.person"), ("lampperson", "microsoft.graph.lampPerson")];
        check("[person](person.md)", &short, "microsoft.graph.person");
        check("[person](lampperson.md)", &short, "microsoft.graph.lampPerson");
        check("[person](../resources/lampPerson.md) collection", &short, "microsoft.graph.lampPerson");
        check("[person](lampperson.md#person)", &short, "microsoft.graph.person");
        check("[microsoft.graph.person](lampperson.md)", &short, "microsoft.graph.person");
        check("person", &short, "microsoft.graph.person");
        let others = [("person", "microsoft.graph.person"), ("house-person", "microsoft.graph.house.person")];
        check("[person](house-person.md)", &others, "microsoft.graph.house.person");
        // A link that was copied with another row.
        let copied = [("person", "microsoft.graph.person"), ("salesperson", "microsoft.graph.salesperson")];
        check("[person](salesperson.md)", &copied, "microsoft.graph.person");
        let longer = [("lampperson", "microsoft.graph.lampPerson"), ("person", "microsoft.graph.person")];
        check("[lampPerson](person.md)", &longer, "microsoft.graph.lampPerson");
    }
}
