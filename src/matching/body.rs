//! Where the body of a request departs from the documented one.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::difference::Differences;
use crate::at::RequestPart;
use crate::compare::{EXCERPT, excerpt};
use crate::contract::{Body, Placeholder, Request, content_type};
use crate::edm::{LargeNumbers, Primitive, conforms};
use crate::json::{self, Cursor, Json, JsonError, Kind, Member};

/// The body of a request, which is compared with the bodies of all contracts when it fits none: it is parsed once, and its objects are
/// indexed once, so that each comparison takes the time of the documented body, however large this one is.
pub(super) struct ReceivedBody<'r> {
    text: Cow<'r, str>,
    json: OnceCell<Result<Json, JsonError>>,
    /// Where the members of each name are in an object, by the address of the object.
    names: RefCell<HashMap<*const Json, Rc<Names>>>,
}

/// The positions of members by name, in their order.
type Names = HashMap<String, Vec<usize>>;

impl<'r> ReceivedBody<'r> {
    pub(super) fn new(bytes: &'r [u8]) -> ReceivedBody<'r> {
        let text = String::from_utf8_lossy(bytes);
        ReceivedBody { text, json: OnceCell::new(), names: RefCell::default() }
    }

    /// Whether nothing came.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is a documented text.
    pub(super) fn is_text(&self, lines: &[String]) -> bool {
        self.text.lines().eq(lines.iter().map(String::as_str))
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<&Json, &JsonError> {
        self.json.get_or_init(|| json::parse(&self.text).map(|parsed| parsed.json)).as_ref()
    }

    fn names(&self, object: &Json, members: &[Member]) -> Rc<Names> {
        let mut all = self.names.borrow_mut();
        let names = all.entry(std::ptr::from_ref(object)).or_insert_with(|| {
            let mut names = Names::with_capacity(members.len());
            for (index, member) in members.iter().enumerate() {
                match names.get_mut(&member.name) {
                    Some(positions) => positions.push(index),
                    None => drop(names.insert(member.name.clone(), vec![index])),
                }
            }
            Rc::new(names)
        });
        Rc::clone(names)
    }

    /// Where the body departs from the documented one.
    pub(super) fn differences(&self, documented: &Request, differences: &mut Differences) {
        let text = &self.text;
        let (expected, came) = match &documented.body {
            None if text.is_empty() => return,
            None => ("no body".to_owned(), excerpt(text)),
            Some(body) if text.is_empty() => {
                (body.as_json().map_or_else(|| excerpt(&body.to_text()), shown), "no body".to_owned())
            }
            // What the page describes in words is not known.
            Some(Body::Bytes(_)) => return,
            Some(Body::Text(lines)) if self.is_text(lines) => return,
            Some(Body::Text(lines)) => (excerpt(&lines.join("\n")), excerpt(text)),
            // As this project's own client writes it; it need not be read.
            Some(Body::Json(expected)) if **text == expected.to_string() => return,
            Some(Body::Json(expected)) => match self.json() {
                Ok(actual) => {
                    let large_numbers = LargeNumbers::of(content_type(&documented.headers));
                    Walk { body: self, placeholders: &documented.placeholders, large_numbers, differences }
                        .value((expected, actual), &Cursor::Root);
                    return;
                }
                Err(error) => ("JSON".to_owned(), error.to_string()),
            },
        };
        differences.push(RequestPart::Body, || (expected, came));
    }
}

/// A value as a message shows it. The rest of a large one is not written.
pub(super) fn shown(value: &Json) -> String {
    // No character takes more than four bytes.
    excerpt(&value.beginning(4 * (EXCERPT + 1)))
}

/// Goes through a documented body and one that came.
struct Walk<'w, 'r> {
    body: &'w ReceivedBody<'r>,
    placeholders: &'w [Placeholder],
    large_numbers: LargeNumbers,
    differences: &'w mut Differences,
}

impl Walk<'_, '_> {
    fn value(&mut self, (expected, actual): (&Json, &Json), cursor: &Cursor<'_>) {
        match (expected, actual) {
            (Json::Object(one), Json::Object(other)) => self.object(one, (actual, other), cursor),
            (Json::Array(one), Json::Array(other)) => {
                for (index, pair) in one.iter().zip(other).enumerate() {
                    self.value(pair, &Cursor::Element(cursor, index));
                }
                if one.len() != other.len() {
                    let elements = |items: &[Json]| format!("{} elements", items.len());
                    let at = RequestPart::Path(cursor.path());
                    self.differences.push(at, || (elements(one), elements(other)));
                }
            }
            (Json::Number(one), Json::Number(other)) if one.same_value(other) => {}
            // Of two containers of different kinds, nothing needs to be compared.
            (one, other) if one.kind() == other.kind() && one == other => {}
            (one, other) => {
                let path = cursor.path();
                let placeholder = self.placeholders.iter().find(|placeholder| placeholder.path == path);
                if !placeholder.is_some_and(|placeholder| is_of_type(other, &placeholder.type_name, self.large_numbers))
                {
                    self.differences.push(RequestPart::Path(path), || (shown(one), shown(other)));
                }
            }
        }
    }

    /// Members of one name are compared in their order, as [`json::pairs`] pairs them; of those that only came, the first are listed
    /// and the others counted.
    fn object(&mut self, one: &[Member], (object, other): (&Json, &[Member]), cursor: &Cursor<'_>) {
        let names = self.body.names(object, other);
        // How many members of each documented name have been paired.
        let mut paired: HashMap<&str, usize> = HashMap::new();
        let mut all_paired = 0;
        for Member { name, value } in one {
            let cursor = Cursor::Member(cursor, name);
            let count = paired.entry(name).or_default();
            match names.get(name).and_then(|positions| positions.get(*count)).and_then(|at| other.get(*at)) {
                Some(came) => {
                    *count += 1;
                    all_paired += 1;
                    self.value((value, &came.value), &cursor);
                }
                None => {
                    self.differences.push(RequestPart::Path(cursor.path()), || (shown(value), "nothing".to_owned()));
                }
            }
        }
        let mut left = other.len() - all_paired;
        for Member { name, value } in other {
            if left == 0 || !self.differences.has_room() {
                break;
            }
            match paired.get_mut(name.as_str()) {
                Some(count) if *count > 0 => *count -= 1,
                _ => {
                    left -= 1;
                    let at = RequestPart::Path(Cursor::Member(cursor, name).path());
                    self.differences.push(at, || ("nothing".to_owned(), shown(value)));
                }
            }
        }
        self.differences.omit(left);
    }
}

/// Whether a value may stand where the documentation has the name of a type.
fn is_of_type(value: &Json, type_name: &str, large_numbers: LargeNumbers) -> bool {
    let is_value = |primitive| conforms(primitive, value, large_numbers);
    Primitive::read(type_name).map_or(value.kind() != Kind::Null, is_value)
}
