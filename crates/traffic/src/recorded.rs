//! What a client sent and received, as far as a file has it.

use graph_contracts::http::ReceivedResponse;
use graph_contracts_serve::Entry;
use http::HeaderMap;
use jiff::Timestamp;

/// One entry of a file.
#[derive(Debug)]
pub enum Record {
    /// A request, and what came back.
    Exchange(Box<Recorded>),
    /// An entry that cannot be read as an exchange.
    Unreadable {
        /// Its number.
        number: String,
        /// Why it cannot.
        reason: String,
    },
}

/// A request, and what came back. Its values are in memory alone: what is written of them is redacted.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Its number in its file, counted from 1; with the name of the file before it, if there are several.
    pub number: String,
    /// When it was sent.
    pub at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub milliseconds: Option<f64>,
    /// The method.
    pub method: String,
    /// The URL, or only its path and query.
    pub url: String,
    /// The header fields; `None` where they are not recorded.
    pub headers: Option<HeaderMap>,
    /// The body.
    pub body: Content,
    /// The status of the answer; `None` if there was none.
    pub status: Option<u16>,
    /// The answer; `None` where it is not recorded as a whole.
    pub response: Option<ReceivedResponse>,
    /// Whether the answer is not there because it is long.
    pub is_long: bool,
    /// The header fields of an answer that is not recorded as a whole, as far as they are.
    pub answer_headers: Vec<(String, String)>,
    /// What `serve` said of the request, which it had as a whole.
    pub entry: Option<Box<Entry>>,
    /// Whether a server of this project recorded it, which stands for Microsoft Graph whatever its address is.
    pub is_of_server: bool,
}

impl Recorded {
    /// A header field of the answer, if it is recorded.
    pub(crate) fn answer_header(&self, name: &str) -> Option<String> {
        let own = self.answer_headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        self.response.as_ref().and_then(|own| own.header(name)).or_else(|| own.map(|(_, value)| value.clone()))
    }

    /// Whether header fields of the answer are recorded.
    pub(crate) fn has_answer_headers(&self) -> bool {
        !self.answer_headers.is_empty() || self.response.as_ref().is_some_and(|own| !own.headers.is_empty())
    }

    /// Whether there was an answer that can be judged no further than by its status: an archive leaves bodies out.
    pub(crate) fn has_unknown_answer(&self) -> bool {
        self.status.is_some() && self.response.is_none() && self.entry.is_none() && !self.is_long
    }
}

/// A body, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it, possibly nothing.
    Whole(Vec<u8>),
    /// Not known, for this reason.
    NotKnown(&'static str),
}

impl Default for Content {
    fn default() -> Content {
        Content::Whole(Vec::new())
    }
}
