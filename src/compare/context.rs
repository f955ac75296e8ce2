//! How closely a contract's responses are compared, and what explains a difference: the declared type of a value and its line
//! in the page.

use super::Severity;
use super::place::Place;
use super::typed::Declared;
use crate::at::At;
use crate::contract::{BlockSource, Contract, Header, Placeholder, Type, TypeName, Typed};
use crate::json::{Cursor, Lines};
use crate::normal::{Level, Node, NormalizationPlan, PathSet};
use crate::source::SourceLine;

/// The two messages of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

/// A contract's types and lines, looked up by place.
#[derive(Debug)]
pub struct Context<'a> {
    contract: &'a Contract,
    pub(super) level: Level,
    strict: bool,
    pub(super) echoes: Option<&'a PathSet>,
    /// The lines of the bodies' values, by side, as soon as they are asked for.
    lines: [Option<Lines>; 2],
}

/// What a contract documents of one side.
struct Documented<'a> {
    source: &'a BlockSource,
    headers: &'a [Header],
    body: Option<Typed<'a>>,
    placeholders: &'a [Placeholder],
}

impl<'a> Context<'a> {
    /// The context of a contract's exchange, whose values are compared exactly.
    pub fn new(contract: &'a Contract) -> Context<'a> {
        Context { contract, level: Level::Exact, strict: false, echoes: None, lines: [None, None] }
    }

    /// The context of an exchange whose normal forms the plan made. With `strict`, members that the page does not document
    /// break a contract even where the page says that its example leaves members out.
    pub fn of(normalization: &'a NormalizationPlan<'_>, strict: bool) -> Context<'a> {
        let (contract, level) = (normalization.contract(), normalization.level());
        Context { contract, level, strict, echoes: Some(&normalization.echoes), lines: [None, None] }
    }

    fn documented(&self, side: Side) -> Documented<'a> {
        let contract = self.contract;
        let (request, response) = (&contract.request, &contract.response);
        match side {
            Side::Request => Documented {
                source: &contract.source.request,
                headers: &request.headers,
                body: Typed::of_request(contract),
                placeholders: &request.placeholders,
            },
            Side::Response => Documented {
                source: &contract.source.response,
                headers: &response.headers,
                body: Typed::of_response(contract),
                placeholders: &response.placeholders,
            },
        }
    }

    /// Where something is documented, the start line of the message where nothing nearer is known.
    pub(super) fn source(&mut self, side: Side, at: &At) -> SourceLine {
        let documented = self.documented(side);
        let source = documented.source;
        let line = match at {
            At::Status | At::Request(_) | At::Snapshot(_) | At::TableRow(_) => None,
            At::Header(name) => crate::contract::header(documented.headers, name).map(|header| header.line),
            At::Body => source.body,
            At::Path(path) => {
                let lines = self.lines[side as usize]
                    .get_or_insert_with(|| documented.body.map(|typed| source.lines(typed.body)).unwrap_or_default());
                lines.nearest(path).or(source.body)
            }
        };
        self.contract.source_line(line.unwrap_or(source.line))
    }

    /// Where a line of a text body is documented, counted from 0.
    pub(super) fn body_line_source(&self, side: Side, line: usize) -> SourceLine {
        let source = self.documented(side).source;
        let line = source.body.unwrap_or(source.line).saturating_add(line as u32).min(source.end);
        self.contract.source_line(line)
    }

    /// The place of an object whose members are looked at next.
    pub(super) fn typed<'p>(&self, side: Side, object: &Place<'p>) -> Place<'p>
    where
        'a: 'p,
    {
        let mut typed = *object;
        typed.object_type = self.type_of(side, object);
        typed
    }

    /// What is declared of the value at a place. Of a member, what the type of the object around it says; see [`Context::typed`].
    pub(super) fn declared<'p>(&self, side: Side, place: &Place<'p>) -> Declared<'p>
    where
        'a: 'p,
    {
        let body = self.documented(side).body;
        let (type_name, wrapped) = body.map_or((None, false), |body| (body.body_type, body.wrapped));
        let typed = Declared { property: None, type_name, is_element: false };
        let untyped = Declared::default();
        let Some(parent) = place.parent else { return if wrapped { untyped } else { typed } };
        match place.cursor {
            Cursor::Root => untyped,
            Cursor::Element(..) => Declared { is_element: true, ..self.declared(side, parent) },
            Cursor::Member(_, "value") if wrapped && parent.parent.is_none() => typed,
            Cursor::Member(_, name) => {
                let property =
                    parent.object_type.and_then(|own| own.properties.iter().find(|property| property.name == name));
                let type_name = property.map(|property| property.type_name.as_str());
                Declared { property, type_name, is_element: false }
            }
        }
    }

    /// The type of an object: what it says itself, or what is declared.
    fn type_of<'p>(&self, side: Side, object: &Place<'p>) -> Option<&'p Type>
    where
        'a: 'p,
    {
        let own = |node: &Node| {
            let own = TypeName::read(node.get("@odata.type")?.as_str()?)?;
            self.contract.types.get(&own.name)
        };
        let declared = || self.contract.types.get(self.declared(side, object).type_name?);
        own(object.actual).or_else(|| own(object.expected)).or_else(declared)
    }

    /// The type for which the documented value stands, being only its name.
    pub(super) fn placeholder(&self, side: Side, place: &Place<'_>) -> Option<&'a str> {
        let placeholders = self.documented(side).placeholders;
        if placeholders.is_empty() {
            return None;
        }
        let path = place.documented_path();
        placeholders.iter().find(|placeholder| placeholder.path == path).map(|found| found.type_name.as_str())
    }

    /// Whether the page of the type around a member declares it, although no example has it.
    pub(super) fn is_declared_elsewhere(&self, place: &Place<'_>) -> bool {
        let own = place.parent.and_then(|parent| parent.object_type);
        own.is_some_and(|own| own.others.iter().any(|other| Some(other.as_str()) == place.name()))
    }

    /// What it means that a response has a member that neither the example nor a table has.
    pub(super) fn severity_of_undocumented(&self, place: &Place<'_>) -> Severity {
        let own = place.parent.and_then(|parent| parent.object_type);
        let is_open = own.is_some_and(|own| own.open);
        let is_expected = is_open || (self.contract.response.may_be_truncated && !self.strict);
        if is_expected { Severity::Notice } else { Severity::Error }
    }
}
