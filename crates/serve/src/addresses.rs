//! Other ways to write what a path leads to.

use graph_contracts::url::{Segment, split_path};
use graph_contracts_tenant::item_addresses;

/// Other paths for the same: items of drives by their other addresses, and objects whose key is written with the name of its property, as in
/// `applications(appId='…')`, by a plain key (OData URL Conventions 4.01 section 4.3.1).
pub(crate) fn other_addresses(path: &str) -> Vec<String> {
    let mut all = item_addresses(path);
    all.extend(with_plain_keys(path));
    all
}

fn with_plain_keys(path: &str) -> Option<String> {
    let mut has_named_key = false;
    let segments: Vec<String> = split_path(path)
        .into_iter()
        .map(|written| {
            let segment = Segment::read(written);
            match segment.arguments.as_deref() {
                Some([key]) if key.name.is_some() => {
                    has_named_key = true;
                    // Which object it is does not count.
                    format!("{}/0", segment.name)
                }
                _ => written.to_owned(),
            }
        })
        .collect();
    has_named_key.then(|| format!("/{}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_names_are_keys() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(with_plain_keys(path).as_deref(), expected, "{path}");
        };
        check("/v1.0/applications(appId='a')/owners", Some("/v1.0/applications/0/owners"));
        check("/v1.0/users('a')", None);
        check("/v1.0/range(a=1,b=2)", None);
        check("/v1.0/users/a", None);
    }
}
