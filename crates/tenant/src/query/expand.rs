//! `$expand`: navigation properties, each with options of its own (OData URL Conventions 4.01 section 5.1.3).

use super::apply::Paging;
use super::options::{InvalidOption, Note, Options};
use super::properties::undeclared;
use super::select::too_many;
use super::value::member;
use graph_contracts::json::{Json, Member};
use graph_contracts::query::ParseError;

/// So deep may `$expand` stand in `$expand`.
const MOST_LEVELS: usize = 8;

/// A navigation property that a request expands.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    pub(super) name: String,
    /// The options of its own, those in parentheses.
    pub(super) options: Option<Options>,
}

impl Expansion {
    /// Reads `$expand`, which stands in so many others.
    ///
    /// # Errors
    ///
    /// When the text is not a list of paths.
    pub(super) fn parse_all(text: &str, level: usize) -> Result<Vec<Expansion>, ParseError> {
        too_many(text)?;
        let mut items = Vec::new();
        for (start, item) in split(text, ',') {
            let wrong = |invalid, reason: String| Err(ParseError { invalid, at: start, reason });
            let (name, own) = match item.split_once('(') {
                Some((name, rest)) => (name.trim(), Some(rest.strip_suffix(')').unwrap_or("("))),
                None => (item, None),
            };
            let is_open = own.is_some_and(|own| !is_balanced(own));
            if name.is_empty() || name.contains([')', '\'']) || is_open {
                return wrong(true, format!("`{item}` is not the path of a navigation property"));
            }
            if own.is_some() && level >= MOST_LEVELS {
                return wrong(false, format!("of more than {MOST_LEVELS} levels it is not read"));
            }
            let options = own.map(|own| Options::nested(split(own, ';').map(|(_, option)| option), level + 1));
            items.push(Expansion { name: name.to_owned(), options });
        }
        Ok(items)
    }

    /// Applies the options of the property to what an object has there, and says what was not applied.
    ///
    /// # Errors
    ///
    /// When one is not valid.
    pub(super) fn apply(&self, object: &mut Json, notes: &mut Vec<Note>) -> Result<(), InvalidOption> {
        let (Some(options), Some(own)) = (&self.options, member(object, &self.name)) else { return Ok(()) };
        let within = |note: Note| {
            let reason = format!("{} of `{}` is not: {}", note.option, self.name, note.reason);
            Note { option: "$expand".to_owned(), reason }
        };
        let (value, count) = match own.clone() {
            Json::Array(items) => {
                // `$top` is the size of the whole: nothing leads on from here.
                let paging = Paging { size: usize::MAX, top_is_size: false };
                let applied =
                    options.apply_to_collection(items, paging, &undeclared).map_err(|own| self.invalid(own))?;
                notes.extend(applied.notes.into_iter().map(within));
                (Json::Array(applied.items), applied.count)
            }
            own @ Json::Object(_) => {
                let applied = options.apply_to_object(own, &undeclared).map_err(|own| self.invalid(own))?;
                notes.extend(applied.notes.into_iter().map(within));
                (applied.object, None)
            }
            _ => return Ok(()),
        };
        let Json::Object(members) = object else { return Ok(()) };
        let Some(at) = members.iter().position(|own| own.name.eq_ignore_ascii_case(&self.name)) else { return Ok(()) };
        members[at].value = value;
        if let Some(count) = count {
            let name = format!("{}@odata.count", members[at].name);
            members.retain(|own| own.name != name);
            members.insert(at.min(members.len()), Member { name, ..super::apply::counted(count) });
        }
        Ok(())
    }

    fn invalid(&self, own: InvalidOption) -> InvalidOption {
        let reason = format!("in `{}`, {} is not valid: {}", self.name, own.option, own.reason);
        InvalidOption { option: "$expand".to_owned(), at: 0, reason }
    }
}

/// The parts of a text between separators that stand in no parentheses and no string, and where each begins.
fn split(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let (mut depth, mut quoted, mut start, mut parts) = (0_usize, false, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 && !quoted => {
                parts.push((start, text[start..at].trim()));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push((start, text[start..].trim()));
    parts.into_iter()
}

/// Whether each parenthesis and each string of a text is closed in it.
fn is_balanced(text: &str) -> bool {
    let (mut depth, mut quoted) = (0_usize, false);
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0 && !quoted
}
