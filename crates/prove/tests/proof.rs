//! The proof holds on the project's own contracts and on its specimens, and tries every class of change.

use std::sync::Arc;

use graph_contracts::store::Store;
use graph_contracts_prove::{Class, prove};

use graph_contracts_testing::{TestResult, project};

#[tokio::test]
async fn every_mutant_is_caught_and_no_harmless_variation_is() -> TestResult {
    let filters = vec!["create-userstatussummary".to_owned(), "create-deviceinstallstate".to_owned()];
    let store = Arc::new(Store::read(&project("contracts"))?);
    let selected = store.select(&filters)?;
    let mut judged = 0;
    let proof = prove(&store, &selected, 2, |progress| judged += progress.judged).await?;
    assert!(proof.holds(), "{:#?}", proof.failures);
    assert_eq!(proof.contracts, 2);
    let all = [&proof.count, &proof.specimens].map(|count| count.total());
    assert_eq!(judged, all.iter().map(|total| total.mutants + total.harmless).sum::<usize>());
    for count in [&proof.count, &proof.specimens] {
        let total = count.total();
        assert!(total.mutants > 100 && total.harmless > 10, "{total:?}");
        assert_eq!((total.caught, total.false_alarms), (total.mutants, 0));
    }
    let untried: Vec<&Class> =
        Class::ALL.iter().filter(|class| !proof.specimens.by_class.contains_key(class)).collect();
    assert!(untried.is_empty(), "{untried:?}");
    Ok(())
}
