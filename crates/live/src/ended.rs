//! Why a step has no response to compare.

use std::fmt;

use super::ledger::LedgerError;
use super::live_error::LiveError;
use super::pace::NoTurn;
use super::skip::Skip;
use graph_contracts::http::with_causes;

/// Why a step has no response to compare.
pub(super) enum Ended {
    Skipped(Skip),
    /// Why, and the limit that would have to be raised.
    Errored(String, Option<&'static str>),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Skipped(skip) => write!(f, "{skip}"),
            Ended::Errored(why, _) => f.write_str(why),
        }
    }
}

impl From<LiveError> for Ended {
    /// What was not sent because the run is over is left out; anything else is an error.
    fn from(error: LiveError) -> Ended {
        let is_unsent = error.about().is_some_and(|about| about.attempts == 0);
        match &error {
            LiveError::NoTurn { cause: NoTurn::Stopped, .. } if is_unsent => Ended::Skipped(Skip::Stopped),
            LiveError::NoTurn { cause: NoTurn::OverBudget { .. }, .. } if is_unsent => Ended::Skipped(Skip::OutOfTime),
            _ => Ended::Errored(with_causes(&error), error.exceeded()),
        }
    }
}

impl From<LedgerError> for Ended {
    fn from(error: LedgerError) -> Ended {
        Ended::Errored(with_causes(&error), None)
    }
}
