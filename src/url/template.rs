//! URL templates: `/users/{id | userPrincipalName}/messages`.

use std::borrow::Cow;

use super::percent::decode;
use super::segment::{Segment, split_path};

/// How many segments beyond a template's are shown as differences.
const MOST_BEYOND: usize = 8;

/// A URL template's path as segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
}

/// How a path departs from a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SegmentDifference {
    /// Which segment, counted from 1.
    pub(crate) position: usize,
    /// What the template has there, if anything.
    pub(crate) expected: Option<String>,
    /// What the path has there, if anything.
    pub(crate) actual: Option<String>,
}

impl Template {
    /// Reads a path with parameters in braces, or in angle brackets. A final `/` has no meaning.
    pub fn read(path: &str) -> Template {
        Template { segments: Segment::of_path(path) }
    }

    /// Reads segments as documented.
    pub(crate) fn of_segments(segments: &[String]) -> Template {
        Template { segments: segments.iter().map(|segment| Segment::read(segment)).collect() }
    }

    /// The names of the parameters, in order; one name may stand for several parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(Segment::parameters)
    }

    /// The number of segments.
    pub(crate) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether a path is one of those that the template describes. Segments are compared after percent-decoding.
    pub fn matches(&self, path: &str) -> bool {
        self.matches_segments(&split_path(path))
    }

    /// The same for a path's segments.
    pub(crate) fn matches_segments(&self, segments: &[impl AsRef<str>]) -> bool {
        segments.len() == self.segments.len()
            && self.segments.iter().zip(segments).all(|(own, other)| own.fits(&decode(other.as_ref())))
    }

    /// Where a path departs from the template.
    pub(crate) fn differences(&self, path: &str) -> Vec<SegmentDifference> {
        let segments = split_path(path);
        let mut differences = Vec::new();
        // What is that much longer is another path, and need not be shown whole.
        let most = self.segments.len() + MOST_BEYOND;
        for index in 0..self.segments.len().max(segments.len().min(most)) {
            let (expected, actual) = (self.segments.get(index), segments.get(index).map(|actual| decode(actual)));
            if !matches!((expected, &actual), (Some(expected), Some(actual)) if expected.fits(actual)) {
                differences.push(SegmentDifference {
                    position: index + 1,
                    expected: expected.map(|segment| segment.text.clone()),
                    actual: actual.map(Cow::into_owned),
                });
            }
        }
        differences
    }

    /// The path with each parameter replaced by what `value` says for its name.
    pub fn fill(&self, mut value: impl FnMut(&str) -> String) -> String {
        let segments = self.segments.iter();
        segments.map(|segment| format!("/{}", segment.fill(str::to_owned, &mut value))).collect()
    }
}

/// A sample value for a parameter that nothing else gives a value: the letters and digits of its name.
pub(crate) fn sample_value(parameter: &str) -> String {
    let name = parameter.split(['|', ',', '(']).next().unwrap_or(parameter);
    let letters: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if letters.is_empty() { "sample".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, path: &str, expected: bool) {
        assert_eq!(Template::read(template).matches(path), expected, "{template} and {path}");
    }

    #[test]
    fn a_parameter_stands_for_any_segment() {
        check("/users/{id}/messages", "/users/87d349ed/messages", true);
        check("/users/{id}/messages", "/users/{id}/messages/", true);
        check("/users/{id | upn}", "/users/a%40b.c", true);
        check("/users/{id}", "/users", false);
        check("/users/{id}", "/users//x", false);
        check("/users/{id}", "/groups/1", false);
    }

    #[test]
    fn parameters_stand_inside_segments_too() {
        check("/workbook/tables('{name}')/rows", "/workbook/tables('Table 1')/rows", true);
        check("/drive/root:/{path}:/children", "/drive/root:/a:/children", true);
        check("/f(a={a},b={b})", "/f(a=1,b=2)", true);
        check("/f(a={a},b={b})", "/f(a=,b=2)", false);
        check("/f(path='{path}')", "/f(path='x/y')", true);
        check("/rows/<row>", "/rows/3", true);
        check("/teams/(team-id)/members", "/teams/3/members", true);
    }

    #[test]
    fn differences_name_the_segment() {
        let differences = Template::read("/a/{id}/b").differences("/a/1/c/d");
        let shown: Vec<(usize, Option<&str>, Option<&str>)> =
            differences.iter().map(|d| (d.position, d.expected.as_deref(), d.actual.as_deref())).collect();
        assert_eq!(shown, [(3, Some("b"), Some("c")), (4, None, Some("d"))]);
    }

    #[test]
    fn a_template_is_filled_by_name() {
        let template = Template::read("/a/{id}/f(x='{y}')");
        assert_eq!(template.fill(|name| name.to_uppercase()), "/a/ID/f(x='Y')");
        assert_eq!(template.parameters().collect::<Vec<_>>(), ["id", "y"]);
    }
}
