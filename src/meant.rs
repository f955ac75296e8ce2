//! Which name somebody meant who wrote another one.

/// So alike a name has to be for a suggestion.
const ALIKE: f64 = 0.8;

/// The one of some names that is probably meant by another, as the end of a message; empty if none is much like it.
pub fn did_you_mean<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let scored = names.into_iter().map(|own| (strsim::jaro_winkler(name, own), own));
    match scored.filter(|(score, _)| *score >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((_, own)) => format!("; did you mean `{own}`?"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_much_like_another_is_meant() {
        let check = |name: &str, expected: &str| {
            assert_eq!(did_you_mean(name, ["tenant", "token_env", "todo-left"]), expected, "{name}");
        };
        check("tenat", "; did you mean `tenant`?");
        check("todo-lft", "; did you mean `todo-left`?");
        check("x", "");
    }
}
