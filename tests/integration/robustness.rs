//! No page can break the run: whatever stands in it, parsing, building and linting end, every block is accounted for, and
//! every contract can be written, read and compared with itself.

use std::collections::BTreeMap;

use graph_contracts::compare::{Context, Reference, compare};
use graph_contracts::contract::{Contract, PageName, TypeIndex, build};
use graph_contracts::lint::lint_page;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalForm, NormalizationPlan, VolatileRules};
use graph_contracts::page::Page;
use proptest::prelude::*;

use graph_contracts_testing::{PIECES, real_pages};

/// Takes a page through everything that is done with one.
fn check_page(text: &str) -> Result<(), TestCaseError> {
    let page = Page::parse("v1.0/api/page.md", text);
    check_accounting(&page)?;
    lint_page(&page, &TypeIndex::default(), None);
    let built = build(&page, &PageName::of(&page), &TypeIndex::default());
    let mut ids: Vec<&str> = built.contracts.iter().map(|(_, contract)| contract.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), built.contracts.len(), "ids are unique");
    for (_, contract) in &built.contracts {
        check_contract(contract)?;
    }
    Ok(())
}

/// Each block is in exactly one list; a shared response may be in several.
fn check_accounting(page: &Page<'_>) -> Result<(), TestCaseError> {
    let pairing = &page.pairing;
    let mut seen: BTreeMap<usize, usize> = (0..page.blocks.len()).map(|index| (index, 0)).collect();
    let pairs = pairing.pairs.iter().flat_map(|pair| [pair.request, pair.response]);
    let shared = pairing.shared.iter().map(|pair| pair.request);
    let extras = pairing.extras.iter().map(|extra| extra.response);
    let others = pairing.orphans.iter().chain(&pairing.routes).chain(&pairing.unanswered).chain(&pairing.incomplete);
    for index in pairs.chain(shared).chain(extras).chain(others.copied()) {
        *seen.entry(index).or_default() += 1;
    }
    for pair in &pairing.shared {
        seen.entry(pair.response).and_modify(|count| *count = (*count).max(1));
    }
    prop_assert!(seen.values().all(|count| *count == 1), "{:?} of {:?}", seen, pairing);
    Ok(())
}

fn check_contract(contract: &Contract) -> Result<(), TestCaseError> {
    let fail = |error: String| TestCaseError::fail(format!("{error}: {contract:#?}"));
    let text = serde_json::to_string(contract).map_err(|error| fail(error.to_string()))?;
    let read: Contract = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
    prop_assert_eq!(&read, contract);
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).map_err(|error| fail(error.to_string()))?;
    let normalization =
        NormalizationPlan::new(contract, &rules, Level::Exact).map_err(|error| fail(error.to_string()))?;
    let form = normalization.documented().clone();
    let from_snapshot = NormalForm::parse(form.to_string().trim_end()).map_err(|error| fail(error.to_string()))?;
    let found = compare(&from_snapshot, &form, Reference::Snapshot, &mut Context::new(contract));
    prop_assert!(found.mismatches.is_empty(), "{:?}", found);
    Ok(())
}

fn page_of_pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_a_page(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        check_page(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn arbitrary_text_is_a_page(text in "\\PC{0,400}") {
        check_page(&text)?;
    }

    #[test]
    fn pieces_of_pages_in_any_order_are_a_page(text in page_of_pieces()) {
        check_page(&text)?;
    }

    #[test]
    fn real_pages_with_bytes_flipped_are_pages(
        page in prop::sample::select(real_pages()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = page.into_bytes();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        check_page(&String::from_utf8_lossy(&bytes))?;
    }
}

#[test]
fn real_pages_cut_at_any_line_are_pages() -> Result<(), TestCaseError> {
    for page in real_pages() {
        for (end, _) in page.match_indices('\n') {
            check_page(&page[..end])?;
            check_page(&page[end..])?;
        }
    }
    Ok(())
}

#[test]
fn nesting_of_any_depth_is_a_page() -> Result<(), TestCaseError> {
    for piece in ["> ", "- ", "```\n", "[", "<!--", "|", "{\"a\":", "#", "*", "<a>", "GET /a\n", "&\n"] {
        let nested = piece.repeat(2000);
        check_page(&nested)?;
        check_page(&format!(
            "```\nGET https://graph.microsoft.com/v1.0/a\n```\n```\nHTTP/1.1 200 OK\n\n{nested}\n```\n"
        ))?;
    }
    Ok(())
}
