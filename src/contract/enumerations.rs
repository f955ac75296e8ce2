//! The enumerations of a documentation set: tables of their members, and what the rows of properties list.

use foldhash::{HashMap, HashSet};

use super::columns::is_name;
use super::properties::PropertyRow;
use crate::lower_case::in_lower_case;
use crate::page::{Cell, Element, Heading, Language, Page, Table};

/// All documented enumerations, by unqualified name in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Enumerations {
    /// Their members, as far as a table has them.
    tables: HashMap<String, Members>,
    /// The values that rows list of properties whose type is called so.
    rows: HashMap<String, HashSet<String>>,
}

/// The members of an enumeration, each once.
#[derive(Clone, Debug, Default)]
struct Members {
    names: Vec<String>,
    known: HashSet<String>,
    /// Where the first member of each name in lower case is.
    by_lower_case: HashMap<String, usize>,
    /// The namespaces of the pages that have the tables, as far as they say them.
    namespaces: HashSet<String>,
    /// The page and the line of the first table.
    place: Option<(String, u32)>,
}

impl Members {
    fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            if self.known.insert(name.clone()) {
                self.by_lower_case.entry(name.to_ascii_lowercase()).or_insert(self.names.len());
                self.names.push(name);
            }
        }
    }

    /// Takes the first of two places.
    fn is_at(&mut self, place: (String, u32)) {
        if self.place.as_ref().is_none_or(|own| place < *own) {
            self.place = Some(place);
        }
    }

    fn in_any_case(&self, name: &str) -> Option<&str> {
        self.by_lower_case.get(&name.to_ascii_lowercase()).map(|index| self.names[*index].as_str())
    }
}

impl Enumerations {
    /// Those that a page has tables of.
    pub(crate) fn of(page: &Page<'_>) -> Enumerations {
        let mut found = Enumerations::default();
        found.add_tables(page);
        found
    }

    /// Adds the enumerations of a page: a page of its own (`x enum type`), or a section of one (`x values`). Of several tables for one
    /// name, all count.
    pub(super) fn add_tables(&mut self, page: &Page<'_>) {
        let mut section: Option<EnumSection> = None;
        // Headings are read where a table follows them.
        let mut headings: Vec<&Heading> = Vec::new();
        for element in &page.elements {
            match element {
                Element::Heading(heading) => headings.push(heading),
                Element::Table(table) => {
                    section = headings.drain(..).fold(section, |around, heading| EnumSection::of(heading, around));
                    let Some(section) = &section else { continue };
                    if let Some(members) = enum_members(table, section, page) {
                        let own = self.tables.entry(section.name.clone()).or_default();
                        own.namespaces.extend(namespace_of(page).map(str::to_owned));
                        own.is_at((page.path.to_owned(), table.line));
                        own.extend(members);
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds the values that rows list.
    pub(super) fn add_rows(&mut self, rows: &[PropertyRow]) {
        for row in rows.iter().filter(|row| !row.property.values.is_empty()) {
            if let Some(word) = row.type_word() {
                let listed = self.rows.entry(last_name(word).to_lowercase()).or_default();
                listed.extend(row.property.values.iter().cloned());
            }
        }
    }

    /// Joins two; what the first has comes first.
    pub(super) fn merged(mut self, other: Enumerations) -> Enumerations {
        for (name, members) in other.tables {
            let own = self.tables.entry(name).or_default();
            own.namespaces.extend(members.namespaces);
            members.place.into_iter().for_each(|place| own.is_at(place));
            own.extend(members.names);
        }
        for (name, values) in other.rows {
            self.rows.entry(name).or_default().extend(values);
        }
        self
    }

    fn table(&self, type_name: &str) -> Option<&Members> {
        if self.tables.is_empty() || type_name.starts_with("Edm.") {
            return None;
        }
        let found = in_lower_case(last_name(type_name), |name| self.tables.get(name))?;
        // A name that a page writes without its namespace is taken for one of Microsoft Graph's own.
        let namespace = type_name.rsplit_once('.').map(|(namespace, _)| namespace).filter(|own| *own != GRAPH);
        let is_other = |namespace| !found.namespaces.is_empty() && !found.namespaces.contains(namespace);
        (!namespace.is_some_and(is_other)).then_some(found)
    }

    /// Whether all tables of an enumeration are of pages of that namespace, as far as they say theirs. Several namespaces have enumerations of
    /// one name.
    pub(crate) fn is_of_namespace(&self, type_name: &str, namespace: &str) -> bool {
        self.table(type_name).is_some_and(|members| members.namespaces.iter().all(|own| own == namespace))
    }

    /// The members that the table of an enumeration type lists; empty if there is no table.
    pub(crate) fn members(&self, type_name: &str) -> &[String] {
        self.table(type_name).map_or(&[], |members| &members.names)
    }

    /// The page and the line of the first table of an enumeration.
    pub(crate) fn place(&self, type_name: &str) -> Option<(&str, u32)> {
        let (page, line) = self.table(type_name)?.place.as_ref()?;
        Some((page, *line))
    }

    /// Whether a table has that member of an enumeration.
    pub(crate) fn has(&self, type_name: &str, value: &str) -> bool {
        self.table(type_name).is_some_and(|members| members.known.contains(value))
    }

    /// Whether a table, or any row, lists a value of an enumeration.
    pub(crate) fn lists(&self, type_name: &str, value: &str) -> bool {
        let rows = in_lower_case(last_name(type_name), |name| self.rows.get(name));
        self.has(type_name, value) || rows.is_some_and(|values| values.contains(value))
    }

    /// The member that is called so, in whatever case.
    pub(crate) fn in_any_case(&self, type_name: &str, value: &str) -> Option<&str> {
        self.table(type_name)?.in_any_case(value)
    }

    /// Whether a row's list is one of the members of an enumeration: at least half of it, in whatever case. Otherwise the two only share a
    /// name, or there is no table.
    pub(crate) fn is_list_of(&self, type_name: &str, values: &[String]) -> bool {
        let Some(members) = self.table(type_name) else { return false };
        let shared = values.iter().filter(|value| members.in_any_case(value).is_some()).count();
        shared > 0 && shared * 2 >= values.len()
    }

    /// The first enumeration, by its name in lower case, whose table has all of these values in whatever case, and this one as it is.
    pub(crate) fn with_all(&self, values: &[String], value: &str) -> Option<&str> {
        let has_all = |members: &Members| {
            members.known.contains(value) && values.iter().all(|value| members.in_any_case(value).is_some())
        };
        let all = self.tables.iter().filter(|(_, members)| has_all(members));
        all.map(|(name, _)| name.as_str()).min()
    }
}

/// The namespace of Microsoft Graph's own types.
const GRAPH: &str = "microsoft.graph";

/// The namespace that a page is of: the paragraph `Namespace: microsoft.graph.lighting` below its title, in any language.
pub(crate) fn namespace_of<'p>(page: &'p Page<'_>) -> Option<&'p str> {
    let mut prose = page.elements.iter().take(MOST_ABOVE).filter_map(|element| match element {
        Element::Prose(prose) if prose.text.len() <= LONGEST_NAMESPACE && prose.links.is_empty() => Some(&prose.text),
        _ => None,
    });
    prose.find_map(|text| {
        let name = text.trim().trim_end_matches('.').get(text.find(GRAPH)?..)?;
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.').then_some(name)
    })
}

/// The namespace stands among so many elements at the beginning of a page, in a paragraph that is no longer, in bytes.
const MOST_ABOVE: usize = 8;
const LONGEST_NAMESPACE: usize = 120;

/// The name of a type without its namespace.
pub(super) fn last_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A section that may have the members of an enumeration.
struct EnumSection {
    /// The enumeration's name in lower case.
    name: String,
    /// Whether the heading says that it is one.
    is_certain: bool,
    /// Whether the heading is a translation, if it shows that. Otherwise it is one if the page is.
    is_translated: Option<bool>,
}

impl EnumSection {
    /// The section that a heading opens within another one.
    fn of(heading: &Heading, around: Option<EnumSection>) -> Option<EnumSection> {
        let mut words = heading.text.split_whitespace();
        let words = [(); 4].map(|()| words.next());
        let section = |name: &str, is_certain: bool, is_translated: Option<bool>| {
            Some(EnumSection { name: name.to_lowercase(), is_certain, is_translated })
        };
        // Translations keep the original heading in the anchor, in lower case.
        let anchor = heading.anchor.as_deref().unwrap_or_default();
        let anchored = anchor.strip_suffix("-values").or_else(|| anchor.strip_suffix("-enum-type"));
        match words {
            [Some(name), Some("enum"), Some("type"), None]
            | [Some(name), Some("enumeration" | "values"), None, None]
                if is_name(name) =>
            {
                section(name, true, Some(false))
            }
            _ if anchored.is_some_and(is_name) => section(anchored?, true, Some(true)),
            _ if heading.level > 1
                && let Some(name) = name_in_translation(&heading.text) =>
            {
                section(name, true, Some(true))
            }
            [Some(name), Some(word), None, None] if heading.level > 1 && is_name(name) && !word.is_ascii() => {
                section(name, true, Some(true))
            }
            [Some(first), ..] if heading.level == 1 && is_name(first) => section(first, false, None),
            // A section of an enumeration's page ("Members") goes on with it.
            _ => around.filter(|_| heading.level > 1 && heading.opens("members")),
        }
    }
}

/// Words around the name of an enumeration in the headings of translations ("Valores de kind", "kind枚举值"), in lower case. The first ones say that it is
/// one.
#[rustfmt::skip]
const HEADING_WORDS: [&str; 37] = [
    "valores", "valeurs", "valori", "werte", "aufzählungswerte", "значения", "enumeração", "enumeración", "énumération", "enumerazione", "aufzählung",
    "перечисление", "перечисления", "值", "的值", "枚举", "枚举值", "枚举类型", "列舉", "列舉值", "値", "の値", "列挙", "列挙型", "列挙値", "값", "열거형",
    "tipo", "type", "de", "do", "da", "del", "di", "von", "für", "d'",
];

/// How many of them say so.
const OF_ENUMERATIONS: usize = 27;

/// The only word of a heading beside those of [`HEADING_WORDS`].
fn name_in_translation(heading: &str) -> Option<&str> {
    let has = |text: &str, words: &[&str]| words.contains(&text.to_lowercase().as_str());
    let (mut name, mut is_one) = (None, false);
    for word in heading.split_whitespace() {
        if has(word, &HEADING_WORDS) {
            is_one |= has(word, &HEADING_WORDS[..OF_ENUMERATIONS]);
            continue;
        }
        // Chinese and Japanese write their words without a blank beside the name.
        let own = word.trim_matches(is_of_other_script);
        let rest = word.strip_prefix(own).or_else(|| word.strip_suffix(own)).unwrap_or_default();
        if name.is_some() || !is_name(own) || !(rest.is_empty() || has(rest, &HEADING_WORDS[..OF_ENUMERATIONS])) {
            return None;
        }
        is_one |= !rest.is_empty();
        name = Some(own);
    }
    name.filter(|_| is_one)
}

/// Whether a character is none of the Latin script.
fn is_of_other_script(c: char) -> bool {
    c >= '\u{370}' && c.is_alphabetic()
}

/// The members in a table that lists an enumeration: names, with integers in the second column if there is one. Where the heading does
/// not say that it is one, the table has to look like it.
fn enum_members(table: &Table<'_>, section: &EnumSection, page: &Page<'_>) -> Option<Vec<String>> {
    let is_integer = |cell: &Cell<'_>| cell.text.parse::<i64>().is_ok();
    let is_member_head = || table.head.first().is_some_and(|head| head.text.eq_ignore_ascii_case("member"));
    let has_values = table.head.len() == 1
        || section.is_certain
        || is_member_head()
        || table.rows.iter().any(|row| row.get(1).is_some_and(is_integer));
    let names = || table.rows.iter().filter_map(|row| row.first());
    if !has_values || table.rows.is_empty() || !names().all(|name| is_name(&name.text)) {
        return None;
    }
    let is_code = |cell: &Cell<'_>| cell.marks.iter().any(|mark| mark.is_code);
    // Members that are not code are translated together with the heading. In a language of another script that would show.
    let is_of_other_script = || table.head.iter().any(|head| head.text.contains(is_of_other_script));
    let is_translated =
        || section.is_translated.unwrap_or_else(|| page.language() != Language::English) && !is_of_other_script();
    let is_original = names().all(is_code) || !is_translated();
    is_original.then(|| names().map(|cell| cell.text.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;

    fn index(pages: &[(&str, &str)]) -> TypeIndex {
        let mut index = TypeIndex::default();
        pages.iter().for_each(|(path, text)| index.add(&Page::parse(path, text)));
        index
    }

    #[test]
    fn enumerations_have_pages_or_sections() {
        let page = "# color enum type\n\n## Members\n\n|Member|Value|\n|---|---|\n|red|0|\n|green|1|\n";
        let section = "# Enum values\n\n### size values\n\n|Member|\n|---|\n|small|\n|large|\n";
        let index = index(&[("color.md", page), ("enums.md", section)]);
        assert_eq!(index.enumerations().members("microsoft.graph.Color"), ["red", "green"]);
        assert_eq!(index.enumerations().members("size"), ["small", "large"]);
        assert_eq!(index.enumerations().members("shape"), [""; 0]);
    }

    #[test]
    fn the_sections_of_translations_are_known_by_their_words_and_anchors() {
        let check = |heading: &str, head: &str, members: &str, expected: &[&str]| {
            let rows: Vec<String> = members.split(' ').map(|member| format!("|{member}|\n")).collect();
            let text = format!("# Enum\n\n### {heading}\n\n|{head}|\n|---|\n{}", rows.concat());
            let index = index(&[("enums.md", &text)]);
            assert_eq!(index.enumerations().members("kind"), expected, "{text}");
        };
        for heading in [
            "kind 值",
            "kind值",
            "kind枚举值",
            "kind 枚举值",
            "<a name=\"kind-values\"></a>kind 值",
            "kind の値",
            "Значения kind",
        ] {
            check(heading, "成员", "on off", &["on", "off"]);
        }
        for heading in ["valores kind", "Valores de kind", "kind valores", "Valores do tipo kind", "Valeurs de kind"] {
            check(heading, "Membro", "`on` `off`", &["on", "off"]);
            // These may be words of the language.
            check(heading, "Membro", "ligado desligado", &[]);
        }
        check("kind 值", "成员", "on 关", &[]);
        check("kind de lamp valores", "Membro", "`on` `off`", &[]);
        check("kind", "Membro", "`on` `off`", &[]);
    }

    #[test]
    fn what_any_table_or_row_lists_is_a_value() {
        let table = "# Enum values\n\n### color values\n\n|Member|\n|---|\n|red|\n|green|\n";
        let lamp = "# lamp resource type\n\n|Property|Type|Description|\n|---|---|---|\n|color|color|Possible values are: `Red`, `blue`.|\n";
        let index = index(&[("enums.md", table), ("lamp.md", lamp)]);
        let found = |value| index.enumerations().lists("microsoft.graph.color", value);
        assert_eq!(["red", "green", "Red", "blue", "Green"].map(found), [true, true, true, true, false]);
    }

    #[test]
    fn tables_of_one_name_are_joined() {
        let page = |member: &str| format!("### color values\n\n|Member|\n|---|\n|red|\n|{member}|\n");
        let (one, other) = (index(&[("a.md", &page("green"))]), index(&[("b.md", &page("blue"))]));
        assert_eq!(one.merged(other).enumerations().members("color"), ["red", "green", "blue"]);
    }

    #[test]
    fn enumerations_of_several_namespaces_may_have_one_name() {
        let table = "### color values\n\n|Member|\n|---|\n|red|\n|green|\n";
        let page = |namespace: &str| format!("# Enum values\n\nNamespace: {namespace}\n\n{table}");
        let graph = page("microsoft.graph");
        let index = index(&[("enums.md", &graph)]);
        let known = |name: &str| !index.enumerations().members(name).is_empty();
        assert!(known("color") && known("microsoft.graph.color"));
        assert!(!known("microsoft.graph.lighting.color"));
        assert!(index.enumerations().is_of_namespace("color", "microsoft.graph"));
        assert!(!index.enumerations().is_of_namespace("color", "microsoft.graph.lighting"));
    }

    #[test]
    fn the_namespace_of_a_page_stands_below_its_title() {
        let check = |text: &str, expected: Option<&str>| {
            let page = format!("# lamp\n\n{text}\n\nA lamp.\n");
            assert_eq!(namespace_of(&Page::parse("p.md", &page)), expected, "{text}");
        };
        check("Namespace: microsoft.graph", Some("microsoft.graph"));
        check("命名空间：microsoft.graph.lighting", Some("microsoft.graph.lighting"));
        check("The microsoft.graph namespace has lamps.", None);
        check("A lamp of a room.", None);
    }

    #[test]
    fn a_list_belongs_to_the_enumeration_that_has_half_of_it() {
        let page = "### color values\n\n|Member|\n|---|\n|red|\n|green|\n";
        let index = index(&[("a.md", page)]);
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let check = |name: &str, values: &[&str], expected: bool| {
            assert_eq!(index.enumerations().is_list_of(name, &owned(values)), expected, "{values:?}");
        };
        check("color", &["Red", "blue"], true);
        check("microsoft.graph.Color", &["red"], true);
        check("color", &["open", "closed", "red"], false);
        check("color", &["open"], false);
        check("form", &["red"], false);
        let with_all = |values: &[&str], value| index.enumerations().with_all(&owned(values), value);
        assert_eq!(with_all(&["Red", "GREEN"], "green"), Some("color"));
        assert_eq!(with_all(&["Red", "GREEN"], "Green"), None);
        assert_eq!(with_all(&["Red", "blue"], "red"), None);
    }
}
