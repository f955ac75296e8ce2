//! Mutants of a JSON body.

use super::Expectation::{Caught, Harmless, Noted, Open};
use super::documented_value::{
    DocumentedValue, documented_values, is_base64, is_date, is_duration, is_guid, is_time, is_time_of_day,
    with_members, with_value,
};
use super::{Class, Expectation, Mutant, presence};
use graph_contracts::at::At;
use graph_contracts::contract::{Body, Contract, UNTYPED};
use graph_contracts::json::{Json, Kind, Member, Number, Step};
use graph_contracts::stub::Answer;

/// Identifiers shorter than this occur elsewhere by chance.
const DISTINCTIVE: usize = 8;

/// A member that no page documents.
const UNDOCUMENTED: &str = "memberThatNoPageDocuments";

/// Gives the mutants, and says of every how many values they are: 1 but for very large bodies.
pub(super) fn mutants(contract: &Contract, documented: &Answer, give: &mut dyn FnMut(Mutant)) -> usize {
    let Some(Body::Json(body)) = &contract.response.body else { return 1 };
    if documented.body.is_empty() {
        return 1;
    }
    let values = documented_values(contract, body);
    // Each mutant is as large as the body, and there are several for each value.
    let bytes = values.len().saturating_mul(MUTANTS_PER_VALUE).saturating_mul(documented.body.len());
    let every = bytes.div_ceil(MOST_BYTES).max(1);
    let gone =
        values.iter().filter(|target| presence::is_gone(target.value)).map(|target| target.path.steps()).collect();
    let mut deriving = Deriving { contract, documented, body, values: &values, gone, give };
    for target in values.iter().step_by(every) {
        deriving.of_value(target);
    }
    every
}

/// About how many mutants there are for one value.
const MUTANTS_PER_VALUE: usize = 10;

/// How many bytes the mutants of one contract take together. Where all of them would take more, they are derived of every second
/// value, every third, and so on; of a documented body of some thousand values that is.
const MOST_BYTES: usize = 128 << 20;

struct Deriving<'a> {
    contract: &'a Contract,
    documented: &'a Answer,
    body: &'a Json,
    values: &'a [DocumentedValue<'a>],
    /// Where the body has objects that say that something is gone.
    gone: Vec<&'a [Step]>,
    give: &'a mut dyn FnMut(Mutant),
}

impl Deriving<'_> {
    /// Every change of a value is caught at the exact level.
    fn give(&mut self, class: Class, places: Vec<At>, shape: Expectation, body: &Json) {
        // Of what is gone, a delta response has the key (OData JSON Format 4.01 section 15.3).
        let is_gone =
            |at: &At| matches!(at, At::Path(path) if self.gone.iter().any(|gone| path.steps().starts_with(gone)));
        let shape = if places.iter().any(is_gone) { Open } else { shape };
        let answer = self.documented.with_body(body.to_pretty());
        (self.give)(Mutant { class, places, exact: Caught, shape, answer });
    }

    /// The body with another value, reported at its place.
    fn replace(&mut self, class: Class, target: &DocumentedValue<'_>, shape: Expectation, value: Json) {
        let body = with_value(self.body, &target.positions, |old| *old = value);
        self.give(class, vec![At::Path(target.path.clone())], shape, &body);
    }

    fn of_value(&mut self, target: &DocumentedValue<'_>) {
        if target.name().is_some() {
            self.of_member(target);
        }
        if *target.value != Json::Null {
            let is_open = target.has_sibling(|sibling| sibling.is_none_or(|sibling| *sibling == Json::Null));
            let shape = if is_open { Open } else { presence::of_null(self.contract, target) };
            self.replace(Class::Null, target, shape, Json::Null);
        }
        self.retype(target);
        match target.value {
            Json::Object(members) => self.of_object(target, members),
            Json::Array(items) => self.of_array(target, items),
            Json::Null => {}
            Json::Bool(_) | Json::Number(_) | Json::String(_) => self.of_scalar(target),
        }
    }

    fn of_member(&mut self, target: &DocumentedValue<'_>) {
        let at = At::Path(target.path.clone());
        let shape = match target.is_annotation() {
            // Of two members of one name, the other may be taken for the one that is left out.
            true if target.is_twice(self.body) => Open,
            // Another element that has null or nothing there allows that.
            false if target.has_sibling(|sibling| sibling.is_none_or(|sibling| *sibling == Json::Null)) => Open,
            _ => presence::of_absence(self.contract, target),
        };
        let body = with_members(self.body, &target.positions, |members, position| drop(members.remove(position)));
        self.give(Class::Drop, vec![at.clone()], shape, &body);

        let name = format!("{}Renamed", target.name().unwrap_or_default());
        let renamed = At::Path(target.path.parent().unwrap_or_default().member(&name));
        let body = with_members(self.body, &target.positions, |members, position| members[position].name = name);
        // The new name is not documented, whatever becomes of the old one.
        let is_noted = shape == Noted && !target.is_annotation();
        let shape = if is_noted { Open } else { shape };
        self.give(Class::Rename, vec![at.clone(), renamed], shape, &body);

        let body = with_members(self.body, &target.positions, |members, position| {
            let member = members[position].clone();
            members.insert(position, member);
        });
        self.give(Class::Duplicate, vec![at], Caught, &body);
    }

    /// Values of other JSON types.
    fn retype(&mut self, target: &DocumentedValue<'_>) {
        let values = match target.value {
            Json::String(_) => vec![number("7"), Json::Bool(true)],
            Json::Number(number) => vec![Json::String(number.literal().to_owned()), Json::Bool(true)],
            Json::Bool(value) => vec![Json::String(value.to_string()), number("1")],
            Json::Array(_) | Json::Object(_) => vec![text("text")],
            Json::Null => vec![Json::Object(Vec::new())],
        };
        values.into_iter().for_each(|value| self.retype_as(target, value));
    }

    fn retype_as(&mut self, target: &DocumentedValue<'_>, value: Json) {
        let is_scalar = !matches!(target.value, Json::Array(_) | Json::Object(_));
        // Of a null without a type, nothing is known of the value.
        let is_unknown = *target.value == Json::Null && (target.primitive().is_none() || target.is_collection());
        let is_open = self.tolerated(target, &value)
            || (is_scalar && (self.is_placeholder(target) || contradicts(target)))
            || is_unknown;
        let is_echo = target.is_sent() && !target.has_siblings();
        let shape = caught_unless(is_open && !is_echo);
        self.replace(Class::Retype, target, shape, value);
    }

    fn of_object(&mut self, target: &DocumentedValue<'_>, members: &[Member]) {
        let path = At::Path(target.path.member(UNDOCUMENTED));
        let body = with_value(self.body, &target.positions, |object| {
            if let Json::Object(members) = object {
                members.push(Member { name: UNDOCUMENTED.to_owned(), value: number("1") });
            }
        });
        let is_open = target.object_type(self.contract).is_some_and(|own| own.open);
        // Beside an element that lacks the object, all of the object may be what is noted.
        let may_lack = target.has_sibling(|sibling| !matches!(sibling, Some(Json::Object(_))));
        let shape = match is_open || self.contract.response.may_be_truncated {
            true if may_lack => Harmless,
            true => Noted,
            false => Caught,
        };
        self.give(Class::Add, vec![path], shape, &body);

        let wrapped = Json::Array(vec![Json::Object(members.to_vec())]);
        let shape = caught_unless(self.tolerated(target, &wrapped));
        self.replace(Class::Wrap, target, shape, wrapped);
    }

    fn of_array(&mut self, target: &DocumentedValue<'_>, items: &[Json]) {
        if let Some(first) = items.first().filter(|first| !matches!(first, Json::Array(_) | Json::Null)) {
            let shape = caught_unless(self.tolerated(target, first));
            self.replace(Class::Unwrap, target, shape, first.clone());
        }
        // How many elements there are follows from the data, unless the request sent them.
        let is_echo = target.is_sent() || target.is_sent_in_part();
        let shape = if target.sent.is_some() { caught_unless(!is_echo || target.has_siblings()) } else { Harmless };
        let Some((last, others)) = items.split_last() else {
            self.replace(Class::Lengthen, target, Open, Json::Array(vec![number("1")]));
            return;
        };
        // That it is empty is said: nothing of its elements is asserted.
        let is_noted = shape == Harmless && !target.has_siblings();
        self.replace(Class::Empty, target, if is_noted { Noted } else { shape }, Json::Array(Vec::new()));
        if !others.is_empty() {
            self.replace(Class::Shorten, target, shape, Json::Array(others.to_vec()));
        }
        let mut more = items.to_vec();
        more.push(last.clone());
        self.replace(Class::Lengthen, target, shape, Json::Array(more));
    }

    fn of_scalar(&mut self, target: &DocumentedValue<'_>) {
        if target.is_assigned_id() {
            self.identity(target);
        } else if !target.is_assigned_time() {
            self.change(target);
        }
        if let Json::Number(value) = target.value
            && value.is_integer()
            && !target.is_assigned_id()
            && matches!(target.primitive(), Some("Byte" | "Int16" | "Int32" | "Int64"))
        {
            let large = number("100000000000000000000");
            let is_open = contradicts(target) || self.tolerated_value(target);
            self.replace(Class::Range, target, caught_unless(is_open), large);
        }
        let Json::String(value) = target.value else { return };
        let values = target.enumeration();
        if values.contains(value) && !self.is_placeholder(target) {
            let shape = caught_unless(target.has_sibling(|sibling| sibling.is_none()));
            self.replace(Class::Enum, target, shape, text("valueOutsideTheEnumeration"));
        }
        self.malformed(target, value);
        let broken = match target.primitive() {
            Some("Duration") => "five minutes",
            Some("TimeOfDay") => "25:61",
            Some("Binary") => "no base64!",
            _ => return,
        };
        if !contradicts(target) && !self.is_placeholder(target) && !target.is_assigned_id() {
            let is_open = target.has_sibling(|sibling| !matches!(sibling, Some(Json::String(_))));
            self.replace(Class::Malformed, target, caught_unless(is_open), text(broken));
        }
    }

    /// A date without a thirteenth month, or a GUID with a letter that is not a digit.
    fn malformed(&mut self, target: &DocumentedValue<'_>, value: &str) {
        let (class, own_types, broken): (Class, &[&str], String) = if is_time(value) || is_date(value) {
            let own: &[&str] = if is_time(value) { &["DateTimeOffset"] } else { &["Date"] };
            (Class::MalformedDate, own, format!("{}13{}", &value[..5], &value[7..]))
        } else if is_guid(value) {
            (Class::MalformedGuid, &["Guid"], format!("g{}", &value[1..]))
        } else {
            return;
        };
        if contradicts(target) || self.is_placeholder(target) {
            return;
        }
        let shape = match (target.known_type(), target.primitive()) {
            _ if target.is_sent() => caught_unless(target.has_siblings()),
            (None | Some(UNTYPED), _) => caught_unless(self.tolerated_value(target) || target.is_annotation()),
            (_, Some(primitive)) if own_types.contains(&primitive) => caught_unless(self.tolerated_value(target)),
            _ => Harmless,
        };
        self.replace(class, target, shape, Json::String(broken));
    }

    /// Another value of the same type.
    fn change(&mut self, target: &DocumentedValue<'_>) {
        let Some(value) = other_value(target, &self.document()) else { return };
        let is_type = target.name() == Some("@odata.type");
        let is_of_element = matches!(target.path.steps(), [.., Step::Index(_), _]);
        let in_collection = target.has_siblings() || is_of_element;
        let shape = if target.is_sent() || is_type {
            caught_unless(in_collection)
        } else if self.is_placeholder(target) || target.is_annotation() || contradicts(target) {
            Open
        } else {
            Harmless
        };
        // A string that is the key of another object changes its identity.
        let is_key = |other: &DocumentedValue<'_>| {
            other.is_assigned_id() && other.value.as_str().is_some_and(|id| id.len() >= DISTINCTIVE)
        };
        let repeats_key =
            !target.is_sent() && self.values.iter().any(|other| is_key(other) && other.value == target.value);
        let class = if repeats_key { Class::Identity } else { Class::Change };
        self.replace(class, target, shape, value);
    }

    /// An identifier that occurs elsewhere, too, changed in one of its places.
    fn identity(&mut self, target: &DocumentedValue<'_>) {
        let Json::String(id) = target.value else { return };
        if id.len() < DISTINCTIVE {
            return;
        }
        let repeats = |other: &&DocumentedValue<'_>| {
            let text = other.value.as_str().filter(|_| !other.is_sent() && other.path != target.path);
            text.is_some_and(|text| text == id || (!other.is_assigned_id() && contains_word(text, id)))
        };
        let mut places: Vec<At> = vec![At::Path(target.path.clone())];
        places.extend(self.values.iter().filter(repeats).map(|other| At::Path(other.path.clone())));
        let headers = self.documented.headers.iter().filter(|(_, value)| contains_word(value, id));
        places.extend(headers.map(|(name, _)| At::Header(name.to_ascii_lowercase())));
        if places.len() > 1 {
            let other = other_id(id, &self.document());
            let body = with_value(self.body, &target.positions, |old| *old = Json::String(other));
            self.give(Class::Identity, places, Harmless, &body);
        }
    }

    /// The documented body and header fields as text.
    fn document(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.documented.body)
    }

    /// Whether another element of a collection around the value allows a value of that kind in its place.
    fn tolerated(&self, target: &DocumentedValue<'_>, new: &Json) -> bool {
        let is_alike = |sibling: &Json| *sibling == Json::Null || sibling.kind() == new.kind();
        target.has_sibling(|sibling| sibling.is_none_or(is_alike))
    }

    /// Whether another element allows another value of the same kind: it has none there, or one of another form.
    fn tolerated_value(&self, target: &DocumentedValue<'_>) -> bool {
        let has_form = |text: &str| is_time(text) || is_date(text) || is_guid(text);
        target.has_sibling(|sibling| match sibling {
            Some(Json::String(text)) => !has_form(text),
            Some(Json::Number(_)) => false,
            _ => true,
        })
    }

    /// Whether the documented value is only the name of a type.
    fn is_placeholder(&self, target: &DocumentedValue<'_>) -> bool {
        self.contract.response.placeholders.iter().any(|placeholder| placeholder.path == target.path)
    }
}

impl DocumentedValue<'_> {
    fn is_collection(&self) -> bool {
        !self.is_element() && self.declared.property.is_some_and(|property| property.collection)
    }
}

/// What has to become of a change that is caught unless the page leaves it open.
fn caught_unless(is_open: bool) -> Expectation {
    if is_open { Open } else { Caught }
}

/// Whether the page contradicts itself: the example is not of the type in its table.
fn contradicts(target: &DocumentedValue<'_>) -> bool {
    if target.is_collection() != matches!(target.value, Json::Array(_)) && target.declared.property.is_some() {
        return true;
    }
    let values = target.enumeration();
    if !values.is_empty() {
        return !target.value.as_str().is_some_and(|text| values.iter().any(|value| value == text));
    }
    let Some(primitive) = target.primitive() else { return false };
    let is_form = |form: fn(&str) -> bool| target.value.as_str().is_some_and(form);
    let is_number =
        |fits: &dyn Fn(&str) -> bool| matches!(target.value, Json::Number(number) if fits(number.literal()));
    match primitive {
        "Boolean" => target.value.kind() != Kind::Boolean,
        "Byte" => !is_number(&|literal| literal.parse::<u8>().is_ok()),
        "Int16" => !is_number(&|literal| literal.parse::<i16>().is_ok()),
        "Int32" => !is_number(&|literal| literal.parse::<i32>().is_ok()),
        "Int64" => !is_number(&|literal| literal.parse::<i64>().is_ok()),
        "Decimal" | "Double" | "Single" => target.value.kind() != Kind::Number,
        "DateTimeOffset" => !is_form(is_time),
        "Date" => !is_form(is_date),
        "Guid" => !is_form(is_guid),
        "Untyped" => false,
        "Duration" => !is_form(is_duration),
        "TimeOfDay" => !is_form(is_time_of_day),
        "Binary" => !is_form(is_base64),
        _ => target.value.kind() != Kind::String,
    }
}

/// Another value that is as good as the documented one.
fn other_value(target: &DocumentedValue<'_>, document: &str) -> Option<Json> {
    match target.value {
        Json::Bool(value) => Some(Json::Bool(!value)),
        Json::Number(value) => {
            let other = ["1", "2"].into_iter().filter_map(Number::from_literal).find(|other| !other.same_value(value));
            other.map(Json::Number)
        }
        Json::String(value) => {
            let values = target.enumeration();
            let other = match target.primitive() {
                _ if !values.is_empty() => values.iter().find(|other| *other != value)?.clone(),
                Some("Binary") => if value == "AAAA" { "BBBB" } else { "AAAA" }.to_owned(),
                Some("Duration") => if value == "PT7S" { "PT8S" } else { "PT7S" }.to_owned(),
                Some("TimeOfDay") => if value == "01:02:03" { "03:02:01" } else { "01:02:03" }.to_owned(),
                _ if is_time(value) || is_date(value) => other_time(value),
                _ if is_guid(value) => other_id(value, document),
                _ => format!("{value} changed"),
            };
            (other != *value).then_some(Json::String(other))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Another point in time or date, written like the documented one.
pub(super) fn other_time(time: &str) -> String {
    let year = if time.starts_with("2031") { "2032" } else { "2031" };
    // The first of a month is in every year.
    format!("{year}{}01{}", &time[4..8], &time[10..])
}

/// Another identifier, written like the documented one, that does not occur in the document.
pub(super) fn other_id(id: &str, document: &str) -> String {
    let other = |c: char| match c {
        '0'..='8' | 'a'..='e' | 'g'..='y' | 'A'..='E' | 'G'..='Y' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        '9' => '0',
        'f' => 'a',
        'F' => 'A',
        'z' => 'g',
        'Z' => 'G',
        other => other,
    };
    let mut changed: String = id.chars().map(other).collect();
    // Samples count up: what follows one of them may well be the next.
    for _ in 0..MOST_TURNS {
        if !document.contains(&changed) {
            return changed;
        }
        changed = changed.chars().map(other).collect();
    }
    format!("{id}2")
}

/// After so many turns, every letter and digit has been every other one.
const MOST_TURNS: usize = 26;

/// The places at which a text contains another one as a word: no letter or digit touches it, but for those of a
/// percent-encoded character before it.
pub(super) fn words<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_letter = |c: char| c.is_alphanumeric();
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&text[..*at], &text[at + word.len()..]);
        let is_encoded = before.len() >= 3 && before.as_bytes()[before.len() - 3] == b'%';
        !after.starts_with(is_letter) && (is_encoded || !before.ends_with(is_letter))
    })
}

pub(super) fn contains_word(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

fn text(text: &str) -> Json {
    Json::String(text.to_owned())
}

fn number(literal: &str) -> Json {
    Number::from_literal(literal).map_or(Json::Null, Json::Number)
}
