//! Which names cannot be alike, found out without an alignment of their letters.

/// How often each letter is in a name, by the lower bits of its bytes.
pub(super) struct Letters<'n> {
    name: &'n str,
    counts: [u8; 32],
}

impl<'n> Letters<'n> {
    pub(super) fn of(name: &'n str) -> Letters<'n> {
        let mut counts = [0_u8; 32];
        for byte in name.bytes() {
            let count = &mut counts[usize::from(byte % 32)];
            *count = count.saturating_add(1);
        }
        Letters { name, counts }
    }

    /// Whether three in five letters of the longer name may be in the other, as they are where the names are alike by 0.6: each that is not is an edit at
    /// least. Of names that are not ASCII, or very long, that is not known.
    pub(super) fn may_be_alike(&self, other: &str) -> bool {
        let longest = self.name.len().max(other.len());
        if !self.name.is_ascii() || !other.is_ascii() || longest > usize::from(u8::MAX) {
            return true;
        }
        let mut left = self.counts;
        let common = other.bytes().filter(|byte| {
            let count = &mut left[usize::from(byte % 32)];
            let has = *count > 0;
            *count = count.saturating_sub(1);
            has
        });
        common.count() * 5 >= longest * 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_never_left_out() {
        let names =
            ["users", "usres", "user", "messages", "mesages", "groups", "nothing", "größe", "a", "", "lampen", "lamps"];
        for name in names {
            for other in names {
                let is_alike = strsim::normalized_damerau_levenshtein(name, other) >= 0.6;
                assert!(!is_alike || Letters::of(name).may_be_alike(other), "{name} {other}");
            }
        }
        assert!(!Letters::of("messages").may_be_alike("groups"));
        assert!(!Letters::of("nothing").may_be_alike("users"));
    }
}
