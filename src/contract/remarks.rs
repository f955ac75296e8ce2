//! What the description of a property says beside its meaning: that it is required, that it may be null. What the text beside a response says.

use std::sync::LazyLock;

use foldhash::HashSet;

use super::choices::CHOICES;
use super::listed_values::INTRODUCTIONS;
use super::sentences::is_contracted_not;
use super::word_list::{WordGroups, WordList, WordSet};
use crate::byte_set::ByteSet;

/// Sentences that say that a property is required, in lower case, in the languages that documentation sets exist in.
#[rustfmt::skip]
const REQUIRED: &[&str] = &[
    "required", "erforderlich", "obrigatório", "obrigatória", "necessário", "necessária", "exigido", "exigida", "obligatorio", "obligatoria", "necesario",
    "necesaria", "requerido", "requerida", "requis", "requise", "obligatoire", "obbligatorio", "obbligatoria", "richiesto", "richiesta", "обязательно",
    "обязательный", "обязательное", "обязательный параметр", "必需", "必需的", "必须", "必填", "必填项", "必填字段", "必选", "必选项", "需要", "必要",
    "必填欄位", "必須", "必須です", "필수", "필수입니다",
];

static REQUIRED_SENTENCES: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(REQUIRED));

/// What these begin with, or have at least.
#[rustfmt::skip]
const REQUIRED_STEMS: &[&str] = &[
    "requi", "richiest", "erforderlich", "obrigatóri", "necessári", "exigid", "obligatori", "obbligatori", "obligatoire", "necesari", "requerid",
    "обязательн", "必需", "必须", "必填", "必选", "需要", "必要", "必須", "필수",
];

/// The words that remarks have, in the order of the members of [`Remarks`]; values may be listed in two ways.
static REMARKS: LazyLock<WordGroups<6>> =
    LazyLock::new(|| WordGroups::of([NULL, REQUIRED_STEMS, FLAGS, WRITE_ONLY, INTRODUCTIONS, CHOICES]));

/// What a description may say. Most say none of it, so that each is searched for all of it at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remarks {
    /// Whether [`says_nullable`] may find something.
    pub(super) null: bool,
    /// Whether [`says_required`] may.
    pub(super) required: bool,
    /// Whether [`says_flags`] may.
    pub(super) flags: bool,
    /// Whether it says that no answer has the property.
    pub(super) write_only: bool,
    /// Whether it may list values.
    pub(super) values: bool,
}

impl Remarks {
    /// What a description may say; `None` where it says nothing of all that.
    pub(super) fn of(text: &str) -> Option<Remarks> {
        let found = REMARKS.in_text(text);
        let [null, required, flags, write_only, lists, chooses] = found;
        let values = lists || chooses;
        found.contains(&true).then_some(Remarks { null, required, flags, write_only, values })
    }
}

/// Sentences that say that a property may be null, in lower case.
#[rustfmt::skip]
const NULLABLE: &[&str] = &[
    "anulável", "anulable", "admite valores null", "acepta valores null", "admite valores nulos", "lässt nullwerte zu", "nullwerte zulassend",
    "kann null-werte enthalten", "peut être null", "accepte la valeur null", "ammette valori null", "допускает значение null",
    "допускает значения null", "поддерживает значение null", "可为空", "可以为 null", "可为 null", "可為空", "null 許容", "null 許容型", "nullable です",
    "null 値可能", "null을 허용함",
];

/// Sentences that say that a property may not be null, in lower case.
#[rustfmt::skip]
const NOT_NULLABLE: &[&str] = &[
    "não anulável", "não nulo", "não pode ser nulo", "não permite valor nulo", "não permite valores nulos", "no admite valores null", "no anulable", "no acepta valores null", "lässt keine nullwerte zu", "nicht nullwerte zulassend",
    "ne peut pas être null", "n’accepte pas la valeur null", "non ammette valori null", "не допускает значение null", "не допускает значения null",
    "不可为空", "不能为空", "不可以为 null", "不可为 null", "不能为 null", "不可為空", "null 非許容", "null 許容ではありません",
];

static NULLABLE_SENTENCES: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(NULLABLE));
/// The sentences of both kinds: hardly any is one of them.
static SENTENCES_OF_NULL: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(&[NULLABLE, NOT_NULLABLE].concat()));

/// What is in each of these sentences.
const NULL: &[&str] = &["nul", "为空", "為空"];

/// Whether a description says "Nullable", or "Not nullable" or "non-nullable"; `None` where it says neither.
pub(super) fn says_nullable(text: &str) -> Option<bool> {
    let is_between = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    // The letter of the word that is the rarest in English.
    let in_english = memchr::memchr2_iter(b'b', b'B', text.as_bytes()).find_map(|letter| {
        let at = letter.checked_sub("nulla".len())?;
        let word = text.get(at..at + "nullable".len()).filter(|word| word.eq_ignore_ascii_case("nullable"))?;
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        if before.ends_with(|c| !is_between(c)) || behind.starts_with(|c| !is_between(c)) {
            return None;
        }
        let before = before.trim_end_matches(is_between).rsplit(is_between).next().unwrap_or_default();
        let denied =
            ["not", "non", "never"].iter().any(|no| before.eq_ignore_ascii_case(no)) || is_contracted_not(before);
        Some(!denied)
    });
    in_english.or_else(|| {
        // Such a sentence may be one of several things said of a property: `键，不可为 null，只读。`
        let mut parts = sentences(text).flat_map(|sentence| sentence.split([',', '，', '、'])).map(str::trim);
        let stated = parts.find(|part| SENTENCES_OF_NULL.has(part))?;
        Some(NULLABLE_SENTENCES.has(stated))
    })
}

/// Words that say that a value may have several members of an enumeration, in lower case.
#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "multiple values", "more than one value", "multi-valued enum", "multivalued enum", "multi-value enum", "flagged enum", "flags enum",
    "enum flags", "bit flag", "bitwise", "mehrere werte", "vários valores", "múltiplos valores", "varios valores", "múltiples valores", "plusieurs valeurs",
    "più valori", "несколько значений", "多个值", "多個值", "複数の値", "여러 값",
];

/// Whether a description says that a value may have several members of an enumeration.
pub(super) fn says_flags(text: &str) -> bool {
    let text = text.to_lowercase();
    let denies = |before: &str| {
        let mut words =
            before.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).filter(|word| !word.is_empty());
        let last: Vec<&str> = std::iter::from_fn(|| words.next_back()).take(WORDS_BEFORE).collect();
        last.iter()
            .any(|word| matches!(*word, "not" | "no" | "cannot" | "never" | "without") || is_contracted_not(word))
    };
    FLAGS.iter().any(|words| {
        let found = text.find(words);
        found.is_some_and(|at| !denies(&text[..at]))
    })
}

/// Words that say that a property is written and never read, in lower case.
#[rustfmt::skip]
const WRITE_ONLY: &[&str] = &[
    "write-only", "write only", "never returned", "not returned in the response", "solo escritura", "sólo escritura", "somente gravação", "apenas gravação",
    "não é retornado nas respostas", "não é retornada nas respostas", "écriture seule", "sola scrittura", "только для записи", "只写", "仅写",
    "响应中不返回", "不会在响应中返回", "唯寫", "書き込み専用", "쓰기 전용",
];

/// A denial stands among so many words before what it denies.
const WORDS_BEFORE: usize = 4;

/// Whether a description has the sentence "Required", also in parentheses. Other sentences with that word may say anything.
pub(super) fn says_required(text: &str) -> bool {
    sentences(text).any(|sentence| REQUIRED_SENTENCES.has(sentence))
}

/// Words, or beginnings of words, for an example that leaves members out, in lower case.
#[rustfmt::skip]
const SHORTENED: &[&str] = &[
    "truncated", "shortened", "abgeschnitten", "gekürzt", "verkürzt", "truncad", "encurtad", "ser reduzid", "foi reduzid",
    "reduzido para", "reduzida para", "abreviad", "acortad", "tronqué", "raccourci", "abrégé",
    "écourté", "troncat", "abbreviat", "accorciat", "усечен", "усечён", "сокращ", "截断", "缩短", "截短", "截斷", "縮短", "短縮", "切り詰め", "切り捨て",
    "省略", "단축", "축약", "잘릴", "줄여",
];

static SHORTENED_WORDS: LazyLock<WordList> = LazyLock::new(|| WordList::of(SHORTENED));

/// Whether a text beside a response says that it leaves members out.
pub(super) fn says_shortened(text: &str) -> bool {
    SHORTENED_WORDS.is_in(text)
}

/// Words that hold together sentences in the languages of the Latin script of which [`SHORTENED`] has words, and hardly any others.
#[rustfmt::skip]
const CONNECTING: &[&str] = &[
    "the", "and", "this", "that", "of", "is", "der", "die", "und", "ist", "wird", "que", "uma", "para", "por", "com", "não", "os", "el", "los", "las",
    "una", "con", "del", "le", "les", "des", "est", "et", "pour", "une", "il", "della", "che", "per", "di", "è",
];

/// Whether a text that does not say so is in a language in which it would be understood.
pub(super) fn reads_shortened(text: &str) -> bool {
    let has = |is: fn(char) -> bool| text.chars().any(is);
    // Chinese, Japanese and Korean, and of the languages in Cyrillic letters Russian.
    if has(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')) {
        return true;
    }
    if has(|c| matches!(c, '\u{400}'..='\u{4ff}')) {
        return has(|c| matches!(c, 'ы' | 'э' | 'ё' | 'Э'));
    }
    let text = text.to_lowercase();
    let words: HashSet<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    CONNECTING.iter().filter(|word| words.contains(**word)).count() >= 2
}

/// What ends a sentence, and what the marks of Chinese and Japanese begin with in UTF-8.
const ENDS: ByteSet = ByteSet::of(b".();\n\xe3\xef");
const FOREIGN_ENDS: [char; 5] = ['。', '（', '）', '；', '．'];

/// The sentences of a description that are short enough to say no more than a word or two.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = ENDS.matches(text).filter_map(|(at, byte)| {
        let end = if byte.is_ascii() { 1 } else { '。'.len_utf8() };
        (byte.is_ascii() || text[at..].starts_with(FOREIGN_ENDS)).then_some((at, at + end))
    });
    let pieces = ends
        .chain([(text.len(), text.len())])
        .scan(0, |start, (end, next)| Some(&text[std::mem::replace(start, next)..end]));
    let sentences = pieces.map(|sentence| sentence.trim_matches(|c: char| !c.is_alphanumeric()));
    sentences.filter(|sentence| !sentence.is_empty() && sentence.len() <= LONGEST)
}

/// No such sentence is longer.
const LONGEST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_write_only_where_its_row_says_so() {
        let check = |text: &str, expected: bool| {
            assert_eq!(Remarks::of(text).is_some_and(|own| own.write_only), expected, "{text}");
        };
        check("The secret of the client. Write-only.", true);
        check("The key.<br>This property is never returned on a GET operation.", true);
        check("The key. It is not returned in the responses.", true);
        check("密钥。响应中不返回。", true);
        check("A chave. Ele não é retornado nas respostas.", true);
        check("A chave. Apenas gravação.", true);
        check("Read-only.", false);
        check("Returned only on `$select`.", false);
    }

    #[test]
    fn a_property_is_nullable_where_its_row_says_so() {
        let check = |text: &str, expected: Option<bool>| assert_eq!(says_nullable(text), expected, "{text}");
        check("The name. Nullable.", Some(true));
        check("Int32 (nullable)", Some(true));
        check("Not nullable.", Some(false));
        check("A non-nullable value.", Some(false));
        check("It isn't nullable", Some(false));
        check("It isn’t nullable", Some(false));
        check("O nome. Anulável.", Some(true));
        check("O nome. Não anulável. Somente leitura.", Some(false));
        check("名称。不可为空。", Some(false));
        check("键，不可为 null，只读。", Some(false));
        check("Chave, não anulável, somente leitura.", Some(false));
        check("O nome. Não nulo.", Some(false));
        check("O nome. Não permite valor nulo.", Some(false));
        check("The name.", None);
    }

    #[test]
    fn each_sentence_about_null_has_a_word_that_is_looked_for_first() {
        for sentence in NULLABLE.iter().chain(NOT_NULLABLE).chain(&["nullable"]) {
            assert!(Remarks::of(sentence).is_some_and(|own| own.null), "{sentence}");
        }
    }

    #[test]
    fn each_sentence_about_what_is_required_has_a_word_that_is_looked_for_first() {
        for sentence in REQUIRED {
            assert!(Remarks::of(sentence).is_some_and(|own| own.required), "{sentence}");
        }
    }

    #[test]
    fn a_response_may_be_shortened_in_any_language() {
        let check = |text: &str, expected: bool| assert_eq!(says_shortened(text), expected, "{text}");
        check("The response object shown here might be shortened for readability.", true);
        check("A resposta pode ser encurtada.", true);
        check("为了提高可读性，可能缩短了此处显示的响应对象。", true);
        check("ここに示す応答オブジェクトは、読みやすさのために短縮されている場合があります。", true);
        check("Observação: o objeto de resposta mostrado aqui pode ser reduzido para legibilidade.", true);
        check("Veja a seguir um exemplo de resposta.", false);
    }

    #[test]
    fn a_note_that_is_not_read_may_say_that_a_response_is_shortened() {
        use super::super::{PageName, TypeIndex, build};
        use crate::page::Page;
        const DUTCH: &str =
            "Haalt de eigenschappen en relaties van een lamp op en geeft ze terug aan de aanroeper.\n\n";
        let check = |before: &str, behind: &str, expected: bool| {
            let text = format!(
                "# Lamp\n\n{DUTCH}```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n\n{before}\n\n```http\n\
                 HTTP/1.1 200 OK\nContent-Type: application/json\n\n{{}}\n```\n\n{behind}\n"
            );
            let page = Page::parse("v1.0/lamp-get.md", &text);
            let contract = build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1;
            assert_eq!(contract.response.may_be_truncated, expected, "{before} and {behind}");
        };
        let note = "> [!NOTE]\n> Het hier weergegeven antwoordobject is mogelijk ingekort.";
        check(note, "", true);
        check("", note, true);
        check("> Het hier weergegeven antwoordobject is mogelijk ingekort.", "", true);
        check("Hier volgt een voorbeeld van het antwoord.", "", false);
        check("> [!NOTE]\n> 时间是服务的时间。", "", false);
        check("", "", false);
    }

    #[test]
    fn what_does_not_say_that_it_is_shortened_is_read_in_these_languages() {
        let check = |text: &str, expected: bool| assert_eq!(reads_shortened(text), expected, "{text}");
        check("The time is that of the service.", true);
        check("A hora é a do serviço que responde, e não uma outra.", true);
        check("时间是服务的时间。", true);
        check("Здесь показан ответ службы, который вы получите.", true);
        check("Het hier weergegeven antwoordobject is mogelijk ingekort.", false);
        check("Obiekt odpowiedzi pokazany tutaj może zostać skrócony.", false);
        check("Objekt odpovědi, který tady vidíte, může být zkrácený.", false);
        check("ייתכן שאובייקט התגובה המוצג כאן יקוצר.", false);
    }

    #[test]
    fn an_enumeration_has_flags_where_a_description_says_so() {
        let check = |text: &str, expected: bool| assert_eq!(says_flags(text), expected, "{text}");
        check("Possible values are: `a`, `b`. Multiple values can be combined with commas.", true);
        check("A multi-valued enumeration with `a` and `b`.", true);
        check("可取值为：`a`、`b`。可以指定多个值。", true);
        check("Possible values are: `a`, `b`. It does not support multiple values.", false);
        check("Possible values are: `a`, `b`.", false);
    }

    #[test]
    fn a_property_is_required_where_a_sentence_of_its_row_says_no_more() {
        let check = |text: &str, expected: bool| assert_eq!(says_required(text), expected, "{text}");
        check("The name. Required.", true);
        check("**Required**. The name.", true);
        check("The name (required)", true);
        check("名称。必需。", true);
        check("O nome. Obrigatório.", true);
        for sentence in
            ["必需的。", "需要。", "必填项。", "必选。", "Necessário.", "Necessária.", "Requerida.", "Exigido."]
        {
            check(&format!("x. {sentence}"), true);
            assert!(Remarks::of(sentence).is_some_and(|own| own.required), "{sentence}");
        }
        check("名称。不需要。", false);
        check("O nome. Não é necessário.", false);
        check("At least one property is required.", false);
        check("Not required.", false);
        check("The name.", false);
    }
}
