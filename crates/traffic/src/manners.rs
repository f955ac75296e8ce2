//! How a client treats the service: what it repeats, how soon, and how often.
//!
//! What is kept of a request is a digest of its URL and a few numbers, so that memory does not grow with bodies.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use crate::found::Found;
use crate::judge::Judgment;
use crate::kind::Kind;
use crate::recorded::{Content, Recorded};
use crate::siblings::Siblings;

/// A client's clock and ours differ by so much.
const TOLERANCE: SignedDuration = SignedDuration::from_millis(100);

/// So long is waited at least where the service says to wait, and not how long ("Microsoft Graph throttling guidance": exponential backoff).
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(1);

/// So many calls of one operation in a row, each for another object, are one request too many for each (a batch takes 20).
const MANY: usize = 5;

/// So long after one call the next one is of another task.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// So many times the same collection is read before that is polling.
const POLLS: usize = 4;

/// Reads that are further apart are no polling.
const LONGEST_POLL: SignedDuration = SignedDuration::from_mins(10);

/// What was found, with the numbers of the requests and the operation that it is of; `None` if it is of the client as a whole.
#[derive(Debug)]
pub(crate) struct Noticed {
    pub(crate) operation: Option<String>,
    pub(crate) found: Found,
    pub(crate) numbers: Vec<String>,
}

/// The requests that were seen.
#[derive(Debug, Default)]
pub(crate) struct Manners {
    /// When each URL may be asked for again, which request was told so, and what there is to say if it is repeated earlier.
    throttled: HashMap<u64, (Timestamp, String, String)>,
    /// What may have been carried out although no success came back.
    uncertain: HashMap<u64, String>,
    row: Row,
    polls: HashMap<u64, Poll>,
    without_id: Vec<String>,
    noticed: Vec<Noticed>,
}

/// Calls of one operation, one after another.
#[derive(Debug, Default)]
struct Row {
    operation: String,
    urls: Vec<u64>,
    numbers: Vec<String>,
    last: Option<Timestamp>,
}

/// Reads of one collection.
#[derive(Debug)]
struct Poll {
    numbers: Vec<String>,
    last: Timestamp,
    operation: String,
    delta: SourceLine,
}

fn digest(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Manners {
    /// Looks at a request that is for Microsoft Graph. Those within a batch are sent together, and are looked at as one.
    pub(crate) fn add(&mut self, recorded: &Recorded, judgments: &[Judgment], contracts: (&Store, &Siblings)) {
        let [judgment, ..] = judgments else { return };
        let is_batch = judgment.number != recorded.number;
        let operation = if is_batch { "POST $batch" } else { judgment.operation.as_str() };
        let method = recorded.method.to_ascii_uppercase();
        let url = digest((&method, &recorded.url));
        if recorded.headers.as_ref().is_some_and(|headers| !headers.contains_key("client-request-id")) {
            self.without_id.push(recorded.number.clone());
        }
        self.retry_after(recorded, url, operation);
        self.unsafe_retry(recorded, &method, url, operation);
        self.row(recorded, judgment, &method, url, is_batch);
        if let Some(at) = recorded.at.filter(|_| method == "GET" && !is_batch) {
            self.poll(recorded, judgment, (at, url), contracts);
        }
    }

    fn notice(&mut self, operation: &str, kind: Kind, message: String, numbers: Vec<String>) {
        let found = Found::new(kind, message, None);
        self.noticed.push(Noticed { operation: Some(operation.to_owned()), found, numbers });
    }

    /// RFC 6585 section 4, RFC 9110 section 10.2.3.
    fn retry_after(&mut self, recorded: &Recorded, url: u64, operation: &str) {
        let Some(at) = recorded.at else { return };
        if let Some((until, number, answer)) = self.throttled.remove(&url)
            && at + TOLERANCE < until
        {
            let message = format!("request {number} was answered with {answer}");
            self.notice(operation, Kind::RetryAfter, message, vec![recorded.number.clone()]);
        }
        let asks = matches!(recorded.status, Some(429 | 503)).then(|| recorded.answer_header("retry-after")).flatten();
        let took = recorded.milliseconds.unwrap_or_default().min(1e9) / 1e3;
        let until = |value: &str| match value.parse::<f64>() {
            Ok(seconds) => {
                let seconds = Some(seconds).filter(|own| (0.0..1e6).contains(own))?;
                let wait = SignedDuration::try_from_secs_f64(seconds + took).ok()?;
                Some((at.checked_add(wait).ok()?, seconds.to_string()))
            }
            // Or a date (RFC 9110 section 5.6.7).
            Err(_) => {
                let until = rfc2822::parse(value).ok()?.timestamp();
                Some((until, until.to_string()))
            }
        };
        let told = match asks {
            Some(asks) => until(asks.trim())
                .map(|(until, wait)| (until, format!("Retry-After: {wait}, and is repeated before that"))),
            // Where header fields are not recorded, it may have been there.
            None if recorded.status == Some(429) && recorded.has_answer_headers() => {
                let wait = SignedDuration::try_from_secs_f64(took).unwrap_or_default().checked_add(SHORTEST_WAIT);
                let until = wait.and_then(|wait| at.checked_add(wait).ok());
                until.map(|until| (until, "429 and without Retry-After, and is repeated within a second".to_owned()))
            }
            None => None,
        };
        if let Some((until, answer)) = told {
            self.throttled.insert(url, (until, recorded.number.clone(), answer));
        }
    }

    /// A request that is not idempotent (RFC 9110 section 9.2.2), sent again after an answer that leaves open whether it was carried out.
    fn unsafe_retry(&mut self, recorded: &Recorded, method: &str, url: u64, operation: &str) {
        let Content::Whole(body) = &recorded.body else { return };
        if !matches!(method, "POST" | "PATCH") || operation == "POST $batch" {
            return;
        }
        let own = digest((url, body));
        if let Some(number) = self.uncertain.remove(&own) {
            let message = format!("request {number} may have been carried out, and is sent again as it was");
            self.notice(operation, Kind::UnsafeRetry, message, vec![recorded.number.clone()]);
        }
        if matches!(recorded.status, None | Some(500 | 502 | 504)) {
            self.uncertain.insert(own, recorded.number.clone());
        }
    }

    /// Calls of one operation in a row, each for another object.
    fn row(&mut self, recorded: &Recorded, judgment: &Judgment, method: &str, url: u64, is_batch: bool) {
        let is_of_object =
            method == "GET" && !is_batch && judgment.contract.is_some() && judgment.operation.contains('{');
        let goes_on = is_of_object && self.row.operation == judgment.operation && {
            let pause = recorded.at.zip(self.row.last).map(|(at, last)| at.duration_since(last));
            pause.is_some_and(|pause| pause <= LONGEST_PAUSE) && !self.row.urls.contains(&url)
        };
        if !goes_on {
            self.end_row();
        }
        if is_of_object {
            self.row.operation.clone_from(&judgment.operation);
            self.row.urls.push(url);
            self.row.numbers.push(recorded.number.clone());
            self.row.last = recorded.at;
        }
    }

    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.numbers.len() >= MANY {
            let message = format!(
                "{} calls in a row, each for another object: a $batch or $expand saves them",
                row.numbers.len()
            );
            self.notice(&row.operation, Kind::RepeatedCalls, message, row.numbers);
        }
    }

    fn poll(
        &mut self,
        recorded: &Recorded,
        judgment: &Judgment,
        (at, url): (Timestamp, u64),
        (store, siblings): (&Store, &Siblings),
    ) {
        let is_delta = recorded.url.to_ascii_lowercase().contains("delta");
        if is_delta || recorded.status != Some(200) {
            return;
        }
        let number = recorded.number.clone();
        if let Some(poll) = self.polls.get_mut(&url) {
            if at.duration_since(poll.last) > LONGEST_POLL {
                self.end_poll(url);
            } else {
                poll.last = at;
                poll.numbers.push(number);
                return;
            }
        }
        let Some(contract) = judgment.contract.and_then(|index| store.contracts.get(index)) else { return };
        let Some(route) = judgment.route.as_deref() else { return };
        if let Some(delta) = siblings.delta(store, contract, route) {
            let (operation, delta) = (judgment.operation.clone(), delta.location());
            self.polls.insert(url, Poll { numbers: vec![number], last: at, operation, delta });
        }
    }

    fn end_poll(&mut self, url: u64) {
        if let Some(poll) = self.polls.remove(&url).filter(|poll| poll.numbers.len() >= POLLS) {
            let message = format!("the same collection is read {} times, and has a delta query", poll.numbers.len());
            let found = Found::new(Kind::Polling, message, Some(poll.delta));
            self.noticed.push(Noticed { operation: Some(poll.operation), found, numbers: poll.numbers });
        }
    }

    /// All that was noticed.
    pub(crate) fn end(mut self) -> Vec<Noticed> {
        self.end_row();
        let mut urls: Vec<u64> = self.polls.keys().copied().collect();
        urls.sort_by_key(|url| self.polls.get(url).map(|poll| poll.numbers.clone()));
        urls.into_iter().for_each(|url| self.end_poll(url));
        if !self.without_id.is_empty() {
            let message = "requests have no client-request-id, by which the service's support finds them".to_owned();
            let found = Found::new(Kind::ClientRequestId, message, None);
            self.noticed.push(Noticed { operation: None, found, numbers: std::mem::take(&mut self.without_id) });
        }
        self.noticed
    }
}
