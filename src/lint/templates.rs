//! Rules for the URL templates of a page: each begins with a method, and one is not called otherwise than all others in one letter.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _};

use super::Linter;
use super::nearest::is_nearly;
use crate::contract::Contract;
use crate::diagnostic::Code;
use crate::page::{Block, Page, RequestLine, is_near_method};
use crate::url::{Segment, Target, split_path};

/// Checks the URL templates of a page, and the URLs of its examples as far as they show what the templates mean.
pub(super) fn check(linter: &mut Linter<'_>) {
    let page = linter.page;
    page.blocks.iter().filter(|block| block.in_http_section).for_each(|block| methods(linter, block));
    misspelled(linter);
}

/// The methods of the URL templates of a page.
pub(super) fn methods_of<'p>(page: &'p Page<'_>) -> BTreeSet<&'p str> {
    let templates = page.blocks.iter().filter(|block| block.in_http_section);
    templates.flat_map(|block| block.message.request_lines()).map(|line| line.method.as_str()).collect()
}

/// Whether an example goes to the service that its page is about: to Microsoft Graph, or to the host of the template that it is on. Other hosts,
/// such as that of an upload, are services of their own, of which the page's tables and sentences say nothing.
pub(super) fn is_of_service(page: &Page<'_>, contract: &Contract) -> bool {
    let target = Target::read(&contract.request.url);
    let is_host_of = |line: &RequestLine| {
        let template = Target::read(&line.target);
        let is_same = || match (template.host_name(), target.host_name()) {
            (Some(own), Some(other)) => own.eq_ignore_ascii_case(other),
            _ => false,
        };
        !template.is_graph() && (template.has_any_host() || is_same())
    };
    let is_on_template = || {
        // The route of an example that is on none has its own line.
        let on = contract.routes.first().map(|route| route.line);
        let on = on.filter(|line| *line != contract.source.request.line);
        on.and_then(|on| request_line(page, on)).is_some_and(is_host_of)
    };
    target.is_graph() || is_on_template()
}

/// The request line that stands on a line of a page.
fn request_line<'p>(page: &'p Page<'_>, number: u32) -> Option<&'p RequestLine> {
    let behind = page.blocks.partition_point(|block| block.message.start.line() <= number);
    let message = &page.blocks.get(behind.checked_sub(1)?)?.message;
    let first = message.start.request().filter(|line| line.line == number);
    first
        .or_else(|| message.further.binary_search_by_key(&number, |line| line.line).ok().map(|at| &message.further[at]))
}

/// A line behind the first template that begins with nearly a method.
fn methods(linter: &mut Linter<'_>, block: &Block<'_>) {
    for line in &block.message.body {
        let Some((word, target)) = line.text.trim().split_once(char::is_whitespace) else { continue };
        let target = target.trim_start();
        let is_target =
            (target.starts_with('/') && !target.starts_with("//")) || crate::url::split_scheme(target).is_some();
        if is_target && is_near_method(word) {
            let indent = line.text.chars().take_while(|c| c.is_whitespace()).count() as u32;
            let message = format!("`{word}` is not a method that HTTP defines");
            linter.report_at(Code::StartLineNotValid, (line.number, line.indent + indent + 1), message);
        }
    }
}

/// So many URLs of a page are compared with each other.
const MOST_URLS: usize = 64;

/// A longer path is none that anybody documents.
const MOST_SEGMENTS: usize = 32;
const LONGEST_PATH: usize = 1024;

/// A URL of the page.
struct Url<'p> {
    line: &'p RequestLine,
    is_template: bool,
    /// Its segments in lower case: names as they are, and nothing of what may be anything.
    segments: Vec<Option<String>>,
}

impl<'p> Url<'p> {
    fn of(line: &'p RequestLine, is_template: bool) -> Url<'p> {
        let path = Some(Target::read(&line.target).path).filter(|path| path.len() <= LONGEST_PATH);
        let segments = path.map(split_path).unwrap_or_default().into_iter().take(MOST_SEGMENTS);
        let name = |text: &str| {
            let is_name = text.len() <= LONGEST && Segment::read(text).is_identifier();
            is_name.then(|| text.to_ascii_lowercase())
        };
        Url { line, is_template, segments: segments.map(name).collect() }
    }
}

/// What is longer is not a name.
const LONGEST: usize = 64;

/// A name in a template that is nearly the name which the page's other URLs have in that place, in front of the same end and behind the same
/// name.
fn misspelled(linter: &mut Linter<'_>) {
    let page = linter.page;
    let lines =
        page.blocks.iter().flat_map(|block| block.message.request_lines().map(|line| (line, block.in_http_section)));
    let urls: Vec<Url<'_>> = lines.take(MOST_URLS).map(|(line, is_template)| Url::of(line, is_template)).collect();
    // How many URLs have a name: one that several have is meant.
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for url in &urls {
        let mut names: Vec<&str> = url.segments.iter().flatten().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().for_each(|name| *uses.entry(name).or_default() += 1);
    }
    let mut found = Vec::new();
    for url in urls.iter().filter(|url| url.is_template) {
        let slip =
            urls.iter().find_map(|other| slip(url, other).filter(|(own, meant)| uses[own] == 1 && uses[meant] > 1));
        if let Some((own, meant)) = slip {
            let offset = url.line.target.to_ascii_lowercase().find(own).unwrap_or_default();
            let written = &url.line.target[offset..offset + own.len()];
            let message = format!("`{written}` stands where the other URLs of the page have `{meant}`");
            found.push((linter.place_in_target(url.line, offset), message));
        }
    }
    for (place, message) in found {
        linter.report_at(Code::TemplateMisspelled, place, message);
    }
}

/// The name of a URL that is nearly that of another one in the same place, counted from the end; all behind it is the same, and so is the name
/// before it, where both have one.
fn slip<'u>(url: &'u Url<'_>, other: &'u Url<'_>) -> Option<(&'u str, &'u str)> {
    let mut pairs = url.segments.iter().rev().zip(other.segments.iter().rev());
    let (own, meant) = pairs.find(|(own, other)| matches!((own, other), (Some(own), Some(other)) if own != other))?;
    // A parameter of the one is a value of the other, which may look like a name.
    let (own, meant) = (own.as_deref()?, meant.as_deref()?);
    let before = pairs.find_map(|(own, other)| Some((own.as_deref()?, other.as_deref()?)));
    let is_same_before = before.is_none_or(|(own, other)| own == other || (is_root(own) && is_root(other)));
    (is_same_before && is_slip(own, meant)).then_some((own, meant))
}

/// The names with which the paths to the same object begin.
fn is_root(name: &str) -> bool {
    ["me", "users", "groups", "drive", "drives", "root", "items", "sites", "teams"].contains(&name)
}

/// Whether a name is another one but for a letter. A plural, another number and a longer form are names of their own.
fn is_slip(own: &str, meant: &str) -> bool {
    let is_word = |name: &str| name.len() >= SHORTEST && name.chars().all(|c| c.is_ascii_alphabetic());
    let is_form = own.starts_with(meant) || meant.starts_with(own) || own.ends_with(meant) || meant.ends_with(own);
    is_word(own) && is_word(meant) && !(is_form && own.len() > meant.len()) && is_nearly(own, meant, 1)
}

/// Shorter names are near to each other by chance.
const SHORTEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::places;

    #[track_caller]
    fn check(templates: &str, example: &str, code: Code, expected: &[(u32, u32)]) {
        let text = format!(
            "# Lamp\n\n## HTTP request\n\n```http\n{templates}\n```\n\n## Example\n\n```http\nGET https://graph.microsoft.com/v1.0{example}\n```\n"
        );
        assert_eq!(places(&text, code), expected, "{text}");
    }

    #[test]
    fn a_name_that_only_one_template_has_is_nearly_that_of_the_others() {
        let code = Code::TemplateMisspelled;
        check("GET /me/lamps/{id}/bulbs\nGET /users/{id}/lamps/{id}/bubls", "/me/lamps/1/bulbs", code, &[(7, 28)]);
        check("GET /me/lmps/{id}\nGET /users/{id}/lamps/{id}", "/users/1/lamps/1", code, &[(6, 9)]);
        check("GET /me/lamps\nGET /users/{id}/lamps\nGET /rooms/{id}/lapms", "/me/lamps", code, &[(8, 17)]);
        check("GET /me/lamps\nGET /users/{id}/lamps\nGET /groups/{id}/lapms", "/me/lamps", code, &[(8, 18)]);
    }

    #[test]
    fn other_names_are_meant() {
        for (templates, example) in [
            ("GET /me/lamp\nGET /users/{id}/lamps", "/users/1/lamps"),
            ("GET /me/lamps\nGET /users/{id}/lamps", "/me/lamps"),
            ("GET /me/lamps/{id}\nGET /users/{id}/lamps/{id}", "/me/lamps/lampz"),
            ("GET /me/room1\nGET /users/{id}/room2", "/users/1/room2"),
            ("GET /me/bulb\nGET /users/{id}/bulk", "/me/lamps"),
            ("GET /me/bulb/dim\nGET /users/{id}/bulk/undim", "/users/1/bulk/undim"),
        ] {
            check(templates, example, Code::TemplateMisspelled, &[]);
        }
    }
}
