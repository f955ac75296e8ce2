//! Values of enumerations that come, go, or are written otherwise.

use super::Use;
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

/// What a further value of an enumeration means, by who sees it.
pub(crate) fn further_value(value: &str, is_evolvable: bool, used: Use) -> Kind {
    match added_value(value, is_evolvable) {
        Kind::EnumEvolvable => Kind::EnumEvolvable,
        kind if used.is_received => kind,
        _ => Kind::RequestEnumValueAdded,
    }
}

/// What it means that an enumeration has a value no longer.
pub(crate) fn removed_value(used: Use) -> Kind {
    if used.is_sent { Kind::EnumValueRemoved } else { Kind::ResponseEnumValueRemoved }
}

/// What it means that a property is written in another case: services write names as they declare them, and Microsoft Graph reads them in any
/// case.
pub(crate) fn recased_property(used: Use) -> Kind {
    if used.is_received { Kind::PropertyCase } else { Kind::NameCase }
}

/// The same of a value of an enumeration.
pub(crate) fn recased_value(used: Use) -> Kind {
    if used.is_received { Kind::EnumValueCase } else { Kind::NameCase }
}
