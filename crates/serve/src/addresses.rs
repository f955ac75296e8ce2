//! Other ways to write what a path leads to.

use graph_contracts::url::{Segment, decode, split_path};
use graph_contracts_tenant::item_addresses;

/// Other paths for the same: items of drives by their other addresses, and objects whose key is written with the name of its property, as in
/// `applications(appId='…')`, by a plain key (OData URL Conventions 4.01 section 4.3.1); what belongs to a site by the site's identifier instead of its path.
pub(crate) fn other_addresses(path: &str) -> Vec<String> {
    let mut all = item_addresses(path);
    all.extend(with_plain_keys(path));
    all.extend(with_site_ids(path));
    all
}

/// A path with what follows the path of a site (`sites/{hostname}:/{path}:/lists`) below the identifier of a site ("Working with SharePoint sites in
/// Microsoft Graph"). Which site it is does not count.
fn with_site_ids(path: &str) -> Option<String> {
    let segments = split_path(path);
    let site = segments.windows(2).position(|pair| {
        let host = decode(pair[1]);
        pair[0].eq_ignore_ascii_case("sites") && host.strip_suffix(':').is_some_and(|host| host.contains('.'))
    })?;
    let (before, address) = segments.split_at(site + 1);
    let end = address.iter().skip(1).position(|segment| decode(segment).ends_with(':'))? + 2;
    let rest = address.get(end..).filter(|rest| !rest.is_empty())?;
    Some(format!("/{}/0/{}", before.join("/"), rest.join("/")))
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
    fn what_follows_the_path_of_a_site_is_the_sites() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(with_site_ids(path).as_deref(), expected, "{path}");
        };
        check("/v1.0/sites/contoso.sharepoint.com:/sites/x:/lists", Some("/v1.0/sites/0/lists"));
        check("/v1.0/Sites/contoso.com%3A/a:/lists/7/items", Some("/v1.0/Sites/0/lists/7/items"));
        check("/v1.0/groups/7/sites/contoso.com:/a/b/c:/drive", Some("/v1.0/groups/7/sites/0/drive"));
        check("/v1.0/sites/contoso.com:/sites/x", None);
        check("/v1.0/sites/contoso.com:/sites/x:", None);
        check("/v1.0/sites/contoso.com,1,2/lists", None);
        check("/v1.0/me/drive/root:/sites/x:/children", None);
    }

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
