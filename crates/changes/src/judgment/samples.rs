//! Two samples of one value.

use super::{Expected, Value, added_value};
use crate::Kind;
use crate::declared::Side;
use graph_contracts::json;
use graph_contracts::normal::Shape;

/// What it means that a value of a message has another sample; `None` if nothing changed. A sample of a declared type is only a sample. In a
/// response, one that is no longer as declared is what callers may fail on.
pub(crate) fn of_values(side: Side, old: &Value<'_>, new: &Value<'_>) -> Option<Kind> {
    let (was, is) = (old.kinds_of_values(), new.kinds_of_values());
    if old.is_annotation {
        return (old.scalars != new.scalars || old.kinds != new.kinds).then_some(Kind::AnnotationChanged);
    }
    // Nothing is known of a value of which there was only null, or only the name of a type.
    let is_known = !was.is_empty() && !is.is_empty();
    let is_other_kind = is_known && !is.is_subset(&was);
    if is_known {
        let judged = match of_declared(side, old, new, is_other_kind) {
            Judged::As(kind) => Some(kind),
            Judged::Sample => None,
            // Nobody says that it is a text, and its quotes are gone: a fault of the page was corrected.
            Judged::Unknown if is_other_kind && is_unquoted(old, new) => None,
            Judged::Unknown if is_other_kind => Some(side.of(Kind::RequestMemberRetyped, Kind::ResponseMemberRetyped)),
            Judged::Unknown if side == Side::Response && has_other_date(old, new) => Some(Kind::ResponseValueForm),
            Judged::Unknown => None,
        };
        if judged.is_some() {
            return judged;
        }
    }
    let has_null = |value: &Value<'_>| value.kinds.contains(&json::Kind::Null);
    let is_new_null = !was.is_empty() && has_null(new) && !has_null(old);
    if is_new_null && side == Side::Response && is_never_null(old, new) {
        return Some(Kind::ResponseMemberNull);
    }
    // Where all values are volatile on one side, nothing is compared.
    let differ = old.scalars != new.scalars && !old.scalars.is_empty() && !new.scalars.is_empty();
    (differ || is_other_kind || has_null(old) != has_null(new)).then_some(Kind::SampleChanged)
}

/// What two declarations say of two samples.
enum Judged {
    /// This.
    As(Kind),
    /// They are samples of what is declared.
    Sample,
    /// Nothing.
    Unknown,
}

fn of_declared(side: Side, old: &Value<'_>, new: &Value<'_>, is_other_kind: bool) -> Judged {
    let (was, is) = (old.stated(), new.stated());
    // What only one side declares is unknown of the other, and not another type there.
    let (declared, is_one_type) = match (was, is) {
        // A page may list values without a type that is known.
        (None, None) => {
            let listed = of_listed(old, new).filter(|_| side == Side::Response && !is_other_kind);
            return listed.map_or(Judged::Unknown, Judged::As);
        }
        (Some(one), Some(other)) => {
            (old.expected, (&one.type_name, one.collection) == (&other.type_name, other.collection))
        }
        (Some(_), None) => (old.expected, true),
        (None, Some(_)) => (new.expected, true),
    };
    if !is_one_type {
        // The change of the type says what it means, and this shows it.
        let retyped = side.of(Kind::RequestMemberRetyped, Kind::ResponseMemberRetyped);
        return if is_other_kind { Judged::As(retyped) } else { Judged::Sample };
    }
    if side == Side::Request {
        return Judged::Sample;
    }
    // A sample that was not as declared was a fault of the page.
    let was_as_declared = old.samples.iter().all(|value| declared.allows(value) != Some(false));
    let is_as_declared = new.samples.iter().all(|value| declared.allows(value) != Some(false));
    if was_as_declared && !is_as_declared {
        return Judged::As(if is_other_kind || is_number(new) {
            Kind::ResponseMemberRetyped
        } else {
            Kind::ResponseValueForm
        });
    }
    of_listed(old, new).map_or(Judged::Sample, Judged::As)
}

/// What it means that a response shows a value that an enumeration does not list, and did not show one before. A value that only the new side
/// lists is a further value of the enumeration, which is found there.
fn of_listed(old: &Value<'_>, new: &Value<'_>) -> Option<Kind> {
    let is_listed =
        old.samples.iter().all(|value| value.as_str().is_none_or(|text| old.expected.unlisted(text).is_none()));
    let unlisted = || new.samples.iter().find_map(|value| old.expected.unlisted(value.as_str()?));
    let value = unlisted().filter(|value| is_listed && !new.expected.lists(value))?;
    Some(added_value(value, old.expected.is_evolvable() || new.expected.is_evolvable()))
}

/// Whether texts became the numbers or truth values that they spelled.
fn is_unquoted(old: &Value<'_>, new: &Value<'_>) -> bool {
    let spells = |text: &str| json::parse(text).ok().map(|own| own.json.kind());
    let is_spelled = |own: &&json::Json| own.as_str().and_then(spells).is_some_and(|kind| new.kinds.contains(&kind));
    let is_bare = |own: &&json::Json| matches!(own.kind(), json::Kind::Number | json::Kind::Boolean);
    !old.samples.is_empty() && old.samples.iter().all(is_spelled) && new.samples.iter().all(is_bare)
}

fn is_number(value: &Value<'_>) -> bool {
    value.kinds.contains(&json::Kind::Number)
}

/// Whether dates became points in time, or the reverse: forms that no text has by chance.
fn has_other_date(old: &Value<'_>, new: &Value<'_>) -> bool {
    let only = |value: &Value<'_>, shape| {
        !value.samples.is_empty() && value.samples.iter().all(|own| Shape::of(own) == Some(shape))
    };
    (only(old, Shape::Date) && only(new, Shape::DateTime)) || (only(old, Shape::DateTime) && only(new, Shape::Date))
}

/// Whether somebody says that a value is never null: its type, or that it is a collection (OData CSDL 4.01 section 7.2.1). Where nobody
/// says it, it may be.
fn is_never_null(old: &Value<'_>, new: &Value<'_>) -> bool {
    let says = |value: &Value<'_>| value.property.and_then(|property| property.nullable).filter(|_| !value.is_element);
    let is_collection = old.kinds.contains(&json::Kind::Array) || old.expected == Expected::Array;
    is_collection
        || ([old, new].iter().all(|own| says(own) != Some(true))
            && [old, new].iter().any(|own| says(own) == Some(false)))
}
