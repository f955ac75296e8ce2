//! Which of some names somebody may have meant.

/// How alike two names must be to be taken for each other; 1 is the same.
const ALIKE: f64 = 0.7;

/// The names that are most like a given one, the most alike first, at most three.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let lower = name.to_lowercase();
    let mut rated: Vec<(f64, &str)> = names
        .into_iter()
        .map(|other| (strsim::normalized_damerau_levenshtein(&lower, &other.to_lowercase()), other))
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect();
    rated.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    rated.dedup();
    rated.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_come_first_and_others_not_at_all() {
        let names = ["messages", "mailFolders", "message", "events"];
        assert_eq!(nearest("mesages", names), ["messages", "message"]);
        assert_eq!(nearest("MailFolder", names), ["mailFolders"]);
        assert!(nearest("x", names).is_empty());
    }
}
