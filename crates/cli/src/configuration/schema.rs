//! The keys of a configuration as a JSON Schema, by which editors complete and check the file.

use std::any::TypeId;
use std::path::PathBuf;

use clap::{Arg, Command};
use graph_contracts::lint::Level;
use serde_json::{Map, Value, json};

use super::defaults::{key_of, takes_several, takes_table};
use super::entries::PAGES;

/// The schema: the keys of all commands, and a table for each command.
pub(crate) fn schema(command: &Command) -> Value {
    let mut properties = Map::new();
    for own in command.get_subcommands() {
        for argument in own.get_arguments() {
            let Some(key) = key_of(argument) else { continue };
            let property = property(argument);
            match properties.get_mut(key) {
                None => drop(properties.insert(key.to_owned(), property)),
                // What takes one thing in one command and another in others has its place in their tables.
                Some(known) if constraint(known) != constraint(&property) => {
                    *known = json!({ "description": known["description"] });
                }
                Some(_) => {}
            }
        }
    }
    for own in command.get_subcommands() {
        let keys = own.get_arguments().filter_map(|argument| Some((key_of(argument)?.to_owned(), property(argument))));
        let keys: Map<String, Value> = keys.collect();
        if !keys.is_empty() {
            let description = format!("For `{}` alone.", own.get_name());
            properties.insert(
                own.get_name().to_owned(),
                json!({
                    "description": description, "type": "object", "additionalProperties": false, "properties": keys,
                }),
            );
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "graph-contracts.toml",
        "description": "What a project says once, and not with each command. A key is the name of a flag, and its value that of the flag. \
                        Paths are relative to the file.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// A property without its description.
fn constraint(property: &Value) -> Value {
    let mut constraint = property.clone();
    constraint.as_object_mut().map(|own| own.remove("description"));
    constraint
}

fn property(argument: &Arg) -> Value {
    let text = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let names: Vec<String> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let value = if !argument.get_action().takes_values() {
        json!({ "type": "boolean" })
    } else if !names.is_empty() {
        json!({ "enum": names })
    } else {
        json!({ "type": value_type(argument) })
    };
    let mut property = match takes_several(argument) {
        true if takes_table(argument) => {
            let table = json!({
                "type": "object",
                "properties": { PAGES: { "description": "A glob of the pages that the others are about.", "type": "string" } },
                "additionalProperties": { "enum": Level::NAMES },
            });
            json!({ "anyOf": [value, table, { "type": "array", "items": { "anyOf": [value, table] } }] })
        }
        true => json!({ "anyOf": [value, { "type": "array", "items": value }] }),
        false => value,
    };
    property["description"] = text.into();
    property
}

/// The type of JSON that a value is written as.
fn value_type(argument: &Arg) -> Value {
    let own = argument.get_value_parser().type_id();
    if takes_table(argument) || [TypeId::of::<PathBuf>(), TypeId::of::<String>()].iter().any(|text| own == *text) {
        json!("string")
    } else if [TypeId::of::<u16>(), TypeId::of::<u32>(), TypeId::of::<u64>(), TypeId::of::<usize>()]
        .iter()
        .any(|number| own == *number)
    {
        json!("integer")
    } else {
        // Read from a text, in which a number may stand.
        json!(["string", "number"])
    }
}
