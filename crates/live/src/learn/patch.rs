//! Proposals as a patch of `volatile.toml`, which a person reads and applies.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::propose::{Evidence, Proposal, Rule};
use graph_contracts::file;
use graph_contracts::normal::{DEFAULT_RULES, RuleError, Shape, VOLATILE_FILE, VolatileRules, is_dangerous};
use graph_contracts::unified_diff::unified_diff;

/// How many places a comment of a rule names; `--json` has all.
const MOST_PLACES: usize = 10;

/// A change of `volatile.toml` as a unified diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The diff, for `git apply` or `patch -p1`.
    pub diff: String,
    /// The folder in which it applies, if that is not the one that was asked for.
    pub folder: Option<PathBuf>,
}

/// Why there is no patch.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// A file cannot be read, written or removed.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// The rules cannot stand at the end of the file.
    #[error("the proposed rules cannot be added to the end of the file: {0}")]
    Unusable(RuleError),
}

impl Patch {
    /// The patch that adds the proposed rules to the file of a store's rules, to be applied in `root`, or in the
    /// folder of that file if it is elsewhere. `None` if nothing is proposed. The file itself is only read.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or rules cannot be added to its end.
    pub fn new(root: &Path, path: &Path, proposals: &[Proposal]) -> Result<Option<Patch>, PatchError> {
        if proposals.is_empty() {
            return Ok(None);
        }
        let existing = match file::read_text(path) {
            Ok(text) => Some(text),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
            Err(cause) => return Err(PatchError::File { path: path.into(), cause }),
        };
        // Without a file, the default rules hold; with one, they have to be in it.
        let text = with_rules(existing.as_deref().unwrap_or(DEFAULT_RULES), proposals);
        let name = path.file_name().unwrap_or(OsStr::new(VOLATILE_FILE));
        VolatileRules::parse(&name.to_string_lossy(), &text).map_err(PatchError::Unusable)?;
        let canonical =
            |path: &Path| path.canonicalize().map_err(|cause| PatchError::File { path: path.into(), cause });
        let beside = path.parent().filter(|own| !own.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (root, beside) = (canonical(root)?, canonical(beside)?);
        let (name, folder) = match beside.strip_prefix(&root) {
            Ok(below) => (below.join(name), None),
            Err(_) => (PathBuf::from(name), Some(beside)),
        };
        let name: Vec<String> = name.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        Ok(Some(Patch { diff: unified_diff(&name.join("/"), existing.as_deref(), &text), folder }))
    }

    /// Writes the diff to a file.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), PatchError> {
        file::write(path, &self.diff).map_err(|cause| PatchError::File { path: path.into(), cause })
    }

    /// Takes an earlier patch away, which is no longer true.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be removed.
    pub fn remove(path: &Path) -> Result<(), PatchError> {
        match std::fs::remove_file(path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(PatchError::File { path: path.into(), cause }),
            _ => Ok(()),
        }
    }
}

/// The text of the rules with the proposed ones at its end.
fn with_rules(existing: &str, proposals: &[Proposal]) -> String {
    let line_end = if existing.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = existing.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
    for proposal in proposals {
        text.push_str(&entry(proposal).replace('\n', line_end));
    }
    text
}

/// One rule as it stands in `volatile.toml`, with its evidence before it.
fn entry(proposal: &Proposal) -> String {
    let mut lines =
        vec![String::new(), "# Proposed by `verify-live --learn`. What differed between two reads:".to_owned()];
    places(&mut lines, &proposal.evidence, differed);
    if !proposal.unchanged.is_empty() {
        lines.push("# What the rule covers too, although it did not differ:".to_owned());
        places(&mut lines, &proposal.unchanged, unchanged);
    }
    if proposal.unread > 0 {
        let values = if proposal.unread == 1 { "value" } else { "values" };
        lines.push(format!("# And {} documented {values} of contracts that showed nothing of it.", proposal.unread));
    }
    if proposal.may_be_state() {
        lines.push("# Is this a state that contracts are about? Then leave the rule out.".to_owned());
    }
    lines.push(format!("[[{}]]", proposal.rule.table()));
    match &proposal.rule {
        Rule::Header(name, shape) => {
            lines.push(format!("name = {}", quoted(name)));
            lines.extend(shape.map(|shape| format!("shape = {}", quoted(shape.name()))));
        }
        Rule::Body(selector) => lines.push(format!("path = {}", quoted(&selector.to_string()))),
        Rule::Value(shape) => lines.push(format!("shape = {}", quoted(shape.name()))),
    }
    lines.push(format!("reason = {}", quoted(&proposal.reason)));
    lines.join("\n") + "\n"
}

fn places(lines: &mut Vec<String>, places: &[Evidence], what: impl Fn(&Evidence) -> String) {
    for place in places.iter().take(MOST_PLACES) {
        lines.push(harmless(&format!("#   {} ({}) {}: {}", place.contract, place.source, place.at, what(place))));
    }
    if places.len() > MOST_PLACES {
        lines.push(format!("#   … and {} more places; --json FILE lists all", places.len() - MOST_PLACES));
    }
}

fn differed(place: &Evidence) -> String {
    let documented = place.documented.map(|shape| format!("; the page shows [{shape}]")).unwrap_or_default();
    let shapes: Vec<&str> = place.shapes.iter().map(|shape| shape.name()).collect();
    let shapes = format!("[{}] each time", shapes.join("] or ["));
    format!("{} of {} differed, {shapes}{documented}", place.differed, place.compared)
}

fn unchanged(place: &Evidence) -> String {
    let shapes: Vec<&str> = place.shapes.iter().copied().map(Shape::name).collect();
    format!("{} of [{}]", place.compared, shapes.join("] or ["))
}

/// Comments may not have control characters, and nothing in them may look like something else.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if is_dangerous(c) { '\u{fffd}' } else { c }).collect()
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_dangerous(c) => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::pattern::{Pattern, Selector};
    use super::super::reading::ValuePosition;
    use super::*;
    use graph_contracts::source::SourceLine;

    fn evidence(at: ValuePosition, shape: Shape, differed: usize) -> Evidence {
        let (contract, source) = ("v1.0/get-lamp".to_owned(), SourceLine::new("lamp-get.md", 18));
        Evidence { contract, source, at, shapes: BTreeSet::from([shape]), documented: None, differed, compared: 3 }
    }

    fn proposal(name: &str, shape: Shape) -> Proposal {
        let pattern = Pattern::default().member(name);
        let rule = Rule::Body(Selector { head: pattern.0.clone(), tail: None });
        let evidence = vec![evidence(ValuePosition::Body(pattern), shape, 2)];
        Proposal { rule, reason: "A \"reason\".".to_owned(), evidence, unchanged: Vec::new(), unread: 0 }
    }

    /// The rules that a patch adds to a file.
    #[track_caller]
    fn check_entry(proposal: &Proposal, expected: &str) {
        let text = with_rules(DEFAULT_RULES, std::slice::from_ref(proposal));
        assert_eq!(text.strip_prefix(DEFAULT_RULES), Some(expected));
        VolatileRules::parse(VOLATILE_FILE, &text).expect("rules");
    }

    #[test]
    fn a_rule_stands_below_its_evidence() {
        check_entry(
            &proposal("watts", Shape::Int),
            "\n# Proposed by `verify-live --learn`. What differed between two reads:\n\
             #   v1.0/get-lamp (lamp-get.md:18) $.watts: 2 of 3 differed, [int] each time\n\
             [[body]]\npath = \"$.watts\"\nreason = \"A \\\"reason\\\".\"\n",
        );
        let at = ValuePosition::Header("age".to_owned());
        let header = Proposal {
            rule: Rule::Header("age".to_owned(), Some(Shape::Int)),
            evidence: vec![Evidence { documented: Some(Shape::String), ..evidence(at.clone(), Shape::Int, 3) }],
            unchanged: vec![evidence(at, Shape::Int, 0)],
            unread: 2,
            ..proposal("age", Shape::Int)
        };
        check_entry(
            &header,
            "\n# Proposed by `verify-live --learn`. What differed between two reads:\n\
             #   v1.0/get-lamp (lamp-get.md:18) header age: 3 of 3 differed, [int] each time; the page shows [string]\n\
             # What the rule covers too, although it did not differ:\n\
             #   v1.0/get-lamp (lamp-get.md:18) header age: 3 of [int]\n\
             # And 2 documented values of contracts that showed nothing of it.\n\
             [[header]]\nname = \"age\"\nshape = \"int\"\nreason = \"A \\\"reason\\\".\"\n",
        );
    }

    #[test]
    fn names_that_documents_really_have_become_rules_that_can_be_read() {
        for name in ["@odata.etag", "it's", "a\"b", "back\\slash", "tab\t", "line\n", "dir\u{202e}", "ünder", "", "[*]"]
        {
            let text = with_rules("", &[proposal(name, Shape::String)]);
            let rules = VolatileRules::parse(VOLATILE_FILE, &text);
            assert!(rules.is_ok(), "{name:?}: {rules:?}\n{text}");
            assert!(text.contains("Then leave the rule out."), "{text}");
        }
    }

    /// The first lines of the patch that is made in a folder, and the folder in which it applies.
    #[track_caller]
    fn check_name(root: &Path, contracts: &Path, name: &str, elsewhere: Option<&Path>) {
        let patch = Patch::new(root, &contracts.join(VOLATILE_FILE), &[proposal("watts", Shape::Int)])
            .expect("a patch")
            .expect("a change");
        assert!(patch.diff.starts_with(&format!("--- a/{name}\n+++ b/{name}\n@@ ")), "{name}: {}", patch.diff);
        assert_eq!(patch.folder.as_deref(), elsewhere);
    }

    #[test]
    fn a_patch_names_the_file_from_where_it_applies() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path");
        for below in ["contracts", "my contracts", "other"] {
            std::fs::create_dir(root.join(below)).expect("a folder");
            std::fs::write(root.join(below).join(VOLATILE_FILE), DEFAULT_RULES).expect("written");
        }
        let contracts = root.join("contracts");
        check_name(&root, &contracts, "contracts/volatile.toml", None);
        check_name(&root, &root.join("other/../contracts"), "contracts/volatile.toml", None);
        check_name(&root, &root.join("my contracts"), "my contracts/volatile.toml\t", None);
        check_name(&root.join("other"), &contracts, "volatile.toml", Some(&contracts));
        let text = std::fs::read_to_string(contracts.join(VOLATILE_FILE)).expect("readable");
        assert_eq!(text, DEFAULT_RULES, "nothing is applied by itself");
    }

    #[test]
    fn what_cannot_be_added_to_is_refused_and_no_proposal_is_no_patch() {
        let folder = tempfile::tempdir().expect("a folder");
        let patch = |proposals: &[Proposal]| Patch::new(folder.path(), &folder.path().join(VOLATILE_FILE), proposals);
        assert_eq!(patch(&[]).expect("no patch"), None);
        std::fs::write(folder.path().join(VOLATILE_FILE), "body = [{ path = \"$.a\", reason = \"r\" }]\n")
            .expect("written");
        let error = patch(&[proposal("watts", Shape::Int)]).expect_err("an inline array");
        assert!(error.to_string().starts_with("the proposed rules cannot be added"), "{error}");
        Patch::remove(&folder.path().join("none")).expect("nothing to remove");
    }
}
