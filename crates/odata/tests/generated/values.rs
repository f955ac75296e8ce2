//! Values of declared types, and values that are wrong in one place.

use fastrand::Rng;
use graph_contracts::diagnostic::Code;
use graph_contracts::json::Path;
use serde_json::{Map, Value, json};

use crate::model::{Kind, Model, Property, Type, TypeRef};

/// How deep objects stand within each other at most.
const DEEPEST: usize = 3;

/// A defect of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Defect {
    /// A member that is not declared.
    Member,
    /// A value of another primitive type.
    Primitive,
    /// A name that is not a member of the enumeration.
    EnumMember,
    /// A null where there has to be a value.
    Null,
    /// A single value for a collection, or the reverse.
    Collection,
    /// A type that is not declared.
    TypeName,
    /// A type that does not derive from the declared one.
    Derived,
}

impl Defect {
    /// Every one.
    pub(crate) const ALL: [Defect; 7] = [
        Defect::Member,
        Defect::Primitive,
        Defect::EnumMember,
        Defect::Null,
        Defect::Collection,
        Defect::TypeName,
        Defect::Derived,
    ];
}

/// Makes values; with one defect, at the first place that fits after some others.
pub(crate) struct Values<'m> {
    pub(crate) model: &'m Model,
    pub(crate) rng: Rng,
    defect: Option<(Defect, usize)>,
    /// The body that is made.
    pub(crate) body: &'static str,
    /// The code and place of the finding that the defect has to cause.
    pub(crate) planted: Option<(Code, String)>,
}

impl<'m> Values<'m> {
    pub(crate) fn new(model: &'m Model, seed: u64) -> Values<'m> {
        Values { model, rng: Rng::with_seed(seed), defect: None, body: "", planted: None }
    }

    /// The same with a defect.
    pub(crate) fn with(self, defect: Defect) -> Values<'m> {
        let mut values = self;
        let skipped = values.rng.usize(0..4);
        Values { defect: Some((defect, skipped)), ..values }
    }

    /// Whether the defect is planted here, with what is found then.
    fn plants(&mut self, defect: Defect, at: &Path, code: Code) -> bool {
        match &mut self.defect {
            Some((own, skipped)) if *own == defect => {
                if *skipped > 0 {
                    *skipped -= 1;
                    return false;
                }
                self.defect = None;
                self.planted = Some((code, format!("{at} of the {} body", self.body)));
                true
            }
            _ => false,
        }
    }

    /// A value of a type; `None` if none can be written.
    fn value(&mut self, of: &TypeRef, at: &Path, depth: usize) -> Option<Value> {
        let single = TypeRef { is_collection: false, ..of.clone() };
        if !of.is_collection {
            return self.single(&single.name, at, depth);
        }
        let number = if self.rng.bool() { 1 } else { 2 };
        let values: Option<Vec<Value>> =
            (0..number).map(|index| self.single(&single.name, &at.element(index), depth)).collect();
        values.map(Value::Array)
    }

    fn single(&mut self, name: &str, at: &Path, depth: usize) -> Option<Value> {
        let name = self.model.resolved(name);
        if let Some(primitive) = name.strip_prefix("Edm.") {
            let value = self.primitive(primitive)?;
            let wrong = wrong(primitive);
            return match wrong {
                Some(wrong) if self.plants(Defect::Primitive, at, Code::ValueNotOfMetadataType) => Some(wrong),
                _ => Some(value),
            };
        }
        let own = self.model.get(name)?;
        match own.kind {
            Kind::Enum if own.members.is_empty() => None,
            Kind::Enum if self.plants(Defect::EnumMember, at, Code::EnumValueNotInMetadata) => {
                Some(json!("noSuchMember"))
            }
            Kind::Enum => {
                let first = self.rng.choice(&own.members)?;
                let second = self.rng.choice(&own.members)?;
                Some(json!(if own.is_flags && first != second { format!("{first},{second}") } else { first.clone() }))
            }
            // Nothing is known of its values, as of parameters that are any JSON.
            Kind::Complex if self.model.is_opaque(name) => Some(json!({})),
            Kind::Entity | Kind::Complex => self.object(name, at, depth, true).map(Value::Object),
            Kind::Definition => None,
        }
    }

    /// An object of a type, or of one that derives from it; with all members, or with some.
    pub(crate) fn object(&mut self, name: &str, at: &Path, depth: usize, is_whole: bool) -> Option<Map<String, Value>> {
        if depth > DEEPEST || !self.model.lineage(name).1 {
            return None;
        }
        let mut candidates = self.model.concrete(name);
        // A type with a base that no document declares has members that are not known.
        candidates.retain(|candidate| self.model.lineage(candidate).1);
        let chosen =
            if candidates.contains(&name) && self.rng.u8(0..4) > 0 { name } else { self.rng.choice(candidates)? };
        let mut object = Map::new();
        let type_at = at.member("@odata.type");
        if self.plants(Defect::TypeName, &type_at, Code::TypeNotInMetadata) {
            object.insert("@odata.type".into(), json!(format!("#{name}NoSuch")));
            return Some(object);
        }
        let kind = self.model.get(name)?.kind;
        if matches!(self.defect, Some((Defect::Derived, _)))
            && let Some(stranger) = self.stranger(name, kind)
            && self.plants(Defect::Derived, &type_at, Code::TypeNotDerived)
        {
            object.insert("@odata.type".into(), json!(format!("#{stranger}")));
            return Some(object);
        }
        if chosen != name {
            object.insert("@odata.type".into(), json!(format!("#{chosen}")));
        }
        let properties: Vec<Property> = self.model.properties(chosen).into_iter().cloned().collect();
        for property in &properties {
            if property.is_navigation || (!is_whole && self.rng.bool()) {
                continue;
            }
            if let Some(value) = self.member(property, &at.member(&property.name), depth) {
                object.insert(property.name.clone(), value);
            }
        }
        if !self.model.is_open(chosen) {
            let extra = at.member("qqNoSuchMember");
            if self.plants(Defect::Member, &extra, Code::MemberNotInMetadata) {
                object.insert("qqNoSuchMember".into(), json!(1));
            }
        }
        Some(object)
    }

    /// A type that neither derives from the one of this name nor is one of its bases.
    fn stranger(&self, name: &str, kind: Kind) -> Option<&'m str> {
        let related = self.model.concrete(name);
        let is_stranger = |own: &Type| own.kind == kind && !own.is_abstract;
        let mut names = self.model.names().filter(|(_, own)| is_stranger(own)).map(|(other, _)| other);
        names.find(|other| !related.contains(other) && !self.inherits(name, other))
    }

    fn inherits(&self, name: &str, base: &str) -> bool {
        self.model.lineage(name).0.iter().any(|(own, _)| *own == base)
    }

    fn member(&mut self, property: &Property, at: &Path, depth: usize) -> Option<Value> {
        let Property { of, is_nullable, .. } = property;
        let is_known = of.name.starts_with("Edm.") || self.model.get(&of.name).is_some();
        if !is_known || self.model.resolved(&of.name) == "Edm.Untyped" {
            return None;
        }
        if self.model.is_opaque(&of.name) {
            let value = json!({});
            return Some(if of.is_collection { json!([value]) } else { value });
        }
        if !of.is_collection && !is_nullable && self.plants(Defect::Null, at, Code::NullNotAllowed) {
            return Some(Value::Null);
        }
        if !of.is_collection && *is_nullable && self.rng.u8(0..10) == 0 {
            return Some(Value::Null);
        }
        let value = self.whole(of, at, depth + 1)?;
        if self.plants(Defect::Collection, at, Code::ValueNotOfMetadataType) {
            return Some(match value {
                Value::Array(mut values) => values.pop()?,
                value => Value::Array(vec![value]),
            });
        }
        Some(value)
    }

    /// A value of a type; what could not be finished has no defect either.
    pub(crate) fn whole(&mut self, of: &TypeRef, at: &Path, depth: usize) -> Option<Value> {
        let before = (self.defect, self.planted.clone());
        let value = self.value(of, at, depth);
        if value.is_none() {
            (self.defect, self.planted) = before;
        }
        value
    }

    fn primitive(&mut self, name: &str) -> Option<Value> {
        let rng = &mut self.rng;
        Some(match name {
            "String" => json!(format!("text {}", rng.u16(..))),
            "Boolean" => json!(rng.bool()),
            "Byte" => json!(rng.u8(..)),
            "SByte" => json!(rng.i8(..)),
            "Int16" => json!(rng.i16(..)),
            "Int32" => json!(rng.i32(..)),
            "Int64" => json!(rng.i64(-9_000_000_000..9_000_000_000)),
            "Double" | "Single" => rng.choice([json!(1.5), json!(3), json!(-2.25e3), json!("INF"), json!("NaN")])?,
            "Decimal" => rng.choice([json!(12.75), json!(3), json!(-1)])?,
            "Date" => json!(format!("20{:02}-{:02}-{:02}", rng.u8(10..40), rng.u8(1..13), rng.u8(1..29))),
            "TimeOfDay" => rng.choice([json!("07:59:59.999"), json!("23:00:00"), json!("00:00")])?,
            "DateTimeOffset" => rng.choice([
                json!("2024-02-29T12:00:00Z"),
                json!("2031-01-01T00:00:00.0000001+05:30"),
                json!("-0044-03-15T12:00Z"),
            ])?,
            "Duration" => rng.choice([json!("PT5M"), json!("-P1DT2H3M4.5S"), json!("P3D"), json!("PT0S")])?,
            "Guid" => json!(format!("{:08x}-aaaa-4bbb-8ccc-{:012x}", rng.u32(..), rng.u32(..))),
            "Binary" => rng.choice([json!("SGVsbG8"), json!("_-8="), json!("")])?,
            "GeographyPoint" | "GeometryPoint" => json!({ "type": "Point", "coordinates": [1.5, 2] }),
            _ => return None,
        })
    }
}

/// A value that is not of a primitive type.
fn wrong(primitive: &str) -> Option<Value> {
    Some(match primitive {
        "String" => json!(17),
        "Boolean" => json!("yes"),
        "Byte" => json!(256),
        "SByte" => json!(-129),
        "Int16" => json!(40_000),
        "Int32" => json!(3_000_000_000_u64),
        "Int64" => json!(1.5),
        "Double" | "Single" | "Decimal" => json!("much"),
        "Date" => json!("2026-02-30"),
        "TimeOfDay" => json!("24:00:00"),
        "DateTimeOffset" => json!("2026-01-01T12:00:00"),
        "Duration" => json!("P1M"),
        "Guid" => json!("8c3a-77"),
        "Binary" => json!(17),
        "GeographyPoint" | "GeometryPoint" => json!("1.5 2"),
        _ => return None,
    })
}
