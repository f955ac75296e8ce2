//! Comments of a page that accept a defect: `<!-- graph-contracts-ignore CODE: reason -->`.

use std::ops::RangeInclusive;

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
    /// Whether it accepts a defect of its page.
    pub(super) fn accepts(&self, found: &Diagnostic) -> bool {
        self.code == found.code && self.lines.contains(&found.line)
    }

    /// What is wrong with it where it accepts nothing of a code that could be found.
    pub(super) fn unused(&self, page: &str, could_be_found: impl Fn(Code) -> bool) -> Option<Diagnostic> {
        let message = || format!("`{}` is not found in what follows this comment", self.code);
        could_be_found(self.code).then(|| Diagnostic::new(Code::SuppressionUnused, page, (self.line, 1), message()))
    }
}

/// The comments of a page that accept something, and what is wrong with others that should.
pub(super) fn of_page(page: &Page<'_>) -> (Vec<Ignored>, Vec<Diagnostic>) {
    let (mut ignored, mut wrong) = (Vec::new(), Vec::new());
    for (index, element) in page.elements.iter().enumerate() {
        let Element::Comment(comment) = element else { continue };
        match read(comment) {
            Some(Ok(code)) => {
                ignored.push(Ignored { code, lines: lines_below(page, index, comment.line), line: comment.line });
            }
            Some(Err(message)) => {
                wrong.push(page.diagnostic(Code::SuppressionNotValid, comment.line, 1, message));
            }
            None => {}
        }
    }
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
    Some(match Code::named(name) {
        None if name.is_empty() => Err("the comment names no code".to_owned()),
        None => Err(format!("there is no code `{name}`")),
        Some(code) if reason.trim().is_empty() => Err(format!("no reason is given for accepting `{code}`")),
        Some(code) => Ok(code),
    })
}

/// The lines that a comment is about: its own, and those up to the end of the next block. In a table it is about its row.
fn lines_below(page: &Page<'_>, index: usize, line: u32) -> RangeInclusive<u32> {
    let mut below = page.elements.iter().skip(index + 1);
    let Some(block) = below.find(|element| !matches!(element, Element::Comment(_))) else { return line..=line };
    match block {
        Element::Table(table) if table.line <= line => line..=line,
        // Where the fence ends.
        Element::Fence(fence) => line..=fence.lines.last().map_or(fence.line, |last| last.number) + 1,
        // A paragraph in which it stands begins above it.
        _ => {
            let end = below.next().map_or(u32::MAX, |next| next.line().saturating_sub(1));
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
    fn a_comment_says_what_it_accepts_and_why() {
        check("<!-- graph-contracts-ignore no-body -->\n", &["1: no reason is given for accepting `no-body`"]);
        check("<!-- graph-contracts-ignore no-body: -->\n", &["1: no reason is given for accepting `no-body`"]);
        check("<!-- graph-contracts-ignore no-bodies: x -->\n", &["1: there is no code `no-bodies`"]);
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
