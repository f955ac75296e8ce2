//! What a contract expects of a request.

use super::difference::Differences;
use super::header::{ExpectedHeader, expected_headers};
use super::path_segment::PathSegment;
use super::received::Received;
use crate::at::RequestPart;
use crate::compare::excerpt;
use crate::contract::Contract;
use crate::query::option_name;
use crate::url::{Target, Template};

/// What a message shows where nothing is.
pub const NOTHING: &str = "nothing";

/// A contract's request, ready to be compared.
#[derive(Debug)]
pub(super) struct Expectation {
    /// The query options of the example.
    pub(super) query: Vec<ExpectedOption>,
    pub(super) headers: Vec<ExpectedHeader>,
}

/// A query option of the example.
#[derive(Debug)]
pub(super) struct ExpectedOption {
    /// As documented.
    pub(super) written: String,
    /// In the form in which names are compared.
    pub(super) name: String,
    pub(super) value: String,
}

/// How the query of a request stands to that of the example: which option is which, by their positions.
pub(super) struct PairedQuery {
    /// For each documented option the one that came, and whether it has the same value.
    pub(super) documented: Vec<Option<(usize, bool)>>,
    /// Those that came and are not documented.
    pub(super) others: Vec<usize>,
}

impl Expectation {
    pub(super) fn new(contract: &Contract) -> Expectation {
        let target = Target::read(&contract.request.url);
        let query = target.query_parameters().into_iter().map(|(written, value)| {
            let name = option_name(&written).into_owned();
            ExpectedOption { written, name, value }
        });
        Expectation { query: query.collect(), headers: expected_headers(contract, &target) }
    }

    /// Where a request departs from the contract's, being sent to one of its routes.
    pub(super) fn differences(&self, contract: &Contract, path: &Template, received: &Received<'_>) -> Differences {
        let mut differences = Differences::default();
        self.add_differences(contract, path, received, &mut differences);
        differences
    }

    /// How far the request is from the contract's, being sent to one of its routes.
    pub(super) fn distance(&self, contract: &Contract, path: &Template, received: &Received<'_>) -> [usize; 5] {
        let mut differences = Differences::counting();
        self.add_differences(contract, path, received, &mut differences);
        differences.distance()
    }

    fn add_differences(
        &self,
        contract: &Contract,
        path: &Template,
        received: &Received<'_>,
        differences: &mut Differences,
    ) {
        let documented = &contract.request;
        if !accepts_method(&documented.method, received.method) {
            differences.push(RequestPart::Method, || (documented.method.clone(), received.method.to_owned()));
        }
        if !differences.count_segments(|| path.count_differences_folded(&received.path_segments, PathSegment::is_value))
        {
            let nothing = |text: Option<String>| text.map_or_else(|| NOTHING.to_owned(), |text| excerpt(&text));
            for difference in
                path.differences_folded(&received.path_segments, &received.segments, PathSegment::is_value)
            {
                let sides = || (nothing(difference.expected), nothing(difference.actual));
                differences.push(RequestPart::Segment(difference.position), sides);
            }
        }
        self.sample_differences(contract, received, differences);
    }

    /// Where query, header fields and body depart from the example.
    pub(super) fn sample_differences(&self, contract: &Contract, received: &Received<'_>, into: &mut Differences) {
        self.query_differences(received, into);
        for header in &self.headers {
            if let Some(own) = header.difference(received) {
                let sides = || (own.expected, own.actual.unwrap_or_else(|| NOTHING.to_owned()));
                into.push(RequestPart::Header(header.name.clone()), sides);
            }
        }
        received.body.differences(&contract.request, into);
    }

    /// Whether the example expands something, and the request nothing: what is expanded cannot be told from the rest of the answer.
    pub(super) fn expands_more(&self, received: &Received<'_>) -> bool {
        let is_expand = |name: &str| name == "$expand";
        self.query.iter().any(|option| is_expand(&option.name))
            && !received.query.iter().any(|option| is_expand(&option.name))
    }

    /// Pairs the documented options with those that came: by name, and of several by value.
    pub(super) fn pair_query(&self, received: &Received<'_>) -> PairedQuery {
        let actual = &received.query;
        let mut used = vec![false; actual.len()];
        let documented = self.query.iter().map(|expected| {
            let mut own = (0..actual.len()).filter(|index| !used[*index] && actual[*index].name == expected.name);
            let first = own.clone().next();
            let same = own.find(|index| actual[*index].has_value(&expected.value));
            let found = same.or(first)?;
            used[found] = true;
            Some((found, same.is_some()))
        });
        let documented = documented.collect();
        let others = (0..actual.len()).filter(|index| !used[*index]).collect();
        PairedQuery { documented, others }
    }

    fn query_differences(&self, received: &Received<'_>, differences: &mut Differences) {
        let paired = self.pair_query(received);
        for (expected, found) in self.query.iter().zip(paired.documented) {
            let actual = match found {
                Some((_, true)) => continue,
                Some((index, false)) => received.query[index].value.clone(),
                None => NOTHING.to_owned(),
            };
            differences.push(RequestPart::Query(expected.written.clone()), || (expected.value.clone(), actual));
        }
        for own in paired.others.into_iter().map(|index| &received.query[index]) {
            differences.push(RequestPart::Query(own.written.clone()), || (NOTHING.to_owned(), own.value.clone()));
        }
    }
}

/// Whether a request with one method is answered where another is documented: HEAD is a GET without the content of the answer
/// (RFC 9110 section 9.3.2).
pub(super) fn accepts_method(documented: &str, method: &str) -> bool {
    documented == method || (method == "HEAD" && documented == "GET")
}
