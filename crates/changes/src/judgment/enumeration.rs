//! Further values of enumerations.

use crate::Kind;

pub(crate) use graph_contracts::service::SENTINEL;

/// Whether clients are told to expect further values.
pub(crate) fn is_evolvable(values: &[String]) -> bool {
    values.iter().any(|value| value == SENTINEL)
}

/// What a further value of an enumeration is to those who receive it.
pub(crate) fn added_value(value: &str, is_evolvable: bool) -> Kind {
    match is_evolvable {
        _ if value == SENTINEL => Kind::EnumEvolvable,
        true => Kind::EvolvableEnumValueAdded,
        false => Kind::EnumValueAdded,
    }
}
