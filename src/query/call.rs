//! Which functions an expression calls, without its being parsed: one that is not valid is looked at, too.

/// Whether an expression calls a function, whose name is read in any case. What stands in quotes is text (OData ABNF Construction Rules 4.01, section 7).
pub fn calls(expression: &str, function: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/');
    expression.split('\'').step_by(2).any(|code| {
        let mut names = code.match_indices('(').map(|(at, _)| code[..at].trim_end());
        names
            .any(|before| before.rsplit(|c| !is_part(c)).next().is_some_and(|name| name.eq_ignore_ascii_case(function)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_where_it_is_no_text() {
        let check = |expression: &str, expected: bool| {
            assert_eq!(calls(expression, "endsWith"), expected, "{expression}");
        };
        check("endsWith(mail,'a')", true);
        check("a eq 'b' and not(endswith (mail,'a'))", true);
        check("a eq 'it''s' or endsWith(mail,'a')", true);
        check("a eq 'endsWith(b)'", false);
        check("startsWith(mail,'a')", false);
        check("my.endsWith(mail)", false);
        check("endsWith eq 1 and (a)", false);
        check("", false);
    }
}
