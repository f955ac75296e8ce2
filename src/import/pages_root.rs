//! The root of the pages: the folder relative to which they are named.

use std::path::{Component, Path, PathBuf};

use super::ImportError;
use crate::file::repository_around;

/// The folder relative to which the pages in some places are named: the one that was given, or else the root of the repository in which
/// they are, or else the folder that was named (of a page, the one in which it is). Where the places have several, the nearest folder that
/// holds them all. So a page has one name, however it is named and wherever the command runs, and no two pages have the same.
///
/// # Errors
///
/// When the given folder cannot be found.
pub(super) fn pages_root(places: &[PathBuf], given: Option<&Path>) -> Result<PathBuf, ImportError> {
    if let Some(given) = given {
        let canonical = canonical(given)?;
        return if canonical.is_dir() { Ok(canonical) } else { Err(ImportError::NoFolder { path: given.to_owned() }) };
    }
    let root_of = |place: &PathBuf| {
        let folder = if place.is_dir() { place } else { place.parent().unwrap_or(place) };
        repository_around(folder).unwrap_or_else(|| folder.to_owned())
    };
    Ok(places.iter().map(root_of).reduce(|one, other| common(&one, &other)).unwrap_or_default())
}

/// Where a path really is. The last part of a page's path stays as it is: a page that is a link is named as the link.
pub(super) fn canonical_place(path: &Path) -> Result<PathBuf, ImportError> {
    let real = canonical(path)?;
    match (path.parent(), path.components().next_back()) {
        (Some(folder), Some(Component::Normal(name))) if !real.is_dir() => {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            Ok(canonical(folder)?.join(name))
        }
        _ => Ok(real),
    }
}

/// The name of a page or folder below the root: its path, with `/` between the parts; `None` if it is elsewhere.
pub(super) fn name_below(root: &Path, place: &Path) -> Option<String> {
    let below = place.strip_prefix(root).ok()?;
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(parts.join("/"))
}

fn canonical(path: &Path) -> Result<PathBuf, ImportError> {
    std::fs::canonicalize(path).map_err(|cause| ImportError::Unreadable { path: path.to_owned(), cause })
}

/// The nearest folder in which both are.
fn common(one: &Path, other: &Path) -> PathBuf {
    one.ancestors().find(|folder| other.starts_with(folder)).unwrap_or(Path::new("")).to_owned()
}
