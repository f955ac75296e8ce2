//! What every target says of a contract on one of its routes.

use std::rc::Rc;

use graph_contracts::contract::{Contract, Route};
use graph_contracts::normal::{Level, NormalizationPlan, RuleError};
use graph_contracts::replay::documented_request;
use graph_contracts::store::Store;
use graph_contracts::stub::Answer;
use url::Url;

use crate::claim::Claims;
use crate::limit::{LeftOut, Limit};

/// A host that no request goes to: the files say where the provider is.
const NOWHERE: &str = "http://provider.invalid";

/// A contract on one of its routes.
#[derive(Debug)]
pub(crate) struct Exchange<'s> {
    /// The contract.
    pub(crate) contract: &'s Contract,
    /// The route.
    pub(crate) route: &'s Route,
    /// Which of the contract's routes that is, from 0.
    pub(crate) position: usize,
    /// The request as a replay sends it.
    pub(crate) request: Sent,
    /// The documented answer.
    pub(crate) answer: Answer,
    /// What a replay asserts of an answer.
    pub(crate) claims: Rc<Claims>,
}

/// A request as it is sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The method.
    pub(crate) method: String,
    /// The path, escaped.
    pub(crate) path: String,
    /// The query, escaped.
    pub(crate) query: Option<String>,
    /// Header fields, but for the token and the name of the contract.
    pub(crate) headers: Vec<(String, String)>,
    /// The field with the token, and the one with the name of the contract.
    pub(crate) own_headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Option<String>,
}

impl Exchange<'_> {
    /// Where the request is documented, as files say it.
    pub(crate) fn source(&self) -> String {
        self.contract.location().to_string()
    }

    /// A name that no other exchange has: the contract's, and behind the first route, which one it is.
    pub(crate) fn name(&self) -> String {
        match self.position {
            0 => self.contract.id.clone(),
            more => format!("{} (route {})", self.contract.id, more + 1),
        }
    }

    /// The path of the route with what stands before it.
    pub(crate) fn template(&self) -> String {
        format!("{}{}", self.contract.path_root(), self.route.path)
    }

    /// What is not said at a place of the contract.
    pub(crate) fn left_out(&self, limit: Limit, at: impl Into<String>) -> LeftOut {
        LeftOut { contract: self.contract.id.clone(), at: at.into(), limit, source: self.contract.location() }
    }
}

/// The contracts of a store on their routes, by their positions; `left_out` takes those that cannot be sent.
pub(crate) fn exchanges<'s>(
    store: &'s Store,
    selected: &[usize],
    token: &str,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Exchange<'s>>, RuleError> {
    let mut exchanges = Vec::new();
    for contract in selected.iter().filter_map(|index| store.contracts.get(*index)) {
        let claims = Rc::new(Claims::of(&NormalizationPlan::new(contract, &store.rules, Level::Exact)?));
        for (position, route) in contract.routes.iter().enumerate() {
            let Some(request) = sent(contract, route, token) else {
                left_out.push(LeftOut {
                    contract: contract.id.clone(),
                    at: format!("route {}", route.path),
                    limit: Limit::Request,
                    source: contract.source_line(route.line),
                });
                continue;
            };
            let answer = Answer::documented(contract);
            exchanges.push(Exchange { contract, route, position, request, answer, claims: Rc::clone(&claims) });
        }
    }
    Ok(exchanges)
}

fn sent(contract: &Contract, route: &Route, token: &str) -> Option<Sent> {
    let request = documented_request(contract, &route.path, token).ok()?;
    let url = request.clone().at(&Url::parse(NOWHERE).ok()?).ok()?.url().clone();
    // They are the last that a replay adds: the token, unless the page documents another scheme, and the name of the contract.
    let is_own = |(name, value): &(String, String)| {
        name == graph_contracts::matching::CONTRACT_HEADER || (name == "authorization" && value.ends_with(token))
    };
    let (own_headers, headers) = request.headers.into_iter().partition(is_own);
    Some(Sent {
        method: request.method,
        path: url.path().to_owned(),
        query: url.query().map(str::to_owned),
        headers,
        own_headers,
        body: request.body.and_then(|body| String::from_utf8(body).ok()),
    })
}
