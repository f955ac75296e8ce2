//! The rule for query options: what begins with `$` is one that OData has, is there once, and has a value that it can have.
//!
//! Options of a service's own begin with neither `$` nor `@` (OData URL Conventions 4.01 section 5.2). The names of system query options are
//! read in any case and, in 4.01, with or without the `$`; of what has none, only that is reported which hardly is anything else.

use super::Linter;
use crate::compare::excerpt;
use crate::diagnostic::Code;
use crate::page::RequestLine;

/// Options of OData without their `$`: those of OData URL Conventions 4.01 section 5.1 and Data Aggregation 4.0 section 3, those that
/// services write into their links, and those of Microsoft Graph's own.
const OPTIONS: [&str; 18] = [
    "select",
    "expand",
    "filter",
    "orderby",
    "search",
    "top",
    "skip",
    "count",
    "format",
    "compute",
    "apply",
    "index",
    "schemaversion",
    "levels",
    "id",
    "skiptoken",
    "deltatoken",
    "whatif",
];

/// Options that no service has under nearly that name.
const DISTINCT: [&str; 4] = ["select", "expand", "filter", "orderby"];

/// So many defects of one URL are reported.
const MOST: usize = 8;

/// Checks the query options of a URL.
pub(super) fn check(linter: &mut Linter<'_>, line: &RequestLine) {
    let Some((path, query)) = line.target.split_once('?') else { return };
    let mut found = Vec::new();
    found.extend(names(query).into_iter().filter_map(|(offset, name)| Some((offset, problem(name)?))).take(MOST));
    found.extend(values(query, MOST - found.len()));
    for (offset, message) in found {
        let place = linter.place_in_target(line, path.len() + 1 + offset);
        linter.report_at(Code::QueryOptionNotValid, place, message);
    }
}

/// What is wrong with the values of options, with their offsets, in so many places at most: numbers that are not valid, an option that is there twice (OData URL
/// Conventions 4.01 section 5.1), and one behind a second `?`.
fn values(query: &str, most: usize) -> Vec<(usize, String)> {
    let (mut found, mut start, mut seen) = (Vec::new(), 0, Vec::new());
    for option in query.split('&') {
        if found.len() >= most {
            break;
        }
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let own = plain(name).to_ascii_lowercase();
        if own.len() < name.len() && OPTIONS.contains(&own.as_str()) {
            if let Some(message) = value_problem(&own, value.trim()) {
                found.push((start + name.len() + 1, message));
            }
            if seen.contains(&own) {
                found.push((start, format!("the query option `${own}` is there twice")));
            } else {
                seen.push(own);
            }
            if let Some((before, option)) = second_query(value) {
                let message =
                    format!("`?{}` is a part of the value of `{}`; options are separated by `&`", option, name);
                found.push((start + name.len() + 1 + before, message));
            }
        }
        start += option.len() + 1;
    }
    found.truncate(most);
    found
}

/// Why a value is none of its option: `$top` and `$skip` are numbers, `$count` is `true` or `false` (OData ABNF Construction Rules 4.01).
/// Placeholders may stand for any.
fn value_problem(name: &str, value: &str) -> Option<String> {
    let is_plain =
        !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
    let is_fine = match name {
        // One letter stands for any number.
        "top" | "skip" => value.bytes().all(|b| b.is_ascii_digit()) || value.len() == 1 || value.contains("..."),
        "count" => ["true", "false"].iter().any(|own| value.eq_ignore_ascii_case(own)),
        _ => true,
    };
    let expected = if name == "count" { "`true` or `false`" } else { "a number that is not negative" };
    (is_plain && !is_fine)
        .then(|| format!("`{}` cannot be the value of `${name}`, which is {expected}", excerpt(value)))
}

/// Where a second `?` in a value begins an option of OData, and the option's name.
fn second_query(value: &str) -> Option<(usize, &str)> {
    let (before, rest) = value.split_once("?$")?;
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let is_quoted = |quote: char| before.matches(quote).count() % 2 == 1;
    let is_option = rest[end..].starts_with('=') && OPTIONS.contains(&rest[..end].to_ascii_lowercase().as_str());
    (is_option && !is_quoted('\'') && !is_quoted('"'))
        .then(|| (before.len(), &value[before.len() + 1..before.len() + 2 + end]))
}

/// The names of the options in a query, also of those within `$expand`, with their offsets. A `$` may be percent-encoded.
fn names(query: &str) -> Vec<(usize, &str)> {
    let (mut found, mut start) = (Vec::new(), 0);
    for option in query.split('&') {
        if let Some((name, value)) = option.split_once('=') {
            found.push((start, name));
            if plain(name).eq_ignore_ascii_case("expand") {
                let at = start + name.len() + 1;
                found.extend(nested(value).map(|(offset, name)| (at + offset, name)));
            }
        } else if option.starts_with('$') {
            found.push((start, option));
        }
        start += option.len() + 1;
    }
    found
}

/// The names behind `(` or `;` that a `=` follows.
fn nested(value: &str) -> impl Iterator<Item = (usize, &str)> {
    value.match_indices(['(', ';']).filter_map(move |(at, _)| {
        let rest = &value[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '$').unwrap_or(rest.len());
        let is_option = rest.starts_with('$') && rest[end..].starts_with('=');
        is_option.then(|| (at + 1, &rest[..end]))
    })
}

/// A name without its `$`.
fn plain(name: &str) -> &str {
    name.strip_prefix('$').or_else(|| name.strip_prefix("%24")).unwrap_or(name)
}

/// Why a name cannot be that of a query option.
fn problem(name: &str) -> Option<String> {
    let name = name.trim();
    let own = plain(name).to_ascii_lowercase();
    let has_dollar = own.len() < name.len();
    // A placeholder, or the options of a function's alias.
    if own.is_empty() || own.len() > 64 || !own.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    if OPTIONS.contains(&own.as_str()) {
        return None;
    }
    // `$orderbyname`: what would be a value of its own, were there a `=`.
    let joined = OPTIONS.iter().find(|known| known.len() > 4 && own.starts_with(**known));
    if let Some(known) = joined.filter(|known| has_dollar && own.len() > known.len() + 2) {
        return Some(format!("`{}` is no query option; is a `=` missing behind `${known}`?", excerpt(name)));
    }
    let most = if has_dollar { 2 } else { 1 };
    let candidates: &[&str] = if has_dollar { &OPTIONS } else { &DISTINCT };
    let near = candidates
        .iter()
        .map(|known| (strsim::osa_distance(&own, known), known))
        .filter(|(steps, known)| *steps <= most && *steps * 2 < known.len())
        // `filters`: a list of them, by another name.
        .filter(|(_, known)| has_dollar || own.strip_suffix('s') != Some(**known))
        .min();
    match near {
        Some((_, near)) => Some(format!("there is no query option `{}`; did you mean `${near}`?", excerpt(name))),
        None if has_dollar => {
            Some(format!("OData has no query option `{}`; names of other options begin without `$`", excerpt(name)))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[test]
    fn a_name_that_odata_does_not_have_is_found() {
        let check = |name: &str, why: &str| {
            let found = problem(name).unwrap_or_default();
            assert!(found.contains(why), "{name}: {found}");
        };
        check("$slect", "`$select`");
        check("$fitler", "`$filter`");
        check("$oderby", "`$orderby`");
        check("$expnad", "`$expand`");
        check("$cuont", "`$count`");
        check("$tpo", "`$top`");
        check("%24filtre", "`$filter`");
        check("$SkipTokens", "`$skiptoken`");
        check("$color", "begin without");
        check("$orderbycolor", "missing behind `$orderby`");
        check("slect", "`$select`");
        check("oderby", "`$orderby`");
    }

    #[test]
    fn options_in_any_case_and_those_of_a_service_are_not() {
        for name in [
            "$select",
            "$Select",
            "select",
            "$orderBy",
            "$skipToken",
            "$deltaToken",
            "$whatIf",
            "%24top",
            "$count",
            "$id",
            "stop",
            "filters",
            "startDateTime",
            "search",
            "api-version",
            "@p",
            "{options}",
            "$",
            "",
            "color",
            "tops",
        ] {
            assert_eq!(problem(name), None, "{name}");
        }
    }

    #[test]
    fn the_values_of_options_are_theirs_and_each_is_there_once() {
        let check = |query: &str, expected: &[usize]| {
            let found: Vec<usize> = values(query, MOST).into_iter().map(|(offset, _)| offset).collect();
            assert_eq!(found, expected, "{query}");
        };
        check("$top=two", &[5]);
        check("$skip=-2", &[6]);
        check("$select=a&$count=yes", &[17]);
        check("$top=2&$top=3", &[7]);
        check("$select=a?$top=2", &[9]);
        check("$filter=a eq 'b'?$top=2", &[16]);
        check("$top=2&$skip=10&$count=true&$filter=a eq 'b?$top=c'", &[]);
        check("$top={n}&$skip=n&top=two&$count={true}", &[]);
        check("$search=\"a\"&search=b&$count=True&$expand=a($top=1)&id=1&id=2", &[]);
        check("$top=&$skiptoken=a-b", &[]);
    }

    #[test]
    fn an_option_is_reported_at_its_name() {
        let check = |query: &str, expected: &[(u32, u32)]| {
            let text = format!("## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/lamps?{query}\n```\n");
            assert_eq!(places(&text, Code::QueryOptionNotValid), expected, "{query}");
        };
        check("$top=1&$slect=id", &[(4, 51)]);
        check("$expand=owner($slect=id;$top=1)", &[(4, 58)]);
        check("$filter=name eq '$slect=a'", &[]);
        check("$expand=owner($select=id;$filter=name eq 'a')", &[]);
        check("$slect", &[(4, 44)]);
    }
}
