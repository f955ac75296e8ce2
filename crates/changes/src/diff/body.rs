//! The JSON bodies of two contracts: which members came and went, and whether values have another type.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::two::Two;
use super::types::Declarations;
use crate::declared::{Side, body};
use crate::judgment::{MemberFacts, Value, Values, Volatile, of_member, of_values};
use crate::{Kind, NOTHING};
use graph_contracts::at::At;
use graph_contracts::contract::{BlockSource, Contract, Property, TypeName};
use graph_contracts::json::{self, Json, Lines, Path, Step};
use graph_contracts::normal::{Node, NormalBody, is_annotation};
use graph_contracts::source::SourceLine;

/// A body of one of the two contracts.
struct Document<'c> {
    json: &'c Json,
    values: Values<'c>,
    /// The form that the body is of, if it is one of a snapshot.
    form: Option<&'c NormalBody>,
    page: &'c str,
    source: &'c BlockSource,
    lines: OnceCell<Lines>,
}

impl<'c> Document<'c> {
    fn new(
        contract: &'c Contract,
        side: Side,
        source: &'c BlockSource,
        volatile: &'c Volatile<'c>,
    ) -> Option<Document<'c>> {
        let body = body(contract, side)?;
        let (json, values, page) = (body.typed.body, Values::of(body, volatile), contract.source.page.as_str());
        let form = volatile.form().map(|form| side.of(&form.request.body, &form.body));
        Some(Document { json, values, form, page, source, lines: OnceCell::new() })
    }

    /// The first of some values, with its masks if it is one of a snapshot.
    fn text(&self, value: &Value<'_>) -> String {
        match self.form.and_then(|body| body.at(&value.first)) {
            Some(Node::Mask(mask)) => mask.to_string(),
            Some(node) => node.to_json().to_string(),
            None => value.json.to_string(),
        }
    }

    /// The page and line of the value at a path, or of what is nearest around it.
    fn place(&self, path: &Path) -> SourceLine {
        let line = self.lines.get_or_init(|| self.source.lines(self.json)).nearest(path);
        SourceLine::new(self.page, line.unwrap_or(self.source.line))
    }
}

/// What differs between two JSON bodies. They are not trees here, but values by place: the elements of an array are one place, and
/// examples do not say which of them belong together.
pub(super) fn changes<'c>(two: Two<'c>, side: Side, declarations: &Declarations<'c>, found: &mut Vec<Found>) {
    let (old_source, new_source) = two.blocks(side);
    let old = Document::new(two.old, side, old_source, two.volatile.0);
    let new = Document::new(two.new, side, new_source, two.volatile.1);
    let (Some(old), Some(new)) = (old, new) else { return };
    let comparison = Comparison { two, side, old: &old, new: &new, declarations };
    // Names that differ in their case alone are one member.
    let only_new = new.values.0.iter().filter(|(path, _)| !old.values.0.contains_key(path));
    let in_any_case: BTreeMap<String, (&Path, &Value<'_>)> =
        only_new.clone().map(|(path, value)| (path.to_string().to_lowercase(), (path, value))).collect();
    let mut recased = BTreeSet::new();
    for (path, value) in &old.values.0 {
        found.extend(match new.values.0.get(path) {
            Some(other) => comparison.of_values(value, other),
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
        let declares = |owner, property: &Property| self.declarations.may_still_have(owner, property);
        let kind = of_member(MemberFacts {
            side: self.side,
            is_removal,
            is_annotation: is_annotation(name),
            was_declared: is_removal && value.declared.is_some(),
            is_declared: value.declared.is_some_and(|(owner, property)| declares(owner, property)),
            is_required: value.declared.is_some_and(|(_, property)| property.required),
            is_shortened: self.two.new.response.may_be_truncated,
        });
        let text = if is_removal { self.old.text(value) } else { self.new.text(value) };
        let words = if is_removal { (text.as_str(), NOTHING) } else { (NOTHING, text.as_str()) };
        Some(self.change(kind, (&value.first, &value.first), words, value.declared))
    }

    /// A member whose name is in another case now. Below it, paths are others for that reason alone.
    fn recased(&self, (path, old): (&Path, &Value<'_>), (other_path, new): (&Path, &Value<'_>)) -> Option<Found> {
        let name = |path: &Path| path.last_name().map(str::to_owned);
        let (before, after) = (name(path)?, name(other_path)?);
        let is_own = before != after && path.parent() == other_path.parent();
        let kind = self.side.of(Kind::NameCase, Kind::PropertyCase);
        is_own.then(|| self.change(kind, (&old.first, &new.first), (&before, &after), old.declared))
    }

    fn of_values(&self, old: &Value<'_>, new: &Value<'_>) -> Option<Found> {
        let mut kind = of_values(self.side, old, new)?;
        if matches!(kind, Kind::RequestMemberRetyped | Kind::ResponseMemberRetyped)
            && old.stated().is_some()
            && new.stated().is_some()
            && old.declared.is_some_and(|(owner, own)| self.declarations.is_harmless(owner, &own.name))
        {
            // The other type is no reason for a caller to fail, and so is this.
            kind = Kind::SampleChanged;
        }
        let (before, after) = match kind {
            Kind::SampleChanged | Kind::AnnotationChanged => self.first_difference(old, new),
            _ => (self.old.text(old), self.new.text(new)),
        };
        Some(self.change(kind, (&old.first, &new.first), (&before, &after), old.declared.or(new.declared)))
    }

    /// The first value that only one of two examples has.
    fn first_difference(&self, old: &Value<'_>, new: &Value<'_>) -> (String, String) {
        let only = |document: &Document<'_>, one: &Value<'_>, other: &Value<'_>| {
            let found = one.scalars.iter().find(|text| other.scalars.binary_search(text).is_err());
            found.cloned().unwrap_or_else(|| document.text(one))
        };
        (only(self.old, old, new), only(self.new, new, old))
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
        let spot = At::Path(path.clone());
        found.place.spot = Some(side.of(spot.clone().in_request(), spot));
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

/// The types that two values of `@odata.type` name.
fn odata_types(path: &Path, (before, after): (&str, &str)) -> Option<(String, String)> {
    let is_type = matches!(path.steps().last(), Some(Step::Name(name)) if name.ends_with("@odata.type"));
    let name = |text: &str| Some(TypeName::read(text.strip_prefix('"')?.strip_suffix('"')?)?.name);
    if is_type { Some((name(before)?, name(after)?)) } else { None }
}
