//! The rule for a whole documentation set: permissions are called what other pages call them.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::nearest::is_nearly;
use crate::contract::{Contract, PairKind, Permissions, is_of_permissions};
use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Element, Inclusion, Page};

/// A permission that a page states, and where: line and column.
pub(super) type StatedPermission = (String, (u32, u32));

/// The permissions that a page states, each where it first occurs. What an included file states has the place where it is included.
pub(super) fn of_page(page: &Page<'_>, contracts: &[(PairKind, Contract)]) -> Vec<StatedPermission> {
    // All contracts of a page need the same, unless the page has a table for each operation.
    let mut known = HashSet::new();
    let all = contracts.iter().flat_map(|(_, contract)| contract.all_permissions());
    let permissions = all.filter(|own| known.insert(std::ptr::from_ref(*own)));
    let mut places: HashMap<&str, (u32, u32)> = HashMap::new();
    let mut names = BTreeSet::new();
    for own in permissions {
        let stated = own.grants().into_iter().flat_map(|(_, grant)| grant.sets()).flatten();
        let place = LazyCell::new(|| place(page, own));
        for name in stated {
            names.insert(name.as_str());
            places.entry(name).or_insert_with(|| *place);
        }
    }
    let mut missing: HashSet<&str> = names.iter().copied().collect();
    let shortest = missing.iter().map(|name| name.len()).min().unwrap_or_default();
    for (offset, word) in dotted_words(page.text) {
        if missing.is_empty() {
            break;
        }
        let name = word.trim_end_matches('.');
        if name.len() >= shortest && missing.remove(name) {
            places.insert(name, (page.line_at(offset), page.column_at(offset)));
        }
    }
    let stated = names.into_iter().map(|name| (name.to_owned(), places[name]));
    stated.chain(without_dots(page)).collect()
}

/// The words in the page's tables of permissions that may be names without their dots: `LampReadAll`.
fn without_dots(page: &Page<'_>) -> Vec<StatedPermission> {
    // The level of the section's heading, within it.
    let mut section: Option<u8> = None;
    let mut found = Vec::new();
    for element in &page.elements {
        let table = match element {
            Element::Heading(heading) => {
                if section.is_none_or(|level| heading.level <= level) {
                    section = is_of_permissions(heading).then_some(heading.level);
                }
                continue;
            }
            Element::Table(table) if section.is_some() => table,
            _ => continue,
        };
        for cell in table.rows.iter().flat_map(|row| row.iter().skip(1)) {
            let words = cell.text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
            for word in words.filter(|word| may_lack_dots(word)) {
                if found.len() == MOST_WITHOUT_DOTS {
                    return found;
                }
                found.push((word.to_owned(), (cell.line, page.column_of(cell.line, word))));
            }
        }
    }
    found
}

/// So many words of a page are looked up: each place takes the length of its line.
const MOST_WITHOUT_DOTS: usize = 64;

/// Whether a word consists of several that begin in upper case.
fn may_lack_dots(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    (8..=64).contains(&word.len()) && capitals > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A name in lower case and without its dots.
fn undotted(name: &str) -> String {
    name.chars().filter(|c| *c != '.').map(|c| c.to_ascii_lowercase()).collect()
}

/// The words of a text that have a dot, as the names of permissions do, and where they are.
fn dotted_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_other = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    let bytes = text.as_bytes();
    let mut read_to = 0;
    memchr::memchr_iter(b'.', bytes).filter_map(move |dot| {
        let before = bytes.get(read_to..dot)?;
        let start = before.iter().rposition(is_other).map_or(read_to, |at| read_to + at + 1);
        read_to = bytes[dot..].iter().position(is_other).map_or(bytes.len(), |at| dot + at);
        Some((start, &text[start..read_to]))
    })
}

/// Where a page states permissions: the line of the table, or where the file with it is included.
fn place(page: &Page<'_>, permissions: &Permissions) -> (u32, u32) {
    let Some(file) = &permissions.file else { return (permissions.line.unwrap_or(1), 1) };
    let includes = |inclusion: &&Inclusion| inclusion.files.iter().any(|own| own.path == *file);
    page.inclusions.iter().find(includes).map_or((1, 1), |own| (own.include.line, own.include.column))
}

/// A name on so many pages is a permission.
const KNOWN_PAGES: usize = 3;

/// A name on more pages is not misspelled.
const RARE_PAGES: usize = 2;

/// Reports each permission that hardly any page states, whose name is nearly that of one which many do. `stated` are the pages with
/// the permissions of each.
pub(super) fn misspelled(stated: &[(String, Vec<StatedPermission>)]) -> Vec<Diagnostic> {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in stated.iter().flat_map(|(_, permissions)| permissions) {
        *pages.entry(name).or_default() += 1;
    }
    let known: BTreeSet<&str> = pages
        .iter()
        .filter(|(name, count)| **count >= KNOWN_PAGES && name.contains('.'))
        .map(|(name, _)| *name)
        .collect();
    let by_letters: HashMap<String, &str> = known.iter().map(|name| (undotted(name), *name)).collect();
    let words = Words::of(&known, pages.keys().copied());
    let mut found = Vec::new();
    for (page, permissions) in stated {
        for (name, (line, column)) in permissions.iter().filter(|(name, _)| pages[name.as_str()] <= RARE_PAGES) {
            // The same letters with the dots elsewhere, or without one.
            let same = by_letters.get(&undotted(name)).filter(|same| !same.eq_ignore_ascii_case(name));
            let near = || words.corrected(name).filter(|near| name.contains('.') && known.contains(near.as_str()));
            if let Some(near) = same.map(|same| (*same).to_owned()).or_else(near) {
                let many = pages[near.as_str()];
                let message =
                    format!("there may be no permission `{name}`; did you mean `{near}`, which {many} pages state?");
                found.push(Diagnostic::new(Code::PermissionMisspelled, page, (*line, *column), message));
            }
        }
    }
    found
}

/// The words of which the names of permissions consist: `User`, `Read`, `All`.
struct Words<'n> {
    /// Those of known permissions, by their first letter in lower case.
    known: HashMap<char, BTreeSet<&'n str>>,
    /// In how many permissions each occurs.
    uses: HashMap<&'n str, usize>,
}

impl<'n> Words<'n> {
    fn of(known: &BTreeSet<&'n str>, all: impl Iterator<Item = &'n str>) -> Words<'n> {
        let mut words = Words { known: HashMap::new(), uses: HashMap::new() };
        for word in known.iter().flat_map(|name| name.split('.')) {
            words.known.entry(initial(word)).or_default().insert(word);
        }
        for word in all.flat_map(|name| name.split('.')) {
            *words.uses.entry(word).or_default() += 1;
        }
        words
    }

    /// The name with each word that no other permission has replaced by the known one that it nearly is.
    fn corrected(&self, name: &str) -> Option<String> {
        let words: Option<Vec<&str>> = name.split('.').map(|word| self.corrected_word(word)).collect();
        Some(words?.join(".")).filter(|corrected| corrected != name)
    }

    fn corrected_word<'w>(&self, word: &'w str) -> Option<&'w str>
    where
        'n: 'w,
    {
        let known = self.known.get(&initial(word))?;
        // A word of several permissions is one, even if none of them is on many pages.
        if known.contains(word) || self.uses.get(word).is_some_and(|uses| *uses > 1) {
            return Some(word);
        }
        let near = |other: &&&'n str| is_misspelled(word, other);
        known.iter().find(near).copied()
    }
}

fn initial(word: &str) -> char {
    word.chars().next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether a word is another one with a letter or two wrong. Singular and plural are two words.
fn is_misspelled(word: &str, other: &str) -> bool {
    let most = if word.len().min(other.len()) < 7 { 1 } else { 2 };
    // Most are longer or shorter.
    let is_as_long = word.len() <= 64 && word.len().abs_diff(other.len()) <= most;
    is_as_long && is_nearly(&word.to_ascii_lowercase(), &other.to_ascii_lowercase(), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The findings in a set where `names` are on one page and `User.Read.All`, `Mail.ReadWrite` and `Files.Read` on many.
    #[track_caller]
    fn check(names: &[&str], expected: &[&str]) {
        let page = |name: &str, permissions: &[&str]| {
            let permissions = permissions.iter().map(|own| ((*own).to_owned(), (7, 3))).collect();
            (name.to_owned(), permissions)
        };
        let known = ["User.Read.All", "Mail.ReadWrite", "Files.Read"];
        let mut stated: Vec<_> = ["a.md", "b.md", "c.md"].iter().map(|name| page(name, &known)).collect();
        stated.push(page("d.md", names));
        let found: Vec<String> = misspelled(&stated).iter().map(ToString::to_string).collect();
        let near = |found: &String| found.split('`').nth(3).unwrap_or_default().to_owned();
        assert_eq!(found.iter().map(near).collect::<Vec<_>>(), expected, "{found:?}");
        assert!(found.iter().all(|found| found.starts_with("d.md:7:3: ")), "{found:?}");
    }

    #[test]
    fn a_permission_that_differs_in_a_letter_or_two_is_misspelled() {
        check(&["User.Raed.All"], &["User.Read.All"]);
        check(&["User.Raed.Alll"], &["User.Read.All"]);
        check(&["Mail.ReadWirte"], &["Mail.ReadWrite"]);
        check(&["Flies.Read"], &["Files.Read"]);
    }

    #[test]
    fn a_permission_without_its_dots_is_misspelled() {
        check(&["UserReadAll"], &["User.Read.All"]);
        check(&["User.ReadAll"], &["User.Read.All"]);
        check(&["LampReadAll", "user.read.all", "UserRead"], &[]);
    }

    #[test]
    fn other_permissions_are_not() {
        check(&["User.Read.All"], &[]);
        check(&["User.ReadWrite.All", "Mail.Read", "Files.Read.All"], &[]);
        // Singular and plural, another case, another word, one that nobody else has.
        check(&["Users.Read.All"], &[]);
        check(&["File.Read"], &[]);
        check(&["user.read.all"], &[]);
        check(&["Sites.Read"], &[]);
        check(&["Lamp.Read.All"], &[]);
        // A word of two permissions is meant.
        check(&["User.Reap.All", "User.Reap"], &[]);
    }

    #[test]
    fn a_permission_is_where_the_page_names_it() {
        let text = "# Get lamp

## Permissions

Needs xLamp.Read.

|Permission type|Permissions|
|---|---|
|Delegated (work or school account)|Lamp.Read, Lamp.On|
|Delegated (personal Microsoft account)|Not supported.|
|Application|Lamp.Read|

```http
GET https://graph.microsoft.com/v1.0/lamps
```

```http
HTTP/1.1 204 No Content
```
";
        let page = Page::parse("a.md", text);
        let name = crate::contract::PageName::of(&page);
        let built = crate::contract::build(&page, &name, &crate::contract::TypeIndex::default());
        let stated = of_page(&page, &built.contracts);
        let expected = [("Lamp.On", (9, 48)), ("Lamp.Read", (9, 37))];
        assert_eq!(stated, expected.map(|(name, place)| (name.to_owned(), place)));
    }
}
