//! What authors of a page have left to be done.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Element, Page};

/// A diagnostic for each line with a `TODO`.
pub(super) fn todos(page: &Page<'_>) -> Vec<Diagnostic> {
    let (mut found, mut last_line, mut hidden) = (Vec::new(), 0, None);
    for at in memchr::memmem::find_iter(page.text.as_bytes(), "TODO") {
        let (before, after) = page.text.split_at(at);
        // Nobody reads a comment, and code has words of its own.
        let hidden = hidden.get_or_insert_with(|| hidden_ranges(page).into_iter().peekable());
        while hidden.next_if(|range| range.end <= at).is_some() {}
        let is_hidden = hidden.peek().is_some_and(|range| range.contains(&at));
        let is_left = !is_hidden && (after["TODO".len()..].starts_with(':') || before.ends_with("**"));
        let line = page.line_at(at);
        // One diagnostic a line is enough.
        if is_left && line != last_line {
            last_line = line;
            let column = page.column_at(if before.ends_with("**") { at - 2 } else { at });
            let message = "a TODO was left in the page".to_owned();
            found.push(page.diagnostic(Code::TodoLeft, line, column, message));
        }
    }
    found
}

/// The comments and code blocks of the page, in its order, as ranges of bytes.
fn hidden_ranges(page: &Page<'_>) -> Vec<Range<usize>> {
    let start = page.text.as_ptr() as usize;
    let range = |text: &str| {
        let from = (text.as_ptr() as usize).checked_sub(start)?;
        (from + text.len() <= page.text.len()).then(|| from..from + text.len())
    };
    let element = |element: &Element<'_>| match element {
        Element::Comment(comment) => range(comment.text),
        Element::Fence(fence) => {
            let (first, last) = (fence.lines.first()?, fence.lines.last()?);
            Some(page.line_start(first.number)..page.line_start(last.number + 1))
        }
        _ => None,
    };
    page.elements.iter().filter_map(element).collect()
}
