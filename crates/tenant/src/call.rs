//! One request at a path that is known.

use super::declarations::Declarations;
use super::documented::Documented;
use super::found::Found;
use super::request::Request;
use super::tenant::{Place, key_of};
use crate::query::Options;
use graph_contracts::contract::Contract;
use graph_contracts::json::Json;

/// One request at a path that is known.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) found: &'a Found,
    /// Where each step of the path leads, from the root on.
    pub(super) places: &'a [Place],
    /// The contract that the answer follows, if there is one.
    pub(super) contract: Option<&'a Contract>,
    /// Its index.
    pub(super) index: Option<usize>,
    pub(super) documented: Option<Documented<'a>>,
    pub(super) sent: Option<Json>,
    pub(super) options: Options,
    /// What is declared of the messages.
    pub(super) declared: Option<Declarations<'a>>,
}

impl Call<'_> {
    /// Where the path leads.
    pub(super) fn place(&self) -> Place {
        self.places.last().cloned().unwrap_or_default()
    }

    /// How many items a page has, which the request may limit (OData Protocol 4.01 section 8.2.8.7).
    pub(super) fn page_size(&self, most: usize) -> usize {
        let fields = self.request.headers.get_all("prefer").iter().filter_map(|field| field.to_str().ok());
        let mut preferences = fields.flat_map(|field| field.split([',', ';'])).filter_map(|one| one.split_once('='));
        let size = preferences.find_map(|(name, value)| {
            let name = name.trim();
            let is_it = ["odata.maxpagesize", "maxpagesize"].iter().any(|own| own.eq_ignore_ascii_case(name));
            value.trim().trim_matches('"').parse::<usize>().ok().filter(|size| is_it && *size > 0)
        });
        size.map_or(most, |size| size.min(most))
    }

    /// Whether what the response shows may have a property; `None` where that is not known.
    pub(super) fn property(&self, names: &[String]) -> Option<bool> {
        self.declared.and_then(|declared| declared.property(names))
    }
}

/// What identifiers of what is at a place are derived from.
pub(super) fn namespace(place: &Place) -> String {
    match (key_of(place), place.split_last()) {
        (Some(key), Some((_, collection))) => format!("{}/{key}", collection.join("/")),
        _ => place.join("/"),
    }
}
