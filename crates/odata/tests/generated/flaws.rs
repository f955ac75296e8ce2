//! Defects of an example beside those of its values.

use graph_contracts::diagnostic::Code;
use graph_contracts::json::Path;
use serde_json::json;

use crate::example::Example;
use crate::model::Model;
use crate::places::Place;

/// A defect of a URL, a method, a wrapper or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The last segment is not declared.
    Segment,
    /// An object in `value`, or a collection that is not in it.
    Wrapper,
    /// A row of a property that is not declared.
    Row,
    /// A row with another type.
    RowType,
    /// `$select` names what is not declared.
    Select,
    /// `$orderby` does.
    OrderBy,
    /// `$filter` does.
    Filter,
    /// `$expand` does.
    Expand,
    /// A body where nothing comes back.
    Body,
    /// An argument that no overload has.
    Argument,
    /// An argument of another type.
    ArgumentType,
    /// A key that is left out between two segments.
    MissingKey,
    /// What is bound by a URL is no navigation property.
    Bound,
    /// A method that is not possible.
    Method,
}

impl Flaw {
    /// Every one.
    pub(crate) const ALL: [Flaw; 14] = [
        Flaw::Segment,
        Flaw::Wrapper,
        Flaw::Row,
        Flaw::RowType,
        Flaw::Select,
        Flaw::OrderBy,
        Flaw::Filter,
        Flaw::Expand,
        Flaw::Body,
        Flaw::Argument,
        Flaw::ArgumentType,
        Flaw::MissingKey,
        Flaw::Bound,
        Flaw::Method,
    ];

    /// The example with the defect, and the code and place of the finding that it has to cause; `None` where it cannot have it.
    pub(crate) fn plant(self, example: &Example, place: &Place, model: &Model) -> Option<(Example, Code, String)> {
        let mut own = example.clone();
        let is_open = |name: Option<&str>| name.is_some_and(|name| model.may_be_open(name));
        let (code, at) = match self {
            Flaw::Segment => {
                let (before, last) = example.path.rsplit_once('/')?;
                let is_name = last.chars().all(|own| own.is_ascii_alphanumeric());
                // Only what is a name, and not the name of an operation.
                if !is_name
                    || is_open(place.parent.as_deref())
                    || example.method == "POST" && example.status != "201 Created"
                {
                    return None;
                }
                own.path = format!("{before}/qqNoSuchSegment");
                (Code::SegmentNotInMetadata, format!("segment {} of the URL", example.path.matches('/').count()))
            }
            Flaw::Wrapper => {
                let response = example.response.as_ref()?;
                own.response = Some(match response.get("value") {
                    Some(serde_json::Value::Array(values)) if values.first()?.is_object() => values.first()?.clone(),
                    None => json!({ "value": response }),
                    Some(_) => return None,
                });
                (Code::WrapperDoesNotFit, "$ of the response body".to_owned())
            }
            Flaw::Row => {
                own.rows.first().filter(|_| !is_open(Some(&place.of.name)))?;
                own.rows.push(("qqNoSuchProperty".to_owned(), "String".to_owned()));
                (Code::PropertyNotInMetadata, "`qqNoSuchProperty` in the property table".to_owned())
            }
            Flaw::RowType => {
                let (name, of) = own.rows.iter_mut().find(|(_, of)| of == "Int32" || of == "Boolean")?;
                *of = "DateTimeOffset".to_owned();
                (Code::PropertyTypeDiffers, format!("`{name}` in the property table"))
            }
            Flaw::Select | Flaw::OrderBy | Flaw::Filter | Flaw::Expand => {
                let (path, _) = example.path.split_once("?$select=").filter(|_| !is_open(Some(&place.of.name)))?;
                let (option, more) = match self {
                    Flaw::Select => ("$select", ""),
                    Flaw::OrderBy => ("$orderby", " desc"),
                    Flaw::Filter => ("$filter", " eq 'a'"),
                    _ => ("$expand", "($top=1)"),
                };
                // Only collections are ordered and filtered.
                if matches!(self, Flaw::OrderBy | Flaw::Filter) != place.of.is_collection {
                    return None;
                }
                own.path = format!("{path}?{option}=qqNoSuchProperty{more}").replace(' ', "%20");
                (Code::QueryNameNotInMetadata, format!("query option {option}: qqNoSuchProperty of the URL"))
            }
            Flaw::Body => {
                if example.method != "DELETE" {
                    return None;
                }
                own.status = "200 OK";
                own.response = Some(json!({ "id": "1" }));
                (Code::BodyNotExpected, "$ of the response body".to_owned())
            }
            Flaw::Argument => {
                let before = example.path.strip_suffix(')').filter(|_| example.method == "GET")?;
                let separator = if before.ends_with('(') { "" } else { "," };
                let last = before.rsplit('/').next()?;
                // Parentheses behind a set are a key.
                if last.contains('{') {
                    return None;
                }
                own.path = format!("{before}{separator}qqNoSuchParameter='a')");
                let segment = before.matches('/').count();
                (Code::FunctionParametersNotInMetadata, format!("segment {segment} of the URL"))
            }
            Flaw::ArgumentType => {
                let (before, name, rest) = ["7", "true", "2024-02-29", "1.5"].iter().find_map(|literal| {
                    let (before, rest) = example.path.split_once(&format!("={literal}"))?;
                    let name = before.rsplit(['(', ',']).next()?;
                    rest.starts_with([',', ')']).then_some((before, name, rest))
                })?;
                own.path = format!("{before}='text'{rest}");
                (Code::ArgumentNotOfType, format!("argument {name} in the URL"))
            }
            Flaw::MissingKey => {
                let (before, after) = example.path.split_once("/{")?;
                let (_, after) = after.split_once("}/")?;
                let segment = before.matches('/').count() + 1;
                // What may follow a collection, such as an operation that is bound to it, is another matter.
                let name = after.split(['/', '?', '(']).next()?;
                if model.is_bound_name(name) {
                    return None;
                }
                own.path = format!("{before}/{after}");
                (Code::SegmentNotInMetadata, format!("segment {segment} of the URL"))
            }
            Flaw::Bound => {
                let name = example.rows.iter().find(|(_, of)| of == "String").map(|(name, _)| name)?;
                let request =
                    own.request.as_mut().filter(|_| example.method != "POST" || example.status.starts_with("201"))?;
                let bound = format!("{name}@odata.bind");
                request.as_object_mut()?.insert(bound.clone(), json!("https://graph.microsoft.com/v1.0/things/1"));
                (Code::ValueNotOfMetadataType, format!("{} of the request body", Path::root().member(&bound)))
            }
            Flaw::Method => {
                let is_collection = example.response.as_ref().is_some_and(|body| body["value"].is_array());
                if example.method != "GET" || !is_collection || example.path.contains(['(', '?']) {
                    return None;
                }
                own.method = "PATCH";
                own.response = None;
                own.status = "204 No Content";
                (Code::MethodNotAllowed, "the method".to_owned())
            }
        };
        Some((own, code, at))
    }
}
