//! Which of some names somebody may have meant.

/// How alike two names must be to be taken for each other; 1 is the same.
const ALIKE: f64 = 0.7;

/// The names that are most like a given one, the most alike first, at most three.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let lower = name.to_lowercase();
    let counts = Counts::of(name);
    let mut rated: Vec<(f64, &str)> = names
        .into_iter()
        .filter(|other| is_within(counts.length.abs_diff(other.chars().count()), counts.length, other.len()))
        .filter(|other| counts.may_be_alike(&Counts::of(other)))
        .map(|other| (strsim::normalized_damerau_levenshtein(&lower, &other.to_lowercase()), other))
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect();
    rated.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    rated.dedup();
    rated.into_iter().take(3).map(|(_, name)| name).collect()
}

/// How often each letter stands in a name, whatever its case: without comparing them letter by letter, that tells most names apart.
struct Counts {
    letters: [u16; 32],
    length: usize,
}

impl Counts {
    fn of(name: &str) -> Counts {
        let mut letters = [0_u16; 32];
        let mut length = 0;
        for c in name.chars().flat_map(char::to_lowercase) {
            let count = &mut letters[(u32::from(c) % 32) as usize];
            *count = count.saturating_add(1);
            length += 1;
        }
        Counts { letters, length }
    }

    /// Whether so few letters differ that the names may be alike: each step from one to the other takes away or adds one at most.
    fn may_be_alike(&self, other: &Counts) -> bool {
        let beyond = |one: &Counts, other: &Counts| -> usize {
            one.letters.iter().zip(&other.letters).map(|(one, other)| usize::from(one.saturating_sub(*other))).sum()
        };
        is_within(beyond(self, other).max(beyond(other, self)), self.length, other.length)
    }
}

/// Whether names of these lengths that are so many steps apart may be alike.
fn is_within(steps: usize, one: usize, other: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "the lengths of names are small")]
    let (steps, length) = (steps as f64, one.max(other) as f64);
    steps <= (1.0 - ALIKE) * length + f64::EPSILON * length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_over_unseen_is_not_alike() {
        let names = [
            "messages",
            "mailFolders",
            "message",
            "egassem",
            "Ümläut",
            "x",
            "",
            "mesages",
            "displayName",
            "nameDisplay",
        ];
        for one in names {
            for other in names {
                let is_alike =
                    strsim::normalized_damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase()) >= ALIKE;
                assert!(!is_alike || Counts::of(one).may_be_alike(&Counts::of(other)), "{one} {other}");
                assert_eq!(is_alike, nearest(one, [other]) == [other], "{one} {other}");
            }
        }
    }

    #[test]
    fn the_most_alike_come_first_and_others_not_at_all() {
        let names = ["messages", "mailFolders", "message", "events"];
        assert_eq!(nearest("mesages", names), ["messages", "message"]);
        assert_eq!(nearest("MailFolder", names), ["mailFolders"]);
        assert!(nearest("x", names).is_empty());
    }
}
