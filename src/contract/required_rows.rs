//! Tables of which a sentence says that their properties are required ("The following table lists the properties that are required when you create a
//! user"). Of many pages that is not meant: they list all properties of a type. So it counts for an example that keeps to it.

use std::sync::LazyLock;

use super::properties::{PropertyTable, PropertyTables};
use super::word_list::WordList;
use crate::json::Json;
use crate::page::Page;

/// Words for what stands below, or beginnings of them, in lower case.
#[rustfmt::skip]
const FOLLOWING: &[&str] = &[
    "following", "below", "folgend", "siguiente", "seguinte", "a seguir", "suivant", "seguent", "следующ", "下表", "以下", "下列", "次の", "다음",
];

/// Words that say that something is required, or beginnings of them, in lower case.
#[rustfmt::skip]
const REQUIRED: &[&str] = &[
    "required", "requires", "erforderlich", "benötigt", "obrigatóri", "necessári", "exigid", "obligatori", "obbligatori", "obligatoire", "necesari",
    "requerid", "requis", "nécessaire", "richiest", "necessari", "обязательн", "необходим", "必需", "必须", "必填", "必要", "必須", "所需", "需要的",
    "需要以下", "需要下列", "要求的", "필수", "필요한",
];

/// Words by which a row says that a property need not be there, or a sentence that not all need, in lower case.
#[rustfmt::skip]
const LEFT_OUT: &[&str] = &[
    "optional", "only", "not required", "need not", " nur ", "apenas", "opcion", "facultati", "seulement", "solo ", "sólo", "только", "необязательн",
    "可选", "仅", "省略", "のみ", "선택",
];

/// Words by which a sentence says it of some properties, or under a condition, in lower case.
#[rustfmt::skip]
const NOT_ALL: &[&str] = &[
    "not ", "n't ", "n’t ", "one of", "at least", "either", "some of", "if ", "unless", "depend", "nicht", "wenn ", "não ", " se ", " si ", " no ", " ne ",
    " non ", " не ", "если", "conforme ", "según ", "au moins", "pelo menos", "al menos", "almeno", "mindestens", "хотя бы", "不", "非", "如果", "至少",
    "根据需要", "ません", "場合", "않", "경우",
];

static FOLLOWING_WORDS: LazyLock<WordList> = LazyLock::new(|| WordList::of(FOLLOWING));
static REQUIRED_WORDS: LazyLock<WordList> = LazyLock::new(|| WordList::of(REQUIRED));
static LEFT_OUT_WORDS: LazyLock<WordList> = LazyLock::new(|| WordList::of(LEFT_OUT));
static NOT_ALL_WORDS: LazyLock<WordList> = LazyLock::new(|| WordList::of(NOT_ALL));

/// Whether a sentence above the table of the request body says that what the table has is required.
pub(super) fn says_all_are_required(page: &Page<'_>) -> bool {
    let mut sentences = page.prose_below("request-body", 6).flat_map(|prose| prose.text.split(['.', '。', '\n']));
    sentences.any(|sentence| {
        let is_limited = || NOT_ALL_WORDS.is_in(sentence) || LEFT_OUT_WORDS.is_in(sentence);
        REQUIRED_WORDS.is_in(sentence) && FOLLOWING_WORDS.is_in(sentence) && !is_limited()
    })
}

/// The properties that are required of a request like an example: all that the table has, except those whose row says otherwise; none, if the example
/// leaves out any other.
pub(super) fn required_rows<'t>(
    tables: &PropertyTables<'_>,
    table: &'t PropertyTable,
    example: &Json,
) -> impl Iterator<Item = &'t str> {
    let may_be_left_out =
        |line: Option<u32>| line.and_then(|line| tables.row_at(line)).is_some_and(|text| LEFT_OUT_WORDS.is_in(&text));
    let mut required = Vec::new();
    for property in table.rows.iter().map(|row| &row.property) {
        match (example.get(&property.name).is_some(), may_be_left_out(property.line)) {
            (true, false) => required.push(property.name.as_str()),
            (false, false) => {
                required.clear();
                break;
            }
            (_, true) => {}
        }
    }
    required.into_iter()
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    const ROWS: &str = "|name|String|The name.|\n|lit|Boolean|`true` if it is lit, not dark.|\n|shade|String|Only needs to be specified for lamps with a shade.|\n";

    #[track_caller]
    fn check(sentence: &str, rows: &str, sent: &str, expected: &[&str]) {
        let text = format!(
            "# Create lamp\n\n## Request body\n\nIn the request body, supply a lamp.\n\n{sentence}\n\n|Property|Type|Description|\n|---|---|---|\n{rows}\n\
             ## Example\n\n```http\nPOST /lamps\n\n{sent}\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n"
        );
        let page = Page::parse("lamp-post.md", &text);
        let built = build(&page, &PageName::of(&page), &TypeIndex::default());
        let properties = built.contracts[0].1.types.values().flat_map(|own| &own.properties);
        let required: Vec<&str> = properties.filter(|own| own.required).map(|own| own.name.as_str()).collect();
        assert_eq!(required, expected, "{sentence} {sent}");
    }

    #[test]
    fn what_a_sentence_calls_required_is_where_an_example_keeps_to_it() {
        let sentence = "The following table lists the properties that are required when you create a lamp. If it is a torch, not all are.";
        let whole = r#"{"name": "hall", "lit": true}"#;
        check(sentence, ROWS, whole, &["name", "lit"]);
        check(sentence, ROWS, r#"{"name": "hall", "lit": true, "shade": "round"}"#, &["name", "lit"]);
        check(sentence, ROWS, r#"{"name": "hall"}"#, &[]);
        check(sentence, &format!("{ROWS}|id|String|The key.|\n"), whole, &[]);
        check(
            "In der folgenden Tabelle stehen die Eigenschaften, die erforderlich sind.",
            ROWS,
            whole,
            &["name", "lit"],
        );
        for sentence in [
            "下表列出创建灯时所必需的属性。",
            "下表显示创建灯时所需的属性。",
            "下表列出了创建灯时需要的属性。",
            "创建灯时，需要以下属性。",
            "以下属性是创建灯时要求的属性。",
            "A tabela a seguir mostra as propriedades que são necessárias ao criar a lâmpada.",
            "A tabela a seguir lista as propriedades exigidas.",
            "Le tableau suivant présente les propriétés nécessaires.",
            "La tabella seguente mostra le proprietà necessarie.",
            "В следующей таблице приведены свойства, необходимые для создания лампы.",
        ] {
            check(sentence, ROWS, whole, &["name", "lit"]);
        }
    }

    #[test]
    fn other_sentences_say_it_of_none() {
        let whole = r#"{"name": "hall", "lit": true}"#;
        for sentence in [
            "The following table lists the properties of a lamp.",
            "At least one of the following properties is required.",
            "A lamp is required.",
            "The following properties are not required.",
            "下表显示需要更新的属性。",
            "至少需要以下属性之一。",
            "不需要以下属性。",
            "As propriedades a seguir são fornecidas conforme necessário.",
            "",
        ] {
            check(sentence, ROWS, whole, &[]);
        }
    }
}
