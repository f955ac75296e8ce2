//! Every documented request, sent as documented and without the name of its contract, gets the answer of its own page.

use std::path::PathBuf;
use std::sync::Arc;

use graph_contracts::matching::{CONTRACT_HEADER, Mode};
use graph_contracts::replay::Client;
use graph_contracts::store::Store;
use graph_contracts_serve::{ServeOptions, Server};
use graph_contracts_testing::{TestResult, documented_request, is_same_request, project};
use http::StatusCode;

/// `SERVED_CONTRACTS` names another folder of contracts than that of the project.
#[expect(clippy::print_stderr, reason = "a test says what it has looked at")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_documented_request_gets_the_answer_of_its_page() -> TestResult {
    let folder = std::env::var_os("SERVED_CONTRACTS").map_or_else(|| project("contracts"), PathBuf::from);
    let store = Arc::new(Store::read(&folder)?);
    for mode in [Mode::Lenient, Mode::Strict] {
        let server =
            Server::start(Arc::clone(&store), ServeOptions { port: 0, mode, ..ServeOptions::default() }).await?;
        let client = Client::new(server.url())?;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let (mut own, mut same, mut unsendable, mut wrong) = (0, 0, Vec::new(), Vec::new());
        for contract in &store.contracts {
            let Some(request) = documented_request(&client, contract) else {
                unsendable.push(&contract.id);
                continue;
            };
            let response = http.execute(request).await?;
            let answered = response.headers().get(CONTRACT_HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default();
            let answered = store.contract(answered);
            match answered {
                Some(answered) if answered.id == contract.id => own += 1,
                Some(answered) if is_same_request(&answered.request, &contract.request) => same += 1,
                other => wrong.push(format!("{} by {:?}", contract.id, other.map(|own| &own.id))),
            }
            let status = answered.map_or(contract.response.status, |answered| answered.response.status);
            if response.status() != StatusCode::from_u16(status)? {
                wrong.push(format!("{} with status {}", contract.id, response.status()));
            }
        }
        eprintln!(
            "{mode:?}: {own} answered by their own page, {same} by another page with the same request, {} cannot be sent",
            unsendable.len()
        );
        assert!(wrong.is_empty(), "{mode:?}: {} answered wrongly: {wrong:#?}", wrong.len());
        assert!(own > 0 && unsendable.len() * 100 <= store.contracts.len(), "{unsendable:?}");
    }
    Ok(())
}
