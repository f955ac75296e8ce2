//! The answer to a request that fits no contract: which contract is nearest, and every difference from it.

use serde::{Deserialize, Serialize};

use super::Difference;
use crate::source::SourceLine;

/// The status of a refusal. No documented operation answers with it, and clients do not repeat a request because of it.
pub const REFUSED: u16 = 501;

/// The code in the body of a refusal.
const CODE: &str = "requestNotDocumented";

/// Why the stub refused a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The request, as `METHOD path`.
    pub request: String,
    /// The contract that the request is nearest to.
    pub nearest: String,
    /// Where that contract's request is documented.
    pub source: SourceLine,
    /// In what the request departs from it: the first hundred differences.
    pub differences: Vec<Difference>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

/// Whether nothing was left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The form of errors in Microsoft Graph.
#[derive(Serialize, Deserialize)]
struct ErrorBody {
    error: ErrorDetails,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorDetails {
    code: String,
    message: String,
    inner_error: Refusal,
}

impl Refusal {
    /// The explanation in words, one difference a line.
    pub fn message(&self) -> String {
        let Refusal { request, nearest, source, differences, omitted } = self;
        let mut message = format!("{request} fits no contract; the nearest is {nearest} ({source}), which differs:");
        for difference in differences {
            message.push_str(&format!("\n- {difference}"));
        }
        if *omitted > 0 {
            message.push_str(&format!("\n- … and {omitted} more"));
        }
        message
    }

    /// The body of the stub's answer: an error as Microsoft Graph writes them, the explanation in `message`.
    pub(super) fn to_body(&self) -> Vec<u8> {
        let details = ErrorDetails { code: CODE.to_owned(), message: self.message(), inner_error: self.clone() };
        serde_json::to_vec_pretty(&ErrorBody { error: details }).unwrap_or_default()
    }

    /// Reads the body of a stub's answer; `None` if it is not a refusal.
    pub fn from_body(body: &[u8]) -> Option<Refusal> {
        let body: ErrorBody = serde_json::from_slice(body).ok()?;
        (body.error.code == CODE).then_some(body.error.inner_error)
    }
}
