//! The path of a route with its parameters, as other tools want it.

use graph_contracts::url::{Part, Segment, decode, encode_written, split_path};

use crate::pattern;

/// A path with named parameters: `/v1.0/users/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedPath {
    /// The path, in which each name occurs once.
    pub(crate) path: String,
    /// The names, in order, with what the page calls them.
    pub(crate) parameters: Vec<(String, String)>,
}

/// A path as OpenAPI writes it (OpenAPI 3.1, "Path Templating"). Literals are percent-encoded where a path has to be.
pub(crate) fn named(template: &str) -> NamedPath {
    let (mut path, mut parameters): (String, Vec<(String, String)>) = (String::new(), Vec::new());
    for segment in Segment::of_path(template) {
        path.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => path.push_str(&encode_written(text).replace(['{', '}'], "_")),
                Part::Parameter(name) => {
                    let unique = unique(name, &parameters);
                    path.push_str(&format!("{{{unique}}}"));
                    parameters.push((unique, name.clone()));
                }
            }
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    NamedPath { path, parameters }
}

/// The letters and digits of a name that no other parameter has.
fn unique(name: &str, taken: &[(String, String)]) -> String {
    let mut letters: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    while letters.contains("--") {
        letters = letters.replace("--", "-");
    }
    let letters = Some(letters.trim_matches('-')).filter(|letters| !letters.is_empty()).unwrap_or("value");
    let is_free = |name: &str| taken.iter().all(|(own, _)| own != name);
    if is_free(letters) {
        return letters.to_owned();
    }
    (2..).map(|number| format!("{letters}-{number}")).find(|name| is_free(name)).unwrap_or_default()
}

/// What the paths that a template describes match, whole, and the path that is sent, which may have a key in parentheses; names in any case,
/// since Microsoft Graph reads them so.
pub(crate) fn pattern_of(template: &str, sent: &str) -> String {
    let (own, other) = (Segment::of_path(template), Segment::of_path(sent));
    let is_described =
        own.len() == other.len() && own.iter().zip(split_path(sent)).all(|(own, sent)| own.fits(&decode(sent)));
    if is_described {
        format!("(?i){}/?", of_template(template))
    } else {
        format!("(?i)({}|{})/?", of_template(template), pattern::escaped(sent.trim_end_matches('/')))
    }
}

fn of_template(template: &str) -> String {
    let segment =
        |segment: Segment| segment.fill(|text| pattern::escaped(&encode_written(text)), |_| "[^/]+".to_owned());
    Segment::of_path(template).into_iter().map(|own| format!("/{}", segment(own))).collect()
}

/// By this, a path comes before those that are less specific: names before parameters, from the left.
pub(crate) fn specificity(template: &str) -> Vec<bool> {
    Segment::of_path(template).iter().map(Segment::has_parameters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, path: &str, pattern: &str) {
        let sent = template.replace(['{', '}', '|', ' '], "x");
        assert_eq!(
            (named(template).path.as_str(), pattern_of(template, &sent).as_str()),
            (path, pattern),
            "{template}"
        );
    }

    #[test]
    fn paths_keep_their_literals_and_name_their_parameters_once() {
        check("/v1.0/me", "/v1.0/me", "(?i)/v1\\.0/me/?");
        check("/a/{id}/b/{id}", "/a/{id}/b/{id-2}", "(?i)/a/[^/]+/b/[^/]+/?");
        check("/a/{id | name}", "/a/{id-name}", "(?i)/a/[^/]+/?");
        check("/a/b(period='{value}')", "/a/b(period='{value}')", "(?i)/a/b\\(period='[^/]+'\\)/?");
        check("/", "/", "(?i)/?");
        assert_eq!(pattern_of("/a/{id}", "/a('b')"), "(?i)(/a/[^/]+|/a\\('b'\\))/?");
    }
}
