//! URL templates: `/users/{id | userPrincipalName}/messages`.

use std::borrow::Cow;

use super::percent::decode;
use super::segment::split_path;

/// A URL template's path as segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
}

/// One segment: literal text and parameters in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    /// The segment as documented.
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Parameter(String),
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
        Template { segments: split_path(path).into_iter().map(Segment::read).collect() }
    }

    /// Reads a value in which placeholders may stand, such as that of a query parameter.
    pub fn read_value(value: &str) -> Template {
        Template { segments: vec![Segment::read(value)] }
    }

    /// Whether a decoded value is one that the template describes.
    pub fn fits_value(&self, value: &str) -> bool {
        matches!(self.segments.as_slice(), [segment] if fits(&segment.parts, value))
    }

    /// The names of the parameters, in order; one name may stand for several parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| &segment.parts).filter_map(|part| match part {
            Part::Parameter(name) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// The number of segments.
    pub(crate) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether a path is one of those that the template describes. Segments are compared after percent-decoding.
    pub fn matches(&self, path: &str) -> bool {
        let segments = split_path(path);
        segments.len() == self.segments.len()
            && self.segments.iter().zip(segments).all(|(own, other)| own.matches(other))
    }

    /// Where a path departs from the template.
    pub(crate) fn differences(&self, path: &str) -> Vec<SegmentDifference> {
        let segments = split_path(path);
        let mut differences = Vec::new();
        for index in 0..self.segments.len().max(segments.len()) {
            let (expected, actual) = (self.segments.get(index), segments.get(index));
            if !matches!((expected, actual), (Some(expected), Some(actual)) if expected.matches(actual)) {
                differences.push(SegmentDifference {
                    position: index + 1,
                    expected: expected.map(|segment| segment.text.clone()),
                    actual: actual.map(|segment| decode(segment).into_owned()),
                });
            }
        }
        differences
    }

    /// The path with each parameter replaced by what `value` says for its name.
    pub fn fill(&self, mut value: impl FnMut(&str) -> String) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            for part in &segment.parts {
                match part {
                    Part::Literal(text) => path.push_str(text),
                    Part::Parameter(name) => path.push_str(&value(name)),
                }
            }
        }
        path
    }
}

impl Segment {
    fn read(text: &str) -> Segment {
        // Some authors write a parameter as `(id)`.
        if let Some(name) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
            && !name.contains(['\'', '='])
        {
            return Segment { text: text.to_owned(), parts: vec![Part::Parameter(name.trim().to_owned())] };
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '<']) {
            let close = if rest[open..].starts_with('{') { '}' } else { '>' };
            let Some(end) = rest[open..].find(close).map(|at| open + at) else { break };
            if open > 0 {
                parts.push(Part::Literal(decode(&rest[..open]).into_owned()));
            }
            parts.push(Part::Parameter(rest[open + 1..end].trim().to_owned()));
            rest = &rest[end + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(decode(rest).into_owned()));
        }
        Segment { text: text.to_owned(), parts }
    }

    fn matches(&self, segment: &str) -> bool {
        let segment = decode(segment);
        segment == self.text || fits(&self.parts, &segment)
    }
}

/// Whether the text consists of the parts, a parameter standing for one character or more. Taking the first place where the
/// next literal occurs is enough, as for file globs, so the time is linear.
fn fits(parts: &[Part], mut text: &str) -> bool {
    let mut after_parameter = false;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Parameter(_) => {
                let Some(first) = text.chars().next() else { return false };
                text = &text[first.len_utf8()..];
                after_parameter = true;
            }
            Part::Literal(literal) => {
                let is_last = index + 1 == parts.len();
                let found = match (after_parameter, is_last) {
                    (false, _) => text.starts_with(literal.as_str()).then_some(0),
                    (true, true) => text.ends_with(literal.as_str()).then(|| text.len() - literal.len()),
                    (true, false) => text.find(literal.as_str()),
                };
                let Some(at) = found else { return false };
                text = &text[at + literal.len()..];
                after_parameter = false;
            }
        }
    }
    text.is_empty() || after_parameter
}

/// A sample value for a parameter that nothing else gives a value: the letters and digits of its name.
pub fn sample_value(parameter: &str) -> String {
    let name: Cow<'_, str> = parameter.split(['|', ',', '(']).next().unwrap_or(parameter).trim().into();
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
