//! The types of a documentation set: what the pages in a folder `resources` say about entity, complex and enumeration types.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use foldhash::{HashMap, HashSet};

use super::enumerations::{Enumerations, last_name};
use super::properties::{PropertyRow, PropertyTables};
use super::representation::{contradicted, representation};
use super::type_title::{file_stem, name_in_title, stem};
use super::{Property, TypeName};
use crate::lower_case::in_lower_case;
use crate::page::{Element, Line, Metadata, Page};
use crate::url::without_query;

/// All documented types of a set, looked up by name in any case.
#[derive(Clone, Debug, Default)]
pub struct TypeIndex {
    /// By qualified name in lower case: what each page says that describes the type, the one that says most first. Teams that add to a type
    /// describe it on a page of their own, with the properties that concern them.
    types: HashMap<String, Vec<DocumentedType>>,
    /// The qualified name in lower case by the file name of the page, in lower case and without extension.
    by_file: HashMap<String, String>,
    /// The qualified name by the unqualified one in lower case; `None` where several types are called the same.
    by_last_name: HashMap<String, Option<String>>,
    enumerations: Enumerations,
}

/// An entity or complex type, as one page describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentedType {
    /// The qualified name.
    pub name: String,
    /// The qualified name of the type it inherits from.
    pub base: Option<String>,
    /// Whether a value may have members that are not declared.
    pub open: bool,
    /// The page.
    pub page: String,
    /// Its own properties, in the page's order. What their types are called depends on who asks.
    properties: Vec<PropertyRow>,
    /// Their places among them, by their names.
    by_name: Vec<usize>,
    /// The text of its JSON representation.
    representation: Option<Box<str>>,
    /// The properties that the representation shows with another type; computed when somebody asks.
    contradicted: OnceLock<HashSet<String>>,
}

impl DocumentedType {
    /// Which of several pages of a type comes first: the one that is called after it, then the one with most properties.
    fn rank(&self) -> impl Ord + use<> {
        let is_called_so = file_stem(&self.page) == last_name(&self.name).to_lowercase();
        (!is_called_so, Reverse(self.properties.len()), self.page.clone())
    }

    /// Its own property of that name.
    pub(super) fn property(&self, name: &str) -> Option<&PropertyRow> {
        let found = self.by_name.binary_search_by_key(&name, |at| &self.properties[*at].property.name);
        found.ok().map(|index| &self.properties[self.by_name[index]])
    }

    /// The names of its own properties, in order.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.iter().map(|at| self.properties[*at].property.name.as_str())
    }

    /// The properties that the representation shows with another type than their rows have.
    fn contradicted(&self) -> &HashSet<String> {
        self.contradicted.get_or_init(|| {
            let described: Vec<Property> = self.properties.iter().map(PropertyRow::described).collect();
            self.representation.as_deref().map(|text| contradicted(text, &described)).unwrap_or_default()
        })
    }
}

/// So many pages of one type are looked at. The type of which documentation has most has 16.
const MOST_PAGES: usize = 64;

/// Types inherit from others at most this often; more is a circle.
const MAX_BASES: usize = 32;

impl TypeIndex {
    /// Adds what a resource page says.
    pub fn add(&mut self, page: &Page<'_>) {
        self.add_tables(PropertyTables::of(page));
    }

    /// Adds what a resource page with those tables says.
    pub(crate) fn add_tables(&mut self, tables: PropertyTables<'_>) {
        let page = tables.page();
        self.enumerations.add_tables(page);
        let metadata = resource_metadata(page);
        let named = metadata.and_then(|metadata| metadata.odata_type.as_deref()).and_then(TypeName::read);
        let Some(TypeName { name, .. }) = named.or_else(|| TypeName::read(name_in_title(page)?)) else { return };
        let base = metadata.and_then(|metadata| metadata.base_type.clone()).or_else(|| base_in_prose(page));
        let mut properties = tables.into_resource_rows();
        // API Doctor's mark (its documentation, "Code block attributes"); a row of the table says more.
        let nullable = metadata.iter().flat_map(|metadata| &metadata.nullable_properties);
        let nullable: HashSet<String> = nullable.map(|name| name.to_lowercase()).collect();
        for own in properties.iter_mut().map(|row| &mut row.property).filter(|_| !nullable.is_empty()) {
            own.nullable = own.nullable.or(nullable.contains(&own.name.to_lowercase()).then_some(true));
        }
        self.enumerations.add_rows(&properties);
        let mut by_name: Vec<usize> = (0..properties.len()).collect();
        by_name.sort_unstable_by_key(|at| properties[*at].property.name.as_str());
        let documented = DocumentedType {
            base: base.and_then(|base| TypeName::read(&base)).map(|base| base.name).filter(|base| *base != name),
            open: metadata.is_some_and(|metadata| metadata.open_type),
            by_name,
            properties,
            representation: representation(page).map(|own| Line::join(&own.fence.lines).into_boxed_str()),
            contradicted: OnceLock::new(),
            page: page.path.to_owned(),
            name: name.clone(),
        };
        if documented.properties.is_empty() && documented.base.is_none() {
            return;
        }
        self.by_file.insert(file_stem(page.path), name.to_lowercase());
        add_name(&mut self.by_last_name, last_name(&name).to_lowercase(), Some(name.clone()));
        add_page(self.types.entry(name.to_lowercase()).or_default(), documented);
    }

    /// Joins two indexes; what the first knows stays.
    #[must_use]
    pub fn merged(self, other: TypeIndex) -> TypeIndex {
        let mut by_last_name = self.by_last_name;
        other.by_last_name.into_iter().for_each(|(last, name)| add_name(&mut by_last_name, last, name));
        let mut types = self.types;
        for (name, pages) in other.types {
            match types.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(pages);
                }
                Entry::Occupied(mut entry) => pages.into_iter().for_each(|page| add_page(entry.get_mut(), page)),
            }
        }
        TypeIndex {
            by_last_name,
            types,
            by_file: joined(self.by_file, other.by_file),
            enumerations: self.enumerations.merged(other.enumerations),
        }
    }

    /// The type of that qualified name, as the page describes it that says most.
    pub fn get(&self, name: &str) -> Option<&DocumentedType> {
        self.pages(name).first()
    }

    /// What each page says that describes the type of that qualified name.
    fn pages(&self, name: &str) -> &[DocumentedType] {
        in_lower_case(name.trim_start_matches('#'), |name| self.types.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The qualified name of the type that a page calls by its last name alone: that of Microsoft Graph's own namespace, or else the
    /// only one that is called so.
    pub(super) fn called(&self, word: &str) -> Option<&str> {
        if let Some(known) = self.get(&format!("microsoft.graph.{word}")) {
            return Some(&known.name);
        }
        in_lower_case(word, |word| self.by_last_name.get(word))?.as_deref()
    }

    /// The type that a link's target describes.
    pub(crate) fn by_link(&self, target: &str) -> Option<&DocumentedType> {
        let target = without_query(target);
        self.types.get(in_lower_case(stem(target), |file| self.by_file.get(file))?)?.first()
    }

    /// The pages of the type, and of those that it inherits from, type by type.
    fn ancestry(&self, type_name: &str) -> impl Iterator<Item = &[DocumentedType]> {
        let described = |name: &str| Some(self.pages(name)).filter(|pages| !pages.is_empty());
        let base = move |pages: &&[DocumentedType]| described(pages.iter().find_map(|page| page.base.as_ref())?);
        std::iter::successors(described(type_name), base).take(MAX_BASES)
    }

    /// The same, page by page.
    pub(super) fn lineage(&self, type_name: &str) -> impl Iterator<Item = &DocumentedType> {
        self.ancestry(type_name).flatten()
    }

    /// The property of that name, of the type itself or of one that it inherits from, with the type that declares it.
    pub(crate) fn property(&self, type_name: &str, name: &str) -> Option<(&DocumentedType, &PropertyRow)> {
        self.lineage(type_name).find_map(|documented| Some((documented, documented.property(name)?)))
    }

    /// The page of a type, if it contradicts itself about a property: its JSON representation shows another type than the row has. Which one is
    /// right is not known then.
    pub(crate) fn contradicted_page(&self, type_name: &str, name: &str) -> Option<&str> {
        let (documented, _) = self.property(type_name, name)?;
        documented.contradicted().contains(name).then_some(documented.page.as_str())
    }

    /// Whether the page of a type, or of one that it inherits from, contradicts itself about any property.
    pub(crate) fn has_contradictions(&self, type_name: &str) -> bool {
        self.lineage(type_name).any(|documented| !documented.contradicted().is_empty())
    }

    /// Whether the JSON representation of a type, or of one that it inherits from, shows a member of that name.
    pub(crate) fn shows(&self, type_name: &str, name: &str) -> bool {
        let quoted = format!("\"{name}\"");
        self.lineage(type_name).any(|own| own.representation.as_deref().is_some_and(|text| text.contains(&quoted)))
    }

    /// The names of all properties of a type, with those that it inherits, sorted.
    pub(crate) fn property_names(&self, type_name: &str) -> Vec<&str> {
        let names = self.lineage(type_name).flat_map(DocumentedType::names);
        let mut names: Vec<&str> = names.collect();
        // Those of each page are in order, which a stable sort makes use of.
        names.sort();
        names.dedup();
        names
    }

    /// Whether the type, or one that it inherits from, is open.
    pub fn is_open(&self, type_name: &str) -> bool {
        self.lineage(type_name).any(|documented| documented.open)
    }

    /// Whether a value of one of two types cannot be one of the other: both are derived from one type, and neither from the other. What a
    /// page does not say of its base type is not known.
    pub(crate) fn exclude(&self, one: &str, other: &str) -> bool {
        let bases = |name| self.ancestry(name).map(|pages| pages[0].name.as_str()).collect::<Vec<_>>();
        let (ones, others) = (bases(one), bases(other));
        let (Some(first), Some(second)) = (ones.first(), others.first()) else { return false };
        !ones.contains(second) && !others.contains(first) && ones.iter().any(|base| others.contains(base))
    }

    /// Whether a value of a type may have a member: the type, or one that it inherits from, declares it, or is open, or is not described.
    pub(crate) fn may_have(&self, type_name: &str, member: &str) -> bool {
        let is_complete =
            self.ancestry(type_name).last().is_some_and(|last| last.iter().all(|page| page.base.is_none()));
        !is_complete || self.lineage(type_name).any(|own| own.open || own.property(member).is_some())
    }

    /// The names of all entity and complex types.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.types.values().flat_map(|pages| pages.first()).map(|documented| documented.name.as_str())
    }

    /// What the set says of enumerations.
    pub(crate) fn enumerations(&self) -> &Enumerations {
        &self.enumerations
    }
}

/// Adds a page of a type to the others, in whatever order they come.
fn add_page(pages: &mut Vec<DocumentedType>, page: DocumentedType) {
    let at = pages.partition_point(|own| own.rank() < page.rank());
    pages.insert(at, page);
    pages.truncate(MOST_PAGES);
}

/// Adds the type of an unqualified name. One that several are called by says nothing.
fn add_name(names: &mut HashMap<String, Option<String>>, last: String, name: Option<String>) {
    match names.entry(last) {
        Entry::Vacant(entry) => {
            entry.insert(name);
        }
        Entry::Occupied(mut entry) if *entry.get() != name => {
            entry.insert(None);
        }
        Entry::Occupied(_) => {}
    }
}

/// What either map has; where both have a key, what the first has.
fn joined<V>(mut first: HashMap<String, V>, second: HashMap<String, V>) -> HashMap<String, V> {
    // The first one grows page by page, so that what it has is left where it is.
    for (key, value) in second {
        first.entry(key).or_insert(value);
    }
    first
}

/// The metadata of the page's JSON representation.
fn resource_metadata<'p>(page: &'p Page<'_>) -> Option<&'p Metadata> {
    page.elements.iter().find_map(|element| match element {
        Element::Comment(comment) => {
            let metadata = comment.metadata()?.ok()?;
            (metadata.block_type.as_deref() == Some("resource")).then_some(metadata.as_ref())
        }
        _ => None,
    })
}

/// The words before a base type, which come with and without a capital. Building the searcher costs more than searching.
static INHERITS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = [
        "nherits from ",
        "rbt von ",
        "erda de ",
        "erda do ",
        "ereda de ",
        "ereda del ",
        "érite de ",
        "redita da ",
        "аследует от ",
        "аследуется от ",
        "继承自",
        "繼承自",
    ];
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(words).ok()
});

/// "Inherits from [user](user.md)".
fn base_in_prose(page: &Page<'_>) -> Option<String> {
    let searcher = INHERITS.as_ref()?;
    page.elements.iter().find_map(|element| match element {
        Element::Prose(prose) => {
            let rest = prose.text.get(searcher.find(prose.text.as_ref())?.end()..)?;
            let rest = rest.trim_start_matches([' ', '[', '*', '`']);
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
            Some(rest[..end].trim_end_matches('.').to_owned()).filter(|base| !base.is_empty())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(pages: &[(&str, &str)]) -> TypeIndex {
        let mut index = TypeIndex::default();
        pages.iter().for_each(|(path, text)| index.add(&Page::parse(path, text)));
        index
    }

    const USER: &str = "# user resource type\n\nInherits from [directoryObject](directoryobject.md).\n\n## Methods\n\n\
        |Method|Return type|\n|---|---|\n|[Get](../api/user-get.md)|[user](user.md)|\n\n## Properties\n\n\
        |Property|Type|\n|---|---|\n|mail|String|\n|manager|[user](user.md)|\n";

    const BASE: &str = "# directoryObject-Ressourcentyp\n\n|Eigenschaft|Typ|\n|---|---|\n|id|String|\n\n\
        <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.directoryObject\", \"openType\": true } -->\n\
        ```json\n{}\n```\n";

    #[test]
    fn properties_are_found_through_inheritance() {
        let index = index(&[("resources/user.md", USER), ("resources/directoryobject.md", BASE)]);
        let found = |name| {
            index
                .property("microsoft.graph.User", name)
                .map(|(owner, row)| format!("{} {}", owner.name, row.property.name))
        };
        assert_eq!(found("mail").as_deref(), Some("microsoft.graph.user mail"));
        assert_eq!(found("id").as_deref(), Some("microsoft.graph.directoryObject id"));
        assert_eq!(found("manager").as_deref(), Some("microsoft.graph.user manager"));
        assert_eq!(found("Get"), None);
        assert!(index.is_open("microsoft.graph.user"));
        assert_eq!(
            index.by_link("../resources/User.md#x").map(|found| found.name.as_str()),
            Some("microsoft.graph.user")
        );
    }

    #[test]
    fn a_translation_says_what_a_type_inherits_from() {
        let check = |title: &str, sentence: &str| {
            let text = USER.replace("user resource type", title).replace("Inherits from", sentence);
            let index = index(&[("resources/u.md", &text), ("resources/directoryobject.md", BASE)]);
            assert!(index.is_open("microsoft.graph.user"), "{title} {sentence}");
        };
        check("user 资源类型", "继承自");
        check("user资源类型", "继承自 ");
        check("资源类型 user", "它继承自");
        check("Tipo de recurso user", "Herda de");
        check("Tipo do recurso user", "Representa um utilizador. Herda de");
        check("user tipo de recurso", "Herda de");
        check("Type de ressource user", "Hérite de");
        check("user-Ressourcentyp", "Erbt von");
        check("Тип ресурса user", "Наследуется от");
        check("<a name=\"user-resource-type\"></a>Typ zasobu user", "Inherits from");
    }

    #[test]
    fn what_several_pages_say_of_a_type_is_all_known() {
        let of_team = "# user resource type\n\n|Property|Type|\n|---|---|\n|id|String|\n|limit|Int32|\n|mail|Int32|\n|a|String|\n\n\
            <!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.user\" } -->\n```json\n{}\n```\n";
        let pages =
            [("resources/team-user.md", of_team), ("resources/user.md", USER), ("resources/directoryobject.md", BASE)];
        let mut reversed = pages;
        reversed.reverse();
        let one_by_one = pages.iter().rev().map(|page| index(&[*page])).reduce(TypeIndex::merged).unwrap_or_default();
        for index in [index(&pages), index(&reversed), one_by_one] {
            let found = |name: &str| index.property("microsoft.graph.user", name).map(|(owner, _)| owner.page.as_str());
            // The page that is called after the type decides, though the other one has more properties.
            assert_eq!(found("mail"), Some("resources/user.md"));
            assert_eq!(found("limit"), Some("resources/team-user.md"));
            assert_eq!(index.get("microsoft.graph.user").map(|own| own.page.as_str()), Some("resources/user.md"));
            assert_eq!(index.property_names("microsoft.graph.user"), ["a", "id", "limit", "mail", "manager"]);
            // Only one of the pages says what the type inherits from.
            assert!(index.is_open("microsoft.graph.user"));
            assert_eq!(index.names().count(), 2);
        }
    }

    #[test]
    fn a_comment_says_which_properties_may_be_null() {
        let mark = "\n<!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.user\", \
                    \"nullableProperties\": [\"Mail\"] } -->\n```json\n{}\n```\n";
        let nullable = |text: &str, name: &str| {
            let index = index(&[("resources/user.md", text)]);
            index.property("microsoft.graph.user", name).and_then(|(_, row)| row.property.nullable)
        };
        let text = format!("{USER}{mark}");
        assert_eq!((nullable(&text, "mail"), nullable(&text, "manager")), (Some(true), None));
        assert_eq!(nullable(USER, "mail"), None);
    }

    #[test]
    fn circles_of_inheritance_end() {
        let page = |name: &str, base: &str| format!("# {name} resource type\n\nInherits from {base}\n");
        let index = index(&[("a.md", &page("a", "b")), ("b.md", &page("b", "a"))]);
        assert_eq!(index.property("microsoft.graph.a", "x"), None);
        assert!(!index.is_open("microsoft.graph.a"));
    }
}
