//! Checks values against their declarations.

use super::MismatchKind;
use crate::contract::Property;
use crate::edm::{LargeNumbers, Primitive, conforms, unknown_member};
use crate::json::{Json, Kind};
use crate::normal::{Node, Shape};

/// What a contract declares of a value.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared<'a> {
    /// The property that the value, or the collection around it, is the value of.
    pub(super) property: Option<&'a Property>,
    /// The type of the value, or of its elements.
    pub(super) type_name: Option<&'a str>,
    /// Whether the value is an element of the property's collection.
    pub(super) is_element: bool,
    /// How the message writes large numbers.
    pub(super) large_numbers: LargeNumbers,
    /// The page of the type that has the property, if it is not the contract's own.
    pub(super) page: Option<&'a str>,
}

/// What a single value may be.
enum Kinds<'a> {
    Primitive(Primitive),
    Enumeration(&'a [String]),
    /// A type of which no more is known than that it has a name.
    Named,
    Unknown,
}

impl<'a> Declared<'a> {
    /// The members of the enumeration, where the pages list them.
    pub(super) fn enumeration(&self) -> Option<&'a [String]> {
        self.property.map(|property| property.values.as_slice()).filter(|values| !values.is_empty())
    }

    pub(super) fn primitive(&self) -> Option<Primitive> {
        self.type_name.filter(|_| !self.is_from_example()).and_then(Primitive::read)
    }

    /// Whether the type is only that of the example's value: then the example decides, and no table does.
    fn is_from_example(&self) -> bool {
        self.property.is_some_and(|property| property.from_example)
    }

    fn kinds(&self) -> Kinds<'a> {
        match (self.enumeration(), self.type_name) {
            (Some(values), _) => Kinds::Enumeration(values),
            (None, Some(crate::contract::UNTYPED) | None) => Kinds::Unknown,
            _ if self.is_from_example() => Kinds::Unknown,
            (None, Some(name)) => Primitive::read(name).map_or(Kinds::Named, Kinds::Primitive),
        }
    }

    /// Whether anything is known of a value that the example shows as `null`.
    pub(super) fn says_anything(&self) -> bool {
        self.is_collection() || !matches!(self.kinds(), Kinds::Unknown | Kinds::Named)
    }

    pub(super) fn is_collection(&self) -> bool {
        !self.is_element && self.property.is_some_and(|property| property.collection)
    }

    /// Whether the value may be null, if the page says so or denies it.
    pub(super) fn nullable(&self) -> Option<bool> {
        self.property.filter(|_| !self.is_element)?.nullable
    }
}

/// What is wrong with a value that stands where the page shows another one, if it is not what is declared of it. Of two
/// objects or two arrays, only that they are.
pub(super) fn difference(
    declared: &Declared<'_>,
    placeholder: Option<&str>,
    expected: &Node,
    actual: &Node,
) -> Option<MismatchKind> {
    let is_container = |kind| matches!(kind, Kind::Array | Kind::Object);
    match (expected.kind(), actual.kind()) {
        // What a null means is for `presence.rs` to say.
        (_, Kind::Null) => None,
        (Kind::Null, other) if declared.is_collection() => match other {
            Kind::Array => None,
            Kind::Object => Some(MismatchKind::Structure),
            _ => Some(MismatchKind::Type),
        },
        (Kind::Null, Kind::Array) if declared.property.is_some() && !declared.is_element => {
            Some(MismatchKind::Structure)
        }
        (Kind::Null, other) if is_container(other) => {
            matches!(declared.kinds(), Kinds::Primitive(_) | Kinds::Enumeration(_)).then_some(MismatchKind::Type)
        }
        (Kind::Array, Kind::Object) | (Kind::Object, Kind::Array) => Some(MismatchKind::Structure),
        (Kind::Object, Kind::Object) => {
            let geo = declared.primitive().filter(|own| own.is_geo())?;
            let is_valid = |node: &Node| conforms(geo, &node.to_json(), declared.large_numbers);
            (is_valid(expected) && !is_valid(actual)).then_some(MismatchKind::Format)
        }
        (one, other) if is_container(one) || is_container(other) => (one != other).then_some(MismatchKind::Type),
        _ => difference_of_scalars(declared, placeholder, &expected.to_json(), &actual.to_json()),
    }
}

fn difference_of_scalars(
    declared: &Declared<'_>,
    placeholder: Option<&str>,
    expected: &Json,
    actual: &Json,
) -> Option<MismatchKind> {
    let kinds = match placeholder.and_then(Primitive::read) {
        Some(primitive) => Kinds::Primitive(primitive),
        None => declared.kinds(),
    };
    // The page contradicts itself where its example is not of the type in its table; a response may follow either.
    let like_example = |is_valid: bool| placeholder.is_none() && !is_valid && resembles(expected, actual);
    match kinds {
        Kinds::Primitive(primitive) => {
            let is_valid = |value: &Json| conforms(primitive, value, declared.large_numbers);
            if is_valid(actual) || like_example(*expected == Json::Null || is_valid(expected)) {
                None
            } else if primitive.kind() == actual.kind() {
                Some(MismatchKind::Format)
            } else {
                Some(MismatchKind::Type)
            }
        }
        Kinds::Enumeration(values) => {
            let is_valid = |value: &Json| value.as_str().is_some_and(|text| is_member(values, text));
            if is_valid(actual) || expected == actual {
                None
            } else if actual.kind() == Kind::String {
                Some(MismatchKind::Enum)
            } else {
                // Some enumerations are documented by number.
                (!resembles(expected, actual)).then_some(MismatchKind::Type)
            }
        }
        // Such a placeholder, or a null, says nothing of the value.
        Kinds::Named | Kinds::Unknown if placeholder.is_some() || *expected == Json::Null => None,
        Kinds::Named => (expected.kind() != actual.kind()).then_some(MismatchKind::Type),
        Kinds::Unknown if expected.kind() != actual.kind() => Some(MismatchKind::Type),
        Kinds::Unknown => (!resembles(expected, actual)).then_some(MismatchKind::Format),
    }
}

/// Whether a text is a value of the enumeration of which a page lists these members.
pub(super) fn is_member(values: &[String], text: &str) -> bool {
    unknown_member(text, None, |name| values.iter().any(|value| value == name)).is_none()
}

/// Whether a value is of the same kind as another, and has its form if that has one.
fn resembles(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::String(one), Json::String(other)) => form(one).is_none_or(|form| Shape::of_string(other) == form),
        _ => expected.kind() == actual.kind(),
    }
}

/// The form that no text has by chance.
pub(super) fn form(text: &str) -> Option<Shape> {
    let shape = Shape::of_string(text);
    matches!(shape, Shape::DateTime | Shape::Date | Shape::Guid | Shape::Duration).then_some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::Text;

    fn node(json: &str) -> Node {
        match crate::json::parse(json).expect(json).json {
            Json::String(text) => Node::String(Text::literal(&text)),
            Json::Array(_) => Node::Array(Vec::new()),
            Json::Object(_) => Node::Object(Vec::new()),
            other => Node::Plain(other),
        }
    }

    fn property(type_name: &str) -> Property {
        Property { name: "p".to_owned(), type_name: type_name.to_owned(), ..Property::default() }
    }

    #[track_caller]
    fn check_property(property: &Property, documented: &str, actual: &str, expected: Option<MismatchKind>) {
        let declared =
            Declared { property: Some(property), type_name: Some(&property.type_name), ..Declared::default() };
        let found = difference(&declared, None, &node(documented), &node(actual));
        assert_eq!(found, expected, "{} {documented}: {actual}", property.type_name);
    }

    /// These values are of the type, and the others are not.
    #[track_caller]
    fn check(type_name: &str, documented: &str, good: &[&str], bad: &[(&str, MismatchKind)]) {
        let property = property(type_name);
        good.iter().for_each(|actual| check_property(&property, documented, actual, None));
        bad.iter().for_each(|(actual, kind)| check_property(&property, documented, actual, Some(*kind)));
    }

    const TYPE: MismatchKind = MismatchKind::Type;
    const FORMAT: MismatchKind = MismatchKind::Format;

    #[test]
    fn values_are_held_against_the_primitive_types() {
        check(
            "Edm.String",
            "\"a\"",
            &["\"\"", "\"b\"", "\"2017-01-01\""],
            &[("1", TYPE), ("true", TYPE), ("[]", TYPE)],
        );
        check("Edm.Boolean", "true", &["false"], &[("\"true\"", TYPE), ("1", TYPE), ("{}", TYPE)]);
        check("Edm.Byte", "1", &["0", "255"], &[("256", FORMAT), ("-1", FORMAT)]);
        check("Edm.Int16", "1", &["-32768", "32767"], &[("32768", FORMAT), ("1.5", FORMAT), ("\"1\"", TYPE)]);
        check("Edm.Int32", "1", &["-2147483648"], &[("2147483648", FORMAT), ("1e2", FORMAT), ("1.0", FORMAT)]);
        check("Edm.Int64", "1", &["9223372036854775807"], &[("9223372036854775808", FORMAT)]);
        check("Edm.Double", "1.5", &["1", "-1e300", "\"INF\"", "\"NaN\""], &[("\"1\"", TYPE)]);
        check("Edm.Decimal", "1.5", &["1", "12345678901234567890.123"], &[("\"1.5\"", TYPE)]);
        let guid = "\"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\"";
        check("Edm.Guid", guid, &[guid], &[("\"1e5b41ba\"", FORMAT), ("\"\"", FORMAT), ("1", TYPE)]);
        let time = "\"2017-01-01T00:00:00Z\"";
        check("Edm.DateTimeOffset", time, &["\"9999-12-31T23:59:59.9999999Z\""], &[("\"2017-01-01\"", FORMAT)]);
        check("Edm.Date", "\"2017-01-01\"", &["\"2020-02-29\""], &[("\"2017-02-29\"", FORMAT), (time, FORMAT)]);
        check("Edm.TimeOfDay", "\"08:00:00\"", &["\"23:59\"", "\"08:00:00.0000000\""], &[("\"24:30\"", FORMAT)]);
        check("Edm.Duration", "\"PT1H\"", &["\"-P1DT0.5S\""], &[("\"1 hour\"", FORMAT)]);
        check("Edm.Binary", "\"AQID\"", &["\"_-8=\"", "\"/+8\"", "\"\""], &[("\"A\"", FORMAT), ("\"a b\"", FORMAT)]);
    }

    #[test]
    fn enumerations_are_held_against_their_members() {
        let values = vec!["on".to_owned(), "off".to_owned()];
        let property = Property { values, ..property("microsoft.graph.power") };
        check_property(&property, "\"on\"", "\"off\"", None);
        check_property(&property, "\"on\"", "\"on, off\"", None);
        check_property(&property, "\"on\"", "\"dim\"", Some(MismatchKind::Enum));
        check_property(&property, "\"on\"", "\"on,dim\"", Some(MismatchKind::Enum));
        check_property(&property, "\"on\"", "1", Some(TYPE));
        check_property(&property, "null", "\"dim\"", Some(MismatchKind::Enum));
    }

    #[test]
    fn a_response_may_follow_the_example_where_it_contradicts_the_table() {
        check_property(&property("Edm.Int64"), "\"12\"", "\"13\"", None);
        check_property(&property("Edm.Int64"), "\"12\"", "13", None);
        check_property(&property("Edm.Int64"), "\"12\"", "true", Some(TYPE));
        let values = vec!["on".to_owned()];
        let property = Property { values, ..property("microsoft.graph.power") };
        check_property(&property, "\"dim\"", "\"dim\"", None);
        check_property(&property, "\"dim\"", "\"bright\"", Some(MismatchKind::Enum));
    }

    #[test]
    fn where_the_page_shows_null_its_table_says_what_else_there_may_be() {
        check_property(&property("Edm.Int32"), "null", "null", None);
        check_property(&property("Edm.Int32"), "null", "7", None);
        check_property(&property("Edm.Int32"), "null", "\"7\"", Some(TYPE));
        check_property(&property("Edm.Int32"), "null", "[]", Some(MismatchKind::Structure));
        check_property(&property("Edm.Int32"), "null", "{}", Some(TYPE));
        let collection = Property { collection: true, ..property("Edm.Int32") };
        check_property(&collection, "null", "[]", None);
        check_property(&collection, "null", "{}", Some(MismatchKind::Structure));
        check_property(&collection, "null", "7", Some(TYPE));
        check_property(&property("microsoft.graph.thing"), "null", "{}", None);
    }

    #[test]
    fn an_undeclared_value_is_held_against_the_documented_one() {
        let check = |documented: &str, actual: &str, expected: Option<MismatchKind>| {
            let found = difference(&Declared::default(), None, &node(documented), &node(actual));
            assert_eq!(found, expected, "{documented}: {actual}");
        };
        check("\"a\"", "\"2017-01-01\"", None);
        check("\"2017-01-01\"", "\"a\"", Some(FORMAT));
        check("1", "1.5", None);
        check("1", "\"1\"", Some(TYPE));
        check("{}", "[]", Some(MismatchKind::Structure));
        check("[]", "1", Some(TYPE));
        check("null", "1", None);
    }
}
