//! The clouds in which a page says that its API is available.
//!
//! Pages include a file whose name says it (`name.rs`), and which has a table (`table.rs`); or they have the table themselves.
//! [`PageClouds`] is what a page says of all its operations. [`Cloud`]: the clouds (`cloud.rs`); [`Clouds`]: what a contract keeps.

mod cloud;
mod name;
mod table;

use foldhash::{HashSet, HashSetExt as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cloud::Cloud;

use crate::diagnostic::{Code, Diagnostic};
use crate::page::{Element, Include, Page};
pub(super) use name::is_about_clouds;

/// In which clouds a page says that an operation is available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Clouds {
    /// The line of the page that says it, by itself or by a file that it includes.
    pub line: u32,
    /// The global service.
    pub global: Availability,
    /// US Government L4.
    pub usgov: Availability,
    /// US Government L5 (DOD).
    pub usgov_dod: Availability,
    /// China operated by 21Vianet.
    pub china: Availability,
}

/// Whether an operation is available in a cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// The page says that it is.
    Available,
    /// The page says that it is not.
    NotAvailable,
    /// The page does not say, or says both.
    #[default]
    Unknown,
}

impl Availability {
    /// The words for it.
    pub fn in_words(self) -> &'static str {
        match self {
            Availability::Available => "available",
            Availability::NotAvailable => "not available",
            Availability::Unknown => "not stated",
        }
    }
}

impl Clouds {
    /// What is said of each cloud, in the order of [`Cloud::ALL`].
    fn new(line: u32, [global, usgov, usgov_dod, china]: [Availability; 4]) -> Clouds {
        Clouds { line, global, usgov, usgov_dod, china }
    }

    /// What a page says in a line of it, by the names of clouds.
    pub fn by_name(line: u32, said: impl Fn(&str) -> Availability) -> Clouds {
        Clouds::new(line, Cloud::ALL.map(|cloud| said(cloud.name())))
    }

    /// What is said of a cloud.
    pub fn of(&self, cloud: Cloud) -> Availability {
        match cloud {
            Cloud::Global => self.global,
            Cloud::Usgov => self.usgov,
            Cloud::UsgovDod => self.usgov_dod,
            Cloud::China => self.china,
        }
    }
}

/// A set of clouds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct CloudSet([bool; 4]);

impl CloudSet {
    fn extend(&mut self, clouds: impl IntoIterator<Item = Cloud>) {
        clouds.into_iter().for_each(|cloud| self.0[cloud as usize] = true);
    }

    fn has(self, cloud: Cloud) -> bool {
        self.0[cloud as usize]
    }

    fn is_empty(self) -> bool {
        self.0 == [false; 4]
    }
}

/// What a page says of clouds.
#[derive(Debug, Default)]
pub(super) struct PageClouds {
    /// What all its statements say; `None` where there are none.
    pub(super) stated: Option<Clouds>,
    /// What cannot be read, where the name of a file does not say it, either.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl PageClouds {
    /// Reads a page. What two statements say differently is not known.
    pub(super) fn of(page: &Page<'_>) -> PageClouds {
        let mut own = PageClouds::default();
        // A file that is included again says nothing new.
        let mut known = HashSet::new();
        let mut includes = page.directives().iter().filter(|(_, include)| is_about_clouds(include)).peekable();
        for (index, element) in page.elements.iter().enumerate() {
            match element {
                Element::Table(table) => own.add(table.line, table::read(table)),
                Element::Prose(_) => {
                    while let Some((_, include)) = includes.next_if(|(at, _)| *at == index) {
                        if known.insert(include.target.as_str()) {
                            own.include(page, include);
                        }
                    }
                }
                Element::Heading(_) | Element::Comment(_) | Element::Fence(_) => {}
            }
        }
        own
    }

    fn include(&mut self, page: &Page<'_>, include: &Include) {
        let inclusion = page.inclusions.iter().find(|own| own.include.target == include.target);
        let tables = || {
            let files = inclusion.iter().flat_map(|own| &own.files);
            files.filter_map(|file| {
                let page = Page::parse(&file.path, &file.text);
                page.elements.iter().filter_map(Element::as_table).find_map(table::read)
            })
        };
        // The table is what readers see.
        let stated = tables().next().or_else(|| name::of_name(&include.target));
        if let (None, Some(problem)) = (stated, inclusion.and_then(|own| own.problems.first())) {
            let message = format!("{problem}, so nobody reads in which clouds the API is available");
            self.diagnostics.push(page.diagnostic(Code::IncludeNotRead, include.line, include.column, message));
        }
        self.add(include.line, stated);
    }

    fn add(&mut self, line: u32, stated: Option<[Availability; 4]>) {
        let Some(stated) = stated else { return };
        let new = Clouds::new(line, stated);
        let before = *self.stated.get_or_insert(new);
        let both = Cloud::ALL.map(|cloud| {
            let own = before.of(cloud);
            if own == new.of(cloud) { own } else { Availability::Unknown }
        });
        self.stated = Some(Clouds::new(before.line, both));
    }
}

/// The directives of a page whose files may say in which clouds its API is available, the first one of each file.
pub(crate) fn cloud_includes(page: &Page<'_>) -> Vec<Include> {
    let mut known = HashSet::new();
    let includes = page.all_includes().filter(|include| is_about_clouds(include));
    includes.filter(|include| known.insert(include.target.as_str())).cloned().collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::page::{IncludedFile, Inclusion};

    /// A sign for each cloud: `+`, `-` or `?`.
    pub(in crate::contract) fn shown(stated: [Availability; 4]) -> String {
        let sign = |own| match own {
            Availability::Available => '+',
            Availability::NotAvailable => '-',
            Availability::Unknown => '?',
        };
        stated.map(sign).into_iter().collect()
    }

    /// What a page says, whose includes are these files: the line, a sign for each cloud, and the number of diagnostics.
    #[track_caller]
    fn check(text: &str, files: &[(&str, Result<&str, &str>)], expected: &str) {
        let mut page = Page::parse("v1.0/api/lamp-get.md", text);
        let inclusion = |include: Include| {
            let (path, file) = files.iter().find(|(path, _)| include.target.ends_with(path))?;
            let read = |text: &str| IncludedFile { path: (*path).to_owned(), text: text.to_owned() };
            Some(Inclusion {
                include,
                files: file.ok().map(read).into_iter().collect(),
                problems: file.err().map(str::to_owned).into_iter().collect(),
            })
        };
        page.inclusions = cloud_includes(&page).into_iter().filter_map(inclusion).collect();
        let own = PageClouds::of(&page);
        let stated = own.stated.map(|own| format!("{} {}", own.line, shown(Cloud::ALL.map(|cloud| own.of(cloud)))));
        let problems = if own.diagnostics.is_empty() { String::new() } else { format!(" {}", own.diagnostics.len()) };
        assert_eq!(stated.unwrap_or_else(|| "nothing".to_owned()) + &problems, expected, "{text}");
    }

    const TABLE: &str = "|Global service|US Government L4|US Government L5 (DOD)|China operated by 21Vianet|\n|---|---|---|---|\n|✅|✅|❌|❌|\n";

    fn directive(name: &str) -> String {
        format!("[!INCLUDE [national-cloud-support](../../includes/{name}.md)]\n\n")
    }

    #[test]
    fn the_name_of_a_missing_file_says_it() {
        let page = format!("# Get lamp\n\n{}## Permissions\n", directive("global-us"));
        check(&page, &[], "3 +++-");
        check(&page, &[("global-us.md", Err("does not exist"))], "3 +++-");
    }

    #[test]
    fn the_table_of_the_file_goes_before_its_name() {
        let page = format!("# Get lamp\n\n{}", directive("global-us"));
        check(&page, &[("global-us.md", Ok(TABLE))], "3 ++--");
        check(&page, &[("global-us.md", Ok("This API is in clouds."))], "3 +++-");
    }

    #[test]
    fn a_name_that_says_nothing_needs_its_file() {
        let page = format!("# Get lamp\n\n{}", directive("lamp-support"));
        check(&page, &[("lamp-support.md", Ok(TABLE))], "3 ++--");
        check(&page, &[("lamp-support.md", Err("does not exist"))], "nothing 1");
        check(&page, &[], "nothing");
    }

    #[test]
    fn the_page_may_have_the_table_itself() {
        check(&format!("# Get lamp\n\nIn these clouds:\n\n{TABLE}"), &[], "5 ++--");
        check("# Get lamp\n\nThe global service, and China.\n", &[], "nothing");
    }

    #[test]
    fn what_two_statements_say_differently_is_not_known() {
        check(&format!("# Get lamp\n\n{}{TABLE}", directive("global-us")), &[], "3 ++?-");
        check(&format!("# Get lamp\n\n{0}{0}", directive("all-clouds")), &[], "3 ++++");
    }
}
