//! The language of a page's prose, as far as rules that read prose have to know it.
//!
//! Translated pages keep their code, the names of properties and many headings in English. So a page is judged by the words
//! that hold sentences together, which a translation never keeps.

use std::sync::LazyLock;

use super::{Cell, Element};

/// The language in which a page's prose is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, or so little text that nothing is said in any language.
    English,
    /// German.
    German,
    /// Another language, or a mixture: what the prose says is not known.
    Unknown,
}

impl Language {
    /// Whether rules can read the prose.
    pub fn is_read(self) -> bool {
        self != Language::Unknown
    }

    /// The language of a page with those elements.
    pub(super) fn of(elements: &[Element<'_>]) -> Language {
        let (mut text, mut headings) = (Count::default(), Count::default());
        for element in elements {
            match element {
                Element::Heading(heading) => headings.add(&heading.text),
                Element::Prose(prose) => text.add(&prose.text),
                Element::Table(table) => {
                    let cells = table.head.iter().chain(table.rows.iter().flatten());
                    // A single word may be a name or a type, which are the same in every language.
                    let sentences = cells.filter(|cell: &&Cell<'_>| cell.text.contains(' ') || !cell.text.is_ascii());
                    sentences.for_each(|cell| text.add(&cell.text));
                }
                Element::Comment(_) | Element::Fence(_) => {}
            }
        }
        // Headings are often left in English. They count where there is hardly anything else.
        if text.words + text.foreign < FEW { text.and(&headings).language() } else { text.language() }
    }
}

/// So few words say little.
const FEW: usize = 8;

/// The words that hold English sentences together, and those of headings. Words that other languages of the Latin script have,
/// too, such as "a", "for", "in" or "no", are not among them.
const ENGLISH: [&str; 38] = [
    "the",
    "of",
    "to",
    "is",
    "and",
    "this",
    "that",
    "with",
    "by",
    "from",
    "are",
    "not",
    "or",
    "you",
    "your",
    "if",
    "it",
    "be",
    "can",
    "which",
    "when",
    "returns",
    "must",
    "get",
    "create",
    "update",
    "delete",
    "request",
    "response",
    "permissions",
    "required",
    "example",
    "body",
    "properties",
    "supported",
    "following",
    "values",
    "account",
];

/// The same for German.
const GERMAN: [&str; 40] = [
    "der",
    "die",
    "das",
    "und",
    "ist",
    "ein",
    "eine",
    "einer",
    "eines",
    "einem",
    "einen",
    "den",
    "dem",
    "des",
    "mit",
    "für",
    "von",
    "wird",
    "werden",
    "nicht",
    "oder",
    "zum",
    "zur",
    "auf",
    "sie",
    "wenn",
    "folgende",
    "folgenden",
    "diese",
    "dieser",
    "anforderung",
    "antwort",
    "berechtigungen",
    "beispiel",
    "eigenschaft",
    "eigenschaften",
    "beschreibung",
    "werte",
    "erforderlich",
    "abrufen",
];

/// What the words of a page are.
#[derive(Default)]
struct Count {
    words: usize,
    english: usize,
    german: usize,
    /// Letters of other scripts than Latin; each counts for a word, since not every script puts blanks between words.
    foreign: usize,
}

/// A language is known if at least one word in that many is one of its own: in English and German text it is every third, in
/// other languages hardly any. Names and code between them make it less.
const ONE_IN: usize = 10;

impl Count {
    fn add(&mut self, text: &str) {
        // Code spans, links and HTML are not words of a language.
        let is_between = |c: char| {
            matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | ':' | '.' | '!' | '?' | '"' | '*' | '|')
                || c.is_whitespace()
        };
        if text.is_ascii() {
            // Most texts are, and all of a page is read.
            let words = text.as_bytes().split(|byte| is_between(char::from(*byte)));
            words.filter(|word| word.iter().all(u8::is_ascii_alphabetic)).for_each(|word| self.add_word(word));
            return;
        }
        for word in text.split(is_between) {
            self.foreign += word.chars().filter(|c| is_of_other_script(*c)).count();
            if word.chars().all(char::is_alphabetic) {
                self.add_word(word.as_bytes());
            }
        }
    }

    fn add_word(&mut self, word: &[u8]) {
        if !word.is_empty() {
            self.words += 1;
            self.english += usize::from(ENGLISH_WORDS.has(word));
            self.german += usize::from(GERMAN_WORDS.has(word));
        }
    }

    fn and(self, other: &Count) -> Count {
        Count {
            words: self.words + other.words,
            english: self.english + other.english,
            german: self.german + other.german,
            foreign: self.foreign + other.foreign,
        }
    }

    fn language(&self) -> Language {
        let all = self.words + self.foreign;
        match (self.english, self.german) {
            _ if all == 0 => Language::English,
            // A name or a quotation in another script does not make a page foreign.
            _ if self.foreign * ONE_IN > all => Language::Unknown,
            (english, german) if german > english && german * ONE_IN >= all => Language::German,
            (english, _) if english * ONE_IN >= all => Language::English,
            _ => Language::Unknown,
        }
    }
}

/// Words by their length and first letter: every word of a page is looked up.
struct Words(Vec<Vec<&'static str>>);

static ENGLISH_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(&ENGLISH));
static GERMAN_WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(&GERMAN));

/// No such word has as many bytes.
const LONGEST: usize = 32;

impl Words {
    fn of(words: &[&'static str]) -> Words {
        let mut places = vec![Vec::new(); LONGEST * 32];
        for word in words {
            if let Some(place) = Words::place(word.as_bytes()) {
                places[place].push(*word);
            }
        }
        Words(places)
    }

    /// Where a word is, which is the same for both cases of a letter.
    fn place(word: &[u8]) -> Option<usize> {
        let first = word.first().filter(|_| word.len() < LONGEST)?;
        Some(word.len() * 32 + usize::from(first & 31))
    }

    fn has(&self, word: &[u8]) -> bool {
        let is_own = |own: &&str| own.as_bytes().eq_ignore_ascii_case(word);
        Words::place(word).is_some_and(|place| self.0[place].iter().any(is_own))
    }
}

/// Whether a letter is of a script in which neither English nor German is written.
fn is_of_other_script(c: char) -> bool {
    c.is_alphabetic() && c > '\u{24f}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[track_caller]
    fn check(text: &str, expected: Language) {
        assert_eq!(Page::parse("p.md", text).language(), expected, "{text}");
    }

    #[test]
    fn english_and_german_are_known_by_the_words_between_the_names() {
        check("# Get lamp\n\nReads the properties of a lamp.\n", Language::English);
        check("# Lampe abrufen\n\nDiese Methode liest die Eigenschaften einer Lampe.\n", Language::German);
        check(
            "# Create lamp\n\n|Property|Type|Description|\n|---|---|---|\n|watts|Int32|Power of the lamp.|\n",
            Language::English,
        );
    }

    #[test]
    fn other_languages_are_not_known() {
        check(
            "# Criar lâmpada\n\nEste método cria uma nova lâmpada e retorna o objeto no corpo da resposta.\n",
            Language::Unknown,
        );
        check("# 创建灯\n\n如果成功，此方法在响应正文中返回 lamp 对象。\n", Language::Unknown);
        check("# ランプの作成\n\n成功した場合、このメソッドは応答本文で lamp を返します。\n", Language::Unknown);
        check("# Создание лампы\n\nПри успешном выполнении метод возвращает объект.\n", Language::Unknown);
        check("# Obtener lámpara\n\nRecupera las propiedades de una lámpara y sus relaciones.\n", Language::Unknown);
        check("# Obtenir la lampe\n\nRécupère les propriétés de la lampe et ses relations.\n", Language::Unknown);
    }

    #[test]
    fn headings_and_code_that_were_left_in_english_do_not_make_a_page_english() {
        check(
            "# Get lamp\n\n## Request\n\n获取灯的属性。如果成功，此方法返回对象。\n\n```http\nGET /the/lamp/of/this/house\n```\n",
            Language::Unknown,
        );
        check(
            "## Response\n\nSe for bem-sucedido, este método retorna o código de resposta e um objeto lamp no corpo da resposta.\n",
            Language::Unknown,
        );
    }

    #[test]
    fn a_word_in_another_script_does_not_make_a_page_foreign() {
        check(
            "Gets the name of the user, such as Zoë or Łukasz, and the value of the property μ.\n",
            Language::English,
        );
    }

    #[test]
    fn where_nothing_is_said_there_is_nothing_to_misread() {
        check("", Language::English);
        check("```http\nGET /lamps\n```\n", Language::English);
    }
}
