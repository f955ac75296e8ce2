//! The version of the API that a page documents.

use super::moniker::Monikers;
use crate::url::is_version;

/// The version of the folder in which something stands: the nearest folder that is called like one (`v1.0`, `beta`), or like a copy of one
/// (`v1.0-2021`).
pub(crate) fn version_of_path(path: &str) -> Option<&str> {
    let (folders, _) = path.rsplit_once('/')?;
    version_of_folders(folders)
}

/// The same for a path of folders.
pub(crate) fn version_of_folders(folders: &str) -> Option<&str> {
    folders.split(['/', '\\']).rev().find_map(|folder| {
        let copied = || folder.split_once(['-', '_']).map(|(first, _)| first).filter(|first| is_version(first));
        if is_version(folder) { Some(folder) } else { copied() }
    })
}

/// The version that a front matter says, such as `monikerRange: graph-rest-beta` or `api_version: v1.0`.
pub(super) fn version_of_front_matter(front_matter: &str) -> Option<String> {
    front_matter.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        let key = key.trim().to_ascii_lowercase().replace(['-', '_'], "");
        let is_own =
            matches!(key.as_str(), "apiversion" | "version" | "graphversion" | "moniker" | "monikers" | "monikerrange");
        is_own.then(|| version_of_value(value)).flatten()
    })
}

/// The version in a value: `v1.0`, `"beta"`, `graph-rest-1.0`. A range of versions is not one.
fn version_of_value(value: &str) -> Option<String> {
    let value = value.split('#').next().unwrap_or(value);
    let value = value.trim_matches(|c: char| c.is_whitespace() || "'\"[]".contains(c));
    if is_version(value) {
        return Some(value.to_ascii_lowercase());
    }
    Monikers::read(value)?.version()
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(path: &str, front_matter: &str, expected: Option<&str>) {
        let text = format!("---\ntitle: a\n{front_matter}\n---\n# T\n");
        assert_eq!(crate::page::Page::parse(path, &text).version.as_deref(), expected, "{path} {front_matter}");
    }

    #[test]
    fn the_nearest_folder_that_is_called_like_a_version_says_it() {
        check("api-reference/v1.0/api/a.md", "", Some("v1.0"));
        check("v2.0/old/beta/a.md", "", Some("beta"));
        check("v1.0-2021/api/a.md", "", Some("v1.0"));
        check("docs/beta-program-notes/v1.0/a.md", "", Some("v1.0"));
        check("docs/v1.0.md", "", None);
    }

    #[test]
    fn a_front_matter_says_it_where_no_folder_does() {
        check("docs/a.md", "monikerRange: 'graph-rest-beta'", Some("beta"));
        check("docs/a.md", "api_version: \"v1.0\"", Some("v1.0"));
        check("docs/a.md", "monikerRange: graph-rest-1.0 # old", Some("v1.0"));
        check("docs/a.md", "monikerRange: '>=graph-rest-1.0'", None);
        check("docs/a.md", "monikerRange: 'graph-rest-1.0 || graph-rest-beta'", None);
        check("docs/a.md", "monikers: ['graph-rest-1.0', 'graph-rest-beta']", None);
        check("docs/a.md", "version: 1.0", None);
        check("v1.0/a.md", "version: beta", Some("v1.0"));
    }
}
