//! The answer to a request that fits no contract: which contract is nearest, and every difference from it.

use serde::{Deserialize, Serialize};

use super::Difference;
use crate::source::SourceLine;

/// The status of a refusal. No documented operation answers with it, and clients do not repeat a request because of it.
pub const REFUSED: u16 = 501;

/// The code in the body of a refusal.
const CODE: &str = "requestNotDocumented";

/// Why a request was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RefusalReason {
    /// No contract has such a request.
    #[default]
    NotDocumented,
    /// A contract has, but the body cannot be one of its type.
    InvalidBody,
}

/// Why the stub refused a request, and what it came nearest to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why it was refused.
    #[serde(default)]
    pub reason: RefusalReason,
    /// The request, as `METHOD path`.
    pub request: String,
    /// The contract that the request is nearest to; `None` where no path of any is like that of the request.
    #[serde(flatten)]
    pub nearest: Option<Nearest>,
    /// In what the request departs from it: the first hundred differences.
    pub differences: Vec<Difference>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

/// The contract that a refused request is nearest to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Its id.
    #[serde(rename = "nearest")]
    pub contract: String,
    /// Where its request is documented.
    pub source: SourceLine,
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
        let Refusal { reason, request, nearest, differences, omitted } = self;
        let mut message = match (nearest, reason) {
            (Some(Nearest { contract, source }), RefusalReason::NotDocumented) => {
                format!("{request} fits no contract; the nearest is {contract} ({source}), which differs:")
            }
            (Some(Nearest { contract, source }), RefusalReason::InvalidBody) => {
                format!("{request} fits {contract} ({source}), but its body is not what is declared there:")
            }
            (None, _) if differences.is_empty() => format!("{request} fits no contract, and none has a path like it"),
            (None, _) => format!("{request} fits no contract, and none has a path like it:"),
        };
        for difference in differences {
            message.push_str(&format!("\n- {difference}"));
        }
        if *omitted > 0 {
            message.push_str(&format!("\n- … and {omitted} more"));
        }
        message
    }

    /// The id of the nearest contract, if there is one.
    pub fn nearest_id(&self) -> Option<&str> {
        self.nearest.as_ref().map(|own| own.contract.as_str())
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        match self.reason {
            RefusalReason::NotDocumented => REFUSED,
            RefusalReason::InvalidBody => 400,
        }
    }

    /// The body of the answer: an error as Microsoft Graph writes them, the explanation in `message`.
    pub fn to_body(&self) -> Vec<u8> {
        let details = ErrorDetails { code: CODE.to_owned(), message: self.message(), inner_error: self.clone() };
        serde_json::to_vec_pretty(&ErrorBody { error: details }).unwrap_or_default()
    }

    /// Reads the body of a stub's answer; `None` if it is not a refusal.
    pub fn from_body(body: &[u8]) -> Option<Refusal> {
        let body: ErrorBody = serde_json::from_slice(body).ok()?;
        (body.error.code == CODE).then_some(body.error.inner_error)
    }
}
