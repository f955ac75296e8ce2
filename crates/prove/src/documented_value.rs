//! The values of a documented body, with what the contract says of each.

use graph_contracts::contract::{Body, Contract, Declaration, Type, TypeName, Typed};
use graph_contracts::json::{Json, Member, Path, Step, Tree as _};

/// One value of the documented body.
#[derive(Clone, Debug)]
pub(super) struct DocumentedValue<'a> {
    /// The way to it by position, which also tells members of the same name apart.
    pub(super) positions: Vec<usize>,
    pub(super) path: Path,
    pub(super) value: &'a Json,
    pub(super) declared: Declaration<'a>,
    /// The same value in the documented request, if that has one there.
    pub(super) sent: Option<&'a Json>,
    /// The body, to see what the other elements of the collections around it have in its place.
    body: &'a Json,
}

/// All values of the documented JSON body, parents first.
pub(super) fn documented_values<'a>(contract: &'a Contract, body: &'a Json) -> Vec<DocumentedValue<'a>> {
    let response = &contract.response;
    let typed =
        Typed { body, body_type: response.body_type.as_deref(), wrapped: response.wrapped, types: &contract.types };
    let request = contract.request.body.as_ref().and_then(Body::as_json);
    let mut positions = Vec::new();
    collect_positions(body, &mut Vec::new(), &mut positions);
    let mut positions = positions.into_iter();
    let mut values = Vec::new();
    typed.visit(|value, cursor, declared| {
        let path = cursor.path();
        let sent = request.and_then(|request| request.at(path.steps()));
        values.push(DocumentedValue {
            positions: positions.next().unwrap_or_default(),
            path,
            value,
            declared,
            sent,
            body,
        });
    });
    values
}

fn collect_positions(value: &Json, here: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    found.push(here.clone());
    let members = value.members().into_iter().flatten().map(|(_, value)| value);
    for (position, value) in value.elements().into_iter().flatten().chain(members).enumerate() {
        here.push(position);
        collect_positions(value, here, found);
        here.pop();
    }
}

/// What stands at a path below the other elements of each array on its way; of arrays further down, in any of their elements.
fn siblings<'a>(body: &'a Json, steps: &[Step]) -> Vec<Option<&'a Json>> {
    let mut found = Vec::new();
    for (depth, step) in steps.iter().enumerate() {
        let Step::Index(own) = step else { continue };
        let Some(Json::Array(items)) = body.at(&steps[..depth]) else { continue };
        for (index, item) in items.iter().enumerate() {
            if index != *own {
                collect_anywhere(item, &items[*own], &steps[depth + 1..], &mut found);
            }
        }
    }
    found
}

/// `own` is what the path itself leads to so far.
fn collect_anywhere<'a>(value: &'a Json, own: &'a Json, steps: &[Step], found: &mut Vec<Option<&'a Json>>) {
    match (steps.split_first(), value, own) {
        (None, value, _) => found.push(Some(value)),
        (Some((Step::Name(name), rest)), value, own) => match (value.get(name), own.get(name)) {
            (Some(value), Some(own)) => collect_anywhere(value, own, rest, found),
            _ => found.push(None),
        },
        (Some((Step::Index(index), rest)), Json::Array(items), Json::Array(own)) if !items.is_empty() => {
            let own = &own[*index];
            let type_of = |value: &'a Json| value.get("@odata.type");
            // Among elements of other types, one of this type may look as it likes.
            let is_other = |item: &'a Json| type_of(item).is_some_and(|other| Some(other) != type_of(own));
            if type_of(own).is_some() && items.iter().all(is_other) {
                found.push(None);
            }
            items.iter().for_each(|item| collect_anywhere(item, own, rest, found));
        }
        (Some((Step::Index(_), _)), _, _) => found.push(None),
    }
}

impl<'a> DocumentedValue<'a> {
    /// The name of the member, if this is one.
    pub(super) fn name(&self) -> Option<&str> {
        if let [.., Step::Name(name)] = self.path.steps() { Some(name) } else { None }
    }

    /// Whether its object has another member of its name.
    pub(super) fn is_twice(&self, body: &Json) -> bool {
        let Some((_, parent)) = self.path.steps().split_last() else { return false };
        let Some(Json::Object(members)) = body.at(parent) else { return false };
        members.iter().filter(|member| Some(member.name.as_str()) == self.name()).count() > 1
    }

    pub(super) fn is_element(&self) -> bool {
        matches!(self.path.steps().last(), Some(Step::Index(_)))
    }

    /// Whether it is control information, not data (OData JSON Format 4.01 section 4.6).
    pub(super) fn is_annotation(&self) -> bool {
        self.name()
            .is_some_and(|name| name.starts_with('@') || name.contains("@odata.") || name.contains("@microsoft."))
    }

    /// Whether the request sent this very value.
    pub(super) fn is_sent(&self) -> bool {
        self.sent == Some(self.value)
    }

    /// Whether the request sent a collection in its place of which each element repeats something.
    pub(super) fn is_sent_in_part(&self) -> bool {
        match (self.sent, self.value) {
            (Some(Json::Array(sent)), Json::Array(items)) => {
                sent.len() == items.len() && sent.iter().zip(items).all(|(sent, item)| repeats(sent, item))
            }
            _ => false,
        }
    }

    /// Whether it is the key of an object, which the service assigns.
    pub(super) fn is_assigned_id(&self) -> bool {
        self.name() == Some("id") && !self.is_sent() && matches!(self.value, Json::String(_) | Json::Number(_))
    }

    /// Whether it is a point in time that the service sets.
    pub(super) fn is_assigned_time(&self) -> bool {
        !self.is_sent() && self.value.as_str().is_some_and(is_time)
    }

    /// Whether another element of a collection around it has, in its place, something that answers to the question; `None`
    /// stands for nothing.
    pub(super) fn has_sibling(&self, question: impl Fn(Option<&Json>) -> bool) -> bool {
        siblings(self.body, self.path.steps()).into_iter().any(question)
    }

    /// Whether it stands in a collection with other elements.
    pub(super) fn has_siblings(&self) -> bool {
        !siblings(self.body, self.path.steps()).is_empty()
    }

    /// The members of its enumeration.
    pub(super) fn enumeration(&self) -> &'a [String] {
        self.declared.property.map(|property| property.values.as_slice()).unwrap_or_default()
    }

    /// The type of an object: what it says itself, or what is declared.
    pub(super) fn object_type(&self, contract: &'a Contract) -> Option<&'a Type> {
        let own = self.value.get("@odata.type").and_then(Json::as_str).and_then(TypeName::read);
        let own = own.and_then(|own| contract.types.get(&own.name));
        own.or_else(|| contract.types.get(self.declared.type_name?))
    }

    /// The name of its type, if that is primitive: `Int32`.
    pub(super) fn primitive(&self) -> Option<&'a str> {
        self.known_type()?.strip_prefix("Edm.").filter(|name| *name != "Untyped")
    }

    /// The name of its type, if it is more than what the example shows.
    pub(super) fn known_type(&self) -> Option<&'a str> {
        let is_known = !self.declared.property.is_some_and(|property| property.from_example);
        self.declared.type_name.filter(|_| is_known)
    }
}

/// Whether a value repeats something of another one in its place.
fn repeats(sent: &Json, received: &Json) -> bool {
    match (sent, received) {
        (Json::Object(sent), Json::Object(_)) => {
            sent.iter().any(|member| received.get(&member.name).is_some_and(|value| repeats(&member.value, value)))
        }
        (Json::Array(sent), Json::Array(received)) => sent.iter().zip(received).any(|(one, other)| repeats(one, other)),
        _ => sent == received,
    }
}

/// Whether a text is a date with time and offset as RFC 3339 section 5.6 writes it, or without seconds.
pub(super) fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let offset_at = time.find(['Z', '+', '-']);
    let Some((clock, offset)) = offset_at.map(|at| time.split_at(at)) else { return false };
    let is_offset = offset == "Z" || is_clock(&offset[1..], 2..=2, 14);
    is_date(date) && is_clock(clock, 2..=3, 23) && is_offset
}

/// Whether a text is a date of the calendar, `2017-01-01`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, length: usize| {
        let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i16>().ok().filter(|_| is_number)
    };
    match (number(year, 4), number(month, 2), number(day, 2)) {
        (Some(year), Some(month), Some(day)) => jiff::civil::Date::new(year, month as i8, day as i8).is_ok(),
        _ => false,
    }
}

fn is_clock(text: &str, parts: std::ops::RangeInclusive<usize>, most_hours: u8) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let numbers: Vec<Option<u8>> = whole.split(':').map(|part| part.parse().ok().filter(|_| part.len() == 2)).collect();
    let in_range = numbers.iter().enumerate().all(|(index, number)| {
        number.is_some_and(|number| if index == 0 { number <= most_hours } else { number <= 59 })
    });
    // A fraction is one of seconds.
    let is_fraction = (fraction == "0" || numbers.len() == 3)
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    parts.contains(&numbers.len()) && in_range && is_fraction
}

/// Whether a text is a time of day, `08:00:00`.
pub(super) fn is_time_of_day(text: &str) -> bool {
    is_clock(text, 2..=3, 23)
}

/// Whether a text is a duration of days and times, `P1DT2H` (OData ABNF `durationValue`).
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    let (days, times) = rest.split_once('T').map_or((rest, None), |(days, times)| (days, Some(times)));
    let has_units = |text: &str, units: &str| {
        let mut left = units;
        // Each number ends with its unit, in their order; only seconds have a fraction.
        text.split_inclusive(|c: char| c.is_ascii_alphabetic()).all(|part| {
            let Some(unit) = part.chars().next_back() else { return false };
            let number = &part[..part.len() - unit.len_utf8()];
            let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
            let is_digits =
                |text: &str| (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            let at = left.find(unit);
            left = at.map_or("", |at| &left[at + 1..]);
            at.is_some() && is_digits(whole) && is_digits(fraction) && (unit == 'S' || !number.contains('.'))
        })
    };
    has_units(days, "D") && times.is_none_or(|times| !times.is_empty() && has_units(times, "HMS")) && rest.len() > 1
}

/// Whether a text is base64, in either alphabet.
pub(super) fn is_base64(text: &str) -> bool {
    let is_of = |alphabet: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || alphabet.contains(c));
    // Whole groups only: in others, some bits of the last digit have to be zero.
    text.len().is_multiple_of(4) && (is_of("+/") || is_of("-_"))
}

/// Whether a text is a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// The body with one value edited. `positions` leads to the value whose parent, if it has one, `edit` is given with the
/// position in it; the value itself at the root.
pub(super) fn with_value(body: &Json, positions: &[usize], edit: impl FnOnce(&mut Json)) -> Json {
    let mut body = body.clone();
    let mut value = &mut body;
    for position in positions {
        value = match value {
            Json::Array(items) => &mut items[*position],
            Json::Object(members) => &mut members[*position].value,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return body,
        };
    }
    edit(value);
    body
}

/// The body with the members around one of them edited.
pub(super) fn with_members(body: &Json, positions: &[usize], edit: impl FnOnce(&mut Vec<Member>, usize)) -> Json {
    let Some((position, parent)) = positions.split_last() else { return body.clone() };
    with_value(body, parent, |parent| {
        if let Json::Object(members) = parent {
            edit(members, *position);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_dates_and_guids_are_known_by_their_form() {
        let check = |text: &str, expected: [bool; 3]| {
            assert_eq!([is_time(text), is_date(text), is_guid(text)], expected, "{text}");
        };
        check("2017-01-01T00:02:49.3205976-08:00", [true, false, false]);
        check("9999-12-31T23:59:59Z", [true, false, false]);
        check("2017-01-01T00:02Z", [true, false, false]);
        check("2017-01-01T24:00:00Z", [false; 3]);
        check("2017-02-30T00:00:00Z", [false; 3]);
        check("2017-01-01T00:00:00", [false; 3]);
        check("2017-01-01", [false, true, false]);
        check("2017-1-1", [false; 3]);
        check("1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", [false, false, true]);
        check("1e5b41ba-41ba-1e5b-ba41-5b1eba415b1g", [false; 3]);
    }

    #[test]
    fn durations_times_of_day_and_base64_are_known_by_their_form() {
        let check = |text: &str, expected: [bool; 3]| {
            assert_eq!([is_duration(text), is_time_of_day(text), is_base64(text)], expected, "{text}");
        };
        check("P1DT2H3M4.5S", [true, false, false]);
        check("-PT5M", [true, false, false]);
        check("PT", [false; 3]);
        check("P1H", [false; 3]);
        check("08:00:00.0000000", [false, true, false]);
        check("24:00", [false; 3]);
        check("AQIDBAUG", [false, false, true]);
    }
}
