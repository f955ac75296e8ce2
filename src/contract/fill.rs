//! Puts values where documentation has the names of types.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::contract::{Body, Contract, Placeholder, UNTYPED, content_type};
use crate::edm::{LargeNumbers, Primitive};
use crate::json::{Json, Number, Step};
use crate::service::{SENTINEL, ServiceKinds, ServiceRules, ServiceValue};

/// The contract as it is sent to a live provider: placeholders of its request are values of their types, and where the documented
/// response repeats such a placeholder, it repeats the value.
///
/// # Errors
///
/// When a placeholder is of a type of which no value can be made.
pub fn fill(contract: &Contract) -> Result<Contract, String> {
    let mut filled = contract.clone();
    let Some(Body::Json(sent)) = &mut filled.request.body else { return Ok(filled) };
    let (members, rules) = (members(contract), contract.service_rules());
    let large_numbers = LargeNumbers::of(content_type(&contract.request.headers));
    let paths: HashSet<&[Step]> = contract.request.placeholders.iter().map(|own| own.path.steps()).collect();
    let mut sent = places(sent, &paths);
    let mut received = match &mut filled.response.body {
        Some(Body::Json(received)) => places(received, &paths),
        _ => HashMap::new(),
    };
    for (index, placeholder) in contract.request.placeholders.iter().enumerate() {
        let declared = rules.as_ref().and_then(|rules| declared(rules, contract, placeholder));
        let value = match declared {
            Some(Declared::Member(member)) => Json::String(member.to_owned()),
            Some(Declared::Primitive(primitive)) => {
                let type_name = primitive.name().to_owned();
                value_of(&Placeholder { type_name, ..placeholder.clone() }, &HashMap::new(), large_numbers, index)?
            }
            None => value_of(placeholder, &members, large_numbers, index)?,
        };
        let steps = placeholder.path.steps();
        let Some(place) = sent.get_mut(steps) else { continue };
        let documented = std::mem::replace(*place, value.clone());
        if let Some(repeated) = received.get_mut(steps).filter(|repeated| ***repeated == documented) {
            **repeated = value;
        }
    }
    filled.request.placeholders.clear();
    let sent: HashSet<String> = contract.request.placeholders.iter().map(|own| own.path.to_string()).collect();
    filled.response.placeholders.retain(|placeholder| !sent.contains(&placeholder.path.to_string()));
    Ok(filled)
}

/// What metadata says of the value that a placeholder stands for.
enum Declared<'r> {
    /// A member of its enumeration.
    Member(&'r str),
    /// Its primitive type.
    Primitive(Primitive),
}

/// What the contract keeps of metadata goes before the page (a page may call an enumeration a string).
fn declared<'r>(rules: &'r ServiceRules, contract: &Contract, placeholder: &Placeholder) -> Option<Declared<'r>> {
    let ServiceValue::Declared(own) = contract.request_value(rules, &placeholder.path) else { return None };
    match own.kinds() {
        _ if own.is_collection() => None,
        ServiceKinds::Primitive(primitive) => Some(Declared::Primitive(primitive)),
        ServiceKinds::Enumeration(own) => {
            own.members.iter().find(|member| *member != SENTINEL).map(|member| Declared::Member(member))
        }
        ServiceKinds::Structured | ServiceKinds::Unknown => None,
    }
}

/// The first member of the enumerations that properties have, by the name and the type of the property.
fn members(contract: &Contract) -> HashMap<(&str, &str), &str> {
    let mut members = HashMap::new();
    for property in contract.types.values().flat_map(|own| &own.properties) {
        if let Some(first) = property.values.first() {
            members.entry((property.name.as_str(), property.type_name.as_str())).or_insert(first.as_str());
        }
    }
    members
}

/// A value of the placeholder's type. A run is told from another by nothing: what is sent is the same every time.
fn value_of(
    placeholder: &Placeholder,
    members: &HashMap<(&str, &str), &str>,
    large_numbers: LargeNumbers,
    index: usize,
) -> Result<Json, String> {
    let name = placeholder.path.last_name().unwrap_or_default();
    if let Some(member) = members.get(&(name, placeholder.type_name.as_str())) {
        return Ok(Json::String((*member).to_owned()));
    }
    let made = Primitive::read(&placeholder.type_name).and_then(|own| sample_of(own, name, large_numbers, index));
    made.ok_or_else(|| {
        let Placeholder { path, type_name } = placeholder;
        let of_type = if type_name == UNTYPED { "an unknown type" } else { type_name };
        format!("its body has the placeholder {path}, and no value of {of_type} can be made up")
    })
}

/// A value of a primitive type for a member of that name, always the same for the same index; `None` for a place on the earth, which is one
/// that somebody has chosen.
pub fn sample_of(primitive: Primitive, name: &str, large_numbers: LargeNumbers, index: usize) -> Option<Json> {
    let text = |text: &str| Json::String(text.to_owned());
    let number = |literal: &str| Number::from_literal(literal).map_or(Json::Null, Json::Number);
    let large_number = |literal: &str| match large_numbers {
        LargeNumbers::Numbers => number(literal),
        LargeNumbers::Strings => text(literal),
    };
    Some(match primitive {
        Primitive::String => text(&format!("graph-contracts {name}")),
        Primitive::Boolean => Json::Bool(true),
        Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 => {
            number(&format!("{}", index % SMALLEST_RANGE + 1))
        }
        Primitive::Int64 => large_number(&format!("{}", index + 1)),
        Primitive::Decimal => large_number(&format!("{}.5", index + 1)),
        Primitive::Double | Primitive::Single => number(&format!("{}.5", index + 1)),
        Primitive::DateTimeOffset => text("2024-01-01T00:00:00Z"),
        Primitive::Date => text("2024-01-01"),
        Primitive::TimeOfDay => text("08:00:00"),
        Primitive::Duration => text("PT1H"),
        Primitive::Guid => text("00000000-0000-4000-8000-000000000001"),
        Primitive::Binary | Primitive::Stream => text("Z3JhcGgtY29udHJhY3Rz"),
        _ => return None,
    })
}

/// The greatest number that every type of integers has (`Edm.SByte`).
const SMALLEST_RANGE: usize = 127;

/// The values at these paths, each by its path; the body is walked through once. What stands within one of them has no place of its own.
fn places<'a>(body: &'a mut Json, paths: &HashSet<&[Step]>) -> HashMap<Vec<Step>, &'a mut Json> {
    let mut places = HashMap::new();
    let mut open: Vec<(Vec<Step>, &mut Json)> = vec![(Vec::new(), body)];
    while let Some((steps, value)) = open.pop() {
        if paths.contains(steps.as_slice()) {
            places.entry(steps).or_insert(value);
            continue;
        }
        let below = |step: Step| steps.iter().cloned().chain([step]).collect();
        match value {
            // Of members of one name, the first counts; it is taken from the end.
            Json::Object(members) => {
                let members = members.iter_mut().rev();
                open.extend(members.map(|member| (below(Step::Name(member.name.clone())), &mut member.value)));
            }
            Json::Array(items) => {
                open.extend(items.iter_mut().enumerate().map(|(index, item)| (below(Step::Index(index)), item)));
            }
            _ => {}
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    #[track_caller]
    fn check(table: &str, sent: &str, received: &str, expected: Result<(&str, &str), &str>) {
        check_as("application/json", table, sent, received, expected);
    }

    #[track_caller]
    fn check_as(media_type: &str, table: &str, sent: &str, received: &str, expected: Result<(&str, &str), &str>) {
        let text = format!(
            "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Request body\n\n|Property|Type|Description|\n\
             |---|---|---|\n{table}\n\n## Example\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\n\
             Content-Type: {media_type}\n\n{sent}\n```\n\n```http\nHTTP/1.1 201 Created\n\n{received}\n```\n"
        );
        let page = Page::parse("lamp.md", &text);
        let contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
        let filled = fill(&contract).map(|filled| {
            let text =
                |body: &Option<Body>| body.as_ref().and_then(Body::as_json).map(Json::to_string).unwrap_or_default();
            (text(&filled.request.body), text(&filled.response.body))
        });
        let found = filled.as_ref().map(|(sent, received)| (sent.as_str(), received.as_str())).map_err(String::as_str);
        assert_eq!(found, expected);
    }

    #[test]
    fn placeholders_get_values_of_their_types() {
        check(
            "|watts|Int32|Power.|\n|color|String|Possible values are: `red`, `green`.|\n|on|Boolean|On.|\n|since|DateTimeOffset|Time.|",
            r#"{"watts": "Integer", "color": "String", "on": "Boolean", "since": "String (timestamp)", "name": "kept"}"#,
            r#"{"id": "1", "watts": "Integer", "on": true}"#,
            Ok((
                r#"{"watts":1,"color":"red","on":true,"since":"2024-01-01T00:00:00Z","name":"kept"}"#,
                r#"{"id":"1","watts":1,"on":true}"#,
            )),
        );
    }

    #[test]
    fn placeholders_are_filled_wherever_they_stand() {
        check(
            "|name|String|Name.|\n|bulbs|Collection(String)|Bulbs.|\n|on|Boolean|On.|",
            r#"{"bulbs": [{"on": "Boolean", "name": "String"}, {"name": "String"}]}"#,
            r#"{"bulbs": [{"name": "String"}, {"name": "other"}], "name": "String"}"#,
            Ok((
                r#"{"bulbs":[{"on":true,"name":"graph-contracts name"},{"name":"graph-contracts name"}]}"#,
                r#"{"bulbs":[{"name":"graph-contracts name"},{"name":"other"}],"name":"String"}"#,
            )),
        );
    }

    #[test]
    fn large_numbers_are_strings_where_the_media_type_says_so() {
        check_as(
            "application/json;IEEE754Compatible=true",
            "|size|Int64|Size.|\n|price|Decimal|Price.|\n|count|Int32|Count.|",
            r#"{"size": "Int64", "price": "Decimal", "count": "Int32"}"#,
            "{}",
            Ok((r#"{"size":"1","price":"2.5","count":3}"#, "{}")),
        );
    }

    #[test]
    fn metadata_says_of_which_type_a_value_is_before_the_page() {
        use crate::contract::{MessageTypes, MetadataRules};
        use crate::service::{EnumerationType, ServiceProperty, ServiceType, StructuredType, TypeReference};
        let text = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Example\n\n```http\n\
             POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n\
             {\"shade\": \"String\", \"since\": \"String\", \"name\": \"String\"}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
        let page = Page::parse("lamp.md", text);
        let mut contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
        let property = |name: &str, of_type: &str| {
            let type_ref = TypeReference::from(of_type.to_owned());
            (name.to_owned(), ServiceProperty { type_ref, ..ServiceProperty::default() })
        };
        let properties = [property("shade", "n.shade"), property("since", "Edm.Date")].into();
        let lamp = StructuredType { complete: true, properties, ..StructuredType::default() };
        let members = [SENTINEL, "round"].map(str::to_owned).to_vec();
        let shade = EnumerationType { members, ..EnumerationType::default() };
        let types = [("n.lamp", ServiceType::Entity(lamp)), ("n.shade", ServiceType::Enumeration(shade))];
        let types = types.into_iter().map(|(name, own)| (name.to_owned(), own)).collect();
        let messages = MessageTypes { request: Some(TypeReference::from("n.lamp".to_owned())), response: None };
        let rules = ServiceRules::new("n.csdl".to_owned(), types);
        contract.metadata = MetadataRules::of(&contract, &rules, &[messages]).map(Box::new);
        let filled = fill(&contract).expect("values").request.body;
        let expected = r#"{"shade":"round","since":"2024-01-01","name":"graph-contracts name"}"#;
        assert_eq!(filled.and_then(|body| body.as_json().map(Json::to_string)).as_deref(), Some(expected));
    }

    #[test]
    fn nothing_is_made_up_for_types_that_are_not_primitive() {
        let expected = "its body has the placeholder $['shade'], and no value of an unknown type can be made up";
        check("|shade|shade|Shade.|", r#"{"shade": "String"}"#, "{}", Err(expected));
    }
}
