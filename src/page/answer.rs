//! Answers that are documented without a status line: a block of JSON behind a request, where the page says that it is the response.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _};

use super::candidate::Candidate;
use super::start_line::Label;
use super::{Block, Element, Message, Prose, StatusLine};

/// *Response* in the languages in which Microsoft Learn publishes, in lower case. What a page says is searched for each as a part of a
/// word, so a stem is enough.
const RESPONSE: [&str; 34] = [
    "response",
    "antwort",
    "réponse",
    "respuesta",
    "resposta",
    "risposta",
    "antwoord",
    "respons",
    "svar",
    "vastaus",
    "odpowied",
    "odpověď",
    "odpovědi",
    "odpoveď",
    "odgovor",
    "válasz",
    "răspuns",
    "отговор",
    "ответ",
    "отклик",
    "відповід",
    "yanıt",
    "απάντηση",
    "απόκριση",
    "תגובה",
    "استجابة",
    "الاستجابة",
    "応答",
    "レスポンス",
    "응답",
    "响应",
    "回應",
    "phản hồi",
    "การตอบ",
];

/// Whether a text speaks of a response.
fn names_response(text: &str) -> bool {
    let text = text.to_lowercase();
    static FINDERS: LazyLock<Vec<memchr::memmem::Finder<'static>>> =
        LazyLock::new(|| RESPONSE.iter().map(|word| memchr::memmem::Finder::new(*word)).collect());
    FINDERS.iter().any(|finder| finder.find(text.as_bytes()).is_some())
}

/// Reads the answers of a page that have no status line. Each stretch of its text is read once.
pub(super) struct Answers<'p, 'a> {
    elements: &'p [Element<'a>],
    /// For each request, by its element, up to which element the text behind it is read, and what it says.
    said: HashMap<usize, (usize, Said)>,
    /// The statuses in the text; read when the first answer needs one.
    stated: Option<Stated>,
}

/// What the text between a request and a block says, from the least to the most certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// Something that does not announce a response.
    Something,
    /// There is no text.
    Nothing,
    /// A paragraph speaks of a response.
    InText,
    /// The heading does.
    InHeading,
}

impl<'p, 'a> Answers<'p, 'a> {
    pub(super) fn of(elements: &'p [Element<'a>]) -> Answers<'p, 'a> {
        Answers { elements, said: HashMap::new(), stated: None }
    }

    /// Reads a block behind an unanswered request as its answer, with the status that the text states; `None` if the page does not say that
    /// it is one.
    pub(super) fn read(
        &mut self,
        candidate: &Candidate<'_, 'a>,
        request: &Block<'_>,
    ) -> Option<(Message<'a>, Option<StatusLine>)> {
        let line = request.message.start.request()?;
        // A URL template is never an example.
        if candidate.label == Label::Code || (request.in_http_section && !line.is_absolute()) {
            return None;
        }
        let answer = Message::read_answer(&candidate.fence.lines)?;
        let said = self.said_between(request.element, candidate.element);
        let metadata = candidate.metadata.as_ref();
        let is_answer = match metadata.and_then(|metadata| metadata.block_type.as_deref()) {
            Some("response") => true,
            Some("request") => false,
            // What is said may be about the response that follows, unless that is the one of an error.
            _ if candidate.next_status.is_some_and(|status| status < 400 || said < Said::InHeading) => false,
            _ => said >= Said::InText || (said == Said::Nothing && line.method == "GET"),
        };
        if !is_answer {
            return None;
        }
        let is_error = metadata.is_some_and(|metadata| metadata.expect_error) || is_error(&answer);
        let stated = self.stated.get_or_insert_with(|| Stated::of(self.elements));
        let status = stated.status(request.element..candidate.element, is_error);
        let line = answer.start.line();
        Some((answer, status.map(|status| StatusLine { status, reason: String::new(), line })))
    }

    /// What the text between a request and a block says: the last heading, or a paragraph below it.
    fn said_between(&mut self, request: usize, block: usize) -> Said {
        let (read, said) = self.said.entry(request).or_insert((request + 1, Said::Nothing));
        for element in self.elements.get(*read..block).unwrap_or_default() {
            *said = match element {
                Element::Heading(heading) => {
                    let anchor = heading.anchor.as_deref().is_some_and(names_response);
                    if anchor || names_response(&heading.text) { Said::InHeading } else { Said::Something }
                }
                Element::Prose(prose) if *said < Said::InText => {
                    if names_response(&prose.text) {
                        Said::InText
                    } else {
                        Said::Something
                    }
                }
                _ => *said,
            };
        }
        *read = block;
        *said
    }
}

/// Whether a body is that of an error: an object whose first member is `error` (OData JSON Format 4.01 section 21.1).
fn is_error(message: &Message<'_>) -> bool {
    let text = message.body.iter().flat_map(|line| line.text.chars()).filter(|c| !c.is_whitespace());
    text.take("{\"error\":".len()).eq("{\"error\":".chars())
}

/// The statuses that the text of a page states.
struct Stated {
    /// With the index of the element in which each stands, in document order.
    statuses: Vec<(usize, u16)>,
    /// Those of the section about the response.
    of_section: BTreeSet<u16>,
    of_page: BTreeSet<u16>,
}

impl Stated {
    /// Reads the text of a page.
    fn of(elements: &[Element<'_>]) -> Stated {
        let mut statuses = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            if let Element::Prose(prose) = element {
                statuses_of(prose, |status| statuses.push((index, status)));
            }
        }
        let is_section = |element: &Element<'_>| match element {
            Element::Heading(heading) => {
                heading.level <= 2 && (heading.opens("response") || names_response(&heading.text))
            }
            _ => false,
        };
        let start = elements.iter().position(is_section).unwrap_or(elements.len());
        let rest = elements.get(start + 1..).unwrap_or_default();
        let length = rest.iter().position(|element| matches!(element, Element::Heading(_))).unwrap_or(rest.len());
        let section = start..start + 1 + length;
        let of_section =
            statuses.iter().filter(|(index, _)| section.contains(index)).map(|(_, status)| *status).collect();
        let of_page = statuses.iter().map(|(_, status)| *status).collect();
        Stated { statuses, of_section, of_page }
    }

    /// The status of an answer with a body behind those elements, which begin with its request: the one that they state, or else the section
    /// about the response, or else the page. `None` if that is none or several.
    fn status(&self, between: Range<usize>, is_error: bool) -> Option<u16> {
        let fits = |status: u16| match is_error {
            true => (400..=599).contains(&status),
            // RFC 9110 section 15.3: 204 and 205 have no content.
            false => (200..=299).contains(&status) && status != 204 && status != 205,
        };
        let start = self.statuses.partition_point(|(index, _)| *index < between.start);
        let own = self.statuses[start..].iter().take_while(|(index, _)| *index < between.end);
        let own: BTreeSet<u16> = own.map(|(_, status)| *status).collect();
        let found = [&own, &self.of_section, &self.of_page].into_iter().find_map(|stated| {
            let mut fitting = stated.iter().copied().filter(|status| fits(*status));
            Some((fitting.next()?, fitting.next().is_some()))
        })?;
        let (status, are_several) = found;
        (!are_several).then_some(status)
    }
}

/// The statuses in a paragraph: three digits at the beginning of a code span, or with their reason phrase or `HTTP` beside them.
fn statuses_of(prose: &Prose<'_>, mut found: impl FnMut(u16)) {
    let status = |digits: &str| digits.parse::<u16>().ok().filter(|status| (200..=599).contains(status));
    for code in &prose.codes {
        let code = code.trim().trim_start_matches("HTTP/1.1").trim_start_matches("HTTP").trim_start();
        let end = code.find(|c: char| !c.is_ascii_digit()).unwrap_or(code.len());
        if end == 3 && code[end..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '.') {
            status(&code[..end]).into_iter().for_each(&mut found);
        }
    }
    let (text, mut at) = (prose.text.as_ref(), 0);
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|found| at + found) {
        let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |found| start + found);
        at = end;
        let Some(own) = status(&text[start..end]).filter(|_| end - start == 3) else { continue };
        let reason = http::StatusCode::from_u16(own).ok().and_then(|own| own.canonical_reason()).unwrap_or_default();
        let behind = text[end..].trim_start_matches([' ', '\u{a0}', '-', '*', '`']);
        let is_named =
            !reason.is_empty() && behind.get(..reason.len()).is_some_and(|own| own.eq_ignore_ascii_case(reason));
        let before = text[..start].trim_end();
        let is_http = ["HTTP", "HTTP/1.1", "HTTP/2"].iter().any(|name| before.ends_with(name));
        if is_named || is_http {
            found(own);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::page::{Page, StartLine};

    /// The pairs of a page, as `method status`; `?` where nobody states the status.
    fn shown(text: &str) -> String {
        let page = Page::parse("p.md", text);
        let pair = |pair: &crate::page::Pair| match (
            &page.blocks[pair.request].message.start,
            &page.blocks[pair.response].status,
        ) {
            (StartLine::Request(line), Some(status)) => format!("{} {} ", line.method, status.status),
            (StartLine::Request(line), None) => format!("{} ? ", line.method),
            _ => String::new(),
        };
        page.pairing.pairs.iter().map(pair).collect::<String>().trim_end().to_owned()
    }

    fn page(prose: &str, request: &str, between: &str) -> String {
        format!(
            "# T\n## Response\n{prose}\n## Example\n```http\n{request}\n```\n{between}\n```json\n{{\"a\": 1}}\n```\n"
        )
    }

    #[track_caller]
    fn check(prose: &str, request: &str, between: &str, expected: &str) {
        assert_eq!(shown(&page(prose, request, between)), expected, "{prose} {request} {between}");
    }

    #[test]
    fn an_answer_has_the_status_that_the_text_states() {
        let post = "POST https://h/a\n\n{}";
        check("It returns a `201 Created` response code.", post, "### Response", "POST 201");
        check("It returns 200 OK.", post, "**Response**", "POST 200");
        check(
            "It returns ```200 OK```, or `400 Bad Request`.",
            post,
            "Here is an example of the response.",
            "POST 200",
        );
        check("`200 OK`", post, "The response has the code `202 Accepted`.", "POST 202");
        check("Devuelve el código `HTTP 200`.", post, "### Respuesta", "POST 200");
        check("返回 `200 OK` 响应代码。", post, "### 响应", "POST 200");
        check("Retorna `200` ou nada.", post, "## <a name=\"response\"></a>R", "POST 200");
    }

    #[test]
    fn without_one_status_nothing_is_guessed() {
        for prose in ["It returns a list of 200 items.", "`200 OK` or `202 Accepted`", "`204 No Content`"] {
            let text = page(prose, "GET https://h/a", "### Response");
            let page = Page::parse("p.md", &text);
            assert_eq!((page.pairing.pairs.len(), page.pairing.incomplete.len()), (0, 2), "{prose}");
            assert_eq!(page.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::StatusNotStated]);
        }
    }

    #[test]
    fn a_status_may_stand_anywhere_on_the_page() {
        let text = "# T\n## X\n`200 OK`\n## Y\n```http\nGET https://h/a\n```\n```json\n{}\n```\n";
        assert_eq!(shown(text), "GET 200");
    }

    #[test]
    fn json_is_an_answer_only_where_the_page_says_so() {
        check("`200 OK`", "POST https://h/a", "The request body:", "");
        check("`200 OK`", "GET https://h/a", "## Remarks", "");
        check("`200 OK`", "GET https://h/a", "", "GET 200");
        check("`200 OK`", "POST https://h/a", "<!-- {\"blockType\": \"response\"} -->", "POST 200");
        check("`200 OK`", "POST https://h/a", "### Response\n```http\nHTTP/1.1 201 Created\n```", "POST 201");
        let followed = |status: &str| {
            let text = page("`200 OK`", "POST https://h/a", "### Response");
            shown(&format!("{text}\n### More\n```http\nHTTP/1.1 {status}\n```\n"))
        };
        assert_eq!(followed("201 Created"), "POST 201");
        assert_eq!(followed("400 Bad Request"), "POST 200");
    }
}
