//! What the description of a property says beside its meaning: that it is required, that it may be null.

/// Sentences that say that a property is required, in lower case, in the languages that documentation sets exist in.
#[rustfmt::skip]
const REQUIRED: &[&str] = &[
    "required", "erforderlich", "obrigatório", "obrigatória", "obligatorio", "obligatoria", "necesario", "requerido", "requis", "obligatoire",
    "obbligatorio", "richiesto", "обязательно", "обязательный", "обязательное", "обязательный параметр", "必需", "必须", "必填", "必要", "必須",
    "必須です", "필수", "필수입니다",
];

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
    "não anulável", "no admite valores null", "no anulable", "no acepta valores null", "lässt keine nullwerte zu", "nicht nullwerte zulassend",
    "ne peut pas être null", "n’accepte pas la valeur null", "non ammette valori null", "не допускает значение null", "не допускает значения null",
    "不可为空", "不可以为 null", "不可为 null", "不可為空", "null 非許容", "null 許容ではありません",
];

/// Whether a description says "Nullable", or "Not nullable" or "non-nullable"; `None` where it says neither.
pub(super) fn says_nullable(text: &str) -> Option<bool> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let mut before = "";
    let in_english = words.find_map(|word| {
        let denied =
            ["not", "non", "never"].iter().any(|no| before.eq_ignore_ascii_case(no)) || before.ends_with("n't");
        before = word;
        word.eq_ignore_ascii_case("nullable").then_some(!denied)
    });
    in_english.or_else(|| {
        let mut sentences = sentences(text).filter_map(|sentence| match sentence.to_lowercase().as_str() {
            sentence if NULLABLE.contains(&sentence) => Some(true),
            sentence if NOT_NULLABLE.contains(&sentence) => Some(false),
            _ => None,
        });
        sentences.next()
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
        let mut words = before.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
        let last: Vec<&str> = std::iter::from_fn(|| words.next_back()).take(WORDS_BEFORE).collect();
        last.iter().any(|word| matches!(*word, "not" | "no" | "cannot" | "never" | "without") || word.ends_with("n't"))
    };
    FLAGS.iter().any(|words| {
        let found = text.find(words);
        found.is_some_and(|at| !denies(&text[..at]))
    })
}

/// A denial stands among so many words before what it denies.
const WORDS_BEFORE: usize = 4;

/// Whether a description has the sentence "Required", also in parentheses. Other sentences with that word may say anything.
pub(super) fn says_required(text: &str) -> bool {
    sentences(text).any(|sentence| REQUIRED.contains(&sentence.to_lowercase().as_str()))
}

/// Words, or beginnings of words, for an example that leaves members out, in lower case.
#[rustfmt::skip]
const SHORTENED: &[&str] = &[
    "truncated", "shortened", "abgeschnitten", "gekürzt", "verkürzt", "truncad", "encurtad", "abreviad", "acortad", "tronqué", "raccourci", "abrégé",
    "écourté", "troncat", "abbreviat", "accorciat", "усечен", "усечён", "сокращ", "截断", "缩短", "截短", "截斷", "縮短", "短縮", "切り詰め", "切り捨て",
    "省略", "단축", "축약", "잘릴", "줄여",
];

/// Whether a text beside a response says that it leaves members out.
pub(super) fn says_shortened(text: &str) -> bool {
    let text = text.to_lowercase();
    SHORTENED.iter().any(|word| text.contains(word))
}

/// The sentences of a description that are short enough to say no more than a word or two.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = ['.', '(', ')', ';', '。', '（', '）', '；', '．', '\n'];
    let sentences = text.split(ends).map(|sentence| sentence.trim_matches(|c: char| !c.is_alphanumeric()));
    sentences.filter(|sentence| !sentence.is_empty() && sentence.len() <= LONGEST)
}

/// No such sentence is longer.
const LONGEST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_is_nullable_where_its_row_says_so() {
        let check = |text: &str, expected: Option<bool>| assert_eq!(says_nullable(text), expected, "{text}");
        check("The name. Nullable.", Some(true));
        check("Int32 (nullable)", Some(true));
        check("Not nullable.", Some(false));
        check("A non-nullable value.", Some(false));
        check("It isn't nullable", Some(false));
        check("O nome. Anulável.", Some(true));
        check("O nome. Não anulável. Somente leitura.", Some(false));
        check("名称。不可为空。", Some(false));
        check("The name.", None);
    }

    #[test]
    fn a_response_may_be_shortened_in_any_language() {
        let check = |text: &str, expected: bool| assert_eq!(says_shortened(text), expected, "{text}");
        check("The response object shown here might be shortened for readability.", true);
        check("A resposta pode ser encurtada.", true);
        check("为了提高可读性，可能缩短了此处显示的响应对象。", true);
        check("ここに示す応答オブジェクトは、読みやすさのために短縮されている場合があります。", true);
        check("Veja a seguir um exemplo de resposta.", false);
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
        check("At least one property is required.", false);
        check("Not required.", false);
        check("The name.", false);
    }
}
