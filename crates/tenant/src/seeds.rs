//! What the tenant has before any client has asked: objects from a file.
//!
//! The file is a JSON object of paths below the version. The path of a collection has an array of objects, that of an object or of a resource
//! without a key an object. Where objects are linked, and not contained, an object with nothing but the `id` (or `@odata.id`) of one that is
//! there is a link to it.
//!
//! ```json
//! {
//!   "/users": [{ "id": "ann", "displayName": "Ann" }],
//!   "/groups": [{ "id": "team", "displayName": "Team" }],
//!   "/groups/team/members": [{ "id": "ann" }]
//! }
//! ```

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path as FilePath;

use graph_contracts::json::{Json, Parsed, Path, parse};
use graph_contracts::source::SourceLine;

/// Objects for a tenant.
#[derive(Clone, Debug)]
pub struct Seeds {
    /// What contains others comes before them.
    pub(super) entries: Vec<Entry>,
    name: String,
    text: String,
    parsed: Parsed,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) value: Json,
}

/// What is wrong with seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    /// Where it is; `None` if the file cannot be read.
    pub at: Option<SourceLine>,
    /// The JSON path.
    pub path: Option<Path>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = &self.at {
            write!(f, "{at}: ")?;
        }
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SeedError {}

impl Seeds {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not as described above.
    pub fn read(file: &FilePath) -> Result<Seeds, SeedError> {
        let name = file.display().to_string();
        let unreadable = |error| SeedError { at: None, path: None, message: format!("cannot read {name}: {error}") };
        let text = std::fs::read_to_string(file).map_err(unreadable)?;
        Seeds::parse(&name, &text)
    }

    /// Reads a text; `name` stands in errors.
    ///
    /// # Errors
    ///
    /// When it is not as described above.
    pub fn parse(name: &str, text: &str) -> Result<Seeds, SeedError> {
        let parsed = parse(text).map_err(|error| {
            let at = SourceLine { column: Some(error.column), ..SourceLine::new(name, error.line) };
            SeedError { at: Some(at), path: None, message: error.message.clone() }
        })?;
        let mut seeds = Seeds { entries: Vec::new(), name: name.to_owned(), text: text.to_owned(), parsed };
        let Json::Object(members) = &seeds.parsed.json else {
            return Err(seeds.error(
                Path::root(),
                "seeds are an object of paths, such as {\"/users\": [{\"id\": \"1\"}]}".to_owned(),
            ));
        };
        let (mut entries, mut seen) = (Vec::new(), BTreeSet::new());
        for member in members {
            let at = Path::root().member(&member.name);
            if member.name.contains(['{', '<']) {
                let message = "the path has a parameter; write the key of an object instead".to_owned();
                return Err(seeds.error(at, message));
            }
            if !seen.insert(member.name.as_str()) {
                return Err(seeds.error(at, "the path occurs twice; put all of its objects into one array".to_owned()));
            }
            entries.push(Entry { path: member.name.clone(), value: member.value.clone() });
        }
        // What objects contain comes behind them.
        entries.sort_by_key(|entry| entry.path.matches('/').count());
        seeds.entries = entries;
        Ok(seeds)
    }

    /// An error at a JSON path.
    pub(super) fn error(&self, path: Path, message: String) -> SeedError {
        let line =
            self.parsed.offset_of(&path).map(|offset| SourceLine::in_text(self.name.as_str(), &self.text, offset));
        SeedError { at: line, path: Some(path), message }
    }
}
