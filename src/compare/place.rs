//! Where a walk over two bodies is.

use crate::contract::Type;
use crate::json::{Cursor, Path};
use crate::normal::{Node, PathSet};

/// A pair of values and the way to them. It costs nothing to extend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) parent: Option<&'p Place<'p>>,
    pub(super) cursor: Cursor<'p>,
    /// The documented element that stands for this one; the cursor has its own index.
    template: usize,
    pub(super) expected: &'p Node,
    pub(super) actual: &'p Node,
    /// What of the values here and below repeats what the request sent.
    echoes: Option<&'p PathSet>,
    /// The type of the object, as soon as its members are looked at: looked up once, not once for each of them.
    pub(super) object_type: Option<&'p Type>,
    /// The names of the types that are declared of it, by who declares them.
    pub(super) service_types: [Option<&'p str>; 2],
}

impl<'p> Place<'p> {
    pub(super) fn root(expected: &'p Node, actual: &'p Node, echoes: Option<&'p PathSet>) -> Place<'p> {
        Place {
            parent: None,
            cursor: Cursor::Root,
            template: 0,
            expected,
            actual,
            echoes,
            object_type: None,
            service_types: [None, None],
        }
    }

    pub(super) fn member(&'p self, name: &'p str, expected: &'p Node, actual: &'p Node) -> Place<'p> {
        let echoes = self.echoes.and_then(|echoes| echoes.members.get(name));
        let cursor = Cursor::Member(&self.cursor, name);
        Place { parent: Some(self), cursor, ..Place::root(expected, actual, echoes) }
    }

    /// An element, and the documented element that it is compared with.
    pub(super) fn element(&'p self, index: usize, template: usize, expected: &'p Node, actual: &'p Node) -> Place<'p> {
        let echoes = self.echoes.and_then(|echoes| echoes.elements.get(&template));
        let cursor = Cursor::Element(&self.cursor, index);
        Place { parent: Some(self), cursor, template, ..Place::root(expected, actual, echoes) }
    }

    pub(super) fn path(&self) -> Path {
        self.cursor.path()
    }

    /// The path of the documented value.
    pub(super) fn documented_path(&self) -> Path {
        match (self.parent, self.cursor) {
            (Some(parent), Cursor::Member(_, name)) => parent.documented_path().member(name),
            (Some(parent), Cursor::Element(..)) => parent.documented_path().element(self.template),
            _ => Path::root(),
        }
    }

    /// The name of the member, if this is one.
    pub(super) fn name(&self) -> Option<&'p str> {
        match self.cursor {
            Cursor::Member(_, name) => Some(name),
            Cursor::Root | Cursor::Element(..) => None,
        }
    }

    /// Whether the documented value repeats what the request sent.
    pub(super) fn is_echo(&self) -> bool {
        self.echoes.is_some_and(|echoes| echoes.contained)
    }

    /// Whether the documented value, or any in it, repeats what the request sent.
    pub(super) fn has_echoes(&self) -> bool {
        self.echoes.is_some_and(|echoes| !echoes.is_empty())
    }

    /// Whether the request sent elements of this collection.
    pub(super) fn sends_elements(&self) -> bool {
        self.echoes.is_some_and(|echoes| !echoes.elements.is_empty())
    }
}
