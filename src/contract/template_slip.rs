//! A URL template with a slip: but for one segment, it is that of an example.

use crate::url::{Segment, Template, decode, split_path};

/// What of a template is a slip, if it describes an example's path without it. Both are as they are compared: keys in segments of their own.
pub(super) fn slip(template: &Template, path: &[String]) -> Option<Slip> {
    superfluous(template, path).or_else(|| misspelled(template, path))
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// It has this name besides.
    Superfluous(String),
    /// It has the first name instead of the second.
    Misspelled(String, String),
}

impl Slip {
    /// The path of the template without the slip, in the case of the example's path.
    pub(super) fn corrected(&self, template: &str, example: &str) -> String {
        let (Slip::Superfluous(name) | Slip::Misspelled(name, _)) = self;
        let is_slip = |segment: &&str| segment.to_lowercase() == *name;
        let mut segments = split_path(template);
        if let Some(at) = segments.iter().position(is_slip) {
            match self {
                Slip::Superfluous(_) => drop(segments.remove(at)),
                Slip::Misspelled(_, other) => {
                    let written = split_path(example).into_iter().find(|own| own.to_lowercase() == *other);
                    segments[at] = written.unwrap_or(other);
                }
            }
        }
        segments.into_iter().flat_map(|segment| ["/", segment]).collect()
    }
}

/// A name without which the template describes the path: `users` before `me`, which is the key of no user, or one that is there twice.
fn superfluous(template: &Template, path: &[String]) -> Option<Slip> {
    let segments = template.segments();
    if segments.len() != path.len() + 1 || segments.len() > LONGEST {
        return None;
    }
    let fits = |at: usize, at_path: usize| segments[at].fits(&decode(&path[at_path]));
    let before = (0..path.len()).take_while(|at| fits(*at, *at)).count();
    let behind = (1..=path.len()).take_while(|back| fits(segments.len() - back, path.len() - back)).count();
    let text = |at: usize| segments[at].text.as_str();
    let is_slip = |at: &usize| {
        let (own, next) = (text(*at), text(at + 1));
        segments[*at].is_identifier() && (own == next || (own == "users" && next == "me"))
    };
    // All before it has to fit, and all behind it.
    let mut names = (path.len() - behind..path.len().min(before + 1)).filter(is_slip);
    names.next().map(|at| Slip::Superfluous(text(at).to_owned()))
}

/// A name that is nearly that of the path, where all else is the same.
fn misspelled(template: &Template, path: &[String]) -> Option<Slip> {
    if template.segments().len() != path.len() || path.len() > LONGEST {
        return None;
    }
    let only = template.only_difference_of(path)?;
    let (expected, actual) = (only.expected?, only.actual?);
    let is_name =
        |text: &str| (SHORTEST..=LONGEST).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphabetic());
    let is_near = is_name(&expected) && is_name(&actual) && strsim::osa_distance(&expected, &actual) <= 2;
    // A plural may be another collection.
    let is_form = expected.starts_with(&actual) || actual.starts_with(&expected);
    (is_near && !is_form).then_some(Slip::Misspelled(expected, actual))
}

/// What one of a template and a path has within, and the other has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The template lacks these segments of the path.
    InTemplate(Vec<String>),
    /// The path lacks these of the template.
    InPath(Vec<String>),
}

/// Where a template would describe a path but for a name, a key, or a name with its key. What follows is a name: keys are like any others.
pub(super) fn gap(template: &Template, path: &[String]) -> Option<Gap> {
    let own = template.segments();
    let (shorter, missing) = (own.len().min(path.len()), own.len().abs_diff(path.len()));
    if !(1..=MOST_MISSING).contains(&missing) || shorter > LONGEST {
        return None;
    }
    let fits = |at: usize, at_path: usize| own[at].fits(&decode(&path[at_path]));
    let before = (0..shorter).take_while(|at| fits(*at, *at)).count();
    let behind = (1..=shorter - before).take_while(|back| fits(own.len() - back, path.len() - back)).count();
    let next = own.get(own.len() - behind);
    if before + behind < shorter || shorter < 2 || next.is_some_and(Segment::is_placeholder) {
        return None;
    }
    Some(if own.len() < path.len() {
        Gap::InTemplate(path[before..before + missing].to_vec())
    } else {
        Gap::InPath(own[before..before + missing].iter().map(|segment| segment.text.clone()).collect())
    })
}

/// So many segments may be missing: a name and its key.
const MOST_MISSING: usize = 2;

/// Shorter names may be near to each other by chance.
const SHORTEST: usize = 5;

/// No template has more segments, and no name more letters.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_segment_is_the_slip() {
        let check = |template: &str, path: &str, expected: Option<Slip>| {
            let path: Vec<String> = split_path(path).into_iter().map(str::to_owned).collect();
            assert_eq!(slip(&Template::read(template), &path), expected, "{template}");
        };
        let besides = |name: &str| Some(Slip::Superfluous(name.to_owned()));
        check("/users/me/lamps/{id}/dim", "/me/lamps/1/dim", besides("users"));
        check("/me/lamps/lamps/{id}", "/me/lamps/1", besides("lamps"));
        check("/me/lamsp/{id}", "/me/lamps/1", Some(Slip::Misspelled("lamsp".to_owned(), "lamps".to_owned())));
        for (template, path) in [
            ("/users/{id}/lamps", "/me/lamps"),
            ("/users/{id}/lamps", "/users/lamps"),
            ("/me/lamps/{id}/dim", "/me/lamps/1"),
            ("/me/lamps", "/me/lamp"),
            ("/me/house/lamps", "/me/lamps"),
            ("/education/me/lamps", "/me/lamps"),
            ("/me/lamps", "/me/rooms"),
            ("/me/lamps", "/me/lamps"),
        ] {
            check(template, path, None);
        }
    }

    #[test]
    fn a_name_and_its_key_may_be_missing() {
        let check = |template: &str, path: &str, expected: Option<Gap>| {
            let path: Vec<String> = split_path(path).into_iter().map(str::to_owned).collect();
            assert_eq!(gap(&Template::read(template), &path), expected, "{template} {path:?}");
        };
        let names = |names: &[&str]| names.iter().map(|own| (*own).to_owned()).collect::<Vec<String>>();
        check("/rooms/{id}/lamps/parts/{id}", "/rooms/1/lamps/2/parts/3", Some(Gap::InTemplate(names(&["2"]))));
        check("/me/lamps/$value", "/me/lamps/1/$value", Some(Gap::InTemplate(names(&["1"]))));
        check("/me/lamps/dim", "/me/rooms/1/lamps/dim", Some(Gap::InTemplate(names(&["rooms", "1"]))));
        check("/me/rooms/{id}/lamps", "/me/lamps", Some(Gap::InPath(names(&["rooms", "{id}"]))));
        check("/me/lamps", "/me/lamps/1/parts", Some(Gap::InTemplate(names(&["1", "parts"]))));
        for (template, path) in [
            ("/me/lamps/{id}", "/me/lamp"),
            ("/me/lamps", "/me/rooms"),
            ("/me/lamps/{id}/parts/{id}", "/me/lamps"),
            ("/rooms/{id}/lamps", "/houses/1/rooms/2/parts"),
        ] {
            check(template, path, None);
        }
    }

    #[test]
    fn a_template_is_shown_without_its_slip() {
        let check = |slip: Slip, template: &str, expected: &str| {
            assert_eq!(slip.corrected(template, "/me/Lamps/1/dim"), expected, "{slip:?}");
        };
        check(Slip::Superfluous("users".to_owned()), "/Users/me/lamps/{id | name}/dim", "/me/lamps/{id | name}/dim");
        check(Slip::Misspelled("lamsp".to_owned(), "lamps".to_owned()), "/me/lamsp/{id}/dim", "/me/Lamps/{id}/dim");
    }
}
