//! The text of a document that came as bytes.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// Why bytes are not the text of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The document says that it is in an encoding that nobody knows.
    #[error("it says that it is in `{0}`, which is not a known character encoding; save it in UTF-8")]
    UnknownEncoding(String),
    /// The document is not in the encoding that it says, or is said to be in.
    #[error("it is not valid {0}; save it in UTF-8, or correct the encoding that it declares")]
    NotInEncoding(&'static str),
}

/// The text of an XML document. Its encoding is that of its byte order mark, or else `charset` (the parameter of a media type, RFC 7303
/// section 3), or else what its first bytes and its declaration say (XML 1.0 section 4.3.3 and appendix F), or else UTF-8.
///
/// References to characters that names, types and paths consist of (`&#46;`) are replaced by the characters, because what reads the text
/// borrows names from it. Lines stay as they are.
///
/// # Errors
///
/// When the encoding is not known, or the bytes are not in it.
pub fn document_text(bytes: &[u8], charset: Option<&str>) -> Result<String, DocumentError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None => (encoding_without_mark(bytes, charset)?, bytes),
    };
    let (text, is_broken) = encoding.decode_without_bom_handling(bytes);
    if is_broken {
        return Err(DocumentError::NotInEncoding(encoding.name()));
    }
    Ok(with_plain_names(&text).into_owned())
}

fn encoding_without_mark(bytes: &[u8], charset: Option<&str>) -> Result<&'static Encoding, DocumentError> {
    let of_label = |label: &str| {
        Encoding::for_label(label.as_bytes()).ok_or_else(|| DocumentError::UnknownEncoding(label.to_owned()))
    };
    if let Some(charset) = charset {
        return of_label(charset);
    }
    match bytes {
        [b'<', 0, ..] => Ok(UTF_16LE),
        [0, b'<', ..] => Ok(UTF_16BE),
        _ => match declared_encoding(bytes) {
            // What can be read as bytes is not in UTF-16, whatever it says: it was converted, and its declaration was not.
            Some(label) => of_label(&label).map(|own| if own == UTF_16LE || own == UTF_16BE { UTF_8 } else { own }),
            None => Ok(UTF_8),
        },
    }
}

/// The encoding in the declaration, `<?xml version="1.0" encoding="…"?>`.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    // A declaration is ASCII, and short.
    let end = bytes.iter().take(1024).position(|byte| *byte == b'>')?;
    let Ok(Event::Decl(declaration)) = Reader::from_reader(&bytes[..=end]).read_event() else { return None };
    Some(declaration.encoding()?.ok()?.into_owned())
}

/// The text with the characters that references stand for, where these are characters of names, types and paths.
fn with_plain_names(text: &str) -> Cow<'_, str> {
    const REFERENCE: &str = "&#";
    if !text.contains(REFERENCE) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(REFERENCE) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        // The longest number of a character has eight places: `&#x10FFFF;` and its like, with zeros before it more.
        let end = from.bytes().take(16).position(|byte| byte == b';').map_or(REFERENCE.len(), |at| at + 1);
        let (reference, behind) = from.split_at(end);
        match unescape(reference).ok().and_then(|own| own.chars().next()).filter(|own| is_of_names(*own)) {
            Some(own) => plain.push(own),
            None => plain.push_str(reference),
        }
        rest = behind;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Whether names, qualified names, types and paths may have a character (OData CSDL XML 4.01 section 17).
fn is_of_names(c: char) -> bool {
    c.is_alphanumeric() || "._/(),@#-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], charset: Option<&str>, expected: Result<&str, &str>) {
        let found = document_text(bytes, charset).map_err(|error| error.to_string());
        match (&found, expected) {
            (Ok(text), Ok(expected)) => assert_eq!(text, expected),
            (Err(error), Err(words)) => assert!(error.contains(words), "{error}"),
            _ => panic!("{found:?}"),
        }
    }

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn the_encoding_is_that_of_the_mark_the_media_type_or_the_declaration() {
        let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a b=\"é\"/>";
        for to_bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
            check(&utf_16(&format!("\u{feff}{text}"), to_bytes), None, Ok(text));
            check(&utf_16(text, to_bytes), None, Ok(text));
        }
        check(format!("\u{feff}{text}").as_bytes(), None, Ok(text));
        check(text.as_bytes(), None, Ok(text));
        check(b"<a b=\"\xc3\xa9\"/>", None, Ok("<a b=\"é\"/>"));
        check(b"<a b=\"\xe9\"/>", Some("ISO-8859-1"), Ok("<a b=\"é\"/>"));
        let latin = b"<?xml version='1.0' encoding='iso-8859-1' ?><a b=\"\xe9\"/>";
        check(latin, None, Ok("<?xml version='1.0' encoding='iso-8859-1' ?><a b=\"é\"/>"));
        check(b"", None, Ok(""));
        check(b"{\"a\": 1}", None, Ok("{\"a\": 1}"));
    }

    #[test]
    fn what_is_not_in_its_encoding_is_refused() {
        check(b"<a b=\"\xe9\"/>", None, Err("not valid UTF-8"));
        check(b"<a/>", Some("klingon"), Err("`klingon`, which is not a known character encoding"));
        check(b"<?xml version=\"1.0\" encoding=\"none\"?><a/>", None, Err("`none`"));
        check(b"\xff\xfe<", None, Err("not valid UTF-16LE"));
    }

    #[test]
    fn references_to_characters_of_names_are_the_characters() {
        let check = |text: &str, expected: &str| assert_eq!(with_plain_names(text), expected);
        check("a&#46;b&#x2E;c&#x002f;d", "a.b.c/d");
        check("&#65;&#x4e2d;", "A中");
        check("&#60;&#34;&#38;&#10;&#32;", "&#60;&#34;&#38;&#10;&#32;");
        check(
            "a&amp;b &# &#; &#x; &#99999999999999999; &#xé; &#46",
            "a&amp;b &# &#; &#x; &#99999999999999999; &#xé; &#46",
        );
        check("none", "none");
    }
}
