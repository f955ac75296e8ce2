//! How a server behaves.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use graph_contracts::contract::Cloud;
use graph_contracts::matching::Mode;

use graph_contracts_tenant::Seeds;
use tokio::sync::mpsc;

use crate::faults::FaultOptions;
use crate::journal::Observed;
use crate::upstream::Upstream;

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where it listens. On `127.0.0.1`, it listens on `::1` as well, which is what some clients take `localhost` for.
    pub host: IpAddr,
    /// The port; 0 for a free one.
    pub port: u16,
    /// How closely a request has to be the documented one.
    pub mode: Mode,
    /// Which tokens will do.
    pub authorization: Authorization,
    /// Which requests count as failures in the end.
    pub fail_on: Option<FailOn>,
    /// Whether what clients do is remembered.
    pub state: State,
    /// Faults that are asked for.
    pub faults: FaultOptions,
    /// The cloud whose operations are served; all where it is not known.
    pub cloud: Option<Cloud>,
    /// What answers instead: nothing is answered here but faults that are asked for.
    pub upstream: Option<Arc<dyn Upstream>>,
    /// Who takes each request with its answer, as they are. Whoever it is has to take them: where there is no more room, answers wait.
    pub observer: Option<mpsc::Sender<Observed>>,
}

/// What is remembered of what clients do.
#[derive(Clone, Debug, Default)]
pub enum State {
    /// Nothing: each request is answered as documented.
    #[default]
    Nothing,
    /// What is created, changed and deleted, as in a tenant, which begins with what these seeds have, if there are any.
    Tenant(Option<Box<Seeds>>),
}

/// Which tokens will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Any bearer token; without one, the answer is 401.
    #[default]
    Any,
    /// Tokens are not looked at.
    Unchecked,
    /// A token that says the permissions of the contract; without them, the answer is 403.
    Token,
}

/// Which requests count as failures in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those that no page documents, and those with members, values or options that no page documents.
    Undocumented,
}

impl Default for ServeOptions {
    fn default() -> ServeOptions {
        ServeOptions {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 4010,
            mode: Mode::Lenient,
            authorization: Authorization::Any,
            fail_on: None,
            state: State::Nothing,
            faults: FaultOptions::default(),
            cloud: None,
            upstream: None,
            observer: None,
        }
    }
}
