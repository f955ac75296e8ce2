//! Two declared types of one property or parameter.

use crate::Kind;
use graph_contracts::edm::Primitive;

/// Who sees the values of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) is_sent: bool,
    pub(crate) is_received: bool,
}

/// A declared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeclaredType {
    pub(crate) fact: TypeFact,
    pub(crate) is_collection: bool,
}

/// What is known of a declared type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeFact {
    /// The side does not state it.
    Unknown,
    /// A primitive type.
    Primitive(Primitive),
    /// An enumeration, and whether it is closed, if that is known: whether it has no values but those that are listed, and is not to grow.
    Enumeration(Option<bool>),
    /// Any other.
    Other,
}

impl TypeFact {
    /// What a qualified name of a primitive type, or of any other type, says.
    pub(crate) fn of_name(name: &str) -> TypeFact {
        name.strip_prefix("Edm.").and_then(Primitive::read).map_or(TypeFact::Other, TypeFact::Primitive)
    }
}

/// What it means that a declared type is another one than before, by who sees its values. A string and an enumeration are one in JSON
/// (OData JSON Format 4.01 section 7.1): who receives it reads what was read before, and who sends another value is refused if the
/// enumeration is closed. Numbers that all are values of the other type may be received as before, or sent as before.
pub(crate) fn retyped(old: DeclaredType, new: DeclaredType, used: Use) -> Kind {
    use TypeFact::{Enumeration, Primitive as Of, Unknown};
    if Unknown == old.fact || Unknown == new.fact {
        return Kind::PropertyTyped;
    }
    if old.is_collection != new.is_collection {
        return Kind::PropertyRetyped;
    }
    match (old.fact, new.fact) {
        (Of(Primitive::String), Enumeration(closed)) => match used.is_sent && closed == Some(true) {
            true => Kind::RequestPropertyEnumerated,
            false => Kind::PropertyEnumerated,
        },
        (Enumeration(closed), Of(Primitive::String)) => match used.is_received && closed == Some(true) {
            true => Kind::ResponsePropertyNotEnumerated,
            false => Kind::PropertyNotEnumerated,
        },
        // A type definition in place of its primitive type.
        (Of(old), Of(new)) if old == new => Kind::PropertyDefined,
        (Of(old), Of(new)) if !used.is_received && is_within(old, new) => Kind::PropertyWidened,
        (Of(old), Of(new)) if !used.is_sent && is_within(new, old) => Kind::ResponsePropertyNarrowed,
        _ => Kind::PropertyRetyped,
    }
}

/// Whether all numbers of a type are numbers of another, written in the same way (OData CSDL 4.01 section 3.3).
fn is_within(inner: Primitive, outer: Primitive) -> bool {
    let range = |primitive| match primitive {
        Primitive::SByte => Some((-7, 7)),
        Primitive::Byte => Some((0, 8)),
        Primitive::Int16 => Some((-15, 15)),
        Primitive::Int32 => Some((-31, 31)),
        Primitive::Int64 => Some((-63, 63)),
        _ => None,
    };
    match (inner, outer) {
        (Primitive::Single, Primitive::Double) => true,
        (_, Primitive::Decimal) => range(inner).is_some(),
        // Integers of 53 bits are numbers of IEEE 754.
        (_, Primitive::Double) => range(inner).is_some_and(|(_, most)| most < 53),
        _ => range(inner).zip(range(outer)).is_some_and(|((least, most), (low, high))| low <= least && most <= high),
    }
}
