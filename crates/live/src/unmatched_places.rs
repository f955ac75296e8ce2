//! The places that a profile names, and that do nothing.

use std::collections::BTreeSet;

use graph_contracts::contract::Contract;

use super::parameter_position::ParameterPosition;
use super::planned_step::{PlannedSegment, segments};
use super::profile::Profile;
use super::profile_problem::ProfileProblem;

impl Profile {
    /// The places of parameters that the profile names and that no route of these contracts has: each with its key.
    pub fn unmatched_places(&self, contracts: &[Contract]) -> Vec<ProfileProblem> {
        let named = !self.bind.is_empty() || !self.write_below.is_empty();
        let routes = contracts.iter().filter(|_| named).flat_map(|contract| &contract.routes);
        let known: BTreeSet<ParameterPosition> = routes
            .flat_map(|route| segments(&route.path))
            .filter_map(|segment| match segment {
                PlannedSegment::Parameter { place, .. } => Some(place),
                PlannedSegment::Literal(_) => None,
            })
            .collect();
        let bound = self.bind.keys().map(|place| (vec!["bind".to_owned(), place.clone()], place, "[bind]"));
        let below = self.write_below.iter().enumerate();
        let below = below.map(|(at, place)| (vec!["write_below".to_owned(), at.to_string()], place, "`write_below`"));
        let unmatched = bound.chain(below).filter(|(_, place, _)| !known.contains(&ParameterPosition::read(place)));
        let problem = |(key, place, of): (Vec<String>, &String, &str)| ProfileProblem {
            key,
            message: format!("`{place}` in {of} is in no route of the contracts, and does nothing"),
        };
        unmatched.map(problem).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_no_route_has_does_nothing_and_is_named() {
        let sent = graph_contracts_testing::contracts_of_pair("Get", "GET /lamps/{id}/bulbs/{id}", "", "200 OK", "{}");
        let check = |text: &str, expected: &[&str]| {
            let unmatched = Profile::parse("p.toml", text).expect("a profile").unmatched_places(&sent);
            let keys: Vec<String> = unmatched.iter().map(|problem| problem.key.join(".")).collect();
            assert_eq!(keys, expected, "{text}");
        };
        check("write_below = ['Lamps/{lamp-id}']\n[bind]\n'/lamps/{id}' = 'a'\n'lamps/{id}/bulbs/{bulb}' = 'b'\n", &[]);
        check(
            "write_below = ['lamps/{id}', 'lamps']\n[bind]\n'lamp/{id}' = 'a'\n'bulbs/{id}' = 'b'\n",
            &["bind.bulbs/{id}", "bind.lamp/{id}", "write_below.1"],
        );
    }
}
