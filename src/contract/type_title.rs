//! The type that the title of a resource's page names.

use super::columns::is_name;
use crate::page::{Heading, Page};

/// The word of a page's title that names the type: the one that the file is called after, that between the words of a translation, or else the first one
/// before English words.
pub(super) fn name_in_title<'p>(page: &'p Page<'_>) -> Option<&'p str> {
    let title = page.title()?.text.as_str();
    let stem = file_stem(page.path);
    let is_of_file = |word: &&str| {
        let word = word.to_lowercase();
        stem.strip_suffix(&word).is_some_and(|before| before.is_empty() || before.ends_with(['-', '_']))
    };
    title.split_whitespace().find(is_of_file).or_else(|| name_in_translation(page.title()?)).or_else(|| {
        let mut words = title.split_whitespace();
        let first = words.next()?;
        let rest = words.next();
        rest.is_none_or(|word| word.is_ascii()).then_some(first)
    })
}

/// Words around the name of a type in the titles of translations ("Tipo de recurso lamp", "lamp资源类型"), in lower case. The first ones do not stand in
/// an English title.
#[rustfmt::skip]
const TITLE_WORDS: [&str; 24] = [
    "recurso", "recursos", "ressource", "ressourcentyp", "risorsa", "ресурса", "资源", "资源类型", "資源類型", "資源", "リソース", "リソースの種類", "リソース型", "리소스",
    "tipo", "type", "typ", "тип", "de", "do", "del", "di", "della", "der",
];

/// How many of them do not.
const OF_TRANSLATIONS: usize = 14;

/// The name of the type in the title of a translated page: the one that its anchor has (`lamp-resource-type`), or the only word beside those of
/// [`TITLE_WORDS`].
pub(super) fn name_in_translation(title: &Heading) -> Option<&str> {
    let anchored = title.anchor.as_deref().and_then(|anchor| anchor.strip_suffix("-resource-type"));
    if anchored.is_none() && title.text.ends_with("resource type") {
        return None;
    }
    // Chinese and Japanese write their words without a blank beside the name.
    let is_foreign = |c: char| c >= '\u{370}';
    let parts = title.text.split(|c: char| c.is_whitespace() || c == '-').filter(|part| !part.is_empty());
    let mut names = parts.clone().map(|part| part.trim_matches(is_foreign)).filter(|part| is_name(part));
    if let Some(anchored) = anchored {
        return names.find(|name| name.eq_ignore_ascii_case(anchored));
    }
    let has = |text: &str, words: &[&str]| words.contains(&text.to_lowercase().as_str());
    let rest = |part: &str| part.trim_matches(|c: char| c.is_ascii()).to_lowercase();
    let is_translated = parts
        .clone()
        .any(|part| has(part, &TITLE_WORDS[..OF_TRANSLATIONS]) || has(&rest(part), &TITLE_WORDS[..OF_TRANSLATIONS]));
    let mut own = names.filter(|name| !has(name, &TITLE_WORDS));
    own.next().filter(|_| is_translated && own.next().is_none())
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
