//! Rules for the documented messages: lengths, statuses, bodies, media types.

use std::cell::LazyCell;

use super::lengths::Lengths;
use super::literals::{self, Seen};
use super::{
    Contracts, Linter, body_words, expressions, fixes, header_names, json_blocks, media_types, query_options,
    status_in_prose, urls,
};
use crate::contract::{Body, ReadBody, has_stand_ins, may_be_truncated, media_type};
use crate::diagnostic::Code;
use crate::json::{Json, opens_json};
use crate::page::{Block, BlockKind, Element, Page, RequestLine, StartLine, StatusLine};

pub(super) fn check(linter: &mut Linter<'_>, contracts: &Contracts, bodies: &[ReadBody]) {
    let page = linter.page;
    let something_comes = LazyCell::new(|| body_words::says_body(page));
    let mut seen = Seen::default();
    let mut phrases = Vec::new();
    for (index, (block, read)) in page.blocks.iter().zip(bodies).enumerate() {
        for field in &block.message.headers {
            media_types::check(linter, field);
            header_names::check(linter, field);
        }
        content_length(linter, index, read);
        let has_body = !block.message.body.is_empty();
        match &block.message.start {
            StartLine::Request(line) => {
                if has_body && !block.in_http_section && has_no_body(&line.method) {
                    linter.report(Code::BodyWithGet, line.line, format!("a {} request with a body", line.method));
                }
                // A template is not sent.
                if !block.in_http_section && block.kind == BlockKind::Request {
                    blank_in_url(linter, line);
                }
                for line in block.message.request_lines() {
                    urls::check(linter, line);
                    query_options::check(linter, line);
                    expressions::check(linter, line);
                    literals::check_url(linter, line, &mut seen);
                }
                request(linter, block, read, &line.method, line.line);
            }
            StartLine::Status(line) => {
                let standard =
                    http::StatusCode::from_u16(line.status).ok().and_then(|status| status.canonical_reason());
                // Who writes it in another case means the same.
                let differs = |standard: &&str| !line.reason.is_empty() && !standard.eq_ignore_ascii_case(&line.reason);
                if let Some(standard) = standard.filter(differs) {
                    phrases.push((line, standard));
                }
                response(linter, block, read, line, &something_comes);
            }
            // That the start line is missing is reported already, and what it would say is not known.
            StartLine::Missing(_) | StartLine::Unreadable(_) => {}
        }
        literals::check_lines(linter, &block.message.body, read, &mut seen);
    }
    json_blocks::check(linter, &mut seen);
    let corrected = status_in_prose::check(linter, contracts);
    for (line, standard) in phrases {
        // Where the text says the status whose phrase this is, the number is wrong, which is reported.
        let is_of = |status: &u16| {
            let status = http::StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
            status.is_some_and(|phrase| phrase.eq_ignore_ascii_case(&line.reason))
        };
        if !corrected.get(&line.line).is_some_and(|named| named.iter().any(is_of)) {
            let message = format!("the reason phrase of {} is `{standard}`, not `{}`", line.status, line.reason);
            let edit = fixes::reason(linter.page, line, standard);
            linter.report_fixable(Code::ReasonNotStandard, (line.line, 1), message, edit);
        }
    }
}

/// The length is that of the body's lines joined with CRLF or LF.
fn content_length(linter: &mut Linter<'_>, index: usize, read: &ReadBody) {
    let page = linter.page;
    let block = &page.blocks[index];
    let message = &block.message;
    let Some(field) = message.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-length")) else {
        return;
    };
    let Ok(declared) = field.value.parse::<usize>() else {
        let text = format!("the Content-Length `{}` is not a number", field.value);
        let edit = fixes::length(linter.page, block, read, field);
        return linter.report_fixable(Code::ContentLengthWrong, (field.line, 1), text, edit);
    };
    let Lengths { with_lf, with_crlf } = Lengths::of(message);
    if declared == with_lf || declared == with_crlf {
        return;
    }
    // A body from a file may end with a line end, and a text in brackets stands for bytes of any number.
    let has_body = with_lf > 0;
    let has_end = has_body && (declared == with_lf + 1 || declared == with_crlf + 2);
    if has_end || matches!(read.body, Some(Body::Bytes(_))) || has_stand_ins(message) {
        return;
    }
    // An ellipsis stands for more.
    if declared > with_lf && read.defects.iter().any(|defect| defect.code == Code::JsonEllipsis) {
        return;
    }
    // That of the whole response, of which the page shows a part, with either line end.
    let may_be_part = block.kind == BlockKind::Response && has_body && declared > with_lf;
    if may_be_part && may_be_truncated(page, index) {
        return;
    }
    let actual = match (with_lf, with_crlf) {
        (0, _) => "there is no body".to_owned(),
        (lf, crlf) if lf == crlf => format!("the body has {lf} bytes"),
        (lf, crlf) => format!("the body has {crlf} bytes with CRLF line ends, or {lf} with LF"),
    };
    let edit = fixes::length(linter.page, block, read, field);
    let message = format!("Content-Length is {declared}, but {actual}");
    linter.report_fixable(Code::ContentLengthWrong, (field.line, 1), message, edit);
}

/// What stands in placeholders is a description, and what stands in parentheses an argument, where OData allows blanks.
fn blank_in_url(linter: &mut Linter<'_>, line: &RequestLine) {
    // Most URLs have none.
    if !line.target.contains(char::is_whitespace) {
        return;
    }
    let mut depth = 0_usize;
    let mut before = None;
    let raw_blank = line.target.char_indices().find(|(_, c)| {
        match c {
            '{' | '<' | '(' => depth += 1,
            '}' | '>' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_found = c.is_whitespace() && depth == 0;
        if !is_found {
            before = Some(*c);
        }
        is_found
    });
    if let Some((offset, _)) = raw_blank {
        let place = linter.place_in_target(line, offset);
        let behind = line.target[offset..].trim_start().chars().next();
        // What begins or ends with a blank does not mean it, unless it is a text.
        let is_in_text = line.target[..offset].matches(['"', '\'']).count() % 2 == 1;
        let beside = match (before, behind) {
            _ if is_in_text => None,
            (Some(sign @ ('?' | '&' | '=' | '/')), _) => Some(("behind", sign)),
            (_, Some(sign @ ('?' | '&' | '=' | '/'))) => Some(("before", sign)),
            _ => None,
        };
        let message = match beside {
            None => "a blank in the URL, which has to be written as %20".to_owned(),
            // Where the first one has to go, that says nothing of the others.
            Some((side, sign)) => {
                let further = further_blanks(&line.target[offset..]);
                format!("a blank {side} `{sign}` in the URL, which has to be removed{further}")
            }
        };
        let edit = fixes::blanks(linter, line);
        linter.report_fixable(Code::BlankInUrl, place, message, edit);
    }
}

/// What is said of the blanks of a URL behind the first one, with which `rest` begins: whoever corrects the URL encodes those in parentheses, too.
fn further_blanks(rest: &str) -> &'static str {
    let mut depth = 0_usize;
    for c in rest.trim_start().chars() {
        match c {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            _ if c.is_whitespace() && depth == 0 => return "; those further on have to be encoded or removed, too",
            _ => {}
        }
    }
    ""
}

/// A body is sent with its type (RFC 9110 section 8.3); one that should not be there needs none.
fn request(linter: &mut Linter<'_>, block: &Block<'_>, read: &ReadBody, method: &str, line: u32) {
    let is_json = matches!(read.body, Some(Body::Json(Json::Object(_) | Json::Array(_))));
    if is_json && !has_no_body(method) && !block.in_http_section && has_no_type(block) {
        let message = "a request with a JSON body, but without a Content-Type";
        let edit = fixes::json_type(block, read);
        linter.report_fixable(Code::NoRequestContentType, (line, 1), message, edit);
    }
}

/// Whether a request with a method has no body (RFC 9110 sections 9.3.1 and 9.3.2).
fn has_no_body(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

fn response(
    linter: &mut Linter<'_>,
    block: &Block<'_>,
    read: &ReadBody,
    &StatusLine { status, line, .. }: &StatusLine,
    something_comes: &LazyCell<Option<bool>, impl FnOnce() -> Option<bool>>,
) {
    let message = &block.message;
    let has_body = !message.body.is_empty();
    // A page cannot show an image.
    let media = message.header("Content-Type").map(media_type).unwrap_or_default();
    let shows_bytes = !(media.is_empty() || media.contains("json") || media.starts_with("text/"));
    match status {
        204 if has_body => linter.report(Code::BodyWithNoContent, line, "204 No Content with a body"),
        200 | 201 if !has_body && !shows_bytes => match **something_comes {
            Some(false) => {}
            Some(true) if has_body_behind(linter.page, block) => return,
            Some(true) => linter.report(Code::NoBody, line, format!("{status} without a body")),
            None => {
                linter.unjudged.insert(Code::NoBody);
            }
        },
        _ => {}
    }
    let is_json = message.body.first().is_some_and(|line| opens_json(&line.text));
    // A text in braces may stand for bytes.
    let is_json = is_json && !matches!(read.body, Some(Body::Bytes(_)));
    // A body that should not be there needs no type.
    if is_json && status != 204 && has_no_type(block) {
        let edit = fixes::json_type(block, read);
        linter.report_fixable(Code::NoContentType, (line, 1), "a JSON body without a Content-Type", edit);
    }
}

/// Whether a message has no `Content-Type`, not even under a name that is misspelled, which is reported.
fn has_no_type(block: &Block<'_>) -> bool {
    block.message.header("Content-Type").is_none() && !header_names::has_misspelled(block, "Content-Type")
}

/// Whether the page shows the body of a response right below its block: in a block of its own, or as a paragraph of code.
fn has_body_behind(page: &Page<'_>, block: &Block<'_>) -> bool {
    let mut behind = page.elements.iter().enumerate().skip(block.element + 1);
    match behind.find(|(_, element)| !matches!(element, Element::Comment(_))) {
        Some((index, Element::Fence(fence))) => {
            let is_message = page.blocks.binary_search_by_key(&index, |other| other.element).is_ok();
            let first = fence.lines.iter().map(|line| line.text.trim_start()).find(|line| !line.is_empty());
            !is_message && first.is_some_and(opens_json)
        }
        Some((_, Element::Prose(prose))) => {
            let text = prose.text.trim().trim_matches('`').trim();
            matches!(&prose.codes[..], [code] if code.trim() == text)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;
    use crate::lint::lint_page;
    use crate::lint::testing::{exchange, places};

    const GET: &str = "GET https://graph.microsoft.com/v1.0/lamps";

    #[test]
    fn a_body_is_missing_where_the_text_says_that_there_is_one() {
        let check = |prose: &str, response: &str, is_missing: bool| {
            let found = places(&exchange(prose, GET, response), Code::NoBody);
            assert_eq!(!found.is_empty(), is_missing, "{prose} {response}");
        };
        let says = "If successful, returns the lamp in the response body.";
        check(says, "HTTP/1.1 200 OK", true);
        check(says, "HTTP/1.1 201 Created\nLocation: /lamps/1", true);
        check(says, "HTTP/1.1 200 OK\nContent-Type: text/plain", true);
        check(says, "HTTP/1.1 200 OK\n\n{}", false);
        check(says, "HTTP/1.1 202 Accepted", false);
        check(says, "HTTP/1.1 200 OK\nContent-Type: image/png", false);
        for prose in [
            "If successful, returns `200 OK`.",
            "If successful, returns `201 Created` and a Location header with the path of the new object.",
            "Returns `200 OK`. It does not return anything in the response body.",
            "The response body is returned if asked for. Otherwise, there is no response body.",
            "",
        ] {
            check(prose, "HTTP/1.1 200 OK", false);
        }
    }

    #[test]
    fn a_body_may_stand_below_its_block() {
        let check = |below: &str, is_missing: bool| {
            let text = exchange("Returns it in the response body.", GET, "HTTP/1.1 200 OK") + below;
            assert_eq!(!places(&text, Code::NoBody).is_empty(), is_missing, "{below}");
        };
        check("\n`394`\n", false);
        check("\n```csharp\nvar a = 1;\n```\n", true);
        check("\nSee `id`.\n", true);
        check("\n## Next\n\n`394`\n", true);
    }

    #[test]
    fn the_length_of_a_whole_response_may_stand_above_a_part_of_it() {
        let check = |comment: &str, length: usize, is_wrong: bool| {
            let response = format!("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {length}\n\n{{}}");
            let text = format!("## Example\n\n```http\n{GET}\n```\n\n{comment}\n```http\n{response}\n```\n");
            assert_eq!(!places(&text, Code::ContentLengthWrong).is_empty(), is_wrong, "{comment} {length}");
        };
        let part = "<!-- {\"blockType\": \"response\", \"truncated\": true} -->";
        check("", 2, false);
        check("", 200, true);
        check(part, 200, false);
        check(part, 1, true);
        let lines = |length: usize, is_wrong: bool| {
            let response =
                format!("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {length}\n\n{{\n\n\n}}");
            let text = format!("## Example\n\n```http\n{GET}\n```\n\n{part}\n```http\n{response}\n```\n");
            assert_eq!(!places(&text, Code::ContentLengthWrong).is_empty(), is_wrong, "{length}");
        };
        let said = |text: &str, length: usize, is_wrong: bool| {
            let response = format!("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {length}\n\n{{}}");
            let text = format!("## Example\n\n```http\n{GET}\n```\n\n{text}\n```http\n{response}\n```\n");
            assert_eq!(!places(&text, Code::ContentLengthWrong).is_empty(), is_wrong, "{text} {length}");
        };
        said("Note: The response is truncated for brevity.\n", 200, false);
        said("> **Observação:** o objeto de resposta pode ser encurtado.\n", 200, false);
        said("为简洁起见，可能会截断响应对象。\n", 200, false);
        said("Note: The response is truncated for brevity.\n", 1, true);
        said("The response has all properties.\n", 200, true);
        // Five bytes with LF, eight with CRLF.
        lines(4, true);
        lines(6, false);
    }

    #[test]
    fn what_stands_for_bytes_has_no_length() {
        let check = |content_type: &str, body: &str, is_wrong: bool| {
            let request = format!("POST /lamps\nContent-Type: {content_type}\nContent-Length: 312\n\n{body}");
            let text = exchange("", request.trim_end(), "HTTP/1.1 204 No Content");
            assert_eq!(!places(&text, Code::ContentLengthWrong).is_empty(), is_wrong, "{content_type} {body}");
        };
        let multipart = |part: &str| format!("--x\nContent-Type: text/html\n\n<p>A lamp</p>\n--x\n{part}\n--x--");
        let form = "multipart/form-data; boundary=\"x\"";
        check(form, &multipart("Content-Type:image/jpeg\n\nThe image"), false);
        check(form, &multipart("content-type: text/csv\n\n... the rows ..."), false);
        check(form, &multipart("Content-Type: text/plain\n\n[The text of the file]"), false);
        check(form, &multipart("Content-Type: text/plain\n\nOn and off"), true);
        check(form, &multipart("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="), true);
        check("text/html", "<p>\n...\n</p>", false);
        check("text/html", "<p>On and off</p>", true);
        check("application/zip", "", false);
        check("application/json", "", true);
        check("application/json", "{\n  \"a\": 1,\n  ...\n}", false);
    }

    #[test]
    fn a_reason_phrase_in_another_case_is_the_same() {
        let of = |status: &str| places(&exchange("", GET, &format!("HTTP/1.1 {status}")), Code::ReasonNotStandard);
        assert_eq!(of("204 NO CONTENT"), []);
        assert_eq!(of("204 OK").len(), 1);
    }

    #[test]
    fn of_a_phrase_and_a_status_the_one_is_wrong_that_the_text_does_not_say() {
        let check = |prose: &str, status: &str, phrase: usize, number: usize| {
            let text = exchange(prose, GET, &format!("HTTP/1.1 {status}\n\n{{}}"));
            assert_eq!(places(&text, Code::ReasonNotStandard).len(), phrase, "{prose} {status}");
            assert_eq!(places(&text, Code::StatusContradictsProse).len(), number, "{prose} {status}");
        };
        check("Returns `201 Created`.", "200 Created", 0, 1);
        check("Retorna `201 Created`.", "200 CREATED", 0, 1);
        check("Returns `201 Created`.", "201 OK", 1, 0);
        check("Returns `201 Created`.", "200 Accepted", 1, 1);
        check("Returns a lamp.", "200 Created", 1, 0);
        check("Returns `201 Created`, or 200.", "200 Created", 1, 0);
    }

    #[test]
    fn a_blank_in_the_url_of_an_example_is_found_where_it_stands() {
        let check = |request: &str, expected: &[(u32, u32)]| {
            let text = exchange("", request, "HTTP/1.1 204 No Content");
            assert_eq!(places(&text, Code::BlankInUrl), expected, "{request}");
        };
        check("GET https://graph.microsoft.com/v1.0/lamps?$filter=name eq 'a'", &[(8, 56)]);
        check("GET  /lamps/my lamp", &[(8, 15)]);
        for request in [
            "GET /lamps?$filter=startswith(name, 'a')",
            "GET /lamps?$filter=tags/any(t: t eq 'a')",
            "GET /lamps/find(text='a b')",
            "GET /lamps/{id or name}",
            "GET /lamps/<the name>",
            "GET /lamps?$filter=name%20eq%20'a'",
        ] {
            check(request, &[]);
        }
        let template = "## HTTP request\n\n```http\nGET /lamps?$filter=name eq 'a'\n```\n";
        assert_eq!(places(template, Code::BlankInUrl), []);
    }

    #[test]
    fn a_blank_that_means_nothing_has_to_be_removed() {
        let check = |target: &str, expected: &str| {
            let text = exchange("", &format!("GET {target}"), "HTTP/1.1 204 No Content");
            let found = lint_page(&Page::parse("v1.0/api/lamp.md", &text), &TypeIndex::default(), None).diagnostics;
            let found: Vec<_> = found.into_iter().filter(|own| own.code == Code::BlankInUrl).collect();
            assert!(matches!(&found[..], [own] if own.message.contains(expected)), "{target} {found:?}");
        };
        check("/lamps?$filter= a eq 1", "behind `=`");
        check("/lamps?$filter= (a eq 1)", "behind `=` in the URL, which has to be removed; those further on");
        check("/lamps?$filter=a eq '1'", "which has to be written as %20");
        check("/lamps/my lamp/{id or name}", "written as %20");
        check("/lamps?$filter=a%20eq%201& $top=1", "behind `&`");
        check("/lamps ?$top=1", "before `?`");
        check("/lamps?$filter=a eq 1", "written as %20");
        check("/lamps?$search=\"a= b\"", "written as %20");
        check("/lamps?$search=\"a\" OR \"b\"", "written as %20");
    }

    #[test]
    fn a_request_with_json_says_that_it_is() {
        let check = |request: &str, is_missing: bool| {
            let text = exchange("", request, "HTTP/1.1 204 No Content");
            assert_eq!(!places(&text, Code::NoRequestContentType).is_empty(), is_missing, "{request}");
        };
        check("POST /lamps\n\n{\"a\": 1}", true);
        check("POST /lamps\nPrefer: a\n\n[1]", true);
        check("POST /lamps\nContent-type: application/json\n\n{\"a\": 1}", false);
        check("POST /lamps", false);
        check("PUT /lamps/1/text\n\nsome text", false);
        let template = "## HTTP request\n\n```http\nPOST /lamps\n\n{\"a\": 1}\n```\n";
        assert_eq!(places(template, Code::NoRequestContentType), []);
    }

    #[test]
    fn what_should_not_be_there_needs_no_type() {
        let of = |status: &str| places(&exchange("", GET, &format!("HTTP/1.1 {status}\n\n{{}}")), Code::NoContentType);
        assert_eq!(of("200 OK"), [(12, 1)]);
        assert_eq!(of("204 No Content"), []);
        let bytes = exchange("", GET, "HTTP/1.1 200 OK\n\n{Raw bytes of the file}");
        assert_eq!(places(&bytes, Code::NoContentType), []);
    }
}
