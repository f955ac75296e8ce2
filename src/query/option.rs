//! The names and values of query options, as a service reads them.

use std::borrow::Cow;

/// The system query options (OData URL Conventions 4.01 section 5.1), and those that services write into their links.
pub const SYSTEM_OPTIONS: [&str; 16] = [
    "$apply",
    "$compute",
    "$count",
    "$deltatoken",
    "$expand",
    "$filter",
    "$format",
    "$index",
    "$levels",
    "$orderby",
    "$schemaversion",
    "$search",
    "$select",
    "$skip",
    "$skiptoken",
    "$top",
];

/// The system query option of a name, which may be written in any case, and without its `$` (section 5.1).
pub fn system_option(name: &str) -> Option<&'static str> {
    let bare = name.strip_prefix('$').unwrap_or(name);
    SYSTEM_OPTIONS.into_iter().find(|own| own[1..].eq_ignore_ascii_case(bare))
}

/// The name of a query option in the one form in which options are compared: a system query option as OData has it, and any other in lower
/// case.
pub fn option_name(name: &str) -> Cow<'_, str> {
    match system_option(name) {
        Some(own) => own.into(),
        None if name.bytes().any(|byte| byte.is_ascii_uppercase()) => name.to_ascii_lowercase().into(),
        None => name.into(),
    }
}

/// Whether a name, as [`option_name`] writes it, is one of OData's own.
pub fn is_system_option(name: &str) -> bool {
    SYSTEM_OPTIONS.contains(&name)
}

/// A value in the one form in which values are compared: a `+` is a blank, as forms write one.
pub(crate) fn option_value(value: &str) -> Cow<'_, str> {
    if value.contains('+') { value.replace('+', " ").into() } else { value.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_options_are_the_same_with_and_without_their_dollar() {
        let check = |name: &str, expected: &str| assert_eq!(option_name(name), expected, "{name}");
        check("$select", "$select");
        check("select", "$select");
        check("$Top", "$top");
        check("ORDERBY", "$orderby");
        check("startDateTime", "startdatetime");
        check("$custom", "$custom");
        check("", "");
    }
}
