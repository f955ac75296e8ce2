//! What property tables call types in the languages that documentation of Microsoft Graph exists in.
//!
//! The words are those of the property tables in the published translations of the documentation (the repositories
//! `microsoftgraph/microsoft-graph-docs.*` and their copies: German, Spanish, French, Italian, Japanese, Korean, Portuguese, Russian and
//! Chinese), with the mistakes that machine translation makes in them, and those of the terminology of Microsoft's localization. A word
//! that is not here is not a mistake of the page: the type is that of the example then.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::edm::Primitive;

/// What a word says of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeWord {
    /// It is this one.
    Primitive(Primitive),
    /// It is a number, an object or anything: no type.
    Vague,
}

use Primitive::{
    Binary, Boolean, Byte, Date, DateTimeOffset, Decimal, Double, Duration, Guid, Int32, Int64, Single, Stream, String,
};

/// The words of each type in lower case.
#[rustfmt::skip]
const WORDS: &[(Primitive, &[&str])] = &[
    (Boolean, &[
        "boolescher wert", "boolesche werte", "boolescher", "boolesch", "boolesche", "wahrheitswert", // German
        "booleano", "valor booleano", "booleana", // Spanish, Portuguese, Italian
        "booliano", "boliano", "boleano", "valor booliano", "booliana", // Portuguese
        "booléen", "booléenne", "valeur booléenne", "booleen", // French
        "valore booleano", // Italian
        "логическое", "логический", "логическое значение", "булево", "булевый", "boolean значение", // Russian
        "布尔", "布尔值", "布尔型", "布林", "布林值", "布尔类型", "布爾值", // Chinese
        "ブール", "ブール値", "ブール型", "ブーリアン", // Japanese
        "부울", "부울 값", "부울값", "불리언", // Korean
    ]),
    (String, &[
        "zeichenfolge", "zeichenfolgen", "zeichenkette", "zeichenketten", // German
        "cadena", "cadenas", "cadena de caracteres", "cadenas de caracteres", // Spanish
        "cadeia", "cadeias", "cadeia de caracteres", "cadeias de caracteres", "sequência de caracteres", "caracteres", // Portuguese
        "chaîne", "chaînes", "chaîne de caractères", "chaînes de caractères", "chaine", "chaines", // French
        "stringa", "stringhe", // Italian
        "строка", "строки", "строк", "строковый", "строковое", "строковое значение", "строковая", // Russian
        "字符串", "字串", "字符串类型", "字符", // Chinese
        "文字列", "文字列型", "ストリング", // Japanese
        "문자열", // Korean
    ]),
    (Int32, &[
        "ganzzahl", "ganze zahl", "ganzzahlig", // German
        "entero", "número entero", "enteros", // Spanish
        "inteiro", "número inteiro", "inteiros", // Portuguese
        "entier", "nombre entier", "entiers", // French
        "intero", "numero intero", // Italian
        "целое", "целое число", "целочисленное", "целочисленный", // Russian
        "整数", "整型", "整數", "整数型", // Chinese, Japanese
        "정수", // Korean
    ]),
    (Int64, &["长整型", "长整数", "長整數", "长整", "長整数型", "длинное целое"]),
    (Double, &[
        "doppelt", "doppelte genauigkeit", // German
        "doble", "doble precisión", // Spanish
        "duplo", "dupla", "duplos", "precisão dupla", // Portuguese
        "double précision", // French
        "doppio", "doppia precisione", // Italian
        "двойное", "двойной", "двойная", "двойное значение", "двойной точности", // Russian
        "双精度", "双精度型", "双精度浮点", "双精度浮点数", "雙精確度", "双", "双倍", // Chinese
        "倍精度", "倍精度浮動小数点", "ダブル", "二重", // Japanese
        "배정밀도", "더블", // Korean
    ]),
    (Single, &["einfache genauigkeit", "precisão simples", "单精度", "单精度浮点", "單精確度", "単精度", "단정밀도"]),
    (Decimal, &["dezimal", "dezimalzahl", "décimal", "decimale", "десятичное", "десятичный", "十进制", "小数", "10 進数", "10進数", "십진수"]),
    (Binary, &[
        "binär", "binärdaten", "binario", "binária", "binário", "binaire", "binaria", // European languages
        "двоичный", "двоичные", "двоичное", "двоичная", "двоичные данные", "бинарный", // Russian
        "二进制", "二进制文件", "二進位", "二進位檔", "バイナリ", "バイナリー", "이진", "바이너리", "이항", // Asian languages
    ]),
    (Byte, &["octet", "字节", "位元組", "バイト", "바이트", "байт"]),
    (Date, &["datum", "fecha", "data", "дата", "日期", "日付", "날짜"]),
    (DateTimeOffset, &[
        "datum und uhrzeit", "datum/uhrzeit", "zeitstempel", "fecha y hora", "marca de tiempo", "data e hora", "carimbo de data/hora",
        "date et heure", "horodatage", "data e ora", "дата и время", "метка времени", "日期时间", "日期和时间", "时间戳", "日期時間",
        "時間戳記", "日時", "日付と時刻", "タイムスタンプ", "날짜 및 시간", "날짜/시간", "타임스탬프",
    ]),
    (Duration, &[
        "dauer", "duración", "duração", "durée", "durata", "длительность", "продолжительность", "持续时间", "时长", "期间", "持續時間",
        "期間", "継続時間", "기간",
    ]),
    (Guid, &["guid (globally unique identifier)", "identificador único global", "全局唯一标识符"]),
    (Stream, &["datenstrom", "secuencia", "flujo", "fluxo", "transmitir", "flux", "flusso", "поток", "流", "流式传输", "ストリーム", "스트림"]),
];

/// Words that name no type.
#[rustfmt::skip]
const VAGUE: &[&str] = &[
    "number", "numeric", "object", "json", "json object", "untyped json object", "any", "enum", "enumeration", "entity", "complex type", "varies",
    "zahl", "nummer", "objekt", "json-objekt", "aufzählung", // German
    "número", "objeto", "objeto json", "enumeración", "enumeração", // Spanish, Portuguese
    "nombre", "objet", "objet json", "énumération", // French
    "numero", "oggetto", "enumerazione", // Italian
    "число", "объект", "объект json", "перечисление", // Russian
    "数字", "数值", "對象", "对象", "json 对象", "枚举", "物件", "數字", // Chinese
    "数値", "オブジェクト", "json オブジェクト", "列挙型", "列挙", // Japanese
    "숫자", "개체", "json 개체", "열거형", // Korean
];

/// Words for a collection, in lower case.
#[rustfmt::skip]
pub(super) const COLLECTIONS: &[&str] = &[
    "collection", "collections", "array", "list",
    "auflistung", "sammlung", "liste", // German
    "colección", "coleccion", "matriz", "lista", "conjunto", // Spanish, Portuguese
    "coleção", "colecção", "coleções", // Portuguese
    "tableau", "ensemble", // French
    "raccolta", "insieme", "elenco", "matrice", "collezione", // Italian
    "коллекция", "коллекции", "набор", "массив", "список", "семейство", // Russian
    "集合", "数组", "列表", "陣列", "集", "清單", // Chinese
    "コレクション", "配列", "リスト", // Japanese
    "컬렉션", "모음", "배열", "목록", // Korean
];

/// Words between a collection and what it is of.
pub(super) const OF: &[&str] =
    &["of", "von", "de", "des", "du", "do", "da", "dos", "das", "di", "degli", "delle", "的", "の", "-"];

/// Words behind the name of a type that say no more than that it is one.
#[rustfmt::skip]
pub(super) const KINDS: &[&str] = &[
    "resource type", "complex type", "entity type", "resource", "object", "objects", "type", "entity", "enumeration", "enum", "instance", "value",
    "objekt", "objekte", "ressource", "objeto", "objetos", "recurso", "objet", "objets", "oggetto", "oggetti", "risorsa",
    "объект", "объекты", "объектов", "объекта", "ресурс", "ресурсов", "objekten", "对象", "資源", "资源", "类型", "值", "枚举", "オブジェクト", "リソース", "値", "型", "개체", "리소스",
];

static BY_WORD: LazyLock<HashMap<&'static str, TypeWord>> = LazyLock::new(|| {
    let vague = VAGUE.iter().map(|word| (*word, TypeWord::Vague));
    let words =
        WORDS.iter().flat_map(|(primitive, words)| words.iter().map(|word| (*word, TypeWord::Primitive(*primitive))));
    vague.chain(words).collect()
});

/// What a word in lower case says of a type.
pub(super) fn type_word(word: &str) -> Option<TypeWord> {
    BY_WORD.get(word).copied()
}
