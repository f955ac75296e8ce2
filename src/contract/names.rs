//! What contracts are called: version and page, in words that a person would use, whatever the order of the pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use foldhash::{HashMap, HashMapExt as _};

use crate::page::{Block, Element, Page, StartLine, slugify};
use crate::url::Target;

/// The name of a page's contracts, shown as `v1.0/user-get`; the first pair's contract is called just that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageName {
    /// The version: that of the folder in which the page stands, or else that of its example's URL.
    version: String,
    /// The page: its file's name where that is made of words, or else its title.
    page: String,
    /// What tells the page from others of the same name: the words of its example's URL.
    route: String,
}

/// The longest page name, and the longest part of a name that comes from a URL or a heading, in bytes. Together they stay
/// below what file systems take as a file's name.
const MAX_PAGE: usize = 100;
const MAX_PART: usize = 60;

impl PageName {
    /// The name of a page, as long as no other has the same.
    pub fn of(page: &Page<'_>) -> PageName {
        let request = page.pairing.pairs.first().map(|pair| &page.blocks[pair.request].message.start);
        let url = match request {
            Some(StartLine::Request(line)) => line.target.as_str(),
            _ => "",
        };
        let target = Target::read(url);
        let file = page.path.rsplit('/').next().unwrap_or(page.path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let version = page.version.as_deref().or(target.version);
        let title = page.title().map(|heading| heading.text.as_str()).unwrap_or_default();
        // Translated pages keep the English name in the anchor of their title.
        let slug = slugify(stem);
        let page_name = match page.title() {
            Some(heading) if !is_named_after_content(&slug, title, target.path) => heading.slug(),
            _ => slug,
        };
        PageName {
            version: version.unwrap_or("unversioned").to_lowercase(),
            page: cut(&page_name, MAX_PAGE),
            route: cut(&slugify(target.path), MAX_PART),
        }
    }
}

impl fmt::Display for PageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let page = if self.page.is_empty() { "page" } else { &self.page };
        write!(f, "{}/{page}", self.version)
    }
}

/// Whether a file's name says what the page is about: one of the words of its slug stands in the title or the URL. A number or a digest
/// does not.
fn is_named_after_content(slug: &str, title: &str, path: &str) -> bool {
    let content = [title, " ", path].concat().to_lowercase();
    slug.split('-').any(|word| word.len() >= 3 && word.chars().all(char::is_alphabetic) && content.contains(word))
}

/// Text in at most that many bytes, cut between words.
fn cut(slug: &str, max: usize) -> String {
    if slug.len() <= max {
        return slug.to_owned();
    }
    let kept = &slug[..slug.floor_char_boundary(max)];
    kept.rsplit_once('-').map_or(kept, |(words, _)| words).to_owned()
}

/// Makes the names of a set of pages unique: pages of the same name get the words of their URL added, and where that is not
/// enough a number. The order of the pages makes no difference to pages with different URLs.
pub fn unique_names(mut names: Vec<PageName>) -> Vec<PageName> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    names.iter().for_each(|name| *counts.entry(name.to_string()).or_default() += 1);
    let is_repeated = |name: &PageName| counts.get(&name.to_string()).is_some_and(|count| *count > 1);
    let mut taken: BTreeSet<String> = names.iter().filter(|name| !is_repeated(name)).map(PageName::to_string).collect();
    for name in names.iter_mut().filter(|name| is_repeated(name)) {
        if !name.route.is_empty() {
            name.page = format!("{}-{}", name.page, name.route);
        }
        let page = name.page.clone();
        let mut number = 1;
        while !taken.insert(name.to_string()) {
            number += 1;
            name.page = format!("{page}-{number}");
        }
    }
    names
}

/// The ids of a page's contracts, one for each pair in document order: the page's name, and for all but the first pair the
/// heading of its example, or its number where the headings do not tell them apart.
pub(super) fn pair_ids(name: &PageName, page: &Page<'_>, requests: &[&Block<'_>]) -> Vec<String> {
    let first: &[usize] = requests.first().map_or(&[], |first| &first.headings);
    // The first pair's own name is the page's.
    let own = |(index, block): (usize, &&Block<'_>)| if index == 0 { None } else { own_heading(page, block, first) };
    let headings: Vec<Option<String>> = requests.iter().enumerate().map(own).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    headings.iter().flatten().for_each(|own| *counts.entry(own).or_default() += 1);
    let suffix = |(index, own): (usize, &Option<String>)| match own {
        _ if index == 0 => String::new(),
        Some(own) if counts.get(own.as_str()) == Some(&1) => format!("--{own}"),
        _ => format!("--{}", index + 1),
    };
    headings.iter().enumerate().map(|item| format!("{name}{}", suffix(item))).collect()
}

/// The slug of the outermost heading that this block does not share with the page's first one.
fn own_heading(page: &Page<'_>, block: &Block<'_>, first: &[usize]) -> Option<String> {
    let own = block.headings.iter().find(|heading| !first.contains(heading))?;
    let Some(Element::Heading(own)) = page.elements.get(*own) else { return None };
    // An anchor is whatever its author wrote.
    let slug = cut(&own.slug(), MAX_PART);
    // A heading of one word ("Request") says nothing about the example.
    slug.contains('-').then_some(slug)
}

/// The title of a page, or as much of it as is one: each contract of the page has it.
pub(super) fn title(page: &Page<'_>) -> String {
    let text = page.title().map_or("", |heading| &heading.text);
    text[..text.floor_char_boundary(LONGEST_TITLE.min(text.len()))].to_owned()
}

/// No title is longer, in bytes.
const LONGEST_TITLE: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(path: &str, text: &str) -> PageName {
        PageName::of(&Page::parse(path, text))
    }

    const PAIR: &str = "```\nPOST https://h/beta/users\n```\n```\nHTTP/1.1 200 OK\n```\n";

    #[track_caller]
    fn check(path: &str, title: &str, expected: &str) {
        assert_eq!(name_of(path, &format!("# {title}\n{PAIR}")).to_string(), expected);
    }

    #[test]
    fn a_page_is_called_after_its_file_or_its_title() {
        check("api-reference/v1.0/api/user-post-users.md", "Create User", "v1.0/user-post-users");
        check("api-reference/v1.0/api/user-post-users.md", "Benutzer erstellen", "v1.0/user-post-users");
        check("000_4fe8af0c44e28dd1.txt", "Create userInstallStateSummary", "beta/create-userinstallstatesummary");
        check("page_7.md", "Create User", "beta/create-user");
    }

    #[test]
    fn pages_of_the_same_name_are_told_apart_whatever_their_order() {
        let text = |path: &str| format!("# Get\n```\nGET https://h/beta/{path}\n```\n```\nHTTP/1.1 200 OK\n```\n");
        let names = |files: [(&str, &str); 3]| {
            let names = files.map(|(file, path)| name_of(file, &text(path)));
            let mut names: Vec<String> = unique_names(names.to_vec()).iter().map(PageName::to_string).collect();
            names.sort();
            names
        };
        let expected = ["beta/get-groups-id", "beta/get-groups-id-2", "beta/get-users-id"];
        assert_eq!(names([("1.md", "users/{id}"), ("2.md", "groups/{id}"), ("3.md", "groups/{id}")]), expected);
        assert_eq!(names([("3.md", "groups/{id}"), ("1.md", "groups/{id}"), ("2.md", "users/{id}")]), expected);
    }

    #[test]
    fn no_name_is_given_twice() {
        let text = |title: &str, path: &str| {
            format!("# {title}\n```\nGET https://h/beta{path}\n```\n```\nHTTP/1.1 200 OK\n```\n")
        };
        for pages in [
            [("Get", "/users"), ("Get", "/users"), ("Get users 2", "/x")],
            [("Get", "/"), ("Get", "/"), ("Get 2", "/")],
        ] {
            let names = pages.map(|(title, path)| name_of("1.md", &text(title, path)));
            let names: BTreeSet<String> = unique_names(names.to_vec()).iter().map(PageName::to_string).collect();
            assert_eq!(names.len(), pages.len(), "{names:?}");
        }
    }

    #[test]
    fn no_page_can_give_a_name_that_is_a_path() {
        let text = format!("# Get\n{PAIR}## <a name=\"/../../x-y\"></a>E\n{PAIR}");
        let page = Page::parse("../../a.md", &text);
        let requests: Vec<&Block<'_>> = page.pairing.pairs.iter().map(|pair| &page.blocks[pair.request]).collect();
        assert_eq!(pair_ids(&PageName::of(&page), &page, &requests), ["beta/get", "beta/get--x-y"]);
    }

    #[test]
    fn the_pairs_of_a_page_are_called_after_their_headings() {
        let text = format!(
            "# Get user\n## Examples\n### Request\n{PAIR}\n### Example 2: My photo\n#### Request\n{PAIR}{PAIR}"
        );
        let page = Page::parse("v1.0/user-get.md", &text);
        let requests: Vec<&Block<'_>> = page.pairing.pairs.iter().map(|pair| &page.blocks[pair.request]).collect();
        let ids = pair_ids(&PageName::of(&page), &page, &requests);
        assert_eq!(ids, ["v1.0/user-get", "v1.0/user-get--2", "v1.0/user-get--3"]);
        let ids = pair_ids(&PageName::of(&page), &page, &requests[..2]);
        assert_eq!(ids, ["v1.0/user-get", "v1.0/user-get--example-2-my-photo"]);
    }
}
