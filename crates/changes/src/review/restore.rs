//! A normal form as the contract that it is of: what it says of messages and routes, and of everything else what the contract says.

use std::sync::Arc;

use super::patch::sample_of;
use crate::body_of_form::body_of_form;
use graph_contracts::contract::{
    Clouds, Contract, Header, Permissions, Placeholder, Property, Route, Type, Typed, placeholders,
};
use graph_contracts::normal::{Declarations, DeclaredProperty, DeclaredType, NormalForm, NormalHeader, PropertyRules};

/// The contract as a form of it shows it. Where the form has a mask, a value of its shape stands.
pub(super) fn restored(contract: &Contract, form: &NormalForm) -> Contract {
    let mut found = contract.clone();
    if let Some(declared) = &form.declared.0 {
        declare(&mut found, declared);
    }
    let (method, url) = form.request.line.split_once(' ').unwrap_or((&form.request.line, ""));
    (found.request.method, found.request.url) = (method.to_owned(), url.to_owned());
    found.routes = form.request.routes.iter().map(|path| route(&found, path)).collect();
    found.request.headers = headers(&form.request.headers, &contract.request.headers, contract.source.request.line);
    found.request.body = body_of_form(&form.request.body, &sample_of);
    found.request.placeholders = found_in(Typed::of_request(&found));
    found.response.status = form.status;
    found.response.headers = headers(&form.headers, &contract.response.headers, contract.source.response.line);
    found.response.body = body_of_form(&form.body, &sample_of);
    found.response.placeholders = found_in(Typed::of_response(&found));
    found
}

/// Puts what was declared into the contract: what a snapshot does not say is as it is now.
fn declare(contract: &mut Contract, declared: &Declarations) {
    let placed = |own: &Permissions, now: &Permissions| Permissions {
        line: now.line,
        file: now.file.clone(),
        order: now.order,
        ..own.clone()
    };
    for route in &mut contract.routes {
        let now = route.permissions.as_ref().unwrap_or(&contract.permissions);
        route.permissions = declared.routes.get(&route.path).map(|own| placed(own, now));
    }
    contract.permissions = Arc::new(placed(&declared.permissions, &contract.permissions));
    contract.request.body_type = declared.request_type.clone().or(contract.request.body_type.take());
    contract.response.body_type = declared.response_type.clone().or(contract.response.body_type.take());
    if !declared.clouds.is_empty() {
        let line = contract.clouds.map_or(contract.source.request.line, |now| now.line);
        let said = |name: &str| declared.clouds.get(name).copied().unwrap_or_default();
        contract.clouds = Some(Clouds::by_name(line, said));
    }
    let line = contract.deprecated.unwrap_or(contract.source.request.line);
    contract.deprecated = declared.deprecated.then_some(line);
    let now = std::mem::take(&mut contract.types);
    let restored = |name: &String, own| restored_type(own, now.get(name).unwrap_or(&Type::default()));
    contract.types = declared.types.iter().map(|(name, own)| (name.clone(), restored(name, own))).collect();
}

fn restored_type(own: &DeclaredType, now: &Type) -> Type {
    let property = |(name, rules): (&String, &DeclaredProperty)| {
        let PropertyRules { type_text, from_example, inherited, nullable, required, values, flags } = rules.rules();
        let element = type_text.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')'));
        let now = now.properties.iter().find(|own| own.name == *name);
        let line = now.and_then(|own| own.line);
        Property {
            name: name.clone(),
            collection: element.is_some(),
            type_name: element.unwrap_or(&type_text).to_owned(),
            from_example,
            nullable,
            required,
            write_only: now.is_some_and(|own| own.write_only),
            values,
            flags,
            // What is not inherited has a line, whatever it was.
            line: (!inherited).then(|| line.unwrap_or(1)),
        }
    };
    let names = now.properties.iter().map(|own| &own.name).chain(&now.others);
    // What the bodies did not have is not in the snapshot: of a type with a page of its own, it may well have been there.
    let others = names.filter(|name| own.resource && !own.properties.contains_key(*name)).cloned().collect();
    Type {
        page: own.resource.then(|| now.page.clone().unwrap_or_default()),
        open: own.open,
        properties: own.properties.iter().map(property).collect(),
        others,
    }
}

fn route(contract: &Contract, path: &str) -> Route {
    let own = contract.routes.iter().find(|own| own.path == path);
    let line = own.or(contract.routes.first()).map_or(contract.source.request.line, |own| own.line);
    Route { path: path.to_owned(), line, permissions: own.and_then(|own| own.permissions.clone()) }
}

fn headers(headers: &[NormalHeader], own: &[Header], begin: u32) -> Vec<Header> {
    let header = |NormalHeader { name, value }: &NormalHeader| Header {
        name: name.clone(),
        value: value.as_literal().map_or_else(|| value.to_string(), str::to_owned),
        line: own.iter().find(|own| own.name.eq_ignore_ascii_case(name)).map_or(begin, |own| own.line),
    };
    headers.iter().map(header).collect()
}

fn found_in(typed: Option<Typed<'_>>) -> Vec<Placeholder> {
    typed.map(|typed| placeholders(&typed)).unwrap_or_default()
}
