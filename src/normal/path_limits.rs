//! Which JSONPaths a rule may have: those that take time in proportion to the size of any response.
//!
//! RFC 9535 section 4.1 warns of queries that take excessive resources. `$..*..*` selects each value once for each value around it, a
//! filter that looks from `$` goes through the whole response for each value, nested filters overflow the parser's stack, and a regular
//! expression is compiled for each value that it is tried on. The text alone shows all of them, before it is parsed.

/// The longest path, in bytes.
const LONGEST: usize = 1024;

/// How deep brackets and parentheses may be nested.
const DEEPEST: usize = 8;

/// What the numbers of selectors in the brackets of a path may make when multiplied: `$['a','b'][0,0]` makes 4. A value can be selected
/// as often.
const MOST_SELECTORS: usize = 32;

/// The functions whose second argument is a regular expression (RFC 9535 sections 2.4.6 and 2.4.7).
const REGULAR: [&str; 2] = ["match", "search"];

/// Why a path takes too long, and where in its text that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TooCostly {
    pub(super) at: usize,
    pub(super) why: String,
}

/// Refuses a path that could take more than a response's size.
pub(super) fn check(path: &str) -> Result<(), TooCostly> {
    let refuse = |at: usize, why: &str| Err(TooCostly { at, why: why.to_owned() });
    if path.len() > LONGEST {
        return refuse(0, &format!("it has {} bytes; a rule's path may have {LONGEST}", path.len()));
    }
    let bytes = path.as_bytes();
    // What is open, each bracket with its number of selectors so far, and whether it is a filter.
    let mut open: Vec<Open> = Vec::new();
    let (mut descents, mut selectors, mut at) = (0_usize, 1_usize, 0);
    while let Some(byte) = bytes.get(at).copied() {
        let in_filter = open.iter().any(|open| open.is_filter);
        match byte {
            b'\'' | b'"' => at = end_of_string(bytes, at),
            b'[' | b'(' => {
                if byte == b'(' && REGULAR.contains(&word_before(path, at)) {
                    return refuse(at, "a rule's path may not use regular expressions (`match`, `search`)");
                }
                open.push(Open { is_filter: false, selectors: 1 });
                if open.len() > DEEPEST {
                    let why =
                        format!("its brackets are nested too deep; a rule's path may nest {DEEPEST} of `[` and `(`");
                    return refuse(at, &why);
                }
            }
            b']' | b')' => {
                let closed = open.pop().map_or(1, |open| if byte == b']' { open.selectors } else { 1 });
                selectors = selectors.saturating_mul(closed);
                if selectors > MOST_SELECTORS {
                    let why = format!(
                        "its brackets select too much; the numbers of selectors between commas may make {MOST_SELECTORS} \
                         when multiplied"
                    );
                    return refuse(at, &why);
                }
            }
            b',' => {
                if let Some(open) = open.last_mut() {
                    open.selectors += 1;
                }
            }
            b'?' => {
                if let Some(open) = open.last_mut() {
                    open.is_filter = true;
                }
            }
            b'$' if in_filter => {
                return refuse(at, "a filter looks at the whole response for each value; it may only look below `@`");
            }
            b'.' if bytes.get(at + 1) == Some(&b'.') => {
                if in_filter {
                    return refuse(at, "a filter may not have `..`");
                }
                descents += 1;
                if descents > 1 {
                    return refuse(at, "a rule's path may have one `..`");
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// A bracket or parenthesis that is open.
struct Open {
    is_filter: bool,
    selectors: usize,
}

/// Where the string that begins there ends: its last quote, or the last byte of the text.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if *byte == bytes[start] => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The name that ends before an offset, with blanks between.
fn word_before(text: &str, end: usize) -> &str {
    let before = text[..end].trim_end();
    let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(path: &str, at: usize, part: &str) {
        let refused = check(path).expect_err(path);
        assert!(refused.at == at && refused.why.contains(part), "{path}: {refused:?}");
    }

    #[test]
    fn a_path_that_follows_the_response_once_is_allowed() {
        for path in [
            "$..id",
            "$.value[*].id",
            "$..['a..b', \"c]..[\", 'it\\'s..']",
            "$..[?@.type == 'a' && (@.b || !@.c[0])].id",
            "$.value[?@.tags[?@.name == '$..*..*']].id",
            "$..[?length(@.id) > 3 && count(@.*) < 2]",
            "$[0:10:2, -1]..id",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn a_path_that_multiplies_is_refused_with_what_is_allowed() {
        check_refused("$..*..*", 4, "one `..`");
        check_refused(&format!("${}", "..*".repeat(8)), 4, "one `..`");
        check_refused("$[?@..a]", 4, "a filter may not have `..`");
        check_refused("$.value[?$..a]", 9, "only look below `@`");
        check_refused("$.value[?@.a == $.b]", 16, "only look below `@`");
        check_refused("$[*,*][*,*][*,*][*,*][*,*][*,*]", 30, "may make 32");
        check_refused("$[?@.a[*,*][*,*][*,*][*,*][*,*][*,*]]", 35, "may make 32");
        check_refused("$..[?match(@.a, '(a{1000}){1000}')]", 10, "regular expressions");
        check_refused("$..[?!search (@.a, @.b)]", 13, "regular expressions");
    }

    #[test]
    fn a_long_or_deep_path_is_refused_before_it_is_parsed() {
        check_refused(&format!("$.{}", "a".repeat(1_100)), 0, "1102 bytes; a rule's path may have 1024");
        check_refused(&format!("$..{}a{}", "[?@".repeat(3_000), "]".repeat(3_000)), 0, "may have 1024");
        check_refused(&format!("$.{}a{}", "[?@".repeat(9), "]".repeat(9)), 26, "nest 8 of `[` and `(`");
        check_refused(&format!("$[?{}@.a{}]", "(".repeat(100), ")".repeat(100)), 10, "nest 8 of `[` and `(`");
    }

    #[test]
    fn broken_paths_are_left_to_the_parser() {
        for path in ["", "$['", "$]]]", "$['a\\", "$)(", "é(", "match(", "é match"] {
            check(path).ok();
        }
    }
}
