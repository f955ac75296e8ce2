//! Further values of enumerations.

use crate::Kind;

pub(crate) use graph_contracts::service::SENTINEL;

/// What a further value of an enumeration is to those who receive it.
pub(crate) fn added_value(value: &str, is_evolvable: bool) -> Kind {
    match is_evolvable {
        _ if value == SENTINEL => Kind::EnumEvolvable,
        true => Kind::EvolvableEnumValueAdded,
        false => Kind::EnumValueAdded,
    }
}
