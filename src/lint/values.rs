//! Rules for the values in documented bodies: types, enumerations, members that do not belong there.

use std::collections::HashMap;

use super::Linter;
use crate::compare::excerpt;
use crate::contract::{Contract, Places, Primitive, Property, ReadBody, Typed, UNTYPED, is_sample_text};
use crate::diagnostic::Code;
use crate::json::{Cursor, Json, Kind};
use crate::normal::looks_like;
use crate::page::Block;

pub(super) fn check_request(linter: &mut Linter<'_>, contract: &Contract, block: &Block<'_>, read: &ReadBody) {
    let Some(typed) = Typed::of_request(contract) else { return };
    let text = block.message.body_text();
    let places = Places::new(&block.message.body, &text, &read.offsets);
    let creates = contract.request.method == "POST" && contract.response.status == 201;
    let mut checker = Checker { linter, enumerations: HashMap::new() };
    checker.visit(typed, &places, |checker, value| {
        if let Cursor::Member(Cursor::Root, name) = value.cursor {
            checker.top_member(name, value.place(), creates);
        }
    });
}

pub(super) fn check_response(linter: &mut Linter<'_>, contract: &Contract, block: &Block<'_>, read: &ReadBody) {
    let Some(typed) = Typed::of_response(contract) else { return };
    let text = block.message.body_text();
    let places = Places::new(&block.message.body, &text, &read.offsets);
    Checker { linter, enumerations: HashMap::new() }.visit(typed, &places, |_, _| {});
}

struct Checker<'l, 'p, 't> {
    linter: &'l mut Linter<'p>,
    /// The members of large enumerations in lower case, by their list.
    enumerations: HashMap<*const String, HashMap<String, &'t str>>,
}

/// A value of a body, and where it is.
struct Value<'v> {
    json: &'v Json,
    cursor: &'v Cursor<'v>,
    /// Its number in document order.
    number: usize,
    places: &'v Places<'v>,
}

impl Value<'_> {
    fn place(&self) -> (u32, u32) {
        self.places.of_value(self.number)
    }

    /// Its path as messages show it.
    fn path(&self) -> String {
        excerpt(&self.cursor.path().to_string())
    }
}

impl<'t> Checker<'_, '_, 't> {
    /// Checks every value of a body, also with another rule.
    fn visit(&mut self, typed: Typed<'t>, places: &Places<'_>, also: impl Fn(&mut Self, &Value<'_>)) {
        let mut number = 0;
        typed.visit(|json, cursor, declared| {
            let value = Value { json, cursor, number, places };
            number += 1;
            also(self, &value);
            if let Some(property) = declared.property {
                self.typed_value(&value, property);
            }
        });
    }

    fn typed_value(&mut self, value: &Value<'_>, property: &'t Property) {
        let json = value.json;
        let is_element = matches!(value.cursor, Cursor::Element(..));
        let kind = json.kind();
        if kind == Kind::Null || is_sample_text(json) {
            return;
        }
        if property.collection && !is_element {
            if kind != Kind::Array {
                self.wrong_type(value, property);
            }
            return;
        }
        // An array in an array, or one whose declaration says nothing of a collection, was reported at the array itself.
        if is_element && !property.collection {
            return;
        }
        if !has_type(json, &property.type_name) {
            return self.wrong_type(value, property);
        }
        let members = &property.values;
        let Some(text) = json.as_str().filter(|_| !members.is_empty()) else { return };
        // Flags are written with commas between them.
        if !text.split(',').all(|flag| self.member(members, flag.trim()) == Some(flag.trim())) {
            let near = self.member(members, text);
            let hint = near.map_or_else(String::new, |near| format!("; `{near}` is"));
            let message = format!("`{}` at {} is not among the possible values{hint}", excerpt(text), value.path());
            self.linter.report_at(Code::EnumValueNotDocumented, value.place(), message);
        }
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

    fn wrong_type(&mut self, value: &Value<'_>, property: &Property) {
        let collection = if property.collection { "a collection of " } else { "" };
        let message = format!(
            "the value at {} is {}, but the property is {collection}{}",
            value.path(),
            value.json.kind().with_article(),
            property.type_name
        );
        self.linter.report_at(Code::ValueNotOfType, value.place(), message);
    }

    /// A member of a request's body: a POST that creates an object cannot say what the service sets, and the table of the body has
    /// all members.
    fn top_member(&mut self, name: &str, place: (u32, u32), creates: bool) {
        // Some services let the caller choose; their pages say so.
        if creates && SERVER_SET.contains(&name) && !self.linter.request_body.mentions(name) {
            let message = format!("`{name}` in the body of a POST, but the service sets it");
            self.linter.report_at(Code::ServerSetMember, place, message);
        }
        if !name.contains('@') && self.linter.request_body.lacks(name) {
            let message = format!("`{}` is not in the table of the request body", excerpt(name));
            self.linter.report_at(Code::MemberNotInTable, place, message);
        }
    }
}

/// What services set when they create an object.
const SERVER_SET: [&str; 3] = ["id", "createdDateTime", "lastModifiedDateTime"];

/// As few members of an enumeration are searched faster than indexed.
const FEW: usize = 16;

/// Whether a value is one of a type; of a type that is not primitive, only what cannot be is known.
fn has_type(value: &Json, type_name: &str) -> bool {
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
        // What a sample GUID looks like is a matter of taste.
        Primitive::Guid => kind == Kind::String,
        Primitive::Decimal | Primitive::Double | Primitive::Single if kind == Kind::String => {
            matches!(value.as_str(), Some("INF" | "-INF" | "NaN"))
        }
        _ => looks_like(primitive, value),
    }
}
