//! Rules for the values in documented bodies: types, enumerations, members that do not belong there.

use super::Linter;
use crate::contract::{Contract, Primitive, Property, Typed, UNTYPED, is_sample_text};
use crate::diagnostic::Code;
use crate::json::{Json, Kind, Lines, Path, Step};
use crate::normal::looks_like;

pub(super) fn check(linter: &mut Linter<'_>, contract: &Contract) {
    if let Some(typed) = Typed::of_request(contract) {
        let lines = contract.source.request.lines(typed.body);
        let mut checker = Checker { linter, typed, lines };
        checker.values();
        checker.server_set(contract, typed.body);
    }
    if let Some(typed) = Typed::of_response(contract) {
        let lines = contract.source.response.lines(typed.body);
        Checker { linter, typed, lines }.values();
    }
}

struct Checker<'l, 'p, 't> {
    linter: &'l mut Linter<'p>,
    typed: Typed<'t>,
    lines: Lines,
}

impl Checker<'_, '_, '_> {
    fn line(&self, path: &Path) -> u32 {
        self.lines.nearest(path).unwrap_or(1)
    }

    fn values(&mut self) {
        let typed = self.typed;
        typed.visit(|value, cursor, declared| {
            if let Some(property) = declared.property {
                self.typed_value(value, &cursor.path(), property);
            }
        });
    }

    fn typed_value(&mut self, value: &Json, path: &Path, property: &Property) {
        let is_element = path.steps().last().is_some_and(|step| matches!(step, Step::Index(_)));
        let kind = value.kind();
        if kind == Kind::Null || is_sample_text(value) {
            return;
        }
        if property.collection && !is_element {
            if kind != Kind::Array {
                self.wrong_type(value, path, property);
            }
            return;
        }
        // An array in an array, or one whose declaration says nothing of a collection, was reported at the array itself.
        if is_element && !property.collection {
            return;
        }
        if !has_type(value, &property.type_name) {
            return self.wrong_type(value, path, property);
        }
        let members = &property.values;
        let Some(text) = value.as_str().filter(|_| !members.is_empty()) else { return };
        // Flags are written with commas between them.
        if !text.split(',').all(|flag| members.iter().any(|member| member == flag.trim())) {
            let near = members.iter().find(|member| member.eq_ignore_ascii_case(text));
            let hint = near.map_or_else(String::new, |near| format!("; `{near}` is"));
            let message = format!("`{text}` at {path} is not among the possible values{hint}");
            let line = self.line(path);
            self.linter.report(Code::EnumValueNotDocumented, line, message);
        }
    }

    fn wrong_type(&mut self, value: &Json, path: &Path, property: &Property) {
        let collection = if property.collection { "a collection of " } else { "" };
        let message = format!(
            "the value at {path} is {}, but the property is {collection}{}",
            value.kind().with_article(),
            property.type_name
        );
        let line = self.line(path);
        self.linter.report(Code::ValueNotOfType, line, message);
    }

    /// A POST that creates an object cannot say what the service sets.
    fn server_set(&mut self, contract: &Contract, body: &Json) {
        let creates = contract.request.method == "POST" && contract.response.status == 201;
        for name in ["id", "createdDateTime", "lastModifiedDateTime"] {
            // Some services let the caller choose; their pages say so.
            if creates && body.get(name).is_some() && !self.linter.request_body_words.contains(name) {
                let message = format!("`{name}` in the body of a POST, but the service sets it");
                let line = self.line(&Path::root().member(name));
                self.linter.report(Code::ServerSetMember, line, message);
            }
        }
    }
}

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
