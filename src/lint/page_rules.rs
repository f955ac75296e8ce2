//! Rules for the page as a whole: its tables, versions and what generators left behind.

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::slips::Slips;
use super::{Linter, type_words};
use crate::contract::PropertyTable;
use crate::diagnostic::Code;
use crate::json::Json;
use crate::page::{Element, Page, StartLine};
use crate::url::Target;

/// What documentation generators write where they do not know better.
const LEFTOVERS: [&str; 2] = ["Unknown Primitive Type", "** Entity URI for"];

pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    for leftover in LEFTOVERS {
        for at in memchr::memmem::find_iter(page.text.as_bytes(), leftover) {
            // `<Unknown Primitive Type Edm.Date>` begins at its bracket.
            let before = &page.text[..at];
            let bracket =
                ["\\<", "&lt;", "<"].into_iter().find(|bracket| before.ends_with(bracket)).unwrap_or_default();
            let at = at - bracket.len();
            let place = (page.line_at(at), page.column_at(at));
            linter.report_at(Code::GeneratorLeftover, place, "a placeholder that a documentation generator left");
        }
    }
    for (line, table) in linter.tables.iter() {
        property_twice(linter, line, table);
    }
    type_words::check(linter);
    versions(linter);
}

fn property_twice(linter: &mut Linter<'_>, line: u32, declared: &PropertyTable) {
    let mut names = HashSet::new();
    if declared.rows.iter().all(|row| names.insert(row.property.name.as_str())) {
        return;
    }
    let mut rows: HashMap<&str, Vec<u32>> = HashMap::new();
    for property in declared.rows.iter().map(|row| &row.property) {
        rows.entry(&property.name).or_default().push(property.line.unwrap_or(line));
    }
    // What stands in row after row is no name: the table is of something else.
    let is_of_names = declared.rows.len() < 3 || rows.len() * 3 >= declared.rows.len() * 2;
    if !is_of_names || rows.values().any(|lines| lines.len() > 2) {
        return;
    }
    for (name, lines) in rows {
        for line in lines.into_iter().skip(1) {
            linter.report(Code::PropertyTwice, line, format!("`{name}` is in the table twice"));
        }
    }
}

/// Examples of a page in a version's folder are of that version.
fn versions(linter: &mut Linter<'_>) {
    let page = linter.page;
    let mut behind = 0;
    // Those of another version than the page, and whether any is of that of the page.
    let (mut others, mut has_own) = (Vec::new(), false);
    for block in &page.blocks {
        let before = page.elements.get(behind..block.element).unwrap_or_default();
        behind = block.element + 1;
        // A zone may be for the readers of another version, or of any.
        let of_zone = block.zone.version();
        let of_page = page.version.as_deref().filter(|_| block.zone.is_everywhere());
        let (Some(version), whose) = (of_zone.as_deref().or(of_page), if of_zone.is_some() { "zone" } else { "page" })
        else {
            continue;
        };
        let StartLine::Request(line) = &block.message.start else { continue };
        let target = Target::read(&line.target);
        let is_graph = target.host.is_some() && target.is_graph() && !target.lacks_graph_version();
        let Some(own) = target.version.filter(|_| is_graph) else { continue };
        if own.eq_ignore_ascii_case(version) {
            has_own = true;
            continue;
        }
        if speaks_of(before, own).is_some() {
            continue;
        }
        let place = linter.place_in_target(line, own.as_ptr() as usize - line.target.as_ptr() as usize);
        others.push((place, own, whose, version.to_owned()));
    }
    let Some(((first, own, ..), rest)) = others.split_first() else { return };
    // A page that says above all examples that it is of the other version, as all of them do, is in the wrong folder.
    let is_one = !has_own && rest.iter().all(|(_, other, ..)| other.eq_ignore_ascii_case(own));
    let is_of_page = others.iter().all(|(_, _, whose, _)| *whose == "page");
    if let (true, Some(line), Some(version)) = (is_one && is_of_page, introduced(page, own), &page.version) {
        let message =
            format!("the page is about version {own}, as line {line} says, but it is among those of {version}");
        return linter.report_at(Code::VersionNotThePages, *first, message);
    }
    for (place, own, whose, version) in others {
        let message = format!("the URL is of version {own}, the {whose} of {version}");
        linter.report_at(Code::VersionNotThePages, place, message);
    }
}

/// The line above the first section of a page that names a version.
fn introduced(page: &Page<'_>, version: &str) -> Option<u32> {
    let is_section = |element: &Element<'_>| matches!(element, Element::Heading(heading) if heading.level > 1);
    let end = page.elements.iter().position(is_section).unwrap_or(page.elements.len());
    speaks_of(&page.elements[..end], version)
}

/// The line in which a text in front of an example names a version: who says that it is of another one means it.
fn speaks_of(elements: &[Element<'_>], version: &str) -> Option<u32> {
    let names = |text: &str| {
        let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
        words.any(|word| word.trim_matches('.').eq_ignore_ascii_case(version))
    };
    let mut speaking = elements.iter().filter(|element| match element {
        Element::Heading(heading) => names(&heading.text),
        Element::Prose(prose) => names(&prose.text),
        Element::Table(_) | Element::Comment(_) | Element::Fence(_) => false,
    });
    speaking.next().map(Element::line)
}

/// What the section "Request body" says.
pub(super) struct RequestBody<'p> {
    page: &'p Page<'p>,
    /// The words of its text, and the names in its tables, as soon as somebody asks.
    words: OnceCell<HashSet<&'p str>>,
    /// The properties in its table; `None` if it has none.
    properties: Option<HashSet<String>>,
    /// The same by their names in lower case.
    in_lower_case: HashMap<String, String>,
    /// The same for names that are nearly those of properties, as soon as there is one that no property has.
    slips: Option<Slips<String>>,
    /// Whether the page has such a section, as far as its language lets anybody know.
    is_found: bool,
    /// Whether the text says that the table has the required properties, which may be all that it has.
    is_of_required: bool,
    /// The properties that the table calls required, in its order.
    required: Vec<String>,
}

impl<'p> RequestBody<'p> {
    pub(super) fn of(page: &'p Page<'_>, table: Option<&PropertyTable>) -> RequestBody<'p> {
        let (mut is_of_required, mut is_found) = (false, false);
        for element in page.section("request-body") {
            is_found = true;
            is_of_required |= matches!(element, Element::Prose(prose) if prose.text.contains("required"));
        }
        let names = |table: &PropertyTable| table.rows.iter().map(|row| row.property.name.clone()).collect();
        let properties: Option<HashSet<String>> = table.map(names);
        let in_lower_case = properties.iter().flatten().map(|name| (name.to_lowercase(), name.clone())).collect();
        let required = |table: &PropertyTable| {
            let rows = table.rows.iter().map(|row| &row.property);
            rows.filter(|property| property.required).map(|property| property.name.clone()).collect()
        };
        let required = table.map(required).unwrap_or_default();
        RequestBody {
            page,
            words: OnceCell::new(),
            properties,
            in_lower_case,
            slips: None,
            is_found,
            is_of_required,
            required,
        }
    }

    /// Whether the page has the section under a name that is known.
    pub(super) fn is_found(&self) -> bool {
        self.is_found
    }

    /// Whether the section speaks of a member.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.words.get_or_init(|| self.words()).contains(name)
    }

    fn words(&self) -> HashSet<&'p str> {
        let mut words = HashSet::new();
        for element in self.page.section("request-body") {
            match element {
                Element::Prose(prose) => words.extend(prose.text.split(|c: char| !c.is_alphanumeric())),
                Element::Table(table) => {
                    words.extend(table.rows.iter().filter_map(|row| row.first()).map(|cell| cell.text.as_ref()));
                }
                _ => {}
            }
        }
        words
    }

    /// Whether the table is about such a body: at least half of its members are there. A page may have the table of another request, or of
    /// what is inside one member.
    pub(super) fn is_about(&self, body: &Json) -> bool {
        let (Some(properties), Json::Object(members)) = (&self.properties, body) else { return false };
        let names = members.iter().map(|member| member.name.as_str()).filter(|name| !name.contains('@'));
        let (known, unknown): (Vec<&str>, Vec<&str>) =
            names.partition(|name| properties.contains(*name) || self.in_any_case(name).is_some());
        !known.is_empty() && known.len() >= unknown.len()
    }

    /// Whether the table has other members than this one, which the section does not mention either: a table may describe what is inside
    /// the one member that the text names.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.properties.as_ref().is_some_and(|properties| !properties.contains(name)) && !self.mentions(name)
    }

    /// The only member of the table that is called so but for a letter; the text does not name the other one.
    pub(super) fn nearly(&mut self, name: &str) -> Option<&str> {
        if !self.lacks(name) || self.in_any_case(name).is_some() {
            return None;
        }
        let properties = &self.properties;
        let slips = self.slips.get_or_insert_with(|| Slips::of(properties.iter().flatten().cloned()));
        slips.meant(name).map(String::as_str)
    }

    /// The properties that the table calls required.
    pub(super) fn required(&self) -> &[String] {
        &self.required
    }

    /// Whether the table may have the required properties alone.
    pub(super) fn is_of_required(&self) -> bool {
        self.is_of_required
    }

    /// The member of the table that is called so in another case.
    pub(super) fn in_any_case(&self, name: &str) -> Option<&str> {
        self.in_lower_case.get(&name.to_lowercase()).map(String::as_str).filter(|own| *own != name)
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::lint::testing::{messages, places};

    #[test]
    fn a_todo_is_left_where_readers_see_it() {
        let check = |text: &str, expected: &[(u32, u32)]| assert_eq!(places(text, Code::TodoLeft), expected, "{text}");
        check("# Lamp\n\nTODO: more\n", &[(3, 1)]);
        check("# Lamp\n\n|A|\n|---|\n|**TODO: more**|\n", &[(5, 2)]);
        check("# Lamp\n\n<!-- TODO: more -->\n\n<!-- TODO: more -->\n\nTODO: less\n", &[(7, 1)]);
        check("# Lamp\n\n```json\n{ \"title\": \"TODO: more\" }\n```\n", &[]);
        check("# Lamp\n\nA TODO list\n", &[]);
    }

    #[test]
    fn what_a_generator_left_is_reported_where_it_begins() {
        let check = |cell: &str, column: u32| {
            let text = format!("# Lamp\n\n|Property|Type|\n|---|---|\n|a|{cell}|\n");
            assert_eq!(places(&text, Code::GeneratorLeftover), [(5, column)], "{cell}");
        };
        check("<Unknown Primitive Type Edm.Date>", 4);
        check("&lt;Unknown Primitive Type Edm.Date&gt;", 4);
        check(r"\<Unknown Primitive Type Edm.Date>", 4);
        check("Unknown Primitive Type", 4);
        check("a ** Entity URI for lamp not found **", 6);
    }

    #[test]
    fn the_json_of_a_call_back_is_checked() {
        let check = |code: Code, info: &str, json: &str, expected: &[(u32, u32)]| {
            let text = format!("# Lamp\n\n```{info}\n{json}\n```\n");
            assert_eq!(places(&text, code), expected, "{text}");
        };
        check(Code::JsonTrailingComma, "json", "{\n  \"a\": 1,\n}", &[(5, 9)]);
        check(Code::JsonNotValid, "json", "{\n  \"a\": \"\"b\"\n}", &[(5, 8)]);
        check(Code::DateNotValid, "JSON", "{\n  \"at\": \"2021-02-30\"\n}", &[(5, 3)]);
        check(Code::JsonNotValid, "json", "\"a\": 1", &[]);
        check(Code::JsonNotValid, "json", "{ \"a\": 1", &[]);
        check(Code::JsonTrailingComma, "javascript", "{ \"a\": 1, }", &[]);
        check(Code::JsonTrailingComma, "json", "{ \"a\": 1 }", &[]);
    }

    #[test]
    fn the_representation_of_a_resource_may_have_comments() {
        let check = |before: &str, info: &str, code: Code, expected: usize| {
            let text = format!("# Lamp\n\n{before}\n```{info}\n{{\n  \"a\": 1, // one\n  \"b\": 2,\n}}\n```\n");
            assert_eq!(places(&text, code).len(), expected, "{text}");
        };
        let resource = "<!-- {\"blockType\": \"resource\", \"@odata.type\": \"microsoft.graph.lamp\"} -->";
        check(resource, "json", Code::JsonComment, 0);
        check(&format!("{resource}\n"), "json", Code::JsonComment, 0);
        check("## JSON representation\n", "json", Code::JsonComment, 0);
        check("<a name=\"a\"></a>\n\n## 表示 <a name=\"json-representation\"></a>\n", "json", Code::JsonComment, 0);
        let chinese = "该资源表示房间里的一盏灯，包括它的颜色、功率和当前的状态，以及它所属的房间。";
        check(&format!("{chinese}\n\n## JSON 表示形式\n"), "json", Code::JsonComment, 0);
        check("<!-- {\"blockType\": \"ignored\"} -->", "jsonc", Code::JsonComment, 0);
        check("", "json", Code::JsonComment, 1);
        check("## JSON representation\n\n## Examples\n", "json", Code::JsonComment, 1);
        check("## JSON representation\n\n### Example\n", "json", Code::JsonComment, 1);
        // Whoever reads the representation still reads JSON.
        check(resource, "json", Code::JsonTrailingComma, 1);
    }

    #[test]
    fn a_url_is_of_the_version_of_the_page_or_of_one_that_the_text_names() {
        let check = |text: &str, url: &str, expected: &[(u32, u32)]| {
            let text = format!(
                "# Get lamp\n\n## Example\n\n{text}\n\n```http\nGET {url}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
            );
            assert_eq!(places(&text, Code::VersionNotThePages), expected, "{text}");
        };
        check("A request.", "https://graph.microsoft.com/beta/lamps", &[(8, 33)]);
        check("A request of a beta tester.", "https://graph.microsoft.com/v1.0/lamps", &[]);
        check("A request of `/beta`, which has more.", "https://graph.microsoft.com/beta/lamps", &[]);
        check("此请求使用 beta 终结点。", "https://graph.microsoft.com/beta/lamps", &[]);
    }

    #[test]
    fn a_page_that_says_that_it_is_of_another_version_is_reported_once() {
        let example = |version: &str| {
            format!(
                "\n```http\nGET https://graph.microsoft.com/{version}/lamps\n```\n\n```http\nHTTP/1.1 200 OK\n```\n"
            )
        };
        let check = |above: &str, versions: &[&str], expected: &[&str]| {
            let examples: String = versions.iter().map(|version| example(version)).collect();
            let text = format!(
                "# Get lamp\n\n{above}\n\n## HTTP request\n\n```http\nGET /lamps\n```\n\n## Examples\n{examples}"
            );
            assert_eq!(messages(&text, Code::VersionNotThePages), expected, "{text}");
        };
        let note = "> **Important:** APIs under the /beta version are subject to change.";
        let once = ["the page is about version beta, as line 3 says, but it is among those of v1.0"];
        let one = "the URL is of version beta, the page of v1.0";
        check(note, &["beta", "beta"], &once);
        check("[!INCLUDE [beta-disclaimer](../../includes/beta-disclaimer.md)]", &["beta"], &once);
        check("/beta 版本下的 API 可能会更改。", &["beta"], &once);
        check("", &["beta", "beta"], &[one, one]);
        // Some of its examples are of its own version.
        check(note, &["beta", "v1.0"], &[one]);
        check(note, &["v1.0"], &[]);
    }

    #[test]
    fn a_property_is_there_twice_where_the_others_are_there_once() {
        let check = |rows: &[&str], expected: &[(u32, u32)]| {
            let rows: String = rows.iter().map(|name| format!("|{name}|String|\n")).collect();
            assert_eq!(places(&format!("|Property|Type|\n|---|---|\n{rows}"), Code::PropertyTwice), expected, "{rows}");
        };
        check(&["a", "b", "a"], &[(5, 1)]);
        check(&["a", "b", "c"], &[]);
        check(&["GA", "GA", "GA", "beta"], &[]);
        check(&["yes", "yes", "no", "no"], &[]);
    }
}
