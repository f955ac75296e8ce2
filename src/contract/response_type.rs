//! The type of a response's body, or of what stands in its member `value`.

use super::TypeName;
use super::body_types::{BodyTypes, odata_type};
use crate::json::Json;

/// What is said of the type of a response.
pub(super) struct Said<'s> {
    /// The type of the request's body.
    pub(super) request: Option<&'s str>,
    /// The type in the comment before the response.
    pub(super) in_comment: Option<&'s str>,
    /// The type that the section "Response" links to.
    pub(super) linked: Option<&'s str>,
}

/// The type of a response's body, and whether it is that of what stands in its member `value`: as the body itself says, its metadata, or the text
/// of the section "Response".
pub(super) fn response_type(json: &Json, said: &Said<'_>, types: &BodyTypes<'_>) -> (Option<String>, bool) {
    let canonical = |own: String| match said.request {
        Some(name) if name.eq_ignore_ascii_case(&own) => name.to_owned(),
        _ => types.canonical(&own).unwrap_or(own),
    };
    if let Some(own) = odata_type(json) {
        return (Some(canonical(own)), false);
    }
    let content = json.get("value").filter(|value| matches!(value, Json::Array(_) | Json::Object(_)));
    let of_content = match content {
        Some(Json::Array(items)) => of_items(items),
        other => other.and_then(odata_type),
    };
    if let Some(own) = of_content {
        return (Some(canonical(own)), true);
    }
    let in_comment = said.in_comment.and_then(TypeName::read).map(|own| canonical(own.name));
    let body_type = in_comment.or_else(|| said.linked.map(str::to_owned));
    let wrapped = content.is_some() && body_type.as_ref().is_some_and(|name| !types.has(name, "value"));
    (body_type, wrapped)
}

/// The type that the items of a collection say, the first of them at the least. Items of several types are of one that all of them inherit from,
/// and which that is, they do not say.
fn of_items(items: &[Json]) -> Option<String> {
    let first = odata_type(items.first()?)?;
    let mut others = items.iter().skip(1).filter_map(odata_type);
    others.all(|other| other.eq_ignore_ascii_case(&first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::contract::{PageName, TypeIndex, build};
    use crate::page::Page;

    #[test]
    fn items_of_several_types_are_of_the_type_that_the_page_says() {
        let check = |comment: &str, items: &[&str], expected: Option<&str>| {
            let items: Vec<String> = items.iter().map(|own| format!("{{\"@odata.type\": \"#{own}\"}}")).collect();
            let text = format!(
                "# List things\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0/things\n```\n\n{comment}\n\
                 ```http\nHTTP/1.1 200 OK\n\n{{\"value\": [{}]}}\n```\n",
                items.join(", ")
            );
            let page = Page::parse("api/thing-list.md", &text);
            let built = build(&page, &PageName::of(&page), &TypeIndex::default());
            assert_eq!(built.contracts[0].1.response.body_type.as_deref(), expected, "{text}");
        };
        let (lamp, shade) = ("microsoft.graph.lamp", "microsoft.graph.shade");
        let comment =
            "<!-- { \"blockType\": \"response\", \"@odata.type\": \"Collection(microsoft.graph.thing)\" } -->";
        check(comment, &[lamp, shade], Some("microsoft.graph.thing"));
        check(comment, &[lamp, lamp], Some(lamp));
        check("", &[lamp, shade], None);
    }
}
