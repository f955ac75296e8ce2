//! The answers of a tenant that remembers what clients did.

use std::sync::Arc;

use graph_contracts::matching::{Matched, Refusal, RefusalReason};
use graph_contracts::store::Store;
use graph_contracts_tenant::{Engine, EngineOptions, Manner, Origin, Request, SeedError, Seeds};

use crate::documented::Documentation;
use crate::incoming::Incoming;
use crate::reply::Reply;

/// A tenant, and the contracts for what it does not hold.
#[derive(Debug)]
pub(crate) struct Stateful {
    engine: Engine,
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
        Ok(Stateful { engine })
    }

    /// The same tenant by other contracts.
    pub(crate) fn with_store(&self, store: Arc<Store>) -> Stateful {
        Stateful { engine: self.engine.with_store(store) }
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
        let response = self.engine.answer(&Request {
            method: request.method.as_str(),
            path: &request.path,
            query: request.query.as_deref().unwrap_or_default(),
            headers: &request.headers,
            body: &request.body,
            base_url: &request.base_url,
            contract: matched.map(|contract| contract.id.as_str()),
        });
        match response.origin {
            Origin::State | Origin::Refusal => {}
            Origin::Documented | Origin::Undocumented => return documentation.answer(request, found),
        }
        let mut reply = Reply {
            status: response.status,
            headers: response.headers,
            body: response.body,
            account: Default::default(),
        };
        let named = response.contract.as_deref().and_then(|id| documentation.store().contract(id));
        let contract = named.or(matched);
        reply.account.contract = contract.map(|contract| (contract.id.clone(), contract.location()));
        reply.account.notes = found.map(|matched| matched.notes).unwrap_or_default();
        reply.account.unapplied = response.notes.iter().map(ToString::to_string).collect();
        reply
    }
}
