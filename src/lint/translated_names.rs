//! Names of properties that were translated with the text around them.

use std::collections::{HashMap, HashSet};

use super::{Contracts, Linter};
use crate::compare::excerpt;
use crate::contract::{Body, property_table, request_body_table};
use crate::diagnostic::Code;
use crate::json::Json;
use crate::page::Language;

pub(super) fn check(linter: &mut Linter<'_>, contracts: &Contracts) {
    let page = linter.page;
    for table in page.tables() {
        for (name, line) in property_table(table).map(|table| table.translated).unwrap_or_default() {
            // Other texts are several names, or names with a remark.
            if name.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
                linter.report(
                    Code::PropertyNameTranslated,
                    line,
                    format!("`{}` is no name of a property", excerpt(&name)),
                );
            }
        }
    }
    // A word without foreign letters may be a name. Where it stands shows which one was translated.
    if page.language() == Language::English {
        return;
    }
    let Some(table) = request_body_table(page) else { return };
    let rows: Vec<(&str, u32)> =
        table.rows.iter().map(|row| (row.property.name.as_str(), row.property.line.unwrap_or_default())).collect();
    let mut reported = HashSet::new();
    for (_, contract) in contracts {
        let Some(Json::Object(members)) = contract.request.body.as_ref().and_then(Body::as_json) else { continue };
        let members: Vec<&str> = members.iter().map(|own| own.name.as_str()).filter(|own| !own.contains('@')).collect();
        for (row, member) in translations(&rows, &members) {
            let (name, line) = rows[row];
            if reported.insert(line) {
                let message =
                    format!("`{}` is no name of a property; the example has `{}`", excerpt(name), excerpt(member));
                linter.report(Code::PropertyNameTranslated, line, message);
            }
        }
    }
}

/// The rows that are no members, each with the member that stands in its place: between the same two others, and alone.
fn translations<'m>(rows: &[(&str, u32)], members: &[&'m str]) -> Vec<(usize, &'m str)> {
    let places: HashMap<&str, usize> = members.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let known: HashSet<&str> = rows.iter().map(|(name, _)| *name).collect();
    let place = |row: Option<usize>| row.and_then(|row| rows.get(row)).and_then(|(name, _)| places.get(name)).copied();
    let found = (0..rows.len()).filter(|row| place(Some(*row)).is_none()).filter_map(|row| {
        let (before, after) = (place(row.checked_sub(1)), place(Some(row + 1)));
        let is_first = row == 0;
        let is_last = row + 1 == rows.len();
        let at = match (before, after) {
            (Some(before), Some(after)) => (after == before + 2).then_some(before + 1),
            (Some(before), None) if is_last => (before + 2 == members.len()).then_some(before + 1),
            (None, Some(after)) if is_first => (after == 1).then_some(0),
            _ => None,
        }?;
        Some((row, members[at])).filter(|(_, member)| !known.contains(member))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[track_caller]
    fn check(rows: &str, expected: &[(u32, u32)], not_in_table: usize) {
        let text = format!(
            "# Criar lâmpada\n\nEste método cria uma nova lâmpada.\n\n## <a name=\"request-body\"></a>Corpo da solicitação\n\n\
             |Propriedade|Tipo|\n|---|---|\n{rows}\n## Resposta\n\n```http\nPOST https://graph.microsoft.com/v1.0/lamps\n\n\
             {{ \"name\": \"a\", \"state\": \"on\", \"watts\": 4 }}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n"
        );
        assert_eq!(places(&text, Code::PropertyNameTranslated), expected, "{rows}");
        assert_eq!(places(&text, Code::MemberNotInTable).len(), not_in_table, "{rows}");
    }

    #[test]
    fn a_translated_name_is_reported_at_its_row_and_its_member_is_not() {
        check("|name|String|\n|condição|String|\n|watts|Int32|\n", &[(10, 1)], 0);
        check("|name|String|\n|estado|String|\n|watts|Int32|\n", &[(10, 1)], 0);
        check("|nome|String|\n|state|String|\n|watts|Int32|\n", &[(9, 1)], 0);
    }

    #[test]
    fn a_row_that_no_example_shows_is_no_translation() {
        check("|name|String|\n|color|String|\n|state|String|\n|watts|Int32|\n", &[], 0);
        check("|name|String|\n|watts|Int32|\n", &[], 0);
    }
}
