//! What the cell of a property table says of a type, in any language: `Int32`, `String collection`, `[user](user.md)`,
//! `Coleção de cadeias de caracteres`.

use std::borrow::Cow;

use super::TypeName;
use super::type_words::{COLLECTIONS, KINDS, OF, TypeWord, type_word};
use super::word_list::is_one_of;
use crate::edm::Primitive;
use crate::page::Cell;
use crate::url::without_query;

/// A type as a cell names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenType {
    pub(super) name: WrittenName,
    /// Whether it is a collection of that type.
    pub(super) collection: bool,
}

/// The name of a type as a cell writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WrittenName {
    /// A primitive type.
    Primitive(Primitive),
    /// A name with its namespace.
    Qualified(String),
    /// A word that may be the name of a type, and the page that it links to.
    Word { word: String, link: Option<String> },
    /// A page that describes the type, whatever it is called here.
    Link(String),
    /// A type that cannot be named: one of several, any object, or a word that is not known.
    Unknown,
}

impl WrittenType {
    /// Whether nothing but a type would be written like this. A single word may be anything.
    pub(super) fn is_certain(&self) -> bool {
        !matches!(self.name, WrittenName::Word { link: None, .. })
    }

    /// A type of which nothing is known.
    pub(super) const UNKNOWN: WrittenType = WrittenType { name: WrittenName::Unknown, collection: false };
}

/// More than so many bytes, or words, are a description.
const LONGEST: usize = 120;
const MOST_WORDS: usize = 8;

/// The type that a cell names; `None` if it does not read as the name of a type.
pub(super) fn read(cell: &Cell<'_>) -> Option<WrittenType> {
    if cell.text.len() > LONGEST || cell.text.split_ascii_whitespace().nth(MOST_WORDS).is_some() {
        return None;
    }
    let text = with_ascii_parentheses(&cell.text);
    let link = match cell.links.as_slice() {
        [] => None,
        [link] => Some(link.as_ref()),
        // "[a](a.md) or [b](b.md)".
        _ => return Some(WrittenType::UNKNOWN),
    };
    // Nearly all cells are no more than that.
    if let Some(primitive) = Primitive::read(&text) {
        return Some(WrittenType { name: WrittenName::Primitive(primitive), collection: false });
    }
    let (name, collection) = unwrapped(&text);
    let name = named(name, link).or_else(|| alternatives(name).then_some(WrittenName::Unknown))?;
    Some(WrittenType { name, collection })
}

fn with_ascii_parentheses(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.replace('（', "(").replace('）', ")")) }
}

/// The name in a text, and whether it is of a collection: `X collection`, `Collection(X)`, `collection of X`, `X[]`, `X 集合`.
fn unwrapped(text: &str) -> (&str, bool) {
    let text = text.trim().trim_end_matches(['.', ',', ';']).trim();
    // "String (timestamp)", "(Optional) String": the word in parentheses qualifies the type.
    if let Some((before, inner)) = text.split_once('(') {
        let inner = inner.strip_suffix(')').unwrap_or(inner);
        let before = before.trim_end();
        if before.is_empty() {
            return inner.split_once(')').map_or((inner.trim(), false), |(_, behind)| unwrapped_word(behind));
        }
        if is_one_of(before, COLLECTIONS) {
            return (unwrapped_word(inner).0, true);
        }
        // `文字列型 (String)`: the original follows the translation.
        let is_known = |text: &str| named(unwrapped_word(text).0, None).is_some();
        return unwrapped_word(if !is_known(before) && Primitive::read(inner.trim()).is_some() {
            inner
        } else {
            before
        });
    }
    unwrapped_word(text)
}

fn unwrapped_word(text: &str) -> (&str, bool) {
    let mut text = text.trim();
    let mut collection = false;
    // "x[] collection", and a type that is called a list: twice is enough.
    for _ in 0..2 {
        let Some(inner) = without_word(text, COLLECTIONS) else { break };
        collection = true;
        text = inner;
    }
    // A link that the page does not define keeps its brackets.
    if let Some(inner) = text.strip_suffix("[]") {
        match inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(name) => text = name,
            None => (text, collection) = (inner.trim_end(), true),
        }
    }
    let is_bracketed = |c: char| matches!(c, '[' | ']' | '*' | '`');
    (text.trim_matches(is_bracketed).trim(), collection)
}

/// A text without one of the words at its beginning or end; `None` if it has none of them, or nothing else.
fn without_word<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    // Nearly all names of types are one word of ASCII, of which only what German writes together can be left out.
    let is_ascii = text.is_ascii();
    if is_ascii && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let has_compound = |word: &&str| has_at_edge(text, word) && words.contains(word);
        if !COMPOUNDS.iter().any(has_compound) {
            return None;
        }
    }
    let lower = text.to_lowercase();
    // Lengths may differ in lower case; such a text has no word of ours at that end.
    let is_aligned = lower.len() == text.len();
    let (first, last) = (lower.bytes().next(), lower.bytes().next_back());
    let may_be = |word: &&&str| word.bytes().next() == first || word.bytes().next_back() == last;
    let words = words.iter().filter(may_be).filter(|word| is_aligned && (!is_ascii || word.is_ascii()));
    let found = words.filter_map(|word| {
        let (behind, before) = (lower.strip_prefix(word), lower.strip_suffix(word));
        let behind = behind.and_then(|behind| text.get(text.len() - behind.len()..));
        let behind = behind.filter(|rest| is_edge(word, rest.chars().next()));
        let before = before.and_then(|before| text.get(..before.len()));
        behind.or(before.filter(|rest| is_edge(word, rest.chars().next_back())))
    });
    // The longest word leaves least: `объектов` begins with `объект`.
    let found = found.min_by_key(|rest| rest.len())?;
    let rest = found.trim_matches(|c: char| c.is_whitespace() || c == '-');
    let lower = rest.to_lowercase();
    let mut connected = OF.iter().filter(|_| lower.len() == rest.len()).filter_map(|of| {
        let inner = lower.strip_prefix(of).filter(|inner| inner.starts_with(char::is_whitespace) || !of.is_ascii());
        let inner = inner.map(|inner| &rest[rest.len() - inner.len()..]);
        inner.or_else(|| lower.strip_suffix(of).filter(|_| !of.is_ascii()).map(|inner| &rest[..inner.len()]))
    });
    let rest = connected.next().unwrap_or(rest).trim();
    (!rest.is_empty()).then_some(rest)
}

/// Whether a word ends where another character follows. Languages without blanks between words, and German, write words together.
fn is_edge(word: &str, next: Option<char>) -> bool {
    next.is_some_and(|next| is_compound(word) || !next.is_alphanumeric())
}

fn is_compound(word: &str) -> bool {
    !word.is_ascii() || COMPOUNDS.contains(&word)
}

/// Words of ASCII that are written together with another one.
const COMPOUNDS: [&str; 2] = ["auflistung", "sammlung"];

/// Whether a text begins or ends with a word, in whatever case.
fn has_at_edge(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let behind = text.len().checked_sub(word.len()).and_then(|at| text.get(at..));
    [text.get(..word.len()), behind].into_iter().flatten().any(|edge| edge.eq_ignore_ascii_case(word))
}

/// The name in a text that is not of a collection.
fn named(text: &str, link: Option<&str>) -> Option<WrittenName> {
    if let Some(name) = known(text) {
        return Some(name);
    }
    let bare = match without_word(text, KINDS) {
        Some(bare) => match known(bare) {
            Some(name) => return Some(name),
            None => bare,
        },
        None => text,
    };
    let link = link.filter(|link| is_page(link)).map(str::to_owned);
    let qualified = if bare.contains('.') { TypeName::read(bare) } else { None };
    match qualified {
        Some(TypeName { name, collection: false }) => Some(WrittenName::Qualified(name)),
        _ if bare.is_empty() || bare.contains(char::is_whitespace) => None,
        _ if TypeName::is_type(bare) => Some(WrittenName::Word { word: bare.to_owned(), link }),
        // The name may be translated. Other links have sentences for their text.
        _ => link.map(WrittenName::Link),
    }
}

fn known(text: &str) -> Option<WrittenName> {
    if let Some(primitive) = Primitive::read(text) {
        return Some(WrittenName::Primitive(primitive));
    }
    if text.starts_with("Edm.") {
        return Some(WrittenName::Unknown);
    }
    let lower = text.to_lowercase();
    let word = type_word(&lower).or_else(|| {
        // "Ganzzahlen", written together with the word for a collection; "Boolean-Wert", "Boolean 值". A name such as `Bool` has no German plural:
        // `Boolen` is a slip.
        let of_value = |head: &str| type_word(head).or_else(|| Primitive::read(head).map(TypeWord::Primitive));
        let plural = || type_word(lower.strip_suffix("en")?);
        lower.strip_suffix("-wert").and_then(of_value).or_else(plural)
    })?;
    Some(match word {
        TypeWord::Primitive(primitive) => WrittenName::Primitive(primitive),
        TypeWord::Vague => WrittenName::Unknown,
    })
}

/// Whether a link is to a page of the documentation that may describe a type, or to a section of this page.
fn is_page(link: &str) -> bool {
    let target = without_query(link);
    let is_of_operation = target.rsplit('/').nth(1) == Some("api");
    !is_of_operation
        && (target.is_empty()
            || target.rsplit('/').next().is_some_and(|file| file.ends_with(".md") || !file.contains('.')))
}

/// Whether a text names one of several types: `string/number`, `String or Int32`.
fn alternatives(text: &str) -> bool {
    let mut names = 0;
    let is_name = |part: &str| named(part, None).is_some_and(|name| !matches!(name, WrittenName::Word { .. }));
    let all = text.split(['/', ',', '|']).flat_map(|part| part.split(" or ")).all(|part| {
        names += 1;
        is_name(part.trim())
    });
    all && names > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    /// Shows the type in a cell: its name, with `[]` for a collection; `?` for one that cannot be named, `-` for no type.
    fn shown(text: &str) -> String {
        let page = format!("|a|b|\n|---|---|\n|x|{text}|\n");
        let page = Page::parse("p.md", &page);
        let cell = page.tables().next().and_then(|table| table.rows[0].get(1)).expect("a cell");
        let Some(WrittenType { name, collection }) = read(cell) else { return "-".to_owned() };
        let name = match name {
            WrittenName::Primitive(primitive) => primitive.name().to_owned(),
            WrittenName::Qualified(name) => name,
            WrittenName::Word { word, link: None } => word,
            WrittenName::Word { word, link: Some(link) } => format!("{word}={link}"),
            WrittenName::Link(link) => format!("={link}"),
            WrittenName::Unknown => "?".to_owned(),
        };
        format!("{name}{}", if collection { "[]" } else { "" })
    }

    #[track_caller]
    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(shown(text), *expected, "{text}");
        }
    }

    #[test]
    fn english_type_texts_are_read() {
        check(&[
            ("Int32", "Edm.Int32"),
            ("`string`", "Edm.String"),
            ("String (timestamp)", "Edm.String"),
            ("(Optional) String", "Edm.String"),
            ("String collection", "Edm.String[]"),
            ("Collection(Edm.Guid)", "Edm.Guid[]"),
            ("collection of strings", "strings[]"),
            ("String[]", "Edm.String[]"),
            ("Edm.SByte", "Edm.SByte"),
            ("Edm.GeographyPoint", "Edm.GeographyPoint"),
            ("microsoft.graph.lamp collection", "microsoft.graph.lamp[]"),
            ("lamp", "lamp"),
            ("[lamp](lamp.md)", "lamp=lamp.md"),
            ("[lamp](lamp.md) object", "lamp=lamp.md"),
            ("[lamp](../resources/lamp.md) collection", "lamp=../resources/lamp.md[]"),
            ("[lamp][]", "lamp"),
            ("collection ([lamp][])", "lamp[]"),
            ("Collection([lamp](lamp.md))", "lamp=lamp.md[]"),
            ("JSON object", "?"),
            ("Json", "?"),
            ("number", "?"),
            ("[a](a.md) or [b](b.md)", "?"),
            ("string/number", "?"),
            ("String or Int32", "?"),
        ]);
    }

    #[test]
    fn translated_type_texts_are_read() {
        check(&[
            ("Cadeia de caracteres", "Edm.String"),
            ("Coleção de cadeias de caracteres", "Edm.String[]"),
            ("Coleção String", "Edm.String[]"),
            ("Booliano", "Edm.Boolean"),
            ("Duplo", "Edm.Double"),
            ("Data", "Edm.Date"),
            ("coleção [lamp](lamp.md)", "lamp=lamp.md[]"),
            ("Boolescher Wert", "Edm.Boolean"),
            ("Zeichenfolge", "Edm.String"),
            ("Zeichenfolgenauflistung", "Edm.String[]"),
            ("String-Sammlung", "Edm.String[]"),
            ("[lamp](lamp.md)-Objekt", "lamp=lamp.md"),
            ("[Lampe](lamp.md)-Sammlung", "Lampe=lamp.md[]"),
            ("字符串集合", "Edm.String[]"),
            ("String 集合", "Edm.String[]"),
            ("集合（字符串）", "Edm.String[]"),
            ("布尔", "Edm.Boolean"),
            ("[灯](lamp.md)集合", "=lamp.md[]"),
            ("文字列コレクション", "Edm.String[]"),
            ("文字列のコレクション", "Edm.String[]"),
            ("ブール型 (Boolean)", "Edm.Boolean"),
            ("変な型 (Int64)", "Edm.Int64"),
            ("Строка", "Edm.String"),
            ("Коллекция строк", "Edm.String[]"),
            ("Коллекция объектов [lamp](lamp.md)", "lamp=lamp.md[]"),
            ("Colección de cadenas", "Edm.String[]"),
            ("collection de chaînes", "Edm.String[]"),
            ("문자열 컬렉션", "Edm.String[]"),
        ]);
    }

    #[test]
    fn sentences_are_no_types() {
        check(&[
            ("", "-"),
            ("Key of the entity.", "-"),
            ("application/json", "-"),
            ("Bearer &lt;token&gt; Required.", "-"),
            ("{x}", "-"),
            ("See the page about a [lamp](lamp.md) for more.", "-"),
            ("灯的名称。", "-"),
            ("方法", "-"),
        ]);
    }
}
