//! Names of properties that were translated with the text around them.

use std::cell::LazyCell;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::{Contracts, Linter};
use crate::compare::excerpt;
use crate::contract::{Body, PropertyTable, TypeIndex};
use crate::diagnostic::Code;
use crate::json::Json;
use crate::page::Language;

pub(super) fn check(linter: &mut Linter<'_>, index: &TypeIndex, contracts: &Contracts) {
    let page = linter.page;
    let tables = linter.tables;
    for (name, line) in tables.iter().flat_map(|(_, table)| &table.translated) {
        // Other texts are several names, or names with a remark.
        if name.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
            let message = format!("`{}` is no name of a property", excerpt(name));
            linter.report(Code::PropertyNameTranslated, *line, message);
        }
    }
    // A word without foreign letters may be a name. Where it stands shows which one was translated.
    // Where the text has other letters, a name in these is not translated.
    let is_translated =
        LazyCell::new(|| page.language() != Language::English && !page.text.chars().any(is_of_other_script));
    let Some(table) = tables.of_request_body() else { return };
    let rows: Vec<(&str, u32)> =
        table.rows.iter().map(|row| (row.property.name.as_str(), row.property.line.unwrap_or_default())).collect();
    let known: HashSet<&str> = rows.iter().map(|(name, _)| *name).collect();
    let (mut reported, mut compared) = (HashSet::new(), 0);
    for (_, contract) in contracts {
        let Some(Json::Object(members)) = contract.request.body.as_ref().and_then(Body::as_json) else { continue };
        let members: Vec<&str> = members.iter().map(|own| own.name.as_str()).filter(|own| !own.contains('@')).collect();
        // Where each member has a row, no row stands for one of them.
        if members.iter().all(|member| known.contains(member)) {
            continue;
        }
        compared += 1;
        if compared > MOST_EXAMPLES {
            break;
        }
        for (row, member) in translations(&rows, &known, &members) {
            let (name, line) = rows[row];
            // Neither a name that is written together, nor one in another case, nor one that the resource shows is a translated word.
            let is_name = name.chars().skip(1).any(char::is_uppercase)
                || name.eq_ignore_ascii_case(member)
                || contract.request.body_type.as_deref().is_some_and(|own| index.shows(own, name));
            if !is_name && *is_translated && reported.insert(line) {
                let message =
                    format!("`{}` is no name of a property; the example has `{}`", excerpt(name), excerpt(member));
                linter.report(Code::PropertyNameTranslated, line, message);
            }
        }
    }
}

/// The rows of the table of a resource whose names are translations, by the members of its JSON representation that stand in their places.
pub(super) fn of_representation<'m>(linter: &Linter<'_>, members: &[&'m str]) -> HashMap<&'m str, (String, u32)> {
    let page = linter.page;
    let has = |table: &&PropertyTable| table.rows.iter().filter(|row| members.contains(&&*row.property.name)).count();
    let Some(table) = linter.tables.iter().map(|(_, table)| table).max_by_key(has) else { return HashMap::default() };
    let own = table.rows.iter().map(|row| (row.property.name.as_str(), row.property.line.unwrap_or_default()));
    let mut rows: Vec<(&str, u32)> =
        own.chain(table.translated.iter().map(|(name, line)| (name.as_str(), *line))).collect();
    rows.sort_by_key(|(_, line)| *line);
    let known: HashSet<&str> = rows.iter().map(|(name, _)| *name).collect();
    let is_latin = LazyCell::new(|| !page.text.chars().any(is_of_other_script));
    let is_translated = LazyCell::new(|| page.language() != Language::English);
    let is_translation = |name: &str, member: &str| {
        let is_foreign = name.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        // A name that is nearly the same may be the right one.
        let is_word = || {
            let is_near = strsim::osa_distance(name, member) <= 2 && !NEAR_WORDS.contains(&name);
            !is_near && !name.chars().skip(1).any(char::is_uppercase) && *is_latin
        };
        (is_foreign || is_word()) && *is_translated
    };
    let found = translations(&rows, &known, members).into_iter().map(|(row, member)| (member, rows[row]));
    let found = found.filter(|(member, (name, _))| is_translation(name, member));
    found.map(|(member, (name, line))| (member, (name.to_owned(), line))).collect()
}

/// Words of other languages for names of properties that they are near to.
const NEAR_WORDS: [&str; 10] = ["data", "nom", "nome", "numero", "stato", "testo", "texte", "texto", "tipo", "typ"];

/// So many examples with members that no row has are compared with the table: the examples of a page have much the same members.
const MOST_EXAMPLES: usize = 64;

/// Whether a character is a letter of a script that is not Latin.
pub(super) fn is_of_other_script(c: char) -> bool {
    c >= '\u{370}' && c.is_alphabetic() && !('\u{1e00}'..='\u{1eff}').contains(&c)
}

/// The rows that are no members, each with the member that stands in its place: between the same two others as many rows stand as members.
fn translations<'m>(rows: &[(&str, u32)], known: &HashSet<&str>, members: &[&'m str]) -> Vec<(usize, &'m str)> {
    let places: HashMap<&str, usize> = members.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let place = |row: usize| rows.get(row).and_then(|(name, _)| places.get(name)).copied();
    let mut found = Vec::new();
    let mut row = 0;
    while row < rows.len() {
        let first = row;
        while row < rows.len() && place(row).is_none() {
            row += 1;
        }
        let before = first.checked_sub(1).and_then(place);
        // At the beginning and the end, the other side has to hold alone.
        let start = if first == 0 { 0 } else { before.map_or(usize::MAX, |before| before + 1) };
        let end = if row == rows.len() { members.len() } else { place(row).unwrap_or_default() };
        let between = members.get(start..end).unwrap_or_default();
        let is_anchored = first > 0 || row < rows.len();
        if is_anchored && between.len() == row - first && !between.iter().any(|member| known.contains(member)) {
            found.extend((first..row).zip(between.iter().copied()));
        }
        row += 1;
    }
    found
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
        check("|nome|String|\n|estado|String|\n|watts|Int32|\n", &[(9, 1), (10, 1)], 0);
        check("|name|String|\n|state|String|\n|potencia|Int32|\n", &[(11, 1)], 0);
    }

    #[test]
    fn a_row_that_no_example_shows_is_no_translation() {
        check("|name|String|\n|color|String|\n|state|String|\n|watts|Int32|\n", &[], 0);
        check("|name|String|\n|watts|Int32|\n", &[], 0);
        check("|nome|String|\n|estado|String|\n|potencia|Int32|\n", &[], 0);
    }

    #[test]
    fn a_name_that_no_translation_writes_is_none() {
        check("|name|String|\n|lampState|String|\n|watts|Int32|\n", &[], 0);
        check("|name|String|\n|State|String|\n|watts|Int32|\n", &[], 0);
        // A page in Chinese has no words in Latin letters.
        check("|name|String|\n|dimmer|String|\n|watts|Int32|\n\n灯的功率。\n", &[], 0);
    }
}
