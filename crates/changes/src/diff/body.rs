//! The JSON bodies of two contracts: which members came and went, and whether values have another type.

use std::cell::OnceCell;

use super::types::Declarations;
use super::values::{Value, Values, Volatile};
use crate::declared::{DeclaredBody, names_annotation};
use crate::{Kind, NOTHING};
use graph_contracts::contract::{BlockSource, Property};
use graph_contracts::json::{self, Lines, Path, Step};
use graph_contracts::normal::is_annotation;
use graph_contracts::source::SourceLine;

/// Request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Side::Request => "request",
            Side::Response => "response",
        }
    }
}

/// A body of one of the two contracts.
pub(super) struct Document<'c> {
    body: DeclaredBody<'c>,
    values: Values<'c>,
    page: &'c str,
    source: &'c BlockSource,
    lines: OnceCell<Lines>,
}

impl<'c> Document<'c> {
    pub(super) fn new(
        body: DeclaredBody<'c>,
        (page, source): (&'c str, &'c BlockSource),
        volatile: &Volatile,
    ) -> Document<'c> {
        Document { values: Values::of(body, volatile), body, page, source, lines: OnceCell::new() }
    }

    /// The page and line of the value at a path, or of what is nearest around it.
    fn place(&self, path: &Path) -> SourceLine {
        let line = self.lines.get_or_init(|| self.source.lines(self.body.json)).nearest(path);
        SourceLine::new(self.page, line.unwrap_or(self.source.line))
    }
}

/// One difference of two bodies.
#[derive(Debug)]
pub(super) struct BodyChange {
    pub(super) kind: Kind,
    /// Where it is, in the set that has it.
    pub(super) path: Path,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) old: SourceLine,
    pub(super) new: SourceLine,
    /// The type and property that it is a value of, by their old names.
    pub(super) property: Option<(String, String)>,
    /// What the table says of the property has changed, so that this follows.
    pub(super) follows: Option<Kind>,
}

/// What differs between two bodies. They are not trees here, but values by place: the elements of an array are one place, and
/// examples do not say which of them belong together.
pub(super) fn changes(
    side: Side,
    old: &Document<'_>,
    new: &Document<'_>,
    declarations: &Declarations<'_>,
) -> Vec<BodyChange> {
    let comparison = Comparison { side, old, new, declarations };
    let mut found: Vec<BodyChange> = Vec::new();
    for (path, value) in &old.values.0 {
        match new.values.get(path) {
            Some(other) => found.extend(comparison.of_values(path, value, other)),
            None => found.extend(comparison.only(path, value, new, true)),
        }
    }
    for (path, value) in &new.values.0 {
        if old.values.get(path).is_none() {
            found.extend(comparison.only(path, value, old, false));
        }
    }
    found
}

struct Comparison<'d, 'c> {
    side: Side,
    old: &'d Document<'c>,
    new: &'d Document<'c>,
    declarations: &'d Declarations<'c>,
}

impl Comparison<'_, '_> {
    /// What a member means that one body has and the other has not.
    fn only(&self, path: &Path, value: &Value<'_>, other: &Document<'_>, is_removal: bool) -> Option<BodyChange> {
        let name = match path.steps().last()? {
            Step::Name(name) => name,
            // An example without elements says nothing of them.
            Step::Index(_) => return None,
        };
        // What is around it is missing, too, or is no longer an object.
        other.values.get(&path.parent()?).filter(|around| around.kinds.has(json::Kind::Object))?;
        let is_documented =
            value.declared.is_some_and(|(owner, property)| self.declarations.still_has(owner, &property.name));
        let is_required = value.declared.is_some_and(|(_, property)| property.required);
        let kind = match (self.side, is_removal) {
            _ if is_annotation(name) => Kind::AnnotationChanged,
            (Side::Request, true) if is_documented => Kind::RequestMemberUnshown,
            (Side::Request, true) => Kind::RequestMemberRemoved,
            (Side::Request, false) if is_required => Kind::RequestMemberRequired,
            (Side::Request, false) => Kind::RequestMemberAdded,
            (Side::Response, true) => Kind::ResponseMemberRemoved,
            (Side::Response, false) => Kind::ResponseMemberAdded,
        };
        let text = value.json.to_string();
        let (before, after) = if is_removal { (text, NOTHING.to_owned()) } else { (NOTHING.to_owned(), text) };
        Some(self.change(kind, &value.first, (before, after), value.declared))
    }

    fn of_values(&self, path: &Path, old: &Value<'_>, new: &Value<'_>) -> Option<BodyChange> {
        let kind = self.kind_of(path, old, new)?;
        let (before, after) = match kind {
            Kind::SampleChanged | Kind::AnnotationChanged => first_difference(old, new),
            _ => (old.json.to_string(), new.json.to_string()),
        };
        let declared = old.declared.or(new.declared);
        let mut change = self.change(kind, &new.first, (before, after), declared);
        change.old = self.old.place(&old.first);
        Some(change)
    }

    fn kind_of(&self, path: &Path, old: &Value<'_>, new: &Value<'_>) -> Option<Kind> {
        let (was, is) = (old.kinds.values(), new.kinds.values());
        // Nothing is known of a value of which there was only null, or only the name of a type.
        let is_known = !was.is_empty() && !is.is_empty();
        if names_annotation(path) {
            return (old.scalars != new.scalars || old.kinds != new.kinds).then_some(Kind::AnnotationChanged);
        }
        if is_known && !is.are_among(was) {
            let retyped = match self.side {
                Side::Request => Kind::RequestMemberRetyped,
                Side::Response => Kind::ResponseMemberRetyped,
            };
            return Some(retyped);
        }
        let null = json::Kind::Null;
        let may_be_null = |value: &Value<'_>| value.declared.is_some_and(|(_, property)| property.nullable);
        let is_new_null = !was.is_empty() && new.kinds.has(null) && !old.kinds.has(null);
        if is_new_null && self.side == Side::Response && !may_be_null(old) && !may_be_null(new) {
            return Some(Kind::ResponseMemberNull);
        }
        // Where all values are volatile on one side, nothing is compared.
        let differ = old.scalars != new.scalars && !old.scalars.is_empty() && !new.scalars.is_empty();
        (differ || is_new_null || old.kinds.has(null) != new.kinds.has(null)).then_some(Kind::SampleChanged)
    }

    fn change(
        &self,
        kind: Kind,
        path: &Path,
        (before, after): (String, String),
        declared: Option<(&str, &Property)>,
    ) -> BodyChange {
        let property = declared.map(|(owner, property)| (owner.to_owned(), property.name.clone()));
        let follows = property.as_ref().and_then(|property| self.declarations.changed.get(property)).copied();
        let follows = follows.filter(|follows| match kind {
            Kind::RequestMemberRemoved | Kind::ResponseMemberRemoved => *follows == Kind::PropertyRemoved,
            Kind::RequestMemberAdded | Kind::RequestMemberRequired | Kind::ResponseMemberAdded => {
                matches!(follows, Kind::PropertyAdded | Kind::PropertyRequired)
            }
            Kind::RequestMemberRetyped | Kind::ResponseMemberRetyped => *follows == Kind::PropertyRetyped,
            _ => false,
        });
        let (old, new) = (self.old.place(path), self.new.place(path));
        BodyChange { kind, path: path.clone(), before, after, old, new, property, follows }
    }
}

/// The first value that only one of two examples has.
fn first_difference(old: &Value<'_>, new: &Value<'_>) -> (String, String) {
    let only = |one: &Value<'_>, other: &Value<'_>| {
        let found = one.scalars.iter().find(|text| other.scalars.binary_search(text).is_err());
        found.cloned().unwrap_or_else(|| one.json.to_string())
    };
    (only(old, new), only(new, old))
}
