//! What explains a difference: the declared type of a value and its line in the page.

use crate::contract::{Body, Contract, Property, Type};
use crate::json::{Lines, Path, Step};

/// A contract's types and lines, looked up by place.
#[derive(Debug)]
pub struct Context<'a> {
    contract: &'a Contract,
    lines: Option<Lines>,
}

impl<'a> Context<'a> {
    /// The context of a contract's response.
    pub fn new(contract: &'a Contract) -> Context<'a> {
        Context { contract, lines: None }
    }

    /// `page:line` of a line of the contract's page.
    fn place(&self, line: u32) -> String {
        format!("{}:{line}", self.contract.source.page)
    }

    /// Where the status line is documented.
    pub(super) fn status_source(&self) -> String {
        self.place(self.contract.source.response.line)
    }

    /// Where a header field of the response is documented.
    pub(super) fn header_source(&self, name: &str) -> String {
        let header = crate::contract::header(&self.contract.response.headers, name);
        self.place(header.map_or(self.contract.source.response.line, |header| header.line))
    }

    /// Where the body of the response is documented; the status line if there is none.
    pub(super) fn body_source(&self) -> String {
        let source = &self.contract.source.response;
        self.place(source.body.unwrap_or(source.line))
    }

    /// Where a line of the response's text body is documented, counted from 0.
    pub(super) fn body_line_source(&self, line: usize) -> String {
        let source = &self.contract.source.response;
        let line = source.body.unwrap_or(source.line).saturating_add(line as u32).min(source.end);
        self.place(line)
    }

    /// Where a value of the response's body is documented, or what is around it.
    pub(super) fn path_source(&mut self, path: &Path) -> String {
        let contract = self.contract;
        let source = &contract.source.response;
        let lines = self.lines.get_or_insert_with(|| match contract.response.body.as_ref().and_then(Body::as_json) {
            Some(json) => source.lines(json),
            None => Lines::default(),
        });
        let line = lines.nearest(path).or(source.body).unwrap_or(source.line);
        self.place(line)
    }

    /// The declared property of the value at a path of the response's body.
    pub(super) fn property(&self, path: &Path) -> Option<&'a Property> {
        let mut current: &Type = self.contract.types.get(self.contract.response.body_type.as_ref()?)?;
        let mut names = path.steps().iter().filter_map(|step| match step {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        });
        loop {
            let name = names.next()?;
            let property = current.properties.iter().find(|property| property.name == *name)?;
            if names.clone().next().is_none() {
                return Some(property);
            }
            current = self.contract.types.get(&property.type_name)?;
        }
    }
}
