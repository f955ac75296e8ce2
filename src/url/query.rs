//! The query of a URL.

use super::percent::decode;

/// The parameters of a query, decoded. A `+` stays one: OData values are not form-encoded.
pub fn query_parameters(query: &str) -> Vec<(String, String)> {
    let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    parameters
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            (decode(name).trim().to_owned(), decode(value).trim().to_owned())
        })
        .collect()
}
