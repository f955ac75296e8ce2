//! What of a request may be written: what the documentation has, and the shape of everything else.

use std::collections::HashSet;

use graph_contracts::at::RequestPart;
use graph_contracts::contract::Contract;
use graph_contracts::matching::{Difference, NOTHING};
use graph_contracts::url::{Segment, decode, split_path};

/// What stands in the place of an identifier.
const WITHHELD: &str = "{…}";

/// Query options whose values are names, numbers and words of OData.
const PLAIN_OPTIONS: [&str; 7] = ["$select", "$expand", "$orderby", "$top", "$skip", "$count", "$format"];

/// Header fields whose values say nothing of who sent them.
const PLAIN_FIELDS: [&str; 4] = ["accept", "content-type", "prefer", "consistencylevel"];

/// Writes what is not secret, and nothing else unless everything is to be kept.
#[derive(Debug)]
pub(crate) struct Redaction {
    keeps_all: bool,
    /// The names in the paths of all routes, in lower case.
    names: HashSet<String>,
}

impl Redaction {
    pub(crate) fn new(contracts: &[Contract], keeps_all: bool) -> Redaction {
        let paths = contracts.iter().flat_map(|contract| &contract.routes).flat_map(|route| split_path(&route.path));
        let segments = paths.map(Segment::read).filter(|segment| !segment.is_placeholder());
        Redaction { keeps_all, names: segments.map(|segment| folded(&segment.name)).collect() }
    }

    pub(crate) fn keeps_all(&self) -> bool {
        self.keeps_all
    }

    /// A path: names of the documentation, and words that are no values of the nearest route's parameters.
    pub(crate) fn path(&self, path: &str, nearest: Option<&str>) -> String {
        if self.keeps_all {
            return decode(path).into_owned();
        }
        let documented: Vec<Segment> = nearest.map(Segment::of_path).unwrap_or_default();
        let (mut shown, mut is_address) = (String::new(), false);
        for (index, written) in split_path(path).into_iter().enumerate() {
            shown.push('/');
            let segment = Segment::read(written);
            // A path within a drive stands between two colons.
            let (begins, ends) = (segment.has_colon && !is_address, is_address && segment.has_colon);
            let is_value = documented.get(index).is_some_and(Segment::has_parameters);
            if is_address || !self.is_name(&segment.name, is_value) {
                shown.push_str(WITHHELD);
            } else {
                shown.push_str(&segment.name);
                if segment.arguments.is_some() {
                    shown.push_str("(…)");
                }
            }
            if segment.has_colon {
                shown.push(':');
            }
            is_address = (is_address || begins) && !ends;
        }
        shown
    }

    fn is_name(&self, name: &str, is_value: bool) -> bool {
        let is_word = !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'$' || byte == b'.');
        let is_version = graph_contracts::url::is_version(name);
        is_version || self.names.contains(&folded(name)) || (is_word && !is_value && !name.contains('.'))
    }

    /// The value at a place of a request.
    pub(crate) fn difference(&self, difference: &Difference) -> String {
        let Difference { at, expected, actual } = difference;
        let shown = if self.keeps_all || actual == NOTHING { actual.clone() } else { self.value(at, expected, actual) };
        match at {
            RequestPart::Segment(_) => format!("{at}: {shown} instead of {expected}"),
            _ if expected == NOTHING => format!("{at}: {shown}, and no page has it"),
            _ => format!("{at}: {shown} instead of {expected}"),
        }
    }

    fn value(&self, at: &RequestPart, expected: &str, actual: &str) -> String {
        let has = |names: &[&str], name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        match at {
            RequestPart::Method => actual.to_owned(),
            RequestPart::Segment(_) => {
                let is_value = expected.starts_with(['{', '<']);
                self.path(actual, is_value.then_some("/{value}")).trim_start_matches('/').to_owned()
            }
            RequestPart::Query(name) if has(&PLAIN_OPTIONS, name) && !actual.contains(['\'', '@']) => actual.to_owned(),
            RequestPart::Header(name) if has(&PLAIN_FIELDS, name) => actual.to_owned(),
            RequestPart::Path(_) if actual.starts_with("a member") => actual.to_owned(),
            RequestPart::Path(_) => match actual.bytes().next() {
                Some(b'"') => "a text".to_owned(),
                Some(b'{') => "an object".to_owned(),
                Some(b'[') => "an array".to_owned(),
                Some(b't' | b'f') => "a truth value".to_owned(),
                Some(b'n') => "null".to_owned(),
                Some(b'-' | b'0'..=b'9') => "a number".to_owned(),
                _ => "another value".to_owned(),
            },
            RequestPart::Body => "another body".to_owned(),
            _ => "another value".to_owned(),
        }
    }
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction(keeps_all: bool) -> Redaction {
        Redaction { keeps_all, names: ["users", "root", "content", "sheet1"].into_iter().map(str::to_owned).collect() }
    }

    #[test]
    fn identifiers_in_paths_are_withheld() {
        let check = |path: &str, nearest: Option<&str>, expected: &str| {
            assert_eq!(redaction(false).path(path, nearest), expected, "{path}");
            assert_eq!(redaction(true).path(path, nearest), decode(path), "{path}");
        };
        check("/v1.0/users/ann@contoso.com/lamps", None, "/v1.0/users/{…}/lamps");
        check("/v1.0/users/ann/lamps", Some("/v1.0/users/{id}/lamps"), "/v1.0/users/{…}/lamps");
        check("/v1.0/users('87d349ed')", None, "/v1.0/users(…)");
        check("/v1.0/me/drive/root:/Salaries/ann.xlsx:/content", None, "/v1.0/me/drive/root:/{…}:/content");
        check("/v1.0/me/drive/root:/Salaries", None, "/v1.0/me/drive/root:/{…}");
        check("/v1.0/users/%61nn%40contoso.com", None, "/v1.0/users/{…}");
        check("/v1.0/users/sheet1", None, "/v1.0/users/sheet1");
    }

    #[test]
    fn values_are_shown_by_their_kind() {
        let check = |at: RequestPart, actual: &str, expected: &str| {
            let shown = redaction(false).difference(&Difference::new(at, "x", actual));
            assert!(shown.ends_with(&format!(": {expected} instead of x")), "{shown}");
        };
        check(RequestPart::Query("$filter".to_owned()), "mail eq 'a'", "another value");
        check(RequestPart::Query("$select".to_owned()), "id,mail", "id,mail");
        check(RequestPart::Header("If-Match".to_owned()), "W/1", "another value");
        check(RequestPart::Header("Accept".to_owned()), "a/b", "a/b");
        check(RequestPart::Path("$['a']".parse().expect("a path")), "\"secret\"", "a text");
        check(RequestPart::Path("$['a']".parse().expect("a path")), NOTHING, NOTHING);
        check(RequestPart::Body, "{\"a\":1}", "another body");
    }
}
