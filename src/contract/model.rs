//! The contract as it stands in its file. Every field here is a field of the JSON; `docs/contract-format.md` explains them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clouds, ConditionalHeader, MetadataRules};
use crate::json::{Anchors, Json, Lines, Path, serialize_anchors};
use crate::page::Header;
use crate::page::version_of_path;
use crate::source::SourceLine;
use crate::url::{Target, is_version};

/// The version of the format of contract files. It changes with every change that an older program, or an older file, could not
/// be read with.
pub const FORMAT: u32 = 2;

/// One documented request/response pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "graph-contracts: contract")]
pub struct Contract {
    /// Where the schema of this file is, relative to the file.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// The version of the format, [`FORMAT`]. A file in an older one has to be imported again.
    pub format: u32,
    /// The contract's name: version and page. It is also the file's path below the contracts folder, without `.json`.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// The contract whose request this one shares, being another documented response to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative_of: Option<String>,
    /// Where the pair is documented.
    pub source: Source,
    /// The API version, such as `v1.0` or `beta`, as the example's URL says it. Absent where the URL names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The URL templates on which the contract is replayed, one or more.
    #[schemars(length(min = 1))]
    pub routes: Vec<Route>,
    /// The permissions that the operation needs on the example's URL, and on each route that states no others.
    #[serde(with = "super::shared")]
    #[schemars(with = "Permissions")]
    pub permissions: Arc<Permissions>,
    /// In which clouds the page says that the operation is available; absent where it says that of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Clouds")]
    pub clouds: Option<Clouds>,
    /// The line on which the page says that its API is deprecated; absent where it does not, or in a language that is not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub deprecated: Option<u32>,
    /// The request, as documented.
    pub request: Request,
    /// The response, as documented.
    pub response: Response,
    /// The types of the bodies' members, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, Type>,
    /// What the service's metadata says of the messages, where the import was given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetadataRules")]
    pub metadata: Option<Box<MetadataRules>>,
    /// Rules for volatile values of this contract alone, beside those of `volatile.toml`. Written by hand; import keeps them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volatile: Vec<BodyRule>,
}

/// Where a pair is documented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The page's path in the documentation set.
    pub page: String,
    /// The request's block.
    pub request: BlockSource,
    /// The response's block.
    pub response: BlockSource,
    /// A digest of what the import wrote into the file, by which a change by hand is told from a change of the page.
    pub digest: String,
}

/// The lines of a block in its page, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockSource {
    /// The line of the request line or status line.
    pub line: u32,
    /// The line on which the body begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<u32>,
    /// The block's last line.
    pub end: u32,
    /// The lines of those body values that do not follow from the body's first line (one member or element a line), by
    /// normalized JSON path.
    #[serde(default, skip_serializing_if = "Anchors::is_empty", serialize_with = "serialize_anchors")]
    #[schemars(with = "BTreeMap<String, u32>")]
    pub anchors: Anchors,
}

/// A URL template of the page's HTTP-request section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The template's path below the version, such as `/users/{id}`.
    pub path: String,
    /// Its line in the page.
    pub line: u32,
    /// The permissions that it needs, if the page states others for it than for the example's URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Permissions")]
    pub permissions: Option<Permissions>,
}

/// The permissions that the page states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// How the page states them.
    pub stated: Stated,
    /// Where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The included file that the line is in, by its path below the root of the pages; absent if it is the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// In which order the table lists the permissions of one account, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<PrivilegeOrder>,
    /// For a work or school account that is signed in.
    pub delegated_work: Grant,
    /// For a personal Microsoft account that is signed in.
    pub delegated_personal: Grant,
    /// For an application without a user.
    pub application: Grant,
    /// Permissions in prose, which does not say for which account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prose: Vec<String>,
}

/// How a page states permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stated {
    /// In a table by kind of account.
    Table,
    /// In a sentence or list, without saying for which account.
    Prose,
    /// In a table that still holds placeholders such as `TODO`.
    Placeholder,
    /// Perhaps in a file that the page includes, which cannot be read.
    NotRead,
    /// Nowhere.
    #[default]
    Nowhere,
}

/// The order in which permissions are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PrivilegeOrder {
    /// The least privileged first.
    LeastToMost,
    /// The most privileged first.
    MostToLeast,
}

/// What one kind of account needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// The permissions of any one of these sets, in the page's order. The permissions of a set are needed together; where it is empty, no
    /// permission is needed.
    OneOf(Vec<Vec<String>>),
    /// The operation is not available to that account.
    NotSupported,
    /// The page does not say.
    #[default]
    NotStated,
}

/// The request of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The example's URL, as documented.
    pub url: String,
    /// The header fields of the example, and those that the page's table of request headers adds.
    pub headers: Vec<Header>,
    /// The names of the header fields that this table calls required, without those that every page asks for: `Authorization`, and the media types of
    /// `Accept` and `Content-Type`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_headers: Vec<String>,
    /// The header fields that this table calls required together with query options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditional_headers: Vec<ConditionalHeader>,
    /// The names of the query options that the page requires of every request, and that the example has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_options: Vec<String>,
    /// Whether the page says that what is read may be cast to derived types, or does so in another example.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub casts: bool,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The type of the body, a name in `types`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub body_type: Option<String>,
    /// Members of the body whose documented value is only the name of a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placeholders: Vec<Placeholder>,
}

/// The response of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status code, a final one.
    #[schemars(range(min = 200, max = 599))]
    pub status: u16,
    /// The reason phrase, as documented. It is not compared (RFC 9110 section 15.1).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The header fields.
    pub headers: Vec<Header>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The type of the body, or of what stands in its member `value` if `wrapped`; a name in `types`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub body_type: Option<String>,
    /// Whether the object or the collection stands in the member `value` of the body.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wrapped: bool,
    /// Whether the page says that the example leaves members out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_be_truncated: bool,
    /// Members of the body whose documented value is only the name of a type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placeholders: Vec<Placeholder>,
}

/// A body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// A JSON text.
    Json(Json),
    /// Any other text, by line.
    Text(Vec<String>),
    /// Bytes that a page cannot show, described in words, by line. Only their media type is compared.
    Bytes(Vec<String>),
}

/// A member whose documented value is only the name of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Placeholder {
    /// Where it is, as a normalized JSON path (RFC 9535 section 2.7).
    #[schemars(with = "String")]
    pub path: Path,
    /// The type that a real value has.
    #[serde(rename = "type")]
    pub type_name: String,
}

/// A structured type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// The page that describes the type, if it is not the contract's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Whether a value may have members that are not declared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// The properties: all that the contract's page documents, or those of a resource page that the bodies have.
    pub properties: Vec<Property>,
    /// The names of the other properties on the resource page, and on those of the types that it inherits from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

/// A documented property.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The type: an OData primitive type (`Edm.String`) or the name of a structured or enumeration type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Whether the value is a collection of that type.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collection: bool,
    /// Whether the type is only that of the example's value, because the page names none that is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_example: bool,
    /// Whether the value may be `null`, where the page says so or denies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub nullable: Option<bool>,
    /// Whether the page says that a request has to send it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether the page says that no answer has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub write_only: bool,
    /// The members of an enumeration, where the pages list them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Whether the page says that a value may have several of these members, with commas between them (OData CSDL 4.01 section 10.2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flags: bool,
    /// Its line in the page; absent if it is inherited from a type on another page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Permissions {
    /// The grants with the name of their account.
    pub fn grants(&self) -> [(&'static str, &Grant); 3] {
        [
            ("delegated (work or school account)", &self.delegated_work),
            ("delegated (personal account)", &self.delegated_personal),
            ("application", &self.application),
        ]
    }
}

impl Contract {
    /// What stands between the host and a route in the URL of a request: the version, perhaps with more before it, such as `/api/v2.0`.
    pub fn path_root(&self) -> String {
        let version = self.api_version.as_ref().map(|version| format!("/{version}")).unwrap_or_default();
        format!("{}{version}", Target::read(&self.request.url).base)
    }

    /// The permissions that the operation needs on a route.
    pub fn permissions_on(&self, route: &str) -> &Permissions {
        let own = self.routes.iter().find(|own| own.path == route).and_then(|own| own.permissions.as_ref());
        own.unwrap_or(&self.permissions)
    }

    /// All permissions that the page states for the operation, on whichever of its routes.
    pub fn all_permissions(&self) -> impl Iterator<Item = &Permissions> {
        std::iter::once(&*self.permissions).chain(self.routes.iter().filter_map(|route| route.permissions.as_ref()))
    }

    /// Where permissions of it are stated: in the page or in a file that it includes; else where the request is documented.
    pub fn stated_at(&self, permissions: &Permissions) -> SourceLine {
        match (permissions.line, &permissions.file) {
            (Some(line), Some(file)) => SourceLine::new(file.as_str(), line),
            (Some(line), None) => self.source_line(line),
            (None, _) => self.location(),
        }
    }

    /// A line of the page.
    pub fn source_line(&self, line: u32) -> SourceLine {
        SourceLine::new(self.source.page.as_str(), line)
    }

    /// Where the request line is documented.
    pub fn location(&self) -> SourceLine {
        self.source_line(self.source.request.line)
    }

    /// The API version that a request goes to: that of the example's URL, or else that of the folder in which the page stands, or else
    /// the one in the contract's name. `None` where nothing says it.
    pub fn version(&self) -> Option<&str> {
        let of_name = || self.id.split_once('/').map(|(first, _)| first).filter(|first| is_version(first));
        let stated = self.api_version.as_deref();
        stated.or_else(|| version_of_path(&self.source.page)).or_else(of_name)
    }

    /// Whether the operation changes nothing on the service (RFC 9110 section 9.2.1).
    pub fn is_safe(&self) -> bool {
        matches!(self.request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

impl Body {
    /// The body as the text that is sent: indented JSON, or the lines joined with line feeds.
    pub fn to_text(&self) -> String {
        match self {
            Body::Json(json) => json.to_pretty(),
            Body::Text(lines) | Body::Bytes(lines) => lines.join("\n"),
        }
    }

    /// The JSON of a JSON body.
    pub fn as_json(&self) -> Option<&Json> {
        match self {
            Body::Json(json) => Some(json),
            Body::Text(_) | Body::Bytes(_) => None,
        }
    }
}

impl BlockSource {
    /// The lines of the values of a body that stands here.
    pub fn lines(&self, body: &Json) -> Lines {
        Lines::restore(body, self.body.unwrap_or(self.line), &self.anchors)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grant::OneOf(sets) => f.write_str(&alternatives(sets)),
            Grant::NotSupported => f.write_str("not supported"),
            Grant::NotStated => f.write_str("not stated"),
        }
    }
}

/// Sets of permissions of which one is enough: `A or B`, or, where a set has several, `A and B, or C`.
fn alternatives(sets: &[Vec<String>]) -> String {
    let or = if sets.iter().any(|set| set.len() > 1) { ", or " } else { " or " };
    let shown = |set: &Vec<String>| if set.is_empty() { "no permission".to_owned() } else { set.join(" and ") };
    sets.iter().map(shown).collect::<Vec<_>>().join(or)
}

impl Grant {
    /// The sets of permissions of which one is enough; empty where the account is not supported, or the page does not state them.
    pub fn sets(&self) -> &[Vec<String>] {
        match self {
            Grant::OneOf(sets) => sets,
            Grant::NotSupported | Grant::NotStated => &[],
        }
    }
}

/// Values of JSON bodies that are volatile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BodyRule {
    /// Which values: a JSONPath (RFC 9535). All scalars in what it selects are masked.
    pub path: String,
    /// Why they are volatile.
    pub reason: String,
}
