//! Header fields that a page requires together with what a request asks for: `eventual. This header and $count are required when using $search.`

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::casts::has_cast;
use super::request_headers::field_name;
use super::sentences::{bare, denies, is, is_one_of, sentences};
use crate::page::{Cell, Page, Table};
use crate::query::{calls, is_system_option, option_name};

/// A header field that a page requires together with something that a request asks for. One of the conditions is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionalHeader {
    /// Its name.
    pub name: String,
    /// Its value, if both the page's table and an example have it; any value otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Query options: `$search`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Query options of one request: `$filter` and `$orderby`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with_all: Vec<Vec<String>>,
    /// Functions in `$filter`: `endsWith`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with_functions: Vec<String>,
    /// Whether a cast to a derived type is one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_casts: bool,
}

/// What a request asks for, as far as header fields depend on it.
pub struct Asked<'r> {
    /// The value of a query option, by its name as [`option_name`] writes it; `None` without the option.
    pub option: &'r dyn Fn(&str) -> Option<&'r str>,
    /// Whether what is read is cast to a derived type.
    pub casts: bool,
}

impl Asked<'_> {
    fn asks_for(&self, condition: &Condition<'_>) -> bool {
        let has = |option: &str| (self.option)(option).is_some();
        match condition {
            Condition::Option(option) => has(option),
            Condition::Options(options) => options.iter().all(|own| has(own)),
            Condition::Function(function) => (self.option)("$filter").is_some_and(|filter| calls(filter, function)),
            Condition::Cast => self.casts,
        }
    }
}

/// What a request asks for with which a header field is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition<'c> {
    /// A query option.
    Option(&'c str),
    /// Several, together.
    Options(&'c [String]),
    /// A function in `$filter`.
    Function(&'c str),
    /// A cast to a derived type.
    Cast,
}

impl fmt::Display for Condition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Option(option) => write!(f, "`{option}`"),
            Condition::Options(options) => write!(f, "`{}`", options.join("` and `")),
            Condition::Function(function) => write!(f, "`{function}` in `$filter`"),
            Condition::Cast => f.write_str("an OData cast"),
        }
    }
}

impl ConditionalHeader {
    /// That for which the field is required, where the request asks for it and the field, if there is one, has another value.
    pub fn unmet(&self, sent: Option<&str>, asked: &Asked<'_>) -> Option<Condition<'_>> {
        let is_met = match (&self.value, sent) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(value), Some(sent)) => sent.trim().eq_ignore_ascii_case(value),
        };
        if is_met { None } else { self.conditions().find(|own| asked.asks_for(own)) }
    }

    /// All that it is required for.
    pub fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        let options = self.with.iter().map(|own| Condition::Option(own));
        let together = self.with_all.iter().map(|own| Condition::Options(own));
        let functions = self.with_functions.iter().map(|own| Condition::Function(own));
        options.chain(together).chain(functions).chain(self.with_casts.then_some(Condition::Cast))
    }

    /// Adds what a part of a condition names, if it is one of these and nothing else in it matters.
    fn add(&mut self, part: &[&str]) {
        let named: Vec<&str> = part.iter().filter(|word| !is_one_of(word, &EMPTY)).map(|word| bare(word)).collect();
        let option = |word: &str| {
            let option = word.starts_with('$').then(|| option_name(word).into_owned())?;
            is_system_option(&option).then_some(option)
        };
        let start = named.iter().take_while(|word| is_one_of(word, &CONDITIONS)).count();
        match &named[start..] {
            [only] => add_once(&mut self.with, option(only)),
            [first, with, second] if is(with, "with") => {
                let both = option(first).zip(option(second)).map(|(first, second)| vec![first, second]);
                add_once(&mut self.with_all, both);
            }
            [filter, with, name, kind]
                if is(with, "with")
                    && is_one_of(kind, &["function", "functions", "operator", "operators"])
                    && option(filter).is_some_and(|own| own == "$filter") =>
            {
                let function = FUNCTIONS.into_iter().find(|own| is(name, own));
                add_once(&mut self.with_functions, function.map(str::to_owned));
            }
            cast => self.with_casts |= cast.len() == 2 && has_cast(cast),
        }
    }

    fn is_empty(&self) -> bool {
        self.with.is_empty() && self.with_all.is_empty() && self.with_functions.is_empty() && !self.with_casts
    }
}

/// Adds one that is not there yet.
fn add_once<T: PartialEq>(all: &mut Vec<T>, one: Option<T>) {
    all.extend(one.filter(|one| !all.contains(one)));
}

/// The header fields that a page's table of request headers requires together with something that a request asks for, each once.
///
/// What is read is what leaves no doubt: an option that stands alone in the sentence that says so, one `with` another or `with` a function, and a cast. A
/// sentence with other words, such as `in specific usage of $filter`, is about less than the option.
pub(super) fn conditional_headers(page: &Page<'_>, table: &Table<'_>) -> Vec<ConditionalHeader> {
    let mut headers: Vec<ConditionalHeader> = Vec::new();
    for row in &table.rows {
        let [name, rest @ ..] = row.as_slice() else { continue };
        let Some(text) = field_name(page, name) else { continue };
        if headers.iter().any(|own| own.name.eq_ignore_ascii_case(text)) {
            continue;
        }
        // Each is looked for in all blocks, and kept in all contracts.
        if headers.len() == MOST {
            break;
        }
        let found = rest.iter().find_map(|cell| Some((cell, conditions(text, cell)?)));
        headers.extend(found.map(|(cell, own)| ConditionalHeader { value: literal(page, text, cell), ..own }));
    }
    headers
}

/// No service requires more header fields.
const MOST: usize = 16;

/// The value with which a description begins, if an example of the page sends it, too: alone, the word may as well be one about the value.
fn literal(page: &Page<'_>, name: &str, cell: &Cell<'_>) -> Option<String> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '。' | '，' | '；');
    let word = cell.text.trim_start().split(is_end).next()?.trim_end_matches(['.', ',', ';']);
    let mut sent = page.blocks.iter().filter_map(|block| block.message.header(name));
    sent.any(|value| value.trim().eq_ignore_ascii_case(word)).then(|| word.to_owned())
}

/// What a description says that the field is required with; `None` without any.
fn conditions(name: &str, cell: &Cell<'_>) -> Option<ConditionalHeader> {
    let text = cell.text.as_ref();
    memchr::memchr2(b'$', b'c', text.as_bytes())?;
    let mut found = ConditionalHeader { name: name.to_owned(), ..ConditionalHeader::default() };
    for sentence in sentences(text, |word| word.ends_with(['.', ';'])) {
        let Some(at) = sentence.iter().position(|word| is(word, "required")) else { continue };
        let (subject, condition) = (&sentence[..at], &sentence[at + 1..]);
        if is_about(subject, name) && condition.first().is_some_and(|word| is_one_of(word, &CONDITIONS)) {
            alternatives(condition).for_each(|part| found.add(part));
        }
    }
    if found.is_empty() {
        text.split(['.', ';', '\n', '。', '；']).for_each(|sentence| found.add_translated(sentence));
    }
    (!found.is_empty()).then_some(found)
}

/// The words of a language for a header field that is required when options are used, in lower case.
struct Wording {
    /// The subject, that it is required, and what denies it.
    field: &'static [&'static str],
    required: &'static [&'static str],
    denied: &'static [&'static str],
    /// What stands before the options, and behind them.
    using: &'static [&'static str],
    end: &'static [&'static str],
    /// What stands between them, and beside each.
    or: &'static [&'static str],
    beside: &'static [&'static str],
}

#[rustfmt::skip]
const WORDINGS: [Wording; 4] = [
    Wording {
        field: &["此标头", "该标头", "此标题", "此標頭", "該標頭"],
        required: &["需要", "必需", "必须", "必填", "必要", "必須"],
        denied: &["不", "无需", "無需"],
        using: &["使用"],
        end: &["时", "時"],
        or: &["、", "，", ",", "或者", "或"],
        beside: &["查询参数", "查詢參數", "参数", "參數"],
    },
    Wording {
        field: &["este cabeçalho", "esse cabeçalho", "o cabeçalho"],
        required: &["necessári", "obrigatóri", "exigid"],
        denied: &["não", "nunca"],
        using: &["ao usar", "ao utilizar", "quando usar"],
        end: &[],
        or: &[",", " ou "],
        beside: &["o parâmetro de consulta", "parâmetro de consulta", "o parâmetro", "parâmetro"],
    },
    Wording {
        field: &["este encabezado", "el encabezado"],
        required: &["necesari", "obligatori", "requier"],
        denied: &["no ", "nunca"],
        using: &["al usar", "al utilizar", "cuando se usa", "cuando se utiliza"],
        end: &[],
        or: &[",", " o "],
        beside: &["el parámetro de consulta", "parámetro de consulta", "el parámetro", "parámetro"],
    },
    Wording {
        field: &["dieser header", "diese kopfzeile", "der header"],
        required: &["erforderlich", "benötigt"],
        denied: &["nicht", "kein"],
        using: &["bei verwendung von", "bei der verwendung von"],
        end: &[],
        or: &[",", " oder "],
        beside: &["abfrageparameter"],
    },
];

impl ConditionalHeader {
    /// Adds the options that stand alone in a sentence in another language.
    fn add_translated(&mut self, sentence: &str) {
        let sentence = sentence.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
        let is_said = |own: &&Wording| has(own.field) && has(own.required) && !has(own.denied);
        let Some(wording) = WORDINGS.iter().find(is_said) else { return };
        let using = wording.using.iter().find_map(|word| sentence.find(word).map(|at| at + word.len()));
        let Some(listed) = using.map(|at| &sentence[at..]) else { return };
        let end = wording.end.iter().find_map(|word| listed.find(word)).unwrap_or(listed.len());
        let mut parts = vec![&listed[..end]];
        for or in wording.or {
            parts = parts.into_iter().flat_map(|part| part.split(or)).collect();
        }
        for part in parts {
            let mut alone = part.trim();
            for word in wording.beside {
                alone = alone.strip_prefix(word).or_else(|| alone.strip_suffix(word)).unwrap_or(alone).trim();
            }
            let is_option = alone.starts_with('$') && !alone.contains(char::is_whitespace);
            let option = is_option.then(|| option_name(alone).into_owned()).filter(|option| is_system_option(option));
            add_once(&mut self.with, option);
        }
    }
}

/// Whether what stands before "required" says that the field is: nothing, or the field itself, and no denial.
fn is_about(subject: &[&str], name: &str) -> bool {
    let is_field = |word: &&str| is(word, "header") || is(word, name) || is(word, "it");
    !subject.iter().any(|word| denies(word))
        && (subject.iter().any(is_field) || subject.iter().all(|word| is_one_of(word, &["is", "only"])))
}

/// The parts of a condition between its commas, and its `or`.
fn alternatives<'s, 't>(condition: &'s [&'t str]) -> impl Iterator<Item = &'s [&'t str]> {
    let parts = condition.split_inclusive(|word| word.ends_with(','));
    parts.flat_map(|part| part.split(|word| is(word, "or")))
}

/// Words that begin a condition.
const CONDITIONS: [&str; 5] = ["when", "if", "for", "with", "whenever"];

/// The functions that answer whether something is so (OData URL Conventions 4.01 section 5.1.1.5), as the documentation writes them.
const FUNCTIONS: [&str; 4] = ["contains", "endsWith", "matchesPattern", "startsWith"];

/// Words between those and the name of an option.
const EMPTY: [&str; 23] = [
    "a",
    "an",
    "any",
    "are",
    "either",
    "include",
    "includes",
    "is",
    "logical",
    "option",
    "options",
    "parameter",
    "parameters",
    "query",
    "request",
    "requests",
    "specified",
    "specify",
    "the",
    "use",
    "used",
    "using",
    "you",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::header_table;

    /// Reads one row, and shows what is required as `name: value with options`.
    #[track_caller]
    fn check(row: &str, example: &str, expected: &[&str]) {
        let text = format!(
            "## Request headers\n\n|Name|Type|Description|\n|---|---|---|\n|Authorization|Bearer {{token}}. Required.|\n{row}\n\n```http\nGET \
             https://graph.microsoft.com/v1.0/lamps\n{example}\n```\n"
        );
        let page = Page::parse("p.md", &text);
        let headers = header_table(&page).map(|table| conditional_headers(&page, table)).unwrap_or_default();
        let shown: Vec<String> = headers
            .iter()
            .map(|own| {
                let all: Vec<String> = own.conditions().map(|own| own.to_string()).collect();
                let all = all.join(", ").replace('`', "");
                format!("{}: {} with {all}", own.name, own.value.as_deref().unwrap_or("?"))
            })
            .collect();
        assert_eq!(shown, expected, "{row}");
    }

    const EXAMPLE: &str = "ConsistencyLevel: eventual";

    #[test]
    fn an_option_that_stands_alone_is_one_with_which_the_field_is_required() {
        let search = ["ConsistencyLevel: eventual with $search"];
        check(
            "|ConsistencyLevel|eventual. This header and `$count` are required when using `$search`, or in specific usage of `$filter`.|",
            EXAMPLE,
            &search,
        );
        check(
            "|ConsistencyLevel|eventual. Required if the request includes the `$search` query parameter.|",
            EXAMPLE,
            &search,
        );
        check(
            "|ConsistencyLevel|eventual. This header is required when using `$search`, or when using `$filter` with the `$orderby` query \
             parameter. It uses an index.|",
            EXAMPLE,
            &["ConsistencyLevel: eventual with $search, $filter and $orderby"],
        );
        check(
            "|ConsistencyLevel|eventual. Required when using `$search`, or `$filter` with the `endsWith` logical operator.|",
            EXAMPLE,
            &["ConsistencyLevel: eventual with $search, endsWith in $filter"],
        );
        check(
            "|ConsistencyLevel|string|eventual. This header and `$count` are required when using the `$search`, `$filter`, `$orderby`, or OData \
             cast query parameters.|",
            EXAMPLE,
            &["ConsistencyLevel: eventual with $search, $filter, $orderby, an OData cast"],
        );
    }

    #[test]
    fn translations_say_it_in_their_words() {
        let check = |said: &str, expected: &str| {
            let expected = format!("ConsistencyLevel: eventual with {expected}");
            check(&format!("|ConsistencyLevel|eventual. {said}|"), EXAMPLE, &[&expected]);
        };
        check("使用 `$search` 时，需要此标头和 `$count`。", "$search");
        check("使用 `$search` 或在特定用法下使用 `$filter` 时，需要此标头和 `$count`。", "$search");
        check("使用 `$search`、`$filter` 查询参数时，此标头是必需的。", "$search, $filter");
        check("Este cabeçalho e `$count` são necessários ao usar `$search`.", "$search");
        check(
            "Este cabeçalho e `$count` são obrigatórios ao usar `$search` ou em usos específicos de `$filter`.",
            "$search",
        );
        check("Este encabezado y `$count` son necesarios al usar `$search`.", "$search");
        let row = "|ConsistencyLevel|eventual。使用 `$search` 时，需要此标头和 `$count`。|";
        super::tests::check(row, EXAMPLE, &["ConsistencyLevel: eventual with $search"]);
        let none = |said: &str| super::tests::check(&format!("|ConsistencyLevel|eventual. {said}|"), EXAMPLE, &[]);
        none("使用 `$search` 时，不需要此标头。");
        none("使用 `$search` 时，需要 `$count`。");
        none("Este cabeçalho não é necessário ao usar `$search`.");
        none("Este cabeçalho é necessário ao usar `$search` e `$top`.");
    }

    #[test]
    fn what_is_about_less_than_the_option_is_not() {
        let none = |said: &str| check(&format!("|ConsistencyLevel|eventual. {said}|"), EXAMPLE, &[]);
        none("Required when the request includes the `$expand=manager($levels=max)` parameter.");
        none("This header is not required when using `$top`.");
        none("This header isn't required if you use `$top`.");
        none("`$count` is required when using `$search`.");
        none("Required when using `$filter` on large sets.");
        none("Required when using `$filter` and `$orderby`.");
        none("Required. Without it, `$search` finds nothing.");
        none("Required when using `$lamp`.");
        none("Required when using `$filter` with the `lamp` function.");
        none("Required when using `$top` with the `endsWith` function.");
        none("Required when using a cast, if there is one.");
        none("Obligatorio al usar `$search`.");
    }

    #[test]
    fn one_condition_that_is_met_is_enough() {
        let header = ConditionalHeader {
            name: "ConsistencyLevel".to_owned(),
            value: None,
            with: vec!["$search".to_owned()],
            with_all: vec![vec!["$filter".to_owned(), "$orderby".to_owned()]],
            with_functions: vec!["endsWith".to_owned()],
            with_casts: true,
        };
        let unmet = |query: &[(&str, &str)], casts: bool, expected: &str| {
            let option = |name: &str| query.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
            let found = header.unmet(None, &Asked { option: &option, casts });
            assert_eq!(found.map(|own| own.to_string()).unwrap_or_default(), expected, "{query:?}");
            assert_eq!(header.unmet(Some("eventual"), &Asked { option: &option, casts }), None);
        };
        unmet(&[("$search", "a")], false, "`$search`");
        unmet(&[("$filter", "a eq 1"), ("$orderby", "a")], false, "`$filter` and `$orderby`");
        unmet(&[("$filter", "endswith(a,'b')")], false, "`endsWith` in `$filter`");
        unmet(&[("$filter", "a eq 1")], false, "");
        unmet(&[("$top", "1")], true, "an OData cast");
    }

    #[test]
    fn a_value_is_one_that_an_example_sends_too() {
        let row = "|Lamp-Mode|Fast is required. This header is required when using `$top`.|";
        check(row, "Lamp-Mode: fast", &["Lamp-Mode: Fast with $top"]);
        check(row, "Lamp-Mode: slow", &["Lamp-Mode: ? with $top"]);
        check(row, EXAMPLE, &["Lamp-Mode: ? with $top"]);
    }
}
