//! What the tools talk to: the stub, as it answers or with changed answers, and a server that takes a while to start.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use graph_contracts::contract::Contract;
use graph_contracts::stub::{Answer, Answers};

/// Gives the answers of a contract in turn, each of them so many times.
pub(crate) struct InTurn {
    answers: HashMap<String, Vec<Answer>>,
    times: usize,
    calls: AtomicUsize,
}

impl InTurn {
    pub(crate) fn new(contract: &Contract, answers: Vec<Answer>) -> InTurn {
        let times = contract.routes.len();
        InTurn { answers: HashMap::from([(contract.id.clone(), answers)]), times, calls: AtomicUsize::new(0) }
    }
}

impl Answers for InTurn {
    fn answer(&self, contract: &Contract) -> Option<Answer> {
        let own = self.answers.get(&contract.id)?;
        own.get(self.calls.fetch_add(1, Ordering::SeqCst) / self.times).cloned()
    }
}

/// Waits until something listens there.
pub(crate) async fn listening(port: u16) {
    let start = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(start.elapsed() < Duration::from_secs(300), "nothing listens on port {port}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
