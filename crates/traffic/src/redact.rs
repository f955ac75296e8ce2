//! What of a request may be written: what the documentation has, and the shape of everything else.

use std::collections::HashSet;

use graph_contracts::at::RequestPart;
use graph_contracts::contract::Contract;
use graph_contracts::json::{Path, Step};
use graph_contracts::matching::{Difference, NOT_JSON, NOTHING};
use graph_contracts::url::{Segment, decode, split_path};
use graph_contracts_odata::check::Metadata;

use crate::tokens::without_tokens;
use crate::words::{KnownWords, WITHHELD, is_nearly_option, is_plain_field};

/// Query options whose values are names, numbers and words of OData.
const PLAIN_OPTIONS: [&str; 7] = ["$select", "$expand", "$orderby", "$top", "$skip", "$count", "$format"];

/// What stands for a value of which not even the kind is said.
const OTHER: &str = "another value";

/// Writes what is not secret, and nothing else unless everything is to be kept.
#[derive(Debug)]
pub(crate) struct Redaction {
    keeps_all: bool,
    /// The names in the paths of all routes, in lower case.
    names: HashSet<String>,
    words: KnownWords,
}

impl Redaction {
    pub(crate) fn new(contracts: &[Contract], metadata: &[Metadata<'_>], keeps_all: bool) -> Redaction {
        let paths = contracts.iter().flat_map(|contract| &contract.routes).flat_map(|route| split_path(&route.path));
        let segments = paths.map(Segment::read).filter(|segment| !segment.is_placeholder());
        let names = segments.map(|segment| folded(&segment.name)).collect();
        Redaction { keeps_all, names, words: KnownWords::of(contracts, metadata) }
    }

    /// A word that documentation, metadata or a standard has; what stands in its place, if none has it.
    pub(crate) fn word<'w>(&self, word: &'w str) -> &'w str {
        if self.keeps_all || self.words.has(word) { word } else { WITHHELD }
    }

    /// A text with those of its words.
    pub(crate) fn text(&self, text: &str) -> String {
        if self.keeps_all { without_tokens(text).into_owned() } else { self.words.shown(text) }
    }

    /// A path in JSON, with those of its names.
    pub(crate) fn json_path(&self, path: &Path) -> Path {
        path.steps().iter().fold(Path::root(), |path, step| match step {
            Step::Name(name) => path.member(self.word(name)),
            Step::Index(index) => path.element(*index),
        })
    }

    /// Whether a text has no other words.
    pub(crate) fn knows_all(&self, text: &str) -> bool {
        self.text(text) == text
    }

    pub(crate) fn keeps_all(&self) -> bool {
        self.keeps_all
    }

    /// A path: names of the documentation, and words that are no values of the nearest route's parameters.
    pub(crate) fn path(&self, path: &str, nearest: Option<&str>) -> String {
        if self.keeps_all {
            return without_tokens(&decode(path)).into_owned();
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
        let is_version = graph_contracts::url::is_version(name);
        is_version || self.names.contains(&folded(name)) || (!is_value && self.words.has(name.trim_start_matches('$')))
    }

    /// A place in a request.
    pub(crate) fn place(&self, at: &RequestPart) -> RequestPart {
        match at {
            RequestPart::Query(name)
                if self.word(name.trim_start_matches('$')) == WITHHELD && !is_nearly_option(name) =>
            {
                RequestPart::Query(WITHHELD.to_owned())
            }
            RequestPart::Path(path) => RequestPart::Path(self.json_path(path)),
            _ => at.clone(),
        }
    }

    /// The value at a place of a request.
    pub(crate) fn difference(&self, difference: &Difference) -> String {
        let Difference { at, expected, actual } = difference;
        let shown = match self.keeps_all || actual == NOTHING {
            true => without_tokens(actual).into_owned(),
            false => self.value(at, expected, actual),
        };
        let is_segment = matches!(at, RequestPart::Segment(_));
        let at = self.place(at);
        match expected.as_str() {
            NOTHING if shown == OTHER => format!("{at}: no page has it"),
            NOTHING if !is_segment => format!("{at}: {shown}, and no page has it"),
            _ => format!("{at}: {shown} instead of {expected}"),
        }
    }

    fn value(&self, at: &RequestPart, expected: &str, actual: &str) -> String {
        let is_plain = |name: &str| PLAIN_OPTIONS.iter().any(|own| own.eq_ignore_ascii_case(name));
        match at {
            RequestPart::Method => self.word(actual).to_owned(),
            RequestPart::Segment(_) => {
                let is_value = expected.starts_with(['{', '<']);
                self.path(actual, is_value.then_some("/{value}")).trim_start_matches('/').to_owned()
            }
            RequestPart::Query(name) if is_plain(name) && !actual.contains('\'') => self.text(actual),
            RequestPart::Header(name) if is_plain_field(name) => self.text(actual),
            RequestPart::Path(_) if actual.starts_with("a member") => actual.to_owned(),
            RequestPart::Path(_) => match actual.bytes().next() {
                Some(b'"') => "a text".to_owned(),
                Some(b'{') => "an object".to_owned(),
                Some(b'[') => "an array".to_owned(),
                Some(b't' | b'f') => "a truth value".to_owned(),
                Some(b'n') => "null".to_owned(),
                Some(b'-' | b'0'..=b'9') => "a number".to_owned(),
                _ => OTHER.to_owned(),
            },
            // It says where the body is none, and quotes nothing of it.
            RequestPart::Body if expected == "JSON" && actual.starts_with(NOT_JSON) => actual.to_owned(),
            RequestPart::Body if ["an object", "an array"].contains(&expected) => actual.to_owned(),
            RequestPart::Body => "another body".to_owned(),
            _ => OTHER.to_owned(),
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
        let names = ["users", "root", "content", "sheet1"].into_iter().map(str::to_owned).collect();
        let words = KnownWords::with(&["me", "drive", "lamps", "mail", "hall"]);
        Redaction { keeps_all, names, words }
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
        check("/v1.0/users/hall", None, "/v1.0/users/hall");
        check("/v1.0/users/annSmith", None, "/v1.0/users/{…}");
        check("/v1.0/annSmith/$count", None, "/v1.0/{…}/$count");
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
        check(RequestPart::Query("$select".to_owned()), "id,annSmith", "id,{…}");
        check(RequestPart::Header("Accept".to_owned()), "text/xml", "text/xml");
        check(RequestPart::Header("Accept".to_owned()), "text/annSmith", "text/{…}");
        check(RequestPart::Method, "PATCH", "PATCH");
        check(RequestPart::Method, "ANNSMITH", "{…}");
        check(RequestPart::Path("$['a']".parse().expect("a path")), "\"secret\"", "a text");
        check(RequestPart::Path("$['a']".parse().expect("a path")), NOTHING, NOTHING);
        check(RequestPart::Body, "{\"a\":1}", "another body");
    }

    #[test]
    fn names_that_nothing_else_has_are_withheld() {
        let check = |at: RequestPart, expected: &str| {
            let difference = Difference::new(at, "x", NOTHING);
            assert_eq!(redaction(false).difference(&difference), format!("{expected}: nothing instead of x"));
        };
        check(RequestPart::Query("$filter".to_owned()), "query $filter");
        check(RequestPart::Query("hall".to_owned()), "query hall");
        check(RequestPart::Query("annSmith".to_owned()), "query {…}");
        check(RequestPart::Query("$selct".to_owned()), "query $selct");
        check(RequestPart::Query("fliter".to_owned()), "query fliter");
        check(RequestPart::Path("$['mail'][0]['annSmith']".parse().expect("a path")), "$['mail'][0]['{…}']");
        let undocumented = Difference::new(RequestPart::Query("annSmith".to_owned()), NOTHING, "7");
        assert_eq!(redaction(false).difference(&undocumented), "query {…}: no page has it");
    }
}
