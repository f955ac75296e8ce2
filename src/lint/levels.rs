//! How much a defect matters to a project: levels by code and page.

use std::str::FromStr;

use serde::Serialize;
use strum::{Display, EnumString, VariantNames};

use super::PageGlob;
use crate::command_line::{CODES, explain};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::report::Tone;

/// How much a defect matters to a project.
#[derive(Clone, Copy, Debug, Display, EnumString, VariantNames, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// It is counted, and not reported.
    Off,
    /// It is reported, and never denied by `warnings`.
    Note,
    /// It is reported.
    Warning,
    /// It is reported, and fails the run.
    Error,
}

impl Level {
    /// The names of all levels.
    pub const NAMES: &[&str] = Level::VARIANTS;
}

impl Level {
    /// How it looks.
    pub(crate) fn tone(self) -> Tone {
        match self {
            Level::Off => Tone::Dim,
            Level::Note => Tone::Plain,
            Level::Warning => Tone::Warn,
            Level::Error => Tone::Bad,
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Level {
        match severity {
            Severity::Warning => Level::Warning,
            Severity::Error => Level::Error,
        }
    }
}

/// The level of a code, or of all, on some pages or on all.
#[derive(Clone, Debug)]
pub struct LevelRule {
    code: Option<Code>,
    pages: PageGlob,
    level: Level,
}

/// What stands for all codes.
const ALL: &str = "*";

impl FromStr for LevelRule {
    type Err = String;

    /// Reads `CODE=LEVEL`, or `CODE@PAGES=LEVEL`.
    fn from_str(text: &str) -> Result<LevelRule, String> {
        let (which, level) = text.rsplit_once('=').ok_or_else(|| "write CODE=LEVEL, or CODE@PAGES=LEVEL".to_owned())?;
        let level =
            level.parse().map_err(|_| format!("there is no level `{level}`, but {}", Level::NAMES.join(", ")))?;
        let (code, pages) = which.split_once('@').unwrap_or((which, "*"));
        let code = match code {
            ALL => None,
            name => Some(Code::written(name).map_err(|why| format!("{why} ({} lists them)", explain(CODES)))?),
        };
        Ok(LevelRule { code, pages: pages.parse()?, level })
    }
}

/// The levels of a project.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    rules: Vec<LevelRule>,
}

impl Levels {
    /// Of several rules about a defect, the last one counts.
    pub fn new(rules: Vec<LevelRule>) -> Levels {
        Levels { rules }
    }

    /// The level of a code on a page: that of the last rule about it, or else its severity.
    pub fn of(&self, code: Code, page: &str) -> Level {
        let is_meant = |rule: &&LevelRule| rule.code.is_none_or(|own| own == code) && rule.pages.has(page);
        self.rules.iter().rev().find(is_meant).map_or_else(|| code.severity().into(), |rule| rule.level)
    }

    /// The level of a diagnostic.
    pub fn of_diagnostic(&self, diagnostic: &Diagnostic) -> Level {
        self.of(diagnostic.code, &diagnostic.page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_about_a_code_on_a_page_counts() {
        let check = |rules: &[&str], code: Code, page: &str, expected: Level| {
            let own = rules.iter().map(|rule| rule.parse().expect(rule));
            assert_eq!(Levels::new(own.collect()).of(code, page), expected, "{rules:?} {code} {page}");
        };
        check(&[], Code::TodoLeft, "a.md", Level::Warning);
        check(&[], Code::OrphanResponse, "a.md", Level::Error);
        check(&["todo-left=error"], Code::TodoLeft, "a.md", Level::Error);
        check(&["todo-left=error"], Code::NoBody, "a.md", Level::Warning);
        check(&["*=off"], Code::OrphanResponse, "a.md", Level::Off);
        let both = ["*@beta/**=note", "todo-left=error"];
        check(&both, Code::TodoLeft, "beta/a.md", Level::Error);
        check(&both, Code::NoBody, "beta/a.md", Level::Note);
        check(&both, Code::NoBody, "v1.0/a.md", Level::Warning);
        check(&["todo-left=error", "*@beta/**=note"], Code::TodoLeft, "beta/a.md", Level::Note);
        check(&["no-body@a=b.md=off"], Code::NoBody, "a=b.md", Level::Off);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let check = |text: &str, piece: &str| {
            let error = text.parse::<LevelRule>().expect_err(text);
            assert!(error.contains(piece), "{text}: {error}");
        };
        check("todo-left", "CODE=LEVEL");
        check("todo-left=loud", "off, note, warning, error");
        check("todo=off", "there is no code `todo`; did you mean `todo-left`? (`");
        check("nothing=off", "there is no code `nothing` (`");
        check("todo-left@=off", "\"*\" for all");
        check("todo-left@[=off", "is not a glob");
    }
}
