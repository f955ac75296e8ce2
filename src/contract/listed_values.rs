//! The members of an enumeration that the description of a property lists: "Possible values are: `a`, `b`."
//!
//! A list is known by the words before it, in the languages that documentation sets exist in, and by the marks that no translation
//! touches: code spans, bold text, the header field by which a client asks for members that were added later.
//! What is not sure to be all of a list is not taken: a value that is missing in it would be reported as wrong.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Match};
use foldhash::HashSet;

use super::between_values::{
    JOINING, SEPARATORS, depth_of, is_conjunction, is_copula, is_defined, is_denied, is_example, is_foreign_letter,
    is_further, is_open_list, is_range, is_remark, is_separator, is_torn, is_value, items,
};
use super::choices::choice;
use crate::page::{Cell, Mark};

/// Words before a list, in English.
const ENGLISH: usize = 17;

/// Words before a list of all values; those in English first. The words are those of the published translations of Microsoft Graph's
/// documentation.
#[rustfmt::skip]
pub(super) const INTRODUCTIONS: &[&str] = &[
    "possible values", "possible value is", "possible options are", "allowed values", "allowed value", "valid values", "accepted values",
    "supported values", "permitted values", "available values", "acceptable values", "one of the following values", "values are:",
    "value can be one of", "following values are supported", "can use the values", INCLUDE_UNKNOWN,
    "mögliche werte", "zulässige werte", "gültige werte", "unterstützte werte", // German
    "valores posibles", "posibles valores", "valores permitidos", "valores válidos", "valores admitidos", // Spanish
    "valores possíveis", "possíveis valores", "valores com suporte", "valores aceitos", // Portuguese
    "valeurs possibles", "valeurs autorisées", "valeurs valides", "valeurs acceptées", "valeurs prises en charge", // French
    "valori possibili", "possibili valori", "valori consentiti", "valori validi", // Italian
    "Возможные значения", "возможные значения", "Допустимые значения", "допустимые значения", // Russian
    "可取值", "可能的值", "可能值", "可能的取值", "可取的值", "可选值", "可選值", "允许的值", "允許的值", "有效值", "可用值", "支持的值",
    "可能的值包括", // Chinese
    "使用可能な値", "使用できる値", "可能な値", "指定できる値", "可能性のある値", "可能性がある値", "有効な値", "許可される値", "設定できる値", // Japanese
    "가능한 값", "유효한 값", "허용되는 값", "지원되는 값", // Korean
];

/// The header field that asks for members which were added later; the list of those follows.
const INCLUDE_UNKNOWN: &str = "include-unknown-enum-members";

/// Few descriptions are searched by it: only those that have some of these words in whatever language. So it is one that is quickly made.
static SEARCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let builder = &mut AhoCorasick::builder();
    builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(INTRODUCTIONS).ok()
});

/// In a longer description, words without marks are no list: no enumeration has so many members.
const LONGEST: usize = 16 * 1024;

/// Whether the description in a cell announces a list that is not read, because it has no marks and is too long.
pub(super) fn has_unread_list(cell: &Cell<'_>) -> bool {
    let is_english = |found: Match| found.pattern().as_usize() < ENGLISH;
    cell.text.len() > LONGEST
        && cell.marks.is_empty()
        && SEARCHER.as_ref().is_some_and(|searcher| searcher.find_iter(cell.text.as_ref()).any(is_english))
}

/// All values that the description in a cell lists; empty if it lists none, or not surely all.
pub(super) fn listed_values(cell: &Cell<'_>) -> Vec<String> {
    let text = cell.text.as_ref();
    if text.len() > LONGEST && cell.marks.is_empty() {
        return Vec::new();
    }
    let Some(searcher) = SEARCHER.as_ref() else { return Vec::new() };
    let introductions: Vec<Match> = searcher.find_iter(text).collect();
    if introductions.is_empty() {
        return choice(cell);
    }
    let mut found = Found::default();
    for (index, introduction) in introductions.iter().enumerate() {
        let end = introductions.get(index + 1).map_or(text.len(), Match::start);
        let is_added = introduction.pattern().as_usize() == ENGLISH - 1;
        let is_english = introduction.pattern().as_usize() < ENGLISH;
        let is_latin = INTRODUCTIONS[introduction.pattern()].chars().all(|c| c < '\u{370}');
        if is_denied(&text[..introduction.start()]) {
            return Vec::new();
        }
        if introduction.end() < found.read_to || (is_added && found.values.is_empty()) {
            continue;
        }
        let list = List { cell, text, end, is_english, keeps_words: is_english || !is_latin, is_added };
        match list.read(introduction.end()) {
            Some((values, read_to)) => {
                found.read_to = read_to;
                values.into_iter().for_each(|value| found.add(value));
            }
            None => return Vec::new(),
        }
    }
    found.values
}

/// The values so far, each once.
#[derive(Default)]
struct Found {
    values: Vec<String>,
    known: HashSet<String>,
    /// Up to where the text has been read.
    read_to: usize,
}

impl Found {
    fn add(&mut self, value: String) {
        if self.known.insert(value.clone()) {
            self.values.push(value);
        }
    }
}

/// A list behind an introduction.
struct List<'c> {
    cell: &'c Cell<'c>,
    text: &'c str,
    /// Where the next introduction begins.
    end: usize,
    is_english: bool,
    /// Whether words in Latin letters are those of the original: the language is English, or has other letters.
    keeps_words: bool,
    /// Whether it is the list of members that were added later.
    is_added: bool,
}

impl List<'_> {
    /// The values of the list from there on, and where it ends; `None` if what is read cannot be all of it.
    fn read(&self, start: usize) -> Option<(Vec<String>, usize)> {
        let marks = &self.cell.marks;
        let first = marks.partition_point(|mark| mark.range.start < start);
        let last = first + marks[first..].partition_point(|mark| mark.range.start < self.end);
        let marks = &marks[first..last];
        let has_code = marks.iter().any(|mark| mark.is_code);
        // Translations leave code alone, and words of other letters than theirs.
        if !has_code && !self.keeps_words {
            return Some((Vec::new(), start));
        }
        let items = marks.iter().filter(|mark| mark.is_code == has_code);
        self.marked(items, start).or_else(|| Some((Vec::new(), start)).filter(|_| marks.is_empty())).map(
            |(values, end)| {
                if values.is_empty() && marks.is_empty() && !self.is_added {
                    return (self.words(start), start);
                }
                (values, end)
            },
        )
    }

    /// The values that marks set apart.
    fn marked<'m>(&self, marks: impl Iterator<Item = &'m Mark>, start: usize) -> Option<(Vec<String>, usize)> {
        let mut values = Vec::new();
        let mut at = start;
        // Whether each value has a line of its own.
        let mut has_lines = false;
        let mut depth = 0_i32;
        for mark in marks {
            let gap = self.text.get(at..mark.range.start)?;
            let behind = self.text.get(mark.range.end..self.end).unwrap_or_default();
            let is_first = values.is_empty();
            let opens_line = after_last_line_end(gap).is_some_and(is_bullet);
            if is_first {
                // Of the members that were added later, what else the sentence says stands before a colon.
                let opens = |gap: &str| gap.trim_end().ends_with([':', '：']);
                if last_sentence(gap, false).is_some() || is_example(gap) {
                    break;
                }
                // A place for a value that a machine's translation has lost.
                let before = gap.trim_end_matches([',', '、', '，', ' ']);
                if before.len() < gap.trim_end().len() && before.ends_with([':', '：']) {
                    return None;
                }
                has_lines = opens_line;
                if self.is_added && !opens(gap) {
                    at = mark.range.end;
                    continue;
                }
            } else if opens_line && (has_lines || is_defined(behind)) {
                depth = 0;
            } else if let Some(last) = last_sentence(gap, true) {
                if !is_bullet(last) || !is_defined(behind) {
                    break;
                }
                depth = 0;
            } else {
                depth += depth_of(gap);
                if is_open_list(gap) || is_range(gap) || gap.contains('`') || (!self.is_english && is_torn(gap)) {
                    return None;
                }
                // What stands in parentheses, and what a text speaks of, is not of the list.
                if depth > 0 || !is_separator(gap) {
                    at = mark.range.end;
                    continue;
                }
                depth = 0;
                values.extend(self.bare(gap)?);
            }
            at = mark.range.end;
            let value = self.text[mark.range.clone()].trim().trim_matches(['"', '\'', ',', '.']);
            if value.contains(['{', '<', '(', '=', '$']) || value.contains("://") || !value.is_ascii() {
                return None;
            }
            if !value.is_empty() && value != "null" {
                values.push(value.to_owned());
            }
        }
        // What follows may say that there are more.
        let rest = self.text.get(at..self.end).unwrap_or_default();
        let rest = &rest[..sentence_end(rest, true).unwrap_or(rest.len())];
        if !values.is_empty() {
            if rest.contains('`') {
                return None;
            }
            values.extend(self.last_bare(rest)?);
        }
        // A single value behind foreign words may be the default, or what is left of a list.
        let is_doubtful = values.len() == 1 && !self.is_english && !self.is_added;
        (!is_doubtful && !is_open_list(rest)).then_some((values, at))
    }

    /// The values that stand between two others without marks of their own; `None` if they are translated, or not sure to be values.
    fn bare(&self, gap: &str) -> Option<Vec<String>> {
        if !gap.trim_start().starts_with(SEPARATORS) {
            return Some(Vec::new());
        }
        let words = items(gap).into_iter().flatten().filter(|word| !is_remark(word));
        // A phrase explains the value before it.
        words.map(|word| (self.keeps_words && is_value(word)).then(|| word.to_owned())).collect()
    }

    /// The same for what stands behind the last value.
    fn last_bare(&self, rest: &str) -> Option<Vec<String>> {
        let rest = rest.trim_end_matches(['.', '。', ' ']);
        let begins = rest.trim_start();
        let behind = begins.trim_start_matches(SEPARATORS).trim_start();
        let is_conjoined = || behind.split_once(' ').is_some_and(|(first, _)| is_conjunction(first));
        let is_joined =
            begins.starts_with('、') || JOINING.iter().any(|word| behind.starts_with(word)) || is_conjoined();
        if !is_joined && !begins.starts_with(SEPARATORS) {
            return Some(Vec::new());
        }
        let Some(words) = items(rest).into_iter().collect::<Option<Vec<_>>>() else { return Some(Vec::new()) };
        let words: Vec<&str> = words.into_iter().filter(|word| !is_remark(word)).collect();
        let are_values = !words.is_empty() && words.iter().all(|word| is_value(word));
        // Several words behind a comma are a phrase with one that joins them: "conforme o tipo".
        if !are_values || (!is_joined && words.len() > 1) {
            return Some(Vec::new());
        }
        // A word behind a comma alone may be a remark.
        let is_sure = is_joined && self.keeps_words && !words.iter().any(|word| is_further(word));
        is_sure.then(|| words.into_iter().map(str::to_owned).collect())
    }

    /// The values of a list of plain words, which only a colon and commas make one, or that they are a whole sentence. Translations translate such words, too, unless theirs have other
    /// letters.
    fn words(&self, start: usize) -> Vec<String> {
        let text = &self.text[start..self.end];
        let text = &text[..sentence_end(text, true).unwrap_or(text.len())];
        let listed = match text.split_once([':', '：']) {
            Some((before, listed)) if self.is_english || is_copula(before) => listed,
            None if !self.is_english => text.trim_start_matches(is_foreign_letter),
            _ => match self.sentence(start, text).filter(|_| self.is_english) {
                Some(listed) => listed,
                None => return Vec::new(),
            },
        };
        let copula = &text[..text.len() - listed.len()];
        let is_list =
            if self.is_english { listed.contains(',') } else { is_copula(copula.trim_end_matches(['：', ':'])) };
        if !is_list || is_open_list(listed) || is_example(listed) {
            return Vec::new();
        }
        let Some(words) = items(listed).into_iter().collect::<Option<Vec<_>>>() else { return Vec::new() };
        let words: Vec<&str> = words.into_iter().filter(|word| *word != "null").collect();
        let is_sure = words.iter().all(|word| is_value(word)) && (self.is_english || words.len() > 1);
        if is_sure { words.into_iter().map(str::to_owned).collect() } else { Vec::new() }
    }
}

impl List<'_> {
    /// A text that goes on from an introduction without a colon, if it is a list all the same: "are on, off, and dim". Two words may be anything,
    /// several plurals are kinds of values, and whoever marks names does not leave them bare.
    fn sentence<'t>(&self, start: usize, text: &'t str) -> Option<&'t str> {
        let is_verb_before = self.text[..start].ends_with("the values");
        let listed = text.strip_prefix(" are ").or_else(|| text.strip_prefix(' ').filter(|_| is_verb_before))?;
        let listed = listed.trim_end_matches('.');
        let (before, last) = listed.rsplit_once(" or ").or_else(|| listed.rsplit_once(" and "))?;
        let is_kind = |word: &str| word.trim_end_matches(',').ends_with('s');
        let are_kinds = is_kind(last) && before.split(", ").all(is_kind);
        (before.contains(", ") && !are_kinds && self.cell.marks.is_empty()).then_some(listed)
    }
}

/// Words behind which a dot does not end a sentence.
const ABBREVIATIONS: [&str; 14] =
    ["e.g", "i.e", "etc", "vs", "incl", "approx", "z.b", "z. b", "bzw", "p. ex", "p.ex", "ej", "ex", "д"];

/// What follows the last sentence that ends in a text; `None` if none does.
fn last_sentence(text: &str, is_behind: bool) -> Option<&str> {
    let mut rest = text.get(sentence_end(text, is_behind)?..)?;
    while let Some(next) = sentence_end(rest, false).and_then(|end| rest.get(end..)) {
        rest = next;
    }
    Some(rest)
}

fn after_last_line_end(text: &str) -> Option<&str> {
    text.rsplit_once('\n').map(|(_, rest)| rest)
}

/// Whether a text has nothing but what stands before an item of a list.
fn is_bullet(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || "-*•·–—".contains(c))
}

/// Where the sentence ends at which a text begins; `None` if it goes on. `is_behind` is whether the text follows a value.
fn sentence_end(text: &str, is_behind: bool) -> Option<usize> {
    let mut ends = text.char_indices().filter(|(_, c)| matches!(c, '.' | '。' | '．' | '!' | '?' | '！' | '？'));
    ends.find_map(|(at, c)| {
        let end = at + c.len_utf8();
        let behind = &text[end..];
        if !c.is_ascii() {
            return Some(end);
        }
        // No abbreviation is longer.
        let before = text[floor(text, at.saturating_sub(8))..at].to_lowercase();
        let goes_on = behind.trim_start_matches(' ').starts_with(|c: char| c.is_lowercase());
        let is_end = behind.is_empty() || behind.starts_with(char::is_whitespace) || (is_behind && at == 0);
        let is_short = ABBREVIATIONS.iter().any(|short| before.ends_with(short));
        (is_end && !goes_on && !is_short && !behind.starts_with('.')).then_some(end)
    })
}

/// The nearest boundary of a character at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let page = format!("|a|\n|---|\n|{text}|\n");
        let page = Page::parse("p.md", &page);
        let cell = &page.tables().next().expect("a table").rows[0][0];
        assert_eq!(listed_values(cell), expected, "{text}");
    }

    #[test]
    fn a_list_is_what_follows_its_introduction() {
        check("State. Possible values are: `x`, `y`, `z`.", &["x", "y", "z"]);
        check("Possible values are: `x`, `y`. Default is `d`.", &["x", "y"]);
        check("Possible values are: x, y, or z.", &["x", "y", "z"]);
        check("(possible values: `x`, `y`) of `z`", &["x", "y"]);
        check("Possible values are: **x**, **y**.", &["x", "y"]);
        check("Possible values are: `x`, `in-review`, `two words`.", &["x", "in-review", "two words"]);
        check("See `q`. Possible values are x, y, and z.", &[]);
        check("Possible values are described below: see there.", &[]);
        check("Supports `$filter` (`eq`, `ne`).", &[]);
        check("Cannot begin with `q` or be one of the following values: `x`, `y`.", &[]);
        check("Not nullable. Possible values are: `x`, `y`.", &["x", "y"]);
    }

    #[test]
    fn a_list_of_plain_words_may_be_a_sentence() {
        check("Possible values are on, off, and dim.", &["on", "off", "dim"]);
        check("Possible values are on, off or dim. The default is on.", &["on", "off", "dim"]);
        check("You can use the values *fail*, *replace*, or *rename*.", &["fail", "replace", "rename"]);
        check("The following values are supported: `day`, `night`.", &["day", "night"]);
        check("Possible values are on, off, and others that are set.", &[]);
        check("Possible values are unique and short.", &[]);
        check("Allowed values are letters, digits, and hyphens.", &[]);
        check("Possible values depend on on, off, and dim.", &[]);
    }

    #[test]
    fn a_list_goes_on_through_explanations() {
        check("Possible values are:</br>`x` - Handed in. Not read. </br>`y` - Read. |", &["x", "y"]);
        check("Possible values: `x` (e.g. a role), or `y` for users.", &["x", "y"]);
        check("Possible values: `x` (only with `q`), `y`.", &["x", "y"]);
        check("Possible values: `x` when `q` is set, or `y`.", &["x", "y"]);
        check("Possible values are: `x` - one. `y` - two. The default is `d`.", &["x", "y"]);
    }

    #[test]
    fn all_lists_of_a_cell_count() {
        check("For A, possible values: `x`, `y`. For B, possible values: `z`, `y`.", &["x", "y", "z"]);
        check(
            "The possible values are: `x`, `unknownFutureValue`. Use the `Prefer: include-unknown-enum-members` request header to get \
             the following members in this [evolvable enum](/graph/y): `z` , `w`. Read-only.",
            &["x", "unknownFutureValue", "z", "w"],
        );
        check(
            "可取值为：`x`、`unknownFutureValue`。 请注意，必须使用 `Prefer: include-unknown-enum-members` 请求标头获取此枚举中的以下值: `z`。",
            &["x", "unknownFutureValue", "z"],
        );
    }

    #[test]
    fn lists_are_read_in_other_languages() {
        check("可取值为：`on`、`off`。", &["on", "off"]);
        check("Os valores possíveis são: `on`, `off`. O padrão é `x`.", &["on", "off"]);
        check("Mögliche Werte sind: `on`, `off` oder `dim`.", &["on", "off", "dim"]);
        check("使用可能な値は、`on`、`off` です。", &["on", "off"]);
        check("Возможные значения: `on`, `off`.", &["on", "off"]);
        check("Les valeurs possibles sont `on` et `off`.", &["on", "off"]);
        check("可能的取值：`on`、`off`。", &["on", "off"]);
        check("可取的值为：`on`、`off`。", &["on", "off"]);
        check("可选值为：`on`、`off`。", &["on", "off"]);
        check("可能的值为：<ul><li>`on`</li><li>`off`</li></ul>", &["on", "off"]);
        check("Os valores possíveis são: <ul><li>`on`</li><li>`off`</li></ul>", &["on", "off"]);
    }

    #[test]
    fn words_in_latin_letters_are_those_of_the_original_in_other_scripts() {
        for text in [
            "可能的值是：on、off。",
            "可能的值为：**on**、**off**。",
            "可能的值为“on”或“off”。",
            "可能的值为：'on'、'off'。",
            "可能的值为 on 和 off。",
            "可能的值包括：on，off。",
            "使用可能な値は、`on`、`off` です。",
            "Возможные значения: on, off.",
        ] {
            check(text, &["on", "off"]);
        }
        check("可能的值为：on、关。", &[]);
        check("可能的值为：on。", &[]);
        check("可能的值取决于 on、off。", &[]);
        check("可能的值：on、off 等。", &[]);
    }

    #[test]
    fn a_value_may_have_lost_its_marks() {
        check("Possible values are: `x`, y, `z`.", &["x", "y", "z"]);
        check("Possible values are: `x`, `y` or z.", &["x", "y", "z"]);
        check("Possible values are: `x`, `y`, and z.", &["x", "y", "z"]);
        check("Possible values are: `x`, `y`, z.", &[]);
        check("Possible values are: `x`, `y`, required.", &["x", "y"]);
        check("Possible values are: `x`, default, `y`, or null.", &["x", "y"]);
        check("Possible values are: `x`, which is new, `y` or later ones.", &["x", "y"]);
        check("Possible values are: `x`, `y`, or later.", &[]);
        check("可能的值是：`x`、y、`z`。", &["x", "y", "z"]);
        check("可能的值是：`x`、`y` 和 z。", &["x", "y", "z"]);
        check("可能的值是：`x`、关、`z`。", &[]);
        check("可能的值是：`x`、`y`、`z。", &[]);
        check("Os valores possíveis são: `x`, `y` e z.", &[]);
        check("Os valores possíveis são: `x`, y, `z`.", &[]);
        check("Os valores possíveis são: `x`, `y, `z`.", &[]);
        check("Os valores possíveis são: `x`, `y` e `z`, conforme o tipo.", &["x", "y", "z"]);
    }

    #[test]
    fn a_list_that_says_so_is_not_closed() {
        check("可能的值包括 `x`、`y` 等。", &[]);
        check("Possible values include, but are not limited to: `x`, `y`.", &[]);
        check("Os valores possíveis incluem, mas não se limitam a: `x`, `y`.", &[]);
        check("可能的值包括但不限于 `x`、`y`。", &[]);
        check("不允许的值为：`x`、`y`。", &[]);
        check("Disallowed values: `x`, `y`.", &[]);
        check("Ungültige Werte: `x`, `y`.", &[]);
    }

    #[test]
    fn what_may_not_be_all_of_a_list_is_not_taken() {
        check("Possible values are: `x`, `y`, etc.", &[]);
        check("Possible values are: `x1` through `x9`, `y`.", &[]);
        check("Possible values, such as `x`, `y`.", &[]);
        check("Valores possíveis: `x` , , , `y`.", &[]);
        check("可能的值： 、 、 `x`或 `y`", &[]);
        check("Os valores possíveis são: nenhum, baixo, alto.", &[]);
        check("Os valores possíveis são: **nenhum**, **baixo**.", &[]);
        check("Os valores possíveis são: `público`, `privado`.", &[]);
    }
}
