//! From a request to the contract that answers it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use http::Method;

use super::action::may_be_action;
use super::difference::Differences;
use super::expectation::{Expectation, accepts_method};
use super::header::CONTRACT_HEADER;
use super::path_segment::PathSegment;
use super::rank::{Rank, Standing};
use super::received::Received;
use super::route_index::{Near, PathRank, RouteIndex};
use super::rule::judge;
use super::{Difference, Nearest, Note, Refusal, RefusalReason};
use crate::at::RequestPart;
use crate::contract::{Availability, Cloud, Contract};
use crate::service::ServiceRules;
use crate::store::Store;
use crate::url::{Target, Template, decode};

/// What a request has to have in common with a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What its example shows: every query option, header field, and value of the body.
    #[default]
    Strict,
    /// What is declared: path and method, and values that can be of their types.
    Lenient,
}

/// The contract that answers a request.
#[derive(Debug)]
pub struct Matched<'m> {
    /// The contract.
    pub contract: &'m Contract,
    /// Its position in the store.
    pub index: usize,
    /// The path of the route that the request is on, if a route of the contract has it.
    pub route: Option<&'m str>,
    /// What the request has that no page documents, or lacks; nothing in [`Mode::Strict`], in which either is a difference.
    pub notes: Vec<Note>,
}

/// Finds contracts by requests.
#[derive(Debug)]
pub struct Matcher {
    store: Arc<Store>,
    contracts: Vec<Prepared>,
    routes: Vec<PreparedRoute>,
    index: RouteIndex,
    by_id: HashMap<String, usize>,
}

/// A contract, ready to be compared with requests.
#[derive(Debug)]
struct Prepared {
    expectation: Expectation,
    standing: Standing,
    rules: Option<ServiceRules>,
    /// The numbers of its routes; none if the cloud does not have the operation.
    routes: std::ops::Range<usize>,
}

/// A path on which a contract answers.
#[derive(Debug)]
struct PreparedRoute {
    contract: usize,
    path: Template,
    /// The position of the route in the contract; `None` for the path of the example where no route has it.
    route: Option<usize>,
    /// Whether the example has this path.
    is_own: bool,
    /// The method of the contract.
    method: Method,
}

/// So many contracts that are equally near by path and method are compared to the end: what is looked at may be in no cache.
const MOST_COMPARED: usize = 16;

impl Matcher {
    /// A matcher for contracts, without those that a page denies to the cloud.
    pub fn new(store: Arc<Store>, cloud: Option<Cloud>) -> Matcher {
        let (mut contracts, mut routes) = (Vec::new(), Vec::new());
        let mut index = RouteIndex::new();
        for (number, contract) in store.contracts.iter().enumerate() {
            let first = routes.len();
            let method = Method::from_bytes(contract.request.method.as_bytes()).unwrap_or_default();
            if !is_denied(contract, cloud) {
                routes.extend(paths(contract).into_iter().flat_map(|(path, route, is_own)| {
                    let prepared = |path: Template, is_own: bool| {
                        let path = path.folded();
                        PreparedRoute { contract: number, path, route, is_own, method: method.clone() }
                    };
                    let written = Template::read(&(contract.path_root() + path));
                    let any = of_any_keys(contract, path, route, &written);
                    std::iter::once(prepared(written, is_own)).chain(any.map(|any| prepared(any, false)))
                }));
            }
            for (added, route) in routes.iter().enumerate().skip(first) {
                index.add(&route.path, u32::try_from(added).unwrap_or(u32::MAX));
            }
            contracts.push(Prepared {
                expectation: Expectation::new(contract),
                standing: Standing::new(contract),
                rules: contract.service_rules(),
                routes: first..routes.len(),
            });
        }
        let by_id = store.contracts.iter().enumerate().map(|(index, own)| (own.id.clone(), index)).collect();
        Matcher { store, contracts, routes, index, by_id }
    }

    /// The contracts.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// What an `Allow` field says to an OPTIONS of a documented path (RFC 9110 section 9.3.7): its methods, in alphabetical order. `None` for any
    /// other request.
    pub fn allowed(&self, received: &Received<'_>) -> Option<String> {
        if received.method != "OPTIONS" {
            return None;
        }
        let found = self.index.find(&received.path_segments).into_iter();
        let methods: BTreeSet<&str> = found.map(|(_, route)| self.contract_of(route).request.method.as_str()).collect();
        (!methods.is_empty()).then(|| methods.into_iter().collect::<Vec<&str>>().join(", "))
    }

    /// What a contract keeps of metadata, to be looked up.
    pub fn rules(&self, index: usize) -> Option<&ServiceRules> {
        self.contracts.get(index)?.rules.as_ref()
    }

    /// The contract that answers a request.
    ///
    /// # Errors
    ///
    /// When no contract does: the nearest one, and every difference from it.
    pub fn find(&self, received: &Received<'_>, mode: Mode) -> Result<Matched<'_>, Refusal> {
        self.look(received, mode).unwrap_or_else(|| Err(self.refused(received, mode)))
    }

    /// The contract that answers a request, for whoever does not ask why none does: nothing near is looked for.
    pub fn fitting(&self, received: &Received<'_>, mode: Mode) -> Option<Matched<'_>> {
        self.look(received, mode)?.ok()
    }

    /// The contract that answers a request, or why it does not although it documents such a request; `None` if no contract does.
    fn look(&self, received: &Received<'_>, mode: Mode) -> Option<Result<Matched<'_>, Refusal>> {
        if let Some(id) = received.header(CONTRACT_HEADER) {
            return Some(self.named(&decode(&id), received, mode));
        }
        let found = self.index.find(&received.path_segments).into_iter().filter_map(|(path, number)| {
            let route = self.routes.get(number as usize)?;
            let is_method = accepts_method(route.method.as_str(), received.method);
            is_method.then(|| (path, route, &self.store.contracts[route.contract]))
        });
        let fitting = found.filter(|(_, route, contract)| {
            mode == Mode::Lenient || {
                let mut differences = Differences::default();
                self.contracts[route.contract].expectation.sample_differences(contract, received, &mut differences);
                differences.is_empty()
            }
        });
        let fitting: Vec<(PathRank, &PreparedRoute, &Contract)> = fitting.collect();
        // A name in the path comes before a parameter, what expands nothing before what expands more than the request, and the path of the page's
        // example before its other routes.
        let exactness = |(path, route, _): &(PathRank, &PreparedRoute, &Contract)| {
            (*path, self.contracts[route.contract].expectation.expands_more(received), !route.is_own)
        };
        let most_exact = fitting.iter().map(exactness).min();
        let fitting: Vec<&PreparedRoute> = fitting
            .iter()
            .filter(|fitting| Some(exactness(fitting)) == most_exact)
            .map(|(_, route, _)| *route)
            .collect();
        let best = match fitting.as_slice() {
            // Mostly there is one, and nothing has to be compared.
            [only] => Some(*only),
            several => several.iter().copied().min_by_key(|route| self.rank(route, received)),
        };
        let best = best.filter(|route| !self.is_action(route, received))?;
        Some(self.matched(best.contract, Some(best), received, mode))
    }

    /// Whether a route takes for a key what another one has for the name of an action: only collections and actions take POST (OData Protocol 4.01
    /// sections 11.4.2 and 11.5.5), so that a word to which a page sends one addresses no object. The path of the example itself is never meant otherwise.
    fn is_action(&self, route: &PreparedRoute, received: &Received<'_>) -> bool {
        let is_key = route.path.segments().last().is_some_and(|last| last.parameter().is_some());
        if !is_key || received.method == "POST" {
            return false;
        }
        let Some(word) = received.path_segments.last().map(|last| last.text.as_str()) else { return false };
        if !word.bytes().all(|byte| byte.is_ascii_alphabetic())
            || self.contracts[route.contract].standing.is_path(received)
        {
            return false;
        }
        let all = self.index.find(&received.path_segments);
        all.into_iter().filter_map(|(_, number)| self.routes.get(number as usize)).any(|other| {
            let is_word = other.path.segments().last().is_some_and(|last| last.parameter().is_none());
            is_word && other.method == Method::POST
        })
    }

    /// How well a contract fits, beside others on paths as exact as its own.
    fn rank(&self, route: &PreparedRoute, received: &Received<'_>) -> Rank {
        let own = &self.contracts[route.contract];
        let contract = (route.contract, &self.store.contracts[route.contract], route.route);
        Rank::new(contract, (&own.expectation, &own.standing), received)
    }

    /// The answer by a contract that a request fits.
    fn matched(
        &self,
        index: usize,
        route: Option<&PreparedRoute>,
        received: &Received<'_>,
        mode: Mode,
    ) -> Result<Matched<'_>, Refusal> {
        let contract = &self.store.contracts[index];
        let route = route.and_then(|route| route.route).map(|route| contract.routes[route].path.as_str());
        if mode == Mode::Strict {
            return Ok(Matched { contract, index, route, notes: Vec::new() });
        }
        let own = &self.contracts[index];
        let judged = judge(contract, route, (&own.expectation, own.rules.as_ref()), received);
        if judged.invalid.is_empty() {
            Ok(Matched { contract, index, route, notes: judged.notes })
        } else {
            Err(self.refuse(index, received, judged.invalid, RefusalReason::InvalidBody))
        }
    }

    /// The answer by a contract that the request names.
    fn named(&self, id: &str, received: &Received<'_>, mode: Mode) -> Result<Matched<'_>, Refusal> {
        // What the cloud does not have is on no route.
        let own = self.by_id.get(id).copied();
        let Some(index) = own.filter(|index| !self.contracts[*index].routes.is_empty()) else {
            let mut refusal = self.refused(received, mode);
            let at = RequestPart::Header(CONTRACT_HEADER.to_owned());
            let expected = if own.is_some() { "a contract of this cloud" } else { "the id of a contract" };
            // The reason for the refusal is never left out.
            refusal.differences.push(Difference::new(at, expected, id));
            return Err(refusal);
        };
        let (route, differences) = self.nearest_route(index, received);
        let fits = match mode {
            Mode::Strict => differences.is_empty(),
            Mode::Lenient => !differences.listed.iter().any(|difference| is_on_route(&difference.at)),
        };
        if fits {
            self.matched(index, route, received, mode)
        } else {
            let differences = refusing(differences, mode);
            Err(self.refuse(index, received, differences, RefusalReason::NotDocumented))
        }
    }

    /// The route of a contract on which a request has the fewest differences, and these.
    fn nearest_route(&self, index: usize, received: &Received<'_>) -> (Option<&PreparedRoute>, Differences) {
        let measured = self.routes_of(index).map(|route| {
            let method = usize::from(!accepts_method(route.method.as_str(), received.method));
            ([route.path.count_differences_folded(&received.path_segments, PathSegment::is_value), method], route)
        });
        let (route, differences) = self.nearest_of(measured, received).unzip();
        (route, differences.unwrap_or_default())
    }

    /// The contract from which a request differs least, among those whose paths are near; none if none is.
    fn nearest(&self, received: &Received<'_>) -> Option<(usize, Differences)> {
        // The other routes of these contracts are further away.
        let near = self.index.nearest(&received.path_segments);
        let mut last = None;
        let measured = near.into_iter().filter_map(|Near { node, route }| {
            let route = self.routes.get(route as usize)?;
            // Routes that end at one node have the same segments.
            let segments = match last {
                Some((own, segments)) if own == node => segments,
                _ => route.path.count_differences_folded(&received.path_segments, PathSegment::is_value),
            };
            last = Some((node, segments));
            Some(([segments, usize::from(!accepts_method(route.method.as_str(), received.method))], route))
        });
        self.nearest_of(measured, received).map(|(route, differences)| (route.contract, differences))
    }

    /// The route from which a request differs least, and its differences; of equals, that of the page whose name says the least else, and then the first. Path and method decide before anything else
    /// does, so that the rest, bodies among it, is compared only where these are equally near.
    ///
    /// Each route comes with how many segments differ, and with whether the method does.
    fn nearest_of<'m>(
        &self,
        measured: impl Iterator<Item = ([usize; 2], &'m PreparedRoute)>,
        received: &Received<'_>,
    ) -> Option<(&'m PreparedRoute, Differences)> {
        let of_contract = |route: &PreparedRoute| {
            (&self.store.contracts[route.contract], &self.contracts[route.contract].expectation)
        };
        let measured: Vec<([usize; 2], &PreparedRoute)> = measured.collect();
        let least = measured.iter().map(|(distance, _)| *distance).min()?;
        let nearest = measured.into_iter().filter(|(distance, _)| *distance == least).map(|(_, route)| route);
        let nearest = nearest.take(MOST_COMPARED).min_by_key(|route| {
            let (contract, expectation) = of_contract(route);
            // Of pages that are equally near, the resource's main page says more than one that looks like it.
            let other_words = self.contracts[route.contract].standing.other_words(route.route);
            (expectation.distance(contract, &route.path, received), other_words)
        })?;
        let (contract, expectation) = of_contract(nearest);
        Some((nearest, expectation.differences(contract, &nearest.path, received)))
    }

    /// The paths of a contract.
    fn routes_of(&self, index: usize) -> impl Iterator<Item = &PreparedRoute> {
        let own = self.contracts.get(index).map(|own| own.routes.clone()).unwrap_or_default();
        self.routes.get(own).unwrap_or_default().iter()
    }

    /// The refusal of a request that no contract documents.
    fn refused(&self, received: &Received<'_>, mode: Mode) -> Refusal {
        let elsewhere = || self.in_other_version(received, mode);
        let lacking = || {
            let version = self.index.lacking_version(&received.path_segments)?;
            let (index, mut differences) = self.nearest(&received.below(version))?;
            differences.listed.insert(0, of_version(version, received));
            Some((index, differences))
        };
        let versioned = elsewhere().or_else(lacking);
        match versioned.or_else(|| self.nearest(received)) {
            Some((index, differences)) => {
                let may_be_wrong = mode == Mode::Lenient && received.method != "POST";
                let is_wrong_method = may_be_wrong && self.leads_to_action(received);
                let reason = if is_wrong_method { RefusalReason::WrongMethod } else { RefusalReason::NotDocumented };
                self.refuse(index, received, refusing(differences, mode), reason)
            }
            None => Refusal {
                reason: RefusalReason::NotDocumented,
                request: received.shown(),
                nearest: None,
                differences: Vec::new(),
                omitted: 0,
            },
        }
    }

    /// The contract that documents a request in another version, where nothing has its path in its own; the version is all that differs.
    fn in_other_version(&self, received: &Received<'_>, mode: Mode) -> Option<(usize, Differences)> {
        let is_named = received.header(CONTRACT_HEADER).is_some();
        if mode == Mode::Strict || is_named || !self.index.find(&received.path_segments).is_empty() {
            return None;
        }
        self.index.versions().into_iter().find_map(|(version, _)| {
            let index = match self.look(&received.below(version), mode)? {
                Ok(found) => found.index,
                Err(refusal) => *self.by_id.get(refusal.nearest_id()?)?,
            };
            let mut differences = Differences::default();
            differences.listed.push(of_version(version, received));
            Some((index, differences))
        })
    }

    /// Whether a path is that of an action: as far as pages say, it takes nothing but POST, and no objects are below it.
    fn leads_to_action(&self, received: &Received<'_>) -> bool {
        let found = self.index.find(&received.path_segments);
        let Some(exact) = found.iter().map(|(path, _)| *path).min() else { return false };
        let mut routes = found.iter().filter(|(path, _)| *path == exact).map(|(_, route)| *route);
        routes.all(|route| may_be_action(self.contract_of(route), &self.routes[route as usize].path))
            && !self.index.has_keys(&received.path_segments)
    }

    fn refuse(
        &self,
        index: usize,
        received: &Received<'_>,
        differences: Differences,
        reason: RefusalReason,
    ) -> Refusal {
        let contract = &self.store.contracts[index];
        let Differences { listed, omitted, .. } = differences;
        Refusal {
            reason,
            request: received.shown(),
            nearest: Some(Nearest { contract: contract.id.clone(), source: contract.location() }),
            differences: listed,
            omitted,
        }
    }

    fn contract_of(&self, route: u32) -> &Contract {
        &self.store.contracts[self.routes[route as usize].contract]
    }
}

/// That a request has another version than this one, or none.
fn of_version(version: &str, received: &Received<'_>) -> Difference {
    Difference::new(RequestPart::Segment(1), version, received.version().unwrap_or(super::NOTHING))
}

/// Whether a place is part of what a route is.
fn is_on_route(at: &RequestPart) -> bool {
    matches!(at, RequestPart::Segment(_) | RequestPart::Method)
}

/// The differences for which a request is refused: in [`Mode::Lenient`], what departs from the example beside path and method would have been
/// tolerated. Where neither of them differs, all are kept: something else has to be the reason.
fn refusing(mut differences: Differences, mode: Mode) -> Differences {
    if mode == Mode::Strict || !differences.listed.iter().any(|own| is_on_route(&own.at)) {
        return differences;
    }
    let all = differences.listed.len();
    differences.listed.retain(|own| is_on_route(&own.at));
    // They come first: where others are listed, none of them is left out.
    if differences.listed.len() < all {
        differences.omitted = 0;
    }
    differences
}

/// Whether the page says that a cloud does not have the operation.
fn is_denied(contract: &Contract, cloud: Option<Cloud>) -> bool {
    let said = contract.clouds.as_ref().zip(cloud).map(|(clouds, cloud)| clouds.of(cloud));
    said == Some(Availability::NotAvailable)
}

/// The template of a route in which the keys that it shows stand for any, if it shows some. The path of an example beside its routes is that of the
/// example alone.
fn of_any_keys(contract: &Contract, path: &str, route: Option<usize>, written: &Template) -> Option<Template> {
    let is_route = route.and_then(|index| contract.routes.get(index)).is_some_and(|own| own.path == path);
    is_route.then(|| written.clone().with_any_keys()).filter(|any| any != written)
}

/// The paths of a contract, each with its position among the routes, and whether it is that of the example. What a page shows is answered
/// although the template that it is on is written otherwise, as `/me/drive/items/{id}` is for `/me/drive/root`.
fn paths(contract: &Contract) -> Vec<(&str, Option<usize>, bool)> {
    let own = Target::read(&contract.request.url).path;
    let routes = contract.routes.iter().enumerate();
    let mut paths: Vec<(&str, Option<usize>, bool)> = routes
        .map(|(index, route)| (route.path.as_str(), Some(index), Template::read(&route.path).matches(own)))
        .collect();
    let shown = own.starts_with('/') && !paths.iter().any(|(path, ..)| *path == own);
    if shown {
        let route = paths.iter().find(|(.., is_own)| *is_own).and_then(|(_, route, _)| *route);
        paths.push((own, route, true));
    }
    paths
}
