//! Evaluates expressions over JSON objects (OData URL Conventions 4.01 section 5.1.1).

use std::borrow::Cow;
use std::cmp::Ordering;

use super::value::{Value, walk};
use graph_contracts::json::{Json, Number};
use graph_contracts::query::{Comparison, Expression, Function, Lambda, PropertyPath};

/// What an expression is evaluated over: the object, or within a lambda expression the element.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    object: &'a Json,
    /// The variable of the element, and the scope around it.
    around: Option<(&'a str, &'a Scope<'a>)>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(object: &'a Json) -> Scope<'a> {
        Scope { object, around: None }
    }

    /// The value that a path begins at.
    fn start(&self, path: &PropertyPath) -> &'a Json {
        let mut scope = self;
        loop {
            match (scope.around, &path.variable) {
                (Some((own, _)), Some(variable)) if own == variable => return scope.object,
                (Some((_, around)), _) => scope = around,
                (None, _) => return scope.object,
            }
        }
    }
}

/// Whether an expression is true of an object; null is neither true nor false.
///
/// # Errors
///
/// When the expression cannot be evaluated over the object, with the reason.
pub(super) fn holds(expression: &Expression, scope: &Scope<'_>) -> Result<Option<bool>, String> {
    match expression {
        // What is null and null, or false and null (section 5.1.1.1.7).
        Expression::And(all) => joined(all, scope, false),
        Expression::Or(all) => joined(all, scope, true),
        Expression::Not(inner) => Ok(holds(inner, scope)?.map(|value| !value)),
        Expression::Lambda(lambda) => quantified(lambda, scope),
        Expression::Compare(left, comparison, right) => {
            let (left, right) = (value(left, scope)?, value(right, scope)?);
            compared(&left, *comparison, &right).map(Some)
        }
        Expression::In(left, all) => {
            let left = value(left, scope)?;
            for one in all {
                if compared(&left, Comparison::Equal, &value(one, scope)?)? {
                    return Ok(Some(true));
                }
            }
            Ok(Some(false))
        }
        _ => match value(expression, scope)? {
            Value::Bool(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(format!("{} is neither true nor false", other.kind())),
        },
    }
}

/// `and` and `or`, of which one operand with the deciding value decides.
fn joined(all: &[Expression], scope: &Scope<'_>, deciding: bool) -> Result<Option<bool>, String> {
    let mut result = Some(!deciding);
    for one in all {
        match holds(one, scope)? {
            Some(value) if value == deciding => return Ok(Some(deciding)),
            None => result = None,
            Some(_) => {}
        }
    }
    Ok(result)
}

/// `any` and `all` (section 5.1.1.13); a collection that is not there has no elements.
fn quantified(lambda: &Lambda, scope: &Scope<'_>) -> Result<Option<bool>, String> {
    let items = match walk(scope.start(&lambda.collection), &lambda.collection)? {
        Some(Json::Array(items)) => items.as_slice(),
        None | Some(Json::Null) => &[],
        Some(_) => return Err(format!("`{}` is not a collection", lambda.collection)),
    };
    let Some((variable, body)) = &lambda.body else { return Ok(Some(!items.is_empty())) };
    for object in items {
        let inner = Scope { object, around: Some((variable, scope)) };
        let is_true = holds(body, &inner)? == Some(true);
        if is_true != lambda.all {
            return Ok(Some(!lambda.all));
        }
    }
    Ok(Some(lambda.all))
}

/// The comparison of two values (sections 5.1.1.1.1 to 5.1.1.1.6): null is equal to itself only, and neither greater nor less than anything.
fn compared(left: &Value<'_>, comparison: Comparison, right: &Value<'_>) -> Result<bool, String> {
    if left.is_null() || right.is_null() {
        let are_both = left.is_null() && right.is_null();
        return Ok(match comparison {
            Comparison::Equal | Comparison::GreaterOrEqual | Comparison::LessOrEqual => are_both,
            Comparison::NotEqual => !are_both,
            Comparison::Greater | Comparison::Less => false,
        });
    }
    let Some(order) = left.compared(right) else {
        return Err(format!("{} cannot be compared with {}", left.kind(), right.kind()));
    };
    Ok(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
    })
}

/// The value of an expression; a member that is not there is null.
pub(super) fn value<'a>(expression: &'a Expression, scope: &Scope<'a>) -> Result<Value<'a>, String> {
    match expression {
        Expression::Literal(literal) => Value::of_literal(literal),
        Expression::Path(path) => {
            let found = walk(scope.start(path), path)?;
            match found {
                Some(Json::Array(items)) if path.counts => Ok(Number::from_literal(&items.len().to_string())
                    .map_or(Value::Null, |n| Value::Number(Cow::Owned(n)))),
                Some(Json::Null) | None => Ok(Value::Null),
                Some(_) if path.counts => Err(format!("`{path}` counts what is not a collection")),
                Some(json) => Ok(Value::of_json(json)),
            }
        }
        Expression::Call(function, arguments) => call(*function, arguments, scope),
        Expression::Other(_) => Err("a part of it is not supported".to_owned()),
        _ => Ok(holds(expression, scope)?.map_or(Value::Null, Value::Bool)),
    }
}

fn call<'a>(function: Function, arguments: &'a [Expression], scope: &Scope<'a>) -> Result<Value<'a>, String> {
    let mut texts: Vec<Cow<'a, str>> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match value(argument, scope)? {
            Value::Text(text) => texts.push(text),
            // A function of null is null (section 5.1.1.4).
            Value::Null => return Ok(Value::Null),
            other => return Err(format!("a text is expected instead of {}", other.kind())),
        }
    }
    let (one, other) = (texts.first().cloned().unwrap_or_default(), texts.get(1).cloned().unwrap_or_default());
    let of_both = |test: fn(&str, &str) -> bool| Value::Bool(test(&one.to_lowercase(), &other.to_lowercase()));
    let text = |text: String| Value::Text(Cow::Owned(text));
    Ok(match function {
        Function::Contains => of_both(|one, other| one.contains(other)),
        Function::StartsWith => of_both(|one, other| one.starts_with(other)),
        Function::EndsWith => of_both(|one, other| one.ends_with(other)),
        Function::ToLower => text(one.to_lowercase()),
        Function::ToUpper => text(one.to_uppercase()),
        Function::Trim => text(one.trim().to_owned()),
        Function::Concat => text(format!("{one}{other}")),
        Function::Length => {
            let length = one.chars().count().to_string();
            Number::from_literal(&length).map_or(Value::Null, |number| Value::Number(Cow::Owned(number)))
        }
    })
}
