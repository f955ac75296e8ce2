//! How long a body is, as Content-Length counts it.

use crate::page::Message;

/// The line ends that a Content-Length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnds {
    Lf,
    Crlf,
}

/// The length of a body in bytes.
pub(super) struct Lengths {
    pub(super) with_lf: usize,
    pub(super) with_crlf: usize,
}

impl Lengths {
    /// Those of a message's body.
    pub(super) fn of(message: &Message<'_>) -> Lengths {
        let text: usize = message.body.iter().map(|line| line.text.len()).sum();
        let ends = message.body.len().saturating_sub(1);
        Lengths { with_lf: text + ends, with_crlf: text + 2 * ends }
    }

    /// The length with these line ends.
    pub(super) fn with(&self, ends: LineEnds) -> usize {
        match ends {
            LineEnds::Lf => self.with_lf,
            LineEnds::Crlf => self.with_crlf,
        }
    }

    /// The line ends with which a length is that of the body, if only one of them gives it.
    pub(super) fn ends_of(&self, length: usize) -> Option<LineEnds> {
        match (self.with_lf == length, self.with_crlf == length) {
            (true, false) => Some(LineEnds::Lf),
            (false, true) => Some(LineEnds::Crlf),
            _ => None,
        }
    }
}
