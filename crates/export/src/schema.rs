//! JSON Schemas of documented bodies: types as declared, forms as the comparison reads and masks them.

use std::collections::BTreeMap;

use graph_contracts::contract::{Contract, Declaration, Property, Typed};
use graph_contracts::edm::Primitive;
use graph_contracts::json::{Json, Kind, Path};
use graph_contracts::normal::{Shape, is_annotation};

use crate::claim::{Claim, Claims};
use crate::pattern;
use crate::tree::{object, text, texts};

/// The schema of a documented response. Members that the example shows have to be there, unless it shows `null`.
pub(crate) fn of_response(contract: &Contract, claims: &Claims) -> Option<Json> {
    Some(Schemas::new(Typed::of_response(contract)?, Some(claims)).whole())
}

/// The schema of a documented request. Members that the page calls required have to be there.
pub(crate) fn of_request(contract: &Contract) -> Option<Json> {
    Some(Schemas::new(Typed::of_request(contract)?, None).whole())
}

/// One schema for values that have any of these.
pub(crate) fn any_of(mut schemas: Vec<Json>) -> Json {
    let mut distinct: Vec<Json> = Vec::new();
    for schema in schemas.drain(..) {
        if !distinct.contains(&schema) {
            distinct.push(schema);
        }
    }
    match distinct.len() {
        0 => object::<String>([]),
        1 => distinct.remove(0),
        _ => object([("anyOf", Json::Array(distinct))]),
    }
}

struct Schemas<'c> {
    body: &'c Json,
    declared: BTreeMap<Path, Declaration<'c>>,
    claims: Option<BTreeMap<&'c Path, &'c Claim>>,
}

impl<'c> Schemas<'c> {
    fn new(typed: Typed<'c>, claims: Option<&'c Claims>) -> Schemas<'c> {
        let mut declared = BTreeMap::new();
        typed.visit(|_, cursor, declaration| {
            declared.insert(cursor.path(), declaration);
        });
        let claims = claims.map(|claims| claims.values().iter().map(|value| (&value.path, &value.claim)).collect());
        Schemas { body: typed.body, declared, claims }
    }

    fn whole(&self) -> Json {
        self.value(self.body, &Path::root(), false)
    }

    fn value(&self, json: &Json, path: &Path, is_element: bool) -> Json {
        let declared = self.declared.get(path).copied().unwrap_or_default();
        match json {
            Json::Object(members) => {
                let mut properties: Vec<(String, Json)> = Vec::new();
                let mut required = Vec::new();
                for (position, member) in members.iter().enumerate() {
                    if members[position + 1..].iter().any(|own| own.name == member.name) {
                        continue;
                    }
                    let at = path.member(&member.name);
                    properties.push((member.name.clone(), self.value(&member.value, &at, false)));
                    if self.is_required(&member.name, &member.value, &at) {
                        required.push(member.name.clone());
                    }
                }
                let mut members = vec![("type", text("object")), ("properties", object(properties))];
                if !required.is_empty() {
                    members.push(("required", texts(required)));
                }
                object(members)
            }
            Json::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| self.value(item, &path.element(index), true)).collect();
                object([("type", text("array")), ("items", any_of(items))])
            }
            scalar => self.scalar(scalar, path, declared, is_element),
        }
    }

    fn is_required(&self, name: &str, value: &Json, at: &Path) -> bool {
        match &self.claims {
            Some(_) => *value != Json::Null && !is_annotation(name),
            None => self.declared.get(at).and_then(|own| own.property).is_some_and(|property| property.required),
        }
    }

    fn scalar(&self, json: &Json, path: &Path, declared: Declaration<'_>, is_element: bool) -> Json {
        let property = declared.property.filter(|property| !property.from_example);
        if *json == Json::Null && !is_element && property.is_some_and(|property| property.collection) {
            return object([("type", texts(["array", "null"]))]);
        }
        let primitive = property.and_then(|property| Primitive::read(&property.type_name));
        let mut types = Vec::new();
        let is_fraction = matches!(json, Json::Number(number) if !number.is_integer());
        let mut add = |name: &'static str| {
            if !types.contains(&name) {
                types.push(name);
            }
        };
        if let Some(primitive) = primitive {
            let is_integer = primitive.is_integer() && !is_fraction;
            add(if is_integer { "integer" } else { type_of(primitive.kind()) });
        }
        match json {
            // Nothing is known of a value that is only shown as absent.
            Json::Null if primitive.is_none() => return object::<String>([]),
            // An integer is a number, too (JSON Schema, "type").
            Json::Number(_) if primitive.is_some_and(|own| own.kind() == Kind::Number) => {}
            other => add(type_of(other.kind())),
        }
        if property.is_some_and(|property| !is_element && property.nullable != Some(false)) {
            add("null");
        }
        let types = match types.as_slice() {
            [one] => text(*one),
            several => texts(several.iter().copied()),
        };
        let mut members = vec![("type", types)];
        members.extend(self.form(json, path));
        members.extend(enumeration(property, json));
        object(members)
    }

    /// The form of a text: by its mask, or because the value that is shown has it. A text that the request sent, or that no rule masks, keeps
    /// the form that it has.
    fn form(&self, json: &Json, path: &Path) -> Vec<(&'static str, Json)> {
        let Some(claim) = self.claims.as_ref().and_then(|claims| claims.get(path)) else { return Vec::new() };
        let shape = match claim {
            Claim::Masked(mask) => Some(mask.shape),
            Claim::Value(_) => Shape::of(json),
            Claim::Text(text) => return vec![("pattern", crate::tree::text(pattern::of_text(text)))],
            Claim::Object(_) | Claim::Array(_) => None,
        };
        let format = match shape {
            Some(Shape::Guid) => "uuid",
            Some(Shape::DateTime) => "date-time",
            Some(Shape::Date) => "date",
            Some(Shape::Duration) => "duration",
            _ => return Vec::new(),
        };
        let pattern = shape.map(|shape| pattern::whole(pattern::of_shape(shape))).unwrap_or_default();
        vec![("format", text(format)), ("pattern", text(pattern))]
    }
}

/// The members of an enumeration, if the value that is shown is one of them. Where several may stand with commas between them, no list says it.
fn enumeration(property: Option<&Property>, json: &Json) -> Option<(&'static str, Json)> {
    let property = property.filter(|property| !property.flags && !property.values.is_empty())?;
    let shown = json.as_str()?;
    property.values.iter().any(|value| value == shown).then(|| {
        let null = (property.nullable != Some(false) && !property.collection).then_some(Json::Null);
        ("enum", Json::Array(property.values.iter().map(text).chain(null).collect()))
    })
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}
