//! What stands before, between and behind the values of a list: the marks and words that join them, and those by which it says what it has not.

use super::sentences::is_contracted_not;

/// Marks between the values of a list.
pub(super) const SEPARATORS: [char; 6] = [',', ';', '\n', '、', '，', '；'];

/// Words between values that are written without blanks beside them.
pub(super) const JOINING: [&str; 8] = ["或者", "以及", "または", "および", "或", "和", "及", "与"];

/// The words of a list of plain words, without quotes; `None` for what is several words.
pub(super) fn items(text: &str) -> Vec<Option<&str>> {
    let mut parts: Vec<&str> = text.split(SEPARATORS).collect();
    if !text.is_ascii() {
        for joining in JOINING {
            parts = parts.into_iter().flat_map(|part| part.split(joining)).collect();
        }
    }
    let mut items = Vec::new();
    for part in parts {
        let words: Vec<&str> = part.split_whitespace().collect();
        // A letter that is alone is no word that joins others.
        let is_joining = |word: &&str| is_conjunction(word) && (words.len() > 1 || word.len() > 1);
        for words in words.split(is_joining) {
            match words {
                [] => {}
                [word] => items.push(Some(word.trim_matches(is_quote)).filter(|word| !word.is_empty())),
                _ => items.push(None),
            }
        }
    }
    items
}

fn is_quote(c: char) -> bool {
    "\"'.。‘’“”「」『』".contains(c)
}

/// Whether a bare word may be a value.
pub(super) fn is_value(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) && word.contains(char::is_alphabetic)
}

/// Whether a bare word in a list says something of a value.
pub(super) fn is_remark(word: &str) -> bool {
    [
        "default",
        "required",
        "optional",
        "nullable",
        "read-only",
        "null",
        "respectively",
        "inclusive",
        "optionally",
        "finally",
    ]
    .iter()
    .any(|own| word.eq_ignore_ascii_case(own))
}

/// Whether a bare word behind a list stands for values that it does not name.
pub(super) fn is_further(word: &str) -> bool {
    ["above", "greater", "higher", "later", "more", "newer", "other", "others"]
        .iter()
        .any(|own| word.eq_ignore_ascii_case(own))
}

/// Whether a text is nothing but what stands between an introduction and its list.
pub(super) fn is_copula(text: &str) -> bool {
    ["", "是", "为", "為", "包括", "包含", "有", "如下", "包括以下", "は", "は次のとおりです", "는", "은"]
        .contains(&text.trim())
}

pub(super) fn is_foreign_letter(c: char) -> bool {
    c >= '\u{370}' && c.is_alphabetic() || c == ' '
}

/// Whether the sentence before an introduction says that the values are not possible.
pub(super) fn is_denied(before: &str) -> bool {
    // "Disallowed values", "不允许的值".
    let prefix = before.rsplit(|c: char| !c.is_alphabetic() || c >= '\u{370}').next().unwrap_or_default();
    if ["dis", "im", "in", "un", "ir", "non"].iter().any(|own| prefix.eq_ignore_ascii_case(own))
        || before.ends_with(['不', '非'])
    {
        return true;
    }
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(SENTENCE))..];
    let sentence = before.rsplit(['.', '。', '\n']).next().unwrap_or(before).to_lowercase();
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    let mut denials = words.filter(|word| {
        ["not", "cannot", "never", "except", "nicht", "keiner", "não", "nie", "не"].contains(word)
            || is_contracted_not(word)
    });
    denials.next().is_some() || ["不能", "不得", "no puede", "ne peut"].iter().any(|words| sentence.contains(words))
}

/// So much of a text may be of its last sentence, in bytes.
const SENTENCE: usize = 200;

/// Whether a text between an introduction and its list says that there are only examples.
pub(super) fn is_example(text: &str) -> bool {
    let text = text.to_lowercase();
    is_not_limited(&text)
        || [
            "such as",
            "for example",
            "e.g.",
            "like ",
            "z. b.",
            "zum beispiel",
            "por exemplo",
            "por ejemplo",
            "par exemple",
            "ad esempio",
            "例如",
            "例えば",
            "たとえば",
            "например",
        ]
        .iter()
        .any(|words| text.contains(words))
}

/// Whether a text in or behind a list says that it goes on.
pub(super) fn is_open_list(text: &str) -> bool {
    let text = text.to_lowercase();
    let before_end = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    before_end.ends_with('等')
        || is_not_limited(&text)
        || ["etc", "and so on", "and more", "...", "…", "usw", "among others", "等等", "など"]
            .iter()
            .any(|words| text.contains(words))
}

/// Words by which a list says that it has not all values, in lower case.
#[rustfmt::skip]
const NOT_LIMITED: &[&str] = &[
    "not limited to", "without limitation", "nicht beschränkt auf", "não se limitam", "não se limitando", "não está limitado", "não limitad",
    "no se limitan", "no está limitado", "no limitad", "sans s'y limiter", "sans s’y limiter", "non limité", "non limitat", "не ограничива", "不限于",
    "不限於", "これらに限定",
];

fn is_not_limited(text: &str) -> bool {
    NOT_LIMITED.iter().any(|words| text.contains(words))
}

/// Whether a text between two values says that others are between them.
pub(super) fn is_range(gap: &str) -> bool {
    let words = [
        "through", "thru", "to", "until", "bis", "até", "hasta", "jusqu'à", "至", "到", "から", "-", "–", "—", "~",
        "..",
    ];
    words.contains(&gap.trim().to_lowercase().as_str())
}

/// Whether a text between two values has a place for another one, which a machine's translation has lost, or nothing at all.
pub(super) fn is_torn(gap: &str) -> bool {
    let gap = gap.trim();
    let separators = gap.chars().filter(|c| matches!(c, ',' | '、' | '，' | ';')).count();
    let words = gap.chars().any(|c| c.is_alphanumeric());
    gap.is_empty() || (separators > 1 && !words)
}

/// By how much parentheses are deeper behind a text.
pub(super) fn depth_of(text: &str) -> i32 {
    text.chars().fold(0, |depth, c| match c {
        '(' | '（' => depth + 1,
        ')' | '）' => depth - 1,
        _ => depth,
    })
}

/// Words before the last value of a list.
const CONJUNCTIONS: [&str; 24] = [
    "or",
    "and",
    "and/or",
    "&",
    "oder",
    "und",
    "sowie",
    "ou",
    "et",
    "e",
    "o",
    "y",
    "u",
    "или",
    "и",
    "または",
    "および",
    "或",
    "或者",
    "以及",
    "和",
    "及",
    "与",
    "또는",
];

/// Whether a text between two marks separates two values.
pub(super) fn is_separator(gap: &str) -> bool {
    let gap = gap.trim_end_matches(' ');
    let ends = gap.ends_with([',', '、', '，', ';', '；', '|', '/', '\n', '-', '*', '•']) || gap.trim().is_empty();
    let word = gap.rsplit(|c: char| c.is_whitespace() || ",、，)）".contains(c)).next().unwrap_or(gap);
    ends || is_conjunction(word)
}

pub(super) fn is_conjunction(word: &str) -> bool {
    CONJUNCTIONS.iter().any(|conjunction| word.eq_ignore_ascii_case(conjunction))
}

/// Whether a text behind a value explains it.
pub(super) fn is_defined(behind: &str) -> bool {
    behind.trim_start_matches(' ').starts_with(['-', '–', '—', ':', '：', '=', '(', '（'])
}
