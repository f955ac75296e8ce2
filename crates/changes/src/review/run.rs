//! Going through pending snapshots, with somebody who decides.

use serde::Serialize;

use super::entry::Entry;

/// What somebody says of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is to become of it.
    pub decision: Decision,
    /// Whether that is said of all that follow, too.
    pub for_all: bool,
}

/// What became of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It is accepted.
    Accepted,
    /// It is rejected.
    Rejected,
    /// It is still pending.
    Pending,
}

/// A pending snapshot that was gone through.
#[derive(Clone, Debug)]
pub struct Reviewed<'c> {
    /// The snapshot.
    pub entry: Entry<'c>,
    /// What became of it.
    pub decision: Decision,
    /// Why it could not be done what was decided.
    pub error: Option<String>,
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review<'c> {
    /// All that was pending and asked for.
    pub reviewed: Vec<Reviewed<'c>>,
}

impl Review<'_> {
    /// How many snapshots have come to that.
    pub fn count(&self, decision: Decision) -> usize {
        self.reviewed.iter().filter(|reviewed| reviewed.decision == decision).count()
    }

    /// 0 if nothing is pending, 1 if something is, 2 if something failed.
    pub fn exit_code(&self) -> u8 {
        if self.reviewed.iter().any(|reviewed| reviewed.error.is_some()) {
            return 2;
        }
        u8::from(self.count(Decision::Pending) > 0)
    }
}

/// Goes through pending snapshots. `ask` is shown each with its position and their number, until it answers for all that follow.
///
/// # Errors
///
/// Those of `ask`. What was decided until then is done.
pub fn review<'c, E>(
    entries: Vec<Entry<'c>>,
    mut ask: impl FnMut(&Entry<'c>, usize, usize) -> Result<Answer, E>,
) -> Result<Review<'c>, E> {
    let all = entries.len();
    let mut for_all = None;
    let mut reviewed = Vec::with_capacity(all);
    for (index, entry) in entries.into_iter().enumerate() {
        let answer = match for_all {
            Some(answer) => answer,
            None => ask(&entry, index + 1, all)?,
        };
        for_all = Some(answer).filter(|answer| answer.for_all);
        reviewed.push(decide(entry, answer.decision));
    }
    Ok(Review { reviewed })
}

fn decide(entry: Entry<'_>, decision: Decision) -> Reviewed<'_> {
    let done = match decision {
        // The entry says why; somebody has to reject it.
        Decision::Accepted if entry.problem.is_some() => {
            return Reviewed { entry, decision: Decision::Pending, error: None };
        }
        Decision::Accepted => entry.pending.accept(),
        Decision::Rejected => entry.pending.reject(),
        Decision::Pending => Ok(()),
    };
    match done {
        Ok(()) => Reviewed { entry, decision, error: None },
        Err(error) => Reviewed { entry, decision: Decision::Pending, error: Some(error.to_string()) },
    }
}
