//! Values of enumerations.

/// The first part of a text that is not a member of an enumeration; `None` if the text is a value of it. Values that combine members are
/// separated by commas, and a number stands for the member that has it (OData JSON Format 4.01 section 7.1, ABNF `enumValue`).
///
/// `is_member` says whether the enumeration has a member of that name. `is_flags` says whether values may combine members, if that is
/// known: where it is not, they may.
pub fn unknown_member(text: &str, is_flags: Option<bool>, is_member: impl Fn(&str) -> bool) -> Option<&str> {
    let is_known = |name: &str| is_member(name) || name.parse::<i64>().is_ok();
    if is_known(text) {
        return None;
    }
    if is_flags == Some(false) {
        return Some(text);
    }
    text.split(',').map(str::trim).find(|name| !is_known(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_members_and_their_numbers() {
        let check = |text: &str, is_flags, expected: Option<&str>| {
            let members = ["on", "off", "in-review"];
            assert_eq!(unknown_member(text, is_flags, |name| members.contains(&name)), expected, "{text} {is_flags:?}");
        };
        check("on", None, None);
        check("in-review", None, None);
        check("on, off", None, None);
        check("on,off", Some(true), None);
        check("on,2", Some(true), None);
        check("-1", Some(false), None);
        check("on,off", Some(false), Some("on,off"));
        check("dim", None, Some("dim"));
        check("on,dim", None, Some("dim"));
        check("On", None, Some("On"));
        check("", None, Some(""));
    }
}
