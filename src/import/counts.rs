//! What became of the HTTP blocks of all pages.

use std::ops::AddAssign;

use serde::Serialize;

use crate::page::{BlockKind, Page};

/// How many blocks there are, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Pages.
    pub pages: usize,
    /// Pages with a pair.
    pub pages_with_pair: usize,
    /// Blocks that hold a request or a list of URL templates.
    pub request_blocks: usize,
    /// Blocks that hold a response.
    pub response_blocks: usize,
    /// Request blocks that give the URL templates of their page.
    pub route_blocks: usize,
    /// Requests with the response that follows them.
    pub pairs: usize,
    /// Requests whose response is documented with another one.
    pub shared_pairs: usize,
    /// Further responses to the request of a pair.
    pub extra_responses: usize,
    /// Responses without a request.
    pub orphan_responses: usize,
    /// Requests without a response that give no template.
    pub unanswered: usize,
    /// Contracts.
    pub contracts: usize,
    /// Responses that answer only requests elsewhere. They are part of shared pairs.
    #[serde(skip)]
    shared_responses: usize,
}

impl Counts {
    /// The counts of one page, but for its contracts.
    pub fn of(page: &Page<'_>) -> Counts {
        let pairing = &page.pairing;
        let responses = page.blocks.iter().filter(|block| block.kind == BlockKind::Response).count();
        let follows = |response: usize| pairing.pairs.iter().any(|pair| pair.response == response);
        let mut only_shared: Vec<usize> =
            pairing.shared.iter().map(|pair| pair.response).filter(|response| !follows(*response)).collect();
        only_shared.retain(|response| !pairing.extras.iter().any(|extra| extra.response == *response));
        only_shared.dedup();
        Counts {
            pages: 1,
            pages_with_pair: usize::from(!pairing.pairs.is_empty() || !pairing.shared.is_empty()),
            request_blocks: page.blocks.len() - responses,
            response_blocks: responses,
            route_blocks: pairing.routes.len(),
            pairs: pairing.pairs.len(),
            shared_pairs: pairing.shared.len(),
            extra_responses: pairing.extras.len(),
            orphan_responses: pairing.orphans.len(),
            unanswered: pairing.unanswered.len(),
            contracts: 0,
            shared_responses: only_shared.len(),
        }
    }

    /// Checks that every block is accounted for exactly once; says which sum does not agree.
    pub(super) fn check(&self) -> Result<(), String> {
        let requests = self.pairs + self.shared_pairs + self.unanswered + self.route_blocks;
        let responses = self.pairs + self.extra_responses + self.orphan_responses + self.shared_responses;
        if self.request_blocks != requests {
            return Err(format!("{} request blocks, but {requests} are accounted for", self.request_blocks));
        }
        if self.response_blocks != responses {
            return Err(format!("{} response blocks, but {responses} are accounted for", self.response_blocks));
        }
        Ok(())
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.pages += other.pages;
        self.pages_with_pair += other.pages_with_pair;
        self.request_blocks += other.request_blocks;
        self.response_blocks += other.response_blocks;
        self.route_blocks += other.route_blocks;
        self.pairs += other.pairs;
        self.shared_pairs += other.shared_pairs;
        self.extra_responses += other.extra_responses;
        self.orphan_responses += other.orphan_responses;
        self.unanswered += other.unanswered;
        self.contracts += other.contracts;
        self.shared_responses += other.shared_responses;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_accounted_for() {
        let request = |name: &str| format!("<!-- {{\"name\": \"{name}\"}} -->\n```\nGET https://h/{name}\n```\n");
        let response = |names: &str| format!("<!-- {{\"name\": [{names}]}} -->\n```\nHTTP/1.1 200 OK\n```\n");
        let templates = "## HTTP request\n```\nGET /a\nGET /b\n```\n## Example\n";
        for text in [
            String::new(),
            format!("{templates}{}{}{}", request("a"), request("b"), response("\"a\", \"b\"")),
            format!("{}{}{}", response("\"x\""), request("x"), templates),
            format!("{}{templates}{}{}", request("y"), response("\"y\""), response("\"y\"")),
            format!("{}{}{}", request("z"), response("\"q\""), response("\"z\"")),
        ] {
            let counts = Counts::of(&Page::parse("p.md", &text));
            assert_eq!(counts.check(), Ok(()), "{counts:?} of {text}");
        }
    }
}
