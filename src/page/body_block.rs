//! Messages whose body stands in a code block of its own, right behind the one with their head.

use super::candidate::Candidate;
use super::message::Defect;
use super::start_line::Label;
use super::{Fence, Line, Message, StartLine};
use crate::diagnostic::Code;
use crate::json::opens_json;

/// Joins each head with the body in the next block, where nothing stands between the two, and nothing says that the block is anything else.
pub(super) fn join<'p, 'a>(candidates: Vec<Candidate<'p, 'a>>) -> Vec<Candidate<'p, 'a>> {
    let mut joined: Vec<Candidate<'p, 'a>> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match joined.last_mut().filter(|head| is_body_of(&candidate, head)) {
            Some(head) => add(head, &candidate),
            None => joined.push(candidate),
        }
    }
    joined
}

fn is_body_of(body: &Candidate<'_, '_>, head: &Candidate<'_, '_>) -> bool {
    let follows = body.element == head.element + 1 && head.body_element.is_none();
    // Metadata makes a block one of its own.
    follows && body.message.is_none() && body.metadata.is_none() && lacks_body(head) && is_json(body.fence)
}

/// Whether a message announces a body and shows none. That of a request is followed by its response: otherwise the next block may be that.
fn lacks_body(head: &Candidate<'_, '_>) -> bool {
    let Some(message) = head.message.as_ref().filter(|message| message.body.is_empty() && message.further.is_empty())
    else {
        return false;
    };
    let announces =
        |json: &str| message.header("Content-Type").is_some_and(|own| own.to_ascii_lowercase().contains(json));
    match &message.start {
        StartLine::Request(line) => {
            let has_body = matches!(line.method.as_str(), "POST" | "PATCH" | "PUT");
            has_body && announces("json") && head.next_status.is_some()
        }
        // RFC 9110 section 15.3: 204 and 205 have no content.
        StartLine::Status(line) => announces("json") && !matches!(line.status, 204 | 205 | 304),
        StartLine::Missing(_) | StartLine::Unreadable(_) => false,
    }
}

/// Whether a block has JSON and nothing else.
fn is_json(fence: &Fence<'_>) -> bool {
    let info = fence.info.trim();
    let mut lines = fence.lines.iter().map(|line| line.text.trim()).filter(|line| !line.is_empty());
    let is_labeled = info.is_empty() || ["json", "http"].iter().any(|label| info.eq_ignore_ascii_case(label));
    is_labeled && lines.next().is_some_and(opens_json)
}

fn add<'a>(head: &mut Candidate<'_, 'a>, body: &Candidate<'_, 'a>) {
    let separator = Line { number: body.fence.line, indent: 0, text: "".into() };
    let own = head.fence.lines.iter().cloned();
    let lines: Vec<Line<'a>> = own.chain([separator]).chain(body.fence.lines.iter().cloned()).collect();
    let label = if head.label == Label::Nothing { Label::Http } else { head.label };
    let Some(mut message) = Message::read_labeled(&lines, label) else { return };
    let problem =
        "the body stands in a code block of its own, behind that of its start line and header fields".to_owned();
    message.defects.push(Defect::new(Code::BodyInOwnBlock, (body.fence.line, 1), problem));
    head.message = Some(message);
    head.body_element = Some(body.element);
    head.end = body.end;
}

#[cfg(test)]
mod tests {
    use crate::page::Page;

    const REQUEST: &str = "```http\nPOST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n```\n";
    const BODY: &str = "```json\n{\"name\": \"a\"}\n```\n";
    const RESPONSE: &str = "```http\nHTTP/1.1 201 Created\nContent-Type: application/json\n```\n";

    /// The body of each message of a page, and the lines of the diagnostics.
    #[track_caller]
    fn check(parts: &[&str], bodies: &[&str], lines: &[u32]) {
        let text = parts.join("\n");
        let page = Page::parse("p.md", &text);
        let found: Vec<String> = page.blocks.iter().map(|block| block.message.body_text()).collect();
        assert_eq!(found, bodies, "{text}");
        let found: Vec<u32> = page.diagnostics.iter().map(|found| found.line).collect();
        assert_eq!(found, lines, "{text}");
    }

    #[test]
    fn a_body_right_behind_its_head_is_read_with_it() {
        let body = "{\"name\": \"a\"}";
        check(&[REQUEST, BODY, RESPONSE, BODY], &[body, body], &[6, 15]);
        check(&[REQUEST, BODY, "Text.\n", RESPONSE, BODY], &[body, body], &[6, 17]);
    }

    #[test]
    fn another_block_is_no_body() {
        let empty: [&str; 2] = ["", ""];
        check(&[REQUEST, "The body:\n", BODY, RESPONSE], &empty, &[]);
        check(&[REQUEST, RESPONSE, "<!-- { \"blockType\": \"resource\" } -->\n", BODY], &empty, &[]);
        check(&[REQUEST, RESPONSE, "## Next\n", BODY], &empty, &[]);
        check(&[REQUEST, RESPONSE, ":::zone pivot=\"a\"\n", BODY, ":::zone-end\n"], &empty, &[]);
        check(&[REQUEST, RESPONSE, "```javascript\n{ a }\n```\n"], &empty, &[]);
        check(&[REQUEST, "```http\nHTTP/1.1 204 No Content\n```\n", BODY], &empty, &[]);
        check(&["```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n", BODY, RESPONSE], &empty, &[]);
        // The second one is not its body.
        check(&[REQUEST, RESPONSE, BODY, BODY], &["", "{\"name\": \"a\"}"], &[11]);
    }
}
