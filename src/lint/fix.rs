//! Corrects what has one right answer in a page. No edit is trusted: the page is read again after each.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fixes::followed_length;
use crate::contract::Contract;
use crate::diagnostic::{Code, Diagnostic};
use crate::edit::Edit;
use crate::page::Page;

/// A page with its defects corrected, as far as they can be.
#[derive(Clone, Debug)]
pub struct FixedPage {
    /// The page's path.
    pub page: String,
    /// Its text before.
    pub old: String,
    /// Its text now.
    pub text: String,
    /// The defects that are gone, each as it was reported.
    pub fixed: Vec<Diagnostic>,
    /// Those that have an edit and are still there.
    pub left: Vec<Unfixed>,
}

/// Pages with what has one right answer corrected.
#[derive(Clone, Debug, Default)]
pub struct Fixes {
    /// The pages that have a defect with an edit, by their paths.
    pub pages: Vec<FixedPage>,
}

impl Fixes {
    /// How many defects of each code are corrected, and how many could not be.
    pub fn by_code(&self) -> BTreeMap<Code, (usize, usize)> {
        let mut counts: BTreeMap<Code, (usize, usize)> = BTreeMap::new();
        for page in &self.pages {
            page.fixed.iter().for_each(|own| counts.entry(own.code).or_default().0 += 1);
            page.left.iter().for_each(|own| counts.entry(own.diagnostic.code).or_default().1 += 1);
        }
        counts
    }

    /// The defects that have an edit which is not made.
    pub fn left(&self) -> impl Iterator<Item = &Unfixed> {
        self.pages.iter().flat_map(|page| &page.left)
    }
}

/// A defect whose edit is not made.
#[derive(Clone, Debug)]
pub struct Unfixed {
    /// The defect.
    pub diagnostic: Diagnostic,
    /// Why not, as a fragment.
    pub why: String,
}

/// What is found in a text of a page.
pub(super) struct Reading {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) contracts: Vec<Contract>,
}

/// So many bytes of a page are read again while it is corrected, in whole pages: each edit costs a reading, and a large page may have any number
/// of defects.
const MOST_READ: usize = 256 << 20;

/// So often other defects are corrected that an edit brings about: the length of the body that it changes, and what follows from that.
const MOST_FOLLOWING: usize = 4;

/// Corrects these defects of a page. `read` gives what is found in a text of the page.
pub(super) fn fix_page(page: &str, text: String, wanted: &[Diagnostic], read: impl Fn(&str) -> Reading) -> FixedPage {
    let mut now = State { reading: read(&text), text: text.clone() };
    // What depends on other edits comes last: the length of a body.
    let mut targets: Vec<(Diagnostic, Place)> = wanted.iter().map(|own| (own.clone(), Place::of(own))).collect();
    targets.sort_by_key(|(own, _)| own.code == Code::ContentLengthWrong);
    let (mut fixed, mut left) = (Vec::new(), Vec::new());
    let mut readings = MOST_READ / text.len().max(1);
    let mut index = 0;
    while index < targets.len() {
        let (diagnostic, place) = targets[index].clone();
        index += 1;
        let current = now.reading.diagnostics.iter().find(|own| Place::of(own) == place);
        let Some(current) = current else {
            // It is gone with another one.
            fixed.push(diagnostic);
            continue;
        };
        let Some(edit) = current.edit.clone() else {
            left.push(Unfixed { diagnostic, why: "what is right depends on another defect beside it".to_owned() });
            continue;
        };
        if readings == 0 {
            left.push(Unfixed { diagnostic, why: "the page has very many; run it again for more".to_owned() });
            continue;
        }
        readings -= 1;
        match now.with(page, &place, &edit, &read) {
            Ok((next, edits)) => {
                for (_, place) in &mut targets[index..] {
                    edits.iter().for_each(|edit| place.follow(edit));
                }
                now = next;
                fixed.push(diagnostic);
            }
            Err(why) => left.push(Unfixed { diagnostic, why }),
        }
    }
    FixedPage { page: page.to_owned(), old: text, text: now.text, fixed, left }
}

/// A code and where it is found, which is followed through edits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    code: Code,
    line: u32,
    column: u32,
}

impl Place {
    fn of(diagnostic: &Diagnostic) -> Place {
        let Diagnostic { code, line, column, .. } = diagnostic;
        Place { code: *code, line: *line, column: *column }
    }

    fn follow(&mut self, edit: &Edit) {
        self.column = edit.moved_column(self.line, self.column);
        // What stood in a line that is gone is found nowhere.
        self.line = edit.moved(self.line).unwrap_or_default();
    }
}

struct State {
    text: String,
    reading: Reading,
}

impl State {
    /// The page with an edit, and those of what follows from it; or why the edit is not made.
    fn with(
        &self,
        page: &str,
        target: &Place,
        edit: &Edit,
        read: &impl Fn(&str) -> Reading,
    ) -> Result<(State, Vec<Edit>), String> {
        const ELSEWHERE: &str = "the text is not laid out as lines of examples are";
        let mut edits = vec![edit.clone()];
        let mut text = edit.apply(&self.text).ok_or(ELSEWHERE)?;
        let mut known: Vec<Place> = self.reading.diagnostics.iter().map(Place::of).collect();
        if let Some(at) = known.iter().position(|own| own == target) {
            known.remove(at);
        }
        known.iter_mut().for_each(|place| place.follow(edit));
        let followed = followed_length(&Page::parse(page, &self.text), &Page::parse(page, &text), edit);
        if let Some(next) = followed {
            text = next.apply(&text).ok_or(ELSEWHERE)?;
            known.iter_mut().for_each(|place| place.follow(&next));
            edits.push(next);
        }
        for _ in 0..MOST_FOLLOWING {
            let reading = read(&text);
            let new = added(&known, &reading.diagnostics);
            let Some(first) = new.first() else {
                self.check_contracts(page, &edits, &reading.contracts)?;
                return Ok((State { text, reading }, edits));
            };
            let is_same = first.code == target.code && edit.moved(target.line) == Some(first.line);
            let Some(next) = first.edit.as_ref().filter(|_| !is_same) else {
                return Err(match is_same {
                    true => "the defect would still be there".to_owned(),
                    false => format!("{} would be there instead ({})", first.code, first.message),
                });
            };
            text = next.apply(&text).ok_or(ELSEWHERE)?;
            known.iter_mut().for_each(|place| place.follow(next));
            edits.push(next.clone());
        }
        Err("each edit brings about another defect".to_owned())
    }

    /// The contracts of examples that no edit is about are as they were, but for their lines.
    fn check_contracts(&self, page: &str, edits: &[Edit], after: &[Contract]) -> Result<(), String> {
        let before = &self.reading.contracts;
        if before.iter().map(|own| &own.id).ne(after.iter().map(|own| &own.id)) {
            return Err("the page would give other contracts than before".to_owned());
        }
        let parsed = Page::parse(page, &self.text);
        // The edits behind the first one are about the example of the first one.
        let edited: Vec<u32> = edits.first().into_iter().flat_map(Edit::lines).collect();
        let starts: Vec<u32> = parsed.blocks.iter().map(|block| block.message.start.line()).collect();
        let ends = parsed.blocks.iter().map(|block| block.end);
        let touched: Vec<u32> = starts
            .iter()
            .zip(ends)
            .filter(|(start, end)| edited.iter().any(|line| (**start..=*end).contains(line)))
            .map(|(start, _)| *start)
            .collect();
        let is_touched = |own: &Contract| {
            [own.source.request.line, own.source.response.line].iter().any(|line| touched.contains(line))
        };
        let changed = before
            .iter()
            .zip(after)
            .find(|(before, after)| !is_touched(before) && without_lines(before, page) != without_lines(after, page));
        match changed {
            Some((contract, _)) => Err(format!("the contract {} would change too", contract.id)),
            None => Ok(()),
        }
    }
}

/// The diagnostics that are not known.
fn added<'d>(known: &[Place], found: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    // Where columns of a line have moved, the code and the line tell.
    let mut left: BTreeMap<(Code, u32), usize> = BTreeMap::new();
    known.iter().for_each(|place| *left.entry((place.code, place.line)).or_default() += 1);
    let is_new = |own: &&Diagnostic| match left.get_mut(&(own.code, own.line)) {
        Some(number) if *number > 0 => {
            *number -= 1;
            false
        }
        _ => true,
    };
    found.iter().filter(is_new).collect()
}

/// A contract without the lines of its page, which move.
pub(super) fn without_lines(contract: &Contract, page: &str) -> Value {
    fn strip(value: &mut Value, page: &str) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| name != "line" && name != "source");
                members.values_mut().for_each(|value| strip(value, page));
            }
            Value::Array(items) => items.iter_mut().for_each(|value| strip(value, page)),
            Value::String(text) => {
                let line = text.strip_prefix(page).and_then(|rest| rest.strip_prefix(':'));
                if line.is_some_and(|line| line.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')) {
                    text.truncate(page.len());
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut value = serde_json::to_value(contract).unwrap_or_default();
    strip(&mut value, page);
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;
    use crate::lint::lint_with_contracts;
    use crate::lint::testing::exchange;

    fn read(text: &str) -> Reading {
        let page = Page::parse("v1.0/api/lamp.md", text);
        let (found, contracts) = lint_with_contracts(&page, &TypeIndex::default(), None);
        Reading { diagnostics: found.diagnostics, contracts }
    }

    fn fixed(text: &str) -> FixedPage {
        let wanted: Vec<Diagnostic> = read(text).diagnostics.into_iter().filter(|own| own.edit.is_some()).collect();
        fix_page("v1.0/api/lamp.md", text.to_owned(), &wanted, read)
    }

    /// The lines of a page that are changed, as a diff without context, with each line end; and the same for CRLF, in a list and in a quote.
    /// Nothing that can be corrected is left, so that doing it again changes nothing.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let in_list =
            |text: &str| text.lines().map(|line| format!("  {line}\n").replace("  \n", "\n")).collect::<String>();
        let in_quote = |text: &str| text.lines().map(|line| format!("> {line}\n").replace("> \n", ">\n")).collect();
        let forms: [(String, &str, &str); 4] = [
            (text.to_owned(), "", "\n"),
            (format!("\u{feff}{}", text.replace('\n', "\r\n")), "", "\r\n"),
            (format!("- item\n\n{}", in_list(text)), "  ", "\n"),
            (in_quote(text), "> ", "\n"),
        ];
        for (text, before, end) in forms {
            let page = fixed(&text);
            let diff = similar::TextDiff::from_lines(&text, &page.text);
            let changes = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
            let shown: Vec<String> = changes.map(|change| format!("{}{}", change.tag(), change.value())).collect();
            let expected: Vec<String> = expected
                .iter()
                .map(|line| {
                    let own = format!("{before}{}", &line[1..]);
                    let own = if line.len() == 1 { own.trim_end() } else { &own };
                    format!("{}{own}{end}", &line[..1])
                })
                .collect();
            assert_eq!(shown, expected, "{text}\n{:?}", page.left);
            assert_eq!(page.left.len(), 0, "{:?}", page.left);
            let again = fixed(&page.text);
            assert_eq!((again.fixed.len(), again.text == page.text), (0, true), "{:?}", again.fixed);
        }
    }

    /// Nothing is changed.
    #[track_caller]
    fn check_left(text: &str) {
        let page = fixed(text);
        assert_eq!((page.text.as_str(), page.fixed.len()), (text, 0), "{:?}", page.fixed);
    }

    const GET: &str = "GET https://graph.microsoft.com/v1.0/lamps";
    const JSON: &str = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n";

    fn answer(response: &str) -> String {
        exchange("", GET, response)
    }

    #[test]
    fn the_length_is_that_of_the_body_with_the_ends_of_the_page() {
        let of = |length: &str, body: &str| {
            answer(&format!("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {length}\n\n{body}"))
        };
        check(&of("7", "{\"a\": 1}"), &["-Content-Length: 7", "+Content-Length: 8"]);
        check(&of("many", "{\"a\": 1}"), &["-Content-Length: many", "+Content-Length: 8"]);
        check_left(&of("8", "{\"a\": 1}"));
        check_left(&of("7", ""));
        check_left(&of("700", "{\"a\": 1, ...}"));
        let lines = of("700", "{\n}");
        assert!(fixed(&lines).text.contains("Content-Length: 3\n"));
        assert!(fixed(&lines.replace('\n', "\r\n")).text.contains("Content-Length: 4\r\n"));
    }

    #[test]
    fn header_fields_and_body_come_to_their_places() {
        check(&answer("HTTP/1.1 200 OK\nContent-Type: application/json\n{}"), &["+"]);
        check(&answer("HTTP/1.1 200 OK\nContent-Type: application/json\n\u{200b}[]"), &["-\u{200b}[]", "+", "+[]"]);
        check(&answer("HTTP/1.1 200 OK\n\nContent-Type: application/json\n\n{}"), &["-"]);
        check(
            &answer("HTTP/1.1 200 OK\n\n{}\n\nContent-Type: application/json"),
            &["+Content-Type: application/json", "-", "-Content-Type: application/json"],
        );
        check_left(&answer("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n{}\n\nContent-Type: application/json"));
        check_left(&answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nsome text"));
    }

    #[test]
    fn a_message_with_json_says_so() {
        check(&answer("HTTP/1.1 200 OK\n\n{}"), &["+Content-Type: application/json"]);
        let request = "POST https://graph.microsoft.com/v1.0/lamps\nAccept: */*\n\n{\"a\": 1}";
        check(&exchange("", request, "HTTP/1.1 204 No Content"), &["+Content-Type: application/json"]);
        check(&answer("HTTP/1.1 200 OK\n{}"), &["+Content-Type: application/json", "+"]);
    }

    #[test]
    fn a_body_that_should_not_be_there_is_left_alone() {
        let of = |request: &str| exchange("", request, "HTTP/1.1 204 No Content");
        for method in ["GET", "HEAD"] {
            let start = format!("{method} https://graph.microsoft.com/v1.0/lamps");
            check_left(&of(&format!("{start}\n{{\"a\": 1}}")));
            check_left(&of(&format!("{start}\nContent-Length: 99\n\n{{\"a\": [1,],}}")));
        }
        check_left(&answer("HTTP/1.1 204 No Content\nContent-Type: application/json\n{\"a\": [1,],}"));
        // What is wrong before the body is corrected all the same.
        check(&answer("HTTP/1.1 204 NoContent\n\n{}"), &["-HTTP/1.1 204 NoContent", "+HTTP/1.1 204 No Content"]);
    }

    #[test]
    fn all_of_one_kind_in_a_body_are_corrected_together() {
        let of = |body: &str| answer(&format!("{JSON}{body}"));
        check(&of("{\"a\": [1, ],}"), &["-{\"a\": [1, ],}", "+{\"a\": [1 ]}"]);
        check(&of("{\n  \"a\": 1\n  ,\n}"), &["-  ,"]);
        check(
            &of("{\u{a0}\"a\":\u{200b} 1,\u{2003}\"b\": \"\u{a0}\"}"),
            &["-{\u{a0}\"a\":\u{200b} 1,\u{2003}\"b\": \"\u{a0}\"}", "+{ \"a\": 1, \"b\": \"\u{a0}\"}"],
        );
        check_left(&of("{\"a\": [1, ...]}"));
        check_left(&of("{\"a\": 1 \"b\": 2}"));
    }

    #[test]
    fn blanks_in_the_query_of_a_url_are_encoded() {
        let of = |query: &str| exchange("", &format!("{GET}?{query}"), "HTTP/1.1 204 No Content");
        check(
            &of("$filter=a eq 'b c'"),
            &[
                "-GET https://graph.microsoft.com/v1.0/lamps?$filter=a eq 'b c'",
                "+GET https://graph.microsoft.com/v1.0/lamps?$filter=a%20eq%20'b%20c'",
            ],
        );
        // A person would take these out, or none.
        check_left(&of("$select=a, b"));
        check_left(&of("$top=1 &$select=a"));
        check_left(&exchange("", "GET https://graph.microsoft.com/v1.0/lamps and more", "HTTP/1.1 204 No Content"));
    }

    #[test]
    fn the_reason_phrase_is_that_of_the_status() {
        check(&answer("HTTP/1.1 204 NoContent"), &["-HTTP/1.1 204 NoContent", "+HTTP/1.1 204 No Content"]);
        // The status may be wrong, unless the text says that it is meant.
        check_left(&answer("HTTP/1.1 202 No Content"));
        let says = exchange("Returns `202 Accepted`.", GET, "HTTP/1.1 202 No Content");
        check(&says, &["-HTTP/1.1 202 No Content", "+HTTP/1.1 202 Accepted"]);
    }

    #[test]
    fn names_and_members_are_written_as_in_the_table_of_the_page() {
        let table = "|Property|Type|Description|\n|---|---|---|\n|name|String|The name.|\n|form|form|Possible values are: `round`, `flat`.|\n";
        let of = |body: &str| crate::lint::testing::post(table, body, "{\"id\": \"1\"}");
        check(
            &of("{\n  \"Name\": \"Name\",\n  \"form\": \"Round\"\n}"),
            &["-  \"Name\": \"Name\",", "-  \"form\": \"Round\"", "+  \"name\": \"Name\",", "+  \"form\": \"round\""],
        );
        check_left(&of("{\"name\": \"a\", \"form\": \"oval\"}"));
    }

    #[test]
    fn edits_that_depend_on_each_other_are_right_at_once() {
        let text =
            answer("HTTP/1.1 200 ok.\nContent-Length: 99\n{\n  \"a\": [1,],\n}\n\nContent-Type: application/json");
        let page = fixed(&text);
        let expected = "HTTP/1.1 200 OK\nContent-Length: 14\nContent-Type: application/json\n\n{\n  \"a\": [1]\n}\n```";
        assert!(page.text.contains(expected), "{}\n{:?}", page.text, page.left);
        // A length that was right follows the body.
        let right = answer("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 9\n\n{\"a\": 1,}");
        check(&right, &["-Content-Length: 9", "+Content-Length: 8", "-{\"a\": 1,}", "+{\"a\": 1}"]);
        // It counts the line ends that it counted, whatever those of the page are.
        let lines = answer("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 13\n\n{\n\"a\": 1,\n}");
        check(&lines, &["-Content-Length: 13", "+Content-Length: 12", "-\"a\": 1,", "+\"a\": 1"]);
    }

    #[test]
    fn an_edit_that_would_change_more_is_not_made_and_that_is_said() {
        let text = answer(&format!("{JSON}{{\"a\": 1,}}"));
        let wanted = read(&text).diagnostics;
        // Whoever reads it finds something else when it is corrected.
        let other = |new: &str| {
            let mut reading = read(new);
            if new != text {
                reading.diagnostics.push(Diagnostic::new(Code::TodoLeft, "v1.0/api/lamp.md", (1, 1), "more"));
            }
            reading
        };
        let wanted: Vec<Diagnostic> = wanted.into_iter().filter(|own| own.code == Code::JsonTrailingComma).collect();
        let page = fix_page("v1.0/api/lamp.md", text.clone(), &wanted, other);
        let whys: Vec<&str> = page.left.iter().map(|own| own.why.as_str()).collect();
        assert_eq!((page.text, whys), (text, vec!["todo-left would be there instead (more)"]));
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_in_a_page_is_corrected_or_left(
            body in r#"[\[\]{},:"'a-b0-1 \n>\u{a0}\u{200b}-]{0,24}"#,
            head in r"(Content-(Type|Length): [a-z0-9/]{0,4}\n|\n){0,3}",
        ) {
            let page = fixed(&answer(&format!("HTTP/1.1 200 Okay\n{head}{body}")));
            let again = fixed(&page.text);
            proptest::prop_assert_eq!(&again.text, &page.text, "{:?}", again.fixed);
        }
    }
}
