//! Earlier results, for the trend: the `results.json` files below a folder.

use std::io;
use std::path::{Path, PathBuf};

use graph_contracts::file;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use walkdir::WalkDir;

/// What became of one earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When it began.
    pub at: Timestamp,
    /// How many held.
    pub held: usize,
    /// Of how many that were asked.
    pub asked: usize,
}

/// The earlier runs of one command, by time, and the files that cannot be read as report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The runs.
    pub points: Vec<Point>,
    /// Files that are not results, each with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// What the trend needs of a `results.json`.
#[derive(Deserialize)]
struct Earlier {
    command: String,
    at: Timestamp,
    #[serde(flatten)]
    numbers: Numbers,
}

/// Each command has some of these.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Numbers {
    routes: usize,
    contracts: usize,
    pages: usize,
    matched: usize,
    known_drift: usize,
    skipped: Value,
    clean: usize,
    proved: usize,
    confirmed: usize,
    accepted: usize,
    unknown: usize,
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Reads the results of a command below a folder.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn history(folder: &Path, command: &str) -> io::Result<History> {
    let mut history = History::default();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry =
            entry.map_err(|error| error.into_io_error().unwrap_or_else(|| io::Error::other("a loop of links")))?;
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        match read(path) {
            Ok(earlier) if earlier.command == command => history.points.push(earlier.point()),
            // Results of another command.
            Ok(_) => {}
            Err(why) => history.unreadable.push((path.to_owned(), why)),
        }
    }
    history.points.sort_by_key(|point| point.at);
    Ok(history)
}

fn read(path: &Path) -> Result<Earlier, String> {
    let length = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LARGEST {
        return Err(format!("larger than {} MB", LARGEST >> 20));
    }
    let text = file::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

impl Earlier {
    fn point(&self) -> Point {
        let Earlier { command, at, numbers } = self;
        let skipped = match &numbers.skipped {
            Value::Object(reasons) => reasons.values().filter_map(Value::as_u64).map(|count| count as usize).sum(),
            _ => numbers.unknown,
        };
        let (held, all) = match command.as_str() {
            "lint" => (numbers.clean, numbers.pages),
            "prove" => (numbers.proved, numbers.contracts),
            "check-metadata" => (numbers.confirmed + numbers.accepted, numbers.routes),
            _ => (numbers.matched + numbers.known_drift, numbers.routes),
        };
        Point { at: *at, held, asked: all.saturating_sub(skipped) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_one_command_are_read_by_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        write("b.json", r#"{"command": "replay", "at": "2026-01-02T00:00:00Z", "routes": 6, "matched": 5}"#);
        write(
            "a.json",
            r#"{"command": "verify-live", "at": "2026-01-03T00:00:00Z", "routes": 6, "matched": 2, "known_drift": 1,
                "skipped": {"writes": 2}}"#,
        );
        write("c.json", r#"{"command": "replay", "at": "2026-01-01T00:00:00Z", "routes": 6, "matched": 6}"#);
        write(
            "f.json",
            r#"{"command": "check-metadata", "at": "2026-01-04T00:00:00Z", "routes": 9, "confirmed": 4, "accepted": 1,
                "unknown": 3}"#,
        );
        write("d.json", "{}");
        write("e.txt", "");
        let history = |command| history(folder.path(), command).expect("readable");
        let points =
            |command| history(command).points.iter().map(|point| (point.held, point.asked)).collect::<Vec<_>>();
        assert_eq!(points("replay"), [(6, 6), (5, 6)]);
        assert_eq!(points("verify-live"), [(3, 4)]);
        assert_eq!(points("check-metadata"), [(5, 6)]);
        assert_eq!(history("replay").unreadable.len(), 1);
    }
}
