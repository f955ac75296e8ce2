//! Going through pending snapshots with somebody who decides by keys, one group after another and back again.
//!
//! Keys come from anywhere, and what is said goes anywhere: a terminal, or a test.

use std::io::{self, Write};

use graph_contracts::report::{Block, Line, Terminal, Tone, count};

use super::report::MASKS;
use super::together::{Together, is_harmless, may_accept, show};
use super::{Decision, Entry};

/// Where keys come from.
pub trait Keys {
    /// The next key; `None` if somebody wants to end the review, or there are no more.
    ///
    /// # Errors
    ///
    /// When none can be read.
    fn next(&mut self) -> io::Result<Option<char>>;
}

/// The keys, and what each does.
const HELP: [(char, &str); 11] = [
    ('a', "accept these snapshots"),
    ('r', "reject them"),
    ('s', "skip them: they stay pending"),
    ('b', "go back to the group before, and decide again"),
    ('e', "look at each snapshot of this group by itself"),
    ('l', "list all snapshots of this group"),
    ('h', "accept all that is harmless: no change in it breaks a caller, and nothing is new"),
    ('A', "accept these and all that follow"),
    ('R', "reject these and all that follow"),
    ('q', "quit: the others stay pending"),
    ('?', "show this help"),
];

/// How a decision about an entry is carried out, and noted in it.
pub type CarryOut<'d> = dyn FnMut(&mut Entry<'_>, Decision) + 'd;

/// Asks for a decision on each group, and carries it out at once, so that whatever ends the review loses none. Whoever goes back decides again. An
/// error is one of the terminal.
pub fn dialog<W: Write>(
    entries: &mut [Entry<'_>],
    mut groups: Vec<Together>,
    terminal: &mut Terminal<W>,
    keys: &mut dyn Keys,
    carry_out: &mut CarryOut<'_>,
) -> io::Result<()> {
    let mut at = 0;
    let mut is_shown = false;
    if entries.iter().any(|entry| entry.evidence.is_some()) {
        terminal.block(&[Line::new(Tone::Dim, MASKS)])?;
    }
    while let Some(group) = groups.get(at).cloned() {
        if !std::mem::replace(&mut is_shown, true) {
            group.show(entries, (at + 1, groups.len()), terminal)?;
        }
        terminal.block(&[prompt(&group, entries, at)])?;
        let Some(key) = keys.next()? else { return Ok(()) };
        let decided = match key {
            'a' if accepts(&group, entries) => Some(Decision::Accepted),
            'r' if rejects(&group, entries) => Some(Decision::Rejected),
            's' => Some(Decision::Pending),
            _ => None,
        };
        if let Some(decision) = decided {
            decide(&group.0, entries, decision, terminal, carry_out)?;
            (at, is_shown) = (at + 1, false);
            continue;
        }
        match key {
            'b' if at > 0 => (at, is_shown) = (at - 1, false),
            'e' if group.0.len() > 1 => {
                groups.splice(at..=at, group.0.iter().map(|own| Together(vec![*own])));
                is_shown = false;
            }
            'l' => terminal.blocks(&[group.names(entries)])?,
            'h' if accept_harmless(&groups[at..], entries, terminal, keys, carry_out)? => {
                // What is decided is not asked for again, unless somebody goes back to it.
                at += groups[at..].iter().take_while(|group| is_decided(group, entries)).count();
                is_shown = false;
            }
            'A' | 'R' => {
                let decision = if key == 'A' { Decision::Accepted } else { Decision::Rejected };
                let (this, all) = (at + 1, groups.len());
                // Nothing is accepted that was not shown.
                show(&groups[this..], entries, (this + 1, all), terminal)?;
                let rest: Vec<usize> = groups[at..].iter().flat_map(|group| &group.0).copied().collect();
                return decide(&rest, entries, decision, terminal, carry_out);
            }
            'q' => return Ok(()),
            '?' => terminal
                .block(&HELP.map(|(key, what)| Line::new(Tone::Bold, format!("  {key}")).text(format!("  {what}"))))?,
            _ => {}
        }
    }
    Ok(())
}

/// What can be said of a group.
fn prompt(group: &Together, entries: &[Entry<'_>], at: usize) -> Line {
    let number = if group.0.len() > 1 { format!(" {}", group.0.len()) } else { String::new() };
    let choices = [
        (accepts(group, entries), format!("[a]ccept{number}")),
        (rejects(group, entries), format!("[r]eject{number}")),
        (true, "[s]kip".to_owned()),
        (at > 0, "[b]ack".to_owned()),
        (group.0.len() > 1, "[e]ach".to_owned()),
        (true, "[h]armless".to_owned()),
        (true, "[q]uit".to_owned()),
        (true, "[?] help".to_owned()),
    ];
    let shown: Vec<String> = choices.into_iter().filter(|(is_there, _)| *is_there).map(|(_, text)| text).collect();
    Line::new(Tone::Bold, shown.join("  "))
}

fn accepts(group: &Together, entries: &[Entry<'_>]) -> bool {
    group.0.iter().all(|at| may_accept(&entries[*at]))
}

fn rejects(group: &Together, entries: &[Entry<'_>]) -> bool {
    group.0.iter().all(|at| entries[*at].is_pending_file())
}

fn is_decided(group: &Together, entries: &[Entry<'_>]) -> bool {
    group.0.iter().all(|at| entries[*at].decision != Decision::Pending)
}

/// Carries out a decision about these entries, and says what could not be done.
fn decide<W: Write>(
    positions: &[usize],
    entries: &mut [Entry<'_>],
    decision: Decision,
    terminal: &mut Terminal<W>,
    carry_out: &mut CarryOut<'_>,
) -> io::Result<()> {
    let mut failed = Vec::new();
    for at in positions {
        let entry = &mut entries[*at];
        let before = entry.error.clone();
        carry_out(entry, decision);
        let error = entry.error.as_ref().filter(|error| before.as_ref() != Some(*error));
        failed.extend(error.map(|error| Line::new(Tone::Bad, "error").text(format!(": {error}"))));
    }
    if failed.is_empty() { Ok(()) } else { terminal.blocks(&[Block::new(failed)]) }
}

/// Shows what is harmless of these groups, and accepts it if somebody says yes; whether they did.
fn accept_harmless<W: Write>(
    groups: &[Together],
    entries: &mut [Entry<'_>],
    terminal: &mut Terminal<W>,
    keys: &mut dyn Keys,
    carry_out: &mut CarryOut<'_>,
) -> io::Result<bool> {
    let is_meant = |at: &usize| is_harmless(&entries[*at]) && entries[*at].decision == Decision::Pending;
    let harmless: Vec<usize> = groups.iter().flat_map(|group| &group.0).copied().filter(is_meant).collect();
    if harmless.is_empty() {
        terminal.block(&[Line::plain("nothing that follows is harmless: look at each")])?;
        return Ok(false);
    }
    let lines = harmless.iter().flat_map(|at| {
        let entry = &entries[*at];
        let what = |change: &crate::Change| {
            Line::new(change.effect().tone(), format!("    {}", change.effect())).text(format!("  {}", change.what()))
        };
        std::iter::once(Line::plain(format!("  {}", entry.pending.id))).chain(entry.changes.iter().map(what))
    });
    terminal.blocks(&[Block::new(lines.collect())])?;
    let question = format!("accept {}?  [y]es  [n]o", count(harmless.len(), "snapshot", "snapshots"));
    terminal.block(&[Line::new(Tone::Bold, question)])?;
    let is_meant = keys.next()? == Some('y');
    if is_meant {
        decide(&harmless, entries, Decision::Accepted, terminal, carry_out)?;
    }
    Ok(is_meant)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::review::{Pending, together};
    use crate::{Change, Kind, Place};

    fn entry(id: &str, kind: Kind, subject: &str) -> Entry<'static> {
        let file = PathBuf::from(format!("snapshots/{id}.snap.new"));
        let place = Place { item: id.to_owned(), at: String::new(), spot: None, old: None, new: None };
        let change = Change {
            kind,
            area: "v1.0 lamps".to_owned(),
            subject: subject.to_owned(),
            before: "1".to_owned(),
            after: "2".to_owned(),
            places: vec![place],
            mismatch: None,
        };
        Entry {
            pending: Pending::of(id, &file),
            contract: None,
            request: None,
            request_id: None,
            changes: vec![change],
            reference: graph_contracts::compare::Reference::Snapshot,
            evidence: None,
            is_stale: false,
            problem: None,
            note: None,
            decision: Decision::Pending,
            error: None,
        }
    }

    /// New contracts a, b and g; c and d with one harmless change; e and f with changes of their own, of which that of f breaks a caller.
    fn entries() -> Vec<Entry<'static>> {
        vec![
            entry("a", Kind::NewContract, "a"),
            entry("b", Kind::NewContract, "b"),
            entry("c", Kind::SampleChanged, "$['on']"),
            entry("d", Kind::SampleChanged, "$['on']"),
            entry("e", Kind::SampleChanged, "$['name']"),
            entry("f", Kind::StatusChanged, "status"),
            entry("g", Kind::NewContract, "g"),
        ]
    }

    struct Typed(std::vec::IntoIter<char>);

    impl Keys for Typed {
        fn next(&mut self) -> io::Result<Option<char>> {
            Ok(self.0.next())
        }
    }

    fn without_styles(text: &str) -> String {
        let pieces = text.split('\u{1b}').enumerate();
        pieces
            .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('m').map_or("", |(_, rest)| rest) })
            .collect()
    }

    fn typed(keys: &str, mut entries: Vec<Entry<'_>>) -> (String, String) {
        let groups = together(&entries);
        let mut out = Vec::new();
        let mut terminal = Terminal::new(&mut out, 100);
        let mut keys = Typed(keys.chars().collect::<Vec<_>>().into_iter());
        dialog(&mut entries, groups, &mut terminal, &mut keys, &mut |own, decision| own.decision = decision)
            .expect("written");
        drop(terminal);
        let decided = entries.iter().map(|entry| match entry.decision {
            Decision::Accepted => 'a',
            Decision::Rejected => 'r',
            Decision::Pending => '.',
        });
        let decided = decided.collect();
        (decided, without_styles(&String::from_utf8_lossy(&out)))
    }

    #[track_caller]
    fn check(keys: &str, expected: &str, pieces: &[&str]) {
        let (decided, out) = typed(keys, entries());
        assert_eq!(decided, expected, "{keys}: {out}");
        for piece in pieces {
            assert!(out.contains(piece), "{keys}: {piece:?} should be in {out}");
        }
    }

    #[test]
    fn what_has_one_cause_is_decided_at_once() {
        check("", ".......", &["1/4  3 snapshots of new contracts of v1.0 lamps", "[a]ccept 3", "  g\n"]);
        check("aras", "aarra.a", &["2/4  cosmetic  2 snapshots: ", "[a]ccept 2"]);
        check("aaq", "aaaa..a", &["3/4  e"]);
    }

    #[test]
    fn whoever_goes_back_decides_again() {
        check("abr", "rr....r", &["[b]ack"]);
        check("b", ".......", &[]);
        check("aabsq", "aa....a", &[]);
    }

    #[test]
    fn each_of_a_group_is_looked_at_by_itself() {
        check("earsaq", "araa...", &["1/6  a", "2/6  b", "3/6  g"]);
    }

    #[test]
    fn what_is_harmless_is_shown_and_accepted_after_a_yes() {
        check("hn", ".......", &["  c\n", "  e\n", "accept 3 snapshots?  [y]es  [n]o"]);
        // What is new, and what breaks a caller, is not harmless.
        check("hy", "..aaa..", &["accept 3 snapshots?"]);
        check("shya", "..aaaa.", &["4/4  f"]);
        check("ssshq", ".......", &["nothing that follows is harmless"]);
    }

    #[test]
    fn all_that_follows_is_shown_before_it_is_decided() {
        check("sA", "..aaaa.", &["3/4  e", "4/4  f"]);
        check("aR", "aarrrra", &["4/4  f"]);
    }

    #[test]
    fn help_names_each_key_and_a_list_each_snapshot() {
        let (_, out) = typed("?l", entries());
        for (key, what) in HELP {
            assert!(out.contains(&format!("  {key}  {what}\n")), "{out}");
        }
        assert_eq!(out.matches("\n  g\n").count(), 2, "{out}");
    }

    #[test]
    fn what_cannot_be_accepted_is_only_rejected_or_skipped() {
        let mut entries = entries();
        entries.truncate(2);
        entries[0].problem = Some("it is stale".to_owned());
        let (decided, out) = typed("aras", entries);
        assert_eq!(decided, "ra", "{out}");
    }
}
