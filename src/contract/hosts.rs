//! The hosts of the requests of a page: one that is not that of the page's other requests is a service of its own, such as that of a call-back or
//! of an upload.

use foldhash::HashSet;

use crate::page::{Page, RequestLine};
use crate::url::Target;

/// The hosts of a page's requests. `None` stands for Microsoft Graph, and for relative URLs.
pub(super) struct Hosts<'p>(HashSet<Option<&'p str>>);

impl<'p> Hosts<'p> {
    /// Those of a page.
    pub(super) fn of(page: &'p Page<'_>) -> Hosts<'p> {
        Hosts(page.blocks.iter().filter_map(|block| block.message.start.request()).map(host).collect())
    }

    /// Whether a request of the page goes to another host than Microsoft Graph, and other requests do not.
    pub(super) fn is_foreign(&self, line: &RequestLine) -> bool {
        self.0.len() > 1 && host(line).is_some()
    }
}

fn host(line: &RequestLine) -> Option<&str> {
    let target = Target::read(&line.target);
    target.host_name().filter(|_| !target.is_graph())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(targets: &[&str], expected: bool) {
        let text: String = targets.iter().map(|target| format!("```http\nGET {target}\n```\n")).collect();
        let page = Page::parse("p.md", &text);
        let line = page.blocks[0].message.start.request().expect("a request");
        assert_eq!(Hosts::of(&page).is_foreign(line), expected, "{targets:?}");
    }

    #[test]
    fn a_host_is_foreign_beside_others() {
        let graph = "https://graph.microsoft.com/v1.0/lamps";
        check(&["https://files.example.com/a", graph], true);
        check(&["https://files.example.com/a", "/lamps"], true);
        check(&["https://files.example.com/a", "https://files.example.com/b"], false);
        check(&[graph, "https://files.example.com/a"], false);
        // One and the same placeholder, with the marks of one and without.
        check(&["https://{lampPrefix}/api/v2.0/lamps", "lampPrefix/lamps"], false);
        check(&["https://{uploadUrl}/a", "lampPrefix/lamps"], true);
    }
}
