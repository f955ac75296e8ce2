//! What corrects a finding, as a `fix` of SARIF.

use graph_contracts::report::{Correction, Excerpt};
use serde_json::{Value, json};

/// The `fixes` of a result (SARIF 2.1.0 sections 3.27.30 and 3.55) in the file of that URI; `None` where there is no single right answer.
pub(crate) fn fixes(excerpt: Option<&Excerpt>, what: &str, uri: &str) -> Option<Value> {
    let fix = &excerpt?.fix;
    let replacements: Vec<Value> = fix.iter().map(replacement).collect();
    let change = json!({ "artifactLocation": { "uri": uri }, "replacements": replacements });
    (!fix.is_empty()).then(|| json!([{ "artifactChanges": [change], "description": { "text": what } }]))
}

/// A `replacement` (section 3.57): the characters of a line that differ, or the line with its end. Columns count Unicode code points, as the
/// run says, and the end of a region is behind it (section 3.30.8).
fn replacement(correction: &Correction) -> Value {
    let Correction { line, old, new, crlf } = correction;
    if new.is_empty() {
        return json!({ "deletedRegion": { "startLine": line, "startColumn": 1, "endLine": line + 1, "endColumn": 1 } });
    }
    let end = if *crlf { "\r\n" } else { "\n" };
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.join(end).chars().collect());
    let before = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - before;
    let behind = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let inserted: String = new[before..new.len() - behind].iter().collect();
    json!({
        "deletedRegion": { "startLine": line, "startColumn": before + 1, "endColumn": old.len() - behind + 1 },
        "insertedContent": { "text": inserted },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first column, the one behind the last, and the text of a correction of one line.
    #[track_caller]
    fn check(old: &str, new: &[&str], expected: (usize, usize, &str)) {
        check_with(false, old, new, expected);
    }

    #[track_caller]
    fn check_with(crlf: bool, old: &str, new: &[&str], expected: (usize, usize, &str)) {
        let new = new.iter().map(|line| (*line).to_owned()).collect();
        let found = replacement(&Correction { line: 7, old: old.to_owned(), new, crlf });
        let (start, end, text) = expected;
        let region = json!({ "startLine": 7, "startColumn": start, "endColumn": end });
        assert_eq!(found, json!({ "deletedRegion": region, "insertedContent": { "text": text } }));
    }

    #[test]
    fn only_what_differs_is_replaced() {
        check("Content-Length: 12", &["Content-Length: 15"], (18, 19, "5"));
        check("ü: 1,", &["ü: 1"], (5, 6, ""));
        check("aa", &["aaa"], (3, 3, "a"));
        check("> POST /a", &["> POST /a", ">"], (10, 10, "\n>"));
        check("", &["", "x"], (1, 1, "\nx"));
    }

    #[test]
    fn lines_end_as_the_page_ends_them() {
        check_with(true, "{", &["", "{"], (1, 1, "\r\n"));
        check_with(true, "a: b", &["a: b", "c: d"], (5, 5, "\r\nc: d"));
    }

    #[test]
    fn a_line_goes_with_its_end() {
        let found = replacement(&Correction { line: 7, old: "x".to_owned(), new: Vec::new(), crlf: true });
        assert_eq!(
            found,
            json!({ "deletedRegion": { "startLine": 7, "startColumn": 1, "endLine": 8, "endColumn": 1 } })
        );
    }

    #[test]
    fn what_has_no_single_right_answer_has_no_fix() {
        assert_eq!(fixes(None, "", "a.md"), None);
        assert_eq!(fixes(Some(&Excerpt::new("a", 1)), "", "a.md"), None);
    }
}
