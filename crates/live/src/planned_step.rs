//! What a run is going to do with one contract on one of its routes.

use std::collections::BTreeSet;

use super::body_container::body_container;
use super::effect::{Effect, effects};
use super::parameter_position::ParameterPosition;
use super::permission::{Account, Needs, missing};
use super::phase::{Phase, phase};
use super::profile::Profile;
use super::request::{sent, versioned};
use super::skip::Skip;
use graph_contracts::contract::{Availability, Body, Cloud, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::{Segment, Target};

/// One contract, with its alternatives, on one of its routes.
#[derive(Clone, Debug)]
pub struct Step {
    /// The contracts by their position: the first documented response, then the alternatives.
    pub contracts: Vec<usize>,
    /// The route's path, as documented.
    pub route: String,
    /// What the step does.
    pub phase: Phase,
    /// The route's segments, and where the value of each parameter comes from.
    pub segments: Vec<PlannedSegment>,
    /// The permissions of which the step needs one.
    pub needs: Needs,
    /// What it does beyond the object that it creates, changes or deletes.
    pub effects: Vec<Effect>,
    /// Why it is left out, if it is.
    pub skip: Option<Skip>,
}

/// A segment of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedSegment {
    /// Text that stays as it is documented, percent-encoding included.
    Literal(String),
    /// A parameter.
    Parameter {
        /// What the route calls it.
        name: String,
        /// Its place.
        place: ParameterPosition,
        /// Where its value comes from.
        source: Source,
    },
}

/// Where the value of a parameter comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The profile.
    Profile(String),
    /// An object that an earlier step creates.
    Created,
    /// The first object of the collection before it.
    First,
    /// Nothing.
    Unknown,
}

impl Source {
    /// Where the value of a parameter at that place comes from, as a phrase.
    pub fn describe(&self, place: &ParameterPosition) -> String {
        match self {
            Source::Profile(value) => format!("{value}, from the profile"),
            Source::Created => "the object that this run creates".to_owned(),
            Source::First => format!("the first object of {}", place.parent().unwrap_or_else(|| place.clone())),
            Source::Unknown => "nothing".to_owned(),
        }
    }
}

/// Under which conditions a plan is made.
#[derive(Clone, Debug)]
pub struct Conditions<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Whether the command line allows writing.
    pub allow_writes: bool,
    /// What the token says of itself, if it can be read.
    pub account: Option<&'a Account>,
    /// Whether all objects of the tenant are the run's own, as those of a simulated one are: then it may create in any of them.
    pub own_tenant: bool,
}

impl Step {
    pub(super) fn new(
        contracts: &[Contract],
        group: Vec<usize>,
        route: &str,
        objects: &BTreeSet<ParameterPosition>,
        conditions: &Conditions<'_>,
    ) -> Step {
        let contract = &contracts[group[0]];
        let phase = phase(contract, route, objects);
        let effects = effects(contract, route, phase);
        let mut step = Step {
            route: route.to_owned(),
            phase,
            effects,
            segments: segments(route),
            needs: Needs::of(contract, route),
            skip: None,
            contracts: group,
        };
        let is_success = |index: &usize| contracts[*index].response.status < 400;
        let profile = conditions.profile;
        let names = |texts: &[String]| texts.iter().any(|text| contract.id.contains(text.as_str()));
        let is_left_out = (!profile.include.is_empty() && !names(&profile.include)) || names(&profile.exclude);
        let lacks_permission = !profile.permissions.is_empty() && !step.needs.allowed_by(&profile.permissions);
        step.skip = if is_left_out || lacks_permission || step.needs.names_any(&profile.exclude_permissions) {
            Some(Skip::NotSelected)
        } else if let Some(cloud) = profile.known_cloud().filter(|cloud| is_denied(contract, *cloud)) {
            Some(Skip::NotInCloud(cloud))
        } else if step.writes() && !conditions.allow_writes {
            Some(Skip::WritesNotAllowed)
        } else if step.writes() && !profile.may_write() {
            Some(Skip::TenantNotListed)
        } else if contract.version().is_none() {
            Some(Skip::NoVersion)
        } else if let Some(why) = cannot_send(contract) {
            Some(Skip::Request(why))
        } else if let Some(member) =
            body_container(contract).filter(|_| phase == Phase::Create && !conditions.own_tenant)
        {
            Some(Skip::ContainerInBody(member.to_owned()))
        } else if !step.contracts.iter().any(is_success) {
            Some(Skip::DocumentsError(contract.response.status))
        } else {
            conditions
                .account
                .and_then(|account| missing(&step.needs, account))
                .map(|lack| Skip::Permission(lack.to_string()))
        };
        step
    }

    /// Whether the step changes something on the service.
    pub fn writes(&self) -> bool {
        self.phase != Phase::Read
    }

    /// The URL of the step's request as a template: its parameters have no values yet.
    pub fn url(&self, contract: &Contract, provider: &str) -> String {
        format!("{}{}", provider.trim_end_matches('/'), versioned(contract, &self.route))
    }

    /// The place of the object that the step changes: the last key of its route.
    pub fn target(&self) -> Option<ParameterPosition> {
        self.segments.iter().rev().find_map(|segment| match segment {
            PlannedSegment::Parameter { place, .. } => Some(place.clone()),
            PlannedSegment::Literal(_) => None,
        })
    }

    pub(super) fn find_sources(
        &mut self,
        created: &BTreeSet<ParameterPosition>,
        objects: &BTreeSet<ParameterPosition>,
        conditions: &Conditions<'_>,
    ) {
        let profile = conditions.profile;
        let target = self.target();
        // An object of the run's own has its own parents.
        let is_own = |place: &ParameterPosition| {
            self.changes_an_object() || (self.phase == Phase::Create && created.contains(place))
        };
        let own = target.clone().filter(is_own);
        if let Some(own) = &own
            && !created.contains(own)
        {
            self.skip.get_or_insert_with(|| Skip::NotCreatedHere(own.to_string()));
        } else if self.changes_an_object() && target.is_none() {
            self.skip.get_or_insert_with(|| Skip::NotCreatedHere(self.route.clone()));
        }
        let mut unbound = None;
        for segment in &mut self.segments {
            let PlannedSegment::Parameter { place, source, name } = segment else { continue };
            let is_own = own.as_ref().is_some_and(|own| own.is_at_or_within(place));
            *source = match profile.bound(place) {
                _ if is_own => Source::Created,
                Some(value) => Source::Profile(value.to_owned()),
                None if created.contains(place) => Source::Created,
                None if place.is_key() => Source::First,
                None => Source::Unknown,
            };
            if *source == Source::Unknown {
                unbound.get_or_insert_with(|| format!("{place} ({name})"));
            }
        }
        if let Some(place) = unbound {
            self.skip.get_or_insert(Skip::Unbound(place));
        }
        if own.is_some() && !conditions.own_tenant && self.goes_beyond_its_object() {
            self.skip.get_or_insert_with(|| Skip::BeyondOwnObject(self.route.clone()));
        }
        if self.phase == Phase::Create && own.is_none() && !conditions.own_tenant {
            let is_allowed = |place: &ParameterPosition| profile.may_write_below(place) && self.is_bound();
            let literal = literal_container(&self.route, objects);
            if let Some(container) = literal.into_iter().chain(target).find(|place| !is_allowed(place)) {
                self.skip.get_or_insert(Skip::ContainerNotAllowed(container.to_string()));
            }
        }
        let is_allowed = |effect: &&Effect| profile.allow_effects.contains(&effect.class);
        let left: Vec<Effect> = self.effects.iter().filter(|effect| !is_allowed(effect)).cloned().collect();
        if !left.is_empty() {
            self.skip.get_or_insert(Skip::EffectNotAllowed(left));
        }
    }

    /// Whether what stands behind the step's object may lead to another one: a navigation property of an own object refers to objects of
    /// others (OData URL Conventions 4.01 section 4.7), and nothing here says whether it contains them. The name of an action or of a
    /// collection leads nowhere by itself, and neither does a cast.
    fn goes_beyond_its_object(&self) -> bool {
        let is_parameter = |segment: &PlannedSegment| matches!(segment, PlannedSegment::Parameter { .. });
        let behind = self.segments.iter().rev().take_while(|segment| !is_parameter(segment));
        let leads = behind.filter(|segment| match segment {
            PlannedSegment::Literal(text) => text != "$value" && Segment::read(text).qualified().is_none(),
            PlannedSegment::Parameter { .. } => false,
        });
        leads.count() > usize::from(matches!(self.phase, Phase::Create | Phase::Action))
    }

    /// Whether the profile has the values of all parameters.
    fn is_bound(&self) -> bool {
        let is_bound = |segment: &PlannedSegment| match segment {
            PlannedSegment::Literal(_) => true,
            PlannedSegment::Parameter { source, .. } => matches!(source, Source::Profile(_)),
        };
        self.segments.iter().all(is_bound)
    }

    /// The place of the run's own object that the step is about, or that it creates in.
    pub(super) fn own_object(&self) -> Option<ParameterPosition> {
        let is_created =
            |segment: &PlannedSegment| matches!(segment, PlannedSegment::Parameter { source: Source::Created, .. });
        let last = self.segments.iter().rev().find(|segment| matches!(segment, PlannedSegment::Parameter { .. }));
        let creates_in_it = self.phase == Phase::Create && last.is_some_and(is_created);
        self.target().filter(|_| self.changes_an_object() || creates_in_it)
    }

    /// Whether the step changes an object that must be the run's own.
    pub(super) fn changes_an_object(&self) -> bool {
        matches!(self.phase, Phase::Update | Phase::Action | Phase::Delete)
    }
}

/// The object that a route names in place of a parameter, such as `groups/87d349ed-44d7-43e1-9a83-5f2406dee5bd` or `sites/root`: where other
/// routes have a parameter, or what looks like a key. What stands last is a collection.
fn literal_container(route: &str, objects: &BTreeSet<ParameterPosition>) -> Option<ParameterPosition> {
    let segments = Segment::of_path(route);
    let (_, around) = segments.split_last()?;
    (1..=around.len()).rev().find_map(|end| {
        let last = &around[end - 1];
        let place = |end: usize| {
            let texts: Vec<&str> = around[..end].iter().map(|segment| segment.text.as_str()).collect();
            ParameterPosition::read(&texts.join("/"))
        };
        let is_known = end > 1 && objects.contains(&place(end - 1).item());
        // A name with a namespace is a cast or a function (OData URL Conventions 4.01 section 4.11).
        let is_name = last.has_parameters() || last.qualified().is_some();
        (!is_name && (is_known || last.key().is_some() || is_key(&last.name))).then(|| place(end))
    })
}

/// Whether a segment can only be a key: a GUID, an address, or a long text of letters and digits.
fn is_key(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    text.parse::<uuid::Uuid>().is_ok() || text.contains('@') || (text.len() >= 16 && has_digit)
}

pub(super) fn segments(route: &str) -> Vec<PlannedSegment> {
    let mut path = String::new();
    let mut found = Vec::new();
    for segment in Segment::of_path(route) {
        path = format!("{path}/{}", segment.text);
        let name = match segment.parameter() {
            Some(name) => name.to_owned(),
            // What is never closed is a broken parameter, and its value is unknown.
            None if segment.text.contains(['{', '<']) => segment.text,
            None => {
                found.push(PlannedSegment::Literal(segment.text));
                continue;
            }
        };
        found.push(PlannedSegment::Parameter { name, place: ParameterPosition::read(&path), source: Source::Unknown });
    }
    found
}

/// Whether a contract's page says that the API is not available in a cloud.
fn is_denied(contract: &Contract, cloud: Cloud) -> bool {
    contract.clouds.is_some_and(|own| own.of(cloud) == Availability::NotAvailable)
}

/// Why a contract's request cannot be sent to a live provider.
fn cannot_send(contract: &Contract) -> Option<String> {
    let target = Target::read(&contract.request.url);
    let query = target.query.unwrap_or_default();
    if let Some(host) = target.host.filter(|host| Cloud::of_host(host).is_none()) {
        return Some(format!("the example goes to another host, {host}"));
    }
    let is_override = |name: &str| {
        let name = name.trim_start_matches(['_', '$', '.']).to_ascii_lowercase();
        name == "method" || name.starts_with("x-http") || name.starts_with("httpmethod") || name == "x-method-override"
    };
    if let Some((name, _)) = target.query_parameters().into_iter().find(|(name, _)| is_override(name)) {
        return Some(format!("its query parameter `{name}` may change the method"));
    }
    if query.contains(['{', '<']) {
        return Some(format!("the query has a placeholder: {query}"));
    }
    // In a body, `method` alone may be a property as any other.
    let in_body = |name: &str| name != "method" && is_override(name);
    let changes_method = |name: &str| Some(format!("the member `{name}` of its body may change the method"));
    match &contract.request.body {
        Some(Body::Bytes(_)) => Some("the request's body is only described in words".to_owned()),
        Some(Body::Json(Json::Object(members))) => match members.iter().find(|member| in_body(&member.name)) {
            Some(member) => changes_method(&member.name),
            None => sent(contract).err(),
        },
        Some(Body::Json(_)) => sent(contract).err(),
        Some(Body::Text(lines)) => {
            let names =
                lines.iter().flat_map(|line| line.split('&')).filter_map(|field| Some(field.split_once('=')?.0));
            names.map(str::trim).find(|name| in_body(name)).and_then(changes_method)
        }
        None => None,
    }
}
