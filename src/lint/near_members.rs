//! The rule for members that are nearly called like one that the type has, and that the object lacks.

use std::borrow::Cow;
use std::cell::LazyCell;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::Linter;
use super::slips::Slips;
use crate::compare::excerpt;
use crate::contract::{Places, ReadBody, TypeIndex, TypeName, Typed};
use crate::diagnostic::Code;
use crate::json::Json;
use crate::page::Block;

/// Compares the members of the objects in a body with the properties of their types.
pub(super) fn check(linter: &mut Linter<'_>, index: &TypeIndex, typed: Typed<'_>, block: &Block<'_>, read: &ReadBody) {
    let mut types = Types { index, slips: HashMap::new() };
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    let mut number = 0;
    typed.visit(|json, _, declared| {
        let own = number;
        number += 1;
        let Json::Object(members) = json else { return };
        let Some(type_name) = type_of(json, declared.type_name) else { return };
        let Some(slips) = types.slips(&type_name) else { return };
        // So many values are inside the members before the one at that position.
        let (mut counted, mut before) = (0, 0);
        let in_lower_case = LazyCell::new(|| {
            members.iter().map(|member| member.name.to_ascii_lowercase()).collect::<HashSet<String>>()
        });
        for (at, member) in members.iter().enumerate() {
            let name = member.name.as_str();
            let is_other = !name.contains(['@', '#']) && slips.names().binary_search(&name).is_err();
            if !is_other || index.shows(&type_name, name) {
                continue;
            }
            // What is in every item of a list is one defect.
            if !seen.insert((type_name.to_string(), name)) {
                continue;
            }
            let near = slips.meant(name).copied();
            if let Some(near) = near.filter(|near| !in_lower_case.contains(&near.to_ascii_lowercase())) {
                before += members[counted..at].iter().map(|member| 1 + member.value.descendants()).sum::<usize>();
                counted = at;
                found.push((own + 1 + before, name, near, type_name.to_string()));
            }
        }
    });
    if found.is_empty() {
        return;
    }
    let places = Places::new(&block.message.body, &read.offsets);
    for (number, name, near, type_name) in found {
        let message =
            format!("`{}` is no property of `{}`; did you mean `{near}`?", excerpt(name), excerpt(&type_name));
        linter.report_at(Code::MemberNotInResource, places.of_value(number), message);
    }
}

/// The names of the properties of types, each read once.
struct Types<'i> {
    index: &'i TypeIndex,
    slips: HashMap<String, Option<Slips<&'i str>>>,
}

impl<'i> Types<'i> {
    /// The names; `None` if a value of the type may have others.
    fn slips(&mut self, type_name: &str) -> Option<&mut Slips<&'i str>> {
        if !self.slips.contains_key(type_name) {
            let index = self.index;
            let is_closed = !index.may_have(type_name, NO_MEMBER);
            self.slips.insert(type_name.to_owned(), is_closed.then(|| Slips::of(index.property_names(type_name))));
        }
        self.slips.get_mut(type_name)?.as_mut()
    }
}

/// What no property is called.
const NO_MEMBER: &str = "";

/// The type of an object: the one that it says, or else the declared one.
fn type_of<'d>(object: &Json, declared: Option<&'d str>) -> Option<Cow<'d, str>> {
    match object.get("@odata.type") {
        Some(stated) => Some(TypeName::read(stated.as_str()?)?.name.into()),
        None => declared.map(Cow::Borrowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::lint_page;
    use crate::lint::testing::exchange;
    use crate::page::Page;

    #[test]
    fn a_member_that_is_nearly_a_property_which_the_object_lacks_is_reported() {
        let mut index = TypeIndex::default();
        for (name, mark, rows) in [
            ("lamp", "", "|color|String|\n|owner|[person](person.md)|\n|tags|String collection|\n|limit1|Int32|\n"),
            ("person", "", "|displayName|String|\n"),
            ("openLamp", "\"openType\": true, ", "|color|String|\n"),
        ] {
            let resource = format!(
                "# {name} resource type\n\n|Property|Type|\n|---|---|\n{rows}\n<!-- {{ \"blockType\": \"resource\", {mark}\"@odata.type\": \"microsoft.graph.{name}\" }} -->\n```json\n{{\"shwon\": 1}}\n```\n"
            );
            index.add(&Page::parse(&format!("resources/{name}.md"), &resource));
        }
        let check = |type_name: &str, body: &str, expected: &[(u32, u32)]| {
            let response = format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}");
            let text = exchange("", "GET https://graph.microsoft.com/v1.0/lamps/1", &response);
            let comment = format!(
                "<!-- {{ \"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.{type_name}\" }} -->\n```http\nHTTP"
            );
            let text = text.replace("```http\nHTTP", &comment);
            let found = lint_page(&Page::parse("lamp.md", &text), &index, None).diagnostics;
            let found: Vec<_> = found
                .iter()
                .filter(|own| own.code == Code::MemberNotInResource)
                .map(|own| (own.line, own.column))
                .collect();
            assert_eq!(found, expected, "{type_name} {body}");
        };
        check("lamp", "{\"colro\": \"red\"}", &[(16, 2)]);
        check("lamp", "{\"owner\": {\n\"dispayName\": \"A\"}}", &[(17, 1)]);
        check("lamp", "{\"owner\": {\"@odata.type\": \"#microsoft.graph.lamp\",\n\"colr\": 1}}", &[]);
        check("lamp", "{\"owner\": {\"@odata.type\": \"#microsoft.graph.lamp\",\n\"collor\": 1}}", &[(17, 1)]);
        for body in [
            "{\"color\": \"red\", \"colro\": \"red\"}",
            "{\"colors\": \"red\"}",
            "{\"limit2\": 4}",
            "{\"Color\": \"red\"}",
            "{\"house\": 4}",
            "{\"shwon\": 4}",
            "{\"owner\": {\"@odata.type\": \"#microsoft.graph.unknown\", \"dispayName\": \"A\"}}",
        ] {
            check("lamp", body, &[]);
        }
        check("openLamp", "{\"colro\": \"red\"}", &[]);
    }
}
