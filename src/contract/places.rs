//! Where the values of a body stand in its page, by line and column.

use crate::page::Line;
use crate::source::LineIndex;

/// The places of the values of a body whose lines are these.
#[derive(Debug)]
pub(crate) struct Places<'t> {
    body: &'t [Line<'t>],
    lines: LineIndex<'t>,
    offsets: &'t [usize],
}

impl<'t> Places<'t> {
    /// The places of values. `text` is the body's lines, joined with line feeds; `offsets` are those of its values in that text, parents
    /// before their children in document order.
    pub(crate) fn new(body: &'t [Line<'t>], text: &'t str, offsets: &'t [usize]) -> Places<'t> {
        Places { body, lines: LineIndex::new(text), offsets }
    }

    /// The line and the column of a value, counted in document order, parents first.
    pub(crate) fn of_value(&self, number: usize) -> (u32, u32) {
        self.of_offset(self.offsets.get(number).or(self.offsets.first()).copied().unwrap_or_default())
    }

    /// The line and the column of a byte of the body's text.
    pub(crate) fn of_offset(&self, offset: usize) -> (u32, u32) {
        place(self.body, self.lines.position(offset))
    }
}

/// The place in the page of a place in a text of these lines.
pub(super) fn place(body: &[Line<'_>], (line, column): (u32, u32)) -> (u32, u32) {
    let own = body.get(line as usize - 1).or(body.last());
    own.map_or((0, column), |own| (own.number, own.indent + column))
}
