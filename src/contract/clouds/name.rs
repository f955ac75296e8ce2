//! What the name of an included file says of the clouds: `all-clouds`, `global-only`, `global-us`, and so on.

use super::{Availability, Cloud, CloudSet};
use crate::page::Include;
use crate::url::decode;
use std::borrow::Cow;

/// What a word of such a name stands for.
enum Word {
    /// All clouds.
    All,
    /// This cloud.
    Cloud(Cloud),
    /// Both clouds of the government, unless a word beside it says which.
    Government,
    /// What follows is left out.
    Except,
    /// Nothing.
    Filler,
}

/// Whether a title has a word, in whatever case. Titles are short, and searching for one word takes less than a searcher does.
fn has(title: &str, word: &str) -> bool {
    title.as_bytes().windows(word.len()).any(|own| own.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a directive is about the clouds that an API is available in: its title says so, or the name of its file.
pub(in crate::contract) fn is_about_clouds(include: &Include) -> bool {
    if has(&include.title, "cloud") && (has(&include.title, "national") || has(&include.title, "support")) {
        return true;
    }
    let Some(stem) = stem(&include.target) else { return false };
    // Nearly all names have a first word, in small letters, that says nothing of clouds.
    let first = &stem[..stem.bytes().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count()];
    let is_word = !first.is_empty() && !stem[first.len()..].starts_with(char::is_alphanumeric);
    if is_word && read(first).is_none() {
        return false;
    }
    let (mut count, mut names_one) = (0, false);
    for word in words(&stem) {
        let Some(own) = read(&word) else { return false };
        count += 1;
        names_one |= !matches!(own, Word::Filler | Word::Except);
    }
    count > 1 && names_one
}

/// What the name says; `None` where it has a word that is not known, or no cloud.
pub(super) fn of_name(target: &str) -> Option<[Availability; 4]> {
    let (mut named, mut excepted) = (CloudSet::default(), CloudSet::default());
    let mut is_excepted = false;
    let words: Vec<String> = stem(target).map(|stem| words(&stem).collect()).unwrap_or_default();
    // `us-l4` is one of the two clouds, and `us` is both.
    let says_level = |word: &String| matches!(read(word), Some(Word::Cloud(Cloud::Usgov | Cloud::UsgovDod)));
    let says_level = words.iter().any(says_level);
    for word in &words {
        let own = if is_excepted { &mut excepted } else { &mut named };
        match read(word)? {
            Word::All => own.extend(Cloud::ALL),
            Word::Cloud(cloud) => own.extend([cloud]),
            Word::Government if says_level => {}
            Word::Government => own.extend([Cloud::Usgov, Cloud::UsgovDod]),
            Word::Except => is_excepted = true,
            Word::Filler => {}
        }
    }
    if named.is_empty() && !excepted.is_empty() {
        named.extend(Cloud::ALL);
    }
    let of_cloud = |cloud| match named.has(cloud) && !excepted.has(cloud) {
        true => Availability::Available,
        false => Availability::NotAvailable,
    };
    (!named.is_empty()).then(|| Cloud::ALL.map(of_cloud))
}

/// The name of a file without what stands behind its last dot. Longer names are none of these.
fn stem(target: &str) -> Option<Cow<'_, str>> {
    const LONGEST: usize = 96;
    // All of these are ASCII, so that they are no parts of other characters.
    let path = &target[..memchr::memchr2(b'#', b'?', target.as_bytes()).unwrap_or(target.len())];
    let name = &path[memchr::memrchr2(b'/', b'\\', path.as_bytes()).map_or(0, |at| at + 1)..];
    let stem = |name: &str| name.rfind('.').unwrap_or(name.len());
    (name.len() <= LONGEST).then(|| match decode(name) {
        Cow::Borrowed(name) => Cow::Borrowed(&name[..stem(name)]),
        Cow::Owned(mut name) => {
            name.truncate(stem(&name));
            Cow::Owned(name)
        }
    })
}

/// The words of a name, in lower case, one by one: nearly all names have a first one that says nothing of clouds.
fn words(stem: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = stem.chars().peekable();
    let mut before = None;
    std::iter::from_fn(move || {
        let mut word = String::new();
        while let Some(c) = rest.peek().copied() {
            let is_new = c.is_uppercase() && before.is_some_and(char::is_lowercase);
            if (is_new || !c.is_alphanumeric()) && !word.is_empty() {
                break;
            }
            rest.next();
            before = Some(c);
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
        }
        (!word.is_empty()).then_some(word)
    })
}

fn read(word: &str) -> Option<Word> {
    Some(match word {
        "all" | "every" | "any" => Word::All,
        "global" | "worldwide" | "public" | "commercial" => Word::Cloud(Cloud::Global),
        "us" | "usa" | "gov" | "government" | "usgov" | "usgovernment" => Word::Government,
        "l4" | "usl4" | "usgovl4" | "govl4" | "gcch" | "gcchigh" => Word::Cloud(Cloud::Usgov),
        "l5" | "usl5" | "usgovl5" | "govl5" | "dod" | "usdod" | "usgovdod" => Word::Cloud(Cloud::UsgovDod),
        "china" | "cn" | "21vianet" | "vianet" | "mooncake" | "gallatin" => Word::Cloud(Cloud::China),
        "except" | "excluding" | "without" | "not" | "no" | "minus" => Word::Except,
        "and" | "only" | "in" | "the" | "for" | "api" | "apis" | "service" | "national" | "cloud" | "clouds"
        | "support" | "supported" | "available" | "availability" | "deployment" | "deployments" => Word::Filler,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;

    /// The clouds that a name has, in the order global, L4, L5, China: `+` or `-` for each.
    #[track_caller]
    fn check(names: &[&str], expected: Option<&str>) {
        for name in names {
            let target = format!("../../includes/{name}.md");
            assert_eq!(of_name(&target).map(shown).as_deref(), expected, "{name}");
            let include = Include { target, ..Include::default() };
            assert_eq!(is_about_clouds(&include), expected.is_some(), "{name}");
        }
    }

    #[test]
    fn a_name_says_the_clouds_in_any_order() {
        check(
            &["all-clouds", "AllClouds", "all_national_clouds", "china-us-global", "global-l5-l4-china"],
            Some("++++"),
        );
        check(&["global-only", "only-global", "GlobalOnly", "public-cloud"], Some("+---"));
        check(&["global-us", "us-global", "global-usgov", "global-us-l4-l5", "global-us-gov-dod-l4"], Some("+++-"));
        check(&["global-china", "china-and-global", "global-21vianet"], Some("+--+"));
        check(&["global-us-l4", "l4-global", "global-gcchigh"], Some("++--"));
        check(&["global-dod", "global-us-l5"], Some("+-+-"));
        check(&["us-only", "gov-clouds"], Some("-++-"));
        check(&["us-china", "all-except-global", "not-global"], Some("-+++"));
        check(&["all-clouds-except-china", "all-clouds-no-china"], Some("+++-"));
        check(&["china%20only"], Some("---+"));
    }

    #[test]
    fn other_names_say_nothing() {
        check(&["global-admin-roles", "beta-disclaimer", "all-users", "support", "only-cloud", "-", "", "api"], None);
        assert_eq!(of_name(&format!("{}.md", "global-".repeat(100))), None);
    }

    #[test]
    fn a_title_says_what_a_name_does_not() {
        let is_about = |title: &str, target: &str| {
            is_about_clouds(&Include { title: title.to_owned(), target: target.to_owned(), ..Include::default() })
        };
        assert!(is_about("national-cloud-support", "../global.md") && is_about("National cloud support", "x.md"));
        assert!(!is_about("china", "../china.md") && !is_about("cloud-pc", "../china.md"));
    }
}
