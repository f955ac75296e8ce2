//! Casts to derived types at the end of a path (OData URL Conventions 4.01 section 4.11).

use super::fold::without_namespace;
use super::percent::decode;
use super::segment::Segment;

/// A path with a cast at its end, or before the `/$count` at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastPath<'p> {
    /// The path before the cast.
    pub before: &'p str,
    /// The type as it is written, without the namespace of Microsoft Graph.
    pub type_name: String,
    /// Whether `/$count` follows.
    pub counts: bool,
}

impl<'p> CastPath<'p> {
    /// Reads a path; `None` if it has no cast. A function without its parentheses looks the same.
    pub fn read(path: &'p str) -> Option<CastPath<'p>> {
        let path = path.trim_end_matches('/');
        let (path, counts) = path.strip_suffix("/$count").map_or((path, false), |path| (path, true));
        let (before, last) = path.rsplit_once('/')?;
        let name = decode(last);
        let lower = name.to_lowercase();
        let bare = without_namespace(&lower);
        let segment = Segment::read(&name);
        let is_name = segment.arguments.is_none() && !segment.has_colon && segment.is_identifier();
        let is_cast = bare.len() < lower.len() && !before.is_empty() && is_name;
        let type_name = name.get(name.len().checked_sub(bare.len())?..)?.to_owned();
        is_cast.then_some(CastPath { before, type_name, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_stands_at_the_end_of_a_path() {
        let check = |path: &str, expected: Option<(&str, &str, bool)>| {
            let read = CastPath::read(path);
            let read = read.as_ref().map(|own| (own.before, own.type_name.as_str(), own.counts));
            assert_eq!(read, expected, "{path}");
        };
        check("/v1.0/me/memberOf/microsoft.graph.Group", Some(("/v1.0/me/memberOf", "Group", false)));
        check("/v1.0/me/memberOf/graph.group/$count", Some(("/v1.0/me/memberOf", "group", true)));
        check("/v1.0/calls/microsoft.graph.callRecords.session/", Some(("/v1.0/calls", "callRecords.session", false)));
        check("/v1.0/users/ann.smith", None);
        check("/v1.0/users/microsoft.graph.delta()", None);
        check("/v1.0/users/microsoft.graph.group:", None);
        check("/v1.0/me/memberOf/microsoft.graph.", None);
        check("/v1.0/me/memberOf/$count", None);
        check("microsoft.graph.group", None);
    }
}
