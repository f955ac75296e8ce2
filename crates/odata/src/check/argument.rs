//! The arguments of functions in URLs: each is a literal of its parameter's type (OData ABNF Construction Rules 4.01, `primitiveLiteral`).
//!
//! Placeholders stand for any literal, and what the grammar leaves to JSON (complex values, collections) is not looked into.

use std::collections::HashMap;

use super::remark::{Remark, is_called};
use super::resource::{in_any_case, type_name};
use super::segment::is_like;
use super::value::unknown_member;
use crate::csdl::{Csdl, Operation, OperationKind, Parameter};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::is_sample_text;
use graph_contracts::diagnostic::Code;
use graph_contracts::edm::{LargeNumbers, Primitive, conforms};
use graph_contracts::json::{Json, Number};
use graph_contracts::lint::date_problem;
use graph_contracts::url::Segment;

/// What an example's URL gives the functions that it calls: `calls` has them with the segments of the template that call them.
pub(super) fn check<'x>(
    csdl: &Csdl<'x>,
    calls: &[(&Segment, &Operation<'x>)],
    example: &[Segment],
    query: &[(String, String)],
) -> Vec<Remark> {
    let aliases: HashMap<&str, &str> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut found = Vec::new();
    for (segment, operation) in calls.iter().filter(|(_, own)| own.kind == OperationKind::Function) {
        let Some(called) = example.iter().find(|other| is_like(other, segment)) else { continue };
        for argument in called.arguments.iter().flatten() {
            let Some(name) = &argument.name else { continue };
            let parameter = operation.own_parameters().iter().find(|own| own.name.eq_ignore_ascii_case(name));
            // A parameter alias has its value in the query (OData URL Conventions 4.01 section 5.3).
            let value = match argument.value.starts_with('@') {
                true => aliases.get(argument.value.as_str()).copied(),
                false => Some(argument.value.as_str()),
            };
            let Some((parameter, value)) = parameter.zip(value) else { continue };
            if let Some((code, why)) = problem(csdl, parameter, value) {
                let message = match code {
                    Code::ArgumentNotOfType => format!("`{value}` cannot be the argument `{name}`: {why}"),
                    _ => why,
                };
                let at = At::Request(RequestPart::Argument(name.clone()));
                let subject = format!("{}({})", csdl.operation_name(operation), parameter.name);
                found.push(Remark { subject, ..Remark::new(code, at, message, Some(parameter.at)) });
            }
        }
    }
    found
}

/// Why a text is not a literal of a parameter's type; `None` if it is one, or may be.
fn problem(csdl: &Csdl<'_>, parameter: &Parameter<'_>, value: &str) -> Option<(Code, String)> {
    if stands_for_another(parameter.name, value) {
        return None;
    }
    let declared = csdl.type_ref(parameter.type_text);
    let shown = type_name(csdl, declared);
    if declared.collection {
        // Collections are JSON (`arrayOrObject`).
        let is_other = value.starts_with('\'') || Number::from_literal(value).is_some();
        let why = || format!("it is one value, and the parameter takes a collection of {shown}, as in `[…]`");
        return is_other.then(|| (Code::ArgumentNotOfType, why()));
    }
    if let Some(enumeration) = declared.id.and_then(|id| csdl.enumeration(id)) {
        // `enum = [ qualifiedEnumTypeName ] SQUOTE enumValue SQUOTE`
        let unknown = unknown_member(quoted(value)?, enumeration)?;
        return Some(match in_any_case(&enumeration.members, unknown, |own| own.name) {
            Some(member) => (Code::NameCaseDiffers, is_called(unknown, member.name)),
            None => (Code::ArgumentNotOfType, format!("{shown} has no member `{unknown}`")),
        });
    }
    let primitive = Primitive::read(declared.name).filter(|own| own.name() == declared.name)?;
    literal_problem(primitive, value).map(|why| (Code::ArgumentNotOfType, why))
}

/// Whether a value is a placeholder: in braces, a word such as `color-value`, the name of its own parameter, or null.
fn stands_for_another(name: &str, value: &str) -> bool {
    let inner = quoted(value).unwrap_or(value).trim();
    let is_word = inner.eq_ignore_ascii_case(name) || inner.eq_ignore_ascii_case("null");
    is_word
        || inner.starts_with(['@', '%', '['])
        || inner.contains("xxx")
        || is_sample_text(&Json::String(inner.into()))
}

/// What is in single quotation marks, with or without a prefix such as `duration`.
fn quoted(value: &str) -> Option<&str> {
    value.split_once('\'')?.1.strip_suffix('\'')
}

/// Why a text is not a literal of a primitive type.
fn literal_problem(primitive: Primitive, value: &str) -> Option<String> {
    use Primitive as P;
    let name = primitive.name();
    let text = || Json::String(value.to_owned());
    let is_value = |primitive, json: &Json| conforms(primitive, json, LargeNumbers::Numbers);
    match primitive {
        P::String if value.starts_with('\'') && value.ends_with('\'') => None,
        P::String => Some(format!("{name} stands in single quotation marks in a URL")),
        P::Duration => {
            let is_fine = quoted(value).is_some_and(|inner| is_value(primitive, &Json::String(inner.to_owned())));
            (!is_fine).then(|| format!("it is not {name}, as in `duration'PT5M'`"))
        }
        P::Boolean
        | P::Byte
        | P::SByte
        | P::Int16
        | P::Int32
        | P::Int64
        | P::Decimal
        | P::Double
        | P::Single
        | P::Date
        | P::DateTimeOffset
        | P::TimeOfDay
        | P::Guid
            if value.starts_with('\'') =>
        {
            Some(format!("{name} stands without quotation marks in a URL"))
        }
        P::Boolean => (!matches!(value.to_ascii_lowercase().as_str(), "true" | "false"))
            .then(|| format!("{name} is `true` or `false`")),
        P::Byte | P::SByte | P::Int16 | P::Int32 | P::Int64 | P::Decimal | P::Double | P::Single => {
            let is_special = matches!(value, "NaN" | "INF" | "-INF");
            let number = Number::from_literal(value.strip_prefix('+').unwrap_or(value));
            let is_fine = is_special || number.is_some_and(|number| is_value(primitive, &Json::Number(number)));
            (!is_fine).then(|| format!("it is not {name}"))
        }
        // What looks like a date but does not exist in the calendar is reported as a date.
        P::Date | P::DateTimeOffset if date_problem(value).is_some() => None,
        P::Date | P::TimeOfDay => (!is_value(primitive, &text())).then(|| format!("it is not {name}")),
        P::DateTimeOffset if is_value(P::Date, &text()) => {
            Some(format!("{name} has a time, as in `{value}T00:00:00Z`"))
        }
        P::DateTimeOffset => {
            (!is_value(primitive, &text())).then(|| format!("it is not {name}, as in `2020-01-31T00:00:00Z`"))
        }
        // What has hyphens is nearly one, and reported as that.
        P::Guid => (!value.contains('-')).then(|| format!("it is not {name}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_of_its_type() {
        use Primitive as P;
        for (primitive, value) in [
            (P::String, "'red'"),
            (P::String, "'it''s'"),
            (P::String, "''"),
            (P::Int32, "-7"),
            (P::Int32, "+7"),
            (P::Decimal, "1.5"),
            (P::Double, "1e3"),
            (P::Double, "INF"),
            (P::Boolean, "true"),
            (P::Date, "2021-02-28"),
            (P::Date, "2021-02-30"),
            (P::DateTimeOffset, "2021-02-28T10:00:00Z"),
            (P::DateTimeOffset, "2021-02-28T10:00:00.000+01:00"),
            (P::TimeOfDay, "10:00:00"),
            (P::Duration, "duration'PT5M'"),
            (P::Duration, "'PT5M'"),
            (P::Guid, "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
            (P::Guid, "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f"),
            (P::Binary, "whatever"),
        ] {
            assert_eq!(literal_problem(primitive, value), None, "{value}");
        }
    }

    #[test]
    fn a_literal_of_another_type_is_explained() {
        use Primitive as P;
        let check = |primitive: P, value: &str, why: &str| {
            let found = literal_problem(primitive, value).unwrap_or_default();
            assert!(found.contains(why), "{value}: {found}");
        };
        check(P::String, "red", "Edm.String stands in single");
        check(P::String, "\"red\"", "single");
        check(P::Int32, "'7'", "Edm.Int32 stands without");
        check(P::Int32, "seven", "not Edm.Int32");
        check(P::Int32, "1.5", "not Edm.Int32");
        check(P::Int32, "99999999999", "not Edm.Int32");
        check(P::Boolean, "yes", "`true` or `false`");
        check(P::Boolean, "'true'", "without");
        check(P::Date, "28.02.2021", "not Edm.Date");
        check(P::Date, "2021-02-28T10:00:00Z", "not Edm.Date");
        check(P::DateTimeOffset, "2021-02-28", "`2021-02-28T00:00:00Z`");
        check(P::DateTimeOffset, "2021-02-28T10:00", "not Edm.DateTimeOffset");
        check(P::DateTimeOffset, "'2021-02-28T10:00:00Z'", "without");
        check(P::Duration, "PT5M", "duration'");
        check(P::Duration, "'5 minutes'", "duration'");
        check(P::Guid, "'0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'", "without");
        check(P::Guid, "17", "not Edm.Guid");
    }

    #[test]
    fn a_placeholder_stands_for_any_literal() {
        for value in
            ["{since}", "'{since}'", "<since>", "since", "'since'", "since-value", "null", "@p", "%7Bx%7D", "…"]
        {
            assert!(stands_for_another("since", value), "{value}");
        }
        for value in ["red", "'red'", "7", "2021-02-28"] {
            assert!(!stands_for_another("since", value), "{value}");
        }
    }
}
