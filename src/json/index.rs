//! Many values of one tree, each looked up by its path.

use foldhash::{HashMap, HashMapExt as _};

use super::{Step, Tree};

/// A tree whose objects are indexed by the names of their members as soon as one of them is asked for. [`Tree::at`] goes through the
/// members of every object on its way, which is the square of an object's size for all of its members.
#[derive(Debug)]
pub struct Index<'t, T> {
    root: &'t T,
    /// The members of the objects that were asked for, by the address of the object.
    objects: HashMap<*const T, HashMap<&'t str, &'t T>>,
}

impl<'t, T: Tree> Index<'t, T> {
    /// An index of nothing yet.
    pub fn new(root: &'t T) -> Index<'t, T> {
        Index { root, objects: HashMap::new() }
    }

    /// What is at the end of these steps, the first of members of one name.
    pub fn at(&mut self, steps: &[Step]) -> Option<&'t T> {
        steps.iter().try_fold(self.root, |value, step| match step {
            Step::Name(name) => self.member(value, name),
            Step::Index(index) => value.elements()?.get(*index),
        })
    }

    fn member(&mut self, object: &'t T, name: &str) -> Option<&'t T> {
        let members = object.members()?;
        let by_name = self.objects.entry(std::ptr::from_ref(object)).or_insert_with(|| {
            let mut by_name = HashMap::with_capacity(members.len());
            members.for_each(|(name, value)| {
                by_name.entry(name).or_insert(value);
            });
            by_name
        });
        by_name.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, Member, Path, parse};

    #[track_caller]
    fn check(text: &str, path: &Path, expected: Option<&str>) {
        let json = parse(text).expect("JSON").json;
        let mut index = Index::new(&json);
        for _ in 0..2 {
            assert_eq!(index.at(path.steps()).map(Json::to_string).as_deref(), expected, "{path}");
        }
        assert_eq!(json.at(path.steps()).map(Json::to_string).as_deref(), expected, "{path}");
    }

    #[test]
    fn a_value_is_found_as_without_an_index() {
        let root = Path::root();
        check(r#"{"a": [{"b": 1}]}"#, &root, Some(r#"{"a":[{"b":1}]}"#));
        check(r#"{"a": [{"b": 1}]}"#, &root.member("a").element(0).member("b"), Some("1"));
        check(r#"{"a": 1, "a": 2}"#, &root.member("a"), Some("1"));
        check(r#"{"a": 1}"#, &root.member("b"), None);
        check(r#"{"a": 1}"#, &root.element(0), None);
        check("[1]", &root.member("a"), None);
    }

    #[test]
    fn all_members_of_a_large_object_take_no_square_of_its_size() {
        let member = |index: u32| Member { name: format!("m{index}"), value: Json::Null };
        let object = Json::Object((0..200_000).map(member).collect());
        let mut index = Index::new(&object);
        assert!((0..200_000).all(|at| index.at(Path::root().member(&format!("m{at}")).steps()).is_some()));
    }
}
