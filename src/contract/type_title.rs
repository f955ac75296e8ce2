//! The type that the title of a resource's page names.

use crate::page::Page;

/// The word of a page's title that names the type: the one that the file is called after, or else the first one before English words.
pub(super) fn name_in_title<'p>(page: &'p Page<'_>) -> Option<&'p str> {
    let title = page.title()?.text.as_str();
    let stem = file_stem(page.path);
    let is_of_file = |word: &&str| {
        let word = word.to_lowercase();
        stem.strip_suffix(&word).is_some_and(|before| before.is_empty() || before.ends_with(['-', '_']))
    };
    title.split_whitespace().find(is_of_file).or_else(|| {
        let mut words = title.split_whitespace();
        let first = words.next()?;
        let rest = words.next();
        rest.is_none_or(|word| word.is_ascii()).then_some(first)
    })
}

/// The name of a page's file without its extension, in lower case.
pub(super) fn file_stem(path: &str) -> String {
    stem(path).to_lowercase()
}

/// The name of a file without its extension.
pub(super) fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
