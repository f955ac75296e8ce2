//! What explains a difference: the declared type of a value and its line in the page.

use super::At;
use crate::contract::{BlockSource, Body, Contract, Header, Property, Typed};
use crate::json::{Lines, Path};

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
    /// The lines of the bodies' values, by side, as soon as they are asked for.
    lines: [Option<Lines>; 2],
}

/// What a contract documents of one side.
struct Documented<'a> {
    source: &'a BlockSource,
    headers: &'a [Header],
    body: Option<&'a Body>,
    body_type: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// The context of a contract's exchange.
    pub fn new(contract: &'a Contract) -> Context<'a> {
        Context { contract, lines: [None, None] }
    }

    fn documented(&self, side: Side) -> Documented<'a> {
        let contract = self.contract;
        let (request, response) = (&contract.request, &contract.response);
        match side {
            Side::Request => Documented {
                source: &contract.source.request,
                headers: &request.headers,
                body: request.body.as_ref(),
                body_type: request.body_type.as_deref(),
            },
            Side::Response => Documented {
                source: &contract.source.response,
                headers: &response.headers,
                body: response.body.as_ref(),
                body_type: response.body_type.as_deref(),
            },
        }
    }

    /// Where something is documented, as `page:line`; the start line of the message where nothing nearer is known.
    pub(super) fn source(&mut self, side: Side, at: &At) -> String {
        let documented = self.documented(side);
        let source = documented.source;
        let line = match at {
            At::Status | At::Request(_) | At::Snapshot(_) => None,
            At::Header(name) => crate::contract::header(documented.headers, name).map(|header| header.line),
            At::Body => source.body,
            At::Path(path) => {
                let lines = self.lines[side as usize].get_or_insert_with(|| {
                    documented.body.and_then(Body::as_json).map_or_else(Lines::default, |json| source.lines(json))
                });
                lines.nearest(path).or(source.body)
            }
        };
        self.place(line.unwrap_or(source.line))
    }

    /// Where a line of a text body is documented, counted from 0.
    pub(super) fn body_line_source(&self, side: Side, line: usize) -> String {
        let source = self.documented(side).source;
        let line = source.body.unwrap_or(source.line).saturating_add(line as u32).min(source.end);
        self.place(line)
    }

    fn place(&self, line: u32) -> String {
        format!("{}:{line}", self.contract.source.page)
    }

    /// The declared property of the value at a path of a body.
    pub(super) fn property(&self, side: Side, path: &Path) -> Option<&'a Property> {
        let documented = self.documented(side);
        let typed = Typed {
            body: documented.body?.as_json()?,
            body_type: documented.body_type,
            wrapped: side == Side::Response && self.contract.response.wrapped,
            types: &self.contract.types,
        };
        typed.property(path)
    }
}
