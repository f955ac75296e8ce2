//! The rule for the types that `@odata.type` names in bodies: their namespace, and one that is nearly a documented type.

use foldhash::{HashSet, HashSetExt as _};

use super::Linter;
use super::nearest::{MOST_HINTS, is_other_form};
use super::response_comment::misspelled_type;
use crate::compare::excerpt;
use crate::contract::{Body, Places, ReadBody, TypeIndex, TypeName};
use crate::diagnostic::Code;
use crate::json::Json;

/// Checks the types in the bodies of a page's messages, and those in their comments.
pub(super) fn check(linter: &mut Linter<'_>, index: &TypeIndex, bodies: &[ReadBody]) {
    let page = linter.page;
    let mut looked_up = HashSet::new();
    for (block, read) in page.blocks.iter().zip(bodies) {
        let line = block.message.start.line();
        if let Some(named) = block.metadata.as_ref().and_then(|metadata| metadata.odata_type.as_deref())
            && let Some(message) = misspelled_namespace(named)
        {
            let place = page.place_in_comment(line, named).unwrap_or((line, 1));
            linter.report_at(Code::TypeNameMisspelled, place, message);
        }
        let Some(Body::Json(json)) = &read.body else { continue };
        if !block.message.body.iter().any(|line| line.text.contains("odata.type")) {
            continue;
        }
        let mut found = Vec::new();
        types(json, &mut 0, &mut found);
        let places = Places::new(&block.message.body, &read.offsets);
        for (number, named) in found {
            // Names of types that no page describes are compared with all that are, each once.
            let is_new = looked_up.len() < MOST_HINTS && looked_up.insert(named.to_owned());
            let near = || is_new.then(|| nearly_documented(index, named)).flatten();
            if let Some(message) = misspelled_namespace(named).or_else(near) {
                linter.report_at(Code::TypeNameMisspelled, places.of_value(number), message);
            }
        }
    }
}

/// The values of `@odata.type` in a body, with their numbers in document order.
fn types<'j>(json: &'j Json, number: &mut usize, found: &mut Vec<(usize, &'j str)>) {
    *number += 1;
    match json {
        Json::Object(members) => {
            for member in members {
                if let ("@odata.type", Some(named)) = (member.name.as_str(), member.value.as_str()) {
                    found.push((*number, named));
                }
                types(&member.value, number, found);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| types(item, number, found)),
        _ => {}
    }
}

/// What is wrong with the name of a type that no page describes, if it is nearly that of one.
fn nearly_documented(index: &TypeIndex, named: &str) -> Option<String> {
    let name = TypeName::read(named.trim_start_matches('#'))?.name;
    let near = misspelled_type(index, &name, 1)?;
    // Another version is another type, and so may the plural be.
    (!is_other_form(&name, near))
        .then(|| format!("no page describes the type `{}`; did you mean `{near}`?", excerpt(&name)))
}

/// What is wrong with the namespace of a type: it is nearly that of Microsoft Graph (`microsoft.graph`).
fn misspelled_namespace(named: &str) -> Option<String> {
    let name = named.trim_start_matches('#');
    let name = name.strip_prefix("Collection(").unwrap_or(name).trim_end_matches(')').trim_start_matches('#');
    let (namespace, _) = name.rsplit_once('.').filter(|_| name.len() <= LONGEST)?;
    let namespace = namespace.to_lowercase();
    let mut words = namespace.split('.');
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    let is_near = |own: &str, known: &str, most: usize| strsim::osa_distance(own, known) <= most;
    let is_known = first == "microsoft" && second == "graph";
    let is_slip = (is_near(first, "microsoft", 2) && is_near(second, "graph", 1)) || namespace == "microsoftgraph";
    (is_slip && !is_known).then(|| {
        let written: String = named.trim_start_matches('#').to_owned();
        format!("the namespace of `{}` is nearly `microsoft.graph`", excerpt(&written))
    })
}

/// No name of a type is longer.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::lint_page;
    use crate::lint::testing::{exchange, places};
    use crate::page::Page;

    #[test]
    fn a_namespace_is_misspelled_if_it_is_nearly_the_known_one() {
        let check = |name: &str, is_wrong: bool| assert_eq!(misspelled_namespace(name).is_some(), is_wrong, "{name}");
        for name in [
            "#micosoft.graph.lamp",
            "microsoft.grpah.lamp",
            "Collection(mircosoft.graph.lamp)",
            "#microsoftgraph.lamp",
            "microsoft.grap.callRecords.lamp",
        ] {
            check(name, true);
        }
        for name in [
            "#microsoft.graph.lamp",
            "#Microsoft.Graph.lamp",
            "microsoft.graph.callRecords.lamp",
            "Microsoft.Exchange.lamp",
            "#String",
            "contoso.graph.lamp",
            "lamp",
            "",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn it_is_found_at_its_value() {
        let body = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\n  \"a\": [{\"b\": 1}, 2],\n  \"c\": {\"@odata.type\": \"#micosoft.graph.lamp\"}\n}";
        let text = exchange("", "GET https://graph.microsoft.com/v1.0/lamps/1", body);
        assert_eq!(places(&text, Code::TypeNameMisspelled), [(17, 9)]);
    }

    #[test]
    fn a_type_that_is_nearly_a_documented_one_is_misspelled() {
        let mut index = TypeIndex::default();
        for name in ["deskLamp", "lampV1"] {
            let resource = format!("# {name} resource type\n\n|Property|Type|\n|---|---|\n|watts|Int32|\n");
            index.add(&Page::parse(&format!("resources/{name}.md"), &resource));
        }
        let check = |name: &str, expected: usize| {
            let body = format!(
                "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\"@odata.type\": \"#microsoft.graph.{name}\"}}"
            );
            let text = exchange("", "GET https://graph.microsoft.com/v1.0/lamps/1", &body);
            let found = lint_page(&Page::parse("lamp.md", &text), &index, None).diagnostics;
            assert_eq!(found.iter().filter(|own| own.code == Code::TypeNameMisspelled).count(), expected, "{name}");
        };
        check("deskLapm", 1);
        check("desLamp", 1);
        check("deskLamp", 0);
        check("deskLamps", 0);
        check("lampV2", 0);
        check("house", 0);
    }
}
