//! A snapshot file as insta reads and writes it.
//!
//! insta reads its own files. What others may have put into one is looked at before: insta panics at some metadata (the extension
//! of a binary snapshot may not be a path), and prints what it finds odd.

use std::io::{self, Write as _};

use insta::Snapshot;
use insta::internals::Content;

/// What a snapshot file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct InstaFile {
    /// The content, without the metadata.
    pub(super) content: String,
    /// On which line of the file the content begins, counted from 1.
    pub(super) first_line: usize,
    /// What the snapshot is of, in words.
    pub(super) description: Option<String>,
    /// The request of a live run: method and URL template.
    pub(super) request: Option<String>,
    /// The service's id of that request.
    pub(super) request_id: Option<String>,
}

/// The metadata that insta and live runs write for a text.
const KEYS: [&str; 7] =
    ["source", "assertion_line", "description", "expression", "info", "input_file", "snapshot_kind"];

/// Reads a file's text.
///
/// # Errors
///
/// When it is no snapshot of a text; the message says why.
pub(super) fn read(text: &str) -> Result<InstaFile, String> {
    let first_line = check_metadata(text)?;
    let snapshot = snapshot(text)?;
    let content = snapshot.as_text().ok_or("it holds no text")?.to_string();
    let metadata = snapshot.metadata();
    let info = |name: &str| match metadata.private_info()?.resolve_inner() {
        Content::Map(entries) => {
            let value = entries.iter().find(|(key, _)| key.as_str() == Some(name))?;
            value.1.as_str().map(str::to_owned)
        }
        _ => None,
    };
    Ok(InstaFile {
        content,
        first_line,
        description: metadata.description().map(str::to_owned),
        request: info("request"),
        request_id: info("request_id"),
    })
}

/// The text of the file that `cargo insta accept` makes of a pending one.
///
/// # Errors
///
/// When the pending file is no snapshot of a text; the message says why.
pub(super) fn accepted(text: &str) -> Result<String, String> {
    check_metadata(text)?;
    let snapshot = snapshot(text)?;
    let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    snapshot.save(file.path()).map_err(|error| error.to_string())?;
    std::fs::read_to_string(file.path()).map_err(|error| error.to_string())
}

/// insta only reads files: this one holds the text that was looked at, whatever becomes of the original meanwhile.
fn snapshot(text: &str) -> Result<Snapshot, String> {
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

/// Looks at the metadata of a snapshot file, and says on which line the content begins.
fn check_metadata(text: &str) -> Result<usize, String> {
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, line)| line.trim_end() != "---") {
        return Err("it does not begin with `---`, as insta's files do".to_owned());
    }
    for (index, line) in lines {
        if line.trim_end() == "---" {
            return Ok(index + 2);
        }
        let is_nested = line.is_empty() || line.starts_with([' ', '\t']);
        let key = line.split_once(':').map_or(line, |(key, _)| key);
        if !is_nested && !KEYS.contains(&key) {
            return Err(format!("line {} is none of insta's metadata for a text", index + 1));
        }
        if key == "snapshot_kind" && line.trim_end() != "snapshot_kind: text" {
            return Err("it is no snapshot of a text".to_owned());
        }
    }
    Err("its metadata does not end with `---`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, why: &str) {
        let error = read(text).expect_err(text);
        assert!(error.contains(why), "{why:?} should be in {error:?}");
        assert!(accepted(text).is_err(), "{text}");
    }

    #[test]
    fn a_pending_file_loses_its_line_when_it_is_accepted() {
        let text = "---\nsource: tests/contracts.rs\nassertion_line: 43\ndescription: \"A: b\"\ninfo:\n  contract: v1.0/a\n  \
            request: \"GET /a\"\n  request_id: r-1\n---\nGET /a\n\nHTTP 204\n";
        let file = read(text).expect("a file");
        assert_eq!((file.content.trim_end(), file.first_line), ("GET /a\n\nHTTP 204", 10));
        assert_eq!(file.description.as_deref(), Some("A: b"));
        assert_eq!((file.request.as_deref(), file.request_id.as_deref()), (Some("GET /a"), Some("r-1")));
        let accepted = accepted(text).expect("accepted");
        assert!(!accepted.contains("assertion_line") && accepted.ends_with("---\nGET /a\n\nHTTP 204\n"), "{accepted}");
        assert_eq!(read(&accepted).expect("a file").request_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn lines_of_the_content_may_look_like_its_end() {
        let text = "---\nsource: a\n---\n| ---\n---\n";
        assert_eq!(read(text).expect("a file").content.trim_end(), "| ---\n---");
    }

    #[test]
    fn what_insta_would_stumble_over_is_refused() {
        check_refused("", "begin with `---`");
        check_refused("source: a\n\nGET /a\n", "begin with `---`");
        check_refused("---\nsource: a\nGET /a\n", "line 3");
        check_refused("---\nsource: a\n", "does not end");
        check_refused("---\nextension: ../../x/y\nsnapshot_kind: binary\n---\n", "line 2");
        check_refused("---\nsource: a\nsnapshot_kind: binary\n---\n", "no snapshot of a text");
        check_refused("---\n{snapshot_kind: binary, extension: a/b}\n---\n", "line 2");
        check_refused("---\ndescription: \"open\n---\nx\n", "insta cannot read");
        check_refused(&format!("---\ninfo: {}\n---\nx\n", "[".repeat(200_000)), "insta cannot read");
    }
}
