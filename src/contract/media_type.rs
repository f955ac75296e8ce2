//! Media types of bodies.

/// A media type in lower case and without its parameters (RFC 9110 section 8.3.1).
pub fn media_type(value: &str) -> String {
    match mediatype::MediaType::parse(value.trim()) {
        Ok(parsed) => parsed.essence().to_string().to_ascii_lowercase(),
        Err(_) => value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
    }
}
