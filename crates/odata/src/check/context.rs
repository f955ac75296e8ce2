//! `@odata.context`: what the context URL of a response says that the response is (OData Protocol 4.01 section 10).

use super::resolve::{Documented, resolve};
use super::resource::{Kind, type_name};
use super::segment::without_selection;
use crate::csdl::{Csdl, TypeId, TypeRef};
use graph_contracts::url::Segment;

/// In what a context URL departs from the declared type, if it does.
pub(super) fn departs<'x>(csdl: &Csdl<'x>, context: &str, declared: TypeRef<'x>) -> Option<String> {
    let (_, fragment) = context.split_once('#')?;
    let says_single = fragment.ends_with("/$entity");
    let says_collection = fragment.starts_with("Collection(");
    match (declared.collection, says_single, says_collection) {
        (true, true, _) => Some("`@odata.context` speaks of a single entity, but a collection comes back".to_owned()),
        (false, _, true) => Some("`@odata.context` speaks of a collection, but a single value comes back".to_owned()),
        _ => other_type(csdl, fragment, declared),
    }
}

/// That the context is one of another type, which neither inherits from the declared one nor the other way round.
fn other_type<'x>(csdl: &Csdl<'x>, fragment: &str, declared: TypeRef<'x>) -> Option<String> {
    let declared_id = declared.id?;
    let said = said_type(csdl, fragment)?;
    if csdl.may_be_a(said, declared_id) || csdl.may_be_a(declared_id, said) {
        return None;
    }
    let (said, declared) = (csdl.full_name(said), type_name(csdl, declared));
    Some(format!("`@odata.context` speaks of {said}, but the response is {declared}"))
}

/// The type that the fragment of a context URL names, directly or by a path from an entity set or singleton; `None` where that
/// cannot be told.
fn said_type(csdl: &Csdl<'_>, fragment: &str) -> Option<TypeId> {
    let fragment = fragment.strip_suffix("/$entity").unwrap_or(fragment);
    let name = fragment.strip_prefix("Collection(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(fragment);
    if let Some(id) = csdl.find_type(name) {
        return csdl.structured(id).map(|_| id);
    }
    let segments: Vec<Segment> = Segment::of_path(fragment).into_iter().map(without_selection).collect();
    let path = Documented { segments: &segments, example: &[], query: &[], is_post: false };
    match resolve(csdl, &path).ok()?.kind {
        Kind::Entities(id) | Kind::Entity(id) => Some(id),
        Kind::Value(type_ref) => type_ref.id.filter(|id| csdl.structured(*id).is_some()),
        _ => None,
    }
}
