//! The path of an item of a drive, in any of its forms: `items/{id}`, `root`, `root:/a/b.txt`, `items/{id}:/b.txt`. Clients that take a whole address for
//! an identifier write `items/root%3A%2Fa%2Fb.txt%3A`.

use super::super::objects::encoded;
use super::super::well_known::special_folder;
use graph_contracts::url::{Segment, decode, split_path, without_namespace};

/// What stands before the word for a special folder ("Get a special folder by name").
const SPECIAL: &str = "special";

/// A path below a drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DrivePath {
    /// The path of the drive.
    pub(super) drive: String,
    /// The identifier that the item is addressed by, or from; the root of the drive without one.
    pub(super) id: Option<String>,
    /// The names from there to the item.
    pub(super) names: Vec<String>,
    /// What follows behind the item.
    pub(super) rest: Vec<String>,
    /// The word for a special folder, in lower case, if the path begins there: the first of the names is that of the folder.
    pub(super) special: Option<String>,
}

impl DrivePath {
    /// Reads a path; `None` if it is not one of an item.
    pub(super) fn read(path: &str) -> Option<DrivePath> {
        let segments = split_path(path);
        let is = |index: usize, name: &str| segments.get(index).is_some_and(|own| own.eq_ignore_ascii_case(name));
        let is_drive = |end: usize| {
            (end >= 1 && is(end - 1, "drive"))
                || (end >= 2 && is(end - 2, "drives"))
                || (end >= 1 && is_keyed(segments[end - 1], "drives"))
        };
        let start = (1..segments.len()).find(|index| {
            let own = segments[*index];
            let is_start = ["root", "root:", SPECIAL].iter().any(|start| own.eq_ignore_ascii_case(start)) || item(own);
            is_drive(*index) && is_start
        })?;
        let (first, mut at) = (segments[start], start + 1);
        let mut has_names = first.ends_with(':');
        let (mut names, mut special) = (Vec::new(), None);
        let id = if first.eq_ignore_ascii_case(SPECIAL) {
            let word = decode(segments.get(at)?).to_ascii_lowercase();
            at += 1;
            has_names = word.ends_with(':');
            let word = word.trim_end_matches(':').to_owned();
            names.push(special_folder(&word)?.to_owned());
            special = Some(word);
            None
        } else if item(first) {
            let (key, colon) = match Segment::read(first).key() {
                Some(key) => (key.into_owned(), first.ends_with(':')),
                None => {
                    let own = decode(segments.get(at)?);
                    at += 1;
                    match own.split_once(":/") {
                        Some((key, path)) => {
                            names.extend(
                                path.trim_end_matches(':')
                                    .split('/')
                                    .filter(|name| !name.is_empty())
                                    .map(str::to_owned),
                            );
                            (key.to_owned(), false)
                        }
                        None => (own.trim_end_matches(':').to_owned(), own.ends_with(':')),
                    }
                }
            };
            has_names = colon;
            Some(key).filter(|key| !key.eq_ignore_ascii_case("root"))
        } else {
            None
        };
        if has_names && let Some(own) = segments.get(at) {
            at += 1;
            let own = own.trim_end_matches(':').split('/').filter(|name| !name.is_empty());
            names.extend(own.map(|name| decode(name).into_owned()));
        }
        let rest = segments.get(at..).unwrap_or_default().iter().map(|own| decode(own).into_owned()).collect();
        Some(DrivePath { drive: format!("/{}", segments[..start].join("/")), id, names, rest, special })
    }

    /// Reads the path of a function of a whole drive, `/me/drive/search(q='…')`, as that of its root: a search of either is for items below the root
    /// ("Search for DriveItems within a drive").
    pub(super) fn of_function(path: &str) -> Option<DrivePath> {
        let (drive, function) = path.trim_end_matches('/').rsplit_once('/')?;
        let is_call = function.ends_with(')') && Segment::read(function).arguments.is_some_and(|own| !own.is_empty());
        is_call.then(|| DrivePath::read(&format!("{drive}/root/{function}"))).flatten()
    }

    /// The text that a search is for.
    pub(super) fn searched(&self) -> Option<String> {
        let arguments = Segment::read(self.rest.first()?).arguments?;
        arguments.first().map(|own| own.unquoted().into_owned())
    }

    /// What the request is about, in the one form by which operations are told apart.
    pub(super) fn subject(&self) -> Option<Subject> {
        let rest: Vec<String> = self.rest.iter().map(|own| own.to_ascii_lowercase()).collect();
        let rest: Vec<&str> = rest.iter().map(|own| without_namespace(own)).collect();
        match rest.as_slice() {
            [] => Some(Subject::Item),
            ["content"] => Some(Subject::Content),
            ["children"] => Some(Subject::Children),
            ["children", "$count"] => Some(Subject::Count),
            ["children", _, "content"] => Some(Subject::ChildContent),
            ["createuploadsession"] => Some(Subject::Upload),
            [delta] if delta.split('(').next() == Some("delta") => Some(Subject::Delta),
            [search] if search.starts_with("search(") => Some(Subject::Search),
            _ => None,
        }
    }
}

/// Other paths for what a path of an item of a drive leads to: by an identifier, as the root, or by a name in a folder; in the drive as it is
/// addressed, and in every other way to address one. Identifiers that the path does not have are made up. None for any other path.
pub fn item_addresses(path: &str) -> Vec<String> {
    let Some(own) = DrivePath::read(path).or_else(|| DrivePath::of_function(path)) else { return Vec::new() };
    let version = own.drive.trim_start_matches('/').split('/').next().unwrap_or_default();
    let ways = ["me/drive", "drives/0", "users/0/drive", "groups/0/drive", "sites/0/drive"];
    let drives = std::iter::once(own.drive.clone()).chain(ways.iter().map(|way| format!("/{version}/{way}")));
    let rest: String = own.rest.iter().map(|segment| format!("/{}", encoded(segment))).collect();
    let id = own.id.as_deref().filter(|_| own.names.is_empty()).unwrap_or("0");
    let is_root = own.id.is_none() && own.names.is_empty();
    let mut items = vec![format!("items/{}{rest}", encoded(id))];
    if is_root {
        items.push(format!("root{rest}"));
    } else {
        let colon = if rest.is_empty() { "" } else { ":" };
        items.extend(["root", "items/0"].map(|folder| format!("{folder}:/name{colon}{rest}")));
    }
    drives
        .flat_map(|drive| items.iter().map(move |item| format!("{drive}/{item}")))
        .filter(|other| other != path)
        .collect()
}

/// What a request to an item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Item,
    Content,
    Children,
    Count,
    /// The content of an item by its name below the item.
    ChildContent,
    Upload,
    Delta,
    /// The items below one that a text fits.
    Search,
}

/// Whether a segment begins the path of an item by its identifier.
fn item(segment: &str) -> bool {
    segment.eq_ignore_ascii_case("items") || is_keyed(segment, "items")
}

fn is_keyed(segment: &str, name: &str) -> bool {
    segment.contains('(') && {
        let own = Segment::read(segment.trim_end_matches(':'));
        own.name.eq_ignore_ascii_case(name) && own.key().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        let shown = DrivePath::read(path).map(|own| {
            let id = own.id.unwrap_or_else(|| "root".to_owned());
            format!("{} {id} {} {}", own.drive, own.names.join("/"), own.rest.join("/"))
        });
        assert_eq!(shown.as_deref(), expected, "{path}");
    }

    #[test]
    fn items_are_addressed_by_identifier_and_by_path() {
        check("/v1.0/me/drive/root", Some("/v1.0/me/drive root  "));
        check("/v1.0/me/drive/root/children", Some("/v1.0/me/drive root  children"));
        check("/v1.0/me/drive/items/7", Some("/v1.0/me/drive 7  "));
        check("/v1.0/me/drive/items('7')/content", Some("/v1.0/me/drive 7  content"));
        check("/v1.0/drives/9/items/7:/a%20b.txt:/content", Some("/v1.0/drives/9 7 a b.txt content"));
        check("/v1.0/me/drive/root:/a/b.txt:/content", Some("/v1.0/me/drive root a/b.txt content"));
        check("/v1.0/me/drive/root:/a/b.txt", Some("/v1.0/me/drive root a/b.txt "));
        check("/v1.0/me/drive/root:/", Some("/v1.0/me/drive root  "));
        check("/v1.0/drives('9')/root:/a:", Some("/v1.0/drives('9') root a "));
        check("/v1.0/me/drive/items/root/children", Some("/v1.0/me/drive root  children"));
        check("/v1.0/drives/9/items/root%3A%2Fa%2Fb%20c.txt%3A/content", Some("/v1.0/drives/9 root a/b c.txt content"));
        check("/v1.0/drives/9/items/7%3A%2Fb.txt", Some("/v1.0/drives/9 7 b.txt "));
        check("/v1.0/me/drive/special/Music/children", Some("/v1.0/me/drive root Music children"));
        check("/v1.0/me/drive/special/music:/a/b.mp3:/content", Some("/v1.0/me/drive root Music/a/b.mp3 content"));
        check("/v1.0/me/drive/special/nothing", None);
        check("/v1.0/me/drive/special", None);
        check("/v1.0/sites/1/lists/2/items/3", None);
        check("/v1.0/me/drive", None);
        check("/v1.0/drives/9", None);
        check("/v1.0/me/drive/items", None);
        check("", None);
    }

    #[test]
    fn an_item_has_other_addresses() {
        let check = |path: &str, expected: &str| {
            let all = item_addresses(path);
            assert!(all.iter().any(|own| own == expected), "{path}: {all:?}");
            assert!(!all.iter().any(|own| own == path), "{path}: {all:?}");
        };
        check("/v1.0/me/drive/root:/a/b.txt:/content", "/v1.0/me/drive/items/0/content");
        check("/v1.0/me/drive/root:/a/b.txt:/content", "/v1.0/drives/0/root:/name:/content");
        check("/v1.0/drives/9/items/7/children", "/v1.0/me/drive/root:/name:/children");
        check("/beta/me/drive/root/children", "/beta/me/drive/items/0/children");
        check("/v1.0/sites/1/drive/items/root/children", "/v1.0/sites/1/drive/root/children");
        check("/v1.0/drives/9/items/7", "/v1.0/users/0/drive/items/7");
        check("/v1.0/drives/9/root/search(q='a b')", "/v1.0/me/drive/root/search%28q=%27a%20b%27%29");
        assert!(item_addresses("/v1.0/me/messages").is_empty());
    }
}
