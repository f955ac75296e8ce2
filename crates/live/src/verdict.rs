//! What a live response is beside the documentation, and beside the drift that was accepted before.

use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;

use super::drift::Drift;
use graph_contracts::snapshot::{
    InstaFile, OnRoute, RouteForms, SnapshotError, content_line, info, read_file, snapshot_path,
};

/// What a live response is, beside the documentation and what was last accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As documented, and nothing else was accepted.
    Matched,
    /// As documented, although a drift was accepted: that drift is over.
    Healed,
    /// As was accepted.
    KnownDrift,
    /// Neither.
    Drifted,
}

/// An accepted drift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The forms that were accepted.
    pub forms: RouteForms,
    /// Since when it has been known, if the file still says so.
    pub since: Option<Date>,
    /// What the file says of itself.
    file: InstaFile,
}

impl Accepted {
    /// What drifts on a route, if the file says it.
    pub(super) fn signature(&self, route: &str) -> Option<&str> {
        let own = match &self.forms {
            RouteForms::Same(_) => self.file.info(info::DRIFT),
            RouteForms::Differing(_) => self.file.info(&drift_on(route)),
        };
        own.filter(|own| !own.is_empty())
    }
}

/// The name under which a snapshot says what drifts on a route, where routes differ.
pub(super) fn drift_on(route: &str) -> String {
    format!("{} {route}", info::DRIFT)
}

/// The verdict on a response on a route: how it drifts, if it does, beside the drift that was accepted, if one was.
pub fn verdict(route: &str, drift: Option<&Drift>, accepted: Option<&Accepted>) -> Verdict {
    let before = accepted.map_or(OnRoute::Unknown, |accepted| accepted.forms.on(route));
    match (drift, before) {
        (None, OnRoute::Unknown | OnRoute::AsDocumented) => Verdict::Matched,
        (None, OnRoute::Form(_)) => Verdict::Healed,
        (Some(now), OnRoute::Form(form)) => {
            let is_same = now.form == *form
                || accepted.and_then(|accepted| accepted.signature(route)) == Some(now.signature.as_str());
            if is_same { Verdict::KnownDrift } else { Verdict::Drifted }
        }
        (Some(_), OnRoute::Unknown | OnRoute::AsDocumented) => Verdict::Drifted,
    }
}

/// The drift that was accepted for a contract; `None` if none was, or if it was accepted that it is over.
///
/// # Errors
///
/// When the file is there but cannot be read.
pub fn accepted(folder: &Path, id: &str) -> Result<Option<Accepted>, SnapshotError> {
    let path = snapshot_path(folder, id);
    let Some(file) = read_file(&path)?.filter(|file| !file.is_healed()) else { return Ok(None) };
    let forms = RouteForms::parse(&file.content).map_err(|error| {
        let first = content_line(&graph_contracts::file::read_text(&path).unwrap_or_default());
        SnapshotError::Invalid { line: first + error.line - 1, message: error.message, path }
    })?;
    let description = file.description.as_deref().unwrap_or_default();
    let since = description.strip_prefix(SINCE).and_then(|rest| rest.get(..10)).and_then(|day| day.parse().ok());
    Ok(Some(Accepted { forms, since, file }))
}

/// How the description of a drift begins, before the day.
pub(super) const SINCE: &str = "drift since ";
