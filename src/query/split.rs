//! Lists in query options: items that may have options of their own in parentheses, and strings.

/// The parts of a text between separators that stand neither in parentheses nor in a string, without the blanks around them, each with
/// where it begins in the text (OData URL Conventions 4.01 section 5.1.3).
pub fn split_list(text: &str, separator: char) -> Vec<(usize, &str)> {
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
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_within_parentheses_and_strings_separate_nothing() {
        let check = |text: &str, expected: &[(usize, &str)]| assert_eq!(split_list(text, ','), expected, "{text}");
        check("", &[(0, "")]);
        check("a, b", &[(0, "a"), (2, "b")]);
        check("a($select=b,c),d", &[(0, "a($select=b,c)"), (15, "d")]);
        check("a eq 'b,(',c", &[(0, "a eq 'b,('"), (11, "c")]);
        check("a),b", &[(0, "a)"), (3, "b")]);
        check(",", &[(0, ""), (1, "")]);
    }
}
