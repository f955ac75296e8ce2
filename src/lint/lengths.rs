//! How long a body is, as Content-Length counts it.

use crate::page::Message;

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
}
