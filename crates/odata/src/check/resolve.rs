//! From a documented path to what it addresses, segment by segment (OData URL Conventions 4.01 section 4).

use super::operation::{self, Given};
use super::remark::{Remark, is_called};
use super::resource::{ELSEWHERE, Kind, Names, Resource, Source, did_you_mean, in_any_case, subject_of_unknown};
use super::segment::{is_key_placeholder, is_like, not_well_formed};
use crate::csdl::{Csdl, ElementKind, Notes, Property, TypeId};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::diagnostic::Code;
use graph_contracts::url::Segment;

/// A documented path with what else the page says about it.
pub(super) struct Documented<'p> {
    pub(super) segments: &'p [Segment],
    /// The segments of the example's URL.
    pub(super) example: &'p [Segment],
    /// The names of the example's query parameters.
    pub(super) query: &'p [String],
    /// Whether the request is a POST: then the last segment is not a key.
    pub(super) is_post: bool,
}

impl<'p> Documented<'p> {
    /// What the example's URL has in the place of a placeholder, if it is on this template.
    fn example_at(&self, index: usize) -> Option<&'p Segment> {
        let is_on = |(own, example): (&Segment, &Segment)| own.is_placeholder() || is_like(own, example);
        let is_example = self.segments.len() == self.example.len() && self.segments.iter().zip(self.example).all(is_on);
        self.example.get(index).filter(|own| is_example && !own.is_placeholder())
    }
}

/// What a path addresses; or the segment that nothing declares, as a remark.
pub(super) fn resolve<'c, 'x>(csdl: &'c Csdl<'x>, path: &Documented<'_>) -> Result<Resource<'c, 'x>, Remark> {
    let mut walk = Walk {
        csdl,
        path,
        index: 0,
        resource: Resource {
            kind: Kind::Root,
            source: Source::Nothing,
            passed: Vec::new(),
            calls: Vec::new(),
            remarks: Vec::new(),
        },
    };
    let (mut within_path, mut has_gap) = (false, false);
    for (index, segment) in path.segments.iter().enumerate() {
        walk.index = index;
        if std::mem::take(&mut within_path) {
            continue;
        }
        if matches!(walk.resource.kind, Kind::Outside(_)) {
            break;
        }
        // `childFolders/{id}/.../messages`: what comes before is repeated as often as one likes.
        if matches!(segment.name.as_str(), "..." | "…") {
            has_gap = true;
            continue;
        }
        match walk.step(segment) {
            Err(_) if has_gap => walk.resource.kind = Kind::Outside("an ellipsis stands for some of its segments"),
            step => step?,
        }
        if segment.has_colon {
            walk.addressed_by_path(segment)?;
            within_path = true;
        }
    }
    walk.deprecated_type();
    Ok(walk.resource)
}

pub(super) struct Walk<'w, 'c, 'x> {
    pub(super) csdl: &'c Csdl<'x>,
    pub(super) path: &'w Documented<'w>,
    /// The segment at hand.
    pub(super) index: usize,
    pub(super) resource: Resource<'c, 'x>,
}

pub(super) type Step = Result<(), Remark>;

impl<'c, 'x> Walk<'_, 'c, 'x> {
    fn step(&mut self, segment: &Segment) -> Step {
        if let Some(why) = not_well_formed(segment) {
            let subject = format!("{}/{}", self.resource.kind.describe(self.csdl), segment.text);
            return Err(self.remark(Code::SegmentNotInMetadata, why, subject, self.resource.source.at()));
        }
        if segment.name.starts_with('$') {
            return self.system(segment);
        }
        match self.resource.kind {
            Kind::Root => self.below_service(segment),
            Kind::Entities(id) => self.below_entities(segment, id),
            Kind::Entity(id) => self.below_one(segment, id),
            Kind::Value(type_ref) => match type_ref.id.filter(|id| self.csdl.structured(*id).is_some()) {
                Some(id) if type_ref.collection && self.is_passed(segment, id, true)? => Ok(()),
                Some(_) if type_ref.collection => Err(self.nothing_follows(segment)),
                Some(id) => self.below_one(segment, id),
                None => Err(self.nothing_follows(segment)),
            },
            Kind::Action(_) | Kind::Count | Kind::Raw | Kind::References { .. } | Kind::Batch | Kind::Document => {
                if self.key_of_references(segment) {
                    Ok(())
                } else {
                    Err(self.nothing_follows(segment))
                }
            }
            Kind::Outside(_) => Ok(()),
        }
    }

    /// `$count`, `$value`, `$ref` and their like.
    fn system(&mut self, segment: &Segment) -> Step {
        let kind = self.resource.kind;
        let next = match (segment.name.to_ascii_lowercase().as_str(), kind) {
            ("$batch", Kind::Root) => Kind::Batch,
            ("$metadata", Kind::Root) => Kind::Document,
            ("$entity" | "$all" | "$crossjoin", Kind::Root) => Kind::Outside("what it gives is in the query"),
            ("$count", Kind::Entities(_)) => Kind::Count,
            ("$count", Kind::Value(type_ref)) if type_ref.collection => Kind::Count,
            // `members/$ref?$id=...` is one of them (OData Protocol 4.01 section 11.4.6.2).
            ("$ref", Kind::Entities(target)) => {
                let has_id = self.path.query.iter().any(|name| matches!(name.as_str(), "$id" | "id"));
                Kind::References { collection: !has_id, target }
            }
            ("$ref", Kind::Entity(target)) => Kind::References { collection: false, target },
            ("$value", Kind::Entity(id)) if self.csdl.may_have_stream(id) => Kind::Raw,
            ("$value", Kind::Entity(_)) => {
                Kind::Outside("the metadata declares no media stream there, and some services have one all the same")
            }
            ("$value", Kind::Value(type_ref)) if !type_ref.collection => Kind::Raw,
            ("$value", Kind::Raw) => Kind::Raw,
            ("$filter" | "$each" | "$query", _) => Kind::Outside("it addresses what a filter selects"),
            _ => return Err(self.nothing_follows(segment)),
        };
        self.resource.kind = next;
        Ok(())
    }

    fn below_service(&mut self, segment: &Segment) -> Step {
        if segment.is_placeholder() {
            self.resource.kind = Kind::Outside("its first segment is a placeholder");
            return Ok(());
        }
        let Some(element) = in_any_case(&self.csdl.elements, &segment.name, |own| own.name) else {
            if self.csdl.extends_unknown() {
                self.resource.kind = Kind::Outside(ELSEWHERE);
                return Ok(());
            }
            let names: Vec<&str> = self.csdl.elements.iter().map(|element| element.name).collect();
            return Err(self.unknown(segment, "the service", "in the entity container", self.csdl.container, &names));
        };
        if element.name != segment.name {
            self.case_differs(segment, element.name, element.at);
        }
        self.resource.source = Source::Element(element);
        self.pass(element.name, element.notes.as_deref());
        self.deprecated(element.name, element.notes.as_deref());
        match element.kind {
            ElementKind::EntitySet | ElementKind::Singleton => {
                let mut type_ref = self.csdl.type_ref(element.type_text);
                type_ref.collection = element.kind == ElementKind::EntitySet;
                self.resource.kind = Kind::of(self.csdl, type_ref);
                self.key_in_parentheses(segment)
            }
            ElementKind::ActionImport | ElementKind::FunctionImport => {
                let name = element.type_text.rsplit('.').next().unwrap_or(element.type_text);
                let overloads: Vec<_> = self.csdl.operations_called(name).filter(|own| !own.is_bound).collect();
                self.invoke(segment, &overloads)
            }
        }
    }

    fn below_entities(&mut self, segment: &Segment, id: TypeId) -> Step {
        if segment.is_placeholder() && segment.arguments.is_none() {
            self.indexed(segment)?;
            self.resource.kind = Kind::Entity(id);
            return Ok(());
        }
        if self.is_passed(segment, id, true)? {
            return Ok(());
        }
        match self.literal_key(segment, id) {
            Err(_) if self.may_be_elsewhere(segment, id, true) => {
                self.resource.kind = Kind::Outside(ELSEWHERE);
                Ok(())
            }
            step => step,
        }
    }

    /// Whether what a segment names may be declared in a document that was not given: as a property or operation of a type that it
    /// inherits from, as a cast, or as an operation that is bound to a type of that document.
    fn may_be_elsewhere(&self, segment: &Segment, id: TypeId, collection: bool) -> bool {
        let name = segment.qualified().map_or(segment.name.as_str(), |(_, name)| name);
        self.csdl.inherits_unknown(id)
            || self.csdl.is_elsewhere(&segment.name)
            || self.csdl.is_bound_to_unknown(name, collection)
    }

    /// From an entity or a complex value on.
    fn below_one(&mut self, segment: &Segment, id: TypeId) -> Step {
        if let Some(property) = self.csdl.property(id, &segment.name) {
            return self.property(segment, property);
        }
        if self.is_passed(segment, id, false)? {
            return Ok(());
        }
        if segment.is_placeholder() {
            let example = self.path.example_at(self.index);
            if let Some(property) = example.and_then(|example| self.csdl.property(id, &example.name)) {
                return self.property(segment, property);
            }
            if example.is_some() || is_key_placeholder(segment) {
                return Err(self.no_key_follows(segment));
            }
            self.resource.kind = Kind::Outside("a placeholder stands for the name of a property");
            return Ok(());
        }
        if self.may_be_elsewhere(segment, id, false) {
            self.resource.kind = Kind::Outside(ELSEWHERE);
            return Ok(());
        }
        if let Some(property) = self.csdl.property_ignoring_case(id, &segment.name) {
            self.case_differs(segment, property.name, property.at);
            return self.property(segment, property);
        }
        let mut names: Vec<&str> = self.csdl.properties(id).map(|property| property.name).collect();
        names.extend(operation::names_bound_to(self.csdl, id, false));
        let full_name = self.csdl.full_name(id);
        let owners = self.owners_below(id, &segment.name);
        if !owners.is_empty() {
            let casts: Vec<String> = owners.iter().take(3).map(|owner| format!("/{owner}")).collect();
            let casts: Vec<&str> = casts.iter().map(String::as_str).collect();
            return Err(self.remark(
                Code::SegmentNotInMetadata,
                format!(
                    "`{}` is not declared on {full_name}, but on types derived from it: a cast such as {} has to stand before it",
                    segment.name,
                    Names(&casts)
                ),
                format!("{full_name}/{}", segment.name),
                Some(self.csdl.declaration(id).at),
            ));
        }
        let mut remark = self.unknown(segment, &full_name, "", Some(self.csdl.declaration(id).at), &names);
        remark.subject = subject_of_unknown(self.csdl, id, &segment.name);
        Err(remark)
    }

    /// The types derived from a type that declare a property of that name, or that an operation of that name is bound to.
    fn owners_below(&self, id: TypeId, name: &str) -> Vec<String> {
        let declares = |id: &TypeId| {
            self.csdl.own_properties(*id).iter().any(|own| own.name == name)
                || operation::is_any_bound_to(self.csdl, name, *id, false)
        };
        let derived: Vec<TypeId> = self.csdl.descendants(id).into_iter().filter(declares).collect();
        // Operations are bound to what is derived from their type, too.
        let inherits = |id: &&TypeId| derived.iter().any(|other| other != *id && self.csdl.is_a(**id, *other));
        let mut owners: Vec<String> =
            derived.iter().filter(|id| !inherits(id)).map(|id| self.csdl.full_name(*id)).collect();
        owners.sort_unstable();
        owners
    }

    fn property(&mut self, segment: &Segment, property: &'c Property<'x>) -> Step {
        self.navigable(segment, property)?;
        self.resource.source = Source::Property(property);
        self.pass(property.name, property.notes.as_deref());
        self.resource.kind = match property.type_text {
            "Edm.Stream" => Kind::Raw,
            text => Kind::of(self.csdl, self.csdl.type_ref(text)),
        };
        self.deprecated(property.name, property.notes.as_deref());
        self.key_in_parentheses(segment)
    }

    /// Goes on by a name. What was said on the way may be about what it leads to.
    fn pass(&mut self, name: &str, notes: Option<&'c Notes>) {
        for (_, path) in &mut self.resource.passed {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(name);
        }
        let notes = notes.filter(|notes| !notes.restricted.is_empty());
        self.resource.passed.extend(notes.map(|notes| (notes, String::new())));
    }

    /// Whether a segment is a cast or an operation, which is then passed.
    fn is_passed(&mut self, segment: &Segment, id: TypeId, collection: bool) -> Result<bool, Remark> {
        let exact = self.csdl.find_type(&segment.name);
        let derived = exact.or_else(|| self.csdl.find_type_ignoring_case(&segment.name));
        if let Some(derived) = derived.filter(|_| segment.qualified().is_some()) {
            // A function may be called like a type that cannot stand there.
            let may_be_cast = self.csdl.may_be_a(derived, id) || self.csdl.may_be_a(id, derived);
            if !may_be_cast && self.bound_operation(segment, id, collection)? {
                return Ok(true);
            }
            if exact.is_none() {
                self.case_differs(segment, &self.csdl.full_name(derived), self.csdl.declaration(derived).at);
            }
            self.cast(segment, derived, id, collection)?;
            return Ok(true);
        }
        self.bound_operation(segment, id, collection)
    }

    /// A type's qualified name, which says that the values are of that type (section 4.11).
    fn cast(&mut self, segment: &Segment, derived: TypeId, id: TypeId, collection: bool) -> Step {
        let at = self.csdl.declaration(derived).at;
        if !self.csdl.may_be_a(derived, id) && !self.csdl.may_be_a(id, derived) {
            let (name, full_name) = (self.csdl.full_name(derived), self.csdl.full_name(id));
            return Err(self.remark(
                Code::SegmentNotInMetadata,
                format!("{name} is not derived from {full_name}"),
                format!("{full_name}/{name}"),
                Some(at),
            ));
        }
        self.resource.kind = match (self.resource.kind, collection) {
            (Kind::Value(type_ref), _) => Kind::Value(crate::csdl::TypeRef { id: Some(derived), ..type_ref }),
            (_, true) => Kind::Entities(derived),
            (_, false) => Kind::Entity(derived),
        };
        self.key_in_parentheses(segment)
    }

    /// An action or function that is bound to what was addressed so far.
    fn bound_operation(&mut self, segment: &Segment, id: TypeId, collection: bool) -> Result<bool, Remark> {
        let (namespace, name) = match segment.qualified() {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, segment.name.as_str()),
        };
        let mut overloads = operation::bound_to(self.csdl, name, namespace, id, collection);
        if overloads.is_empty() {
            let names = operation::names_bound_to(self.csdl, id, collection);
            let Some(other) = names.into_iter().find(|other| other.eq_ignore_ascii_case(name)) else {
                return Ok(false);
            };
            overloads = operation::bound_to(self.csdl, other, namespace, id, collection);
            let Some(first) = overloads.first() else { return Ok(false) };
            self.case_differs(segment, first.name, first.at);
        }
        self.invoke(segment, &overloads)?;
        Ok(true)
    }

    fn invoke(&mut self, segment: &Segment, overloads: &[&'c crate::csdl::Operation<'x>]) -> Step {
        if overloads.is_empty() {
            // An import of an operation.
            self.resource.kind = Kind::Outside(ELSEWHERE);
            return Ok(());
        }
        let given = Given::of(segment, self.path.example, self.path.query);
        let is_last = self.index + 1 == self.path.segments.len();
        // A function that is posted to, with its parameters in the body: that it is a function is what is wrong.
        let posted = overloads.first().filter(|_| self.path.is_post && is_last && !given.has_any());
        let chosen = match (operation::choose(self.csdl, overloads, &given), posted) {
            (Err(_), Some(operation)) => Ok(*operation),
            (chosen, _) => chosen,
        };
        let operation = chosen.map_err(|message| {
            let first = overloads.first();
            let subject = first.map_or_else(String::new, |own| format!("{}()", own.name));
            self.remark(Code::FunctionParametersNotInMetadata, message, subject, first.map(|own| own.at))
        })?;
        for name in &given.named {
            let parameter = in_any_case(operation.own_parameters(), name, |own| own.name);
            if let Some(parameter) = parameter.filter(|own| own.name != name) {
                let message = format!("the parameter {}", is_called(name, parameter.name));
                let subject = format!("{}({})", operation.name, parameter.name);
                self.resource.remarks.push(self.remark(Code::NameCaseDiffers, message, subject, Some(operation.at)));
            }
        }
        self.deprecated(operation.name, operation.notes.as_deref());
        self.resource.source = Source::Operation(operation);
        self.resource.calls.push((self.index, operation));
        self.resource.passed.clear();
        self.resource.kind = operation::result(self.csdl, operation);
        Ok(())
    }

    fn case_differs(&mut self, segment: &Segment, declared: &str, at: u32) {
        let message = is_called(&segment.name, declared);
        self.resource.remarks.push(self.remark(Code::NameCaseDiffers, message, declared.to_owned(), Some(at)));
    }

    fn deprecated(&mut self, name: &str, notes: Option<&Notes>) {
        let Some(deprecation) = notes.and_then(|notes| notes.deprecated.as_ref()) else { return };
        let removal = deprecation.removal.as_ref().map(|date| format!(" and is removed on {date}"));
        let description = Some(deprecation.description.trim()).filter(|description| !description.is_empty());
        let because = description.map(|description| format!(": {description}"));
        let message = format!("`{name}` is deprecated{}{}", removal.unwrap_or_default(), because.unwrap_or_default());
        let remark = self.remark(Code::DeprecatedInMetadata, message, name.to_owned(), Some(deprecation.at));
        self.resource.remarks.push(remark);
    }

    /// That what the path leads to is of a deprecated type: services annotate that more often than each way to it.
    fn deprecated_type(&mut self) {
        let (Kind::Entities(id) | Kind::Entity(id)) = self.resource.kind else { return };
        let declaration = self.csdl.declaration(id);
        let is_said = self.resource.remarks.iter().any(|own| own.code == Code::DeprecatedInMetadata);
        if !is_said {
            self.deprecated(declaration.name, declaration.notes.as_deref());
        }
    }

    fn nothing_follows(&self, segment: &Segment) -> Remark {
        let what = self.resource.kind.describe(self.csdl);
        self.remark(
            Code::SegmentNotInMetadata,
            format!("`{}` cannot follow {what}", segment.text),
            format!("{what}/{}", segment.name),
            self.resource.source.at(),
        )
    }

    /// That nothing of that name is declared, with the names that are like it.
    pub(super) fn unknown(
        &self,
        segment: &Segment,
        owner: &str,
        place: &str,
        at: Option<u32>,
        names: &[&str],
    ) -> Remark {
        let name = segment.qualified().map_or(segment.name.as_str(), |(_, name)| name);
        let hint = did_you_mean(name, names.iter().copied());
        let place = if place.is_empty() { String::new() } else { format!(" {place}") };
        self.remark(
            Code::SegmentNotInMetadata,
            format!("{owner} has nothing called `{}`{place}{hint}", segment.name),
            format!("{owner}/{}", segment.name),
            at,
        )
    }

    pub(super) fn remark(&self, code: Code, message: String, subject: String, at: Option<u32>) -> Remark {
        let segment = At::Request(RequestPart::Segment(self.index + 1));
        Remark { subject, ..Remark::new(code, segment, message, at) }
    }
}
