//! The primitive types of OData.

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
    pub fn kind(self) -> Kind {
        match self {
            Primitive::Boolean => Kind::Boolean,
            Primitive::Decimal | Primitive::Double | Primitive::Single => Kind::Number,
            integer if integer.is_integer() => Kind::Number,
            geo if geo.is_geo() => Kind::Object,
            _ => Kind::String,
        }
    }

    /// Whether the values are integers.
    pub fn is_integer(self) -> bool {
        matches!(self, Primitive::Byte | Primitive::SByte | Primitive::Int16 | Primitive::Int32 | Primitive::Int64)
    }

    /// Whether the values are places or shapes, which JSON writes as GeoJSON objects (OData JSON Format 4.01 section 7.1).
    pub fn is_geo(self) -> bool {
        self.name().starts_with("Edm.Geo")
    }
}
