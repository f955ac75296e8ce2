//! From the route of a step to the path that is sent: every parameter becomes the key of an object.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::marker::Marked;
use super::parameter_position::ParameterPosition;
use super::planned_step::{PlannedSegment, Source, Step};
use super::request::is_at_or_within;
use graph_contracts::url::{Segment, encode, encode_addressed, encode_key, encode_quoted, encode_written};

/// The objects that a run knows: those that it created, and those that it found.
#[derive(Debug, Default)]
pub struct Objects {
    /// By place, the paths of the objects that the run created, the newest last.
    created: HashMap<ParameterPosition, Vec<String>>,
    /// The markers that they carry.
    marked: HashMap<String, Marked>,
    /// When each of them was created.
    times: HashMap<String, Instant>,
    /// The key of the first object of a collection, by the collection's path; `None` if it is missing.
    first: HashMap<String, Option<String>>,
}

/// What a route is resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The path, escaped, without a version.
    Path(String),
    /// The first object of this collection has to be looked up before.
    Lookup(String),
    /// There is no object for a parameter.
    Nothing {
        /// The place of the parameter.
        place: ParameterPosition,
        /// Why, as a fragment that says what to do.
        why: String,
    },
}

impl Objects {
    /// Takes in an object that was created, by its path without a version.
    pub(crate) fn add_created(&mut self, place: ParameterPosition, path: String, marked: Option<Marked>) {
        self.times.insert(path.clone(), Instant::now());
        self.marked.extend(marked.map(|marked| (path.clone(), marked)));
        self.created.entry(place).or_default().push(path);
    }

    /// The marker that the object at a path carries.
    pub(crate) fn marked(&self, path: &str) -> Option<Marked> {
        self.marked.get(path).cloned()
    }

    /// How long ago the object at a path, or an object that it is within, was created by this run: the youngest of them.
    pub fn age(&self, path: &str) -> Option<Duration> {
        self.times.iter().filter(|(own, _)| is_at_or_within(path, own)).map(|(_, time)| time.elapsed()).min()
    }

    /// Forgets an object that was deleted, and says whether the run had created it.
    pub(crate) fn remove_created(&mut self, path: &str) -> bool {
        let lists = self.created.values_mut();
        lists.fold(false, |found, paths| {
            let before = paths.len();
            paths.retain(|own| own != path);
            found || paths.len() < before
        })
    }

    /// Takes in what the first object of a collection is.
    pub(crate) fn add_first(&mut self, collection: String, key: Option<String>) {
        self.first.insert(collection, key);
    }

    /// The path that a step asks for.
    pub fn resolve(&self, step: &Step) -> Resolution {
        let mut path = String::new();
        let mut rest = step.segments.as_slice();
        if step.changes_an_object() && step.target().is_none() {
            return nothing(&ParameterPosition::read(&step.route), "it has no object");
        }
        if let Some(target) = step.own_object() {
            // Such a step may only touch the run's own objects: the target decides what stands before it.
            let Some(own) = self.created.get(&target).and_then(|paths| paths.last()) else {
                return nothing(&target, "no object that this run created is left");
            };
            let is_target = |segment: &PlannedSegment| matches!(segment, PlannedSegment::Parameter { place, .. } if *place == target);
            let at = rest.iter().position(is_target).map_or(0, |at| at + 1);
            path.clone_from(own);
            rest = &rest[at..];
        }
        for segment in rest {
            match segment {
                PlannedSegment::Literal(text) => path = format!("{path}/{}", encode_written(text)),
                PlannedSegment::Parameter { name, place, source } => match self.parameter(&path, name, place, source) {
                    Ok(extended) => path = extended,
                    Err(other) => return other,
                },
            }
        }
        Resolution::Path(path)
    }

    /// The path with the value of a parameter.
    fn parameter(
        &self,
        path: &str,
        name: &str,
        place: &ParameterPosition,
        source: &Source,
    ) -> Result<String, Resolution> {
        let with_key = |key: &str| {
            let segment = encode_key(key).ok_or_else(|| nothing(place, "its value cannot stand in a URL"))?;
            Ok(format!("{path}/{segment}"))
        };
        match source {
            Source::Profile(value) if place.is_addressed() => {
                let value = encode_addressed(value).ok_or_else(|| nothing(place, "its value cannot stand in a URL"))?;
                let (before, after) = around_parameters(name);
                Ok(format!("{path}/{}{value}{}", encode_written(before), encode_written(after)))
            }
            // All parameters of one segment get the one value that the profile has for it.
            Source::Profile(value) if name.contains(['{', '<']) => {
                Ok(format!("{path}/{}", Segment::read(name).fill(encode, |_| encode_quoted(value))))
            }
            Source::Profile(value) => with_key(value),
            Source::Created | Source::First => {
                let is_child = |own: &&String| own.rsplit_once('/').is_some_and(|(parent, _)| parent == path);
                if let Some(own) = self.created.get(place).and_then(|paths| paths.iter().rev().find(is_child)) {
                    return Ok(own.clone());
                }
                match self.first.get(path) {
                    None => Err(Resolution::Lookup(path.to_owned())),
                    Some(Some(key)) => with_key(key),
                    Some(None) => Err(nothing(place, &format!("{path} has no object that could be taken"))),
                }
            }
            Source::Unknown => Err(nothing(place, "nothing says what it is")),
        }
    }
}

/// What stands before the first parameter of a segment, and after the last; nothing, where the text is only a parameter's name.
fn around_parameters(text: &str) -> (&str, &str) {
    match (text.find(['{', '<']), text.rfind(['}', '>'])) {
        (Some(from), Some(to)) if from < to => (&text[..from], &text[to + 1..]),
        _ => ("", ""),
    }
}

fn nothing(place: &ParameterPosition, why: &str) -> Resolution {
    Resolution::Nothing { place: place.clone(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::permission::Needs;
    use super::super::phase::Phase;
    use super::*;
    use graph_contracts::contract::Grant;

    fn parameter(place: &str, source: Source) -> PlannedSegment {
        let name = place.rsplit('/').next().unwrap_or_default();
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        PlannedSegment::Parameter { name: name.to_owned(), place: ParameterPosition::read(place), source }
    }

    fn step(phase: Phase, segments: Vec<PlannedSegment>) -> Step {
        let needs = Needs::unstated();
        assert_eq!(needs.delegated, Grant::NotStated);
        Step { contracts: vec![0], route: "/route".into(), phase, segments, needs, effects: Vec::new(), skip: None }
    }

    fn literal(text: &str) -> PlannedSegment {
        PlannedSegment::Literal(text.to_owned())
    }

    fn path(resolution: Resolution) -> String {
        match resolution {
            Resolution::Path(path) => path,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn parameters_come_from_the_profile_the_run_and_the_collection() {
        let mut objects = Objects::default();
        let bulbs = |source: Source| {
            step(
                Phase::Read,
                vec![
                    literal("lamps"),
                    parameter("lamps/{id}", source),
                    literal("bulbs"),
                    parameter("lamps/{id}/bulbs/{id}", Source::Created),
                ],
            )
        };
        let profile = || bulbs(Source::Profile("a/b".into()));
        assert_eq!(objects.resolve(&profile()), Resolution::Lookup("/lamps/a%2Fb/bulbs".into()));
        objects.add_first("/lamps/a%2Fb/bulbs".into(), Some("7".into()));
        assert_eq!(path(objects.resolve(&profile())), "/lamps/a%2Fb/bulbs/7");
        assert_eq!(objects.resolve(&bulbs(Source::First)), Resolution::Lookup("/lamps".into()));
        objects.add_first("/lamps".into(), None);
        let Resolution::Nothing { place, why } = objects.resolve(&bulbs(Source::First)) else { panic!("an object") };
        assert_eq!(
            (place.to_string().as_str(), why.as_str()),
            ("lamps/{}", "/lamps has no object that could be taken")
        );
        objects.add_created(ParameterPosition::read("lamps/{id}"), "/lamps/own".into(), None);
        objects.add_created(ParameterPosition::read("lamps/{id}/bulbs/{id}"), "/lamps/own/bulbs/1".into(), None);
        assert_eq!(path(objects.resolve(&bulbs(Source::Created))), "/lamps/own/bulbs/1");
    }

    #[test]
    fn a_change_only_ever_goes_to_an_object_of_the_run() {
        let mut objects = Objects::default();
        let change =
            || step(Phase::Update, vec![literal("lamps"), parameter("lamps/{id}", Source::Profile("mine".into()))]);
        assert!(matches!(objects.resolve(&change()), Resolution::Nothing { .. }));
        objects.add_first("/lamps".into(), Some("found".into()));
        assert!(matches!(objects.resolve(&change()), Resolution::Nothing { .. }));
        objects.add_created(ParameterPosition::read("lamps/{id}"), "/lamps/own".into(), None);
        assert_eq!(path(objects.resolve(&change())), "/lamps/own");
        assert!(objects.remove_created("/lamps/own") && !objects.remove_created("/lamps/own"));
        assert!(matches!(objects.resolve(&change()), Resolution::Nothing { .. }));
        let action = step(Phase::Action, vec![literal("reset")]);
        assert!(matches!(objects.resolve(&action), Resolution::Nothing { .. }));
    }

    #[test]
    fn values_within_a_segment_are_escaped_as_odata_requires() {
        let objects = Objects::default();
        let range = |value: &str| {
            let place = "x/range(address='{address}')";
            step(Phase::Read, vec![literal("x"), parameter(place, Source::Profile(value.into()))])
        };
        assert_eq!(path(objects.resolve(&range("A1:B2"))), "/x/range(address='A1:B2')");
        assert_eq!(path(objects.resolve(&range("it's"))), "/x/range(address='it''s')");
        let words = step(Phase::Read, vec![literal("worksheets('%7Ba%2fb%7D')"), literal("a b(c='d/e')")]);
        assert_eq!(path(objects.resolve(&words)), "/worksheets('%7Ba%2fb%7D')/a%20b(c='d%2Fe')");
    }

    #[test]
    fn the_path_of_an_item_keeps_its_slashes() {
        let check = |route: &str, value: &str, expected: &str| {
            let (source, place) =
                (Source::Profile(value.into()), ParameterPosition::read(&format!("drive/root:/{route}")));
            let last = match value {
                "" => literal(route),
                _ => PlannedSegment::Parameter { name: route.to_owned(), place, source },
            };
            let found =
                path(Objects::default().resolve(&step(Phase::Read, vec![literal("drive"), literal("root:"), last])));
            assert_eq!(found, expected, "{route}");
        };
        check("My%20Files/a.txt:", "", "/drive/root:/My%20Files/a.txt:");
        check("My Files/a.txt:", "", "/drive/root:/My%20Files/a.txt:");
        check("{path}", "My Files/a.txt", "/drive/root:/My%20Files/a.txt");
        check("My%20Files/{path}:", "/b/c d", "/drive/root:/My%20Files/b/c%20d:");
        check("{folder}/{file}.xlsx:", "b/c", "/drive/root:/b/c.xlsx:");
    }
}
