//! The section of a page that states permissions.

use foldhash::{HashSet, HashSetExt as _};

use super::super::clouds::is_about_clouds;
use super::words;
use crate::page::{Comment, Element, Heading, Include, Page};

/// Where a table is, as the text above it says.
#[derive(Clone, Default)]
pub(super) struct Section {
    /// The level of the heading that opened the section.
    level: Option<u8>,
    /// Whether the heading is that of the section by name, so that prose in it counts.
    pub(super) is_named: bool,
    /// The line of that heading.
    pub(super) line: u32,
    /// Whether a comment says that a table of permissions follows.
    is_announced: bool,
    /// The headings within the section, with their levels.
    headings: Vec<(u8, String)>,
    /// The paragraph before, if it introduces what follows.
    introduction: String,
}

/// A paragraph longer than this does not introduce a table, and of a heading no more counts: what stands above tables is read for each.
const LONGEST_INTRODUCTION: usize = 200;

impl Section {
    /// Goes on to the next element. A section goes to the next heading of its level, or of one above.
    pub(super) fn pass(&mut self, element: &Element<'_>) {
        match element {
            Element::Heading(heading) => self.enter(heading),
            Element::Prose(prose) => {
                self.introduction.clear();
                let text = prose.text.trim();
                if prose.text.len() <= LONGEST_INTRODUCTION && (text.ends_with([':', '：']) || text.starts_with("**"))
                {
                    self.introduction.push_str(text);
                }
            }
            Element::Comment(comment) => self.is_announced |= announces_permissions(comment),
            Element::Table(_) => {
                self.is_announced = false;
                self.introduction.clear();
            }
            Element::Fence(_) => self.introduction.clear(),
        }
    }

    fn enter(&mut self, heading: &Heading) {
        self.is_announced = false;
        self.introduction.clear();
        if self.level.is_some_and(|level| heading.level <= level) {
            *self = Section::default();
        }
        // The page's title may speak of a permission, too.
        if self.level.is_none() && heading.level > 1 {
            let is_named = is_named(heading);
            if is_named || mentions_permissions(heading) {
                *self = Section { level: Some(heading.level), is_named, line: heading.line, ..Section::default() };
            }
        }
        if self.level.is_some() {
            self.headings.retain(|(level, _)| *level < heading.level);
            // The anchor is the English heading of a translated page.
            let parts = [heading.text.as_str(), heading.anchor.as_deref().unwrap_or_default()];
            let parts = parts.map(|part| &part[..part.floor_char_boundary(LONGEST_INTRODUCTION)]);
            self.headings.push((heading.level, parts.join(" ")));
        }
    }

    /// The same in a file that is included here, which may be about anything.
    pub(super) fn of_file(&self) -> Section {
        Section { is_named: false, is_announced: false, ..self.clone() }
    }

    /// Whether this is in a section of permissions.
    pub(super) fn is_open(&self) -> bool {
        self.level.is_some()
    }

    /// Whether the next table is one of permissions, whatever its words.
    pub(super) fn says_permissions(&self) -> bool {
        self.is_named || self.is_announced
    }

    /// What stands above a table: headings, and a paragraph that introduces it.
    pub(super) fn context(&self) -> String {
        let headings = self.headings.iter().map(|(_, text)| text.as_str());
        let introduction = Some(self.introduction.as_str()).filter(|text| !text.is_empty());
        headings.chain(introduction).collect::<Vec<_>>().join(" ")
    }

    /// The directives of a paragraph here whose files may state permissions: in the section that is named so, or called so themselves.
    pub(super) fn includes(&self, page: &Page<'_>, element: usize) -> Vec<Include> {
        let is_own = |include: &&Include| self.is_named || is_called_permissions(&include.target);
        page.includes(element).filter(is_own).filter(|include| !is_about_clouds(include)).cloned().collect()
    }
}

/// The directives of a page that may include its permissions, the first one of each file.
pub(crate) fn permission_includes(page: &Page<'_>) -> Vec<Include> {
    let mut section = Section::default();
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for (index, element) in page.elements.iter().enumerate() {
        match element {
            Element::Heading(heading) => section.enter(heading),
            Element::Prose(_) => {
                let includes = section.includes(page, index).into_iter();
                found.extend(includes.filter(|include| known.insert(include.target.clone())));
            }
            Element::Table(_) | Element::Comment(_) | Element::Fence(_) => {}
        }
    }
    found
}

/// Whether a file is called so: `../includes/permissions/lamp-get.md`, `lamp-get-permissions.md`.
pub(super) fn is_called_permissions(path: &str) -> bool {
    const CALLED: &str = "permissions";
    // All of these are ASCII, so that they are no parts of other characters.
    let last_slash = |path: &str| memchr::memrchr2(b'/', b'\\', path.as_bytes());
    let (folder, name) = last_slash(path).map_or(("", path), |at| (&path[..at], &path[at + 1..]));
    let folder = &folder[last_slash(folder).map_or(0, |at| at + 1)..];
    let stem = &name[..memchr::memchr(b'.', name.as_bytes()).unwrap_or(name.len())];
    let ends = |text: &str| {
        let end = text.len().checked_sub(CALLED.len()).and_then(|at| text.get(at..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(CALLED))
    };
    ends(stem) || (folder.len() == CALLED.len() && ends(folder))
}

/// Whether a comment of API Doctor says so: `{ "blockType": "permissions" }`.
fn announces_permissions(comment: &Comment<'_>) -> bool {
    let says = |word: &str| comment.text.contains(word);
    says("\"blockType\"") && says("\"permissions\"")
}

/// Whether a heading is that of the section of permissions.
pub(crate) fn is_named(heading: &Heading) -> bool {
    let by_name = || heading.anchor.is_none() && words::is_section(&heading.text);
    heading.opens("permissions") || heading.opens("prerequisites") || by_name()
}

fn mentions_permissions(heading: &Heading) -> bool {
    let by_anchor = || heading.anchor.as_ref().is_some_and(|anchor| anchor.contains("permission"));
    by_anchor() || words::mentions_permissions(&heading.text)
}
