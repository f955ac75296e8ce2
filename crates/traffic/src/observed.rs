//! A request that went through a server of this project, with its answer, as it was.

use graph_contracts_serve::Observed;

use crate::recorded::{Content, Record, Recorded};

impl Record {
    /// The record of a request that was seen, and of its answer. Nothing of it is left out: what is written is redacted like that of a file.
    pub fn observed(number: usize, seen: Observed) -> Record {
        let Observed { at, took, request, response, goes_on } = seen;
        let url = format!("{}{}", request.base_url, request.target());
        let body = match request.left_out {
            0 => Content::Whole(request.body.to_vec()),
            _ => Content::NotKnown("it is long, and its beginning alone was kept"),
        };
        Record::Exchange(Box::new(Recorded {
            number: number.to_string(),
            at: Some(at),
            milliseconds: Some(took.as_secs_f64() * 1e3),
            method: request.method.to_string(),
            url,
            headers: Some(request.headers),
            body,
            status: response.as_ref().map(|own| own.status),
            // Its header fields are known, whatever becomes of its body.
            answer_headers: response.as_ref().filter(|_| goes_on).map(|own| own.headers.clone()).unwrap_or_default(),
            response: response.filter(|_| !goes_on),
            is_long: goes_on,
            is_of_server: true,
            ..Recorded::default()
        }))
    }
}
