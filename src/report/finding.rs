//! One thing that was found, whatever command found it.

use serde::{Deserialize, Serialize};

use super::Excerpt;
use super::text::{at_place, safe};
use crate::at::At;
use crate::compare::{Mismatch, MismatchKind, Reference, Severity};
use crate::source::SourceLine;

/// What a finding is that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// A note.
    Note,
    /// It contradicts nothing, or counts only where somebody says so.
    Warning,
    /// Somebody has accepted it.
    Accepted,
    /// A rule that somebody reviewed explains it.
    Explained,
    /// It is the reason why something is not known. It is not a defect of a page.
    NotKnown,
    /// A change on which a caller may fail.
    Breaking,
    /// A change by which a caller may use more.
    Additive,
    /// A change that is nothing to a caller.
    Cosmetic,
}

impl Notice {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Notice::Note => "note",
            Notice::Warning => "warning",
            Notice::Accepted => "accepted",
            Notice::Explained => "explained by a rule",
            Notice::NotKnown => "not known",
            Notice::Breaking => "breaking",
            Notice::Additive => "additive",
            Notice::Cosmetic => "cosmetic",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding<'r> {
    /// The stable name of its kind.
    pub code: &'r str,
    /// The kind as a phrase.
    pub title: &'r str,
    /// What it is about, whatever is around it: what findings with one cause have in common.
    pub subject: String,
    /// Where it is, within the message or page.
    pub at: String,
    /// What was expected, and what came; a finding about a page has a message instead.
    pub sides: Option<(&'r str, &'r str)>,
    /// What is wrong, where there are no two sides.
    pub message: &'r str,
    /// The file (or URL) and line of the service's metadata that says otherwise, where it does; of a change, what was there before.
    pub declared: Option<&'r SourceLine>,
    /// The rule that decided, where it is not the example alone.
    pub rule: Option<String>,
    /// Whether it counts.
    pub severity: Severity,
    /// What it is where it does not count; of a change, its effect in any case.
    pub notice: Notice,
    /// The page and line, where it is documented (still, of a change).
    pub source: Option<SourceLine>,
    /// What the sides are: documented or reviewed, and now.
    pub reference: Reference,
    /// What it means, or what to do about it.
    pub means: &'r str,
    /// What it is recognized by in another state of its page, where that is known.
    pub fingerprint: Option<&'r str>,
    /// The line of the page, and what corrects it, where that is known.
    pub excerpt: Option<&'r Excerpt>,
}

impl<'r> Finding<'r> {
    /// A difference between a response and what was expected of it.
    pub fn of(mismatch: &'r Mismatch) -> Finding<'r> {
        Finding {
            code: mismatch.kind.name(),
            title: mismatch.kind.phrase(),
            subject: subject(mismatch),
            at: mismatch.at.to_string(),
            sides: Some((&mismatch.expected, &mismatch.actual)),
            message: "",
            declared: None,
            rule: mismatch.rule.as_ref().map(ToString::to_string),
            severity: mismatch.severity,
            notice: Notice::Note,
            source: Some(mismatch.source.clone()),
            reference: mismatch.reference,
            means: mismatch.means(),
            fingerprint: None,
            excerpt: None,
        }
    }

    /// What the expected side is called: `documented` or `reviewed`.
    pub fn expectation(&self) -> &'static str {
        self.reference.name()
    }

    /// What is wrong, in a line, without characters that would act on a terminal or change the order of what is shown.
    pub fn line(&self) -> String {
        match (self.sides, self.declared) {
            (Some((before, after)), _) if self.reference == Reference::Old => {
                safe(&format!("{}: {}: {before} \u{2192} {after}", self.title, self.at))
            }
            (Some((expected, actual)), _) => {
                let rule = self.rule.as_ref().map(|rule| format!("; {rule}")).unwrap_or_default();
                let expectation = self.expectation();
                let place = at_place(self.title, &self.at);
                safe(&format!("{}{place}: {actual} instead of {expected} ({expectation}){rule}", self.title))
            }
            (None, None) => safe(self.message),
            (None, Some(declared)) => safe(&format!("{} ({declared})", self.message)),
        }
    }

    /// Where it is documented, as text: the page and line, or of a change those before and now.
    pub fn place(&self) -> String {
        let side = |source: Option<&SourceLine>| source.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        match self.reference {
            Reference::Documentation | Reference::Snapshot => shown_source(&self.source),
            Reference::Old => format!("{} > {}", side(self.declared), side(self.source.as_ref())),
        }
    }

    /// How much it matters, where that decides what is said first: whether it counts, and what it does to a caller.
    pub(super) fn rank(&self) -> (Severity, u8) {
        let effect = match self.notice {
            Notice::Breaking => 2,
            Notice::Additive => 1,
            Notice::Note
            | Notice::Warning
            | Notice::Accepted
            | Notice::Explained
            | Notice::NotKnown
            | Notice::Cosmetic => 0,
        };
        (self.severity, effect)
    }

    /// What it is if it does not count; `None` if it does.
    pub fn notice(&self) -> Option<Notice> {
        (self.severity == Severity::Notice).then_some(self.notice)
    }
}

/// A source as text; empty where there is no source.
pub fn shown_source(source: &Option<SourceLine>) -> String {
    source.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What a mismatch is about, whatever is around it: `member 'extra'`, `header content-type: text/html`.
fn subject(mismatch: &Mismatch) -> String {
    let Mismatch { kind, at, expected, actual, .. } = mismatch;
    let name = match at {
        At::Path(path) => path.last_name().unwrap_or("the body").to_owned(),
        At::Snapshot(_) => "the contract is new".to_owned(),
        at => at.to_string(),
    };
    // The same status instead of the same other one has one cause; a value has as many as it likes.
    match kind {
        MismatchKind::Status | MismatchKind::MediaType | MismatchKind::Charset => {
            format!("{name}: {actual} instead of {expected}")
        }
        MismatchKind::Enum => format!("{name}: {actual}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Rule, RuleSource};
    use crate::json::Path;

    #[test]
    fn a_difference_says_which_rule_decided() {
        let check = |source: Option<RuleSource>, expected: &str| {
            let mismatch = Mismatch {
                kind: MismatchKind::Null,
                at: At::Path(Path::root().member("mail")),
                expected: "\"a\"".to_owned(),
                actual: "null".to_owned(),
                severity: Severity::Error,
                source: SourceLine::new("user-get.md", 7),
                reference: Reference::Documentation,
                rule: source.map(|source| Rule { source, says: "`mail` is not nullable".to_owned() }),
            };
            let line = Finding::of(&mismatch).line();
            let start = "null instead of a value at $['mail']: null instead of \"a\" (documented)";
            assert_eq!(line.strip_prefix(start), Some(expected), "{line}");
        };
        check(None, "");
        check(Some(RuleSource::Page(SourceLine::new("user.md", 3))), "; `mail` is not nullable (page user.md:3)");
        let metadata = RuleSource::Metadata(SourceLine::new("v1.0.xml", 9));
        check(Some(metadata), "; `mail` is not nullable (metadata v1.0.xml:9)");
        check(Some(RuleSource::Protocol), "; `mail` is not nullable (OData)");
    }
}
