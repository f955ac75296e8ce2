//! The first line of a message: a request line or a status line, as documentation writes them.
//!
//! [`FirstLine::read`] reads what HTTP has (RFC 9112 sections 3 and 4), and tells apart what looks as if it should be one: a slip whose
//! meaning is certain is read and reported; where the method or the URL would be a guess, the line is [`Unreadable`].

use std::fmt;

use super::{Line, Metadata};

/// The methods of RFC 9110 section 9 and RFC 5789 that documentation shows.
const METHODS: [&str; 7] = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"];

/// The versions of HTTP, with and without their minor number.
const VERSIONS: [&str; 8] = ["0.9", "1", "1.0", "1.1", "2", "2.0", "3", "3.0"];

/// Programs that send requests from a command line.
const PROGRAMS: [&str; 5] = ["curl", "curl.exe", "wget", "invoke-restmethod", "invoke-webrequest"];

/// The start line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartLine {
    /// Of a request.
    Request(RequestLine),
    /// Of a response.
    Status(StatusLine),
    /// There is none: the block is an answer that shows header fields or a body alone. Its first line.
    Missing(u32),
    /// Of a request, but what is requested is a guess.
    Unreadable(Unreadable),
}

/// `METHOD target`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: String,
    /// The target: an absolute URL, or a path relative to the service root.
    pub target: String,
    /// The line in the page.
    pub line: u32,
}

/// `HTTP/1.1 201 Created`, the version and the reason phrase being optional in documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// The three digits.
    pub status: u16,
    /// The reason phrase, empty if it is missing.
    pub reason: String,
    /// The line in the page.
    pub line: u32,
}

/// A line that should open a request, and cannot be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its line in the page.
    pub line: u32,
    /// The column of its first character that is not blank, counted from 1.
    pub column: u32,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Why a first line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is a command of that program.
    Command(String),
    /// It is a URL alone.
    NoMethod,
    /// It begins with a word that is no method.
    UnknownMethod(String),
    /// It is not a request line at all, in a block that is meant as a request.
    NoRequestLine,
    /// It is a status line without a status of three digits.
    NoStatus,
    /// Its URL has so many bytes, more than `MOST_BYTES`.
    TooLong(usize),
}

/// A URL of more bytes is not read. Services and clients need not take longer ones (RFC 9110 section 4.1).
pub(super) const MOST_BYTES: usize = 8000;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Command(program) => write!(f, "a command line of `{program}` instead of a request"),
            Problem::NoMethod => f.write_str("the request line has no method before its URL"),
            Problem::UnknownMethod(word) => write!(f, "`{word}` is not a method that HTTP defines"),
            Problem::NoRequestLine => f.write_str("the first line of the request is not `METHOD URL`"),
            Problem::NoStatus => f.write_str("the status line has no status of three digits"),
            Problem::TooLong(bytes) => {
                write!(
                    f,
                    "the URL has {bytes} bytes; no service has to take more than {MOST_BYTES}, and it is not read"
                )
            }
        }
    }
}

/// Whether a word is nearly a method, but not one. In front of a URL, it can hardly be anything else.
pub(crate) fn is_near_method(word: &str) -> bool {
    let is_word = (2..=LONGEST_METHOD).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_near = |method: &&str| {
        let most = if method.len() < 5 { 1 } else { 2 };
        strsim::osa_distance(word, method) <= most
    };
    is_word && !METHODS.contains(&word) && METHODS.iter().any(is_near)
}

/// No method with a slip has more letters.
const LONGEST_METHOD: usize = 9;

/// What a page says of a block before anybody looks into it, from the least to the most certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// Code in a language that is not HTTP.
    Code,
    /// Nothing, or JSON, whose blocks hold messages on many pages.
    Nothing,
    /// HTTP.
    Http,
    /// A request, by the metadata.
    Request,
    /// A response, by the metadata.
    Response,
}

impl Label {
    /// What the info string of a fence and the metadata before it say.
    pub(super) fn of(info: &str, metadata: Option<&Metadata>) -> Label {
        let language = info.split([' ', ',', '{']).find(|word| !word.is_empty()).unwrap_or_default();
        let label = match language.to_ascii_lowercase().as_str() {
            "http" | "https" | "rest" | "msgraph-interactive" => Label::Http,
            "" | "json" | "text" | "txt" | "xml" | "msgraph" => Label::Nothing,
            // The metadata of a message may stand before the snippets that send it.
            _ => return Label::Code,
        };
        match metadata.and_then(|metadata| metadata.block_type.as_deref()) {
            Some("request") => Label::Request,
            Some("response") => Label::Response,
            _ => label,
        }
    }
}

/// The first line of a block as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FirstLine {
    pub(super) start: StartLine,
    /// How many lines of the block it takes.
    pub(super) lines: usize,
    /// What was wrong with it although it could be read: line, column, and the problem.
    pub(super) slip: Option<(u32, u32, String)>,
}

impl RequestLine {
    /// Reads `METHOD target`.
    pub fn read(text: &str, line: u32) -> Option<RequestLine> {
        let text = text.trim();
        // Every line of every example comes by here; nearly all end at their first letter.
        if !text.starts_with(['G', 'P', 'D', 'H', 'O']) {
            return None;
        }
        let (method, target) = text.split_once(char::is_whitespace)?;
        if !METHODS.contains(&method) {
            return None;
        }
        let target = without_version(target);
        (!target.is_empty()).then(|| RequestLine { method: method.to_owned(), target: target.to_owned(), line })
    }

    /// Whether the target is an absolute URL.
    pub fn is_absolute(&self) -> bool {
        crate::url::split_scheme(&self.target).is_some()
    }
}

impl StatusLine {
    /// Reads `HTTP ddd`, with an optional version and reason phrase.
    pub fn read(text: &str, line: u32) -> Option<StatusLine> {
        let (protocol, rest) = text.trim().split_once(char::is_whitespace)?;
        // A version with letters, such as `1.x`, stands for any.
        let is_version = |version: &str| VERSIONS.contains(&version) || version.contains(char::is_alphabetic);
        if protocol != "HTTP" && !protocol.strip_prefix("HTTP/").is_some_and(is_version) {
            return None;
        }
        let rest = rest.trim_start();
        let (digits, reason) = rest.split_once(|c: char| !c.is_ascii_digit()).unwrap_or((rest, ""));
        let status = digits.parse().ok().filter(|_| digits.len() == 3)?;
        Some(StatusLine { status, reason: reason.trim().to_owned(), line })
    }
}

impl StartLine {
    /// The request line, if it is one that could be read.
    pub fn request(&self) -> Option<&RequestLine> {
        match self {
            StartLine::Request(line) => Some(line),
            StartLine::Status(_) | StartLine::Missing(_) | StartLine::Unreadable(_) => None,
        }
    }

    /// Its line in the page.
    pub fn line(&self) -> u32 {
        match self {
            StartLine::Request(line) => line.line,
            StartLine::Status(line) => line.line,
            StartLine::Missing(line) => *line,
            StartLine::Unreadable(line) => line.line,
        }
    }
}

impl FirstLine {
    /// Reads the first lines of a block; `None` if they open no message.
    pub(super) fn read(lines: &[Line<'_>], label: Label) -> Option<FirstLine> {
        let first = lines.iter().position(|line| !line.text.trim().is_empty())?;
        let line = &lines[first];
        let taken = first + 1;
        let text = line.text.trim();
        let invisible = if text.is_ascii() { None } else { text.chars().find(|c| is_invisible(*c)) };
        if let Some(invisible) = invisible {
            let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
            let own = Line { number: line.number, indent: line.indent, text: visible.into() };
            let read = FirstLine::read(&[own], label)?;
            let problem = format!("the start line has the invisible character U+{:04X}", invisible as u32);
            return Some(FirstLine { lines: taken, ..read.with_slip(line, problem) });
        }
        if let Some(start) = exact(text, line.number) {
            return Some(FirstLine { start, lines: taken, slip: None });
        }
        if is_comment(text) && label != Label::Code {
            let behind = lines[first..].iter().position(|line| !is_comment(line.text.trim()) && !is_blank(line))?;
            let start = &lines[first + behind];
            let read = exact(start.text.trim(), start.number)?;
            let read = FirstLine { start: read, lines: first + behind + 1, slip: None };
            return Some(read.with_slip(line, "a comment before the start line, which HTTP does not have".to_owned()));
        }
        let near = || {
            let status = near_status(text, line.number, label).map(|(line, slip)| (StartLine::Status(line), slip));
            let request =
                || near_request(text, line.number, label).map(|(line, slip)| (StartLine::Request(line), slip));
            status.or_else(request)
        };
        if label != Label::Code
            && let Some((start, problem)) = near()
        {
            return Some(FirstLine { start, lines: taken, slip: None }.with_slip(line, problem));
        }
        if let (Some(next), true) = (lines.get(taken), METHODS.contains(&text))
            && is_target(next.text.trim())
        {
            let (method, target) = (text.to_owned(), without_version(&next.text).to_owned());
            let start = StartLine::Request(RequestLine { method, target, line: line.number });
            let read = FirstLine { start, lines: taken + 1, slip: None };
            return Some(read.with_slip(line, "the URL is on another line than the method".to_owned()));
        }
        let unreadable = Unreadable { line: line.number, column: column(line), problem: unreadable(text, label)? };
        Some(FirstLine { start: StartLine::Unreadable(unreadable), lines: taken, slip: None })
    }

    fn with_slip(self, line: &Line<'_>, problem: String) -> FirstLine {
        FirstLine { slip: Some((line.number, column(line), problem)), ..self }
    }
}

fn exact(text: &str, line: u32) -> Option<StartLine> {
    let status = || StatusLine::read(text, line).map(StartLine::Status);
    RequestLine::read(text, line).map(StartLine::Request).or_else(status)
}

/// A target without the protocol version behind it.
fn without_version(target: &str) -> &str {
    let target = target.trim();
    let is_version = |text: &str| !text.contains(char::is_whitespace);
    let before = target.rsplit_once('/').filter(|(_, version)| is_version(version));
    match before.and_then(|(before, _)| before.strip_suffix("HTTP")) {
        Some(before) if before.ends_with(char::is_whitespace) => before.trim_end(),
        _ => target,
    }
}

/// The column of a line's first character that is not blank.
pub(super) fn column(line: &Line<'_>) -> u32 {
    line.indent + line.text.chars().take_while(|c| c.is_whitespace()).count() as u32 + 1
}

fn is_blank(line: &Line<'_>) -> bool {
    line.text.trim().is_empty()
}

/// Characters that no reader sees, and that authors paste unknowingly.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// A line that is a comment in some language, and nothing in HTTP.
pub(super) fn is_comment(text: &str) -> bool {
    text.starts_with(['#', ';']) || text.starts_with("//") || (text.starts_with("<!--") && text.ends_with("-->"))
}

/// Whether a text is what a request can be sent to, without doubt: a URL, or a path that begins with `/` or a parameter.
fn is_target(text: &str) -> bool {
    let is_absolute = crate::url::split_scheme(text).is_some_and(|rest| !rest.is_empty());
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let parameter = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let is_parameter = parameter.is_some_and(|(name, rest)| {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c));
        is_name && !name.starts_with(' ') && (rest.is_empty() || rest.starts_with('/'))
    });
    is_absolute || is_path || is_parameter
}

/// A request line with a slip that leaves no doubt about what is meant.
fn near_request(text: &str, line: u32, label: Label) -> Option<(RequestLine, String)> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (word, rest) = text.split_at(letters);
    let method = METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(word))?;
    let after_colon = rest.strip_prefix(':');
    let target = without_version(after_colon.unwrap_or(rest));
    let is_apart = after_colon.is_some() || rest.starts_with(char::is_whitespace);
    // In a block that says that it holds HTTP, a relative target may have no slash before it, as it may behind a right method.
    let is_plain = label >= Label::Http && !target.is_empty() && !target.contains(char::is_whitespace);
    if !is_apart || !(is_target(target) || is_plain) {
        return None;
    }
    let problem = match (word == method, after_colon) {
        (true, _) => format!("the method {method} has a colon behind it"),
        (false, None) => format!("the method is written `{word}`, and methods are case-sensitive: `{method}`"),
        (false, Some(_)) => format!("the method is written `{word}:`; write `{method}`"),
    };
    Some((RequestLine { method: method.to_owned(), target: target.to_owned(), line }, problem))
}

/// A status line with a slip: `HTP/1.1 200 OK`, `HTTP 1.1 200 OK`, `HTTP/1.1200 OK`.
fn near_status(text: &str, line: u32, label: Label) -> Option<(StatusLine, String)> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(letters);
    let (digits, reason) = status_in(rest)?;
    let first = rest.chars().next();
    let problem = match word {
        // `HTTP` is right, so what follows is not.
        "HTTP" if rest.trim_start().starts_with("1 ") || first.is_some_and(|c| c != ' ') || rest.contains("1.1") => {
            "the protocol version is not written `HTTP/1.1`".to_owned()
        }
        // A word close to it only with a version behind it: prose begins with all sorts of words.
        _ if is_near_http(word) && first.is_some_and(|c| matches!(c, '/' | '\\') || c.is_ascii_digit()) => {
            format!("the protocol is written `{word}`; write `HTTP/1.1`")
        }
        "" if label >= Label::Http && rest.starts_with(digits) && is_reason(digits, reason) => {
            "the protocol version is missing before the status; write `HTTP/1.1`".to_owned()
        }
        _ => return None,
    };
    let status = digits.parse().ok()?;
    Some((StatusLine { status, reason: reason.trim().to_owned(), line }, problem))
}

/// The status in what follows the protocol's name, and what stands behind it: the last three digits before the first letter.
fn status_in(rest: &str) -> Option<(&str, &str)> {
    let end = rest.find(char::is_alphabetic).unwrap_or(rest.len());
    let last = rest[..end].rfind(|c: char| c.is_ascii_digit())? + 1;
    let digits = rest.get(last.checked_sub(3)?..last)?;
    let is_status = digits.bytes().all(|byte| byte.is_ascii_digit()) && matches!(digits.as_bytes()[0], b'1'..=b'5');
    is_status.then(|| (digits, &rest[last..]))
}

/// Whether a word is `HTTP` but for a letter, or for its case.
fn is_near_http(word: &str) -> bool {
    let (word, http): (Vec<u8>, _) = (word.bytes().map(|byte| byte.to_ascii_uppercase()).collect(), b"HTTP");
    let same = |one: &[u8], other: &[u8]| one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let before = same(&word, http);
    let behind = word.iter().rev().zip(http.iter().rev()).take_while(|(one, other)| one == other).count();
    match word.len() {
        3 | 4 => before + behind >= 3,
        5 => before + behind >= 4,
        _ => false,
    }
}

/// Whether the text behind a status begins with the reason phrase that belongs to it.
fn is_reason(digits: &str, text: &str) -> bool {
    let status = digits.parse().ok().and_then(|digits| http::StatusCode::from_u16(digits).ok());
    let reason = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
    let text = text.trim();
    !reason.is_empty() && text.get(..reason.len()).is_some_and(|start| start.eq_ignore_ascii_case(reason))
}

/// What is wrong with a line that should open a message and cannot be read.
fn unreadable(text: &str, label: Label) -> Option<Problem> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let is_url = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    if PROGRAMS.contains(&word.to_ascii_lowercase().as_str()) && rest.contains("://") {
        return Some(Problem::Command(word.to_owned()));
    }
    if label == Label::Code {
        return None;
    }
    if label >= Label::Http && word.starts_with("HTTP/") && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Problem::NoStatus);
    }
    // A response that begins otherwise shows its body alone.
    if label == Label::Response {
        return None;
    }
    if is_url(text) || (label >= Label::Http && is_target(text) && !rest.contains(char::is_whitespace)) {
        return Some(Problem::NoMethod);
    }
    let is_name = (2..=12).contains(&word.len()) && word.chars().all(|c| c.is_ascii_uppercase());
    if is_name && is_target(rest.trim()) && !METHODS.contains(&word) {
        return Some(Problem::UnknownMethod(word.to_owned()));
    }
    let is_body = text.starts_with(['{', '[', '<', '`']);
    (label == Label::Request && !is_body).then_some(Problem::NoRequestLine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, label: Label) -> Option<String> {
        let line = |(at, text)| Line { number: at as u32 + 1, indent: 0, text: std::borrow::Cow::Borrowed(text) };
        let lines: Vec<Line<'_>> = text.lines().enumerate().map(line).collect();
        let FirstLine { start, slip, lines } = FirstLine::read(&lines, label)?;
        let slip = slip.map_or_else(String::new, |(line, column, problem)| format!(" !{line}:{column} {problem}"));
        Some(match start {
            StartLine::Request(own) => format!("{} {} ({lines}){slip}", own.method, own.target),
            StartLine::Status(own) => format!("{} {} ({lines}){slip}", own.status, own.reason),
            StartLine::Missing(line) => format!("missing {line}"),
            StartLine::Unreadable(own) => format!("?{}:{} {}", own.line, own.column, own.problem),
        })
    }

    #[track_caller]
    fn check(text: &str, label: Label, expected: &str) {
        let shown = shown(text, label).unwrap_or_default();
        assert!(shown.starts_with(expected) && (!expected.is_empty() || shown.is_empty()), "{text:?}: {shown}");
    }

    #[test]
    fn what_is_right_has_no_slip() {
        for label in [Label::Code, Label::Nothing, Label::Http] {
            assert_eq!(shown("\n  GET  /a?b=c d  HTTP/1.1", label).as_deref(), Some("GET /a?b=c d (2)"));
            assert_eq!(shown("HTTP/2 200 OK", label).as_deref(), Some("200 OK (1)"));
            assert_eq!(shown("HTTP 204", label).as_deref(), Some("204  (1)"));
        }
    }

    #[test]
    fn a_slip_that_leaves_no_doubt_is_read_and_named() {
        check("post https://h/v1.0/a", Label::Nothing, "POST https://h/v1.0/a (1) !1:1 the method is written `post`");
        check("  Post /a", Label::Http, "POST /a (1) !1:3 the method is written `Post`");
        check("POST: https://h/a", Label::Http, "POST https://h/a (1) !1:1 the method POST has a colon");
        check("get:/a", Label::Http, "GET /a (1) !1:1 the method is written `get:`");
        check("\u{200b}GET /a", Label::Http, "GET /a (1) !1:1 the start line has the invisible character U+200B");
        check("\u{feff}get /a", Label::Http, "GET /a (1) !1:1 the start line has the invisible");
        check("GET\u{2060} /a", Label::Http, "GET /a (1) !1:1 the start line has the invisible character U+2060");
        check("# all of them\n\nGET /a", Label::Http, "GET /a (3) !1:1 a comment before");
        check("// one\nPOST https://h/a", Label::Nothing, "POST https://h/a (2) !1:1 a comment before");
        check("GET\n  https://h/a", Label::Http, "GET https://h/a (2) !1:1 the URL is on another line");
        check("delete me/photo", Label::Http, "DELETE me/photo (1) !1:1 the method is written `delete`");
    }

    #[test]
    fn a_status_line_with_a_slip_is_read_and_named() {
        for version in ["HTTP/1,1", "HTTP\\1.1", "HTTP/11", "HTTP/1.1:"] {
            let problem = "200 OK (1) !1:1 the protocol version is not written `HTTP/1.1`";
            check(&format!("{version} 200 OK"), Label::Http, problem);
        }
        for version in ["HTTP/1.1", "HTTP/1", "HTTP/2", "HTTP/1.x", "HTTP"] {
            assert_eq!(shown(&format!("{version} 200 OK"), Label::Http).as_deref(), Some("200 OK (1)"), "{version}");
        }
        for text in ["HTP/1.1 200 OK", "http/1.1 200 OK", "HTTPS/1.1 200 OK", "HTPP/1.1 200 OK", "HTTTP/2 200 OK"] {
            check(text, Label::Nothing, "200 OK (1) !1:1 the protocol is written");
        }
        for text in ["HTTP 1.1 200 OK", "HTTP/1.1200 OK", "HTTP/ 1.1 200 OK", "HTTP\\1.1 200 OK", "HTTP1.1 200 OK"] {
            check(text, Label::Nothing, "200 OK (1) !1:1 the protocol version is not");
        }
        check("201 Created", Label::Http, "201 Created (1) !1:1 the protocol version is missing");
    }

    #[test]
    fn where_the_request_would_be_a_guess_it_is_not_read() {
        check("https://h/v1.0/a", Label::Http, "?1:1 the request line has no method");
        check("/users/{id}", Label::Http, "?1:1 the request line has no method");
        check("  curl -X POST https://h/a", Label::Http, "?1:3 a command line of `curl`");
        check("LIST https://h/a", Label::Http, "?1:1 `LIST` is not a method");
        check("PSOT /a", Label::Http, "?1:1 `PSOT` is not a method");
        check("All of them:", Label::Request, "?1:1 the first line of the request");
        check("HTTP/1.1 20 OK", Label::Http, "?1:1 the status line has no status");
    }

    #[test]
    fn a_block_in_a_programming_language_is_code_whatever_its_metadata() {
        let metadata = Metadata { block_type: Some("request".to_owned()), ..Metadata::default() };
        assert_eq!(Label::of("csharp", Some(&metadata)), Label::Code);
        assert_eq!(Label::of(" http", Some(&metadata)), Label::Request);
        assert_eq!(Label::of("HTTP", None), Label::Http);
        assert_eq!(Label::of("", None), Label::Nothing);
    }

    #[test]
    fn other_text_is_no_start_line() {
        for text in ["https://h/a", "/a/{id}", "All of them"] {
            check(text, Label::Response, "");
        }
        for text in
            ["", "\n\n", "{ \"a\": 1 }", "GET", "SELECT * FROM x", "get users by name", "HTTP is a protocol", "200 OK"]
        {
            check(text, Label::Nothing, "");
        }
        for text in ["get /a", "curl -h", "# x\nGET /a", "https://h", "HTP/1.1 200 OK"] {
            check(text, Label::Code, "");
        }
        for text in
            ["{ \"a\": 1 }", "Content-Type: text/plain", "https 443 is a port", "# nothing follows", "{id} is one"]
        {
            check(text, Label::Http, "");
        }
    }
}
