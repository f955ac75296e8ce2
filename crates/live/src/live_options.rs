//! What a live run needs to know beside its plan.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::service::ServiceRules;
use graph_contracts::snapshot::SnapshotFolders;
use jiff::civil::Date;

/// The longest time that an object takes to appear, by default.
pub const SETTLING: Duration = Duration::from_secs(15);

/// How many objects a collection may have in which something is created, by default.
pub const LIST_LIMIT: usize = 1000;

/// What a run needs to know beside its plan.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The folders of the profile's live snapshots.
    pub live_snapshots: SnapshotFolders,
    /// How many steps are under way at a time.
    pub concurrency: usize,
    /// Whether members that the page does not document are drift even where its example may be truncated.
    pub strict: bool,
    /// A collection with more objects is not listed, and nothing is created in it. See [`LIST_LIMIT`].
    pub list_limit: usize,
    /// Whether all objects of the tenant are the run's own, as those of a simulated one are: then whatever is new is, too.
    pub own_tenant: bool,
    /// Whether deleted objects that the service keeps for a while are deleted for good, where the documentation has a request for that.
    pub purge_deleted: bool,
    /// What the service declares of itself, by version in lower case; a version that is not there is unknown.
    pub service: BTreeMap<String, Arc<ServiceRules>>,
    /// The day, for new drift.
    pub day: Date,
    /// For so long after it was created, an object that is not there is one that has not appeared yet: the service answers from
    /// several copies of its data, and they follow each other. See [`SETTLING`].
    pub settling: Duration,
}

impl LiveOptions {
    /// What a run does if nothing else is said, with drift of that day in those folders.
    pub fn new(live_snapshots: SnapshotFolders, day: Date) -> LiveOptions {
        LiveOptions {
            live_snapshots,
            concurrency: 4,
            strict: false,
            list_limit: LIST_LIMIT,
            own_tenant: false,
            purge_deleted: false,
            service: BTreeMap::new(),
            day,
            settling: SETTLING,
        }
    }
}
