//! The HTTP blocks of a page: the fenced blocks that open a message, with what stands around them.

use super::message::Defect;
use super::{Element, Message, Metadata, StartLine};
use crate::diagnostic::{Code, Diagnostic};

/// A fenced block that holds an HTTP message.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// What the block is for.
    pub kind: BlockKind,
    /// The message.
    pub message: Message<'a>,
    /// What the metadata comment before the block says.
    pub metadata: Option<Metadata>,
    /// The headings under which it stands, from the page's title to the nearest: indexes into the page's elements.
    pub headings: Vec<usize>,
    /// Whether it stands in the page's section "HTTP request".
    pub in_http_section: bool,
    /// The index of its fence among the page's elements.
    pub element: usize,
    /// The block's last line.
    pub end: u32,
}

/// What a block is for. It follows from its content alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A request.
    Request,
    /// Two or more request lines with relative targets: URL templates, never an example.
    TemplateList,
    /// A response.
    Response,
}

/// The slug of the heading whose section holds the URL templates.
const HTTP_SECTION: &str = "http-request";

/// The HTTP blocks of a page in document order, and what is wrong with them.
pub(super) fn blocks<'a>(path: &str, elements: &[Element<'a>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut metadata = None;
    let mut headings: Vec<(u8, usize)> = Vec::new();
    let mut http_level = None;
    for (index, element) in elements.iter().enumerate() {
        match element {
            Element::Heading(next) => {
                if http_level.is_some_and(|level| next.level <= level) {
                    http_level = None;
                }
                if next.opens(HTTP_SECTION) {
                    http_level = Some(next.level);
                }
                headings.retain(|(level, _)| *level < next.level);
                headings.push((next.level, index));
            }
            Element::Comment(comment) => match Metadata::read(comment.text) {
                Some(Ok(read)) => metadata = Some(read),
                Some(Err(message)) => {
                    let defect = Defect { code: Code::MetadataNotJson, line: comment.line, column: 1, message };
                    diagnostics.push(defect.of_page(path));
                }
                None => {}
            },
            Element::Fence(fence) => {
                let metadata = metadata.take();
                let Some(message) = Message::read(&fence.lines) else { continue };
                diagnostics.extend(message.defects.iter().map(|defect| defect.of_page(path)));
                blocks.push(Block {
                    kind: kind(&message),
                    message,
                    metadata,
                    headings: headings.iter().map(|(_, index)| *index).collect(),
                    in_http_section: http_level.is_some(),
                    element: index,
                    end: fence.lines.last().map_or(fence.line, |line| line.number),
                });
            }
            Element::Prose(_) | Element::Table(_) => {}
        }
    }
    blocks
}

fn kind(message: &Message<'_>) -> BlockKind {
    match &message.start {
        StartLine::Status(_) => BlockKind::Response,
        StartLine::Request(first) if !message.further.is_empty() && !first.is_absolute() => BlockKind::TemplateList,
        StartLine::Request(_) => BlockKind::Request,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[track_caller]
    fn check(text: &str, expected: &[(BlockKind, bool)]) {
        let page = Page::parse("p.md", text);
        let found: Vec<(BlockKind, bool)> =
            page.blocks.iter().map(|block| (block.kind, block.in_http_section)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_kind_of_a_block_follows_from_its_content_alone() {
        check("<!-- {\"blockType\": \"response\"} -->\n```json\nGET /a\n```\n", &[(BlockKind::Request, false)]);
        check("```\nGET /a\nGET /b\n```\n", &[(BlockKind::TemplateList, false)]);
        check("```\nGET https://h/a\nGET https://h/b\n```\n", &[(BlockKind::Request, false)]);
        check("```http\nHTTP/1.1 200 OK\n```\n```http\n{}\n```\n", &[(BlockKind::Response, false)]);
    }

    #[test]
    fn the_http_section_lasts_until_the_next_heading_of_its_level() {
        check(
            "## HTTP request\n### For users\n```\nGET /a\n```\n## Example\n```\nGET /a\n```\n",
            &[(BlockKind::Request, true), (BlockKind::Request, false)],
        );
        check("## <a name=\"http-request\"></a>HTTP-Anforderung\n```\nGET /a\n```\n", &[(BlockKind::Request, true)]);
    }
}
