//! What a contract expects of a request.

use wiremock::Request;

use super::body::ReceivedBody;
use super::difference::Differences;
use crate::at::RequestPart;
use crate::contract::{Contract, media_type};
use crate::http::is_hop_by_hop;
use crate::url::{Target, Template, decode, fits_value, query_parameters};

/// With this request header a client says which contract it means, by its percent-encoded id. It decides between contracts
/// whose documented requests are the same.
pub const CONTRACT_HEADER: &str = "x-graph-contract";

/// A contract's request on one of its routes, ready to be matched.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) path: Template,
    query: Vec<(String, String)>,
    headers: Vec<ExpectedHeader>,
}

/// A request, read as far as all contracts need it.
pub(super) struct Received<'r> {
    pub(super) request: &'r Request,
    query: Vec<(String, String)>,
    body: ReceivedBody<'r>,
}

impl<'r> Received<'r> {
    pub(super) fn new(request: &'r Request) -> Received<'r> {
        let query = query_parameters(request.url.query().unwrap_or_default());
        Received { request, query, body: ReceivedBody::new(&request.body) }
    }
}

#[derive(Debug)]
struct ExpectedHeader {
    name: String,
    value: ExpectedValue,
}

#[derive(Debug)]
enum ExpectedValue {
    /// A bearer token, whichever.
    Bearer,
    /// Media types of which one must be acceptable.
    Accepted(Vec<String>),
    /// A media type without parameters.
    MediaType(String),
    /// A value, possibly with placeholders.
    Value(String),
}

const NOTHING: &str = "nothing";

impl Expectation {
    pub(super) fn new(contract: &Contract, route: &str) -> Expectation {
        let target = Target::read(&contract.request.url);
        let path = contract.path_root() + route;
        Expectation {
            path: Template::read(&path),
            query: target.query_parameters(),
            headers: expected_headers(contract, &target),
        }
    }

    /// Where a request departs from the contract.
    pub(super) fn differences(&self, contract: &Contract, received: &Received<'_>) -> Differences {
        let mut differences = Differences::default();
        let (documented, request) = (&contract.request, received.request);
        if request.method.as_str() != documented.method {
            let sides = || (documented.method.clone(), request.method.to_string());
            differences.push(RequestPart::Method, sides);
        }
        let nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.to_owned());
        for difference in self.path.differences(request.url.path()) {
            let sides = || (nothing(difference.expected), nothing(difference.actual));
            differences.push(RequestPart::Segment(difference.position), sides);
        }
        self.query_differences(&received.query, &mut differences);
        for header in &self.headers {
            header.difference(request, &mut differences);
        }
        received.body.differences(documented, &mut differences);
        differences
    }

    fn query_differences(&self, actual: &[(String, String)], differences: &mut Differences) {
        let mut used = vec![false; actual.len()];
        for (name, expected) in &self.query {
            let at = RequestPart::Query(name.clone());
            let mut own = (0..actual.len()).filter(|index| !used[*index] && actual[*index].0 == *name);
            let first = own.clone().next();
            let same = own.find(|index| fits_value(expected, &actual[*index].1));
            match same.or(first) {
                None => differences.push(at, || (expected.clone(), NOTHING.to_owned())),
                Some(index) => {
                    used[index] = true;
                    if same.is_none() {
                        differences.push(at, || (expected.clone(), actual[index].1.clone()));
                    }
                }
            }
        }
        for ((name, value), _) in actual.iter().zip(used).filter(|(_, used)| !used) {
            differences.push(RequestPart::Query(name.clone()), || (NOTHING.to_owned(), value.clone()));
        }
    }
}

/// The header fields that a request must have: the documented ones, and a bearer token for Microsoft Graph, which the
/// documentation requires on every page and leaves out of the examples.
fn expected_headers(contract: &Contract, target: &Target<'_>) -> Vec<ExpectedHeader> {
    let mut headers: Vec<ExpectedHeader> = Vec::new();
    for header in &contract.request.headers {
        let name = header.name.to_ascii_lowercase();
        if let Some(ExpectedHeader { value: ExpectedValue::Value(value), .. }) =
            headers.iter_mut().find(|other| other.name.eq_ignore_ascii_case(&name))
        {
            // A field that occurs twice is the same as one with both values (RFC 9110 section 5.2).
            value.push_str(&format!(", {}", header.value));
            continue;
        }
        let value = match name.as_str() {
            "content-length" | "host" | CONTRACT_HEADER => continue,
            name if is_hop_by_hop(name) => continue,
            "authorization" if is_bearer(&header.value) => ExpectedValue::Bearer,
            "accept" => ExpectedValue::Accepted(header.value.split(',').map(media_type).collect()),
            "content-type" if contract.request.body.is_none() => continue,
            "content-type" => ExpectedValue::MediaType(media_type(&header.value)),
            _ => ExpectedValue::Value(header.value.clone()),
        };
        headers.push(ExpectedHeader { name: header.name.clone(), value });
    }
    if target.is_graph() && !headers.iter().any(|header| header.name.eq_ignore_ascii_case("authorization")) {
        headers.push(ExpectedHeader { name: "Authorization".to_owned(), value: ExpectedValue::Bearer });
    }
    headers
}

impl ExpectedHeader {
    fn difference(&self, request: &Request, differences: &mut Differences) {
        let mut values =
            request.headers.get_all(&self.name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let first = values.next();
        let is_missing = first.is_none();
        let actual = values.fold(first.unwrap_or_default(), |all, value| all + ", " + value);
        let agrees = match &self.value {
            ExpectedValue::Bearer => !actual.strip_prefix("Bearer ").unwrap_or_default().trim().is_empty(),
            ExpectedValue::Accepted(expected) => expected.iter().any(|expected| accepts(&actual, expected)),
            ExpectedValue::MediaType(expected) => media_type(&actual) == *expected,
            ExpectedValue::Value(expected) => fits_value(expected, &actual),
        };
        if agrees && !is_missing {
            return;
        }
        let expected = match &self.value {
            ExpectedValue::Bearer => "Bearer {token}".to_owned(),
            ExpectedValue::Accepted(expected) => expected.join(", "),
            ExpectedValue::MediaType(expected) | ExpectedValue::Value(expected) => expected.clone(),
        };
        let shown = match &self.value {
            _ if is_missing => NOTHING.to_owned(),
            // What stands in a wrong Authorization field may be a secret.
            ExpectedValue::Bearer => "something else".to_owned(),
            _ => actual.into_owned(),
        };
        differences.push(RequestPart::Header(self.name.clone()), || (expected, shown));
    }
}

/// Whether a documented `Authorization` asks for a bearer token (RFC 6750 section 2.1).
pub(crate) fn is_bearer(value: &str) -> bool {
    value.get(.."bearer".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

/// Whether an `Accept` field lets a media type through (RFC 9110 section 12.5.1).
fn accepts(field: &str, media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    field.split(',').any(|range| {
        let is_refused = range.split(';').skip(1).any(|parameter| {
            let weight = parameter.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            weight == Some(0.0)
        });
        let range = crate::contract::media_type(range);
        !is_refused && (range == media_type || range == "*/*" || range.strip_suffix("/*") == Some(kind))
    })
}

/// The path of a request, as a message shows it.
pub(super) fn shown_path(request: &Request) -> String {
    let query = request.url.query().map(|query| format!("?{}", decode(query))).unwrap_or_default();
    format!("{}{query}", decode(request.url.path()))
}
