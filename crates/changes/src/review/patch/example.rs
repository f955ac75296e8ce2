//! The JSON of an example, edited in its own layout.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstContainerNode, CstInputValue, CstLeafNode, CstNode, CstObject, CstObjectProp, CstRootNode};

use graph_contracts::json::{Json, Path, Step};

/// One change of an example's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JsonEdit {
    /// The member is added to its object, as the last one.
    Add(Path, Json),
    /// The member is taken away.
    Remove(Path),
    /// The value becomes another one.
    Set(Path, Json),
}

/// What authors write, and the importer reads.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: true,
    allow_trailing_commas: true,
    allow_missing_commas: true,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The text of an example with the edits in it; everything else stays as its author laid it out.
///
/// # Errors
///
/// When the text is not JSON, or has no such place; the message says why.
pub(super) fn edited(text: &str, edits: &[JsonEdit]) -> Result<String, String> {
    let root = CstRootNode::parse(text, &OPTIONS)
        .map_err(|error| format!("the example cannot be edited as JSON: {}", error.kind()))?;
    for edit in edits {
        apply(&root, edit)?;
    }
    Ok(root.to_string())
}

fn apply(root: &CstRootNode, edit: &JsonEdit) -> Result<(), String> {
    match edit {
        JsonEdit::Add(path, value) => {
            let (object, name) = around(root, path)?;
            object.append(name, input(value));
        }
        JsonEdit::Remove(path) => {
            let (object, name) = around(root, path)?;
            member(&object, name).ok_or_else(|| missing(path))?.remove();
        }
        JsonEdit::Set(path, value) if path.steps().is_empty() => root.set_value(input(value)),
        JsonEdit::Set(path, value) => {
            let replaced = find(root, path).and_then(|node| replace(node, input(value)));
            replaced.ok_or_else(|| missing(path))?;
        }
    }
    Ok(())
}

fn missing(path: &Path) -> String {
    format!("the example has no {path}")
}

/// The object around a member, and the member's name.
fn around<'p>(root: &CstRootNode, path: &'p Path) -> Result<(CstObject, &'p str), String> {
    let (Some(parent), Some(Step::Name(name))) = (path.parent(), path.steps().last()) else {
        return Err(missing(path));
    };
    let object = find(root, &parent).and_then(|node| node.as_object()).ok_or_else(|| missing(&parent))?;
    Ok((object, name))
}

fn member(object: &CstObject, name: &str) -> Option<CstObjectProp> {
    object.properties().into_iter().find(|own| own.decoded_name().as_deref() == Some(name))
}

fn find(root: &CstRootNode, path: &Path) -> Option<CstNode> {
    path.steps().iter().try_fold(root.value()?, |node, step| match step {
        Step::Name(name) => member(&node.as_object()?, name)?.value(),
        Step::Index(index) => node.as_array()?.elements().into_iter().nth(*index),
    })
}

fn replace(node: CstNode, value: CstInputValue) -> Option<CstNode> {
    match node {
        CstNode::Container(CstContainerNode::Object(node)) => node.replace_with(value),
        CstNode::Container(CstContainerNode::Array(node)) => node.replace_with(value),
        CstNode::Leaf(CstLeafNode::StringLit(node)) => node.replace_with(value),
        CstNode::Leaf(CstLeafNode::NumberLit(node)) => node.replace_with(value),
        CstNode::Leaf(CstLeafNode::BooleanLit(node)) => node.replace_with(value),
        CstNode::Leaf(CstLeafNode::NullKeyword(node)) => node.replace_with(value),
        CstNode::Leaf(CstLeafNode::WordLit(node)) => node.replace_with(value),
        // Not a value.
        CstNode::Container(_) | CstNode::Leaf(_) => None,
    }
}

fn input(value: &Json) -> CstInputValue {
    match value {
        Json::Null => CstInputValue::Null,
        Json::Bool(value) => CstInputValue::Bool(*value),
        Json::Number(number) => CstInputValue::Number(number.literal().to_owned()),
        Json::String(text) => CstInputValue::String(text.clone()),
        Json::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Json::Object(members) => {
            CstInputValue::Object(members.iter().map(|member| (member.name.clone(), input(&member.value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graph_contracts::json::parse;

    fn path(text: &str) -> Path {
        text.split('.').filter(|part| !part.is_empty()).fold(Path::root(), |path, part| match part.parse() {
            Ok(index) => path.element(index),
            Err(_) => path.member(part),
        })
    }

    fn json(text: &str) -> Json {
        parse(text).expect(text).json
    }

    #[track_caller]
    fn check(text: &str, edit: &JsonEdit, expected: &str) {
        assert_eq!(edited(text, std::slice::from_ref(edit)).as_deref(), Ok(expected));
    }

    #[test]
    fn members_come_and_go_in_the_example_s_own_layout() {
        let wide = "{\n    \"a\": 1,\n    \"b\": [\n        { \"c\": 2 }\n    ]\n}";
        let added =
            "{\n    \"a\": 1,\n    \"b\": [\n        { \"c\": 2 }\n    ],\n    \"d\": {\n        \"e\": null\n    }\n}";
        check(wide, &JsonEdit::Add(path("d"), json("{\"e\": null}")), added);
        check(wide, &JsonEdit::Remove(path("a")), "{\n    \"b\": [\n        { \"c\": 2 }\n    ]\n}");
        check(wide, &JsonEdit::Remove(path("b")), "{\n    \"a\": 1\n}");
        check("{\n\t\"a\": 1\n}", &JsonEdit::Add(path("b"), json("true")), "{\n\t\"a\": 1,\n\t\"b\": true\n}");
    }

    #[test]
    fn values_become_others_and_the_rest_stays() {
        let text = "{\n  \"a\" : 1, // why\n  'b': [ {c: \"x\"}, 2 ],\n}";
        check(text, &JsonEdit::Set(path("a"), json("\"string\"")), &text.replace("1,", "\"string\","));
        check(text, &JsonEdit::Set(path("b.0.c"), json("null")), &text.replace("\"x\"", "null"));
        check(text, &JsonEdit::Set(path("b.1"), json("0.5")), &text.replace("2 ]", "0.5 ]"));
        check(text, &JsonEdit::Set(path("a"), json("[]")), &text.replace("1,", "[],"));
        check("{\"a\": 1}", &JsonEdit::Set(path(""), json("[1]")), "[1]");
    }

    #[test]
    fn what_is_not_there_cannot_be_edited() {
        for edit in [
            JsonEdit::Set(path("x"), Json::Null),
            JsonEdit::Remove(path("a.b")),
            JsonEdit::Add(path("a.b"), Json::Null),
            JsonEdit::Remove(path("0")),
            JsonEdit::Add(path(""), Json::Null),
        ] {
            assert!(edited("{\"a\": 1}", std::slice::from_ref(&edit)).is_err(), "{edit:?}");
        }
        assert!(edited("{\"a\": ...}", &[]).expect_err("not JSON").contains("as JSON"));
        assert!(edited(&"[".repeat(100_000), &[]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn whatever_an_author_wrote_is_edited_or_refused(text in r#"[\[\]{},:"'a-c0-9 \n/*.]{0,24}"#) {
            for place in ["", "a", "a.b", "0", "a.0"] {
                let set = JsonEdit::Set(path(place), json("{\"x\": [{\"y\": 1}]}"));
                for edit in [set, JsonEdit::Remove(path(place)), JsonEdit::Add(path(place).member("z"), Json::Null)] {
                    let _ = edited(&text, &[edit]);
                    let _ = edited(&format!("{{\"a\": {text}}}"), &[JsonEdit::Remove(path("a")), JsonEdit::Add(path("b"), Json::Null)]);
                }
            }
        }
    }
}
