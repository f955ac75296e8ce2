//! Defects of an example beside those of its values.

use graph_contracts::diagnostic::Code;
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
    /// A query option that names what is not declared.
    QueryName,
    /// A body where nothing comes back.
    Body,
    /// An argument that no overload has.
    Argument,
    /// A method that is not possible.
    Method,
}

impl Flaw {
    /// Every one.
    pub(crate) const ALL: [Flaw; 8] = [
        Flaw::Segment,
        Flaw::Wrapper,
        Flaw::Row,
        Flaw::RowType,
        Flaw::QueryName,
        Flaw::Body,
        Flaw::Argument,
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
            Flaw::QueryName => {
                let (path, _) = example.path.split_once("?$select=").filter(|_| !is_open(Some(&place.of.name)))?;
                own.path = format!("{path}?$select=qqNoSuchProperty");
                (Code::QueryNameNotInMetadata, "query option $select: qqNoSuchProperty of the URL".to_owned())
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
