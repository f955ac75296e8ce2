//! The members of an enumeration that the description of a property offers without words of their own for a list: "Either `a` or `b`.", "Must be
//! one of `a`, `b`."
//!
//! The words stand before anything that can be chosen, such as a property of two. So a list has to be all that the sentence says.

use super::sentences::is_contracted_not;
use crate::page::{Cell, Mark};

/// Words before a choice, in lower case.
pub(super) const CHOICES: &[&str] = &["one of", "either"];

/// Longer descriptions are not searched: no choice has so many values.
const LONGEST: usize = 16 * 1024;

/// All values between which the description in a cell leaves the choice; empty if it offers none, several choices, or not surely all of one.
pub(super) fn choice(cell: &Cell<'_>) -> Vec<String> {
    let text = cell.text.as_ref();
    if !cell.marks.iter().any(|mark| mark.is_code) || text.len() > LONGEST {
        return Vec::new();
    }
    // As long as the text itself.
    let lower = text.to_ascii_lowercase();
    let words = CHOICES.iter().flat_map(|words| lower.match_indices(words));
    let mut words = words.filter(|(at, _)| opens_choice(&lower[..*at]));
    match (words.next(), words.next()) {
        (Some((at, words)), None) => values(cell, at + words.len()),
        _ => Vec::new(),
    }
}

/// Whether what stands before the words says that a value is one of those that follow: nothing of the sentence, or its verb, without a denial
/// or a condition.
fn opens_choice(before: &str) -> bool {
    let sentence = before.rsplit(['.', '\n', ';']).next().unwrap_or(before);
    let words =
        sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).filter(|own| !own.is_empty());
    let sets_apart = |word: &str| OTHERWISE.contains(&word) || is_contracted_not(word);
    let last = words.clone().next_back();
    last.is_none_or(|word| matches!(word, "be" | "is")) && !words.rev().take(WORDS_BEFORE).any(sets_apart)
}

/// A sentence has so many words before a choice, at most.
const WORDS_BEFORE: usize = 32;

/// Words of denials and of conditions.
const OTHERWISE: [&str; 9] = ["not", "no", "cannot", "never", "except", "if", "when", "unless", "otherwise"];

/// The values of the choice whose words end at an offset, if the sentence has nothing else.
fn values(cell: &Cell<'_>, start: usize) -> Vec<String> {
    let text = cell.text.as_ref();
    let first = cell.marks.partition_point(|mark| mark.range.start < start);
    let (mut at, mut values) = (start, Vec::new());
    for Mark { range, is_code } in &cell.marks[first..] {
        let Some(gap) = text.get(at..range.start) else { return Vec::new() };
        let goes_on = if values.is_empty() { is_opening(gap) } else { is_separator(gap) };
        if !goes_on || !is_code {
            break;
        }
        values.push(text[range.clone()].trim().trim_matches(['"', '\'']).to_owned());
        at = range.end;
    }
    let rest = text.get(at..).unwrap_or_default().trim_start_matches(' ');
    let behind = rest.strip_prefix('.').unwrap_or(rest);
    let is_all = rest.is_empty()
        || rest.starts_with('\n')
        || (behind.len() < rest.len() && ends_sentence(behind, &cell.marks, text.len()));
    let is_value = |value: &String| {
        value.starts_with(|c: char| c.is_ascii_alphabetic())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' '))
    };
    if values.len() > 1 && is_all && values.iter().all(is_value) { values } else { Vec::new() }
}

/// Whether a text stands between the words and the first value: nothing, or that the values follow.
fn is_opening(gap: &str) -> bool {
    let gap = gap.trim();
    matches!(gap.strip_suffix(':').unwrap_or(gap).trim_end(), "" | "the following" | "these" | "the following values")
}

/// Whether a text between two values has only what separates them.
fn is_separator(gap: &str) -> bool {
    matches!(gap.trim(), "," | "or" | ", or" | "/" | "|")
}

/// Whether a sentence ends before the last part of a text of some length. The next one may begin with a value.
fn ends_sentence(behind: &str, marks: &[Mark], length: usize) -> bool {
    let next = behind.trim_start();
    let is_mark = || marks.iter().any(|mark| mark.range.start == length - next.len());
    next.is_empty() || (next.len() < behind.len() && (!next.starts_with(|c: char| c.is_lowercase()) || is_mark()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let page = format!("|a|\n|---|\n|{text}|\n");
        let page = Page::parse("p.md", &page);
        let cell = &page.tables().next().expect("a table").rows[0][0];
        assert_eq!(choice(cell), expected, "{text}");
    }

    #[test]
    fn a_choice_is_all_that_its_sentence_says() {
        check("Either `view`, `edit`, or `embed`.", &["view", "edit", "embed"]);
        check("Must be either `day` or `night`.", &["day", "night"]);
        check("It can be one of the following: `on`, `off`.", &["on", "off"]);
        check("One of `day`, `night`.", &["day", "night"]);
        check("The mode. One of `day` or `night`. `day` is the default.", &["day", "night"]);
        check("Must be one of `day` or `night`", &["day", "night"]);
        check("Is either `day` or `night`.<br>Read-only.", &["day", "night"]);
    }

    #[test]
    fn what_may_not_be_all_is_no_choice() {
        check("Either `day` or `night`, or any color.", &[]);
        check("Must be one of `day`, `night`, etc.", &[]);
        check("Must be one of `day`, `night`, **dim**.", &[]);
        check("Either `lampId` or `houseId` must be there.", &[]);
        check("Use either `lampId` or `houseId`.", &[]);
        check("Required if one of `day` or `night`.", &[]);
        check("Cannot be one of `day`, `night`.", &[]);
        check("Must be one of `day`.", &[]);
        check("Must be one of `/lamps`, `/houses`.", &[]);
        check("One of the lamps `day`, `night`.", &[]);
        check("If the color is one of `red`, `blue`.", &[]);
        // Both would have to be read.
        check("One of `day`, `night` for lamps. One of `on`, `off`.", &[]);
    }
}
