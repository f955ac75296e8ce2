//! Places and shapes as GeoJSON (OData JSON Format 4.01 section 7.1, RFC 7946 section 3.1).

use super::Primitive;
use crate::json::{Json, Kind};

/// Whether a value is a GeoJSON geometry of a geographic or geometric type: `Edm.GeographyPoint` is a `Point`, `Edm.Geography` any.
/// Further members, such as `crs` and `bbox`, are allowed.
pub(super) fn is_geometry(primitive: Primitive, value: &Json) -> bool {
    let name = primitive.name();
    let Some(geometry) = name.strip_prefix("Edm.Geography").or_else(|| name.strip_prefix("Edm.Geometry")) else {
        return false;
    };
    let Some(own) = value.get("type").and_then(Json::as_str) else { return false };
    let is_declared = match geometry {
        "" => true,
        "Collection" => own == "GeometryCollection",
        declared => own == declared,
    };
    is_declared && has_coordinates(value)
}

/// Whether a geometry has the coordinates that its `type` asks for, and those in a collection have, too.
fn has_coordinates(value: &Json) -> bool {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        let coordinates = value.get("coordinates");
        let is_of_depth = |depth| coordinates.is_some_and(|own| is_positions(own, depth));
        let is_valid = match value.get("type").and_then(Json::as_str) {
            Some("Point") => is_of_depth(0),
            Some("MultiPoint" | "LineString") => is_of_depth(1),
            Some("MultiLineString" | "Polygon") => is_of_depth(2),
            Some("MultiPolygon") => is_of_depth(3),
            Some("GeometryCollection") => match value.get("geometries") {
                Some(Json::Array(geometries)) => {
                    left.extend(geometries);
                    true
                }
                _ => false,
            },
            _ => false,
        };
        if !is_valid {
            return false;
        }
    }
    true
}

/// Whether a value is a position, or arrays of them that are nested so deep. A position has two numbers or more.
fn is_positions(value: &Json, depth: u8) -> bool {
    let Json::Array(items) = value else { return false };
    match depth {
        0 => items.len() >= 2 && items.iter().all(|item| item.kind() == Kind::Number),
        depth => items.iter().all(|item| is_positions(item, depth - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geometry_is_of_its_type_and_has_its_coordinates() {
        let check = |primitive, json: &str, expected: bool| {
            let value = crate::json::parse(json).expect(json).json;
            assert_eq!(is_geometry(primitive, &value), expected, "{primitive:?} {json}");
        };
        let point = r#"{"type": "Point", "coordinates": [8.5, 47.4]}"#;
        check(Primitive::GeographyPoint, point, true);
        check(Primitive::GeometryPoint, point, true);
        check(Primitive::Geography, point, true);
        check(Primitive::GeographyPolygon, point, false);
        check(Primitive::String, point, false);
        check(Primitive::GeographyPoint, r#"{"type": "Point", "coordinates": [8.5]}"#, false);
        check(Primitive::GeographyPoint, r#"{"type": "Point", "coordinates": ["8.5", "47.4"]}"#, false);
        check(Primitive::GeographyPoint, r#"{"type": "point", "coordinates": [8.5, 47.4]}"#, false);
        check(Primitive::GeographyPoint, r#"{"coordinates": [8.5, 47.4]}"#, false);
        check(Primitive::GeographyPoint, r#"{"latitude": 8.5, "longitude": 47.4}"#, false);
        let line = r#"{"type": "LineString", "coordinates": [[1, 2], [3, 4, 5]]}"#;
        check(Primitive::GeographyLineString, line, true);
        check(Primitive::GeographyMultiPoint, line, false);
        check(Primitive::GeometryPolygon, r#"{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}"#, true);
        check(Primitive::GeometryPolygon, r#"{"type": "Polygon", "coordinates": [[0, 0], [1, 0]]}"#, false);
        let areas = r#"{"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [0, 0]]]]}"#;
        check(Primitive::GeographyMultiPolygon, areas, true);
        check(
            Primitive::GeographyCollection,
            &format!(r#"{{"type": "GeometryCollection", "geometries": [{point}, {line}]}}"#),
            true,
        );
        check(
            Primitive::GeographyCollection,
            r#"{"type": "GeometryCollection", "geometries": [{"type": "Point"}]}"#,
            false,
        );
    }
}
