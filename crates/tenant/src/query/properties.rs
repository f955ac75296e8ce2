//! Whether the paths of an expression lead to something: a name that no object has is not the same as null.

use super::value::{reaches, walk};
use graph_contracts::json::Json;
use graph_contracts::query::{Expression, PropertyPath};

/// What is known of the properties of a collection's objects beside the objects themselves: whether there is one at the end of such names,
/// and `None` where nothing says so.
pub type Declared<'d> = &'d dyn Fn(&[String]) -> Option<bool>;

/// Nothing is known of properties.
pub fn undeclared(_: &[String]) -> Option<bool> {
    None
}

/// A path that leads to nothing.
#[derive(Debug)]
pub(super) enum Unknown {
    /// No object has it, and nothing says whether one could.
    Absent(String),
    /// There is no such property.
    Undeclared(String),
}

/// The values that paths begin at.
struct Start<'a> {
    variable: Option<&'a str>,
    /// The names from the objects of the collection to here.
    names: Vec<String>,
    values: Vec<&'a Json>,
}

/// Checks every path of an expression.
pub(super) fn check<'a>(expression: &'a Expression, items: &'a [Json], declared: Declared<'_>) -> Result<(), Unknown> {
    let start = Start { variable: None, names: Vec::new(), values: items.iter().collect() };
    check_within(expression, &mut vec![start], declared)
}

/// Checks a single path of the objects of a collection.
pub(super) fn check_path(path: &PropertyPath, items: &[Json], declared: Declared<'_>) -> Result<(), Unknown> {
    known(path, &Start { variable: None, names: Vec::new(), values: items.iter().collect() }, declared)
}

fn check_within<'a>(
    expression: &'a Expression,
    starts: &mut Vec<Start<'a>>,
    declared: Declared<'_>,
) -> Result<(), Unknown> {
    match expression {
        Expression::Path(path) => start(starts, path).map_or(Ok(()), |start| known(path, start, declared)),
        Expression::Lambda(lambda) => {
            let Some(start) = start(starts, &lambda.collection) else { return Ok(()) };
            known(&lambda.collection, start, declared)?;
            let Some((variable, body)) = &lambda.body else { return Ok(()) };
            let elements = start.values.iter().filter_map(|value| walk(value, &lambda.collection).ok().flatten());
            let elements = elements.filter_map(|value| match value {
                Json::Array(items) => Some(items),
                _ => None,
            });
            let names = [start.names.as_slice(), &lambda.collection.names].concat();
            let values = elements.flatten().collect();
            starts.push(Start { variable: Some(variable), names, values });
            let checked = check_within(body, starts, declared);
            starts.pop();
            checked
        }
        Expression::Not(inner) => check_within(inner, starts, declared),
        Expression::And(all) | Expression::Or(all) | Expression::Call(_, all) => {
            all.iter().try_for_each(|one| check_within(one, starts, declared))
        }
        Expression::Compare(left, _, right) => {
            check_within(left, starts, declared)?;
            check_within(right, starts, declared)
        }
        Expression::In(left, all) => {
            check_within(left, starts, declared)?;
            all.iter().try_for_each(|one| check_within(one, starts, declared))
        }
        Expression::Literal(_) | Expression::Other(_) => Ok(()),
    }
}

fn start<'s, 'a>(starts: &'s [Start<'a>], path: &PropertyPath) -> Option<&'s Start<'a>> {
    starts.iter().rev().find(|start| start.variable == path.variable.as_deref())
}

fn known(path: &PropertyPath, start: &Start<'_>, declared: Declared<'_>) -> Result<(), Unknown> {
    if path.names.is_empty() {
        return Ok(());
    }
    // Where a collection is in the way, the evaluation says so.
    let is_there = start.values.iter().any(|value| reaches(value, path));
    match declared(&[start.names.as_slice(), &path.names].concat()) {
        _ if is_there || start.values.is_empty() => Ok(()),
        Some(true) => Ok(()),
        Some(false) => Err(Unknown::Undeclared(format!("there is no property `{path}`"))),
        None => Err(Unknown::Absent(format!("no object here has `{path}`"))),
    }
}
