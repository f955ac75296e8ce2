//! Which pages a rule of the configuration is about.

use std::fmt;
use std::str::FromStr;

use glob::{MatchOptions, Pattern};

/// Pages by a glob: `*` stands for anything within the name of a file or folder, `**` for any folders, `?` for one character, `[ab]` for one of
/// these. A bare `*` stands for all pages.
#[derive(Clone, Debug)]
pub struct PageGlob {
    /// `None` for all pages.
    pattern: Option<Pattern>,
}

/// A name of a page is taken as it is.
const OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

impl PageGlob {
    /// The page, where it is one that is named.
    pub fn page(&self) -> Option<&str> {
        self.pattern.as_ref().map(Pattern::as_str).filter(|text| !text.contains(['*', '?', '[']))
    }

    /// Whether a page is among them.
    pub fn has(&self, page: &str) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| pattern.matches_with(page, OPTIONS))
    }
}

impl FromStr for PageGlob {
    type Err = String;

    fn from_str(text: &str) -> Result<PageGlob, String> {
        if text == "*" {
            return Ok(PageGlob { pattern: None });
        }
        if text.is_empty() {
            return Err("the pages have no name; write \"*\" for all".to_owned());
        }
        let pattern = Pattern::new(text).map_err(|error| format!("`{text}` is not a glob: {error}"))?;
        Ok(PageGlob { pattern: Some(pattern) })
    }
}

impl fmt::Display for PageGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern.as_ref().map_or("*", Pattern::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_names_pages_by_their_whole_path() {
        let check = |glob: &str, page: &str, is_meant: bool| {
            let glob: PageGlob = glob.parse().expect(glob);
            assert_eq!(glob.has(page), is_meant, "{glob} {page}");
        };
        check("*", "beta/api/lamp-get.md", true);
        check("beta/**", "beta/api/lamp-get.md", true);
        check("beta/*", "beta/api/lamp-get.md", false);
        check("**/lamp-*.md", "beta/api/lamp-get.md", true);
        check("**/lamp-*.md", "lamp-get.md", true);
        check("lamp-get.md", "beta/api/lamp-get.md", false);
        check("beta/api/lamp-get.md", "beta/api/lamp-get.md", true);
        check("beta/api/Lamp-get.md", "beta/api/lamp-get.md", false);
        check("beta/**/.hidden/*", "beta/api/.hidden/a.md", true);
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        for text in ["", "beta**", "[", "a/***"] {
            assert!(text.parse::<PageGlob>().is_err(), "{text}");
        }
    }
}
