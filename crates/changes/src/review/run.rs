//! Going through pending snapshots, with somebody who decides.

use super::entry::{Decision, Entry};
use super::pending::Action;

/// What somebody says of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is to become of it.
    pub decision: Decision,
    /// Whether that is said of all that follow, too.
    pub for_all: bool,
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review<'c> {
    /// All that was pending and asked for.
    pub entries: Vec<Entry<'c>>,
}

impl Review<'_> {
    /// How many snapshots have come to that.
    pub fn count(&self, decision: Decision) -> usize {
        self.entries.iter().filter(|entry| entry.decision == decision).count()
    }

    /// 0 if nothing is pending, 1 if something is, 2 if something failed.
    pub fn exit_code(&self) -> u8 {
        if self.entries.iter().any(|entry| entry.error.is_some()) {
            return 2;
        }
        u8::from(self.count(Decision::Pending) > 0)
    }
}

/// Goes through pending snapshots. `ask` is shown each with its position and their number, and with the answer for all that follow if
/// there was one: nothing is accepted that was not shown.
///
/// # Errors
///
/// Those of `ask`. What was decided until then is done.
pub fn review<'c, E>(
    mut entries: Vec<Entry<'c>>,
    mut ask: impl FnMut(&Entry<'c>, (usize, usize), Option<Answer>) -> Result<Answer, E>,
) -> Result<Review<'c>, E> {
    let all = entries.len();
    let mut for_all = None;
    for (index, entry) in entries.iter_mut().enumerate() {
        let answer = ask(entry, (index + 1, all), for_all)?;
        for_all = Some(answer).filter(|answer| answer.for_all);
        decide(entry, answer.decision);
    }
    Ok(Review { entries })
}

fn decide(entry: &mut Entry<'_>, decision: Decision) {
    let done = match decision {
        // The entry says why; somebody has to reject it.
        Decision::Accepted if entry.problem.is_some() || entry.error.is_some() => return,
        Decision::Accepted => entry.pending.accept(),
        // What was accepted stays, and is asked for again.
        Decision::Rejected if matches!(entry.pending.action, Action::Move | Action::Remove) => return,
        Decision::Rejected => entry.pending.reject(),
        Decision::Pending => Ok(()),
    };
    match done {
        Ok(()) => {
            entry.decision = decision;
            // A file that could not be read may still be rejected.
            entry.error = entry.error.take().filter(|_| decision == Decision::Pending);
        }
        Err(error) => entry.error = Some(error.to_string()),
    }
}
