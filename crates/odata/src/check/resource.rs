//! What a path addresses, according to the metadata.

use std::fmt;

use super::remark::Remark;
use crate::csdl::{Csdl, Element, Notes, Operation, Property, TypeId, TypeRef, nearest};

/// What a path addresses.
#[derive(Clone, Debug)]
pub(super) struct Resource<'c, 'x> {
    /// What it is.
    pub(super) kind: Kind<'c, 'x>,
    /// What declares it: the property that the last segments went through.
    pub(super) source: Source<'c, 'x>,
    /// What annotations say at what was passed on the way, each with the names of the properties that led on from there.
    pub(super) passed: Vec<(&'c Notes, String)>,
    /// The operations that were called on the way, each with the position of its segment.
    pub(super) calls: Vec<(usize, &'c Operation<'x>)>,
    /// Notes on the segments on the way.
    pub(super) remarks: Vec<Remark>,
}

/// The kinds of resource (OData URL Conventions 4.01 section 4).
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'c, 'x> {
    /// The service itself.
    Root,
    /// A collection of entities.
    Entities(TypeId),
    /// One entity.
    Entity(TypeId),
    /// The value of a structural property, or one that a function returns: primitive, complex, enumeration, or a collection.
    Value(TypeRef<'x>),
    /// A number of entities or values, as text.
    Count,
    /// The bytes of a media entity or stream, or a value as text.
    Raw,
    /// References to entities: those of a collection, or one.
    References {
        /// Whether it is a collection.
        collection: bool,
        /// The type of what they refer to.
        target: TypeId,
    },
    /// An action, which waits to be invoked.
    Action(&'c Operation<'x>),
    /// Several requests in one.
    Batch,
    /// A document of the service: its metadata.
    Document,
    /// Something of which the metadata says nothing, with the reason.
    Outside(&'static str),
}

/// What declares a resource.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'c, 'x> {
    Nothing,
    Element(&'c Element<'x>),
    /// A property, and whether an element of its collection is meant.
    Property(&'c Property<'x>),
    Operation(&'c Operation<'x>),
}

impl<'c, 'x> Source<'c, 'x> {
    /// Its name, and where it is declared.
    pub(super) fn declared(&self) -> Option<(&'x str, u32)> {
        match self {
            Source::Nothing => None,
            Source::Element(element) => Some((element.name, element.at)),
            Source::Property(property) => Some((property.name, property.at)),
            Source::Operation(operation) => Some((operation.name, operation.at)),
        }
    }

    /// Where it is declared.
    pub(super) fn at(&self) -> Option<u32> {
        self.declared().map(|(_, at)| at)
    }

    /// Whether its value, or an element of it, may be null, as far as is said.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Source::Operation(operation) => operation.return_nullable,
            Source::Property(property) => property.nullable,
            Source::Element(_) | Source::Nothing => true,
        }
    }

    /// What annotations say about it.
    pub(super) fn notes(&self) -> Option<&'c Notes> {
        match self {
            Source::Property(property) => property.notes.as_deref(),
            Source::Element(element) => element.notes.as_deref(),
            Source::Operation(_) | Source::Nothing => None,
        }
    }
}

impl<'c, 'x> Kind<'c, 'x> {
    /// A value of that type: an entity, entities, or another value.
    pub(super) fn of(csdl: &Csdl<'x>, type_ref: TypeRef<'x>) -> Kind<'c, 'x> {
        match (type_ref.id.filter(|id| csdl.is_entity(*id)), type_ref.collection) {
            (Some(id), true) => Kind::Entities(id),
            (Some(id), false) => Kind::Entity(id),
            (None, _) if matches!(type_ref.name, "Edm.EntityType" | "Edm.Untyped" | "Edm.ComplexType") => {
                Kind::Outside("its type is left open")
            }
            (None, _) if !(type_ref.id.is_some() || type_ref.name.starts_with("Edm.")) => Kind::Outside(ELSEWHERE),
            (None, _) => Kind::Value(type_ref),
        }
    }

    /// The kind in words, with its article.
    pub(super) fn describe(&self, csdl: &Csdl<'x>) -> String {
        match self {
            Kind::Root => "the service".to_owned(),
            Kind::Entities(id) => format!("a collection of {}", csdl.full_name(*id)),
            Kind::Entity(id) => format!("a single {}", csdl.full_name(*id)),
            Kind::Value(type_ref) if type_ref.collection => format!("a collection of {}", type_name(csdl, *type_ref)),
            Kind::Value(type_ref) => format!("a value of type {}", type_name(csdl, *type_ref)),
            Kind::Count => "a number".to_owned(),
            Kind::Raw => "a raw value".to_owned(),
            Kind::References { collection: true, .. } => "references of a collection".to_owned(),
            Kind::References { collection: false, .. } => "a reference".to_owned(),
            Kind::Action(operation) => format!("the action {}", operation.name),
            Kind::Batch => "a batch".to_owned(),
            Kind::Document => "the metadata".to_owned(),
            Kind::Outside(_) => "something undeclared".to_owned(),
        }
    }
}

/// Why nothing is known of what another document declares (OData CSDL XML 4.01 section 3.3).
pub(super) const ELSEWHERE: &str = "it is declared in a document that was not given";

/// The name of a type with its namespace; of an undeclared one, as it is written.
pub(super) fn type_name<'x>(csdl: &Csdl<'x>, type_ref: TypeRef<'x>) -> String {
    type_ref.id.map_or_else(|| type_ref.name.to_owned(), |id| csdl.full_name(id))
}

/// The end of a sentence about a name that is not declared: those of the declared ones that it may have meant, if there are any.
pub(super) fn did_you_mean<'n>(name: &str, declared: impl IntoIterator<Item = &'n str>) -> String {
    match nearest(name, declared).as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", Names(near)),
    }
}

/// The first item of that name, or else of that name in another case.
pub(super) fn in_any_case<'i, T>(items: &'i [T], name: &str, own_name: impl Fn(&'i T) -> &'i str) -> Option<&'i T> {
    let exact = items.iter().find(|own| own_name(own) == name);
    exact.or_else(|| items.iter().find(|own| own_name(own).eq_ignore_ascii_case(name)))
}

/// A list of names in a sentence: `a`, `b` or `c`.
pub(super) struct Names<'n>(pub(super) &'n [&'n str]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let separator = match index {
                0 => "",
                last if last + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{separator}`{name}`")?;
        }
        Ok(())
    }
}

/// What a name that a type does not have is about. Where it is nearly that of an inherited property, that was renamed, for every type
/// that inherits it.
pub(super) fn subject_of_unknown(csdl: &Csdl<'_>, id: TypeId, name: &str) -> String {
    let near = nearest(name, csdl.properties(id).map(|property| property.name));
    let property = near.first().and_then(|near| csdl.property(id, near));
    let declared = property.map(|property| csdl.declared_name(id, property));
    let owner = declared.as_deref().and_then(|declared| declared.rsplit_once('/')).map(|(owner, _)| owner.to_owned());
    format!("{}/{name}", owner.unwrap_or_else(|| csdl.full_name(id)))
}
