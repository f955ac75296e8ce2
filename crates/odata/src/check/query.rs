//! The names in the query options of a read: `$select`, `$expand`, `$orderby` and `$filter` (OData URL Conventions 4.01, "System Query Options").
//!
//! Only names that stand for properties beyond doubt are looked up. What is open, extended or declared on a derived type may be right.

use std::collections::BTreeSet;

use super::remark::{Remark, is_called};
use super::resource::did_you_mean;
use crate::csdl::{Ability, Csdl, TypeId, without_casts};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::diagnostic::Code;
use graph_contracts::query::{Expression, read_filter, split_list};

/// So many letters of the name of a property may be wrong or missing where others than the declared ones are possible.
const FEW_LETTERS: usize = 2;

/// Options within options are read down to this depth.
const MAX_DEPTH: usize = 8;

/// What the options of a query say otherwise than the metadata of the type of which a read returns values.
/// `excluded` has the paths that annotations leave out of what an option may name, and where that is said.
pub(super) fn check<'n>(
    csdl: &'n Csdl<'_>,
    id: TypeId,
    query: &'n [(String, String)],
    excluded: &dyn Fn(Ability) -> Option<&'n (Vec<String>, u32)>,
) -> Vec<Remark> {
    let computed = computed(query);
    let mut names = Names { csdl, option: "", excluded, computed, found: Vec::new(), seen: BTreeSet::new() };
    // What comes behind `$apply` names what that makes.
    for (name, value) in query.iter().filter(|_| !makes_rows(query)) {
        names.option = name;
        names.option_of(id, name, value, 0);
    }
    let mut found: Vec<Remark> = query.iter().filter_map(|(name, _)| option_in_another_case(name)).collect();
    found.extend(names.found);
    found
}

/// Whether what comes back is of no declared type: the rows that `$apply` makes have the names that it gives them (OData Extension for Data
/// Aggregation 4.0 section 3).
pub(super) fn makes_rows(query: &[(String, String)]) -> bool {
    query.iter().any(|(name, value)| match bare(name).as_str() {
        "apply" => true,
        "expand" => value.contains("$apply="),
        _ => false,
    })
}

/// The names that `$compute` gives to values, here and in what is expanded: they are members of the response, and may be named like properties
/// (OData URL Conventions 4.01, "System Query Option $compute").
pub(super) fn computed(query: &[(String, String)]) -> Vec<String> {
    let values = query.iter().filter_map(|(name, value)| match bare(name).as_str() {
        "compute" => Some(value.as_str()),
        "expand" => value.split_once("$compute=").map(|(_, rest)| rest),
        _ => None,
    });
    let words = values.flat_map(|value| value.split(|c: char| c.is_whitespace() || ",;()".contains(c)));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.windows(2).filter(|pair| pair[0] == "as").map(|pair| pair[1].to_owned()).collect()
}

/// The name of an option as it is compared.
fn bare(name: &str) -> String {
    name.trim_start_matches('$').to_ascii_lowercase()
}

/// The options whose names clients write in lower case (OData Protocol 4.01 section 11.2.1): services of 4.0 read them in no other case.
const OPTIONS: [&str; 8] = ["$select", "$expand", "$filter", "$orderby", "$search", "$top", "$skip", "$count"];

/// That the name of an option is in another case.
fn option_in_another_case(name: &str) -> Option<Remark> {
    let declared = OPTIONS.iter().find(|own| own.eq_ignore_ascii_case(name) && **own != name)?;
    let at = At::Request(RequestPart::Query(format!("{name}: {name}")));
    let message = format!("`{name}` is called `{declared}` in OData");
    Some(Remark { subject: (*declared).to_owned(), ..Remark::new(Code::NameCaseDiffers, at, message, None) })
}

struct Names<'n, 'x, 'e> {
    csdl: &'n Csdl<'x>,
    excluded: &'e dyn Fn(Ability) -> Option<&'n (Vec<String>, u32)>,
    /// The option of the URL.
    option: &'n str,
    /// The names that the query itself gives to values.
    computed: Vec<String>,
    found: Vec<Remark>,
    /// The names that were reported.
    seen: BTreeSet<String>,
}

impl<'n> Names<'n, '_, '_> {
    fn option_of(&mut self, id: TypeId, name: &str, value: &'n str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match bare(name).as_str() {
            option @ ("select" | "expand") => {
                for item in split(value, ',') {
                    if option == "expand" && depth == 0 {
                        self.excluded(Ability::Expand, item.split('(').next().unwrap_or_default());
                    }
                    self.item(id, item, depth);
                }
            }
            "orderby" => {
                for item in split(value, ',').into_iter().filter(|item| !item.contains('(')) {
                    let mut words = item.split_whitespace();
                    let path = words.next().unwrap_or_default();
                    // Without a direction, it is ascending (OData URL Conventions 4.01 section 5.1.5).
                    let is_descending = words.next().is_some_and(|word| word.eq_ignore_ascii_case("desc"));
                    if depth == 0 {
                        self.excluded(Ability::Sort, path);
                        self.excluded(
                            if is_descending { Ability::SortDescending } else { Ability::SortAscending },
                            path,
                        );
                    }
                    self.path(id, path);
                }
            }
            "filter" => {
                for path in paths_of_filter(value) {
                    if depth == 0 {
                        self.excluded(Ability::Filter, &path);
                    }
                    self.path(id, &path);
                }
            }
            _ => {}
        }
    }

    /// A path that annotations leave out of what the option may name.
    fn excluded(&mut self, ability: Ability, path: &str) {
        let Some((paths, at)) = (self.excluded)(ability) else { return };
        let path = without_casts(path.trim());
        if paths.contains(&path) {
            let message = match ability {
                Ability::SortDescending => format!("the metadata says that `{path}` is sorted in ascending order only"),
                Ability::SortAscending => format!("the metadata says that `{path}` is sorted in descending order only"),
                _ => format!("the metadata says that `{path}` cannot be in `{}` here", self.option),
            };
            let place = At::Request(RequestPart::Query(format!("{}: {path}", self.option)));
            self.found
                .push(Remark { subject: path, ..Remark::new(Code::RestrictedInMetadata, place, message, Some(*at)) });
        }
    }

    /// An item of `$select` or `$expand`: a path, possibly with options in parentheses.
    fn item(&mut self, id: TypeId, item: &'n str, depth: usize) {
        let (path, options) = match item.split_once('(') {
            Some((path, options)) => (path, options.trim_end().strip_suffix(')')),
            None => (item, None),
        };
        let Some(of) = self.path(id, path.trim()) else { return };
        for option in options.into_iter().flat_map(|options| split(options, ';')) {
            if let Some((name, value)) = option.split_once('=') {
                self.option_of(of, name.trim(), value.trim(), depth + 1);
            }
        }
    }

    /// Looks the names of a path up. The type of what it leads to, if it is known and has properties.
    fn path(&mut self, id: TypeId, path: &str) -> Option<TypeId> {
        let mut id = id;
        if path.split('/').next().is_some_and(|first| self.computed.iter().any(|own| own == first)) {
            return None;
        }
        for name in path.split('/') {
            if name.contains('.') {
                id = self.csdl.find_type(name)?;
                continue;
            }
            // `$count` and `*`; placeholders; extensions, which the metadata does not declare, have a `_`.
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(|c| c.is_ascii_alphanumeric())
            {
                return None;
            }
            let property = match self.csdl.property(id, name) {
                Some(property) => property,
                None => match self.csdl.property_ignoring_case(id, name) {
                    Some(property) => {
                        self.report(Code::NameCaseDiffers, id, name, is_called(name, property.name));
                        property
                    }
                    None => {
                        self.unknown(id, name);
                        return None;
                    }
                },
            };
            id = self.csdl.type_ref(property.type_text).id.filter(|id| self.csdl.structured(*id).is_some())?;
        }
        Some(id)
    }

    fn unknown(&mut self, id: TypeId, name: &str) {
        let is_open = self.csdl.may_have_others(id);
        let is_derived = |id: &TypeId| {
            (!is_open && self.csdl.may_have_others(*id)) || self.csdl.property_ignoring_case(*id, name).is_some()
        };
        if self.csdl.descendants(id).iter().any(is_derived) {
            return;
        }
        let near = did_you_mean(name, self.csdl.properties(id).map(|property| property.name));
        if is_open {
            // What is not declared may be there; only what is nearly declared is noted.
            let is_near = |own: &str| strsim::osa_distance(&own.to_lowercase(), &name.to_lowercase()) <= FEW_LETTERS;
            if self.csdl.is_open(id) && self.csdl.properties(id).any(|property| is_near(property.name)) {
                let message = format!("`{name}` is not declared on the open type {}{near}", self.csdl.full_name(id));
                self.report(Code::MemberOfOpenType, id, name, message);
            }
            return;
        }
        let message = format!("{} has no property `{name}`{near}", self.csdl.full_name(id));
        self.report(Code::QueryNameNotInMetadata, id, name, message);
    }

    fn report(&mut self, code: Code, id: TypeId, name: &str, message: String) {
        if self.seen.insert(name.to_owned()) {
            let at = At::Request(RequestPart::Query(format!("{}: {name}", self.option)));
            let subject = format!("{}/{name}", self.csdl.full_name(id));
            let declared = Some(self.csdl.declaration(id).at);
            self.found.push(Remark { subject, ..Remark::new(code, at, message, declared) });
        }
    }
}

/// The items of a list, but for those without text.
fn split(text: &str, separator: char) -> Vec<&str> {
    split_list(text, separator).into_iter().map(|(_, item)| item).filter(|item| !item.is_empty()).collect()
}

/// The paths of properties in a filter, without `$count`. What is inside `any` and `all` is about their own variable. A text that is not an
/// expression has none.
fn paths_of_filter(filter: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok((expression, _)) = read_filter(filter) {
        expression.visit(&mut |part| {
            let path = match part {
                Expression::Path(own) => own,
                Expression::Lambda(own) => &own.collection,
                _ => return true,
            };
            if !path.names.is_empty() {
                paths.push(path.names.join("/"));
            }
            false
        });
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_properties() {
        let check = |filter: &str, expected: &[&str]| assert_eq!(paths_of_filter(filter), expected, "{filter}");
        check("color eq 'red' and owner/name ne 'O''Brien eq x'", &["color", "owner/name"]);
        check("startswith(name,'a') or not(age gt 5)", &["name", "age"]);
        check("id in ('a', 'b')", &["id"]);
        check("tags/any(t:t eq 'a' and color eq t)", &["tags"]);
        check("tags/$count eq 0", &["tags"]);
        check("isOn and n.lamp/watts add 1 gt {number}", &["isOn", "n.lamp/watts"]);
        check("year(since) eq 2017", &["since"]);
        check("a eq 'never closed", &[]);
        check("", &[]);
    }

    #[test]
    fn lists_are_split_outside_of_parentheses_and_quotation_marks() {
        assert_eq!(split("a, b(c=1;d=2),e", ','), ["a", "b(c=1;d=2)", "e"]);
        assert_eq!(split("$filter=a eq ';';$top=1", ';'), ["$filter=a eq ';'", "$top=1"]);
        assert_eq!(split(" ,", ','), Vec::<&str>::new());
    }
}
