//! Checks documented bodies against what the metadata declares: wrappers, parameters, references (OData JSON Format 4.01).

use super::context;
use super::method::Payload;
use super::operation::no_parameter;
use super::remark::{Remark, is_called};
use super::resource::{in_any_case, type_name};
use crate::csdl::{Csdl, Operation, TypeId, TypeRef};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{Placeholder, is_sample_text};
use graph_contracts::diagnostic::Code;
use graph_contracts::edm::LargeNumbers;
use graph_contracts::json::{Cursor, Json, Kind, Lines, Member};

/// Which way a body goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// To the service.
    Request,
    /// From the service.
    Response,
}

/// The message that a body is in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message<'m> {
    pub(super) direction: Direction,
    /// The method of the request.
    pub(super) method: &'m str,
    /// The paths of values that are only names of types.
    pub(super) placeholders: &'m [Placeholder],
    /// Whether large numbers are strings.
    pub(super) large_numbers: LargeNumbers,
    /// What declares the value of the body: the segment that leads to it, and where.
    pub(super) declared_by: Option<(&'m str, u32)>,
    /// Whether what is returned may be null.
    pub(super) nullable: bool,
    /// The names that the query gives to values of the response.
    pub(super) computed: &'m [String],
    /// The version that the request is below.
    pub(super) version: Option<&'m str>,
    /// What the request does, as a phrase.
    pub(super) what: &'m str,
    /// The lines of the body's values.
    pub(super) lines: &'m Lines,
}

/// Everything that is wrong with a body.
pub(super) fn check<'x>(csdl: &Csdl<'x>, body: &Json, payload: Payload<'_, 'x>, message: Message<'_>) -> Vec<Remark> {
    let mut checker = Checker { csdl, message, remarks: Vec::new() };
    match payload {
        Payload::Anything => {}
        Payload::Nothing => checker.nothing(body),
        Payload::Parameters(operation) => checker.parameters(body, operation),
        Payload::References { collection, target } => checker.references(body, collection, target),
        Payload::Of(type_ref) => checker.payload(body, type_ref),
    }
    checker.remarks
}

pub(super) struct Checker<'k, 'x> {
    pub(super) csdl: &'k Csdl<'x>,
    pub(super) message: Message<'k>,
    pub(super) remarks: Vec<Remark>,
}

/// What a value is declared to be.
#[derive(Clone)]
pub(super) struct Declared<'x> {
    pub(super) type_ref: TypeRef<'x>,
    pub(super) nullable: bool,
    /// What declares it, such as `microsoft.graph.user/mail`.
    pub(super) subject: String,
    /// Where it is declared.
    pub(super) at: u32,
}

impl<'k, 'x> Checker<'k, 'x> {
    pub(super) fn remark(
        &mut self,
        code: Code,
        cursor: &Cursor<'_>,
        message: String,
        subject: impl Into<String>,
        declared: Option<u32>,
    ) {
        let path = cursor.path();
        let line = self.message.lines.nearest(&path);
        let at = match self.message.direction {
            Direction::Request => At::Request(RequestPart::Path(path)),
            Direction::Response => At::Path(path),
        };
        self.remarks.push(Remark { line, subject: subject.into(), ..Remark::new(code, at, message, declared) });
    }

    fn nothing(&mut self, body: &Json) {
        let is_empty = matches!(body, Json::Object(members) if members.is_empty());
        if self.message.direction == Direction::Response && !is_empty {
            let message = format!("a body is documented, but nothing is returned by {}", self.message.what);
            let at = self.message.declared_by.map(|(_, at)| at);
            self.remark(Code::BodyNotExpected, &Cursor::Root, message, "returns nothing", at);
        }
    }

    /// The parameters of an action, each a member (OData JSON Format 4.01 section 18).
    fn parameters(&mut self, body: &Json, operation: &Operation<'x>) {
        let full_name = self.csdl.operation_name(operation);
        let Json::Object(members) = body else {
            if !is_sample_text(body) {
                let message = format!(
                    "the body is {}, but the parameters of {full_name} are members of an object",
                    body.kind().with_article()
                );
                self.remark(Code::WrapperDoesNotFit, &Cursor::Root, message, full_name, Some(operation.at));
            }
            return;
        };
        for member in members.iter().filter(|member| is_declarable(&member.name)) {
            let cursor = Cursor::Member(&Cursor::Root, &member.name);
            let name = annotated(&member.name).unwrap_or(&member.name);
            let Some(parameter) = in_any_case(operation.own_parameters(), name, |own| own.name) else {
                let (message, subject) = no_parameter(self.csdl, operation, name);
                self.remark(Code::MemberNotInMetadata, &cursor, message, subject, Some(operation.at));
                continue;
            };
            let subject = format!("{full_name}({})", parameter.name);
            if parameter.name != name {
                let message = format!("the parameter {}", is_called(name, parameter.name));
                self.remark(Code::NameCaseDiffers, &cursor, message, subject.clone(), Some(parameter.at));
            }
            if annotated(&member.name).is_some() {
                continue;
            }
            let declared = Declared {
                type_ref: self.csdl.type_ref(parameter.type_text),
                nullable: parameter.nullable,
                subject,
                at: parameter.at,
            };
            self.value(&member.value, &declared, &cursor);
        }
    }

    /// References to entities (OData JSON Format 4.01 section 14).
    fn references(&mut self, body: &Json, collection: bool, target: TypeId) {
        let at = self.message.declared_by.map(|(_, at)| at);
        let elements = match (collection, body.get("value")) {
            (true, Some(Json::Array(items))) => items.as_slice(),
            (true, _) => return self.wrapper(body, "references", true, at),
            (false, _) => std::slice::from_ref(body),
        };
        for element in elements {
            let Json::Object(members) = element else { continue };
            let (subject, declared) = (self.csdl.full_name(target), at.unwrap_or(self.csdl.declaration(target).at));
            self.referenced(element, target, &subject, declared, &Cursor::Member(&Cursor::Root, "@odata.id"));
            if let Some(member) = members.iter().find(|member| is_declarable(&member.name)) {
                let cursor = Cursor::Member(&Cursor::Root, &member.name);
                let message = format!("`{}` in a reference, which has `@odata.id` alone", member.name);
                self.remark(Code::MemberNotInMetadata, &cursor, message, format!("$ref/{}", member.name), at);
            }
        }
    }

    /// A whole body: what stands in it, or in its member `value` (OData JSON Format 4.01 sections 11 to 13).
    fn payload(&mut self, body: &Json, type_ref: TypeRef<'x>) {
        let is_structured = type_ref.id.is_some_and(|id| self.csdl.structured(id).is_some());
        let name = type_name(self.csdl, type_ref);
        let declared_by = self.message.declared_by;
        let at = type_ref.id.map(|id| self.csdl.declaration(id).at).or(declared_by.map(|(_, at)| at));
        if is_sample_text(body) || (self.is_opaque(type_ref) && !type_ref.collection) {
            return;
        }
        self.context(body, type_ref);
        let root = Cursor::Root;
        let element = TypeRef { collection: false, ..type_ref };
        let nullable = self.message.nullable;
        // A primitive type is declared nowhere: what is to be looked at is what has it.
        let subject = match declared_by {
            Some((owner, _)) if !is_structured => format!("`{owner}`"),
            _ => name.clone(),
        };
        let declared = |type_ref| Declared { type_ref, nullable, subject: subject.clone(), at: at.unwrap_or_default() };
        if type_ref.collection || !is_structured {
            match body.get("value") {
                Some(value) => {
                    let cursor = Cursor::Member(&root, "value");
                    if type_ref.collection && value.kind() != Kind::Array && !is_sample_text(value) {
                        return self.wrapper(body, &name, true, at);
                    }
                    self.value(value, &declared(type_ref), &cursor);
                }
                None if matches!(body, Json::Object(members) if members.is_empty()) => {}
                None => {
                    self.wrapper(body, &name, type_ref.collection, at);
                    if let (Json::Object(_), true) = (body, is_structured) {
                        self.value(body, &declared(element), &root);
                    }
                }
            }
            return;
        }
        let has_value = type_ref.id.is_some_and(|id| self.csdl.property(id, "value").is_some());
        match body {
            Json::Object(members) => match body.get("value").filter(|_| !has_value && is_wrapper(members)) {
                Some(inner @ (Json::Object(_) | Json::Array(_))) => {
                    self.wrapper(body, &name, false, at);
                    let own = TypeRef { collection: matches!(inner, Json::Array(_)), ..type_ref };
                    self.value(inner, &declared(own), &Cursor::Member(&root, "value"));
                }
                _ => self.value(body, &declared(element), &root),
            },
            _ => self.wrapper(body, &name, false, at),
        }
    }

    /// That what is documented is wrapped differently from what the metadata declares.
    fn wrapper(&mut self, body: &Json, name: &str, collection: bool, at: Option<u32>) {
        let stands = match (body, body.get("value")) {
            (_, Some(Json::Array(_))) => "a collection in the member `value`",
            (_, Some(Json::Object(_))) => "an object in the member `value`",
            (Json::Array(_), _) => "an array",
            (Json::Object(_), Some(_)) => "a value in the member `value`",
            (Json::Object(_), None) => "an object without a member `value`",
            _ => "neither an object nor an array",
        };
        let expected = if collection {
            format!("a collection of {name}, which stands in an array `value`")
        } else if self.csdl.find_type(name).is_some_and(|id| self.csdl.structured(id).is_some()) {
            format!("a single {name}, which is the body itself")
        } else {
            format!("a value of type {name}, which stands in the member `value`")
        };
        let way = match self.message.direction {
            Direction::Request => "is sent",
            Direction::Response => "comes back",
        };
        let message = format!("{stands} is documented, but what {way} is {expected}");
        let subject = format!("{stands} instead of {expected}");
        self.remark(Code::WrapperDoesNotFit, &Cursor::Root, message, subject, at);
    }

    /// Whether `@odata.context` speaks of what is declared (OData Protocol 4.01 section 10).
    fn context(&mut self, body: &Json, type_ref: TypeRef<'x>) {
        let Some((name, value)) = control(body, "context") else { return };
        let cursor = Cursor::Member(&Cursor::Root, name);
        if let Some(text) = value.as_str()
            && let Some(message) = context::departs(self.csdl, text, type_ref)
        {
            let at = type_ref.id.map(|id| self.csdl.declaration(id).at);
            self.remark(Code::WrapperDoesNotFit, &cursor, message.clone(), message, at);
        }
    }
}

/// Whether an object has nothing but a `value` and annotations.
fn is_wrapper(members: &[Member]) -> bool {
    members.iter().all(|member| member.name == "value" || !is_declarable(&member.name))
}

/// The control information of that name, with the member that it stands in: `@odata.type`, or from OData 4.01 on `@type` as well. That
/// is a member of other vocabularies, too (JSON-LD): in OData, `#` is in it.
pub(super) fn control<'j>(object: &'j Json, name: &str) -> Option<(&'j str, &'j Json)> {
    let Json::Object(members) = object else { return None };
    let is_it = |own: &&Member| match own.name.strip_prefix('@') {
        Some(own) if own.strip_prefix("odata.") == Some(name) => true,
        Some(bare) => bare == name && own.value.as_str().is_some_and(|text| text.contains('#')),
        None => false,
    };
    members.iter().find(is_it).map(|member| (member.name.as_str(), &member.value))
}

/// Whether a member is something that a type declares, and neither an annotation of its object nor an advertised operation
/// (OData JSON Format 4.01 sections 4.6 and 17).
pub(super) fn is_declarable(name: &str) -> bool {
    !name.starts_with(['@', '#'])
}

/// The member that an annotation is about: `owner` of `owner@odata.bind`.
pub(super) fn annotated(name: &str) -> Option<&str> {
    name.split_once('@').map(|(name, _)| name)
}
