//! What a live run needs to know beside its plan.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

/// The longest time that an object takes to appear, by default.
pub const SETTLING: Duration = Duration::from_secs(15);

/// What a run needs to know beside its plan.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The folder of the profile's live snapshots.
    pub live_snapshots: PathBuf,
    /// How many steps are under way at a time.
    pub concurrency: usize,
    /// Whether members that the page does not document are drift even where its example may be truncated.
    pub strict: bool,
    /// The day, for new drift.
    pub day: Date,
    /// For so long after it was created, an object that is not there is one that has not appeared yet: the service answers from
    /// several copies of its data, and they follow each other. See [`SETTLING`].
    pub settling: Duration,
}
