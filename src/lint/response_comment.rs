//! The rule for the metadata comment of a response: it says what the body below it is.

use super::Linter;
use super::asked_for::{AskedFor, Said, asked_for};
use super::numbered::members;
use crate::contract::{Body, Contract, Places, ReadBody, TypeIndex, TypeName};
use crate::diagnostic::Code;
use crate::json::{Json, Member};
use crate::page::Block;

/// Compares the comment of a response with its body.
pub(super) fn check(
    linter: &mut Linter<'_>,
    index: &TypeIndex,
    contract: &Contract,
    block: &Block<'_>,
    read: &ReadBody,
) {
    let Some(Body::Json(json)) = &contract.response.body else { return };
    let page = linter.page;
    let said = || *linter.said.get_or_init(|| Said::of(page));
    match contradiction(index, contract, block, json, said) {
        Some(Wrong::Comment(key, message)) => {
            let line = contract.source.response.line;
            let place = page.place_in_comment(line, key).unwrap_or((line, 1));
            linter.report_at(Code::MetadataContradictsExample, place, message);
        }
        Some(Wrong::Body(value, message)) => {
            let place = Places::new(&block.message.body, &read.offsets).of_value(value);
            linter.report_at(Code::CollectionInsteadOfObject, place, message);
        }
        None => {}
    }
}

/// What contradicts the other.
enum Wrong<'b> {
    /// The comment: the text in it, and what is wrong.
    Comment(&'b str, String),
    /// The body: the number of the value in document order, and what is wrong.
    Body(usize, String),
}

/// What the comment says otherwise than the body.
fn contradiction<'b>(
    index: &TypeIndex,
    contract: &Contract,
    block: &'b Block<'_>,
    json: &Json,
    said: impl FnOnce() -> Said,
) -> Option<Wrong<'b>> {
    let metadata = block.metadata.as_ref().filter(|own| own.block_type.as_deref() == Some("response"))?;
    let is_collection = metadata.is_collection == Some(true);
    let value = members(json).find(|(_, member)| member.name == "value");
    let (number, items) = match (json, value) {
        (Json::Array(items), _) => (0, Some(items)),
        (_, Some((number, Member { value: Json::Array(items), .. }))) => (number, Some(items)),
        _ => (0, None),
    };
    // An error, or an empty object, is not what the comment describes.
    let is_shown = !metadata.expect_error && matches!(json, Json::Object(members) if !members.is_empty());
    if is_collection && items.is_none() && is_shown {
        let message = "`isCollection` is true, but the body has no array `value`".to_owned();
        return Some(Wrong::Comment("isCollection", message));
    }
    let named = metadata.odata_type.as_deref()?;
    let TypeName { name: stated, collection } = TypeName::read(named)?;
    if collection && items.is_none() && is_shown {
        let message = format!("the comment says that this is a `{named}`, but the body has no array `value`");
        return Some(Wrong::Comment(named, message));
    }
    let is_denied = metadata.is_collection == Some(false);
    let is_list = |items: &[Json]| are_of(index, &stated, items) || (is_denied && is_wrapper(index, &stated, json));
    if let Some(items) = items.filter(|items| !is_collection && !collection && is_list(items)) {
        return match asked_for(contract, metadata, said) {
            Some(AskedFor::One(why)) => {
                Some(Wrong::Body(number, format!("the body is a collection of `{stated}`, but {why}")))
            }
            // Which of the two is wrong is not known where nothing says it, and one item may be meant as the object.
            None if items.len() < 2 && !is_denied => None,
            Some(AskedFor::Several) | None if is_denied => {
                let message = format!("`isCollection` is false, but the body is a collection of `{stated}`");
                Some(Wrong::Comment("isCollection", message))
            }
            Some(AskedFor::Several) | None => Some(Wrong::Comment(
                named,
                format!(
                    "the body is a collection of `{stated}`, but the comment does not have `\"isCollection\": true`"
                ),
            )),
        };
    }
    let object = items.map_or(Some(json), |items| items.first());
    let own = object.and_then(|object| object.get("@odata.type")).and_then(Json::as_str).and_then(TypeName::read);
    if let Some(own) = own.filter(|own| index.exclude(&stated, &own.name)) {
        let message = format!("the comment says that this is a `{stated}`, the body that it is a `{}`", own.name);
        return Some(Wrong::Comment(named, message));
    }
    let near = misspelled_type(index, &stated, 2)?;
    Some(Wrong::Comment(named, format!("no page describes the type `{stated}`; did you mean `{near}`?")))
}

/// Whether a collection can only be one of values of a type, and not a value of the type itself: the type has no member `value`, and the first
/// item has one of the members that the type has.
fn are_of(index: &TypeIndex, stated: &str, items: &[Json]) -> bool {
    let Some(first) = items.first() else { return false };
    let is_of_type = || members(first).any(|(_, member)| index.property(stated, &member.name).is_some());
    !index.may_have(stated, "value") && is_of_type()
}

/// Whether a body has an array `value` and nothing else but annotations, and the type has no such member: a collection in OData's wrapper
/// (OData JSON Format 4.01 section 12).
fn is_wrapper(index: &TypeIndex, stated: &str, json: &Json) -> bool {
    let is_other = |name: &str| name != "value" && !name.contains('@');
    let has_no_such_member = stated.starts_with("Edm.") || !index.may_have(stated, "value");
    has_no_such_member && !members(json).any(|(_, member)| is_other(&member.name))
}

/// The documented type whose name is nearly this one, which no page describes; so many letters of a long name may differ.
pub(super) fn misspelled_type<'i>(index: &'i TypeIndex, name: &str, most: usize) -> Option<&'i str> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let own = last(name);
    let is_unknown = index.get(name).is_none() && index.enumerations().members(name).is_empty();
    if !is_unknown || !name.starts_with("microsoft.graph.") || !(3..=64).contains(&own.len()) {
        return None;
    }
    let most = if own.len() < 8 { 1 } else { most };
    let is_near = |near: &str| {
        // Most names are longer or shorter.
        let length = near.len() - near.rfind('.').map_or(0, |at| at + 1);
        let is_as_long = !near.is_ascii() || length.abs_diff(own.len()) <= most;
        is_as_long && {
            let near = last(near);
            near.len().abs_diff(own.len()) <= most && strsim::osa_distance(&own, &near) <= most
        }
    };
    // The first by name: the index has no order.
    index.names().filter(|near| is_near(near)).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::lint_page;
    use crate::page::Page;

    /// The findings of this rule in a page with a list of lamps whose response has a comment with this behind its `blockType`.
    #[track_caller]
    fn check_with(index: &TypeIndex, comment: &str, body: &str, expected: Option<(u32, u32)>) {
        let request = "```http\nGET https://graph.microsoft.com/v1.0/lamps\n```";
        let response = format!("```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n```");
        let text =
            format!("# List lamps\n\n{request}\n\n<!-- {{ \"blockType\": \"response\", {comment} }} -->\n{response}\n");
        let found = lint_page(&Page::parse("docs/v1.0/api/lamp.md", &text), index, None).diagnostics;
        let found = found.iter().filter(|own| own.code == Code::MetadataContradictsExample);
        let found: Vec<(u32, u32)> = found.map(|own| (own.line - 6, own.column)).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{comment} {body}");
    }

    #[test]
    fn the_comment_of_a_response_is_about_its_body() {
        let types = [
            ("lamp", "Inherits from [thing](thing.md).\n\n"),
            ("house", "Inherits from [thing](thing.md).\n\n"),
            ("thing", ""),
            ("road", ""),
            ("deskLamp", "Inherits from [lamp](lamp.md).\n\n"),
        ];
        let mut index = TypeIndex::default();
        for (name, base) in types {
            let text = format!("# {name} resource type\n\n{base}|Property|Type|\n|---|---|\n|watts|Int32|\n");
            index.add(&Page::parse(&format!("resources/{name}.md"), &text));
        }
        let lamp = "\"@odata.type\": \"microsoft.graph.lamp\"";
        let body = |name: &str| format!("{{\"@odata.type\": \"#microsoft.graph.{name}\"}}");
        let check = |comment: &str, body: &str, place| check_with(&index, comment, body, place);
        check(lamp, &body("house"), Some((1, 49)));
        check(lamp, &format!("{{\"value\": [{}]}}", body("house")), Some((1, 49)));
        check("\"@odata.type\": \"microsoft.graph.lmap\"", "{\"value\": []}", Some((1, 49)));
        check(&format!("{lamp}, \"isCollection\": true"), "{\"watts\": 4}", Some((1, 73)));
        check(lamp, &body("lamp"), None);
        check(lamp, &body("deskLamp"), None);
        // Its page may only not say that it is derived.
        check(lamp, &body("road"), None);
        check("\"@odata.type\": \"microsoft.graph.thing\"", &body("house"), None);
        check("\"@odata.type\": \"microsoft.graph.deskLamp\"", &body("lamp"), None);
        check(lamp, &body("unknown"), None);
        check("\"@odata.type\": \"microsoft.graph.unknown\"", "{}", None);
        check("\"@odata.type\": \"Edm.String\"", "{\"value\": \"a\"}", None);
        check(&format!("{lamp}, \"isCollection\": true"), "{\"value\": []}", None);
        check(&format!("{lamp}, \"isCollection\": true, \"expectError\": true"), "{\"error\": {}}", None);
        check(&format!("{lamp}, \"isCollection\": true"), "[]", None);
    }

    #[test]
    fn the_comment_of_a_collection_says_that_it_is_one() {
        let mut index = TypeIndex::default();
        for (name, metadata, rows) in [
            ("lamp", "", "|watts|Int32|\n"),
            ("deskLamp", "\"baseType\": \"microsoft.graph.lamp\",", "|height|Int32|\n"),
            ("lampPage", "", "|watts|Int32|\n|value|[lamp](lamp.md) collection|\n"),
            ("lampBag", "\"openType\": true,", "|watts|Int32|\n"),
            ("orphan", "\"baseType\": \"microsoft.graph.missing\",", "|watts|Int32|\n"),
        ] {
            let own = format!("\"blockType\": \"resource\", {metadata} \"@odata.type\": \"microsoft.graph.{name}\"");
            let text = format!(
                "# {name} resource type\n\n|Property|Type|\n|---|---|\n{rows}\n<!-- {{ {own} }} -->\n```json\n{{}}\n```\n"
            );
            index.add(&Page::parse(&format!("resources/{name}.md"), &text));
        }
        let check = |comment: &str, body: &str, is_wrong: bool| {
            check_with(&index, &format!("\"@odata.type\": {comment}"), body, is_wrong.then_some((1, 49)));
        };
        let items = "{\"value\": [{\"watts\": 4}]}";
        check("\"microsoft.graph.lamp\"", items, true);
        check("\"microsoft.graph.deskLamp\"", items, true);
        let denied = "\"@odata.type\": \"microsoft.graph.lamp\", \"isCollection\": false";
        check_with(&index, denied, items, Some((1, 73)));
        check("\"microsoft.graph.lamp\"", "[{\"watts\": 4}]", true);
        check("\"Collection(microsoft.graph.lamp)\"", "{\"watts\": 4}", true);
        check("\"microsoft.graph.lamp\", \"isCollection\": \"true\"", items, false);
        check("\"Collection(microsoft.graph.lamp)\"", items, false);
        check("\"Collection(microsoft.graph.lamp)\"", "{}", false);
        // The type itself may have such a member.
        for name in ["lampPage", "lampBag", "orphan", "unknown"] {
            check(&format!("\"microsoft.graph.{name}\""), items, false);
        }
        // Items of another type, and none at all, say nothing of this one.
        check("\"microsoft.graph.lamp\"", "{\"value\": [{\"height\": 4}]}", false);
        check("\"microsoft.graph.lamp\"", "{\"value\": [\"a\"]}", false);
        check("\"microsoft.graph.lamp\"", "{\"value\": []}", false);
        check("\"microsoft.graph.lamp\"", "{\"value\": {\"watts\": 4}}", false);
    }

    #[test]
    fn a_collection_where_one_object_is_asked_for_is_reported_at_the_body() {
        let lamp = "# lamp resource type\n\n|Property|Type|\n|---|---|\n|watts|Int32|\n";
        let mut index = TypeIndex::default();
        index.add(&Page::parse("resources/lamp.md", lamp));
        let check = |url: &str, comment: &str, body: &str, expected: &[(Code, u32, u32)]| {
            let comment = format!("\"blockType\": \"response\", \"@odata.type\": \"microsoft.graph.lamp\"{comment}");
            let text = format!(
                "# Get lamp\n\n```http\nGET {url}\n```\n\n<!-- {{ {comment} }} -->\n```http\nHTTP/1.1 200 OK\n\
                 Content-Type: application/json\n\n{body}\n```\n"
            );
            let found = lint_page(&Page::parse("v1.0/api/lamp.md", &text), &index, None).diagnostics;
            let own = [Code::MetadataContradictsExample, Code::CollectionInsteadOfObject];
            let found = found.iter().filter(|found| own.contains(&found.code));
            let found: Vec<_> = found.map(|own| (own.code, own.line, own.column)).collect();
            assert_eq!(found, expected, "{text}");
        };
        let one = "{\n  \"value\": [{\"watts\": 4}]\n}";
        let two = "{\"value\": [{\"watts\": 4}, {\"watts\": 5}]}";
        let in_body = |line, column| [(Code::CollectionInsteadOfObject, line, column)];
        let in_comment = [(Code::MetadataContradictsExample, 7, 49)];
        let denied = [(Code::MetadataContradictsExample, 7, 73)];
        check("/me/lamps?$top=4", ", \"isCollection\": false", one, &denied);
        check("/me/lamps?$top=4", ", \"isCollection\": false", "{\"value\": []}", &denied);
        check("/me/lamps?$top=4", ", \"isCollection\": false", "{\"value\": [], \"watts\": 4}", &[]);
        check("/me/lamps?$top=4", ", \"isCollection\": false", "{\"watts\": 4}", &[]);
        check("/lamps/{id}", "", one, &in_body(13, 3));
        check("/lamps/{id}", ", \"isCollection\": false", one, &in_body(13, 3));
        check("/lamps/{id}", "", "[{\"watts\": 4}]", &in_body(12, 1));
        check("/lamps/{id}", "", two, &in_body(12, 2));
        check("/me/lamp", ", \"isCollection\": false", one, &in_body(13, 3));
        check("/me/lamps?$filter=watts%20eq%204", "", one, &in_comment);
        check("/me/lamps", "", two, &in_comment);
        check("/me/lamps", "", one, &[]);
        check("/lamps/{id}", "", "{\"watts\": 4}", &[]);
    }
}
