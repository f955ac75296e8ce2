//! An HTTP block of a page: a fenced block that holds a message, with what stands around it.

use std::sync::Arc;

use super::start_line::{Problem, is_near_method};
use super::{Message, Metadata, StartLine, StatusLine, Zone};

/// A fenced block that holds an HTTP message.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// What the block is for.
    pub kind: BlockKind,
    /// The message.
    pub message: Message<'a>,
    /// The status of a response: that of its status line, or that which the text states where it has none.
    pub status: Option<StatusLine>,
    /// What the metadata comment before the block says.
    pub metadata: Option<Arc<Metadata>>,
    /// The headings under which it stands, from the page's title to the nearest: indexes into the page's elements.
    pub headings: Vec<usize>,
    /// Whether it stands in the page's section "HTTP request".
    pub in_http_section: bool,
    /// The readers that it is for.
    pub zone: Zone,
    /// The index of its fence among the page's elements.
    pub element: usize,
    /// The index of the fence with its body, if that is another one.
    pub body_element: Option<usize>,
    /// The block's last line.
    pub end: u32,
}

/// What a block is for. It follows from its content alone, but for answers without a status line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A request.
    Request,
    /// Two or more request lines with relative targets: URL templates, never an example.
    TemplateList,
    /// A response.
    Response,
    /// Meant as a request, but what is requested would be a guess.
    UnreadableRequest,
    /// Meant as a response, but its status would be a guess.
    UnreadableResponse,
}

impl Block<'_> {
    /// Whether the metadata says that the block is not an example.
    pub fn is_ignored(&self) -> bool {
        self.metadata.as_deref().is_some_and(Metadata::is_ignored)
    }
}

impl Block<'_> {
    /// Whether the metadata says that the URL is not built from the page's templates.
    pub(crate) fn has_opaque_url(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.opaque_url)
    }

    /// Whether it has URL templates, the first of which has a method that is misspelled.
    pub(super) fn misspells_template(&self) -> bool {
        let StartLine::Unreadable(line) = &self.message.start else { return false };
        self.in_http_section && matches!(&line.problem, Problem::UnknownMethod(word) if is_near_method(word))
    }
}

impl BlockKind {
    /// What a message with that start line is for, its status being known or not.
    pub(super) fn of(message: &Message<'_>, status: Option<&StatusLine>) -> BlockKind {
        match &message.start {
            StartLine::Request(first) if !message.further.is_empty() && !first.is_absolute() => BlockKind::TemplateList,
            StartLine::Request(_) => BlockKind::Request,
            StartLine::Unreadable(line) if line.problem != Problem::NoStatus => BlockKind::UnreadableRequest,
            StartLine::Status(_) | StartLine::Missing(_) | StartLine::Unreadable(_) if status.is_some() => {
                BlockKind::Response
            }
            StartLine::Status(_) | StartLine::Missing(_) | StartLine::Unreadable(_) => BlockKind::UnreadableResponse,
        }
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
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_kind_of_a_block_follows_from_its_content() {
        check("<!-- {\"blockType\": \"response\"} -->\n```json\nGET /a\n```\n", &[(BlockKind::Request, false)]);
        check("```\nGET /a\nGET /b\n```\n", &[(BlockKind::TemplateList, false)]);
        check("```\nGET https://h/a\nGET https://h/b\n```\n", &[(BlockKind::Request, false)]);
        check("```http\nHTTP/1.1 200 OK\n```\n```http\n{}\n```\n", &[(BlockKind::Response, false)]);
        check("```http\nHTTP/1.1 20 OK\n```\n", &[(BlockKind::UnreadableResponse, false)]);
        check("```http\nLIST https://h/a\n```\n", &[(BlockKind::UnreadableRequest, false)]);
    }

    #[test]
    fn the_http_section_lasts_until_the_next_heading_of_its_level() {
        check(
            "## HTTP request\n### For users\n```\nGET /a\n```\n## Example\n```\nGET /a\n```\n",
            &[(BlockKind::Request, true), (BlockKind::Request, false)],
        );
        check("## <a name=\"http-request\"></a>HTTP-Anforderung\n```\nGET /a\n```\n", &[(BlockKind::Request, true)]);
        check("## HTTP request (v1.0)\n```\nGET /a\n```\n", &[(BlockKind::Request, true)]);
    }
}
