//! One request at a path that is known.

use super::declarations::Declarations;
use super::documented::Documented;
use super::request::Request;
use super::routes::Found;
use super::tenant::Place;
use crate::query::Options;
use graph_contracts::contract::Contract;
use graph_contracts::json::Json;

/// One request at a path that is known.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) found: &'a Found,
    /// The contract that the answer follows, if there is one.
    pub(super) contract: Option<&'a Contract>,
    pub(super) documented: Option<Documented<'a>>,
    pub(super) sent: Option<Json>,
    pub(super) options: Options,
    /// What is declared of the messages.
    pub(super) declared: Option<Declarations<'a>>,
}

impl Call<'_> {
    /// Where the path leads.
    pub(super) fn place(&self) -> Place {
        self.found.place(self.found.steps.len())
    }

    /// The collection of the object that the path leads to, or without a key at its end where it leads.
    pub(super) fn owner(&self) -> Place {
        self.found.place(self.found.steps.len() - usize::from(self.found.key().is_some()))
    }

    /// Whether what the response shows may have a property; `None` where that is not known.
    pub(super) fn property(&self, names: &[String]) -> Option<bool> {
        self.declared.and_then(|declared| declared.property(names))
    }
}
