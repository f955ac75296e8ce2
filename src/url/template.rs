//! URL templates: `/users/{id | userPrincipalName}/messages`.

use std::borrow::Cow;

use super::percent::decode;
use super::segment::{Argument, Call, Part, Segment, fits_value, split_path};
use super::target::is_version;

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

    /// The template as [`fold`](super::fold()) reads its segments.
    pub(crate) fn folded(self) -> Template {
        Template { segments: self.segments.into_iter().map(Segment::folded).collect() }
    }

    /// The template in which keys of examples are parameters, in segments of their own or in parentheses. The version of a path is none.
    pub(crate) fn with_any_keys(self) -> Template {
        let any = |segment: Segment| {
            let written = match segment.key() {
                _ if segment.has_parameters() || is_version(&segment.name) => return segment,
                Some(_) if !segment.has_colon => format!("{}('{{key}}')", segment.name),
                None if segment.is_sample_key() => "{key}".to_owned(),
                _ => return segment,
            };
            Segment { text: segment.text, ..Segment::read(&written) }
        };
        Template { segments: self.segments.into_iter().map(any).collect() }
    }

    /// Its segments.
    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names of the parameters, in order; one name may stand for several parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(Segment::parameters)
    }

    /// The names that a path has to have that the template describes, as [`names_of_path`] gives them. A template of parameters has none.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment.parts.as_slice() {
            [Part::Literal(text)] if *text == segment.text && segment.arguments.is_none() && !segment.has_colon => {
                Some(text.as_str())
            }
            _ => None,
        })
    }

    /// The number of segments, each key in parentheses counting as one.
    pub(crate) fn len(&self) -> usize {
        self.segments.len() + self.segments.iter().filter(|segment| segment.key().is_some()).count()
    }

    /// Whether a path is one of those that the template describes. Segments are compared after percent-decoding. A key may stand in
    /// parentheses or in a segment of its own, and the parameters of a function in any order (OData URL Conventions 4.01 sections 4.3 and
    /// 4.5.2).
    pub fn matches(&self, path: &str) -> bool {
        self.matches_segments(&split_path(path))
    }

    /// The same for a path's segments.
    pub(crate) fn matches_segments(&self, segments: &[impl AsRef<str>]) -> bool {
        let mut matches = true;
        self.compare(
            segments,
            decode,
            |_, _| true,
            |_, _| {
                matches = false;
                false
            },
        );
        matches
    }

    /// Where a path departs from the template, if it does so in one place.
    pub(crate) fn only_difference_of(&self, segments: &[impl AsRef<str>]) -> Option<SegmentDifference> {
        let (mut only, mut count) = (None, 0);
        self.compare(
            segments,
            decode,
            |_, _| true,
            |expected, actual| {
                only = Some((expected, actual));
                count += 1;
                count < 2
            },
        );
        let (expected, actual) = only.filter(|_| count == 1)?;
        Some(self.difference(expected, actual, segments))
    }

    /// Where a path departs from a folded template, its segments given as [`fold`](super::fold()) reads them, and as written.
    /// `is_value` says whether a segment may be the value of a parameter.
    pub(crate) fn differences_folded<S: AsRef<str>>(
        &self,
        folded: &[S],
        written: &[impl AsRef<str>],
        is_value: impl Fn(&S) -> bool,
    ) -> Vec<SegmentDifference> {
        let mut differences = Vec::new();
        self.compare(
            folded,
            |segment| segment.into(),
            |own, actual| own.parameter().is_none() || is_value(actual),
            |expected, actual| {
                differences.push(self.difference(expected, actual, written));
                differences.len() < self.most_differences()
            },
        );
        differences
    }

    /// How many differences that are.
    pub(crate) fn count_differences_folded<S: AsRef<str>>(&self, folded: &[S], is_value: impl Fn(&S) -> bool) -> usize {
        let mut count = 0;
        self.compare(
            folded,
            |segment| segment.into(),
            |own, actual| own.parameter().is_none() || is_value(actual),
            |_, _| {
                count += 1;
                count < self.most_differences()
            },
        );
        count
    }

    /// The difference between two segments, by their numbers, of the template and of a path as it is written.
    fn difference(
        &self,
        expected: Option<usize>,
        actual: Option<usize>,
        written: &[impl AsRef<str>],
    ) -> SegmentDifference {
        let position = expected.or(actual).unwrap_or_default() + 1;
        let actual = actual.and_then(|actual| written.get(actual)).map(|actual| decode(actual.as_ref()).into_owned());
        let expected = expected.and_then(|expected| self.segments.get(expected)).map(|segment| segment.text.clone());
        SegmentDifference { position, expected, actual }
    }

    /// So many differences are shown: what is that much longer is another path, and need not be shown whole.
    fn most_differences(&self) -> usize {
        self.segments.len() + MOST_BEYOND
    }

    /// Compares the template with a path, and tells of each difference by the numbers of the two segments, until `differ` says that it is
    /// enough. `may_be` says whether a segment that fits by its text may be what the template has there.
    fn compare<S: AsRef<str>>(
        &self,
        path: &[S],
        read: impl Fn(&str) -> Cow<'_, str>,
        may_be: impl Fn(&Segment, &S) -> bool,
        mut differ: impl FnMut(Option<usize>, Option<usize>) -> bool,
    ) {
        let own = &self.segments;
        let (mut at, mut at_path) = (0, 0);
        while at < own.len() || at_path < path.len() {
            let (Some(segment), Some(actual)) = (own.get(at), path.get(at_path)) else {
                let goes_on = differ((at < own.len()).then_some(at), (at_path < path.len()).then_some(at_path));
                if !goes_on {
                    return;
                }
                (at, at_path) = (at + 1, at_path + 1);
                continue;
            };
            let may_be = may_be(segment, actual);
            let actual = read(actual.as_ref());
            let next = || path.get(at_path + 1).map(|next| read(next.as_ref()));
            let (taken, taken_path) = if may_be && segment.fits(&actual) {
                (1, 1)
            } else if next().is_some_and(|next| has_key_behind(segment, &actual, &next)) {
                (1, 2)
            } else if own.get(at + 1).is_some_and(|next| has_key_within(segment, next, &actual)) {
                (2, 1)
            } else if has_arguments(segment, &actual) || differ(Some(at), Some(at_path)) {
                (1, 1)
            } else {
                return;
            };
            (at, at_path) = (at + taken, at_path + taken_path);
        }
    }

    /// The path with each parameter replaced by what `value` says for its name.
    pub fn fill(&self, mut value: impl FnMut(&str) -> String) -> String {
        let segments = self.segments.iter();
        segments.map(|segment| format!("/{}", segment.fill(str::to_owned, &mut value))).collect()
    }
}

/// The names that the segment of a path may have in a template: the segment itself, and if a key stands in parentheses in it, the name
/// and the key.
pub(crate) fn names_of_path(segment: &str) -> Vec<String> {
    let segment = decode(segment);
    let mut names = Vec::new();
    if segment.contains('(') {
        let call = Call::read(&segment);
        names.extend(call.key().map(Cow::into_owned));
        names.push(call.name.to_owned());
    }
    names.push(segment.into_owned());
    names
}

/// Whether a segment `users('{id}')` describes the two segments of a path.
fn has_key_behind(segment: &Segment, name: &str, key: &str) -> bool {
    segment.name == name && segment.key().is_some_and(|own| fits_value(&own, key))
}

/// Whether the two segments `users` and `{id}` describe a segment `users('1')` of a path.
fn has_key_within(name: &Segment, key: &Segment, actual: &str) -> bool {
    if name.arguments.is_some() || !actual.starts_with(name.name.as_str()) {
        return false;
    }
    let actual = Segment::of_decoded(actual);
    actual.name == name.name && actual.key().is_some_and(|own| key.fits(&own))
}

/// Whether a segment of a path has the arguments of the template's, in another order.
fn has_arguments(segment: &Segment, actual: &str) -> bool {
    let Some(own) = segment.arguments.as_ref().filter(|own| own.len() > 1 && actual.starts_with(segment.name.as_str()))
    else {
        return false;
    };
    let actual = Segment::of_decoded(actual);
    let Some(arguments) =
        actual.arguments.filter(|arguments| arguments.len() == own.len() && own.len() <= MOST_ARGUMENTS)
    else {
        return false;
    };
    let has = |own: &Argument| {
        let same = arguments.iter().find(|argument| own.name.is_some() && argument.name == own.name);
        same.is_some_and(|argument| fits_value(&own.value, &argument.value))
    };
    actual.name == segment.name && own.iter().all(has)
}

/// So many arguments are compared in any order. Functions have a handful.
const MOST_ARGUMENTS: usize = 32;

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
    fn a_key_may_stand_in_parentheses_or_in_a_segment() {
        check("/users/{id}/messages", "/users('a%20b')/messages", true);
        check("/users/{id}/messages", "/users(1)/messages", true);
        check("/users('{id}')/messages", "/users/1/messages", true);
        check("/users('{id}')/messages", "/users('1')/messages", true);
        check("/users('{id}')/messages", "/users/messages", false);
        check("/users/{id}/messages", "/users()/messages", false);
        check("/users/1", "/users('2')", false);
        check("/tables/{id}/rows", "/tables/Table (1)/rows", true);
    }

    #[test]
    fn parameters_may_stand_in_any_order() {
        check("/f(a={a},b='{b}')", "/f(b='1,2',a=3)", true);
        check("/f(a={a},b={b})", "/f(b=2)", false);
        check("/f(a={a},b={b})", "/f(b=2,c=3)", false);
        check("/f(a=1,b=2)", "/f(b=2,a=3)", false);
    }

    #[test]
    fn differences_name_the_segment() {
        let path = split_path("/a/1/c/d");
        let differences = Template::read("/a/{id}/b").differences_folded(&path, &path, |own| *own != "1");
        let shown: Vec<(usize, Option<&str>, Option<&str>)> =
            differences.iter().map(|d| (d.position, d.expected.as_deref(), d.actual.as_deref())).collect();
        assert_eq!(shown, [(2, Some("{id}"), Some("1")), (3, Some("b"), Some("c")), (4, None, Some("d"))]);
        let only = |path: &str| {
            let only = Template::read("/a/{id}/b").only_difference_of(&split_path(path));
            only.map(|own| (own.position, own.expected, own.actual))
        };
        assert_eq!(only("/a/1/c%20d"), Some((3, Some("b".to_owned()), Some("c d".to_owned()))));
        assert_eq!(only("/a/1"), Some((3, Some("b".to_owned()), None)));
        assert_eq!(only("/a/1/c/d"), None);
        assert_eq!(only("/a/1/b"), None);
    }

    #[test]
    fn a_template_is_filled_by_name() {
        let template = Template::read("/a/{id}/f(x='{y}')");
        assert_eq!(template.fill(|name| name.to_uppercase()), "/a/ID/f(x='Y')");
        assert_eq!(template.parameters().collect::<Vec<_>>(), ["id", "y"]);
    }
}
