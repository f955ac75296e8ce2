//! Identifiers that look like those of a service, and are the same in each run that asks for the same things.

use sha2::{Digest as _, Sha256};
use uuid::Builder;

use graph_contracts::json::{Json, Number};
use graph_contracts::normal::Shape;

/// The GUID of a number within a namespace: a random one (RFC 9562 section 5.4) to look at.
pub(super) fn guid(namespace: &str, number: u64) -> String {
    let digest = bytes(namespace, number);
    let mut random = [0; 16];
    random.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(random).into_uuid().to_string()
}

/// An identifier in the form of the documented one.
pub(super) fn identifier(documented: Option<&Json>, namespace: &str, number: u64) -> Json {
    match documented {
        Some(Json::Number(_)) => integer(1000 + number),
        Some(Json::String(text)) => Json::String(identifier_text(text, namespace, number)),
        _ => Json::String(guid(namespace, number)),
    }
}

/// A JSON number.
pub(super) fn integer(number: u64) -> Json {
    Number::from_literal(&number.to_string()).map_or(Json::Null, Json::Number)
}

/// The key by which a URL addresses an object with that identifier.
pub(super) fn key(identifier: &Json) -> String {
    match identifier {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn identifier_text(documented: &str, namespace: &str, number: u64) -> String {
    let is_plain = documented.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=.!,|".contains(&byte));
    let has_digit = documented.bytes().any(|byte| byte.is_ascii_digit());
    match Shape::of_field(documented) {
        Shape::Int => (1000 + number).to_string(),
        // Words such as `id-value` say nothing of the form.
        Shape::String if is_plain && has_digit && documented.len() >= 8 => {
            let digest = bytes(namespace, number);
            documented
                .bytes()
                .zip(digest.iter().cycle())
                .map(|(byte, random)| char::from(like(byte, *random)))
                .collect()
        }
        _ => guid(namespace, number),
    }
}

/// A byte of the same class as the documented one.
fn like(byte: u8, random: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'0' + random % 10,
        // Hexadecimal digits stay such.
        b'a'..=b'f' => b'a' + random % 6,
        b'g'..=b'z' => b'a' + random % 26,
        b'A'..=b'F' => b'A' + random % 6,
        b'G'..=b'Z' => b'A' + random % 26,
        other => other,
    }
}

fn bytes(namespace: &str, number: u64) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(namespace.as_bytes());
    digest.update(number.to_be_bytes());
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(documented: &str, expected: Shape) {
        let made = identifier_text(documented, "users", 1);
        assert_eq!(Shape::of_field(&made), expected, "{documented}: {made}");
        assert_ne!(made, documented);
        assert_eq!(made, identifier_text(documented, "users", 1));
        assert_ne!(made, identifier_text(documented, "users", 2));
    }

    #[test]
    fn identifiers_have_the_documented_form_and_repeat() {
        check("1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e", Shape::Guid);
        check("17", Shape::Int);
        check("AAMkAGI2TG93AAA=", Shape::String);
        check("id-value", Shape::Guid);
        check("{id}", Shape::Guid);
    }
}
