//! One finding for one cause: what only follows from another defect of its line is not reported beside it.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Block, Page};

/// Defects with what follows from them on the same line. What needs metadata to be found follows only: the findings without metadata stay
/// the same with it.
const CAUSES: [(Code, &[Code]); 7] = [
    // A line that should be a URL template is no body.
    (Code::StartLineNotValid, &[Code::NoBlankLineBeforeBody]),
    (Code::UrlNotWellFormed, OF_URLS),
    (Code::HostMisspelled, OF_URLS),
    (Code::GraphVersionNotValid, OF_URLS),
    (Code::DateNotValid, OF_VALUES),
    (Code::GuidNotValid, OF_VALUES),
    // A comment that contradicts the pages of the set, whatever the metadata says of it.
    (Code::MetadataContradictsExample, &[Code::TypeNotInMetadata, Code::TypeNotDerived]),
];

const OF_URLS: &[Code] = &[
    Code::UrlMatchesNoTemplate,
    Code::SegmentNotInMetadata,
    Code::FunctionParametersNotInMetadata,
    Code::ArgumentNotOfType,
    Code::QueryNameNotInMetadata,
];

const OF_VALUES: &[Code] = &[Code::ValueNotOfType, Code::ValueNotOfMetadataType];

/// Leaves out what follows from another finding.
pub(super) fn only(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let placeholders = unstated_permissions(page, found);
    let mut by_line: HashMap<u32, HashSet<Code>> = HashMap::new();
    for own in found.iter().filter(|own| CAUSES.iter().any(|(cause, _)| *cause == own.code)) {
        by_line.entry(own.line).or_default().insert(own.code);
    }
    found.retain(|own| {
        if own.code == Code::TodoLeft && placeholders.contains(&own.line) {
            return false;
        }
        let Some(causes) = by_line.get(&own.line) else { return true };
        !CAUSES.iter().any(|(cause, effects)| causes.contains(cause) && effects.contains(&own.code))
    });
}

/// Takes the edits from what is wrong with a body that should not be there: which of the two is wrong, the body or what has it, a person decides,
/// and nothing is put into what may have to go.
pub(super) fn leave_bodies_alone(page: &Page<'_>, found: &mut [Diagnostic]) {
    let is_unwanted = |own: &&Diagnostic| matches!(own.code, Code::BodyWithGet | Code::BodyWithNoContent);
    let starts: HashSet<u32> = found.iter().filter(is_unwanted).map(|own| own.line).collect();
    // They stand in the order of the page, and a defect is in the last one that begins before it.
    let blocks: Vec<&Block<'_>> =
        page.blocks.iter().filter(|block| starts.contains(&block.message.start.line())).collect();
    let is_of_body = |own: &Diagnostic| {
        let before = blocks.partition_point(|block| block.message.start.line() <= own.line);
        let Some(block) = before.checked_sub(1).map(|last| blocks[last]).filter(|last| own.line <= last.end) else {
            return false;
        };
        let is_field = matches!(own.code, Code::ContentLengthWrong | Code::NoContentType);
        block.message.body.first().is_some_and(|first| is_field || own.line >= first.number)
    };
    found.iter_mut().filter(|own| is_of_body(own)).for_each(|own| own.edit = None);
}

/// The lines of tables of permissions that hold placeholders: each `TODO` in them is one of those.
fn unstated_permissions(page: &Page<'_>, found: &[Diagnostic]) -> HashSet<u32> {
    let mut lines = HashSet::new();
    for own in found.iter().filter(|own| own.code == Code::PermissionsNotStated) {
        // A table of which several rows are reported is gone through once.
        let rest = (own.line..).take_while(|line| page.line_text(*line).contains('|') && !lines.contains(line));
        let rest: Vec<u32> = rest.collect();
        lines.extend(rest);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edit;

    #[test]
    fn what_follows_from_another_defect_of_the_line_is_left_out() {
        let check = |codes: &[(u32, Code)], expected: &[(u32, Code)]| {
            let diagnostic = |(line, code): &(u32, Code)| Diagnostic::new(*code, "a.md", (*line, 1), "");
            let mut found: Vec<Diagnostic> = codes.iter().map(diagnostic).collect();
            only(&Page::parse("a.md", ""), &mut found);
            let found: Vec<(u32, Code)> = found.into_iter().map(|own| (own.line, own.code)).collect();
            assert_eq!(found, expected);
        };
        let (broken, unmatched) = (Code::UrlNotWellFormed, Code::UrlMatchesNoTemplate);
        check(&[(3, broken), (3, unmatched), (4, unmatched)], &[(3, broken), (4, unmatched)]);
        check(&[(3, Code::DateNotValid), (3, Code::ValueNotOfMetadataType)], &[(3, Code::DateNotValid)]);
        check(&[(3, broken), (3, Code::NoBody)], &[(3, broken), (3, Code::NoBody)]);
        check(&[(3, unmatched)], &[(3, unmatched)]);
    }

    #[test]
    fn many_bodies_that_should_not_be_there_take_no_square_of_their_number() {
        let pair = "```http\nGET https://graph.microsoft.com/v1.0/lamps\nContent-Length: 9\n\n{\"a\": 1}\n```\n\n\
                    ```http\nHTTP/1.1 200 OK\nContent-Length: 9\n\n{\"a\": 1}\n```\n\n";
        let check = |pairs: usize| {
            let mut found: Vec<Diagnostic> = Vec::new();
            let text = pair.repeat(pairs);
            let page = Page::parse("a.md", &text);
            for block in &page.blocks {
                let line = block.message.start.line();
                let code = |code| {
                    Diagnostic::new(code, "a.md", (line, 1), "").with_edit(Some(Edit::replace(line, 1, "9", "8")))
                };
                found.extend([code(Code::ContentLengthWrong)]);
                found.extend(block.message.start.request().map(|_| code(Code::BodyWithGet)));
            }
            leave_bodies_alone(&page, &mut found);
            let edits = found.iter().filter(|own| own.code == Code::ContentLengthWrong && own.edit.is_some());
            assert_eq!(edits.count(), pairs, "those of the responses");
        };
        check(1);
        check(20_000);
    }

    #[test]
    fn a_todo_in_a_table_of_permissions_is_reported_with_the_table() {
        let check = |row: &str, code: Code, expected: &[(u32, u32)]| {
            let pair =
                "```http\nGET https://graph.microsoft.com/v1.0/lamps\n```\n\n```http\nHTTP/1.1 204 No Content\n```\n";
            let table = format!("|Permission type|Permissions|\n|---|---|\n|Application|{row}|\n");
            let text = format!("# List lamps\n\n## Permissions\n\n{table}\nTODO: more\n\n{pair}");
            assert_eq!(crate::lint::testing::places(&text, code), expected, "{row}");
        };
        check("TODO", Code::PermissionsNotStated, &[(5, 1)]);
        check("TODO", Code::TodoLeft, &[(9, 1)]);
        check("Lamp.Read", Code::PermissionsNotStated, &[]);
        check("Lamp.Read", Code::TodoLeft, &[(9, 1)]);
    }
}
