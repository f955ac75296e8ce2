//! What a live run is going to do, in which order, and what it leaves out and why. Nothing is sent to find out.

use std::collections::{BTreeSet, HashMap};

use super::body_container::body_container;
use super::effect::{Effect, effects};
use super::parameter_position::ParameterPosition;
use super::permission::{Account, Needs, missing};
use super::phase::{Phase, objects, phase};
use super::profile::Profile;
use super::request::{sent, versioned};
use super::skip::Skip;
use graph_contracts::contract::{Availability, Body, Cloud, Contract};
use graph_contracts::json::Json;
use graph_contracts::url::{Segment, Target};

/// Everything that a run is going to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

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

impl Plan {
    /// Plans the contracts whose positions are given.
    pub fn new(contracts: &[Contract], selected: &[usize], conditions: &Conditions<'_>) -> Plan {
        let objects = objects(contracts);
        Plan::of(Plan::drafts(contracts, selected, &objects, conditions), contracts, &objects, conditions)
    }

    /// The steps of a plan, each for itself.
    pub(super) fn drafts(
        contracts: &[Contract],
        selected: &[usize],
        objects: &BTreeSet<ParameterPosition>,
        conditions: &Conditions<'_>,
    ) -> Vec<Step> {
        let mut alternatives: HashMap<&str, Vec<usize>> = HashMap::new();
        for index in selected {
            if let Some(first) = &contracts[*index].alternative_of {
                alternatives.entry(first).or_default().push(*index);
            }
        }
        let mut steps: Vec<Step> = Vec::new();
        for index in selected.iter().copied().filter(|index| contracts[*index].alternative_of.is_none()) {
            let contract = &contracts[index];
            let others = alternatives.get(contract.id.as_str()).into_iter().flatten().copied();
            let group: Vec<usize> = std::iter::once(index).chain(others).collect();
            for route in &contract.routes {
                steps.push(Step::new(contracts, group.clone(), &route.path, objects, conditions));
            }
        }
        steps
    }

    /// The plan of steps that know nothing of each other yet.
    pub(super) fn of(
        mut steps: Vec<Step>,
        contracts: &[Contract],
        objects: &BTreeSet<ParameterPosition>,
        conditions: &Conditions<'_>,
    ) -> Plan {
        let created = loop {
            let created = created(&steps);
            let creations = steps.iter_mut().filter(|step| step.phase == Phase::Create);
            creations.for_each(|step| step.find_sources(&created, objects, conditions));
            // What is not created has no children either.
            if created == self::created(&steps) {
                break created;
            }
        };
        let others = steps.iter_mut().filter(|step| step.phase != Phase::Create);
        others.for_each(|step| step.find_sources(&created, objects, conditions));
        // Parents are created before their children, and deleted after them.
        steps.sort_by_cached_key(|step| {
            let depth = ParameterPosition::read(&step.route).depth() as isize;
            let depth = if step.phase == Phase::Delete { -depth } else { depth };
            (step.phase, depth, contracts[step.contracts[0]].id.clone(), step.route.clone())
        });
        Plan { steps }
    }

    /// The plan with every step left out that writes, whatever else is allowed.
    #[must_use]
    pub fn only_reads(mut self) -> Plan {
        for step in self.steps.iter_mut().filter(|step| step.writes() && step.skip != Some(Skip::NotSelected)) {
            step.skip = Some(Skip::OnlyReads);
        }
        self
    }

    /// The steps that are not left out.
    pub fn active(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.skip.is_none())
    }
}

impl Step {
    fn new(
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
            conditions.account.and_then(|account| missing(&step.needs, account)).map(Skip::Permission)
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

    fn find_sources(
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

/// The places of the objects that steps create.
fn created(steps: &[Step]) -> BTreeSet<ParameterPosition> {
    let creations = steps.iter().filter(|step| step.phase == Phase::Create && step.skip.is_none());
    creations.map(|step| ParameterPosition::read(&step.route).item()).collect()
}

fn segments(route: &str) -> Vec<PlannedSegment> {
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

#[cfg(test)]
mod tests {
    use super::super::effect::EffectClass;
    use super::*;
    use graph_contracts::contract::{Clouds, PageName, TypeIndex, build};
    use graph_contracts::page::Page;

    /// Contracts of one resource: a request line, and the status and body of its response.
    fn contracts(pairs: &[(&str, u16, &str)]) -> Vec<Contract> {
        let page = |(index, (request, status, body)): (usize, &(&str, u16, &str))| {
            let (method, path) = request.split_once(' ').expect("method and path");
            let sent = if matches!(method, "GET" | "DELETE") {
                ""
            } else {
                "Content-Type: application/json\n\n{\"name\": \"String\"}\n"
            };
            let text = format!(
                "# Page {index}\n\n## Permissions\n\n|Type|Permissions|\n|---|---|\n|Application|Lamps.Use|\n\n## HTTP request\n\n\
                 ```http\n{method} {path}\n```\n\n## Example\n\n```http\n{method} https://graph.microsoft.com/v1.0{path}\n{sent}```\n\n\
                 ```http\nHTTP/1.1 {status} X\n\n{body}\n```\n"
            );
            let name = format!("page-{index}.md");
            let page = Page::parse(&name, &text);
            build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1
        };
        pairs.iter().enumerate().map(page).collect()
    }

    #[test]
    fn the_words_of_a_route_stay_as_they_are_and_what_is_never_closed_is_unknown() {
        let shown = |segment: PlannedSegment| match segment {
            PlannedSegment::Literal(text) => text,
            PlannedSegment::Parameter { name, place, .. } => format!("«{name}» at {place}"),
        };
        let shown: Vec<String> =
            segments("/x/worksheets('%7Ba%7D')/({id})/f(a={b})/{c").into_iter().map(shown).collect();
        let expected = [
            "x",
            "worksheets('%7Ba%7D')",
            "«id» at x/worksheets('{a}')/{}",
            "«f(a={b})» at x/worksheets('{a}')/{}/f(a={})",
            "«{c» at x/worksheets('{a}')/{}/f(a={})/{c",
        ];
        assert_eq!(shown, expected);
    }

    const LIFE: [(&str, u16, &str); 6] = [
        ("DELETE /lamps/{id}", 204, ""),
        ("GET /lamps/{id}", 200, "{}"),
        ("PATCH /lamps/{id}", 200, "{}"),
        ("POST /lamps", 201, "{\"id\": \"1\"}"),
        ("POST /lamps/{id}/bulbs", 201, "{\"id\": \"1\"}"),
        ("DELETE /lamps/{lampId}/bulbs/{bulbId}", 204, ""),
    ];

    fn writing() -> Profile {
        Profile { tenant: Some("t".into()), write_tenants: vec!["T".into()], ..Profile::default() }
    }

    /// Each step: what it does, its route, and where its parameters come from or why it is left out.
    #[track_caller]
    fn check(contracts: &[Contract], profile: &Profile, allow_writes: bool, expected: &[&str]) {
        let selected: Vec<usize> = (0..contracts.len()).collect();
        let plan =
            Plan::new(contracts, &selected, &Conditions { profile, allow_writes, account: None, own_tenant: false });
        let shown = plan.steps.iter().map(|step| {
            let sources = step.segments.iter().filter_map(|segment| match segment {
                PlannedSegment::Parameter { source, .. } => Some(format!(" {source:?}")),
                PlannedSegment::Literal(_) => None,
            });
            let tail =
                step.skip.as_ref().map_or_else(|| sources.collect::<String>(), |skip| format!(" - {}", skip.reason()));
            format!("{:?} {}{tail}", step.phase, step.route)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_goes_to_another_host_than_a_clouds_is_left_out() {
        for (host, tail) in [
            ("graph.microsoft.com", ""),
            ("microsoftgraph.chinacloudapi.cn", ""),
            ("telegraph.org", " - request-not-sendable"),
            ("graph.facebook.com", " - request-not-sendable"),
        ] {
            let mut contracts = contracts(&[("GET /lamps", 200, "{}")]);
            contracts[0].request.url = contracts[0].request.url.replace("graph.microsoft.com", host);
            check(&contracts, &Profile::default(), false, &[&format!("Read /lamps{tail}")]);
        }
    }

    #[test]
    fn what_the_page_says_is_not_in_the_profiles_cloud_is_left_out() {
        let clouds =
            Clouds { line: 3, china: Availability::NotAvailable, usgov: Availability::Available, ..Clouds::default() };
        for (base_url, cloud, tail) in [
            (None, Some(Cloud::China), " - not-in-cloud"),
            (None, Some(Cloud::Usgov), ""),
            (None, Some(Cloud::UsgovDod), ""),
            (None, None, ""),
            (Some("https://microsoftgraph.chinacloudapi.cn/"), None, " - not-in-cloud"),
            (Some("https://lamps.example"), None, ""),
        ] {
            let mut contracts = contracts(&[("GET /lamps", 200, "{}"), ("POST /lamps", 201, "{}")]);
            contracts.iter_mut().for_each(|own| own.clouds = Some(clouds));
            let profile = Profile { cloud, base_url: base_url.map(str::to_owned), ..Profile::default() };
            let write = if tail.is_empty() { " - writes-not-allowed" } else { tail };
            check(&contracts, &profile, false, &[&format!("Read /lamps{tail}"), &format!("Action /lamps{write}")]);
        }
    }

    #[test]
    fn the_version_is_the_examples_or_the_folders_and_without_one_nothing_is_sent() {
        let check = |api_version: Option<&str>, page: &str, id: &str, expected: Option<&str>| {
            let mut contract = contracts(&[("GET /lamps", 200, "{}")]).remove(0);
            contract.api_version = api_version.map(str::to_owned);
            (contract.source.page, contract.id) = (page.to_owned(), id.to_owned());
            let profile = Profile::default();
            let conditions = Conditions { profile: &profile, allow_writes: false, account: None, own_tenant: false };
            let contracts = [contract];
            let plan = Plan::new(&contracts, &[0], &conditions);
            let url = plan.active().next().map(|step| step.url(&contracts[0], "https://h"));
            assert_eq!(url.as_deref(), expected, "{page} {id}");
            assert_eq!(expected.is_none(), plan.steps[0].skip == Some(Skip::NoVersion));
        };
        check(Some("v1.0"), "api-reference/beta/a.md", "beta/a", Some("https://h/v1.0/lamps"));
        check(None, "api-reference/beta/api/a.md", "v1.0/a", Some("https://h/beta/lamps"));
        check(None, "a.md", "beta/a", Some("https://h/beta/lamps"));
        check(None, "copies/beta-2026/api/a.md", "unversioned/a", Some("https://h/beta/lamps"));
        check(None, "docs/a.md", "unversioned/a", None);
        check(None, "betas/a.md", "unversioned/a", None);
        check(None, "beta.md", "a", None);
    }

    #[test]
    fn a_query_that_may_change_the_method_is_left_out() {
        for (query, tail) in [("$select=id", ""), ("_method=DELETE", " - request-not-sendable")] {
            let mut contracts = contracts(&[("GET /lamps", 200, "{}")]);
            contracts[0].request.url.push_str(&format!("?{query}"));
            check(&contracts, &Profile::default(), false, &[&format!("Read /lamps{tail}")]);
        }
    }

    #[test]
    fn a_resource_has_a_life_cycle_on_the_object_that_the_run_creates() {
        check(
            &contracts(&LIFE),
            &writing(),
            true,
            &[
                "Create /lamps",
                "Create /lamps/{id}/bulbs Created",
                "Read /lamps/{id} Created",
                "Update /lamps/{id} Created",
                "Delete /lamps/{lampId}/bulbs/{bulbId} Created Created",
                "Delete /lamps/{id} Created",
            ],
        );
    }

    #[test]
    fn nothing_is_written_unless_both_the_command_and_the_profile_allow_it() {
        let expected = |reason: &str| {
            [
                format!("Create /lamps - {reason}"),
                "Read /lamps/{id} First".to_owned(),
                format!("Update /lamps/{{id}} - {reason}"),
                format!("Delete /lamps/{{id}} - {reason}"),
            ]
        };
        let contracts = contracts(&LIFE[..4]);
        let check = |profile: &Profile, allow: bool, reason: &str| {
            let expected = expected(reason);
            check(&contracts, profile, allow, &expected.each_ref().map(String::as_str));
        };
        check(&writing(), false, "writes-not-allowed");
        check(&Profile { write_tenants: vec!["other".into()], ..writing() }, true, "tenant-not-listed");
        check(&Profile { tenant: None, ..writing() }, true, "tenant-not-listed");
    }

    #[test]
    fn objects_that_the_run_does_not_create_are_never_changed() {
        let pairs = [
            ("DELETE /lamps/{id}", 204, ""),
            ("PATCH /me", 204, ""),
            ("POST /lamps/{id}/blink", 200, "{}"),
            ("POST /reset", 204, ""),
        ];
        let mut profile = writing();
        profile.bind.insert("lamps/{id}".into(), "mine".into());
        check(
            &contracts(&pairs),
            &profile,
            true,
            &[
                "Update /me - not-created-here",
                "Action /reset - not-created-here",
                "Action /lamps/{id}/blink - not-created-here",
                "Delete /lamps/{id} - not-created-here",
            ],
        );
    }

    #[test]
    fn an_action_that_answers_as_if_it_created_something_acts_on_nothing_foreign() {
        let pairs = [
            ("POST /lamps/{id}/duplicate", 201, "{\"id\": \"1\", \"name\": \"String\"}"),
            ("GET /lamps/{id}", 200, "{}"),
        ];
        let all = Profile { allow_effects: EffectClass::ALL.to_vec(), ..writing() };
        let left_out = "Create /lamps/{id}/duplicate - container-not-allowed";
        check(&contracts(&pairs), &all, true, &[left_out, "Read /lamps/{id} First"]);
        let mut bound = all;
        bound.bind.insert("lamps/{id}".into(), "mine".into());
        check(&contracts(&pairs), &bound, true, &[left_out, "Read /lamps/{id} Profile(\"mine\")"]);
    }

    #[test]
    fn effects_need_their_own_leave_and_what_depends_on_them_waits_for_it_too() {
        let pairs = [
            ("POST /chats", 201, "{\"id\": \"1\"}"),
            ("GET /chats/{id}", 200, "{}"),
            ("POST /chats/{id}/messages", 201, "{\"id\": \"1\"}"),
            ("PATCH /chats/{id}/messages/{id}", 204, ""),
            ("POST /chats/{id}/blink", 204, ""),
            ("POST /me/sendMail", 204, ""),
            ("DELETE /chats/{id}", 204, ""),
        ];
        let contracts = contracts(&pairs);
        check(
            &contracts,
            &writing(),
            true,
            &[
                "Create /chats",
                "Create /chats/{id}/messages - effect-not-allowed",
                "Read /chats/{id} Created",
                "Update /chats/{id}/messages/{id} - not-created-here",
                "Action /me/sendMail - not-created-here",
                "Action /chats/{id}/blink - effect-not-allowed",
                "Delete /chats/{id} Created",
            ],
        );
        check(
            &contracts,
            &Profile { allow_effects: vec![EffectClass::Messages], ..writing() },
            true,
            &[
                "Create /chats",
                "Create /chats/{id}/messages Created",
                "Read /chats/{id} Created",
                "Update /chats/{id}/messages/{id} Created Created",
                // No leave lets an action act on what the run did not create.
                "Action /me/sendMail - not-created-here",
                "Action /chats/{id}/blink - effect-not-allowed",
                "Delete /chats/{id} Created",
            ],
        );
    }

    #[test]
    fn a_plan_that_only_reads_leaves_out_what_writes_whatever_is_allowed() {
        let (contracts, profile) = (contracts(&LIFE), writing());
        let selected: Vec<usize> = (0..contracts.len()).collect();
        let conditions = Conditions { profile: &profile, allow_writes: true, account: None, own_tenant: false };
        let plan = Plan::new(&contracts, &selected, &conditions).only_reads();
        assert!(plan.active().all(|step| step.phase == Phase::Read), "{plan:?}");
        assert_eq!(plan.steps.iter().filter(|step| step.skip == Some(Skip::OnlyReads)).count(), 5);
        // What is left out anyway stays left out for its own reason.
        let profile = Profile { exclude: vec![String::new()], ..writing() };
        let conditions = Conditions { profile: &profile, ..conditions };
        let plan = Plan::new(&contracts, &selected, &conditions).only_reads();
        assert!(plan.steps.iter().all(|step| step.skip == Some(Skip::NotSelected)), "{plan:?}");
    }

    #[test]
    fn a_profile_says_what_parameters_are() {
        let pairs = [("GET /lamps/{id}", 200, "{}"), ("GET /lamps/{id}/at(time='{time}')", 200, "{}")];
        let mut profile = Profile::default();
        profile.bind.insert("lamps/{lamp-id}".into(), "mine".into());
        check(
            &contracts(&pairs),
            &profile,
            false,
            &["Read /lamps/{id} Profile(\"mine\")", "Read /lamps/{id}/at(time='{time}') - unbound-parameter"],
        );
    }
}
