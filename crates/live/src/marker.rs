//! The marker of an object that a run creates: a text that nobody else has, in a member that leaves free what it says.

use std::fmt;

use graph_contracts::contract::{Body, Contract};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, Member};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What each marker begins with.
const PREFIX: &str = "gc";

/// The digits of a marker that are random, and those that are a checksum of them.
const RANDOM: usize = 12;
const CHECKSUM: usize = 4;

/// Members whose text is for people, by name: what they say is free as far as documentation tells. The first one that a body has is
/// marked. Names that are addresses or keys, such as `userPrincipalName`, are not among them.
const FREE_TEXTS: [&str; 12] = [
    "displayName",
    "name",
    "title",
    "subject",
    "topic",
    "description",
    "summary",
    "notes",
    "note",
    "comment",
    "comments",
    "label",
];

/// How the names of other members end whose text is for people, where the sample is prose, and what does not stand in their names.
const FREE_ENDINGS: [&str; 4] = ["Name", "Description", "Title", "Notes"];
const ADDRESSES: [&str; 6] = ["principal", "domain", "mail", "host", "server", "account"];

/// What may stand before a marker, the empty one last.
const SEPARATORS: [&str; 4] = [" ", "-", "_", ""];

/// A text that tells an object of this run from all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Marker(String);

/// A marker, and the member that carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// The marker.
    pub marker: Marker,
    /// The name of the member of the object.
    pub member: String,
    /// The whole text that is sent. An object whose text only contains the marker, such as a copy of ours, is not ours.
    pub text: String,
}

impl TryFrom<String> for Marker {
    type Error = String;

    fn try_from(text: String) -> Result<Marker, String> {
        match Marker::find(&text) {
            Some(marker) if marker.0 == text => Ok(marker),
            _ => Err(format!("`{text}` is not a marker")),
        }
    }
}

impl From<Marker> for String {
    fn from(Marker(text): Marker) -> String {
        text
    }
}

impl Marker {
    /// A new marker. The random bits are those of a GUID (RFC 9562 section 5.4).
    pub fn new() -> Marker {
        let mut bytes = [0; RANDOM / 2];
        fastrand::fill(&mut bytes);
        let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Marker(format!("{PREFIX}{random}{}", checksum(&random)))
    }

    /// The first marker of any run in a text. What only looks like one has another checksum.
    pub fn find(text: &str) -> Option<Marker> {
        let text = text.to_ascii_lowercase();
        let length = PREFIX.len() + RANDOM + CHECKSUM;
        let candidates =
            text.match_indices(PREFIX).filter_map(|(at, _)| text.get(at..at + length).filter(|own| own.is_ascii()));
        let is_marker = |candidate: &&str| {
            let (random, own) = candidate[PREFIX.len()..].split_at(RANDOM);
            random.bytes().all(|byte| byte.is_ascii_hexdigit()) && checksum(random) == own
        };
        candidates.into_iter().find(is_marker).map(|candidate| Marker(candidate.to_owned()))
    }

    /// The marker at the end of a text, before the extension of a file's name, in the text's own form: after a blank where there are
    /// blanks, after nothing where there are only letters and digits.
    fn put_into(&self, text: &str) -> String {
        let (stem, extension) = match text.rsplit_once('.') {
            Some((stem, extension)) if is_extension(stem, extension) => (stem, format!(".{extension}")),
            _ => (text, String::new()),
        };
        let separator = match stem {
            _ if stem.contains(char::is_whitespace) => " ",
            _ if stem.chars().all(char::is_alphanumeric) => "",
            _ if stem.contains('_') && !stem.contains('-') => "_",
            _ => "-",
        };
        format!("{stem}{separator}{}{extension}", self.0)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for Marker {
    fn default() -> Marker {
        Marker::new()
    }
}

impl Marked {
    /// The member of a contract's request that can carry that marker: a free text by its name, and by what the page's types say of it.
    /// `None` where the request has none.
    pub fn new(marker: Marker, contract: &Contract) -> Option<Marked> {
        let sent = contract.request.body.as_ref()?.as_json()?;
        let properties = contract.request.body_type.as_ref().and_then(|name| contract.types.get(name));
        let is_free = |name: &str| {
            let declared = properties.and_then(|own| own.properties.iter().find(|property| property.name == name));
            let is_string = declared.is_none_or(|property| {
                property.type_name == "Edm.String" && !property.collection && property.values.is_empty()
            });
            is_string && sent.get(name).and_then(Json::as_str).is_some_and(is_free_text)
        };
        let Json::Object(members) = sent else { return None };
        let is_prose = |member: &&Member| {
            let name = member.name.to_lowercase();
            FREE_ENDINGS.iter().any(|ending| member.name.ends_with(ending))
                && !ADDRESSES.iter().any(|address| name.contains(address))
                && member.value.as_str().is_some_and(|text| text.trim().contains(char::is_whitespace))
        };
        let others = members.iter().filter(is_prose).map(|member| member.name.as_str());
        let member = FREE_TEXTS.into_iter().chain(others).find(|name| is_free(name))?;
        let text = marker.put_into(sent.get(member)?.as_str()?);
        Some(Marked { member: member.to_owned(), text, marker })
    }

    /// The contract with the marker in its request, and the whole text that it sends, if it sends the member.
    #[must_use]
    pub fn mark(&self, mut contract: Contract) -> (Contract, Option<String>) {
        if let Some(Body::Json(Json::Object(members))) = &mut contract.request.body
            && let Some(member) = members.iter_mut().find(|member| member.name == self.member)
            && let Some(text) = member.value.as_str()
        {
            let text = self.marker.put_into(text);
            member.value = Json::String(text.clone());
            return (contract, Some(text));
        }
        (contract, None)
    }

    /// A response without the marker, as it would be if the page's own request had been sent. What the service made of the text
    /// otherwise stays.
    #[must_use]
    pub fn unmark(&self, mut response: ReceivedResponse) -> ReceivedResponse {
        for separator in SEPARATORS {
            let added = format!("{separator}{}", self.marker);
            response.body = without(&response.body, added.as_bytes());
            response.headers.iter_mut().for_each(|(_, value)| *value = value.replace(&added, ""));
        }
        response
    }

    /// Whether an object has the text that was sent when it was created, or one of those that were sent to change it, in any case of
    /// letters; `None` where it does not have the member as a text, so that nothing can be told.
    pub fn is_on(&self, later: &[String], object: &Json) -> Option<bool> {
        let text = object.get(&self.member)?.as_str()?.to_lowercase();
        Some(std::iter::once(&self.text).chain(later).any(|own| own.to_lowercase() == text))
    }
}

/// Bytes without each occurrence of others.
fn without(bytes: &[u8], taken: &[u8]) -> Vec<u8> {
    let mut left = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(taken) {
            at += taken.len();
        } else {
            left.push(bytes[at]);
            at += 1;
        }
    }
    left
}

/// Whether a documented text is one that may be followed by anything: no address, identifier, number or date.
fn is_free_text(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text.contains(['@', '/', '\\', '{', '<'])
        && text.parse::<uuid::Uuid>().is_err()
        && text.parse::<jiff::Timestamp>().is_err()
        && text.parse::<jiff::Span>().is_err()
}

fn is_extension(stem: &str, extension: &str) -> bool {
    !stem.is_empty()
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && extension.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn checksum(random: &str) -> String {
    let digest = Sha256::digest(random.as_bytes());
    digest.iter().take(CHECKSUM / 2).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts_testing::contracts_of_text;

    fn marker() -> Marker {
        let random = "0123456789ab";
        Marker(format!("{PREFIX}{random}{}", checksum(random)))
    }

    #[test]
    fn a_marker_is_found_again_and_nothing_else_is_one() {
        for _ in 0..100 {
            let marker = Marker::new();
            let text = format!("gc Desk {} 2", marker.0.to_ascii_uppercase());
            assert_eq!(Marker::find(&text), Some(marker.clone()), "{text}");
            let written = serde_json::to_string(&marker).expect("JSON");
            assert_eq!(serde_json::from_str::<Marker>(&written).expect("a marker"), marker);
        }
        for text in ["", "gc", "gc0123456789ab0000", "gcgcgc", "gc0123456789aß0000ß", "\u{e9}gc0123456789ab00"] {
            assert_eq!(Marker::find(text), None, "{text}");
            assert!(serde_json::from_value::<Marker>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_is_marked_in_its_own_form() {
        let check = |text: &str, expected: &str| {
            assert_eq!(marker().put_into(text), expected.replace('*', &marker().0), "{text}");
        };
        check("Desk lamp", "Desk lamp *");
        check("Desk", "Desk*");
        check("desk-lamp", "desk-lamp-*");
        check("desk_lamp", "desk_lamp_*");
        check("report.docx", "report*.docx");
        check("v1.0", "v1.0-*");
        check("Ends.", "Ends.-*");
    }

    #[track_caller]
    fn check(sent: &str, properties: &str, expected: Option<&str>) {
        let text = format!(
            "# Create lamp\n## HTTP request\n```http\nPOST /lamps\n```\n## Request body\n|Property|Type|Description|\n|:--|:--|:--|\n{properties}\
             ## Example\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{sent}\n```\n\
             ```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{sent}\n```\n"
        );
        let contract = contracts_of_text("create-lamp.md", &text).remove(0);
        let marked = Marked::new(marker(), &contract);
        assert_eq!(marked.as_ref().map(|marked| marked.member.as_str()), expected, "{sent}");
        let Some(marked) = marked else { return };
        let body = |contract: &Contract| contract.request.body.as_ref().and_then(Body::as_json).cloned().expect("JSON");
        let carrying = body(&marked.mark(contract.clone()).0);
        assert_eq!(marked.is_on(&[], &carrying), Some(true), "{carrying}");
        let response = ReceivedResponse { status: 201, headers: Vec::new(), body: carrying.to_pretty().into_bytes() };
        assert_eq!(marked.unmark(response).body, body(&contract).to_pretty().into_bytes());
    }

    #[test]
    fn the_marker_stands_in_a_free_text_of_the_request() {
        check(r#"{ "description": "A lamp", "displayName": "Desk" }"#, "", Some("displayName"));
        check(r#"{ "description": "A lamp", "name": "d@h" }"#, "", Some("description"));
        check(r#"{ "name": "Desk", "watts": 5 }"#, "|name|String|The name.|\n", Some("name"));
        check(r#"{ "watts": 5, "userPrincipalName": "a" }"#, "", None);
        check(r#"{ "name": "2024-01-01T00:00:00Z" }"#, "", None);
        check(r#"{ "name": "87d349ed-44d7-43e1-9a83-5f2406dee5bd" }"#, "", None);
        check(r#"{ "name": { "a": "b" } }"#, "", None);
        check(r#"{ "watts": 5, "roomName": "Room Name value" }"#, "", Some("roomName"));
        check(r#"{ "roomName": "DESKTOP-1", "userPrincipalName": "User Principal Name value" }"#, "", None);
        check(r#"{ "title": "small" }"#, "|title|lampTitle|Possible values are: `small`, `large`.|\n", None);
    }
}
