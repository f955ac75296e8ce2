//! Correct examples of a service's operations, as pages.

use serde_json::Value;

use crate::model::{Operation, TypeRef};
use crate::places::Place;
use crate::values::Values;
use graph_contracts::diagnostic::Code;
use graph_contracts::json::Path;

/// One documented operation.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) status: &'static str,
    pub(crate) request: Option<Value>,
    pub(crate) response: Option<Value>,
    /// The rows of the table of the request's properties: name and type.
    pub(crate) rows: Vec<(String, String)>,
    /// The code and place of the finding that its defect has to cause.
    pub(crate) planted: Option<(Code, String)>,
}

impl Example {
    fn new(method: &'static str, path: &str, status: &'static str) -> Example {
        Example {
            method,
            path: path.to_owned(),
            status,
            request: None,
            response: None,
            rows: Vec::new(),
            planted: None,
        }
    }

    /// The page.
    pub(crate) fn page(&self) -> String {
        let Example { method, path, status, rows, .. } = self;
        let table: String = rows.iter().map(|(name, of)| format!("|{name}|{of}|text|\n")).collect();
        let table = match table.as_str() {
            "" => table,
            _ => format!("## Request body\n\n|Property|Type|Description|\n|---|---|---|\n{table}\n"),
        };
        let message = |start: String, body: &Option<Value>| match body {
            None => format!("```http\n{start}\n```\n"),
            Some(body) => format!("```http\n{start}\nContent-Type: application/json\n\n{body:#}\n```\n"),
        };
        let template = path.split('?').next().unwrap_or_default();
        format!(
            "# Operation\n\n## HTTP request\n\n```http\n{method} {template}\n```\n\n{table}## Example\n\n{}\n{}",
            message(format!("{method} https://graph.microsoft.com/v1.0{path}"), &self.request),
            message(format!("HTTP/1.1 {status}"), &self.response),
        )
    }
}

/// The operations of a place, with new values each time.
pub(crate) fn examples(place: &Place, values: &mut Values<'_>) -> Vec<Example> {
    let Place { path, of, owns, is_singleton, .. } = place;
    let mut found = Vec::new();
    let mut add = |example: Option<Example>, values: &mut Values<'_>| {
        let planted = values.planted.take();
        found.extend(example.map(|example| Example { planted, ..example }));
    };
    add(read(path, of, values), values);
    if *owns {
        let written = if of.is_collection { created(path, of, values) } else { changed(path, of, values) };
        add(written, values);
    }
    if *owns && !of.is_collection && !is_singleton {
        add(Some(Example::new("DELETE", path, "204 No Content")), values);
    }
    add(selected(place, values), values);
    for operation in values.model.operations_of(of) {
        add(called(path, operation, values), values);
    }
    found
}

fn read(path: &str, of: &TypeRef, values: &mut Values<'_>) -> Option<Example> {
    Some(Example { response: Some(body(of, values)?), ..Example::new("GET", path, "200 OK") })
}

fn created(path: &str, of: &TypeRef, values: &mut Values<'_>) -> Option<Example> {
    let entity = TypeRef { is_collection: false, ..of.clone() };
    let (request, rows) = sent(&entity, values)?;
    let response = body(&entity, values)?;
    Some(Example {
        request: Some(request),
        rows,
        response: Some(response),
        ..Example::new("POST", path, "201 Created")
    })
}

fn changed(path: &str, of: &TypeRef, values: &mut Values<'_>) -> Option<Example> {
    let (request, rows) = sent(of, values)?;
    Some(Example { request: Some(request), rows, ..Example::new("PATCH", path, "204 No Content") })
}

/// A read that selects, where there is something to select.
fn selected(place: &Place, values: &mut Values<'_>) -> Option<Example> {
    let names: Vec<String> = values
        .model
        .properties(&place.of.name)
        .into_iter()
        .filter(|own| !own.is_navigation)
        .map(|own| own.name.clone())
        .collect();
    let chosen = values.rng.choice(names)?;
    let response = body(&place.of, values)?;
    let path = format!("{}?$select={chosen}", place.path);
    Some(Example { response: Some(response), ..Example::new("GET", &path, "200 OK") })
}

/// What comes back where something of a type does.
fn body(of: &TypeRef, values: &mut Values<'_>) -> Option<Value> {
    let is_structured = |values: &Values<'_>| {
        use crate::model::Kind;
        values.model.get(&of.name).is_some_and(|own| matches!(own.kind, Kind::Entity | Kind::Complex))
    };
    let at = Path::root();
    values.body = "response";
    if of.is_collection || !is_structured(values) {
        let value = values.whole(of, &at.member("value"), 0)?;
        return Some(serde_json::json!({ "value": value }));
    }
    values.object(&of.name, &at, 0, true).map(Value::Object)
}

/// What is sent to create or change an entity, and the table of it.
fn sent(of: &TypeRef, values: &mut Values<'_>) -> Option<(Value, Vec<(String, String)>)> {
    values.body = "request";
    let body = values.object(&of.name, &Path::root(), 0, false)?;
    let rows = values.model.properties(&of.name).into_iter().filter(|own| body.contains_key(&own.name));
    let rows = rows.map(|own| (own.name.clone(), shown(&own.of))).collect();
    Some((Value::Object(body), rows))
}

/// A type as tables write it.
fn shown(of: &TypeRef) -> String {
    let name = of.name.strip_prefix("Edm.").unwrap_or(&of.name);
    if of.is_collection { format!("{name} collection") } else { name.to_owned() }
}

/// A function or action that is called on a path.
fn called(path: &str, operation: &Operation, values: &mut Values<'_>) -> Option<Example> {
    let short = operation.name.rsplit('.').next().unwrap_or_default();
    let name = if values.rng.bool() { &operation.name } else { short };
    let response = match &operation.returns {
        Some(of) => Some(body(of, values)?),
        None => None,
    };
    let status = if response.is_some() { "200 OK" } else { "204 No Content" };
    if operation.is_function {
        let arguments: Option<Vec<String>> =
            operation.parameters.iter().map(|(name, of, _)| Some(format!("{name}={}", literal(of, values)?))).collect();
        let path = format!("{path}/{name}({})", arguments?.join(","));
        return Some(Example { response, ..Example::new("GET", &path, status) });
    }
    values.body = "request";
    let mut sent = serde_json::Map::new();
    let mut rows = Vec::new();
    for (name, of, is_nullable) in &operation.parameters {
        match values.whole(of, &Path::root().member(name), 1) {
            Some(value) => {
                sent.insert(name.clone(), value);
                rows.push((name.clone(), shown(of)));
            }
            None if *is_nullable => {}
            None => return None,
        }
    }
    let request = (!sent.is_empty()).then_some(Value::Object(sent));
    Some(Example { request, response, rows, ..Example::new("POST", &format!("{path}/{name}"), status) })
}

/// A literal of a parameter's type, as URLs have it.
fn literal(of: &TypeRef, values: &mut Values<'_>) -> Option<String> {
    if of.is_collection {
        return None;
    }
    Some(match values.model.resolved(&of.name) {
        "Edm.String" => "'text'".to_owned(),
        "Edm.Boolean" => "true".to_owned(),
        "Edm.Int32" | "Edm.Int64" | "Edm.Int16" | "Edm.Byte" => "7".to_owned(),
        "Edm.Double" | "Edm.Decimal" => "1.5".to_owned(),
        "Edm.Date" => "2024-02-29".to_owned(),
        "Edm.DateTimeOffset" => "2024-02-29T12:00:00Z".to_owned(),
        "Edm.Guid" => "8c3a0000-aaaa-4bbb-8ccc-000000000001".to_owned(),
        _ => return None,
    })
}
