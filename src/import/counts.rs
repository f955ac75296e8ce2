//! What became of the HTTP blocks of all pages.

use std::ops::AddAssign;

use serde::Serialize;

use crate::page::{Block, BlockKind, Page};

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
    /// Requests that cannot be read, and those whose response cannot be.
    pub incomplete_requests: usize,
    /// Responses that cannot be read, and those whose request cannot be.
    pub incomplete_responses: usize,
    /// Contracts.
    pub contracts: usize,
}

impl Counts {
    /// The counts of one page, but for its contracts.
    pub fn of(page: &Page<'_>) -> Counts {
        let pairing = &page.pairing;
        let is_response = |block: &Block<'_>| matches!(block.kind, BlockKind::Response | BlockKind::UnreadableResponse);
        let responses = page.blocks.iter().filter(|block| is_response(block)).count();
        let incomplete = pairing.incomplete.iter().map(|index| &page.blocks[*index]);
        let incomplete_responses = incomplete.filter(|block| is_response(block)).count();
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
            incomplete_requests: pairing.incomplete.len() - incomplete_responses,
            incomplete_responses,
            contracts: 0,
        }
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
        self.incomplete_requests += other.incomplete_requests;
        self.incomplete_responses += other.incomplete_responses;
        self.contracts += other.contracts;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
            format!("```http\nhttps://h/a\n\n{{}}\n```\n{}```http\nHTTP/1.1 20 OK\n```\n", response("\"z\"")),
            format!("{}```json\n{{}}\n```\n{}", request("z"), response("\"z\"")),
        ] {
            let page = Page::parse("p.md", &text);
            let pairing = &page.pairing;
            let counts = Counts::of(&page);
            let requests = counts.pairs + counts.shared_pairs + counts.unanswered + counts.route_blocks;
            let requests = requests + counts.incomplete_requests;
            assert_eq!(counts.request_blocks, requests, "{counts:?} of {text}");
            // Responses that answer only requests elsewhere are part of shared pairs.
            let mut shared: BTreeSet<usize> = pairing.shared.iter().map(|pair| pair.response).collect();
            shared.retain(|response| !pairing.pairs.iter().any(|pair| pair.response == *response));
            shared.retain(|response| !pairing.extras.iter().any(|extra| extra.response == *response));
            let responses = counts.pairs + counts.extra_responses + counts.orphan_responses + shared.len();
            let responses = responses + counts.incomplete_responses;
            assert_eq!(counts.response_blocks, responses, "{counts:?} of {text}");
        }
    }
}
