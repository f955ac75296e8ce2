//! Takes the values of parameters out of text that is kept and published: they may name people.

use super::planned_step::{PlannedSegment, Source, Step};
use graph_contracts::url::encode_key;

/// A text about a step without the path that it asked for, and without the values that the profile binds: the route and the names of the
/// parameters stand in their places.
pub(super) fn without_values(step: &Step, path: Option<&str>, text: &str) -> String {
    // The keys of the run's own objects stay: somebody may have to look for them.
    let is_others = |segment: &PlannedSegment| {
        matches!(segment, PlannedSegment::Parameter { source: Source::Profile(_) | Source::First, .. })
    };
    let mut text = match path {
        Some(path) if path.len() > 1 && step.segments.iter().any(is_others) => text.replace(path, &step.route),
        _ => text.to_owned(),
    };
    for segment in &step.segments {
        let PlannedSegment::Parameter { name, source: Source::Profile(value), .. } = segment else { continue };
        for written in [Some(value.clone()), encode_key(value)].into_iter().flatten() {
            text = replaced(&text, &written, name);
        }
    }
    text
}

/// The text with another for each occurrence that no letter or digit touches.
fn replaced(text: &str, value: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    for (at, found) in text.match_indices(value).filter(|(_, found)| !found.is_empty()) {
        let end = at + found.len();
        if !is_word(text[..at].chars().next_back()) && !is_word(text[end..].chars().next()) {
            out.push_str(&text[done..at]);
            out.push_str(name);
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter_position::ParameterPosition;
    use crate::permission::Needs;
    use crate::phase::Phase;

    #[track_caller]
    fn check(value: &str, path: Option<&str>, text: &str, expected: &str) {
        let source = Source::Profile(value.to_owned());
        let place = ParameterPosition::read("users/{id}");
        let segments = vec![
            PlannedSegment::Literal("users".to_owned()),
            PlannedSegment::Parameter { name: "{id}".to_owned(), place, source },
        ];
        let (phase, needs) = (Phase::Read, Needs::unstated());
        let step = Step {
            contracts: vec![0],
            route: "/users/{id}".to_owned(),
            phase,
            segments,
            needs,
            effects: Vec::new(),
            skip: None,
        };
        assert_eq!(without_values(&step, path, text), expected, "{text}");
    }

    #[test]
    fn what_the_profile_binds_is_not_in_a_text() {
        let upn = "ada@contoso.com";
        check(upn, None, "GET /v1.0/users/ada@contoso.com/lamps: no", "GET /v1.0/users/{id}/lamps: no");
        check("Ada L", None, "GET /v1.0/users/Ada%20L: no Ada L", "GET /v1.0/users/{id}: no {id}");
        check(upn, Some("/users/x/y"), "GET /v1.0/users/x/y: no", "GET /v1.0/users/{id}: no");
        check("1", None, "GET /v1.0/users/1: after 10 s", "GET /v1.0/users/{id}: after 10 s");
        check("", None, "GET /users: no", "GET /users: no");
        check("7", Some("/"), "GET /users/7: no", "GET /users/{id}: no");
    }
}
