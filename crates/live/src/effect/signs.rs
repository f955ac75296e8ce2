//! By which names an operation is known to have effects of a class: the form of a row of the table (`table.rs`).

use std::sync::LazyLock;

use super::effect_class::EffectClass;
use super::table::{SIGNS, Signs};
use super::words::words;

/// A row whose names are taken apart.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) signs: &'static Signs,
    pub(super) actions: Vec<Term>,
    pub(super) objects: Vec<Term>,
    pub(super) last: Vec<Term>,
    pub(super) route: Vec<Term>,
    pub(super) within: Vec<Term>,
    pub(super) permissions: Vec<Term>,
    pub(super) members: Vec<Term>,
    pub(super) only: Vec<Term>,
    pub(super) never: Vec<Term>,
}

/// A name of the table.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) words: Vec<String>,
    /// Whether it stands for the plural alone.
    pub(super) is_plural: bool,
}

/// The table with its names taken apart.
pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| SIGNS.iter().map(Row::new).collect());

impl Row {
    fn new(signs: &'static Signs) -> Row {
        let terms = |names: &[&str]| names.iter().map(|name| Term::new(name)).collect();
        Row {
            signs,
            actions: terms(signs.actions),
            objects: terms(signs.objects),
            last: terms(signs.last),
            route: terms(signs.route),
            within: terms(signs.within),
            permissions: terms(signs.permissions),
            members: terms(signs.members),
            only: terms(signs.only),
            never: terms(signs.never),
        }
    }
}

impl Term {
    fn new(name: &str) -> Term {
        let words = words(name);
        Term { is_plural: words.concat().len() < name.len() && name.ends_with('s'), words }
    }
}

/// The pages that say that operations have effects of a class.
pub(crate) fn sources(class: EffectClass) -> Vec<String> {
    let own = SIGNS.iter().filter(|signs| signs.class == class);
    own.map(|signs| format!("https://learn.microsoft.com/{}", signs.source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_but_other_has_a_row_and_every_row_a_source() {
        for class in EffectClass::ALL {
            assert_eq!(SIGNS.iter().any(|signs| signs.class == class), class != EffectClass::Other, "{class}");
        }
        for signs in SIGNS {
            assert!(signs.source.starts_with("graph/api/") || signs.source.starts_with("dynamics365/"), "{signs:?}");
        }
    }
}
