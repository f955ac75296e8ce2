//! The names of functions and actions, which a client may call where a page has the key of an object.

use std::collections::HashSet;

use graph_contracts::contract::Contract;
use graph_contracts::url::Segment;
use graph_contracts_odata::check::Metadata;

/// Names in lower case.
#[derive(Debug)]
pub(crate) struct OperationNames(HashSet<String>);

impl OperationNames {
    /// Those that routes call with parentheses, or end with where others have a key, and those that the metadata declares.
    pub(crate) fn of(contracts: &[Contract], metadata: &[Metadata<'_>]) -> OperationNames {
        let segments = contracts.iter().flat_map(|own| &own.routes).flat_map(|route| Segment::of_path(&route.path));
        let called = segments.filter(|own| own.arguments.is_some() && own.key().is_none() && own.is_identifier());
        let called = called.map(|own| own.name.rsplit('.').next().unwrap_or_default().to_lowercase());
        let ending = names_for_keys(contracts);
        let declared = metadata.iter().flat_map(|own| &own.csdl.operations).map(|own| own.name.to_lowercase());
        OperationNames(called.chain(ending).chain(declared).collect())
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

/// The names with which routes end where other routes have a key: `users/delta` beside `users/{id}`. What follows some of them nowhere is not followed by
/// anything because it is called; objects with names of their own (`mailFolders/inbox`) are.
fn names_for_keys(contracts: &[Contract]) -> HashSet<String> {
    let routes = || contracts.iter().flat_map(|own| &own.routes).map(|route| Segment::of_path(&route.path));
    let unnamed = |segments: &[Segment]| segments.iter().map(|own| format!("/{}", own.unnamed())).collect::<String>();
    let has_key = |segments: &Vec<Segment>, at: usize| segments[at].parameter().is_some();
    let keyed: HashSet<String> = routes()
        .flat_map(|segments| {
            let at = (0..segments.len()).filter(|at| has_key(&segments, *at));
            at.map(|at| unnamed(&segments[..at])).collect::<Vec<String>>()
        })
        .collect();
    let (mut ending, mut followed) = (HashSet::new(), HashSet::new());
    for segments in routes() {
        for (at, segment) in segments.iter().enumerate() {
            if segment.is_identifier() && !segment.has_parameters() && keyed.contains(&unnamed(&segments[..at])) {
                let names = if at + 1 == segments.len() { &mut ending } else { &mut followed };
                names.insert(segment.name.to_lowercase());
            }
        }
    }
    ending.retain(|name| !followed.contains(name));
    ending
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts_testing::contracts_of_text;

    #[test]
    fn names_stand_for_keys_where_other_routes_have_one() {
        let page = "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{id}\nGET /lamps/delta\nGET /lamps/hall\nGET /lamps/hall/bulbs\n\
            GET /lamps/{id}/parts\n```\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps/7\n```\n\n```http\nHTTP/1.1 200 OK\n```\n";
        let names = names_for_keys(&contracts_of_text("v1.0/lamp-get.md", page));
        assert_eq!(names.into_iter().collect::<Vec<String>>(), ["delta"]);
    }

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
