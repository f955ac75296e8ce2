//! Comments of a page that accept a defect: `<!-- graph-contracts-ignore CODE: reason -->`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use foldhash::{HashMap, HashMapExt as _};

use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Comment, Element, Page};

/// How such a comment begins.
const MARK: &str = "graph-contracts-ignore";

/// A comment that accepts the defects of a code in what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    code: Code,
    /// The lines that it is about.
    lines: RangeInclusive<u32>,
    /// Its own line.
    line: u32,
}

impl Ignored {
    /// Whether it accepts one of the defects that its page has, given their lines by code.
    pub(super) fn is_used(&self, found: &HashMap<Code, BTreeSet<u32>>) -> bool {
        found.get(&self.code).is_some_and(|lines| lines.range(self.lines.clone()).next().is_some())
    }

    /// What is wrong with it where it accepts nothing of a code that could be found.
    pub(super) fn unused(&self, page: &str, could_be_found: impl Fn(Code) -> bool) -> Option<Diagnostic> {
        let message = || format!("`{}` is not found in what follows this comment", self.code);
        could_be_found(self.code).then(|| Diagnostic::new(Code::SuppressionUnused, page, (self.line, 1), message()))
    }
}

/// The lines of a page in which its comments accept defects.
pub(super) struct Accepting {
    /// For each code, the first line of each comment's, in order, each with the last line of those so far.
    by_code: HashMap<Code, Vec<(u32, u32)>>,
}

impl Accepting {
    /// The lines that these comments are about.
    pub(super) fn of(comments: &[Ignored]) -> Accepting {
        let mut by_code: HashMap<Code, Vec<(u32, u32)>> = HashMap::new();
        for own in comments {
            by_code.entry(own.code).or_default().push((*own.lines.start(), *own.lines.end()));
        }
        for lines in by_code.values_mut() {
            lines.sort_unstable();
            let mut farthest = 0;
            for (_, last) in lines {
                farthest = farthest.max(*last);
                *last = farthest;
            }
        }
        Accepting { by_code }
    }

    /// Whether one of the comments accepts a defect of their page.
    pub(super) fn accepts(&self, found: &Diagnostic) -> bool {
        let Some(lines) = self.by_code.get(&found.code) else { return false };
        let begun = lines.partition_point(|(first, _)| *first <= found.line);
        begun.checked_sub(1).is_some_and(|last| lines[last].1 >= found.line)
    }
}

/// The comments of a page that accept something, and what is wrong with others that should.
pub(super) fn of_page(page: &Page<'_>) -> (Vec<Ignored>, Vec<Diagnostic>) {
    let (mut ignored, mut wrong) = (Vec::new(), Vec::new());
    // The comments in a row are about the same block, so that the last one comes first.
    let mut behind = page.elements.len();
    for (index, element) in page.elements.iter().enumerate().rev() {
        let Element::Comment(comment) = element else {
            behind = index;
            continue;
        };
        match read(comment) {
            Some(Ok(code)) => {
                ignored.push(Ignored { code, lines: lines_below(page, behind, comment.line), line: comment.line });
            }
            Some(Err(message)) => {
                wrong.push(page.diagnostic(Code::SuppressionNotValid, comment.line, 1, message));
            }
            None => {}
        }
    }
    ignored.reverse();
    wrong.reverse();
    (ignored, wrong)
}

/// The code that a comment is about, or what is wrong with it; `None` if it is about something else.
fn read(comment: &Comment<'_>) -> Option<Result<Code, String>> {
    let rest = comment.text.trim().strip_prefix(MARK)?;
    if rest.starts_with(|c: char| !c.is_whitespace() && c != ':') {
        return None;
    }
    let (name, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let name = name.trim();
    Some(match Code::written(name) {
        Err(_) if name.is_empty() => Err("the comment names no code".to_owned()),
        Ok(code) if reason.trim().is_empty() => Err(format!("no reason is given for accepting `{code}`")),
        read => read,
    })
}

/// The lines that a comment is about: its own, and those up to the end of the next block, whose place is given. In a table it is about its row.
fn lines_below(page: &Page<'_>, behind: usize, line: u32) -> RangeInclusive<u32> {
    let Some(block) = page.elements.get(behind) else { return line..=line };
    match block {
        Element::Table(table) if table.line <= line => line..=line,
        // Where the fence ends.
        Element::Fence(fence) => line..=fence.lines.last().map_or(fence.line, |last| last.number) + 1,
        // A paragraph in which it stands begins above it.
        _ => {
            let next = page.elements.get(behind + 1);
            let end = next.map_or(u32::MAX, |next| next.line().saturating_sub(1));
            line.min(block.line())..=end.max(line)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the comments of a page accept, as `code first-last`, and the messages about others.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (ignored, wrong) = of_page(&Page::parse("a.md", text));
        let ignored = ignored.iter().map(|own| format!("{} {}-{}", own.code, own.lines.start(), own.lines.end()));
        let wrong = wrong.iter().map(|own| format!("{}: {}", own.line, own.message));
        assert_eq!(ignored.chain(wrong).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_comment_is_about_the_next_block() {
        let own = "<!-- graph-contracts-ignore no-body: a reason -->";
        check(&format!("{own}\n```http\nGET /a\n```\ntext\n"), &["no-body 1-4"]);
        check(&format!("text\n\n{own}\n\n<!-- {{}} -->\n```http\nGET /a\n\n{{}}\n```\n"), &["no-body 3-10"]);
        check(&format!("{own}\nTODO\nmore\n\nother\n"), &["no-body 1-4"]);
        check(&format!("text {own}\nmore\n\n# Next\n"), &["no-body 1-3"]);
        check(&format!("|A|\n|---|\n|x|\n|y {own}|\n|z|\n"), &["no-body 4-4"]);
        check(
            &format!("{own}\n{}\ntext\n", own.replace("no-body", "todo-left")),
            &[&format!("no-body 1-{}", u32::MAX), &format!("todo-left 2-{}", u32::MAX)],
        );
        check(own, &["no-body 1-1"]);
    }

    #[test]
    fn a_defect_is_accepted_by_any_comment_that_is_about_its_line() {
        let own = |code, first, last| Ignored { code, lines: first..=last, line: first };
        let comments = [own(Code::NoBody, 9, 12), own(Code::NoBody, 1, 20), own(Code::TodoLeft, 3, 4)];
        let accepting = Accepting::of(&comments);
        let check = |code: Code, line: u32, is_accepted: bool, used: &[bool]| {
            assert_eq!(accepting.accepts(&Diagnostic::new(code, "a.md", (line, 1), "")), is_accepted, "{code} {line}");
            let found = HashMap::from_iter([(code, BTreeSet::from([line]))]);
            assert_eq!(comments.each_ref().map(|own| own.is_used(&found)), used, "{code} {line}");
        };
        check(Code::NoBody, 9, true, &[true, true, false]);
        check(Code::NoBody, 13, true, &[false, true, false]);
        check(Code::NoBody, 20, true, &[false, true, false]);
        check(Code::NoBody, 21, false, &[false, false, false]);
        check(Code::TodoLeft, 4, true, &[false, false, true]);
        check(Code::TodoLeft, 2, false, &[false, false, false]);
        check(Code::NoContentType, 3, false, &[false, false, false]);
    }

    #[test]
    fn a_comment_says_what_it_accepts_and_why() {
        check("<!-- graph-contracts-ignore no-body -->\n", &["1: no reason is given for accepting `no-body`"]);
        check("<!-- graph-contracts-ignore no-body: -->\n", &["1: no reason is given for accepting `no-body`"]);
        check(
            "<!-- graph-contracts-ignore no-bodies: x -->\n",
            &["1: there is no code `no-bodies`; did you mean `no-body`?"],
        );
        check("<!--graph-contracts-ignore-->\n", &["1: the comment names no code"]);
    }

    #[test]
    fn what_is_no_such_comment_says_nothing() {
        check("```\n<!-- graph-contracts-ignore no-body: x -->\n```\n", &[]);
        check("`<!-- graph-contracts-ignore no-body: x -->`\n", &[]);
        check("<!-- graph-contracts-ignored: no -->\n", &[]);
        check("<!-- see graph-contracts-ignore -->\n", &[]);
    }
}
