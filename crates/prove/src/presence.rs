//! What becomes of a value that is null or absent, where OData and the request decide.

use super::Expectation::{self, Caught, Noted, Open};
use super::documented_value::DocumentedValue;
use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::{Json, Step, Tree as _};
use graph_contracts::url::Target;

/// What a null in place of a value is: a note, unless the request sent a value, or the page or OData deny it.
pub(super) fn of_null(contract: &Contract, target: &DocumentedValue<'_>) -> Expectation {
    let property = target.declared.property;
    let is_requested = is_requested(contract, target) || target.is_sent() || target.is_sent_in_part();
    let is_list = matches!(target.value, Json::Array(_))
        || property.is_some_and(|property| property.collection && !target.is_element());
    let steps = target.path.steps();
    let of_body = |steps: &[Step]| match steps {
        [] => true,
        [Step::Name(name)] => name == "value" && property.is_none(),
        _ => false,
    };
    // An entity in a list of entities.
    let is_entity = match steps {
        [around @ .., Step::Index(_)] => {
            matches!(target.value, Json::Object(_)) && property.is_none() && of_body(around)
        }
        _ => false,
    };
    let denied = property.filter(|_| !target.is_element()).and_then(|property| property.nullable) == Some(false);
    match is_requested || is_list || denied || of_body(steps) || is_entity {
        true => Caught,
        false => Noted,
    }
}

/// Whether the request sent anything but null in that place, be it within something that repeats what was sent.
fn is_requested(contract: &Contract, target: &DocumentedValue<'_>) -> bool {
    let sent = contract.request.body.as_ref().and_then(Body::as_json);
    let has_place = |sent: &Json| sent.at(target.path.steps()).is_some_and(|value| *value != Json::Null);
    sent.is_some_and(has_place) && !contract.response.wrapped
}

/// What the absence of a member is: a note where the request selects others, or the example has null.
pub(super) fn of_absence(contract: &Contract, target: &DocumentedValue<'_>) -> Expectation {
    let parameters = Target::read(&contract.request.url).query_parameters();
    let option = |wanted: &str| {
        let is_it = |name: &str| name.trim_start_matches('$').eq_ignore_ascii_case(wanted);
        parameters.iter().find(|(name, _)| is_it(name)).map(|(_, value)| value.as_str())
    };
    let names = target.path.steps().iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    let names: Vec<&str> = names.collect();
    let first =
        if names.len() > 1 && names[0] == "value" { names[1] } else { names.first().copied().unwrap_or_default() };
    let is_selected = |select: &str| {
        select
            .split(',')
            .map(|path| path.trim().split('/').next().unwrap_or_default())
            .any(|own| own == "*" || own.eq_ignore_ascii_case(first))
    };
    let is_annotation = target.is_annotation();
    match (option("select"), option("expand")) {
        _ if is_annotation => Noted,
        (Some(_), Some(_)) => Open,
        (None, Some(expand)) if expand.to_ascii_lowercase().contains("select") => Open,
        (Some(select), None) if select.contains(['/', '.', '(']) => Open,
        (Some(select), None) if !is_selected(select) => Noted,
        _ if *target.value == Json::Null && !is_requested(contract, target) && !target.is_sent() => Noted,
        _ => Caught,
    }
}

/// Whether an object says that an entity or a link is gone, in the form of OData 4.01 or 4.0, or that a link is new.
pub(super) fn is_gone(object: &Json) -> bool {
    let context = object.get("@odata.context").and_then(Json::as_str).unwrap_or_default();
    let ends = ["$deletedEntity", "$deletedLink", "/$link"];
    object.get("@removed").is_some() || ends.iter().any(|end| context.ends_with(end))
}
