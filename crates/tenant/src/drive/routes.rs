//! Which contract documents what can be done with items.

use std::collections::BTreeMap;

use super::path::{DrivePath, Subject};
use graph_contracts::contract::Contract;

/// Which contract documents what can be done with items, in whichever drive.
#[derive(Debug, Default)]
pub(crate) struct DriveRoutes(BTreeMap<(String, Subject), usize>);

impl DriveRoutes {
    pub(crate) fn new(contracts: &[Contract]) -> DriveRoutes {
        let mut routes = BTreeMap::new();
        for (index, contract) in contracts.iter().enumerate().filter(|(_, one)| one.response.status < 400) {
            for route in &contract.routes {
                let path = DrivePath::read(&format!("{}{}", contract.path_root(), route.path));
                // The pages of special folders say of them what others say of any item.
                let subject = path.filter(|own| own.special.is_none()).and_then(|own| own.subject());
                if let Some(subject) = subject {
                    routes.entry((contract.request.method.clone(), subject)).or_insert(index);
                }
            }
        }
        DriveRoutes(routes)
    }

    pub(super) fn of(&self, method: &str, subject: Subject) -> Option<usize> {
        // Whoever may have the items of a drive may count them, and whoever may have one has its content.
        let subject = match subject {
            Subject::Count => Subject::Children,
            Subject::ChildContent => Subject::Content,
            other => other,
        };
        self.0.get(&(method.to_owned(), subject)).copied()
    }
}
