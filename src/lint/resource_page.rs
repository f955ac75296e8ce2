//! Rules for the pages of resources: the JSON representation shows what the page's own tables describe.

use std::cell::OnceCell;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::disputed::{Disputed, Examples};
use super::enum_lists::{self, ListedRow};
use super::ignored::{self, Ignored};
use super::literals::Seen;
use super::wrong_types::written_type;
use super::{Linter, ResourceRule, fixes, json_blocks, page_rules, translated_names};
use crate::compare::excerpt;
use crate::contract::{
    Body, Places, Property, PropertyTables, ReadBody, Representation, TypeIndex, other_type, read_json_lines,
    representation,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::{Json, Kind, Member};
use crate::page::{Element, Fence};

/// What is found in the page of a resource.
#[derive(Debug, Default)]
pub(super) struct ResourceLint {
    /// What is wrong, whatever other pages say.
    diagnostics: Vec<Diagnostic>,
    /// What is wrong unless another page describes the member.
    missing: Vec<Missing>,
    /// The properties about which the page contradicts itself.
    disputed: Vec<Disputed>,
    /// The rows that list the values of an enumeration.
    rows: Vec<ListedRow>,
    page: String,
    /// The comments that accept something.
    pub(super) ignored: Vec<Ignored>,
}

/// A member that is not in the page's tables.
#[derive(Debug)]
struct Missing {
    type_name: String,
    member: String,
    diagnostic: Diagnostic,
}

impl ResourceLint {
    /// What is found in the page that has those tables, also by a rule for them, if there is one. The types of the other pages need not be
    /// known yet.
    pub(super) fn of(tables: &PropertyTables<'_>, rule: Option<&ResourceRule<'_>>) -> ResourceLint {
        let page = tables.page();
        let own = page.diagnostics.iter().filter(|own| own.code == Code::MetadataNotJson).cloned().collect();
        let mut linter = Linter::new(tables, own);
        page_rules::check(&mut linter);
        let blocks = json_blocks::check(&mut linter, &mut Seen::default());
        misspelled_type(&mut linter);
        let (mut missing, mut disputed) = (Vec::new(), Vec::new());
        if let Some(Representation { fence, type_name, is_named }) = representation(page) {
            let tables = tables.described();
            // Metadata has types by their namespaces.
            if let Some(rule) = rule.filter(|_| is_named) {
                linter.diagnostics.extend(rule(page, &type_name, &tables));
            }
            let mut names = HashSet::new();
            let each = tables.iter().flatten().filter(|own| names.insert(own.name.as_str()));
            let properties: Vec<Property> = each.cloned().collect();
            // A block that is no message has been read.
            let read = blocks.into_iter().find(|(line, _)| *line == fence.line).map(|(_, read)| read);
            let read = read.unwrap_or_else(|| read_json_lines(&fence.lines));
            (missing, disputed) = Comparison::new(&mut linter, &properties).check(fence, &read, &type_name);
        }
        enum_lists::unread(&mut linter);
        let rows = enum_lists::rows(&linter);
        let (ignored, not_valid) = ignored::of_page(page);
        let mut diagnostics = linter.diagnostics;
        diagnostics.extend(not_valid);
        diagnostics.retain(|found| !page.accepts(found));
        missing.retain(|own| !page.accepts(&own.diagnostic));
        disputed.retain(|own| !page.accepts(&own.diagnostic));
        ResourceLint { diagnostics, missing, disputed, rows, page: page.path.to_owned(), ignored }
    }

    /// The diagnostics, now that all types are known, and what the examples of the set show.
    pub(super) fn diagnostics(self, index: &TypeIndex, examples: &Examples) -> Vec<Diagnostic> {
        let mut found = self.diagnostics;
        found.extend(self.disputed.into_iter().map(|own| own.defect(examples)));
        let missing = self.missing.into_iter().filter(|own| !index.may_have(&own.type_name, &own.member));
        found.extend(missing.map(|own| own.diagnostic));
        found.extend(enum_lists::defects(&self.rows, &self.page, index.enumerations()));
        found
    }
}

/// The comment of a page's only representation names the type that the title names.
fn misspelled_type(linter: &mut Linter<'_>) {
    let page = linter.page;
    let Some(title) = page.title().and_then(|title| title.text.split_whitespace().next()) else { return };
    let comments = page.elements.iter().filter_map(|element| match element {
        Element::Comment(comment) => {
            let own = comment.metadata()?.ok()?;
            let named = own.odata_type.as_ref().filter(|_| own.block_type.as_deref() == Some("resource"))?;
            Some((comment, named))
        }
        _ => None,
    });
    let comments: Vec<_> = comments.collect();
    let [(comment, named)] = comments.as_slice() else { return };
    let last = named.rsplit('.').next().unwrap_or(named);
    // A title in words is none of a type; names of few letters may be those of two types.
    let is_name = |name: &str| (5..=64).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_name(title) || !is_name(last) {
        return;
    }
    let (one, other) = (title.to_ascii_lowercase(), last.to_ascii_lowercase());
    let is_near = one != other && strsim::osa_distance(&one, &other) <= 2;
    // A page may be called by the plural, or without a number that tells versions apart.
    let is_suffix = |rest: &str| matches!(rest, "s" | "es") || rest.ends_with(|c: char| c.is_ascii_digit());
    let rest = one.strip_prefix(&other).or_else(|| other.strip_prefix(&one));
    let is_form = rest.is_some_and(is_suffix);
    if is_near && !is_form {
        let message = format!("the comment names the type `{}`, the title `{}`", excerpt(named), excerpt(title));
        let before = comment.text.split_once(named.as_str()).map_or("", |(before, _)| before);
        let line = comment.line + before.matches('\n').count() as u32;
        let column = page.column_of(line, named);
        linter.report_at(Code::MetadataContradictsExample, (line, column), message);
    }
}

/// For so many members, the property is looked for that is nearly called so: each is compared with each. Real pages miss a few.
const MOST_NEAR: usize = 32;

struct Comparison<'l, 'p, 't> {
    linter: &'l mut Linter<'p>,
    properties: &'t [Property],
    by_name: HashMap<&'t str, &'t Property>,
    /// The names by their form in lower case, as soon as a member has none of them.
    in_lower_case: OnceCell<HashMap<String, &'t str>>,
    /// The names that the text of the page has in bold or as code: whoever writes of a member like that documents it.
    in_text: OnceCell<HashSet<&'p str>>,
}

impl<'l, 'p, 't> Comparison<'l, 'p, 't> {
    fn new(linter: &'l mut Linter<'p>, properties: &'t [Property]) -> Comparison<'l, 'p, 't> {
        Comparison {
            linter,
            properties,
            by_name: properties.iter().map(|own| (own.name.as_str(), own)).collect(),
            in_lower_case: OnceCell::new(),
            in_text: OnceCell::new(),
        }
    }

    fn check(&mut self, fence: &Fence<'_>, read: &ReadBody, type_name: &str) -> (Vec<Missing>, Vec<Disputed>) {
        let Some(Body::Json(Json::Object(members))) = &read.body else { return (Vec::new(), Vec::new()) };
        // Otherwise the tables are about something else.
        let is_known = |member: &&Member| self.by_name.contains_key(member.name.as_str());
        if members.iter().filter(is_known).count() * 2 < members.len() {
            return (Vec::new(), Vec::new());
        }
        let places = Places::new(&fence.lines, &read.offsets);
        let (mut missing, mut disputed, mut number) = (Vec::new(), Vec::new(), 1);
        let mut seen = HashSet::new();
        let mut translated = None;
        for member in members {
            let place = places.of_value(number);
            number += 1 + member.value.descendants();
            let name = member.name.as_str();
            if name.contains(['@', '#']) || !seen.insert(name) {
                continue;
            }
            if let Some(property) = self.by_name.get(name) {
                if let Some(what) = other_type(&member.value, property) {
                    let of_type = written_type(self.linter.tables, property);
                    let row = property.line.map(|line| format!("the row on line {line} says"));
                    let row = row.as_deref().unwrap_or("the property is");
                    let message = format!("`{name}` is {what}, but {row} {of_type}");
                    disputed.push(Disputed {
                        property: name.to_owned(),
                        row: property.line,
                        type_text: of_type,
                        is_list: member.value.kind() == Kind::Array,
                        diagnostic: self.linter.page.diagnostic(Code::ValueNotOfType, place.0, place.1, message),
                    });
                }
            } else if let Some((own, line)) = translated
                .get_or_insert_with(|| translated_names::of_representation(self.linter, &names_of(members)))
                .get(name)
            {
                let message =
                    format!("`{}` is no name of a property; the example has `{}`", excerpt(own), excerpt(name));
                let diagnostic = self.linter.page.diagnostic(Code::PropertyNameTranslated, *line, 1, message);
                missing.push(Missing { type_name: type_name.to_owned(), member: name.to_owned(), diagnostic });
            } else if name != "id" && !self.is_in_text(name) {
                let message = self.not_described(name, missing.len() < MOST_NEAR);
                let diagnostic = self.linter.page.diagnostic(Code::MemberNotInResource, place.0, place.1, message);
                let edit = self.in_other_case(name).map(|own| fixes::name(place, name, own));
                let diagnostic = diagnostic.with_edit(edit);
                missing.push(Missing { type_name: type_name.to_owned(), member: name.to_owned(), diagnostic });
            }
        }
        (missing, disputed)
    }

    fn is_in_text(&self, name: &str) -> bool {
        let page = self.linter.page;
        let names = self.in_text.get_or_init(|| {
            let mut names = HashSet::new();
            for element in &page.elements {
                let Element::Prose(prose) = element else { continue };
                names.extend(prose.codes.iter().map(|code| code.trim()));
                // The text may begin within a mark, so that which of these are bold is not known; a name alone is.
                for mark in ["**", "__"] {
                    names.extend(prose.text.split(mark));
                }
            }
            names
        });
        names.contains(name)
    }

    /// The property that is called so in another case.
    fn in_other_case(&self, name: &str) -> Option<&'t str> {
        let own = |own: &'t Property| (own.name.to_lowercase(), own.name.as_str());
        let in_lower_case = self.in_lower_case.get_or_init(|| self.properties.iter().map(own).collect());
        in_lower_case.get(&name.to_lowercase()).copied()
    }

    /// What is said of a member that the tables do not have; with the property that is nearly called so, where that is asked for.
    fn not_described(&self, name: &str, has_near: bool) -> String {
        let hint = match self.in_other_case(name) {
            Some(other) => format!("; `{other}` is"),
            None => {
                let near = |own: &&&str| has_near && name.len() <= 64 && strsim::osa_distance(name, own) <= 2;
                let near = self.by_name.keys().filter(near).min();
                near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
            }
        };
        format!("`{}` is not in the tables of the resource{hint}", excerpt(name))
    }
}

/// The names of members that are no annotations.
fn names_of(members: &[Member]) -> Vec<&str> {
    members.iter().map(|own| own.name.as_str()).filter(|own| !own.contains('@')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    fn page(rows: &str, json: &str) -> String {
        format!(
            "# lamp resource type\n\n## Properties\n\n|Property|Type|\n|---|---|\n{rows}\n\n<!-- {{ \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\" }} -->\n```json\n{json}\n```\n"
        )
    }

    /// The findings in a page, as `code@column`, where another page describes `thing`.
    #[track_caller]
    fn check(rows: &str, json: &str, expected: &[&str]) {
        let text = page(rows, json);
        let own = Page::parse("resources/lamp.md", &text);
        let base = "# thing resource type\n\n|Property|Type|\n|---|---|\n|age|Int32|\n";
        let mut index = TypeIndex::default();
        index.add(&Page::parse("resources/thing.md", base));
        index.add(&own);
        let found = ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default());
        let found: Vec<String> = found.iter().map(|own| format!("{}@{}", own.code, own.column)).collect();
        assert_eq!(found, expected, "{text}");
    }

    const ROWS: &str =
        "|name|String|\n|watts|Int32|\n|isOn|Boolean|\n|tags|String collection|\n|house|[house](house.md)|\n|on|Date|";

    #[test]
    fn the_representation_shows_the_properties_of_the_tables() {
        check(ROWS, r#"{"name": "String", "wats": 1}"#, &["member-not-in-resource@20"]);
        check(ROWS, r#"{"Name": "String", "watts": 1}"#, &["member-not-in-resource@2"]);
        check(ROWS, r#"{"id": "1", "name": "String", "@odata.type": "a", "name@odata.bind": "b"}"#, &[]);
        // Then the tables are of something else.
        check(ROWS, r#"{"a": 1, "b": 1, "name": "c"}"#, &[]);
    }

    #[test]
    fn the_section_says_what_the_block_is_where_no_comment_does() {
        let check = |heading: &str, before: &str, expected: &[&str]| {
            let json = r#"{"name": "String", "watss": 1}"#;
            let text = format!(
                "# lamp resource type\n\n## Properties\n\n|Property|Type|\n|---|---|\n{ROWS}\n\n## {heading}\n\n{before}\n```json\n{json}\n```\n"
            );
            let own = Page::parse("resources/dynamics_lamp.md", &text);
            let mut index = TypeIndex::default();
            index.add(&own);
            let found = ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default());
            assert_eq!(found.iter().map(|own| own.message.as_str()).collect::<Vec<_>>(), expected, "{text}");
        };
        let missing = ["`watss` is not in the tables of the resource; did you mean `watts`?"];
        check("JSON representation", "Here is the lamp.\n", &missing);
        check("JSON Representation", "", &missing);
        check("Example", "", &[]);
        check("JSON representation", "<!-- { \"blockType\": \"ignored\" } -->", &[]);
        let other = "<!-- { \"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.shade\" } -->";
        check("JSON representation", other, &[]);
    }

    #[test]
    fn the_page_of_a_translation_is_known_by_the_name_in_its_title() {
        let check = |title: &str, expected: usize| {
            let text = page(ROWS, r#"{"name": "String", "wats": 1}"#).replace("lamp resource type", title);
            let own = Page::parse("resources/lamp.md", &text);
            let mut index = TypeIndex::default();
            index.add(&own);
            let found = ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default());
            let found = found.iter().filter(|own| own.code == Code::MemberNotInResource).count();
            assert_eq!(found, expected, "{title}");
        };
        for title in [
            "lamp 资源类型",
            "lamp资源类型",
            "资源类型 lamp",
            "lamp 資源類型",
            "lamp リソースの種類",
            "Tipo de recurso lamp",
            "Tipo do recurso lamp",
            "lamp tipo de recurso",
            "Type de ressource lamp",
            "lamp-Ressourcentyp",
            "<a name=\"lamp-resource-type\"></a>Typ zasobu lamp",
        ] {
            check(title, 1);
        }
        check("Tipo de recurso house", 0);
        check("Tipo de recurso house lamp", 0);
        check("Working with a lamp", 0);
    }

    #[test]
    fn a_translated_name_is_reported_at_its_row() {
        let check = |title: &str, name: &str, member: &str, expected: &[&str]| {
            let json = format!(r#"{{"{member}": "String", "watts": 1, "isOn": true}}"#);
            let text =
                page(&ROWS.replace("|name|", &format!("|{name}|")), &json).replace("# lamp resource type", title);
            let own = Page::parse("resources/lamp.md", &text);
            let mut index = TypeIndex::default();
            index.add(&own);
            let found = ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default());
            let found: Vec<String> = found.iter().map(|own| format!("{}@{}", own.code, own.line)).collect();
            assert_eq!(found, expected, "{name} {member}");
        };
        let chinese = "# lamp 资源类型\n\n表示房间里的灯。";
        let portuguese =
            "# Tipo de recurso lamp\n\nRepresenta uma lâmpada que está na casa do proprietário e não pode ser movida.";
        check(chinese, "名称", "name", &["property-name-translated@9"]);
        check(portuguese, "nome", "name", &["property-name-translated@9"]);
        check(portuguese, "título", "name", &["property-name-translated@9"]);
        check(portuguese, "name", "nmae", &["member-not-in-resource@18"]);
        check(chinese, "dimmer", "name", &["member-not-in-resource@18"]);
        check(
            "# lamp resource type\n\nThe lamp of a room that is not dark.",
            "title",
            "name",
            &["member-not-in-resource@18"],
        );
    }

    #[test]
    fn the_text_of_the_page_may_speak_of_a_member() {
        let json = r#"{"name": "String", "shade": "String"}"#;
        let with = |text: &str| format!("{ROWS}\n\n{text}");
        check(&with("A lamp with a cover has a **shade**, too."), json, &[]);
        check(&with(">**Note:** A lamp with a cover has a **shade**, too."), json, &[]);
        check(&with("> [!NOTE]\n> 带灯罩的灯还具有 `shade` 属性。"), json, &[]);
        check(&with("A lamp may stand in the shade."), json, &["member-not-in-resource@20"]);
        check(&with("**No** shade **yet**."), json, &["member-not-in-resource@20"]);
    }

    #[test]
    fn a_member_may_be_inherited_or_of_an_open_type() {
        let json = r#"{"name": "String", "age": 1}"#;
        check(ROWS, json, &["member-not-in-resource@20"]);
        let inherits = |name: &str| format!("{ROWS}\n\nInherits from [{name}]({name}.md).");
        check(&inherits("thing"), json, &[]);
        check(&inherits("unknown"), json, &[]);
        let open = page(ROWS, json).replace("\"resource\",", "\"resource\", \"openType\": true,");
        let own = Page::parse("resources/lamp.md", &open);
        let mut index = TypeIndex::default();
        index.add(&own);
        assert_eq!(ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default()), []);
    }

    #[test]
    fn what_the_authors_accept_is_no_finding() {
        let json = r#"{"name": "String", "wats": 1}"#;
        let of = |suppression: &str| {
            let annotation =
                format!("\n<!-- {{\"type\": \"#page.annotation\", \"suppressions\": [\"{suppression}\"]}} -->\n");
            let text = page(ROWS, json) + &annotation;
            let own = Page::parse("resources/lamp.md", &text);
            let mut index = TypeIndex::default();
            index.add(&own);
            ResourceLint::of(&PropertyTables::of(&own), None).diagnostics(&index, &Examples::default()).len()
        };
        assert_eq!(of("x"), 1);
        assert_eq!(of("member-not-in-resource"), 0);
        assert_eq!(
            of("Property 'wats' found in resource definition for 'lamp', but not described in markdown table."),
            0
        );
        assert_eq!(
            of("Property 'watts' found in resource definition for 'lamp', but not described in markdown table."),
            1
        );
    }

    #[test]
    fn the_comment_names_the_type_of_the_title() {
        let check = |name: &str, expected: usize| {
            let text = page(ROWS, "{}").replace("microsoft.graph.lamp", name).replace("# lamp ", "# floorLamp ");
            let found =
                ResourceLint::of(&PropertyTables::of(&Page::parse("resources/lamp.md", &text)), None).diagnostics;
            let found = found.iter().filter(|own| own.code == Code::MetadataContradictsExample);
            assert_eq!(found.count(), expected, "{name}");
        };
        check("microsoft.graph.floorLmap", 1);
        check("microsoft.graph.floorLampp", 1);
        check("microsoft.graph.floorLamp", 0);
        check("microsoft.graph.FloorLamp", 0);
        check("microsoft.graph.floorLamps", 0);
        check("microsoft.graph.floorLamp2", 0);
        check("microsoft.graph.lamp", 0);
    }

    #[test]
    fn values_are_of_the_types_of_the_tables() {
        let value = |member: &str| format!("{{{member}}}");
        for member in [
            r#""watts": "String""#,
            r#""watts": true"#,
            r#""name": 1"#,
            r#""isOn": "Int32""#,
            r#""name": ["a"]"#,
            r#""tags": {"a": 1}"#,
            r#""tags": [1]"#,
            r#""name": {"@odata.type": "microsoft.graph.house"}"#,
            r#""name": {"@odata.type": "Edm.Int32"}"#,
            r#""tags": "string""#,
            r#""on": "DateTimeOffset""#,
        ] {
            check(ROWS, &value(member), &["value-not-of-type@2"]);
        }
        for member in [
            r#""watts": "Integer""#,
            r#""watts": 1024"#,
            r#""watts": null"#,
            r#""name": "String (timestamp)""#,
            r#""name": "DateTimeOffset""#,
            r#""isOn": "Boolean""#,
            r#""isOn": "a text about it""#,
            r#""tags": ["String"]"#,
            r#""tags": "Collection(String)""#,
            r#""tags": "String collection""#,
            r#""tags": "String[]""#,
            r#""tags": "some text""#,
            r#""on": "String (timestamp)""#,
            r#""on": "timestamp""#,
            r#""tags": []"#,
            r#""tags": {"@odata.type": "Collection(Edm.String)"}"#,
            r#""name": {"@odata.type": "Edm.Stream"}"#,
            r#""house": "microsoft.graph.house""#,
            r#""house": {"@odata.type": "microsoft.graph.house"}"#,
        ] {
            check(ROWS, &value(member), &[]);
        }
    }

    #[test]
    fn the_page_is_checked_as_such() {
        check(
            "|name|String|\n|name|String|",
            r#"{"name": "String",}"#,
            &["property-twice@1", "json-trailing-comma@18"],
        );
        check(ROWS, r#"{"name": "String"} and more"#, &[]);
        check(ROWS, r#"{"name": ""String"}"#, &["json-not-valid@10"]);
    }
}
