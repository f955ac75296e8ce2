//! The answers of a tenant that remembers what clients did.

use std::sync::Arc;

use graph_contracts::contract::Contract;
use graph_contracts::matching::{Matched, Refusal, RefusalReason};
use graph_contracts::store::Store;
use graph_contracts_tenant::{Engine, EngineOptions, Manner, Origin, Request, Response, SeedError, Seeds};
use http::header;

use crate::body::stated_length;
use crate::documented::Documentation;
use crate::incoming::Incoming;
use crate::reply::{Reply, Rest};
use crate::spool::Spool;

/// What is noted where it is not known what an operation does to what the tenant holds, or reads of it.
const AS_SHOWN: &str = "answered as the page shows it, whatever the tenant holds";

/// A tenant, and the contracts for what it does not hold.
#[derive(Debug)]
pub(crate) struct Stateful {
    engine: Engine,
    /// Where its files are.
    spool: Arc<Spool>,
}

impl Stateful {
    /// A tenant that holds what the seeds have.
    ///
    /// # Errors
    ///
    /// When a seed fits no contract.
    pub(crate) fn new(store: Arc<Store>, seeds: Option<&Seeds>) -> Result<Stateful, SeedError> {
        let options = EngineOptions { manner: Manner::AsService };
        let engine = match seeds {
            Some(seeds) => Engine::with_seeds(store, options, seeds)?,
            None => Engine::new(store, options),
        };
        Ok(Stateful { engine, spool: Arc::default() })
    }

    /// The same tenant by other contracts.
    pub(crate) fn with_store(&self, store: Arc<Store>) -> Stateful {
        Stateful { engine: self.engine.with_store(store), spool: Arc::clone(&self.spool) }
    }

    /// Where its files are.
    pub(crate) fn spool(&self) -> &Arc<Spool> {
        &self.spool
    }

    /// Forgets whatever clients did.
    pub(crate) fn reset(&self) {
        self.engine.reset();
    }

    /// Answers by what the tenant holds, or, where an operation is not about that, as documented by the contract that was found.
    pub(crate) fn answer(
        &self,
        documentation: &Documentation,
        request: &Incoming,
        found: Result<Matched<'_>, Refusal>,
    ) -> Reply {
        let found = match found {
            // An object that was created can be read although no page says so.
            Err(refusal) if refusal.reason != RefusalReason::NotDocumented => {
                return documentation.refuse(request, refusal);
            }
            found => found,
        };
        let matched = found.as_ref().ok().map(|matched| matched.contract);
        let response = self.engine.answer(&asked(request, matched));
        match response.origin {
            Origin::State | Origin::Refusal => {}
            Origin::Documented => {
                let mut reply = documentation.answer(request, found);
                reply.account.unapplied.push(AS_SHOWN.to_owned());
                return reply;
            }
            Origin::Undocumented => {
                // Where nothing but POST is possible, what is there is an action.
                let is_action = response.headers.get(header::ALLOW).is_some_and(|allowed| allowed == "POST");
                let found = found.map_err(|refusal| match is_action {
                    true => Refusal { reason: RefusalReason::WrongMethod, ..refusal },
                    false => refusal,
                });
                return documentation.answer(request, found);
            }
        }
        let mut reply = Reply {
            status: response.status,
            headers: response.headers,
            body: response.body,
            rest: response.file.map(Rest::File),
            account: Default::default(),
        };
        let named = response.contract.as_deref().and_then(|id| documentation.store().contract(id));
        let contract = named.or(matched);
        reply.account.contract = contract.map(|contract| (contract.id.clone(), contract.location()));
        reply.account.notes = found.map(|matched| matched.notes).unwrap_or_default();
        reply.account.unapplied = response.notes.iter().map(ToString::to_string).collect();
        reply
    }

    /// Whether the tenant may hold what is at a path, also where no contract says what is done there.
    pub(crate) fn may_hold(&self, path: &str) -> bool {
        self.engine.may_hold(path)
    }

    /// The refusal of a request of which only the head is there, where it is refused whatever follows.
    pub(crate) fn refused_unread(&self, request: &Incoming, contract: Option<&Contract>) -> Option<Reply> {
        let length = stated_length(request).and_then(|length| usize::try_from(length).ok());
        let Response { status, headers, body, .. } = self.engine.refused_unread(&asked(request, contract), length)?;
        let mut reply = Reply { headers, body, ..Reply::new(status) };
        reply.account.contract = contract.map(|contract| (contract.id.clone(), contract.location()));
        Some(reply)
    }
}

/// A request as the tenant reads it.
fn asked<'r>(request: &'r Incoming, contract: Option<&'r Contract>) -> Request<'r> {
    Request {
        method: request.method.as_str(),
        path: &request.path,
        query: request.query.as_deref().unwrap_or_default(),
        headers: &request.headers,
        body: &request.body,
        file: request.file.as_ref(),
        base_url: &request.base_url,
        contract: contract.map(|contract| contract.id.as_str()),
    }
}
