//! Which response answers which request.
//!
//! A response pairs with the request block immediately before it in the sequence of request and response blocks; headings,
//! prose, tables and other code between them do not matter. A further response in a row is an extra one of the same request.
//! A response whose metadata names several requests also pairs with those of them that are still unanswered.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Block, BlockKind};

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
}

impl Pairing {
    /// Pairs the blocks of a page.
    pub fn of(blocks: &[Block<'_>]) -> Pairing {
        let mut pairing = Pairing::default();
        let mut open = Vec::new();
        let mut last: Option<Open> = None;
        for (index, block) in blocks.iter().enumerate() {
            match (block.kind, last) {
                (BlockKind::TemplateList, _) => {
                    pairing.routes.push(index);
                    open.extend(last.and_then(Open::request));
                    last = None;
                }
                (BlockKind::Request, _) => {
                    open.extend(last.and_then(Open::request));
                    last = Some(Open::Request(index));
                }
                (BlockKind::Response, Some(Open::Request(request))) => {
                    pairing.pairs.push(Pair { request, response: index });
                    last = Some(Open::Pair(pairing.pairs.len() - 1));
                }
                (BlockKind::Response, Some(Open::Pair(pair))) => {
                    pairing.extras.push(Extra { pair, response: index });
                }
                (BlockKind::Response, None) => pairing.orphans.push(index),
            }
        }
        open.extend(last.and_then(Open::request));
        pairing.share(blocks, &mut open);
        for request in open {
            let list = if blocks[request].in_http_section { &mut pairing.routes } else { &mut pairing.unanswered };
            list.push(request);
        }
        pairing.routes.sort_unstable();
        // A response that answers requests elsewhere is not an orphan.
        let shared: HashSet<usize> = pairing.shared.iter().map(|pair| pair.response).collect();
        pairing.orphans.retain(|orphan| !shared.contains(orphan));
        pairing
    }

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

/// The last request seen, before or after its response.
#[derive(Clone, Copy)]
enum Open {
    Request(usize),
    Pair(usize),
}

impl Open {
    fn request(self) -> Option<usize> {
        match self {
            Open::Request(request) => Some(request),
            Open::Pair(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    /// Builds a page from a shape: `T` template list, `H` request in the HTTP section, `Q` request, `R` response.
    fn page(shape: &str) -> String {
        let block = |kind| match kind {
            'T' => "## HTTP request\n```\nGET /a\nGET /b\n```\n## Example\n",
            'H' => "## HTTP request\n```\nGET /a\n```\n## Example\n",
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
    fn a_shared_response_answers_the_requests_it_names() {
        let request = |name: &str| format!("<!-- {{\"name\": \"{name}\"}} -->\n```\nGET https://h/{name}\n```\n");
        let response = "<!-- {\"name\": [\"a\", \"b\", \"c\"]} -->\n```\nHTTP/1.1 200 OK\n```\n";
        let text = format!("{}{}{}{response}", request("a"), request("x"), request("b"));
        assert_eq!(shown(&text), "2-3 shared0-3 open1");
    }
}
