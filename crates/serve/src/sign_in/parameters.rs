//! The parameters of a request for sign-in: those of its query and of its form.

use std::collections::BTreeMap;

use url::form_urlencoded;

use crate::incoming::Incoming;

/// Parameters by name. An empty one counts as absent (RFC 6749 section 3.1).
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn read(request: &Incoming) -> Parameters {
        let query = request.query.as_deref().unwrap_or_default().as_bytes();
        let all = form_urlencoded::parse(query).chain(form_urlencoded::parse(&request.body));
        Parameters(all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
