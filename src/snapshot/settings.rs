//! How `cargo test` compares snapshots with insta.

use std::path::Path;
use std::sync::Arc;

use insta::{Comparator, Settings, Snapshot};

use crate::compare::{Context, Reference, compare};
use crate::contract::Contract;
use crate::normal::NormalForm;

/// The insta settings for the snapshot of a contract: where it is, and that it is compared by meaning. `folder` is absolute
/// or relative to the test's own folder. The name for `insta::assert_snapshot!` is the last part of the id.
pub fn settings(folder: &Path, contract: &Contract) -> Settings {
    let mut settings = Settings::clone_current();
    let parent = contract.id.rsplit_once('/').map_or("", |(parent, _)| parent);
    settings.set_snapshot_path(folder.join(parent));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("{} ({})", contract.title, contract.source.page));
    settings.set_comparator(Box::new(ByMeaning(Arc::new(contract.clone()))));
    settings
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
        // Most snapshots are the same to the letter.
        if reference.as_text().zip(test.as_text()).is_some_and(|(one, other)| one.to_string() == other.to_string()) {
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
