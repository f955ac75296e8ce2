//! Which of several statements is about an operation: the one whose words name the segments of its URL.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::words::{self, OTHERS, SELF};
use crate::url::split_path;

/// The words by which a statement is told from others.
#[derive(Clone, Debug, Default)]
pub(super) struct Label {
    /// Those that say something: words of the page's own URLs.
    pub(super) words: BTreeSet<String>,
    /// Whether its own part has no others.
    is_whole: bool,
}

/// The words of a URL, each with the last segment that has it.
pub(super) struct Operation {
    words: BTreeMap<String, Place>,
}

/// Where a word is in a URL.
#[derive(Clone, Copy)]
struct Place {
    segment: usize,
    /// How much the word says: the name of a segment more than another word for it.
    weight: usize,
}

impl Operation {
    /// The operation on a path: `/me` is the user who is signed in, `/users/{id}` is another one.
    pub(super) fn read(path: &str) -> Operation {
        let mut words = BTreeMap::new();
        for (at, segment) in split_path(path).into_iter().enumerate() {
            let name = name_of(segment).to_lowercase();
            let others = other_words(&name).iter();
            words.extend(others.map(|word| ((*word).to_owned(), Place { segment: at, weight: 1 })));
            if !name.is_empty() {
                words.insert(singular(&name), Place { segment: at, weight: 2 });
            }
        }
        Operation { words }
    }

    /// The words of the operations on all these paths.
    pub(super) fn all_words<'o>(paths: impl Iterator<Item = &'o str>) -> BTreeSet<String> {
        let mut words: BTreeSet<String> = [SELF, OTHERS].map(str::to_owned).into();
        // The paths of a page have most of their names in common.
        let mut known = HashSet::new();
        for name in paths.flat_map(split_path).map(name_of).filter(|name| !name.is_empty()) {
            if known.insert(name) {
                let name = name.to_lowercase();
                words.extend(other_words(&name).iter().map(|word| (*word).to_owned()));
                words.insert(singular(&name));
            }
        }
        words
    }

    /// A label by its own text, without what stands above it.
    pub(super) fn label(text: &str, vocabulary: &BTreeSet<String>) -> Label {
        // Most tables have one row for each account, which need not be told apart.
        if text.trim_ascii().is_empty() {
            return Label { words: BTreeSet::new(), is_whole: true };
        }
        let (words, is_whole) = words_of(text, vocabulary);
        Label { words, is_whole }
    }

    /// The labels that are about this operation, by their positions: the one that names the most of its URL, or all of which none does
    /// so more than another. None where all are about another user.
    pub(super) fn select(&self, labels: &Labels) -> Vec<usize> {
        let mut ranks: Vec<Rank> =
            labels.all.iter().map(|own| Rank { is_whole: own.is_whole, ..Rank::default() }).collect();
        let mut matched = vec![0_usize; labels.all.len()];
        for (word, place) in &self.words {
            for at in labels.by_word.get(word).into_iter().flatten() {
                matched[*at] += 1;
                ranks[*at].deepest = ranks[*at].deepest.max(place.segment + 1);
                ranks[*at].weight += place.weight;
            }
        }
        // What has words of its own, and none of this operation's, is about another one.
        let is_about = |at: usize| labels.all[at].words == 0 || matched[at] > 0;
        for (at, rank) in ranks.iter_mut().enumerate() {
            rank.is_matched = matched[at] == labels.all[at].words;
        }
        let best = (0..ranks.len()).filter(|at| is_about(*at)).map(|at| ranks[at]).max();
        let all = (0..ranks.len()).filter(|at| !self.is_of_another_user(&labels.all[*at]));
        match best {
            None => all.collect(),
            Some(best) => all.filter(|at| is_about(*at) && ranks[*at] == best).collect(),
        }
    }

    /// Whether a label is about the user who is signed in and this operation about others, or the other way round.
    fn is_of_another_user(&self, label: &KnownLabel) -> bool {
        let (is_self, is_others) = (self.words.contains_key(SELF), self.words.contains_key(OTHERS));
        match (label.says_self, label.says_others) {
            (true, false) => is_others && !is_self,
            (false, true) => is_self && !is_others,
            _ => false,
        }
    }
}

/// How well a label fits an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Whether all of its words are words of the operation.
    is_matched: bool,
    /// Behind which segment of the URL the last of them stands.
    deepest: usize,
    weight: usize,
    is_whole: bool,
}

/// Labels that are told from each other, by their words: a page may have as many operations as labels.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// The positions of the labels that have a word. What every label has tells none from the others.
    by_word: HashMap<String, Vec<usize>>,
    all: Vec<KnownLabel>,
}

/// What is known of one of several labels.
#[derive(Debug)]
struct KnownLabel {
    /// How many words it has that not all have.
    words: usize,
    is_whole: bool,
    says_self: bool,
    says_others: bool,
}

impl Labels {
    pub(super) fn of<'l>(labels: impl Iterator<Item = &'l Label>) -> Labels {
        let mut own = Labels::default();
        for (at, label) in labels.enumerate() {
            for word in &label.words {
                own.by_word.entry(word.clone()).or_default().push(at);
            }
            let says = |word: &str| label.words.contains(word);
            let (words, is_whole) = (label.words.len(), label.is_whole);
            own.all.push(KnownLabel { words, is_whole, says_self: says(SELF), says_others: says(OTHERS) });
        }
        let count = own.all.len();
        let all = own.by_word.len();
        own.by_word.retain(|_, having| having.len() < count);
        let common = all - own.by_word.len();
        own.all.iter_mut().for_each(|label| label.words -= common);
        own
    }
}

/// The name of a segment without keys, arguments and namespace: `users('x')`, `delta(token='x')`.
fn name_of(segment: &str) -> &str {
    let name = segment.split(['(', '{', ':']).next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default()
}

/// Other words for a name in lower case.
fn other_words(name: &str) -> &'static [&'static str] {
    match name {
        "me" => &[SELF, "user"],
        "users" => &[OTHERS],
        _ => &[],
    }
}

/// A label has so many words, at most: they are compared with those of each operation.
const MOST_WORDS: usize = 16;

/// The words of a text that are also words of the page's URLs, and whether it has no others.
fn words_of(text: &str, vocabulary: &BTreeSet<String>) -> (BTreeSet<String>, bool) {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| singular(&word.to_lowercase())).collect();
    let is_whole = words.iter().all(|word| vocabulary.contains(word));
    // `mailFolders` is "mail folders" in text.
    let joined = words.windows(2).map(<[String]>::concat);
    // Chinese and Japanese write no blanks between words.
    let translated = (!is_whole).then(|| words::segments(text));
    let found = words::user(text).map(str::to_owned).chain(words.iter().cloned()).chain(joined);
    let found = found.chain(translated.into_iter().flatten().map(str::to_owned));
    let mut own = BTreeSet::new();
    for word in found.filter(|word| vocabulary.contains(word)) {
        own.insert(word);
        if own.len() == MOST_WORDS {
            break;
        }
    }
    (own, is_whole)
}

/// A word without the ending of its plural, so that `channels` is `channel`.
fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ if word.ends_with("ss") => word.to_owned(),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(labels: &[&str], paths: &[&str], expected: &[&[usize]]) {
        let operations: Vec<Operation> = paths.iter().map(|path| Operation::read(path)).collect();
        let vocabulary = Operation::all_words(paths.iter().copied());
        let labels: Vec<_> = labels.iter().map(|label| Operation::label(label, &vocabulary)).collect();
        let known = Labels::of(labels.iter());
        let selected: Vec<Vec<usize>> = operations.iter().map(|own| own.select(&known)).collect();
        assert_eq!(selected, expected, "{labels:?} for {paths:?}");
    }

    #[test]
    fn oneself_and_others_are_told_apart() {
        let labels = ["Permissions acting on self", "Permissions acting on other users"];
        check(&labels, &["/me/lamps", "/users/{id}/lamps"], &[&[0], &[1]]);
        check(&labels, &["/users/{id}/lamps"], &[&[1]]);
        check(&labels[..1], &["/users/{id}/lamps", "/me/lamps", "/lamps"], &[&[], &[0], &[0]]);
        check(&["Permissions for `/me`", "Permissions for `/users/{id}`"], &["/me/a", "/users/1/a"], &[&[0], &[1]]);
        check(&labels, &["/houses/{id}"], &[&[0, 1]]);
        for labels in [
            ["自行操作的权限", "对其他用户进行操作的权限"],
            ["Permissões para agir em si mesmo", "Permissões para outros"],
        ] {
            check(&labels, &["/me/lamps", "/users/{id}/lamps"], &[&[0], &[1]]);
        }
    }

    #[test]
    fn a_label_names_the_resource_of_the_url() {
        let labels = ["user calendar", "group calendar"];
        let paths = ["/me/calendar", "/users/{id}/calendars/{id}", "/groups/{id}/calendar"];
        check(&labels, &paths, &[&[0], &[0], &[1]]);
        check(&["用户日历", "组日历"], &paths, &[&[0], &[0], &[1]]);
        check(&["calendário do usuário", "calendário do grupo"], &paths, &[&[0], &[0], &[1]]);
        let labels = ["For channels", "For chats"];
        check(&labels, &["/teams/{id}/channels/{id}/messages", "/users/1/chats/{id}/messages"], &[&[0], &[1]]);
        check(&["In houses", "In rooms"], &["/houses/{id}/rooms('1')"], &[&[1]]);
        check(&["Mail folders", "Calendars"], &["/me/mailFolders", "/me/calendars"], &[&[0], &[1]]);
    }

    #[test]
    fn the_label_that_says_more_is_the_one() {
        let labels = ["event", "group event", "user or mail folder"];
        check(&labels, &["/groups/{id}/events", "/me/events"], &[&[1], &[0]]);
    }

    #[test]
    fn what_cannot_be_told_is_all_of_them() {
        check(&["For applications", "For users"], &["/directory/deletedItems/{id}"], &[&[0, 1]]);
    }
}
