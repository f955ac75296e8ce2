//! What a method does with a resource: whether it may, what it sends and what comes back (OData Protocol 4.01 section 11).

use super::remark::Remark;
use super::resource::{Kind, Resource, Source};
use super::restriction;
use crate::csdl::{Ability, Csdl, Operation, TypeId, TypeRef};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::diagnostic::Code;

/// What a request does, if the metadata lets it.
#[derive(Clone, Debug)]
pub(super) struct Use<'c, 'x> {
    /// What it sends.
    pub(super) request: Payload<'c, 'x>,
    /// What a success answers.
    pub(super) response: Payload<'c, 'x>,
    pub(super) action: Action,
}

/// What a request does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action {
    /// The phrase for it, which a sentence goes on after: "a POST that creates an entity".
    pub(super) what: &'static str,
    /// The statuses of success that OData has for it; none where metadata does not say.
    pub(super) statuses: &'static [u16],
    /// Statuses that some services use instead.
    pub(super) unusual: &'static [u16],
}

/// What a message carries.
#[derive(Clone, Copy, Debug)]
pub(super) enum Payload<'c, 'x> {
    /// Nothing.
    Nothing,
    /// A value of a type, or a collection.
    Of(TypeRef<'x>),
    /// The parameters of an action.
    Parameters(&'c Operation<'x>),
    /// References to entities.
    References {
        /// Whether there are several.
        collection: bool,
        /// The type of what they refer to.
        target: TypeId,
    },
    /// Something that metadata does not describe: bytes, text, a batch.
    Anything,
}

impl Payload<'_, '_> {
    /// Whether two messages carry the same.
    pub(super) fn is_like(&self, other: &Payload<'_, '_>) -> bool {
        match (self, other) {
            (Payload::Of(one), Payload::Of(other)) => {
                (one.collection, one.id) == (other.collection, other.id) && (one.id.is_some() || one.name == other.name)
            }
            (Payload::Parameters(one), Payload::Parameters(other)) => one.at == other.at,
            (Payload::References { collection: one, .. }, Payload::References { collection: other, .. }) => {
                one == other
            }
            (Payload::Nothing, Payload::Nothing) | (Payload::Anything, Payload::Anything) => true,
            _ => false,
        }
    }
}

const fn action(what: &'static str, statuses: &'static [u16], unusual: &'static [u16]) -> Action {
    Action { what, statuses, unusual }
}

/// Success without a body, or later.
const DONE: &[u16] = &[204, 202];
const ANSWERED: &[u16] = &[200, 201, 202, 204];

const READ: Action = action("a GET", &[200, 202, 204, 206, 302, 304], &[]);
const CREATE: Action = action("a POST that creates an entity", &[201, 202, 204], &[200]);
const ADD_REFERENCE: Action = action("a POST that adds a reference", DONE, ANSWERED);
const SET_REFERENCE: Action = action("a PUT that sets a reference", DONE, ANSWERED);
// That a PATCH creates is an upsert (OData Protocol 4.01 section 11.4.4), which few services have.
const CHANGE: Action = action("a change", &[200, 202, 204], &[201]);
const UPSERT: Action = action("a change that may create the entity", ANSWERED, &[]);
const UPDATE: Action = action("a change that does not create the entity", &[200, 202, 204], &[]);
// What is put may be created by it.
const PUT: Action = action("a change", ANSWERED, &[201]);
const DELETE: Action = action("a DELETE", DONE, &[200]);
// What actions answer beside what OData has for them (section 11.5.5.1): that something was done in part, say.
const INVOKE: Action = action("an action", ANSWERED, &[200, 201, 207]);
const INVOKE_FOR_NOTHING: Action = action("an action that returns nothing", DONE, &[200, 201, 207]);
// A stream may be elsewhere.
const INVOKE_FOR_STREAM: Action = action("an action", &[], &[200, 201, 207]);

/// What the method does with the resource.
///
/// # Errors
///
/// When the metadata does not allow it.
pub(super) fn use_of<'c, 'x>(
    csdl: &'c Csdl<'x>,
    method: &str,
    resource: &Resource<'c, 'x>,
) -> Result<Use<'c, 'x>, Remark> {
    let use_of = match method {
        "GET" | "HEAD" => read(resource),
        "POST" | "PATCH" | "PUT" | "MERGE" | "DELETE" if is_result(method, resource) => {
            Err("and functions are invoked by GET, with their parameters in the URL")
        }
        "POST" => post(csdl, resource),
        "PATCH" | "PUT" | "MERGE" => change(csdl, method, resource),
        "DELETE" => delete(csdl, resource),
        // OData does not define OPTIONS and the like.
        _ => Ok(anything("a method that OData does not know")),
    };
    let refusal = |code, why: &str, declared| {
        let message = format!("{method} is not possible: {why}");
        Remark::new(code, At::Request(RequestPart::Method), message, declared)
    };
    let possible =
        use_of.map_err(|why| refusal(Code::MethodNotAllowed, &explained(why, csdl, resource), resource.source.at()))?;
    match restriction::of_method(csdl, method, resource) {
        Some((why, at)) => Err(refusal(Code::RestrictedInMetadata, &why, Some(at))),
        None => Ok(possible),
    }
}

/// Whether a resource is what a function returns, and nothing that it leads to: that can only be read (section 11.5.4).
fn is_result(method: &str, resource: &Resource<'_, '_>) -> bool {
    let Source::Operation(operation) = resource.source else { return false };
    let is_target = match resource.kind {
        Kind::Entities(_) => method == "POST",
        Kind::Entity(_) => method != "POST",
        _ => false,
    };
    let leads_on = operation.is_composable && is_target;
    let is_outside = matches!(resource.kind, Kind::Action(_) | Kind::Outside(_));
    !is_outside && !leads_on
}

/// Why not: an explanation that follows the description of the resource.
type Why = &'static str;

fn explained(explanation: Why, csdl: &Csdl<'_>, resource: &Resource<'_, '_>) -> String {
    let what = resource.kind.describe(csdl);
    match resource.source {
        Source::Property(property) if property.is_navigation && !is_collection(property.type_text) => {
            let name = property.name;
            format!("`{name}` is a single-valued navigation property ({}), {explanation}", property.type_text)
        }
        Source::Property(property) if property.is_navigation => {
            format!("`{}` leads to {what}, {explanation}", property.name)
        }
        Source::Property(property) => format!("`{}` is {what}, {explanation}", property.name),
        Source::Element(element) => format!("`{}` is {what}, {explanation}", element.name),
        Source::Operation(operation) if matches!(resource.kind, Kind::Action(_)) => {
            format!("`{}` is an action, {explanation}", operation.name)
        }
        Source::Operation(operation) => {
            format!("`{}` is a function that returns {what}, {explanation}", operation.name)
        }
        Source::Nothing => format!("this is {what}, {explanation}"),
    }
}

fn is_collection(type_text: &str) -> bool {
    type_text.starts_with("Collection(")
}

/// A request of which the metadata does not say what it sends and answers.
fn anything(what: &'static str) -> Use<'static, 'static> {
    Use { request: Payload::Anything, response: Payload::Anything, action: action(what, &[], &[]) }
}

/// What a value of the resource looks like.
fn value_of<'c, 'x>(kind: Kind<'c, 'x>) -> Payload<'c, 'x> {
    match kind {
        Kind::Entities(id) => Payload::Of(TypeRef { collection: true, name: "", id: Some(id) }),
        Kind::Entity(id) => Payload::Of(TypeRef { collection: false, name: "", id: Some(id) }),
        Kind::Value(type_ref) => Payload::Of(type_ref),
        Kind::References { collection, target } => Payload::References { collection, target },
        Kind::Action(operation) => Payload::Parameters(operation),
        Kind::Root | Kind::Count | Kind::Raw | Kind::Batch | Kind::Document | Kind::Outside(_) => Payload::Anything,
    }
}

fn read<'c, 'x>(resource: &Resource<'c, 'x>) -> Result<Use<'c, 'x>, Why> {
    match resource.kind {
        Kind::Action(_) => Err("and actions are invoked by POST"),
        Kind::Batch => Err("and batches are posted"),
        kind => Ok(Use { request: Payload::Anything, response: value_of(kind), action: READ }),
    }
}

fn post<'c, 'x>(csdl: &Csdl<'x>, resource: &Resource<'c, 'x>) -> Result<Use<'c, 'x>, Why> {
    let create = |type_ref| Use { request: Payload::Of(type_ref), response: Payload::Of(type_ref), action: CREATE };
    match resource.kind {
        Kind::Entities(id) => Ok(create(TypeRef { collection: false, name: "", id: Some(id) })),
        Kind::Value(type_ref) if type_ref.collection => Ok(create(TypeRef { collection: false, ..type_ref })),
        Kind::Action(operation) => {
            let (response, action) = match operation.return_type {
                None => (Payload::Nothing, INVOKE_FOR_NOTHING),
                Some("Edm.Stream") => (Payload::Anything, INVOKE_FOR_STREAM),
                Some(text) => (Payload::Of(csdl.type_ref(text)), INVOKE),
            };
            Ok(Use { request: Payload::Parameters(operation), response, action })
        }
        Kind::References { collection: true, target } => {
            let request = Payload::References { collection: false, target };
            Ok(Use { request, response: Payload::Nothing, action: ADD_REFERENCE })
        }
        Kind::Batch | Kind::Outside(_) => Ok(anything("a POST")),
        Kind::Entity(_) | Kind::Value(_) => Err("and only a collection can be posted to"),
        Kind::References { collection: false, .. } => Err("which is set by PUT"),
        Kind::Count | Kind::Raw | Kind::Root | Kind::Document => Err("which can only be read"),
    }
}

fn change<'c, 'x>(csdl: &Csdl<'x>, method: &str, resource: &Resource<'c, 'x>) -> Result<Use<'c, 'x>, Why> {
    let upsert = restriction::nearest(csdl, resource, |notes| notes.capability(Ability::Upsert));
    let action = match (method, upsert.map(|own| own.allowed)) {
        (_, Some(true)) => UPSERT,
        (_, Some(false)) => UPDATE,
        ("PUT", None) => PUT,
        (_, None) => CHANGE,
    };
    let usual = |payload| Use { request: payload, response: payload, action };
    match resource.kind {
        Kind::Entity(_) | Kind::Value(_) => Ok(usual(value_of(resource.kind))),
        // A media stream's change answers with the entity, or nothing; metadata does not say with which.
        Kind::Raw => Ok(usual(Payload::Anything)),
        Kind::Outside(_) => Ok(anything("a change")),
        // All members of a collection at once (OData Protocol 4.01 section 11.4.12).
        Kind::Entities(_) if is_said(csdl, resource, Ability::DeltaUpdate) => {
            // What it answers, it may choose.
            Ok(Use { request: value_of(resource.kind), ..usual(Payload::Anything) })
        }
        Kind::Entities(_) => Err("and a change needs the key of an entity"),
        Kind::References { collection: false, target } if method == "PUT" => {
            let request = Payload::References { collection: false, target };
            Ok(Use { request, response: Payload::Nothing, action: SET_REFERENCE })
        }
        Kind::References { collection: true, .. } => Err("which are added by POST"),
        Kind::References { collection: false, .. } => Err("which is set by PUT"),
        Kind::Action(_) => Err("and actions are invoked by POST"),
        Kind::Count | Kind::Root | Kind::Batch | Kind::Document => Err("which can only be read"),
    }
}

/// Whether annotations say that something is supported that services need not support.
fn is_said(csdl: &Csdl<'_>, resource: &Resource<'_, '_>, ability: Ability) -> bool {
    restriction::nearest(csdl, resource, |notes| notes.capability(ability)).is_some_and(|own| own.allowed)
}

fn delete<'c, 'x>(csdl: &Csdl<'x>, resource: &Resource<'c, 'x>) -> Result<Use<'c, 'x>, Why> {
    let gone = Use { request: Payload::Anything, response: Payload::Nothing, action: DELETE };
    match resource.kind {
        // Of a value, that it becomes null.
        Kind::Entity(_) | Kind::Raw | Kind::Value(_) | Kind::References { collection: false, .. } => Ok(gone),
        // Section 11.4.6.2.
        Kind::References { collection: true, .. } => Err("of which a DELETE needs the key, or the query option `$id`"),
        Kind::Outside(_) => Ok(anything("a DELETE")),
        Kind::Entities(_) if is_said(csdl, resource, Ability::FilterDelete) => Ok(gone),
        Kind::Entities(_) => Err("and a DELETE needs the key of an entity"),
        Kind::Action(_) => Err("and actions are invoked by POST"),
        Kind::Count | Kind::Root | Kind::Batch | Kind::Document => Err("which can only be read"),
    }
}
