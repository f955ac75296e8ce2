//! The answers of Microsoft Graph.

use std::sync::Arc;

use graph_contracts::contract::Contract;
use graph_contracts::matching::{Matched, Matcher, Refusal, RefusalReason};
use graph_contracts::store::Store;
use graph_contracts_tenant::{Engine, SeedError};
use http::StatusCode;

use crate::authorization::{forbidden, unauthorized};
use crate::batch;
use crate::body::Files;
use crate::documented::Documentation;
use crate::graph_error::graph_error;
use crate::incoming::Incoming;
use crate::links::is_content;
use crate::reply::Reply;
use crate::serve_options::{Authorization, ServeOptions, State};
use crate::stateful::Stateful;

/// What stands in the place of Microsoft Graph.
#[derive(Debug)]
pub(crate) struct Service {
    options: ServeOptions,
    documentation: Documentation,
    stateful: Option<Stateful>,
}

impl Service {
    /// What answers by these contracts.
    ///
    /// # Errors
    ///
    /// When a seed fits no contract.
    pub(crate) fn new(store: Arc<Store>, options: ServeOptions) -> Result<Service, SeedError> {
        let stateful = match &options.state {
            State::Nothing => None,
            State::Tenant(seeds) => Some(Stateful::new(Arc::clone(&store), seeds.as_deref())?),
        };
        let matcher = Matcher::new(store, options.cloud);
        Ok(Service { documentation: Documentation::new(matcher, options.mode), stateful, options })
    }

    /// The same by other contracts. A tenant keeps what it holds.
    pub(crate) fn with_store(&self, store: Arc<Store>) -> Service {
        let stateful = self.stateful.as_ref().map(|own| own.with_store(Arc::clone(&store)));
        let matcher = Matcher::new(store, self.options.cloud);
        let documentation = Documentation::new(matcher, self.options.mode);
        Service { options: self.options.clone(), documentation, stateful }
    }

    /// All contracts.
    pub(crate) fn contracts(&self) -> &[Contract] {
        &self.documentation.store().contracts
    }

    /// The contract with an id.
    pub(crate) fn contract(&self, id: &str) -> Option<&Contract> {
        self.documentation.store().contract(id)
    }

    /// Answers a request, or each request of a batch to which no fault happens.
    pub(crate) fn answer(&self, request: &Incoming, fault: impl Fn(&Incoming) -> Option<Reply>) -> Reply {
        if is_content(&request.path) {
            return self.documentation.content(request);
        }
        if let Some(refusal) = self.refused_unread(request) {
            return refusal;
        }
        if batch::is_batch(request) {
            return batch::answer(request, |within| fault(within).unwrap_or_else(|| self.single(within)));
        }
        self.single(request)
    }

    /// The refusal of a request whatever its body has: its token will not do.
    pub(crate) fn refused_unread(&self, request: &Incoming) -> Option<Reply> {
        // Links to content carry their own leave, as those of Microsoft Graph do ("Download driveItem content"); so do the downloads and uploads of a
        // tenant.
        if self.options.upstream.is_some() {
            return None;
        }
        let is_open = self.stateful.is_some() && Engine::is_preauthenticated(&request.path);
        let is_open = is_open || is_content(&request.path) || request.path == "*";
        unauthorized(self.options.authorization, request).filter(|_| !is_open)
    }

    /// What becomes of files that are sent.
    pub(crate) fn files(&self) -> Files {
        match &self.stateful {
            _ if self.options.upstream.is_some() => Files::SentOn,
            Some(stateful) => Files::Kept(Arc::clone(stateful.spool())),
            None => Files::Counted,
        }
    }

    /// The refusal of a request of which only the head is there, where it is refused whatever follows.
    pub(crate) fn refused_by_head(&self, request: &Incoming) -> Option<Reply> {
        if self.options.upstream.is_some() {
            return None;
        }
        if let Some(refusal) = self.refused_unread(request) {
            return Some(refusal);
        }
        if is_content(&request.path) {
            return self.documentation.refused_chunk(request);
        }
        if batch::is_batch(request) {
            return None;
        }
        let found = self.documentation.by_head(request);
        let contract = found.as_ref().ok().map(|matched| matched.contract);
        match (&self.stateful, found) {
            (Some(stateful), Err(_)) if stateful.may_hold(&request.path) => stateful.refused_unread(request, None),
            (Some(stateful), Ok(_)) => stateful.refused_unread(request, contract),
            (_, Err(refusal)) if refusal.reason != RefusalReason::InvalidBody => {
                Some(self.documentation.refuse(request, refusal))
            }
            _ => None,
        }
    }

    /// Answers a request that is no batch.
    fn single(&self, request: &Incoming) -> Reply {
        if batch::is_batch(request) {
            return graph_error(StatusCode::BAD_REQUEST, "BadRequest", "A batch may not have another batch within it.");
        }
        let found = self.documentation.find(request);
        if self.options.authorization == Authorization::Token
            && let Some(refusal) = self.forbidden(request, &found)
        {
            return refusal;
        }
        match &self.stateful {
            Some(stateful) => stateful.answer(&self.documentation, request, found),
            None => self.documentation.answer(request, found),
        }
    }

    /// The refusal of a request whose token lacks permissions: those of the contract that it fits, or of that from which its answer is derived.
    fn forbidden(&self, request: &Incoming, found: &Result<Matched<'_>, Refusal>) -> Option<Reply> {
        match found {
            Ok(matched) => forbidden(request, matched),
            Err(_) => forbidden(request, &self.documentation.documented(request).ok()?),
        }
    }

    /// The id of the contract that a request fits.
    pub(crate) fn contract_of(&self, request: &Incoming) -> Option<String> {
        self.documentation.find(request).ok().map(|matched| matched.contract.id.clone())
    }

    /// Forgets whatever clients did.
    pub(crate) fn reset(&self) {
        self.documentation.reset();
        if let Some(stateful) = &self.stateful {
            stateful.reset();
        }
    }
}
