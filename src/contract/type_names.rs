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

    /// A property with its type; `example` is a value of it.
    pub(super) fn typed(&self, property: &Property, written: &WrittenType, example: Option<&Json>) -> Property {
        let mut typed = property.clone();
        match self.name(&written.name) {
            Some(name) => typed.type_name = name,
            None => {
                if let Some((name, collection)) = example.and_then(type_of_example) {
                    typed.type_name = name;
                    typed.collection |= collection;
                    typed.from_example = true;
                }
            }
        }
        let enumerations = self.enumerations(&typed.type_name);
        let members = enumerations.members(&typed.type_name);
        if typed.values.is_empty() {
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
            WrittenName::Word { word, link } => self.known(word).or_else(|| self.linked(word, link.as_deref()?)),
            WrittenName::Link(link) => self.index.by_link(link).map(|known| known.name.clone()),
            WrittenName::Unknown => None,
        }
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
