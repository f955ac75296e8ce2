//! What stands in a body for bytes that a page cannot show: the length of such a body says nothing.

use super::body::{Media, describes_bytes, is_markup};
use crate::page::{Line, Message};

/// Whether some of a message's body stands for bytes of any number: all of it, a part of a multipart body, or what an ellipsis begins.
pub(crate) fn has_stand_ins(message: &Message<'_>) -> bool {
    let content_type = message.header("Content-Type");
    match Media::of(content_type) {
        // Of a file of bytes, a page may show nothing at all.
        Media::Binary => true,
        Media::Multipart => parts(&message.body, content_type.unwrap_or_default()).any(is_stand_in),
        Media::Text => message.body.iter().any(is_elided),
        Media::Json => false,
    }
}

/// The parts of a multipart body (RFC 2046 section 5.1), each with its header fields.
fn parts<'l, 'a>(body: &'l [Line<'a>], content_type: &str) -> impl Iterator<Item = &'l [Line<'a>]> {
    let boundary = content_type.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    });
    let is_delimiter = move |line: &Line<'_>| {
        let rest = line.text.trim().strip_prefix("--");
        rest.is_some_and(|rest| boundary.as_ref().is_none_or(|boundary| rest.trim_end_matches("--") == boundary))
    };
    body.split(is_delimiter)
}

fn is_stand_in(part: &[Line<'_>]) -> bool {
    let end = part.iter().position(|line| line.text.trim().is_empty()).unwrap_or(part.len());
    let (head, content) = part.split_at(end);
    let field = |name: &str| {
        let mut fields = head.iter().filter_map(|line| line.text.split_once(':'));
        fields.find(|(own, _)| own.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let media = Media::of(field("Content-Type"));
    // Bytes that are encoded are text.
    let is_encoded = field("Content-Transfer-Encoding").is_some_and(|own| own.eq_ignore_ascii_case("base64"));
    let describes = || {
        let text = Line::join(content);
        describes_bytes(&text) && !(media == Media::Text && is_markup(&text))
    };
    (media == Media::Binary && !is_encoded) || content.iter().any(is_elided) || describes()
}

/// Whether a line begins with an ellipsis: `... binary image data ...`.
fn is_elided(line: &Line<'_>) -> bool {
    let text = line.text.trim_start();
    text.starts_with('…') || text.starts_with("...")
}
