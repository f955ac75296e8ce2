//! Every mutant and harmless variation of a contract.

use super::{Mutant, body, harmless, message};
use graph_contracts::contract::Contract;
use graph_contracts::stub::Answer;

/// Gives every mutant and harmless variation of a contract's documented response to `give`, one by one: a large body has
/// many. They follow from what the contract documents alone. Says of every how many values of the body there are mutants: of
/// every one, but for very large bodies.
pub fn mutants(contract: &Contract, give: &mut dyn FnMut(Mutant)) -> usize {
    let documented = Answer::documented(contract);
    message::mutants(contract, &documented, give);
    let every = body::mutants(contract, &documented, give);
    harmless::variations(contract, &documented, give);
    every
}
