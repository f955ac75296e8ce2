//! A URL template of a page, in the forms in which examples are compared with it.

use std::borrow::Cow;

use foldhash::HashSet;

use super::Route;
use super::address::{by_id, is_invented, is_sample};
use crate::url::{Call, Segment, Template, decode, split_path, unquoted};

/// A URL template with its method.
#[derive(Clone, Debug)]
pub(super) struct PageRoute {
    pub(super) method: String,
    pub(super) route: Route,
    /// The template in the form in which examples are compared with it.
    pub(super) template: Template,
    /// The same with a parameter for each value of an example, if it has some.
    pub(super) open: Option<Template>,
    /// The same with items of drives and sites by their ids, if it has some that are addressed in another way.
    pub(super) by_id: Option<Template>,
    /// Whether it has the path of an item or site.
    pub(super) has_path: bool,
    /// Whether the example of some pair is on this template.
    pub(super) claimed: bool,
    /// Whether it has values for which other templates of the page, or its example, have other ones or parameters.
    pub(super) has_samples: bool,
}

impl PageRoute {
    pub(super) fn of(method: &str, route: Route) -> PageRoute {
        let segments = comparable(&route.path);
        let open = segments.iter().any(|segment| is_sample(segment));
        let open = open.then(|| segments.iter().map(|segment| opened(segment)).collect::<Vec<_>>());
        let has_path = segments.iter().any(|segment| segment.ends_with(':'));
        // Nothing else has another form in a template.
        let may_differ =
            has_path || segments.first().is_some_and(|first| ["drive", "myorganization"].contains(&first.as_str()));
        let own = open.as_ref().unwrap_or(&segments);
        let with_ids = may_differ.then(|| by_id(own, true)).filter(|with_ids| with_ids != own);
        PageRoute {
            method: method.to_owned(),
            template: Template::of_segments(&segments),
            by_id: with_ids.map(|with_ids| Template::of_segments(&with_ids)),
            has_path,
            open: open.map(|open| Template::of_segments(&open)),
            claimed: false,
            has_samples: false,
            route,
        }
    }

    /// The template with parameters for values, and with items of drives and sites by their ids.
    pub(super) fn by_id(&self) -> &Template {
        self.by_id.as_ref().or(self.open.as_ref()).unwrap_or(&self.template)
    }

    /// What is the same for templates that differ in their parameters and values only.
    pub(super) fn key(&self) -> (String, String) {
        let unnamed = |segment: &String| Segment::read(&opened(segment)).unnamed();
        (self.method.clone(), comparable(&self.route.path).iter().map(unnamed).collect::<Vec<_>>().join("/"))
    }
}

/// A segment of a template, with a parameter for the value of an example.
pub(super) fn opened(segment: &str) -> String {
    if is_sample(segment) { "{sample}".to_owned() } else { segment.to_owned() }
}

/// The values of an example in a template, as it has them.
pub(super) fn samples(path: &str) -> Vec<String> {
    let segments = Segment::of_path(path);
    let values = segments.iter().map(|own| own.key().map_or_else(|| own.text.clone(), Cow::into_owned));
    values.filter(|value| is_sample(&value.to_lowercase())).collect()
}

/// Finds the templates with values of an example, as the other templates show: one has a parameter there, or none can be constant.
pub(super) fn find_samples(routes: &mut [PageRoute]) {
    if routes.iter().all(|route| route.open.is_none()) {
        return;
    }
    let others: HashSet<(String, String)> =
        routes.iter().filter(|route| route.open.is_none()).map(PageRoute::key).collect();
    for route in routes.iter_mut().filter(|route| route.open.is_some()) {
        let found = samples(&route.route.path);
        let is_obvious = found.len() > 1 || found.iter().any(|value| is_invented(&value.to_lowercase()));
        route.has_samples |= !found.is_empty() && (is_obvious || others.contains(&route.key()));
    }
}

/// The segments of a path in a form that is the same for all ways to write it in OData: in lower case, without the namespace of
/// functions, actions and casts, keys as segments of their own (`users('x')` is `users/x`), and functions with the names of their
/// parameters alone, whose order says nothing (OData URL Conventions 4.01 sections 4.3 and 4.5).
pub(super) fn comparable(path: &str) -> Vec<String> {
    let path = path.to_lowercase();
    comparable_segments(&split_path(&path), |_| false).into_iter().map(Cow::into_owned).collect()
}

/// The same for segments in lower case, without the parameters of functions of which `is_documented` says that they are documented elsewhere.
pub(super) fn comparable_segments<'s>(segments: &[&'s str], is_documented: impl Fn(&str) -> bool) -> Vec<Cow<'s, str>> {
    let mut comparable = Vec::with_capacity(segments.len());
    for text in segments {
        // Nearly all segments are no calls, and need not be read.
        if memchr::memchr2(b'(', b'%', text.as_bytes()).is_none() {
            comparable.push(Cow::Borrowed(without_namespace(text)));
        } else {
            push_call(&mut comparable, text, &is_documented);
        }
    }
    comparable
}

fn push_call<'s>(comparable: &mut Vec<Cow<'s, str>>, text: &'s str, is_documented: impl Fn(&str) -> bool) {
    let decoded = decode(text);
    let call = Call::read(&decoded);
    let Some(arguments) = &call.arguments else {
        return comparable.push(Cow::Borrowed(without_namespace(text)));
    };
    let mut names: Vec<&str> = arguments.iter().filter_map(|(name, _)| *name).collect();
    names.sort_unstable();
    let name = without_namespace(call.name);
    if names.is_empty() {
        let values: Vec<_> = arguments.iter().map(|(_, value)| unquoted(value)).collect();
        let own = [name.to_owned(), values.join(",")].into_iter().filter(|own| !own.is_empty());
        comparable.extend(own.map(Cow::Owned));
    } else if names.iter().all(|name| is_documented(name)) {
        comparable.push(Cow::Owned(name.to_owned()));
    } else {
        comparable.push(Cow::Owned([name, "(", &names.join(","), ")"].concat()));
    }
    if let Some(last) = comparable.last_mut().filter(|_| call.has_colon) {
        last.to_mut().push(':');
    }
}

fn without_namespace(name: &str) -> &str {
    name.strip_prefix("microsoft.graph.").unwrap_or(name)
}
