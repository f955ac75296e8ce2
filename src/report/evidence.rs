//! Both sides of what differs.

use serde::{Deserialize, Serialize};

use crate::normal::NormalForm;

/// Expected and actual normal form, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What `expected` is, as a phrase.
    pub reference: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// The longest normal form that is kept as evidence, in bytes. A diff shows the lines that differ, which is enough.
const LONGEST_EVIDENCE: usize = 64 * 1024;

impl Evidence {
    /// Both sides of a difference; `reference` says what was expected.
    pub fn new(reference: String, expected: &NormalForm, actual: &NormalForm) -> Evidence {
        Evidence { reference, expected: beginning(expected), actual: beginning(actual) }
    }

    /// Both sides as the texts of snapshots.
    pub fn of_texts(reference: String, expected: &str, actual: &str) -> Evidence {
        let beginning = |text: &str| match text.len() > LONGEST_EVIDENCE {
            true => format!("{}\n{MORE}", &text[..text.floor_char_boundary(LONGEST_EVIDENCE)]),
            false => text.to_owned(),
        };
        Evidence { reference, expected: beginning(expected), actual: beginning(actual) }
    }
}

/// What follows the beginning of a form.
const MORE: &str = "… and more\n";

fn beginning(form: &NormalForm) -> String {
    let (mut text, is_cut) = form.beginning(LONGEST_EVIDENCE);
    if is_cut {
        text.push_str(MORE);
    }
    text
}
