//! Contracts: one documented request/response pair each.
//!
//! - [`Contract`] and its parts: what stands in a contract file (`model.rs`)
//! - [`build()`]: a page becomes its contracts and diagnostics, without I/O (`build.rs`), with the help of `body.rs`, `stand_ins.rs`,
//!   `routes.rs`, `page_route.rs`, `template_slip.rs`, `elsewhere.rs`, `misplaced.rs` (example URL and URL templates), `shortened.rs` (examples in part), `header_rules.rs`, `request_headers.rs`, `conditional_header.rs`, `casts.rs`, `sentences.rs`, `required_rows.rs`, `permissions.rs`, `properties.rs` (property tables)
//!   and `placeholders.rs` (type names as values)
//! - `PageRequests`: what a page documents, and which requests of its examples other pages may document (`companions.rs`)
//! - [`Clouds`]: in which clouds a page says that its API is available (`clouds/`); whether it says that it is deprecated (`deprecation.rs`)
//! - [`TypeIndex`]: the types that the resource pages of a documentation set describe (`type_index.rs`, `representation.rs`,
//!   `body_types.rs`);
//!   [`Typed`]: what is declared about a value of a body (`typed.rs`, `types.rs`)
//! - `Enumerations`: what a set says of enumerations (`enumerations.rs`, `listed_values.rs`, `between_values.rs`, `choices.rs`)
//! - [`MetadataRules`]: what a contract keeps of the service's metadata (`metadata_rules.rs`), which types these are
//!   (`kept_types.rs`), and what they declare of its values (`declared_values.rs`);
//!   [`visit_declared`]: all values of a body, with what page and service declare of each (`declared_walk.rs`)
//! - `Places`: where the values of a body stand in its page (`places.rs`)
//! - [`PageName`]: what the contracts of a page are called (`names.rs`)
//! - `text.rs`: how a contract is laid out in its file; [`schema()`]: the JSON Schema of the files (`schema.rs`)

mod address;
mod between_values;
mod body;
mod body_types;
mod budget;
mod build;
mod casts;
mod choices;
mod clouds;
mod columns;
mod companions;
mod conditional_header;
mod declared_values;
mod declared_walk;
mod deprecation;
mod elsewhere;
mod enumerations;
mod fill;
mod header_rules;
mod hosts;
mod kept_types;
mod listed_values;
mod media_type;
mod metadata_rules;
mod misplaced;
mod model;
mod names;
mod page_route;
mod pair_kind;
mod permissions;
mod placeholders;
mod places;
mod privilege;
mod properties;
mod remarks;
mod representation;
mod request_headers;
mod required_options;
mod required_rows;
mod response_type;
mod routes;
mod schema;
mod sentences;
mod shared;
mod shortened;
mod stand_ins;
mod table_subject;
mod template_index;
mod template_slip;
mod text;
mod todos;
mod type_cell;
mod type_index;
mod type_names;
mod type_title;
mod type_words;
mod typed;
mod types;
mod unanswered;
mod word_list;

pub use crate::page::{Header, header};
pub(crate) use body::{ReadBody, read_body, read_json_lines};
pub(crate) use build::build_with;
pub use build::{Built, build};
pub(crate) use clouds::cloud_includes;
pub use clouds::{Availability, Cloud, Clouds};
pub(crate) use companions::{PageRequests, documented};
pub use conditional_header::{Asked, Condition, ConditionalHeader};
pub use declared_walk::visit_declared;
pub(crate) use deprecation::deprecation_includes;
pub(crate) use enumerations::{Enumerations, namespace_of};
pub use fill::{fill, sample_of};
pub use media_type::{content_type, is_json, media_type};
pub use metadata_rules::{MessageTypes, MetadataRules};
pub use model::{
    BlockSource, Body, BodyRule, Contract, FORMAT, Grant, Permissions, Placeholder, PrivilegeOrder, Property, Request,
    Response, Route, Source, Stated, Type,
};
pub use names::{PageName, unique_names};
pub use pair_kind::PairKind;
pub(crate) use permissions::{is_named as is_of_permissions, permission_includes};
pub use placeholders::{is_sample_text, placeholders};
pub(crate) use places::Places;
pub use privilege::{include_all, includes};
pub use properties::UNTYPED;
pub(crate) use properties::{PropertyRow, PropertyTable, PropertyTables};
pub(crate) use representation::{Representation, other_type, representation};
pub(crate) use request_headers::{KNOWN_FIELDS, header_table};
pub use schema::{SCHEMA_FILE, schema};
pub(crate) use shortened::may_be_truncated;
pub(crate) use stand_ins::has_stand_ins;
pub use text::digest;
pub use text::short_digest;
pub(crate) use text::{contract_text, digest_of_file};
pub use type_index::{DocumentedType, TypeIndex};
pub use typed::{Declaration, Typed};
pub use types::TypeName;
