//! A set of places in a JSON tree, walked down together with the tree.

use std::collections::HashMap;

/// Places below a value. Looking one up costs one step per level, and no path is made.
#[derive(Debug, Default)]
pub(crate) struct PathSet {
    /// Whether the value itself is in it.
    pub(crate) contained: bool,
    pub(crate) members: HashMap<String, PathSet>,
    pub(crate) elements: HashMap<usize, PathSet>,
}

impl PathSet {
    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        !self.contained && self.members.is_empty() && self.elements.is_empty()
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
