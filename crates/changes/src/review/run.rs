//! Going through pending snapshots, with somebody who decides.

use serde::Serialize;

use super::entry::Entry;

/// What somebody says of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accept it.
    Accept,
    /// Reject it.
    Reject,
    /// Leave it for later.
    Skip,
    /// Accept it, and all that follow.
    AcceptAll,
    /// Reject it, and all that follow.
    RejectAll,
    /// Leave it and all that follow.
    Quit,
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
        if matches!(answer, Answer::AcceptAll | Answer::RejectAll | Answer::Quit) {
            for_all = Some(answer);
        }
        reviewed.push(decide(entry, answer));
    }
    Ok(Review { reviewed })
}

fn decide<'c>(entry: Entry<'c>, answer: Answer) -> Reviewed<'c> {
    let (done, decision) = match answer {
        // The entry says why; somebody has to reject it.
        Answer::Accept | Answer::AcceptAll if entry.problem.is_some() => (Ok(()), Decision::Pending),
        Answer::Accept | Answer::AcceptAll => (entry.pending.accept(), Decision::Accepted),
        Answer::Reject | Answer::RejectAll => (entry.pending.reject(), Decision::Rejected),
        Answer::Skip | Answer::Quit => (Ok(()), Decision::Pending),
    };
    match done {
        Ok(()) => Reviewed { entry, decision, error: None },
        Err(error) => Reviewed { entry, decision: Decision::Pending, error: Some(error.to_string()) },
    }
}
