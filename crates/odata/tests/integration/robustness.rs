//! Every contract of whatever page can be checked: there is a verdict for each of its routes.

use proptest::prelude::*;

use crate::library_metadata;
use graph_contracts_odata::check::check_contract;
use graph_contracts_testing::{PIECES, contracts_of_text, real_pages};

fn check(page: &str) -> Result<(), TestCaseError> {
    let metadata = library_metadata();
    let metadata = [metadata.read().map_err(|error| TestCaseError::fail(error.to_string()))?];
    for contract in contracts_of_text("v1.0/api/page.md", page) {
        prop_assert_eq!(check_contract(&contract, &metadata).len(), contract.routes.len(), "{:#?}", contract);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn contracts_of_pieces_of_pages_are_checked(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn contracts_of_real_pages_with_bytes_flipped_are_checked(
        page in prop::sample::select(real_pages()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = page.into_bytes();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        check(&String::from_utf8_lossy(&bytes))?;
    }
}

#[test]
fn contracts_of_real_pages_cut_at_any_line_are_checked() -> Result<(), TestCaseError> {
    for page in real_pages() {
        for (end, _) in page.match_indices('\n') {
            check(&page[..end])?;
            check(&page[end..])?;
        }
    }
    Ok(())
}
