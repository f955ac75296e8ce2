//! Whether a page says that its API is deprecated: in a sentence before its first section, or in a file that it includes there.
//!
//! What is read is what leaves no doubt. A page may deprecate a property, a value, or another version; whether it says so of its API in a language
//! that is not read is not known.

use foldhash::{HashSet, HashSetExt as _};

use super::sentences::{is_contracted_not, sentences};
use crate::page::{Element, Include, Language, Page, Prose};
use crate::url::{decode, without_query};

/// What the documentation calls what a page is about.
const SUBJECTS: [&str; 20] = [
    "api",
    "apis",
    "method",
    "methods",
    "operation",
    "operations",
    "endpoint",
    "endpoints",
    "resource",
    "resources",
    "function",
    "functions",
    "action",
    "actions",
    "entity",
    "entities",
    "type",
    "types",
    "topic",
    "request",
];

/// What is less than that, or something else; or makes it a condition.
const OTHERS: [&str; 32] = [
    "property",
    "properties",
    "parameter",
    "parameters",
    "value",
    "values",
    "member",
    "members",
    "permission",
    "permissions",
    "scope",
    "scopes",
    "header",
    "headers",
    "option",
    "options",
    "relationship",
    "relationships",
    "attribute",
    "feature",
    "features",
    "beta",
    "sdk",
    "support",
    "if",
    "when",
    "whether",
    "once",
    "until",
    "before",
    "not",
    "never",
];

/// What stands before "deprecated" where it is so already.
const VERBS: [&str; 5] = ["is", "are", "was", "were", "been"];

/// What may stand between them.
const ADVERBS: [&str; 5] = ["now", "already", "currently", "being", "officially"];

/// The words of the names of files whose text is about it, in whatever language; the first two say that it is, and the others
/// may be about anything that changes.
const NAMES: [&str; 4] = ["deprecate", "deprecated", "deprecation", "deprecating"];
const SAYING: [&str; 2] = ["deprecate", "deprecated"];

/// The line of the page that says it.
pub(super) fn deprecated_on(page: &Page<'_>) -> Option<u32> {
    introduction(page).find_map(|(index, prose)| {
        if let Some(line) = says_deprecated(prose).filter(|_| page.language() == Language::English) {
            return Some(line);
        }
        page.includes(index).find(|include| is_deprecating(page, include)).map(|include| include.line)
    })
}

/// The directives of a page whose files may say it, the first one of each file.
pub(crate) fn deprecation_includes(page: &Page<'_>) -> Vec<Include> {
    let mut known = HashSet::new();
    let includes = introduction(page).flat_map(|(index, _)| page.includes(index)).filter(|own| is_about_it(own));
    includes.filter(|include| known.insert(include.target.as_str())).cloned().collect()
}

/// The paragraphs before the first section, each with its index among the elements.
fn introduction<'p>(page: &'p Page<'_>) -> impl Iterator<Item = (usize, &'p Prose<'p>)> {
    let is_section = |element: &Element<'_>| matches!(element, Element::Heading(heading) if heading.level > 1);
    let before = page.elements.iter().take_while(move |element| !is_section(element)).enumerate();
    before.filter_map(|(index, element)| match element {
        Element::Prose(prose) => Some((index, prose)),
        _ => None,
    })
}

/// The line of a paragraph in which it is said.
fn says_deprecated(prose: &Prose<'_>) -> Option<u32> {
    // Searching is cheaper than splitting, and nearly no paragraph has the word.
    let text = prose.text.as_ref();
    memchr::memmem::find(text.as_bytes(), b"eprecated")?;
    // A callout begins a sentence.
    let is_end = |word: &str| word.ends_with(['.', ';', ':', ']']) || word.ends_with(".**");
    let at = sentences(text, is_end).find(|sentence| is_deprecation(sentence))?;
    let start = at.first()?.as_ptr() as usize - text.as_ptr() as usize;
    let lines = text[..start].matches('\n').count();
    Some(prose.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)))
}

/// Whether a sentence says it: the API, or what else the page is about, *is* deprecated.
fn is_deprecation(sentence: &[&str]) -> bool {
    let words: Vec<String> = sentence.iter().map(|word| bare(word)).collect();
    let Some(at) = words.iter().position(|word| word == "deprecated") else { return false };
    let mut before = words[..at].iter().rev().skip_while(|word| ADVERBS.contains(&word.as_str()));
    let has_verb = before.next().is_some_and(|word| VERBS.contains(&word.as_str()));
    let subject: Vec<&str> = before.map(String::as_str).collect();
    has_verb
        && subject.iter().any(|word| SUBJECTS.contains(word))
        && !subject.iter().any(|word| OTHERS.contains(word) || is_contracted_not(word))
        && !names_other_version(&subject)
}

/// Whether a subject, from its end to its beginning, names a version that is not `this version`.
fn names_other_version(subject: &[&str]) -> bool {
    let mut versions = subject.iter().enumerate().filter(|(_, word)| **word == "version" || **word == "versions");
    versions.any(|(at, _)| subject.get(at + 1) != Some(&"this"))
}

/// A word in small letters without what is written at its ends.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase()
}

/// Whether an included file says it: its text where that can be read, and else its name.
fn is_deprecating(page: &Page<'_>, include: &Include) -> bool {
    if !is_about_it(include) {
        return false;
    }
    let inclusion = page.inclusions.iter().find(|own| own.include.target == include.target);
    let files = inclusion.map(|own| own.files.as_slice()).unwrap_or_default();
    let read: Vec<Page<'_>> = files.iter().map(|file| Page::parse(&file.path, &file.text)).collect();
    if read.is_empty() || read.iter().any(|file| file.language() != Language::English) {
        return names_all_of_it(include);
    }
    read.iter().flat_map(|file| &file.elements).any(|element| match element {
        Element::Prose(prose) => says_deprecated(prose).is_some(),
        _ => false,
    })
}

/// Whether the name of an included file says that it is about a deprecation.
fn is_about_it(include: &Include) -> bool {
    words_of_name(&include.target).iter().any(|word| NAMES.contains(&word.as_str()))
}

/// Whether the name says that all is deprecated that the page is about: `outlooktask-deprecate`, and not `shared-property-deprecate` or
/// `task-deprecate-sharing`.
fn names_all_of_it(include: &Include) -> bool {
    let words = words_of_name(&include.target);
    let last = words.iter().rev().find(|word| !["allup", "all", "note", "notice"].contains(&word.as_str()));
    last.is_some_and(|word| SAYING.contains(&word.as_str()))
        && !words.iter().any(|word| OTHERS.contains(&word.as_str()))
}

/// The words of the name of a file, in small letters.
fn words_of_name(target: &str) -> Vec<String> {
    let path = without_query(target);
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = decode(name);
    let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
    let words = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{IncludedFile, Inclusion};

    /// The line on which a page says it, whose included file is this.
    #[track_caller]
    fn check(text: &str, file: Option<&str>, expected: Option<u32>) {
        let mut page = Page::parse("v1.0/api/lamp-get.md", text);
        let read = |text: &str| IncludedFile { path: "includes/a.md".to_owned(), text: text.to_owned() };
        let files: Vec<IncludedFile> = file.map(read).into_iter().collect();
        let inclusion = |include: Include| Inclusion { include, files: files.clone(), problems: Vec::new() };
        page.inclusions = deprecation_includes(&page).into_iter().map(inclusion).collect();
        assert_eq!(deprecated_on(&page), expected, "{text}");
    }

    fn page(introduction: &str) -> String {
        format!(
            "# Get lamp\n\nNamespace: microsoft.graph\n\n{introduction}\n\nGet a lamp that is in the room.\n\n## Permissions\n\nThis API is deprecated.\n"
        )
    }

    #[test]
    fn a_sentence_before_the_first_section_says_it() {
        for said in [
            ">[!CAUTION]\n>The **lamp** API is deprecated and will stop returning data on January 10, 2020.",
            "> [!IMPORTANT]\n> The lamp APIs have been deprecated.",
            "> [!NOTE]\n> This method is now deprecated. Use another one.",
            "> [!CAUTION]\n> This version of the lamp API for rooms is deprecated and stopped returning data.",
        ] {
            check(&page(said), None, Some(6));
        }
        check(&page("**This API is deprecated.** Use another one."), None, Some(5));
    }

    #[test]
    fn what_is_said_of_less_or_of_another_time_says_nothing() {
        for said in [
            "> [!NOTE]\n> The **color** property of this resource is deprecated.",
            "> [!NOTE]\n> The beta version of this API is deprecated.",
            "> [!NOTE]\n> The old version of this API is deprecated.",
            "> [!CAUTION]\n> This API will be deprecated in 2031.",
            "> [!CAUTION]\n> Properties of this resource have been renamed, with an original property being deprecated.",
            "> [!CAUTION]\n> This API is not deprecated.",
            "> [!CAUTION]\n> If an API is deprecated, its page says so.",
            "> [!CAUTION]\n> Deprecated values are left out.",
            "",
        ] {
            check(&page(said), None, None);
        }
        // Prose in a language that is not read.
        check(
            "# Lampe abrufen\n\nDas Licht ist in dem Raum und wird von der Lampe geholt. Die API is deprecated und wird nicht mehr von uns gepflegt.\n",
            None,
            None,
        );
    }

    #[test]
    fn an_included_file_says_it_by_its_text_or_else_by_its_name() {
        let include = |name: &str| page(&format!("[!INCLUDE [a](../../includes/{name}.md)]"));
        check(&include("lamp-deprecate"), Some("> [!CAUTION]\n> The lamp API is deprecated.\n"), Some(5));
        check(
            &include("lamp-deprecate"),
            Some("> [!NOTE]\n> The **shared** property of the resource is deprecated.\n"),
            None,
        );
        check(&include("lamp-deprecate-allup"), None, Some(5));
        check(&include("lamp-v1-deprecation"), Some("> [!CAUTION]\n> The lamp API is deprecated.\n"), Some(5));
        check(&include("lamp-v1-deprecation"), None, None);
        check(
            &include("lamp-deprecate"),
            Some("> [!CAUTION]\n> Die API für die Lampen ist veraltet und wird nicht mehr von uns gepflegt.\n"),
            Some(5),
        );
        check(&include("shared-property-deprecate"), None, None);
        check(&include("lamp-deprecate-sharing"), None, None);
        check(&include("lamp-support"), Some("This API is deprecated."), None);
    }
}
