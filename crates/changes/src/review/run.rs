//! Doing what was decided about pending snapshots.

use super::entry::{Decision, Entry};
use super::pending::Action;

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

/// Does what was decided about each entry; what cannot be done stays pending, and says why.
pub fn review(mut entries: Vec<Entry<'_>>) -> Review<'_> {
    for entry in &mut entries {
        let decision = std::mem::replace(&mut entry.decision, Decision::Pending);
        carry_out(entry, decision);
    }
    Review { entries }
}

/// Does at once what was decided about an entry, and first takes back what was done for another decision.
pub fn decide(entry: &mut Entry<'_>, decision: Decision) {
    if entry.decision == decision {
        return;
    }
    if entry.decision != Decision::Pending {
        if let Err(error) = entry.pending.undo() {
            entry.error = Some(error.to_string());
            return;
        }
        entry.decision = Decision::Pending;
    }
    carry_out(entry, decision);
}

fn carry_out(entry: &mut Entry<'_>, decision: Decision) {
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
            entry.pending.note_done();
            // A file that could not be read may still be rejected.
            entry.error = entry.error.take().filter(|_| decision == Decision::Pending);
        }
        Err(error) => entry.error = Some(error.to_string()),
    }
}
