//! On which line of its page each value of a body stands.
//!
//! A contract keeps the body, not the page's layout. Pages nearly always lay a body out as indented JSON does, one member or
//! element a line, so that the line of the first value tells all others; [`Anchors`] hold only where a page departs from that.

use std::collections::BTreeMap;

use serde::{Serialize as _, Serializer};

use super::{Cursor, Json, Path};

/// Lines that do not follow from the value before, counted from 1.
pub(crate) type Anchors = BTreeMap<Path, u32>;

/// Writes anchors in the order of their paths as text.
pub(crate) fn serialize_anchors<S: Serializer>(anchors: &Anchors, serializer: S) -> Result<S::Ok, S::Error> {
    let by_text: BTreeMap<String, u32> = anchors.iter().map(|(path, line)| (path.to_string(), *line)).collect();
    by_text.serialize(serializer)
}

/// The line of every value of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<Path, u32>);

impl Lines {
    /// Restores the lines of a body from the line of its first value and the anchors.
    pub fn restore(body: &Json, first_line: u32, anchors: &Anchors) -> Lines {
        let mut lines = BTreeMap::new();
        let (mut previous_laid_out, mut previous) = (0, first_line);
        lay_out(body, &Cursor::Root, &mut 0, &mut |cursor, laid_out| {
            let path = cursor.path();
            let line = anchors.get(&path).copied().unwrap_or(previous + (laid_out - previous_laid_out));
            (previous_laid_out, previous) = (laid_out, line);
            lines.insert(path, line);
        });
        Lines(lines)
    }

    /// The line of the value at that path, or of the nearest value around it.
    pub fn nearest(&self, path: &Path) -> Option<u32> {
        std::iter::successors(Some(path.clone()), Path::parent).find_map(|path| self.0.get(&path).copied())
    }
}

/// The anchors that let [`Lines::restore`] find `lines` again: the line of each value, in document order, parents first.
pub(crate) fn anchors(body: &Json, lines: &[u32]) -> Anchors {
    let mut anchors = Anchors::new();
    let mut previous = (0, lines.first().copied().unwrap_or(1));
    let mut lines = lines.iter();
    lay_out(body, &Cursor::Root, &mut 0, &mut |cursor, laid_out| {
        let Some(line) = lines.next() else { return };
        if i64::from(*line) - i64::from(previous.1) != i64::from(laid_out) - i64::from(previous.0) {
            anchors.insert(cursor.path(), *line);
        }
        previous = (laid_out, *line);
    });
    anchors
}

/// Visits each value with its line, counted from 0, when the tree is written as indented JSON.
fn lay_out(value: &Json, cursor: &Cursor<'_>, line: &mut u32, visit: &mut impl FnMut(&Cursor<'_>, u32)) {
    visit(cursor, *line);
    match value {
        Json::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                *line += 1;
                lay_out(item, &Cursor::Element(cursor, index), line, visit);
            }
            *line += 1;
        }
        Json::Object(members) if !members.is_empty() => {
            for member in members {
                *line += 1;
                lay_out(&member.value, &Cursor::Member(cursor, &member.name), line, visit);
            }
            *line += 1;
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of each value, counted from 0, when the tree is written as indented JSON.
    fn layout(body: &Json) -> Vec<(Path, u32)> {
        let mut values = Vec::new();
        lay_out(body, &Cursor::Root, &mut 0, &mut |cursor, line| values.push((cursor.path(), line)));
        values
    }
    use crate::json::parse;

    #[track_caller]
    fn check(text: &str, first_line: u32, expected_anchors: &[(&str, u32)]) {
        let parsed = parse(text).expect(text);
        let line = |offset: &usize| first_line + text[..*offset].matches('\n').count() as u32;
        let lines: Vec<u32> = parsed.offsets.iter().map(line).collect();
        let anchors = anchors(&parsed.json, &lines);
        let shown: Vec<(String, u32)> = anchors.iter().map(|(path, line)| (path.to_string(), *line)).collect();
        let shown: Vec<(&str, u32)> = shown.iter().map(|(path, line)| (path.as_str(), *line)).collect();
        assert_eq!(shown, expected_anchors);
        let restored = Lines::restore(&parsed.json, lines[0], &anchors);
        for ((path, _), line) in layout(&parsed.json).iter().zip(&lines) {
            assert_eq!(restored.nearest(path), Some(*line), "{path}");
        }
    }

    #[test]
    fn the_usual_layout_needs_no_anchor() {
        check("{\n  \"a\": 1,\n  \"b\": {\n    \"c\": []\n  },\n  \"d\": [\n    1\n  ]\n}", 10, &[]);
    }

    #[test]
    fn a_departure_is_anchored_once() {
        check(
            "{\n  \"a\": [1, 2],\n  \"b\": 3,\n  \"c\": 4\n}",
            7,
            &[("$['a'][0]", 8), ("$['a'][1]", 8), ("$['b']", 9)],
        );
        check("{\n\n  \"a\": 1,\n  \"b\": 2\n}", 1, &[("$['a']", 3)]);
    }

    #[test]
    fn anchors_are_written_in_the_order_of_their_text() {
        let path = |index| Path::root().member("a").element(index);
        let anchors = Anchors::from([(path(2), 7), (path(10), 8)]);
        let mut text = Vec::new();
        serialize_anchors(&anchors, &mut serde_json::Serializer::new(&mut text)).expect("JSON");
        let text = String::from_utf8(text).expect("UTF-8");
        assert_eq!(text, r#"{"$['a'][10]":8,"$['a'][2]":7}"#);
        assert_eq!(serde_json::from_str::<Anchors>(&text).expect("anchors"), anchors);
    }

    #[test]
    fn a_value_that_is_not_documented_has_the_line_of_what_is_around_it() {
        let body = parse("{\n  \"a\": {\n    \"b\": 1\n  }\n}").expect("valid").json;
        let lines = Lines::restore(&body, 5, &Anchors::new());
        assert_eq!(lines.nearest(&Path::root().member("a").member("x").element(3)), Some(6));
        assert_eq!(lines.nearest(&Path::root().member("y")), Some(5));
    }
}
