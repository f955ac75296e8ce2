//! The JSON bodies of two contracts: which members came and went, and whether values have another type.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::two::Two;
use super::types::Declarations;
use super::values::{Value, Values, Volatile};
use crate::declared::{Side, body, names_annotation};
use crate::{Kind, NOTHING};
use graph_contracts::contract::{BlockSource, Contract, Property, TypeName, UNTYPED};
use graph_contracts::json::{self, Json, Lines, Path, Step};
use graph_contracts::normal::is_annotation;
use graph_contracts::source::SourceLine;

/// A body of one of the two contracts.
struct Document<'c> {
    json: &'c Json,
    values: Values<'c>,
    page: &'c str,
    source: &'c BlockSource,
    lines: OnceCell<Lines>,
}

impl<'c> Document<'c> {
    fn new(contract: &'c Contract, side: Side, source: &'c BlockSource, volatile: &Volatile) -> Option<Document<'c>> {
        let body = body(contract, side)?;
        let (json, values, page) = (body.typed.body, Values::of(body, volatile), contract.source.page.as_str());
        Some(Document { json, values, page, source, lines: OnceCell::new() })
    }

    /// The page and line of the value at a path, or of what is nearest around it.
    fn place(&self, path: &Path) -> SourceLine {
        let line = self.lines.get_or_init(|| self.source.lines(self.json)).nearest(path);
        SourceLine::new(self.page, line.unwrap_or(self.source.line))
    }
}

/// What differs between two JSON bodies. They are not trees here, but values by place: the elements of an array are one place, and
/// examples do not say which of them belong together.
pub(super) fn changes(two: Two<'_>, side: Side, declarations: &Declarations<'_>, found: &mut Vec<Found>) {
    // What is sent is as documented.
    let nothing = Volatile::default();
    let (old_source, new_source) = two.blocks(side);
    let old = Document::new(two.old, side, old_source, side.of(&nothing, two.volatile.0));
    let new = Document::new(two.new, side, new_source, side.of(&nothing, two.volatile.1));
    let (Some(old), Some(new)) = (old, new) else { return };
    let comparison = Comparison { two, side, old: &old, new: &new, declarations };
    // Names that differ in their case alone are one member.
    let only_new = new.values.0.iter().filter(|(path, _)| !old.values.0.contains_key(path));
    let in_any_case: BTreeMap<String, (&Path, &Value<'_>)> =
        only_new.clone().map(|(path, value)| (path.to_string().to_lowercase(), (path, value))).collect();
    let mut recased = BTreeSet::new();
    for (path, value) in &old.values.0 {
        found.extend(match new.values.0.get(path) {
            Some(other) => comparison.of_values(path, value, other),
            None => match in_any_case.get(&path.to_string().to_lowercase()) {
                Some((other_path, other)) => {
                    recased.insert(*other_path);
                    comparison.recased((path, value), (other_path, other))
                }
                None => comparison.only(path, value, &new, true),
            },
        });
    }
    for (path, value) in only_new.filter(|(path, _)| !recased.contains(path)) {
        found.extend(comparison.only(path, value, &old, false));
    }
}

struct Comparison<'d, 'c> {
    two: Two<'c>,
    side: Side,
    old: &'d Document<'c>,
    new: &'d Document<'c>,
    declarations: &'d Declarations<'c>,
}

impl Comparison<'_, '_> {
    /// What a member means that one body has and the other has not.
    fn only(&self, path: &Path, value: &Value<'_>, other: &Document<'_>, is_removal: bool) -> Option<Found> {
        let name = match path.steps().last()? {
            Step::Name(name) => name,
            // An example without elements says nothing of them.
            Step::Index(_) => return None,
        };
        // What is around it is missing, too, or is no longer an object.
        other.values.0.get(&path.parent()?).filter(|around| around.kinds.contains(&json::Kind::Object))?;
        let is_documented =
            value.declared.is_some_and(|(owner, property)| self.declarations.still_has(owner, &property.name));
        let is_required = value.declared.is_some_and(|(_, property)| property.required);
        let kind = match (self.side, is_removal) {
            _ if is_annotation(name) => Kind::AnnotationChanged,
            (Side::Request, true) if is_documented => Kind::RequestMemberUnshown,
            (Side::Request, true) => Kind::RequestMemberRemoved,
            (Side::Request, false) if is_required => Kind::RequestMemberRequired,
            (Side::Request, false) => Kind::RequestMemberAdded,
            (Side::Response, true) if is_documented && self.two.new.response.may_be_truncated => {
                Kind::ResponseMemberUnshown
            }
            (Side::Response, true) => Kind::ResponseMemberRemoved,
            (Side::Response, false) => Kind::ResponseMemberAdded,
        };
        let text = value.json.to_string();
        let words = if is_removal { (text.as_str(), NOTHING) } else { (NOTHING, text.as_str()) };
        Some(self.change(kind, (&value.first, &value.first), words, value.declared))
    }

    /// A member whose name is in another case now. Below it, paths are others for that reason alone.
    fn recased(&self, (path, old): (&Path, &Value<'_>), (other_path, new): (&Path, &Value<'_>)) -> Option<Found> {
        let name = |path: &Path| path.last_name().map(str::to_owned);
        let (before, after) = (name(path)?, name(other_path)?);
        let is_own = before != after && path.parent() == other_path.parent();
        is_own.then(|| self.change(Kind::PropertyCase, (&old.first, &new.first), (&before, &after), old.declared))
    }

    fn of_values(&self, path: &Path, old: &Value<'_>, new: &Value<'_>) -> Option<Found> {
        let kind = self.kind_of(path, old, new)?;
        let (before, after) = match kind {
            Kind::SampleChanged | Kind::AnnotationChanged => first_difference(old, new),
            _ => (old.json.to_string(), new.json.to_string()),
        };
        Some(self.change(kind, (&old.first, &new.first), (&before, &after), old.declared.or(new.declared)))
    }

    fn kind_of(&self, path: &Path, old: &Value<'_>, new: &Value<'_>) -> Option<Kind> {
        let (was, is) = (old.kinds_of_values(), new.kinds_of_values());
        // Nothing is known of a value of which there was only null, or only the name of a type.
        let is_known = !was.is_empty() && !is.is_empty();
        if names_annotation(path) {
            return (old.scalars != new.scalars || old.kinds != new.kinds).then_some(Kind::AnnotationChanged);
        }
        if is_known && !is.is_subset(&was) && !is_declared_alike(old, new) {
            return Some(self.side.of(Kind::RequestMemberRetyped, Kind::ResponseMemberRetyped));
        }
        let has_null = |value: &Value<'_>| value.kinds.contains(&json::Kind::Null);
        let may_be_null =
            |value: &Value<'_>| value.declared.is_some_and(|(_, property)| property.nullable == Some(true));
        let is_new_null = !was.is_empty() && has_null(new) && !has_null(old);
        if is_new_null && self.side == Side::Response && !may_be_null(old) && !may_be_null(new) {
            return Some(Kind::ResponseMemberNull);
        }
        // Where all values are volatile on one side, nothing is compared.
        let differ = old.scalars != new.scalars && !old.scalars.is_empty() && !new.scalars.is_empty();
        (differ || is_new_null || has_null(old) != has_null(new)).then_some(Kind::SampleChanged)
    }

    /// A change at a path, of a value that is one of the property `declared` of a type.
    fn change(
        &self,
        kind: Kind,
        (old_path, path): (&Path, &Path),
        words: (&str, &str),
        declared: Option<(&str, &Property)>,
    ) -> Found {
        let Comparison { two, side, .. } = self;
        let places = (self.old.place(old_path), self.new.place(path));
        let mut found = two.found(kind, &format!("{path} of the {side}"), words, places);
        found.place.path = Some(path.clone());
        if let Some((before, after)) = odata_types(path, words)
            && let Some(renamed) = two.renamed((&before, &after), &found)
        {
            return renamed;
        }
        match declared {
            Some((owner, property)) if let Some(kind) = self.declarations.reason(owner, &property.name, kind) => {
                two.of_type(owner, &property.name, "", Found { kind, ..found })
            }
            // Samples of one body change together.
            _ if matches!(kind, Kind::SampleChanged | Kind::AnnotationChanged) => {
                let id = &two.new.id;
                Found { key: format!("{id} {side}"), subject: format!("{side} of {id}"), ..found }
            }
            // The same member of one type in forty contracts changed for one reason.
            Some((owner, property)) => two.of_type(owner, &property.name, &side.to_string(), found),
            None => found,
        }
    }
}

/// Whether both pages declare one type for a value: then another kind of sample is a fault of a sample, on one side or on the other.
fn is_declared_alike(old: &Value<'_>, new: &Value<'_>) -> bool {
    let (Some((_, old)), Some((_, new))) = (old.declared, new.declared) else { return false };
    let is_stated = |property: &Property| !property.from_example && property.type_name != UNTYPED;
    is_stated(old) && is_stated(new) && (&old.type_name, old.collection) == (&new.type_name, new.collection)
}

/// The types that two values of `@odata.type` name.
fn odata_types(path: &Path, (before, after): (&str, &str)) -> Option<(String, String)> {
    let is_type = matches!(path.steps().last(), Some(Step::Name(name)) if name.ends_with("@odata.type"));
    let name = |text: &str| Some(TypeName::read(text.strip_prefix('"')?.strip_suffix('"')?)?.name);
    if is_type { Some((name(before)?, name(after)?)) } else { None }
}

/// The first value that only one of two examples has.
fn first_difference(old: &Value<'_>, new: &Value<'_>) -> (String, String) {
    let only = |one: &Value<'_>, other: &Value<'_>| {
        let found = one.scalars.iter().find(|text| other.scalars.binary_search(text).is_err());
        found.cloned().unwrap_or_else(|| one.json.to_string())
    };
    (only(old, new), only(new, old))
}
