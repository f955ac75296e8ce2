//! A URL template with a slip: but for one segment, it is that of an example.

use std::fmt;

use crate::url::Template;

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

impl fmt::Display for Slip {
    /// How it is corrected.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slip::Superfluous(name) => write!(f, "without `{name}`"),
            Slip::Misspelled(own, other) => write!(f, "with `{other}` instead of `{own}`"),
        }
    }
}

/// A name without which the template describes the path: `users` before `me`, which is the key of no user, or one that is there twice.
fn superfluous(template: &Template, path: &[String]) -> Option<Slip> {
    let segments = template.segments();
    if segments.len() != path.len() + 1 || segments.len() > LONGEST {
        return None;
    }
    let text = |at: usize| segments[at].text.as_str();
    let is_slip = |at: &usize| {
        let (own, next) = (text(*at), text(at + 1));
        segments[*at].is_identifier() && (own == next || (own == "users" && next == "me"))
    };
    let mut names = (0..path.len()).filter(is_slip);
    names.find_map(|at| {
        let rest: Vec<String> = (0..segments.len()).filter(|own| *own != at).map(|own| text(own).to_owned()).collect();
        let slip = || Slip::Superfluous(text(at).to_owned());
        Template::of_segments(&rest).matches_segments(path).then(slip)
    })
}

/// A name that is nearly that of the path, where all else is the same.
fn misspelled(template: &Template, path: &[String]) -> Option<Slip> {
    if template.segments().len() != path.len() || path.len() > LONGEST {
        return None;
    }
    let mut differences = template.differences_of(path).into_iter();
    let only = differences.next().filter(|_| differences.next().is_none())?;
    let (expected, actual) = (only.expected?, only.actual?);
    let is_name =
        |text: &str| (SHORTEST..=LONGEST).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphabetic());
    let is_near = is_name(&expected) && is_name(&actual) && strsim::osa_distance(&expected, &actual) <= 2;
    // A plural may be another collection.
    let is_form = expected.starts_with(&actual) || actual.starts_with(&expected);
    (is_near && !is_form).then_some(Slip::Misspelled(expected, actual))
}

/// Shorter names may be near to each other by chance.
const SHORTEST: usize = 5;

/// No template has more segments, and no name more letters.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::split_path;

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
}
