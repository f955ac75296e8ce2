//! An index of URL templates by a name that stands in each, so that an example is compared with those alone that may describe it.

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use crate::url::{Template, names_of_path};

/// With so many templates or fewer, an example is compared with all of its length.
const FEW: usize = 16;

/// An index of the templates of a page.
#[derive(Debug, Default)]
pub(super) struct TemplateIndex {
    /// Where there are few: the number of the segments of each, and its place.
    few: Vec<(usize, usize)>,
    /// Where there are more: by the number of their segments, which is that of a path that they describe: both have keys in segments of their own.
    by_length: HashMap<usize, ByName>,
}

/// Templates with the same number of segments.
#[derive(Debug, Default)]
struct ByName {
    /// The places of the templates for which the name is the one that the fewest others have.
    by_name: HashMap<String, Vec<usize>>,
    /// The places of the others: templates that consist of parameters, and all templates where there are few.
    others: Vec<usize>,
}

impl TemplateIndex {
    /// The index of some templates, each with its place in the page.
    pub(super) fn of<'a>(templates: impl Iterator<Item = (usize, &'a Template)>) -> TemplateIndex {
        let all: Vec<(usize, &Template)> = templates.collect();
        if all.len() <= FEW {
            let few = all.iter().map(|(place, template)| (template.segments().len(), *place)).collect();
            return TemplateIndex { few, by_length: HashMap::new() };
        }
        let mut by_length: HashMap<usize, Vec<(usize, &Template)>> = HashMap::new();
        for (place, template) in all {
            by_length.entry(template.segments().len()).or_default().push((place, template));
        }
        let by_length = by_length.into_iter().map(|(length, own)| (length, ByName::of(&own))).collect();
        TemplateIndex { few: Vec::new(), by_length }
    }

    /// The places of the templates that may describe a path of as many segments as they have, in the order of the page: no other one does.
    pub(super) fn candidates(&self, path: &[impl AsRef<str>]) -> Vec<usize> {
        if self.by_length.is_empty() {
            let few = self.few.iter().filter(|(length, _)| *length == path.len());
            return few.map(|(_, place)| *place).collect();
        }
        let Some(ByName { by_name, others }) = self.by_length.get(&path.len()) else { return Vec::new() };
        let mut found = others.clone();
        if by_name.is_empty() {
            return found;
        }
        let mut known: HashSet<&str> = HashSet::new();
        let mut find = |name: &str| {
            if let Some((name, places)) = by_name.get_key_value(name)
                && known.insert(name)
            {
                found.extend(places);
            }
        };
        for segment in path.iter().map(AsRef::as_ref) {
            // Nearly all segments are names or keys.
            if memchr::memchr2(b'(', b'%', segment.as_bytes()).is_none() {
                find(segment);
            } else {
                names_of_path(segment).iter().for_each(|name| find(name));
            }
        }
        found.sort_unstable();
        found
    }
}

impl ByName {
    fn of(templates: &[(usize, &Template)]) -> ByName {
        let mut own = ByName::default();
        if templates.len() <= FEW {
            own.others = templates.iter().map(|(place, _)| *place).collect();
            return own;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for name in templates.iter().flat_map(|(_, template)| template.names()) {
            *counts.entry(name).or_default() += 1;
        }
        for (place, template) in templates {
            match template.names().min_by_key(|name| counts.get(name)) {
                Some(rarest) => own.by_name.entry(rarest.to_owned()).or_default().push(*place),
                None => own.others.push(*place),
            }
        }
        own
    }
}

#[cfg(test)]
mod tests {
    use super::super::page_route::comparable;
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
        // Of each length more than are compared without an index.
        let fillers = (0..=FEW).flat_map(|at| (1..5).map(move |length| format!("/filler{at}").repeat(length)));
        let fillers: Vec<String> = fillers.collect();
        let all: Vec<&str> = paths.iter().copied().chain(fillers.iter().map(String::as_str)).collect();
        let templates: Vec<Template> = all.iter().map(|path| Template::of_segments(&comparable(path))).collect();
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
            let segments = comparable(path);
            let candidates = index.candidates(&segments);
            let is_as_long = |place: &usize| templates[*place].segments().len() == segments.len();
            let matches = |place: &usize| is_as_long(place) && templates[*place].matches_segments(&segments);
            let expected: Vec<usize> = (0..templates.len()).filter(matches).collect();
            let found: Vec<usize> = candidates.iter().copied().filter(matches).collect();
            assert_eq!(found, expected, "{path}");
            assert!(candidates.len() < FEW, "{path} is compared with {candidates:?}");
        }
    }
}
