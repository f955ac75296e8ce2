//! From what was read to the rules that would cover it: few of them, each as narrow as the evidence allows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json_path::JsonPath;

use super::pattern::{Part, Pattern, Selector};
use super::reading::{Reading, Seen, ValuePosition};
use graph_contracts::contract::{Body, Contract, header};
use graph_contracts::json::Json;
use graph_contracts::normal::Shape;
use graph_contracts::source::SourceLine;

/// So many member names have to differ in one shape before a rule for the shape is proposed.
const MANY_NAMES: usize = 3;

/// The shapes by which values can be told wherever they stand. A rule for every number would cover everything.
const TELLING: [Shape; 4] = [Shape::Guid, Shape::DateTime, Shape::Date, Shape::Duration];

/// A volatile rule that would cover what differed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Why, as far as two reads can tell.
    pub reason: String,
    /// What differed.
    pub evidence: Vec<Evidence>,
    /// What the rule covers too, although it did not differ.
    pub unchanged: Vec<Evidence>,
    /// How many documented values it covers in contracts of which nothing was read there.
    pub unread: usize,
}

/// What a rule selects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// `[[header]]`: the field of that name; the shape, if it is not that of the documented value.
    Header(String, Option<Shape>),
    /// `[[body]]`: the values at some places.
    Body(Selector),
    /// `[[value]]`: every value of that shape.
    Value(Shape),
}

/// What two or more reads of a contract showed of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The contract's id.
    pub contract: String,
    /// Where the page shows such a value.
    pub source: SourceLine,
    /// The place.
    pub at: ValuePosition,
    /// What the values look like.
    pub shapes: BTreeSet<Shape>,
    /// What the documented value looks like, if it looks like something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documented: Option<Shape>,
    /// How many pairs of values differed.
    pub differed: usize,
    /// How many pairs were compared.
    pub compared: usize,
}

/// The rules that cover everything that differed in the readings. `contracts` are all that the rules would hold for.
///
/// - A header field is covered by its name.
/// - Members of one name are covered by one rule, if it covers nothing that held still and that a rule for each place would not.
/// - Identifiers, times and durations are covered by what they look like, if those of several names differed and none held still.
pub fn propose(readings: &[Reading], contracts: &[Contract]) -> Vec<Proposal> {
    let observed = together(readings);
    let (differed, unchanged): (Vec<&Evidence>, Vec<&Evidence>) =
        observed.iter().partition(|evidence| evidence.differed > 0);
    let mut rules: BTreeSet<Rule> = BTreeSet::new();
    let by_shape: Vec<Shape> = TELLING.into_iter().filter(|shape| is_volatile(*shape, &differed, &unchanged)).collect();
    rules.extend(by_shape.iter().map(|shape| Rule::Value(*shape)));
    let mut members: BTreeMap<&[Part], BTreeSet<&Pattern>> = BTreeMap::new();
    for evidence in &differed {
        match &evidence.at {
            ValuePosition::Header(name) => {
                rules.insert(Rule::Header(name.clone(), other_shape(name, &differed)));
            }
            ValuePosition::Body(_) if by_shape.iter().any(|shape| evidence.is_only(*shape)) => {}
            ValuePosition::Body(pattern) => {
                members.entry(pattern.ending()).or_default().insert(pattern);
            }
        }
    }
    rules.extend(members.into_values().flat_map(|patterns| selectors(&patterns, &unchanged)).map(Rule::Body));
    let proposal = |rule: Rule| {
        let covered = |observed: &[&Evidence]| -> Vec<Evidence> {
            observed.iter().filter(|evidence| rule.covers(evidence)).map(|evidence| Evidence::clone(evidence)).collect()
        };
        let (evidence, unchanged) = (covered(&differed), covered(&unchanged));
        let reason = reason(&rule, &evidence);
        let known: BTreeSet<&str> =
            evidence.iter().chain(&unchanged).map(|evidence| evidence.contract.as_str()).collect();
        let others = contracts.iter().filter(|contract| !known.contains(contract.id.as_str()));
        let unread = rule.documented_values(others);
        Proposal { rule, reason, evidence, unchanged, unread }
    };
    rules.into_iter().map(proposal).collect()
}

/// What all readings of a contract showed of each place, by place.
fn together(readings: &[Reading]) -> Vec<Evidence> {
    let mut all: BTreeMap<(&ValuePosition, &str), Seen> = BTreeMap::new();
    for reading in readings {
        for (spot, seen) in &reading.seen {
            let new = || Seen { compared: 0, differed: 0, shapes: BTreeSet::new(), ..seen.clone() };
            let known = all.entry((spot, &reading.contract)).or_insert_with(new);
            // The shapes are those of what differed, if something did.
            if known.differed == 0 && seen.differed > 0 {
                known.shapes.clear();
            }
            if known.differed == 0 || seen.differed > 0 {
                known.shapes.extend(&seen.shapes);
            }
            known.compared += seen.compared;
            known.differed += seen.differed;
        }
    }
    let evidence = |((spot, contract), seen): ((&ValuePosition, &str), Seen)| Evidence {
        contract: contract.to_owned(),
        source: seen.source,
        at: spot.clone(),
        documented: seen.documented.filter(|shape| seen.shapes.iter().any(|own| own != shape)),
        shapes: seen.shapes,
        differed: seen.differed,
        compared: seen.compared,
    };
    all.into_iter().map(evidence).collect()
}

/// Whether values of a shape are volatile wherever they stand, as far as was read.
fn is_volatile(shape: Shape, differed: &[&Evidence], unchanged: &[&Evidence]) -> bool {
    let ending = |evidence: &&Evidence| match &evidence.at {
        ValuePosition::Body(pattern) if evidence.is_only(shape) => Some(pattern.ending().to_vec()),
        _ => None,
    };
    let names: BTreeSet<Vec<Part>> = differed.iter().copied().filter_map(|evidence| ending(&evidence)).collect();
    names.len() >= MANY_NAMES && !unchanged.iter().any(|evidence| Rule::Value(shape).covers(evidence))
}

/// The shape of a header field's values where it is not that of the documented ones.
fn other_shape(name: &str, differed: &[&Evidence]) -> Option<Shape> {
    let is_it = |evidence: &&&Evidence| matches!(&evidence.at, ValuePosition::Header(own) if own == name);
    let of_field: Vec<&&Evidence> = differed.iter().filter(is_it).collect();
    let shapes: BTreeSet<Shape> = of_field.iter().flat_map(|evidence| evidence.shapes.iter().copied()).collect();
    let is_other = of_field.iter().any(|evidence| evidence.documented.is_some());
    shapes.first().copied().filter(|_| is_other && shapes.len() == 1)
}

/// One selector for all patterns, or one for each where that one would cover more of what held still.
fn selectors(patterns: &BTreeSet<&Pattern>, unchanged: &[&Evidence]) -> Vec<Selector> {
    let each: Vec<Selector> = patterns.iter().filter_map(|pattern| Selector::narrowest([*pattern])).collect();
    let Some(all) = Selector::narrowest(patterns.iter().copied()) else { return each };
    let covers_more = unchanged.iter().any(|evidence| match &evidence.at {
        ValuePosition::Header(_) => false,
        ValuePosition::Body(pattern) => all.covers(pattern) && !each.iter().any(|one| one.covers(pattern)),
    });
    if covers_more { each } else { vec![all] }
}

/// What two reads can tell of why values differ.
fn reason(rule: &Rule, evidence: &[Evidence]) -> String {
    let shapes: BTreeSet<Shape> = evidence.iter().flat_map(|evidence| evidence.shapes.iter().copied()).collect();
    let noun = match shapes.first() {
        Some(shape) if shapes.len() == 1 => match shape {
            Shape::Guid => "An identifier",
            Shape::DateTime => "A time",
            Shape::Date => "A date",
            Shape::Duration => "A duration",
            Shape::Int | Shape::Number => "A number",
            Shape::Bool => "A switch",
            Shape::String | Shape::Empty => "A text",
        },
        _ => "A value",
    };
    let noun = if matches!(rule, Rule::Value(_)) { format!("{noun}, wherever it stands,") } else { noun.to_owned() };
    format!("{noun} that the service gives anew from one read to the next.")
}

impl Evidence {
    /// Whether all values in a body look like that, the documented one included.
    fn is_only(&self, shape: Shape) -> bool {
        matches!(self.at, ValuePosition::Body(_))
            && self.documented.is_none()
            && self.shapes.iter().all(|own| *own == shape)
    }
}

impl Proposal {
    /// Whether what differed may as well be a state, which a contract should be about: words and switches do not look like what
    /// a service gives anew.
    pub(crate) fn may_be_state(&self) -> bool {
        let is_state = |shape: &Shape| matches!(shape, Shape::Bool | Shape::String | Shape::Empty);
        self.evidence.iter().any(|evidence| evidence.shapes.iter().any(is_state))
    }
}

impl Rule {
    /// The table of `volatile.toml` in which the rule stands.
    pub fn table(&self) -> &'static str {
        match self {
            Rule::Header(..) => "header",
            Rule::Body(_) => "body",
            Rule::Value(_) => "value",
        }
    }

    /// Whether the rule masks the values of a place.
    fn covers(&self, evidence: &Evidence) -> bool {
        match (self, &evidence.at) {
            (Rule::Header(name, _), ValuePosition::Header(own)) => name == own,
            (Rule::Body(selector), ValuePosition::Body(pattern)) => selector.covers(pattern),
            (Rule::Value(shape), ValuePosition::Body(_)) => evidence.shapes.contains(shape),
            _ => false,
        }
    }

    /// How many documented values the rule selects.
    fn documented_values<'a>(&self, contracts: impl Iterator<Item = &'a Contract>) -> usize {
        let bodies = |contract: &'a Contract| contract.response.body.as_ref().and_then(Body::as_json);
        match self {
            Rule::Header(name, _) => {
                contracts.filter(|contract| header(&contract.response.headers, name).is_some()).count()
            }
            Rule::Value(shape) => contracts.filter_map(bodies).map(|body| of_shape(body, *shape)).sum(),
            Rule::Body(selector) => {
                let Ok(path) = JsonPath::parse(&selector.to_string()) else { return 0 };
                contracts.filter_map(bodies).map(|body| path.query(&body.to_value()).len()).sum()
            }
        }
    }
}

/// How many scalars look like that.
fn of_shape(value: &Json, shape: Shape) -> usize {
    match value {
        Json::Array(items) => items.iter().map(|item| of_shape(item, shape)).sum(),
        Json::Object(members) => members.iter().map(|member| of_shape(&member.value, shape)).sum(),
        scalar => usize::from(Shape::of(scalar) == Some(shape)),
    }
}

/// The keys that the rule has in `volatile.toml`, and the table's name.
impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("table", self.table())?;
        match self {
            Rule::Header(name, shape) => {
                map.serialize_entry("name", name)?;
                if let Some(shape) = shape {
                    map.serialize_entry("shape", shape)?;
                }
            }
            Rule::Body(selector) => map.serialize_entry("path", &selector.to_string())?,
            Rule::Value(shape) => map.serialize_entry("shape", shape)?,
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reading of a contract: places as `name/name/* shape differed/compared`, a header field as `:name`.
    fn reading(contract: &str, places: &[&str]) -> Reading {
        let seen = places.iter().map(|text| {
            let words: Vec<&str> = text.split(' ').collect();
            let (differed, compared) = words[2].split_once('/').expect("two numbers");
            let part = |word: &str| if word == "*" { Part::Any } else { Part::Name(word.to_owned()) };
            let spot = match words[0].strip_prefix(':') {
                Some(name) => ValuePosition::Header(name.to_owned()),
                None => ValuePosition::Body(Pattern(words[0].split('/').map(part).collect())),
            };
            let shape = |name: &str| Shape::ALL.iter().copied().find(|shape| shape.name() == name).expect("a shape");
            let seen = Seen {
                source: SourceLine::new(format!("{contract}.md"), 9),
                shapes: BTreeSet::from([shape(words[1])]),
                documented: Some(shape(words.get(3).copied().unwrap_or(words[1]))),
                compared: compared.parse().expect("a number"),
                differed: differed.parse().expect("a number"),
            };
            (spot, seen)
        });
        Reading { contract: contract.to_owned(), seen: seen.collect(), unlearned: Vec::new() }
    }

    /// The rules, each with how many places differed and held still.
    #[track_caller]
    fn check(readings: &[(&str, &[&str])], expected: &[&str]) {
        let readings: Vec<Reading> = readings.iter().map(|(contract, places)| reading(contract, places)).collect();
        let shown = propose(&readings, &[]).into_iter().map(|proposal| {
            let (differed, unchanged) = (proposal.evidence.len(), proposal.unchanged.len());
            match &proposal.rule {
                Rule::Header(name, None) => format!("{name} {differed}/{unchanged}"),
                Rule::Header(name, Some(shape)) => format!("{name} as {shape} {differed}/{unchanged}"),
                Rule::Body(selector) => format!("{selector} {differed}/{unchanged}"),
                Rule::Value(shape) => format!("every {shape} {differed}/{unchanged}"),
            }
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn nothing_is_proposed_where_nothing_differs() {
        check(&[], &[]);
        check(&[("a", &["watts int 0/1", ":etag string 0/1"])], &[]);
    }

    #[test]
    fn members_of_one_name_have_one_rule() {
        check(&[("a", &["watts int 1/1"]), ("b", &["watts int 1/1"])], &["$.watts 2/0"]);
        check(&[("a", &["watts int 1/1"]), ("b", &["value/*/watts int 3/9"])], &["$..watts 2/0"]);
        check(&[("a", &["x/watts int 1/1", "y/watts int 1/1", "hue string 1/1"])], &["$..watts 2/0", "$.hue 1/0"]);
    }

    #[test]
    fn one_rule_covers_no_more_of_what_held_still_than_several() {
        let held = ["x/watts int 1/1", "y/watts int 1/1", "z/watts int 0/1"];
        check(&[("a", &held)], &["$.x.watts 1/0", "$.y.watts 1/0"]);
        // What held still at the same place elsewhere is said.
        check(&[("a", &["watts int 1/1"]), ("b", &["watts int 0/1"])], &["$.watts 1/1"]);
    }

    #[test]
    fn what_several_routes_of_a_contract_show_is_one_evidence() {
        let readings = [reading("a", &["watts int 0/2"]), reading("a", &["watts number 1/3"])];
        let proposals = propose(&readings, &[]);
        let evidence = &proposals[0].evidence;
        assert_eq!((evidence.len(), evidence[0].differed, evidence[0].compared), (1, 1, 5));
        assert_eq!(evidence[0].shapes, BTreeSet::from([Shape::Number]));
    }

    #[test]
    fn header_fields_are_covered_by_name() {
        check(&[("a", &[":etag string 1/1"]), ("b", &[":etag string 0/1"])], &["etag 1/1"]);
        check(&[("a", &[":age int 1/1 string"])], &["age as int 1/0"]);
        check(&[("a", &[":age int 1/1 string"]), ("b", &[":age guid 1/1"])], &["age 2/0"]);
    }

    #[test]
    fn a_shape_is_volatile_if_several_names_say_so_and_none_contradicts() {
        let three: &[&str] = &["a datetime 1/1", "b datetime 1/1", "c/*/d datetime 1/1"];
        check(&[("a", three)], &["every datetime 3/0"]);
        check(&[("a", three), ("b", &["e datetime 0/1"])], &["$.a 1/0", "$.b 1/0", "$.c[*].d 1/0"]);
        check(&[("a", &three[..2])], &["$.a 1/0", "$.b 1/0"]);
        // The page shows no time there, which a rule for times would not mask.
        check(&[("a", &[three[0], three[1], "c datetime 1/1 string"])], &["$.a 1/0", "$.b 1/0", "$.c 1/0"]);
        check(&[("a", &["a int 1/1", "b int 1/1", "c int 1/1"])], &["$.a 1/0", "$.b 1/0", "$.c 1/0"]);
    }
}
