//! Where the values of a body stand in its page, by line and column.

use std::cell::OnceCell;

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

    /// The line and the column of a byte of the body's text.
    pub(crate) fn of_offset(&self, offset: usize) -> (u32, u32) {
        let (text, starts) = self.text.get_or_init(|| {
            let text = Line::join(self.body);
            let starts = LineStarts::new(&text);
            (text, starts)
        });
        place(self.body, starts.position(text, offset))
    }
}

/// The place in the page of a place in a text of these lines.
pub(super) fn place(body: &[Line<'_>], (line, column): (u32, u32)) -> (u32, u32) {
    let own = body.get(line as usize - 1).or(body.last());
    own.map_or((0, column), |own| (own.number, own.indent + column))
}
