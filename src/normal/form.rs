//! What a normal form consists of.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Declarations, Shape};
use crate::json::{Json, Kind, Path, Tree};

/// The exchange of a contract in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalForm {
    /// The request, as documented.
    pub request: Arc<NormalRequest>,
    /// The status code.
    pub status: u16,
    /// The header fields that the contract documents, by name.
    pub headers: Vec<NormalHeader>,
    /// The body.
    pub body: NormalBody,
    /// What the masks stand for, where that is known.
    pub identified: Identified,
    /// What its contract declared, of a snapshot that says so.
    pub declared: Declared,
}

/// What the contract of a snapshot declared. It is not part of the form: two forms that differ in it alone are equal.
#[derive(Clone, Debug, Default)]
pub struct Declared(pub Option<Arc<Declarations>>);

impl PartialEq for Declared {
    fn eq(&self, _: &Declared) -> bool {
        true
    }
}

impl Eq for Declared {}

impl NormalForm {
    /// The form of a request to which there is no response yet.
    pub(super) fn of_request(request: Arc<NormalRequest>) -> NormalForm {
        let (headers, identified, declared) = (Vec::new(), Identified::default(), Declared::default());
        NormalForm { request, status: 0, headers, body: NormalBody::None, identified, declared }
    }
}

/// The identifiers for which the masks of a form stand. They are not part of the form: two forms that differ in them alone are
/// equal.
#[derive(Clone, Debug, Default)]
pub struct Identified(pub(super) HashMap<(Shape, u32), String>);

impl PartialEq for Identified {
    fn eq(&self, _: &Identified) -> bool {
        true
    }
}

impl Eq for Identified {}

impl Identified {
    /// The identifier for which a mask stands.
    pub fn text(&self, mask: Mask) -> Option<&str> {
        self.0.get(&(mask.shape, mask.number?)).map(String::as_str)
    }
}

/// A documented request. It is the same for every response to it, and never masked but for its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalRequest {
    /// Method and URL, as documented.
    pub line: String,
    /// The paths of the routes.
    pub routes: Vec<String>,
    /// The header fields, by name.
    pub headers: Vec<NormalHeader>,
    /// The body.
    pub body: NormalBody,
}

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalHeader {
    /// The name in lower case.
    pub name: String,
    /// The value; of a media type without parameters.
    pub value: Text,
}

/// The body of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NormalBody {
    /// There is none.
    None,
    /// JSON.
    Json(Node),
    /// Text that is not JSON, or should not be read as JSON.
    Text(String),
    /// Bytes that are not text.
    Binary,
}

/// A JSON value in which volatile values are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A volatile value, whatever its JSON type.
    Mask(Mask),
    /// A string, possibly with volatile values in it.
    String(Text),
    /// `null`, a boolean or a number.
    Plain(Json),
    /// An array.
    Array(Vec<Node>),
    /// An object: members in documented order, then undocumented ones by name.
    Object(Vec<(String, Node)>),
}

impl NormalBody {
    /// The value at a path, if it is JSON and has one there.
    pub fn at(&self, path: &Path) -> Option<&Node> {
        match self {
            NormalBody::Json(node) => node.at(path.steps()),
            NormalBody::None | NormalBody::Text(_) | NormalBody::Binary => None,
        }
    }
}

impl Tree for Node {
    fn elements(&self) -> Option<&[Node]> {
        match self {
            Node::Array(items) => Some(items),
            _ => None,
        }
    }

    fn members(&self) -> Option<impl ExactSizeIterator<Item = (&str, &Node)> + Clone> {
        match self {
            Node::Object(members) => Some(members.iter().map(|(name, value)| (name.as_str(), value))),
            _ => None,
        }
    }
}

impl Node {
    /// The JSON kind of the value.
    pub fn kind(&self) -> Kind {
        match self {
            Node::Mask(mask) => match mask.shape {
                Shape::Int | Shape::Number => Kind::Number,
                Shape::Bool => Kind::Boolean,
                _ => Kind::String,
            },
            Node::String(_) => Kind::String,
            Node::Plain(value) => value.kind(),
            Node::Array(_) => Kind::Array,
            Node::Object(_) => Kind::Object,
        }
    }

    /// The first member of that name, if this is an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Object(members) => members.iter().find(|(own, _)| own == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The string, if it is one in which no volatile value stands.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => text.as_literal(),
            _ => None,
        }
    }
}

/// Text with volatile values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub Vec<Piece>);

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Literal(String),
    /// A volatile value.
    Mask(Mask),
}

/// What stands for a volatile value: `[guid:1]`, `[datetime]`, `[int?]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mask {
    /// What the value looks like.
    pub shape: Shape,
    /// Equal identifiers of one exchange have the same number.
    pub number: Option<u32>,
    /// Whether the value may also be absent.
    pub optional: bool,
}

impl Text {
    /// Text without volatile values.
    pub fn literal(text: &str) -> Text {
        Text(if text.is_empty() { Vec::new() } else { vec![Piece::Literal(text.to_owned())] })
    }

    /// The text, if no volatile value stands in it.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether a text is an integer if this is one, and not empty if this is not.
    pub(crate) fn looks_like(&self, other: &Text) -> bool {
        let shape = |text: &Text| text.as_mask().map_or_else(|| Shape::of_field(&text.to_string()), |mask| mask.shape);
        match shape(self) {
            Shape::Int => shape(other) == Shape::Int,
            Shape::Empty => true,
            _ => shape(other) != Shape::Empty,
        }
    }

    /// The mask, if the text is nothing else.
    pub fn as_mask(&self) -> Option<Mask> {
        match self.0.as_slice() {
            [Piece::Mask(mask)] => Some(*mask),
            _ => None,
        }
    }
}
