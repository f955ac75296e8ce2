//! Where the values of a body stand in its page, by line and column.

use std::cell::OnceCell;

use crate::json::string_end;
use crate::page::Line;
use crate::source::LineStarts;

/// The places of the values of a body whose lines are these.
#[derive(Debug)]
pub(crate) struct Places<'t> {
    body: &'t [Line<'t>],
    /// The lines, joined with line feeds, as soon as somebody asks: most bodies have no defect.
    text: OnceCell<(String, LineStarts)>,
    offsets: &'t [usize],
}

impl<'t> Places<'t> {
    /// The places of values. `offsets` are those in the lines, joined with line feeds, parents before their children in document order.
    pub(crate) fn new(body: &'t [Line<'t>], offsets: &'t [usize]) -> Places<'t> {
        Places { body, text: OnceCell::new(), offsets }
    }

    /// The line and the column of a value, counted in document order, parents first.
    pub(crate) fn of_value(&self, number: usize) -> (u32, u32) {
        self.of_offset(self.offsets.get(number).or(self.offsets.first()).copied().unwrap_or_default())
    }

    /// The line and the column of the text in double quotes that a value is. What is known of a member is where its name begins: `is_member`.
    pub(crate) fn of_text(&self, number: usize, is_member: bool) -> Option<(u32, u32)> {
        let mut at = *self.offsets.get(number)?;
        let (text, _) = self.text();
        let bytes = text.as_bytes();
        if is_member {
            if bytes.get(at) != Some(&b'"') {
                return None;
            }
            let behind =
                |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let colon = behind(string_end(bytes, at + 1, b'"'));
            if bytes.get(colon) != Some(&b':') {
                return None;
            }
            at = behind(colon + 1);
        }
        (bytes.get(at) == Some(&b'"')).then(|| self.of_offset(at))
    }

    /// The line and the column of a byte of the body's text.
    pub(crate) fn of_offset(&self, offset: usize) -> (u32, u32) {
        let (text, starts) = self.text();
        place(self.body, starts.position(text, offset))
    }

    /// The lines, joined with line feeds.
    fn text(&self) -> &(String, LineStarts) {
        self.text.get_or_init(|| {
            let text = Line::join(self.body);
            let starts = LineStarts::new(&text);
            (text, starts)
        })
    }
}

/// The place in the page of a place in a text of these lines.
pub(super) fn place(body: &[Line<'_>], (line, column): (u32, u32)) -> (u32, u32) {
    let own = body.get(line as usize - 1).or(body.last());
    own.map_or((0, column), |own| (own.number, own.indent + column))
}
