//! Whose an object is: by what a response names, what its collection had before, and what the object says of itself. Pure decisions;
//! what is not proven is unknown.

use jiff::{SignedDuration, Timestamp};
use reqwest::Url;

use super::marker::{Marked, Marker};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, parse};
use graph_contracts::url::{Segment, decode, encode_key, split_path};

/// A service's clocks may differ by that much among themselves.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A request is processed within this time, or not at all.
const PROCESSING: SignedDuration = SignedDuration::from_mins(15);

/// Where times differ by more, it is not because somebody took a local time for that of UTC.
const A_DAY: SignedDuration = SignedDuration::from_hours(26);

/// Times before are those that a service has where it knows none.
const NO_TIME_BEFORE: Timestamp = Timestamp::constant(946_684_800, 0);

/// When an object was created, beside the request that may have created it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Just then.
    Then,
    /// At another time, whatever clock or zone it is told by.
    AnotherTime,
    /// It does not say, or says what may be either.
    Unknown,
}

/// What the response to a creation names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One key, in the posted collection.
    Key(String),
    /// No key.
    Nothing,
    /// Something else than one key of the posted collection; what.
    Contradiction(String),
}

/// Whose an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// The run's: the request created it.
    Run,
    /// Somebody else's, and what proves it.
    Other(String),
    /// It cannot be told, and why.
    Unknown(String),
}

/// What an object has to agree with to be the one that a request created.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence<'a> {
    /// The marker that was sent, and in which member.
    pub(super) marked: Option<&'a Marked>,
    /// The body that was sent, if it is known.
    pub(super) sent: Option<&'a Json>,
    /// When the request was about to be sent, by the service's clock.
    pub(super) time: Timestamp,
    /// Whether all that is new in the tenant is the run's, as in a simulated one.
    pub(super) own_tenant: bool,
}

/// The JSON object of a response.
pub(super) fn object(response: &ReceivedResponse) -> Option<Json> {
    let body = parse(std::str::from_utf8(&response.body).ok()?).ok()?.json;
    matches!(body, Json::Object(_)).then_some(body)
}

/// A member that an object has once: what is there twice has two meanings.
pub(super) fn only<'j>(object: &'j Json, name: &str) -> Option<&'j Json> {
    let Json::Object(members) = object else { return None };
    let mut found = members.iter().filter(|member| member.name == name);
    found.next().filter(|_| found.next().is_none()).map(|member| &member.value)
}

/// The key of an object, if it has one that can stand in a URL.
pub(super) fn key(object: &Json) -> Option<String> {
    let key = match only(object, "id")? {
        Json::String(key) => key.clone(),
        Json::Number(key) => key.literal().to_owned(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    is_key(&key).then_some(key)
}

/// No service takes a longer key in a URL.
const LONGEST_KEY: usize = 2048;

/// Whether a text can be the key of an object. What a client would normalize away, or a server trim, cannot.
fn is_key(key: &str) -> bool {
    key.len() <= LONGEST_KEY
        && encode_key(key).is_some()
        && !key.chars().any(char::is_control)
        && key.trim() == key
        && !key.ends_with('/')
}

/// The path of the object with that key in a collection. `None` for what is no key.
pub(super) fn path_of(collection: &str, key: &str) -> Option<String> {
    Some(format!("{}/{}", collection.trim_end_matches('/'), encode_key(key).filter(|_| is_key(key))?))
}

/// The collection of an object, and its key.
pub(super) fn place(url: &str) -> (&str, String) {
    let (collection, key) = url.rsplit_once('/').unwrap_or_default();
    (collection, decode(key).into_owned())
}

/// Whether a path, escaped, is that of an object in a collection: one key more, whatever a client or server would normalize away.
pub(super) fn is_object_of(collection: &str, path: &str) -> bool {
    let key = path.strip_prefix(collection.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'));
    key.is_some_and(|key| !key.contains('/') && path_of(collection, &decode(key)).as_deref() == Some(path))
}

/// What a response says was created in the collection at that path, escaped and with its version: its member `id`, its header field
/// `Location` (RFC 9110 section 10.2.2), its annotation `@odata.id` (OData JSON Format 4.01 section 4.6.10). All that it has must agree.
///
/// A `Location` may lead to the object on another path, as that of a user's own event leads to `users('…')/events('…')`: then it has to
/// end with the key that the body names.
pub(super) fn named(base: &Url, collection: &str, response: &ReceivedResponse) -> Named {
    let body = object(response);
    let id = body.as_ref().and_then(|body| body.get("id"));
    let from_body = body.as_ref().and_then(key);
    if let (Some(id), None) = (id, &from_body) {
        return Named::Contradiction(format!("its `id` is {}, and not one key", id.kind().with_article()));
    }
    let links = [
        ("Location", response.header("location")),
        ("@odata.id", body.as_ref().and_then(|body| body.get("@odata.id")?.as_str()).map(str::to_owned)),
    ];
    let mut found = from_body.clone();
    for (what, link) in links {
        let Some(link) = link else { continue };
        let Some(linked) = linked(base, collection, &link) else {
            return Named::Contradiction(format!("its {what} is no URL of an object"));
        };
        match &found {
            Some(key) if *key != linked.key => {
                return Named::Contradiction(format!("its {what} and its `id` name two objects"));
            }
            Some(_) => {}
            None if linked.is_in_collection => found = Some(linked.key),
            None => return Named::Contradiction(format!("its {what} is not in the collection")),
        }
    }
    found.map_or(Named::Nothing, Named::Key)
}

struct Linked {
    key: String,
    is_in_collection: bool,
}

/// What a link leads to: the key at its end, as a segment or in parentheses (OData URL Conventions 4.01 section 4.3).
fn linked(base: &Url, collection: &str, link: &str) -> Option<Linked> {
    let url = base.join(collection).ok()?.join(link).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let segments = |path: &str| -> Vec<String> {
        // Both forms of keys as one: `lamps('1')` and `lamps/1`.
        let of_segment = |text: &str| {
            let segment = Segment::read(text);
            match segment.key() {
                Some(key) => vec![segment.name.clone(), key.into_owned()],
                None => vec![decode(text).into_owned()],
            }
        };
        split_path(path).into_iter().flat_map(of_segment).collect()
    };
    let (mut own, posted) = (segments(url.path()), segments(collection));
    let key = own.pop().filter(|key| is_key(key))?;
    let is_same =
        own.len() == posted.len() && own.iter().zip(&posted).all(|(one, other)| one.eq_ignore_ascii_case(other));
    Some(Linked { key, is_in_collection: is_same && url.origin() == base.origin() })
}

/// Whose an object is that was not in its collection before a request was sent.
///
/// It is the run's if it has the text with the run's marker; or, where nothing could be marked, if it has all that was sent and was created
/// then. It is somebody else's if it carries the marker of another request, or was created at another time.
pub(super) fn owner(evidence: &Evidence<'_>, object: &Json) -> Owner {
    if evidence.own_tenant {
        return Owner::Run;
    }
    let when = when(evidence.time, created_text(object).as_deref());
    let member = evidence.marked.map_or("displayName", |marked| marked.member.as_str());
    let found = object.get(member).and_then(Json::as_str).and_then(Marker::find);
    let is_marked_by_other = found.is_some_and(|found| evidence.marked.is_none_or(|marked| marked.marker != found));
    let unknown = |why: &str| Owner::Unknown(why.to_owned());
    match evidence.marked {
        _ if is_marked_by_other => Owner::Other("it carries another marker".to_owned()),
        Some(marked) => match (marked.is_on(&[], object), when) {
            (Some(true), When::AnotherTime) => {
                unknown("it carries the marker of the run, and says that it was created at another time")
            }
            (Some(true), When::Then | When::Unknown) => Owner::Run,
            (_, When::AnotherTime) => Owner::Other("it was created at another time".to_owned()),
            (Some(false), _) => Owner::Unknown(format!("its `{}` is not what the run sent", marked.member)),
            (None, _) => {
                Owner::Unknown(format!("it does not show its `{}`, which would carry the marker", marked.member))
            }
        },
        None => match (when, evidence.sent.is_some_and(|sent| has_all(sent, object))) {
            (When::AnotherTime, _) => Owner::Other("it was created at another time".to_owned()),
            (When::Then, true) => Owner::Run,
            (When::Unknown, _) => unknown("it does not say that it was created just then, and nothing could be marked"),
            (When::Then, false) => unknown("it does not have all that was sent, and nothing could be marked"),
        },
    }
}

/// Whether an object has a text of the run's marker, and yet was there before, or not only that text.
pub(super) fn carries(marked: Option<&Marked>, object: &Json) -> bool {
    let text = marked.and_then(|marked| object.get(&marked.member)?.as_str());
    text.and_then(Marker::find).is_some_and(|found| marked.is_some_and(|marked| marked.marker == found))
}

fn when(time: Timestamp, created: Option<&str>) -> When {
    let created = created.and_then(|created| created.parse::<Timestamp>().ok());
    let Some(created) = created.filter(|created| *created >= NO_TIME_BEFORE) else { return When::Unknown };
    let after = created.duration_since(time);
    if -SKEW <= after && after <= PROCESSING {
        When::Then
    } else if after.abs() > A_DAY {
        When::AnotherTime
    } else {
        When::Unknown
    }
}

/// Whether an object of which nothing could be marked may have been created by a request of that time, by what it says of itself.
pub(super) fn is_of_then(time: Timestamp, stamp: &str) -> bool {
    when(time, Some(stamp)) == When::Then
}

/// The member by which an object says when it was created.
pub(super) const CREATED: &str = "createdDateTime";

/// When an object says that it was created, in its own words.
pub(super) fn created_text(object: &Json) -> Option<String> {
    object.get(CREATED)?.as_str().map(str::to_owned)
}

/// What is known of an object that was proven to be the run's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proven<'a> {
    /// See [`Evidence::own_tenant`].
    pub(super) own_tenant: bool,
    /// The marker that it carries.
    pub(super) marked: Option<&'a Marked>,
    /// The texts with the marker that were sent to it since.
    pub(super) texts: &'a [String],
    /// When it says that it was created.
    pub(super) stamp: Option<&'a str>,
}

/// Whether an object is still the one that was proven to be the run's: it carries the same marker, and says that it was created at the
/// same time. A key may be given to another object once the first is gone.
///
/// # Errors
///
/// Why it is not, or why that cannot be told.
pub(super) fn is_still(proven: &Proven<'_>, object: &Json) -> Result<(), String> {
    let Proven { own_tenant, marked, texts, stamp } = *proven;
    if own_tenant {
        return Ok(());
    }
    let now = created_text(object);
    match (stamp, now.as_deref(), marked) {
        (Some(stamp), Some(now), _) if !is_same_time(stamp, now) => {
            return Err("it says that it was created at another time".to_owned());
        }
        (Some(_), None, None) => return Err("it does not say any more when it was created".to_owned()),
        (None, _, None) => return Err("nothing says that it is the one that was created".to_owned()),
        _ => {}
    }
    match marked.map(|marked| (marked, marked.is_on(texts, object))) {
        None | Some((_, Some(true))) => Ok(()),
        Some((marked, Some(false))) => Err(format!("its `{}` is not what the run sent", marked.member)),
        Some((marked, None)) => {
            Err(format!("it does not show its `{}`, which carried the marker of the run", marked.member))
        }
    }
}

fn is_same_time(one: &str, other: &str) -> bool {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    one == other || (time(one).is_some() && time(one) == time(other))
}

/// Whether an object has all members that were sent, with equal values, and at least one of them. A creation time that was sent tells
/// nothing of the service's own clock.
fn has_all(sent: &Json, object: &Json) -> bool {
    let Json::Object(members) = sent else { return false };
    let own = |name: &str| !name.starts_with('@') && !name.contains("@odata.");
    let mut members = members.iter().filter(|member| own(&member.name)).peekable();
    let says_when = sent.get(CREATED).is_some();
    members.peek().is_some()
        && !says_when
        && members.all(|member| object.get(&member.name).is_some_and(|own| is_equal(&member.value, own)))
}

/// Whether two values mean the same: numbers by value, points in time whatever their offset, objects in all that was sent.
fn is_equal(sent: &Json, own: &Json) -> bool {
    match (sent, own) {
        (Json::Number(one), Json::Number(other)) => one.same_value(other),
        (Json::String(one), Json::String(other)) => {
            let instant = |text: &str| text.parse::<Timestamp>().ok();
            one == other || instant(one).is_some_and(|one| Some(one) == instant(other))
        }
        (Json::Object(_), Json::Object(_)) => has_all(sent, own) || sent == own,
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        _ => sent == own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLLECTION: &str = "/v1.0/rooms/a%20b/lamps";

    fn json(text: &str) -> Json {
        parse(text).expect("JSON").json
    }

    #[track_caller]
    fn check(location: Option<&str>, body: &str, expected: Result<Option<&str>, ()>) {
        let headers = location.map(|location| ("Location".to_owned(), location.to_owned())).into_iter().collect();
        let response = ReceivedResponse { status: 201, headers, body: body.as_bytes().to_vec() };
        let found = match named(&"https://h:8443".parse().expect("a URL"), COLLECTION, &response) {
            Named::Key(key) => Ok(Some(key)),
            Named::Nothing => Ok(None),
            Named::Contradiction(_) => Err(()),
        };
        assert_eq!(found.as_ref().map(Option::as_deref), expected.as_ref().map(|key| *key), "{location:?} {body}");
    }

    #[test]
    fn a_response_names_one_key_of_the_posted_collection_or_nothing() {
        check(None, r#"{"id": "1"}"#, Ok(Some("1")));
        check(None, r#"{"id": 7}"#, Ok(Some("7")));
        check(None, r#"{"name": "x"}"#, Ok(None));
        check(None, "not JSON", Ok(None));
        for location in [
            "https://h:8443/v1.0/rooms/a%20b/lamps/1",
            "/v1.0/Rooms/a%20b/lamps('1')",
            "/v1.0/rooms('a%20b')/lamps/1",
            "lamps/1",
            "https://h:8443/v1.0/rooms/a%20b/lamps/%31",
        ] {
            check(Some(location), "", Ok(Some("1")));
            check(Some(location), r#"{"id": "1"}"#, Ok(Some("1")));
            check(Some(location), r#"{"id": "2"}"#, Err(()));
        }
        // Somewhere else, and yet the object that the body names.
        check(Some("https://h:8443/v1.0/users('x')/lamps('1')"), r#"{"id": "1"}"#, Ok(Some("1")));
        check(Some("https://other/v1.0/rooms/a%20b/lamps/1"), r#"{"id": "1"}"#, Ok(Some("1")));
    }

    #[test]
    fn what_is_not_in_the_posted_collection_is_not_what_was_created() {
        for location in [
            "/v1.0/users/1",
            "/v1.0/rooms/other/lamps/1",
            "/v1.0/rooms/a%20b/lamps",
            "/v1.0/rooms/a%20b",
            "/v1.0/rooms/a%20b/lamps/1/parts/2",
            "https://other/v1.0/rooms/a%20b/lamps/1",
            "https://h/v1.0/rooms/a%20b/lamps/1",
            "/v1.0/rooms/a%20b/lamps/..",
            "1",
            "/",
            "",
            "http://[",
            "mailto:a@b",
        ] {
            check(Some(location), "", Err(()));
        }
        for id in [r#""..""#, r#""""#, "null", "true", "{}", r#"" 1""#, r#""1/""#, r#""a\u0000""#] {
            check(None, &format!(r#"{{"id": {id}}}"#), Err(()));
            check(Some("/v1.0/rooms/a%20b/lamps/1"), &format!(r#"{{"id": {id}}}"#), Err(()));
        }
        check(None, r#"{"id": "1", "@odata.id": "https://h:8443/v1.0/rooms/a%20b/lamps/2"}"#, Err(()));
        check(None, r#"{"@odata.id": "users('1')"}"#, Err(()));
    }

    const TIME: &str = "2026-11-24T12:00:00Z";

    #[track_caller]
    fn check_owner(marked: Option<&Marked>, sent: &str, object: &str, expected: &str) {
        let sent = json(sent);
        let evidence = Evidence { marked, sent: Some(&sent), time: TIME.parse().expect("a time"), own_tenant: false };
        let found = match owner(&evidence, &json(object)) {
            Owner::Run => "run",
            Owner::Other(_) => "other",
            Owner::Unknown(_) => "unknown",
        };
        assert_eq!(found, expected, "{sent} and {object}");
    }

    #[test]
    fn what_carries_the_marker_is_the_runs() {
        let marker = Marker::new();
        let (own, other) = (marker.to_string(), Marker::new());
        let marked = Marked { text: format!("Desk {marker}"), marker, member: "name".to_owned() };
        let check = |object: &str, expected| {
            check_owner(Some(&marked), r#"{"name": "Desk"}"#, &object.replace("OWN", &own), expected);
        };
        check(r#"{"name": "Desk OWN"}"#, "run");
        check(r#"{"name": "DESK OWN", "createdDateTime": "2026-11-24T13:01:00+01:00"}"#, "run");
        check(r#"{"name": "Desk OWN", "createdDateTime": "2020-01-01T00:00:00Z"}"#, "unknown");
        check(r#"{"name": "Desk", "createdDateTime": "2020-01-01T00:00:00Z"}"#, "other");
        check(r#"{"name": "Desk", "createdDateTime": "2026-11-24T12:00:01Z"}"#, "unknown");
        check(r#"{"name": "Desk"}"#, "unknown");
        check(r#"{"watts": 5}"#, "unknown");
        check(&format!(r#"{{"name": "Desk {other}"}}"#), "other");
        check(r#"{"name": "Copy of Desk OWN"}"#, "unknown");
        check(r#"{"name": "Desk", "createdDateTime": "0001-01-01T00:00:00Z"}"#, "unknown");
        check(r#"{"name": "Desk OWN", "createdDateTime": "0001-01-01T00:00:00Z"}"#, "run");
        check(r#"{"name": "Desk OWN", "createdDateTime": "2026-11-24T04:00:00Z"}"#, "run");
    }

    #[test]
    fn what_cannot_be_marked_is_the_runs_if_it_was_created_then_with_all_that_was_sent() {
        let sent =
            r##"{"@odata.type": "#a", "size": 1, "at": "2024-01-01T08:00:00-08:00", "of": {"a": 1}, "list": [1, 2]}"##;
        let then = r#""createdDateTime": "2026-11-24T12:00:01Z""#;
        let same = r#""size": 1.0, "at": "2024-01-01T16:00:00Z", "of": {"a": 1, "b": 2}, "list": [1, 2]"#;
        check_owner(None, sent, &format!("{{{same}, {then}}}"), "run");
        check_owner(None, sent, &format!("{{{same}}}"), "unknown");
        check_owner(None, sent, &format!("{{\"size\": 1, {then}}}"), "unknown");
        check_owner(None, sent, &format!("{{{}, {then}}}", same.replace("[1, 2]", "[2, 1]")), "unknown");
        check_owner(None, sent, &format!(r#"{{{same}, "createdDateTime": "2026-11-22T11:00:00Z"}}"#), "other");
        check_owner(None, sent, &format!(r#"{{{same}, "createdDateTime": "2026-11-24T11:00:00Z"}}"#), "unknown");
        check_owner(None, "{}", &format!("{{{then}}}"), "unknown");
        check_owner(None, r#"{"createdDateTime": "2026-11-24T12:00:00Z"}"#, &format!("{{{then}}}"), "unknown");
    }
}
