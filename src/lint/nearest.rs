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

/// Whether a name differs from another one by so many letters at most, both in one case. A plural is a name of its own.
pub(super) fn is_nearly(own: &str, other: &str, most: usize) -> bool {
    own.len().abs_diff(other.len()) <= most
        && own.trim_end_matches('s') != other.trim_end_matches('s')
        && strsim::osa_distance(own, other) <= most
}

/// So many letters may be wrong in a word of headings and of header fields.
pub(super) fn most_wrong(word: &str) -> usize {
    if word.len() < 10 { 1 } else { 2 }
}

/// Whether two names are the same, whatever the case, but for their numbers and a plural: names of their own, and no slips.
pub(super) fn is_other_form(own: &str, other: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
    letters(own).trim_end_matches('s') == letters(other).trim_end_matches('s')
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
