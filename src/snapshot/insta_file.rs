//! A snapshot file as insta reads and writes it.
//!
//! insta reads its own files. What others may have put into one is looked at before: insta panics at some metadata (the extension
//! of a binary snapshot may not be a path), and prints what it finds odd.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write as _};

use insta::Snapshot;
use insta::internals::Content;

use super::declared_info::declared_in;
use crate::file::conflict_line;
use crate::normal::{Declarations, is_dangerous};

/// The names of what `info` says in the snapshots of live runs. insta keeps it when a file is accepted; when it writes the file anew, the
/// harness repeats it.
pub mod info {
    /// The contract's id.
    pub const CONTRACT: &str = "contract";
    /// The request: method and URL template.
    pub const REQUEST: &str = "request";
    /// The service's id of that request.
    pub const REQUEST_ID: &str = "request_id";
    /// The digest of what the contract documented.
    pub const DOCUMENTED: &str = "documented";
    /// What drifts, a line each; with a blank and a route behind it, what drifts there.
    pub const DRIFT: &str = "drift";
    /// [`HEALED`], where nothing drifts any more.
    pub const OUTCOME: &str = "outcome";
    /// The service answers as documented again.
    pub const HEALED: &str = "healed";
}

/// What a snapshot file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstaFile {
    /// The content, without the metadata.
    pub content: String,
    /// What the snapshot is of, in words.
    pub description: Option<String>,
    /// What else it says of itself, by the names in [`info`].
    pub info: BTreeMap<String, String>,
    /// What the contract declared; `None` of a file that does not say it.
    pub declared: Option<Declarations>,
}

/// The metadata that insta and live runs write for a text.
const KEYS: [&str; 7] =
    ["source", "assertion_line", "description", "expression", "info", "input_file", "snapshot_kind"];

impl InstaFile {
    /// Reads a file's text.
    ///
    /// # Errors
    ///
    /// When it is not a snapshot of a text; the message says why.
    pub fn parse(text: &str) -> Result<InstaFile, String> {
        InstaFile::of(&read_text(text)?).ok_or_else(|| "it holds no text".to_owned())
    }

    /// The text of the file that `cargo insta accept` makes of a pending one.
    ///
    /// # Errors
    ///
    /// When the pending file is not a snapshot of a text; the message says why.
    pub fn accepted(text: &str) -> Result<String, String> {
        let snapshot = read_text(text)?;
        let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        snapshot.save(file.path()).map_err(|error| error.to_string())?;
        std::fs::read_to_string(file.path()).map_err(|error| error.to_string())
    }

    /// What insta has read; `None` if it is not text.
    pub(crate) fn of(snapshot: &Snapshot) -> Option<InstaFile> {
        let metadata = snapshot.metadata();
        let info = match metadata.private_info().map(Content::resolve_inner) {
            Some(Content::Map(entries)) => {
                let texts = entries.iter().filter_map(|(key, value)| Some((key.as_str()?, value.as_str()?)));
                texts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
            }
            _ => BTreeMap::new(),
        };
        Some(InstaFile {
            content: snapshot.as_text()?.to_string(),
            description: metadata.description().map(str::to_owned),
            info,
            declared: metadata.private_info().and_then(declared_in),
        })
    }

    /// What it says of itself under a name in [`info`].
    pub fn info(&self, name: &str) -> Option<&str> {
        self.info.get(name).map(String::as_str)
    }

    /// Whether it says that the service answers as documented again.
    pub fn is_healed(&self) -> bool {
        self.info(info::OUTCOME) == Some(info::HEALED)
    }
}

/// The text of a pending file. `source` is the page, and `info` says more of what the snapshot is of.
pub fn pending_text(source: &str, description: &str, info: &[(&str, &str)], form: &impl Display) -> String {
    let mut lines = String::new();
    for (name, value) in info {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let name = if is_plain { (*name).to_owned() } else { quoted(name) };
        lines.push_str(&format!("\n  {name}: {}", quoted(value)));
    }
    file_text(source, description, &lines, form)
}

/// The text of a file, whose `info` is YAML.
pub(super) fn file_text(source: &str, description: &str, info: &str, form: &impl Display) -> String {
    let (source, description) = (quoted(source), quoted(description));
    format!("---\nsource: {source}\ndescription: {description}\ninfo: {info}\n---\n{form}")
}

/// A text as YAML: JSON strings are YAML strings (YAML 1.2 section 1.3), but for some control characters.
fn quoted(text: &str) -> String {
    let printable = |c: char| if is_dangerous(c) && c != '\n' { '\u{fffd}' } else { c };
    serde_json::Value::from(text.chars().map(printable).collect::<String>()).to_string()
}

/// On which line of a file's text the content begins, counted from 1: after the metadata, with `---` before and after it.
pub fn content_line(text: &str) -> usize {
    let second = text.lines().enumerate().filter(|(_, line)| line.trim_end() == "---").nth(1);
    second.map_or(1, |(index, _)| index + 2)
}

/// insta only reads files: this one holds the text that was looked at, whatever becomes of the original meanwhile.
pub(super) fn read_text(text: &str) -> Result<Snapshot, String> {
    check_metadata(text)?;
    let file = || -> io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::Builder::new().suffix(".snap").tempfile()?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok(file)
    };
    let file = file().map_err(|error| error.to_string())?;
    // insta names the file in its message, which is a temporary one.
    Snapshot::from_file(file.path()).map_err(|_| "insta cannot read its metadata".to_owned())
}

/// Looks at the metadata of a snapshot file.
fn check_metadata(text: &str) -> Result<(), String> {
    if let Some(line) = conflict_line(text.as_bytes()) {
        return Err(format!("line {line} is Git's marker of a conflict that is not resolved; resolve it first"));
    }
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, line)| line.trim_end() != "---") {
        return Err("it does not begin with `---`, as insta's files do".to_owned());
    }
    for (index, line) in lines {
        if line.trim_end() == "---" {
            return Ok(());
        }
        let is_nested = line.is_empty() || line.starts_with([' ', '\t']);
        let key = line.split_once(':').map_or(line, |(key, _)| key);
        if !is_nested && !KEYS.contains(&key) {
            return Err(format!("line {} is not part of insta's metadata for a text", index + 1));
        }
        if key == "snapshot_kind" && line.trim_end() != "snapshot_kind: text" {
            return Err("it is not a snapshot of a text".to_owned());
        }
    }
    Err("its metadata does not end with `---`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, why: &str) {
        let error = InstaFile::parse(text).expect_err(text);
        assert!(error.contains(why), "{why:?} should be in {error:?}");
        assert!(InstaFile::accepted(text).is_err(), "{text}");
    }

    #[test]
    fn a_pending_file_loses_its_line_when_it_is_accepted() {
        let text = "---\nsource: tests/contracts.rs\nassertion_line: 43\ndescription: \"A: b\"\ninfo:\n  contract: v1.0/a\n  \
            request: \"GET /a\"\n  request_id: r-1\n---\nGET /a\n\nHTTP 204\n";
        let file = InstaFile::parse(text).expect("a file");
        assert_eq!((file.content.trim_end(), content_line(text)), ("GET /a\n\nHTTP 204", 10));
        assert_eq!(file.description.as_deref(), Some("A: b"));
        assert_eq!((file.info(info::REQUEST), file.info(info::REQUEST_ID)), (Some("GET /a"), Some("r-1")));
        let accepted = InstaFile::accepted(text).expect("accepted");
        assert!(!accepted.contains("assertion_line") && accepted.ends_with("---\nGET /a\n\nHTTP 204\n"), "{accepted}");
        assert_eq!(InstaFile::parse(&accepted).expect("a file").info(info::REQUEST_ID), Some("r-1"));
    }

    #[test]
    fn lines_of_the_content_may_look_like_its_end() {
        let text = "---\nsource: a\n---\n| ---\n---\n";
        assert_eq!(InstaFile::parse(text).expect("a file").content.trim_end(), "| ---\n---");
    }

    #[test]
    fn what_insta_would_stumble_over_is_refused() {
        check_refused("", "begin with `---`");
        check_refused(
            "---\nsource: a\n---\n<<<<<<< HEAD\nGET /a\n=======\nGET /b\n>>>>>>> other\n",
            "line 4 is Git's marker",
        );
        check_refused("source: a\n\nGET /a\n", "begin with `---`");
        check_refused("---\nsource: a\nGET /a\n", "line 3");
        check_refused("---\nsource: a\n", "does not end");
        check_refused("---\nextension: ../../x/y\nsnapshot_kind: binary\n---\n", "line 2");
        check_refused("---\nsource: a\nsnapshot_kind: binary\n---\n", "not a snapshot of a text");
        check_refused("---\n{snapshot_kind: binary, extension: a/b}\n---\n", "line 2");
        check_refused("---\ndescription: \"open\n---\nx\n", "insta cannot read");
        check_refused(&format!("---\ninfo: {}\n---\nx\n", "[".repeat(200_000)), "insta cannot read");
    }
}
