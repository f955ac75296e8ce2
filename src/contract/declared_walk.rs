//! The values of a body with what the page and the service declare of each.

use super::{Declaration, Typed};
use crate::json::{Cursor, Json};
use crate::service::{ServiceRules, ServiceValue, TypeReference};

/// A value on the way to one within it.
struct Level<'w> {
    /// The type that it says it is of.
    own: Option<&'w str>,
    service: ServiceValue<'w>,
}

/// Visits every value of a body with its path, with what the page declares of it, and with what the service does, parents first. `type_ref`
/// is the type that the service declares of the whole body, where it is known.
pub fn visit_declared<'w>(
    typed: &Typed<'w>,
    service: Option<(&'w ServiceRules, Option<&'w TypeReference>)>,
    mut visitor: impl FnMut(&'w Json, &Cursor<'_>, Declaration<'w>, ServiceValue<'w>),
) {
    let mut levels: Vec<Level<'w>> = Vec::new();
    let service_rules = service.map(|(rules, _)| rules);
    let whole = match service {
        Some((rules, Some(type_ref))) => rules.value_of_type(type_ref),
        _ => ServiceValue::Unknown,
    };
    // A collection, and a value without members, stands in the member `value` (OData JSON Format 4.01 sections 11 to 13).
    let is_wrapped = match service {
        Some((rules, Some(own))) => own.collection || !rules.is_structured(&own.name),
        _ => false,
    };
    typed.visit(|value, cursor, declared| {
        levels.truncate(cursor.depth());
        let service = match (levels.last(), cursor) {
            (None, _) if is_wrapped => ServiceValue::Unknown,
            (None, _) => whole,
            (Some(_), Cursor::Member(Cursor::Root, "value")) if is_wrapped => whole,
            (Some(parent), Cursor::Member(_, name)) => service
                .map_or(ServiceValue::Unknown, |(rules, _)| rules.member_within(parent.own, parent.service, name)),
            (Some(parent), _) => parent.service.element(),
        };
        visitor(value, cursor, declared, service);
        // Looked up once, and not for each member.
        let own = service_rules.filter(|_| matches!(value, Json::Object(_))).and_then(|rules| rules.own_type(value));
        levels.push(Level { own: own.map(|(own, _)| own), service });
    });
}
