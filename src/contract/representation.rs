//! The JSON representation of a resource, which shows what the tables of its page describe.

use std::sync::Arc;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::type_title::{name_in_title, name_in_translation};
use super::{Property, TypeName, UNTYPED};
use crate::edm::Primitive;
use crate::json::{self, Json, Kind};
use crate::page::{Element, Fence, Metadata, Page};

/// The JSON representation of the resource that a page's title names.
pub(crate) struct Representation<'p> {
    pub(crate) fence: &'p Fence<'p>,
    /// The name of its type.
    pub(crate) type_name: String,
    /// Whether a comment has the name. Otherwise it is that of the title, which has no namespace.
    pub(crate) is_named: bool,
}

/// The JSON representation of a page: what a comment calls one, or where no comment does that, what the section "JSON representation" shows first.
pub(crate) fn representation<'p>(page: &'p Page<'_>) -> Option<Representation<'p>> {
    let title = page.title()?;
    let title = name_in_translation(title).or_else(|| title.text.split_whitespace().next())?.to_lowercase();
    let mut metadata: Option<&Arc<Metadata>> = None;
    let (mut has_comment, mut in_section, mut first_in_section) = (false, false, None);
    let named = page.elements.iter().find_map(|element| match element {
        Element::Comment(comment) => {
            metadata = comment.metadata().and_then(Result::ok).or(metadata);
            None
        }
        Element::Heading(heading) => {
            in_section = heading.opens("json-representation");
            None
        }
        Element::Fence(fence) => {
            let own = metadata.take();
            if std::mem::take(&mut in_section) && own.is_none() {
                first_in_section = first_in_section.or(Some(fence));
            }
            let own = own.filter(|own| own.block_type.as_deref() == Some("resource"))?;
            has_comment = true;
            let name = TypeName::read(own.odata_type.as_deref()?)?.name;
            // A page may show other types beside its own.
            let is_own = name.rsplit('.').next()?.to_lowercase() == title;
            is_own.then_some(Representation { fence, type_name: name, is_named: true })
        }
        _ => None,
    });
    named.or_else(|| {
        let fence = first_in_section.filter(|_| !has_comment)?;
        let type_name = TypeName::read(name_in_title(page)?)?.name;
        Some(Representation { fence, type_name, is_named: false })
    })
}

/// What a value of the representation is that is not of the type of its property. A value may be the name of a type.
pub(crate) fn other_type(value: &Json, property: &Property) -> Option<String> {
    let Property { type_name, collection, .. } = property;
    if type_name == UNTYPED || type_name.to_lowercase().ends_with("json") {
        return None;
    }
    let named_so = |named: Primitive| format!("shown as {}", named.name().trim_start_matches("Edm."));
    // `{"@odata.type": "Edm.Stream"}`: a type that is written like that of an object.
    let written = |value: &Json| match value {
        Json::Object(members) if members.len() == 1 => {
            let named = value.get("@odata.type").and_then(Json::as_str).map(str::to_owned);
            named.filter(|named| {
                Primitive::read(type_of(named)).is_some() || named.to_lowercase().contains("collection(")
            })
        }
        _ => value.as_str().map(str::to_owned),
    };
    let is_list = value.kind() == Kind::Array;
    let text = written(value);
    if *collection != is_list {
        // `"Collection(String)"`, `"String collection"`, `null`; a type alone is that of a single value.
        let is_single = |text: &String| matches!(value, Json::String(_)) && Primitive::read(text).is_some();
        let stands_for_list = value.kind() == Kind::Null || text.as_ref().is_some_and(|text| !is_single(text));
        if let Some(text) = text.as_ref().filter(|text| *collection && is_single(text)) {
            return Some(format!("shown as a single {text}"));
        }
        return (is_list || !stands_for_list).then(|| value.kind().with_article().to_owned());
    }
    let value = match value {
        Json::Array(items) => items.first()?,
        other => other,
    };
    let primitive = Primitive::read(type_name).filter(|_| type_name.starts_with("Edm."))?;
    let named = written(value).and_then(|text| Primitive::read(type_of(&text)));
    match (value.kind(), named) {
        (Kind::Null, _) => None,
        (_, Some(named)) if is_other_date(value, named, primitive) => Some(named_so(named)),
        // The names of types of text are used for each other.
        (_, Some(named)) if named.kind() == primitive.kind() => None,
        (_, Some(named)) => Some(named_so(named)),
        // Another text may describe the value.
        (Kind::String, None) => None,
        (kind, _) if kind == primitive.kind() => None,
        (kind, _) => Some(kind.with_article().to_owned()),
    }
}

/// The name of a type without what is said of it in parentheses: `String (timestamp)`.
fn type_of(text: &str) -> &str {
    text.split('(').next().unwrap_or(text).trim()
}

/// Whether a value says that it is a date, by the very name of the type, where the property is a date with a time, or the other way round.
fn is_other_date(value: &Json, named: Primitive, primitive: Primitive) -> bool {
    let dates = [Primitive::Date, Primitive::DateTimeOffset];
    let is_exact = value.as_str().is_some_and(|text| text.strip_prefix("Edm.").unwrap_or(text) == &named.name()[4..]);
    is_exact && named != primitive && dates.contains(&named) && dates.contains(&primitive)
}

/// The names of the properties that a representation shows with another type than their rows have. Where it has few of them, the rows are
/// of something else.
pub(super) fn contradicted(text: &str, properties: &[Property]) -> HashSet<String> {
    let Ok((parsed, _)) = json::parse_tolerant(text) else { return HashSet::new() };
    let Json::Object(members) = &parsed.json else { return HashSet::new() };
    let by_name: HashMap<&str, &Property> = properties.iter().map(|own| (own.name.as_str(), own)).collect();
    let shown: Vec<(&Property, &Json)> =
        members.iter().filter_map(|member| Some((*by_name.get(member.name.as_str())?, &member.value))).collect();
    if shown.len() * 2 < members.len() {
        return HashSet::new();
    }
    let others = shown.into_iter().filter(|(property, value)| other_type(value, property).is_some());
    others.map(|(property, _)| property.name.clone()).collect()
}
