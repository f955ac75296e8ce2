//! Rules for single values, wherever they stand: identifiers, dates and hosts that cannot exist.

use foldhash::HashSet;

use super::Linter;
use super::urls::{host_message, misspelled_host};
use crate::byte_set::ByteSet;
use crate::compare::excerpt;
use crate::contract::{Body, Places, ReadBody};
use crate::diagnostic::Code;
use crate::edm::{Primitive, is_date, is_date_time, is_guid};
use crate::json::Json;
use crate::page::{Line, RequestLine};
use crate::url::Target;

/// What was reported already: an identifier that is wrong in several places is one defect.
pub(super) type Seen = HashSet<String>;

/// Checks the values in the URL of a request.
pub(super) fn check_url(linter: &mut Linter<'_>, line: &RequestLine, seen: &mut Seen) {
    let mut places = None;
    for (word, is_id) in identifiers(&line.target) {
        if let Some((code, message)) = problem(word, is_id, seen) {
            let offset = word.as_ptr() as usize - line.target.as_ptr() as usize;
            let place = places.get_or_insert_with(|| linter.places_in_target(line)).of(offset);
            linter.report_at(code, place, message);
        }
    }
}

/// Checks the strings in JSON that stands in these lines.
pub(super) fn check_lines(linter: &mut Linter<'_>, lines: &[Line<'_>], read: &ReadBody, seen: &mut Seen) {
    let Some(Body::Json(json)) = &read.body else { return };
    let mut found = Vec::new();
    strings(json, false, &mut 0, &mut |number, text, is_id| {
        if let Some((code, message)) = text_problem(text, is_id, seen) {
            found.push((number, code, message));
        }
    });
    if found.is_empty() {
        return;
    }
    let places = Places::new(lines, &read.offsets);
    for (number, code, message) in found {
        linter.report_at(code, places.of_value(number), message);
    }
}

/// Visits the strings of a value with their numbers in document order, parents first, and with whether something says that they are GUIDs.
fn strings<'j>(value: &'j Json, is_id: bool, number: &mut usize, visit: &mut impl FnMut(usize, &'j str, bool)) {
    let own = *number;
    *number += 1;
    match value {
        Json::String(text) => visit(own, text, is_id),
        Json::Array(items) => {
            let is_id = is_id || items.iter().filter_map(Json::as_str).any(is_guid);
            items.iter().for_each(|item| strings(item, is_id, number, visit));
        }
        Json::Object(members) => {
            for member in members {
                strings(&member.value, names_id(&member.name), number, visit);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Whether a member is called like an identifier: `id`, `tenantId`, `memberIds`, `appGuid`. Whatever else a member holds may be text.
fn names_id(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    let lower = name.to_ascii_lowercase();
    if OTHER_IDS.iter().any(|(_, member)| lower.ends_with(member)) {
        return false;
    }
    name == "id" || ["Id", "ID", "guid", "Guid", "GUID"].iter().any(|end| name.ends_with(end))
}

/// On a page with as many wrong values, hosts are not compared with those that are known: each takes as long as a hundred other values.
const MOST_SEEN: usize = 64;

/// What is wrong with a string.
fn text_problem(text: &str, is_id: bool, seen: &mut Seen) -> Option<(Code, String)> {
    // A longer one is a text, whose words are its own.
    if text.len() > 2048 {
        return None;
    }
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return problem(text, is_id, seen);
    }
    let target = Target::read(text);
    if let Some(host) = target.host
        && seen.len() < MOST_SEEN
        && let Some(known) = misspelled_host(host)
    {
        return seen.insert(host.to_owned()).then(|| (Code::HostMisspelled, host_message(host, known)));
    }
    identifiers(target.path).find_map(|(word, is_id)| problem(word, is_id, seen))
}

/// What is wrong with an identifier or a date, unless it was reported before.
fn problem(word: &str, is_id: bool, seen: &mut Seen) -> Option<(Code, String)> {
    // Most words are too short for either.
    if word.len() < SHORTEST || seen.contains(word) {
        return None;
    }
    let found = (is_id.then(|| guid_problem(word)).flatten())
        .map(|why| (Code::GuidNotValid, format!("`{}` is not a GUID: {why}", excerpt(word))))
        .or_else(|| date_problem(word).map(|why| (Code::DateNotValid, format!("`{}`: {why}", excerpt(word)))))?;
    seen.insert(word.to_owned()).then_some(found)
}

/// The words of a URL that are long enough for an identifier or a date, each with whether it may be a GUID if it stands where an identifier does.
fn identifiers(url: &str) -> impl Iterator<Item = (&str, bool)> {
    let with_word_before = words(url).scan("", |before, word| Some((std::mem::replace(before, word), word)));
    with_word_before.filter(|(_, word)| word.len() >= SHORTEST).map(|(before, word)| {
        let is_other = OTHER_IDS.iter().any(|(collection, _)| collection.eq_ignore_ascii_case(before));
        (word, !is_other)
    })
}

/// Collections whose keys are no GUIDs but `19:…@thread.tacv2`, and what members with such a key end with (Microsoft Graph documentation, "channel
/// resource type" and "chat resource type"). A key that is nearly a GUID there does not lack a character.
const OTHER_IDS: [(&str, &str); 2] = [("channels", "channelid"), ("chats", "chatid")];

/// What stands between the words of a URL.
const BETWEEN: ByteSet = ByteSet::of(b"/?&=,'\"(){} <>#");

/// The words of a URL.
fn words(url: &str) -> impl Iterator<Item = &str> {
    BETWEEN.split(url).filter(|word| !word.is_empty())
}

/// The lengths of the groups of a GUID.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// So many characters of a GUID may be missing or too many. What differs in more is something else.
const FEW: usize = 2;

/// The length of a date (RFC 3339 section 5.6); identifiers are longer.
const SHORTEST: usize = 10;

/// Why a word that is nearly a GUID is not one.
fn guid_problem(word: &str) -> Option<String> {
    if !(36 - FEW..=36 + FEW).contains(&word.len()) || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return None;
    }
    let mut groups = word.split('-');
    let mut off = 0;
    for expected in GROUPS {
        off += groups.next()?.len().abs_diff(expected);
    }
    if groups.next().is_some() || off > FEW {
        return None;
    }
    let other = || word.chars().filter(|c| c.is_ascii_alphabetic() && !c.is_ascii_hexdigit());
    // Letters that stand for digits: `xxxxxxxx-xxxx-…`.
    let is_of_digits = word.bytes().any(|b| b.is_ascii_digit());
    match (off, other().count()) {
        (1.., 0) if word.len() == 36 => Some("its groups have other lengths than 8, 4, 4, 4 and 12".to_owned()),
        (1.., 0) => Some(format!("it has {} characters instead of 36", word.len())),
        // Where two are none, the identifier may be of another form.
        (0, 1) if is_of_digits => other().next().map(|c| format!("`{c}` is not a hexadecimal digit")),
        _ => None,
    }
}

/// Why a word that has the form of a date, or of a date with a time, is not valid.
pub fn date_problem(word: &str) -> Option<String> {
    let (date, rest) = word.split_at_checked(10)?;
    let number = |text: &str, form: &str| {
        let fits = text.len() == form.len() && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse::<i16>().ok()).flatten()
    };
    let mut parts = date.split('-');
    let (year, month) = (number(parts.next()?, "0000")?, number(parts.next()?, "00")?);
    let day = number(parts.next()?, "00")?;
    if !(rest.is_empty() || rest.starts_with(['T', 't'])) || (year == 0 || (month == 0 && day == 0)) {
        return None;
    }
    if !(1..=12).contains(&month) {
        return Some(format!("{date} is no date: there is no month {month}"));
    }
    let first = jiff::civil::Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
    let days = i16::from(first.days_in_month());
    if !(1..=days).contains(&day) {
        return Some(format!("{date} is no date: that month has {days} days"));
    }
    let clock = rest.get(1..)?;
    let mut parts = clock.get(..5)?.split(':');
    let (hour, minute) = (number(parts.next()?, "00")?, number(parts.next()?, "00")?);
    match (hour, minute) {
        (25.., _) => Some(format!("{} is no time of day: there is no hour {hour}", &clock[..5])),
        (_, 60..) => Some(format!("{} is no time of day: there is no minute {minute}", &clock[..5])),
        _ => None,
    }
}

/// What is wrong with a text that is nearly a date of that type: what it lacks, or has too much.
pub(super) fn date_fault(text: &str, primitive: Primitive) -> Option<&'static str> {
    let has_blanks = text.contains(char::is_whitespace);
    let bare: String = text.split_whitespace().collect();
    let date = bare.get(..10).filter(|date| is_date(date))?;
    let rest = bare[date.len()..].strip_prefix(['T', 't']);
    // Hours, minutes and the rest of a time, without its offset.
    let time = rest.map(|rest| rest.trim_end_matches(|c: char| !c.is_ascii_digit()));
    match primitive {
        Primitive::Date if is_date_time(&bare) => Some("has a time of day, too"),
        Primitive::Date | Primitive::DateTimeOffset if has_blanks && (is_date(&bare) || is_date_time(&bare)) => {
            Some("has blanks in it")
        }
        Primitive::DateTimeOffset if bare.len() == date.len() => Some("has no time of day"),
        Primitive::DateTimeOffset if has_blanks && !text.trim().contains(['T', 't']) => {
            Some("has a blank instead of `T`")
        }
        Primitive::DateTimeOffset if rest.is_some_and(|rest| is_date_time(&format!("{date}T{rest}Z"))) => {
            Some("has no offset from UTC, such as `Z`")
        }
        Primitive::DateTimeOffset if time.is_some_and(|time| time.contains(':')) => {
            Some("has something else behind the time of day than an offset")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::{exchange, places};

    #[test]
    fn what_is_nearly_a_guid_is_found() {
        let check = |word: &str, why: &str| {
            let found = guid_problem(word).unwrap_or_default();
            assert!(found.contains(why), "{word}: {found}");
        };
        check("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f", "35 characters");
        check("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f00", "37 characters");
        check("0f1e2d3-c4b5a-6978-8796-a5b4c3d2e1f0", "other lengths");
        check("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fr", "`r`");
    }

    #[test]
    fn what_is_a_guid_or_none_at_all_is_not() {
        for word in [
            "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
            "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "1234abcd-efgh-ijkl-mnop-qrstuvwxyz12",
            "12345678-abcd-efgh-1234-123456789abc",
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0abcd",
            "0f1e2d3c-4b5a-6978-8796",
            "S-1-5-21-1234567890-1234567890-12345",
            "the-lamp-that-is-in-the-living-room-",
            "",
        ] {
            assert_eq!(guid_problem(word), None, "{word}");
        }
    }

    #[test]
    fn a_string_is_a_guid_where_something_says_so() {
        let check = |json: &str, expected: usize| {
            let request = format!("POST /lamps\nContent-Type: application/json\n\n{json}");
            let found = places(&exchange("", &request, "HTTP/1.1 204 No Content"), Code::GuidNotValid);
            assert_eq!(found.len(), expected, "{json}");
        };
        let wrong = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fr";
        for name in ["id", "lampId", "lampIds", "LampID", "appGuid"] {
            check(&format!(r#"{{"{name}": "{wrong}"}}"#), 1);
        }
        check(&format!(r#"{{"memberIds": ["{wrong}"]}}"#), 1);
        check(&format!(r#"{{"plans": ["0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "{wrong}"]}}"#), 1);
        check(&format!(r#"{{"at": "https://graph.microsoft.com/v1.0/lamps/{wrong}"}}"#), 1);
        for name in ["newValue", "paid", "displayName", "grid"] {
            check(&format!(r#"{{"{name}": "{wrong}"}}"#), 0);
        }
        check(&format!(r#"{{"plans": ["{wrong}"]}}"#), 0);
        check(&format!(r#"{{"channelId": "{wrong}"}}"#), 0);
        check(&format!(r#"{{"at": "https://graph.microsoft.com/v1.0/me/chats/{wrong}"}}"#), 0);
    }

    #[test]
    fn an_identifier_in_a_url_is_one_of_its_collection() {
        let check = |path: &str, expected: &[(u32, u32)]| {
            let request = format!("GET https://graph.microsoft.com/v1.0{path}");
            let found = places(&exchange("", &request, "HTTP/1.1 204 No Content"), Code::GuidNotValid);
            assert_eq!(found, expected, "{path}");
        };
        let wrong = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1fr";
        check(&format!("/teams/{wrong}/channels"), &[(8, 44)]);
        check(&format!("/teams/1/channels/{wrong}/messages"), &[]);
        check(&format!("/teams/1/Channels('{wrong}')"), &[]);
        check(&format!("/chats/{wrong}"), &[]);
    }

    #[test]
    fn a_date_that_no_calendar_has_is_named() {
        let check = |word: &str, why: &str| {
            let found = date_problem(word).unwrap_or_default();
            assert!(found.contains(why), "{word}: {found}");
        };
        check("2021-02-30", "2021-02-30 is no date: that month has 28 days");
        check("2021-13-01T10:00:00Z", "no month 13");
        check("2021-04-31T10:00:00Z", "30 days");
        check("2021-00-10", "no month 0");
        check("2021-04-10T25:00:00Z", "no hour 25");
        check("2021-04-10T10:75:00Z", "no minute 75");
    }

    #[test]
    fn other_dates_and_words_are_not() {
        for word in [
            "2020-02-29",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "0000-00-00",
            "2021-04-10T24:00:00Z",
            "2021-02-30-lamps",
            "2021-mm-dd",
            "123-4567-89",
            "2021-02-3ä",
            "1234567890",
            "",
        ] {
            assert_eq!(date_problem(word), None, "{word}");
        }
    }

    #[test]
    fn a_wrong_value_is_reported_once() {
        let mut seen = Seen::default();
        assert!(text_problem("https://graph.microsoft.com/v1.0/lamps/2021-02-30", false, &mut seen).is_some());
        assert!(text_problem("2021-02-30", false, &mut seen).is_none());
        assert!(text_problem("https://graph.microsft.com/v1.0", false, &mut seen).is_some());
        assert!(text_problem("https://graph.microsft.com/beta", false, &mut seen).is_none());
    }

    #[test]
    fn what_a_date_lacks_or_has_too_much_is_named() {
        let check = |text: &str, primitive: Primitive, expected: Option<&str>| {
            let found = date_fault(text, primitive);
            assert!(found.is_some() == expected.is_some(), "{text}: {found:?}");
            assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{text}: {found:?}");
        };
        let time = Primitive::DateTimeOffset;
        check("2021-02-03", time, Some("no time of day"));
        check("2021-02-03T10:00:00", time, Some("no offset"));
        check("2021-02-03T10:00:00.0000000", time, Some("no offset"));
        check("2021-02-03T10: 00: 00Z", time, Some("has blanks"));
        check("2021-02-03 10:00:00Z", time, Some("instead of `T`"));
        check("2021-02-03T10:00:00Z[UTC]", time, Some("behind the time"));
        check("2021-02-03T10:00:00+0000", time, Some("behind the time"));
        check("2021-02-03T10:00:00Z", Primitive::Date, Some("a time of day, too"));
        check("2021-02-03 ", Primitive::Date, Some("has blanks"));
        for text in ["", "tomorrow", "02/03/2021", "2021-02-3ä"] {
            check(text, time, None);
        }
        check("2021-02-03", Primitive::TimeOfDay, None);
    }
}
