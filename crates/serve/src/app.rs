//! What every connection shares.

use crate::faults::Faults;
use crate::journal::Journal;
use crate::service::Service;
use crate::sign_in::SignIn;

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) service: Service,
    pub(crate) sign_in: SignIn,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    /// The URL at which clients that say nothing else find the server.
    pub(crate) url: String,
}
