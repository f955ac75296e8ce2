//! An index of URL templates by a name that stands in each, so that an example is compared with those alone that may describe it.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::url::{Template, names_of_path};

/// With so many templates or fewer, an example is compared with all of them.
const FEW: usize = 16;

/// An index of the templates of a page.
#[derive(Debug, Default)]
pub(super) struct TemplateIndex {
    /// The places of the templates for which the name is the one that the fewest others have.
    by_name: HashMap<String, Vec<usize>>,
    /// The places of the others: templates that consist of parameters, and all templates where there are few.
    others: Vec<usize>,
}

impl TemplateIndex {
    /// The index of some templates, each with its place in the page.
    pub(super) fn of<'a>(templates: impl Iterator<Item = (usize, &'a Template)>) -> TemplateIndex {
        let templates: Vec<(usize, &Template)> = templates.collect();
        if templates.len() <= FEW {
            return TemplateIndex {
                by_name: HashMap::new(),
                others: templates.into_iter().map(|(place, _)| place).collect(),
            };
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for name in templates.iter().flat_map(|(_, template)| template.names()) {
            *counts.entry(name).or_default() += 1;
        }
        let mut index = TemplateIndex::default();
        for (place, template) in &templates {
            match template.names().min_by_key(|name| counts.get(name)) {
                Some(rarest) => index.by_name.entry(rarest.to_owned()).or_default().push(*place),
                None => index.others.push(*place),
            }
        }
        index
    }

    /// The places of the templates that may describe a path, in the order of the page: no other one does.
    pub(super) fn candidates(&self, path: &[String]) -> Vec<usize> {
        let mut found = self.others.clone();
        if !self.by_name.is_empty() {
            let names: HashSet<String> = path.iter().flat_map(|segment| names_of_path(segment)).collect();
            found.extend(names.iter().filter_map(|name| self.by_name.get(name)).flatten());
            found.sort_unstable();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_finds_every_template_that_describes_a_path() {
        let paths = [
            "/a/{id}",
            "/a({id})",
            "/a('1')",
            "/A%20b/x",
            "/{any}",
            "/{any}/x",
            "/root:/{path}:/x",
            "/f(a,b)",
            "/f(a={a},b={b})",
            "/x{y}z",
            "/a//b",
            "/",
            "/a/b",
            "/a/1",
            "/<a>/c",
        ];
        // As many as an index is made of.
        let fillers: Vec<String> = (0..FEW).map(|at| format!("/filler{at}")).collect();
        let all: Vec<&str> = paths.iter().copied().chain(fillers.iter().map(String::as_str)).collect();
        let templates: Vec<Template> = all.iter().map(|path| Template::read(path)).collect();
        let index = TemplateIndex::of(templates.iter().enumerate());
        let examples = [
            "/f(b=1,a=2)",
            "/a%20b/x",
            "/root:/q:/x",
            "/x1z",
            "/a(%271%27)",
            "/a(1)",
            "/a(b)",
            "/f(a)",
            "/root(1)",
            "/a%2Fb",
        ];
        for path in all.iter().copied().chain(examples) {
            let segments: Vec<String> = crate::url::split_path(path).into_iter().map(str::to_owned).collect();
            let candidates = index.candidates(&segments);
            let matches = |place: &usize| templates[*place].matches_segments(&segments);
            let expected: Vec<usize> = (0..templates.len()).filter(matches).collect();
            let found: Vec<usize> = candidates.iter().copied().filter(matches).collect();
            assert_eq!(found, expected, "{path}");
            assert!(candidates.len() < FEW, "{path} is compared with {candidates:?}");
        }
    }
}
