//! Two responses to one request: which documented values differ that no rule covers yet, and which held still.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Serialize, Serializer};

use super::align::{align, is_same, is_same_text};
use super::pattern::Pattern;
use super::unlearned_reason::UnlearnedReason;
use graph_contracts::contract::{Body, Contract, header};
use graph_contracts::http::ReceivedResponse;
use graph_contracts::json::{Json, Key, Lines, Pair, pairs};
use graph_contracts::normal::{
    Level, Node, NormalBody, NormalForm, NormalHeader, NormalizationPlan, RuleError, Shape, VolatileRules, normalize,
};
use graph_contracts::source::SourceLine;

/// What two reads of one contract showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The contract's id.
    pub contract: String,
    /// The documented values that were compared, but for those that a rule covers.
    pub seen: BTreeMap<ValuePosition, Seen>,
    /// What differed and is not a volatile value.
    pub unlearned: Vec<Unlearned>,
}

/// Where a value stands in a response.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValuePosition {
    /// The header field of that name, in lower case.
    Header(String),
    /// In the JSON body.
    Body(Pattern),
}

/// The values of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Where the page shows such a value.
    pub source: SourceLine,
    /// What the values look like: those that differed, if any did.
    pub shapes: BTreeSet<Shape>,
    /// What the documented value looks like.
    pub documented: Option<Shape>,
    /// How many pairs of values were compared: one for each element around them.
    pub compared: usize,
    /// How many of the pairs differed.
    pub differed: usize,
}

/// A difference that no rule can cover, or that none has to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unlearned {
    /// The place that the page documents, or the nearest one around it.
    pub at: ValuePosition,
    /// What differs.
    pub why: UnlearnedReason,
    /// Where the page shows the place.
    pub source: SourceLine,
}

/// Compares two responses to one request of a contract.
///
/// # Errors
///
/// When a rule of the contract is not a JSONPath.
pub fn differences(
    contract: &Contract,
    rules: &VolatileRules,
    first: &ReceivedResponse,
    second: &ReceivedResponse,
) -> Result<Reading, RuleError> {
    // The exact level, because the rules belong to it: what they mask is covered.
    let normalization = NormalizationPlan::new(contract, rules, Level::Exact)?;
    let (one, other) = (normalize(first, &normalization), normalize(second, &normalization));
    let documented = contract.response.body.as_ref().and_then(Body::as_json);
    let mut seen = BTreeMap::new();
    let mut walk =
        Walk { contract, documented, lines: None, forms: [&one, &other], seen: &mut seen, unlearned: Vec::new() };
    if one.status == other.status {
        walk.headers(&one.headers, &other.headers);
        walk.body(&one.body, &other.body);
    } else {
        walk.unlearn(ValuePosition::Body(Pattern::default()), UnlearnedReason::Status);
    }
    let mut unlearned = walk.unlearned;
    unlearned.sort_unstable();
    unlearned.dedup();
    Ok(Reading { contract: contract.id.clone(), seen, unlearned })
}

/// Walks two responses together.
struct Walk<'a> {
    contract: &'a Contract,
    documented: Option<&'a Json>,
    /// The lines of the documented body, once one is asked for.
    lines: Option<Lines>,
    forms: [&'a NormalForm; 2],
    seen: &'a mut BTreeMap<ValuePosition, Seen>,
    unlearned: Vec<Unlearned>,
}

impl<'a> Walk<'a> {
    fn headers(&mut self, one: &[NormalHeader], other: &[NormalHeader]) {
        let names: BTreeSet<&str> = one.iter().chain(other).map(|header| header.name.as_str()).collect();
        let value = |headers: &'a [NormalHeader], name: &str| {
            headers.iter().find(|header| header.name == name).map(|header| &header.value)
        };
        for name in names {
            let [first, second] = self.forms.map(|form| value(&form.headers, name));
            let spot = ValuePosition::Header(name.to_owned());
            match (first, second) {
                // A rule says already that the field may be absent.
                (Some(only), None) | (None, Some(only)) if only.as_mask().is_some_and(|mask| mask.optional) => {}
                (Some(first), Some(second)) if first.as_mask().is_some() && second.as_mask().is_some() => {}
                (Some(first), Some(second)) => {
                    let shapes = [first, second].map(|text| Shape::of_field(&text.to_string()));
                    let documented = header(&self.contract.response.headers, name);
                    let documented = documented.map(|header| Shape::of_field(&header.value));
                    self.values(spot, shapes, documented, is_same_text(first, second));
                }
                _ => self.unlearn(spot, UnlearnedReason::CameOrWent),
            }
        }
    }

    fn body(&mut self, one: &NormalBody, other: &NormalBody) {
        let root = || ValuePosition::Body(Pattern::default());
        match (one, other) {
            (NormalBody::Json(one), NormalBody::Json(other)) => match self.documented {
                Some(documented) => self.node(one, other, &Pattern::default(), &[documented]),
                None if is_same(one, other) => {}
                None => self.unlearn(root(), UnlearnedReason::Undocumented(1)),
            },
            (NormalBody::Text(one), NormalBody::Text(other)) if one == other => {}
            (NormalBody::Text(_), NormalBody::Text(_)) => self.unlearn(root(), UnlearnedReason::Text),
            (one, other) if std::mem::discriminant(one) == std::mem::discriminant(other) => {}
            _ => self.unlearn(root(), UnlearnedReason::CameOrWent),
        }
    }

    /// Two values at a place, of which the page shows one or more.
    fn node(&mut self, one: &Node, other: &Node, at: &Pattern, documented: &[&Json]) {
        match (one, other) {
            (Node::Mask(_), Node::Mask(_)) => {}
            (Node::Object(_), Node::Object(_)) => self.object(one, other, at, documented),
            (Node::Array(items), Node::Array(others)) => self.array(items, others, at, documented),
            _ => match (shape(one), shape(other)) {
                (Some(first), Some(second)) => {
                    let shown = documented.iter().find_map(|value| Shape::of(value));
                    self.values(ValuePosition::Body(at.clone()), [first, second], shown, is_same(one, other));
                }
                _ if is_same(one, other) => {}
                _ => self.unlearn(ValuePosition::Body(at.clone()), UnlearnedReason::Shape(kind(one), kind(other))),
            },
        }
    }

    fn object(&mut self, one: &Node, other: &Node, at: &Pattern, documented: &[&Json]) {
        let mut undocumented = 0;
        for Pair { key, one, other } in pairs(one, other).into_iter().flatten() {
            let Key::Name(name) = key else { continue };
            let documented: Vec<&Json> = documented.iter().filter_map(|value| value.get(name)).collect();
            match (one, other) {
                (Some(one), Some(other)) if documented.is_empty() => undocumented += usize::from(!is_same(one, other)),
                (Some(one), Some(other)) => self.node(one, other, &at.member(name), &documented),
                // Its name may be one that the tenant gave it.
                _ if documented.is_empty() => undocumented += 1,
                _ => self.unlearn(ValuePosition::Body(at.member(name)), UnlearnedReason::CameOrWent),
            }
        }
        if undocumented > 0 {
            self.unlearn(ValuePosition::Body(at.clone()), UnlearnedReason::Undocumented(undocumented));
        }
    }

    fn array(&mut self, items: &[Node], others: &[Node], at: &Pattern, documented: &[&Json]) {
        let [first, second] = self.forms;
        let aligned = align((items, first), (others, second));
        for why in aligned.why {
            self.unlearn(ValuePosition::Body(at.clone()), why);
        }
        let documented: Vec<&Json> = documented
            .iter()
            .flat_map(|value| match value {
                Json::Array(items) => items.as_slice(),
                _ => &[],
            })
            .collect();
        let at = at.elements();
        let pairs = aligned.pairs.into_iter().map(|(one, other)| (&items[one], &others[other]));
        if !documented.is_empty() {
            pairs.for_each(|(one, other)| self.node(one, other, &at, &documented));
            return;
        }
        let differing = pairs.filter(|(one, other)| !is_same(one, other)).count();
        if differing > 0 {
            self.unlearn(ValuePosition::Body(at), UnlearnedReason::Undocumented(differing));
        }
    }

    /// Two scalars at a place, neither of which a rule covers.
    fn values(&mut self, spot: ValuePosition, shapes: [Shape; 2], documented: Option<Shape>, is_same: bool) {
        if !is_same && shapes[0] != shapes[1] {
            return self.unlearn(spot, UnlearnedReason::Shape(shapes[0].name(), shapes[1].name()));
        }
        if !is_same && documented.is_none() {
            // The page shows no value there that a rule could select.
            return self.unlearn(spot, UnlearnedReason::Undocumented(1));
        }
        let source = match self.seen.get(&spot) {
            Some(seen) => seen.source.clone(),
            None => self.source(&spot),
        };
        let new = Seen { source, shapes: BTreeSet::new(), documented, compared: 0, differed: 0 };
        let seen = self.seen.entry(spot).or_insert(new);
        seen.compared += 1;
        if !is_same {
            if seen.differed == 0 {
                seen.shapes.clear();
            }
            seen.differed += 1;
        }
        if !is_same || seen.differed == 0 {
            seen.shapes.insert(shapes[0]);
        }
    }

    fn unlearn(&mut self, at: ValuePosition, why: UnlearnedReason) {
        let source = self.source(&at);
        self.unlearned.push(Unlearned { at, why, source });
    }

    /// Where the page shows a place, or the response if it does not.
    fn source(&mut self, spot: &ValuePosition) -> SourceLine {
        let block = &self.contract.source.response;
        let line = match spot {
            ValuePosition::Header(name) => header(&self.contract.response.headers, name).map(|header| header.line),
            ValuePosition::Body(pattern) => self.documented.and_then(|body| {
                let path = pattern.first_in(body)?;
                self.lines.get_or_insert_with(|| block.lines(body)).nearest(&path)
            }),
        };
        self.contract.source_line(line.unwrap_or(block.line))
    }
}

/// What a scalar looks like.
fn shape(node: &Node) -> Option<Shape> {
    match node {
        Node::Mask(mask) => Some(mask.shape),
        Node::String(text) => Some(text.as_literal().map_or(Shape::String, Shape::of_string)),
        Node::Plain(value) => Shape::of(value),
        Node::Array(_) | Node::Object(_) => None,
    }
}

fn kind(node: &Node) -> &'static str {
    shape(node).map_or_else(
        || match node {
            Node::Array(_) => "array",
            Node::Object(_) => "object",
            _ => "null",
        },
        Shape::name,
    )
}

impl fmt::Display for ValuePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValuePosition::Header(name) => write!(f, "header {name}"),
            ValuePosition::Body(pattern) => pattern.fmt(f),
        }
    }
}

impl Serialize for ValuePosition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::contract::{PageName, TypeIndex, build};
    use graph_contracts::normal::DEFAULT_RULES;
    use graph_contracts::page::Page;

    /// A contract whose documented response has this body.
    fn contract(body: &str) -> Contract {
        let text = format!(
            "# Get lamp\n\n## HTTP request\n\n```http\nGET /lamps/{{id}}\n```\n\n## Example\n\n```http\n\
             GET https://graph.microsoft.com/v1.0/lamps/{{id}}\n```\n\n```http\nHTTP/1.1 200 OK\n\
             Content-Type: application/json\nETag: \"1\"\n\n{body}\n```\n"
        );
        let page = Page::parse("lamp-get.md", &text);
        build(&page, &PageName::of(&page), &TypeIndex::default()).contracts.remove(0).1
    }

    fn response(body: &str, tag: &str) -> ReceivedResponse {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![header("Content-Type", "application/json"), header("ETag", tag), header("Date", body)];
        ReceivedResponse { status: 200, headers, body: body.as_bytes().to_vec() }
    }

    #[track_caller]
    fn reading(documented: &str, first: &ReceivedResponse, second: &ReceivedResponse) -> Reading {
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        differences(&contract(documented), &rules, first, second).expect("the contract has no rules")
    }

    /// What differs between two bodies: places with shapes and numbers, then what is not learned.
    #[track_caller]
    fn check(documented: &str, one: &str, other: &str, expected: &[&str]) {
        let reading = reading(documented, &response(one, "t"), &response(other, "t"));
        let differed = reading.seen.iter().filter(|(_, seen)| seen.differed > 0).map(|(spot, seen)| {
            let shapes: Vec<&str> = seen.shapes.iter().map(|shape| shape.name()).collect();
            format!("{spot} {} {} of {}", shapes.join("+"), seen.differed, seen.compared)
        });
        let unlearned = reading.unlearned.iter().map(|unlearned| format!("{}: {}", unlearned.at, unlearned.why));
        let found: Vec<String> = differed.chain(unlearned).collect();
        assert_eq!(found, expected, "{one} and {other}");
    }

    const LAMP: &str = r#"{"id": "1", "hue": "warm", "watts": 5, "on": true, "seen": null, "lit": "2017-01-01"}"#;

    #[test]
    fn values_that_differ_are_told_by_their_place_and_shape() {
        check(LAMP, r#"{"watts": 5}"#, r#"{"watts": 5.0}"#, &[]);
        check(LAMP, r#"{"watts": 5}"#, r#"{"watts": 6}"#, &["$.watts int 1 of 1"]);
        check(
            LAMP,
            r#"{"hue": "a", "on": true}"#,
            r#"{"on": false, "hue": "b"}"#,
            &["$.hue string 1 of 1", "$.on bool 1 of 1"],
        );
        check("5", "5", "6", &["$ int 1 of 1"]);
    }

    #[test]
    fn what_rules_cover_and_what_is_not_documented_is_not_learned() {
        check(LAMP, r#"{"id": "abc"}"#, r#"{"id": "def"}"#, &[]);
        check(LAMP, r#"{"hue": "2024-01-01T00:00:00Z"}"#, r#"{"hue": "2024-01-01T00:00:01Z"}"#, &[]);
        // An identifier that is masked where it stands within other text.
        check(LAMP, r#"{"id": "abcdefgh", "hue": "/abcdefgh"}"#, r#"{"id": "ijklmnop", "hue": "/ijklmnop"}"#, &[]);
        check(
            LAMP,
            r#"{"Ada": 1, "@odata.etag": "1"}"#,
            r#"{"Ada": 2, "Bob": 1, "@odata.etag": "2"}"#,
            &["$: 2 values that the page does not document"],
        );
        check(LAMP, r#"{"seen": 1}"#, r#"{"seen": 2}"#, &["$.seen: 1 value that the page does not document"]);
        check(
            r#"{"list": []}"#,
            r#"{"list": [{"id": "1", "a": 1}]}"#,
            r#"{"list": [{"id": "1", "a": 2}]}"#,
            &["$.list[*]: 1 value that the page does not document"],
        );
    }

    #[test]
    fn differences_of_structure_are_no_volatile_values() {
        check(LAMP, r#"{"watts": 5}"#, "{}", &["$.watts: there in one of the reads alone"]);
        let shapes =
            |one: &str, other: &str| format!("$.watts: [{one}], then [{other}]: a rule covers values of one shape");
        check(LAMP, r#"{"watts": 5}"#, r#"{"watts": null}"#, &[&shapes("int", "null")]);
        check(LAMP, r#"{"watts": 5}"#, r#"{"watts": 5.5}"#, &[&shapes("int", "number")]);
        check(LAMP, r#"{"watts": ""}"#, r#"{"watts": {}}"#, &[&shapes("empty", "object")]);
        check(LAMP, "{}", "", &["$: there in one of the reads alone"]);
        check(LAMP, "Ada", "Bob", &["$: text, into which no rule reaches"]);
        let other = ReceivedResponse { status: 404, ..response("{}", "t") };
        let reading = reading(LAMP, &response("{}", "t"), &other);
        assert_eq!(reading.unlearned[0].why, UnlearnedReason::Status);
        assert!(reading.seen.is_empty());
    }

    const LAMPS: &str = r#"{"value": [{"id": "1", "hue": "warm", "watts": 5}], "hues": ["warm"]}"#;

    #[test]
    fn elements_are_compared_with_those_of_the_same_id() {
        let lamp = |id: &str, hue: &str, watts: u8| format!(r#"{{"id": "{id}", "hue": "{hue}", "watts": {watts}}}"#);
        let lamps = |lamps: &[String]| format!(r#"{{"value": [{}]}}"#, lamps.join(", "));
        let one = lamps(&[lamp("a", "x", 1), lamp("b", "y", 1), lamp("c", "z", 1)]);
        let other = lamps(&[lamp("a", "x", 2), lamp("b", "y", 1), lamp("c", "z", 2)]);
        check(LAMPS, &one, &other, &["$.value[*].watts int 2 of 3"]);
        let other = lamps(&[lamp("c", "z", 1), lamp("b", "y", 1), lamp("a", "x", 1)]);
        check(LAMPS, &one, &other, &["$.value: elements in another order"]);
        let other = lamps(&[lamp("b", "y", 1), lamp("d", "v", 1)]);
        check(LAMPS, &one, &other, &["$.value: another number of elements"]);
        let other = lamps(&[lamp("a", "x", 1), lamp("b", "y", 1), lamp("d", "v", 7)]);
        check(LAMPS, &one, &other, &["$.value: other elements"]);
        let other = lamps(&[lamp("d", "v", 7), lamp("e", "v", 7), lamp("f", "v", 7)]);
        check(LAMPS, &one, &other, &["$.value: other elements"]);
        // Other ids, but otherwise the same elements.
        let other = lamps(&[lamp("d", "x", 1), lamp("e", "y", 1), lamp("f", "z", 2)]);
        check(LAMPS, &one, &other, &["$.value[*].watts int 1 of 3"]);
    }

    #[test]
    fn elements_without_an_id_are_compared_by_position_only_where_that_tells_something() {
        let lamps = |lamps: &str| format!(r#"{{"value": [{lamps}]}}"#);
        let one = lamps(r#"{"hue": "x", "watts": 1}, {"hue": "y", "watts": 2}"#);
        let other = lamps(r#"{"hue": "x", "watts": 3}, {"hue": "y", "watts": 4}"#);
        check(LAMPS, &one, &other, &["$.value[*].watts int 2 of 2"]);
        let other = lamps(r#"{"hue": "y", "watts": 2}, {"hue": "x", "watts": 1}"#);
        check(LAMPS, &one, &other, &["$.value: elements in another order"]);
        check(LAMPS, &one, &lamps(r#"{"hue": "x", "watts": 3}"#), &["$.value: another number of elements"]);
        check(LAMPS, r#"{"hues": ["a", "b", "c"]}"#, r#"{"hues": ["a", "b", "d"]}"#, &["$.hues: other elements"]);
    }

    #[test]
    fn header_fields_that_the_page_shows_are_compared() {
        let reading = |one: &str, other: &str| reading("{}", &response("{}", one), &response("{}", other));
        let seen = reading("\"a\"", "\"b\"").seen;
        let tag = &seen[&ValuePosition::Header("etag".to_owned())];
        assert_eq!((tag.differed, tag.compared, tag.source.to_string().as_str()), (1, 1, "lamp-get.md:18"));
        assert_eq!(seen.len(), 2, "the date is not documented: {seen:?}");
        let mut without = response("{}", "t");
        without.headers.retain(|(name, _)| name != "ETag");
        let unlearned = super::tests::reading("{}", &response("{}", "t"), &without).unlearned;
        assert_eq!(
            (unlearned[0].at.to_string().as_str(), &unlearned[0].why),
            ("header etag", &UnlearnedReason::CameOrWent)
        );
    }
}
