//! Values that OData's own query options cannot have, whatever the page (OData URL Conventions 4.01 sections 5.1.3 to 5.1.7).

use crate::query::{is_system_option, option_name, split_list};

/// What a system query option has to be, where it is something else; `None` where it may be valid, or is not known.
pub(super) fn expected(name: &str, value: &str) -> Option<&'static str> {
    let value = value.trim();
    let is_number = || !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match name {
        "$top" | "$skip" if !is_number() => Some("a number, 0 or more"),
        "$count" if !["true", "false"].iter().any(|own| own.eq_ignore_ascii_case(value)) => Some("true or false"),
        "$expand" if has_other_options(value, MOST_LEVELS) => Some("options of OData within it"),
        _ => None,
    }
}

/// So deep is looked into what is expanded.
const MOST_LEVELS: usize = 4;

/// Whether what is expanded has an option within its parentheses that begins with `$` and is none of OData's.
fn has_other_options(expanded: &str, levels: usize) -> bool {
    if levels == 0 {
        return false;
    }
    let is_other = |option: &str| {
        let (written, value) = option.split_once('=').unwrap_or((option, ""));
        let name = option_name(written.trim());
        let is_of_odata = is_system_option(&name);
        (written.trim().starts_with('$') && !is_of_odata) || (name == "$expand" && has_other_options(value, levels - 1))
    };
    let mut items = split_list(expanded, ',').into_iter();
    items.any(|(_, item)| split_list(within(item), ';').into_iter().any(|(_, option)| is_other(option)))
}

/// What stands in the parentheses at the end of an item.
fn within(item: &str) -> &str {
    item.split_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_odata_have_values_of_their_own() {
        let check = |name: &str, value: &str, is_valid: bool| {
            assert_eq!(expected(name, value).is_none(), is_valid, "{name}={value}");
        };
        check("$top", "5", true);
        check("$top", "abc", false);
        check("$skip", "-1", false);
        check("$count", "True", true);
        check("$count", "maybe", false);
        check("$expand", "manager($select=id;$levels=max),members", true);
        check("$expand", "manager($selct=id)", false);
        check("$expand", "manager($expand=manager($selct=id))", false);
        check("$expand", "manager(select=id)", true);
        check("$select", "anything", true);
    }
}
