//! What a request asks for: the members that `$select` and `$expand` name (OData URL Conventions 4.01 sections 5.1.3 and 5.1.4).

use crate::contract::Contract;
use crate::url::{Segment, Target};

/// What a request selects of an entity, and of those that it expands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    /// The selected paths; absent where nothing is selected, which is everything.
    select: Option<Vec<Vec<String>>>,
    /// The navigation properties that are expanded.
    expand: Vec<(String, Selection)>,
    /// Whether the request asks for what has changed (OData Protocol 4.01 section 11.4).
    pub(super) is_delta: bool,
}

impl Selection {
    /// What a contract's request asks for.
    pub(super) fn of(contract: &Contract) -> Selection {
        let target = Target::read(&contract.request.url);
        let parameters = target.query_parameters();
        let options = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_token = |name: &str| name.trim_start_matches('$').eq_ignore_ascii_case("deltatoken");
        let last = Segment::of_path(target.path).into_iter().next_back();
        let is_function = last.is_some_and(|last| {
            let name = last.name.rsplit('.').next();
            name.is_some_and(|name| name.eq_ignore_ascii_case("delta"))
        });
        let is_delta = is_function || parameters.iter().any(|(name, _)| is_token(name));
        Selection { is_delta, ..Selection::read(&options.collect::<Vec<_>>(), MAX_DEPTH) }
    }

    fn read(options: &[(&str, &str)], depth: usize) -> Selection {
        let mut selection = Selection::default();
        for (name, value) in options {
            match name.trim().trim_start_matches('$').to_ascii_lowercase().as_str() {
                "select" => {
                    let paths = parts(value, ',').map(path).filter(|path| !path.is_empty());
                    selection.select.get_or_insert_default().extend(paths);
                }
                "expand" if depth > 0 => {
                    for item in parts(value, ',') {
                        let (name, inner) = item.split_once('(').unwrap_or((item, ""));
                        let inner = inner.trim_end().strip_suffix(')').unwrap_or(inner);
                        let inner = parts(inner, ';').filter_map(|option| option.split_once('='));
                        let inner: Vec<(&str, &str)> = inner.collect();
                        // `members/$ref` and `members/$count` expand what is before them.
                        let name = path(name).into_iter().find(|name| !name.starts_with('$'));
                        selection.expand.extend(name.map(|name| (name, Selection::read(&inner, depth - 1))));
                    }
                }
                _ => {}
            }
        }
        // `$select=` selects nothing that could be told.
        selection.select = selection.select.filter(|paths| !paths.is_empty());
        selection
    }

    /// Whether the request leaves a member out, given the names that lead to it.
    pub(super) fn leaves_out(&self, names: &[&str]) -> bool {
        let Some((first, rest)) = names.split_first() else { return false };
        if let Some((_, inner)) = self.expanded(first) {
            return inner.leaves_out(rest);
        }
        let Some(select) = &self.select else { return false };
        let is_named = |path: &Vec<String>| {
            path[0] == "*" || path.iter().zip(names).all(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        !select.iter().any(is_named)
    }

    /// Whether the request asks for the entities of a navigation property.
    pub(super) fn expands(&self, names: &[&str]) -> bool {
        match names.split_first() {
            None => true,
            Some((first, rest)) => match self.expanded(first) {
                Some((_, inner)) => inner.expands(rest),
                None => self.expanded("*").is_some() && rest.is_empty(),
            },
        }
    }

    fn expanded(&self, name: &str) -> Option<&(String, Selection)> {
        self.expand.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))
    }
}

/// Expansions within expansions are read this deep.
const MAX_DEPTH: usize = 16;

/// The names of a path; the type that a segment casts to is not a name.
fn path(text: &str) -> Vec<String> {
    let names = text.split('/').map(str::trim).filter(|name| !name.is_empty() && !name.contains('.'));
    names.map(str::to_owned).collect()
}

/// What stands between separators, but for those within parentheses and quotes.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut depth, mut quoted) = (0_usize, false);
    text.split(move |c: char| {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => return c == separator && depth == 0 && !quoted,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a request with that query leaves a member out, and whether it expands it.
    #[track_caller]
    fn check(query: &str, names: &[&str], expected: (bool, bool)) {
        let options = query.split('&').filter_map(|option| option.split_once('='));
        let selection = Selection::read(&options.collect::<Vec<_>>(), MAX_DEPTH);
        assert_eq!((selection.leaves_out(names), selection.expands(names)), expected, "{query} {names:?}");
    }

    #[test]
    fn what_is_not_selected_is_left_out() {
        check("", &["mail"], (false, false));
        check("$select=", &["mail"], (false, false));
        check("$select=id,mail", &["mail"], (false, false));
        check("$SELECT= ID , Mail", &["mail"], (false, false));
        check("select=id", &["mail"], (true, false));
        check("$select=*", &["mail"], (false, false));
        check("$select=address/city", &["address"], (false, false));
        check("$select=address/city", &["address", "city"], (false, false));
        check("$select=address/city", &["address", "street"], (true, false));
        check("$select=address", &["address", "street"], (false, false));
        check("$select=n.user/mail", &["mail"], (false, false));
    }

    #[test]
    fn what_is_expanded_has_a_selection_of_its_own() {
        let query =
            "$select=id&$expand=manager($select=mail;$expand=office),members/$ref,notes($filter=a eq 'x,(';$top=1)";
        check(query, &["manager"], (false, true));
        check(query, &["manager", "mail"], (false, false));
        check(query, &["manager", "id"], (true, false));
        check(query, &["manager", "office", "id"], (false, false));
        check(query, &["members"], (false, true));
        check(query, &["notes"], (false, true));
        check(query, &["mail"], (true, false));
        check("$expand=*", &["manager"], (false, true));
        check("$expand=*", &["address", "manager"], (false, false));
    }
}
