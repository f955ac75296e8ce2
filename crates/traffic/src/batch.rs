//! Requests within a batch ("Combine multiple HTTP requests using JSON batching"; OData JSON Format 4.01 section 19).

use std::collections::HashSet;

use graph_contracts::contract::Cloud;
use graph_contracts_serve::{Incoming, MOST_REQUESTS, RequestWithin, requests_within};
use http::Method;

use crate::answer;
use crate::found::Found;
use crate::judge::{Judge, Judgment, Verdict, unknown};
use crate::kind::Kind;
use crate::read::of_journal;
use crate::recorded::{Content, Recorded};

impl Judge<'_> {
    /// What is found of each request within a batch, and of the batch.
    pub(crate) fn batch(&self, recorded: &Recorded, batch: &Incoming, cloud: Option<Cloud>) -> Vec<Judgment> {
        if let Some(entry) = recorded.entry.as_ref().filter(|entry| !entry.within.is_empty()) {
            let each = entry.within.iter().enumerate().map(|(index, within)| {
                let number = format!("{}.{}", recorded.number, index + 1);
                self.within_journal(of_journal(number, within.entry(entry)), batch, cloud)
            });
            return each.collect();
        }
        if let Content::NotKnown(reason) = &recorded.body {
            return vec![unknown(&recorded.number, "POST $batch", reason)];
        }
        let within = match requests_within(batch) {
            Ok(within) => within,
            Err(reason) => return vec![unknown(&recorded.number, "POST $batch", &reason)],
        };
        if within.is_empty() {
            return vec![unknown(&recorded.number, "POST $batch", "it has no requests, and a batch has one at least")];
        }
        let wrong = wrong(&within).map(|reason| Judgment {
            verdict: Verdict::Documented,
            found: vec![Found::new(Kind::InvalidBody, reason, None)],
            ..unknown(&recorded.number, "POST $batch", "")
        });
        let answers = answer::within(recorded.response.as_ref());
        let each = within.into_iter().enumerate().map(|(index, RequestWithin { id, request })| {
            let number = format!("{}.{}", recorded.number, index + 1);
            let incoming = match request {
                Ok(incoming) => incoming,
                Err(reason) => return unknown(&number, "a request within a batch", reason),
            };
            let own = Recorded {
                number,
                method: incoming.method.to_string(),
                headers: Some(incoming.headers.clone()),
                body: Content::Whole(incoming.body.to_vec()),
                response: answers.iter().find(|(own, _)| *own == id).map(|(_, response)| response.clone()),
                ..Recorded::default()
            };
            self.one(&own, &incoming, cloud)
        });
        wrong.into_iter().chain(each).collect()
    }

    /// A request within a batch, of which the journal has what the server found.
    fn within_journal(&self, recorded: Recorded, batch: &Incoming, cloud: Option<Cloud>) -> Judgment {
        let entry = recorded.entry.as_deref();
        if entry.is_none_or(|own| own.contract.is_none() && own.refusal.is_none() && own.denial.is_none()) {
            let reason = "the journal does not say which contract answered";
            return unknown(&recorded.number, "a request within a batch", reason);
        }
        let (path, query) = match recorded.url.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (recorded.url.as_str(), None),
        };
        let method = Method::from_bytes(recorded.method.as_bytes()).unwrap_or_default();
        let incoming =
            Incoming { method, path: path.to_owned(), query, base_url: batch.base_url.clone(), ..Incoming::default() };
        self.one(&recorded, &incoming, cloud)
    }
}

/// What keeps the service from reading a batch: more requests than it takes, or two with the same id.
fn wrong(within: &[RequestWithin]) -> Option<String> {
    if within.len() > MOST_REQUESTS {
        return Some(format!("a batch has {MOST_REQUESTS} requests at most, and this one has {}", within.len()));
    }
    let mut known = HashSet::new();
    let mut named = within.iter().enumerate().filter(|(_, own)| !own.id.is_empty());
    let twice = named.find(|(_, own)| !known.insert(own.id.to_ascii_lowercase()))?;
    Some(format!("the id of its request {} is that of another one", twice.0 + 1))
}
