//! The answer to a request that fits no contract: which contract is nearest, and every difference from it.

use serde::{Deserialize, Serialize};

use super::Difference;
use crate::at::RequestPart;
use crate::contract::Contract;
use crate::json::Step;
use crate::source::SourceLine;

/// The status of a refusal. No documented operation answers with it, and clients do not repeat a request because of it.
pub const REFUSED: u16 = 501;

/// The code in the body of a refusal of what no page documents.
const CODE: &str = "requestNotDocumented";

/// The code in the body of a refusal with which the service answers, too.
const CODE_OF_SERVICE: &str = "Request_BadRequest";

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
    /// What is there is an action, which takes nothing but POST (OData Protocol 4.01 section 11.5.5).
    WrongMethod,
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
            (Some(Nearest { contract, source }), RefusalReason::WrongMethod) => {
                format!("{request} is on the path of an action, which {contract} ({source}) documents:")
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
            RefusalReason::WrongMethod => 405,
        }
    }

    /// The methods that are possible, where that is why it was refused (RFC 9110 section 15.5.6).
    pub fn allowed(&self) -> Option<&'static str> {
        (self.reason == RefusalReason::WrongMethod).then_some("POST")
    }

    /// What the service says, where it would refuse the request as well.
    fn message_of_service(&self, nearest: Option<&Contract>) -> Option<String> {
        match self.reason {
            RefusalReason::NotDocumented => None,
            RefusalReason::WrongMethod => {
                Some("Specified HTTP method is not allowed for the request target.".to_owned())
            }
            RefusalReason::InvalidBody => Some(match self.differences.iter().find_map(member) {
                Some(name) => {
                    // What the page has no name for is no type of the service.
                    let resource = nearest.and_then(|own| own.request.body_type.as_deref()?.rsplit_once('.'));
                    let of = resource.map(|(_, name)| format!(" of resource '{name}'")).unwrap_or_default();
                    format!("Invalid value specified for property '{name}'{of}.")
                }
                None => "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format."
                    .to_owned(),
            }),
        }
    }

    /// The body of the answer: an error as Microsoft Graph writes them, the explanation in `message`, behind what the service itself would say of
    /// a request to the nearest contract.
    pub fn to_body(&self, nearest: Option<&Contract>) -> Vec<u8> {
        let (code, message) = match self.message_of_service(nearest) {
            Some(said) => (CODE_OF_SERVICE, format!("{said}\n{}", self.message())),
            None => (CODE, self.message()),
        };
        let details = ErrorDetails { code: code.to_owned(), message, inner_error: self.clone() };
        serde_json::to_vec_pretty(&ErrorBody { error: details }).unwrap_or_default()
    }

    /// Reads the body of a stub's answer; `None` if it is not a refusal.
    pub fn from_body(body: &[u8]) -> Option<Refusal> {
        let body: ErrorBody = serde_json::from_slice(body).ok()?;
        [CODE, CODE_OF_SERVICE].contains(&body.error.code.as_str()).then_some(body.error.inner_error)
    }
}

/// The name of the member that a difference is about.
fn member(difference: &Difference) -> Option<&str> {
    let RequestPart::Path(path) = &difference.at else { return None };
    path.steps().iter().rev().find_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    })
}
