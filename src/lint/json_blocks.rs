//! The rule for JSON blocks that are no message: what call-backs send, or what a resource looks like.

use foldhash::HashSet;

use super::Linter;
use super::literals::{self, Seen};
use crate::contract::{ReadBody, read_json_lines};
use crate::diagnostic::Code;
use crate::page::{Element, Fence, Language};

/// Checks the JSON blocks of a page that belong to none of its messages. Gives what was read, with the line of each block.
pub(super) fn check(linter: &mut Linter<'_>, seen: &mut Seen) -> Vec<(u32, ReadBody)> {
    let mut blocks = Vec::new();
    let page = linter.page;
    let messages: HashSet<usize> =
        page.blocks.iter().flat_map(|block| [Some(block.element), block.body_element]).flatten().collect();
    // Whether the next block is the representation of a resource: its metadata says so, or its section.
    let (mut is_resource, mut in_representation) = (false, false);
    for (index, element) in page.elements.iter().enumerate() {
        let fence = match element {
            Element::Comment(comment) => {
                let metadata = comment.metadata().and_then(Result::ok);
                is_resource |= metadata.is_some_and(|own| own.block_type.as_deref() == Some("resource"));
                continue;
            }
            Element::Heading(heading) => {
                // "JSON representation", whatever the second word is in another language.
                let is_translated = || heading.text.contains("JSON") && page.language() != Language::English;
                in_representation = heading.opens("json-representation") || is_translated();
                continue;
            }
            Element::Fence(fence) => fence,
            Element::Prose(_) | Element::Table(_) => continue,
        };
        let is_representation = std::mem::take(&mut is_resource) || in_representation;
        if !messages.contains(&index) && is_whole_json(fence) {
            let read = read_json_lines(&fence.lines);
            // The owners of the pages set relationships apart by comments there, and nobody sends a representation.
            let defects = read.defects.iter().filter(|own| own.code != Code::JsonComment || !is_representation);
            linter.diagnostics.extend(defects.map(|defect| defect.of_page(page.path)));
            literals::check_lines(linter, &fence.lines, &read, seen);
            blocks.push((fence.line, read));
        }
    }
    blocks
}

/// Whether a block says that it is JSON, and begins and ends like a whole value: what does not may be a part of one.
fn is_whole_json(fence: &Fence<'_>) -> bool {
    let is_json = fence.info.split_whitespace().next().is_some_and(|info| info.eq_ignore_ascii_case("json"));
    let mut lines = fence.lines.iter().map(|line| line.text.trim()).filter(|text| !text.is_empty());
    let Some(first) = lines.next().filter(|_| is_json) else { return false };
    let last = lines.next_back().unwrap_or(first);
    [('{', '}'), ('[', ']')].iter().any(|(open, close)| first.starts_with(*open) && last.ends_with(*close))
}
