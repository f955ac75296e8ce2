//! The rule for a page's title: the operation that it names is the one that the page documents.

use std::collections::BTreeSet;

use super::Linter;
use crate::diagnostic::Code;
use crate::page::{Language, StartLine};

/// The verbs that begin titles, with the methods by which such an operation is called. An action may do anything by POST.
const VERBS: [(&str, &[&str]); 5] = [
    ("delete", &["DELETE", "POST", "PATCH"]),
    ("get", &["GET", "HEAD", "POST"]),
    ("list", &["GET", "HEAD", "POST"]),
    ("create", &["POST", "PUT", "PATCH"]),
    ("update", &["PATCH", "PUT", "POST"]),
];

pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    let Some(title) = page.title() else { return };
    let mut words = title.text.split_whitespace();
    let Some(verb) = words.next() else { return };
    // A title of one word, or `get: x`, is a name.
    let Some((_, expected)) =
        VERBS.iter().find(|(own, _)| own.eq_ignore_ascii_case(verb)).filter(|_| words.next().is_some())
    else {
        return;
    };
    let mut methods = BTreeSet::new();
    for block in &page.blocks {
        if let StartLine::Request(line) = &block.message.start {
            methods.extend([&line.method].into_iter().chain(block.message.further.iter().map(|line| &line.method)));
        }
    }
    let is_expected = methods.is_empty() || methods.iter().any(|method| expected.contains(&method.as_str()));
    if is_expected || page.language() != Language::English {
        return;
    }
    let shown: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    let message = format!("the title says \"{verb}\", but the page only has {} requests", shown.join(" and "));
    linter.report(Code::TitleContradictsMethod, title.line, message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::TypeIndex;
    use crate::lint::lint_page;
    use crate::page::Page;

    #[track_caller]
    fn check(title: &str, methods: &[&str], is_wrong: bool) {
        let blocks: String = methods.iter().map(|method| format!("```http\n{method} /lamps\n```\n\n")).collect();
        let text = format!("# {title}\n\n## HTTP request\n\n{blocks}");
        let found = lint_page(&Page::parse("lamp.md", &text), &TypeIndex::default(), None).diagnostics;
        let found: Vec<u32> =
            found.iter().filter(|own| own.code == Code::TitleContradictsMethod).map(|own| own.line).collect();
        assert_eq!(found, if is_wrong { vec![1] } else { vec![] }, "{title} {methods:?}");
    }

    #[test]
    fn the_verb_of_a_title_is_that_of_a_method() {
        check("Delete lamp", &["GET"], true);
        check("Get lamp", &["DELETE", "PATCH"], true);
        check("List lamps", &["PUT"], true);
        check("Create lamp", &["GET"], true);
        check("Update lamp", &["DELETE"], true);
        check("Update lamp", &["GET"], true);
    }

    #[test]
    fn what_an_action_may_do_or_another_title_is_not_judged() {
        check("Delete lamp", &["DELETE"], false);
        check("Delete lamp", &["GET", "DELETE"], false);
        check("Delete lamps", &["POST"], false);
        check("Get lamps by place", &["POST"], false);
        check("Create lamp", &["PUT"], false);
        check("Update lamp", &["POST"], false);
        check("lamp: delete", &["POST"], false);
        check("Deleted lamps", &["GET"], false);
        check("Create", &["GET"], false);
        check("Delete lamp", &[], false);
        check("Delete 灯 und 其他的灯光设备和开关", &["GET"], false);
    }
}
