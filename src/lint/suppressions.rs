//! Diagnostics that somebody has looked at and accepted: by code and page, each with the reason, in a TOML file.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{LineIndex, SourceLine};

/// The accepted diagnostics.
#[derive(Debug, Default)]
pub struct Suppressions {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    code: Code,
    page: String,
    line: u32,
}

/// Why a file of suppressions cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct SuppressionError {
    /// Where in the file.
    pub place: SourceLine,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    suppress: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    page: String,
    reason: String,
}

impl Suppressions {
    /// Reads a file of suppressions; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// When the text is not TOML of the documented form, a code does not exist, or a reason is empty.
    pub fn parse(file: &str, text: &str) -> Result<Suppressions, SuppressionError> {
        let lines = LineIndex::new(text);
        let error = |offset: usize, message: String| SuppressionError {
            place: SourceLine { column: Some(1), ..SourceLine::new(file, lines.line(offset)) },
            message,
        };
        let parsed: File = toml::from_str(text).map_err(|cause| {
            error(cause.span().map_or(0, |span| span.start), cause.message().trim().replace('\n', " "))
        })?;
        let mut rules = Vec::new();
        for entry in parsed.suppress {
            let start = entry.span().start;
            let entry = entry.into_inner();
            let code = Code::named(&entry.code).ok_or_else(|| {
                error(start, format!("there is no code `{}`; docs/diagnostics.md lists them", entry.code))
            })?;
            if entry.reason.trim().is_empty() {
                return Err(error(start, "the suppression needs a reason".to_owned()));
            }
            rules.push(Rule { code, page: entry.page, line: lines.line(start) });
        }
        Ok(Suppressions { rules })
    }

    /// Whether a diagnostic is accepted: one of the entries has its code and its page, or `*` for all pages. The positions of such
    /// entries are added to `used`.
    pub fn accept(&self, diagnostic: &Diagnostic, used: &mut BTreeSet<usize>) -> bool {
        let accepts = |rule: &Rule| rule.code == diagnostic.code && (rule.page == "*" || rule.page == diagnostic.page);
        let accepting: Vec<usize> = (0..self.rules.len()).filter(|index| accepts(&self.rules[*index])).collect();
        used.extend(&accepting);
        !accepting.is_empty()
    }

    /// The entries that are not among the used ones: line, code and page. Only those of codes that could be found are looked at, so
    /// that the linter and the check against metadata can have one file.
    pub fn unused(&self, used: &BTreeSet<usize>, could_be_found: impl Fn(Code) -> bool) -> Vec<(u32, String)> {
        let rules = self.rules.iter().enumerate();
        let unused = rules.filter(|(index, rule)| could_be_found(rule.code) && !used.contains(index));
        unused.map(|(_, rule)| (rule.line, format!("{} on {}", rule.code, rule.page))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_is_accepted_by_code_and_page() -> Result<(), SuppressionError> {
        let text = "[[suppress]]\ncode = \"todo-left\"\npage = \"a.md\"\nreason = \"draft\"\n\n[[suppress]]\ncode = \"no-body\"\npage = \"*\"\nreason = \"style\"\n";
        let suppressions = Suppressions::parse("s.toml", text)?;
        let diagnostic =
            |code, page: &str| Diagnostic { code, page: page.into(), line: 1, column: 1, message: String::new() };
        let mut used = BTreeSet::new();
        assert!(suppressions.accept(&diagnostic(Code::TodoLeft, "a.md"), &mut used));
        assert!(!suppressions.accept(&diagnostic(Code::TodoLeft, "b.md"), &mut used));
        assert_eq!(suppressions.unused(&used, |_| true), [(6, "no-body on *".to_owned())]);
        assert_eq!(suppressions.unused(&used, Code::is_of_metadata), []);
        assert!(suppressions.accept(&diagnostic(Code::NoBody, "b.md"), &mut used));
        assert_eq!(suppressions.unused(&used, |_| true), []);
        Ok(())
    }

    #[test]
    fn unknown_codes_and_missing_reasons_are_refused() {
        let refused = |text: &str| Suppressions::parse("s.toml", text).map(|_| ()).expect_err(text).to_string();
        let entry = |code: &str, reason: &str| {
            format!("\n[[suppress]]\ncode = \"{code}\"\npage = \"*\"\nreason = \"{reason}\"\n")
        };
        assert!(refused(&entry("todo", "x")).starts_with("s.toml:2:1: there is no code `todo`"));
        assert_eq!(refused(&entry("todo-left", " ")), "s.toml:2:1: the suppression needs a reason");
    }
}
