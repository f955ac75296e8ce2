//! What a live run is going to do, in which order, and what it leaves out and why. Nothing is sent to find out.

use std::collections::{BTreeSet, HashMap};

use super::parameter_position::ParameterPosition;
use super::phase::{Phase, objects};
use super::planned_step::{Conditions, Step};
use super::skip::Skip;
use graph_contracts::contract::Contract;

/// Everything that a run is going to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The steps, in their order.
    pub steps: Vec<Step>,
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

/// The places of the objects that steps create.
fn created(steps: &[Step]) -> BTreeSet<ParameterPosition> {
    let creations = steps.iter().filter(|step| step.phase == Phase::Create && step.skip.is_none());
    creations.map(|step| ParameterPosition::read(&step.route).item()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::effect::EffectClass;
    use super::super::planned_step::{PlannedSegment, segments};
    use super::super::profile::Profile;
    use super::*;
    use graph_contracts::contract::{Availability, Cloud, Clouds, PageName, TypeIndex, build};
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
