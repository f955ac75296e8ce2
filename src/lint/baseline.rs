//! Defects that were there when somebody began to look: known, and not reported, so that a documentation set with thousands of them can be
//! gated all the same.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::Fingerprint;
use crate::diagnostic::{Code, Diagnostic};

/// The format that this version reads and writes.
const FORMAT: u32 = 1;

/// The defects that are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    entries: Vec<Known>,
}

/// A known defect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Known {
    page: String,
    code: String,
    line: String,
    context: String,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    defects: Vec<Known>,
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not JSON of the form.
    #[error("{file}:{}:{}: {cause}; make it again with --update-baseline", cause.line(), cause.column())]
    Invalid {
        /// Its name.
        file: String,
        /// What is wrong.
        cause: serde_json::Error,
    },
    /// It has another format.
    #[error("{file}: format {format}, but this version reads format {FORMAT}; make it again with --update-baseline")]
    Format {
        /// Its name.
        file: String,
        /// The format that it has.
        format: u32,
    },
}

/// Diagnostics beside a baseline.
#[derive(Debug, Default)]
pub struct Compared {
    /// Those that are not in it, with what they are recognized by.
    pub new: Vec<(Diagnostic, Fingerprint)>,
    /// How many are.
    pub known: usize,
    /// How many defects of the baseline are not there any more.
    pub gone: usize,
}

impl Baseline {
    /// Reads a baseline; `file` names it in errors.
    ///
    /// # Errors
    ///
    /// When the text is not of the form, or of another format.
    pub fn parse(file: &str, text: &str) -> Result<Baseline, BaselineError> {
        let invalid = |cause| BaselineError::Invalid { file: file.to_owned(), cause };
        let Document { format, defects } = serde_json::from_str(text).map_err(invalid)?;
        if format != FORMAT {
            return Err(BaselineError::Format { file: file.to_owned(), format });
        }
        Ok(Baseline { entries: defects })
    }

    /// The text of its file: a line for each defect, in the order of pages, so that a change of one is a change of one line.
    pub fn to_text(&self) -> String {
        let mut entries: Vec<&Known> = self.entries.iter().collect();
        entries.sort();
        // What serializes to JSON cannot fail here: all of it is text.
        let lines = entries.into_iter().filter_map(|own| serde_json::to_string(own).ok());
        let lines: Vec<String> = lines.map(|line| format!("    {line}")).collect();
        let defects = if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
        format!("{{\n  \"format\": {FORMAT},\n  \"defects\": [{defects}]\n}}\n")
    }

    /// How many defects are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tells the diagnostics that are new from those that are known. A known defect stands for one diagnostic: first for one with the same
    /// lines around it, and then for any on an equal line. Known defects are gone only where one of their code `could_be_found` on
    /// their page.
    pub fn compare(
        &self,
        diagnostics: Vec<Diagnostic>,
        fingerprints: Vec<Fingerprint>,
        could_be_found: impl Fn(&str, Code) -> bool,
    ) -> Compared {
        let mut by_context: HashMap<(&str, &str), usize> = HashMap::new();
        let mut by_line: HashMap<&str, usize> = HashMap::new();
        for own in &self.entries {
            *by_context.entry((&own.line, &own.context)).or_default() += 1;
            *by_line.entry(&own.line).or_default() += 1;
        }
        let mut is_known = vec![false; diagnostics.len()];
        for is_exact in [true, false] {
            for (is_known, own) in is_known.iter_mut().zip(&fingerprints).filter(|(is_known, _)| !**is_known) {
                let is_there = !is_exact || take_one(&mut by_context, &(own.line.as_str(), own.context.as_str()));
                *is_known = is_there && take_one(&mut by_line, &own.line.as_str());
            }
        }
        let gone = self.entries.iter().filter(|own| {
            // A code that this version does not have cannot be found by it.
            Code::named(&own.code).is_some_and(|code| could_be_found(&own.page, code))
        });
        // Of several entries for one line, as many are gone as are left.
        let mut lines: BTreeSet<&str> = BTreeSet::new();
        let gone = gone
            .filter(|own| lines.insert(&own.line))
            .map(|own| by_line.get(own.line.as_str()).copied().unwrap_or_default())
            .sum();
        let known = is_known.iter().filter(|known| **known).count();
        let found = diagnostics.into_iter().zip(fingerprints);
        let new = found.zip(is_known).filter(|(_, is_known)| !is_known).map(|(own, _)| own).collect();
        Compared { new, known, gone }
    }

    /// The baseline in which these diagnostics are known: of codes and pages that `could_be_found` they alone, and of others what was known
    /// before. A code that this version does not have is forgotten on pages that were `looked_at`.
    #[must_use]
    pub fn updated(
        &self,
        diagnostics: &[Diagnostic],
        fingerprints: &[Fingerprint],
        looked_at: impl Fn(&str) -> bool,
        could_be_found: impl Fn(&str, Code) -> bool,
    ) -> Baseline {
        let is_replaced = |own: &Known| match Code::named(&own.code) {
            Some(code) => could_be_found(&own.page, code),
            None => looked_at(&own.page),
        };
        let kept = self.entries.iter().filter(|own| !is_replaced(own)).cloned();
        let found = diagnostics.iter().zip(fingerprints).map(|(diagnostic, own)| Known {
            page: diagnostic.page.to_string(),
            code: diagnostic.code.name().to_owned(),
            line: own.line.clone(),
            context: own.context.clone(),
        });
        Baseline { entries: kept.chain(found).collect() }
    }
}

/// Takes one of what is left of a key; whether there was one.
fn take_one<K: Eq + Hash>(left: &mut HashMap<K, usize>, key: &K) -> bool {
    match left.get_mut(key) {
        Some(number) if *number > 0 => {
            *number -= 1;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::fingerprints;

    /// A diagnostic on each line of a page that has a word for it.
    fn found(text: &str) -> Vec<Diagnostic> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| line.contains("TODO"));
        let diagnostic = |line| Diagnostic::new(Code::TodoLeft, "a.md", (line, 1), "");
        lines.map(|(line, _)| diagnostic(line)).collect()
    }

    fn of(text: &str) -> Baseline {
        let diagnostics = found(text);
        let own = fingerprints(&diagnostics, |_| Some(text.to_owned()));
        Baseline::default().updated(&diagnostics, &own, |_| true, |_, _| true)
    }

    /// The lines of a page with new defects, how many defects are known, and how many are gone.
    #[track_caller]
    fn check(before: &str, after: &str, expected: (&[u32], usize, usize)) {
        let baseline = of(before);
        let read = Baseline::parse("b.json", &baseline.to_text()).expect("a baseline");
        assert_eq!(read.len(), baseline.len());
        let diagnostics = found(after);
        let own = fingerprints(&diagnostics, |_| Some(after.to_owned()));
        let compared = read.compare(diagnostics, own, |_, _| true);
        let lines: Vec<u32> = compared.new.iter().map(|own| own.0.line).collect();
        assert_eq!((lines.as_slice(), compared.known, compared.gone), expected, "{before:?} and {after:?}");
    }

    #[test]
    fn only_new_defects_are_reported() {
        check("", "", (&[], 0, 0));
        check("TODO a\n", "TODO a\n", (&[], 1, 0));
        check("TODO a\n", "new\n\n\nTODO a\n", (&[], 1, 0));
        check("TODO a\n", "TODO a\nTODO b\n", (&[2], 1, 0));
        check("TODO a\nTODO b\n", "TODO b\n", (&[], 1, 1));
        check("TODO a\n", "TODO b\n", (&[1], 0, 1));
    }

    #[test]
    fn of_defects_on_equal_lines_the_one_in_a_new_place_is_new() {
        check("one\nTODO\ntwo\n", "zero\nTODO\none\nTODO\ntwo\n", (&[2], 1, 0));
        check("one\nTODO\ntwo\nTODO\nthree\n", "one\nTODO\nthree\n", (&[], 1, 1));
        check("one\nTODO\ntwo\n", "other\nTODO\nlines\n", (&[], 1, 0));
    }

    #[test]
    fn what_was_not_looked_at_is_neither_gone_nor_forgotten() {
        let baseline = of("TODO a\nTODO b\n");
        let compared = baseline.compare(Vec::new(), Vec::new(), |page, _| page == "b.md");
        assert_eq!((compared.known, compared.gone), (0, 0));
        assert_eq!(baseline.compare(Vec::new(), Vec::new(), |_, code| code != Code::TodoLeft).gone, 0);
        assert_eq!(baseline.compare(Vec::new(), Vec::new(), |_, _| true).gone, 2);
        assert_eq!(baseline.updated(&[], &[], |page| page == "b.md", |page, _| page == "b.md").len(), 2);
        assert_eq!(baseline.updated(&[], &[], |_| true, |_, _| true).len(), 0);
    }

    #[test]
    fn a_file_that_is_no_baseline_is_refused_with_its_place() {
        let refused = |text: &str| Baseline::parse("b.json", text).map(|_| ()).expect_err(text).to_string();
        assert!(refused("{").starts_with("b.json:1:1: EOF"), "{}", refused("{"));
        assert!(
            refused("{\"format\":2,\"defects\":[]}").starts_with("b.json: format 2, but this version reads format 1")
        );
        assert_eq!(of("").to_text(), "{\n  \"format\": 1,\n  \"defects\": []\n}\n");
    }
}
