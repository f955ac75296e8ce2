//! The rule for the names of primitive types in property tables: what is nearly one is a slip.

use super::Linter;
use super::translated_names::is_of_other_script;
use crate::compare::excerpt;
use crate::diagnostic::Code;
use crate::edm::Primitive;
use crate::page::Language;

/// The primitive types with names that no other word nearly is, in lower case (OData CSDL 4.01 section 3.3).
const NAMES: [&str; 11] = [
    "string",
    "boolean",
    "int16",
    "int32",
    "int64",
    "double",
    "decimal",
    "binary",
    "duration",
    "timeofday",
    "datetimeoffset",
];

/// Checks the types in the property tables of a page. Other languages have words of their own for them, such as `Booleano`. A word of other letters is
/// none in a language that has these, and one with two letters that are exchanged is none in any.
pub(super) fn check(linter: &mut Linter<'_>) {
    for (line, table) in linter.tables.iter() {
        for row in &table.rows {
            let Some((word, near)) = row.type_word().and_then(|word| Some((word, misspelled(word)?))) else { continue };
            // The language is asked for last, since it takes the words of the whole page.
            let is_slip = linter.page.language() == Language::English
                || is_exchanged(word, near)
                || linter.page.text.chars().any(is_of_other_script);
            if !is_slip && !linter.keeps_names(Code::TypeNameMisspelled) {
                continue;
            }
            let line = row.property.line.unwrap_or(line);
            let raw = linter.page.line_text(line);
            // Behind the name, which may be the same word.
            let from = raw.find(row.property.name.as_str()).map_or(0, |at| at + row.property.name.len());
            let column = raw[from..].find(word).map_or(1, |at| raw[..from + at].chars().count() as u32 + 1);
            let message = format!("there is no type `{}`; did you mean `{near}`?", excerpt(word));
            linter.report_at(Code::TypeNameMisspelled, (line, column), message);
        }
    }
}

/// Whether two words have the same letters.
fn is_exchanged(word: &str, near: &str) -> bool {
    let letters = |word: &str| {
        let mut letters = word.trim_start_matches("Edm.").to_ascii_lowercase().into_bytes();
        letters.sort_unstable();
        letters
    };
    letters(word) == letters(near)
}

/// The primitive type whose name is nearly a word.
fn misspelled(word: &str) -> Option<&'static str> {
    let own = word.strip_prefix("Edm.").unwrap_or(word);
    let is_word = (4..=24).contains(&own.len()) && own.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_word || Primitive::read(word).is_some() {
        return None;
    }
    let own = own.to_ascii_lowercase();
    let is_near = |known: &&&str| {
        let most = if known.len() > 8 { 2 } else { 1 };
        // The plural is a word for several.
        own.len().abs_diff(known.len()) <= most
            && strsim::osa_distance(&own, known) <= most
            && own.strip_suffix('s') != Some(**known)
    };
    let near = NAMES.iter().find(is_near)?;
    Some(Primitive::read(near)?.name().trim_start_matches("Edm."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[test]
    fn a_word_that_is_nearly_a_primitive_type_is_a_slip() {
        let check = |word: &str, expected: Option<&str>| assert_eq!(misspelled(word), expected, "{word}");
        check("Strnig", Some("String"));
        check("Sting", Some("String"));
        check("Boolen", Some("Boolean"));
        check("Int23", Some("Int32"));
        check("Edm.Strng", Some("String"));
        check("DateTimeOfset", Some("DateTimeOffset"));
        check("DataTimeOffest", Some("DateTimeOffset"));
        for word in
            ["String", "string", "strings", "int", "integer", "Date", "lamp", "ring", "microsoft.graph.strin", ""]
        {
            check(word, None);
        }
    }

    #[test]
    fn a_word_of_another_language_is_no_slip() {
        for word in ["Booleano", "Stringa", "Dezimal"] {
            let text = format!(
                "# Lâmpada\n\nEsta é a lâmpada que está na casa do proprietário e não pode ser movida.\n\n|Propriedade|Tipo|\n|---|---|\n|a|{word}|\n|b|Int32|\n"
            );
            assert_eq!(places(&text, Code::TypeNameMisspelled), [], "{word}");
        }
    }

    #[test]
    fn it_is_reported_at_the_word() {
        let check = |prose: &str, expected: &[(u32, u32)]| {
            let text = format!(
                "# Lamp\n\n{prose}\n\n|Property|Type|\n|---|---|\n|Strnig|Strnig|\n|name|String|\n|watts|Int32|\n|isOn|Boolen|\n"
            );
            assert_eq!(places(&text, Code::TypeNameMisspelled), expected, "{prose}");
        };
        check("The lamp is the one that is in the house of the owner.", &[(7, 9), (10, 7)]);
        check("Esta é a lâmpada que está na casa do proprietário e não pode ser movida.", &[(7, 9)]);
        check("这是房间里的灯。", &[(7, 9), (10, 7)]);
    }
}
