//! A path that is one of the contracts' routes, segment by segment.

use super::tenant::key_segment;
use graph_contracts::url::without_namespace;

/// A segment of a path that was found.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Name(String),
    Key(String),
    /// A key by the names of its properties, such as `appId='…'` (OData URL Conventions 4.01 sections 4.3.1 and 4.3.2).
    Named(Named),
    Pattern(String),
}

/// A key by the names of its properties.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// As it stands in the URL.
    pub(super) text: String,
    pub(super) keys: Vec<(String, String)>,
}

/// A path that is one of the contracts' routes, or leads to one.
#[derive(Debug)]
pub(super) struct Found {
    /// Each segment, and the node behind it.
    pub(super) steps: Vec<(Step, usize)>,
    /// How many of them are the root of the service: its version, and what stands before it.
    pub(super) root: usize,
    /// The type of the objects that a collection is narrowed to (OData URL Conventions 4.01 section 4.11), in lower case and without its namespace.
    pub(super) cast: Option<String>,
}

impl Found {
    /// The node at the end of the path.
    pub(super) fn node(&self) -> usize {
        self.steps.last().map_or(0, |(_, node)| *node)
    }

    /// The node before that.
    pub(super) fn parent(&self) -> usize {
        self.steps.iter().rev().nth(1).map_or(0, |(_, node)| *node)
    }

    /// The key at the end of the path.
    pub(super) fn key(&self) -> Option<&str> {
        match self.steps.last() {
            Some((Step::Key(key) | Step::Named(Named { text: key, .. }), _)) => Some(key),
            _ => None,
        }
    }

    /// A step as a segment of a place. All versions show the same tenant, as in Microsoft Graph.
    pub(super) fn segment(&self, index: usize) -> Option<String> {
        Some(match &self.steps.get(index)?.0 {
            Step::Name(name) => name_key(name),
            Step::Key(key) => key_segment(key),
            Step::Named(Named { text, .. }) | Step::Pattern(text) => text.clone(),
        })
    }

    /// Whether the path ends with the bytes of what is before (OData URL Conventions 4.01 section 4.7).
    pub(super) fn is_stream(&self) -> bool {
        matches!(self.steps.last(), Some((Step::Name(name), _)) if name.eq_ignore_ascii_case("$value"))
    }

    /// Whether the path ends with `$ref`.
    pub(super) fn is_reference(&self) -> bool {
        self.steps.len().checked_sub(2).is_some_and(|before| self.ends_with_reference(before))
    }

    /// Whether the step behind one is `$ref`: it is about the link, and not about what it leads to.
    pub(super) fn ends_with_reference(&self, index: usize) -> bool {
        matches!(self.steps.get(index + 1), Some((Step::Name(name), _)) if name.eq_ignore_ascii_case("$ref"))
    }

    /// The path of the first `count` steps as a context URL has it (OData Protocol 4.01 section 10), keys in parentheses; the version
    /// stands before it.
    pub(super) fn context(&self, count: usize) -> (String, String) {
        let (mut version, mut path) = (String::new(), String::new());
        for (index, (step, _)) in self.steps.iter().take(count).enumerate() {
            match step {
                Step::Name(name) if index < self.root => {
                    version.push('/');
                    version.push_str(name);
                }
                Step::Key(key) => path.push_str(&format!("('{}')", key.replace('\'', "''"))),
                Step::Named(Named { text, .. }) => path.push_str(&format!("({text})")),
                Step::Name(text) | Step::Pattern(text) => {
                    path.push_str(if path.is_empty() { "" } else { "/" });
                    path.push_str(text);
                }
            }
        }
        (version, path)
    }
}

/// A name as the tree has it. A function without parameters may have parentheses or not, and a name its namespace.
pub(super) fn name_key(name: &str) -> String {
    let name = name.strip_suffix("()").unwrap_or(name).to_ascii_lowercase();
    without_namespace(&name).to_owned()
}
