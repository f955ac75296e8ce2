//! Where a parameter stands in a route. Parameters are known by their place, not by their name: the two of
//! `groups/{id}/members/{id}` are different, and `groups/{id}` and `groups/{group-id}` are the same.

use std::fmt;

use graph_contracts::url::Segment;

/// A route up to a segment, whatever its parameters are called and in whatever case its words are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterPosition(Vec<String>);

impl ParameterPosition {
    /// The key of a route's path, or of its beginning.
    pub fn read(path: &str) -> ParameterPosition {
        ParameterPosition(Segment::of_path(path).iter().map(Segment::unnamed).collect())
    }

    /// Whether the last segment has a parameter.
    pub fn is_parameter(&self) -> bool {
        self.0.last().is_some_and(|last| last.contains("{}"))
    }

    /// Whether the last segment is the key of an object in the collection before it.
    pub fn is_key(&self) -> bool {
        self.0.len() > 1 && self.0.last().is_some_and(|last| last == "{}") && !self.is_addressed()
    }

    /// Whether the last segment is a path: what stands between a `:` and the next one, or the end (Microsoft Graph documentation,
    /// "Addressing resources in a drive").
    pub fn is_addressed(&self) -> bool {
        let Some((_, before)) = self.0.split_last() else { return false };
        before.iter().fold(false, |is_open, segment| segment.ends_with(':') && !is_open)
    }

    /// The place around this one; for a key, the collection.
    pub fn parent(&self) -> Option<ParameterPosition> {
        let (_, parent) = self.0.split_last().filter(|(_, parent)| !parent.is_empty())?;
        Some(ParameterPosition(parent.to_vec()))
    }

    /// Whether this place is another one, or within it.
    pub fn is_at_or_within(&self, other: &ParameterPosition) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The place of the objects in a collection.
    pub fn item(&self) -> ParameterPosition {
        ParameterPosition(self.0.iter().cloned().chain(["{}".to_owned()]).collect())
    }

    /// The number of segments.
    pub fn depth(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for ParameterPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_by_their_place() {
        let same = |one: &str, other: &str| ParameterPosition::read(one) == ParameterPosition::read(other);
        assert!(same("/groups/{id}", "groups/{group-id}"));
        assert!(same("/Groups/<id>/", "groups/(id)"));
        assert!(!same("/groups/{id}", "/groups/{id}/members/{id}"));
        assert!(same("/x/range(address='{a}')", "/x/Range(Address='{b}')"));
        let place = ParameterPosition::read("/groups/{id}/members/{id}");
        assert_eq!(place.to_string(), "groups/{}/members/{}");
        assert_eq!(place.parent().map(|parent| parent.to_string()).as_deref(), Some("groups/{}/members"));
        let within = ParameterPosition::read("/drive/root:/{path}:/f(path='a/b')").parent();
        assert_eq!(within.map(|parent| parent.to_string()).as_deref(), Some("drive/root:/{}:"));
        let is_addressed = |path: &str| ParameterPosition::read(path).is_addressed();
        assert!(is_addressed("/drive/root:/{path}:") && is_addressed("/sites/{host}:/{path}"));
        assert!(
            !is_addressed("/drive/root:/{path}:/x")
                && !is_addressed("/sites/{host}")
                && !is_addressed("/sites/{host}:")
        );
        let is_key = |path: &str| ParameterPosition::read(path).is_key();
        assert!(is_key("/users/{id}") && is_key("/drive/root:/{path}:/children/{id}"));
        assert!(!is_key("/sites/{host}:/{path}") && !is_key("/{id}") && !is_key("/f(a={b})"));
        let is_within =
            |path: &str, other: &str| ParameterPosition::read(path).is_at_or_within(&ParameterPosition::read(other));
        assert!(is_within("/a/{id}/b/{id}", "/A/{a-id}") && is_within("/a/{id}", "/a/{id}"));
        assert!(!is_within("/rooms/{id}.xlsx", "/rooms/{id}") && !is_within("/a", "/a/{id}"));
        assert!(place.is_parameter() && !ParameterPosition::read("/groups").is_parameter());
    }
}
