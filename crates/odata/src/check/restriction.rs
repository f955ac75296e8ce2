//! What annotations of the metadata rule out (OData vocabulary Capabilities): methods, keys, navigation, query options, and members of
//! requests.

use super::remark::Remark;
use super::resolve::{Step, Walk};
use super::resource::{Kind, Resource, Source};
use crate::csdl::{Ability, Capability, Csdl, ElementKind, Notes, Property};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::diagnostic::Code;
use graph_contracts::json::{Json, Path};
use graph_contracts::url::Segment;

/// What the nearest annotation says of a resource. One of a path applies to its first segment, and takes precedence over one of a property
/// at any place. Services also say it of a type, which holds for what inherits from it, unless something nearer says otherwise.
///
/// The vocabulary has no annotations of types: whether those about query options hold for what inherits from a type is not known, so that
/// `of_options` asks the type itself alone.
pub(super) fn nearest<'c, T>(
    csdl: &'c Csdl<'_>,
    resource: &Resource<'c, '_>,
    says: impl Fn(&'c Notes) -> Option<T>,
) -> Option<T> {
    nearest_of(csdl, resource, usize::MAX, says)
}

/// The same for query options.
pub(super) fn of_options<'c, T>(
    csdl: &'c Csdl<'_>,
    resource: &Resource<'c, '_>,
    says: impl Fn(&'c Notes) -> Option<T>,
) -> Option<T> {
    nearest_of(csdl, resource, 1, says)
}

fn nearest_of<'c, T>(
    csdl: &'c Csdl<'_>,
    resource: &Resource<'c, '_>,
    types: usize,
    says: impl Fn(&'c Notes) -> Option<T>,
) -> Option<T> {
    let of_path = resource.passed.iter().flat_map(|(notes, path)| notes.below(path)).find_map(&says);
    let of_type = || {
        let (Kind::Entities(id) | Kind::Entity(id)) = resource.kind else { return None };
        csdl.lineage(id).take(types).filter_map(|own| csdl.declaration(own).notes.as_deref()).find_map(&says)
    };
    of_path.or_else(|| resource.source.notes().and_then(&says)).or_else(of_type)
}

/// Where it is said that something is not allowed.
pub(super) fn denied(csdl: &Csdl<'_>, resource: &Resource<'_, '_>, ability: Ability) -> Option<Capability> {
    nearest(csdl, resource, |notes| notes.capability(ability)).filter(|own| !own.allowed)
}

/// Why a method is not allowed, and where that is said.
pub(super) fn of_method(csdl: &Csdl<'_>, method: &str, resource: &Resource<'_, '_>) -> Option<(String, u32)> {
    let is_keyed = match (resource.kind, resource.source) {
        (Kind::Entity(_), Source::Property(property)) => property.type_text.starts_with("Collection("),
        (Kind::Entity(_), Source::Element(element)) => element.kind == ElementKind::EntitySet,
        _ => false,
    };
    let (what, ability) = match (method, resource.kind) {
        // What can be read by key only says so of its own.
        ("GET" | "HEAD", Kind::Entities(_) | Kind::Entity(_)) if is_keyed => ("reading by key", Ability::ReadByKey),
        ("GET" | "HEAD", Kind::Entities(_) | Kind::Entity(_)) => ("reading", Ability::Read),
        ("GET" | "HEAD", Kind::Count) => ("counting", Ability::Count),
        ("POST", Kind::Entities(_)) => ("inserting", Ability::Insert),
        ("PATCH" | "PUT", Kind::Entity(_)) => ("updating", Ability::Update),
        ("DELETE", Kind::Entity(_)) => ("deleting", Ability::Delete),
        (_, Kind::References { .. }) => ("addressing references (`$ref`)", Ability::Reference),
        _ => return None,
    };
    if let Some(capability) = denied(csdl, resource, ability) {
        return Some((format!("the metadata says that {what} is not allowed here"), capability.at));
    }
    if ability != Ability::Update {
        return None;
    }
    // "If null, PATCH SHOULD be supported and PUT MAY be supported" (`UpdateRestrictionsType/UpdateMethod`).
    let (methods, at) = nearest(csdl, resource, |notes| notes.update_methods.as_ref())?;
    let is_other = !methods.iter().any(|own| own.eq_ignore_ascii_case(method));
    is_other.then(|| (format!("the metadata says that the update method is {}", methods.join(" or ")), *at))
}

impl<'c> Walk<'_, 'c, '_> {
    /// Whether annotations let a navigation property be followed from here.
    pub(super) fn navigable(&self, segment: &Segment, property: &Property<'_>) -> Step {
        if !property.is_navigation {
            return Ok(());
        }
        // What is said of this very property goes before what is said of all of them.
        let below = |(notes, path): &(&'c Notes, String)| {
            let path = if path.is_empty() { property.name.to_owned() } else { format!("{path}/{}", property.name) };
            notes.below(&path).find_map(Notes::navigable)
        };
        let own = self.resource.passed.iter().find_map(below);
        let said = own.or_else(|| nearest(self.csdl, &self.resource, Notes::navigable));
        match said.filter(|said| !said.allowed) {
            None => Ok(()),
            Some(said) => {
                let message = format!("the metadata says that `{}` cannot be followed from here", property.name);
                Err(self.remark(Code::RestrictedInMetadata, message, segment.name.clone(), Some(said.at)))
            }
        }
    }

    /// A key of one of a collection, where annotations let it be addressed by that.
    pub(super) fn indexed(&self, segment: &Segment) -> Step {
        match denied(self.csdl, &self.resource, Ability::IndexByKey) {
            None => Ok(()),
            Some(said) => {
                let message = "the metadata says that what is in this collection cannot be addressed by key".to_owned();
                Err(self.remark(Code::RestrictedInMetadata, message, segment.name.clone(), Some(said.at)))
            }
        }
    }
}

/// The query options of a read that are not allowed.
pub(super) fn of_query(csdl: &Csdl<'_>, resource: &Resource<'_, '_>, query: &[(String, String)]) -> Vec<Remark> {
    let refused = |(name, value): &(String, String)| {
        let ability = match name.trim_start_matches('$').to_ascii_lowercase().as_str() {
            "filter" => Ability::Filter,
            "orderby" => Ability::Sort,
            "expand" => Ability::Expand,
            "select" => Ability::Select,
            "search" => Ability::Search,
            "top" => Ability::Top,
            "skip" => Ability::Skip,
            "count" if value.eq_ignore_ascii_case("true") => Ability::Count,
            _ => return None,
        };
        let capability = of_options(csdl, resource, |notes| notes.capability(ability)).filter(|own| !own.allowed)?;
        let message = format!("the metadata says that `{name}` is not supported here");
        Some(remark(resource, name, At::Request(RequestPart::Query(name.clone())), message, capability.at))
    };
    query.iter().filter_map(refused).collect()
}

/// The members of a request's body that the service does not take there. `is_navigation` says whether a name is that of a navigation
/// property.
pub(super) fn of_members(
    csdl: &Csdl<'_>,
    method: &str,
    resource: &Resource<'_, '_>,
    body: &Json,
    is_navigation: impl Fn(&str) -> bool,
) -> Vec<Remark> {
    let ability = match (method, resource.kind) {
        ("POST", Kind::Entities(_)) => Ability::Insert,
        ("PATCH" | "PUT", Kind::Entity(_)) => Ability::Update,
        _ => return Vec::new(),
    };
    let Json::Object(members) = body else { return Vec::new() };
    let what = if ability == Ability::Insert { "when the entity is created" } else { "when the entity is updated" };
    let excluded = |ability| nearest(csdl, resource, |notes| notes.excluded(ability));
    let (own, related) = (excluded(ability), excluded(Ability::DeepInsert));
    let deep = denied(csdl, resource, Ability::DeepInsert).filter(|_| ability == Ability::Insert);
    let refused = members.iter().filter_map(|member| {
        let name = member.name.as_str();
        let is_in = |list: Option<&(Vec<String>, u32)>| {
            list.filter(|(names, _)| names.iter().any(|own| own == name)).map(|(_, at)| *at)
        };
        let is_entity = matches!(member.value, Json::Object(_) | Json::Array(_)) && is_navigation(name);
        let (message, at) = match (is_in(own), is_in(related).filter(|_| ability == Ability::Insert), deep) {
            (Some(at), ..) => (format!("the metadata says that `{name}` cannot be set {what}"), at),
            (None, Some(at), _) if is_entity => {
                (format!("the metadata says that `{name}` cannot be created with the entity"), at)
            }
            (None, None, Some(deep)) if is_entity => (
                format!("the metadata says that related entities, such as `{name}`, cannot be created with the entity"),
                deep.at,
            ),
            _ => return None,
        };
        Some(remark(resource, name, At::Request(RequestPart::Path(Path::root().member(name))), message, at))
    });
    refused.collect()
}

fn remark(resource: &Resource<'_, '_>, name: &str, at: At, message: String, declared: u32) -> Remark {
    let owner = resource.source.declared().map_or("", |(owner, _)| owner);
    Remark {
        subject: format!("{owner}/{name}"),
        ..Remark::new(Code::RestrictedInMetadata, at, message, Some(declared))
    }
}
