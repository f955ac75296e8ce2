//! Rules for the values in documented bodies: types, enumerations, members that do not belong there.

use std::cell::{LazyCell, OnceCell};

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::enum_lists::place_text;
use super::literals::date_problem;
use super::{Linter, fixes, near_members};
use crate::compare::excerpt;
use crate::contract::{
    Body, Contract, Declaration, Places, Property, ReadBody, TypeIndex, Typed, UNTYPED, is_sample_text,
};
use crate::diagnostic::Code;
use crate::edit::{Change, Edit};
use crate::edm::{LargeNumbers, Primitive, conforms};
use crate::json::{Cursor, Json, Kind};
use crate::page::Block;

pub(super) fn check_request(
    linter: &mut Linter<'_>,
    index: &TypeIndex,
    contract: &Contract,
    block: &Block<'_>,
    read: &ReadBody,
) {
    let Some(typed) = Typed::of_request(contract) else { return };
    let places = Places::new(&block.message.body, &read.offsets);
    let created = (contract.request.method == "POST" && contract.response.status == 201)
        .then(|| contract.response.body.as_ref().and_then(Body::as_json))
        .flatten();
    let may_have_others = may_have_others(contract, typed.body);
    let has_table = linter.request_body.is_about(typed.body) && !may_have_others;
    if has_table {
        required(linter, contract, block, typed.body, &places);
    }
    // A table of what is required, or of what a PUT changes in the whole that it sends, may leave out what the type has besides.
    let is_of_part = linter.request_body.is_of_required() || contract.request.method == "PUT";
    let declared = contract.request.body_type.as_ref().and_then(|name| contract.types.get(name));
    let declared = LazyCell::new(|| {
        let properties = declared.into_iter().flat_map(|own| &own.properties);
        properties.map(|property| property.name.as_str()).collect::<HashSet<&str>>()
    });
    let is_declared = |name: &str| {
        let of_type = contract.request.body_type.as_deref().is_some_and(|own| index.property(own, name).is_some());
        let is_key = name == "id" && contract.request.method == "PUT";
        is_key || of_type || declared.contains(name)
    };
    // An annotation of the request tells the service how to read it.
    let is_annotated = has_member(typed.body, |name| name.starts_with("@microsoft.graph."));
    let mut checker = Checker::new(linter, index, block);
    checker.of_response = contract.response.body_type.as_deref();
    checker.visit(typed, &places, |checker, value| {
        if let Cursor::Member(Cursor::Root, name) = value.cursor {
            if let Some(created) = created.filter(|_| !is_annotated) {
                checker.server_set(name, value, created);
            }
            if has_table && !name.contains('@') && !(is_of_part && is_declared(name)) {
                checker.not_in_table(name, value.place());
            } else if !has_table && !may_have_others && !is_declared(name) {
                checker.nearly_in_table(name, value);
            }
        }
    });
}

/// A request that creates something, or calls an action, has what the table calls required. Of a request that changes something, only what it
/// changes is required.
fn required(linter: &mut Linter<'_>, contract: &Contract, block: &Block<'_>, body: &Json, places: &Places<'_>) {
    let is_shortened = block.metadata.as_ref().is_some_and(|own| own.truncated);
    if contract.request.method != "POST" || contract.response.status >= 300 || is_shortened || block.is_ignored() {
        return;
    }
    let Json::Object(members) = body else { return };
    // `owner@odata.bind` gives `owner`; another case is a defect of its own.
    let given = |name: &str| name.split('@').next().unwrap_or(name).to_ascii_lowercase();
    let given: HashSet<String> = members.iter().map(|own| given(&own.name)).collect();
    // A member that the table does not have, under nearly that name, is a defect of its own.
    let others = members.iter().map(|own| own.name.as_str()).filter(|own| linter.request_body.lacks(own));
    let others: Vec<&str> = others.take(MOST_OTHERS + 1).collect();
    if others.len() > MOST_OTHERS {
        return;
    }
    let is_near = |own: &str, name: &str| own.len() <= 64 && name.len() <= 64 && strsim::osa_distance(own, name) <= 2;
    // API Doctor's mark for members that an example may leave out.
    let optional = block.metadata.as_ref().map(|own| own.optional_properties.as_slice()).unwrap_or_default();
    let optional: HashSet<String> = optional.iter().map(|own| own.to_ascii_lowercase()).collect();
    let is_missing = |name: &&String| {
        let lower = name.to_ascii_lowercase();
        !given.contains(&lower) && !optional.contains(&lower) && !others.iter().any(|own| is_near(own, name))
    };
    let missing: Vec<String> = linter.request_body.required().iter().filter(is_missing).cloned().collect();
    // A translated row has another name than its member.
    if missing.is_empty() || !linter.keeps_names(Code::RequiredMemberMissing) {
        return;
    }
    for name in missing {
        let message = format!(
            "the table of the request body says that `{}` is required, which the example does not have",
            excerpt(&name)
        );
        linter.report_at(Code::RequiredMemberMissing, places.of_value(0), message);
    }
}

/// Where a body has more members that the table does not have, the table is about something else.
const MOST_OTHERS: usize = 32;

/// Whether an object has a member whose name is so.
fn has_member(object: &Json, is_so: impl Fn(&str) -> bool) -> bool {
    matches!(object, Json::Object(members) if members.iter().any(|member| is_so(&member.name)))
}

/// Whether a body may have members that no table lists: its type is open, or it is an extension, which the caller defines.
fn may_have_others(contract: &Contract, body: &Json) -> bool {
    let declared = contract.request.body_type.as_ref().and_then(|name| contract.types.get(name));
    let own = body.get("@odata.type").and_then(Json::as_str).unwrap_or_default();
    declared.is_some_and(|declared| declared.open)
        || own.to_ascii_lowercase().contains("extension")
        || has_member(body, |name| name == "extensionName")
}

pub(super) fn check_response(
    linter: &mut Linter<'_>,
    index: &TypeIndex,
    contract: &Contract,
    block: &Block<'_>,
    read: &ReadBody,
) {
    let Some(typed) = Typed::of_response(contract) else { return };
    let places = Places::new(&block.message.body, &read.offsets);
    Checker::new(linter, index, block).visit(typed, &places, |_, _| {});
    near_members::check(linter, index, typed, block, read);
}

/// A check of the values of one body.
pub(super) struct Checker<'l, 'p, 't> {
    pub(super) linter: &'l mut Linter<'p>,
    pub(super) index: &'t TypeIndex,
    /// The type of the response to a request: what a request sends is mostly of that type.
    pub(super) of_response: Option<&'t str>,
    /// How the message writes large numbers.
    pub(super) large_numbers: LargeNumbers,
    /// The members of large enumerations in lower case, by their list.
    enumerations: HashMap<*const String, HashMap<String, &'t str>>,
    /// Whether the page of a type contradicts itself, as far as somebody has asked.
    pub(super) disputes: HashMap<&'t str, bool>,
    /// The names of the body's members in lower case, as soon as somebody asks.
    members: OnceCell<HashSet<String>>,
}

/// A value of a body, and where it is.
pub(super) struct Value<'v> {
    pub(super) json: &'v Json,
    /// The whole body.
    body: &'v Json,
    cursor: &'v Cursor<'v>,
    /// Its number in document order.
    number: usize,
    places: &'v Places<'v>,
}

impl Value<'_> {
    pub(super) fn place(&self) -> (u32, u32) {
        self.places.of_value(self.number)
    }

    /// The change that makes a text another one: this value, or an element of it, by its number.
    fn changed(&self, number: usize, old: &str, new: &str, is_element: bool) -> Option<Change> {
        let is_member = !is_element && matches!(self.cursor, Cursor::Member(..));
        let (line, column) = self.places.of_text(number, is_member)?;
        Some(Change::Replace { line, column, old: format!("\"{old}\""), new: format!("\"{new}\"") })
    }

    /// The path of an element as messages show it.
    fn element_path(&self, at: usize) -> String {
        excerpt(&format!("{}[{at}]", self.cursor.path()))
    }

    /// Its path as messages show it.
    pub(super) fn path(&self) -> String {
        excerpt(&self.cursor.path().to_string())
    }
}

impl<'l, 'p, 't> Checker<'l, 'p, 't> {
    fn new(linter: &'l mut Linter<'p>, index: &'t TypeIndex, block: &Block<'_>) -> Checker<'l, 'p, 't> {
        let large_numbers = LargeNumbers::of(block.message.header("Content-Type").unwrap_or_default());
        Checker {
            linter,
            index,
            of_response: None,
            large_numbers,
            enumerations: HashMap::new(),
            disputes: HashMap::new(),
            members: OnceCell::new(),
        }
    }

    /// Checks every value of a body, also with another rule.
    fn visit(&mut self, typed: Typed<'t>, places: &Places<'_>, also: impl Fn(&mut Self, &Value<'_>)) {
        let mut number = 0;
        typed.visit(|json, cursor, declared| {
            let value = Value { json, body: typed.body, cursor, number, places };
            number += 1;
            also(self, &value);
            if let Some(property) = declared.property {
                self.typed_value(&value, property, declared);
            }
        });
    }

    fn typed_value(&mut self, value: &Value<'_>, property: &'t Property, declared: Declaration<'t>) {
        let json = value.json;
        let is_element = matches!(value.cursor, Cursor::Element(..));
        let kind = json.kind();
        if kind == Kind::Null || is_sample_text(json) {
            return;
        }
        if property.collection && !is_element {
            if let Json::Array(items) = json {
                self.note_disputed(value, property, declared, true);
                self.listed(value, items, property, declared);
            } else {
                self.wrong_type(value, property, declared);
            }
            return;
        }
        // An array in an array, or one whose declaration says nothing of a collection, was reported at the array itself.
        if is_element && !property.collection {
            return;
        }
        // Rows about relationships often leave out that they lead to several.
        let may_be_several = kind == Kind::Array && !property.type_name.starts_with("Edm.");
        if may_be_several && !self.is_row_of_page(property) {
            return;
        }
        // A date that does not exist is reported as that.
        if json.as_str().and_then(date_problem).is_some() {
            return;
        }
        if !has_type(json, &property.type_name, self.large_numbers) {
            return self.wrong_type(value, property, declared);
        }
        // The values of an array are looked at together.
        if !is_element {
            self.note_disputed(value, property, declared, true);
            self.listed(value, std::slice::from_ref(json), property, declared);
        }
    }

    /// Reports the values of a property that its enumeration does not have: those of an array together, at the first one.
    fn listed(&mut self, value: &Value<'_>, items: &[Json], property: &'t Property, declared: Declaration<'t>) {
        let members = &property.values;
        if members.is_empty() {
            return;
        }
        let is_array = property.collection;
        let mut others: Vec<(usize, usize, &str)> = Vec::new();
        let mut number = value.number + usize::from(is_array);
        for (at, item) in items.iter().enumerate() {
            if let Some(text) = self.unlisted(item, property, declared) {
                others.push((number, at, text));
            }
            number += 1 + item.descendants();
        }
        let Some((first, at, text)) = others.first().copied() else { return };
        let near = self.member(members, text);
        let hint = match near {
            Some(near) => format!("; `{near}` is"),
            None => self.linter.hint(text, members.iter().map(String::as_str)),
        };
        let path = if is_array { value.element_path(at) } else { value.path() };
        let more = match others.len() - 1 {
            0 => String::new(),
            1 => "; one more of this array is not".to_owned(),
            more => format!("; {more} more of this array are not"),
        };
        let list = self.list_text(property, declared);
        let message = format!("`{}` at {path} is not among the possible values{list}{hint}{more}", excerpt(text));
        // The page's own row says how the members are written.
        let is_own = near.is_some() && self.is_row_of_page(property);
        let mut written = |(number, _, text): &(usize, usize, &str)| {
            let near = self.member(members, text)?;
            value.changed(*number, text, near, is_array)
        };
        let changes = if is_own { others.iter().map(&mut written).collect::<Option<Vec<Change>>>() } else { None };
        let edit = changes.and_then(Edit::new);
        self.linter.report_fixable(Code::EnumValueNotDocumented, value.places.of_value(first), message, edit);
    }

    /// The text that a value is, if the enumeration of its property does not have it.
    fn unlisted<'v>(&mut self, json: &'v Json, property: &'t Property, declared: Declaration<'t>) -> Option<&'v str> {
        let members = &property.values;
        // `a | b`: the list itself. What is of another type, or a date that does not exist, is reported as that.
        let text = json.as_str().filter(|text| !text.contains('|') && !is_sample_text(json))?;
        if date_problem(text).is_some() || !has_type(json, &property.type_name, self.large_numbers) {
            return None;
        }
        // Flags are written with commas between them.
        let is_listed = text.split(',').all(|flag| {
            let flag = flag.trim();
            self.member(members, flag) == Some(flag) || self.is_listed_elsewhere(property, declared, flag)
        });
        (!is_listed && !self.is_of_other_case(property, text)).then_some(text)
    }

    /// Where the possible values of a property stand, and which they are, if they are few.
    fn list_text(&mut self, property: &Property, declared: Declaration<'t>) -> String {
        let lists = self.linter.lists();
        let (page, index) = (self.linter.page.path, self.index);
        let of_page = property.line.filter(|line| lists.has_row(&property.name, *line));
        let row = || {
            let (documented, row) = index.property(declared.owner?, &property.name)?;
            Some((documented.page.as_str(), row.property.line.filter(|_| !row.property.values.is_empty())?))
        };
        let place = of_page.filter(|_| lists.has_values(&property.name)).map(|line| (page, line));
        let place = place.or_else(row).or_else(|| lists.place(index, &property.name));
        let place = place.or_else(|| index.enumerations().place(&property.type_name));
        let place = place.map(|place| format!(" on {}", place_text(page, place))).unwrap_or_default();
        let values: Vec<String> = property.values.iter().take(FEW_SHOWN + 1).map(|value| excerpt(value)).collect();
        let values = if values.len() > FEW_SHOWN { String::new() } else { format!(" (`{}`)", values.join("`, `")) };
        place + &values
    }

    /// The member of an enumeration that has that name, in the same case rather than in another.
    fn member(&mut self, members: &'t [String], name: &str) -> Option<&'t str> {
        if members.len() <= FEW {
            let same = members.iter().find(|member| *member == name);
            return same
                .or_else(|| members.iter().find(|member| member.eq_ignore_ascii_case(name)))
                .map(String::as_str);
        }
        let by_name = || members.iter().rev().map(|member| (member.to_ascii_lowercase(), member.as_str()));
        let names = self.enumerations.entry(members.as_ptr()).or_insert_with(|| {
            // A member that differs from another in its case alone is found as it is written.
            by_name().chain(members.iter().map(|member| (member.clone(), member.as_str()))).collect()
        });
        names.get(name).or_else(|| names.get(&name.to_ascii_lowercase())).copied()
    }

    /// Whether another list of the same enumeration has a value: a row for the property on another page, or a table of the enumeration.
    fn is_listed_elsewhere(&mut self, property: &Property, declared: Declaration<'t>, value: &str) -> bool {
        let index = self.index;
        if self.linter.lists().lists(index, &property.name, value)
            || index.enumerations().lists(&property.type_name, value)
        {
            return true;
        }
        [declared.owner, self.of_response].into_iter().flatten().any(|owner| {
            let Some((_, row)) = index.property(owner, &property.name) else { return false };
            self.member(&row.property.values, value) == Some(value)
                || row.type_word().is_some_and(|word| index.enumerations().lists(word, value))
        })
    }

    /// Whether a row that names no enumeration lists the members of one, and the example writes them as that one does. Then the row is
    /// what differs.
    fn is_of_other_case(&mut self, property: &Property, value: &str) -> bool {
        if property.type_name != Primitive::String.name() || !(2..=FEW).contains(&property.values.len()) {
            return false;
        }
        let index = self.index;
        let Some(enumeration) = index.enumerations().with_all(&property.values, value) else { return false };
        self.linter.other_case(index, property, enumeration);
        true
    }

    /// A POST that creates an object cannot say what the service sets. That the service sets it shows where the response has another value;
    /// some services let the caller choose.
    fn server_set(&mut self, name: &str, value: &Value<'_>, created: &Json) {
        if !SERVER_SET.contains(&name) || self.linter.request_body.mentions(name) {
            return;
        }
        let is_other = |shown: &Json| !matches!(shown, Json::Null) && shown != value.json;
        if is_sample_text(value.json) || created.get(name).is_some_and(is_other) {
            // The section may have its heading in another language.
            if !self.linter.request_body.is_found() && !self.linter.reads_prose(Code::ServerSetMember) {
                return;
            }
            let message = format!("`{name}` in the body of a POST, but the service sets it");
            self.linter.report_at(Code::ServerSetMember, value.place(), message);
        }
    }

    /// Whether the body, which is the same for all of its values, has a member of that name in any case.
    fn has_in_any_case(&self, body: &Json, name: &str) -> bool {
        let members = self.members.get_or_init(|| {
            let Json::Object(members) = body else { return HashSet::default() };
            members.iter().map(|member| member.name.to_ascii_lowercase()).collect()
        });
        members.contains(&name.to_ascii_lowercase())
    }

    /// A member is nearly called like one of the table that the body lacks, whatever else the table is about.
    fn nearly_in_table(&mut self, name: &str, value: &Value<'_>) {
        let near = self.linter.request_body.nearly(name).map(str::to_owned);
        let Some(near) = near.filter(|near| !self.has_in_any_case(value.body, near)) else { return };
        if self.linter.keeps_names(Code::MemberNotInTable) {
            let message =
                format!("`{}` is not in the table of the request body; did you mean `{near}`?", excerpt(name));
            self.linter.report_at(Code::MemberNotInTable, value.place(), message);
        }
    }

    /// The table of the body has all members.
    fn not_in_table(&mut self, name: &str, place: (u32, u32)) {
        if self.linter.request_body.lacks(name) && self.linter.keeps_names(Code::MemberNotInTable) {
            let near = self.linter.request_body.in_any_case(name);
            let hint = near.map_or_else(String::new, |near| format!("; `{near}` is"));
            let message = format!("`{}` is not in the table of the request body{hint}", excerpt(name));
            let edit = near.map(|near| fixes::name(place, name, near));
            self.linter.report_fixable(Code::MemberNotInTable, place, message, edit);
        }
    }
}

/// What services set when they create an object.
const SERVER_SET: [&str; 3] = ["id", "createdDateTime", "lastModifiedDateTime"];

/// So many possible values are shown.
const FEW_SHOWN: usize = 6;

/// As few members of an enumeration are searched faster than indexed.
const FEW: usize = 16;

/// Whether a value is one of a type; of a type that is not primitive, only what cannot be is known.
pub(super) fn has_type(value: &Json, type_name: &str, large_numbers: LargeNumbers) -> bool {
    let kind = value.kind();
    // `Json` in workbook pages is whatever a cell holds.
    if type_name == UNTYPED || type_name.eq_ignore_ascii_case("microsoft.graph.json") {
        return true;
    }
    let Some(primitive) = Primitive::read(type_name).filter(|_| type_name.starts_with("Edm.")) else {
        // An entity or complex value is an object, an enumeration value is a string.
        return matches!(kind, Kind::Object | Kind::String);
    };
    match primitive {
        // What a sample GUID looks like, and how bytes are shown, is a matter of taste.
        Primitive::Guid | Primitive::Binary => kind == Kind::String,
        _ => conforms(primitive, value, large_numbers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{messages, places, post};

    #[test]
    fn large_numbers_are_texts_where_the_media_type_says_so() {
        let check = |parameter: &str, value: &str, expected: usize| {
            let table = "|Property|Type|\n|---|---|\n|size|Int64|\n";
            let text = post(table, &format!("{{\"size\": \"{value}\"}}"), "{}")
                .replace("json\n", &format!("json{parameter}\n"));
            assert_eq!(places(&text, Code::ValueNotOfType).len(), expected, "{parameter} {value}");
        };
        check(";IEEE754Compatible=true", "9007199254740993", 0);
        check(";IEEE754Compatible=true", "many", 1);
        check(";IEEE754Compatible=false", "9007199254740993", 1);
        check("", "9007199254740993", 1);
    }

    #[test]
    fn what_the_service_sets_is_found_where_the_response_shows_it() {
        let check = |section: &str, sent: &str, created: &str, is_found: bool| {
            let found = places(&post(section, sent, created), Code::ServerSetMember);
            assert_eq!(!found.is_empty(), is_found, "{section} {sent} {created}");
        };
        check("", r#"{"id": "1"}"#, r#"{"id": "87"}"#, true);
        check("", r#"{"id": "id-value"}"#, "{}", true);
        check("", r#"{"id": "LAMP_1"}"#, r#"{"id": "LAMP_1"}"#, false);
        check("", r#"{"id": "LAMP_1"}"#, r#"{"name": "a"}"#, false);
        check("The id is the caller's choice.", r#"{"id": "1"}"#, r#"{"id": "87"}"#, false);
        let old = r#"{"@microsoft.graph.mode": "migration", "createdDateTime": "2020-01-01T00:00:00Z"}"#;
        check("", old, r#"{"createdDateTime": "2021-01-01T00:00:00Z"}"#, false);
        let translated =
            |section: &str| post("", r#"{"id": "1"}"#, r#"{"id": "87"}"#).replace("## Request body", section);
        let chinese =
            "## 请求正文\n\n在请求正文中，提供灯对象的 JSON 表示形式，并写明它的颜色和功率。id 由调用方选择。";
        assert_eq!(places(&translated(chinese), Code::ServerSetMember), []);
        let anchored = "## <a name=\"request-body\"></a>请求正文\n\n在请求正文中，提供灯对象的 JSON 表示形式，并写明它的颜色和功率。";
        assert_eq!(places(&translated(anchored), Code::ServerSetMember).len(), 1);
    }

    const TABLE: &str = "|Property|Type|\n|---|---|\n|name|String|\n|Watts|Int32|\n";

    #[test]
    fn a_member_that_the_table_lacks_is_found() {
        let check = |sent: &str, expected: usize| {
            assert_eq!(places(&post(TABLE, sent, "{}"), Code::MemberNotInTable).len(), expected, "{sent}");
        };
        check(r#"{"name": "a", "color": "red"}"#, 1);
        check(r#"{"name": "a", "watts": 4}"#, 1);
        check(r#"{"name": "a", "Watts": 4}"#, 0);
        assert_eq!(
            places(
                &post(TABLE, r#"{"name": "a", "Watts": 4, "id": "1"}"#, "{}").replace("POST", "PUT"),
                Code::MemberNotInTable
            ),
            []
        );
        // The table is of another body.
        check(r#"{"name": "a", "color": "red", "form": "round"}"#, 0);
        check(r#"{"lamp": {"name": "a"}}"#, 0);
        // The caller defines these.
        check(r#"{"@odata.type": "microsoft.graph.openTypeExtension", "name": "a", "color": "red"}"#, 0);
        check(r#"{"extensionName": "a", "name": "a", "Watts": 4, "color": "red"}"#, 0);
        check(r#"{"name": "a", "owner@odata.bind": "b"}"#, 0);
    }

    #[test]
    fn a_request_has_what_the_table_calls_required() {
        let check = |sent: &str, expected: usize| {
            let table = "|Property|Type|Description|\n|---|---|---|\n|name|String|The name. Required.|\n|owner|[owner](o.md)|Required. Who has it.|\n|watts|Int32|How much. Required if it glows.|\n";
            let text = post(table, sent, "{}");
            assert_eq!(places(&text, Code::RequiredMemberMissing).len(), expected, "{sent}");
            let marked = text.replacen("```http\nPOST https", "<!-- { \"blockType\": \"request\", \"optionalProperties\": [\"name\", \"owner\"] } -->\n```http\nPOST https", 1);
            assert_eq!(places(&marked, Code::RequiredMemberMissing).len(), 0, "{sent}");
            let change = text.replace("POST", "PATCH").replace("201 Created", "200 OK");
            assert_eq!(places(&change, Code::RequiredMemberMissing).len(), 0, "{sent}");
        };
        check(r#"{"name": "a", "owner": {}}"#, 0);
        check(r#"{"name": "a", "owner@odata.bind": "b"}"#, 0);
        check(r#"{"Name": "a", "owner": {}}"#, 0);
        check(r#"{"name": "a"}"#, 1);
        check(r#"{"watts": 1}"#, 2);
        check(r#"{"name": "a", "owenr": {}}"#, 0);
        // The table is of another body.
        check(r#"{"lamp": {"name": "a"}}"#, 0);
    }

    #[test]
    fn a_date_that_does_not_exist_is_reported_as_that_alone() {
        let table = "|Property|Type|\n|---|---|\n|on|Date|\n";
        let check = |value: &str, code: Code, expected: usize| {
            let text = post(table, &format!("{{\"on\": \"{value}\"}}"), "{}");
            assert_eq!(places(&text, code).len(), expected, "{value}");
        };
        check("2021-02-30", Code::DateNotValid, 1);
        check("2021-02-30", Code::ValueNotOfType, 0);
        check("tomorrow", Code::ValueNotOfType, 1);
        check("2021-02-28", Code::ValueNotOfType, 0);
    }

    #[test]
    fn a_list_of_values_stands_for_one_of_them() {
        let table = "|Property|Type|Description|\n|---|---|---|\n|form|String|Possible values are: `round`, `flat`.|\n";
        let check = |value: &str, expected: usize| {
            let text = post(table, &format!("{{\"form\": \"{value}\"}}"), "{}");
            assert_eq!(places(&text, Code::EnumValueNotDocumented).len(), expected, "{value}");
        };
        check("oval", 1);
        check("Round", 1);
        check("round", 0);
        check("round,flat", 0);
        check("round | flat", 0);
        check("form-value", 0);
    }

    #[test]
    fn the_values_of_an_array_are_reported_together() {
        let table = "|Property|Type|Description|\n|---|---|---|\n|forms|String collection|Possible values are: `round`, `flat`.|\n";
        let check = |array: &str, expected: &[(u32, u32)], message: &str| {
            let text = post(table, &format!("{{\"forms\": [\n{array}\n]}}"), "{}");
            assert_eq!(places(&text, Code::EnumValueNotDocumented), expected, "{array}");
            let found = messages(&text, Code::EnumValueNotDocumented);
            assert_eq!(found.first().map_or("", String::as_str), message, "{array}");
        };
        let among = |line: u32| format!("is not among the possible values on line {line} (`round`, `flat`)");
        check("\"round\",\n\"oval\"", &[(13, 1)], &format!("`oval` at $['forms'][1] {}", among(28)));
        check(
            "\"Round\",\n\"oval\",\n\"Flat\"",
            &[(12, 1)],
            &format!("`Round` at $['forms'][0] {}; `round` is; 2 more of this array are not", among(29)),
        );
        check("\"round\", \"flat\", null", &[], "");
    }
}
