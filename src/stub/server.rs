//! Starts the stub.

use std::collections::HashMap;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use wiremock::{MockServer, Request, Respond, ResponseTemplate};

use super::difference::Differences;
use super::expectation::{Expectation, Received, shown_path};
use super::{Answer, Answers, CONTRACT_HEADER, Difference, Mounted, REFUSED, Refusal};
use crate::at::RequestPart;
use crate::contract::Contract;
use crate::store::{Store, StoreError};
use crate::url::{Target, Template, decode};

/// A server on a free port of the loopback interface, until it is dropped.
#[derive(Debug)]
pub struct Stub {
    server: Arc<MockServer>,
}

/// Why the stub cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StubError {
    /// The contracts cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No port can be opened.
    #[error("cannot listen on the loopback interface: {0}")]
    Listen(#[from] io::Error),
}

impl Stub {
    /// Starts a stub for the contracts of a folder.
    ///
    /// # Errors
    ///
    /// When the contracts cannot be read, or no port can be opened.
    pub async fn start(folder: impl AsRef<Path>) -> Result<Stub, StubError> {
        Stub::serve(Arc::new(Store::read(folder.as_ref())?)).await
    }

    /// Starts a stub for contracts that have been read.
    ///
    /// # Errors
    ///
    /// When no port can be opened.
    pub async fn serve(store: Arc<Store>) -> Result<Stub, StubError> {
        Stub::serve_with(store, None).await
    }

    /// The same, with other answers than the documented ones.
    pub async fn serve_with(store: Arc<Store>, answers: Option<Arc<dyn Answers>>) -> Result<Stub, StubError> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let server = Arc::new(listen(listener).await);
        // One mock for all contracts: wiremock asks its mocks one by one, the responder finds the contract by its route.
        Mounted::new(Arc::new(Responder::new(store, answers)), &server).mount(&server).await;
        Ok(Stub { server })
    }

    /// The base URL, such as `http://127.0.0.1:40123`. It takes the place of `https://graph.microsoft.com`; the version
    /// follows.
    pub fn uri(&self) -> String {
        self.server.uri()
    }
}

/// Starts the server. It is boxed so that its HTTP stack is compiled here, and not again in every program that starts a stub.
fn listen(listener: TcpListener) -> BoxFuture<'static, MockServer> {
    // A stub for thousands of requests need not remember them.
    MockServer::builder().listener(listener).disable_request_recording().start().boxed()
}

/// So many keys of a URL are looked for in parentheses.
const MOST_KEYS: usize = 16;

/// Answers requests.
struct Responder {
    store: Arc<Store>,
    answers: Option<Arc<dyn Answers>>,
    /// What each contract expects, on each of its routes.
    expectations: Vec<Vec<Expectation>>,
    by_id: HashMap<String, usize>,
    /// Contracts by method and number of path segments.
    by_form: HashMap<(String, usize), Vec<usize>>,
}

impl Responder {
    fn new(store: Arc<Store>, answers: Option<Arc<dyn Answers>>) -> Responder {
        let of_contract = |contract: &Contract| -> Vec<Expectation> {
            // What a page shows is answered although the template that it is on is written otherwise, as `/me/drive/items/{id}` is for
            // `/me/drive/root`.
            let own = Target::read(&contract.request.url).path;
            let routes = contract.routes.iter().map(|route| route.path.as_str());
            let is_shown = routes.clone().any(|route| Template::read(route).matches(own));
            let shown = Some(own).filter(|own| !is_shown && own.starts_with('/'));
            routes.chain(shown).map(|route| Expectation::new(contract, route)).collect()
        };
        let expectations: Vec<_> = store.contracts.iter().map(of_contract).collect();
        let mut by_form: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, (contract, own)) in store.contracts.iter().zip(&expectations).enumerate() {
            for expectation in own {
                let contracts = by_form.entry((contract.request.method.clone(), expectation.path.len())).or_default();
                if contracts.last() != Some(&index) {
                    contracts.push(index);
                }
            }
        }
        let by_id = store.contracts.iter().enumerate().map(|(index, own)| (own.id.clone(), index)).collect();
        Responder { store, answers, expectations, by_id, by_form }
    }

    /// The differences of a request from a contract, on the route where there are fewest.
    fn differences(&self, index: usize, received: &Received<'_>) -> Differences {
        let contract = &self.store.contracts[index];
        let by_route = self.expectations[index].iter().map(|expectation| expectation.differences(contract, received));
        by_route.min_by_key(Differences::distance).unwrap_or_default()
    }

    /// The contract that the request fits, or why it fits none.
    fn find(&self, request: &Request) -> Result<&Contract, Refusal> {
        let contracts = &self.store.contracts;
        let received = &Received::new(request);
        let named = request.headers.get(CONTRACT_HEADER).map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
        if let Some(id) = named.map(|id| decode(&id).into_owned()) {
            let (index, mut differences) = match self.by_id.get(&id) {
                Some(index) => (*index, self.differences(*index, received)),
                None => self.nearest(received),
            };
            if !self.by_id.contains_key(&id) {
                let at = RequestPart::Header(CONTRACT_HEADER.to_owned());
                // The reason for the refusal is never left out.
                differences.listed.push(Difference::new(at, "the id of a contract", id));
            }
            let fits = differences.is_empty();
            return if fits { Ok(&contracts[index]) } else { Err(self.refuse(index, request, differences)) };
        }
        let segments = crate::url::split_path(request.url.path());
        // Parentheses may hold a key, which is a segment of its own in another form of the URL, or be part of a value.
        let keys = segments.iter().filter(|segment| segment.contains('(') || segment.contains("%28")).count();
        let forms = segments.len()..=segments.len() + keys.min(MOST_KEYS);
        let forms = forms.map(|segments| (request.method.as_str().to_owned(), segments));
        // The first documented response comes before its alternatives.
        let candidates = forms.filter_map(|form| self.by_form.get(&form)).flatten();
        let fitting = candidates.filter(|index| self.differences(**index, received).is_empty());
        let first = fitting.min_by_key(|index| (contracts[**index].alternative_of.is_some(), **index));
        first.map(|index| &contracts[*index]).ok_or_else(|| {
            let (index, differences) = self.nearest(received);
            self.refuse(index, request, differences)
        })
    }

    /// The contract from which a request differs least.
    fn nearest(&self, received: &Received<'_>) -> (usize, Differences) {
        let all = (0..self.store.contracts.len()).map(|index| (index, self.differences(index, received)));
        // A store is never empty.
        all.min_by_key(|(index, differences)| (differences.distance(), *index)).unwrap_or_default()
    }

    fn refuse(&self, index: usize, request: &Request, differences: Differences) -> Refusal {
        let contract = &self.store.contracts[index];
        let Differences { listed, omitted } = differences;
        Refusal {
            request: format!("{} {}", request.method, shown_path(request)),
            nearest: contract.id.clone(),
            source: contract.location(),
            differences: listed,
            omitted,
        }
    }
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        match self.find(request) {
            Ok(contract) => {
                let other = self.answers.as_ref().and_then(|answers| answers.answer(contract));
                other.unwrap_or_else(|| Answer::documented(contract)).into_template()
            }
            Err(refusal) => ResponseTemplate::new(REFUSED).set_body_raw(refusal.to_body(), "application/json"),
        }
    }
}
