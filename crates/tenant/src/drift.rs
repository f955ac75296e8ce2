//! Named deviations from the documentation, at most one for each contract, so that a report of drift can be seen without a
//! service that drifts.

use super::answer::{Answer, Content};
use super::documented::{Documented, Envelope, envelope};
use graph_contracts::contract::{Body, Contract, Property};
use graph_contracts::edm::Primitive;
use graph_contracts::json::{Json, Kind, Member, Number};
use graph_contracts::normal::Shape;
use graph_contracts::url::Target;

/// A deviation that is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Its name, such as `type-changed`.
    pub name: &'static str,
    /// The contracts whose answers have it.
    pub contracts: Vec<String>,
}

/// The kinds of deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// An enumeration has a value that is not documented.
    EnumAdded,
    /// A number or boolean comes as a string.
    TypeChanged,
    /// The status is 200 instead of 201, 202 or 204.
    StatusChanged,
    /// A string that was sent comes back in upper case.
    EchoChanged,
    /// A member that the request sent, or that the page says is not nullable, is null.
    NullInsteadOfValue,
    /// A documented member that the request does not send is left out.
    MemberMissing,
    /// There is a member that is not documented.
    MemberAdded,
    /// The body is what should stand in its member `value`.
    CollectionUnwrapped,
}

/// In the order in which the contracts get them, with their names.
const WAYS: [(Way, &str); 8] = [
    (Way::EnumAdded, "enum-added"),
    (Way::TypeChanged, "type-changed"),
    (Way::StatusChanged, "status-changed"),
    (Way::EchoChanged, "echo-changed"),
    (Way::NullInsteadOfValue, "null-instead-of-value"),
    (Way::MemberMissing, "member-missing"),
    (Way::MemberAdded, "member-added"),
    (Way::CollectionUnwrapped, "collection-unwrapped"),
];

/// A value that no enumeration has.
const UNKNOWN: &str = "simulatedUnknownValue";

/// What deviates in the answers of each contract: the way, and the member, which is empty where it is not a member.
#[derive(Debug, Default)]
pub(super) struct Plan(Vec<Option<(Way, String)>>);

impl Plan {
    /// Gives each contract the next way that applies to it.
    pub(super) fn new(contracts: &[Contract]) -> Plan {
        let is_asked = |contract: &&Contract| contract.alternative_of.is_none() && contract.response.status < 400;
        let mut turn = 0;
        let mut deviation = |contract: &Contract| {
            let mut ways = (0..WAYS.len()).map(|step| (turn + step) % WAYS.len());
            let (index, deviation) =
                ways.find_map(|index| Some((index, (WAYS[index].0, member_for(WAYS[index].0, contract)?))))?;
            turn = index + 1;
            Some(deviation)
        };
        Plan(contracts.iter().map(|one| Some(one).filter(is_asked).and_then(&mut deviation)).collect())
    }

    /// The deviations that are on.
    pub(super) fn drifts(&self, contracts: &[Contract]) -> Vec<Drift> {
        let all = WAYS.iter().map(|(way, name)| {
            let deviating = self.0.iter().zip(contracts);
            let deviating = deviating.filter(|(own, _)| own.as_ref().is_some_and(|(own, _)| own == way));
            Drift { name, contracts: deviating.map(|(_, contract)| contract.id.clone()).collect() }
        });
        all.filter(|drift| !drift.contracts.is_empty()).collect()
    }

    /// Makes the answer to a contract's request deviate.
    pub(super) fn apply(&self, index: usize, contract: &Contract, answer: &mut Answer) {
        let Some((way, member)) = self.0.get(index).and_then(Option::as_ref) else { return };
        let way = *way;
        if way == Way::StatusChanged {
            answer.status = 200;
            return;
        }
        let Content::Json(body) = &mut answer.content else { return };
        let envelope = envelope(contract);
        if way == Way::CollectionUnwrapped {
            let Json::Object(members) = body else { return };
            if let Some(value) = members.iter_mut().find(|member| member.name == "value") {
                *body = std::mem::replace(&mut value.value, Json::Null);
            }
            return;
        }
        match (envelope, body) {
            (Envelope::None, body) => deviate(way, member, body),
            (_, Json::Object(members)) => {
                match members.iter_mut().find(|own| own.name == "value").map(|own| &mut own.value) {
                    Some(Json::Array(items)) => items.iter_mut().for_each(|item| deviate(way, member, item)),
                    Some(value) => deviate(way, member, value),
                    None => {}
                }
            }
            _ => {}
        }
    }
}

/// Makes a resource deviate.
fn deviate(way: Way, name: &str, resource: &mut Json) {
    let Json::Object(members) = resource else { return };
    if way == Way::MemberAdded {
        members.push(Member { name: name.to_owned(), value: Json::Bool(true) });
        return;
    }
    let Some(index) = members.iter().position(|member| member.name == name) else { return };
    let value = &mut members[index].value;
    match way {
        Way::EnumAdded => *value = Json::String(UNKNOWN.to_owned()),
        Way::TypeChanged => *value = Json::String(value.to_string()),
        Way::EchoChanged => *value = Json::String(value.as_str().unwrap_or_default().to_uppercase()),
        Way::NullInsteadOfValue => *value = Json::Null,
        Way::MemberMissing => drop(members.remove(index)),
        Way::StatusChanged | Way::MemberAdded | Way::CollectionUnwrapped => {}
    }
}

/// The member by which a contract's answers can deviate in that way; `None` if they cannot. The identifier stays as it is, so
/// that what was created can be found and deleted.
fn member_for(way: Way, contract: &Contract) -> Option<String> {
    if way == Way::StatusChanged {
        return matches!(contract.response.status, 201 | 202 | 204).then(String::new);
    }
    let documented = Documented::of(contract)?;
    let Json::Object(members) = documented.resource else { return None };
    let own = documented.declared.type_name.and_then(|name| contract.types.get(name));
    let property = |name: &str| own.and_then(|own| own.properties.iter().find(|property| property.name == name));
    let requested = contract.request.body.as_ref().and_then(Body::as_json);
    let is_sent = |member: &&Member| requested.is_some_and(|requested| requested.get(&member.name).is_some());
    let sends_value = |member: &Member| {
        requested.and_then(|requested| requested.get(&member.name)).is_some_and(|value| *value != Json::Null)
    };
    let is_placeholder = |name: &str| {
        let path = documented.path.member(name);
        contract.response.placeholders.iter().find(|placeholder| placeholder.path == path)
    };
    let is_plain = |member: &&Member| member.name != "id" && !member.name.contains('@');
    let applies = |member: &&Member| {
        let property = property(&member.name);
        let placeholder = is_placeholder(&member.name).map(|placeholder| placeholder.type_name.as_str());
        match way {
            Way::EnumAdded => member.value.kind() == Kind::String && property.is_some_and(|own| !own.values.is_empty()),
            Way::TypeChanged => match placeholder.and_then(Primitive::read) {
                Some(primitive) => {
                    matches!(primitive, Primitive::Boolean | Primitive::SByte | Primitive::Int16 | Primitive::Int32)
                }
                None => is_narrow(&member.value, property),
            },
            Way::EchoChanged => {
                let text = member.value.as_str().unwrap_or_default();
                let is_echo = requested.and_then(|requested| requested.get(&member.name)) == Some(&member.value);
                let is_enumeration = property.is_some_and(|own| !own.values.is_empty());
                is_echo
                    && placeholder.is_none()
                    && !is_enumeration
                    && Shape::of_string(text) == Shape::String
                    && text.to_uppercase() != text
            }
            Way::NullInsteadOfValue => {
                // A null for any other value is what OData allows (OData CSDL 4.01 section 7.2.1).
                let is_declared = property.is_some_and(|own| own.nullable == Some(false) && !own.collection);
                let is_repeated = envelope(contract) == Envelope::None && sends_value(member);
                member.value != Json::Null && (is_declared || is_repeated)
            }
            Way::MemberMissing => {
                !is_sent(member) && member.value != Json::Null && is_selected(&contract.request.url, &member.name)
            }
            Way::StatusChanged | Way::MemberAdded | Way::CollectionUnwrapped => false,
        }
    };
    match way {
        // Where members may be left out of an example, another one is not a deviation.
        Way::MemberAdded => {
            let is_open = contract.response.may_be_truncated || own.is_some_and(|own| own.open);
            (!is_open).then(|| "simulatedMember".to_owned())
        }
        Way::CollectionUnwrapped => (envelope(contract) != Envelope::None).then(String::new),
        // What the service sets comes first, what the client sent is next.
        _ => {
            let applicable: Vec<&Member> = members.iter().filter(is_plain).filter(applies).collect();
            let unsent = applicable.iter().find(|member| !is_sent(member));
            unsent.or(applicable.first()).map(|member| member.name.clone())
        }
    }
}

/// Whether a request asks for a member: it selects nothing, or that too (OData URL Conventions 4.01 section 5.1.4).
fn is_selected(url: &str, name: &str) -> bool {
    let parameters = Target::read(url).query_parameters();
    let is_select = |name: &str| name.trim_start_matches('$').eq_ignore_ascii_case("select");
    let mut paths = parameters.iter().filter(|(name, _)| is_select(name)).flat_map(|(_, value)| value.split(','));
    let selects = |path: &str| {
        let first = path.trim().split('/').next().unwrap_or_default();
        first == "*" || first.eq_ignore_ascii_case(name)
    };
    !parameters.iter().any(|(name, _)| is_select(name)) || paths.any(selects)
}

/// Whether a value would not be right as a string: wide numbers may be (OData JSON Format 4.01 section 3.2).
fn is_narrow(value: &Json, property: Option<&Property>) -> bool {
    let primitive = property.and_then(|property| Primitive::read(&property.type_name));
    match value {
        Json::Bool(_) => true,
        Json::Number(number) => {
            Number::is_integer(number)
                && matches!(
                    primitive,
                    None | Some(Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32)
                )
        }
        _ => false,
    }
}
