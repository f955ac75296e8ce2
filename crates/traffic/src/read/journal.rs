//! The journal of `serve --journal`: a request as JSON in each line, without header fields and bodies. The server had the whole request, and
//! its journal says what it found.

use std::io::BufRead;

use graph_contracts_serve::Entry;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Each, ReadError};
use crate::recorded::{Content, Record, Recorded};

/// What every line of a journal has, and no other file begins with.
#[derive(Deserialize)]
struct First {
    #[expect(dead_code, reason = "it has to be there")]
    number: u64,
    #[expect(dead_code, reason = "it has to be there")]
    method: IgnoredAny,
}

/// Whether a file that begins so is a journal. A first line that is cut off is of one, too.
pub(super) fn is_one(beginning: &[u8]) -> bool {
    let line = beginning.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    serde_json::from_slice::<First>(line).is_ok() || line.trim_ascii_start().starts_with(br#"{"number":"#)
}

pub(super) fn read(mut source: impl BufRead, each: &mut Each<'_>) -> Result<(), ReadError> {
    let mut text = String::new();
    for line in 1.. {
        let failed = |column: usize, reason: String| ReadError { line, column, reason, ..ReadError::default() };
        text.clear();
        if source.read_line(&mut text).map_err(|error| failed(1, error.to_string()))? == 0 {
            break;
        }
        if text.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Entry>(&text) {
            Ok(entry) => each(&|number| exchange(number, entry.clone())),
            Err(error) if !text.ends_with('\n') => {
                return Err(failed(error.column(), "the journal ends within a line".to_owned()));
            }
            // The message of the error could quote the line.
            Err(error) => {
                let reason = format!("line {line} is no entry of a journal, from column {} on", error.column());
                each(&|number| Record::Unreadable { number, reason: reason.clone() });
            }
        }
    }
    Ok(())
}

fn exchange(number: String, entry: Entry) -> Record {
    Record::Exchange(Box::new(of_journal(number, entry)))
}

/// A request of which a journal has an entry.
pub(crate) fn of_journal(number: String, entry: Entry) -> Recorded {
    Recorded {
        number,
        at: Some(entry.at),
        milliseconds: Some(entry.milliseconds),
        method: entry.method.clone(),
        url: entry.url.clone(),
        body: Content::NotKnown("a journal has no bodies"),
        status: Some(entry.status).filter(|status| *status > 0),
        entry: Some(Box::new(entry)),
        is_of_server: true,
        ..Recorded::default()
    }
}
