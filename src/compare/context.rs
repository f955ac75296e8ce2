//! How closely a contract's responses are compared, and what explains a difference: the declared type of a value and its line
//! in the page.

use super::control::own_type;
use super::place::Place;
use super::selection::Selection;
use super::typed::Declared;
use super::{Rule, RuleSource, Severity};
use crate::at::At;
use crate::contract::{BlockSource, Contract, Header, Placeholder, Type, TypeName, Typed, content_type, header};
use crate::edm::LargeNumbers;
use crate::json::{Cursor, Lines, Tree as _};
use crate::normal::{Declarations, Level, Node, NormalizationPlan, PathSet};
use crate::service::{Access, ServiceDeclared, ServiceRules, ServiceValue, TypeReference};
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
    /// What the request asks for, and with it the response.
    pub(super) selection: Selection,
    /// What is declared of the service, by order of trust: by its own metadata, and by what the contract keeps of some.
    service: [Option<Declaring<'a>>; 2],
    /// Whether the service said that it leaves out what is null.
    pub(super) omits_nulls: bool,
    /// How the documented messages write large numbers, by side.
    large_numbers: [LargeNumbers; 2],
    /// The lines of the bodies' values, by side, as soon as they are asked for.
    lines: [Option<Lines>; 2],
}

/// What is declared of a service, and of which type the response is, where that is known.
#[derive(Clone, Copy, Debug)]
struct Declaring<'a> {
    rules: &'a ServiceRules,
    response: Option<&'a TypeReference>,
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
        let large_numbers = [&contract.request.headers, &contract.response.headers]
            .map(|headers| LargeNumbers::of(content_type(headers)));
        Context {
            contract,
            large_numbers,
            level: Level::Exact,
            strict: false,
            echoes: None,
            selection: Selection::default(),
            service: [None, None],
            omits_nulls: false,
            lines: [None, None],
        }
    }

    /// The context of an exchange whose normal forms the plan made. With `strict`, members that the page does not document
    /// break a contract even where the page says that its example leaves members out.
    pub fn of(normalization: &'a NormalizationPlan<'_>, strict: bool) -> Context<'a> {
        let (contract, level) = (normalization.contract(), normalization.level());
        let selection = if level == Level::Shape { Selection::of(contract) } else { Selection::default() };
        Context { level, strict, echoes: Some(&normalization.echoes), selection, ..Context::new(contract) }
    }

    /// The same with what the service declares of the response on a route. It counts at the shape level alone.
    #[must_use]
    pub fn with_service(mut self, rules: &'a ServiceRules, route: &str) -> Context<'a> {
        self.service[0] = Some(self.declaring(rules, route));
        self
    }

    /// The same with what the contract keeps of metadata ([`Contract::service_rules`]). It counts where the service's own does not say.
    #[must_use]
    pub fn with_kept_rules(mut self, rules: &'a ServiceRules, route: &str) -> Context<'a> {
        self.service[1] = Some(self.declaring(rules, route));
        self
    }

    fn declaring(&self, rules: &'a ServiceRules, route: &str) -> Declaring<'a> {
        Declaring { rules, response: rules.responses.get(&(self.contract.id.clone(), route.to_owned())) }
    }

    /// The same for a response whose service said that it leaves out what is null (`Preference-Applied: omit-values`, OData Protocol
    /// 4.01 section 8.2.8.6).
    #[must_use]
    pub fn omitting_nulls(self, omits_nulls: bool) -> Context<'a> {
        Context { omits_nulls, ..self }
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

    /// What the contract declares beside its messages.
    pub(super) fn declarations(&self) -> Declarations {
        Declarations::of(self.contract)
    }

    /// Where something is documented, the start line of the message where nothing nearer is known.
    pub(super) fn source(&mut self, side: Side, at: &At) -> SourceLine {
        let documented = self.documented(side);
        let source = documented.source;
        let line = match at {
            At::Status | At::Request(_) | At::Snapshot(_) | At::TableRow(_) | At::Cloud(_) | At::Declared(_) => None,
            At::Header(name) => header(documented.headers, name).map(|header| header.line),
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
        typed.service_types = [0, 1].map(|layer| self.service_type(layer, side, object));
        typed
    }

    /// What is declared of the value at a place. Of a member, what the type of the object around it says; see [`Context::typed`].
    pub(super) fn declared<'p>(&self, side: Side, place: &Place<'p>) -> Declared<'p>
    where
        'a: 'p,
    {
        let body = self.documented(side).body;
        let (type_name, wrapped) = body.map_or((None, false), |body| (body.body_type, body.wrapped));
        let untyped = Declared { large_numbers: self.large_numbers[side as usize], ..Declared::default() };
        let typed = Declared { type_name, ..untyped };
        let Some(parent) = place.parent else { return if wrapped { untyped } else { typed } };
        match place.cursor {
            Cursor::Root => untyped,
            Cursor::Element(..) => Declared { is_element: true, ..self.declared(side, parent) },
            Cursor::Member(_, "value") if wrapped && parent.parent.is_none() => typed,
            Cursor::Member(_, name) => {
                let own = parent.object_type;
                let property = own.and_then(|own| own.properties.iter().find(|property| property.name == name));
                let type_name = property.map(|property| property.type_name.as_str());
                Declared { property, type_name, page: own.and_then(|own| own.page.as_deref()), ..untyped }
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

    /// What it means that a response has a member that neither the example nor a table has, why, and the page of the type that says so.
    pub(super) fn undocumented<'p>(&self, place: &Place<'p>) -> (Severity, &'static str, Option<&'p str>) {
        let own = place.parent.and_then(|parent| parent.object_type);
        match own.filter(|own| own.open) {
            Some(own) => (Severity::Notice, "the type is open", own.page.as_deref()),
            None if self.contract.response.may_be_truncated && !self.strict => {
                (Severity::Notice, "the example is shortened", None)
            }
            None => (Severity::Error, "the example and the page's tables do not have it", None),
        }
    }

    /// Whether undocumented members break a contract, whatever else says that they are right.
    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    /// What the service declares of the value at a place of the response. Of a member, what the type of the object around it says; see
    /// [`Context::typed`].
    pub(super) fn service<'p>(&self, side: Side, place: &Place<'p>) -> ServiceValue<'p>
    where
        'a: 'p,
    {
        match self.service_by(0, side, place) {
            ServiceValue::Unknown => self.service_by(1, side, place),
            found => found,
        }
    }

    /// The same by one of those who declare it.
    fn service_by<'p>(&self, layer: usize, side: Side, place: &Place<'p>) -> ServiceValue<'p>
    where
        'a: 'p,
    {
        let is_judged = side == Side::Response && self.level == Level::Shape;
        let Some(Declaring { rules, response }) = self.service[layer].filter(|_| is_judged) else {
            return ServiceValue::Unknown;
        };
        let typed = |is_wrapped: bool| match response {
            // A collection, and a value without members, stands in the member `value` (OData JSON Format 4.01 sections 11 to 13).
            Some(type_ref) if is_wrapped == (type_ref.collection || !rules.is_structured(&type_ref.name)) => {
                ServiceValue::Declared(ServiceDeclared::of(rules, type_ref))
            }
            _ => ServiceValue::Unknown,
        };
        let Some(parent) = place.parent else { return typed(false) };
        match place.cursor {
            Cursor::Root => ServiceValue::Unknown,
            Cursor::Element(..) => match self.service_by(layer, side, parent) {
                ServiceValue::Declared(own) if own.is_collection() => {
                    ServiceValue::Declared(ServiceDeclared { is_element: true, ..own })
                }
                _ => ServiceValue::Unknown,
            },
            // Annotations are declared elsewhere, if at all.
            Cursor::Member(_, name) if name.contains(['@', '#']) => ServiceValue::Unknown,
            Cursor::Member(_, name) => match parent.service_types[layer] {
                Some(type_name) => rules.member(type_name, name),
                None if name == "value" && parent.parent.is_none() => typed(true),
                None => ServiceValue::Unknown,
            },
        }
    }

    /// Whether the service sets the value at a place of the response itself, whatever a request sends (OData vocabulary Core, `Computed`).
    pub(super) fn is_server_set(&self, place: &Place<'_>) -> bool {
        let ServiceValue::Declared(own) = self.service(Side::Response, place) else { return false };
        own.property().is_some_and(|property| property.access == Some(Access::Computed))
    }

    /// The type that is declared of an object: what it says itself, or else what is declared.
    fn service_type<'p>(&self, layer: usize, side: Side, object: &Place<'p>) -> Option<&'p str>
    where
        'a: 'p,
    {
        let Declaring { rules, .. } = self.service[layer]?;
        // What a type is that the metadata lacks is not known.
        if let Some(own) = own_type(object.actual) {
            return rules.find(own).map(|(name, _)| name);
        }
        match self.service_by(layer, side, object) {
            ServiceValue::Declared(own) if !own.is_collection() => Some(own.type_ref.name.as_str()),
            _ => None,
        }
    }

    /// What is declared of a value by the page, or else shown by its example.
    pub(super) fn page_rule(
        &mut self,
        side: Side,
        declared: &Declared<'_>,
        place: &Place<'_>,
        says: Option<String>,
    ) -> Rule {
        let Some(property) = declared.property.filter(|property| !property.from_example) else {
            let source = RuleSource::Sample(self.source(side, &At::Path(place.path())));
            return Rule { source, says: says.unwrap_or_else(|| "the example shows it".to_owned()) };
        };
        let says = says.unwrap_or_else(|| {
            let collection = if property.collection { "a collection of " } else { "" };
            format!("`{}` is {collection}{}", property.name, property.type_name)
        });
        // Of what is inherited, the page of the type is known, and not the line.
        let line = property.line.unwrap_or(1);
        let line = match declared.page {
            Some(page) => SourceLine::new(page, line),
            None => self.contract.source_line(line),
        };
        Rule { source: RuleSource::Page(line), says }
    }

    /// The request's line, where it sent a value other than null in that place.
    pub(super) fn sent(&mut self, place: &Place<'_>) -> Option<SourceLine> {
        let path = place.documented_path();
        let sent = self.contract.request.body.as_ref()?.as_json()?.at(path.steps())?;
        let is_value = *sent != crate::json::Json::Null && !self.contract.response.wrapped;
        let at = At::Path(path);
        is_value.then(|| self.source(Side::Request, &at))
    }
}
