//! The values of a documented body by place, whatever the element: what two examples of one body have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::declared::{DeclaredBody, any_element};
use graph_contracts::contract::{Body, Contract, Property};
use graph_contracts::edm::Primitive;
use graph_contracts::json::{Cursor, Json, Kind, Path, walk};
use graph_contracts::normal::{Level, Node, NormalBody, NormalizationPlan, VolatileRules};

/// The values of a body.
#[derive(Debug, Default)]
pub(super) struct Values<'c>(pub(super) BTreeMap<Path, Value<'c>>);

/// The values at one place of a body: of a member, or of that member in every element of an array.
#[derive(Debug)]
pub(super) struct Value<'c> {
    /// The kinds of JSON values there, as far as they are known.
    pub(super) kinds: BTreeSet<Kind>,
    /// Where the first of them is.
    pub(super) first: Path,
    /// The first of them.
    pub(super) json: &'c Json,
    /// What is declared of them, and by which type.
    pub(super) declared: Option<(&'c str, &'c Property)>,
    /// The scalars among them that are not volatile, as JSON text.
    pub(super) scalars: Vec<String>,
}

impl Value<'_> {
    /// Their kinds but for null.
    pub(super) fn kinds_of_values(&self) -> BTreeSet<Kind> {
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
    pub(super) fn of(body: DeclaredBody<'c>, volatile: &Volatile) -> Values<'c> {
        let placeholders: HashMap<&Path, &str> =
            body.placeholders.iter().map(|own| (&own.path, own.type_name.as_str())).collect();
        let mut values: BTreeMap<Path, Value<'c>> = BTreeMap::new();
        body.typed.visit(|json, cursor, declared| {
            let path = cursor.path();
            let placeholder = placeholders.get(&path).copied();
            let kind = placeholder.map_or(Some(json.kind()), kind_of_placeholder);
            let is_element = matches!(cursor, Cursor::Element(..));
            let owned = declared.owner.zip(declared.property).filter(|_| !is_element);
            let value = values.entry(any_element(&path)).or_insert_with(|| Value {
                kinds: BTreeSet::new(),
                first: path,
                json,
                declared: owned,
                scalars: Vec::new(),
            });
            value.kinds.extend(kind);
            value.declared = value.declared.or(owned);
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
pub(super) struct Volatile {
    /// The values of the body, by address.
    values: HashSet<*const Json>,
    /// The names of header fields, in lower case.
    headers: HashSet<String>,
}

impl Volatile {
    /// What the rules of a contract's set mask in its documented response.
    pub(super) fn of(contract: &Contract, rules: &VolatileRules) -> Volatile {
        let mut found = Volatile::default();
        let Ok(normalization) = NormalizationPlan::new(contract, rules, Level::Exact) else { return found };
        let documented = normalization.documented();
        let json = contract.response.body.as_ref().and_then(Body::as_json);
        if let (Some(json), NormalBody::Json(node)) = (json, &documented.body) {
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
        let masked = documented.headers.iter().filter(|header| header.value.as_literal().is_none());
        found.headers.extend(masked.map(|header| header.name.clone()));
        found
    }

    /// Whether a value of the body is volatile.
    fn has(&self, json: &Json) -> bool {
        self.values.contains(&std::ptr::from_ref(json))
    }

    /// Whether a header field is volatile, by its name in lower case.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.headers.contains(name)
    }
}
