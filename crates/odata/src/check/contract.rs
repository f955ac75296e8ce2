//! Checks one contract against the metadata of its version.

use super::Metadata;
use super::argument;
use super::body::{self, Direction, Message};
use super::finding::Finding;
use super::method::{Payload, Use, use_of};
use super::query;
use super::remark::Remark;
use super::resolve::{Documented, resolve};
use super::resource::{Kind, Resource, Source};
use super::restriction;
use super::table;
use crate::csdl::{Csdl, Operation, TypeId, TypeRef};
use graph_contracts::at::{At, RequestPart};
use graph_contracts::contract::{Availability, Body, Cloud, Contract, Route, Type, content_type};
use graph_contracts::diagnostic::{Code, Severity};
use graph_contracts::edm::LargeNumbers;
use graph_contracts::json::Json;
use graph_contracts::url::{Segment, Target, Template};

/// What is found on each of a contract's routes in its metadata, or that no metadata of its version was given.
pub(super) fn check_in(contract: &Contract, metadata: Result<&Metadata<'_>, &String>) -> Vec<Vec<Finding>> {
    match metadata {
        Ok(metadata) => {
            let checker = Checker::new(contract, &metadata.csdl);
            let own = checker.own_use();
            let found = |route| findings(contract, route, checker.route(route, own.as_ref()), Some(metadata));
            contract.routes.iter().map(found).collect()
        }
        Err(reason) => {
            // No service has what is below a version that there is not.
            let is_defect = Target::read(&contract.request.url).lacks_graph_version();
            let code = if is_defect { Code::GraphVersionNotValid } else { Code::NoMetadata };
            let remark = Remark::new(code, At::Request(RequestPart::Url), reason.clone(), None);
            let remark = Remark { line: is_defect.then_some(contract.source.request.line), ..remark };
            contract.routes.iter().map(|route| findings(contract, route, vec![remark.clone()], None)).collect()
        }
    }
}

/// The type of what a contract's request returns on a route, with the status that the contract documents; `None` where the metadata does
/// not say.
pub(crate) fn response_type<'x>(contract: &Contract, route: &Route, csdl: &Csdl<'x>) -> Option<TypeRef<'x>> {
    if !has_result(contract.response.status) {
        return None;
    }
    let checker = Checker::new(contract, csdl);
    let resource = checker.resolve(&Segment::of_path(&route.path)).ok()?;
    match use_of(csdl, &contract.request.method, &resource).ok()?.response {
        Payload::Of(_) if query::makes_rows(&checker.options) => None,
        Payload::Of(type_ref) => Some(type_ref),
        Payload::Nothing | Payload::Parameters(_) | Payload::References { .. } | Payload::Anything => None,
    }
}

/// What an operation takes.
pub(crate) enum Takes<'c, 'x> {
    /// A value of a type.
    Value(TypeRef<'x>),
    /// The parameters of an action.
    Parameters(&'c Operation<'x>),
}

/// What a contract's request sends on a route, if it has a body; `None` where the metadata does not say.
pub(crate) fn request_type<'c, 'x>(contract: &'c Contract, route: &Route, csdl: &'c Csdl<'x>) -> Option<Takes<'c, 'x>> {
    contract.request.body.as_ref()?;
    let resource = Checker::new(contract, csdl).resolve(&Segment::of_path(&route.path)).ok()?;
    match use_of(csdl, &contract.request.method, &resource).ok()?.request {
        Payload::Of(type_ref) => Some(Takes::Value(type_ref)),
        Payload::Parameters(operation) => Some(Takes::Parameters(operation)),
        Payload::Nothing | Payload::References { .. } | Payload::Anything => None,
    }
}

/// The structured types of what a contract's request returns on its routes, as far as the metadata says them; none where it does not say
/// so of each.
pub(super) fn response_types(contract: &Contract, csdl: &Csdl<'_>) -> Vec<TypeId> {
    let of_route = |route: &Route| response_type(contract, route, csdl)?.id.filter(|id| csdl.structured(*id).is_some());
    let types: Option<Vec<TypeId>> = contract.routes.iter().map(of_route).collect();
    types.unwrap_or_default()
}

/// Whether a response with that status has what the request asked for: errors and redirects have bodies of their own, and what is
/// accepted is not done yet.
fn has_result(status: u16) -> bool {
    matches!(status, 200 | 201 | 203 | 206)
}

/// The metadata of a contract's version in the cloud that its page documents: the global one, or if the page denies that, the first that it
/// names. A URL that names no version is below the version that the page is about, which is the one
/// whose metadata was named first.
pub(crate) fn metadata_of<'m, 'x>(
    contract: &Contract,
    metadata: &'m [Metadata<'x>],
) -> Result<&'m Metadata<'x>, String> {
    let target = Target::read(&contract.request.url);
    if let Some(defect) = target.graph_version_defect() {
        return Err(defect);
    }
    let clouds = documented_clouds(contract);
    if clouds.is_empty() {
        return Err("the page says that the API is not available in the global service, and names no other".to_owned());
    }
    let mut of_clouds = clouds.iter().flat_map(|cloud| of_cloud(metadata, *cloud));
    let only = || match clouds.as_slice() {
        [Cloud::Global] => String::new(),
        clouds => {
            let titles: Vec<&str> = clouds.iter().map(|cloud| cloud.title()).collect();
            format!(", and the page says that the API is available in {} only", titles.join(" and "))
        }
    };
    let Some(version) = contract.api_version.as_deref() else {
        let is_service = target.host.is_none();
        let reason = "the URL is of another service, or names no version".to_owned();
        return of_clouds.next().filter(|_| is_service).ok_or(reason);
    };
    let found = of_clouds.find(|own| own.version.eq_ignore_ascii_case(version));
    found.ok_or_else(|| format!("no metadata of the version {version} was given{}", only()))
}

/// The clouds of which a page may document how the API is there, the first of which counts.
fn documented_clouds(contract: &Contract) -> Vec<Cloud> {
    let stated = contract.clouds.unwrap_or_default();
    match stated.global {
        Availability::NotAvailable => {
            Cloud::ALL.into_iter().filter(|cloud| stated.of(*cloud) == Availability::Available).collect()
        }
        Availability::Available | Availability::Unknown => vec![Cloud::Global],
    }
}

/// The metadata of a cloud.
pub(super) fn of_cloud<'m, 'x>(metadata: &'m [Metadata<'x>], cloud: Cloud) -> impl Iterator<Item = &'m Metadata<'x>> {
    metadata.iter().filter(move |own| own.cloud == cloud)
}

/// What was found on a route of a contract.
fn findings(contract: &Contract, route: &Route, remarks: Vec<Remark>, metadata: Option<&Metadata<'_>>) -> Vec<Finding> {
    let finding = |Remark { code, at, line, message, subject, declared }| Finding {
        code,
        contract: contract.id.clone(),
        route: format!("{} {}", contract.request.method, route.path),
        at,
        message,
        source: contract.source_line(line.unwrap_or(route.line)),
        metadata: metadata.zip(declared).map(|(own, at)| own.csdl.source_line(at)),
        subject,
        accepted: false,
    };
    remarks.into_iter().map(finding).collect()
}

/// Whether metadata has an operation.
pub(super) enum Presence<'x> {
    /// It has. The functions and actions in its path, each with the position of its segment.
    Has(Vec<(usize, &'x str)>),
    /// It does not, because of this.
    Lacks(Remark),
    /// It does not say.
    Unknown,
}

/// Checks a contract against metadata.
pub(super) struct Checker<'k, 'x> {
    contract: &'k Contract,
    csdl: &'k Csdl<'x>,
    /// The segments of the example's URL.
    example: Vec<Segment>,
    /// The names of the example's query parameters.
    query: Vec<String>,
    /// The same with their values.
    options: Vec<(String, String)>,
    /// The names that the query gives to values of the response.
    computed: Vec<String>,
}

impl<'k, 'x> Checker<'k, 'x> {
    pub(super) fn new(contract: &'k Contract, csdl: &'k Csdl<'x>) -> Checker<'k, 'x> {
        let target = Target::read(&contract.request.url);
        let options = target.query_parameters();
        let query = options.iter().map(|(name, _)| name.clone()).collect();
        let computed = query::computed(&options);
        Checker { contract, csdl, example: Segment::of_path(target.path), query, options, computed }
    }

    fn resolve(&self, segments: &[Segment]) -> Result<Resource<'k, 'x>, Remark> {
        let is_post = self.contract.request.method == "POST";
        resolve(self.csdl, &Documented { segments, example: &self.example, query: &self.query, is_post })
    }

    /// Whether the metadata has the operation on a route.
    pub(super) fn presence(&self, route: &Route) -> Presence<'x> {
        let refused = |remark: Remark| match remark.code.severity() {
            Severity::Error => Presence::Lacks(remark),
            Severity::Warning => Presence::Unknown,
        };
        let mut resource = match self.resolve(&Segment::of_path(&route.path)) {
            Ok(resource) => resource,
            Err(remark) => return refused(remark),
        };
        if let Kind::Outside(_) = resource.kind {
            return Presence::Unknown;
        }
        if let Some(wrong) = resource.remarks.iter().position(|own| own.code.severity() == Severity::Error) {
            return Presence::Lacks(resource.remarks.swap_remove(wrong));
        }
        match use_of(self.csdl, &self.contract.request.method, &resource) {
            Err(refusal) => refused(refusal),
            Ok(_) => Presence::Has(resource.calls.iter().map(|(index, own)| (*index, own.name)).collect()),
        }
    }

    /// What the example's own URL does: that of the template that it is on, or else the URL itself.
    fn own_use(&self) -> Option<Use<'k, 'x>> {
        let path = Target::read(&self.contract.request.url).path;
        let own = self.contract.routes.iter().find(|route| Template::read(&route.path).matches(path));
        let resource = match own {
            Some(route) => self.resolve(&Segment::of_path(&route.path)),
            None => self.resolve(&self.example),
        };
        use_of(self.csdl, &self.contract.request.method, &resource.ok()?).ok()
    }

    /// What is found on a route. Where it does something else than the example's URL (a page may list the routes to an entity and to a
    /// collection), the example says nothing about it.
    fn route(&self, route: &Route, own: Option<&Use<'k, 'x>>) -> Vec<Remark> {
        let segments = Segment::of_path(&route.path);
        let mut resource = match self.resolve(&segments) {
            Ok(resource) => resource,
            Err(remark) => return vec![remark],
        };
        let mut found = std::mem::take(&mut resource.remarks);
        found.extend(self.arguments(&segments, &resource));
        if let Kind::Outside(reason) = resource.kind {
            let message = format!("the metadata does not say what this URL addresses: {reason}");
            let remark = Remark::new(Code::OutsideMetadata, At::Request(RequestPart::Url), message, None);
            found.push(Remark { subject: reason.to_owned(), ..remark });
            return found;
        }
        let is_like = |one: &Use<'_, '_>, other: &Use<'_, '_>| {
            one.request.is_like(&other.request) && one.response.is_like(&other.response)
        };
        match use_of(self.csdl, &self.contract.request.method, &resource) {
            Err(refusal) => found.push(refusal),
            Ok(use_of) if own.is_none_or(|own| is_like(&use_of, own)) => {
                found.extend(self.status(&use_of));
                found.extend(self.query(&use_of, &resource));
                found.extend(self.restricted_members(&resource));
                self.body(Direction::Request, &use_of, &resource.source, &mut found);
                let use_of = Use { response: self.with_rows(use_of.response), ..use_of };
                self.body(Direction::Response, &use_of, &resource.source, &mut found);
            }
            Ok(_) => {}
        }
        found
    }

    /// The arguments that the example gives the functions of a route.
    fn arguments(&self, segments: &[Segment], resource: &Resource<'k, 'x>) -> Vec<Remark> {
        let called = |(index, operation): &(usize, _)| Some((segments.get(*index)?, *operation));
        let calls: Vec<_> = resource.calls.iter().filter_map(called).collect();
        let mut found = argument::check(self.csdl, &calls, &self.example, &self.options);
        found.iter_mut().for_each(|remark| remark.line = Some(self.contract.source.request.line));
        found
    }

    /// The query options of a read, and the names in them.
    fn query(&self, use_of: &Use<'_, 'x>, resource: &Resource<'k, 'x>) -> Vec<Remark> {
        let Contract { request, source, .. } = self.contract;
        if request.method != "GET" {
            return Vec::new();
        }
        let mut found = restriction::of_query(self.csdl, resource, &self.options);
        if let Payload::Of(TypeRef { id: Some(id), .. }) = use_of.response
            && self.csdl.structured(id).is_some()
        {
            let excluded = |ability| restriction::of_options(self.csdl, resource, |notes| notes.excluded(ability));
            found.extend(query::check(self.csdl, id, &self.options, &excluded));
        }
        found.iter_mut().for_each(|remark| remark.line = Some(source.request.line));
        found
    }

    /// What a read answers with, where the query makes rows of it: of these nothing is declared but that there are several.
    fn with_rows(&self, response: Payload<'k, 'x>) -> Payload<'k, 'x> {
        match response {
            Payload::Of(type_ref) if self.contract.request.method == "GET" && query::makes_rows(&self.options) => {
                Payload::Of(TypeRef { name: "Edm.Untyped", id: None, ..type_ref })
            }
            response => response,
        }
    }

    /// The members of the request's body that the service does not take there.
    fn restricted_members(&self, resource: &Resource<'k, 'x>) -> Vec<Remark> {
        let Contract { request, source, .. } = self.contract;
        let (Some(body), Kind::Entities(id) | Kind::Entity(id)) =
            (request.body.as_ref().and_then(Body::as_json), resource.kind)
        else {
            return Vec::new();
        };
        let is_navigation = |name: &str| self.csdl.property(id, name).is_some_and(|own| own.is_navigation);
        let mut found = restriction::of_members(self.csdl, &request.method, resource, body, is_navigation);
        if !found.is_empty() {
            let lines = source.request.lines(body);
            for remark in &mut found {
                if let At::Request(RequestPart::Path(path)) = &remark.at {
                    remark.line = lines.nearest(path);
                }
            }
        }
        found
    }

    /// A success has a status that OData has for what is done; errors are as they are.
    fn status(&self, use_of: &Use<'_, 'x>) -> Option<Remark> {
        let (status, action) = (self.contract.response.status, use_of.action);
        if status >= 400 || action.statuses.is_empty() || action.statuses.contains(&status) {
            return None;
        }
        let code = if action.unusual.contains(&status) { Code::StatusUnusual } else { Code::StatusNotOfOperation };
        let expected: Vec<String> = action.statuses.iter().map(ToString::to_string).collect();
        let message =
            format!("{status} is documented for {}, which answers with {}", action.what, expected.join(" or "));
        let line = Some(self.contract.source.response.line);
        Some(Remark { line, ..Remark::new(code, At::Status, message, None) })
    }

    /// The body of the request or of the response, and the table of the request's properties.
    fn body(&self, direction: Direction, use_of: &Use<'_, 'x>, declared_by: &Source<'_, 'x>, found: &mut Vec<Remark>) {
        let Contract { request, response, source, .. } = self.contract;
        let (headers, placeholders, body, source, payload) = match direction {
            Direction::Request => {
                (&request.headers, &request.placeholders, &request.body, &source.request, use_of.request)
            }
            Direction::Response => {
                (&response.headers, &response.placeholders, &response.body, &source.response, use_of.response)
            }
        };
        let has_payload = match direction {
            Direction::Request => !matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE"),
            Direction::Response => has_result(response.status),
        };
        let Some(body) = body.as_ref().filter(|_| has_payload) else { return };
        let media_type = content_type(headers);
        let Some(json) = body.as_json() else {
            // It is reported as invalid only where JSON is expected: metadata does not describe other media types.
            let is_described = !matches!(payload, Payload::Nothing | Payload::Anything);
            let is_other = matches!(body, Body::Bytes(_)) || !(media_type.is_empty() || media_type.contains("json"));
            if is_described && !is_other {
                let at = match direction {
                    Direction::Request => At::Request(RequestPart::Body),
                    Direction::Response => At::Body,
                };
                let message = format!("{} is not JSON that can be read", at.in_words());
                let line = source.body.or(Some(source.line));
                found.push(Remark { line, ..Remark::new(Code::OutsideMetadata, at, message, None) });
            }
            return;
        };
        let message = Message {
            direction,
            method: &request.method,
            placeholders,
            large_numbers: LargeNumbers::of(media_type),
            declared_by: declared_by.declared(),
            nullable: direction == Direction::Request || declared_by.is_nullable(),
            computed: if direction == Direction::Response { &self.computed } else { &[] },
            version: self.contract.api_version.as_deref(),
            what: use_of.action.what,
            lines: &source.lines(json),
        };
        found.extend(body::check(self.csdl, json, payload, message));
        if direction == Direction::Request {
            self.table(json, payload, found);
        }
    }

    /// The page's table of the request's properties.
    fn table(&self, body: &Json, payload: Payload<'_, 'x>, found: &mut Vec<Remark>) {
        let declared = self.contract.request.body_type.as_ref().and_then(|name| self.contract.types.get(name));
        // A page that changes several things has the table of one of them: that in which the body's members are.
        let is_of_body = |own: &&Type| own.properties.iter().any(|property| body.get(&property.name).is_some());
        if let Some(own) = declared.filter(|own| own.page.is_none()).filter(is_of_body) {
            found.extend(table::check(self.csdl, own, payload, body, self.own_type(body)));
        }
    }

    /// The type that a body says it is of.
    fn own_type(&self, body: &Json) -> Option<TypeId> {
        let text = body::control(body, "type")?.1.as_str()?;
        self.csdl.find_type(text.rsplit('#').next().unwrap_or(text))
    }
}
