//! A table of clouds: a column or a row for each, with marks or words.

use std::sync::LazyLock;

use super::super::permissions::is_not_supported;
use super::super::word_list::{WordList, WordLists};
use super::{Availability, Cloud, CloudSet};
use crate::page::{Cell, Table};

static WORDS: LazyLock<WordLists> = LazyLock::new(|| WordLists::read(include_str!("words.txt")));

/// The marks for what is available, and for what is not: as signs, or by the names that GitHub has for them.
static YES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::of(&[
        "✅",
        "✔",
        "✓",
        "☑",
        "🗸",
        "🟢",
        ":white_check_mark:",
        ":heavy_check_mark:",
        ":ballot_box_with_check:",
    ])
});
static NO: LazyLock<WordList> = LazyLock::new(|| {
    let names = [":x:", ":heavy_multiplication_x:", ":negative_squared_cross_mark:", ":no_entry:", ":no_entry_sign:"];
    let signs = ["❌", "❎", "✖", "✗", "✘", "🚫", "⛔", "🔴"];
    WordList::of(&[names.as_slice(), signs.as_slice()].concat())
});

/// What [`of_name`] looks for.
static ANY_CLOUD: LazyLock<WordList> = LazyLock::new(|| {
    let lists = ["government", "china", "global"].map(|list| WORDS.words(list));
    WordList::of(&[lists.concat().as_slice(), &["l4", "l5", "dod"]].concat())
});

/// A table with more columns, or rows, says something else.
const MOST: usize = 16;
/// So does a table whose heads are longer, in bytes.
const LONGEST_HEAD: usize = 160;

/// What a table says; `None` where it is not about clouds.
pub(super) fn read(table: &Table<'_>) -> Option<[Availability; 4]> {
    if table.head.len() > MOST || table.rows.len() > MOST {
        return None;
    }
    by_column(table).or_else(|| by_row(table))
}

/// A table with a column for each cloud.
fn by_column(table: &Table<'_>) -> Option<[Availability; 4]> {
    let heads: Vec<&str> = table.head.iter().map(|cell| cell.text.as_ref()).collect();
    let mut columns = of_names(&heads)?;
    let cell = |row: &'_ Vec<Cell<'_>>, column: usize| row.get(column).map_or(Availability::Unknown, of_cell);
    let without = |columns: &[CloudSet]| (0..heads.len()).filter(|at| columns[*at].is_empty()).collect::<Vec<_>>();
    let is_marked = |column: usize| {
        !table.rows.is_empty() && table.rows.iter().all(|row| cell(row, column) != Availability::Unknown)
    };
    let has_global = columns.iter().any(|own| own.has(Cloud::Global));
    if let ([column], false) = (without(&columns).as_slice(), has_global)
        && is_marked(*column)
    {
        // The only cloud that has no name which all languages share.
        columns[*column].extend([Cloud::Global]);
    }
    // Where rows have names, they are about something within the API, unless there is one alone.
    if !without(&columns).is_empty() && table.rows.len() > 1 {
        return None;
    }
    let stated = table.rows.iter().flat_map(|row| columns.iter().enumerate().map(|(at, own)| (*own, cell(row, at))));
    said(stated)
}

/// A table with a row for each cloud.
fn by_row(table: &Table<'_>) -> Option<[Availability; 4]> {
    if table.head.len() != 2 {
        return None;
    }
    let names: Vec<&str> = table.rows.iter().map(|row| row.first().map_or("", |cell| cell.text.as_ref())).collect();
    let clouds = of_names(&names)?;
    let of_row = |row: &Vec<Cell<'_>>| row.get(1).map_or(Availability::Unknown, of_cell);
    said(clouds.into_iter().zip(table.rows.iter().map(of_row)))
}

/// What is said, if anything is: what is said in two ways is not known.
fn said(stated: impl Iterator<Item = (CloudSet, Availability)>) -> Option<[Availability; 4]> {
    let mut said = [None; 4];
    for (clouds, own) in stated {
        for cloud in Cloud::ALL.into_iter().filter(|cloud| clouds.has(*cloud)) {
            let before = &mut said[cloud as usize];
            *before = Some(if before.is_none_or(|before| before == own) { own } else { Availability::Unknown });
        }
    }
    let said = said.map(Option::unwrap_or_default);
    said.iter().any(|own| *own != Availability::Unknown).then_some(said)
}

/// The clouds of each of these names, if they are names of clouds: at least two, one of them by the name that all languages share.
fn of_names(names: &[&str]) -> Option<Vec<CloudSet>> {
    if names.len() < 2 || names.iter().any(|name| name.len() > LONGEST_HEAD) {
        return None;
    }
    // Hardly any table has such words. Where the last one would be the first, it need not be searched.
    let first = names[..names.len() - 1].iter().position(|name| ANY_CLOUD.is_in(name))?;
    names[first + 1..].iter().find(|name| ANY_CLOUD.is_in(name))?;
    let clouds: Vec<CloudSet> = names.iter().map(|name| of_name(name)).collect();
    let named = clouds.iter().filter(|own| !own.is_empty()).count();
    let is_sure = clouds.iter().any(|own| own.has(Cloud::Usgov) || own.has(Cloud::UsgovDod) || own.has(Cloud::China));
    (named > 1 && is_sure).then_some(clouds)
}

/// The clouds that a head names.
fn of_name(name: &str) -> CloudSet {
    let mut clouds = CloudSet::default();
    let has = |list| WORDS.first_in(name, list).is_some();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut levels = [false; 2];
    words.by_ref().for_each(|word| {
        levels[0] |= word.eq_ignore_ascii_case("L4");
        levels[1] |= word.eq_ignore_ascii_case("L5") || word.eq_ignore_ascii_case("DOD");
    });
    match levels {
        [false, false] if has("government") && !has("china") => clouds.extend([Cloud::Usgov, Cloud::UsgovDod]),
        [l4, l5] => {
            clouds.extend(l4.then_some(Cloud::Usgov));
            clouds.extend(l5.then_some(Cloud::UsgovDod));
        }
    }
    clouds.extend(has("china").then_some(Cloud::China));
    clouds.extend(has("global").then_some(Cloud::Global));
    clouds
}

/// What a cell says, by its mark or by its word.
fn of_cell(cell: &Cell<'_>) -> Availability {
    let text = cell.text.as_ref();
    let is_denied = || WORDS.is_one(text, "not-available") || is_not_supported(text);
    match (YES.is_in(text), NO.is_in(text)) {
        (true, true) => Availability::Unknown,
        (true, false) => Availability::Available,
        (false, true) => Availability::NotAvailable,
        (false, false) if text.len() > LONGEST_HEAD => Availability::Unknown,
        (false, false) if WORDS.is_one(text, "available") => Availability::Available,
        (false, false) if is_denied() => Availability::NotAvailable,
        (false, false) => Availability::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shown;
    use super::*;
    use crate::page::{Element, Page};

    #[track_caller]
    fn check(rows: &[&str], expected: Option<&str>) {
        let mut rows: Vec<String> = rows.iter().map(|row| format!("|{row}|")).collect();
        rows.insert(1, "|---".repeat(rows[0].matches('|').count() - 1) + "|");
        let text = format!("# Get lamp\n\n{}\n", rows.join("\n"));
        let page = Page::parse("lamp-get.md", &text);
        let table = page.elements.iter().find_map(Element::as_table).expect("a table");
        assert_eq!(read(table).map(shown).as_deref(), expected, "{text}");
    }

    const HEAD: &str = "Global service|US Government L4|US Government L5 (DOD)|China operated by 21Vianet";

    #[test]
    fn columns_have_marks_or_words() {
        for (row, expected) in [
            ("✅|✅|✅|❌", "+++-"),
            (":white_check_mark:|:x:|:x:|:white_check_mark:", "+--+"),
            ("✔️|✔|✖️|✗", "++--"),
            ("Yes|yes|No|Not supported", "++--"),
            ("&#9989;|&#10060;|✅ (preview)|❌ *", "+-+-"),
            ("**Yes**|`no`||TBD", "+-??"),
            ("✅❌|✅||", "?+??"),
        ] {
            check(&[HEAD, row], Some(expected));
        }
        check(&[HEAD, "|||"], None);
        check(&[HEAD, "x|-|z|a"], None);
    }

    #[test]
    fn heads_are_in_any_language_and_in_any_order() {
        for head in [
            "全球服务|美国政府 L4|美国政府 L5 (DOD)|由世纪互联运营的中国",
            "グローバル サービス|米国政府機関 L4|米国政府機関 L5 (DOD)|21Vianet が運営する中国",
            "Globaler Dienst|US-Regierung L4|US-Regierung L5 (DOD)|China, betrieben von 21Vianet",
            "Serviço global|Governo dos EUA L4|Governo dos EUA L5 (DOD)|China operada pela 21Vianet",
            "Глобальная служба|Правительство США L4|Правительство США L5 (DOD)|Китай (21Vianet)",
            "Okoka palvelu|Valtion L4|Valtion L5 (DOD)|21Vianet",
        ] {
            check(&[head, "✅|❌|✅|❌"], Some("+-+-"));
        }
        check(&["China (21Vianet)|US Gov L5|Global|US Gov L4", "✅|❌|❌|✅"], Some("-+-+"));
        check(&["Global|US Government|China", "✅|✅|❌"], Some("+++-"));
        check(&["Cloud|Worldwide|GCC High (L4)|DoD", "Available|✅|✅|❌"], Some("++-?"));
    }

    #[test]
    fn rows_may_be_the_clouds() {
        check(
            &["Cloud|Supported", "Global service|✅", "US Government L4|❌", "US Government L5 (DOD)|❌", "China|✅"],
            Some("+--+"),
        );
        check(&["Cloud|Supported|Since", "Global service|✅|x", "China|✅|y"], None);
        check(&["Member|Description", "global|Yes, global", "china|No, china"], None);
    }

    #[test]
    fn rows_that_disagree_say_nothing() {
        check(&[HEAD, "✅|✅|✅|❌", "✅|❌|✅|❌"], Some("+?+-"));
    }

    #[test]
    fn other_tables_are_not_about_clouds() {
        check(&["Feature|Global|US Government L4|China", "Lamps|✅|✅|❌", "Bulbs|✅|✅|✅"], None);
        check(&["Property|Global", "a|✅"], None);
        check(&["Name|Type|Description", "global|Edm.Boolean|Yes"], None);
        check(&["Global|Local", "✅|❌"], None);
    }
}
