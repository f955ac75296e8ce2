//! `$search` (OData URL Conventions 4.01 section 5.1.7) as Microsoft Graph has it: phrases in double quotes, perhaps with the name of a
//! property (`"displayName:wa"`), joined by `AND`, `OR` and `NOT`.

use super::value::member;
use graph_contracts::json::Json;
use graph_contracts::query::ParseError;

/// Searches are read down to this depth, and have so many phrases.
const MOST_DEPTH: usize = 16;
const MOST_PHRASES: usize = 64;

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// A phrase in any text of an object, or in one property.
    Phrase {
        /// The property.
        property: Option<String>,
        /// The phrase.
        text: String,
    },
    /// All of these.
    And(Vec<Search>),
    /// One of these.
    Or(Vec<Search>),
    /// What does not fit.
    Not(Box<Search>),
}

impl Search {
    /// Reads a search.
    ///
    /// # Errors
    ///
    /// When the text is not one, or has what is not supported.
    pub fn parse(text: &str) -> Result<Search, ParseError> {
        let mut parser = Parser { text, at: 0, depth: 0, phrases: 0 };
        let search = parser.alternatives()?;
        parser.blanks();
        if parser.rest().is_empty() { Ok(search) } else { invalid(parser.at, "an operator or the end is expected") }
    }

    /// Whether an object fits.
    pub(super) fn fits(&self, object: &Json) -> bool {
        match self {
            Search::Phrase { property: None, text } => occurs(text, object),
            Search::Phrase { property: Some(name), text } => member(object, name).is_some_and(|own| occurs(text, own)),
            Search::And(all) => all.iter().all(|one| one.fits(object)),
            Search::Or(all) => all.iter().any(|one| one.fits(object)),
            Search::Not(inner) => !inner.fits(object),
        }
    }

    /// The properties that it names.
    pub(super) fn properties(&self) -> Vec<&str> {
        match self {
            Search::Phrase { property, .. } => property.as_deref().into_iter().collect(),
            Search::And(all) | Search::Or(all) => all.iter().flat_map(Search::properties).collect(),
            Search::Not(inner) => inner.properties(),
        }
    }
}

/// Whether a phrase begins with a word of a text in the value. Words are told apart by blanks and symbols, and also by digits and capital
/// letters (Microsoft Graph documentation, "Use the $search query parameter", tokenization).
fn occurs(phrase: &str, value: &Json) -> bool {
    match value {
        Json::String(text) => [false, true].into_iter().any(|fine| words(text, fine).contains(&words(phrase, fine))),
        Json::Array(items) => items.iter().any(|item| occurs(phrase, item)),
        Json::Object(members) => {
            members.iter().filter(|member| !member.name.contains('@')).any(|member| occurs(phrase, &member.value))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The words of a text in lower case with a blank before each.
fn words(text: &str, fine: bool) -> String {
    let mut words = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let is_other = before.is_numeric() != c.is_numeric() || (before.is_lowercase() && c.is_uppercase());
        if before == ' ' || (fine && is_other) {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
        before = c;
    }
    words
}

fn invalid<T>(at: usize, reason: &str) -> Result<T, ParseError> {
    Err(ParseError { invalid: true, at, reason: reason.to_owned() })
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    phrases: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Takes an operator, which is in capital letters (section 5.1.7).
    fn operator(&mut self, word: &str) -> bool {
        let before = self.at;
        self.blanks();
        let rest = self.rest();
        let is_it = rest.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '(', '"']));
        self.at = if is_it { self.at + word.len() } else { before };
        is_it
    }

    fn alternatives(&mut self) -> Result<Search, ParseError> {
        let mut all = vec![self.conjunction()?];
        while self.operator("OR") {
            all.push(self.conjunction()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Search::Or(all) })
    }

    /// Phrases side by side belong together, with `AND` or without.
    fn conjunction(&mut self) -> Result<Search, ParseError> {
        let mut all = vec![self.phrase()?];
        loop {
            let start = self.at;
            let is_next = self.operator("AND")
                || !{
                    self.blanks();
                    let rest = self.rest();
                    rest.is_empty() || rest.starts_with(')') || self.operator("OR")
                };
            if !is_next {
                self.at = start;
                return Ok(if all.len() == 1 { all.remove(0) } else { Search::And(all) });
            }
            all.push(self.phrase()?);
        }
    }

    fn phrase(&mut self) -> Result<Search, ParseError> {
        self.blanks();
        self.phrases += 1;
        if self.phrases > MOST_PHRASES || self.depth > MOST_DEPTH {
            let reason = format!("of more than {MOST_PHRASES} phrases, or deeper than {MOST_DEPTH}, it is not read");
            return Err(ParseError { invalid: false, at: self.at, reason });
        }
        if self.operator("NOT") {
            self.depth += 1;
            let inner = self.phrase();
            self.depth -= 1;
            return inner.map(|inner| Search::Not(Box::new(inner)));
        }
        let rest = self.rest();
        if rest.starts_with('(') {
            self.at += 1;
            self.depth += 1;
            let inner = self.alternatives()?;
            self.depth -= 1;
            self.blanks();
            if !self.rest().starts_with(')') {
                return invalid(self.at, "`)` is expected");
            }
            self.at += 1;
            return Ok(inner);
        }
        let start = self.at;
        let text = if let Some(inner) = rest.strip_prefix('"') {
            let mut text = String::new();
            let mut characters = inner.char_indices();
            loop {
                match characters.next() {
                    None => return invalid(start, "the quotation mark is never closed"),
                    Some((end, '"')) => {
                        self.at += end + 2;
                        break text;
                    }
                    Some((_, '\\')) => text.extend(characters.next().map(|(_, c)| c)),
                    Some((_, c)) => text.push(c),
                }
            }
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || "()\"".contains(c)).unwrap_or(rest.len());
            self.at += end;
            rest[..end].to_owned()
        };
        let (property, text) = match text.split_once(':') {
            Some((name, text)) if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                (Some(name.to_owned()), text.to_owned())
            }
            _ => (None, text),
        };
        if words(&text, false).is_empty() {
            return invalid(start, "a word is expected");
        }
        // The Keyword Query Language of messages has more.
        if text.contains([':', '<', '>', '=']) {
            let reason = "a phrase with several properties or operators is not supported".to_owned();
            return Err(ParseError { invalid: false, at: start, reason });
        }
        Ok(Search::Phrase { property, text })
    }
}
