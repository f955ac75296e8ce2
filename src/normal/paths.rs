//! A set of places in a JSON tree, walked down together with the tree.

use std::collections::HashMap;

/// Places below a value. Looking one up costs one step per level, and no path is made.
#[derive(Debug, Default)]
pub(crate) struct PathSet {
    contained: bool,
    members: HashMap<String, PathSet>,
    elements: HashMap<usize, PathSet>,
}

impl PathSet {
    /// The set of this value alone.
    pub(crate) fn of_self() -> PathSet {
        PathSet { contained: true, ..PathSet::default() }
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        !self.contained && self.members.is_empty() && self.elements.is_empty()
    }

    /// Whether the value itself is in it.
    pub(crate) fn contains_self(&self) -> bool {
        self.contained
    }

    /// Whether elements, or values in them, are in it.
    pub(crate) fn has_elements(&self) -> bool {
        !self.elements.is_empty()
    }

    /// What is in it below the member of that name.
    pub(crate) fn member(&self, name: &str) -> Option<&PathSet> {
        self.members.get(name)
    }

    /// What is in it below that element.
    pub(crate) fn element(&self, index: usize) -> Option<&PathSet> {
        self.elements.get(&index)
    }

    /// Takes the value itself in.
    pub(crate) fn add_self(&mut self) {
        self.contained = true;
    }

    /// Takes in what is below a member.
    pub(crate) fn add_member(&mut self, name: &str, below: PathSet) {
        if !below.is_empty() {
            self.members.insert(name.to_owned(), below);
        }
    }

    /// Takes in what is below an element.
    pub(crate) fn add_element(&mut self, index: usize, below: PathSet) {
        if !below.is_empty() {
            self.elements.insert(index, below);
        }
    }
}
