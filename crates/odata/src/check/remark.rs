//! What is found, before it is known of which contract and on which route.

use graph_contracts::at::At;
use graph_contracts::diagnostic::Code;

/// Something that the metadata says otherwise than a page, or a note about it.
#[derive(Clone, Debug)]
pub(super) struct Remark {
    pub(super) code: Code,
    /// Where in the contract it is.
    pub(super) at: At,
    /// The line of the page; `None` for that of the route.
    pub(super) line: Option<u32>,
    pub(super) message: String,
    /// What it is about, whatever contract it is found in.
    pub(super) subject: String,
    /// Where the metadata says so.
    pub(super) declared: Option<u32>,
}

impl Remark {
    /// A remark that is about nothing but itself.
    pub(super) fn new(code: Code, at: At, message: String, declared: Option<u32>) -> Remark {
        Remark { code, at, line: None, subject: message.clone(), message, declared }
    }
}

/// That a name is written otherwise than it is declared. Services differ in whether they mind.
pub(super) fn is_called(documented: &str, declared: &str) -> String {
    format!("`{documented}` is called `{declared}` in the metadata")
}
