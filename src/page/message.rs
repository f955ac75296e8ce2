//! A fenced block read as an HTTP message.
//!
//! Documentation is more liberal than HTTP: the version is missing, header fields follow a blank line, the body follows the
//! fields at once, targets are wrapped. All of it is read as its author meant it, and reported.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Line;
use super::start_line::{
    FirstLine, Label, MOST_BYTES, Problem, RequestLine, StartLine, Unreadable, column, is_comment,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::edit::{Change, Edit};
use crate::json::{behind_blanks, opens_json};

/// Fields that open a header section even after a blank line; anything else that looks like a field may be the first line of
/// a text body (a mail, a contact).
const KNOWN_FIELDS: [&str; 17] = [
    "accept",
    "accept-language",
    "authorization",
    "cache-control",
    "client-request-id",
    "consistencylevel",
    "content-length",
    "content-range",
    "content-type",
    "etag",
    "host",
    "if-match",
    "if-none-match",
    "location",
    "prefer",
    "range",
    "retry-after",
];

/// An HTTP message as documented.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// The first line.
    pub start: StartLine,
    /// Further request lines of the same block, in order.
    pub further: Vec<RequestLine>,
    /// The header fields, in order.
    pub headers: Vec<Header>,
    /// The lines of the body; empty if it is missing. The last one is not blank.
    pub body: Vec<Line<'a>>,
    /// The last line of the start line and the header fields, and how many characters stand before its text.
    pub(crate) head_end: (u32, u32),
    /// What is wrong with the message: code, line, column and what was seen.
    pub defects: Vec<Defect>,
}

/// One defect of a message; the page turns it into a [`Diagnostic`](crate::diagnostic::Diagnostic).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The kind.
    pub code: Code,
    /// The line in the page.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// What corrects it, if there is one right answer.
    pub edit: Option<Edit>,
}

impl Defect {
    /// A defect at a line and column.
    // Hardly anything that is read has a defect: what reports one is kept out of the code that reads.
    #[cold]
    pub(crate) fn new(code: Code, (line, column): (u32, u32), message: impl Into<String>) -> Defect {
        Defect { code, line, column, message: message.into(), edit: None }
    }

    /// The same with the edit that corrects it, where there is one.
    #[cold]
    pub(crate) fn with_edit(self, edit: Option<Edit>) -> Defect {
        Defect { edit, ..self }
    }

    /// The defect as one of that page.
    #[cold]
    pub(crate) fn of_page(&self, page: &str) -> Diagnostic {
        let Defect { code, line, column, message, edit } = self;
        Diagnostic::new(*code, page, (*line, *column), message.as_str()).with_edit(edit.clone())
    }
}

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The name as documented; its case does not matter.
    pub name: String,
    /// The value as documented.
    pub value: String,
    /// Its line in the page.
    pub line: u32,
}

impl<'a> Message<'a> {
    /// Reads the lines of a block; `None` if its first line that is not blank opens no message.
    pub fn read(lines: &[Line<'a>]) -> Option<Message<'a>> {
        Message::read_labeled(lines, Label::Nothing)
    }

    /// The same for a block of which the page says something.
    pub(super) fn read_labeled(lines: &[Line<'a>], label: Label) -> Option<Message<'a>> {
        let FirstLine { start, lines: taken, slip } = FirstLine::read(lines, label)?;
        let mut message = Message::with_start(start);
        let code = Code::StartLineSlip;
        message.defects.extend(slip.map(|(line, column, message)| Defect::new(code, (line, column), message)));
        // Where comments stand before the start line, they stand between the header fields, too.
        let is_commented = taken > 1 && lines[..taken - 1].iter().any(|line| is_comment(line.text.trim()));
        let rest: Vec<Line<'a>>;
        let rest = if is_commented {
            let head = lines[taken..].iter().take_while(|line| !is_blank(line)).count();
            let (head, body) = lines[taken..].split_at(head);
            let head = head.iter().filter(|line| !is_comment(line.text.trim()));
            rest = head.chain(body).cloned().collect();
            &rest
        } else {
            &lines[taken..]
        };
        message.head_end = place_of(&lines[taken - 1]);
        let rest = message.read_start(rest);
        message.refuse_long_target(&lines[taken - 1]);
        let rest = message.read_headers(rest);
        message.read_body(rest);
        Some(message)
    }

    /// Takes a request whose target is too long for one that cannot be read. `line` is its first one.
    fn refuse_long_target(&mut self, line: &Line<'_>) {
        let StartLine::Request(request) = &self.start else { return };
        let bytes = request.target.len();
        if bytes > MOST_BYTES {
            let unreadable = Unreadable { line: request.line, column: column(line), problem: Problem::TooLong(bytes) };
            self.start = StartLine::Unreadable(unreadable);
        }
    }

    /// Reads an answer that shows no status line: header fields and a body in JSON, or the body alone.
    pub(super) fn read_answer(lines: &[Line<'a>]) -> Option<Message<'a>> {
        let first = lines.iter().position(|line| !is_blank(line))?;
        let mut message = Message::with_start(StartLine::Missing(lines[first].number));
        let mut rest = &lines[first..];
        if is_known_field(&rest[0]) {
            rest = message.read_headers(rest);
        }
        message.read_body(rest);
        let is_json = message.body.first().is_some_and(|line| opens_json(&line.text));
        is_json.then_some(message)
    }

    fn with_start(start: StartLine) -> Message<'a> {
        Message {
            start,
            further: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            head_end: (0, 0),
            defects: Vec::new(),
        }
    }

    /// Reads the rest of a wrapped target and the request lines that follow the first at once.
    fn read_start<'l>(&mut self, mut lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
        let StartLine::Request(request) = &mut self.start else { return lines };
        let mut open = open_parentheses(&request.target);
        while let [line, rest @ ..] = lines {
            let text = line.text.trim();
            if text.is_empty() || !(open > 0 || text.starts_with(['&', '?'])) {
                break;
            }
            open += open_parentheses(text);
            request.target.push_str(text);
            self.head_end = place_of(line);
            lines = rest;
        }
        while let [line, rest @ ..] = lines {
            let Some(further) = further_request_line(line) else { break };
            self.head_end = place_of(line);
            self.further.push(further);
            lines = rest;
        }
        lines
    }

    fn read_headers<'l>(&mut self, mut lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
        let blank = lines.iter().take_while(|line| is_blank(line)).count();
        if blank > 0 {
            match lines.get(blank) {
                Some(line) if is_known_field(line) => {
                    let blanks = lines[..blank].iter().map(|line| Change::Remove { line: line.number });
                    let edit = Edit::new(blanks.collect());
                    self.defect(Code::HeadersAfterBlankLine, line, "header fields after a blank line", edit);
                    lines = &lines[blank..];
                }
                _ => return &lines[blank..],
            }
        }
        while let [line, rest @ ..] = lines {
            if is_blank(line) {
                return rest;
            }
            if let Some(field) = Header::read(line) {
                if line.text.trim().contains(|c: char| c.is_control() && c != '\t') {
                    let message = "a header field with a control character";
                    self.defect(Code::HeaderNotValid, line, message, without_control(line));
                }
                self.headers.push(field);
            } else if let (Some(field), true) = (self.headers.last_mut(), is_folded(line)) {
                field.value.push(' ');
                field.value.push_str(line.text.trim());
            } else if let (Some(further), StartLine::Request(_)) = (further_request_line(line), &self.start) {
                self.further.push(further);
            } else if !self.is_separator(line, rest) {
                // Other text may be no body at all.
                let is_body = behind_blanks(&line.text).starts_with(['{', '[', '<']);
                let (after, indent) = self.head_end;
                let blank = || Edit::new(vec![Change::Insert { after, indent, text: String::new() }]);
                let edit = is_body.then(blank).flatten();
                let message = match (&self.headers[..], &self.start) {
                    ([], StartLine::Request(_)) => "no blank line between the request line and the body",
                    ([], StartLine::Status(_)) => "no blank line between the status line and the body",
                    _ => "no blank line between the header fields and the body",
                };
                self.defect(Code::NoBlankLineBeforeBody, line, message, edit);
                return lines;
            }
            self.head_end = place_of(line);
            lines = rest;
        }
        lines
    }

    /// Whether a line is a word between two request lines, such as "or".
    fn is_separator(&self, line: &Line<'_>, rest: &[Line<'_>]) -> bool {
        let is_word = line.text.trim().chars().all(char::is_alphabetic);
        let is_next = || rest.first().is_some_and(|next| further_request_line(next).is_some());
        matches!(self.start, StartLine::Request(_)) && is_word && is_next()
    }

    fn read_body(&mut self, lines: &[Line<'a>]) {
        let mut body = lines;
        if matches!(self.start, StartLine::Request(_)) {
            // A further request line ends the body: it opens a message of its own.
            let further = lines.iter().enumerate().filter_map(|(at, line)| Some((at, further_request_line(line)?)));
            let further: Vec<(usize, RequestLine)> = further.collect();
            if let Some((at, _)) = further.first() {
                body = &lines[..*at];
            }
            self.further.extend(further.into_iter().map(|(_, line)| line));
        }
        let first = body.iter().position(|line| !is_blank(line)).unwrap_or(body.len());
        let last = body.iter().rposition(|line| !is_blank(line)).map_or(first, |at| at + 1);
        self.body = self.take_late_fields(&body[first..last]).to_vec();
    }

    /// Takes header fields that stand behind a JSON body.
    fn take_late_fields<'l>(&mut self, body: &'l [Line<'a>]) -> &'l [Line<'a>] {
        let is_late = |line: &Line<'a>| is_blank(line) || is_known_field(line);
        let end = body.iter().rposition(|line| !is_late(line)).map_or(0, |at| at + 1);
        let (before, late) = body.split_at(end);
        let ends_json = before.last().is_some_and(|line| line.text.trim_end().ends_with(['}', ']']));
        let Some(first) = late.iter().find(|line| !is_blank(line)).filter(|_| ends_json) else { return body };
        let fields: Vec<Header> = late.iter().filter_map(Header::read).collect();
        let edit = self.moved_up(late, &fields);
        self.defect(Code::HeadersAfterBody, first, "header fields behind the body", edit);
        self.headers.extend(fields);
        before
    }

    /// Puts lines with header fields below the others. Where one is there already, a person has to say which counts.
    fn moved_up(&self, late: &[Line<'_>], fields: &[Header]) -> Option<Edit> {
        let is_known = |field: &Header| self.header(&field.name).is_some();
        let (after, indent) = self.head_end;
        if after == 0 || fields.iter().any(is_known) {
            return None;
        }
        let text = |line: &Line<'_>| line.text.trim().to_owned();
        let inserted = late.iter().filter(|line| !is_blank(line));
        let inserted = inserted.map(|line| Change::Insert { after, indent, text: text(line) });
        Edit::new(inserted.chain(late.iter().map(|line| Change::Remove { line: line.number })).collect())
    }

    fn defect(&mut self, code: Code, line: &Line<'_>, message: &str, edit: Option<Edit>) {
        self.defects.push(Defect::new(code, (line.number, column(line)), message).with_edit(edit));
    }

    /// The request lines, the first one and the further ones in order; nothing where another line is first.
    pub fn request_lines(&self) -> impl Iterator<Item = &RequestLine> {
        self.start.request().into_iter().chain(&self.further)
    }

    /// The body's text, its lines joined with line feeds; empty if there is no body.
    pub fn body_text(&self) -> String {
        Line::join(&self.body)
    }

    /// The value of the first field of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name).map(|header| header.value.as_str())
    }
}

/// Where a line is, and how many characters stand before its text.
fn place_of(line: &Line<'_>) -> (u32, u32) {
    (line.number, line.indent)
}

/// The edit that takes the control characters out of a line.
fn without_control(line: &Line<'_>) -> Option<Edit> {
    let at = (line.indent + 1..).zip(line.text.chars()).filter(|(_, c)| c.is_control() && *c != '\t');
    let removed =
        at.map(|(column, c)| Change::Replace { line: line.number, column, old: c.to_string(), new: String::new() });
    Edit::new(removed.collect())
}

/// The first field of that name.
pub fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a Header> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))
}

impl Header {
    fn read(line: &Line<'_>) -> Option<Header> {
        let (name, value) = line.text.trim().split_once(':')?;
        // RFC 9110 section 5.6.2: a field name is a token.
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let is_name = !name.is_empty() && name.chars().all(token);
        // RFC 9110 section 5.5: a value has no control characters but tabs.
        let value = value.trim().replace(|c: char| c.is_control() && c != '\t', "");
        is_name.then(|| Header { name: name.to_owned(), value, line: line.number })
    }
}

fn is_known_field(line: &Line<'_>) -> bool {
    Header::read(line).is_some_and(|field| KNOWN_FIELDS.contains(&field.name.to_ascii_lowercase().as_str()))
}

/// A request line behind the first one: its target must look like one, since text bodies have lines of all sorts.
fn further_request_line(line: &Line<'_>) -> Option<RequestLine> {
    let request = RequestLine::read(&line.text, line.number)?;
    let target = &request.target;
    let looks_like_target =
        target.starts_with(['/', '{']) || request.is_absolute() || !target.contains(char::is_whitespace);
    looks_like_target.then_some(request)
}

fn is_blank(line: &Line<'_>) -> bool {
    line.text.trim().is_empty()
}

/// A line that continues the field before (RFC 9112 section 5.2), as long field values are wrapped in documentation.
fn is_folded(line: &Line<'_>) -> bool {
    line.text.starts_with([' ', '\t']) && !line.text.trim_start().starts_with(['{', '[', '"', '<'])
}

/// How many more parentheses a part of a target opens than it closes.
fn open_parentheses(target: &str) -> i64 {
    target.bytes().map(|byte| i64::from(byte == b'(') - i64::from(byte == b')')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line<'_>> {
        let line = |(at, text)| Line { number: at as u32 + 1, indent: 0, text: std::borrow::Cow::Borrowed(text) };
        text.lines().enumerate().map(line).collect()
    }

    /// Shows a message: start, further lines, fields, body, codes of defects with their lines.
    fn shown(text: &str) -> Option<String> {
        let lines = lines(text);
        let message = Message::read(&lines)?;
        let start = match &message.start {
            StartLine::Request(r) => format!("{} {}", r.method, r.target),
            StartLine::Status(s) => format!("{} {}", s.status, s.reason),
            other => format!("{other:?}"),
        };
        let further = message.further.iter().map(|r| format!(" +{}", r.target)).collect::<String>();
        let headers = message.headers.iter().map(|h| format!(" {}={}", h.name, h.value)).collect::<String>();
        let defects = message.defects.iter().map(|d| format!(" !{}@{}:{}", d.code, d.line, d.column));
        Some(format!("{start}{further}{headers} [{}]{}", message.body_text(), defects.collect::<String>()))
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text).as_deref(), Some(expected));
    }

    #[test]
    fn a_message_is_start_line_fields_and_body() {
        check("POST /a\nContent-type: application/json\n\n{\n}\n\n", "POST /a Content-type=application/json [{\n}]");
        check("HTTP/1.1 201 Created\nA:b\n\nx", "201 Created A=b [x]");
        check("\n  GET  /a?b=c d  HTTP/1.1", "GET /a?b=c d []");
    }

    #[test]
    fn a_word_may_stand_between_two_request_lines() {
        check("GET /a\nor\nGET /b", "GET /a +/b []");
        check("POST /a\nor", "POST /a [or] !no-blank-line-before-body@2:1");
    }

    #[test]
    fn a_status_line_needs_neither_version_nor_reason() {
        check("HTTP 204", "204  []");
        check("HTTP/2 200 OK", "200 OK []");
        assert_eq!(shown("HTTP/1.1 20 OK"), None);
        assert_eq!(shown("HTTP is a protocol"), None);
    }

    #[test]
    fn other_text_is_no_message() {
        for text in ["", "\n\n", "{ \"a\": 1 }", "GET", "SELECT * FROM x"] {
            assert_eq!(shown(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_body_without_a_blank_line_before_it_is_reported() {
        check("HTTP/1.1 200 OK\nA: b\n{\n}", "200 OK A=b [{\n}] !no-blank-line-before-body@3:1");
        check("POST /a\n  {}", "POST /a [  {}] !no-blank-line-before-body@2:3");
    }

    #[test]
    fn fields_after_a_blank_line_are_fields() {
        check("POST /a\n\nContent-Type: b\n\n{}", "POST /a Content-Type=b [{}] !headers-after-blank-line@3:1");
    }

    #[test]
    fn fields_behind_a_json_body_are_fields() {
        check(
            "POST /a\n{\n}\n\nContent-type: b\nAccept: c",
            "POST /a Content-type=b Accept=c [{\n}] !no-blank-line-before-body@2:1 !headers-after-body@5:1",
        );
        check("HTTP/1.1 200 OK\n\ntext\nContent-type: b", "200 OK [text\nContent-type: b]");
    }

    #[test]
    fn a_text_body_that_looks_like_a_field_stays_a_body() {
        check("HTTP/1.1 200 OK\n\nBEGIN:VCARD\nEND:VCARD", "200 OK [BEGIN:VCARD\nEND:VCARD]");
        check(
            "HTTP/1.1 200 OK\nContent-Type: text/plain\n\nContent-Type: x",
            "200 OK Content-Type=text/plain [Content-Type: x]",
        );
    }

    #[test]
    fn wrapped_targets_and_fields_are_joined() {
        check("GET /a/f(ids=[\n  \"x\"\n])\nA: b\n c", "GET /a/f(ids=[\"x\"]) A=b c []");
        check("GET /a?$top=1\n  &$skip=2", "GET /a?$top=1&$skip=2 []");
    }

    #[test]
    fn a_url_that_no_service_has_to_take_is_not_read() {
        let long = |bytes: usize| format!("GET /{}\n  &$skip=2\n\n{{}}", "a".repeat(bytes - "/&$skip=2".len()));
        assert!(shown(&long(8000)).is_some_and(|shown| shown.starts_with("GET /a")));
        assert!(shown(&long(8001)).is_some_and(|shown| shown.contains("TooLong(8001)")));
        let text = format!("```\n{}\n```\n\n```\nHTTP/1.1 204\n```\n", long(8001));
        let page = crate::page::Page::parse("p.md", &text);
        let found: Vec<_> = page.diagnostics.iter().map(|found| (found.code.name(), found.line)).collect();
        assert_eq!((found.as_slice(), page.pairing.pairs.len()), ([("start-line-not-valid", 2)].as_slice(), 0));
    }

    #[test]
    fn several_request_lines_are_kept_apart() {
        check("POST /a\nPOST /b\n", "POST /a +/b []");
        check("PATCH https://h/a\nA: b\n\n{}\n\nPATCH https://h/b\n\n{}", "PATCH https://h/a +https://h/b A=b [{}]");
    }

    #[test]
    fn a_start_line_with_a_slip_is_read_and_reported() {
        check("# all\nPOST /a\n# the type\nA: b\n\n{}", "POST /a A=b [{}] !start-line-slip@1:1");
    }

    #[test]
    fn an_answer_without_a_status_line_is_fields_and_json() {
        let shown = |text: &str| {
            let message = Message::read_answer(&lines(text))?;
            Some(format!("{:?} {} {}", message.start, message.headers.len(), message.body_text()))
        };
        assert_eq!(shown("\n{}").as_deref(), Some("Missing(2) 0 {}"));
        assert_eq!(shown("Content-type: application/json\n\n[]").as_deref(), Some("Missing(1) 1 []"));
        assert_eq!(shown("text"), None);
        assert_eq!(shown(""), None);
    }
}
