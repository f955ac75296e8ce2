//! `$expand`: navigation properties, each with options of its own, as text (OData URL Conventions 4.01 section 5.1.3).

use super::select::too_many;
use graph_contracts::query::{ParseError, split_list};

/// So deep may `$expand` stand in `$expand`.
pub(super) const MOST_LEVELS: usize = 8;

/// A navigation property, and the options in its parentheses, if there are any.
pub(super) type ExpandItem<'t> = (&'t str, Option<Vec<&'t str>>);

/// Reads `$expand`, which stands in so many others.
///
/// # Errors
///
/// When the text is not a list of paths.
pub(super) fn parse_expand(text: &str, level: usize) -> Result<Vec<ExpandItem<'_>>, ParseError> {
    too_many(text)?;
    let mut items = Vec::new();
    for (start, item) in split_list(text, ',') {
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
        let options = own.map(|own| {
            let options = split_list(own, ';').into_iter().map(|(_, option)| option);
            options.filter(|own| !own.is_empty()).collect()
        });
        items.push((name, options));
    }
    Ok(items)
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
