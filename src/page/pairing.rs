//! Which response answers which request.
//!
//! A response pairs with the request block immediately before it in the sequence of request and response blocks; headings,
//! prose, tables and other code between them do not matter. A further response in a row is an extra one of the same request.
//! A response whose metadata names several requests also pairs with those of them that are still unanswered.
//!
//! On a page with zones, the sequence is the one that a reader of the zone sees: a response answers the last request that stands in its zone
//! or outside of all. A block that should be a request, and cannot be read as one, stands in the sequence too, so that the response to
//! it does not answer an earlier request.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{Block, BlockKind, Zone};

/// A request block and a response block, as indexes into the page's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The request.
    pub request: usize,
    /// The response.
    pub response: usize,
}

/// A further response to the request of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extra {
    /// The pair it is an alternative of, as an index into [`Pairing::pairs`].
    pub pair: usize,
    /// The response, as an index into the page's blocks.
    pub response: usize,
}

/// What became of each block of a page: every index is in exactly one of the lists, except that a shared response is also in
/// the pair that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// Requests with the response that follows them.
    pub pairs: Vec<Pair>,
    /// Requests whose response is documented elsewhere and shared.
    pub shared: Vec<Pair>,
    /// Further responses to the request of a pair.
    pub extras: Vec<Extra>,
    /// Responses without a request.
    pub orphans: Vec<usize>,
    /// Requests without a response that give the page's URL templates.
    pub routes: Vec<usize>,
    /// Requests without a response elsewhere.
    pub unanswered: Vec<usize>,
    /// Requests and responses that cannot be read, responses whose status nobody states, and those that belong to one of them.
    pub incomplete: Vec<usize>,
}

impl Pairing {
    /// Pairs the responses that name several requests with those that no response answers.
    fn share(&mut self, blocks: &[Block<'_>], open: &mut Vec<usize>) {
        let mut unanswered: HashSet<usize> = open.iter().copied().collect();
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for request in &*open {
            for name in blocks[*request].metadata.iter().flat_map(|metadata| &metadata.names) {
                by_name.entry(name).or_default().push(*request);
            }
        }
        for (index, block) in blocks.iter().enumerate() {
            let Some(metadata) = block.metadata.as_ref().filter(|metadata| metadata.shared) else { continue };
            if block.kind != BlockKind::Response {
                continue;
            }
            let named = metadata.names.iter().filter_map(|name| by_name.remove(name.as_str())).flatten();
            let named: BTreeSet<usize> = named.filter(|request| unanswered.remove(request)).collect();
            self.shared.extend(named.into_iter().map(|request| Pair { request, response: index }));
        }
        open.retain(|request| unanswered.contains(request));
    }
}

/// The blocks of a page as they are read, one after the other.
#[derive(Default)]
pub(super) struct Sequence {
    pairing: Pairing,
    /// The last request of each zone.
    last: Vec<(Zone, Last)>,
    /// Requests that another one followed.
    open: Vec<usize>,
    lacks_example: bool,
}

/// So many zones have a last request of their own, at most; a page has two or three. It bounds the time that each block takes.
const MOST_ZONES: usize = 64;

/// A request, and what became of it so far.
#[derive(Clone, Copy)]
enum Last {
    /// No response followed yet.
    Open(usize),
    /// It has a response.
    Pair(usize),
    /// The request, or the response to it, cannot be read.
    Incomplete,
}

impl Sequence {
    /// The request that a response in a zone would answer, unless one has answered it already.
    pub(super) fn open_request(&self, zone: &Zone) -> Option<usize> {
        match self.last_in(zone).map(|at| self.last[at].1) {
            Some(Last::Open(request)) => Some(request),
            _ => None,
        }
    }

    /// Whether a response in a zone would have no request of its own: the page has shown a URL template last, and no example of it yet, or the
    /// last request has its response.
    pub(super) fn lacks_request(&self, zone: &Zone) -> bool {
        let last = self.last_in(zone).map(|at| self.last[at].1);
        self.lacks_example || !matches!(last, Some(Last::Open(_) | Last::Incomplete))
    }

    /// The last request that some reader of a zone sees.
    fn last_in(&self, zone: &Zone) -> Option<usize> {
        self.last.iter().rposition(|(own, _)| own.meets(zone))
    }

    /// Takes the next block; `index` is its place among the page's blocks.
    pub(super) fn push(&mut self, index: usize, block: &Block<'_>) {
        match block.kind {
            BlockKind::TemplateList => {
                self.pairing.routes.push(index);
                self.end(&block.zone);
            }
            BlockKind::Request => self.begin(&block.zone, Last::Open(index)),
            BlockKind::UnreadableRequest => {
                self.pairing.incomplete.push(index);
                self.begin(&block.zone, Last::Incomplete);
            }
            BlockKind::Response => self.answer(index, &block.zone),
            BlockKind::UnreadableResponse => {
                self.pairing.incomplete.push(index);
                if let Some(at) = self.last_in(&block.zone)
                    && let Last::Open(request) = self.last[at].1
                {
                    self.pairing.incomplete.push(request);
                    self.last[at].1 = Last::Incomplete;
                }
            }
        }
        self.lacks_example = match block.kind {
            BlockKind::TemplateList => true,
            BlockKind::Request | BlockKind::UnreadableRequest => block.in_http_section,
            BlockKind::Response | BlockKind::UnreadableResponse => false,
        };
    }

    fn begin(&mut self, zone: &Zone, request: Last) {
        self.end(zone);
        if self.last.len() == MOST_ZONES {
            let (_, oldest) = self.last.remove(0);
            self.open.extend(oldest.request());
        }
        self.last.push((zone.clone(), request));
    }

    /// Ends what all readers see in a zone. What others see, too, goes on for them.
    fn end(&mut self, zone: &Zone) {
        let open = &mut self.open;
        self.last.retain(|(own, last)| {
            let ends = own.is_within(zone);
            open.extend(last.request().filter(|_| ends));
            !ends
        });
    }

    fn answer(&mut self, response: usize, zone: &Zone) {
        let Some(at) = self.last_in(zone) else { return self.pairing.orphans.push(response) };
        match self.last[at].1 {
            Last::Open(request) => {
                let answered = Last::Pair(self.pairing.pairs.len());
                self.pairing.pairs.push(Pair { request, response });
                self.last[at].1 = answered;
                let own = self.last[at].0.clone();
                // What stands outside the zones of several requests answers each.
                for (other, last) in &mut self.last {
                    if let Last::Open(request) = *last
                        && other.meets(zone)
                        && !other.meets(&own)
                    {
                        self.pairing.shared.push(Pair { request, response });
                        *last = answered;
                    }
                }
            }
            Last::Pair(pair) => self.pairing.extras.push(Extra { pair, response }),
            Last::Incomplete => self.pairing.incomplete.push(response),
        }
    }

    /// What became of the blocks of a page.
    pub(super) fn finish(self, blocks: &[Block<'_>]) -> Pairing {
        let Sequence { mut pairing, last, mut open, .. } = self;
        open.extend(last.into_iter().filter_map(|(_, last)| last.request()));
        open.sort_unstable();
        pairing.share(blocks, &mut open);
        // Translations call the section of the templates in many ways. Without it, what shows a path alone before all examples is a template.
        let has_section = blocks.iter().any(|block| block.in_http_section);
        let first = pairing.pairs.first().map_or(0, |pair| pair.request);
        let is_path = |block: &Block<'_>| block.message.start.request().is_some_and(|line| !line.is_absolute());
        let is_template = |request: usize| {
            blocks[request].in_http_section || (!has_section && request < first && is_path(&blocks[request]))
        };
        for request in open {
            let list = if is_template(request) { &mut pairing.routes } else { &mut pairing.unanswered };
            list.push(request);
        }
        pairing.routes.sort_unstable();
        pairing.incomplete.sort_unstable();
        // A response that answers requests elsewhere is not an orphan.
        let shared: HashSet<usize> = pairing.shared.iter().map(|pair| pair.response).collect();
        pairing.orphans.retain(|orphan| !shared.contains(orphan));
        pairing
    }
}

impl Last {
    fn request(self) -> Option<usize> {
        match self {
            Last::Open(request) => Some(request),
            Last::Pair(_) | Last::Incomplete => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    /// Builds a page from a shape: `T` template list, `H` request in the HTTP section, `P` path alone, `Q` request, `R` response, `U` request without
    /// method, `B` URL alone, `S` response without status; `a` and `b` open a zone of that name, and `.` closes it.
    fn page(shape: &str) -> String {
        let block = |kind| match kind {
            'a' => ":::zone pivot=\"a\"\n\n",
            'b' => ":::zone pivot=\"b\"\n\n",
            '.' => ":::zone-end\n\n",
            'U' => "```http\nhttps://h/a\nA: b\n```\n",
            'B' => "```\nhttps://h/a\n```\n",
            'S' => "```http\nHTTP/1.1 20 OK\n```\n",
            'T' => "## HTTP request\n```\nGET /a\nGET /b\n```\n## Example\n",
            'H' => "## HTTP request\n```\nGET /a\n```\n## Example\n",
            'P' => "```\nGET /a/{id}\n```\n",
            'Q' => "```\nGET https://h/a\n```\n",
            _ => "```\nHTTP/1.1 200 OK\n```\n",
        };
        shape.chars().map(block).collect()
    }

    fn shown(text: &str) -> String {
        let pairing = Page::parse("p.md", text).pairing;
        let pair = |name: &str, pair: &Pair| format!("{name}{}-{} ", pair.request, pair.response);
        let one = |name: &str, indexes: &[usize]| indexes.iter().map(|i| format!("{name}{i} ")).collect::<String>();
        let mut text = pairing.pairs.iter().map(|p| pair("", p)).collect::<String>();
        text += &pairing.shared.iter().map(|p| pair("shared", p)).collect::<String>();
        text += &pairing.extras.iter().map(|e| format!("extra{}-{} ", e.pair, e.response)).collect::<String>();
        text += &(one("orphan", &pairing.orphans) + &one("route", &pairing.routes) + &one("open", &pairing.unanswered));
        text += &one("incomplete", &pairing.incomplete);
        text.trim_end().to_owned()
    }

    #[track_caller]
    fn check(shape: &str, expected: &str) {
        assert_eq!(shown(&page(shape)), expected, "{shape}");
    }

    #[test]
    fn a_response_pairs_with_the_request_before_it() {
        check("TQR", "1-2 route0");
        check("HQRQR", "1-2 3-4 route0");
        check("HR", "0-1");
    }

    #[test]
    fn a_path_before_all_examples_is_a_template_where_no_section_has_them() {
        check("PQR", "1-2 route0");
        check("PPQR", "2-3 route0 route1");
        check("QRP", "0-1 open2");
        check("PHQR", "2-3 route1 open0");
        check("QPQR", "2-3 route1 open0");
        check("PR", "0-1");
    }

    #[test]
    fn a_further_response_is_an_extra_one() {
        check("TQRRQR", "1-2 4-5 extra0-3 route0");
    }

    #[test]
    fn blocks_without_a_partner_are_accounted_for() {
        check("RQQRT", "2-3 orphan0 route4 open1");
        check("TR", "orphan1 route0");
        check("Q", "open0");
        check("", "");
    }

    #[test]
    fn what_cannot_be_read_stands_in_the_sequence() {
        check("HUR", "route0 incomplete1 incomplete2");
        check("HURQR", "3-4 route0 incomplete1 incomplete2");
        check("QURR", "open0 incomplete1 incomplete2 incomplete3");
        check("QSQR", "2-3 incomplete0 incomplete1");
        check("S", "incomplete0");
    }

    #[test]
    fn a_url_alone_is_a_request_where_a_response_would_have_none() {
        check("QRBR", "0-1 incomplete2 incomplete3");
        check("BR", "incomplete0 incomplete1");
        check("QBR", "0-1");
        check("QRB", "0-1");
        check("QRBQR", "0-1 2-3");
        check("aQR.bB.bR.", "0-1 incomplete2 incomplete3");
    }

    #[test]
    fn blocks_pair_within_their_zone() {
        check("aQ.bQ.aR.bR.", "0-2 1-3");
        check("aQR.bQR.", "0-1 2-3");
        check("aQ.bQ.bR.aR.", "1-2 0-3");
        check("aQ.bR.", "orphan1 open0");
    }

    #[test]
    fn what_stands_outside_zones_belongs_to_all() {
        check("QaR.bR.", "0-1 extra0-2");
        check("aQ.bQ.R", "1-2 shared0-2");
        check("HaQ.bQ.aR.bR.", "1-3 2-4 route0");
        check("aQ.QaR.", "1-2 open0");
        check("QaQ.R", "1-2 open0");
        check("QaQR.bR.", "1-2 0-3");
    }

    #[test]
    fn many_zones_are_read_in_linear_time() {
        let zone =
            |number: usize| format!(":::zone pivot=\"{number}\"\n\n```\nGET https://h/a\n```\n\n:::zone-end\n\n");
        let text: String = (0..2000).map(zone).collect();
        assert_eq!(Page::parse("p.md", &text).pairing.unanswered.len(), 2000);
    }

    #[test]
    fn a_shared_response_answers_the_requests_it_names() {
        let request = |name: &str| format!("<!-- {{\"name\": \"{name}\"}} -->\n```\nGET https://h/{name}\n```\n");
        let response = "<!-- {\"name\": [\"a\", \"b\", \"c\"]} -->\n```\nHTTP/1.1 200 OK\n```\n";
        let text = format!("{}{}{}{response}", request("a"), request("x"), request("b"));
        assert_eq!(shown(&text), "2-3 shared0-3 open1");
    }
}
