//! Diagnostics that somebody has looked at and accepted: by code, pages and fingerprint, each with the reason, in a TOML file.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Fingerprint, PageGlob};
use crate::command_line::{CODES, explain};
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
    pages: PageGlob,
    /// That of the line, as `--json` shows it.
    fingerprint: Option<String>,
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
    fingerprint: Option<String>,
    reason: String,
}

impl Suppressions {
    /// Reads a file of suppressions; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// When the text is not TOML of the documented form, a code does not exist, the pages are no glob, or a reason is empty.
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
            let Entry { code, page, fingerprint, reason } = entry.into_inner();
            let code =
                Code::written(&code).map_err(|why| error(start, format!("{why} ({} lists them)", explain(CODES))))?;
            if reason.trim().is_empty() {
                return Err(error(start, "the suppression needs a reason".to_owned()));
            }
            let pages = page.parse().map_err(|message| error(start, message))?;
            rules.push(Rule { code, pages, fingerprint, line: lines.line(start) });
        }
        Ok(Suppressions { rules })
    }

    /// Whether a diagnostic is accepted: one of the entries has its code, its page, and its fingerprint if the entry has one. Where the
    /// fingerprint is not known, such entries accept nothing. The positions of the entries are added to `used`.
    pub fn accept(
        &self,
        diagnostic: &Diagnostic,
        fingerprint: Option<&Fingerprint>,
        used: &mut BTreeSet<usize>,
    ) -> bool {
        let accepts = |rule: &Rule| {
            rule.code == diagnostic.code
                && rule.pages.has(&diagnostic.page)
                && rule.fingerprint.as_ref().is_none_or(|own| fingerprint.is_some_and(|found| found.line == *own))
        };
        let accepting: Vec<usize> = (0..self.rules.len()).filter(|index| accepts(&self.rules[*index])).collect();
        used.extend(&accepting);
        !accepting.is_empty()
    }

    /// The entries that are not among the used ones: line, code and pages. Only those whose defects could be found are looked at, so
    /// that the linter and the check against metadata can have one file; `could_be_found` is given the code, the pages, and whether it
    /// takes a fingerprint.
    pub fn unused(
        &self,
        used: &BTreeSet<usize>,
        could_be_found: impl Fn(Code, &PageGlob, bool) -> bool,
    ) -> Vec<(u32, String)> {
        let could_be_used = |rule: &Rule| could_be_found(rule.code, &rule.pages, rule.fingerprint.is_some());
        let rules = self.rules.iter().enumerate();
        let unused = rules.filter(|(index, rule)| could_be_used(rule) && !used.contains(index));
        unused.map(|(_, rule)| (rule.line, format!("{} on {}", rule.code, rule.pages))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(code: Code, page: &str) -> Diagnostic {
        Diagnostic::new(code, page, (1, 1), String::new())
    }

    #[test]
    fn a_diagnostic_is_accepted_by_code_and_page() -> Result<(), SuppressionError> {
        let text = "[[suppress]]\ncode = \"todo-left\"\npage = \"a.md\"\nreason = \"draft\"\n\n[[suppress]]\ncode = \"no-body\"\npage = \"*\"\nreason = \"style\"\n";
        let suppressions = Suppressions::parse("s.toml", text)?;
        let mut used = BTreeSet::new();
        assert!(suppressions.accept(&diagnostic(Code::TodoLeft, "a.md"), None, &mut used));
        assert!(!suppressions.accept(&diagnostic(Code::TodoLeft, "b.md"), None, &mut used));
        assert_eq!(suppressions.unused(&used, |_, _, _| true), [(6, "no-body on *".to_owned())]);
        assert_eq!(suppressions.unused(&used, |code, _, _| code.is_of_metadata()), []);
        assert!(suppressions.accept(&diagnostic(Code::NoBody, "b.md"), None, &mut used));
        assert_eq!(suppressions.unused(&used, |_, _, _| true), []);
        Ok(())
    }

    #[test]
    fn a_diagnostic_is_accepted_by_glob_and_fingerprint() -> Result<(), SuppressionError> {
        let text = "[[suppress]]\ncode = \"todo-left\"\npage = \"beta/**\"\nfingerprint = \"f\"\nreason = \"draft\"\n";
        let suppressions = Suppressions::parse("s.toml", text)?;
        let check = |page: &str, line: Option<&str>, is_accepted: bool| {
            let own = line.map(|line| Fingerprint { line: line.to_owned(), context: String::new() });
            let found = suppressions.accept(&diagnostic(Code::TodoLeft, page), own.as_ref(), &mut BTreeSet::new());
            assert_eq!(found, is_accepted, "{page} {line:?}");
        };
        check("beta/api/a.md", Some("f"), true);
        check("beta/api/a.md", Some("g"), false);
        check("beta/api/a.md", None, false);
        check("v1.0/api/a.md", Some("f"), false);
        assert_eq!(suppressions.unused(&BTreeSet::new(), |_, _, takes_fingerprint| !takes_fingerprint), []);
        Ok(())
    }

    #[test]
    fn unknown_codes_and_missing_reasons_are_refused() {
        let refused = |text: &str| Suppressions::parse("s.toml", text).map(|_| ()).expect_err(text).to_string();
        let entry = |code: &str, page: &str, reason: &str| {
            format!("\n[[suppress]]\ncode = \"{code}\"\npage = \"{page}\"\nreason = \"{reason}\"\n")
        };
        assert!(refused(&entry("todo", "*", "x")).starts_with("s.toml:2:1: there is no code `todo`"));
        assert_eq!(refused(&entry("todo-left", "*", " ")), "s.toml:2:1: the suppression needs a reason");
        assert!(refused(&entry("todo-left", "[", "x")).starts_with("s.toml:2:1: `[` is not a glob"));
    }
}
