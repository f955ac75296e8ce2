//! The values of a documented body by place, whatever the element: what two examples of one body have in common.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::declared::{DeclaredBody, any_element};
use graph_contracts::contract::{Body, Contract, Primitive, Property, Type};
use graph_contracts::json::{Cursor, Json, Kind, Path, walk};
use graph_contracts::normal::{Level, Node, NormalBody, NormalizationPlan, VolatileRules};

/// The values of a body.
#[derive(Debug, Default)]
pub(super) struct Values<'c>(pub(super) BTreeMap<Path, Value<'c>>);

/// The values at one place of a body: of a member, or of that member in every element of an array.
#[derive(Debug)]
pub(super) struct Value<'c> {
    /// The kinds of JSON values there.
    pub(super) kinds: Kinds,
    /// Where the first of them is.
    pub(super) first: Path,
    /// The first of them.
    pub(super) json: &'c Json,
    /// What is declared of them, and by which type.
    pub(super) declared: Option<(&'c str, &'c Property)>,
    /// The scalars among them that are not volatile, as JSON text.
    pub(super) scalars: Vec<String>,
}

/// A set of kinds of JSON values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

const NULL: u8 = 1;

impl Kinds {
    fn of(kind: Kind) -> Kinds {
        Kinds(match kind {
            Kind::Null => NULL,
            Kind::Boolean => 2,
            Kind::Number => 4,
            Kind::String => 8,
            Kind::Array => 16,
            Kind::Object => 32,
        })
    }

    /// What a value may be that stands for one of that type.
    fn of_placeholder(type_name: &str) -> Kinds {
        match Primitive::read(type_name) {
            Some(Primitive::Boolean) => Kinds::of(Kind::Boolean),
            Some(Primitive::Byte | Primitive::Int16 | Primitive::Int32 | Primitive::Single | Primitive::Double) => {
                Kinds::of(Kind::Number)
            }
            // Large numbers may be strings (OData JSON Format 4.01 section 3.2), and other types are not known.
            Some(Primitive::Int64 | Primitive::Decimal) | None => Kinds(0),
            Some(_) => Kinds::of(Kind::String),
        }
    }

    pub(super) fn has(self, kind: Kind) -> bool {
        self.0 & Kinds::of(kind).0 != 0
    }

    /// Those that are not null.
    pub(super) fn values(self) -> Kinds {
        Kinds(self.0 & !NULL)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether these are among others.
    pub(super) fn are_among(self, others: Kinds) -> bool {
        self.0 & !others.0 == 0
    }

    fn add(&mut self, other: Kinds) {
        self.0 |= other.0;
    }
}

impl<'c> Values<'c> {
    /// The values of a body.
    pub(super) fn of(body: DeclaredBody<'c>, volatile: &Volatile) -> Values<'c> {
        let owners = owners(body.typed.types);
        let placeholders: HashMap<&Path, &str> =
            body.placeholders.iter().map(|own| (&own.path, own.type_name.as_str())).collect();
        let mut values: BTreeMap<Path, Value<'c>> = BTreeMap::new();
        body.typed.visit(|json, cursor, declared| {
            let path = cursor.path();
            let placeholder = placeholders.get(&path).copied();
            let kinds = placeholder.map_or(Kinds::of(json.kind()), Kinds::of_placeholder);
            let is_element = matches!(cursor, Cursor::Element(..));
            let property = declared.property.filter(|_| !is_element);
            let owned = property.and_then(|own| Some((*owners.get(&std::ptr::from_ref(own))?, own)));
            let value = values.entry(any_element(&path)).or_insert_with(|| Value {
                kinds: Kinds::default(),
                first: path,
                json,
                declared: owned,
                scalars: Vec::new(),
            });
            value.kinds.add(kinds);
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

    pub(super) fn get(&self, path: &Path) -> Option<&Value<'c>> {
        self.0.get(path)
    }
}

/// Which type declares a property, by the property's address: a body refers to the declarations of its own contract.
fn owners(types: &BTreeMap<String, Type>) -> HashMap<*const Property, &str> {
    let mut owners = HashMap::new();
    for (name, own) in types {
        owners.extend(own.properties.iter().map(|property| (std::ptr::from_ref(property), name.as_str())));
    }
    owners
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
