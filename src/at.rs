//! Where in a request, a response, or what documents them something is.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{Path, PathError};

/// A place in an exchange or in what documents it. Of messages, the response is meant unless the request is named.
///
/// Shown as a label, such as `header ETag` or `request header ETag`; [`At::in_words`] is for sentences about a whole contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum At {
    /// The status code.
    Status,
    /// A header field.
    Header(String),
    /// The body as a whole.
    Body,
    /// A value in a JSON body.
    Path(Path),
    /// A place in the request: which the provider refused, or which is another than was reviewed.
    Request(RequestPart),
    /// The snapshot file.
    Snapshot(String),
    /// The row of the page's property table that has this name.
    TableRow(String),
    /// What the page says of the cloud that has this name.
    Cloud(String),
    /// What is declared beside the messages.
    Declared(Box<DeclaredPart>),
}

/// What a contract declares beside its messages. A route is named where it has permissions of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclaredPart {
    /// How its permissions are stated.
    Statement(Option<String>),
    /// Those of an account.
    Account(String, Option<String>),
    /// Those that a sentence names.
    Prose(Option<String>),
    /// The type of a body: of the `request` or the `response`.
    Body(&'static str),
    /// A type, by its qualified name.
    Type(String),
    /// A property of a type, by the names of both.
    Property(String, String),
    /// Whether the operation is available in the cloud that has this name.
    Cloud(String),
    /// Whether the page calls its API deprecated.
    Deprecation,
}

impl DeclaredPart {
    /// Whether it is about permissions.
    pub fn is_of_permissions(&self) -> bool {
        matches!(self, DeclaredPart::Statement(_) | DeclaredPart::Account(..) | DeclaredPart::Prose(_))
    }
}

/// A place in a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestPart {
    /// The request line: method and URL.
    Line,
    /// The URL templates on which the request is sent.
    Routes,
    /// The method.
    Method,
    /// The URL as a whole.
    Url,
    /// A segment of the URL's path, counted from 1.
    Segment(usize),
    /// An argument of a function in the path, by its name.
    Argument(String),
    /// A query option.
    Query(String),
    /// A header field.
    Header(String),
    /// The body as a whole.
    Body,
    /// A value in a JSON body.
    Path(Path),
}

impl At {
    /// The same place of the request.
    #[must_use]
    pub fn in_request(self) -> At {
        match self {
            At::Header(name) => At::Request(RequestPart::Header(name)),
            At::Body => At::Request(RequestPart::Body),
            At::Path(path) => At::Request(RequestPart::Path(path)),
            At::Status | At::Request(_) | At::Snapshot(_) | At::TableRow(_) | At::Cloud(_) | At::Declared(_) => self,
        }
    }

    /// The place as a sentence about a contract names it, such as `segment 2 of the URL` or `$['id'] of the request body`.
    pub fn in_words(&self) -> String {
        match self {
            At::Status => "the status".to_owned(),
            At::Header(name) => format!("header {name} of the response"),
            At::Body => "the response body".to_owned(),
            At::Path(path) => format!("{path} of the response body"),
            At::Request(RequestPart::Line) => "the request line".to_owned(),
            At::Request(RequestPart::Routes) => "the routes".to_owned(),
            At::Request(RequestPart::Method) => "the method".to_owned(),
            At::Request(RequestPart::Url) => "the URL".to_owned(),
            At::Request(RequestPart::Segment(number)) => format!("segment {number} of the URL"),
            At::Request(RequestPart::Argument(name)) => format!("argument {name} in the URL"),
            At::Request(RequestPart::Query(name)) => format!("query option {name} of the URL"),
            At::Request(RequestPart::Header(name)) => format!("header {name} of the request"),
            At::Request(RequestPart::Body) => "the request body".to_owned(),
            At::Request(RequestPart::Path(path)) => format!("{path} of the request body"),
            At::Snapshot(file) => file.clone(),
            At::Declared(part) => part.to_string(),
            At::TableRow(name) => format!("`{name}` in the property table"),
            At::Cloud(name) => format!("the cloud {name}"),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Status => f.write_str("status"),
            At::Header(name) => write!(f, "header {name}"),
            At::Body => f.write_str("body"),
            At::Path(path) => write!(f, "{path}"),
            At::Request(part) => write!(f, "request {part}"),
            At::Snapshot(file) => f.write_str(file),
            At::Declared(part) => write!(f, "{part}"),
            At::TableRow(name) => write!(f, "property {name}"),
            At::Cloud(name) => write!(f, "cloud {name}"),
        }
    }
}

impl fmt::Display for DeclaredPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = match self {
            DeclaredPart::Statement(route) | DeclaredPart::Account(_, route) | DeclaredPart::Prose(route) => route,
            _ => &None,
        };
        match self {
            DeclaredPart::Statement(_) => f.write_str("statement of permissions")?,
            DeclaredPart::Account(account, _) => write!(f, "permissions for {account}")?,
            DeclaredPart::Prose(_) => f.write_str("permissions in prose")?,
            DeclaredPart::Body(side) => write!(f, "type of the {side}")?,
            DeclaredPart::Type(name) => f.write_str(name)?,
            DeclaredPart::Property(type_name, property) => write!(f, "{type_name}/{property}")?,
            DeclaredPart::Cloud(name) => write!(f, "availability in the cloud {name}")?,
            DeclaredPart::Deprecation => f.write_str("deprecation")?,
        }
        on.as_ref().map_or(Ok(()), |route| write!(f, " on {route}"))
    }
}

impl fmt::Display for RequestPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestPart::Line => f.write_str("line"),
            RequestPart::Routes => f.write_str("routes"),
            RequestPart::Method => f.write_str("method"),
            RequestPart::Url => f.write_str("url"),
            RequestPart::Segment(number) => write!(f, "path segment {number}"),
            RequestPart::Argument(name) => write!(f, "argument {name}"),
            RequestPart::Query(name) => write!(f, "query {name}"),
            RequestPart::Header(name) => write!(f, "header {name}"),
            RequestPart::Body => f.write_str("body"),
            RequestPart::Path(path) => write!(f, "{path}"),
        }
    }
}

/// Reads the form in which a stub's refusal names a place.
impl FromStr for RequestPart {
    type Err = PathError;

    fn from_str(text: &str) -> Result<RequestPart, PathError> {
        let number = |text: &str| text.strip_prefix("segment ")?.parse().ok();
        Ok(match (text, text.split_once(' ')) {
            ("line", _) => RequestPart::Line,
            ("routes", _) => RequestPart::Routes,
            ("method", _) => RequestPart::Method,
            ("url", _) => RequestPart::Url,
            ("body", _) => RequestPart::Body,
            (_, Some(("argument", name))) => RequestPart::Argument(name.to_owned()),
            (_, Some(("query", name))) => RequestPart::Query(name.to_owned()),
            (_, Some(("header", name))) => RequestPart::Header(name.to_owned()),
            (_, Some(("path", rest))) if let Some(number) = number(rest) => RequestPart::Segment(number),
            _ => RequestPart::Path(text.parse()?),
        })
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for RequestPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RequestPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RequestPart, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_request_is_read_as_it_is_written() {
        let path = Path::root().member("a b").element(0);
        let (name, header) = ("$filter name".to_owned(), "Accept".to_owned());
        for (part, label, words) in [
            (RequestPart::Line, "line", "the request line"),
            (RequestPart::Routes, "routes", "the routes"),
            (RequestPart::Method, "method", "the method"),
            (RequestPart::Url, "url", "the URL"),
            (RequestPart::Segment(3), "path segment 3", "segment 3 of the URL"),
            (RequestPart::Query(name), "query $filter name", "query option $filter name of the URL"),
            (RequestPart::Header(header), "header Accept", "header Accept of the request"),
            (RequestPart::Body, "body", "the request body"),
            (RequestPart::Path(path), "$['a b'][0]", "$['a b'][0] of the request body"),
        ] {
            assert_eq!(label.parse(), Ok(part.clone()));
            let at = At::Request(part);
            assert_eq!((at.to_string(), at.in_words()), (format!("request {label}"), words.to_owned()));
        }
        for text in ["", "path", "path segment", "path segment x", "query", "$.a"] {
            assert!(text.parse::<RequestPart>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_place_of_the_response_has_its_like_in_the_request() {
        let path = Path::root().member("id");
        for (at, label, words) in [
            (At::Header("ETag".to_owned()), "request header ETag", "header ETag of the response"),
            (At::Body, "request body", "the response body"),
            (At::Path(path), "request $['id']", "$['id'] of the response body"),
            (At::Status, "status", "the status"),
            (At::TableRow("id".to_owned()), "property id", "`id` in the property table"),
            (At::Snapshot("a.snap".to_owned()), "a.snap", "a.snap"),
        ] {
            assert_eq!((at.in_words(), at.in_request().to_string()), (words.to_owned(), label.to_owned()));
        }
    }
}
