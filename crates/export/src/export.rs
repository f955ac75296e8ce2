//! Contracts as the files of a target.

use graph_contracts::normal::RuleError;
use graph_contracts::store::Store;

use crate::exchange::exchanges;
use crate::limit::{LeftOut, Limit};
use crate::made::{ExportFile, Made};
use crate::{Target, dev_proxy, hurl, openapi, pact, postman, wiremock};

/// The variable that holds the token, where a tool has variables.
const TOKEN: &str = "{{token}}";

/// The files of a target, and what they do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What it is for.
    pub target: Target,
    /// How many contracts were selected.
    pub contracts: usize,
    /// How many of their routes are in the files.
    pub routes: usize,
    /// The files, by path.
    pub files: Vec<ExportFile>,
    /// What the target cannot say of any contract.
    pub limits: Vec<Limit>,
    /// What it cannot say of a contract at hand, by contract.
    pub left_out: Vec<LeftOut>,
}

/// The contracts of a store at these positions as files of a target: the same bytes each time, with the contracts in the order of their ids.
///
/// # Errors
///
/// When a rule for volatile values cannot be used.
pub fn export(target: Target, store: &Store, selected: &[usize]) -> Result<Export, RuleError> {
    let mut left_out = Vec::new();
    let token = match target {
        Target::Hurl | Target::Postman => TOKEN,
        Target::Openapi | Target::Wiremock | Target::Pact | Target::DevProxy => "any",
    };
    let exchanges = exchanges(store, selected, token, &mut left_out)?;
    let (limits, made) = match target {
        Target::Openapi => (openapi::LIMITS, openapi::make(&exchanges, &mut left_out)),
        Target::Wiremock => (wiremock::LIMITS, wiremock::make(&exchanges, &mut left_out)),
        Target::Hurl => (hurl::LIMITS, hurl::make(&exchanges, &mut left_out)),
        Target::Pact => (pact::LIMITS, pact::make(&exchanges, &mut left_out)),
        Target::Postman => (postman::LIMITS, postman::make(&exchanges, &mut left_out)),
        Target::DevProxy => (dev_proxy::LIMITS, dev_proxy::make(&exchanges, &mut left_out)),
    };
    left_out.sort();
    left_out.dedup();
    let Made { files, routes } = made;
    Ok(Export { target, contracts: selected.len(), routes, files, limits: limits.to_vec(), left_out })
}

impl Export {
    /// The texts of all files as one.
    pub fn whole(&self) -> String {
        self.files.iter().map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}
