//! The type texts of property tables: `Int32`, `String collection`, `[user](user.md)`, `Collection(Edm.String)`.

use crate::edm::Primitive;

/// A type as a property table names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// The OData primitive type, or the qualified name of another type.
    pub name: String,
    /// Whether it is a collection of that type.
    pub collection: bool,
}

impl TypeName {
    /// Whether the text of a cell reads as the name of a type.
    pub fn is_type(text: &str) -> bool {
        let (name, _) = TypeName::split(text);
        Primitive::read(name).is_some() || is_qualified(name)
    }

    /// Reads the text of a type cell; `None` if it does not read as the name of a type.
    pub fn read(text: &str) -> Option<TypeName> {
        let (name, collection) = TypeName::split(text);
        let name = match Primitive::read(name) {
            Some(primitive) => primitive.name().to_owned(),
            None => qualified(name)?,
        };
        Some(TypeName { name, collection })
    }

    /// The name in the text of a cell, and whether it is of a collection.
    fn split(text: &str) -> (&str, bool) {
        const BEFORE: &str = "collection(";
        const BEHIND: &str = " collection";
        let text = text.trim();
        let before = text.split_at_checked(BEFORE.len()).filter(|(first, _)| first.eq_ignore_ascii_case(BEFORE));
        let behind = text.len().checked_sub(BEHIND.len()).and_then(|at| text.split_at_checked(at));
        let behind = behind.filter(|(_, last)| last.eq_ignore_ascii_case(BEHIND));
        let (name, collection) = match (before, behind) {
            (Some((_, inner)), _) => (inner.trim_end_matches(')'), true),
            (None, Some((name, _))) => (name, true),
            (None, None) => (text, false),
        };
        // "String (timestamp)", "String (identifier)": the word in parentheses qualifies the type.
        (name[..memchr::memchr(b'(', name.as_bytes()).unwrap_or(name.len())].trim(), collection)
    }
}

/// Whether a text is the name of a type, with or without its namespace.
fn is_qualified(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    let is_identifier = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_alphabetic)
            && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    // Namespaces begin with a small letter; `User.Read` is a permission.
    let is_namespace = || name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.contains('.');
    name.as_bytes().split(|byte| *byte == b'.').all(is_identifier) && is_namespace()
}

/// `user` and `microsoft.graph.user` as `microsoft.graph.user`; `None` for what is not a name.
fn qualified(name: &str) -> Option<String> {
    let bare = name.strip_prefix('#').unwrap_or(name);
    is_qualified(name).then(|| if bare.contains('.') { bare.to_owned() } else { ["microsoft.graph.", bare].concat() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, bool)>) {
        let read = TypeName::read(text);
        assert_eq!(read.as_ref().map(|t| (t.name.as_str(), t.collection)), expected, "{text}");
    }

    #[test]
    fn type_texts_are_read() {
        check("Int32", Some(("Edm.Int32", false)));
        check(" string ", Some(("Edm.String", false)));
        check("String collection", Some(("Edm.String", true)));
        check("Collection(Edm.Guid)", Some(("Edm.Guid", true)));
        check("user", Some(("microsoft.graph.user", false)));
        check("microsoft.graph.identitySet collection", Some(("microsoft.graph.identitySet", true)));
        check("String (timestamp)", Some(("Edm.String", false)));
    }

    #[test]
    fn sentences_are_no_types() {
        for text in ["", "Key of the entity.", "application/json", "Bearer <token> Required.", "{x}"] {
            check(text, None);
        }
    }
}
