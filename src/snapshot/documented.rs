//! What a live snapshot was compared with, as a digest.

use crate::contract::{Contract, short_digest};
use crate::normal::{Level, NormalizationPlan, VolatileRules};

/// A digest of what a contract documents, as far as live responses are compared with it: its form, and the types that it declares. On
/// which lines of the page it stands is no part of that.
///
/// # Errors
///
/// When the contract has no form; the message says why.
pub fn documented_digest(contract: &Contract, rules: &VolatileRules) -> Result<String, String> {
    let normalization = NormalizationPlan::new(contract, rules, Level::Shape).map_err(|error| error.to_string())?;
    let mut types = contract.types.clone();
    for property in types.values_mut().flat_map(|own| &mut own.properties) {
        property.line = None;
    }
    let types = serde_json::to_string(&types).map_err(|error| error.to_string())?;
    let text = format!("{}\n{types}", normalization.documented());
    Ok(short_digest(text.as_bytes()))
}
