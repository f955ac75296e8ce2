//! How much of its page the contracts of a page may repeat.
//!
//! A contract is whole by itself: each has the permissions of the page, the contract of a further response has the request, and that of a
//! shared response has the response. A page of many of them would make contracts without measure, so that a page has a budget for all.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::{Contract, Grant, Permissions, Type};
use crate::page::{Block, Page};

/// So many times the size of its page the contracts of a page have together, at most, and a constant besides: real pages stay far below it.
const TIMES: usize = 4;
const BESIDES: usize = 1 << 20;

/// What a declared property takes beside its names.
const PROPERTY: usize = 64;

/// What is left for the contracts of a page.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    /// The sizes of what contracts share, by its address.
    known: HashMap<*const Permissions, usize>,
    /// The line of the first response for which nothing was left, and how many there are.
    refused: Option<(u32, usize)>,
}

impl Budget {
    /// That of a page.
    pub(super) fn of(page: &Page<'_>) -> Budget {
        Budget { left: page.text.len() * TIMES + BESIDES, known: HashMap::new(), refused: None }
    }

    /// Whether something is left for the contract of a response whose status line is on that line.
    pub(super) fn allows(&mut self, line: u32) -> bool {
        if self.left == 0 {
            self.refused.get_or_insert((line, 0)).1 += 1;
        }
        self.left > 0
    }

    /// Takes what a contract of these two blocks needs. The last one may need more than what is left.
    pub(super) fn take(&mut self, contract: &Contract, blocks: [&Block<'_>; 2]) {
        let own = &contract.permissions;
        let permissions = *self.known.entry(Arc::as_ptr(own)).or_insert_with(|| size_of_permissions(own));
        let of_route = contract.routes.iter().filter_map(|route| route.permissions.as_ref());
        let routes: usize = contract.routes.iter().map(|route| route.path.len()).sum();
        let request = &contract.request;
        let required: usize = request.required_headers.iter().chain(&request.required_options).map(String::len).sum();
        let size = permissions
            + routes
            + required
            + of_route.map(size_of_permissions).sum::<usize>()
            + blocks.map(size_of_block).iter().sum::<usize>()
            + contract.types.values().map(size_of_type).sum::<usize>();
        self.left = self.left.saturating_sub(size);
    }

    /// Where the first response is of which no contract was made, and what to say of it.
    pub(super) fn defect(&self) -> Option<(u32, String)> {
        let (line, count) = self.refused?;
        let further = if count > 1 { format!(", nor of {} further ones", count - 1) } else { String::new() };
        let message = format!(
            "no contract is made of this response{further}: the contracts before it are {TIMES} times as large as the page already"
        );
        Some((line, message))
    }
}

fn size_of_permissions(permissions: &Permissions) -> usize {
    let names = |grant: &Grant| match grant {
        Grant::OneOf(sets) => sets.iter().flatten().map(String::len).sum(),
        Grant::NotSupported | Grant::NotStated => 0,
    };
    let of_accounts = permissions.grants().map(|(_, grant)| names(grant));
    of_accounts.iter().sum::<usize>() + permissions.prose.iter().map(String::len).sum::<usize>()
}

fn size_of_block(block: &Block<'_>) -> usize {
    let fields = block.message.headers.iter().map(|field| field.name.len() + field.value.len());
    let lines = block.message.body.iter().map(|line| line.text.len());
    let target = block.message.start.request().map_or(0, |line| line.target.len());
    fields.chain(lines).sum::<usize>() + target
}

fn size_of_type(own: &Type) -> usize {
    let values = own.properties.iter().flat_map(|property| &property.values);
    let names = own.properties.iter().map(|property| &property.name);
    values.chain(names).chain(&own.others).map(String::len).sum::<usize>() + own.properties.len() * PROPERTY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Built, PageName, TypeIndex, build};
    use crate::diagnostic::Code;

    fn built(text: &str) -> Built {
        let page = Page::parse("lamp.md", text);
        build(&page, &PageName::of(&page), &TypeIndex::default())
    }

    fn page(body: &str, responses: usize) -> String {
        let response = "```http\nHTTP/1.1 204 No Content\n```\n\n".repeat(responses);
        format!("# Create lamp\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\n\n{body}\n```\n\n{response}")
    }

    #[test]
    fn contracts_that_repeat_their_page_without_measure_are_reported_and_not_made() {
        let check = |size: usize, responses: usize, expected: usize| {
            let Built { contracts, diagnostics, .. } = built(&page(&"a".repeat(size), responses));
            assert_eq!(contracts.len(), expected, "{size} {responses}");
            let found: Vec<u32> =
                diagnostics.iter().filter(|own| own.code == Code::OrphanResponse).map(|own| own.line).collect();
            // The first of them, four lines a response.
            let line = 10 + 4 * u32::try_from(expected).expect("a number of lines");
            assert_eq!(found, if expected < responses { vec![line] } else { vec![] }, "{size} {responses}");
        };
        check(10, 300, 300);
        check(2_000, 300, 300);
        check(100_000, 100, 15);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let message = |responses: usize| {
            let found = built(&page(&"a".repeat(100_000), responses)).diagnostics;
            found.into_iter().find(|own| own.code == Code::OrphanResponse).map(|own| own.message).unwrap_or_default()
        };
        assert!(message(40).contains("nor of 24 further ones"), "{}", message(40));
        assert!(message(16).starts_with("no contract is made of this response:"), "{}", message(16));
    }
}
