//! Rules for the documented messages: lengths, statuses, bodies, media types.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::literals::{self, Seen};
use super::{Contracts, Linter, json_blocks, media_types, urls};
use crate::contract::{Body, PairKind, ReadBody};
use crate::diagnostic::Code;
use crate::json::Json;
use crate::page::{Block, Message, StartLine};
use crate::url::Target;

pub(super) fn check(linter: &mut Linter<'_>, contracts: &Contracts, bodies: &[ReadBody]) {
    let page = linter.page;
    let nothing_comes = says_no_body(linter);
    let mut seen = Seen::new();
    for (block, read) in page.blocks.iter().zip(bodies) {
        block.message.headers.iter().for_each(|field| media_types::check(linter, field));
        content_length(linter, &block.message);
        match &block.message.start {
            StartLine::Request(line) => {
                if !block.message.body.is_empty() && matches!(line.method.as_str(), "GET" | "HEAD") {
                    linter.report(Code::BodyWithGet, line.line, format!("a {} request with a body", line.method));
                }
                blank_in_url(linter, &line.target, line.line);
                for line in [line].into_iter().chain(&block.message.further) {
                    urls::check(linter, line);
                    literals::check_url(linter, line, &mut seen);
                }
                request(linter, block, read, line.line);
            }
            StartLine::Status(line) => {
                let standard =
                    http::StatusCode::from_u16(line.status).ok().and_then(|status| status.canonical_reason());
                if let Some(standard) = standard.filter(|standard| !line.reason.is_empty() && *standard != line.reason)
                {
                    let message =
                        format!("the reason phrase of {} is `{standard}`, not `{}`", line.status, line.reason);
                    linter.report(Code::ReasonNotStandard, line.line, message);
                }
                response(linter, &block.message, line.status, line.line, nothing_comes);
            }
            // That the start line is missing is reported already, and what it would say is not known.
            StartLine::Missing(_) | StartLine::Unreadable(_) => {}
        }
        literals::check_lines(linter, &block.message.body, read, &mut seen);
    }
    json_blocks::check(linter, &mut seen);
    status_in_prose(linter, contracts);
}

/// The length is that of the body's lines joined with CRLF or LF, without a final line end.
fn content_length(linter: &mut Linter<'_>, message: &Message<'_>) {
    let Some(field) = message.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-length")) else {
        return;
    };
    let Ok(declared) = field.value.parse::<usize>() else {
        let text = format!("the Content-Length `{}` is not a number", field.value);
        return linter.report(Code::ContentLengthWrong, field.line, text);
    };
    let text: usize = message.body.iter().map(|line| line.text.len()).sum();
    let ends = message.body.len().saturating_sub(1);
    let (with_lf, with_crlf) = (text + ends, text + 2 * ends);
    if declared == with_lf || declared == with_crlf {
        return;
    }
    let actual = match (with_lf, with_crlf) {
        (0, _) => "there is no body".to_owned(),
        (lf, crlf) if lf == crlf => format!("the body has {lf} bytes"),
        (lf, crlf) => format!("the body has {crlf} bytes with CRLF line ends, or {lf} with LF"),
    };
    linter.report(Code::ContentLengthWrong, field.line, format!("Content-Length is {declared}, but {actual}"));
}

fn blank_in_url(linter: &mut Linter<'_>, target: &str, line: u32) {
    let mut depth = 0_usize;
    let raw_blank = target.chars().any(|c| {
        match c {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c.is_whitespace() && depth == 0
    });
    if raw_blank {
        linter.report(Code::BlankInUrl, line, "a blank in the URL, which has to be written as %20");
    }
}

/// A body is sent with its type (RFC 9110 section 8.3).
fn request(linter: &mut Linter<'_>, block: &Block<'_>, read: &ReadBody, line: u32) {
    let is_json = matches!(read.body, Some(Body::Json(Json::Object(_) | Json::Array(_))));
    if is_json && !block.in_http_section && block.message.header("Content-Type").is_none() {
        linter.report(Code::NoRequestContentType, line, "a request with a JSON body, but without a Content-Type");
    }
}

fn response(linter: &mut Linter<'_>, message: &Message<'_>, status: u16, line: u32, nothing_comes: bool) {
    let has_body = !message.body.is_empty();
    match status {
        204 if has_body => linter.report(Code::BodyWithNoContent, line, "204 No Content with a body"),
        200 | 201 if !has_body && !nothing_comes && linter.reads_prose(Code::NoBody) => {
            linter.report(Code::NoBody, line, format!("{status} without a body"));
        }
        _ => {}
    }
    let is_json = message.body.first().is_some_and(|line| line.text.trim_start().starts_with(['{', '[']));
    if is_json && message.header("Content-Type").is_none() {
        linter.report(Code::NoContentType, line, "a JSON body without a Content-Type");
    }
}

/// Whether the page itself says that nothing comes back.
fn says_no_body(linter: &Linter<'_>) -> bool {
    linter.page.prose_below("response", 2).any(|prose| {
        let text = prose.text.to_lowercase();
        ["not return anything", "no response body", "empty response body", "no content"]
            .iter()
            .any(|words| text.contains(words))
    })
}

/// The status of an example is one that the text of the section "Response" names, if it names any.
fn status_in_prose(linter: &mut Linter<'_>, contracts: &Contracts) {
    let status = |code: &Cow<'_, str>| {
        let digits =
            code.split_whitespace().find(|word| word.len() == 3 && word.chars().all(|c| c.is_ascii_digit()))?;
        digits.parse::<u16>().ok().filter(|status| (200..400).contains(status))
    };
    let named: BTreeSet<u16> =
        linter.page.prose_below("response", 2).flat_map(|prose| &prose.codes).filter_map(status).collect();
    if named.is_empty() {
        return;
    }
    for (kind, contract) in contracts {
        let status = contract.response.status;
        let is_graph = Target::read(&contract.request.url).is_graph();
        // Further responses, errors and other hosts are other stories than the section tells.
        if *kind == PairKind::Pair && status < 400 && is_graph && !named.contains(&status) {
            let named: Vec<String> = named.iter().map(u16::to_string).collect();
            let message = format!("the example returns {status}, the section \"Response\" says {}", named.join(", "));
            linter.report(Code::StatusContradictsProse, contract.source.response.line, message);
        }
    }
}
