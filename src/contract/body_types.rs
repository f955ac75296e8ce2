//! The types of the members that a contract's bodies have.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::enumerations::last_name;
use super::properties::{PropertyRow, PropertyTable};
use super::type_index::DocumentedType;
use super::type_names::TypeNames;
use super::{Property, Type, TypeName};
use crate::json::Json;
use crate::lower_case::in_lower_case;

/// Collects the types of a body's members: what the contract's page says comes first, then what the resource pages say.
pub(super) struct BodyTypes<'n> {
    names: &'n TypeNames<'n>,
    types: BTreeMap<String, Collected<'n>>,
    /// The names of `types` by their form in lower case.
    by_lower_case: HashMap<String, String>,
    /// So many values of enumerations are still taken.
    values: usize,
}

/// So many values of enumerations a contract has, at most: every property has all of those of its type. Types that are documented have some
/// hundreds.
const MOST_VALUES: usize = 16 * 1024;

/// Of a table with more rows than this, a contract has only those properties that its body has.
const MOST_ROWS: usize = 1000;

/// A type as far as it is collected.
#[derive(Default)]
struct Collected<'n> {
    own: Type,
    /// Where each property is in the type.
    by_name: HashMap<&'n str, usize>,
}

impl<'n> BodyTypes<'n> {
    pub(super) fn new(names: &'n TypeNames<'n>) -> BodyTypes<'n> {
        BodyTypes { names, types: BTreeMap::new(), by_lower_case: HashMap::new(), values: MOST_VALUES }
    }

    /// Declares a type that a table of the contract's page describes; `example` is a value of it.
    pub(super) fn declare(&mut self, name: &str, table: &'n PropertyTable, example: &Json) {
        if self.types.contains_key(name) {
            return;
        }
        let values: HashMap<&str, &Json> = match example {
            Json::Object(members) => members.iter().map(|member| (member.name.as_str(), &member.value)).collect(),
            _ => HashMap::new(),
        };
        let mut collected = Collected::default();
        let mut add = |row: &'n PropertyRow, example| {
            let typed = self.names.typed(&row.property, &row.written, example, self.values);
            self.values = self.values.saturating_sub(typed.values.len());
            collected.add(row, typed);
        };
        if table.rows.len() > MOST_ROWS {
            let named = values.iter().filter_map(|(name, value)| Some((table.row(name)?, *value)));
            let mut named: Vec<(&'n PropertyRow, &Json)> = named.collect();
            named.sort_by_key(|(row, _)| row.property.line);
            named.into_iter().for_each(|(row, value)| add(row, Some(value)));
        } else {
            table.rows.iter().for_each(|row| add(row, values.get(row.property.name.as_str()).copied()));
        }
        self.insert(name, collected);
    }

    /// Declares the types of the properties of a declared one that tables of the same page describe. `described` gives the table of a type by its name.
    pub(super) fn declare_within(
        &mut self,
        owner: &str,
        described: impl Fn(&str) -> Option<&'n PropertyTable>,
        example: &Json,
    ) {
        let Some(collected) = self.types.get(owner) else { return };
        let mut known = HashSet::new();
        let own = collected.own.properties.iter().filter(|own| own.type_name.contains('.'));
        let own = own.filter_map(|own| Some((own, described(last_name(&own.type_name))?)));
        let own: Vec<(String, String, &PropertyTable)> = own
            .filter(|(own, _)| known.insert(own.type_name.clone()))
            .map(|(own, table)| (own.name.clone(), own.type_name.clone(), table))
            .collect();
        for (name, type_name, table) in own {
            let value = match example.get(&name) {
                Some(Json::Array(items)) => items.first(),
                other => other,
            };
            self.declare(&type_name, table, value.unwrap_or(&Json::Null));
        }
    }

    /// Calls properties of a type that is declared required.
    pub(super) fn require<'p>(&mut self, name: &str, properties: impl Iterator<Item = &'p str>) {
        let Some(collected) = self.types.get_mut(name) else { return };
        for property in properties {
            if let Some(own) = collected.by_name.get(property).and_then(|at| collected.own.properties.get_mut(*at)) {
                own.required = true;
            }
        }
    }

    fn insert(&mut self, name: &str, collected: Collected<'n>) {
        self.by_lower_case.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        self.types.insert(name.to_owned(), collected);
    }

    /// The name of a type as the resource pages write it.
    pub(super) fn canonical(&self, name: &str) -> Option<String> {
        let known = in_lower_case(name, |name| self.by_lower_case.get(name));
        known.or_else(|| self.names.index.get(name).map(|documented| &documented.name)).cloned()
    }

    /// Whether a type has a property of that name.
    pub(super) fn has(&self, type_name: &str, property: &str) -> bool {
        let declared = self.types.get(type_name).is_some_and(|collected| collected.by_name.contains_key(property));
        declared || self.names.index.property(type_name, property).is_some()
    }

    /// Collects the types of a value's members. `declared` is the value's type; its own `@odata.type` says it better.
    pub(super) fn collect(&mut self, value: &Json, declared: Option<&str>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.collect(item, declared)),
            Json::Object(members) => {
                let own = value.get("@odata.type").and_then(Json::as_str).and_then(TypeName::read);
                let own = own.and_then(|own| self.canonical(&own.name));
                let Some(name) = own.or_else(|| declared.map(str::to_owned)) else { return };
                let index = self.names.index;
                let lineage = LazyCell::new(|| index.lineage(&name).collect::<Vec<_>>());
                for member in members {
                    if self.property(&name, &member.name).is_none() {
                        self.take_over(&name, &lineage, &member.name, &member.value);
                    }
                    if matches!(member.value, Json::Array(_) | Json::Object(_))
                        && let Some(property) = self.property(&name, &member.name)
                    {
                        let property_type = property.type_name.clone();
                        self.collect(&member.value, Some(&property_type));
                    }
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// The property of a type, as far as it is collected.
    fn property(&self, type_name: &str, name: &str) -> Option<&Property> {
        let collected = self.types.get(type_name)?;
        collected.by_name.get(name).map(|at| &collected.own.properties[*at])
    }

    /// Takes over how a member is declared, if it is. `lineage` is what all pages say of the object's type and those that it inherits from.
    fn take_over(&mut self, type_name: &str, lineage: &[&'n DocumentedType], member: &str, example: &Json) {
        let declared = lineage.iter().find_map(|documented| Some((documented, documented.property(member)?)));
        let Some((owner, row)) = declared else { return };
        if !self.types.contains_key(type_name) {
            let page = lineage.first().map(|documented| documented.page.clone());
            let own = Type { page, open: lineage.iter().any(|documented| documented.open), ..Type::default() };
            self.insert(type_name, Collected { own, by_name: HashMap::new() });
        }
        let mut taken = self.names.typed(&row.property, &row.written, Some(example), self.values);
        self.values = self.values.saturating_sub(taken.values.len());
        let Some(collected) = self.types.get_mut(type_name) else { return };
        let is_own = collected.own.page.as_deref() == Some(owner.page.as_str());
        taken.line = taken.line.filter(|_| is_own);
        collected.add(row, taken);
    }

    /// The types that were collected, with the names of those properties that the bodies do not have.
    pub(super) fn finish(self) -> BTreeMap<String, Type> {
        let index = self.names.index;
        let finished = |(name, Collected { mut own, by_name }): (String, Collected<'_>)| {
            // Of a type that the contract's page describes, all properties are there.
            if own.page.is_some() {
                let others = index.property_names(&name).into_iter().filter(|other| !by_name.contains_key(*other));
                own.others = others.map(str::to_owned).collect();
            }
            (name, own)
        };
        self.types.into_iter().map(finished).collect()
    }
}

impl<'n> Collected<'n> {
    /// Adds the property of a row.
    fn add(&mut self, row: &'n PropertyRow, property: Property) {
        self.by_name.entry(&row.property.name).or_insert(self.own.properties.len());
        self.own.properties.push(property);
    }
}

/// The name in an object's `@odata.type`.
pub(super) fn odata_type(json: &Json) -> Option<String> {
    let name = json.get("@odata.type")?.as_str()?;
    Some(name.strip_prefix('#').unwrap_or(name).to_owned())
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    /// The names of the properties that the contract of a page has, whose table has so many rows and whose request sends two of them.
    fn declared(rows: usize) -> Vec<String> {
        let table: String = (0..rows).map(|at| format!("|m{at}|Int32|\n")).collect();
        let text = format!(
            "# Create lamp\n\n## Request body\n\n|Property|Type|\n|---|---|\n{table}\n```http\nPOST /lamps\n\n{{\"m7\": 1, \"m3\": 2}}\n```\n\n\
             ```http\nHTTP/1.1 204 No Content\n```\n"
        );
        let page = Page::parse("lamp.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let types = built.contracts[0].1.types.values();
        types.flat_map(|own| &own.properties).map(|property| property.name.clone()).collect()
    }

    #[test]
    fn of_an_enumeration_a_contract_has_all_values_or_none() {
        let members: String = (0..5000).map(|at| format!("|v{at}|\n")).collect();
        let rows: String = (0..5).map(|at| format!("|m{at}|color|\n")).collect();
        let text = format!(
            "# Create lamp\n\n## Request body\n\n|Property|Type|\n|---|---|\n{rows}\n```http\nPOST /lamps\n\n{{\"m4\": \"v1\"}}\n```\n\n\
             ```http\nHTTP/1.1 204 No Content\n```\n\n### color values\n\n|Member|\n|---|\n{members}"
        );
        let page = Page::parse("lamp.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let properties = built.contracts[0].1.types.values().flat_map(|own| &own.properties);
        let counts: Vec<usize> = properties.map(|property| property.values.len()).collect();
        // A page of many such rows would make a contract of the square of its size.
        assert_eq!(counts, [5000, 5000, 5000, 0, 0]);
    }

    #[test]
    fn a_second_table_may_describe_the_type_of_a_property() {
        let check = |sentence: &str, expected: &[&str]| {
            let text = format!(
                "# Create house\n\n## Request body\n\n|Property|Type|\n|---|---|\n|lamps|[lampReference](../resources/lampreference.md) collection|\n\n\
                 {sentence}\n\n|Property|Type|\n|---|---|\n|watts|Int32|\n\n\
                 ```http\nPOST /houses\n\n{{\"lamps\": [{{\"watts\": 1}}]}}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n"
            );
            let page = Page::parse("house-post.md", &text);
            let built = build(&page, &PageName::of(&page), &TypeIndex::default());
            let types = built.contracts[0].1.types.iter();
            let found: Vec<String> =
                types.map(|(name, own)| format!("{name} {}", own.properties[0].type_name)).collect();
            assert_eq!(found, expected, "{text}");
        };
        let own = "request microsoft.graph.lampReference";
        check("A **lampReference** has the following properties.", &["microsoft.graph.lampReference Edm.Int32", own]);
        check("A **shade** has the following properties.", &[own]);
        check("These are properties.", &[own]);
    }

    #[test]
    fn a_contract_has_all_properties_of_a_table_that_is_not_huge() {
        assert_eq!(declared(1000).len(), 1000);
        assert_eq!(declared(1001), ["m3", "m7"]);
    }
}
