//! The names and values of query options, as a service reads them.

use std::borrow::Cow;

/// The system query options, without their `$` (OData URL Conventions 4.01 section 5.1 and 5.2).
const SYSTEM: [&str; 15] = [
    "apply",
    "compute",
    "count",
    "deltatoken",
    "expand",
    "filter",
    "format",
    "index",
    "levels",
    "orderby",
    "search",
    "select",
    "skip",
    "skiptoken",
    "top",
];

/// The name of a query option in the one form in which options are compared: system query options may be written in any case, and without
/// their `$` (OData URL Conventions 4.01 section 5).
pub fn option_name(name: &str) -> Cow<'_, str> {
    let bare = name.strip_prefix('$').unwrap_or(name);
    let lower = bare.to_ascii_lowercase();
    if is_bare_system_option(&lower) {
        return format!("${lower}").into();
    }
    if lower == bare { name.into() } else { format!("{}{lower}", &name[..name.len() - bare.len()]).into() }
}

/// Whether a name, as [`option_name`] writes it, is one of OData's own.
pub fn is_system_option(name: &str) -> bool {
    name.strip_prefix('$').is_some_and(is_bare_system_option)
}

fn is_bare_system_option(lower: &str) -> bool {
    SYSTEM.contains(&lower)
}

/// A value in the one form in which values are compared: a `+` is a blank, as forms write one.
pub(super) fn option_value(value: &str) -> Cow<'_, str> {
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
