//! The type texts of property tables: `Int32`, `String collection`, `[user](user.md)`, `Collection(Edm.String)`.

use strum::{EnumString, IntoStaticStr};

use crate::json::Kind;

/// The OData primitive types that documentation uses (OData CSDL 4.01 section 3.3).
#[derive(Clone, Copy, Debug, EnumString, IntoStaticStr, PartialEq, Eq, Hash)]
#[strum(ascii_case_insensitive, prefix = "Edm.")]
pub enum Primitive {
    /// Base64url text.
    Binary,
    /// `true` or `false`.
    #[strum(to_string = "Boolean", serialize = "bool")]
    Boolean,
    /// A date, `2017-01-01`.
    Date,
    /// A date with time and offset, `2017-01-01T00:00:00Z`.
    #[strum(to_string = "DateTimeOffset", serialize = "datetime", serialize = "timestamp")]
    DateTimeOffset,
    /// A decimal number.
    Decimal,
    /// A floating-point number.
    Double,
    /// A duration, `P1DT2H`.
    Duration,
    /// A GUID.
    Guid,
    /// A 16-bit integer.
    Int16,
    /// A 32-bit integer.
    #[strum(to_string = "Int32", serialize = "int", serialize = "integer")]
    Int32,
    /// A 64-bit integer.
    #[strum(to_string = "Int64", serialize = "long")]
    Int64,
    /// A single-precision floating-point number.
    #[strum(to_string = "Single", serialize = "float")]
    Single,
    /// A stream of bytes.
    Stream,
    /// Text.
    String,
    /// A time of day, `23:59:59`.
    #[strum(to_string = "TimeOfDay", serialize = "time")]
    TimeOfDay,
    /// An 8-bit integer without sign.
    Byte,
    /// An 8-bit integer with a sign.
    SByte,
    /// A place or an area on the earth, as are the types below.
    Geography,
    /// A point on the earth.
    GeographyPoint,
    /// A line on the earth.
    GeographyLineString,
    /// An area on the earth.
    GeographyPolygon,
    /// Points on the earth.
    GeographyMultiPoint,
    /// Lines on the earth.
    GeographyMultiLineString,
    /// Areas on the earth.
    GeographyMultiPolygon,
    /// Shapes on the earth.
    GeographyCollection,
    /// A shape on a flat surface, as are the types below.
    Geometry,
    /// A point on a flat surface.
    GeometryPoint,
    /// A line on a flat surface.
    GeometryLineString,
    /// An area on a flat surface.
    GeometryPolygon,
    /// Points on a flat surface.
    GeometryMultiPoint,
    /// Lines on a flat surface.
    GeometryMultiLineString,
    /// Areas on a flat surface.
    GeometryMultiPolygon,
    /// Shapes on a flat surface.
    GeometryCollection,
}

impl Primitive {
    /// Reads a documented name in any case, with or without `Edm.`.
    pub fn read(text: &str) -> Option<Primitive> {
        text.strip_prefix("Edm.").unwrap_or(text).parse().ok()
    }

    /// The OData name, such as `Edm.Int32`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The JSON kind of the values (OData JSON Format 4.01 section 7.1).
    pub(crate) fn kind(self) -> Kind {
        match self {
            Primitive::Boolean => Kind::Boolean,
            Primitive::Decimal | Primitive::Double | Primitive::Single => Kind::Number,
            integer if integer.is_integer() => Kind::Number,
            geo if geo.is_geo() => Kind::Object,
            _ => Kind::String,
        }
    }

    /// Whether the values are integers.
    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 | Primitive::Int64)
    }

    /// Whether the values are places or shapes, which JSON writes as GeoJSON objects (OData JSON Format 4.01 section 7.1).
    pub fn is_geo(self) -> bool {
        self.name().starts_with("Edm.Geo")
    }
}

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
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let (name, collection) = match (lower.strip_prefix("collection("), lower.strip_suffix(" collection")) {
            (Some(inner), _) => (text[text.len() - inner.len()..].trim_end_matches(')'), true),
            (None, Some(name)) => (&text[..name.len()], true),
            (None, None) => (text, false),
        };
        // "String (timestamp)", "String (identifier)": the word in parentheses qualifies the type.
        (name.split_once('(').map_or(name, |(name, _)| name).trim(), collection)
    }
}

/// Whether a text is the name of a type, with or without its namespace.
fn is_qualified(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    let is_identifier = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    // Namespaces begin with a small letter; `User.Read` is a permission.
    let is_namespace = |(namespace, _): (&str, &str)| namespace.starts_with(|c: char| c.is_ascii_lowercase());
    name.split('.').all(is_identifier) && name.split_once('.').is_none_or(is_namespace)
}

/// `user` and `microsoft.graph.user` as `microsoft.graph.user`; `None` for what is not a name.
fn qualified(name: &str) -> Option<String> {
    let bare = name.strip_prefix('#').unwrap_or(name);
    is_qualified(name).then(|| if bare.contains('.') { bare.to_owned() } else { format!("microsoft.graph.{bare}") })
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
