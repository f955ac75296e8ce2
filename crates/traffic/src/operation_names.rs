//! The names of functions and actions, which a client may call where a page has the key of an object.

use std::collections::HashSet;

use graph_contracts::contract::Contract;
use graph_contracts::url::Segment;
use graph_contracts_odata::check::Metadata;

/// Names in lower case.
#[derive(Debug)]
pub(crate) struct OperationNames(HashSet<String>);

impl OperationNames {
    /// Those that routes call with parentheses, and those that the metadata declares.
    pub(crate) fn of(contracts: &[Contract], metadata: &[Metadata<'_>]) -> OperationNames {
        let segments = contracts.iter().flat_map(|own| &own.routes).flat_map(|route| Segment::of_path(&route.path));
        let called = segments.filter(|own| own.arguments.is_some() && own.key().is_none() && own.is_identifier());
        let called = called.map(|own| own.name.rsplit('.').next().unwrap_or_default().to_lowercase());
        let declared = metadata.iter().flat_map(|own| &own.csdl.operations).map(|own| own.name.to_lowercase());
        OperationNames(called.chain(declared).collect())
    }

    /// The segment of a path, below its version, that is one of these where a route has a key. Microsoft Graph reads it as a call where there is such an
    /// operation on the collection (OData URL Conventions 4.01 section 4.5), and else as a key.
    pub(crate) fn in_place_of_key(&self, path: &str, route: &str) -> Option<String> {
        let in_one_form = |path: &str| -> Vec<Segment> {
            Segment::of_path(path).into_iter().flat_map(Segment::in_one_form).collect()
        };
        let (sent, documented) = (in_one_form(path), in_one_form(route));
        let offset = sent.len().checked_sub(documented.len())?;
        let mut pairs = sent.into_iter().skip(offset).zip(documented);
        let found = pairs.find(|(own, documented)| {
            documented.parameter().is_some() && self.0.contains(own.name.to_lowercase().as_str())
        });
        found.map(|(own, _)| own.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_place_of_a_key_may_be_a_call() {
        let names = OperationNames(["delta", "getallsites"].into_iter().map(str::to_owned).collect());
        let check = |path: &str, route: &str, expected: Option<&str>| {
            assert_eq!(names.in_place_of_key(path, route).as_deref(), expected, "{path}");
        };
        check("/v1.0/devices/delta", "/devices/{id}", Some("delta"));
        check("/v1.0/Sites/getAllSites/lists", "/sites/{site-id}/lists", Some("getAllSites"));
        check("/v1.0/devices('delta')", "/devices/{id}", Some("delta"));
        check("/v1.0/devices/7", "/devices/{id}", None);
        check("/v1.0/devices/delta", "/devices/delta", None);
        check("/v1.0/devices", "/devices", None);
    }
}
