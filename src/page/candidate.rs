//! A fenced block with what stands around it, before it is known whether it is an HTTP block.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::accepted::Accepted;
use super::message::Defect;
use super::pairing::Sequence;
use super::start_line::{Label, Problem, Unreadable};
use super::zone::{Zone, Zones};
use super::{
    Block, BlockKind, Element, Fence, Line, Message, Metadata, NotMetadata, RequestLine, StartLine, StatusLine,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::behind_blanks;

/// The slug of the heading whose section holds the URL templates.
const HTTP_SECTION: &str = "http-request";

/// A fenced block with what stands around it, before it is known whether it is an HTTP block.
pub(super) struct Candidate<'p, 'a> {
    pub(super) fence: &'p Fence<'a>,
    pub(super) element: usize,
    /// The index of the fence with its body, if that is another one.
    pub(super) body_element: Option<usize>,
    /// Its last line.
    pub(super) end: u32,
    pub(super) label: Label,
    pub(super) metadata: Option<Arc<Metadata>>,
    /// The status of the next message, where that is a response and some reader of this block sees it.
    pub(super) next_status: Option<u16>,
    pub(super) message: Option<Message<'a>>,
    headings: Vec<usize>,
    in_http_section: bool,
    pub(super) zone: Zone,
}

/// The fenced blocks of a page. `accepted` gets what comments about the page as a whole accept.
pub(super) fn candidates<'p, 'a>(
    path: &str,
    elements: &'p [Element<'a>],
    diagnostics: &mut Vec<Diagnostic>,
    accepted: &mut BTreeSet<Accepted>,
) -> Vec<Candidate<'p, 'a>> {
    let fences = elements.iter().filter(|element| matches!(element, Element::Fence(_))).count();
    let mut candidates = Vec::with_capacity(fences);
    let mut metadata = None;
    let mut headings: Vec<(u8, usize)> = Vec::new();
    let mut http_level = None;
    let mut zones = Zones::of(elements, |line, message| {
        diagnostics.push(Defect::new(Code::ZoneNotValid, (line, 1), message).of_page(path));
    });
    for (index, element) in elements.iter().enumerate() {
        zones.read(element);
        match element {
            Element::Heading(next) => {
                if http_level.is_some_and(|level| next.level <= level) {
                    http_level = None;
                }
                if next.opens(HTTP_SECTION) {
                    http_level = Some(next.level);
                }
                headings.retain(|(level, _)| *level < next.level);
                headings.push((next.level, index));
            }
            Element::Comment(comment) => match comment.metadata() {
                Some(Ok(read)) => {
                    if comment.text.contains("#page.annotation") {
                        accepted.extend(read.suppressions.iter().cloned());
                    }
                    if read.is_of_block() {
                        metadata = Some(Arc::clone(read));
                    }
                }
                Some(Err(NotMetadata { line, what })) => {
                    let message = format!("the metadata is not JSON: on line {}, {what}", comment.line + line);
                    let defect = Defect::new(Code::MetadataNotJson, (comment.line, 1), message);
                    diagnostics.push(defect.of_page(path));
                }
                None => {}
            },
            Element::Fence(fence) => {
                if let Some((line, column)) = fence.unclosed {
                    let message =
                        format!("the code block that begins on line {} is not closed before this", fence.line);
                    diagnostics.push(Defect::new(Code::TextAfterMessage, (line, column), message).of_page(path));
                }
                let metadata = metadata.take();
                let label = Label::of(&fence.info, metadata.as_deref());
                candidates.push(Candidate {
                    fence,
                    element: index,
                    body_element: None,
                    end: fence.lines.last().map_or(fence.line, |line| line.number),
                    label,
                    metadata,
                    next_status: None,
                    message: read_message(fence, label),
                    headings: headings.iter().map(|(_, index)| *index).collect(),
                    in_http_section: http_level.is_some(),
                    zone: zones.current().clone(),
                });
            }
            Element::Prose(_) | Element::Table(_) => {}
        }
    }
    let mut next: Option<(u16, Zone)> = None;
    for candidate in candidates.iter_mut().rev() {
        candidate.next_status =
            next.as_ref().filter(|(_, zone)| zone.meets(&candidate.zone)).map(|(status, _)| *status);
        if let Some(message) = &candidate.message {
            next = match &message.start {
                StartLine::Status(line) => Some((line.status, candidate.zone.clone())),
                _ => None,
            };
        }
    }
    candidates
}

/// Reads the message of a block. Its start line may stand on the line of the fence, where no reader sees it.
fn read_message<'a>(fence: &Fence<'a>, label: Label) -> Option<Message<'a>> {
    let (language, start) = fence.info.trim().split_once(char::is_whitespace).unwrap_or_default();
    let is_start = || {
        let is_absolute = |line: RequestLine| line.is_absolute() || line.target.starts_with('/');
        RequestLine::read(start, fence.line).is_some_and(is_absolute) || StatusLine::read(start, fence.line).is_some()
    };
    if language.is_empty() || !is_start() {
        return Message::read_labeled(&fence.lines, label);
    }
    let line = Line { number: fence.line, indent: 0, text: start.to_owned().into() };
    let lines: Vec<Line<'a>> = std::iter::once(line).chain(fence.lines.iter().cloned()).collect();
    let mut message = Message::read_labeled(&lines, label)?;
    let problem = "the start line stands behind the opening fence, where it is not shown".to_owned();
    message.defects.push(Defect::new(Code::StartLineSlip, (fence.line, 1), problem));
    Some(message)
}

impl<'a> Candidate<'_, 'a> {
    pub(super) fn into_block(self, message: Message<'a>, status: Option<StatusLine>) -> Block<'a> {
        Block {
            kind: BlockKind::of(&message, status.as_ref()),
            message,
            status,
            metadata: self.metadata,
            headings: self.headings,
            in_http_section: self.in_http_section,
            zone: self.zone,
            element: self.element,
            body_element: self.body_element,
            end: self.end,
        }
    }

    /// Whether a block whose first line cannot be read is meant as a message, and is not a URL or a command that the page shows for another
    /// reason.
    pub(super) fn is_meant_as(&self, line: &Unreadable, message: &Message<'_>, sequence: &Sequence) -> bool {
        // A response that follows would otherwise answer a template, or an earlier request once more, or nothing.
        let is_missing = self.next_status.is_some() && sequence.lacks_request(&self.zone);
        let is_body = |line: &Line<'_>| behind_blanks(&line.text).starts_with(['{', '[', '<']);
        let has_more = !message.headers.is_empty() || message.body.first().is_some_and(is_body);
        match (self.label, &line.problem) {
            (Label::Request | Label::Response, _) | (_, Problem::TooLong(_)) => true,
            (Label::Http, Problem::NoMethod) => has_more || is_missing || self.in_http_section,
            (Label::Http, _) => true,
            (Label::Code | Label::Nothing, _) => is_missing && !self.in_http_section,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::page::Page;

    #[test]
    fn a_start_line_behind_the_fence_is_read_and_reported() {
        let text = "```http GET /a\n```\n```http HTTP/1.1 200 OK\nA: b\n```\n";
        let page = Page::parse("p.md", text);
        assert_eq!((page.pairing.pairs.len(), page.blocks[1].message.headers.len()), (1, 1));
        let places: Vec<_> = page.diagnostics.iter().map(|found| (found.code.name(), found.line)).collect();
        assert_eq!(places, [("start-line-slip", 1), ("start-line-slip", 3)]);
        assert!(Page::parse("p.md", "```http Get all\n```\n").blocks.is_empty());
    }

    #[test]
    fn a_url_alone_is_reported_where_a_response_follows_an_answered_request() {
        let check = |info: &str, second: &str, expected: &[(&str, u32)]| {
            let pair = "```http\nGET /lamps\n```\n\n```http\nHTTP/1.1 200 OK\n```\n\n";
            let text = format!("{pair}```{info}\n{second}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n");
            let page = Page::parse("p.md", &text);
            let found: Vec<_> = page.diagnostics.iter().map(|found| (found.code.name(), found.line)).collect();
            assert_eq!(found, expected, "{info} {second}");
            // The second response is not another one to the first request.
            assert_eq!((page.pairing.pairs.len(), page.pairing.extras.len()), (1, usize::from(expected.is_empty())));
        };
        check("http", "https://graph.microsoft.com/v1.0/lamps/1", &[("start-line-not-valid", 10)]);
        check("", "https://graph.microsoft.com/v1.0/lamps/1", &[("start-line-not-valid", 10)]);
        check("http", "/lamps/{id}", &[("start-line-not-valid", 10)]);
        check("bash", "curl https://graph.microsoft.com/v1.0/lamps/1", &[("start-line-not-valid", 10)]);
        check("csharp", "await client.Lamps.GetAsync();", &[]);
    }
}
