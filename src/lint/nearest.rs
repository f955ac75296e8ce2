//! The name that another one is probably meant to be.

/// The only one of some names that differs from a name by a letter or two, whatever the case; nothing where several are as near. Of more names than
/// [`MOST`], the first are looked at.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let own = name.to_lowercase();
    if !(SHORTEST..=LONGEST).contains(&own.len()) {
        return None;
    }
    let most = if own.len() < 8 { 1 } else { 2 };
    let near = names.take(MOST).filter(|other| other.len().abs_diff(own.len()) <= most).filter_map(|other| {
        let distance = strsim::osa_distance(&own, &other.to_lowercase());
        (1..=most).contains(&distance).then_some((distance, other))
    });
    let near: Vec<(usize, &str)> = near.collect();
    let least = near.iter().map(|(distance, _)| *distance).min()?;
    let mut least = near.into_iter().filter(|(distance, _)| *distance == least).map(|(_, other)| other);
    least.next().filter(|first| least.all(|other| other == *first))
}

/// How long a name is, and which letters it has: what takes less to compare than how near two names are.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    length: usize,
    /// A bit for each letter in whatever case; digits and marks share them. What is not ASCII has none.
    letters: u32,
}

impl Letters {
    pub(super) const fn of(name: &str) -> Letters {
        let (bytes, mut letters, mut at) = (name.as_bytes(), 0, 0);
        while at < bytes.len() {
            if bytes[at].is_ascii() {
                letters |= 1 << (bytes[at] % 32);
            }
            at += 1;
        }
        Letters { length: bytes.len(), letters }
    }

    /// Whether names with these letters may differ by so many letters at most: one letter in the place of another one is two differences.
    pub(super) fn may_be_near(self, other: Letters, most: usize) -> bool {
        self.length.abs_diff(other.length) <= most && (self.letters ^ other.letters).count_ones() as usize <= 2 * most
    }
}

/// Whether a name differs from another one by so many letters at most, both in one case. A plural is a name of its own.
pub(super) fn is_nearly(own: &str, other: &str, most: usize) -> bool {
    Letters::of(own).may_be_near(Letters::of(other), most)
        && own.trim_end_matches('s') != other.trim_end_matches('s')
        && strsim::osa_distance(own, other) <= most
}

/// So many letters may be wrong in a word of headings and of header fields.
pub(super) fn most_wrong(word: &str) -> usize {
    if word.len() < 10 { 1 } else { 2 }
}

/// Whether two names are the same, whatever the case, but for their numbers and a plural: names of their own, and no slips.
pub(super) fn is_other_form(own: &str, other: &str) -> bool {
    letters(own).eq(letters(other))
}

/// The letters of a name without its numbers and its plural.
fn letters(name: &str) -> impl Iterator<Item = char> {
    let singular = name.trim_end_matches(|c: char| c.is_ascii_digit() || c.eq_ignore_ascii_case(&'s'));
    singular.chars().filter(|c| !c.is_ascii_digit()).flat_map(char::to_lowercase)
}

/// Of so many names the nearest is looked for. No enumeration that anybody writes a value of by hand has more.
pub(super) const MOST: usize = 128;

/// On one page, the nearest name is looked for so often: real pages have a few of these defects.
pub(super) const MOST_HINTS: usize = 64;

/// Names of fewer letters are near to each other by chance; longer ones are no names.
const SHORTEST: usize = 4;
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_near_name_is_meant() {
        let check = |name: &str, names: &[&'static str], expected: Option<&str>| {
            assert_eq!(nearest(name, names.iter().copied()), expected, "{name} {names:?}");
        };
        let partners = ["internal", "externalPartner", "externalNonPartner"];
        check("externalNonParther", &partners, Some("externalNonPartner"));
        check("Approve", &["Approved", "Denied"], Some("Approved"));
        check("approve", &["approved", "approver"], None);
        check("running", &["notStarted", "completed"], None);
        check("on", &["off", "no"], None);
        check("round", &["rounds", "round"], Some("rounds"));
    }
}
