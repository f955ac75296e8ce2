//! Looks for objects that carry a marker, where the ledger is lost. Nothing is changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ended::Ended;
use super::listing::{Listing, list};
use super::marker::Marker;
use super::phase::Phase;
use super::plan::Plan;
use super::request::{sent, versioned};
use super::session::Session;
use super::step::resolve;
use super::transport::Transport;
use graph_contracts::json::Json;
use graph_contracts::store::Store;

/// What was found in the collections in which contracts create objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundMarked {
    /// The URLs of objects that carry a marker of any run, with the marker.
    pub objects: Vec<String>,
    /// Collections that could not be looked at, each with why.
    pub unknown: Vec<String>,
}

/// Lists each collection in which a step of the plan creates something, and finds the objects in it that carry a marker.
pub async fn find_marked(plan: &Plan, store: Arc<Store>, transport: Transport) -> FoundMarked {
    let session = Session::new(store, transport, None);
    let (mut found, mut seen) = (FoundMarked::default(), BTreeSet::new());
    for step in plan.steps.iter().filter(|step| step.phase == Phase::Create) {
        let contract = &session.store.contracts[step.contracts[0]];
        let path = match sent(contract) {
            Ok(contract) => resolve(&session, step, &contract).await,
            Err(why) => Err(Ended::Errored(why, None)),
        };
        let collection = match path {
            Ok(path) => versioned(contract, &path),
            Err(ended) => {
                found.unknown.push(format!("{} of {}: {ended}", step.route, contract.id));
                continue;
            }
        };
        if !seen.insert(collection.clone()) {
            continue;
        }
        match list(&session, &collection, |_| true).await {
            Ok(Listing::Whole(objects)) => {
                let base = session.transport.base().as_str().trim_end_matches('/');
                let marked = objects.iter().filter_map(|(key, object)| Some((key, marker(object.as_ref()?)?)));
                found.objects.extend(marked.map(|(key, marker)| format!("{base}{collection}/{key} ({marker})")));
            }
            Ok(Listing::Unknown(why)) => found.unknown.push(format!("{collection}: {why}")),
            Err(error) => found.unknown.push(format!("{collection}: {error}")),
        }
    }
    found
}

/// The marker in one of an object's texts.
fn marker(object: &Json) -> Option<Marker> {
    let Json::Object(members) = object else { return None };
    members.iter().filter_map(|member| member.value.as_str()).find_map(Marker::find)
}
