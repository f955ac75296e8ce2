//! The words that documentation, metadata and standards have: they say nothing of who sent them.

use std::collections::HashSet;

use graph_contracts::contract::{Body, Contract};
use graph_contracts::json::Json;
use graph_contracts::query::SYSTEM_OPTIONS;
use graph_contracts::service::ServiceType;
use graph_contracts::url::{Segment, Target, split_path};
use graph_contracts_odata::check::Metadata;

/// What stands in the place of what is not known.
pub(crate) const WITHHELD: &str = "{…}";

/// So many digits are a number of rows or a quality, and no identifier.
const MOST_DIGITS: usize = 6;

/// Words in queries: operators of `$orderby` and `$count` (OData ABNF Construction Rules 4.01).
const OF_QUERIES: [&str; 6] = ["asc", "desc", "true", "false", "null", "eventual"];

/// Words in `Accept`, `Content-Type` and `Prefer`: media types (RFC 6838) and their parameters (OData JSON Format 4.01 section 3), preferences (RFC 7240; OData
/// Protocol 4.01 section 8.2.8; Microsoft Graph documentation, "Get Outlook resources in immutable ID format").
#[rustfmt::skip]
const OF_FIELDS: [&str; 58] = [
    "application", "audio", "boundary", "bypass-shared-lock", "calendar", "charset", "css", "csv", "form-data", "full", "gif", "gzip", "handling", "html", "idtype",
    "ieee754compatible", "image", "immutableid", "include-annotations", "jpeg", "json", "lenient", "maxpagesize", "message", "minimal", "mixed", "multipart", "none",
    "octet-stream", "odata", "odata.maxpagesize", "odata.metadata", "odata.streaming", "outlook", "outlook.body-content-type", "outlook.timezone", "pdf", "plain", "png",
    "q", "related", "representation", "respond-async", "return", "rfc822", "session", "strict", "svg", "text", "utc", "utf", "utf-8", "video", "wait",
    "x-www-form-urlencoded", "xhtml", "xml", "zip",
];

/// The names of annotations in JSON (OData JSON Format 4.01 section 4.6).
#[rustfmt::skip]
const OF_ODATA: [&str; 18] = [
    "associationlink", "bind", "context", "count", "delta", "deltalink", "editlink", "etag", "id", "mediacontenttype", "mediaeditlink", "mediaetag", "mediareadlink",
    "navigationlink", "nextlink", "readlink", "removed", "type",
];

/// Header fields whose values say little of who sent them.
const PLAIN_FIELDS: [&str; 4] = ["Accept", "Content-Type", "Prefer", "ConsistencyLevel"];

/// So many letters may be wrong in the name of an option of OData.
const FEW_LETTERS: usize = 2;

/// The methods of HTTP (RFC 9110 section 9; RFC 5789).
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"];

/// Whether the values of a header field say little of who sent them.
pub(crate) fn is_plain_field(name: &str) -> bool {
    PLAIN_FIELDS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Whether a name is nearly that of an option of OData: a slip, which says nothing of who sent it.
pub(crate) fn is_nearly_option(name: &str) -> bool {
    let name = name.trim_start_matches('$').to_ascii_lowercase();
    let is_near = |own: &&str| strsim::osa_distance(&name, own.trim_start_matches('$')) <= FEW_LETTERS;
    (4..=16).contains(&name.len()) && SYSTEM_OPTIONS.iter().any(is_near)
}

/// Words in lower case.
#[derive(Debug, Default)]
pub(crate) struct KnownWords(HashSet<String>);

impl KnownWords {
    /// The words of these contracts and this metadata, and those of standards.
    pub(crate) fn of(contracts: &[Contract], metadata: &[Metadata<'_>]) -> KnownWords {
        let mut words = KnownWords::default();
        SYSTEM_OPTIONS.iter().for_each(|own| words.add(own.trim_start_matches('$')));
        OF_QUERIES.iter().chain(&OF_FIELDS).chain(&OF_ODATA).chain(&METHODS).for_each(|own| words.add(own));
        contracts.iter().for_each(|own| words.add_contract(own));
        metadata.iter().for_each(|own| words.add_metadata(own));
        words
    }

    /// These words, and those of standards.
    #[cfg(test)]
    pub(crate) fn with(words: &[&str]) -> KnownWords {
        let mut own = KnownWords::of(&[], &[]);
        words.iter().for_each(|word| own.add(word));
        own
    }

    /// Whether a word is known, in any case. A name with a namespace is, if all of its parts are, and so is an annotation of a name.
    pub(crate) fn has(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.0.contains(&lower) || (lower.contains(SEPARATORS) && self.has_parts(&lower))
    }

    fn has_parts(&self, lower: &str) -> bool {
        lower.split(SEPARATORS).all(|part| part.is_empty() || self.0.contains(part))
    }

    /// A text with what is not known withheld; marks and small numbers are kept.
    pub(crate) fn shown(&self, text: &str) -> String {
        let mut shown = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_word = is_of_word(first);
            let end = rest.find(|c| is_of_word(c) != is_word).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            let is_number = part.len() <= MOST_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if !is_word || is_number || self.has(part) {
                shown.push_str(part);
            } else if shown.trim_end().ends_with(WITHHELD) {
                shown.truncate(shown.trim_end().len());
            } else {
                shown.push_str(WITHHELD);
            }
            rest = behind;
        }
        shown
    }

    fn add(&mut self, word: &str) {
        if !word.is_empty() {
            self.0.insert(word.to_lowercase());
        }
    }

    /// A name that may be qualified, whose parts stand alone elsewhere.
    fn add_name(&mut self, name: &str) {
        name.split(|c: char| !is_of_word(c) || c == '.').for_each(|part| self.add(part));
    }

    fn add_contract(&mut self, contract: &Contract) {
        let request = &contract.request;
        for segment in contract.routes.iter().flat_map(|route| split_path(&route.path)).map(Segment::read) {
            if !segment.is_placeholder() {
                self.add(&segment.name);
                self.add_name(&segment.name);
            }
            segment.arguments.iter().flatten().filter_map(|own| own.name.as_deref()).for_each(|own| self.add(own));
        }
        for (name, value) in Target::read(&request.url).query_parameters() {
            self.add(name.trim_start_matches('$'));
            let is_of_names =
                matches!(name.trim_start_matches('$').to_ascii_lowercase().as_str(), "select" | "expand" | "orderby");
            if is_of_names {
                self.add_name(&value);
            }
        }
        for header in request.headers.iter().chain(&contract.response.headers) {
            self.add(&header.name);
            if is_plain_field(&header.name) {
                header.value.split(|c| !is_of_word(c)).for_each(|word| self.add(word));
            }
        }
        for (name, own) in &contract.types {
            self.add_name(name);
            own.others.iter().for_each(|own| self.add(own));
            for property in &own.properties {
                self.add(&property.name);
                self.add_name(&property.type_name);
                property.values.iter().for_each(|own| self.add(own));
            }
        }
        for (name, own) in contract.metadata.iter().flat_map(|own| &own.types) {
            self.add_name(name);
            match own {
                ServiceType::Entity(own) | ServiceType::Complex(own) | ServiceType::Parameters(own) => {
                    own.properties.keys().chain(&own.others).for_each(|own| self.add(own))
                }
                ServiceType::Enumeration(own) => own.members.iter().for_each(|own| self.add(own)),
                ServiceType::Definition(_) => {}
            }
        }
        for body in [&request.body, &contract.response.body].into_iter().flatten().filter_map(Body::as_json) {
            self.add_members(body);
        }
    }

    /// The names of all members. Bodies are as deep as those who wrote them made them.
    fn add_members(&mut self, body: &Json) {
        let mut open = vec![body];
        while let Some(json) = open.pop() {
            match json {
                Json::Object(members) => {
                    members.iter().for_each(|own| self.add(&own.name));
                    open.extend(members.iter().map(|own| &own.value));
                }
                Json::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }

    fn add_metadata(&mut self, metadata: &Metadata<'_>) {
        let csdl = &metadata.csdl;
        for (id, own) in csdl.declarations() {
            self.add(own.name);
            csdl.own_properties(id).iter().for_each(|own| self.add(own.name));
            let members = csdl.enumeration(id).into_iter().flat_map(|own| &own.members);
            members.for_each(|own| self.add(own.name));
        }
        for operation in &csdl.operations {
            self.add(operation.name);
            operation.parameters.iter().for_each(|own| self.add(own.name));
        }
        csdl.elements.iter().for_each(|own| self.add(own.name));
    }
}

/// What stands between names that belong together: namespaces, annotations.
const SEPARATORS: [char; 3] = ['.', '@', '#'];

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_withheld() {
        let words = KnownWords::with(&["displayName", "microsoft", "graph", "user"]);
        let check = |text: &str, expected: &str| assert_eq!(words.shown(text), expected, "{text}");
        check("id,displayname", "id,displayname");
        check("id,annSmith desc", "id,{…} desc");
        check("microsoft.graph.user", "microsoft.graph.user");
        check("microsoft.graph.annSmith", "{…}");
        check("ann@contoso.com", "{…}");
        check("id@odata.type", "id@odata.type");
        check("annSmith@odata.type", "{…}");
        check("application/json;odata.metadata=minimal", "application/json;odata.metadata=minimal");
        check("application/vnd.contoso+json", "application/{…}+json");
        check("outlook.timezone=\"Ann Smith\"", "outlook.timezone=\"{…}\"");
        check("$levels=10", "$levels=10");
        check("5551234567", "{…}");
        check("", "");
    }
}
