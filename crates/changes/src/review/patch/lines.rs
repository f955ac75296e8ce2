//! Lines of a block put back into their page: with what stands before them there (a list's indentation, a quote's `>`) and with the
//! page's line ends.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use graph_contracts::page::Line;

/// The lines of a page, each with its line end; what replaces them is put together at the end.
pub(super) struct PageLines<'t> {
    lines: Vec<&'t str>,
    /// What stands there now; the text of several lines where some were inserted.
    now: Vec<String>,
}

impl<'t> PageLines<'t> {
    pub(super) fn of(text: &'t str) -> PageLines<'t> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let now = lines.iter().map(|line| (*line).to_owned()).collect();
        PageLines { lines, now }
    }

    /// The page's text.
    pub(super) fn text(self) -> String {
        self.now.concat()
    }

    /// What stands before a line's text, and its line end.
    fn around(&self, line: &Line<'_>) -> Result<(usize, &'t str, &'t str), String> {
        let odd = || format!("line {} of the page is not laid out as lines of examples are", line.number);
        let index = (line.number as usize).checked_sub(1).ok_or_else(odd)?;
        let raw = *self.lines.get(index).ok_or_else(odd)?;
        let bare = raw.trim_end_matches(['\r', '\n']);
        let before = bare.strip_suffix(line.text.as_ref()).ok_or_else(odd)?;
        let end = &raw[bare.len()..];
        Ok((index, before, if end.is_empty() { "\n" } else { end }))
    }

    /// Puts other text into a line; `None` takes it away.
    pub(super) fn set(&mut self, line: &Line<'_>, text: Option<&str>) -> Result<(), String> {
        let (index, before, end) = self.around(line)?;
        self.now[index] = text.map(|text| format!("{before}{text}{end}")).unwrap_or_default();
        Ok(())
    }

    /// Puts other lines in the place of successive ones. Those that are equal stay as they are.
    pub(super) fn replace(&mut self, old: &[Line<'_>], new: &[&str]) -> Result<(), String> {
        let texts: Vec<&str> = old.iter().map(|line| line.text.as_ref()).collect();
        for op in capture_diff_slices(Algorithm::Myers, &texts, new) {
            let (tag, removed, inserted) = op.as_tag_tuple();
            if tag == DiffTag::Equal {
                continue;
            }
            let from = removed.start;
            // New lines stand like the one that they follow, or like the first one.
            let Some(model) = old.get(from.saturating_sub(1)).or(old.first()) else { continue };
            let (_, before, end) = self.around(model)?;
            let text: String = new[inserted].iter().map(|line| format!("{before}{line}{end}")).collect();
            for line in &old[removed] {
                self.set(line, None)?;
            }
            let (index, ..) = self.around(old.get(from).unwrap_or(model))?;
            match old.get(from) {
                Some(_) => self.now[index].insert_str(0, &text),
                None => self.now[index].push_str(&text),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::page::{Element, Page};

    /// Replaces the lines of the only fence of a page.
    #[track_caller]
    fn check(text: &str, new: &[&str], expected: &str) {
        let page = Page::parse("p.md", text);
        let fence = page.elements.iter().find_map(|element| match element {
            Element::Fence(fence) => Some(fence),
            _ => None,
        });
        let mut lines = PageLines::of(text);
        lines.replace(&fence.expect("a fence").lines, new).expect("replaced");
        assert_eq!(lines.text(), expected);
    }

    #[test]
    fn new_lines_stand_like_those_around_them() {
        check("```\na\nb\n```\n", &["a", "x", "b"], "```\na\nx\nb\n```\n");
        check("```\r\na\r\nb\r\n```\r\n", &["a", "x", "y", "b"], "```\r\na\r\nx\r\ny\r\nb\r\n```\r\n");
        check("- c\n\n  ```\n  a\n  b\n  ```\n", &["a", "b", "x"], "- c\n\n  ```\n  a\n  b\n  x\n  ```\n");
        check("> ```\n> a\n> b\n> ```\n", &["x", "b"], "> ```\n> x\n> b\n> ```\n");
        check("```\na\nb\n```\nb\n", &["a"], "```\na\n```\nb\n");
    }
}
