//! The forms of address that a service documents as equal, or as one of several: `/me` is the user who is signed in, `/me/drive/root` an item
//! of the drive. They are compared as segments, in lower case.

use crate::edm::is_guid;

/// A path in the form in which an item of a drive and a site are addressed by their ids. Items may be addressed by id or by a path that is relative
/// to any item, the root is an item, `/drive` is the drive of the user who is signed in (Microsoft Graph documentation, "Address resources in a
/// drive on OneDrive"), a site has a path relative to its host ("Get a site resource"), and `/myOrganization` is the tenant itself ("Use the
/// Microsoft Graph API"). A template that has only the root is about no other item: `is_template`.
pub(super) fn by_id(segments: &[impl AsRef<str>], is_template: bool) -> Vec<String> {
    let mut own = Vec::with_capacity(segments.len() + 2);
    let mut rest = segments.iter().map(AsRef::as_ref).peekable();
    rest.next_if_eq(&"myorganization");
    if rest.peek().is_some_and(|first| *first == "drive") {
        own.push("me".to_owned());
    }
    while let Some(segment) = rest.next() {
        let is_behind_drive = is_drive(&own);
        match segment {
            "root:" if is_behind_drive => {
                own.extend(["items".to_owned(), ITEM.to_owned()]);
                rest.next();
            }
            "root" if is_behind_drive && !is_template && rest.peek().is_none_or(|next| !OF_FILES.contains(next)) => {
                own.extend(["items".to_owned(), ITEM.to_owned()]);
            }
            // A folder with a name of its own, such as `special/photos`.
            "special" if is_behind_drive && !is_template && rest.peek().is_some() => {
                own.extend(["items".to_owned(), ITEM.to_owned()]);
                if rest.next().is_some_and(|name| name.ends_with(':')) {
                    rest.next();
                }
            }
            _ if segment.ends_with(':') && own.last().is_some_and(|last| last == "items" || last == "sites") => {
                own.push(ITEM.to_owned());
                rest.next();
            }
            _ => own.push(segment.to_owned()),
        }
    }
    own
}

/// Whether a path may have another form than it has, with items of drives and sites by their ids.
pub(super) fn may_be_by_id(segments: &[impl AsRef<str>]) -> bool {
    let is_first = |first: &str| matches!(first, "myorganization" | "drive");
    let is_item = |segment: &str| matches!(segment, "root" | "special") || segment.ends_with(':');
    segments.first().is_some_and(|first| is_first(first.as_ref()))
        || segments.iter().any(|segment| is_item(segment.as_ref()))
}

/// What stands for any item or site.
const ITEM: &str = "{item}";

/// What only files have, which the root of a drive is not (Microsoft Graph documentation, "driveItem resource type").
const OF_FILES: [&str; 2] = ["content", "workbook"];

/// Whether a path has what only files have, and that of the root of a drive.
pub(super) fn has_file_of_root(segments: &[String]) -> bool {
    let is_own = |at: usize| segments[at] == "root" && OF_FILES.contains(&segments[at + 1].as_str());
    (1..segments.len().saturating_sub(1)).any(|at| is_own(at) && is_drive(&segments[..at]))
}

/// Whether a path ends with a drive: `/me/drive`, `/drives/{id}`.
fn is_drive(path: &[String]) -> bool {
    match path {
        [.., last] if last == "drive" => true,
        [.., collection, _] => collection == "drives",
        _ => false,
    }
}

/// A path in the other forms that Microsoft Graph has for what belongs to users and to drives: `/me/messages` is `/users/{id}/messages` for the
/// user who is signed in ("Use the Microsoft Graph API"), and `/me/drive/items` is `/drives/{id}/items`. Not all operations have all of them.
pub(super) fn other_forms(segments: &[String]) -> Vec<Vec<String>> {
    let mut forms = Vec::new();
    let replaced = |from: usize, to: usize, with: &[&str]| -> Vec<String> {
        let with = with.iter().map(|segment| (*segment).to_owned());
        segments[..from].iter().cloned().chain(with).chain(segments[to..].iter().cloned()).collect()
    };
    for (at, segment) in segments.iter().enumerate().take(MOST_BEFORE) {
        match segment.as_str() {
            "me" => forms.push(replaced(at, at + 1, &["users", ITEM])),
            "users" if at + 1 < segments.len() => forms.push(replaced(at, at + 2, &["me"])),
            "drive" => forms.push(replaced(0, at + 1, &["drives", ITEM])),
            "drives" if at + 1 < segments.len() => {
                forms.push(replaced(at, at + 2, &["me", "drive"]));
                let owners = ["users", "groups", "sites"];
                forms.extend(owners.iter().map(|owner| replaced(at, at + 2, &[owner, ITEM, "drive"])));
            }
            _ => {}
        }
    }
    forms
}

/// An alias stands at the beginning of a path, or behind a name or two.
const MOST_BEFORE: usize = 4;

/// Whether a segment of a template is the value of an example: a GUID, a number, a host or address, or another long identifier. Names of a service
/// are none of these.
pub(super) fn is_sample(segment: &str) -> bool {
    let is_number = || segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_host = || {
        let has_domain = segment.rsplit_once('.').is_some_and(|(_, domain)| DOMAINS.contains(&domain));
        let host = || segment.rsplit('@').next().unwrap_or_default();
        // A cast to a type is no host.
        let is_cast = || host().starts_with("microsoft.graph.");
        has_domain && !is_cast() && host().split('.').all(|label| !label.is_empty())
    };
    let is_identifier = || {
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        segment.len() >= 16
            && digits >= 4
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=!".contains(&byte))
    };
    !segment.is_empty() && (is_guid(segment) || is_number() || is_host() || is_identifier())
}

/// Top-level domains of hosts and addresses in examples.
const DOMAINS: [&str; 6] = ["com", "net", "org", "edu", "example", "test"];

/// Whether a sample is one of a company that Microsoft's samples invent, so that it is nothing else.
pub(super) fn is_invented(segment: &str) -> bool {
    ["contoso", "fabrikam"].iter().any(|company| segment.contains(company))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::split_path;

    fn segments(path: &str) -> Vec<String> {
        split_path(path).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn items_of_a_drive_are_addressed_in_several_ways() {
        let check =
            |path: &str, expected: &str| assert_eq!(by_id(&segments(path), false).join("/"), expected, "{path}");
        check("/me/drive/root/children", "me/drive/items/{item}/children");
        check("/drive/root:/{path}:/content", "me/drive/items/{item}/content");
        check("/drives/1/items/{id}:/a/b.txt:/content", "drives/1/items/{item}/content");
        check("/drives/1/root", "drives/1/items/{item}");
        check("/sites/contoso.example:/teams/hr:/lists", "sites/{item}/lists");
        check("/me/drive/special/photos", "me/drive/items/{item}");
        check("/drive/special/documents:/a.txt:/content", "me/drive/items/{item}/content");
        check("/me/special/photos", "me/special/photos");
        check("/myorganization/users", "users");
        check("/me/drive/root/workbook/names", "me/drive/root/workbook/names");
        check("/me/root/children", "me/root/children");
        let template = |path: &str| by_id(&segments(path), true).join("/");
        assert_eq!(template("/me/drive/root/children"), "me/drive/root/children");
        assert_eq!(template("/me/drive/special/{name}"), "me/drive/special/{name}");
    }

    #[test]
    fn what_belongs_to_a_user_has_several_forms() {
        let check = |path: &str, expected: &[&str]| {
            let forms: Vec<String> = other_forms(&segments(path)).iter().map(|form| form.join("/")).collect();
            assert_eq!(forms, expected, "{path}");
        };
        check("/me/lamps", &["users/{item}/lamps"]);
        check("/education/me/lamps", &["education/users/{item}/lamps"]);
        check("/users/1/lamps", &["me/lamps"]);
        check("/groups/1/drive/items", &["drives/{item}/items"]);
        check("/lamps", &[]);
    }

    #[test]
    fn a_sample_is_no_name() {
        let check = |text: &str, expected: bool| assert_eq!(is_sample(text), expected, "{text}");
        check("acdefc6b-2dc6-4e71-b1e9-6d9810ab1793", true);
        check("22002", true);
        check("contoso.com", true);
        check("adele@contoso.example", true);
        check("aamkage1m2iyngnmlti5mtktnduyzi1iotvl===", true);
        check("microsoft.graph.delta", false);
        check("microsoft.graph.test", false);
        check("getoffice365activeusercounts", false);
        check("b2xuserflows", false);
        check("$count", false);
        check("", false);
    }
}
