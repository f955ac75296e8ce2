//! Whether a command printed what is shown of it. `…` stands for any lines, or for the rest of its line; times and identifiers of requests
//! are others in each run, and how columns are aligned depends on them.

/// How what was printed differs from what is shown; `None` if it does not. Of a command without output, nothing is shown.
pub(crate) fn difference(shown: &[String], printed: &str) -> Option<String> {
    let lines: Vec<String> = printed.lines().map(comparable).collect();
    let expected: Vec<String> = shown.iter().map(|line| comparable(line)).collect();
    if expected.is_empty() || matches(&expected, &lines) {
        return None;
    }
    Some(format!("prints\n{printed}instead of\n{}", shown.join("\n")))
}

/// Whether lines are as expected.
fn matches(expected: &[String], lines: &[String]) -> bool {
    match (expected.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "…" => (0..=lines.len()).any(|skipped| matches(rest, &lines[skipped..])),
        (Some((first, rest)), Some((line, others))) => {
            let is_equal = match first.strip_suffix('…') {
                Some(start) => line.starts_with(start),
                None => first == line,
            };
            is_equal && matches(rest, others)
        }
        // Empty lines at the end are not shown.
        (None, Some(_)) => lines.iter().all(String::is_empty),
        (Some(_), None) => false,
    }
}

/// A line without what differs from run to run.
fn comparable(line: &str) -> String {
    let line = line.replace("cargo xtask", "graph-contracts");
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let is_unit = matches!(word.trim_end_matches(['.', ',', ':']), "ms" | "s" | "min");
        match words.last_mut() {
            Some(number) if is_unit && number.parse::<f64>().is_ok() => *number = "TIME",
            _ if is_guid(word) => words.push("GUID"),
            _ => words.push(word),
        }
    }
    words.join(" ")
}

fn is_guid(word: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = word.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(is_hex)
}

#[test]
fn what_differs_from_run_to_run_is_not_compared() {
    let check = |shown: &[&str], printed: &str, expected: bool| {
        let shown: Vec<String> = shown.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(difference(&shown, printed).is_none(), expected, "{shown:?} {printed:?}");
    };
    check(&["5 contracts: 5 matched in 0.01 s"], "5 contracts: 5 matched in 1 min\n", true);
    check(&["5 contracts: 5 matched in 0.01 s"], "5 contracts: 4 matched in 0.01 s\n", false);
    check(&["a", "…", "d"], "a\nb\nc\nd\n\n", true);
    check(&["a", "…"], "b\n", false);
    check(&["a b…"], "a bcd\n", true);
    check(&["cargo xtask review"], "graph-contracts review\n", true);
    check(&["id 17bcd010-7ddd-4866-aedb-a730e50ec19c"], "id 17bcd010-7ddd-4866-aedb-a730e50ec19d\n", true);
    check(&[], "anything\n", true);
    check(&["a"], "", false);
}
