//! The values of a body by place, whatever the element: what two examples of one body have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Expected;
use crate::declared::{DeclaredBody, any_element, names_annotation};
use graph_contracts::contract::{Body, Contract, Property, UNTYPED};
use graph_contracts::edm::Primitive;
use graph_contracts::json::{Cursor, Json, Kind, Path, walk};
use graph_contracts::normal::{Level, Node, NormalBody, NormalForm, NormalizationPlan, VolatileRules};

/// The values of a body.
#[derive(Debug, Default)]
pub(crate) struct Values<'c>(pub(crate) BTreeMap<Path, Value<'c>>);

/// The values at one place of a body: of a member, or of that member in every element of an array.
#[derive(Debug)]
pub(crate) struct Value<'c> {
    /// The kinds of JSON values there, as far as they are known.
    pub(crate) kinds: BTreeSet<Kind>,
    /// Where the first of them is.
    pub(crate) first: Path,
    /// The first of them.
    pub(crate) json: &'c Json,
    /// What is declared of them, and by which type.
    pub(crate) declared: Option<(&'c str, &'c Property)>,
    /// The property that they, or the collections around them, are values of.
    pub(crate) property: Option<&'c Property>,
    /// Whether they are elements of a collection.
    pub(crate) is_element: bool,
    /// Whether they are values of an annotation.
    pub(crate) is_annotation: bool,
    /// What their declared type says of them.
    pub(crate) expected: Expected<'c>,
    /// Those among them that are values, and not only names of types.
    pub(crate) samples: Vec<&'c Json>,
    /// The scalars among them that are not volatile, as JSON text.
    pub(crate) scalars: Vec<String>,
}

impl<'c> Value<'c> {
    /// Their property, if its type is stated.
    pub(crate) fn stated(&self) -> Option<&'c Property> {
        self.property.filter(|property| !property.from_example && property.type_name != UNTYPED)
    }

    /// Their kinds but for null.
    pub(crate) fn kinds_of_values(&self) -> BTreeSet<Kind> {
        self.kinds.iter().copied().filter(|kind| *kind != Kind::Null).collect()
    }
}

/// What a value is that stands for one of that type.
fn kind_of_placeholder(type_name: &str) -> Option<Kind> {
    match Primitive::read(type_name)? {
        Primitive::Boolean => Some(Kind::Boolean),
        Primitive::Byte
        | Primitive::SByte
        | Primitive::Int16
        | Primitive::Int32
        | Primitive::Single
        | Primitive::Double => Some(Kind::Number),
        // Large numbers may be strings (OData JSON Format 4.01 section 3.2), and other types are not known.
        Primitive::Int64 | Primitive::Decimal => None,
        geo if geo.is_geo() => Some(Kind::Object),
        _ => Some(Kind::String),
    }
}

impl<'c> Values<'c> {
    /// The values of a body.
    pub(crate) fn of(body: DeclaredBody<'c>, volatile: &Volatile<'_>) -> Values<'c> {
        let placeholders: HashMap<&Path, &str> =
            body.placeholders.iter().map(|own| (&own.path, own.type_name.as_str())).collect();
        let mut values: BTreeMap<Path, Value<'c>> = BTreeMap::new();
        body.typed.visit(|json, cursor, declared| {
            let path = cursor.path();
            let placeholder = placeholders.get(&path).copied();
            let kind = placeholder.map_or(Some(json.kind()), kind_of_placeholder);
            let is_element = matches!(cursor, Cursor::Element(..));
            let owned = declared.owner.zip(declared.property).filter(|_| !is_element);
            let expected = |property: Option<&'c Property>| {
                property.map_or(Expected::Unknown, |property| Expected::of(property, is_element, body.typed.types))
            };
            let value = values.entry(any_element(&path)).or_insert_with(|| Value {
                kinds: BTreeSet::new(),
                is_annotation: names_annotation(&path),
                first: path,
                json,
                declared: None,
                property: None,
                is_element,
                expected: Expected::Unknown,
                samples: Vec::new(),
                scalars: Vec::new(),
            });
            value.kinds.extend(kind);
            value.declared = value.declared.or(owned);
            if value.property.is_none() {
                (value.property, value.expected) = (declared.property, expected(declared.property));
            }
            if placeholder.is_none() && *json != Json::Null {
                value.samples.push(json);
            }
            let is_scalar = !matches!(json, Json::Null | Json::Array(_) | Json::Object(_));
            if is_scalar && placeholder.is_none() && !volatile.has(json) {
                value.scalars.push(json.to_string());
            }
        });
        for value in values.values_mut() {
            value.scalars.sort_unstable();
        }
        Values(values)
    }
}

/// What is volatile in a documented response.
#[derive(Debug, Default)]
pub(crate) struct Volatile<'f> {
    /// The values of the body, by address. What is sent is as documented.
    values: HashSet<*const Json>,
    /// The names of header fields, in lower case.
    headers: HashSet<String>,
    /// The form in which they are masked, if it is one of a snapshot.
    form: Option<&'f NormalForm>,
}

impl<'f> Volatile<'f> {
    /// What the rules of a contract's set mask in its documented response.
    pub(crate) fn of(contract: &Contract, rules: &VolatileRules) -> Volatile<'f> {
        match NormalizationPlan::new(contract, rules, Level::Exact) {
            Ok(normalization) => Volatile::masked_in(contract, normalization.documented()),
            Err(_) => Volatile::default(),
        }
    }

    /// What is masked in the form of a snapshot, of which the contract was restored.
    pub(crate) fn of_form(contract: &Contract, form: &'f NormalForm) -> Volatile<'f> {
        Volatile { form: Some(form), ..Volatile::masked_in(contract, form) }
    }

    /// The form of a snapshot in which they are masked.
    pub(crate) fn form(&self) -> Option<&'f NormalForm> {
        self.form
    }

    fn masked_in(contract: &Contract, form: &NormalForm) -> Volatile<'f> {
        let mut found = Volatile::default();
        let json = contract.response.body.as_ref().and_then(Body::as_json);
        if let (Some(json), NormalBody::Json(node)) = (json, &form.body) {
            walk(json, node, &mut |_, json, node| {
                let is_volatile = match node {
                    Some(Node::Mask(_)) => true,
                    // A text in which an identifier stands that is volatile elsewhere.
                    Some(Node::String(text)) => text.as_literal().is_none(),
                    _ => false,
                };
                found.values.extend(json.filter(|_| is_volatile).map(std::ptr::from_ref));
                true
            });
        }
        let masked = form.headers.iter().filter(|header| header.value.as_literal().is_none());
        found.headers.extend(masked.map(|header| header.name.clone()));
        found
    }

    /// Whether a value of the body is volatile.
    fn has(&self, json: &Json) -> bool {
        self.values.contains(&std::ptr::from_ref(json))
    }

    /// Whether a header field is volatile, by its name in lower case.
    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.contains(name)
    }
}
