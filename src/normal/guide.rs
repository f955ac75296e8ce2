//! What the normal form of a contract's responses follows: which header fields count, in which order members stand, and
//! which values are volatile.

use std::collections::HashSet;
use std::sync::Arc;

use super::normalise::request;
use super::volatile::Query;
use super::{NormalRequest, RuleError, VolatileRules};
use crate::contract::{Body, Contract};
use crate::json::{Json, Path};

/// Prepared from a contract and the rules; the same for every response to the contract's request.
#[derive(Debug)]
pub struct Guide<'a> {
    pub(super) contract: &'a Contract,
    pub(super) rules: &'a VolatileRules,
    /// The normal form of the request.
    pub(super) request: Arc<NormalRequest>,
    /// The contract's own rules.
    own: Vec<Query>,
    /// Where the documented response repeats what the documented request sent: such a value is never volatile.
    pub(super) echoed: HashSet<Path>,
}

impl<'a> Guide<'a> {
    /// Prepares the normal form of a contract's responses.
    ///
    /// # Errors
    ///
    /// When a rule of the contract is no JSONPath.
    pub fn new(contract: &'a Contract, rules: &'a VolatileRules) -> Result<Guide<'a>, RuleError> {
        let own = contract.volatile.iter().map(|rule| Query::of_contract(contract, rule)).collect::<Result<_, _>>()?;
        let mut echoed = HashSet::new();
        if let (Some(Body::Json(sent)), Some(Body::Json(received))) = (&contract.request.body, &contract.response.body)
        {
            collect_echoes(sent, received, &Path::root(), &mut echoed);
        }
        Ok(Guide { contract, rules, request: Arc::new(request(contract, rules)), own, echoed })
    }

    /// The paths of the values of a body that are volatile.
    pub(super) fn volatile_paths(&self, body: &Json) -> HashSet<Path> {
        let value = body.to_value();
        let mut paths = HashSet::new();
        for query in self.rules.body_queries().chain(&self.own) {
            query.select(&value, &mut paths);
        }
        paths.retain(|path| !self.echoed.contains(path));
        paths
    }

    /// The contract's own rules that no response has needed yet.
    pub fn unused_rules(&self) -> impl Iterator<Item = &str> {
        self.own.iter().filter(|query| !query.is_used()).map(Query::text)
    }
}

fn collect_echoes(sent: &Json, received: &Json, path: &Path, echoed: &mut HashSet<Path>) {
    match (sent, received) {
        (Json::Object(sent), Json::Object(received)) => {
            for member in sent {
                if let Some(other) = received.iter().find(|other| other.name == member.name) {
                    collect_echoes(&member.value, &other.value, &path.member(&member.name), echoed);
                }
            }
        }
        (Json::Array(sent), Json::Array(received)) => {
            for (index, (sent, received)) in sent.iter().zip(received).enumerate() {
                collect_echoes(sent, received, &path.element(index), echoed);
            }
        }
        _ if sent == received => {
            echoed.insert(path.clone());
        }
        _ => {}
    }
}
