//! An exchange as lines: the documented one, and beside it the observed one where they differ.

use std::borrow::Cow;
use std::time::Duration;

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};

use graph_contracts::compare::{Assertion, assertions};
use graph_contracts::normal::{Level, NormalizationPlan, Rule};
use graph_contracts::report::Evidence;

/// How long a diff may take to become a good one.
const DIFF_TIME: Duration = Duration::from_millis(500);

/// How many lines of a message are shown.
const MOST_LINES: usize = 1500;

/// The longest piece of a line that is shown whole, in characters.
const LONGEST_PIECE: usize = 1000;

/// How much of the beginning and of the end of a longer one is shown.
const ENDS: (usize, usize) = (600, 200);

/// How many pieces of a line are shown.
const MOST_PIECES: usize = 200;

/// What is known of a line of the documented response.
#[derive(Clone, Debug, Default, PartialEq)]
struct Note {
    assertion: Option<Assertion>,
    rule: Option<Rule>,
}

/// A documented exchange, ready to be shown.
pub(super) struct Documented {
    request: Vec<String>,
    request_notes: Vec<Note>,
    response: Vec<String>,
    notes: Vec<Note>,
    /// What the observed side shows.
    observed: &'static str,
}

/// A piece of a line, and whether it differs.
type Piece = (bool, String);

impl Documented {
    /// With what is known of each line, if values are `asserted`.
    pub(super) fn of(normalization: &NormalizationPlan<'_>, asserted: bool) -> Documented {
        let text = normalization.documented().to_string();
        let (request, response) = split(&text);
        let (request_notes, notes) = match asserted {
            true => (notes(normalization, &request, false), notes(normalization, &response, true)),
            false => (Vec::new(), Vec::new()),
        };
        let observed = match normalization.level() {
            Level::Exact => "observed",
            Level::Shape => "observed: what drifted, by shape; all else as documented",
        };
        Documented { request, request_notes, response, notes, observed }
    }

    /// The documented request.
    pub(super) fn request(&self) -> Markup {
        message(&self.request, &self.request_notes)
    }

    /// The documented response alone.
    pub(super) fn response(&self) -> Markup {
        message(&self.response, &self.notes)
    }

    /// What was expected beside what came, the differing words marked.
    pub(super) fn beside(&self, evidence: &Evidence) -> Markup {
        let ((expected_request, expected), (request, actual)) = (split(&evidence.expected), split(&evidence.actual));
        // A request differs from a reviewed one only; it is part of what is shown then.
        let is_request = expected_request != request;
        let expected = if is_request { [expected_request, vec![String::new()], expected].concat() } else { expected };
        let actual = if is_request { [request, vec![String::new()], actual].concat() } else { actual };
        // What is known of lines is known of the documented ones.
        let notes: &[Note] = if expected == self.response { &self.notes } else { &[] };
        let rows = rows(&expected, &actual);
        html! {
            table.msg.two {
                thead { tr { th scope="col" { (evidence.reference) } th scope="col" { (self.observed) } } }
                @for rows in rows[..rows.len().min(MOST_LINES)].chunk_by(|one, other| one.differs == other.differs) {
                    tbody.d[rows[0].differs] { @for row in rows {
                        tr {
                            @match &row.left {
                                Some((index, pieces)) => (noted(pieces, &note_of(notes, *index), if row.differs { "-" } else { "" })),
                                None => { td.l.gap {} }
                            }
                            @match &row.right {
                                Some(pieces) => (noted(pieces, &observed_note(row, notes), if row.differs { "+" } else { "" })),
                                None => { td.l.gap {} }
                            }
                        }
                    } }
                }
                tbody {
                    (more(rows.len()))
                }
            }
        }
    }
}

/// A message with what is known of its lines.
fn message(lines: &[String], notes: &[Note]) -> Markup {
    html! {
        table.msg { tbody {
            @for (index, line) in lines.iter().take(MOST_LINES).enumerate() {
                tr { (noted(&[(false, line.clone())], &note_of(notes, index), "")) }
            }
            (more(lines.len()))
        } }
    }
}

fn note_of(notes: &[Note], index: usize) -> Note {
    notes.get(index).cloned().unwrap_or_default()
}

fn more(lines: usize) -> Markup {
    html! { @if lines > MOST_LINES { tr { td.l { "… and " (lines - MOST_LINES) " more lines" } } } }
}

/// The lines of the request and of the response of a normal form. Only a status line begins with `HTTP`: header fields are in lower
/// case, bodies are indented, quoted or have a mark before each line.
fn split(text: &str) -> (Vec<String>, Vec<String>) {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let status = lines.iter().skip(1).position(|line| line.starts_with("HTTP ")).map_or(lines.len(), |index| index + 1);
    let (request, response) = lines.split_at(status);
    let end = request.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    (request[..end].to_vec(), response.to_vec())
}

/// What is known of the lines of a documented message: which rule masks a header field or a value, and how the values of a response are
/// asserted.
fn notes(normalization: &NormalizationPlan<'_>, lines: &[String], is_response: bool) -> Vec<Note> {
    let mut leaves = if is_response { assertions(normalization) } else { Vec::new() }.into_iter();
    let mut in_body = false;
    let note = |line: &String| {
        in_body |= line.is_empty();
        if !in_body {
            let name = line.split(':').next().unwrap_or_default();
            return Note { assertion: None, rule: normalization.rule_for_header(name) };
        }
        if is_leaf(line)
            && let Some((path, assertion)) = leaves.next()
        {
            // At the shape level, no rule is needed.
            let is_masked = assertion == Assertion::Shape && normalization.level() == Level::Exact;
            let rule = is_masked.then(|| normalization.rule_for(&path)).flatten();
            return Note { assertion: Some(assertion), rule };
        }
        Note::default()
    };
    lines.iter().map(note).collect()
}

/// Whether a line of indented JSON holds a scalar, or an empty array or object.
fn is_leaf(line: &str) -> bool {
    let line = line.trim().trim_end_matches(',');
    !line.is_empty() && !line.ends_with('{') && !line.ends_with('[') && !matches!(line, "}" | "]")
}

/// A line of what is documented, with how it is asserted.
fn noted(pieces: &[Piece], note: &Note, sign: &str) -> Markup {
    let (class, how) = match note.assertion {
        Some(Assertion::Exact) => ("l e", Some("asserted by value")),
        Some(Assertion::Shape) => ("l s", Some("asserted by shape: declared type, enumeration, form")),
        Some(Assertion::None) => ("l n", Some("not asserted")),
        None => ("l", None),
    };
    html! {
        td class=(class) title=[how.filter(|_| note.rule.is_none())] data-d=[Some(sign).filter(|sign| !sign.is_empty())] {
            @match &note.rule {
                Some(rule) => {
                    @let why = format!("masked by the rule {}: {}", rule.text, rule.reason);
                    (indent(pieces))
                    span.mask tabindex="0" role="note" data-why=(why) aria-label=(format!("{}, {why}", text(pieces))) {
                        (marked(&trimmed(pieces)))
                    }
                }
                None => (marked(pieces)),
            }
        }
    }
}

/// What is known of an observed line: where it agrees, the rule that masks the documented one.
fn observed_note(row: &Row, notes: &[Note]) -> Note {
    let documented = row.left.as_ref().filter(|_| !row.differs).and_then(|(index, _)| notes.get(*index));
    Note { assertion: None, rule: documented.and_then(|note| note.rule.clone()) }
}

fn marked(pieces: &[Piece]) -> Markup {
    html! {
        @for (differs, text) in pieces.iter().take(MOST_PIECES) {
            @let text = cut(text);
            @if *differs { mark { (text) } } @else { (text) }
        }
        @if pieces.len() > MOST_PIECES { "…" }
    }
}

/// The ends of a text that is too long to be read, and how much is between.
fn cut(text: &str) -> Cow<'_, str> {
    let length = if text.len() <= LONGEST_PIECE { 0 } else { text.chars().count() };
    if length <= LONGEST_PIECE {
        return text.into();
    }
    let (first, last) = ENDS;
    let at = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
    let (start, end) = (&text[..at(first)], &text[at(length - last)..]);
    format!("{start} … {} characters more … {end}", length - first - last).into()
}

/// The blanks before a line.
fn indent(pieces: &[Piece]) -> &str {
    let first = pieces.first().map_or("", |(_, text)| text);
    &first[..first.len() - first.trim_start().len()]
}

/// A line without the blanks before it.
fn trimmed(pieces: &[Piece]) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    if let Some((_, first)) = pieces.first_mut() {
        *first = first.trim_start().to_owned();
    }
    pieces
}

fn text(pieces: &[Piece]) -> String {
    let text: String = pieces.iter().take(MOST_PIECES).map(|(_, text)| cut(text)).collect();
    text.trim().to_owned()
}

/// A line without the comma behind a JSON value.
fn without_comma(line: &str) -> &str {
    if line.starts_with([' ', '{', '[', '}', ']', '"']) { line.strip_suffix(',').unwrap_or(line) } else { line }
}

/// A line of the expected message beside one of the actual.
struct Row {
    left: Option<(usize, Vec<Piece>)>,
    right: Option<Vec<Piece>>,
    differs: bool,
}

fn rows(expected: &[String], actual: &[String]) -> Vec<Row> {
    // A comma tells that another member follows; that is not a difference of this line.
    let text = |lines: &[String]| lines.iter().map(|line| format!("{}\n", without_comma(line))).collect::<String>();
    let comma = |lines: &[String], index: Option<usize>| {
        let line = index.and_then(|index| lines.get(index))?;
        (without_comma(line) != line).then(|| (false, ",".to_owned()))
    };
    let (old, new) = (text(expected), text(actual));
    let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(&old, &new);
    let mut rows = Vec::new();
    for op in diff.ops() {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for change in diff.iter_inline_changes(op) {
            let pieces = change.iter_strings_lossy();
            let pieces: Vec<Piece> =
                pieces.map(|(differs, text)| (differs, text.trim_end_matches('\n').to_owned())).collect();
            let with = |comma: Option<Piece>| pieces.iter().cloned().chain(comma).collect::<Vec<Piece>>();
            let (old, new) = (comma(expected, change.old_index()), comma(actual, change.new_index()));
            match change.tag() {
                ChangeTag::Equal => rows.push(Row {
                    left: Some((change.old_index().unwrap_or_default(), with(old))),
                    right: Some(with(new)),
                    differs: false,
                }),
                ChangeTag::Delete => left.push((change.old_index().unwrap_or_default(), with(old))),
                ChangeTag::Insert => right.push(with(new)),
            }
        }
        let beside = |index| Row { left: left.get(index).cloned(), right: right.get(index).cloned(), differs: true };
        rows.extend((0..left.len().max(right.len())).map(beside));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as text: what differs in brackets, a gap as `~`.
    #[track_caller]
    fn check(expected: &[&str], actual: &[&str], rendered: &[&str]) {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let side = |pieces: Option<&Vec<Piece>>| match pieces {
            None => "~".to_owned(),
            Some(pieces) => pieces.iter().map(|(d, t)| if *d { format!("[{t}]") } else { t.clone() }).collect(),
        };
        let found: Vec<String> = rows(&owned(expected), &owned(actual))
            .iter()
            .map(|row| format!("{} | {}", side(row.left.as_ref().map(|(_, pieces)| pieces)), side(row.right.as_ref())))
            .collect();
        assert_eq!(found, rendered);
    }

    #[test]
    fn lines_stand_beside_each_other_and_words_that_differ_are_marked() {
        check(&["a", "b"], &["a", "b"], &["a | a", "b | b"]);
        check(&["the red lamp"], &["the blue lamp"], &["the [red] lamp | the [blue] lamp"]);
        check(&["a", "c"], &["a", "b", "c"], &["a | a", "~ | b", "c | c"]);
        check(&["a", "b", "c"], &["a", "c"], &["a | a", "b | ~", "c | c"]);
        check(&["  1"], &["  1,", "  2"], &["  1 |   1,", "~ |   2"]);
    }

    #[test]
    fn of_a_text_that_nobody_reads_the_ends_are_shown() {
        for (text, expected) in [
            ("a lamp".to_owned(), "a lamp".to_owned()),
            ("ü".repeat(1000), "ü".repeat(1000)),
            ("ü".repeat(3000), format!("{} … 2200 characters more … {}", "ü".repeat(600), "ü".repeat(200))),
        ] {
            assert_eq!(cut(&text), expected);
        }
        let pieces = vec![(true, "word".to_owned()); 100_000];
        let shown = marked(&pieces).into_string();
        assert_eq!(shown.matches("<mark>").count(), MOST_PIECES);
        assert!(shown.ends_with('…'), "{shown}");
    }

    #[test]
    fn a_leaf_is_a_line_with_a_value() {
        for (line, expected) in [
            ("{", false),
            ("  \"a\": {", false),
            ("  \"a\": [", false),
            ("  },", false),
            ("]", false),
            ("  \"a\": \"x{\",", true),
            ("  \"a\": [],", true),
            ("  {}", true),
            ("  \"}\"", true),
            ("  7", true),
        ] {
            assert_eq!(is_leaf(line), expected, "{line}");
        }
    }
}
