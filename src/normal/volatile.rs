//! The rules for volatile values: header names, RFC 9535 JSONPath and shapes, each with the reason, in one reviewed file.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json_path::JsonPath;

use super::path_limits::{self, TooCostly};
use super::used_rules::RuleId;
use super::{Shape, UsedRules};
use crate::contract::{BodyRule, Contract};
use crate::json::Json;
use crate::source::{LineIndex, SourceLine};

/// The rules' file name in the contracts folder.
pub const VOLATILE_FILE: &str = "volatile.toml";

/// The rules that a new contracts folder starts with.
pub const DEFAULT_RULES: &str = include_str!("../../contracts/volatile.toml");

/// All rules of a contracts folder.
#[derive(Debug)]
pub struct VolatileRules {
    /// With their lines, like the others.
    headers: Vec<(HeaderRule, u32)>,
    pub(super) body: Vec<Query>,
    values: Vec<(ValueRule, u32)>,
}

/// A header field whose value is volatile.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderRule {
    /// The field's name in any case.
    pub name: String,
    /// What its value looks like; without it, like the documented value.
    #[serde(default)]
    pub shape: Option<Shape>,
    /// Whether a response may also leave the field out.
    #[serde(default)]
    pub optional: bool,
    /// Why the value is volatile.
    pub reason: String,
}

/// Why a rule cannot be used, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct RuleError {
    /// `file:line:column`, or the contract.
    pub place: String,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

/// How much of a path that is not used a message shows, in characters.
const SHOWN: usize = 60;

/// A body rule that is ready for use.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) text: String,
    pub(super) reason: String,
    path: JsonPath,
    /// The name, if the path selects every member of one name and nothing else: most do, and no path need be followed for that.
    member: Option<String>,
    line: u32,
    pub(super) id: RuleId,
}

/// The file as it stands in TOML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    #[serde(default)]
    header: Vec<toml::Spanned<HeaderRule>>,
    #[serde(default)]
    body: Vec<toml::Spanned<SpannedBodyRule>>,
    #[serde(default)]
    value: Vec<toml::Spanned<ValueRule>>,
}

/// Values of JSON bodies that are volatile wherever they stand, by what they look like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueRule {
    shape: Shape,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpannedBodyRule {
    path: toml::Spanned<String>,
    reason: String,
}

impl VolatileRules {
    /// Reads the rules from TOML text; `file` names them in errors.
    ///
    /// # Errors
    ///
    /// When the text is not TOML of the documented form, a path is not a JSONPath, or a reason is empty.
    pub fn parse(file: &str, text: &str) -> Result<VolatileRules, RuleError> {
        let lines = LineIndex::new(text);
        let at = |offset: usize| SourceLine::in_text(file, text, offset).to_string();
        let parsed: RulesFile = toml::from_str(text).map_err(|error| RuleError {
            place: at(error.span().map_or(0, |span| span.start)),
            message: error.message().trim().replace('\n', " "),
        })?;
        let mut rules = VolatileRules { headers: Vec::new(), body: Vec::new(), values: Vec::new() };
        for (start, rule) in placed(parsed.header) {
            check_reason(&rule.reason, || at(start))?;
            if reqwest::header::HeaderName::try_from(&rule.name).is_err() {
                return Err(RuleError { place: at(start), message: format!("`{}` is not a header name", rule.name) });
            }
            rules.headers.push((rule, lines.line(start)));
        }
        for (rule_start, rule) in placed(parsed.body) {
            let start = rule.path.span().start;
            check_reason(&rule.reason, || at(rule_start))?;
            let (id, line) = (RuleId::Body(rules.body.len()), lines.line(start));
            // The span includes the opening quote.
            let query = Query::compile(rule.path.get_ref(), &rule.reason, line, id)
                .map_err(|(offset, message)| RuleError { place: at(start + 1 + offset), message })?;
            rules.body.push(query);
        }
        for (start, rule) in placed(parsed.value) {
            check_reason(&rule.reason, || at(start))?;
            rules.values.push((rule, lines.line(start)));
        }
        Ok(rules)
    }

    /// The shape for which a scalar is volatile, if it is for what it looks like, and the rule that says so.
    pub(super) fn volatile_shape(&self, scalar: &Json) -> Option<(Shape, RuleId)> {
        let index = self.values.iter().position(|(rule, _)| rule.shape.fits(scalar))?;
        Some((self.values[index].0.shape, RuleId::Value(index)))
    }

    /// Why every value of a shape is volatile.
    pub(super) fn reason_for_shape(&self, shape: Shape) -> Option<&str> {
        self.values.iter().find(|(rule, _)| rule.shape == shape).map(|(rule, _)| rule.reason.as_str())
    }

    pub(super) fn header_rule(&self, name: &str) -> Option<(&HeaderRule, RuleId)> {
        let index = self.headers.iter().position(|(rule, _)| rule.name.eq_ignore_ascii_case(name))?;
        Some((&self.headers[index].0, RuleId::Header(index)))
    }

    /// The rules that somebody added and that are not among those that contracts use: line and what the rule is for. Those that a new folder
    /// starts with are for contracts to come.
    pub fn unused(&self, used: &UsedRules) -> Vec<(u32, String)> {
        let defaults = VolatileRules::parse(VOLATILE_FILE, DEFAULT_RULES).ok();
        let defaults = defaults.iter().flat_map(VolatileRules::each);
        let defaults: HashSet<(String, String)> = defaults.map(|own| (own.what, own.reason.to_owned())).collect();
        let is_default = |own: &Described<'_>| defaults.contains(&(own.what.clone(), own.reason.to_owned()));
        let unused = self.each().filter(|own| !used.has(own.id) && !is_default(own));
        unused.map(|own| (own.line, own.what)).collect()
    }

    fn each(&self) -> impl Iterator<Item = Described<'_>> {
        let headers = self.headers.iter().enumerate().map(|(index, (rule, line))| Described {
            id: RuleId::Header(index),
            line: *line,
            what: format!("header {}", rule.name),
            reason: &rule.reason,
        });
        let body = self.body.iter().map(|query| Described {
            id: query.id,
            line: query.line,
            what: query.text.clone(),
            reason: &query.reason,
        });
        let values = self.values.iter().enumerate().map(|(index, (rule, line))| Described {
            id: RuleId::Value(index),
            line: *line,
            what: format!("value {}", rule.shape),
            reason: &rule.reason,
        });
        headers.chain(body).chain(values)
    }
}

/// A rule of any kind.
struct Described<'r> {
    id: RuleId,
    line: u32,
    /// What it is for: `header age`, `$..id`, `value date`.
    what: String,
    reason: &'r str,
}

impl Query {
    fn compile(text: &str, reason: &str, line: u32, id: RuleId) -> Result<Query, (usize, String)> {
        path_limits::check(text).map_err(|TooCostly { at, why }| {
            let beginning: String = text.chars().take(SHOWN).collect();
            let cut = if beginning.len() < text.len() { "…" } else { "" };
            (at, format!("`{beginning}{cut}` could take too long on a large response: {why}"))
        })?;
        let path = JsonPath::parse(text).map_err(|error| {
            let message = format!("`{text}` is not a JSONPath (RFC 9535): {}", error.message());
            (error.position(), message)
        })?;
        let is_name = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        };
        let member = text.strip_prefix("$..").filter(is_name).map(str::to_owned);
        Ok(Query { text: text.to_owned(), reason: reason.to_owned(), path, member, line, id })
    }

    /// Whether the path says no more than the name of members.
    pub(super) fn is_by_name(&self) -> bool {
        self.member.is_some()
    }

    /// Whether the path says no more than a name, and this is it.
    pub(super) fn is_member(&self, name: &str) -> bool {
        self.member.as_deref() == Some(name)
    }

    /// The rules of a contract.
    pub(super) fn of_contract(contract: &Contract) -> Result<Vec<Query>, RuleError> {
        let place = format!("contract {}", contract.id);
        let query = |(index, rule): (usize, &BodyRule)| {
            check_reason(&rule.reason, || place.clone())?;
            let query = Query::compile(&rule.path, &rule.reason, 0, RuleId::Own(index));
            query.map_err(|(_, message)| RuleError { place: place.clone(), message })
        };
        contract.volatile.iter().enumerate().map(query).collect()
    }

    /// Marks what the rule selects, by address: paths would take the square of the depth of a hostile body. Says whether that is
    /// anything.
    pub(super) fn select(&self, value: &serde_json::Value, marked: &mut HashSet<*const serde_json::Value>) -> bool {
        let selected = self.path.query(value).all();
        marked.extend(selected.iter().map(|node| std::ptr::from_ref(*node)));
        !selected.is_empty()
    }
}

/// Rules with the offset at which each stands in the file.
fn placed<R>(rules: Vec<toml::Spanned<R>>) -> impl Iterator<Item = (usize, R)> {
    rules.into_iter().map(|rule| (rule.span().start, rule.into_inner()))
}

fn check_reason(reason: &str, place: impl FnOnce() -> String) -> Result<(), RuleError> {
    if reason.trim().is_empty() {
        return Err(RuleError { place: place(), message: "the rule needs a reason".to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let error = VolatileRules::parse("volatile.toml", text).map(|_| ()).expect_err(text);
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn the_rules_that_come_with_the_project_are_valid() {
        assert!(VolatileRules::parse("volatile.toml", DEFAULT_RULES).is_ok());
    }

    #[test]
    fn a_rule_that_a_folder_starts_with_is_never_unused() {
        let check = |text: &str, expected: &[&str]| {
            let rules = VolatileRules::parse("volatile.toml", text).expect("rules");
            let unused = rules.unused(&UsedRules::default());
            let unused: Vec<String> = unused.into_iter().map(|(line, what)| format!("{line} {what}")).collect();
            assert_eq!(unused, expected, "{text}");
        };
        check(DEFAULT_RULES, &[]);
        check("[[body]]\npath = \"$..id\"\nreason = \"mine\"\n", &["2 $..id"]);
        check("\n[[header]]\nname = \"Age\"\nreason = \"r\"\n", &["2 header Age"]);
    }

    #[test]
    fn a_rule_that_cannot_be_used_is_refused_with_its_place() {
        check_refused(
            "[[body]]\npath = \"$..\"\nreason = \"r\"\n",
            "volatile.toml:2:12: `$..` is not a JSONPath (RFC 9535): must start with lowercase alpha or '_'",
        );
        check_refused(
            "[[body]]\npath = \"$..*..*\"\nreason = \"r\"\n",
            "volatile.toml:2:13: `$..*..*` could take too long on a large response: a rule's path may have one `..`",
        );
        check_refused("[[body]]\npath = \"$.a\"\nreason = \" \"\n", "volatile.toml:1:1: the rule needs a reason");
        check_refused("[[value]]\nshape = \"date\"\nreason = \"\"\n", "volatile.toml:1:1: the rule needs a reason");
        check_refused("[[header]]\nname = \"a b\"\nreason = \"r\"\n", "volatile.toml:1:1: `a b` is not a header name");
    }

    #[test]
    fn the_deepest_path_that_is_allowed_is_parsed_at_once() {
        for (open, close) in [("(", ")"), ("!(", ")"), ("@[?", "]"), ("count(@[?", "]) > 0"), ("(@.a && (", "))")] {
            for depth in 0..9 {
                let path = format!("$[?{}@.a{}]", open.repeat(depth), close.repeat(depth));
                Query::compile(&path, "r", 0, RuleId::Own(0)).ok();
            }
        }
    }

    #[test]
    fn unknown_keys_and_broken_toml_are_refused() {
        let error = |text| VolatileRules::parse("v.toml", text).map(|_| ()).expect_err(text).place;
        assert_eq!(error("[[body]]\npath = \"$.a\"\n"), "v.toml:1:1");
        assert_eq!(error("[[headers]]\n"), "v.toml:1:3");
        assert_eq!(error("[[body]\n"), "v.toml:1:8");
    }
}
