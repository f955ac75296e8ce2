//! How `cargo test` compares snapshots with insta.

use std::path::Path;
use std::sync::Arc;

use insta::{Comparator, Settings, Snapshot};

use super::declared_info::{declared_in, info};
use crate::compare::{Context, Reference, compare};
use crate::contract::Contract;
use crate::normal::{Declarations, NormalForm};

/// The insta settings for the snapshot of a contract: where it is, and that it is compared by meaning. `folder` is absolute
/// or relative to the test's own folder. The name for `insta::assert_snapshot!` is the last part of the id.
pub fn settings(folder: &Path, contract: &Contract) -> Settings {
    let mut settings = Settings::clone_current();
    let parent = contract.id.rsplit_once('/').map_or("", |(parent, _)| parent);
    settings.set_snapshot_path(folder.join(parent));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(description(contract));
    settings.set_raw_info(&info(&Declarations::of(contract)));
    settings.set_comparator(Box::new(ByMeaning(Arc::new(contract.clone()))));
    settings
}

/// What a snapshot is of, in words.
pub(super) fn description(contract: &Contract) -> String {
    format!("{} ({})", contract.title, contract.source.page)
}

/// The insta settings with which an accepted drift is asserted with itself: all that the file says of itself stays, whatever insta does with
/// it. The name for `insta::assert_snapshot!` is that of the file without `.snap`.
pub(crate) fn settings_of_drift(folder: &Path, accepted: &Snapshot) -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    if let Some(description) = accepted.metadata().description() {
        settings.set_description(description);
    }
    if let Some(info) = accepted.metadata().private_info() {
        settings.set_raw_info(info);
    }
    settings.set_comparator(Box::new(ByText));
    settings
}

/// Compares snapshots by their text alone: the file names the page as its source, and insta the file of the test.
#[derive(Clone)]
struct ByText;

impl Comparator for ByText {
    fn matches(&self, reference: &Snapshot, test: &Snapshot) -> bool {
        reference.as_text().zip(test.as_text()).is_some_and(|(one, other)| one.to_string() == other.to_string())
    }

    fn dyn_clone(&self) -> Box<dyn Comparator> {
        Box::new(self.clone())
    }
}

/// The last part of a contract's id, which is the name of its snapshot within the folder that [`settings`] sets.
pub(crate) fn snapshot_name(contract: &Contract) -> &str {
    contract.id.rsplit('/').next().unwrap_or(&contract.id)
}

/// Compares snapshots as normal forms, so that the order of members makes no difference.
#[derive(Clone)]
struct ByMeaning(Arc<Contract>);

impl Comparator for ByMeaning {
    fn matches(&self, reference: &Snapshot, test: &Snapshot) -> bool {
        let declared = reference.metadata().private_info().and_then(declared_in);
        let is_declared = declared.as_ref().is_none_or(|own| own.changes(&Declarations::of(&self.0)).is_empty());
        // Most snapshots are the same to the letter.
        if !is_declared {
            return false;
        }
        if ByText.matches(reference, test) {
            return true;
        }
        let form = |snapshot: &Snapshot| {
            let text = snapshot.as_text().map(ToString::to_string)?;
            NormalForm::parse(&text).ok()
        };
        match (form(reference), form(test)) {
            (Some(expected), Some(actual)) => {
                compare(&expected, &actual, Reference::Snapshot, &mut Context::new(&self.0)).mismatches.is_empty()
            }
            _ => false,
        }
    }

    fn dyn_clone(&self) -> Box<dyn Comparator> {
        Box::new(self.clone())
    }
}
